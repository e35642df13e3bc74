"""The book is found: cards, sitemap, a page for wrong addresses, notebooks to take home."""

import hashlib
import json
import os
import time
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from PIL import Image

import launch_site
from book.sources.address import repository_address
from book.web import cards, sharing
from built_book import CHAPTERS, HTML, PAGES, ROOT, page_path

SITE = "https://someone.github.io/the-book/"
TEXT = "# Is “*x* > 0”?\n\nWhy, says A & B, does a grain that nobody pushes never come to rest?"
NAMES = ("index", *launch_site.CHAPTERS)
NEEDED = ("og:title", "og:description", "og:type", "og:url", "og:site_name")
NEEDED += ("og:image", "og:image:width", "og:image:height", "og:image:alt", "twitter:card")
CARD_LIMIT = 40_000  # bytes


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Build the small site, again if asked again: `build(repository)`."""

    def built(repository, text=TEXT):
        if repository:
            monkeypatch.setenv("GITHUB_REPOSITORY", repository)
        else:
            monkeypatch.setenv("GIT_DIR", str(tmp_path / "no-repository"))
            monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
        return launch_site.build(tmp_path, lite=False, text=text)

    monkeypatch.setitem(os.environ, "LANGEVIN_FIGURES", "static")  # restored: the build sets it
    return built


def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def tags(path):
    """Return (name, text) of the meta tags of a page that describe it."""
    metas = soup(path).select("head meta[content]")
    named = [(meta.get("property") or meta.get("name"), meta["content"]) for meta in metas]
    return [(name, text) for name, text in named if name in (*NEEDED, "description")]


def listed(out):
    places = ElementTree.parse(out / "sitemap.xml").findall(".//{*}loc")
    return [place.text for place in places]


def test_each_page_has_every_tag_once_and_its_card(build):
    out = build("someone/the-book")
    for name in NAMES:
        found = tags(out / f"{name}.html")
        assert sorted(tag for tag, _ in found) == sorted((*NEEDED, "description")), name
        said = dict(found)
        assert said["og:description"] == said["description"]
        assert said["og:url"] == f"{SITE}{name}.html"
        assert said["og:type"] == ("website" if name == "index" else "article")
        assert said["og:title"] in said["og:image:alt"] and len(said["og:image:alt"]) > 40
        card = out / said["og:image"].removeprefix(SITE)
        assert card.stat().st_size <= CARD_LIMIT
        size = int(said["og:image:width"]), int(said["og:image:height"])
        with Image.open(card) as picture:
            assert picture.size == size == cards.SIZE and picture.format == "PNG"
    said = dict(tags(out / f"{NAMES[1]}.html"))
    assert said["og:title"] == "Is “x > 0”?" and " A & B, " in said["og:description"]


def test_pages_that_are_no_documents_have_no_card(build):
    out = build("someone/the-book")
    for name in ("search", "genindex", "404"):
        assert [tag for tag, _ in tags(out / f"{name}.html")] == ["description"]
        assert not (out / sharing.CARDS / f"{name}.png").exists()


def test_without_an_address_there_is_nothing_that_needs_one(build):
    build("someone/the-book")
    out = build(None)  # in the same folder: nothing of the first build is left to mislead
    for name in NAMES:
        assert [tag for tag, _ in tags(out / f"{name}.html")] == ["description"]
    assert not (out / "sitemap.xml").exists() and not (out / "robots.txt").exists()
    assert "someone.github.io" not in "".join(
        path.read_text(encoding="utf-8") for path in out.rglob("*.html")
    )


def test_the_same_words_make_the_same_bytes_and_others_another_path(tmp_path):
    def digest(name, *words):
        cards.draw(tmp_path / name, "Book", *words)
        return hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()

    first = digest("a.png", "Title", "Words.")
    assert digest("b.png", "Title", "Words.") == first != digest("c.png", "Other", "Words.")
    assert cards.run(1) == cards.run(1) != cards.run(2)


def test_long_titles_stay_on_the_card_and_coins_are_no_mathematics(tmp_path):
    title, text = "Where the sources stand, and where they fail, once more", "sixteen letters " * 9
    cards.draw(tmp_path / "long.png", "Book", title, text)
    with Image.open(tmp_path / "long.png") as picture:
        paper = picture.convert("RGB").crop((cards.SIZE[0] - 40, 0, cards.SIZE[0], 430))
        assert paper.getcolors() == [(40 * 430, (255, 255, 255))], "words run out to the right"
    cards.draw(tmp_path / "coins.png", "Book", "5 $", "$x_0 costs 5 $ or 6 $")


def test_a_card_takes_less_than_half_a_second(tmp_path):
    cards.draw(tmp_path / "first.png", "Book", "Title", "The font is read.")
    start = time.process_time()
    for number in range(4):
        cards.draw(tmp_path / f"{number}.png", "Book", f"Title {number}", "Words of the page " * 8)
    assert time.process_time() - start < 4 * 0.5  # 40 pages in 20 s


def test_the_sitemap_lists_every_page_after_any_build_and_robots_find_it(build):
    out = build("someone/the-book")
    wanted = sorted(f"{SITE}{name}.html" for name in NAMES)
    assert sorted(listed(out)) == wanted
    again = build("someone/the-book")  # nothing has changed: Sphinx writes no page
    assert sorted(listed(again)) == wanted
    assert f"Sitemap: {SITE}sitemap.xml\n" in (out / "robots.txt").read_text(encoding="utf-8")


class Addresses(HTMLParser):
    """What a page loads and links to."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        wanted = {"href", "src", "action", "data-content_root", "data-src"}
        self.found += [value for name, value in attrs if name in wanted]


