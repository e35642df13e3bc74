"""Tables of a chapter are tables: columns that `print` has aligned break on a phone."""

import ast
import json
import re

import pytest

import dependencies
from built_book import ROOT

WIDTH = re.compile(r"([^{}]?[<>=^])?[-+ ]?#?0?\d")  # of a format: ">9" and "7.1f", not ".2f"


def aligned(code):
    """Return the formats with a width that a cell prints."""
    prints = [
        node
        for node in ast.walk(ast.parse(dependencies.python(code)))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]
    parts = [part for call in prints for part in ast.walk(call)]
    formats = [
        ast.unparse(p.format_spec)[2:-1]
        for p in parts
        if isinstance(p, ast.FormattedValue) and p.format_spec
    ]
    return [form for form in formats if WIDTH.match(form)]


@pytest.mark.parametrize("path", sorted(ROOT.glob("chapters/*.ipynb")), ids=lambda p: p.stem[:2])
def test_no_chapter_prints_columns(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = {c["id"]: "".join(c["source"]) for c in cells if c["cell_type"] == "code"}
    found = {name: forms for name, source in code.items() if (forms := aligned(source))}
    assert not found, (
        f"{found}: columns break on a phone; end the cell with prose.table(head, rows)"
    )


def test_a_width_is_found():
    assert aligned('for n in x:\n    print(f"{n:>9} " + "".join(f" {p:7.4f}" for p in y))') == [
        ">9",
        "7.4f",
    ]
    assert aligned('print(f"{n:.2f} {n:,} {n:g} {n}")\nf"{n:9}"') == []
