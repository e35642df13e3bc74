"""Hostile submissions: each stays in its cage, is named, and the others are marked as before."""

import copy
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import cage
import nbformat
import pytest
from course import Course, run
from nbformat.v4 import new_code_cell, new_output
from problem_sets import role
from test_batch import source as tiny

TIMEOUT = 15  # seconds a cell: a busy machine prints 50 MB in less
MEMORY = 1200  # megabytes, so that to fill them takes no time
SECRET = "the-moon-is-made-of-basalt"
GIVEN = "import math\n\n\ndef close(a, b):\n    return math.isclose(a, b)"
TEST = (
    "assert close(double(1), 2), 'two is twice one'\n### BEGIN HIDDEN TESTS\n"
    "assert abs(double(5) - 10) < 1e-9, 'ten is twice five'\n### END HIDDEN TESTS"
)
RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return 3 * x\n"

HONEST = ["ada", "zoë", "o'neil", "李 明", "~last"]  # in the order of their names, or nearly
SHOWS = "try:\n    print({})\nexcept BaseException as error:\n    print(repr(error))\n"
# What is handed in instead of an answer; COURSE and the others stand for what the student knows.
RUNS = {  # the cell runs to its end, and the answer is right
    "reads-home": SHOWS.format("open('HOME/secret.txt').read()"),
    "reads-gradebook": SHOWS.format("open('COURSE/gradebook.db', 'rb').read()"),
    "reads-others": SHOWS.format("open('COURSE/submitted/ada/tiny/tiny.ipynb').read()"),
    "reads-tests": SHOWS.format("[*__import__('pathlib').Path('/tmp').rglob('*.ipynb')]"),
    "writes": "".join(
        SHOWS.format(f"open('{place}', 'w').write('x')")
        for place in ("COURSE/written", "COURSE/gradebook.db", "HOME/written", "/usr/written")
    ),
    "connects": "import socket\n"
    + SHOWS.format("socket.create_connection(('127.0.0.1', PORT), 2).send(b'x')")
    + SHOWS.format("socket.create_connection(('192.0.2.1', 80), 2)")
    + SHOWS.format("socket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
    "forks": "import os\nfor _ in range(20):\n    "
    + "try:\n        if os.fork() == 0:\n            os._exit(0)\n        print('forked')\n"
    + "    except OSError as error:\n        print(repr(error))\n",
    "fills-memory": "kept = []\ntry:\n    for _ in range(30):\n"
    "        kept.append(b'x' * (100 << 20))\nexcept MemoryError as error:\n"
    "    size = len(kept)\n    kept.clear()\n    print('MemoryError after', size)\n"
    + "import os\n"
    + SHOWS.format("os.memfd_create('more')"),
    "fills-disk": "import os\n"
    "for n in range(20):\n    try:\n        with open(f'/tmp/{n}', 'wb') as file:\n"
    "            file.write(bytes(10 << 20))\n    except OSError as error:\n"
    "        print(repr(error))\n",
    "signals": "import os\n" + SHOWS.format("os.kill(PID, 0)") + SHOWS.format("os.kill(1, 9)"),
    "prints-much": "print('x' * 30_000_000)\n",
}
CHANGES = {  # names are changed, so that a wrong answer would pass; what is named
    "changes-given": ("close = lambda a, b: True\n", "close"),
    "changes-inside": ("close.__code__ = (lambda a, b: True).__code__\n", "close"),
    "changes-module": ("math.isclose = lambda a, b: True\n", "math.isclose"),
    "changes-builtins": ("import builtins\nbuiltins.abs = lambda x: 0\n", "builtins.abs"),
    "shadows-builtin": ("def abs(x):\n    return 0\n", "abs"),
    "changes-assert": (
        "import ast\n\n\nclass No(ast.NodeTransformer):\n    def visit_Assert(self, node):\n"
        "        return ast.Pass()\n\n\nget_ipython().ast_transformers.append(No())\n",
        "IPython's transformers",
    ),
}
ENDS = {  # nothing can be marked
    "exits": "import os\nos._exit(0)\n",
    "never-ends": "import time\nwhile True:\n    try:\n        time.sleep(1)\n"
    "    except BaseException:\n        pass\n",
    "makes-files": "for n in range(100_000):\n    open(f'/tmp/home/{n}', 'w').close()\n",
    "starts-threads": "import threading, time\nthreading.stack_size(1 << 16)\n"
    "for _ in range(200):\n    threading.Thread(target=time.sleep, args=[9]).start()\n"
    "time.sleep(3)\n",
    "prints-for-ever": "while True:\n    print('x' * 100_000)\n",
}
EDITS = {"copies-test", "splits-answer", "splits-text", "junk", "unknown-cell", "old-outputs"}
FILES = {"bom", "utf-16", "windows"}  # how the file is written
NAMED = ENDS.keys() | {"latin"}


def source():
    """Return the tiny set with a cell that is given, and a test that uses it."""
    notebook = tiny()
    cells = notebook["cells"]
    cells[2]["source"] = TEST
    del cells[3]
    given = copy.deepcopy(cells[2])
    given["source"], given["id"] = GIVEN, "given"
    given["metadata"]["nbgrader"] |= {"grade_id": "given", "grade": False}
    del given["metadata"]["nbgrader"]["points"]
    cells.insert(0, given)
    return notebook


def edit(notebook, how):
    """Change a submission as an editor, or a student, may."""
    cells = notebook["cells"]
    place = {role(cell).get("grade_id"): n for n, cell in enumerate(cells)}
    if how == "copies-test":
        cells.insert(place["double-one"], copy.deepcopy(cells[place["double-one"]]))
    elif how.startswith("splits"):
        first = cells[place["double" if how == "splits-answer" else "why"]]
        second = copy.deepcopy(first)
        first["source"], second["source"] = ("x = 1", RIGHT) if "answer" in how else ("Yes.", "No.")
        cells.insert(cells.index(first) + 1, second)
    elif how == "junk":
        cells[place["double"]]["metadata"]["nbgrader"] = "mine"
        cells[place["double-one"]]["metadata"]["nbgrader"] |= {"points": 9, "schema_version": 1}
        cells[place["given"]]["metadata"]["nbgrader"] = {"grade_id": ["given"]}
    elif how == "unknown-cell":
        cells.append(copy.deepcopy(cells[place["double-one"]]))
        cells[-1]["metadata"]["nbgrader"]["grade_id"] = "bonus"
    elif how == "old-outputs":
        cells[place["double"]]["outputs"] = [
            new_output("stream", name="stdout", text="x" * 50_000_000)
        ]


def written(text, how):
    """Return the bytes that an editor writes."""
    if how == "windows":
        return text.replace("\n", "\r\n").encode()
    encoding = {"bom": "utf-8-sig", "utf-16": "utf-16", "latin": "cp1252"}[how]
    return text.replace("Write", "Schreibe schön").encode(encoding)


@pytest.fixture(scope="module")
def caged():
    """Fail where a machine ought to have a cage and has none; skip elsewhere."""
    if why := cage.missing():
        required = os.environ.get("LANGEVIN_REQUIRE_CAGE") == "1"
        (pytest.fail if required else pytest.skip)(f"nothing can be caged: {why}")


@pytest.fixture(scope="module")
def batch(caged, tmp_path_factory):
    """Mark everything by one command; return the course, what was said, and who called."""
    folder = tmp_path_factory.mktemp("cage")
    nbformat.write(source(), folder / "tiny.ipynb")
    course = Course(folder / "course", [folder / "tiny.ipynb"])
    course.nbgrader("generate_assignment", "tiny")
    with socket.create_server(("127.0.0.1", 0)) as server:
        known = {
            "COURSE": course.root,
            "HOME": course.root / "home",
            "PORT": server.getsockname()[1],
            "PID": os.getpid(),
        }
        (course.root / "home" / "secret.txt").write_text(SECRET, encoding="utf-8")
        for student in HONEST:
            course.submit("tiny", student, {"double": f"# {SECRET}\n{RIGHT}", "why": "So."})
        attacks = {who: code + RIGHT for who, code in (RUNS | ENDS).items()}
        attacks |= {who: code + WRONG for who, (code, _) in CHANGES.items()}
        for student, code in attacks.items():
            for name, value in known.items():
                code = code.replace(name, str(value))
            file = course.submit("tiny", student, {"double": code, "why": "So."}) / "tiny.ipynb"
            if student == "reads-tests":
                notebook = json.loads(file.read_text(encoding="utf-8"))
                notebook["cells"].append(new_code_cell("print('twice' + ' five' in str(In))"))
                file.write_text(json.dumps(notebook), encoding="utf-8")
        for student in EDITS | FILES | {"latin"}:
            file = course.submit("tiny", student, {"double": RIGHT, "why": "So."}) / "tiny.ipynb"
            notebook = json.loads(file.read_text(encoding="utf-8"))
            edit(notebook, student)
            text = json.dumps(notebook, indent=1, ensure_ascii=False)
            file.write_bytes(written(text, student) if student not in EDITS else text.encode())
        said = run(
            "course.py",
            "mark",
            "tiny",
            f"--Execute.timeout={TIMEOUT}",
            f"--CagedKernelManager.memory={MEMORY}",
            home=course.root / "home",
            cwd=course.root,
        )
        assert said.returncode == 0, said.stdout[-4000:]
        server.settimeout(0)
        try:
            callers = [server.accept()]
        except BlockingIOError:
            callers = []
    return course, said.stdout, callers


def shown(course, student):
    """Return what the answer printed."""
    cells = [cell for cell in course.graded("tiny", student)["cells"] if cell.get("outputs")]
    outputs = [output for cell in cells for output in cell["outputs"]]
    return "".join("".join(output.get("text", "")) for output in outputs)


def points(course, student):
    return {name: grade.points for name, grade in course.grades("tiny", student).items()}


@pytest.mark.parametrize("student", HONEST)
def test_the_others_are_marked_as_before(batch, student):
    assert points(batch[0], student) == {"double-one": 2, "why": None}


@pytest.mark.parametrize("student", [*RUNS, *sorted(EDITS | FILES)])
def test_a_right_answer_earns_its_points_whatever_stands_around_it(batch, student):
    course, said, _ = batch
    assert points(course, student) == {"double-one": 2, "why": None}
    assert f"{student}: could not be marked" not in said


@pytest.mark.parametrize("student", [who for who in RUNS if who.startswith("reads")])
def test_nothing_of_the_teachers_or_of_others_is_read(batch, student):
    text = shown(batch[0], student)
    assert SECRET not in text
    assert "FileNotFoundError" in text or text.split() == ["[]", "False"]


def test_nothing_is_written_outside(batch):
    course, _, _ = batch
    assert shown(course, "writes").count("Error(") == 4
    places = [course.root / "written", course.root / "home" / "written", Path("/usr/written")]
    assert not any(place.exists() for place in places)


def test_nobody_is_called(batch):
    course, _, callers = batch
    assert not callers
    text = shown(course, "connects")
    assert "ConnectionRefusedError" in text
    assert "Network is unreachable" in text
    assert "PermissionError" in text


def test_no_process_is_started(batch):
    text = shown(batch[0], "forks")
    assert text.count("PermissionError") == 20
    assert "forked" not in text


def test_memory_and_disk_end(batch):
    course, _, _ = batch
    text = shown(course, "fills-memory")
    assert int(text.split("MemoryError after ")[1].split()[0]) <= MEMORY // 100
    assert "PermissionError" in text
    assert "No space left" in shown(course, "fills-disk")


def test_no_process_outside_is_known(batch):
    assert "ProcessLookupError" in shown(batch[0], "signals")


@pytest.mark.parametrize("student", sorted(CHANGES))
def test_changed_names_are_noticed_and_a_human_decides(batch, student):
    course, said, _ = batch
    assert course.grades("tiny", student)["double-one"] == (0, 2, True)
    (line,) = [line for line in said.splitlines() if line.startswith(f"{student}: ")]
    assert line.endswith(f"changed before it: {CHANGES[student][1]}")


@pytest.mark.parametrize("student", sorted(NAMED))
def test_what_cannot_be_marked_is_named_and_waits(batch, student):
    course, said, _ = batch
    assert f"\n{student}: could not be marked: " in said
    assert all(grade.waits for grade in course.grades("tiny", student).values())
    assert not (course.root / "autograded" / student / "tiny").exists()


def test_nobody_else_is_named(batch):
    _, said, _ = batch
    assert said.count("could not be marked") == len(NAMED)
    assert said.count("waits for a human; changed before it") >= len(CHANGES)


@pytest.mark.parametrize("student", ["prints-much", "old-outputs"])
def test_feedback_has_bounds(batch, student):
    course, _, _ = batch
    course.nbgrader("generate_feedback", "tiny", f"--student={student}", "--force")
    ordinary = 700_000  # bytes of a page's own styles and scripts
    assert course.feedback("tiny", student).stat().st_size < ordinary + 60_000


def test_a_split_text_keeps_both_halves(batch):
    cells = batch[0].graded("tiny", "splits-text")["cells"]
    (text,) = [cell["source"] for cell in cells if role(cell).get("grade_id") == "why"]
    assert text == "Yes.\n\nNo."


def test_without_a_cage_nothing_is_marked_unless_told(tmp_path):
    nbformat.write(source(), tmp_path / "tiny.ipynb")
    course = Course(tmp_path / "course", [tmp_path / "tiny.ipynb"])
    course.nbgrader("generate_assignment", "tiny")
    course.submit("tiny", "ada", {"double": RIGHT, "why": "So."})
    poor = "import shutil; shutil.which = lambda *_, **__: None; import runpy, sys; "
    poor += "sys.argv[1:] = ['mark', 'tiny', *sys.argv[1:]]; "
    poor += "runpy.run_path('course.py', run_name='__main__')"
    places = {"home": course.root / "home", "cwd": course.root}
    said = run("-c", poor, **places)
    assert said.returncode == 1
    (line,) = [line for line in said.stdout.splitlines() if "cannot be caged" in line]
    assert "bubblewrap is not installed" in line
    assert not (course.root / "autograded").exists()
    said = run("-c", poor, "--uncaged", **places)
    assert said.returncode == 0, said.stdout
    assert "UNCAGED" in said.stdout
    assert points(course, "ada")["double-one"] == 2


def test_a_course_may_not_lie_where_student_code_can_read():
    with pytest.raises(SystemExit, match="which student code can read"):
        cage.check_course(Path(sys.prefix) / "course")


def test_a_library_is_seen_wherever_the_clone_lies(caged, tmp_path, monkeypatch):
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "seen").write_text("seen", encoding="utf-8")
    (tmp_path / "beside").write_text("not seen", encoding="utf-8")
    monkeypatch.setattr(cage, "seen", lambda: [tmp_path / "library"])
    command = [*cage.walls(), "/usr/bin/cat"]
    asked = [str(tmp_path / "library" / "seen"), str(tmp_path / "beside")]
    found = [subprocess.run([*command, path], capture_output=True, check=False) for path in asked]
    assert [each.stdout for each in found] == [b"seen", b""]


def test_every_call_to_linux_that_is_forbidden_is_refused(caged):
    """The numbers of the table are those of this machine."""
    column = cage.MACHINES[os.uname().machine][1]
    numbers = {name: row[column] for name, row in cage.FORBIDDEN.items()}
    del numbers["fork"], numbers["vfork"]  # asked above; where it is allowed it starts a process
    code = (
        "import ctypes, errno\nc = ctypes.CDLL(None, use_errno=True)\n"
        f"for name, number in {numbers}.items():\n    ctypes.set_errno(0)\n"
        "    c.syscall(number, -1, 0, 0, 0, 0)\n"
        "    print(name, errno.errorcode.get(ctypes.get_errno(), 'done'))\n"
    )
    rules = os.memfd_create("rules")
    os.write(rules, cage.seccomp_filter(os.uname().machine))
    os.lseek(rules, 0, os.SEEK_SET)
    command = [*cage.walls(), "--seccomp", str(rules), sys.executable, "-c", code]
    said = subprocess.run(
        command, pass_fds=[rules], capture_output=True, encoding="utf-8", check=True
    )
    assert said.stdout.split() == [word for name in numbers for word in (name, "EPERM")]
    os.close(rules)