@pytest.mark.parametrize("repository", ["someone/the-book", None])
def test_the_page_for_lost_readers_holds_at_any_depth(build, repository):
    out = build(repository)
    page = out / "404.html"
    prefix = "/the-book/" if repository else ""
    found = [
        place
        for place in Addresses(page.read_text(encoding="utf-8")).found
        if not urlsplit(place).netloc
    ]
    own = [place for place in found if not place.startswith("#")]
    assert len(own) > 8
    for place in own:
        assert place.startswith(prefix) and place.startswith("/") == bool(prefix)
        target = out / urlsplit(place).path.removeprefix(prefix)
        assert target.exists() or (ROOT / "assets" / target.name).exists(), place
    form = soup(page).select_one("main form[role=search]")
    assert form["action"] == f"{prefix}search.html" and form.select_one("input[name=q]")
    assert soup(page).select_one(f"main li a[href='{prefix}index.html']")
    assert not soup(page).select("link[rel=canonical]")


def test_the_address_of_the_site_itself_leads_to_the_preface_and_shows_its_card(tmp_path):
    """The small site begins with its index, so that the book's own is looked at."""
    page = soup(HTML / "index.html")
    assert page.select_one("meta[http-equiv=refresh]")["content"] == f"0; url={PAGES[0]}.html"
    assert page.select_one("body a")["href"] == f"{PAGES[0]}.html"
    assert tags(HTML / "index.html") == tags(page_path(PAGES[0]))


@pytest.mark.parametrize("name", PAGES)
def test_in_the_book_networks_find_all_or_nothing(name):
    address = repository_address(ROOT)
    known = address is not None and address.pages is not None
    found = [tag for tag, _ in tags(page_path(name))]
    assert sorted(found) == sorted((*NEEDED, "description") if known else ["description"])
    if known:
        assert f"{address.pages}{name}.html" in listed(HTML)


def test_in_the_book_lost_readers_find_every_part():
    links = [link["href"] for link in soup(HTML / "404.html").select("main section li a")]
    ends = [*(name for name in PAGES if name.startswith("parts/")), "appendix/ledger"]
    wanted = [f"{name}.html" for name in (PAGES[0], *ends)]
    assert len(links) == len(wanted) and all(map(str.endswith, links, wanted))


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_taken_home_as_it_was_committed(name):
    link = soup(page_path(name)).select_one("a.btn-download-source-button")
    file = (page_path(name).parent / link["href"]).resolve()
    assert link.has_attr("download") and "target" not in link.attrs
    assert file.read_bytes() == (ROOT / f"{name}.ipynb").read_bytes()
    assert json.loads(file.read_text(encoding="utf-8"))["nbformat"] == 4
