"""What is imported is named in requirements.in, and does not come only through another package."""

import ast
import re
import sys
from importlib.metadata import packages_distributions

import pytest

from built_book import ROOT

FOLDERS = ("lib", "tests", "tools", "_ext", "locales", "assignments")  # bench has other pins
FILES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
OWN = {path.stem for path in FILES} | {path.parent.name for path in FILES}
NAMED = re.findall(r"(?m)^[\w-]+", (ROOT / "requirements.in").read_text(encoding="utf-8"))


def imported(code):
    """Return the packages that a module imports."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def unnamed(code, named):
    """Return the imports of a module that no named distribution has."""
    foreign = set(imported(code)) - OWN - sys.stdlib_module_names
    owners = packages_distributions()
    return sorted(name for name in foreign if not normal(owners.get(name, ())) & normal(named))


def normal(names):
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_are_named(path):
    assert unnamed(path.read_text(encoding="utf-8"), NAMED) == []


def test_an_unnamed_import_is_found():
    code = "import os, yaml\nfrom PIL.Image import open\nfrom . import x"
    assert unnamed(code, ["PyYAML", "Pillow"]) == []
    assert unnamed(code, ["PyYAML"]) == ["PIL"]
    assert unnamed(code, []) == ["PIL", "yaml"]
