"""The rule of clean notebooks holds for every chapter, and each of its parts can turn red."""

import json
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import notebook_rule
from notebook_rule import METADATA, canonical, faults, fix

ROOT = Path(__file__).resolve().parents[2]

CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_is_clean(path):
    assert faults(path) == []


def test_there_is_a_chapter():
    assert CHAPTERS


def clean_notebook():
    kept = new_code_cell("print(2)", id="kept", execution_count=1)
    kept.metadata.tags = ["nbval-check-output"]
    kept.outputs = [new_output("stream", text="2\n")]
    cells = [new_markdown_cell("# Brünn\nα\n", id="title"), new_code_cell("1 + 1\n", id="sum")]
    return new_notebook(cells=[*cells, kept], metadata=METADATA)


@pytest.fixture
def notebook(tmp_path):
    """Return the path of a notebook after `change(its content)`, by default a clean one."""

    def write(change=lambda book: None):
        book = clean_notebook()
        change(book)
        path = tmp_path / "made-up.ipynb"
        path.write_bytes(canonical(book))
        return path

    return write


def test_clean_notebook_passes_and_is_left_alone(notebook):
    path = notebook()
    assert faults(path) == []
    assert fix(path) is False


def test_a_table_is_kept(notebook):
    table = {"text/html": ["<table>\n", "</table>"], "text/plain": ["x"]}
    path = notebook(at(2, outputs=[{**RESULT, "data": table}]))
    assert faults(path) == []
    assert fix(path) is False


PNG = {"image/png": "iVBORw0KGgo=", "text/plain": ["<Figure>"]}
RESULT = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}


def at(cell, **changes):
    return lambda book: book["cells"][cell].update(changes)


def give_metadata(**changes):
    return lambda book: book["metadata"].update(changes)


FIXABLE = {
    "image left in a plain cell": (at(1, outputs=[{**RESULT, "data": PNG}]), "has outputs"),
    "image left in a checked cell": (at(2, outputs=[{**RESULT, "data": PNG}]), "an image among"),
    "other output": (
        at(2, outputs=[{**RESULT, "data": {"text/html": "<b>", "text/plain": "b"}}]),
        "text/html",
    ),
    "execution count": (at(1, execution_count=7), "execution count"),
    "a checked cell that nbval takes for unrun": (at(2, execution_count=None), "execution count"),
    "count in an output": (
        at(2, outputs=[{**RESULT, "execution_count": 3, "data": {"text/plain": ["2"]}}]),
        "execution count",
    ),
    "output metadata": (
        at(2, outputs=[{**RESULT, "metadata": {"a": 1}, "data": {"text/plain": ["2"]}}]),
        "metadata in an output",
    ),
    "cell metadata": (at(1, metadata={"collapsed": True}), "collapsed"),
    "empty tags": (at(1, metadata={"tags": []}), "empty or repeated tags"),
    "repeated tags": (at(1, metadata={"tags": ["hide-cell"] * 2}), "empty or repeated tags"),
    "same id": (at(1, id="title"), "used 2 times"),
    "no id": (lambda book: book["cells"][1].pop("id"), "missing"),
    "empty cell": (at(1, source=["  \n"]), "is empty"),
    "other kernel": (
        give_metadata(kernelspec={"name": "venv", "display_name": "venv", "language": "python"}),
        "kernelspec",
    ),
    "version noise": (
        give_metadata(language_info={"name": "python", "version": "3.11.7"}),
        "language_info",
    ),
    "widget state": (give_metadata(widgets={"state": {}}), "saved widgets"),
    "more metadata": (give_metadata(toc={}), "toc"),
    "old format": (lambda book: book.update(nbformat_minor=4), "must be 4.5"),
}

FOR_THE_AUTHOR = {
    "attachment": (at(0, attachments={"a.png": {"image/png": "iVBOR"}}), "an attachment"),
    "attached image": (at(0, source=["![x](attachment:a.png)"]), "an image in its source"),
    "image in Markdown": (at(0, source=['<img src="data:image/png;base64,iVBOR">']), "an image in"),
    "drawing in Markdown": (at(0, source=["<svg width='3'></svg>"]), "an image in"),
    "image in code": (
        at(1, source=["x = 'data:image/png;base64," + "iVBO" * 9 + "'"]),
        "an image in",
    ),
    "unknown tag": (at(1, metadata={"tags": ["hide_input"]}), "unknown tag 'hide_input'"),
    "checked without output": (at(2, outputs=[]), "has no output"),
    "error kept": (
        at(2, outputs=[{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}]),
        "an error or a warning",
    ),
    "warning kept": (
        at(2, outputs=[{"output_type": "stream", "name": "stderr", "text": ["w\n"]}]),
        "an error or a warning",
    ),
    "long cell": (at(1, source=["x = 1\n"] * 15), "has 15 lines, 14 are allowed"),
    "raw cell": (at(1, cell_type="raw"), "of type 'raw'"),
}


@pytest.mark.parametrize(
    ("change", "sentence"), (FIXABLE | FOR_THE_AUTHOR).values(), ids=FIXABLE | FOR_THE_AUTHOR
)
def test_each_mistake_is_named(notebook, change, sentence):
    path = notebook(change)
    found = faults(path)
    assert any(sentence in one for one in found), found
    assert all(one.startswith(str(path)) for one in found)


@pytest.mark.parametrize("change", [change for change, _ in FIXABLE.values()], ids=FIXABLE)
def test_fix_cleans(notebook, change):
    path = notebook(change)
    assert fix(path)
    assert faults(path) == []
    assert fix(path) is False


@pytest.mark.parametrize(
    "change", [change for change, _ in FOR_THE_AUTHOR.values()], ids=FOR_THE_AUTHOR
)
def test_fix_leaves_the_authors_choices(notebook, change):
    path = notebook(change)
    fix(path)
    assert faults(path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: raw.rstrip(b"\n"),
        lambda raw: json.dumps(json.loads(raw), indent=2).encode(),
        lambda raw: json.dumps(json.loads(raw), indent=1, sort_keys=True).encode() + b"\n",
    ],
    ids=["CRLF", "no newline at the end", "indent 2", "escaped letters"],
)
def test_layout(notebook, spoil):
    path = notebook()
    path.write_bytes(spoil(path.read_bytes()))
    assert "layout" in faults(path)[0]
    assert fix(path)
    assert faults(path) == []


def test_folded_cells_may_be_long(notebook):
    folded = at(1, source=["x = 1\n"] * 40, metadata={"tags": ["hide-input"]})
    assert faults(notebook(folded)) == []


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b'{"cells": [{}]}'])
def test_what_is_no_notebook_gets_a_sentence(tmp_path, raw):
    path = tmp_path / "a.ipynb"
    path.write_bytes(raw)
    assert "is no notebook" in faults(path)[0]


def test_command(notebook, capsys):
    path = notebook(at(1, execution_count=1))
    assert notebook_rule.main([str(path)]) == 1
    assert "cell 2: has an execution count" in capsys.readouterr().out
    assert notebook_rule.main(["--fix", str(path)]) == 0
    assert "cleaned" in capsys.readouterr().out
    assert notebook_rule.main([str(path)]) == 0
    assert capsys.readouterr().out == ""


def test_layout_is_that_of_jupyter(notebook):
    import nbformat

    path = notebook()
    written = nbformat.writes(nbformat.read(path, as_version=4)) + "\n"
    assert written.encode() == path.read_bytes()
