"""Mark the written answers of a problem set in a table instead of nbgrader's own pages.

python written.py ps1            writes ps1-written.csv, a row for each written answer
python written.py ps1 --enter    reads the points and the comments that you have put there
"""

import argparse
import csv
import io
import sys
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry

COLUMNS = ("student", "cell", "answer", "most", "points", "comment")
NEEDED = ("student", "cell", "points", "comment")
FORMULA = tuple("=+-@\t\r")  # a spreadsheet runs a text that begins with one of these


def main():
    """Write the table, or enter it into the gradebook."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", help="name of the problem set, such as ps1")
    parser.add_argument("--enter", action="store_true", help="enter the points of the table")
    given = parser.parse_args()
    table = Path(f"{given.set}-written.csv")
    if not Path("gradebook.db").exists():
        sys.exit("there is no gradebook.db here; change to the folder of your course")
    if given.enter and not table.exists():
        sys.exit(f"there is no {table}; write it with: python written.py {given.set}")
    if not given.enter and table.exists():
        sys.exit(f"{table} exists and may hold marks; enter it, or move it away")
    with Gradebook(f"sqlite:///{Path('gradebook.db').resolve()}") as book:
        (enter if given.enter else write)(book, given.set, table)


def write(book, name, table):
    """Write one row for each written answer that was handed in."""
    rows = [row for student in graded_students(name) for row in answers(book, name, student)]
    with table.open("w", encoding="utf-8-sig", newline="") as file:  # Excel looks for the mark
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({key: harmless(text) for key, text in row.items()} for row in rows)
    print(f"{table}: {len(rows)} written answers")


def harmless(text):
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("so"), harmless(2.5)
    ("'=1+1", 'so', 2.5)
    """
    starts = isinstance(text, str) and text.lstrip("'").startswith(FORMULA)
    return f"'{text}" if starts else text


def as_written(text):
    """Return what `harmless` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def rows_of(table):
    """Return the rows of a table, whatever program has saved it, or end this one.

    Parameters
    ----------
    table : pathlib.Path
        UTF-8 with or without a mark, UTF-16, or the code page of Windows in western Europe; with
        commas, semicolons or tabs between the columns.
    """
    data = table.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    csv.field_size_limit(1 << 30)
    between = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=between)
    columns = [column.strip() for column in reader.fieldnames or []]
    if lacking := [column for column in NEEDED if column not in columns]:
        sys.exit(f"{table} has no column {', '.join(lacking)}; its first line is {head[:200]!r}")
    reader.fieldnames = columns
    return [
        {key: as_written(row[key] or "") for key in NEEDED} for row in reader if any(row.values())
    ]


def graded_students(name):
    """Return those whose submissions could be run."""
    return sorted(path.parts[1] for path in Path("autograded").glob(f"*/{name}/{name}.ipynb"))


def answers(book, name, student):
    """Yield the rows of one student, with the points that were given before."""
    notebook = nbformat.read(f"autograded/{student}/{name}/{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        told = cell.metadata.get("nbgrader", {})
        if told.get("grade") and told.get("solution"):
            place = (told["grade_id"], name, name, student)
            grade, comment = book.find_grade(*place), book.find_comment(*place)
            points = "" if grade.needs_manual_grade else grade.score
            given = (student, grade.name, cell.source, grade.max_score, points, comment.comment)
            yield dict(zip(COLUMNS, given, strict=True))


def enter(book, name, table):
    """Enter all points of the table, or none if one of them cannot be right."""
    rows = [row for row in rows_of(table) if row["points"].strip()]
    for row in rows:
        place = (row["cell"], name, name, row["student"])
        try:
            grade, comment = book.find_grade(*place), book.find_comment(*place)
        except MissingEntry:
            sys.exit(
                f"{row['student']}: has no answer {row['cell']!r} in the gradebook; "
                "nothing was entered"
            )
        grade.manual_score = points_of(row, grade.max_score)
        grade.needs_manual_grade = False
        comment.manual_comment = row["comment"] or None
    book.db.commit()
    print(f"{table}: {len(rows)} marks entered")


def points_of(row, most):
    """Return the points of a row, or end the program if they cannot be right."""
    try:
        points = float(row["points"].strip().replace(",", "."))
    except ValueError:
        points = None
    if points is None or not 0 <= points <= most:
        sys.exit(
            f"{row['student']}: points must be a number from 0 to {most:g}, "
            f"got {row['points']!r}; nothing was entered"
        )
    return points


if __name__ == "__main__":
    main()
