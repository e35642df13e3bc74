"""The grammar of displayed formulas, and their comparison with what a check asserts."""

import json
from collections import Counter

import numpy as np
import pytest
import sympy as sp

from langevin import ledger
from langevin._printed import Known, Unreadable, equal, expression, readable, renamed, split

A, B, D, K, T, X = sp.symbols("a b D k T x")
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
    r"2\sum_{k=1}^{a}k^2\,x": 2 * sp.Sum(X * K**2, (K, 1, A)),
    r"\prod_{k=0}^{a-1}\Bigl(1-\frac1{k+2}\Bigr)": sp.Product(1 - 1 / (K + 2), (K, 0, A - 1)),
    r"b\int_0^ae^{-x}\,dx": B * sp.Integral(sp.exp(-X), (X, 0, A)),
    r"\int_a^{\infty}dx\;e^{-x}\int_0^xdb\;b": sp.Integral(
        sp.exp(-X) * sp.Integral(B, (B, 0, X)), (X, A, sp.oo)
    ),
    r"\min\bigl(1,\;e^{-a}\bigr)": sp.Min(1, sp.exp(-A)),
    r"\binom{a+1}{2}": sp.binomial(A + 1, 2),
    r"\underbrace{(a-b)}_{\text{the difference}}\;x": (A - B) * X,
    r"{}&-a+b": B - A,
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
    known = Known({r"\xi": "X"}, globals())
    assert equal(known.insert(expression(r"a\,\xi", known), False), A * X)
    known = Known({"a": "sp.sqrt(B)", "b": "sp.Symbol('lam')"}, globals())
    both = known.insert(expression(r"a\,b", known), False)
    assert equal(renamed(both), renamed(sp.sqrt(B)) * sp.Symbol("lambda"))


def test_what_the_grammar_does_not_know_is_named_as_a_whole():
    known = Known({r"\langle\dot x^2\rangle": "X", r"\dot x": "D", r"\mathbf x": "B"}, globals())
    latex = r"m\,\dot x+\bigl\langle\dot x^2\bigr\rangle\,\mathbf x"
    found = known.insert(expression(latex, known), False)
    assert found == sp.Symbol("m") * D + X * B
    with pytest.raises(Unreadable):
        expression(r"m\,\dot y", known)


def test_matrices_keep_their_order_and_functions_are_applied():
    H, S = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([[0.0, 1.0], [-1.0, 0.0]])
    cell = {"H": H, "S": S, "n": 3, "square": lambda x: x**2}
    names = {"H": "np.asmatrix(H)", r"\Sigma": "np.asmatrix(S)", "f": "square"}
    known = Known(names, cell)
    found = known.insert(expression(r"\Sigma H^n-f(n)\,H\Sigma", known), numeric=True)
    assert np.allclose(found, S @ H @ H @ H - 9 * H @ S)


def test_a_line_that_goes_on_and_lines_side_by_side():
    display = r"\begin{aligned} x={}&a\\[4pt] &-b, & D&=T \end{aligned}"
    assert readable(display) == (["x", "D"], [A - B, T])
    assert readable(r"x = a \quad\Longrightarrow\quad D = b") == (["x", "D"], [A, B])
    assert readable(r"x + a = b", whole=True) == (["x + a"], [X + A, B])


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setattr(ledger, "_calls", Counter())

    def printed(latex, names=None, kind="symbolic", left=("k",), equals=None, call=1):
        entry = dict(latex=latex, names=names or {}, kind=kind, equals=equals, call=call)
        entry["left"] = left and list(left)
        monkeypatch.setenv(ledger.FORMULAS, json.dumps({"eq-spring": entry}))

    return printed


SPOILED = [r"k = \frac{T}{3a}", r"k = -\frac{T}{2a}", r"k = \frac{T}{2a^2}", r"k = \frac{a}{2T}"]


def test_a_check_reads_what_is_printed(page, capsys):
    page(r"k = \frac{T}{2\xi}", {r"\xi": "A"})
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


def test_the_whole_equation_is_read_where_no_left_side_is_listed(page):
    page(r"a^2-b^2 = (a-b)(a+b)", left=None)
    ledger.symbolic("eq-spring", A**2 - B**2, (A - B) * (A + B))
    page(r"a^2+b^2 = (a-b)(a+b)", left=None, call=2)
    with pytest.raises(AssertionError, match="nothing that equals a"):
        ledger.symbolic("eq-spring", A**2 - B**2, (A - B) * (A + B))


