"""The grammar of displayed formulas, and their comparison with what a check asserts."""

import json

import pytest
import sympy as sp

from langevin import ledger
from langevin._printed import Unreadable, equal, expression, readable, renamed, split

A, B, D, T, X = sp.symbols("a b D T x")
READ = {
    r"a\,b": A * B,
    r"\frac12a": A / 2,
    r"\tfrac a{2b}": A / (2 * B),
    r"-a^2/2b": -(A**2) / (2 * B),
    r"a/2\,b": A * B / 2,
    r"a/b\cdot x": A * X / B,
    r"\sqrt{2\,DT}\;x": sp.sqrt(2 * D * T) * X,
    r"e^{-x^2/2}": sp.exp(-(X**2) / 2),
    r"\ln\left[a+b\right]": sp.log(A + B),
    r"\cos^2x\,a": sp.cos(X) ** 2 * A,
    r"\frac{a}{1-b}+\frac{1}{x^{2}}": A / (1 - B) + X**-2,
    r"(a-b)(a+b)": (A - B) * (A + B),
    r"2^{1-a}": 2 ** (1 - A),
    r"1.5a": sp.Rational(3, 2) * A,
    r"|x|\pi": sp.Abs(X) * sp.pi,
    r"k_BT": sp.Symbol("k_B") * T,
    r"R_{\text{gas}}T": sp.Symbol("R_gas") * T,
    r"x'-x_{k+1}": sp.Symbol("xprime") - sp.Symbol("x_k+1"),
    r"\omega^2\Delta t^2": sp.Symbol("omega") ** 2 * sp.Symbol("Delta t") ** 2,
    r"2\langle x\,v\rangle": 2 * sp.Symbol("<xv>"),
    r"\operatorname{erf}\frac x2": sp.erf(X / 2),
    r"U(x)\,a": sp.Symbol("U(x)") * A,
    r"a\,\nabla U(x_k)": sp.Symbol("nabla U(x_k)") * A,
    r"\sqrt{a\,|U''_b|}": sp.sqrt(A * sp.Abs(sp.Symbol("Uprimeprime_b"))),
    r"a^*\operatorname{tr}C": sp.Symbol("astar") * sp.Symbol("tr C"),
}


@pytest.mark.parametrize("latex", READ)
def test_a_formula_is_read_as_it_is_meant(latex):
    assert expression(latex) == READ[latex]


@pytest.mark.parametrize(
    "latex",
    [r"\int a\,dx", r"\frac{dv}{dt}", r"\sum_k a", r"\tilde a", r"(a", "a)", r"\frac1", ""],
)
def test_what_is_not_of_the_grammar_is_refused(latex):
    with pytest.raises(Unreadable):
        expression(latex)


def test_all_sides_after_the_first_count():
    assert readable(r"x = a = \tfrac12b ,\qquad D=T .") == (["x", "D"], [A, B / 2, T])
    both = r"\begin{aligned} x &= a\\[4pt] D &\leftarrow b \end{aligned}"
    assert readable(both) == (["x", r"D \leftarrow"], [A, B])
    bounds = r"a \le b \qquad\text{or}\qquad x > D \qquad(a\to0)"
    assert readable(bounds) == ([r"a \le", r"\text{or}", "x >", r"(a\to0)"], [B, D])
    assert split("f(a=b)=c", "=") == ["f(a=b)", "c"]
    for nothing in ("x = 0", r"\langle x\rangle"):
        with pytest.raises(Unreadable):
            readable(nothing)


def test_names_of_cells_and_of_print_meet():
    cell = sp.Symbol("kT") * sp.Symbol("lam") * sp.Symbol("dt") / sp.Symbol("x0")
    assert equal(renamed(cell), renamed(expression(r"\frac{k_BT\lambda\,\Delta t}{x_0}")))
    assert equal(renamed(T * X), renamed(expression("k_BTx")))  # where k_B is 1
    assert not equal(renamed(T * X), renamed(expression(r"k_BT\xi")))
    assert equal(renamed(expression(r"a\,\xi"), {"xi": "x"}), A * X)
    assert equal(
        renamed(expression(r"a\,b"), {"a": "sqrt(b)", "b": "lam"}),
        renamed(sp.sqrt(B)) * sp.Symbol("lambda"),
    )


@pytest.fixture
def page(monkeypatch):
    def printed(latex, **names):
        monkeypatch.setenv(ledger.FORMULAS, json.dumps({"eq-spring": [latex, ["k"], names]}))

    return printed


SPOILED = [r"k = \frac{T}{3a}", r"k = -\frac{T}{2a}", r"k = \frac{T}{2a^2}", r"k = \frac{a}{2T}"]


def test_a_check_reads_what_is_printed(page, capsys):
    page(r"k = \frac{T}{2\xi}", **{r"\xi": "a"})
    ledger.symbolic("eq-spring", sp.diff(T * X / (2 * A), X), T / (2 * A))
    assert capsys.readouterr().out == "✓ (eq-spring) symbolic: residual 0\n"


@pytest.mark.parametrize("latex", SPOILED)
def test_a_spoiled_display_is_found(page, latex):
    page(latex)
    with pytest.raises(AssertionError, match=r"\(eq-spring\) is printed as .*\n.*nothing that equ"):
        ledger.symbolic("eq-spring", sp.diff(T * X / (2 * A), X), T / (2 * A))
    ledger.symbolic("eq-other", 2 * X, X + X)  # of which nothing is given


def test_a_display_that_cannot_be_read_is_named(page):
    page(r"k = \int T")
    with pytest.raises(
        Unreadable, match=r"\(eq-spring\) cannot be read as it is printed: it holds"
    ):
        ledger.symbolic("eq-spring", 2 * X, X + X)


def test_another_left_side_is_found(page):
    page(r"k^2 = \frac{T}{2a}")
    with pytest.raises(
        AssertionError, match=r"printed with \['k\^2'\] on the left, but listed with"
    ):
        ledger.symbolic("eq-spring", sp.diff(T * X / (2 * A), X), T / (2 * A))
