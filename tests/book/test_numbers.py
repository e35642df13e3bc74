"""Numbers as readers write them: no page says 1.1e-03, or that there are 1 passes."""

import re

import pytest
from bs4 import BeautifulSoup

from built_book import CHAPTERS, HTML, page_path

HIDDEN = re.compile(r"<(svg|script|style)\b.*?</\1>", re.DOTALL)
CODE = ".cell_input, .highlight:not(.cell_output .highlight), code, .math, #preview"
EXPONENT = r"(?<![\w.])\d+(?:\.\d*)?e[-+]?\d+\b"
NOUNS = (
    "passes|steps|times|directions|coins|walkers|particles|examples|batches|epochs|weights|points"
    "|dots|lines|samples|runs|units|entries|standard errors|trials|grains|discs|players|turns"
)
ONE_OF_MANY = rf"(?<![\d.,×=] )(?<![\d.,–-])\b1 (?:{NOUNS})\b"
WRONG = re.compile(f"{EXPONENT}|{ONE_OF_MANY}")
IN_DATA = re.compile(rf"(?<=[a-z=] ){EXPONENT}|{ONE_OF_MANY}")  # numbers of data follow no word


def visible(html):
    """Return the text of a page without its code, formulas and drawings, and what is read aloud."""
    article = BeautifulSoup(HIDDEN.sub("", html), "html.parser").article
    for part in article.select(CODE):
        part.decompose()
    names = ("title", "aria-label", "alt", "aria-valuetext")
    spoken = (tag[name] for tag in article.find_all(True) for name in names if tag.get(name))
    return "\n".join([article.get_text("\n"), *spoken])


@pytest.mark.parametrize("name", CHAPTERS)
def test_pages_write_numbers_and_plurals_as_readers_do(name):
    text = visible(page_path(name).read_text(encoding="utf-8"))
    assert not [text[max(0, m.start() - 40) : m.end()] for m in WRONG.finditer(text)]


def test_so_do_the_figures_in_all_their_states():
    for path in (HTML / "_figures").iterdir():
        data = path.read_text(encoding="utf-8")
        found = [data[max(0, m.start() - 40) : m.end()] for m in IN_DATA.finditer(data)]
        assert not found, (path.name, found)


@pytest.mark.parametrize("wrong", ["off by 3.4e+00", "end at 1e-02.", "after 1 passes", "in 1e5 m"])
def test_what_is_wrong_is_found(wrong):
    assert WRONG.search(visible(f"<article><p>{wrong}</p></article>"))


@pytest.mark.parametrize("right", ["e1", "1 × 10⁻³", "21 passes", "0.1 times", "<b>1</b> steps"])
def test_what_is_right_is_not(right):
    assert not WRONG.search(visible(f"<article><p>{right}</p></article>"))
