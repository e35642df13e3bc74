"""Give the marks to tables that learning platforms import."""

import sys

import roster
import tables
from nbgrader.api import MissingEntry

# What a platform knows students by, and what of its table is kept: all columns where None.
PLATFORMS = {
    "moodle": (("ID number", "Email address", "Username", "Full name"), None),
    "canvas": (
        ("SIS Login ID", "SIS User ID", "ID", "Student"),
        ("Student", "ID", "SIS User ID", "SIS Login ID", "Root Account", "Section"),
    ),
}


def points_of(book, name, student):
    """Return the points of a student, and how many cells wait; None where nothing came."""
    try:
        submission = book.find_submission(name, student)
    except MissingEntry:
        return None, 0
    waits = sum(grade.needs_manual_grade for part in submission.notebooks for grade in part.grades)
    return max(0.0, submission.score - (submission.late_submission_penalty or 0)), waits


def people(book):
    """Return the students of the roster, and those who handed in without being on it."""
    known = roster.of_course()
    names = {student.id for student in known}
    more = [each for each in book.students if each.id not in names]
    return known + [
        roster.Student(each.id, each.first_name or "", each.last_name or "", each.email or "", ())
        for each in more
    ]


def export(book, table):
    """Write the marks of all sets: a row for each student, a column for each set.

    Parameters
    ----------
    book : nbgrader.api.Gradebook
        That of the course.
    table : pathlib.Path
        What is written; an empty cell means that nothing was handed in.
    """
    sets = sorted(each.name for each in book.assignments)
    rows, waiting = [], dict.fromkeys(sets, 0)
    for student in people(book):
        row = [student.id, student.first, student.last, student.email]
        for name in sets:
            points, waits = points_of(book, name, student.id)
            waiting[name] += waits
            row.append("" if points is None else f"{points:g}")
        rows.append(row)
    tables.write(table, ["student_id", "first name", "last name", "email", *sets], rows)
    print(f"{table}: {len(rows)} students")
    for name, waits in waiting.items():
        say_waiting(name, waits)


def say_waiting(name, waits):
    """Say what the points of a set do not count yet."""
    if waits:
        print(f"{name}: {waits} cells wait for a human and count nothing yet; see: waits {name}")


def fill_in(book, name, platform, template, table):
    """Write a platform's own table with the marks of one set in it.

    Parameters
    ----------
    book : nbgrader.api.Gradebook
        That of the course.
    name : str
        The set.
    platform : str
        ``"moodle"`` or ``"canvas"``.
    template : pathlib.Path
        What the platform has exported.
    table : pathlib.Path
        What is written, for the platform to import.
    """
    if not template.is_file():
        sys.exit(f"there is no table {template}; export it from {platform} first")
    head, rows, between, marked = tables.read(template)
    known, kept = PLATFORMS[platform]
    called = [head.index(column) for column in known if column in head]
    if not called:
        sys.exit(
            f"{template} has none of the columns {', '.join(known)}; its first line is "
            f"{between.join(head)[:200]!r}"
        )
    column = column_of(head, name, platform, template)
    if column is None:  # Canvas makes an assignment of a column that it does not know
        column, head = len(head), [*head, name]
        rows = [[*row, ""] for row in rows]
    students, unknown, filled, waiting = people(book), [], set(), 0
    most = book.find_assignment(name).max_score
    for row in rows:
        names = [tables.as_written(row[place]) for place in called]
        if roster.is_of_canvas(row):
            if roster.plain(row[0]) == "points possible":
                row[column] = row[column] or f"{most:g}"
            continue
        student = roster.whose(names, students)
        if student is None:
            unknown.append(next(filter(None, names), "a row without a name"))
            continue
        points, waits = points_of(book, name, student.id)
        waiting += waits
        filled.add(student.id)
        if points is not None:
            row[column] = f"{points:g}".replace(".", "," if between == ";" else ".")
    chosen = [n for n, title in enumerate(head) if kept is None or title in kept or n == column]
    cells = [[row[place] for place in chosen] for row in rows]
    tables.write(table, [head[place] for place in chosen], cells, between, marked)
    print(f"{table}: {len(filled)} students")
    if unknown:
        print(f"in {template} but not in the course: {', '.join(unknown)}")
    if lacking := [student.id for student in students if student.id not in filled]:
        print(f"in the course but not in {template}: {', '.join(lacking)}")
    say_waiting(name, waiting)


def column_of(head, name, platform, template):
    """Return which column takes the marks; None if Canvas may make a new one."""
    if platform == "moodle" and "Grade" in head:  # the worksheet of one assignment
        return head.index("Grade")
    words = [title.casefold().replace("(", " ").replace(":", " ").split() for title in head]
    found = [place for place, title in enumerate(words) if name.casefold() in title]
    if len(found) == 1:
        return found[0]
    if platform == "canvas" and not found:
        return None
    sys.exit(
        f"{template} has {len(found)} columns for {name}, and one is wanted: 'Grade', or one with "
        f"the word {name}; its columns are {', '.join(head)[:300]}"
    )
