"""The Chinese edition: complete, true to its source, in the book's own words, connected."""

import json
import re
import tomllib
from collections import Counter

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup

from book.editions import EDITIONS, MESSAGES, WORDS, catalogues, translated
from built_book import HTML, ROOT, page_path

LANGUAGE = "zh_CN"
EDITION = EDITIONS[LANGUAGE]
PAGES = translated(ROOT, LANGUAGE)
FILES = [*PAGES, WORDS]
TERMS = tomllib.loads((ROOT / f"locales/{LANGUAGE}/terms.toml").read_text(encoding="utf-8"))
ROLE = re.compile(r"\{([\w:]+)\}`(?:[^`<]*<([^`>]+)>|([^`]+))`")
MATH = re.compile(r"\$[^$]+\$")
CODE = re.compile(r"(?<!\})`[^`]+`")
NUMBER = re.compile(r"\d+(?:[.,\u202f ]\d+)*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def catalogue(name):
    with (catalogues(ROOT, LANGUAGE) / f"{name}.po").open("rb") as file:
        return read_po(file)


def entries(name):
    """The (English, Chinese) pairs of a catalogue."""
    return [(message.id, message.string) for message in catalogue(name) if message.id]


def parts(text):
    """What a translation must take over: references and glued numbers, formulas, code."""
    roles = [(role, target or plain) for role, target, plain in ROLE.findall(text)]
    rest = ROLE.sub("", text)
    return Counter([*roles, *MATH.findall(rest), *CODE.findall(MATH.sub("", rest))])


def words(text):
    """A text without them."""
    return CODE.sub(" ", MATH.sub(" ", ROLE.sub(" ", text)))


def spoken(text):
    """A text with the words, which are translated too, that its references show."""
    return words(re.sub(r"\{(?:term\}`([^`<]+)|\w+\}`([^`<]+)<)[^`]*`", r"\1\2", text))


def soup(name):
    path = page_path(f"{EDITION.folder}/{name}")
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def pages():
    return {name: soup(name) for name in PAGES}


def test_the_preface_and_the_chapter_on_sgd_are_translated():
    assert {"intro", "chapters/10-sgd-as-langevin"} <= set(PAGES)


@pytest.mark.parametrize("name", FILES)
def test_every_message_has_a_translation_that_somebody_has_read(name):
    found = catalogue(name)
    assert not [message.id for message in found if message.id and not message.string]
    assert not [message.id for message in found if message.id and message.fuzzy]
    assert not found.obsolete


@pytest.mark.parametrize("name", PAGES)
def test_the_translation_is_of_the_english_text_as_it_is_now(name):
    now = json.loads((HTML.parent / MESSAGES).read_text(encoding="utf-8"))[name]
    then = [english for english, _ in entries(name)]
    new, gone = [m for m in now if m not in then], [m for m in then if m not in now]
    assert not new + gone, (
        f"the English text of {name} has changed. Run `make messages`, then translate these in "
        f"locales/{LANGUAGE}/LC_MESSAGES/{name}.po (and remove the marks 'fuzzy'): {new}; "
        f"no longer in the text: {gone}"
    )


@pytest.mark.parametrize("name", FILES)
def test_formulas_references_and_code_are_those_of_the_source(name):
    for english, chinese in entries(name):
        assert parts(chinese) == parts(english), chinese
        assert sorted(re.findall(r"\{\}", words(chinese))) == re.findall(r"\{\}", words(english))


@pytest.mark.parametrize("name", PAGES)
def test_numbers_are_those_of_the_source(name):
    for english, chinese in entries(name):
        assert sorted(NUMBER.findall(words(chinese))) == sorted(NUMBER.findall(words(english))), (
            f"{english}\n{chinese}"
        )


@pytest.mark.parametrize("name", FILES)
def test_the_same_english_term_is_the_same_chinese_word(name):
    for english, chinese in entries(name):
        said = spoken(english)
        for term, allowed in TERMS["terms"].items():
            if re.search(rf"\b{re.escape(term)}\b", said, re.IGNORECASE):
                assert any(word in chinese for word in allowed), f"{term}: {allowed}\n{chinese}"


def test_what_was_mistranslated_elsewhere_is_not_so_here():
    files = [*catalogues(ROOT, LANGUAGE).rglob("*.po"), ROOT / f"locales/{LANGUAGE}/note.md"]
    for path in files:
        text = path.read_text(encoding="utf-8")
        for wrong, why in TERMS["wrong"].items():
            assert wrong not in text, f"{path.name}: {wrong}: {why}"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_in_chinese_and_says_so(pages, name):
    page = pages[name]
    assert page.html["lang"] == "zh-CN"
    assert CHINESE.search(page.title.string) and CHINESE.search(page.h1.text)
    assert CHINESE.search(page.find("meta", {"name": "description"})["content"])


@pytest.mark.parametrize("name", PAGES)
def test_no_paragraph_was_left_in_english_or_half_marked_up(name):
    article = soup(name).find("article")
    for english in article.select("[lang=en], .cell, script, style, .math, code, .citation-list"):
        english.decompose()
    for block in article.select("p, li, td, th, h1, h2, h3, figcaption"):
        text = " ".join(block.get_text().split())
        left = re.sub(r"\([\w. ]+, \d{4}\)|\(\d{4}\)", "", text)
        assert not re.search(r"[A-Za-z]{3,} [a-z]{3,} [a-z]{2,}", left), text
        assert not re.search(r"\*|\{\w+[:}]|`", text), text
        assert "million" not in text


@pytest.mark.parametrize("name", PAGES)
def test_equations_keep_their_labels_numbers_and_checks(pages, name):
    english = BeautifulSoup(page_path(name).read_text(encoding="utf-8"), "html.parser")
    for selector in ("div.math[id]", ".eqno", "a.ledger-mark", "span.pasted-text"):
        count = len(english.select(selector))
        assert count == len(pages[name].select(selector)), selector
    ids = {tag["id"] for tag in english.select("div.math[id], section[id], p.ledger-back[id]")}
    assert ids <= {tag["id"] for tag in pages[name].select("[id]")}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_and_its_english_twin_lead_to_each_other(pages, name):
    english = BeautifulSoup(page_path(name).read_text(encoding="utf-8"), "html.parser")
    for page, start, tag, text, there in (
        (english, HTML / name, "zh-Hans", "中文", HTML / EDITION.folder / name),
        (pages[name], HTML / EDITION.folder / name, "en", "English", HTML / name),
    ):
        link = page.select_one("p.edition a:last-child")
        assert (link["hreflang"], link["lang"], link.text) == (tag, tag, text)
        assert (start.parent / link["href"]).resolve() == there.with_suffix(".html")


@pytest.mark.parametrize("name", PAGES)
def test_navigation_says_which_pages_are_english(pages, name):
    links = pages[name].select("nav.bd-links a.reference")
    assert len(links) > 10
    for link in links:
        here = CHINESE.search(link.text)
        assert bool(here) != (link.get("hreflang") == "en" and link.get("lang") == "en"), link
    assert sum("hreflang" not in link.attrs for link in links) == len(PAGES)
    captions = [caption.text for caption in pages[name].select("nav.bd-links .caption-text")]
    assert len(captions) >= 4 and all(map(CHINESE.search, captions))


def test_the_edition_is_light_and_shares_what_the_english_site_has(pages):
    own = {
        p.relative_to(HTML / EDITION.folder).as_posix()
        for p in (HTML / EDITION.folder).rglob("*")
        if p.is_file()
    }
    assert own == {f"{name}.html" for name in PAGES}
    search = pages["intro"].find("form", class_="bd-search")
    assert search["action"] == "../search.html"
