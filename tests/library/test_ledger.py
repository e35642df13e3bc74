"""The ledger: what holds passes with one line, what does not raises, what is empty is refused."""

import subprocess
import sys

import numpy as np
import pytest
import sympy as sp
from sympy.physics.units import boltzmann_constant, kelvin, meter, pascal, second

from langevin import ledger

x, t, D, mu, R, T = sp.symbols("x t D mu R T", positive=True)
position = sp.Function("x")
bell = sp.exp(-(x**2) / (4 * D * t)) / sp.sqrt(4 * sp.pi * D * t)
shear = sp.Matrix([[1, x], [0, 1]])


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (sp.diff(bell, t), D * sp.diff(bell, x, 2)),
        (sp.integrate(bell, (x, 0, sp.oo)), sp.Rational(1, 2)),
        (sp.Integral(sp.exp(-(x**2)), (x, 0, sp.oo)), sp.sqrt(sp.pi) / 2),
        (sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1, None),
        (sp.Eq(sp.sinh(x), (sp.exp(x) - sp.exp(-x)) / 2), None),
        (shear * shear.inv(), sp.eye(2)),
        (sp.Eq(sp.Matrix([(1 + x) ** 2, 1]), sp.Matrix([1 + 2 * x + x**2, 1])), None),
        ([sp.Eq(sp.cos(2 * x), 1 - 2 * sp.sin(x) ** 2), sp.tan(x) - sp.sin(x) / sp.cos(x)], None),
        ([[(x + 1) ** 2], [x]], [[x**2 + 2 * x + 1], [x]]),
    ],
)
def test_symbolic_holds(capsys, lhs, rhs):
    assert ledger.symbolic("eq-name", lhs, rhs) is None
    said = capsys.readouterr().out
    assert said.startswith("✓ (eq-name) symbolic: residual 0")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("lhs", "rhs", "residual"),
    [
        (sp.diff(bell, t), 2 * D * sp.diff(bell, x, 2), "the residual is"),
        (x**2, x, r"x\*\(x - 1\)"),
        ([x, x**2], [x, x**2 + 1], "is -1, not 0"),
        (sp.Eq(x, t + 1), None, "is -t . x - 1, not 0"),
        (sp.nan, x, "nan"),
        (sp.oo, sp.oo, "nan"),
    ],
)
def test_symbolic_fails_and_shows_the_residual(lhs, rhs, residual):
    with pytest.raises(AssertionError, match=rf"\(eq-name\) does not hold: .*{residual}"):
        ledger.symbolic("eq-name", lhs, rhs)


SAME = sp.Matrix([x, t])


@pytest.mark.parametrize(
    ("lhs", "rhs", "words"),
    [
        (0, None, "compares nothing"),
        (sp.S.Zero, None, "compares nothing"),
        (sp.zeros(2, 2), None, "compares nothing"),
        ([], None, "compares nothing"),
        (x - x, 0, "compares nothing"),
        (SAME, SAME, "compares nothing"),
        (1, 1.0, "two plain numbers"),
        ([x, t], [x], "2 entries left and 1 right"),
        (sp.Eq(x, x), None, "SymPy settled an Eq"),
        (True, True, "two plain numbers|SymPy settled"),
        (sp.Eq(x, t), 3, "SymPy expressions, one for each side"),
        (x < t, None, "SymPy expressions"),
        ("x", "x", "got 'x'"),
        (None, None, "got None"),
    ],
)
def test_symbolic_refuses_what_says_nothing(lhs, rhs, words):
    with pytest.raises((ValueError, TypeError), match=words):
        ledger.symbolic("eq-name", lhs, rhs)


def test_numeric_prints_both_values_and_the_sigmas(capsys):
    assert ledger.numeric("eq-msd", 2.013, 2.0, error=0.01) is None
    assert capsys.readouterr().out == (
        "✓ (eq-msd) numeric: 2.013 ± 0.01 against 2 (1.3 standard errors apart, 4.89 allowed)\n"
    )


@pytest.mark.parametrize(
    ("observed", "expected", "options"),
    [
        (0.1, 0, {"error": 0.05}),
        (np.full((2, 3), 1.01), 1, {"error": [0.01, 0.02, 0.03]}),
        (sp.Rational(1, 3), 0.333333, {"rtol": 1e-4}),
        ([1.0, 1e-9], [1.0 + 1e-7, 0.0], {"rtol": 1e-6, "atol": 1e-8}),
        (5, 5, {"rtol": 1e-9}),
    ],
)
def test_numeric_holds(observed, expected, options):
    ledger.numeric("eq-name", observed, expected, **options)


