"""What the search knows of the book: each section and equation once, its words, nothing folded."""

import gzip
import json
import re

import pytest
from bs4 import BeautifulSoup

from book.web import search
from book.web.readable import readable
from built_book import CHAPTERS, HTML, PAGES, page_path

ASSETS = HTML / "_static"
INDEX_LIMIT = 300_000  # bytes, compressed, for whoever searches


@pytest.fixture(scope="module")
def entries():
    """Each entry: its page, kind, place, title and text."""
    script = (ASSETS / search.FILE).read_text(encoding="utf-8")
    known = json.loads(re.search(r"(?m)^var searchIndex = (.*);$", script)[1])
    pages = [name for name, *_ in known["pages"]]
    return [(pages[p], known["kinds"][k], *rest) for p, k, *rest in known["entries"]]


def test_every_page_is_there(entries):
    assert {entry[0] for entry in entries} == set(PAGES) - search.NOT_FOUND


def test_every_entry_leads_to_a_place(entries):
    ids = {
        name: set(re.findall(r'\bid="([^"]+)"', page_path(name).read_text(encoding="utf-8")))
        for name in {entry[0] for entry in entries}
    }
    assert not [entry[:3] for entry in entries if entry[2] not in ids[entry[0]]]


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_section_and_exercise_is_there_once(entries, name):
    page = BeautifulSoup(page_path(name).read_text(encoding="utf-8"), "html.parser").article
    for kind, selector in (
        ("section", "section:has(> h2), section:has(> h3)"),
        ("exercise", ".exercise[id]"),
    ):
        found = [place for where, what, place, *_ in entries if (where, what) == (name, kind)]
        assert found == [part["id"] for part in page.select(selector)]


def test_nothing_folded_is_known(entries):
    """Neither code, nor what it printed, nor a solution, nor a label of a control."""
    text = " ".join(entry[4] for entry in entries if entry[0] in CHAPTERS)
    for folded in (
        "import numpy",
        "rng.",
        "plt.",
        "np.",
        "Solution to",
        "Check of (",
        "Press to",
        "\\(",
    ):
        assert folded not in text, folded
    assert "$" in text


def test_texts_hold_no_tex(entries):
    left = [(e[0], e[2], e[4]) for e in entries if re.search(r"\\[a-zA-Z]", e[3] + e[4])]
    assert not [entry for entry in left if entry[0] in CHAPTERS], left[:5]


def test_whoever_searches_loads_little():
    index = gzip.compress((ASSETS / search.FILE).read_bytes(), 6)
    assert len(index) <= INDEX_LIMIT


def test_nothing_of_sphinx_search_is_left():
    names = {path.name for path in HTML.rglob("*.js")}
    assert not names & {"searchindex.js", "searchtools.js", "language_data.js"}
    for name in (*PAGES, "search", "404"):
        html = page_path(name).read_text(encoding="utf-8")
        assert "searchindex" not in html and "searchtools" not in html, name


def test_the_library_says_what_it_is_and_asks_for_nothing_more():
    code = (ASSETS / search.LIBRARY).read_text(encoding="utf-8")
    assert code.startswith("/*! minisearch@") and "Permission is hereby granted" in code
    assert "sourceMappingURL" not in code


PAGE = """<html lang="en"><article><section id="one"><h1>1. One<a class="headerlink">#</a></h1>
<p>A <em>grain</em>of <span class="math">\\(1/\\sqrt M\\)</span> and 1\u202f000 steps.</p>
<details class="fold"><summary>code</summary><p>hidden</p></details>
<div class="math" id="equation-eq-a"><span class="eqno">(1.2)</span>\\[D = k_BT\\]</div>
<section id="two"><h2>Two</h2><p>More.</p>
<figure><div class="lv-controls">Play</div><figcaption>Dots \\(x^2\\).</figcaption></figure>
<div class="exercise" id="ex-a"><p class="admonition-title">Exercise 1.1 (Easy)</p>
<section id="exercise-content"><p>Do it.</p></section></div>
<div class="solution"><p>Done.</p></div></section></section></article></html>"""


def test_a_page_becomes_entries():
    assert search.entries_of(PAGE) == (
        "1. One",
        "en",
        [
            ("page", "one", "1. One", "A grainof $1/√M$ and 1000 steps. $D = k_{B}T$"),
            ("equation", "equation-eq-a", "(1.2)", "$D = k_{B}T$"),
            ("section", "two", "Two", "More. Dots $x^{2}$."),
            ("figure", "two", "", "Dots $x^{2}$."),
            ("exercise", "ex-a", "Exercise 1.1 Easy", "Do it."),
        ],
    )


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\sqrt{2D\,\Delta t}\;\varepsilon", "√(2D Δt) ε"),
        (r"\tfrac12 M\,\langle V^2\rangle = k_BT", "½M ⟨V^{2}⟩ = k_{B}T"),
        (r"\frac{\partial p}{\partial t}", "(∂p)/(∂t)"),
        (r"-\eta\,\nabla L", "−η ∇L"),
        (r"n_{\text{steps taken}}", "n_{stepstaken}"),
        (r"\dot x", "ẋ"),
        (r"\frac", "()/()"),  # nothing stops
    ],
)
def test_formulas_are_readable(latex, text):
    assert readable(latex) == text
