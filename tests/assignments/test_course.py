"""The program of a course: set up, marked side by side, killed and started again, exported."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

import nbformat
import pytest
import roster
from course import UNCAGED, Course, Grade, run
from problem_sets import ROOT
from test_batch import DEFINE, RIGHT, source

PROGRAM = str(ROOT / "assignments" / "course.py")
ANSWERS = {"_": RIGHT, "emil": DEFINE + "return 2 * abs(x)", "o'neil": RIGHT, "李 明": RIGHT}
# Kill the whole group when a function is about to be called: at a commit, when grades were written.
KILL = """
import importlib, os, runpy, signal, sys
place, name = {place!r}, {name!r}
owner = importlib.import_module(place)
owner = owner.Session if name == "commit" else owner
old = getattr(owner, name)

def killed(*arguments, **options):
    if name == "commit":
        arguments[0].flush()
        held = {{type(each).__name__ for each in arguments[0].identity_map.values()}}
        if "Grade" not in held or sys._getframe(2).f_code.co_name != "enter":
            return old(*arguments, **options)
    os.killpg(0, {number})

setattr(owner, name, killed)
sys.argv = ["course.py", "mark", "tiny", "--at-once=1", *{options!r}]
runpy.run_path("course.py", run_name="__main__")
"""
KILLS = [  # what is about to happen
    ("batch", "save"),  # the first marks are entered
    ("sqlalchemy.orm", "commit"),  # they are written, and become valid
    ("batch", "put_in_place"),  # the marked notebook is replaced
    ("os", "rename"),  # the old one is gone, the new one comes
    ("os", "replace"),  # the submission is noted as marked
]
STOPPED = "stopped; to go on: python course.py mark tiny"


def set_up(folder, table, cwd):
    return run(PROGRAM, "set-up", str(folder), str(table), home=cwd / "home", cwd=cwd)


def do(course, *arguments):
    """Type a command in the course; return what it says."""
    said = run("course.py", *arguments, home=course.root / "home", cwd=course.root)
    assert said.returncode == 0, said.stdout[-4000:]
    return said.stdout


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A course in which everything has been handed in."""
    folder = tmp_path_factory.mktemp("course")
    nbformat.write(source(), folder / "tiny.ipynb")
    course = Course(folder / "course", [folder / "tiny.ipynb"])
    course.nbgrader("generate_assignment", "tiny")
    for student, answer in ANSWERS.items():
        course.submit("tiny", student, {"double": answer, "why": "So."})
    return course


def copy(course, folder):
    """Return a course of the same content."""
    shutil.copytree(course.root, folder)
    other = Course.__new__(Course)
    other.root = folder
    return other


@pytest.fixture(scope="module")
def marked(handed_in, tmp_path_factory):
    """The course when it was marked and nothing disturbed it, and what was said."""
    course = copy(handed_in, tmp_path_factory.mktemp("marked") / "course")
    return course, do(course, "mark", "tiny", *UNCAGED)


def grades(course):
    return {student: course.grades("tiny", student) for student in ANSWERS}


def test_submissions_are_marked_side_by_side(marked):
    course, said = marked
    found = grades(course)
    assert found["emil"]["double-negative"] == Grade(0, 1, False)
    del found["emil"]
    right = {"double-one": (2, 2, False), "double-negative": (1, 1, False), "why": (None, 3, True)}
    assert all(each == right for each in found.values())
    assert "1 x AssertionError: negative numbers too" in said
    assert "why: 4 written answers wait" in said


def test_what_was_marked_is_not_marked_again_unless_it_has_changed(marked, tmp_path):
    course = copy(marked[0], tmp_path / "course")
    records = sorted(course.root.glob("marked/tiny/*.json"))
    before = [path.stat().st_mtime_ns for path in records]
    file = course.root / "submitted" / "emil" / "tiny" / "tiny.ipynb"
    file.write_text(file.read_text(encoding="utf-8").replace("abs(x)", "x"), encoding="utf-8")
    do(course, "mark", "tiny", *UNCAGED)
    after = [path.stat().st_mtime_ns for path in records]
    again = [
        path.stem
        for path, *times in zip(records, before, after, strict=True)
        if times[0] != times[1]
    ]
    assert again == ["emil"]
    assert course.grades("tiny", "emil")["double-negative"].points == 1


def test_marking_that_is_killed_goes_on_and_ends_as_if_nothing_had_happened(
    handed_in, marked, tmp_path
):
    course = copy(handed_in, tmp_path / "course")
    ways = [(*KILLS[0], signal.SIGINT), *((*kill, signal.SIGKILL) for kill in KILLS)]
    for place, name, number in ways:
        code = KILL.format(place=place, name=name, number=int(number), options=UNCAGED)
        with tempfile.TemporaryDirectory() as left:  # what is killed cannot tidy up
            killed = subprocess.run(
                [sys.executable, "-c", code],
                cwd=course.root,
                env=os.environ | {"HOME": str(course.root / "home"), "TMPDIR": left},
                start_new_session=True,
                # a shell that runs the tests in the background has programs ignore it
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                capture_output=True,
                check=False,
            )
        said = killed.stderr.decode()[-2000:]
        assert killed.returncode == (-number if number == signal.SIGKILL else 1), said
        assert (STOPPED in said) == (number == signal.SIGINT)
        with sqlite3.connect(course.root / "gradebook.db") as book:
            assert book.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    do(course, "mark", "tiny", *UNCAGED)
    assert grades(course) == grades(marked[0])
    made = [sorted(each.root.glob("autograded/*/tiny/*")) for each in (course, marked[0])]
    names = [
        [path.relative_to(each.root) for path in paths]
        for each, paths in zip((course, marked[0]), made, strict=True)
    ]
    assert names[0] == names[1]
    assert len(names[0]) == len(ANSWERS)


