"""Each problem set, graded once: its solution, a blank sheet and its known wrong answers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from course import Course
from problem_sets import SOURCES, solved, wrong_answers

AT_ONCE = 2  # courses; each runs one program at a time


@pytest.fixture(scope="session", autouse=True)
def courses(request, tmp_path_factory):
    """Start to grade the sets that the chosen tests ask for; go on meanwhile."""
    asked = [item for item in request.session.items if "course" in item.fixturenames]
    names = dict.fromkeys(item.callspec.params["name"] for item in asked)
    pool = ThreadPoolExecutor(AT_ONCE)
    yield {name: pool.submit(hold, name, tmp_path_factory.mktemp(name)) for name in names}
    pool.shutdown(cancel_futures=True)


@pytest.fixture
def course(name, courses):
    """The course of one set, when everything has been handed in and graded."""
    return courses[name].result()


def hold(name, folder):
    course = Course(folder, [SOURCES[name]])
    course.nbgrader("generate_assignment", name)
    course.run_by_student = course.run_as_student(name)
    right = solved(course.source(name))
    course.submit(name, "right", right)
    course.submit(name, "blank", {})
    for number, wrong in enumerate(wrong_answers(name), 1):
        answers = {part: answer for part, (_, answer, _) in wrong.items()}
        course.submit(name, f"wrong{number}", right | answers)
    course.nbgrader("autograde", name)
    course.nbgrader("generate_feedback", name)
    return course
