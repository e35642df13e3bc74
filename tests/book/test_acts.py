"""Phrases that set a figure's controls: what they become, and what the build refuses."""

import json
import os
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, writes

from book.web import acts
from built_book import CHAPTERS, PAGES, page_path
from langevin import double_well, figures
from small_book import SmallBook

CONTROLS = [name for name in CHAPTERS if not name.endswith("epilogue")]


def line(rate, law):
    fig, ax = figures.axes()
    ax.plot([0, rate], [0, len(law)])
    return fig


@pytest.fixture(scope="module")
def made():
    """A figure of each kind, as in a book that is built."""
    film = [[[1, 1], [2, 2]], [[1, 2], [2, 1]]]
    with mock.patch.dict(os.environ, LANGEVIN_FIGURES="static"):
        return {
            "live": figures.live(
                double_well(),
                domain=(-2, 2),
                step_size=0.01,
                temperature=figures.Slider([0.1, 0.2, 1.0], start=0.2, label="temperature T"),
                tilt=figures.Slider([-0.5, 0.0, 0.5], start=0.0),
                alt="Wells.",
            ).html,
            "explore": figures.explore(
                line,
                rate=figures.Slider([0.5, 1.0, 2.0], unit="per s", start=1.0),
                law=["none", "end, no drift", "x = 0"],
                alt="A line.",
            ).html,
            "movie": figures.movie(
                {"T = 0.1": film, "T = 0.5": film},
                0.1,
                box=4,
                label="how warm",
                start="T = 0.5",
                alt="Two discs.",
            ).html,
        }


@pytest.fixture
def build(tmp_path, made):
    """Build a page of figures and of texts; return its warnings and the page."""

    def built(*parts, builder="html"):
        cells = []
        for part in parts:
            if part in made:
                output = new_output("display_data", {"text/html": made[part], "text/plain": "[]"})
                cells.append(new_code_cell("draw()", outputs=[output]))
            else:
                cells.append(new_markdown_cell(part))
        book = SmallBook(tmp_path, nb_mime_priority_overrides=[["latex", "text/html", 5]])
        notebook = new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
        book.page("index.ipynb", writes(notebook))
        return book.build(builder), book

    return built


def phrases(book):
    return book.html("index").select("span.act")


def act(phrase):
    return json.loads(phrase["data-act"])


def test_a_phrase_knows_its_figure_the_values_and_what_was_there(build, made):
    warnings, book = build(
        "# A\n\n{set}`One <below: rate=2>`", "explore", "{set}`two <law=x = 0, rate=0.5>`", "live",
        "Then {set}`cool them <temperature=0.15, tilt=-0.5>`.", "movie",
        '{set}`warm <choice="T = 0.1">`',
    )  # fmt: skip
    assert warnings == ""
    one, two, three, four = phrases(book)
    ids = [BeautifulSoup(made[k], "html.parser").figure["id"] for k in ("explore", "live", "movie")]
    assert [act(p)["figure"] for p in (one, two, three, four)] == [ids[0], *ids]
    assert (act(one)["sets"], act(one)["was"]) == ({"rate": 2.0}, {"rate": 1.0})
    assert act(two)["sets"] == {"law": "x = 0", "rate": 0.5}
    assert act(two)["was"] == {"law": "none", "rate": 1.0}
    assert act(three)["sets"] == {"temperature": 0.15, "tilt": -0.5}
    assert act(three)["was"] == {"temperature": 0.2, "tilt": 0.0}
    assert (act(four)["sets"], act(four)["was"]) == ({"choice": "T = 0.1"}, {"choice": "T = 0.5"})
    assert [p.text for p in (one, two, three, four)] == ["One", "two", "cool them", "warm"]
    assert one["data-name"] == "One: sets rate to 2 per s in the figure below"
    assert three["data-name"] == (
        "cool them: sets temperature T to 0.15, tilt to −0.5 in the figure above"
    )
    assert "Then cool them." in book.html("index").get_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{set}`go <rat=2>`", "the figure above has no control rat; it has rate, law"),
        ("{set}`go <rate=3>`", "rate=3 is not among its values; one of 0.5; 1; 2 is allowed"),
        ("{set}`go <rate=0.7>`", "rate=0.7 is not among its values; one of 0.5; 1; 2 is allowed"),
        (
            "{set}`go <law=some>`",
            "law=some is not among its values; one of none; end, no drift; x = 0 is allowed",
        ),
        ("{set}`go <below: rate=1>`", "no figure with controls stands below it on this page"),
        ("{set}`go <faster>`", "needs name=value, or several with commas, got <faster>"),
        ("{set}`go <rate=1, and>`", "needs name=value, or several with commas, got <rate=1, and>"),
        ("{set}`go`", "needs name=value, or several with commas, got <>"),
    ],
)
def test_what_an_explored_figure_does_not_have_is_a_warning(build, text, said):
    warnings, book = build("# A", "explore", text)
    assert "the phrase {set}`go` cannot act: " in warnings
    assert said in " ".join(warnings.split())
    assert "index.ipynb" in warnings
    assert not phrases(book)


@pytest.mark.parametrize("value", ["0.09", "1.01", "nan", "warm"])
def test_what_lies_outside_a_slider_of_a_live_figure_is_a_warning(build, value):
    warnings, book = build("# A", "live", f"{{set}}`go <temperature={value}>`")
    assert (
        f"temperature={value} is not among its values; a number from 0.1 to 1 is allowed"
        in " ".join(warnings.split())
    )
    assert not phrases(book)


def test_a_phrase_above_all_figures_is_a_warning(build):
    warnings, _ = build("# A\n\n{set}`go <rate=1>`", "explore")
    assert "no figure with controls stands above it on this page" in warnings


def test_in_print_a_phrase_is_text(build):
    warnings, book = build("# A", "explore", "We {set}`go fast <rate=2>` now.", builder="latex")
    assert warnings == ""
    (tex,) = (book.folder / "latex").glob("*.tex")
    assert "We go fast now." in tex.read_text(encoding="utf-8")
    assert "rate" not in tex.read_text(encoding="utf-8").partition("We go fast")[2]


@pytest.mark.parametrize("name", CONTROLS)
def test_every_chapter_has_phrases_that_act(name):
    page = BeautifulSoup(page_path(name).read_text(encoding="utf-8"), "html.parser")
    assert len(page.select("span.act")) >= 2


@pytest.mark.parametrize("name", PAGES)
def test_a_phrase_is_in_the_text_and_its_figure_on_the_page(name):
    html = page_path(name).read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html.parser")
    found = page.select("span.act")
    assert bool(found) == (f"_static/{acts.SCRIPT}" in html)
    for phrase in found:
        assert page.select_one(f"figure.lv-figure#{act(phrase)['figure']}"), phrase
        assert phrase.find_parent(["p", "li"]) and phrase.text.strip()
