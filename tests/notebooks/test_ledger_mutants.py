"""The mutants of the ledger's checks: each kind is made, and each fate is told from the others."""

import json
import os
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import mutations
from book.sources.contents import chapters
from built_book import ROOT
from ledger_mutants import (
    DATA,
    OUT_OF_TIME,
    PAGE,
    forked,
    reasons,
    report,
    table,
    unexplained,
    with_table,
)

DERIVED = """
x, y = sp.symbols("x y", positive=True)
area = sp.integrate(2 * x**2 - y, (x, 0, y))
shown = 7 * x
ledger.symbolic("eq-area", area, 2 * y**3 / 3 - y**2)
"""


def changes(source, kind):
    return {mutant.what for mutant in mutations.mutants(source) if mutant.kind == kind}


def test_what_leads_to_a_check_is_changed_in_each_way():
    assert changes(DERIVED, "derivation") == {
        "2 * x ** 2 - y → 2 * x ** 2 + y",  # a sign
        "2 * x ** 2 - y → 2 * x ** 2",  # a term
        "2 * x ** 2 - y → -y",
        "2 * x ** 2 → 2 / x ** 2",
        "2 * x ** 2 → 4 * x ** 2",  # a number
        "2 * x ** 2 → 2.4 * x ** 2",
        "x ** 2 → x ** 3",  # an exponent
    }


def test_what_is_compared_is_changed_in_each_way():
    found = changes(DERIVED, "argument")
    assert {"area × 2", "area × 1.2", "area × -1"} <= found
    assert "area with pair 1 of its symbols swapped" in found
    assert "2 * y ** 3 / 3 → 2 * y ** 3 / 6" in found
    assert "y ** 2 → y ** 3" in found


@pytest.mark.parametrize(
    "line",
    [
        "rng = np.random.default_rng(2 * 3)",
        "x = np.zeros(3 * 5) ",
        "x = y[2 * 3]",
        "x = f(a, size=2 * 3)",
        "other = 2 * y",
        "print(x, 2 * y)",
    ],
)
def test_sizes_indices_seeds_and_what_leads_elsewhere_stay(line):
    source = f'{line}\nledger.numeric("eq-a", x, z, error=2 * s)'
    assert changes(source, "derivation") == set()
    assert not any("s" in what for what in changes(source, "argument"))


def test_functions_loops_and_what_is_appended_count():
    source = """
def f(x):
    return 2 * x
found = []
for x in range(3):
    found.append(f(x) + 1)
total = 1
total -= f(3)
ledger.numeric("eq-a", found, total, rtol=1e-9)
"""
    found = changes(source, "derivation")
    assert {"2 * x → 4 * x", "f(x) + 1 → f(x) - 1", "total -= f(3) → total += f(3)"} <= found


def test_a_factor_is_no_matter_of_dimensions():
    found = changes('ledger.dimensional("eq-a", 2 * D, x**2 / t + y, si)', "argument")
    assert found == {"2 * D → 2 / D", "x ** 2 / t → x ** 2 * t", "x ** 2 → x ** 3"}


def test_a_printed_formula_is_changed_in_each_way():
    latex = r"\langle x^2\rangle = 2Dt^3 + \frac{D}{3} - \lambda ."
    found = dict(mutations.formulas(latex))
    assert set(found.values()) >= {
        r"\langle x^2\rangle = 2\,  2Dt^3 + \frac{D}{3} - \lambda .",
        r"\langle x^2\rangle = - 2Dt^3 + \frac{D}{3} - \lambda .",
        r"\langle x^2\rangle = 2Dt^3 - \frac{D}{3} - \lambda .",
        r"\langle x^2\rangle = 2Dt^3 + \frac{D}{3}",
        r"\langle x^2\rangle = 2Dt^{4} + \frac{D}{3} - \lambda .",
        r"\langle x^2\rangle = {2.4}Dt^3 + \frac{D}{3} - \lambda .",
        r"\langle x^2\rangle = 2Dt^3 + \frac{D}{{6}} - \lambda .",
        r"\langle x^2\rangle = 2 t  D ^3 + \frac{ t }{3} - \lambda .",
    }
    assert all(new.startswith(r"\langle x^2\rangle") and new != latex for new in found.values())