def test_what_is_printed_may_be_a_name_of_the_cell(page):
    page(r"k = \frac{T}{2a}", equals=["T / (2 * A)"])
    ledger.symbolic("eq-spring", sp.diff(T / (2 * A), T), 1 / (2 * A))
    page(r"k = \frac{T}{2b}", equals=["T / (2 * A)"], call=2)
    with pytest.raises(AssertionError, match="nothing that equals"):
        ledger.symbolic("eq-spring", sp.diff(T / (2 * A), T), 1 / (2 * A))
    page(r"k = \frac{T}{2a}", equals=["T / (2 * A)", "T"], call=3)
    with pytest.raises(AssertionError, match=r"with 1 sides, but .* lists what 2 are"):
        ledger.symbolic("eq-spring", sp.diff(T / (2 * A), T), 1 / (2 * A))


heat, stiffness = 0.7, np.array([1.0, 2.0, 4.0])
VALUES = {"T": "heat", r"\kappa": "stiffness"}


def test_a_numeric_check_reads_what_is_printed(page):
    page(r"k = \frac{T}{2\kappa}", VALUES, "numeric")
    noisy = heat / (2 * stiffness) + [0.01, -0.01, 0.01]
    ledger.numeric("eq-spring", noisy, heat / (2 * stiffness), error=0.01)
    ledger.symbolic("eq-spring", 2 * X, X + X)  # which does not read it


SPOILED_NUMBERS = [r"k = \frac{T}{3\kappa}", r"k = -\frac{T}{2\kappa}", r"k = \frac{T}{2\kappa^2}"]


@pytest.mark.parametrize("latex", SPOILED_NUMBERS)
def test_a_numeric_check_finds_a_spoiled_display(page, latex):
    page(latex, VALUES, "numeric")
    with pytest.raises(AssertionError, match=r"printed as .*\n.*nothing that equals"):
        ledger.numeric("eq-spring", [0.36, 0.17, 0.09], heat / (2 * stiffness), error=0.01)


def test_a_symbol_without_a_number_is_named(page):
    page(r"k = \frac{T}{2\zeta}", {"T": "heat"}, "numeric")
    with pytest.raises(Unreadable, match="is printed with zeta, which has no number"):
        ledger.numeric("eq-spring", 0.35, 0.36, rtol=0.1)


def test_a_display_that_cannot_be_computed_is_named(page):
    page("k = Mv", {"M": "sp.Matrix([1, 2])", "v": "sp.Matrix([1, 2])"})
    with pytest.raises(AssertionError, match=r"\(eq-spring\) is printed as k = Mv\n.*be computed"):
        ledger.symbolic("eq-spring", A + A, 2 * A)


def test_the_call_that_is_listed_reads(page):
    page(r"k = \frac{T}{3a}", call=2)
    ledger.symbolic("eq-spring", sp.diff(T * X / (2 * A), X), T / (2 * A))
    with pytest.raises(AssertionError, match="nothing that equals"):
        ledger.symbolic("eq-spring", sp.diff(T * X / (2 * A), X), T / (2 * A))


def test_a_step_gives_the_next_line_its_new_value(page):
    display = r"p \leftarrow \beta\,p, \qquad x \leftarrow x+p"
    names = {"p": "0.5", "x": "1.0", r"\beta": "heat"}
    left = (r"p \leftarrow", r"x \leftarrow")
    page(display, names, "numeric", left, ["0.35", "1.35"])
    ledger.numeric("eq-spring", 1.0, 1.01, rtol=0.1)


def test_a_dimensional_check_reads_too(page):
    from sympy.physics.units import joule, meter, newton

    page(r"k = \frac{T}{a}", kind="dimensional")
    ledger.dimensional("eq-spring", X, T / A, {X: newton, T: joule, A: meter})
    page(r"k = \frac{a}{T}", kind="dimensional", call=2)
    with pytest.raises(AssertionError, match="nothing that equals"):
        ledger.dimensional("eq-spring", X, T / A, {X: newton, T: joule, A: meter})
