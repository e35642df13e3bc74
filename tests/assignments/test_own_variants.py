"""Courses with variants: one for a class, and one for each student with one gradebook."""

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
    """Return the problem sets that courses begin with: part 2 of set 1 and what varies in it."""
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


def begin(clone, folder, *arguments, fails=False):
    """Set a course up from the problem sets; return it and what was said."""
    arguments = ("set-up", str(folder), *arguments)
    said = run("course.py", *arguments, home=clone.root / "home", cwd=clone.root)
    assert bool(said.returncode) == fails, said.stdout[-4000:]
    course = Course.__new__(Course)
    course.root = folder
    return course, said.stdout


def do(course, *arguments):
    """Type a command in the course; return what it says."""
    said = run("course.py", *arguments, home=course.root.parent / "home", cwd=course.root)
    assert said.returncode == 0, said.stdout[-4000:]
    return said.stdout


def right(course, student):
    own = variants.own(course.root, "ps1", student, SECRET)
    return solved(json.loads(json.dumps(own)))


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """A course of three students and a guest, handed in and marked, and what was said."""
    place = tmp_path_factory.mktemp("own")
    clone = small(place / "clone")
    (clone.root / "secret.txt").write_text(SECRET + "\n", encoding="utf-8")
    rows = "\n".join(f"{name};x@y" for name in STUDENTS)
    (place / "class.csv").write_text(f"\ufeffStudent;Email 2\n{rows}", encoding="utf-8")
    course, _ = begin(clone, place / "course", str(place / "class.csv"), "--variant", "each")
    shutil.rmtree(clone.root)  # the course has all that it needs
    said = do(course, "hand-out", "ps1")
    assert said.endswith("students/ps1/STUDENT_ps1.ipynb is for each student\n")

    def hand_in(student, notebook, answers):
        file = place / "sent" / f"{student}_ps1.ipynb"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(answered(notebook, answers)), encoding="utf-8")

    files = {
        name: read(course.root / "students" / "ps1" / f"{name}_ps1.ipynb") for name in STUDENTS
    }
    hand_in("ada", files["ada"], right(course, "ada"))
    # the others differ from ada: one keeps the file, the other takes hers with all that it says
    hand_in("emmy", files["emmy"], right(course, "ada"))
    hand_in("Zoë Lagrange", files["ada"], right(course, "ada"))
    silent = json.loads(json.dumps(files["ada"]))
    del silent["metadata"]["variant"]
    silent["cells"][0]["source"] = "# My own title"
    hand_in("guest", silent, right(course, "guest"))
    assert "not on the roster: guest" in do(course, "collect", "ps1", str(place / "sent"))
    return course, do(course, "mark", "ps1", "--at-once=1", *UNCAGED)


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
    told = said.splitlines()
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


def test_two_at_once_are_marked_as_one_after_the_other(marked):
    course, said = marked
    before = {name: course.grades("ps1", name) for name in (*STUDENTS, "guest")}
    again = do(course, "mark", "ps1", "--force", "--at-once=2", *UNCAGED)
    assert before == {name: course.grades("ps1", name) for name in before}
    named = [re.findall(".* says that .*", each) for each in (said, again)]
    assert len(named[0]) == 2
    assert named[0] == named[1]


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
    do(course, "give-back", "ps1")
    for name in STUDENTS:
        own = variants.own(course.root, "ps1", name, SECRET)
        tests = {c.metadata.nbgrader.grade_id: c.source for c in own.cells}
        for cell in course.graded("ps1", name)["cells"]:
            told = cell["metadata"]["nbgrader"]
            if told["grade"]:
                assert cell["source"] == tests[told["grade_id"]]
                assert told["checksum"] == compute_checksum(nbformat.from_dict(cell))


