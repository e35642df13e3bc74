"""What a problem set is made of: parts, their tests, what is hidden, known wrong answers."""

import importlib.util
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {path.stem: path for path in sorted(ROOT.glob("assignments/source/*/*.ipynb"))}
WRONG = {path.stem: path for path in sorted(ROOT.glob("tests/assignments/wrong/*.py"))}

each_set = pytest.mark.parametrize("name", SOURCES)


@dataclass
class Part:
    """A cell for the answer and the cells that test it."""

    answer: dict
    tests: list[dict] = field(default_factory=list)

    @property
    def name(self):
        return role(self.answer)["grade_id"]

    @property
    def is_written(self):
        return self.answer["cell_type"] == "markdown"

    @property
    def points(self):
        return {role(cell)["grade_id"]: role(cell)["points"] for cell in self.graded}

    @property
    def graded(self):
        return [self.answer] if self.is_written else self.tests


def read(path):
    notebook = json.loads(Path(path).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def role(cell):
    """Return what nbgrader is told of a cell."""
    return cell["metadata"].get("nbgrader", {})


def parts(notebook):
    """Return the parts, in order; a test belongs to the answer that it follows."""
    found = []
    for cell in notebook["cells"]:
        if role(cell).get("solution"):
            found.append(Part(cell))
        elif role(cell).get("grade"):
            found[-1].tests.append(cell)
    return found


def code_of(notebook):
    return [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]


def split(source, what):
    """Return the lines inside and outside of `### BEGIN what` and `### END what`."""
    inside, outside, hidden = [], [], False
    for line in source.splitlines():
        if re.match(rf"\s*### (BEGIN|END) {what}$", line):
            hidden = "BEGIN" in line
        else:
            (inside if hidden else outside).append(line)
    return inside, outside


def solution_lines(part):
    """Return the lines of an answer that no student may receive."""
    inside, outside = split(part.answer["source"], "SOLUTION")
    lines = inside if inside else outside  # without a mark the whole cell is the solution
    stub = set(map(str.strip, outside)) if inside else set()
    return [line for line in map(str.strip, lines) if line and line not in stub]


def solved(notebook):
    """Return the right answers, by the names of their parts."""
    answers = {}
    for part in parts(notebook):
        lines = part.answer["source"].splitlines()
        marks = re.compile(r"\s*### (BEGIN|END) SOLUTION$")
        answers[part.name] = "\n".join(line for line in lines if not marks.match(line))
    return answers


def answered(notebook, answers):
    """Return a student version whose answers are replaced by those given."""
    notebook = json.loads(json.dumps(notebook))
    for part in parts(notebook):
        part.answer["source"] = answers.get(part.name, part.answer["source"])
    return notebook


def wrong_module(name):
    """Return the module with the known wrong answers to a set."""
    spec = importlib.util.spec_from_file_location(f"wrong_{name}", WRONG[name])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wrong_answers(name):
    """Return three submissions: for each part why it is wrong, the answer, and what it loses."""
    return wrong_module(name).WRONG