GOOD = """
from langevin import ledger
import sympy as sp

x, y = sp.symbols("x y", positive=True)
area = sp.integrate(y + 5 * x / 3, (y, 0, 1))
ledger.symbolic("eq-area", area, 5 * x / 3 + sp.Rational(1, 2))
"""
EXAMPLE = """
anything = 3 * x
ledger.symbolic("eq-square", anything**2, anything * anything)
"""
KIND = """
import numpy as np

size = 2.0 * 5.0
guess = 3.0 * 3.0
ledger.numeric("eq-size", size, guess, rtol=0.3)
"""
HANGS = """
n = 0 + 1
while n > 1.5:
    pass
ledger.numeric("eq-wait", [n, 1.0], [1.0, 1.1], atol=0.2)
"""
SLOW = """
def doubled(n):
    while n not in (3, x):
        pass
    return 2 * n

ledger.symbolic("eq-slow", doubled(3), sp.Integer(6))
"""
TEXT = """# A chapter

$$
A = \\frac12 + c
$$ (eq-area)

$$
B = h(3)
$$ (eq-slow)
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return what the run of a small chapter finds, and the seconds that it took."""
    root = tmp_path_factory.mktemp("book")
    for name in ("chapters", "appendix"):
        (root / name).mkdir()
    listed = '["chapters/01-one"]\neq-area = {left = ["A"], names = {c = "5*x/3"}}\n'
    listed += 'eq-slow = {left = ["B"], names = {h = "doubled"}}\n'
    (root / "appendix/printed.toml").write_text(listed, encoding="utf-8")
    code = [new_code_cell(cell.strip()) for cell in (GOOD, EXAMPLE, KIND, HANGS, SLOW)]
    notebook = new_notebook(cells=[new_markdown_cell(TEXT), *code])
    nbformat.write(notebook, root / "chapters/01-one.ipynb")
    script = (
        "import json, sys, ledger_mutants as tool\n"
        "found = tool.run_chapter(sys.argv[1], 'chapters/01-one')\n"
        "open(sys.argv[2], 'w', encoding='utf-8').write(json.dumps(found))"
    )
    answer, folders = root / "found.json", ("tools", "_ext", "lib")
    path = os.pathsep.join(str(ROOT / folder) for folder in folders)
    start = time.monotonic()
    command = [sys.executable, "-c", script, str(root), str(answer)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": path}, capture_output=True)
    return json.loads(answer.read_text(encoding="utf-8")), time.monotonic() - start


def fates(found, label):
    return {what: fate for name, *_, what, fate in found[0]["survivors"] if name == label}


def test_a_good_check_notices_everything(found):
    counts = found[0]["counts"]
    assert counts["symbolic"]["killed"] >= 10
    assert counts["printed"].keys() == {"killed", OUT_OF_TIME}
    assert fates(found, "eq-area") == {}


def test_another_example_is_told_from_what_a_check_does_not_see(found):
    assert set(fates(found, "eq-square").values()) == {"alike"}
    assert "3 * x → 6 * x" in fates(found, "eq-square")


def test_what_a_kind_check_lets_through_is_reported(found):
    survived = fates(found, "eq-size")
    assert survived["guess × 1.2"] == survived["3.0 * 3.0 → 3.6 * 3.0"] == "survived"
    assert not {"guess × 2", "guess × -1", "3.0 * 3.0 → 3.0 / 3.0"} & survived.keys()


def test_a_child_that_hangs_is_ended(found):
    assert fates(found, "eq-wait")["0 + 1 → 0 + 2"] == OUT_OF_TIME


def test_a_printed_formula_that_takes_for_ever_is_left(found):
    assert OUT_OF_TIME in fates(found, "eq-slow").values()
    assert found[0]["counts"]["printed"]["killed"] > 5


def test_a_child_that_sleeps_or_fails_is_ended():
    start = time.monotonic()
    assert forked(lambda: time.sleep(60), 0.1) == OUT_OF_TIME
    assert time.monotonic() - start < 30
    assert forked(lambda: "well", 1) == "well"
    with pytest.raises(RuntimeError, match="a child failed"):
        forked(lambda: 1 / 0, 1)


def test_the_smallest_factor_is_noted(found):
    # 10 against 9 ± 2.7 is refused below 6.3, and above 11.7
    assert found[0]["powers"]["eq-size"] == 0.37


CHAPTER = {
    "counts": {
        "numeric": {"killed": 8, "survived": 1, "out of time": 2},
        "symbolic": {"killed": 3, "alike": 2},
    },
    "survivors": [
        ["eq-a", "numeric", "argument", "", "a × 1.2", "survived"],
        ["eq-b", "symbolic", "derivation", "c", "2 * x → 4 * x", "alike"],
        ["eq-b", "symbolic", "derivation", "c", "2 * x → 2 / x", "alike"],
    ],
    "powers": {"eq-a": 0.25, "eq-c": 0.01},
}


def test_a_reason_covers_what_it_names():
    assert len(unexplained(CHAPTER, {})) == 3
    assert len(unexplained(CHAPTER, {"eq-b": {"c": "any will do"}})) == 1
    assert len(unexplained(CHAPTER, {"eq-b": {"2 * x → 4 * x": "the same"}})) == 2
    one_side = {"eq-a": {"": "no name covers what changes one side", "a": "nor this"}}
    assert len(unexplained(CHAPTER, one_side)) == 3
    said = report({"chapters/01-one": CHAPTER}, {"eq-b": {"c": "any will do"}})
    assert "| {doc}`/chapters/01-one` |  | 3 of 3 | 8 of 9 |  | 1 | 2 | 25 % |" in said
    assert "| all |  | 3 of 3 | 8 of 9 |  | 1 | 2 |  |" in said
    assert "chapters/01-one eq-a (numeric, argument ) survived: a × 1.2" in said
    assert "eq-a tells no factor from 1 within 1 ± 0.25" in said


def test_the_page_shows_what_was_found():
    data = json.loads((ROOT / DATA).read_text(encoding="utf-8"))
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert page == with_table(page, table(data, reasons(ROOT)))
    assert set(data) <= set(chapters(ROOT))


def test_each_reason_is_of_a_survivor():
    data = json.loads((ROOT / DATA).read_text(encoding="utf-8"))
    survivors = [entry for chapter in data.values() for entry in chapter["survivors"]]
    for label, given in reasons(ROOT).items():
        for words, reason in given.items():
            assert any(s[0] == label and words in s[3:5] for s in survivors), (label, words)
            assert reason.strip()