def test_a_class_variant_is_a_course_like_any_other(tmp_path):
    clone = small(tmp_path / "clone")
    example = clone.source("ps1")
    choices = variants.choices_of(clone.root, "ps1")
    name = next(
        f"autumn-{n}"
        for n in itertools.count()
        if variants.draw(choices, "", f"ps1\nautumn-{n}") != variants.example(choices)
    )
    course, _ = begin(clone, tmp_path / "course", "", "--variant", name, "--release")
    assert not (course.root / "choices").exists()
    assert clone.source("ps1") == example
    assert course.release("ps1")["metadata"]["variant"] == name
    course.submit("ps1", "right", solved(course.source("ps1")))
    course.submit("ps1", "old", json.dumps(answered(example, solved(example))))
    said = do(course, "mark", "ps1", *UNCAGED)
    assert earned(course, "right") == 3
    assert earned(course, "old") < 3
    assert f"old: ps1 says that it is no variant, and was marked as variant {name}" in said
    assert "\nright:" not in said
    _, said = begin(course, tmp_path / "more", "", "--variant", name, fails=True)
    assert "has no folder choices, so that nothing varies" in said


def test_marking_waits_for_the_secret(marked, tmp_path):
    course = Course.__new__(Course)
    course.root = tmp_path / "course"
    shutil.copytree(marked[0].root, course.root)
    (course.root / "secret.txt").unlink()
    before = course.grades("ps1", "ada")
    said = run(
        "course.py", "mark", "ps1", "--force", *UNCAGED, home=tmp_path / "home", cwd=course.root
    )
    assert said.returncode == 1
    assert "there is none: write 16 or more random characters into" in said.stdout
    assert "nothing was marked" in said.stdout
    assert course.grades("ps1", "ada") == before


def test_the_secret_is_kept_for_marking_and_from_others(marked):
    file = marked[0].root / "secret.txt"
    assert file.read_text(encoding="utf-8") == SECRET + "\n"
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600


def test_the_variable_goes_before_the_file(tmp_path, monkeypatch):
    clone = small(tmp_path / "clone")
    (clone.root / "secret.txt").write_text("another secret of the file", encoding="utf-8")
    (tmp_path / "class.csv").write_text("student_id\nada\nemmy\n", encoding="utf-8")
    monkeypatch.setenv("VARIANTS_SECRET", SECRET)
    arguments = (str(tmp_path / "class.csv"), "--variant", "each", "--release")
    course, _ = begin(clone, tmp_path / "course", *arguments)
    assert variants.secret_of(course.root) == SECRET
    assert variants.students_of(course.root) == ["ada", "emmy"]
    files = {path.name for path in (course.root / "students" / "ps1").iterdir()}
    assert files == {"ada_ps1.ipynb", "emmy_ps1.ipynb"}
    assert (course.root / "release" / "ps1" / "ps1.ipynb").exists()
    assert "is for each student" in do(course, "hand-out", "ps1")  # again does no harm


REFUSED = {  # a roster, the variant, what there is for a secret, and what is said
    "no-title": ("ada\nemmy\n", "each", SECRET, "has no column that names the students"),
    "twice": ("id\nada\nada\n", "each", SECRET, "students 1 and 2 are both called 'ada'"),
    "folder": ("id\n../ada\n", "each", SECRET, "nobody can be called '../ada'"),
    "no-secret": ("id\nada\n", "each", "", "random characters into {clone}/secret.txt"),
    "short": ("id\nada\n", "each", "1234", "a secret of 4 characters, which can be guessed"),
    "no-roster": (None, "each", SECRET, "say where and for whom"),
    "name": (None, "a/b", "", "a variant cannot be called 'a/b'"),
    "bad-table": ("id\nada\n", "each", SECRET, "{clone}/choices/ps1.toml is no TOML"),
    "bad-table-of-a-class": (None, "autumn", "", "{clone}/choices/ps1.toml is no TOML"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_is_left(tmp_path, case):
    text, variant, secret, why = REFUSED[case]
    clone, table = small(tmp_path / "clone"), ""
    if text is not None:
        table = str(tmp_path / "class.csv")
        (tmp_path / "class.csv").write_text(text, encoding="utf-8")
    if secret:
        (clone.root / "secret.txt").write_text(secret, encoding="utf-8")
    if case.startswith("bad-table"):
        (clone.root / "choices" / "ps1.toml").write_text("[", encoding="utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    _, said = begin(clone, tmp_path / "course", table, "--variant", variant, fails=True)
    assert why.format(clone=clone.root) in said
    assert said.count("\n") == 1, said
    assert sorted(path.name for path in tmp_path.iterdir()) == before


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
