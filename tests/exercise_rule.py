"""The rule of exercises: each has an answer cell, a hidden solution and a sealed answer."""

import ast
import json
import re
from pathlib import Path

DIRECTIVE = re.compile(
    r"^[`:]{3,}\{(exercise|solution)\}[ \t]*(.*)\n((?:[ \t]*:[\w-]+:.*\n)*)", re.MULTILINE
)


def faults(notebooks, sealed):
    """Return a sentence for each exercise of the notebooks that breaks the rule.

    `sealed` holds the labels of the answers that the library knows.
    """
    said, used = [], []
    for path in notebooks:
        labels, sentences = notebook_faults(json.loads(Path(path).read_text(encoding="utf-8")))
        used += labels
        said += [f"{Path(path).name}: {sentence}" for sentence in sentences]
    said += [f"the exercise {label} occurs more than once" for label in repeated(used)]
    said += [f"{label} has no sealed answer: seal it" for label in used if label not in sealed]
    said += [f"the sealed {label} has no exercise: unseal it" for label in set(sealed) - set(used)]
    return said


def notebook_faults(notebook):
    cells = [Cell(number, cell) for number, cell in enumerate(notebook["cells"], 1)]
    labels, said = [], []
    for cell in cells:
        for kind, argument, options in cell.directives:
            if kind == "solution":
                continue
            label = option(options, "label")
            labels.append(label)
            if not re.fullmatch(r"ex-[a-z0-9]+(-[a-z0-9]+)*", label):
                said.append(f"the exercise '{argument}' needs a label that reads ex-name")
                continue
            said += [f"the exercise {label} {rest}" for rest in exercise_faults(label, cell, cells)]
    known = {argument for cell in cells for kind, argument, _ in cell.directives} & set(labels)
    for cell in cells:
        named = [argument for kind, argument, _ in cell.directives if kind == "solution"]
        said += [f"the solution of {label} has no exercise" for label in set(named) - known]
        said += [f"a cell checks {label}, no exercise" for label in cell.labels - set(labels)]
    return labels, said


def exercise_faults(label, here, cells):
    after = [cell for cell in cells if cell.number > here.number]
    solutions = [cell for cell in after if cell.solution_of(label) is not None]
    if not solutions:
        yield f"has no solution after it: add {{solution}} {label}"
        return
    solution = solutions[0]
    if "dropdown" not in option(solution.solution_of(label), "class"):
        yield "has an open solution: give it :class: dropdown"
    if not any(cell.asks(label) for cell in after if cell.number < solution.number):
        yield f'has no answer cell before its solution: answer = None; check("{label}", answer)'
    worked = [cell for cell in after if cell.number > solution.number and cell.solves(label)]
    if not worked:
        yield f'has no cell after its solution that asserts a computed check("{label}", …)'
    elif "hide-cell" not in worked[0].tags:
        yield "shows the code of its solution: tag the cell hide-cell"


class Cell:
    """A cell, as far as exercises go."""

    def __init__(self, number, cell):
        source = "".join(cell["source"])
        is_code = cell["cell_type"] == "code"
        self.number = number
        self.tags = cell["metadata"].get("tags", [])
        self.directives = [] if is_code else [m.groups() for m in DIRECTIVE.finditer(source + "\n")]
        code = re.sub(r"(?m)^(\s*)[%!].*$", r"\1pass", source) if is_code else ""
        self.statements = ast.parse(code).body
        calls = (node for s in self.statements for node in ast.walk(s) if is_check(node))
        self.labels = {call.args[0].value for call in calls}

    def solution_of(self, label):
        for kind, argument, options in self.directives:
            if kind == "solution" and argument.strip() == label:
                return options
        return None

    def asks(self, label):
        """Tell whether the cell checks an answer that is still None."""
        blank = {
            target.id
            for statement in self.statements
            if isinstance(statement, ast.Assign) and is_none(statement.value)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        for statement in self.statements:
            call = getattr(statement, "value", None)
            if is_check(call, label) and len(call.args) == 2:
                answer = call.args[1]
                return is_none(answer) or getattr(answer, "id", None) in blank
        return False

    def solves(self, label):
        """Tell whether the cell asserts, at its top level, a check of a computed answer."""
        return any(
            is_check(claim, label) and is_computed(claim.args[1])
            for statement in self.statements
            if isinstance(statement, ast.Assert)
            for claim in claims(statement.test)
        )


def is_check(node, label=None):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "check"
        and len(node.args) == 2
        and isinstance(node.args[0], ast.Constant)
        and label in (None, node.args[0].value)
    )


def is_computed(node):
    return any(isinstance(part, ast.Name | ast.BinOp) for part in ast.walk(node))


def claims(test):
    """Return the parts of an assertion that must all be true."""
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]


def is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def option(options, name):
    found = re.search(rf"(?m)^\s*:{name}:\s*(.*?)\s*$", options)
    return found[1] if found else ""


def repeated(labels):
    return sorted({label for label in labels if labels.count(label) > 1})
