"""The ledger in built pages: marks, links back, the list of all equations, warnings.

Small books are built here with Sphinx; the last tests look at the real book's pages.
"""

import json
import os
import re
import sys
from io import StringIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from ledger_source import checks, equations, sources  # noqa: E402

METADATA = {"language_info": {"name": "python"}}
EINSTEIN = "$$\nD = k_BT/\\lambda\n$$ (eq-einstein)"
STOKES = "```{math}\n:label: eq-stokes\n\\lambda = 6\\pi\\mu R\n```"
DRAG = "$$ F \\equiv -\\lambda v $$ (def-drag)"


def symbolic(label, kind="symbolic"):
    return f'ledger.{kind}("{label}", lhs, rhs)'


class Book:
    """A small book that can be changed and built again."""

    def __init__(self, folder):
        self.source, self.out = folder / "source", folder / "html"
        self.source.mkdir()
        self.page("index.md", "# Book\n\n```{toctree}\none\ntwo\nledger\n```\n")
        self.page("ledger.md", "# Ledger\n\n```{ledger}\n```\n")
        self.notebook("one", f"# One\n\n{EINSTEIN}\n\n{DRAG}", symbolic("eq-einstein"))
        self.notebook("two", f"# Two\n\n{STOKES}", symbolic("eq-stokes", "dimensional"))

    def page(self, name, text):
        (self.source / name).write_text(text, encoding="utf-8")

    def notebook(self, name, text, *codes, tags=()):
        code = {"cell_type": "code", "execution_count": None, "outputs": []}
        cells = [{"cell_type": "markdown", "id": "text", "metadata": {}, "source": text}]
        for i, source in enumerate(codes):
            metadata = {"tags": list(tags)}
            cells.append({**code, "id": f"code-{i}", "metadata": metadata, "source": source})
        book = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
        self.page(f"{name}.ipynb", json.dumps(book))

    def build(self, builder="html", parallel=0, **config):
        """Build and return the warnings; `written` lists the pages that were written."""
        warnings, written = StringIO(), []
        defaults = {
            "extensions": ["myst_nb", "ledger_pages"],
            "nb_execution_mode": "off",
            "myst_enable_extensions": ["dollarmath", "amsmath", "colon_fence"],
            "html_theme": "basic",
            "numfig": True,  # as in Jupyter Book: equations are numbered through the whole book
            "nitpicky": True,
        }
        doctrees = self.source.parent / "doctrees"
        with docutils_namespace():
            app = Sphinx(
                self.source,
                None,
                self.out,
                doctrees,
                builder,
                confoverrides=defaults | config,
                status=None,
                warning=warnings,
                parallel=parallel,
            )
            app.connect("html-page-context", lambda app, page, *_: written.append(page))
            app.build()
        self.written = set(written) & app.env.found_docs
        return warnings.getvalue()

    def html(self, name):
        return BeautifulSoup((self.out / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path)


def test_marks_lead_to_checks_and_back(book):
    assert book.build() == ""
    page = book.html("one")
    equation = page.find(id="equation-eq-einstein")
    mark = equation.select_one(".eqno a.ledger-mark")
    assert mark.text == "✓"
    assert mark["aria-label"] == "checked symbolically: go to the check of equation 1"
    back = page.find(id=mark["href"].removeprefix("#"))
    assert back.text == "Check of (1)"
    assert back.a["href"] == "#equation-eq-einstein"
    assert symbolic("eq-einstein") in back.find_next_sibling().text


def test_definitions_are_marked_as_such(book):
    book.build()
    definition = book.html("one").find(id="equation-def-drag")
    assert definition.select_one(".eqno abbr.ledger-mark").text == "def."
    assert not definition.select("a.ledger-mark")


def test_the_list_of_all_equations(book):
    assert book.build() == ""
    page = book.html("ledger")
    assert [link.text for link in page.select(".ledger-chapter a")] == ["One", "Two"]
    lines = [item.p.text for item in page.select(".ledger-list > li")]
    assert lines == [
        "(1) eq-einstein ✓ symbolic",
        "(2) def-drag definition",
        "(3) eq-stokes ✓ dimensional",
    ]
    assert "6\\pi\\mu R" in page.select(".ledger-list div.math")[2].text
    assert page.find("script", src=re.compile("mathjax"))
    for link in page.select(".ledger-list a"):
        name, anchor = link["href"].split(".html#")
        assert book.html(name).find(id=anchor), link


def test_several_checks_of_an_equation(book):
    both = symbolic("eq-einstein") + "\n" + symbolic("eq-stokes", "numeric")
    book.notebook("one", f"# One\n\n{EINSTEIN}", both, symbolic("eq-einstein", "numeric"))
    assert book.build() == ""
    page = book.html("one")
    mark = page.select_one("a.ledger-mark")
    assert mark["title"] == "checked symbolically and numerically"
    assert mark["href"] == "#check-eq-einstein"
    assert page.find(id="check-eq-stokes").parent.text == "Check of (1), (2)"
    assert page.find(id="check-eq-einstein-2")
    line = book.html("ledger").select_one(".ledger-list p")
    assert line.text == "(1) eq-einstein ✓ symbolic, ✓ numeric"
    assert [a["href"] for a in line.select("a")][1:] == [
        "one.html#check-eq-einstein",
        "one.html#check-eq-einstein-2",
    ]
    stokes = book.html("two").select_one("a.ledger-mark")
    assert stokes["href"] == "one.html#check-eq-stokes"


def test_folded_cells(book):
    book.notebook("one", f"# One\n\n{EINSTEIN}", symbolic("eq-einstein"), tags=["hide-cell"])
    assert book.build() == ""
    back = book.html("one").find(id="check-eq-einstein")
    assert back.find_parent("details") is None
    assert back.find_next("details")


@pytest.mark.parametrize(
    ("text", "code", "tags", "warning"),
    [
        (EINSTEIN, "pass", [], "eq-einstein has no check"),
        ("Words.", symbolic("eq-einstein"), [], "no displayed equation has this label"),
        (f"{EINSTEIN}\n\n$$ a = b $$", symbolic("eq-einstein"), [], "'a = b' has no label"),
        (
            f"{EINSTEIN}\n\n\\begin{{align}}\na &= b\n\\end{{align}}",
            symbolic("eq-einstein"),
            [],
            "has no label",
        ),
        (EINSTEIN, symbolic("eq-einstein"), ["remove-cell"], "eq-einstein has no check"),
        (EINSTEIN, symbolic("eq-einstein"), ["remove-input"], "eq-einstein has no check"),
        (EINSTEIN, symbolic("eq-einstein"), ["skip-execution"], "tagged skip-execution"),
        (EINSTEIN, f"if False:\n    {symbolic('eq-einstein')}", [], "inside another statement"),
        (DRAG, symbolic("def-drag"), [], "a definition needs no check"),
    ],
)
def test_what_does_not_fit_is_a_warning(book, text, code, tags, warning):
    book.notebook("one", f"# One\n\n{text}", code, tags=tags)
    assert warning in book.build()
    assert warning in book.build(), "it must be said again when nothing is read anew"


def test_outputs_of_cells_are_no_equations(book):
    notebook = json.loads((book.source / "one.ipynb").read_text())
    data = {"data": {"text/latex": "$\\displaystyle x$"}, "execution_count": None, "metadata": {}}
    notebook["cells"][1]["outputs"] = [{"output_type": "execute_result", **data}]
    book.page("one.ipynb", json.dumps(notebook))
    assert book.build() == ""


def test_nothing_changed_nothing_written(book):
    book.build()
    assert book.written == {"index", "ledger", "one", "two"}
    assert book.build() == ""
    assert book.written == set()


def test_a_moved_check_changes_the_pages_that_point_to_it(book):
    book.build()
    both = symbolic("eq-stokes", "dimensional") + "\n" + symbolic("eq-einstein", "numeric")
    book.notebook("two", f"# Two\n\n{STOKES}", both)
    book.build()
    assert {"ledger", "one", "two"} <= book.written
    book.notebook("one", f"# One\n\n{EINSTEIN}\n\n{DRAG}")
    assert book.build() == ""
    assert book.html("one").select_one("a.ledger-mark")["href"] == "two.html#check-eq-einstein"
    assert "(1) eq-einstein ✓ numeric" in book.html("ledger").text


def test_a_new_equation_renumbers_the_list(book):
    book.build()
    sigma = "$$ \\sigma^2 = 2Dt $$ (eq-msd)"
    code = symbolic("eq-msd") + "\n" + symbolic("eq-einstein")
    book.notebook("one", f"# One\n\n{sigma}\n\n{EINSTEIN}", code)
    assert book.build() == ""
    lines = [item.p.text for item in book.html("ledger").select(".ledger-list > li")]
    assert [line.split()[1] for line in lines] == ["eq-msd", "eq-einstein", "eq-stokes"]
    assert all(lines)


def test_a_removed_page_leaves_the_list(book):
    book.build()
    (book.source / "two.ipynb").unlink()
    book.page("index.md", "# Book\n\n```{toctree}\none\nledger\n```\n")
    assert book.build() == ""
    assert "eq-stokes" not in book.html("ledger").text


def test_many_processes_give_the_same_pages(book, tmp_path_factory):
    other = Book(tmp_path_factory.mktemp("other"))
    for i in range(6):  # Sphinx reads in parallel from six pages on
        for one in (book, other):
            one.page(f"more-{i}.md", f"---\norphan: true\n---\n\n# More {i}\n")
    assert book.build() == ""
    assert other.build(parallel=2) == ""
    for name in ("one", "two", "ledger"):
        assert book.html(name) == other.html(name)


def test_numbers_by_section(book):
    book.page("index.md", "# Book\n\n```{toctree}\n:numbered:\none\ntwo\nledger\n```\n")
    assert book.build() == ""
    assert "equation 1.1" in book.html("one").select_one("a.ledger-mark")["aria-label"]
    assert "(2.1) eq-stokes" in book.html("ledger").text


@pytest.mark.parametrize("builder", ["dummy", "text", "latex", "singlehtml"])
def test_other_builders_are_not_disturbed(book, builder):
    assert "ledger" not in book.build(builder)


BUILT = ROOT / "_build" / "html"


def built(page):
    path = BUILT / f"{str(page).removesuffix('.html')}.html"
    assert path.is_file(), f"{path} is missing: run `make book` first"
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def page_of(path):
    return path.relative_to(ROOT).with_suffix("")


def test_the_books_list_is_whole():
    labels = [equation.label for path in sources(ROOT) for equation in equations(path)]
    listed = built("appendix/ledger").select(".ledger-list code")
    assert sorted(code.text for code in listed) == sorted(labels)
    assert labels


@pytest.mark.parametrize("path", sources(ROOT), ids=lambda path: path.stem)
def test_every_equation_of_the_book_is_marked(path):
    page = built(page_of(path))
    for equation in equations(path):
        mark = page.find(id=f"equation-{equation.label}").select_one(".eqno .ledger-mark")
        if equation.is_definition:
            assert mark.text == "def."
            continue
        name, anchor = mark["href"].split("#")
        where = page if not name else built(os.path.normpath(page_of(path).parent / name))
        assert where.find(id=anchor), mark
    for check in checks(path):
        assert page.find(id=f"check-{check.label}"), check
