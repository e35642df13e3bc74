"""Numbers on a page of the book that come from a run, never from a keyboard."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, NamedTuple


def glue(name: str, value: Any) -> None:
    """Keep a value for the text of the page, where the role ``glue`` prints it by its name.

    The built book takes it from the cell's output, in the form that MyST-NB's own `glue` writes;
    in a notebook nothing is shown.  The book has its own so that a chapter runs without Sphinx.

    Parameters
    ----------
    name : str
        What the text calls it; the same name twice in a chapter is a warning of the build.
    value : object
        What is printed, as the notebook would show it; most often a string with the unit.

    Returns
    -------
    None
        The value goes into the cell's output.

    Raises
    ------
    ValueError
        If the name is not a non-empty string.

    Examples
    --------
    >>> from langevin.prose import glue
    >>> glue("radius", "0.212 µm")
    """
    if not (isinstance(name, str) and name):
        raise ValueError(f"name must be a non-empty string, got {name!r}")
    from IPython.core.formatters import format_display_data
    from IPython.display import display

    data, metadata = format_display_data(value)
    hidden = "application/papermill.record/"
    metadata["scrapbook"] = {"name": name, "mime_prefix": hidden}
    display({hidden + kind: shown for kind, shown in data.items()}, raw=True, metadata=metadata)


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float, spec: str = ".3g") -> str:
    """Write a number as a reader would, with a power of ten where Python has an ``e``.

    Parameters
    ----------
    value : float
        The number.
    spec : str
        How Python is to format it, such as ``".1e"``.

    Returns
    -------
    str
        The digits, with "× 10" and the raised power behind them if Python writes an exponent.

    Raises
    ------
    ValueError
        If Python knows no such format.

    Examples
    --------
    >>> from langevin import prose
    >>> prose.number(1.1e-3), prose.number(1.1e-3, ".1e"), prose.number(3e17)
    ('0.0011', '1.1 × 10⁻³', '3 × 10¹⁷')
    """
    digits, _, power = format(value, spec).partition("e")
    return f"{digits} × 10{str(int(power)).translate(RAISED)}" if power else digits


class Table(NamedTuple):
    """A table of text: HTML on a page and in a notebook, columns of letters in a terminal.

    What `table` returns.

    Attributes
    ----------
    head : list of str
        The names of the columns.
    rows : list of list of str
        The rows; the first cell of each names it.
    """

    head: list[str]
    rows: list[list[str]]

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.head)
        lines = [f"<thead><tr>{head}</tr></thead>", "<tbody>"]
        for name, *cells in self.rows:
            values = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            lines.append(f'<tr><th scope="row">{escape(name)}</th>{values}</tr>')
        return "\n".join(['<table class="dataframe numbers">', *lines, "</tbody>", "</table>"])

    def __repr__(self) -> str:
        lines = [self.head, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])])
            for line in lines
        )


def table(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Table:
    """Make a table of what a cell has computed, readable on a phone and in print.

    Let it be the last line of the cell, so that the notebook shows it.  Lines that `print` has
    aligned break on a narrow screen, and a screen reader does not know their columns.

    Parameters
    ----------
    head : sequence
        The names of the columns.
    rows : iterable of sequences
        The rows, as long as `head`; the first cell of a row is its name.  What is not text yet is
        turned into it by ``str``, so format numbers first.

    Returns
    -------
    Table
        Shown as HTML where that is possible, else as columns of letters.

    Raises
    ------
    ValueError
        If a row has more or fewer cells than there are columns.

    Examples
    --------
    >>> from langevin import prose
    >>> prose.table(["T", "share"], [["1.00", "0.65"], ["0.05", "1.00"]])
    T     share
    1.00   0.65
    0.05   1.00
    """
    names = [str(name) for name in head]
    lines = [[str(cell) for cell in row] for row in rows]
    for number, line in enumerate(lines, 1):
        if len(line) != len(names):
            raise ValueError(
                f"row {number} has {len(line)} cells for {len(names)} columns: {line}; "
                "give each row one cell a column"
            )
    return Table(names, lines)
