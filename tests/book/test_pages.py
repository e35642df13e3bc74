"""Every page is there, says what it should, and asks for nothing from elsewhere."""

import gzip
import re
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from sphinx.errors import ExtensionError

from book.web.lighten import (
    PLAIN,
    PLAIN_CODE,
    SCRIPTS,
    lighten,
    mend_scripts,
    require_patterns,
)
from built_book import CHAPTERS, HTML, PAGES, ROOT, page_path

WRITTEN = HTML.with_name("html")  # by Sphinx
CHAPTER_LIMIT = 600_000  # bytes, compressed: a chapter with the data of its figures


class Page(HTMLParser):
    """Addresses, identifiers and text of one page."""

    def __init__(self, path):
        super().__init__()
        self.path, self.loads, self.links, self.ids, self.meta = path, [], [], set(), {}
        self.h1 = 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.add(attrs["id"])
        if tag == "meta" and "name" in attrs:
            self.meta[attrs["name"]] = attrs.get("content", "")
        if tag == "a" and "href" in attrs:
            self.links.append(attrs["href"])
        elif tag == "link" and attrs.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(attrs["href"])
        elif attrs.get("src"):
            self.loads.append(attrs["src"])
        elif attrs.get("data-src"):
            self.loads.append(attrs["data-src"])
        self.h1 += tag == "h1"


@cache
def places(path):
    """The identifiers of a page, read once however many links lead there."""
    return Page(path).ids


@pytest.fixture(scope="module")
def pages():
    return {name: Page(page_path(name)) for name in PAGES}


def local(page, address):
    """The file that an address on a page means."""
    return (page.path.parent / unquote(urlsplit(address).path)).resolve()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_was_built(name):
    assert "</html>" in page_path(name).read_text(encoding="utf-8")


def test_the_toc_names_every_chapter_and_every_chapter_is_in_the_toc():
    sources = {f"chapters/{path.stem}" for path in ROOT.glob("chapters/*.ipynb")}
    assert sources == set(CHAPTERS)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_loaded_from_elsewhere(pages, name):
    foreign = [url for url in pages[name].loads if urlsplit(url).netloc]
    assert not foreign, f"{name} loads {foreign}"


def test_no_script_or_style_names_a_host_to_load_from():
    hosts = re.compile(r"https?://[\w.-]*(?:cdn|unpkg|jsdelivr|cloudflare|googleapis)[\w.-]*")
    kinds = ("*.html", "*/*.html", "_static/*.css", "_static/*.js")
    for path in (path for kind in kinds for path in HTML.glob(kind)):
        found = hosts.findall(path.read_text(encoding="utf-8"))
        assert not found, f"{path.relative_to(HTML)} names {sorted(set(found))}"


@pytest.mark.parametrize("name", PAGES)
def test_everything_the_page_loads_is_there(pages, name):
    page = pages[name]
    missing = [
        url for url in page.loads if not url.startswith("data:") and not local(page, url).is_file()
    ]
    assert not missing, f"{name} loads what is not there: {missing}"


@pytest.mark.parametrize("name", PAGES)
def test_links_within_the_book_arrive(pages, name):
    page = pages[name]
    for link in page.links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = local(page, link) if parts.path else page.path
        assert target.is_file(), f"{name} links to {link}, which is not there"
        if parts.fragment and target.suffix == ".html":
            assert unquote(parts.fragment) in places(target), f"{name}: no place {link}"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_describes_itself(pages, name):
    assert 30 <= len(pages[name].meta["description"]) <= 160
    assert pages[name].h1 >= 1


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_cell_failed_and_no_text_is_raw(name):
    text = page_path(name).read_text(encoding="utf-8")
    assert "Traceback" not in text
    assert "{glue" not in text and "{cite" not in text and "{eq}" not in text
    assert "(no value)" not in text


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapters_are_light(pages, name):
    page = pages[name]
    own = [page.path, *(local(page, url) for url in page.loads if "_figures/" in url)]
    assert sum(len(gzip.compress(path.read_bytes(), 6)) for path in own) <= CHAPTER_LIMIT


def test_unused_front_ends_are_gone():
    names = {path.name for path in HTML.rglob("*")}
    assert not names & {"fontawesome.js", "sphinx-thebe.js", "embed-amd.js", "require.min.js"}


def test_a_formula_stays_on_the_line_with_the_marks_that_touch_it():
    formula = '<span class="math notranslate nohighlight">\\(v\\)</span>'
    for before, after in (("(", ""), ("", ","), ("", ").")):
        mended = lighten(f"<p>for {before}{formula}{after} by</p>", "")
        assert f'<span class="whole">{before}{formula}{after}</span>' in mended
    assert lighten(f"<p>for {formula} by</p>", "") == f"<p>for {formula} by</p>"


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_formula_in_the_text_is_alone_beside_a_mark(name):
    html = page_path(name).read_text(encoding="utf-8")
    formula = (
        r'<span class="math notranslate nohighlight"><span class="formula">'
        r"<math>(?:(?!</math>).)*</math></span></span>"
    )
    assert re.search(formula, html)
    free = r'(?<!class="whole">)(?<!class="whole">[(“‘])'
    assert not re.search(rf"{free}{formula}[,.;:]", html)


def test_words_of_code_without_a_mark_have_the_ink_they_would_have_with_one():
    sheet = (HTML / "_static" / "pygments.css").read_text(encoding="utf-8")
    for theme in ("light", "dark"):
        of_theme = rf'html\[data-theme="{theme}"\] \.highlight'
        (ink,) = re.findall(rf"{of_theme} {{[^}}]* color: (#\w+) }}", sheet)
        rules = dict(re.findall(rf"{of_theme} \.(\w+) {{ (.*?) }}", sheet))
        assert {rules[name] for name in PLAIN if name in rules} == {f"color: {ink}"}


@pytest.mark.parametrize("name", PAGES)
def test_no_word_of_code_has_a_mark_without_need(name):
    assert not PLAIN_CODE.search(page_path(name).read_text(encoding="utf-8"))


def test_a_pattern_that_finds_nothing_stops_the_build():
    """What Sphinx and the theme have written, before anything is taken out of it."""
    written = [path.read_text(encoding="utf-8") for path in WRITTEN.rglob("*.html")]
    require_patterns(written)
    for mark in ("sphinx-thebe.js", "searchtools.js", "copybutton.js", "doc-biblioentry"):
        with pytest.raises(ExtensionError, match="no page has what"):
            require_patterns([text.replace(mark, "renamed") for text in written])


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_that_is_not_as_expected_stops_the_build(tmp_path, name):
    for script, (wrong, _) in SCRIPTS.items():
        (tmp_path / script).write_text(f"before\n{wrong}\nafter", encoding="utf-8")
    (tmp_path / name).write_text("before\nafter", encoding="utf-8")
    with pytest.raises(ExtensionError, match=f"{name} is not as in the version"):
        mend_scripts(tmp_path)
