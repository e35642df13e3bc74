"""What students get: no solution, no hidden test, and nothing fails but what they have to do."""

import re

import pytest
from course import error_of
from problem_sets import ROOT, code_of, each_set, parts, read, role, solution_lines, split

MARKS = re.compile(r"(?i)(begin|end) (solution|hidden)|hidden tests?\b.*###|model answer|rubric")
TELLING = 12  # characters: `else:` and `return x` are no solution


@each_set
def test_no_solution_is_given_away(name, course):
    seen = text_of(course.release(name))
    assert not MARKS.search(seen), MARKS.search(seen)
    for part in parts(course.source(name)):
        told = [line for line in solution_lines(part) if len(line) >= TELLING and line in seen]
        assert not told, f"{part.name}: students see {told}"


@each_set
def test_no_hidden_test_is_given_away(name, course):
    pieces = [split(text, "HIDDEN TESTS") for text in code_of(course.source(name))]
    hidden = {line.strip() for inside, _ in pieces for line in inside}
    shown = {line.strip() for _, outside in pieces for line in outside}
    seen = {line.strip() for line in text_of(course.release(name)).splitlines()}
    assert hidden
    assert not hidden - shown & seen


@each_set
def test_nothing_was_run(name, course):
    for cell in course.release(name)["cells"]:
        assert not cell.get("outputs"), role(cell)
        assert cell.get("execution_count") is None, role(cell)


@each_set
def test_only_the_missing_answers_fail(course):
    """A student opens the file without nbgrader and runs it from top to bottom."""
    errors = {cell["id"]: error_of(cell) for cell in course.run_by_student["cells"]}
    assert {error[0] for error in errors.values() if error} == {"NotImplementedError"}, errors
    for part in parts(course.run_by_student):
        cells = [part.answer, *part.tests]
        assert part.is_written or any(map(error_of, cells)), f"{part.name} asks for nothing"


@each_set
def test_what_was_built_is_what_nbgrader_makes_now(name, course):
    """`make assignments` writes the files that the book offers for download."""
    built = ROOT / "_build" / "assignments" / f"{name}.ipynb"
    if not built.exists():
        pytest.fail("run `make assignments` first")
    assert read(built) == course.release(name)


def text_of(notebook):
    return "\n".join(cell["source"] for cell in notebook["cells"])
