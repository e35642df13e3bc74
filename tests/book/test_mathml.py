"""Without scripts each formula of each page stands in MathML; what the browser gets stays light."""

import gzip
import re

import pytest
from bs4 import BeautifulSoup
from sphinx.errors import ExtensionError

import npm
from book.web import mathml
from built_book import HTML, PAGES, ROOT, page_path

LIMIT = 12_000  # bytes that the formulas of a chapter add, compressed
MATHML = re.compile(r"<noscript><math.*?</noscript>", re.DOTALL)


def text_of(name):
    return page_path(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_behind_each_formula_stands_its_mathml(name):
    html = text_of(name)
    shown = re.sub(r"<(head|script|svg|pre)\b.*?</\1>", "", html, flags=re.DOTALL)
    page = BeautifulSoup(re.sub("</?noscript>", "", shown), "html.parser")
    for tex in page.select(".tex"):
        (math,) = tex.find_next_siblings("math", limit=1)
        assert math.previous_sibling == tex and math.get_text(strip=True)
        assert not math.select("merror, .temml-error")
        tex.extract()
        math.extract()
    assert not re.search(r"\\[(\[]", page.get_text()), "a formula without MathML"
    assert not page.select(".math:not(:empty):not(:has(.eqno))")
    assert ("mathml.css" in html) == ("<math" in html)


@pytest.mark.parametrize("name", [name for name in PAGES if "chapters/" in name])
def test_the_formulas_of_a_chapter_are_light(name):
    html = text_of(name)
    weights = [len(gzip.compress(text.encode(), 6)) for text in (html, MATHML.sub("", html))]
    assert 0 < weights[0] - weights[1] <= LIMIT


def test_the_sheet_hides_what_mathjax_sets():
    assert ".tex { display: none; }" in (HTML / "_static" / mathml.SHEET).read_text(
        encoding="utf-8"
    )


def test_a_formula_that_cannot_be_read_is_named_and_said_what_to_do():
    temml = (ROOT / "_build/temml/node_modules/temml/dist/temml.cjs").read_text(encoding="utf-8")
    assert mathml.convert([("a^2", False)], npm.NODE, temml)[0].startswith("<math><msup>")
    with pytest.raises(ExtensionError, match=r"(?s)\\wrong.*Write it in another way"):
        mathml.convert([("a", False), (r"\wrong{a}", True)], npm.NODE, temml)
