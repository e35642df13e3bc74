"""Courses with variants: one for a class, and one for each student with one gradebook."""

import importlib
import itertools
import json
import os
import re
import shutil

import nbformat
import pytest
import variants
from course import UNCAGED, Course, run
from nbgrader.utils import compute_checksum
from problem_sets import ROOT, SOURCES, answered, parts, read, solved

SECRET = "the dance of the specks"
STUDENTS = ["ada", "emmy", "Zoë Lagrange"]
PART = "walk"  # varies, and is marked in no time


@pytest.fixture(autouse=True)
def no_secret_from_outside(monkeypatch):
    monkeypatch.delenv("VARIANTS_SECRET", raising=False)


def small(folder):
    """Return a course whose set is part 2 of problem set 1, with what varies in it."""
    course = Course(folder, [SOURCES["ps1"]])
    source = course.root / "source" / "ps1"
    notebook = json.loads((source / "ps1.ipynb").read_text(encoding="utf-8"))
    kept = {"story", "rules", "tools"}
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if (name := cell["metadata"].get("nbgrader", {}).get("grade_id")) in kept
        or (name and name.startswith(PART))
    ]
    (source / "ps1.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    toml = (ROOT / "assignments" / "choices" / "ps1.toml").read_text(encoding="utf-8")
    begin, end = toml.index(f"[{PART}]\n"), toml.index("[stride]\n")
    (course.root / "choices").mkdir()
    (course.root / "choices" / "ps1.toml").write_text(toml[begin:end], encoding="utf-8")
    return course


def program(course, *arguments):
    return run("variants.py", *arguments, home=course.root / "home", cwd=course.root)


def right(course, student):
    own = variants.own(course.root, "ps1", student, SECRET)
    return solved(json.loads(json.dumps(own)))


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """A course of three students and a guest, handed in and marked, and what was said."""
    course = small(tmp_path_factory.mktemp("own"))
    root = course.root
    (root / "secret.txt").write_text(SECRET + "\n", encoding="utf-8")
    (root / "class.csv").write_text(
        "\ufeffName,Email\n" + "\n".join(f"{name}, x@y" for name in STUDENTS), encoding="utf-8"
    )
    said = program(course, "--roster", "class.csv")
    assert said.returncode == 0, said.stdout
    course.nbgrader("generate_assignment", "ps1")

    def hand_in(student, notebook, answers):
        folder = root / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        text = json.dumps(answered(notebook, answers))
        (folder / "ps1.ipynb").write_text(text, encoding="utf-8")

    files = {name: read(root / "students" / "ps1" / f"{name}_ps1.ipynb") for name in STUDENTS}
    hand_in("ada", files["ada"], right(course, "ada"))
    # the others differ from ada: one keeps the file, the other takes hers with all that it says
    hand_in("emmy", files["emmy"], right(course, "ada"))
    hand_in("Zoë Lagrange", files["ada"], right(course, "ada"))
    silent = json.loads(json.dumps(files["ada"]))
    del silent["metadata"]["variant"]
    silent["cells"][0]["source"] = "# My own title"
    hand_in("guest", silent, right(course, "guest"))
    arguments = ["mark.py", "ps1"]
    said = run(*arguments, *UNCAGED, home=root / "home", cwd=root)
    assert said.returncode == 0, said.stdout
    return course, said.stdout


def values(course, student):
    choices = variants.choices_of(course.root, "ps1")
    return variants.draw(choices, SECRET, f"ps1\n{student}")


def earned(course, student):
    return sum(grade.points or 0 for grade in course.grades("ps1", student).values())


def test_each_student_is_marked_with_the_own_variant(marked):
    course, _ = marked
    assert len({str(values(course, name)) for name in STUDENTS}) == 3  # SECRET is one that does
    assert earned(course, "ada") == 3
    assert earned(course, "guest") == 3
    assert earned(course, "emmy") < 3
    assert earned(course, STUDENTS[2]) < 3


def test_a_file_that_claims_another_variant_is_named(marked):
    _, said = marked
    codes = {name: variants.code_of(SECRET, "ps1", name) for name in (*STUDENTS, "guest")}
    told = said.splitlines()[-6:]
    zoe = STUDENTS[2]
    assert (
        f"{zoe}: ps1 says that it is variant {codes['ada']} (ada), and was marked as "
        f"variant {codes[zoe]} ({zoe})"
    ) in told
    assert (
        f"guest: ps1 says that it is no variant, and was marked as variant {codes['guest']}"
    ) in told
    assert "guest: is not in roster.csv; ps1 was marked all the same" in told
    assert not [line for line in told if line.startswith(("ada:", "emmy:"))]


def test_files_say_what_they_are_and_hide_what_they_should(marked):
    course, _ = marked
    for name in STUDENTS:
        file = course.root / "students" / "ps1" / f"{name}_ps1.ipynb"
        notebook, text = read(file), file.read_text(encoding="utf-8")
        code = variants.code_of(SECRET, "ps1", name)
        assert notebook["metadata"]["variant"] == code
        assert notebook["cells"][0]["source"].endswith(f"This is variant `{code}`.")
        assert "SOLUTION" not in text
        assert "HIDDEN" not in text
        assert SECRET not in text
        own = variants.own(course.root, "ps1", name, SECRET)
        (part,) = (part for part in parts(notebook) if part.name == PART)
        (asked,) = (
            cell for cell in own.cells if cell.metadata.nbgrader.grade_id == f"{PART}-question"
        )
        assert asked.source in [cell["source"] for cell in notebook["cells"]]
        assert "raise NotImplementedError" in part.answer["source"]


def test_students_get_no_file_but_notebooks(marked):
    course, _ = marked
    for folder in ("release", "students"):
        assert {path.suffix for path in (course.root / folder).rglob("*.*")} == {".ipynb"}


def test_feedback_shows_the_tests_of_the_own_variant(marked):
    course, _ = marked
    for name in STUDENTS:
        own = variants.own(course.root, "ps1", name, SECRET)
        tests = {c.metadata.nbgrader.grade_id: c.source for c in own.cells}
        for cell in course.graded("ps1", name)["cells"]:
            told = cell["metadata"]["nbgrader"]
            if told["grade"]:
                assert cell["source"] == tests[told["grade_id"]]
                assert told["checksum"] == compute_checksum(nbformat.from_dict(cell))


def test_a_class_variant_is_a_course_like_any_other(tmp_path):
    course = small(tmp_path / "course")
    example = read(course.root / "source" / "ps1" / "ps1.ipynb")
    choices = variants.choices_of(course.root, "ps1")
    name = next(
        f"autumn-{n}"
        for n in itertools.count()
        if variants.draw(choices, "", f"ps1\nautumn-{n}") != variants.example(choices)
    )
    said = program(course, name)
    assert said.returncode == 0, said.stdout
    assert not (course.root / "choices").exists()
    course.nbgrader("generate_assignment", "ps1")
    release = course.release("ps1")
    assert release["metadata"]["variant"] == name
    course.submit("ps1", "right", solved(course.source("ps1")))
    course.submit("ps1", "old", json.dumps(answered(example, solved(example))))
    said = run("mark.py", "ps1", *UNCAGED, home=course.root / "home", cwd=course.root).stdout
    assert earned(course, "right") == 3
    assert earned(course, "old") < 3
    assert f"old: ps1 says that it is no variant, and was marked as variant {name}" in said
    assert "right:" not in said.splitlines()[-1]
    assert program(course, name).stdout.count("\n") == 1  # it is a variant already


def test_marking_waits_for_the_secret(tmp_path):
    course = small(tmp_path / "course")
    (course.root / "roster.csv").write_text("student_id\nada\n", encoding="utf-8")
    course.nbgrader("generate_assignment", "ps1")
    course.submit("ps1", "ada", {})
    said = course.nbgrader("autograde", "ps1", fails=True)
    assert "there is none: write 16 or more random characters into" in said
    assert "nothing was marked" in said
    assert not (course.root / "autograded").exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no student; write a name a line"),
        ("name\n", "names no student"),
        ("ada\nada\n", "the student ada is in it twice"),
        ("ada\n../emmy\n", "no student can be called '../emmy'"),
        ("name,mail\nada,x\n,y\n", "no student can be called ''"),
    ],
)
def test_a_bad_roster_is_refused_and_nothing_is_written(tmp_path, text, why):
    for folder in ("source", "choices"):
        shutil.copytree(ROOT / "assignments" / folder, tmp_path / folder)
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    (tmp_path / "class.csv").write_text(text, encoding="utf-8")
    with pytest.raises(variants.BadVariant, match=why.replace("?", r"\?")):
        variants.make_students(tmp_path, tmp_path / "class.csv")
    assert sorted(os.listdir(tmp_path)) == ["choices", "class.csv", "secret.txt", "source"]


