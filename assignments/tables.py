"""Tables in CSV, as spreadsheets and learning platforms write them and want them."""

import csv
import io
from typing import NamedTuple

FORMULA = tuple("=+-@\t\r")  # a spreadsheet runs a text that begins with one of these
MARK = b"\xef\xbb\xbf"


class Table(NamedTuple):
    """What a file says, and how it says it."""

    head: list[str]
    rows: list[list[str]]
    between: str
    marked: bool


def harmless(text):
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("so"), harmless(2.5)
    ("'=1+1", 'so', 2.5)
    """
    starts = isinstance(text, str) and text.lstrip("'").startswith(FORMULA)
    return f"'{text}" if starts and text != "-" else text  # for Moodle a hyphen is no grade


def as_written(text):
    """Return what `harmless` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def read(path):
    """Return a table, whatever program has saved it.

    Parameters
    ----------
    path : pathlib.Path
        UTF-8 with or without a mark, UTF-16, or the code page of Windows in western Europe; with
        commas, semicolons or tabs between the columns.

    Returns
    -------
    Table
        Its rows are as long as its head; empty ones are left out.
    """
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    csv.field_size_limit(1 << 30)
    between = max(",;\t", key=text.partition("\n")[0].count)
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=between)) or [[]]
    head = [column.strip() for column in lines[0]]
    rows = [(line + [""] * len(head))[: len(head)] for line in lines[1:] if any(line)]
    return Table(head, rows, between, data.startswith(MARK))


def write(path, head, rows, between=",", marked=True):
    """Write a table in which no cell is a formula.

    Parameters
    ----------
    path : pathlib.Path
        Where to.
    head : list of str
        The columns.
    rows : iterable of list
        The cells of each row.
    between : str
        What stands between two columns.
    marked : bool
        Whether the mark comes first by which Excel knows UTF-8.
    """
    with path.open("w", encoding="utf-8-sig" if marked else "utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=between)
        writer.writerow(map(harmless, head))
        writer.writerows([harmless(cell) for cell in row] for row in rows)
