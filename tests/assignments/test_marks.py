"""What answers earn: right ones everything, a blank sheet nothing, wrong ones what is stated."""

import re
from html import unescape

import pytest
from course import error_of
from problem_sets import each_set, parts, role, solution_lines, wrong_answers

WRONG = ("wrong1", "wrong2", "wrong3")
TELLING = 30  # characters; a shorter line of a solution may stand in a test as well


@pytest.fixture
def points(name, course):
    """Return the points of the cells that a machine grades, and of the one that a human does."""
    found = parts(course.source(name))
    automatic = [part.points for part in found if not part.is_written]
    (written,) = (part.points for part in found if part.is_written)
    return {test: points for part in automatic for test, points in part.items()}, written


def lost(grades):
    """Return the points that a machine took away, cell by cell."""
    short = {cell: grade.most - (grade.points or 0) for cell, grade in grades.items()}
    return {cell: points for cell, points in short.items() if points and not grades[cell].waits}


def failures(name, course, who):
    """Return the errors of a submission's test cells."""
    cells = [cell for part in parts(course.graded(name, who)) for cell in part.tests]
    return {role(cell)["grade_id"]: error_of(cell) for cell in cells if error_of(cell)}


@each_set
def test_solution_earns_everything_and_its_text_waits_for_a_human(name, course, points):
    automatic, written = points
    grades = course.grades(name, "right")
    assert lost(grades) == {}, failures(name, course, "right")
    assert {cell: grade.most for cell, grade in grades.items() if not grade.waits} == automatic
    assert {cell: grade.most for cell, grade in grades.items() if grade.waits} == written


@each_set
def test_blank_sheet_earns_nothing(name, course, points):
    automatic, written = points
    grades = course.grades(name, "blank")
    assert {cell: grade.points for cell, grade in grades.items()} == dict.fromkeys(grades, 0)
    assert lost(grades) == automatic | written


@each_set
@pytest.mark.parametrize("who", WRONG)
def test_wrong_answers_lose_exactly_what_is_stated(name, who, course):
    answers = wrong_answers(name)[WRONG.index(who)]
    stated = {test: points for _, _, part in answers.values() for test, points in part.items()}
    assert lost(course.grades(name, who)) == stated, failures(name, course, who)


@each_set
@pytest.mark.parametrize("who", WRONG)
def test_wrong_answers_are_told_why(name, who, course):
    """A test that fails says so in words, unless the library has refused what it was given."""
    for test, (what, why) in failures(name, course, who).items():
        assert what in ("AssertionError", "ValueError"), f"{test}: {what}: {why}"
        assert len(why.split()) >= 4, f"{test}: {why}"


@each_set
@pytest.mark.parametrize("who", ["right", "blank", *WRONG])
def test_feedback_shows_all_tests(name, who, course):
    """This is nbgrader's way: what was hidden is shown once it has been graded."""
    page = text_of(course.feedback(name, who))
    for part in parts(course.source(name)):
        for test in part.tests:
            assert squeezed(test["source"]) in page, role(test)["grade_id"]


@each_set
def test_feedback_shows_no_solution(name, course):
    page = text_of(course.feedback(name, "blank"))
    for part in parts(course.source(name)):
        lines = [line for line in solution_lines(part) if len(line) > TELLING]
        assert not [line for line in lines if squeezed(line) in page], part.name


def text_of(page):
    text = re.sub(r"(?s)<(script|style).*?</\1>", "", page.read_text(encoding="utf-8"))
    return squeezed(unescape(re.sub(r"<[^>]+>", "", text)))


def squeezed(text):
    return "".join(text.split())
