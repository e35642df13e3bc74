"""A batch with all that comes in before a deadline: each fails alone, and the rest is graded."""

import csv
import json
import shutil

import nbformat
import pytest
from course import Course, run
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

TIMEOUT = 5  # seconds a cell; the least that a busy machine grants a cell that works
DEFINE = "def double(x):\n    "
RIGHT = DEFINE + "return 2 * x"
ANSWERS = {
    "good": RIGHT,
    "late": RIGHT,
    "half": DEFINE + "return 2 * abs(x)",
    "warns": f"import warnings\n{DEFINE}warnings.warn('a warning is no fault')\n    return 2 * x",
    "loop": DEFINE + "while True:\n        pass",
    "leaves": f"import sys\n{DEFINE}sys.exit()",
    "crash": f"import os\n{DEFINE}os._exit(1)",
    "faults": f"import ctypes\n{DEFINE}ctypes.string_at(0)",
    "online": RIGHT,  # written in JupyterLite
    "zealous": RIGHT,  # graded last, after everything that went wrong
}
TAMPERED = {"forger", "eraser"}  # with the test of one
NOTHING = {"loop", "leaves"}  # they are graded, and earn nothing
FAILED = {"crash", "faults", "corrupt", "misnamed"}
WHY = "I think so."
SECRET = "ten is twice five"

CELLS = [  # what the cell is, its name, its points, its source
    ("given", "double-question", None, "Write `double(x)`."),
    (
        "answer",
        "double",
        None,
        DEFINE + "### BEGIN SOLUTION\n    return x + x\n    ### END SOLUTION",
    ),
    (
        "test",
        "double-one",
        2,
        "assert double(1) == 2, 'two is twice one'\n### BEGIN HIDDEN TESTS\n"
        f"assert double(5) == 10, '{SECRET}'\n### END HIDDEN TESTS",
    ),
    ("test", "double-negative", 1, "assert double(-1) == -2, 'negative numbers too'"),
    ("written", "why", 3, "Because it is so."),
]


def source():
    """Return a problem set of two parts."""
    cells = []
    for kind, name, points, text in CELLS:
        grading = {
            "schema_version": 3,
            "grade_id": name,
            "grade": kind in ("test", "written"),
            "solution": kind in ("answer", "written"),
            "locked": kind in ("given", "test"),
            "task": False,
        }
        if points:
            grading["points"] = points
        new_cell = new_code_cell if kind in ("answer", "test") else new_markdown_cell
        cells.append(new_cell(text, id=name, metadata={"nbgrader": grading}))
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def tamper(file, student):
    """Replace a test by one that always passes, or leave it out."""
    notebook = json.loads(file.read_text(encoding="utf-8"))
    (test,) = (cell for cell in notebook["cells"] if cell["id"] == "double-one")
    test["source"] = "assert True"
    if student == "eraser":
        notebook["cells"].remove(test)
    file.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """Hand in everything, grade it by one command; return the course and what was said."""
    folder = tmp_path_factory.mktemp("batch")
    file = folder / "tiny.ipynb"
    nbformat.write(source(), file)
    course = Course(folder / "course", [file])
    course.nbgrader("generate_assignment", "tiny")
    course.nbgrader("db", "assignment", "add", "tiny", "--duedate=2030-05-01 12:00:00 UTC")
    for student, answer in ANSWERS.items():
        course.submit("tiny", student, {"double": answer, "why": WHY})
    late = course.root / "submitted" / "late" / "tiny" / "timestamp.txt"
    late.write_text("2030-05-01 13:00:00 UTC", encoding="utf-8")
    online = course.root / "submitted" / "online" / "tiny" / "tiny.ipynb"
    online.write_text(
        online.read_text(encoding="utf-8").replace('"name": "python3"', '"name": "python"'),
        encoding="utf-8",
    )
    assert '"name": "python"' in online.read_text(encoding="utf-8")
    course.submit("tiny", "corrupt", '{"cells": [')
    for student in TAMPERED:
        folder = course.submit("tiny", student, {"double": DEFINE + "return 3", "why": WHY})
        tamper(folder / "tiny.ipynb", student)
    misnamed = course.submit("tiny", "misnamed", {"double": RIGHT}) / "tiny.ipynb"
    misnamed.rename(misnamed.with_name("my homework.ipynb"))
    said = course.nbgrader("autograde", "tiny", f"--Execute.timeout={TIMEOUT}", fails=True)
    course.nbgrader("generate_feedback", "tiny")
    return course, said


def points(course, student):
    return {name: grade.points for name, grade in course.grades("tiny", student).items()}


@pytest.mark.parametrize("student", ["good", "late", "warns", "online", "zealous"])
def test_right_answers_are_graded_whatever_else_was_handed_in(batch, student):
    course, _ = batch
    assert points(course, student) == {"double-one": 2, "double-negative": 1, "why": None}
    assert course.grades("tiny", student)["why"].waits


