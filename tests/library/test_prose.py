"""Numbers for the text: kept in the cell's output, as the builder of the book reads it."""

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from myst_nb.ext.glue import extract_glue_data_cell
from nbformat.v4 import new_code_cell, new_output

from langevin.prose import glue


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
