"""Every text file and pipe has a stated encoding: the default differs between machines."""

import ast

import pytest

from built_book import ROOT

FOLDERS = ("lib", "tests", "tools", "lite", "locales", "bench", "assignments", "_ext")
FILES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
PIPES = {"run", "Popen", "check_output"}


def faults(code):
    """Return the lines of the calls that read or write text in the default encoding."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return [call.lineno for call in calls if uses_default(call)]


def uses_default(call):
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    name = getattr(call.func, "attr", getattr(call.func, "id", None))
    if "encoding" in named:
        return False
    if name in PIPES:
        return "text" in named or "universal_newlines" in named
    if name == "open":
        mode = named.get("mode") or next(iter(call.args[isinstance(call.func, ast.Name) :]), None)
        return (isinstance(mode, ast.Constant) and mode.value in {"r", "w", "a", "x"}) or (
            isinstance(call.func, ast.Name) and mode is None
        )
    return (name, len(call.args)) in {("read_text", 0), ("write_text", 1)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_states_its_encodings(path):
    assert faults(path.read_text(encoding="utf-8")) == []


DEFAULT = """
p.read_text() | p.write_text(t) | open(p) | open(p, "w") | p.open("a") | p.open(mode="r")
run(c, text=True) | Popen(c, universal_newlines=True)
"""


@pytest.mark.parametrize("code", DEFAULT.strip().replace("\n", " | ").split(" | "))
def test_a_default_encoding_is_found(code):
    assert faults(code) == [1]


@pytest.mark.parametrize("code", ["open(p, 'rb')", "p.open('wb')", "run(c)", "page.open(url)"])
def test_bytes_and_other_calls_pass(code):
    assert faults(code) == []
