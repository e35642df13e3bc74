"""Every exercise of the book can be answered, and its hidden solution answers it."""

import ast
import json
import math
import tomllib
from pathlib import Path

import pytest

from exercise_rule import faults, notebook_faults
from langevin import exercises
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


# For each exercise of a chapter: wrong answers that tempt, and what tempts about them. A number
# is written as Python would compute it, with the names of the module math.
TEMPTING = ROOT / "tests" / "notebooks" / "tempting"


def tempting(path):
    return tomllib.loads((TEMPTING / f"{path.stem}.toml").read_text(encoding="utf-8"))


def wrong_answer(kind, text):
    """Return a wrong answer as a reader would give it."""
    names = {name: value for name, value in vars(math).items() if name[0] != "_"}
    if kind == "number":
        return eval(text, {"__builtins__": {}, "round": round}, names)
    return set(ast.literal_eval(text)) if kind == "set" else text


def tempting_faults(labels, sealed, wrong):
    """Return a sentence for each exercise whose tempting wrong answers are not as they should."""
    said = [f"{label} is no exercise of this chapter" for label in wrong.keys() - set(labels)]
    for label in set(labels) & sealed.keys():
        entry, given = sealed[label], wrong.get(label, {})
        cells = {
            text: exercises._canonical(entry, wrong_answer(entry["kind"], text)) for text in given
        }
        if len(set(cells.values())) < 2:
            said.append(f"{label} needs two different wrong answers that tempt")
        for text in cells:
            if right_answer(entry, wrong_answer(entry["kind"], text)):
                said.append(f"{label} accepts the wrong answer {text}: {given[text]}")
        said += [f"{label}: why is {t} tempting?" for t, why in given.items() if len(why) < 10]
    return said


def right_answer(entry, answer):
    return exercises._digest(entry, answer) == entry["digest"]


@pytest.mark.parametrize(
    "path",
    CHAPTERS[:-1],
    ids=lambda p: p.stem[:2],  # the epilogue has no exercises
)
def test_tempting_wrong_answers_are_refused(path):
    labels, _ = notebook_faults(json.loads(path.read_text(encoding="utf-8")))
    sealed = json.loads(SEALED.read_text(encoding="utf-8"))
    assert tempting_faults(labels, sealed, tempting(path)) == []


def test_no_answer_is_a_toss_of_a_coin():
    for label, entry in json.loads(SEALED.read_text(encoding="utf-8")).items():
        assert entry["kind"] != "truth", f"{label}: ask for a number or a choice with its reason"


SIX = {"ex-a": {"kind": "number", "scale": "log", "width": 0.02, "phase": 1.79 % 0.02, "salt": ""}}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "needs two different"),
        ({"ex-a": {"pi": "half a turn"}}, "needs two different"),
        ({"ex-a": {"pi": "half a turn", "3.1416": "the same again"}}, "needs two different"),
        ({"ex-a": {"pi": "half a turn", "2*3": "an accident"}}, "accepts the wrong answer 2*3"),
        ({"ex-a": {"pi": "half a turn", "4": ""}}, "why is 4 tempting"),
        ({"ex-b": {}}, "ex-b is no exercise"),
    ],
)
def test_each_fault_of_tempting_answers_is_named(wrong, sentence):
    sealed = {"ex-a": SIX["ex-a"] | {"digest": exercises._digest(SIX["ex-a"], 6)}}
    assert sentence in " ".join(tempting_faults(["ex-a"], sealed, wrong))
    good = {"ex-a": {"pi": "half a turn", "6.2": "three per cent off"}}
    assert tempting_faults(["ex-a"], sealed, good) == []


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
