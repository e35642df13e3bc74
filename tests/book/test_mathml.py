"""Each formula of each page stands in MathML, whose signs the book's font has; and it is light."""

import gzip
import re

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

import npm
from book.web import mathml
from built_book import HTML, PAGES, ROOT, page_path

LIMIT = 16_000  # bytes that the formulas of a chapter add, compressed
MATHML = re.compile(r'<span class="formula".*?</math></span>', re.DOTALL)
TEMML = ROOT / "_build/temml/node_modules/temml/dist/temml.cjs"


def text_of(name):
    return page_path(name).read_text(encoding="utf-8")


def seen(html):
    """Return what is seen of a page, without drawings and code."""
    shown = re.sub(r"<(head|script|svg|pre)\b.*?</\1>", "", html, flags=re.DOTALL)
    return BeautifulSoup(shown, "html.parser")


@pytest.mark.parametrize("name", PAGES)
def test_each_formula_is_there_once_in_mathml_with_its_tex_where_a_list_is_filtered(name):
    page = seen(text_of(name))
    is_filtered = bool(page.select("p.filter"))
    for formula in page.select(".formula"):
        (math,) = formula.find_all(True, recursive=False)
        assert math.name == "math" and math.get_text(strip=True)
        assert bool(formula.get("data-tex")) == is_filtered
        assert not math.select("merror, .temml-error")
    assert not re.search(r"\\[(\[]", page.get_text()), "a formula without MathML"
    assert not page.select(".math:not(:has(math))")
    assert not page.select("math:not(.formula > math)")


def test_the_font_has_what_formulas_are_set_with_and_its_licence_is_there():
    font = TTFont(HTML / "_static" / mathml.FONT)
    assert "MATH" in font, "browsers learn from this table how formulas are set"
    has, used = set(font.getBestCmap()), set()
    for name in PAGES:
        used |= set(mathml.points(map(str, seen(text_of(name)).select("math"))))
    missing = {chr(point) for point in used - has} - set("\n \u2061\u00a0")
    assert len(used) > 100 and not missing
    assert {0x1D465, 0x210E} <= has, "the x and the h of formulas are signs of their own"
    root = font.getBestCmap().get(ord("√"))  # no text has it: the browser takes it for a root
    tall = font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs
    assert root in tall, "roots cannot be seen, or do not grow with what is below them"
    assert "SIL Open Font License" in (HTML / "_static" / mathml.LICENCE).read_text("utf-8")


@pytest.mark.parametrize("name", [name for name in PAGES if "chapters/" in name])
def test_the_formulas_of_a_chapter_are_light(name):
    html = text_of(name)
    weights = [len(gzip.compress(text.encode(), 6)) for text in (html, MATHML.sub("", html))]
    assert 0 < weights[0] - weights[1] <= LIMIT


def test_a_formula_that_cannot_be_read_is_named_and_said_what_to_do():
    temml = TEMML.read_text(encoding="utf-8")
    assert mathml.convert([("a^2", False)], npm.NODE, temml)[0].startswith("<math><msup>")
    with pytest.raises(ExtensionError, match=r"(?s)\\wrong.*Write it in another way"):
        mathml.convert([("a", False), (r"\wrong{a}", True)], npm.NODE, temml)
