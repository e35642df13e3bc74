"""Numbers for the text: kept in the cell's output, as the builder of the book reads it; tables."""

import pytest
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from myst_nb.ext.glue import extract_glue_data_cell
from nbformat.v4 import new_code_cell, new_output

from langevin.prose import glue, table


def kept(value):
    """What MyST-NB finds in a cell that glues the value."""
    InteractiveShell.instance()
    with capture_output() as caught:
        glue("name", value)
    assert caught.stdout == ""
    (output,) = caught.outputs
    cell = new_code_cell(
        outputs=[new_output("display_data", data=output.data, metadata=output.metadata)]
    )
    ((name, found),) = extract_glue_data_cell(cell)
    assert name == "name"
    assert cell.outputs == []  # taken out of the page, where a reader would see it
    return found["data"]


@pytest.mark.parametrize(("value", "shown"), [("0.212 µm", "'0.212 µm'"), (0.5, "0.5")])
def test_the_book_finds_what_was_kept(value, shown):
    assert {kind.rpartition("record/")[2]: text for kind, text in kept(value).items()} == {
        "text/plain": shown
    }


@pytest.mark.parametrize("name", ["", 3, None])
def test_a_nameless_number_is_refused(name):
    with pytest.raises(ValueError, match="name must be a non-empty string"):
        glue(name, 1)


def test_a_table_is_html_with_heads_and_aligned_in_a_terminal():
    shown = table(["law", "P <", "n"], [["a & b", 0.25, 1000], ["c", 1.0, 10]])
    page = BeautifulSoup(shown._repr_html_(), "html.parser")
    rows = [[cell.get_text() for cell in row(["th", "td"])] for row in page("tr")]
    assert rows == [["law", "P <", "n"], ["a & b", "0.25", "1000"], ["c", "1.0", "10"]]
    heads = [(cell["scope"], cell.get_text()) for cell in page("th")]
    assert heads == [*(("col", name) for name in rows[0]), ("row", "a & b"), ("row", "c")]
    assert repr(shown) == "law     P <     n\na & b  0.25  1000\nc       1.0    10"


@pytest.mark.parametrize("row", [["a"], ["a", 1, 2]])
def test_a_row_of_another_length_is_refused(row):
    with pytest.raises(ValueError, match=rf"row 2 has {len(row)} cells for 2 columns"):
        table(["name", "value"], [["a", 1], row])
