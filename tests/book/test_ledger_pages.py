"""The ledger in built pages: marks, links back, names, the list of all equations, warnings.

Small books are built here with Sphinx; the last tests look at the real book's pages.
"""

import json
import os
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.util.inventory import InventoryFile

from book.sources.equations import checks, equations, names, sources
from book.web import search
from book.web.kept import now
from built_book import HTML, page_path
from small_book import SmallBook

ROOT = Path(__file__).resolve().parents[2]
BLANK = "\N{NO-BREAK SPACE}"
EINSTEIN = "$$\nD = k_BT/\\lambda\n$$ (eq-einstein)"
STOKES = "```{math}\n:label: eq-stokes\n\\lambda = 6\\pi\\mu R\n```"
DRAG = "$$ F \\equiv -\\lambda v $$ (def-drag)"
NAMES = {"eq-einstein": "Einstein relation", "def-drag": "Drag", "eq-stokes": "Stokes’ law"}


def symbolic(label, kind="symbolic"):
    return f'ledger.{kind}("{label}", lhs, rhs)'


class Book(SmallBook):
    """Two chapters with equations and checks, and the list of all equations."""

    def __init__(self, folder):
        super().__init__(folder)
        self.name(NAMES)
        self.page("index.md", "# Book\n\n```{toctree}\none\ntwo\nledger\n```\n")
        self.page("ledger.md", "# Ledger\n\n```{ledger}\n```\n")
        self.notebook("one", f"# One\n\n{EINSTEIN}\n\n{DRAG}", symbolic("eq-einstein"))
        self.notebook("two", f"# Two\n\n{STOKES}", symbolic("eq-stokes", "dimensional"))

    def name(self, names):
        lines = [f'{label} = "{name}"' for label, name in names.items()]
        self.page("appendix/equations.toml", "\n".join(["[book]", *lines]))

    def search_index(self):
        """Return what searching finds of the equations: name -> the page and the place in it."""
        assets = self.folder / "html" / "_static"
        texts = {page: self.html(page).select_one("[role=main]") for page in ("one", "two")}
        pages = {page: f"<article>{text}</article>" for page, text in texts.items()}
        search.write(self.source, assets, pages, now)
        pages, entries = found_in(assets)
        return {title: (page, place) for page, kind, place, title in entries if kind == "equation"}


def found_in(assets):
    """Return the pages that the search knows, and each entry: its page, kind, place and title."""
    script = (assets / search.FILE).read_text(encoding="utf-8")
    known = json.loads(re.search(r"(?m)^var searchIndex = (.*);$", script)[1])
    pages = [name for name, *_ in known["pages"]]
    entries = [
        (pages[page], known["kinds"][kind], place, title)
        for page, kind, place, title, _ in known["entries"]
    ]
    return pages, entries


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
    contents = page.select("ul.ledger-contents a")
    assert [link.text.split(". ")[-1] for link in contents] == ["One", "Two"]
    places = [page.select_one(link["href"]) for link in contents]
    assert [place.text for place in places] == ["One", "Two"]
    lines = [item.p.text for item in page.select(".ledger-list > li")]
    assert lines == [
        f"(1) Einstein relation ✓{BLANK}symbolic",
        "(2) Drag def.",
        "(3) Stokes’ law dim.",
    ]
    counted = page.select_one(".ledger-contents").find_previous_sibling("p").text
    assert counted == (
        "The strongest check of each: 1 symbolic (✓), 1 dimensional (dim.). Definitions (def.): 1."
    )
    assert "6\\pi\\mu R" in page.select(".ledger-list div.math")[2].text
    assert page.find("script", src=re.compile("math.js"))
    for link in page.select(".ledger-list a"):
        name, anchor = link["href"].split(".html#")
        assert book.html(name).find(id=anchor), link


