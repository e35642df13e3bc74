"""Cards beside references: each reference has one, which shows what is printed at its place."""

import gzip
import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.dammit import EntitySubstitution
from bs4.formatter import HTMLFormatter

from book.sources import glossary
from book.sources.equations import NAMES
from book.web import previews
from built_book import CHAPTERS, PAGES, ROOT, page_path

LIMIT = 15_000  # bytes, compressed: what the cards add to a chapter
WITH_CARDS = [name for name in PAGES if name not in previews.LISTS and name != "genindex"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Links of a chapter that lead to no card, and why.
REASONS = {
    "headerlink": "leads to where it stands",
    "lv-number": "leads to where it stands",
    "ledger-mark": "says what the check is, and leads to it",
    "edition": "leads to the same page in another language",
    "solved-here": "says what it leads to",
    "run-exercise": "opens the notebook",
    "letters": "leads to a row of its own table",
    "toctree-wrapper": "a table of contents is there to go on",
    "btn": "a button says what it does",
    "map": "a drawing has the words",
    "prerequisites": "a drawing has the words",
}


@cache
def text_of(name):
    return page_path(name).read_text(encoding="utf-8")


@cache
def article(name):
    """The article of a page as scripts see it, without drawings and the marks of its code."""
    text = re.search(r"(?s)<article.*?</article>", text_of(name))[0]
    text = re.sub(r"(?s)<(svg|script|noscript)\b.*?</\1>", "", text)
    return soup(re.sub(r"(?s)<pre>.*?</pre>", "", text))


@cache
def anchors(name):
    return set(re.findall(r'\bid="([^"]*)"', text_of(name)))


@cache
def cards_of(name):
    """The cards of a page, by the links that they belong to."""
    place = previews.PLACE.search(text_of(name))
    return json.loads(place[1]) if place else {"words": {}, "cards": {}}


def target(name, link):
    """The page, by its name, and the place to which a link on a page leads."""
    there, anchor = previews.leads_to(link, f"{name}.html")
    return there.removesuffix(".html"), anchor


def soup(html):
    return BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize("name", WITH_CARDS)
def test_every_reference_has_a_card_or_there_is_a_reason(name):
    cards = cards_of(name)["cards"]
    for link in article(name).select("a[href]"):
        around = {c for part in (link, *link.parents) for c in part.get("class", [])}
        is_local = link["href"] != "#" and not re.match("https?:|mailto:", link["href"])
        if is_local and not around & set(REASONS) and "download" not in around:
            assert link["href"] in cards, link


def test_every_kind_of_place_has_cards_in_the_book():
    found = {card[0] for name in WITH_CARDS for card in cards_of(name)["cards"].values()}
    assert found == set(previews.WORDS) - {"figure"}, "no text refers to a figure yet"


class AsWritten(HTMLFormatter):
    """Attributes in their order."""

    def attributes(self, tag):
        return tag.attrs.items()


AS_WRITTEN = AsWritten(EntitySubstitution.substitute_xml)


@pytest.mark.parametrize("name", WITH_CARDS)
def test_no_card_is_empty_or_broken(name):
    found = cards_of(name)
    for link, (kind, title, content, *language) in found["cards"].items():
        assert kind in found["words"] and language in ([], ["en"])
        assert bool(soup(title).get_text(strip=True)) == (kind != "citation"), link
        page = soup(content)
        assert page.get_text(strip=True), link
        assert page.decode(formatter=AS_WRITTEN) == content, "a tag is left open, or closed twice"
        assert not page.select("[id], [class*=header], script, img, form, .eqno"), link
        for other in page.select("a[href]"):
            if not re.match("https?:", other["href"]):
                there, anchor = target(name, other["href"])
                assert not anchor or anchor in anchors(there), other


@pytest.mark.parametrize("name", [name for name in PAGES if "chapters/" in name])
def test_the_cards_of_a_chapter_are_light(name):
    html = text_of(name)
    without = previews.PLACE.sub("", html)
    weight = len(gzip.compress(html.encode(), 6)) - len(gzip.compress(without.encode(), 6))
    assert 0 < weight <= LIMIT


@pytest.mark.parametrize("name", [name for name in PAGES if "chapters/" in name])
def test_the_equation_on_a_card_is_the_printed_one_with_its_name_and_mark(name):
    named = tomllib.loads((ROOT / NAMES).read_text(encoding="utf-8"))
    named = {f"equation-{label}": name for page in named.values() for label, name in page.items()}
    seen = 0
    for link, (kind, title, content, *_) in cards_of(name)["cards"].items():
        if kind != "equation":
            continue
        there, anchor = target(name, link)
        place, card = article(there).find(id=anchor), soup(content)
        number = place.select_one(".eqno").get_text()
        assert soup(title).get_text() == f"{re.search(r'[(].*[)]', number)[0]} {named[anchor]}"
        (formula,) = card.select("div.math")
        assert place.get_text().replace(number, "").strip() == formula.get_text().strip()
        mark, strength = place.select_one(".ledger-mark"), card.select_one(".strength").get_text()
        assert strength.endswith(mark["title"])
        assert strength.startswith(mark.get_text()) or mark.name == "abbr"
        seen += 1
    assert seen > 10


def test_the_card_of_a_term_has_all_its_names_and_both_sides_of_the_analogy():
    words, entries = [], glossary.by_name(ROOT)
    for name in CHAPTERS:
        for kind, title, content, *_ in cards_of(name)["cards"].values():
            if kind == "term":
                meaning = " ".join(soup(content).get_text().split())
                words.append((soup(title).get_text(), meaning))
    assert len(words) > 100
    for names, meaning in words:
        entry = entries[names.split(", ")[0].lower()]
        assert names == ", ".join(entry.names)
        plain = re.compile(r"\{\w+\}`[^`]*`|\$[^$]*\$|[*`]")  # formulas and links are set
        for part in plain.split(entry.text):
            quoted = part.replace("'", "’").strip()
            assert quoted in meaning or '"' in quoted, (names, quoted)


def test_a_citation_is_the_printed_one_with_the_address_of_the_work():
    works = 0
    for name in CHAPTERS:
        for link, (kind, _, content, *_) in cards_of(name)["cards"].items():
            if kind == "citation":
                printed, card = (
                    article("appendix/bibliography").find(id=target(name, link)[1]),
                    soup(content),
                )
                assert card.get_text() == printed.p.get_text()
                assert [a["href"] for a in card("a")] == [a["href"] for a in printed.p("a")]
                works += len(card("a")) > 0
    assert works > 100


def test_the_words_of_a_chinese_page_are_chinese_and_what_is_english_says_so():
    found = cards_of("zh/chapters/10-sgd-as-langevin")
    assert all(map(CHINESE.search, found["words"].values()))
    languages = set()
    for link, (kind, title, content, *language) in found["cards"].items():
        own = not language
        languages.add(own)
        assert own == link.startswith("#") or link.startswith("../intro"), link
        if kind == "exercise":
            assert own == bool(CHINESE.search(title)) == bool(CHINESE.search(content))
        if kind == "equation":
            assert '<span lang="en">' in title and own == bool(CHINESE.search(content))
    assert languages == {True, False}


SITE = Path("site")
WORDS = '<script type="application/json" id="previews">{"words":{}}</script>'
PAGE = '<html lang="{}"><article class="bd-article">{}</article></html>'
TERM = (
    '<dl class="glossary"><dt id="term-a">a</dt><dt id="term-b">b<a class="headerlink">#</a></dt>'
)
TERM += '<dd><p>{}</p></dd><dt id="term-c">c</dt><dd><p>Another.</p></dd></dl>'


def link(address):
    return f'<a class="reference internal" href="{address}">there</a>'


def made(pages):
    """The cards of a small site, by page."""
    html = {SITE / name: PAGE.format(*page) for name, page in pages.items()}
    found = {path: previews.PLACE.search(text) for path, text in filled(html).items()}
    cards = {path: json.loads(place[1])["cards"] for path, place in found.items() if place}
    return {path.relative_to(SITE).as_posix(): some for path, some in cards.items()}


def filled(html):
    return previews.fill(ROOT, SITE, html)


def test_code_that_a_question_asks_about_is_on_its_card():
    cards = {link: c for name in CHAPTERS for link, c in cards_of(name)["cards"].items()}
    assert "<pre>" in cards["#ex-noise-bug"][2] and "def " in cards["#ex-noise-bug"][2]


def test_a_changed_definition_changes_the_card():
    asking = ("en", link("../words.html#term-b") + WORDS)
    for meaning in ("A gas.", "A gradient &lt; 1, <em>or</em> \\(a\\mapsto b\\)."):
        cards = made({"chapters/one.html": asking, "words.html": ("en", TERM.format(meaning))})
        expected = ["term", "a, b", f"<p>{meaning}</p>"]
        assert cards == {"chapters/one.html": {"../words.html#term-b": expected}}


def test_links_on_a_card_lead_from_the_page_where_it_is_shown():
    inner = f'{link("chapters/two.html#x")} {link("#term-c")} <a href="https://a.b/c">d</a>'
    pages = {"zh/a/one.html": ("zh", link("../../words.html#term-a") + WORDS)}
    cards = made(pages | {"words.html": ("en", TERM.format(inner))})
    (card,) = cards["zh/a/one.html"].values()
    assert re.findall('href="([^"]*)"', card[2]) == [
        "../../chapters/two.html#x", "../../words.html#term-c", "https://a.b/c",
    ]  # fmt: skip
    assert card[3] == "en"


def test_a_figure_shows_its_caption_and_nothing_takes_a_card_for_a_part_of_the_page():
    figure = '<figure id="f"><svg>…</svg><figcaption>Grains &lt;/script&gt;.</figcaption></figure>'
    page = filled({SITE / "a.html": PAGE.format("en", link("#f") + figure + WORDS)})[
        SITE / "a.html"
    ]
    assert "<" not in previews.PLACE.search(page)[1]
    cards = json.loads(previews.PLACE.search(page)[1])["cards"]
    assert cards == {"#f": ["figure", "", "<p>Grains &lt;/script&gt;.</p>"]}


def test_a_place_without_words_and_a_page_that_is_gone_have_no_card():
    links = "".join(map(link, ("#term-a", "#term-c", "gone.html", "#nowhere")))
    assert list(made({"a.html": ("en", links + TERM.format("") + WORDS)})["a.html"]) == ["#term-c"]
