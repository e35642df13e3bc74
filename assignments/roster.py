"""The students of a course: a table from a learning platform or a spreadsheet."""

import re
import sys
import unicodedata
from pathlib import Path
from typing import NamedTuple

import tables

KEPT = "students.csv"
# The first of these columns that a table has says what the students are called here.
IDS = ("student_id", "username", "login", "sis login id", "id number", "sis user id")
IDS += ("email address", "email", "id", "student")
FIRST = ("first name", "first_name", "firstname", "given name")
LAST = ("last name", "last_name", "lastname", "surname")
EMAIL = ("email address", "email", "e-mail")
WHOLE = ("student", "name", "full name")


class Student(NamedTuple):
    """A student: the name used here, and all others that a platform may use."""

    id: str
    first: str
    last: str
    email: str
    others: tuple[str, ...]

    @property
    def names(self):
        """All that this student may be called, as `plain` writes it."""
        called = {self.id, self.email, *self.others}
        called |= {f"{self.first} {self.last}", f"{self.last} {self.first}"}
        names = {plain(name) for name in called} - {""}
        return names | {name.replace(" ", "") for name in names}  # as Canvas names files


def plain(name):
    """Return a name without what platforms change: capitals, commas, spaces at the ends."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().replace(",", " ").split())


def unfit(student):
    """Return why nobody can be called so, or None.

    A name is a folder, stands in tables that a spreadsheet opens, and in commands, which take
    some signs for patterns.
    """
    if not student:
        return "a name is wanted"
    if student[0] in ".=+-@":
        return "a name may not begin with . = + - or @"
    if found := re.search(r"[\x00-\x1f/\\*?\[\]{}]", student):
        return f"a name may not hold {found[0]!r}"
    if len(student.encode()) > 120:
        return "a name may have no more than 120 bytes"
    return None


def read(path):
    """Return the students of a table, or end the program.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file whose first line names the columns: one of `IDS`, and names and addresses if
        there are any. Moodle's and Canvas's own exports are such files.

    Returns
    -------
    list of Student
    """
    if not path.is_file():
        sys.exit(f"there is no roster {path}; give a CSV file with a line for each student")
    head, rows, between, _ = tables.read(path)
    columns = [column.casefold() for column in head]
    named = [column for column in IDS if column in columns]
    if not named:
        sys.exit(
            f"{path} has no column that names the students; its first line is "
            f"{between.join(head)[:200]!r}, and one of {', '.join(IDS)} is wanted"
        )
    found, numbers = [], {}
    for number, row in enumerate((row for row in rows if not is_of_canvas(row)), 1):
        texts = [tables.as_written(cell).strip() for cell in row]
        student = student_of(dict(zip(columns, texts, strict=True)), named)
        if why := unfit(student.id):
            sys.exit(f"{path}, student {number}: nobody can be called {student.id!r}; {why}")
        if (key := plain(student.id)) in numbers:
            sys.exit(
                f"{path}: students {numbers[key]} and {number} are both called {student.id!r} in "
                f"the column {named[0]!r}; give each a name of its own"
            )
        numbers[key] = number
        found.append(student)
    if not found:
        sys.exit(f"{path} names no student; give a line for each below the names of the columns")
    return found


def is_of_canvas(row):
    """Return whether a row of Canvas stands for the points to be had or for the teacher's test."""
    return any(plain(cell) in ("points possible", "student test") for cell in row)


def student_of(cells, named):
    """Return the student of a row."""

    def first_of(kinds):
        return next((cells[kind] for kind in kinds if cells.get(kind)), "")

    first, last = first_of(FIRST), first_of(LAST)
    others = tuple(cells[column] for column in named if cells[column])
    whole = first_of(WHOLE)
    if not first and not last and named[0] not in WHOLE:
        if "," in whole:
            last, _, first = whole.partition(",")
        else:
            first, _, last = whole.rpartition(" ")
    name = unicodedata.normalize("NFC", cells[named[0]])
    return Student(name, first.strip(), last.strip(), first_of(EMAIL), (*others, whole))


def of_course():
    """Return the students of the course in this folder; none where it has no roster."""
    return read(Path(KEPT)) if Path(KEPT).exists() else []


def whose(names, students):
    """Return the one student who is called by one of these names, or None.

    Parameters
    ----------
    names : iterable of str
        What stands in a file's name or in a row of a table.
    students : list of Student
        The roster.
    """
    for name in names:
        key = plain(name)
        exact = [student for student in students if plain(student.id) == key]
        alike = exact or [student for student in students if key in student.names]
        if key and len(alike) == 1:
            return alike[0]
    return None