def test_half_an_answer_earns_its_half(batch):
    course, _ = batch
    assert points(course, "half") == {"double-one": 2, "double-negative": 0, "why": None}


@pytest.mark.parametrize("student", sorted(NOTHING))
def test_an_endless_loop_and_an_exit_lose_the_tests_that_meet_them(batch, student):
    course, _ = batch
    assert points(course, student) == {"double-one": 0, "double-negative": 0, "why": None}


def test_an_endless_loop_is_said_to_have_taken_too_long(batch):
    course, _ = batch
    cells = course.graded("tiny", "loop")["cells"]
    errors = [output["ename"] for cell in cells for output in cell.get("outputs", [])]
    assert errors.count("CellTimeoutError") == 2


@pytest.mark.parametrize("student", sorted(FAILED))
def test_what_cannot_be_run_waits_for_a_human_and_is_named_at_the_end(batch, student):
    course, said = batch
    assert f"error processing assignment 'tiny' for student '{student}'" in said
    assert all(grade.waits for grade in course.grades("tiny", student).values())
    assert not (course.root / "autograded" / student / "tiny").exists()


def test_a_test_that_was_changed_is_put_back(batch):
    course, _ = batch
    assert points(course, "forger")["double-one"] == 0


def test_a_test_that_was_left_out_gives_nothing_and_waits_for_a_human(batch):
    course, _ = batch
    assert course.grades("tiny", "eraser")["double-one"] == (None, 2, True)


def test_nobody_else_is_named(batch):
    _, said = batch
    assert said.count("error processing assignment 'tiny' for student") == len(FAILED)


def test_feedback_is_written_for_those_who_were_graded(batch):
    course, _ = batch
    everybody = ANSWERS.keys() | TAMPERED | FAILED
    assert {student for student in everybody if course.feedback("tiny", student).exists()} == (
        everybody - FAILED
    )
    page = course.feedback("tiny", "half").read_text(encoding="utf-8")
    assert "negative numbers too" in page
    assert SECRET in page  # nbgrader shows hidden tests once they are graded
    assert "x + x" not in page
    assert "Because it is so" not in page


def test_lateness_is_noted_and_costs_nothing(batch):
    course, said = batch
    assert "is 3600.0 seconds late" in said
    course.nbgrader("export", "--to=marks.csv")
    marks = {row["student_id"]: row for row in rows_of(course.root / "marks.csv")}
    assert marks.keys() == ANSWERS.keys() | TAMPERED | FAILED
    assert marks["late"]["timestamp"] == "2030-05-01 13:00:00"
    assert marks["late"]["score"] == marks["good"]["score"] == "3.0"
    assert marks["half"]["score"] == "2.0"
    assert marks["crash"]["score"] == "0.0"


def test_written_answers_are_marked_in_a_table(batch, tmp_path):
    """The teacher's way without a browser: write the table, fill it in, enter it."""
    course = Course(tmp_path / "course", [batch[0].root / "source" / "tiny" / "tiny.ipynb"])
    for name in ("gradebook.db", "autograded"):
        copy = shutil.copytree if name == "autograded" else shutil.copy
        copy(batch[0].root / name, course.root / name)
    table = course.root / "tiny-written.csv"
    graded = (ANSWERS.keys() | TAMPERED) - FAILED
    assert f"{len(graded)} written answers" in written(course)
    rows = rows_of(table)
    assert {row["student"] for row in rows} == graded
    assert {(row["answer"], row["most"], row["points"]) for row in rows} == {(WHY, "3.0", "")}
    assert "may hold marks" in written(course, fails=True)
    fill_in(table, rows, good="4", half="2.5")
    assert "good: points must be a number from 0 to 3, got '4'" in written(
        course, "--enter", fails=True
    )
    assert course.grades("tiny", "half")["why"].waits  # nothing was entered
    fill_in(table, rows, good="3", half="2.5")
    assert "2 marks entered" in written(course, "--enter")
    assert not course.grades("tiny", "half")["why"].waits
    assert course.grades("tiny", "late")["why"].waits
    course.nbgrader("generate_feedback", "tiny", "--student=half")
    page = course.feedback("tiny", "half").read_text(encoding="utf-8")
    assert "2.5 / 3.0" in page
    assert "read the rubric" in page


def written(course, *arguments, fails=False):
    command = ("course.py", "written", "tiny", *arguments)
    said = run(*command, home=course.root / "home", cwd=course.root)
    assert bool(said.returncode) == fails, said.stdout
    return said.stdout


def rows_of(table):
    with table.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill_in(table, rows, **points):
    for row in rows:
        row |= {"points": points.get(row["student"], ""), "comment": "read the rubric"}
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
