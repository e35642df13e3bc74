"""Every displayed equation of the book is checked, and every check belongs to an equation."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from book.sources.contents import EPILOGUE
from book.sources.equations import checks, checks_in, equations, faults, sources

ROOT = Path(__file__).resolve().parents[2]


def audit(paths):
    return faults(
        [equation for path in paths for equation in equations(path)],
        [check for path in paths for check in checks(path)],
    )


def test_the_book():
    assert audit(sources(ROOT)) == []


def test_the_book_has_equations_and_checks():
    notebooks = [path for path in sources(ROOT) if path.suffix == ".ipynb"]
    chapters = [path for path in notebooks if path.stem != Path(EPILOGUE).name]
    assert chapters
    for chapter in chapters:
        assert equations(chapter), chapter.name
        assert checks(chapter), chapter.name


TEXT = "Einstein found\n\n$$\nD = k_BT/\\lambda\n$$ (eq-einstein)\n"
CODE = 'ledger.symbolic("eq-einstein", solution, kT / friction)'


@pytest.fixture
def notebook(tmp_path):
    def write(text=TEXT, code=CODE, tags=(), name="made-up.ipynb"):
        cells = [new_markdown_cell(text), new_code_cell(code, metadata={"tags": list(tags)})]
        nbformat.write(new_notebook(cells=cells), tmp_path / name)
        return tmp_path / name

    return write


def test_a_checked_equation_passes(notebook):
    assert audit([notebook()]) == []


def test_several_checks_of_one_equation_pass(notebook):
    code = CODE + '\nledger.numeric("eq-einstein", D, kT / friction, error=0.1)'
    assert audit([notebook(code=code)]) == []


def test_a_definition_needs_no_check(notebook):
    assert audit([notebook(TEXT.replace("eq-", "def-"), "pass")]) == []


def test_equation_and_check_may_be_on_different_pages(notebook, tmp_path):
    page = tmp_path / "intro.md"
    page.write_text(TEXT, encoding="utf-8")
    assert audit([page, notebook(text="Words.")]) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("$$ a = b $$", "has no label"),
        ("A line $$ a = b $$ in a line", "has no label"),
        ("\\begin{align}\na &= b\n\\end{align}", "write \\begin{aligned}"),
        ("```{math}\na = b\n```", "has no label"),
        ("````{note}\n\n$$ a = b $$\n````", "has no label"),
        (":::{exercise} T\n:label: ex-a\n\n$$ a = b $$\n:::", "has no label"),
        ("- item\n\n  $$ a = b $$", "has no label"),
        ("$$ a $$ (Eq:a)", "must read eq-name"),
        ("$$ a $$ (ex-a)", "must read eq-name"),
        ("$$ a $$ (eq-other)", "eq-other has no check"),
        ("```{math}\n:label: eq-other\na = b\n```", "eq-other has no check"),
        ("$$ a $$ (def-a)\n\n$$ b $$ (def-a)", "is given to 2 equations"),
    ],
)
def test_each_faulty_equation_is_named(notebook, text, sentence):
    found = audit([notebook(f"{TEXT}\n{text}\n")])
    assert found
    assert all(sentence in one and "made-up.ipynb, cell 1" in one for one in found), found


@pytest.mark.parametrize(
    "text",
    [
        "```python\n$$ a $$\n```",
        "    $$ a $$",
        "<!--\n$$ a $$\n-->",
        "`$$ a $$` and $a$",
        "% $$ a $$",
    ],
    ids=["code", "indented code", "HTML comment", "inline", "comment"],
)
def test_what_is_not_displayed_is_no_equation(notebook, text):
    assert audit([notebook(f"{TEXT}\n{text}\n")]) == []


INDENTED = "\n    ".join(["", CODE])


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("pass", "eq-einstein has no check"),
        (f"# {CODE}", "eq-einstein has no check"),
        (f"if False:{INDENTED}", "inside another statement"),
        (f"try:{INDENTED}\nexcept AssertionError:\n    pass", "inside another statement"),
        (f"def later():{INDENTED}", "inside another statement"),
        (f"for _ in []:{INDENTED}", "inside another statement"),
        (f"lambda: {CODE}", "inside another statement"),
        (f"False and {CODE}", "inside another statement"),
        (f"'''\n{CODE}\n'''", "eq-einstein has no check"),
        (f"%%script false\n{CODE}", "%% magic"),
        (f"%%time\n{CODE}", "%% magic"),
        (f"{CODE}\n)(", "not plain Python"),
        (CODE.replace('"eq-einstein"', "label"), "label is not written out"),
        (CODE.replace("eq-einstein", "eq-newton"), "no displayed equation has this label"),
        (f'{CODE}\nledger.symbolic("eq-newton", F, m * a)', "no displayed equation has this"),
        (f'{CODE}\nledger.symbolic("def-force", F, m * a)', "a definition needs no check"),
        ('ledger.symbolic("eq-einstein", D, D)', "the same words"),
        ('ledger.numeric("eq-einstein", observed=D, expected=D, rtol=0.1)', "the same words"),
        ('ledger.numeric("eq-einstein", 0.43, 0.4288, rtol=0.1)', "compares constants"),
        ('ledger.symbolic("eq-einstein", 0)', "compares constants"),
        (f"ledger = print\n{CODE}", "another meaning"),
        (f"ledger.symbolic = print\n{CODE}", "another meaning"),
        (f"from unittest import mock as ledger\n{CODE}", "another meaning"),
        (f"def ledger(): ...\n{CODE}", "another meaning"),
    ],
)
def test_each_faulty_check_is_named(notebook, code, sentence):
    found = audit([notebook(code=code)])
    assert any(sentence in one for one in found), found


@pytest.mark.parametrize(
    "tag", ["skip-execution", "raises-exception", "nbval-skip", "remove-cell", "remove-input"]
)
def test_a_check_must_run_and_be_seen(notebook, tag):
    found = audit([notebook(tags=[tag])])
    assert any(f"tagged {tag}" in one for one in found), found
    assert any("eq-einstein has no check" in one for one in found), found


def test_a_folded_check_counts(notebook):
    assert audit([notebook(tags=["hide-input"])]) == []
    assert audit([notebook(tags=["hide-cell"])]) == []


def test_magics_and_imports_do_not_disturb():
    code = f"%matplotlib inline\nfrom langevin import ledger\n!ls\n{CODE}"
    assert [(check.label, check.fault) for check in checks_in(code)] == [("eq-einstein", "")]


def test_lines_are_given_in_markdown_pages(tmp_path):
    page = tmp_path / "intro.md"
    page.write_text("# Title\n\n:::{note}\n:class: tip\n\nHere\n\n$$ a $$\n:::\n", encoding="utf-8")
    assert audit([page])[0].startswith("intro.md, line 8: ")