@pytest.mark.parametrize(
    ("observed", "expected", "options"),
    [
        (1.1, 1, {"error": 0.01}),
        (1.035, 1, {"error": 0.01, "sigmas": 3}),
        ([1.0, 2.1], [1, 2], {"error": [0.1, 0.01]}),
        (1.01, 1, {"rtol": 1e-3}),
        ([1.0, 0.1], [1.0, 0.0], {"atol": 0.01}),
    ],
)
def test_numeric_fails(observed, expected, options):
    with pytest.raises(AssertionError, match=r"\(eq-name\) does not hold: .* against"):
        ledger.numeric("eq-name", observed, expected, **options)


def test_numeric_allows_what_bonferroni_allows():
    """One number may be 4.89 sigmas off, the worst of a thousand 6.1."""
    for n, cut in ((1, 4.891638), (1000, 6.109410)):
        observed = np.full(n, 10.0)
        observed[-1] += 0.999 * cut
        ledger.numeric("eq-name", observed, 10, error=1)
        observed[-1] = 10 + 1.001 * cut
        with pytest.raises(AssertionError):
            ledger.numeric("eq-name", observed, 10, error=1)


def test_numeric_notices_a_wrong_noise_strength(rng):
    """The mistake √(τT) for √(2τT) halves the mean square displacement."""
    squares = rng.normal(0, 1, 10_000) ** 2
    error = squares.std() / 100
    ledger.numeric("eq-msd", squares.mean(), 1, error=error)
    with pytest.raises(AssertionError):
        ledger.numeric("eq-msd", squares.mean(), 0.5, error=error)


ARRAY = np.ones(3)
NUMBER = 0.5


@pytest.mark.parametrize(
    ("observed", "expected", "options", "words"),
    [
        (ARRAY, ARRAY, {"rtol": 0.1}, "with itself"),
        (ARRAY, ARRAY[::-1], {"rtol": 0.1}, "with itself"),
        (NUMBER, NUMBER, {"rtol": 0.1}, "with itself"),
        ([1.0, 2.0], [1.0, 2.0], {"error": 0.1}, "agrees to the last bit"),
        (np.nan, 1, {"error": 0.1}, "observed must be finite numbers, got nan"),
        (1, np.inf, {"error": 0.1}, "expected must be finite numbers, got inf"),
        ([], [], {"error": 0.1}, "observed must be finite numbers"),
        (1, 2, {"error": 0}, "error must be positive and finite, got 0"),
        (1, 2, {"error": -0.1}, "error must be positive and finite, got -0.1"),
        (1, 2, {"error": np.nan}, "error must be positive and finite, got nan"),
        ([1, 2], [3, 4], {"error": [0.1, 0]}, "error must be positive"),
        (1.1, 1, {"rtol": -1}, "tolerance must be positive and finite, got -1"),
        (1, 2, {}, "needs error=… .* or rtol"),
        (1, 2, {"error": 0.1, "rtol": 0.1}, "needs error=… .* or rtol"),
        (1, 2, {"rtol": 0.1, "sigmas": 3}, "sigmas goes with error"),
        (1, 2, {"error": 0.1, "sigmas": 5}, r"is in \(0, 4.89\], got 5"),
        (1, 2, {"error": 0.1, "sigmas": 0}, r"is in \(0, 4.89\], got 0"),
        (1, 2, {"error": 1}, "as large as the expected values"),
        (1, 2, {"rtol": 1}, "as large as the expected values"),
        (0.1, 0, {"rtol": 0.1}, "give atol too"),
        ([1, 2], [1, 2, 3], {"rtol": 0.1}, r"expected must be real numbers of shape \(2,\)"),
        (1j, 1, {"rtol": 0.1}, "observed must be real numbers, got 1j"),
        ("one", 1, {"rtol": 0.1}, "observed must be real numbers, got 'one'"),
        (x, 1, {"rtol": 0.1}, "observed must be real numbers, got x"),
        (None, 1, {"rtol": 0.1}, "observed must be"),
    ],
)
def test_numeric_refuses_what_says_nothing(observed, expected, options, words):
    with pytest.raises((ValueError, TypeError), match=words):
        ledger.numeric("eq-name", observed, expected, **options)


UNITS = {D: meter**2 / second, T: kelvin, mu: pascal * second, R: meter, t: second, x: meter}
UNITS[position(t)] = meter
STOKES = boltzmann_constant * T / (6 * sp.pi * mu * R)


