"""A problem set run in this process: much faster than nbgrader's kernels, with the same points."""

import contextlib
import io
import re
import warnings

import matplotlib as mpl
import variants
from problem_sets import ROOT, parts, role, solved, wrong_module

COURSE = ROOT / "assignments"
STUB = re.compile(r"( *)### BEGIN SOLUTION\n.*?### END SOLUTION", re.DOTALL)


def made(name, values=None):
    """Return a set with these values of its choices, as `problem_sets.read` returns one."""
    choices = variants.choices_of(COURSE, name)
    values = variants.example(choices) | (values or {})
    return variants.render(variants.read(COURSE, name), choices, values)


def drawn(name, who):
    """Return the values that a name draws, with the key of the tests."""
    return variants.draw(variants.choices_of(COURSE, name), "a key for tests", f"{name}\n{who}")


def blank(notebook):
    """Return the answers of a student who has written nothing."""
    coding = [part for part in parts(notebook) if not part.is_written]
    stub = r"\1raise NotImplementedError()"
    return {part.name: STUB.sub(stub, part.answer["source"]) for part in coding}


def lost(notebook, answers=None, adapted=None, only=None):
    """Return the points that answers lose, by the names of the tests, and why.

    Parameters
    ----------
    notebook : dict
        The set, with its tests.
    answers : dict, optional
        The answers by part; the solution where there is none.
    adapted : dict, optional
        By part, functions to call on the names in which the answer is written for the example:
        `{part: [(name, adapter, value), ...]}`.
    only : str, optional
        The one part to run.
    """
    mpl.use("Agg")
    answers = solved(notebook) | (answers or {})
    space, found, part = {"__name__": "__main__"}, {}, None
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        source, told = cell["source"], role(cell)
        if told.get("solution"):
            part = told["grade_id"]
            source = answers[part]
        elif not told.get("grade") and re.search(r"^plt\.", source, re.MULTILINE):
            continue  # a picture
        if only and part != only and (told.get("solution") or told.get("grade")):
            continue
        try:
            run(source, space, told.get("grade_id"))
            for function, adapter, value in (adapted or {}).get(part, []):
                if told.get("solution"):
                    space[function] = adapter(space[function], value)
        except Exception as why:
            if told.get("grade"):
                found[told["grade_id"]] = (told["points"], f"{type(why).__name__}: {why}")
            elif not told.get("solution"):
                raise
    return found


def run(source, space, name):
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        exec(compile(source, f"<{name}>", "exec"), space)


def points(found):
    return {test: worth for test, (worth, _) in found.items()}


def adapters(name, values):
    """Return, for each part, what turns an answer to the example into one to these values."""
    found = {}
    module = wrong_module(name)
    for choice, value in values.items():
        part, functions = module.ADAPTED[choice]
        if value != variants.choices_of(COURSE, name)[choice]["values"][0]:
            found.setdefault(part, [])
            found[part] += [(function, adapter, value) for function, adapter in functions.items()]
    return found