@pytest.mark.parametrize("text", ["ada\nemmy\n", "id\nada\nemmy", "x,Student\n1, ada \n2,emmy\n\n"])
def test_a_roster_has_a_title_or_none(tmp_path, text):
    (tmp_path / "class.csv").write_text(text, encoding="utf-8")
    assert variants.students_of(tmp_path / "class.csv") == ["ada", "emmy"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('values = ["a", "b"]', 'values = ["a"]', "less than two"),
        ('values = ["a", "b"]', 'values = ["a", "a"]', "no value is twice"),
        ('values = ["a", "b"]', 'wert = ["a", "b"]', "needs `values`"),
        ("[c.b]", "[c.d]", r"changes cells for \['d'\]"),
        ("x = [", "y = [", "no cell of this name"),
        ("'old'", "'odd'", "does not have the text 'odd'"),
        ("'new'", "'«colour»'", "'colour' is undefined"),
        ("'new'", "'new', 'more'", "is a pair"),
        ("[c.b]", "[c.b", "is no TOML"),
    ],
)
def test_a_bad_table_is_named(tmp_path, old, new, why):
    table = "[c]\nvalues = [\"a\", \"b\"]\n[c.b]\nx = [['old', 'new']]\n"
    folder = tmp_path / "source" / "ps1"
    folder.mkdir(parents=True)
    (tmp_path / "choices").mkdir()
    told = {"nbgrader": {"grade_id": "x"}}
    cell = {"cell_type": "markdown", "id": "x", "metadata": told, "source": "old"}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "ps1.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (tmp_path / "choices" / "ps1.toml").write_text(table.replace(old, new), encoding="utf-8")
    with pytest.raises(variants.BadVariant, match=why):
        choices = variants.choices_of(tmp_path, "ps1")
        variants.render(variants.read(tmp_path, "ps1"), choices, {"c": "b"})