def test_workers_of_dask_mark_as_this_machine_does(handed_in, marked, tmp_path):
    distributed = pytest.importorskip("distributed")
    course = copy(handed_in, tmp_path / "course")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        do(course, "mark", "tiny", f"--dask={cluster.scheduler_address}", *UNCAGED)
    assert grades(course) == grades(marked[0])


def test_a_course_is_set_up_with_its_students_and_never_twice(tmp_path):
    table = tmp_path / "roster.csv"
    text = "Nachname;First name;student_id\r\nO'Neil;Zoë;_zoë\r\nLi;Ming;李 明\r\n"
    table.write_bytes(text.encode("utf-16"))
    said = set_up(tmp_path / "new" / "course", table, tmp_path)
    assert said.returncode == 0, said.stdout
    course = tmp_path / "new" / "course"
    with sqlite3.connect(course / "gradebook.db") as book:
        assert sorted(book.execute("SELECT id, first_name FROM student")) == [
            ("_zoë", "Zoë"),
            ("李 明", "Ming"),
        ]
    before = {path: path.stat().st_mtime_ns for path in course.rglob("*")}
    said = set_up(course, table, tmp_path)
    assert said.returncode == 1
    assert "holds a course; give the name of a folder that does not exist" in said.stdout
    assert before == {path: path.stat().st_mtime_ns for path in course.rglob("*")}


BAD = {  # a roster, and what is said of it
    "": "has no column that names the students",
    "student_id\n": "names no student",
    "age\n9\n": "has no column that names the students; its first line is 'age'",
    "student_id\nada\nemil\nADA\n": "students 1 and 3 are both called 'ADA'",
    "student_id\né\ne\u0301\n": "students 1 and 2 are both called",
    "student_id\nada\n=1+1\n": "student 2: nobody can be called '=1+1'; a name may not begin with",
    "student_id\nada\n'=1+1\n": "student 2: nobody can be called '=1+1'",
    "student_id,first name\nada,A\n,B\n": "student 2: nobody can be called ''; a name is wanted",
    "student_id\n../ada\n": "nobody can be called '../ada'",
    "student_id\na/b\n": "a name may not hold '/'",
    "student_id\nb[ab]\n": "a name may not hold '['",
    "student_id\n" + "é" * 61 + "\n": "a name may have no more than 120 bytes",
}


@pytest.mark.parametrize("text", BAD)
def test_a_roster_that_cannot_be_is_refused_in_one_sentence(text, tmp_path):
    table = tmp_path / "roster.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as refused:
        roster.read(table)
    assert BAD[text] in str(refused.value)
    assert "\n" not in str(refused.value)


def test_of_a_course_that_is_refused_nothing_is_written(tmp_path):
    table = tmp_path / "roster.csv"
    table.write_text("student_id\nada\nada\n", encoding="utf-8")
    said = set_up(tmp_path / "course", table, tmp_path)
    assert said.returncode == 1
    assert said.stdout.count("\n") == 1, said.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "roster.csv"]


NAMES = ["_", "é", "李 明", "o'neil", 'say "ah"', "a,b", "~last", "x" * 120]


def test_names_of_many_kinds_are_taken_as_they_are(tmp_path):
    table = tmp_path / "roster.csv"
    rows = "".join(f'"{name}"\n'.replace('say "ah"', 'say ""ah""') for name in NAMES)
    table.write_text(f"student_id\n{rows}", encoding="utf-8")
    assert [student.id for student in roster.read(table)] == NAMES


def test_moodle_and_canvas_name_the_same_student(tmp_path):
    moodle, canvas = tmp_path / "moodle.csv", tmp_path / "canvas.csv"
    moodle.write_text(
        "First name,Last name,ID number,Email address\nAda,Lovelace,17,ada@x.org\n",
        encoding="utf-8",
    )
    canvas.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
        '"Lovelace, Ada",9,17,ada,A\n"Student, Test",8,,,A\n',
        encoding="utf-8",
    )
    for table, called in ((moodle, "17"), (canvas, "ada")):
        (student,) = students = roster.read(table)
        assert (student.id, student.first, student.last) == (called, "Ada", "Lovelace")
        for name in ("Ada Lovelace", "lovelaceada", "Lovelace, Ada", called.upper()):
            assert roster.whose([name], students) == student
        assert roster.whose(["Lovelace", ""], students) is None


def test_a_name_of_two_students_is_nobodys(tmp_path):
    table = tmp_path / "roster.csv"
    table.write_text("student_id,name\nada1,Ada Li\nada2,Ada Li\n", encoding="utf-8")
    students = roster.read(table)
    assert roster.whose(["Ada Li"], students) is None
    assert roster.whose(["Ada Li", "ada2"], students) == students[1]


def test_letters_that_are_written_in_two_ways_are_the_same(tmp_path):
    table = tmp_path / "roster.csv"
    table.write_text("student_id,name\n7,E\u0301va Li\n", encoding="utf-8")
    students = roster.read(table)
    assert roster.whose(["\u00c9va Li"], students) == students[0]


def test_records_say_what_a_submission_took(marked):
    records = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in marked[0].root.glob("marked/tiny/*.json")
    ]
    assert len(records) == len(ANSWERS)
    assert all(0 < record["seconds"] < 600 and record["megabytes"] > 20 for record in records)
