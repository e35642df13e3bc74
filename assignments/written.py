"""Mark the written answers of a problem set in a table instead of nbgrader's own pages.

python written.py ps1            writes ps1-written.csv, a row for each written answer
python written.py ps1 --enter    reads the points and the comments that you have put there
"""

import argparse
import csv
import sys
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

COLUMNS = ("student", "cell", "answer", "most", "points", "comment")


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
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    print(f"{table}: {len(rows)} written answers")


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
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["points"].strip()]
    for row in rows:
        place = (row["cell"], name, name, row["student"])
        grade, comment = book.find_grade(*place), book.find_comment(*place)
        grade.manual_score = points_of(row, grade.max_score)
        grade.needs_manual_grade = False
        comment.manual_comment = row["comment"] or None
    book.db.commit()
    print(f"{table}: {len(rows)} marks entered")


def points_of(row, most):
    """Return the points of a row, or end the program if they cannot be right."""
    try:
        points = float(row["points"])
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