def test_values_out_of_range_and_unknown_choices_are_named():
    source = variants.read(ROOT / "assignments", "ps1")
    choices = variants.choices_of(ROOT / "assignments", "ps1")
    some = variants.example(choices)
    with pytest.raises(variants.BadVariant, match=r"stride = 9 is none of its values \[1, 2"):
        variants.render(source, choices, some | {"stride": 9})
    with pytest.raises(variants.BadVariant, match=r"\['colour'\]: the set varies in"):
        variants.render(source, choices, some | {"colour": 9})


def test_a_draw_hangs_on_secret_set_and_name_and_on_no_other_choice():
    choices = {"a": {"values": list(range(1000))}, "b": {"values": list(range(1000))}}
    first = variants.draw(choices, "key", "ps1\nada")
    assert first == variants.draw(choices, "key", "ps1\nada")
    assert first["a"] == variants.draw({"a": choices["a"]}, "key", "ps1\nada")["a"]
    others = [("key", "ps1\nemmy"), ("key", "ps2\nada"), ("another key", "ps1\nada")]
    assert all(variants.draw(choices, *other) != first for other in others)
    # the same letters, typed on another machine
    assert variants.draw(choices, "key", "Zoe\u0308") == variants.draw(choices, "key", "Zo\u00eb")


def test_a_short_secret_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("VARIANTS_SECRET", "1234")
    with pytest.raises(variants.BadVariant, match="4 characters, which can be guessed"):
        variants.secret_of(tmp_path)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the problem sets with one small set, and the place for what is made of it."""
    tool = importlib.import_module("assignments")
    course = small(tmp_path / "assignments")
    monkeypatch.setattr(tool, "SOURCE", course.root)
    monkeypatch.setattr(tool, "MADE", tmp_path / "_build" / "assignments")
    return tool, tmp_path


def test_make_assignments_writes_whole_courses(folder, capfd):
    tool, place = folder
    tool.make_course("autumn-26", None)
    made = place / "_build" / "assignments-autumn-26"
    assert read(made / "release" / "ps1" / "ps1.ipynb")["metadata"]["variant"] == "autumn-26"
    assert not (made / "choices").exists()
    (place / "class.csv").write_text("ada\nemmy\n", encoding="utf-8")
    (tool.SOURCE / "secret.txt").write_text(SECRET, encoding="utf-8")
    tool.make_course(None, place / "class.csv")
    made = place / "_build" / "assignments-class"
    assert (made / "secret.txt").exists()
    assert variants.students_of(made / "roster.csv") == ["ada", "emmy"]
    assert {path.name for path in (made / "students" / "ps1").iterdir()} == {
        "ada_ps1.ipynb",
        "emmy_ps1.ipynb",
    }
    assert (made / "gradebook.db").exists()
    assert "is a course for nbgrader" in capfd.readouterr().out
    with pytest.raises(SystemExit, match="exists, perhaps with marks in it; move it away"):
        tool.make_course(None, place / "class.csv")


def test_make_assignments_refuses_and_leaves_nothing(folder):
    tool, place = folder
    (place / "class.csv").write_text("ada\n", encoding="utf-8")
    where = re.escape(str(tool.SOURCE / "secret.txt"))
    with pytest.raises(SystemExit, match=f"random characters into {where}"):
        tool.make_course(None, place / "class.csv")
    with pytest.raises(SystemExit, match="a variant cannot be called 'a/b'"):
        tool.make_course("a/b", None)
    assert list((place / "_build").iterdir()) == []