def test_several_checks_of_an_equation(book):
    both = symbolic("eq-einstein") + "\n" + symbolic("eq-stokes", "numeric")
    book.notebook("one", f"# One\n\n{EINSTEIN}\n\n{DRAG}", both, symbolic("eq-einstein", "numeric"))
    assert book.build() == ""
    page = book.html("one")
    mark = page.select_one("a.ledger-mark")
    assert mark["title"] == "checked symbolically and numerically"
    assert mark["href"] == "#check-eq-einstein"
    assert page.find(id="check-eq-stokes").parent.text == "Check of (1), (3)"
    assert page.find(id="check-eq-einstein-2")
    line = book.html("ledger").select_one(".ledger-list p")
    assert line.text == f"(1) Einstein relation ✓{BLANK}symbolic, ≈{BLANK}numeric"
    assert [a["href"] for a in line.select("a")][1:] == [
        "one.html#check-eq-einstein",
        "one.html#check-eq-einstein-2",
    ]
    stokes = book.html("two").select_one("a.ledger-mark")
    assert stokes["href"] == "one.html#check-eq-stokes"


def test_folded_cells(book):
    book.notebook(
        "one", f"# One\n\n{EINSTEIN}\n\n{DRAG}", symbolic("eq-einstein"), tags=["hide-cell"]
    )
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
    notebook = json.loads((book.source / "one.ipynb").read_text(encoding="utf-8"))
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
    assert f"(1) Einstein relation ≈{BLANK}numeric" in book.html("ledger").text


def test_a_new_equation_renumbers_the_list(book):
    book.build()
    sigma = "$$ \\sigma^2 = 2Dt $$ (eq-msd)"
    code = symbolic("eq-msd") + "\n" + symbolic("eq-einstein")
    book.name(NAMES | {"eq-msd": "Spread"})
    book.notebook("one", f"# One\n\n{sigma}\n\n{EINSTEIN}\n\n{DRAG}", code)
    assert book.build() == ""
    lines = [item.p.text for item in book.html("ledger").select(".ledger-list > li")]
    assert [line.split()[:2] for line in lines] == [
        ["(1)", "Spread"],
        ["(2)", "Einstein"],
        ["(3)", "Drag"],
        ["(4)", "Stokes’"],
    ]


def test_a_removed_page_leaves_the_list(book):
    book.build()
    (book.source / "two.ipynb").unlink()
    book.page("index.md", "# Book\n\n```{toctree}\none\nledger\n```\n")
    book.name({label: name for label, name in NAMES.items() if label != "eq-stokes"})
    assert book.build() == ""
    assert "Stokes" not in book.html("ledger").text
    assert "Stokes" not in book.html("genindex").text
    assert not [name for name in book.search_index() if "Stokes" in name]


def test_many_processes_give_the_same_pages(book, tmp_path_factory):
    other = Book(tmp_path_factory.mktemp("other"))
    for i in range(6):  # Sphinx reads in parallel from six pages on
        for one in (book, other):
            one.page(f"more-{i}.md", f"---\norphan: true\n---\n\n# More {i}\n")
    assert book.build() == ""
    assert other.build(parallel=2) == ""
    for name in ("one", "two", "ledger", "genindex"):
        assert book.html(name) == other.html(name)
    assert book.search_index() == other.search_index()


def test_numbers_by_section(book):
    book.page("index.md", "# Book\n\n```{toctree}\n:numbered:\none\ntwo\nledger\n```\n")
    assert book.build() == ""
    assert "equation 1.1" in book.html("one").select_one("a.ledger-mark")["aria-label"]
    assert "(2.1) Stokes’ law" in book.html("ledger").text


def test_the_search_finds_an_equation_by_its_name(book):
    assert book.build() == ""
    found = book.search_index()
    assert found == {
        "Einstein relation (1)": ("one", "equation-eq-einstein"),
        "Drag (2)": ("one", "equation-def-drag"),
        "Stokes’ law (3)": ("two", "equation-eq-stokes"),
    }
    for page, anchor in found.values():
        assert book.html(page).find(id=anchor)


