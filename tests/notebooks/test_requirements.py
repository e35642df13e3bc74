"""The groups of packages: what each part imports is named there, and the one lock has it all."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

import install
from built_book import ROOT

# Which groups are installed where the modules of a folder run.  (bench has pins of its own.)
GROUPS = {
    "lib": ["book", "compiled"],
    "_ext": ["book"],
    "tools": ["book", "translate"],
    "assignments": ["book", "cluster"],
    "tests": ["book", "test"],
}
FILES = [path for folder in GROUPS for path in sorted((ROOT / folder).rglob("*.py"))]
OWN = {path.stem for path in FILES} | {path.parent.name for path in FILES}
PINNED = set(re.findall(r"(?m)^([\w.-]+)==", install.LOCK.read_text(encoding="utf-8")))


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
    """Return the names of distributions in one spelling, without their versions."""
    return {re.sub(r"[-_.]+", "-", name.partition("==")[0]).lower() for name in names}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_are_named(path):
    groups = GROUPS[path.relative_to(ROOT).parts[0]]
    named = [name for group in groups for name in install.group(group)]
    assert unnamed(path.read_text(encoding="utf-8"), named) == []


def test_an_unnamed_import_is_found():
    code = "import os, yaml\nfrom PIL.Image import open\nfrom . import x"
    assert unnamed(code, ["PyYAML", "Pillow==12.0"]) == []
    assert unnamed(code, ["PyYAML"]) == ["PIL"]
    assert unnamed(code, []) == ["PIL", "yaml"]


def test_the_lock_pins_every_group():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for group in project["dependency-groups"]:
        assert normal(install.group(group)) <= normal(PINNED), f"{group}: run `make lock`"


def test_the_lock_is_made_from_every_group():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = re.findall(r"--group (\w+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert named == list(project["dependency-groups"])


def test_an_unknown_group_is_a_sentence():
    with pytest.raises(SystemExit, match=r"no group is called book2; .* has book, lab"):
        install.group("book2")


def test_no_program_hides_a_package():
    names = {path.stem for path in (ROOT / "tools").glob("*.py")}
    rooms = {path.name for path in (*ROOT.glob("_ext/*"), *ROOT.glob("lib/*"))}
    assert not names & (sys.stdlib_module_names | rooms | set(packages_distributions()))


def test_an_environment_that_was_interrupted_is_made_anew(tmp_path, monkeypatch):
    def stopped(*command):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / "python").touch()
        made.append(command)
        if len(made) == 1:
            raise KeyboardInterrupt

    made = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(install, "run", stopped)
    monkeypatch.setattr(install, "installer", lambda *_: [])
    with pytest.raises(KeyboardInterrupt):
        install.main(tmp_path)
    install.main(tmp_path)
    install.main(tmp_path)
    assert len(made) == 2
