"""What a teacher is shown and takes away: failed tests, answers that are alike, tables of marks."""

import json
import os
import sys
from pathlib import Path

import batch
import marking
import pytest
import report
import roster
import tables
from marks import export, fill_in
from nbgrader.api import Gradebook

WALK = """
def walk(n, rng):
    place = 0.0
    track = []
    for k in range(n):
        scale = 1.0
        place = place + rng.normal(scale=scale)
        track.append(place)
    return np.array(track)
"""
STUB = "def walk(n, rng):\n    raise NotImplementedError"
RENAMED = WALK.replace("place", "x").replace("track", "y").replace("(n,", "(count,")
RENAMED = RENAMED.replace("scale = ", "width = ").replace("=scale", "=width")
RENAMED = "# mine\n" + RENAMED.replace("(n)", "(count)").replace(" = ", "  =  ")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (RENAMED, True),
        (
            WALK.replace("def walk", "def walk").replace(
                "    place = 0", "    '''Mine.'''\n    place = 0"
            ),
            True,
        ),
        (WALK.replace("place + rng", "place - rng"), False),
        (WALK.replace("normal", "uniform"), False),
        (WALK.replace("range", "reversed"), False),
        (WALK.replace("np.array", "np.asarray"), False),
        (WALK.replace("0.0", "1.0"), False),
        (WALK.replace("return np.array(track)", "return np.array(place)"), False),
    ],
)
def test_code_is_the_same_when_only_names_comments_and_layout_differ(other, same):
    assert other != WALK
    assert (report.normal(other) == report.normal(WALK)) == same


@pytest.mark.parametrize("source", ["def f(:", "x = '\0'", "(" * 5000])
def test_what_is_no_code_is_compared_with_nothing(source):
    assert report.normal(source) is None


def cell(source, kind="code", **told):
    return {"cell_type": kind, "source": source, "metadata": {"nbgrader": told}, "outputs": []}


def test_answers_that_are_alike_are_named_and_the_stub_is_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    release = tmp_path / "release" / "ps1" / "ps1.ipynb"
    release.parent.mkdir(parents=True)
    long_stub = WALK.replace("place", "todo")
    given = [
        cell(STUB, grade_id="walk", solution=True),
        cell(long_stub, grade_id="given", solution=True),
    ]
    release.write_text(json.dumps({"cells": given}), encoding="utf-8")
    words = "word " * report.FEWEST
    handed_in = {
        "ada": [WALK, long_stub, words],
        "emil": [RENAMED, long_stub, words.upper()],
        "zoe": [WALK.replace("0.0", "1.0"), long_stub, "word"],
        "blank": [STUB, long_stub, "word"],
        "none": [STUB, long_stub, ""],
    }
    students = {
        who: {
            "walk": cell(code, solution=True),
            "given": cell(same, solution=True),
            "text": cell(text, "markdown", solution=True),
            "test": cell(WALK, grade=True),
        }
        for who, (code, same, text) in handed_in.items()
    }
    assert [line.partition(" (")[0] for line in report.alike("ps1", students)] == [
        "text: ada, emil",
        "walk: ada, emil",
    ]


TEST = (
    "assert a, 'seen'\n### BEGIN HIDDEN TESTS\nassert b, 'not seen'\n### END HIDDEN TESTS\nassert c"
)


@pytest.mark.parametrize(("line", "hidden"), [(1, False), (3, True), (5, False)])
def test_it_is_told_whether_the_assertion_that_failed_is_hidden(line, hidden):
    test = cell(TEST, grade=True)
    lines = [f"\x1b[32mCell In[7], line {line}\x1b[39m\n----> {line} assert", "Cell In[3], line 3"]
    test["outputs"] = [
        {
            "output_type": "error",
            "ename": "AssertionError",
            "evalue": "got -1.5e-3, not 7",
            "traceback": lines,
        }
    ]
    assert report.failure(test) == (hidden, "AssertionError: got #, not #")
    assert report.failure(cell(TEST, grade=True)) is None
    test["outputs"].append(marking.error(marking.CHANGED, "it waits and has not failed"))
    assert report.failure(test) is None


def test_what_was_changed_before_several_tests_is_said_once():
    told = [f"a: b: t{n} waits for a human; changed before it: math.sin, abs" for n in range(2)]
    told += ["a: b: ended, since", "a: b: t9 waits for a human; changed before it: abs"]
    assert report.together("a: b", told) == [
        "a: b: ended, since",
        "a: b: t0, t1 wait for a human; changed before them: math.sin, abs",
        "a: b: t9 waits for a human; changed before it: abs",
    ]


@pytest.mark.parametrize(
    ("log", "why"),
    [
        ("x:149: SAWarning: no\n  x.y.DeadKernelError: Kernel died\n[App | ERROR] z", "x.y.Dead"),
        (
            "    KeyError: 1\n    ValueError: two: three\n[App | ERROR] z Error: 4",
            "ValueError: two",
        ),
        ("nothing of use", "nbgrader gave no reason"),
    ],
)
def test_why_a_submission_could_not_be_marked_is_taken_from_the_log(log, why):
    assert batch.why_ended({"ended": 1, "log": log}).startswith(why)
    assert batch.why_ended({"ended": 0, "log": log}) == ""


