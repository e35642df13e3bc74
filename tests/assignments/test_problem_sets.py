"""The sources of the problem sets: clean, complete, and worth 20 points each."""

import ast
import json
import re
import subprocess
import sys

import pytest
from problem_sets import (
    ROOT,
    SOURCES,
    WRONG,
    code_of,
    each_set,
    parts,
    read,
    role,
    split,
    wrong_answers,
)

from notebook_rule import cell_faults, notebook_faults

POINTS, PARTS, WIDTH = 20, range(5, 9), 76
KEYS = {"schema_version", "grade_id", "locked", "grade", "solution", "task"}
KINDS = {  # (grade, solution, locked)
    (False, True, False): "answer",
    (True, False, True): "test",
    (True, True, False): "written",
    (False, False, True): "given",
}
RUFF = ("--select", "E,F,W,I,B,UP,NPY", "--ignore", "E402")


@pytest.fixture
def notebook(name):
    return read(SOURCES[name])


def test_sets_are_numbered_and_each_has_its_wrong_answers():
    assert list(SOURCES) == [f"ps{number}" for number in range(1, len(SOURCES) + 1)]
    assert list(WRONG) == list(SOURCES)


@each_set
def test_file_is_clean(name, notebook):
    found = list(notebook_faults(notebook, notebook["cells"]))
    for cell in notebook["cells"]:
        bare = {key: value for key, value in cell["metadata"].items() if key != "nbgrader"}
        found += [f"{cell['id']}: {fault}" for fault in cell_faults({**cell, "metadata": bare})]
    found = [fault for fault in found if " lines, " not in fault]  # solutions and tests may be long
    assert not found, "\n".join(found)
    raw = SOURCES[name].read_text(encoding="utf-8")
    assert raw == json.dumps(json.loads(raw), indent=1, ensure_ascii=False) + "\n"


def test_code_has_style():
    command = [sys.executable, "-m", "ruff", "check", *RUFF, *map(str, SOURCES.values())]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert said.returncode == 0, said.stdout


@each_set
def test_code_is_narrow(notebook):
    lines = [line for source in code_of(notebook) for line in source.splitlines()]
    assert not [line for line in lines if len(line) > WIDTH]


@each_set
def test_cells_have_their_roles(notebook):
    for cell in notebook["cells"]:
        given = role(cell)
        if not given:
            continue
        name = given["grade_id"]
        kind = KINDS.get((given["grade"], given["solution"], given["locked"]))
        assert kind, f"{name}: is no answer, test, written answer or given cell"
        assert given.keys() - {"points"} == KEYS, name
        assert given["schema_version"] == 3, name
        assert given["task"] is False, name
        assert ("points" in given) == (kind in ("test", "written")), name
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name), name
        assert (cell["cell_type"] == "code") or kind in ("written", "given"), name
    names = [role(cell)["grade_id"] for cell in notebook["cells"] if role(cell)]
    assert len(names) == len(set(names)), "a grade_id is used twice"


@each_set
def test_parts_and_points(notebook):
    found = parts(notebook)
    assert len(found) in PARTS
    assert sum(sum(part.points.values()) for part in found) == POINTS
    for part in found:
        assert all(points > 0 for points in part.points.values()), part.name
        if not part.is_written:
            assert 1 <= len(part.tests) <= 3, part.name
            assert all(test.startswith(f"{part.name}-") for test in part.points), part.name


