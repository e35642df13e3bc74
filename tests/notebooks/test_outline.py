"""What the translated pages take from the book: a word of another chapter is not part of it."""

import json
import os

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import outline
from book.execution import RECORD

TEXT = "(place)=\n# Heat\n\nA word.\n\n$$\nx = 1\n$$ (eq-x)\n\n```{note} Title\n:name: n\n```\n"


@pytest.fixture
def book(tmp_path):
    """A book with a translated chapter, another one and an appendix; returns it and its files."""
    names = ["chapters/a.ipynb", "chapters/b.ipynb", "appendix/c.md", RECORD.as_posix(),
             "locales/zh_CN/LC_MESSAGES/chapters/b.po"]  # fmt: skip
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT, encoding="utf-8")
    for path in paths[:2]:
        cells = [new_markdown_cell(TEXT, id="text"), new_code_cell("1", id="code")]
        path.write_text(json.dumps(new_notebook(cells=cells)), encoding="utf-8")
    paths[3].write_text(json.dumps({"chapters/a": {"state": "1", "seconds": 2}}), encoding="utf-8")
    return tmp_path, [*paths[:3], paths[4]]


@pytest.mark.parametrize(
    ("name", "old", "new", "is_new"),
    [
        ("chapters/a.ipynb", "A word", "Two words", False),
        ("chapters/a.ipynb", "# Heat", "# Cold", True),
        ("chapters/a.ipynb", "(place)", "(spot)", True),
        ("chapters/a.ipynb", "(eq-x)", "(eq-y)", True),
        ("chapters/a.ipynb", "Title", "Name", True),
        ("chapters/a.ipynb", ":name: n", ":name: m", True),
        ("chapters/b.ipynb", "A word", "Two words", True),
        ("appendix/c.md", "A word", "Two words", True),
        ("locales/zh_CN/LC_MESSAGES/chapters/b.po", "A word", "Two words", True),
        (RECORD.as_posix(), '"1"', '"2"', True),
        (RECORD.as_posix(), "2", "3", False),  # seconds
    ],
)
def test_it_is_written_anew_when_it_says_something_else(book, name, old, new, is_new):
    root, paths = book
    outline.main(root, paths)
    note = root / outline.NOTE
    os.utime(note, (1, 1))
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    outline.main(root, paths)
    assert (note.stat().st_mtime != 1) == is_new
