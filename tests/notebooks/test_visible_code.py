"""What a page shows runs from what it shows: no cell needs a name of one that is taken out."""

import ast
import builtins
import json

import pytest

import dependencies
from built_book import ROOT

TAKEN_OUT = {"remove-cell", "remove-input"}


def uses_and_definitions(code):
    """Return the names that a cell asks of others, and those that it gives."""
    tree = ast.parse(dependencies.python(code))
    used, given = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else given).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            given.add(node.name)
        elif isinstance(node, ast.arg):
            given.add(node.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            given |= {(name.asname or name.name).partition(".")[0] for name in node.names}
    return used - given - set(dir(builtins)), given


def hidden_names(cells):
    """Return which names each shown cell needs of cells that are taken out: id -> names."""
    shown, hidden, found = set(), set(), {}
    for cell in cells:
        if cell["cell_type"] != "code" or cell["id"] == "first-cell":
            continue
        used, given = uses_and_definitions("".join(cell["source"]))
        if TAKEN_OUT & set(cell["metadata"].get("tags", [])):
            hidden |= given
            continue
        if needed := used & hidden - shown:
            found[cell["id"]] = sorted(needed)
        shown |= given
    return found


@pytest.mark.parametrize("path", sorted(ROOT.glob("chapters/*.ipynb")), ids=lambda p: p.stem[:2])
def test_what_is_shown_runs_from_what_is_shown(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = hidden_names(cells)
    assert not found, "; ".join(f"cell {i} needs {', '.join(n)}" for i, n in found.items())


def test_a_name_that_is_taken_out_is_found():
    def cell(name, source, *tags):
        return dict(id=name, cell_type="code", source=[source], metadata={"tags": list(tags)})

    hidden = cell("h", "keep = print", "remove-cell")
    assert hidden_names([hidden, cell("a", "x = 1\nkeep(x)")]) == {"a": ["keep"]}
    assert hidden_names([hidden, cell("a", "keep = 2"), cell("b", "keep")]) == {}
    assert hidden_names([hidden, cell("a", "keep(1)", "remove-cell")]) == {}