STUDENTS = [  # who, first name, last name, address, points
    ("ada", "Ada", "Lovelace", "ada@x.org", 2.5),
    ("17", "=1+1", "O'Neil", "oneil@x.org", 0),
    ("李 明", "明", "李", "li@x.org", None),
]


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A gradebook of three students, of whom one has handed in nothing."""
    monkeypatch.chdir(tmp_path)
    programs = Path(sys.executable).parent  # nbgrader asks a program that lies there
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    with Gradebook("sqlite:///gradebook.db") as book:
        book.add_assignment("ps1")
        book.add_notebook("ps1", "ps1")
        book.add_grade_cell("test", "ps1", "ps1", max_score=4, cell_type="code")
        book.add_grade_cell("text", "ps1", "ps1", max_score=3, cell_type="markdown")
        for who, first, last, email, points in STUDENTS:
            book.add_student(who, first_name=first, last_name=last, email=email)
            if points is not None:
                with book.db.no_autoflush:
                    book.add_submission("ps1", who)
                grade = book.find_grade("test", "ps1", "ps1", who)
                grade.auto_score, grade.needs_manual_grade = points, False
        book.db.commit()
        rows = [[who, first, last, email] for who, first, last, email, _ in STUDENTS]
        tables.write(
            tmp_path / roster.KEPT, ["student_id", "first name", "last name", "email"], rows
        )
        yield book


def test_marks_are_exported_with_no_formula(book, tmp_path, capsys):
    export(book, tmp_path / "marks.csv")
    text = (tmp_path / "marks.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == [
        "student_id,first name,last name,email,ps1",
        "ada,Ada,Lovelace,ada@x.org,2.5",
        "17,'=1+1,O'Neil,oneil@x.org,0",
        "李 明,明,李,li@x.org,",
    ]
    assert "ps1: 2 cells wait for a human and count nothing yet" in capsys.readouterr().out


MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade\n"
    "Participant 4,Ada Lovelace,ada@x.org,Submitted,-,7\n"
    "Participant 5,Mr Other,oneil@x.org,=1+1,-,7\n"
    "Participant 6,李 明,,-,-,7\n"
    "Participant 7,Guest,guest@x.org,,3,7\n"
)


def test_a_worksheet_of_moodle_is_filled_in(book, tmp_path, capsys):
    (tmp_path / "in.csv").write_text(MOODLE, encoding="utf-8")
    fill_in(book, "ps1", "moodle", tmp_path / "in.csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().decode().splitlines() == [
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade",
        "Participant 4,Ada Lovelace,ada@x.org,Submitted,2.5,7",
        "Participant 5,Mr Other,oneil@x.org,'=1+1,0,7",
        "Participant 6,李 明,,-,-,7",
        "Participant 7,Guest,guest@x.org,,3,7",
    ]
    assert "but not in the course: guest@x.org" in capsys.readouterr().out


def test_where_semicolons_stand_between_columns_a_comma_stands_in_points(book, tmp_path):
    (tmp_path / "in.csv").write_text(MOODLE.replace(",", ";"), encoding="utf-8")
    fill_in(book, "ps1", "moodle", tmp_path / "in.csv", tmp_path / "out.csv")
    assert "Submitted;2,5;7" in (tmp_path / "out.csv").read_text(encoding="utf-8")


CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,essay (11),ps1 (12),Final Score\n"
    "    Points Possible,,,,,10,7,(read only)\n"
    '"Lovelace, Ada",1,17,ada,A,9,,50\n"O\'Neil, =1+1",2,99,oneil@x.org,A,9,,50\n'
    '"Student, Test",3,,,A,,,\n'
)


def test_a_table_of_canvas_is_filled_in_and_has_only_what_it_needs(book, tmp_path, capsys):
    (tmp_path / "in.csv").write_text(CANVAS, encoding="utf-8")
    fill_in(book, "ps1", "canvas", tmp_path / "in.csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().decode().splitlines() == [
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,ps1 (12)",
        "    Points Possible,,,,,7",
        '"Lovelace, Ada",1,17,ada,A,2.5',
        '"O\'Neil, =1+1",2,99,oneil@x.org,A,0',
        '"Student, Test",3,,,A,',
    ]
    assert "in the course but not in" in capsys.readouterr().out
    without = CANVAS.replace("ps1 (12)", "ps2 (12)")
    (tmp_path / "in.csv").write_text(without, encoding="utf-8")
    fill_in(book, "ps1", "canvas", tmp_path / "in.csv", tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_bytes().decode().splitlines()
    assert lines[:2] == [
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,ps1",
        "    Points Possible,,,,,7",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("age,Grade\n9,\n", "has none of the columns ID number, Email address"),
        ("Email address,Assignment: ps1 (Real),ps1 again\n", "has 2 columns for ps1, and one is"),
        ("Email address,Assignment: ps10 (Real)\n", "has 0 columns for ps1, and one is wanted"),
    ],
)
def test_a_table_that_cannot_be_filled_in_is_refused_and_nothing_written(text, why, book, tmp_path):
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=why):
        fill_in(book, "ps1", "moodle", tmp_path / "in.csv", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
