"""The table of symbols explains every numbered equation, and nothing that no equation has."""

import json
from pathlib import Path

import pytest

from book.sources.equations import Equation, equations, sources
from book.sources.notation import Row, chapter_of, explained, faults, first_uses, table
from book.sources.symbols import atoms

ROOT = Path(__file__).resolve().parents[2]

ROWS = table(ROOT)
EQUATIONS = [equation for path in sources(ROOT) for equation in equations(path)]


def prose():
    """Return the text of each chapter."""
    texts = {}
    for path in (ROOT / "chapters").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        texts[chapter_of(path.name)] = "\n\n".join(text)
    return texts


def test_the_table_explains_every_equation_and_nothing_else():
    assert faults(EQUATIONS, ROWS, prose()) == []


def test_every_line_says_what_it_means():
    for row in ROWS:
        assert row.names, row
        assert {row.physics, row.learning} - {"–", "the same"}, row
        assert row.physics != "the same", row
        assert bool(row.unit) == (row.group != "signs"), row
        assert "'" not in row.unit, row


def test_no_line_is_there_twice():
    assert len({(row.latex, row.where) for row in ROWS}) == len(ROWS)


ALPHABET = "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau"
ALPHABET = [*ALPHABET.split(), "upsilon", "phi", "omega", "ell"]


def place(row):
    """Return where the alphabet has a line."""
    word = row.latex.split(",")[0].replace(r"\Delta ", r"\Delta_").replace("{", "").replace("}", "")
    for font in ("mathbf", "mathcal", "mathsf", "hat", "tilde", "bar", "vec"):
        word = word.replace(f"\\{font}", "").strip()
    if not word.startswith("\\"):
        return row.group, word[0].lower()
    letter = word[1:].split("_")[0].split("^")[0].split("\\")[0].strip().lower()
    return row.group, ALPHABET.index(letter.removeprefix("var") if letter != "varphi" else "phi")


@pytest.mark.parametrize("group", ["latin", "greek"])
def test_letters_are_in_the_order_of_the_alphabet(group):
    places = [place(row) for row in ROWS if row.group == group]
    assert places == sorted(places)


def names(latex):
    return [atom.name for atom in atoms(latex)]


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"D = \frac{k_BT}{\lambda}", ["D", "k_B", "T", r"\lambda"]),
        (r"\ddot{x}+\dot x", [r"\ddot x", r"\dot x"]),
        (r"\hat m, \bar\xi, \tilde E", [r"\hat m", r"\bar\xi", r"\tilde E"]),
        (r"\mathbf F\cdot d\mathbf x", [r"\mathbf F", "{d}", r"\mathbf x"]),
        (r"\frac{d^2x}{dt^2}", ["{d}", "x", "{d}", "t"]),
        (r"\frac{d}{dt}\,\frac d{dx}", ["{d}", "{d}", "t", "{d}", "{d}", "x"]),
        (r"\frac dm\,\frac{d\,\tau^3}4 d^*", ["d", "m", "d", r"\tau", "d^*"]),
        (r"n_{\rm eff}, T_{\text{total}}", ["n_{eff}", "T_{total}"]),
        (r"\int_{\rm valley}e^{-U/T}dx", ["e", "U", "T", "{d}", "x"]),
        (r"w_*-U''_0\,\mu_-", ["w_*", "U''_0", r"\mu_-"]),
        (
            r"\Delta t\,\Delta\rho\,e^{-\Delta/T_n}",
            [r"\Delta t", r"\Delta\rho", "e", r"\Delta", "T_n"],
        ),
        (r"x^\top H^{-1}x^{\mathsf T}", ["x", r"^\top", "H", "x", r"^\top"]),
        (r"\langle x\rangle_{\text{data}}", ["x", r"\rangle_{data}"]),
        (r"\operatorname{Var}x+\mathrm{Var}\,y", ["{Var}", "x", "{Var}", "y"]),
        (r"\begin{aligned}P&=1,\\[4pt]Q\end{aligned}", ["P", "Q"]),
        (r"\sum_{i=1}^{N}\sigma_{ij}^2", ["i", "N", r"\sigma_{ij}"]),
    ],
)
def test_formulas_are_taken_apart(latex, expected):
    assert names(latex) == expected


def test_a_counting_index_is_no_part_of_the_name():
    assert [atom.parts for atom in atoms(r"x_{k+1}, U_{ij}, k_B, \theta_\sigma")] == [
        ("x", "k"),
        ("U", "i", "j"),
        (),
        (),
    ]


def equation(latex, label="eq-a", page="02-brownian-motion.ipynb"):
    return Equation(page, "cell 1", label, latex)


def row(latex, where="all", group="latin"):
    return Row(group, latex, where, "a meaning", "–", "m")


def test_a_symbol_without_a_meaning_is_named_with_its_equation():
    said = faults([equation("D = k_BT")], [row("D"), row("T")])
    assert len(said) == 1
    assert said[0].startswith("k_B has no meaning in eq-a (02-brownian-motion.ipynb)")


def test_a_meaning_in_another_chapter_is_none():
    assert faults([equation("D")], [row("D", "3")])[0].startswith("D has no meaning in eq-a")
    assert faults([equation("D")], [row("D", "1-3")])[0].endswith(
        "not used in 1: correct appendix/notation.toml"
    )


def test_two_meanings_at_one_place_are_a_fault_and_the_nearest_line_wins():
    assert (
        "D has 2 meanings in eq-a" in faults([equation("D")], [row("D", "2"), row("D", "1-2")])[0]
    )
    lines = [row("D"), row("D", "2"), row("D", "eq-a")]
    assert explained(equation("D"), lines) == {"D": lines[2:]}
    assert explained(equation("D", "eq-b"), lines) == {"D": lines[1:2]}
    assert explained(equation("D", "eq-b", "intro.md"), lines) == {"D": lines[:1]}


def test_a_name_with_a_line_of_its_own_is_not_taken_apart():
    lines = [row("E"), row("E_k"), row("k", "2", "latin")]
    assert explained(equation("E_k"), lines) == {"E_k": lines[1:2]}
    assert explained(equation("E_{k+1}"), lines) == {"E": lines[:1], "k": lines[2:]}


@pytest.mark.parametrize("where", ["all", "2", "eq-a", "eq-b"])
def test_a_line_that_no_equation_needs_is_named(where):
    said = faults([equation("x")], [row("x"), row("D", where)])
    assert said
    assert all(one.startswith(f"D ({where}) is not used") for one in said)


def test_symbols_of_the_text_alone_must_be_in_the_text():
    line = row(r"\zeta", "text 9")
    assert faults([], [line], {9: r"Let $\zeta$ be"}) == []
    assert "not in the text" in faults([], [line], {9: "$$\n\\zeta\n$$ (eq-zeta)"})[0]


def test_the_first_use_is_the_first_equation_of_that_meaning():
    lines = [row("T", "1"), row("T", "2")]
    book = [
        equation("x", "eq-x", "01-a"),
        equation("T", "eq-t", "02-b"),
        equation("T^2", "eq-u", "02-b"),
    ]
    assert first_uses(book, lines) == {lines[1]: book[1]}
    assert first_uses(EQUATIONS, ROWS).keys() == {r for r in ROWS if not r.in_text_only}
