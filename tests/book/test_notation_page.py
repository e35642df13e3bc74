"""The page of symbols as it is built: one table with headers, and links that were found."""

import re
from functools import cache
from urllib.parse import unquote

import pytest
from test_ledger_pages import DRAG, EINSTEIN, ROOT, Book, built, symbolic

from book.sources.notation import table

TABLE = r"""
latin = [
  ['D', '1', 'diffusion constant, $k_BT/\\lambda$', '–', 'm²/s'],
  ['F, \\mathbf F', '1', 'force', '–', 'N'],
  ['k_B', '1', "Boltzmann's constant", '1', 'J/K'],
  ['T', '1-2', 'temperature', 'the same', 'K'],
  ['W', 'text 1', 'Wiener process', '–', '–'],
]
signs = [
  ["x'", 'all', 'prime', 'the same', ''],
]
""".replace("\\\\", "\\")


@pytest.fixture
def book(tmp_path):
    book = Book(tmp_path)
    book.page("index.md", "# Book\n\n```{toctree}\n01-one\n02-two\nledger\nnotation\n```\n")
    (book.source / "one.ipynb").rename(book.source / "01-one.ipynb")
    (book.source / "two.ipynb").rename(book.source / "02-two.ipynb")
    book.page("notation.md", "# Notation\n\n```{notation}\n```\n")
    book.page("appendix/notation.toml", TABLE)
    return book


def build(book):
    return book.build()


def lines(book):
    rows = book.html("notation").select("table.notation tbody tr")
    return {row.th.text.split(" letter ")[-1]: row for row in rows}


def test_one_table_with_headers(book):
    assert build(book) == ""
    (grid,) = book.html("notation").select("table")
    heads = [head.text.strip() for head in grid.select("thead th")]
    assert heads == ["symbol", "in physics", "in learning", "unit", "first use"]
    assert "symbols of the numbered equations" in grid.caption.text
    assert list(lines(book)) == [
        r"\(D\)",
        r"\(F\), \(\mathbf F\)",
        r"\(k_B\)",
        r"\(T\)",
        r"\(W\)",
        r"sign \(x'\)",
    ]
    assert len(grid.select("tbody th")) == 6


def test_meanings_units_and_formulas_in_them(book):
    assert build(book) == ""
    cells = [cell.text.strip() for cell in lines(book)[r"\(D\)"].select("td")]
    assert cells == [r"diffusion constant, \(k_BT/\lambda\)", "–", "m²/\u200bs", "(1)"]
    assert lines(book)[r"\(k_B\)"].td.text.strip() == "Boltzmann’s constant"


def test_the_first_use_is_a_link_that_was_found(book):
    assert build(book) == ""
    uses = {symbol: row.select("td")[-1] for symbol, row in lines(book).items()}
    assert uses[r"\(D\)"].a["href"] == "01-one.html#equation-eq-einstein"
    assert uses[r"\(F\), \(\mathbf F\)"].a["href"] == "01-one.html#equation-def-drag"
    assert uses[r"\(F\), \(\mathbf F\)"].text.strip() == "(2)"
    assert uses[r"\(W\)"].text.strip() == "text of chapter 1"


def test_a_moved_equation_moves_the_first_use(book):
    build(book)
    book.notebook("01-one", f"# One\n\n{DRAG}\n\n{EINSTEIN}", symbolic("eq-einstein"))
    assert build(book) == ""
    assert lines(book)[r"\(D\)"].a.text == "(2)"
    assert build(book) == ""
    assert book.written == set()


def test_a_changed_table_is_set_anew(book):
    build(book)
    book.page("appendix/notation.toml", TABLE.replace("temperature", "warmth"))
    assert build(book) == ""
    assert "warmth" in lines(book)[r"\(T\)"].text
    assert "02-two" not in book.written


def test_letters_lead_to_their_first_rows(book):
    assert build(book) == ""
    page = book.html("notation")
    links = {link.text: link["href"] for link in page.select("ul.letters a")}
    assert list(links) == ["D", "F", "K", "T", "W", "signs"]
    assert [page.select_one(place).th.text.split()[-1] for place in links.values()] == [
        r"\(D\)", r"F\)", r"\(k_B\)", r"\(T\)", r"\(W\)", r"\(x'\)",
    ]  # fmt: skip


@cache
def anchors(name):
    return {part["id"] for part in built(name).find_all(id=True)}


def test_the_books_page():
    page = built("appendix/notation")
    rows = page.select("table.notation tbody tr")
    known = table(ROOT)
    assert len(rows) == len(known)
    for html, row in zip(rows, known, strict=True):
        assert html.th, row
        last = html.select("td")[-1]
        if row.in_text_only:
            continue
        name, anchor = unquote(last.a["href"]).split("#")
        assert anchor in anchors(f"appendix/{name}".replace("appendix/../", "")), row
        assert re.fullmatch(r"\(\d+(\.\d+)?\)", last.text.strip()), row
