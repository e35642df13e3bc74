"""Every exercise of the book can be answered, and its hidden solution answers it."""

import json
from pathlib import Path

import pytest

from exercise_rule import faults
from langevin.exercises import SEALED

ROOT = Path(__file__).resolve().parents[2]

CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


def test_the_book():
    sealed = json.loads(SEALED.read_text(encoding="utf-8"))
    assert faults(CHAPTERS, sealed) == []


def test_no_answer_is_readable_where_it_is_sealed():
    for label, entry in json.loads(SEALED.read_text(encoding="utf-8")).items():
        assert not {"answer", "value"} & entry.keys(), label
        assert len(entry["digest"]) == 64


EXERCISE = "````{exercise} A title\n:label: ex-a\n\nHow much?\n````"
SOLUTION = "````{solution} ex-a\n:class: dropdown\n\nThat much.\n````"
ASK = 'answer = None\ncheck("ex-a", answer);'
SOLVE = 'x = 3 * 4\nassert check("ex-a", x)'


def made_up(
    tmp_path, exercise=EXERCISE, ask=ASK, solution=SOLUTION, solve=SOLVE, tags=("hide-cell",)
):
    cells = [("markdown", exercise), ("code", ask), ("markdown", solution), ("code", solve)]
    cells = [{"cell_type": kind, "source": [text], "metadata": {}} for kind, text in cells if text]
    cells[-1]["metadata"]["tags"] = list(tags)
    path = tmp_path / "made-up.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return [path]


def test_good_exercise(tmp_path):
    assert faults(made_up(tmp_path), {"ex-a"}) == []
    assert faults(made_up(tmp_path, ask='check("ex-a", None)'), {"ex-a"}) == []
    assert faults(made_up(tmp_path, solve='assert check("ex-a", 3 * 4)'), {"ex-a"}) == []
    assert faults(made_up(tmp_path, solve='assert check("ex-a", x) and x'), {"ex-a"}) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"exercise": EXERCISE.replace(":label: ex-a\n", "")}, "needs a label"),
        ({"exercise": EXERCISE.replace("ex-a", "walk")}, "needs a label"),
        ({"exercise": EXERCISE.replace("ex-a", "ex-b")}, "ex-b has no solution"),
        ({"exercise": "nothing"}, "the solution of ex-a has no exercise"),
        ({"exercise": f"{EXERCISE}\n\n{EXERCISE}"}, "more than once"),
        ({"solution": ""}, "has no solution after it"),
        ({"solution": SOLUTION.replace(":class: dropdown\n", "")}, "an open solution"),
        ({"ask": ""}, "has no answer cell"),
        ({"ask": ASK.replace("None", "12")}, "has no answer cell"),
        ({"ask": "# " + ASK.replace("\n", "\n# ")}, "has no answer cell"),
        ({"solve": "x = 12"}, "asserts a computed check"),
        ({"solve": 'check("ex-a", x)'}, "asserts a computed check"),
        ({"solve": 'assert check("ex-a", 12)'}, "asserts a computed check"),
        ({"solve": 'assert check("ex-a", x) or x'}, "asserts a computed check"),
        ({"solve": 'if False:\n    assert check("ex-a", x)'}, "asserts a computed check"),
        ({"solve": SOLVE + '\nassert check("ex-z", x)'}, "a cell checks ex-z, no exercise"),
        ({"tags": ["hide-input"]}, "shows the code of its solution"),
    ],
)
def test_each_mistake_is_named(tmp_path, change, sentence):
    found = faults(made_up(tmp_path, **change), {"ex-a"})
    assert any(sentence in one for one in found), found


def test_sealed_answers_and_exercises_match(tmp_path):
    assert "no sealed answer" in faults(made_up(tmp_path), set())[0]
    assert "has no exercise: unseal" in faults(made_up(tmp_path), {"ex-a", "ex-old"})[0]