@each_set
def test_marks_stand_in_pairs_where_they_belong(notebook):
    mark = re.compile(r"^\s*###.*$|^.*\b(?:BEGIN|END) [A-Z]+.*$", re.MULTILINE)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            what = "SOLUTION" if role(cell).get("solution") else "HIDDEN TESTS"
            found = [line.strip() for line in mark.findall(cell["source"])]
            pairs = [f"### BEGIN {what}", f"### END {what}"] * (len(found) // 2)
            assert found == pairs, f"{cell['id']}: {found}"


@each_set
def test_every_coding_part_shows_some_tests_and_hides_others(notebook):
    for part in parts(notebook):
        if not part.is_written:
            pieces = [split(test["source"], "HIDDEN TESTS") for test in part.tests]
            assert any(has_code(hidden) for hidden, _ in pieces), f"{part.name} hides no test"
            assert any(has_code(shown) for _, shown in pieces), f"{part.name} shows no test"


def has_code(lines):
    return bool(ast.parse("\n".join(lines)).body)


@each_set
def test_a_derivation_uses_sympy(notebook):
    code = [cell["source"] for part in parts(notebook) for cell in [part.answer, *part.tests]]
    imports = [line for text in code_of(notebook) for line in text.splitlines() if "sympy" in line]
    names = {"sympy"}.union(*map(imported_names, imports))
    assert any(re.search(rf"\b({'|'.join(names)})\b", text) for text in code)


def imported_names(line):
    """Return the names by which a line of imports makes something known."""
    try:
        body = ast.parse(line.strip()).body
    except SyntaxError:
        return set()
    found = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name for node in found for alias in node.names}


@each_set
def test_one_answer_is_written_and_has_a_rubric(notebook):
    written = [part for part in parts(notebook) if part.is_written]
    assert len(written) == 1
    text, (points,) = written[0].answer["source"], written[0].points.values()
    assert points in (3, 4)
    model, word, rubric = text.partition("Rubric")
    assert word, "the model answer is followed by no rubric"
    assert len(model.split()) > 30, "there is no model answer before the rubric"
    worth = re.findall(r"^\s*(?:[-*] +)?\**(\d+(?:\.\d+)?) points?\b", rubric, re.M)
    assert sum(map(float, worth)) == points, f"the rubric's lines give {worth}, not {points} points"


@each_set
def test_chance_is_stated(notebook):
    """A statistical test says how often a right answer fails, to the student and to us."""
    text = " ".join(c["source"] for c in notebook["cells"] if c["cell_type"] == "markdown")
    hidden = [split(source, "HIDDEN TESTS")[0] for source in code_of(notebook)]
    assert "once in a million" in " ".join(text.split())
    comments = [line for lines in hidden for line in lines if "#" in line]
    assert re.search(r"\b1e-6\b|\de-7\b", "\n".join(comments)), "where does a tolerance come from?"


@each_set
def test_every_assertion_explains(notebook):
    for part in parts(notebook):
        for test in part.tests:
            for node in ast.walk(ast.parse(test["source"])):
                if isinstance(node, ast.Assert):
                    where = f"{role(test)['grade_id']}: {ast.unparse(node.test)}"
                    assert node.msg is not None, f"{where} says nothing when it fails"
                    assert not re.fullmatch(r"'\S*'", ast.unparse(node.msg)), f"{where}: one word"


@each_set
def test_no_test_ends_with_a_value(notebook):
    """For nbgrader the value of a test cell is the number of points that it gives."""
    for part in parts(notebook):
        for test in part.tests:
            body = ast.parse(test["source"]).body
            assert body, role(test)["grade_id"]
            ends_with = getattr(body[-1], "value", None) if isinstance(body[-1], ast.Expr) else None
            assert ends_with is None or isinstance(ends_with, ast.Call), role(test)["grade_id"]


@each_set
def test_three_wrong_answers_to_every_coding_part(name, notebook):
    wrong = wrong_answers(name)
    assert len(wrong) == 3
    for part in parts(notebook):
        answers = [submission.get(part.name) for submission in wrong]
        if part.is_written:
            assert not any(answers)
            continue
        assert all(answers), f"{part.name} has no three wrong answers"
        texts = {ast.unparse(ast.parse(answer)) for _, answer, _ in answers}
        assert len(texts) == len(wrong), f"{part.name}: two wrong answers are one"
        for why, _, lost in answers:
            assert why and lost.keys() <= part.points.keys(), f"{part.name}: {why}"
            assert sum(lost.values()) > 0, f"{part.name}, {why}: loses nothing"
        if len(part.tests) > 1:
            everything = sum(part.points.values())
            assert any(sum(lost.values()) < everything for *_, lost in answers), (
                f"{part.name}: every wrong answer loses everything"
            )