@pytest.mark.parametrize(
    ("lhs", "rhs", "dimension"),
    [
        (D, STOKES, "length**2/time"),
        (meter, D / (meter / second), "length"),
        (sp.sqrt(2 * D * t), x, "length"),
        (sp.Derivative(position(t), t, 2), x / t**2, "length/time**2"),
        (sp.Integral(position(t), (t, 0, sp.oo)), x * t, "length*time"),
        (sp.Integral(bell, (x, -sp.oo, sp.oo)), sp.exp(-t / (x**2 / D)), "pure numbers"),
        (bell, 1 / sp.Abs(x), "1/length"),
        (D * sp.exp(t * second ** (-1)), D, "length**2/time"),
    ],
)
def test_dimensional_holds(capsys, lhs, rhs, dimension):
    assert ledger.dimensional("eq-name", lhs, rhs, UNITS) is None
    said = capsys.readouterr().out
    assert said == f"✓ (eq-name) dimensional: both sides are {dimension}\n"


def test_dimensional_with_units_alone():
    ledger.dimensional(
        "eq-name", meter**2 / second, boltzmann_constant * kelvin / pascal / second / meter
    )


@pytest.mark.parametrize(
    ("lhs", "rhs", "words"),
    [
        (D, STOKES / R, r"length\*\*2/time on the left, length/time on the right"),
        (x, x * t, r"length on the left, length\*time on the right"),
        (x + t, x, "unlike dimensions"),
        (sp.exp(-t), sp.S.One, "needs a pure number in exp.*is a time"),
        (x**t, x, "needs a pure number in"),
        (2**x, sp.S.One, "needs a pure number in"),
        (sp.Integral(position(t), (t, 0, x)), x * t, "unlike dimensions"),
    ],
)
def test_dimensional_fails_and_names_both(lhs, rhs, words):
    with pytest.raises(AssertionError, match=rf"\(eq-name\) .*{words}"):
        ledger.dimensional("eq-name", lhs, rhs, UNITS)


@pytest.mark.parametrize(
    ("lhs", "rhs", "units", "words"),
    [
        (D, STOKES, None, r"needs the unit of D: units=\{D: …\}"),
        (D, position(t), {D: meter}, r"needs the unit of x\(t\)"),
        (1, sp.pi, None, "no unit on either side"),
        (D, D, UNITS, "compares an expression with itself"),
        (D, "x", UNITS, "SymPy expressions"),
        (D, 2 * D, {D: "meter"}, "SymPy expressions"),
    ],
)
def test_dimensional_refuses_what_says_nothing(lhs, rhs, units, words):
    with pytest.raises((ValueError, TypeError), match=words):
        ledger.dimensional("eq-name", lhs, rhs, units)


CALLS = {
    "symbolic": lambda label: ledger.symbolic(label, sp.sin(x) ** 2, 1 - sp.cos(x) ** 2),
    "numeric": lambda label: ledger.numeric(label, 1.0, 1, rtol=0.1),
    "dimensional": lambda label: ledger.dimensional(label, meter, 2 * meter),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("label", ["msd", "Eq-msd", "eq-", "eq msd", "eq-m_s", "eq-Msd", 3, None])
def test_labels(call, label):
    call("eq-msd-2d")
    with pytest.raises(ValueError, match="a label reads eq-some-name"):
        call(label)
    with pytest.raises(ValueError, match="def-drag is a definition"):
        call("def-drag")


def test_sympy_is_imported_when_used():
    code = "import sys; from langevin import ledger; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


CASES = {
    "one number": (1.9, 2.0, {"error": 0.05}),
    "the finest of several": ([1.0, 5.0, 2.0], [1.1, 5.1, 2.0], {"error": [0.1, 0.1, 0.3]}),
    "negative": ([-3.0], [-3.1], {"rtol": 0.1}),
    "both signs and a zero": ([-2.0, 0.0, 4.0], [-2.1, 0.01, 4.3], {"atol": 0.5}),
    "a stricter cut": ([1.0, 2.0], [1.01, 2.03], {"error": [0.1, 0.05], "sigmas": 2.0}),
}


@pytest.mark.parametrize("case", CASES)
def test_power_is_the_smallest_change_that_is_refused(case):
    observed, expected, options = CASES[case]
    ledger.numeric("eq-name", observed, expected, **options)
    least = ledger.power(observed, expected, **options)
    for sign in (1, -1):
        with pytest.raises(AssertionError):
            changed = np.array(observed) * (1 + sign * 1.0001 * least)
            ledger.numeric("eq-name", changed, expected, **options)
    within = []
    for sign in (1, -1):
        changed = np.array(observed) * (1 + sign * 0.9999 * least)
        try:
            ledger.numeric("eq-name", changed, expected, **options)
        except AssertionError:
            continue
        within.append(sign)
    assert within


def test_power_of_what_should_vanish_is_infinite():
    assert ledger.power([1e-16, 0.1], [0.0, 0.0], atol=0.2) == np.inf
    assert ledger.power([1e-16, 0.9], [0.0, 1.0], atol=0.2) == pytest.approx(0.3 / 0.9)