def test_the_index_has_the_equations(book):
    assert book.build() == ""
    for _ in range(2):  # a page that was not read anew keeps its entries, once
        links = {link.text: link["href"] for link in book.html("genindex").select("td a")}
        assert links == {
            "Einstein relation (equation)": "one.html#equation-eq-einstein",
            "Drag (equation)": "one.html#equation-def-drag",
            "Stokes’ law (equation)": "two.html#equation-eq-stokes",
        }
        assert len(book.html("genindex").select("td li")) == 3
        book.page("index.md", "# The book\n\n```{toctree}\none\ntwo\nledger\n```\n")
        assert book.build() == ""


def test_a_new_name_is_everywhere_though_no_page_was_read(book):
    book.build()
    book.name(NAMES | {"eq-einstein": "Einstein–Smoluchowski relation"})
    assert book.build() == ""
    assert "ledger" in book.written
    assert not {"one", "two"} & book.written
    assert "(1) Einstein–Smoluchowski relation ✓" in book.html("ledger").text
    assert "Einstein–Smoluchowski relation" in book.html("genindex").text
    assert "Einstein relation" not in book.html("genindex").text
    assert "Einstein–Smoluchowski relation (1)" in book.search_index()


def test_other_books_can_refer_to_the_equations(book):
    book.build()
    with (book.folder / "html" / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(
            file, "https://example.org", lambda base, uri: f"{base}/{uri}"
        )
    address, shown = inventory["math:eq"]["eq-einstein"][2:]
    assert address == "https://example.org/one.html#equation-eq-einstein"
    assert shown == "Einstein relation"


@pytest.mark.parametrize(
    ("names", "warning"),
    [
        ({"eq-einstein": "Einstein relation", "eq-stokes": "Stokes"}, "def-drag has no name"),
        (NAMES | {"eq-hooke": "Hooke’s law"}, "eq-hooke, which no displayed equation is"),
        (NAMES | {"def-drag": "einstein relation"}, "not the name of def-drag alone"),
        (NAMES | {"def-drag": "Drag. Friction"}, "must be one to eight words"),
    ],
)
def test_a_name_that_does_not_fit_is_a_warning(book, names, warning):
    book.name(names)
    assert warning in book.build()
    assert warning in book.build(), "it must be said again when nothing is read anew"


@pytest.mark.parametrize("builder", ["dummy", "text", "latex", "singlehtml"])
def test_other_builders_are_not_disturbed(book, builder):
    assert "ledger" not in book.build(builder)


def built(page):
    path = page_path(str(page).removesuffix(".html"))
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def page_of(path):
    return path.relative_to(ROOT).with_suffix("")


def test_the_books_list_is_whole():
    listed = [name.text for name in built("appendix/ledger").select(".ledger-name")]
    called = {label: name for page in names(ROOT).values() for label, name in page.items()}
    labels = {equation.label for path in sources(ROOT) for equation in equations(path)}
    assert sorted(listed) == sorted(called[label] for label in labels)
    assert labels


def test_the_books_search_index_has_every_equation():
    _pages, entries = found_in(HTML / "_static")
    listed = [entry for entry in entries if entry[1] == "equation"]
    found = {re.sub(r" \(\d+(\.\d+)?\)$", "", title): (page, at) for page, _, at, title in listed}
    assert len(found) == len(listed)
    wanted = {
        name: (page, f"equation-{label}")
        for page, called in names(ROOT).items()
        for label, name in called.items()
    }
    assert found == wanted
    links = built("genindex").select("a[href*='#equation-']")
    assert all(link.text.endswith("(equation)") for link in links)  # the name may stand above it
    addresses = {f"{page}.html#{anchor}" for page, anchor in wanted.values()}
    assert {link["href"] for link in links} == addresses


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
