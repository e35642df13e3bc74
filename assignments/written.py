"""Mark the written answers of a problem set in a table instead of nbgrader's own pages."""

import sys
from pathlib import Path

import nbformat
import tables
from nbgrader.api import MissingEntry

COLUMNS = ("student", "cell", "answer", "most", "points", "comment")
NEEDED = ("student", "cell", "points", "comment")


def write(book, name, table):
    """Write one row for each written answer that was handed in."""
    rows = [row for student in graded_students(name) for row in answers(book, name, student)]
    tables.write(table, COLUMNS, rows)
    print(f"{table}: {len(rows)} written answers")


def rows_of(table):
    """Return the rows of a table that was filled in, or end the program."""
    head, rows, between, _ = tables.read(table)
    if lacking := [column for column in NEEDED if column not in head]:
        first = between.join(head)[:200]
        sys.exit(f"{table} has no column {', '.join(lacking)}; its first line is {first!r}")
    cells = [dict(zip(head, row, strict=True)) for row in rows]
    return [{key: tables.as_written(row[key]) for key in NEEDED} for row in cells]


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
            yield [student, grade.name, cell.source, grade.max_score, points, comment.comment]


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
