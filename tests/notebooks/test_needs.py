"""The answers on the page *What you need* are right, and its code prints what it says."""

import re
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

PAGE = (Path(__file__).resolve().parents[2] / "appendix" / "needs.md").read_text(encoding="utf-8")
ANSWERS = dict(
    re.findall(r"\{admonition\} Answer (\d+)\n:class: dropdown\n\n(.*?)\n:::", PAGE, re.S)
)
CODE = re.findall(r"```python\n(.*?)```", PAGE, re.S)
x, y, w, ell, t, a, t0, omega, A = sp.symbols("x y w ell t a t0 omega A", positive=True)


def solves(equation, solution, start, slope=None):
    """Tell whether a function of t obeys an equation (of it, in the form …= 0) and its start."""
    ends = [solution.subs(t, 0) - start] + ([] if slope is None else [solution.diff(t).subs(t, 0)])
    return all(sp.simplify(part) == 0 for part in [equation(solution), *ends])


def gradient():
    slope = [sp.diff(x**2 * y + sp.sin(y), name) for name in (x, y)]
    return slope == [2 * x * y, x**2 + sp.cos(y)] and [s.subs({x: 1, y: 0}) for s in slope] == [
        0,
        2,
    ]


def chain_rule():
    slope = sp.diff((w**2 * x - y) ** 2 / 2, w)
    known = sp.expand(slope - (w**2 * x - y) * 2 * w * x) == 0
    return known and slope.subs({w: 1, x: 2, y: 3}) == -4


def series():
    log, decay = (sp.series(f, x, 0, 3).removeO() for f in (sp.log(1 + x), sp.exp(-x)))
    return log == x - x**2 / 2 and decay == 1 - x + x**2 / 2


def normal_tails():
    return round(100 * float(sp.erfc(sp.sqrt(2))), 1) == 4.6


def eigenvectors():
    matrix = sp.Matrix([[2, 1], [1, 2]])
    return all(
        matrix * sp.Matrix(v) == value * sp.Matrix(v) for value, v in ((3, (1, 1)), (1, (1, -1)))
    )


def shapes():
    many, weights = np.zeros((1000, 2)), np.zeros(2)
    return (many + weights).shape == (1000, 2) and (many @ weights).shape == (1000,)


def last_value():
    names = {}
    exec(CODE[1], names)
    return np.isclose(names["x"], 0.81) and np.isclose(names["x"], 0.9**2)


RIGHT = {
    1: ("$2xy$ and $x^2+\\cos y$. At $(1,0)$ they are 0 and 2", gradient),
    2: ("$(w^2x-y)\\cdot2wx$. Here it is $-1\\cdot4=-4$", chain_rule),
    3: (
        "It is $\\ell$",
        lambda: sp.integrate(x * sp.exp(-x / ell) / ell, (x, 0, sp.oo)) == ell,
    ),
    4: (
        "$\\ln(1+x)\\approx x-x^2/2$ and $e^{-x}\\approx1-x+x^2/2$",
        series,
    ),
    5: (
        "$at_0(1-e^{-t/t_0})$",
        lambda: solves(lambda v: v.diff(t) - a + v / t0, a * t0 * (1 - sp.exp(-t / t0)), 0),
    ),
    6: (
        "At $A\\cos\\omega t$, and it is back after $2\\pi/\\omega$",
        lambda: solves(lambda s: s.diff(t, 2) + omega**2 * s, A * sp.cos(omega * t), A, slope=0),
    ),
    7: ("Its modulus is 1", lambda: abs(sp.Rational(3, 5) + sp.I * sp.Rational(4, 5)) == 1),
    8: ("$\\sqrt{100}=10$", lambda: sp.sqrt(100 * sp.Rational((-1) ** 2 + 1, 2)) == 10),
    9: ("$2/\\sqrt{400}=0.1$", lambda: 2 / sp.sqrt(400) == sp.Rational(1, 10)),
    10: ("In 4.6 per cent", normal_tails),
    11: ("$4+9-2\\cdot2=9$. Without the covariance it would be 13", lambda: 4 + 9 - 2 * 2 == 9),
    12: ("3 with $(1,1)$, and 1 with $(1,-1)$", eigenvectors),
    13: (
        "$Ax$, and $A$ itself",
        lambda: (
            [sp.diff((2 * x**2 + 2 * 3 * x * y + 5 * y**2) / 2, s) for s in (x, y)]
            == list(sp.Matrix([[2, 3], [3, 5]]) * sp.Matrix([x, y]))
        ),
    ),
    14: ("`[1.5 2.5 3.5]`", lambda: True),  # run below
    15: ("`(1000, 2)`: `w` is added to each row. And `(1000,)`", shapes),
    16: ("0.81, which is $0.9^2$", last_value),
}


def test_each_question_has_its_answer():
    asked = [int(number) for number in re.findall(r"(?m)^\*\*(\d+)\.\*\* ", PAGE)]
    assert asked == sorted(map(int, ANSWERS)) == sorted(RIGHT) == list(range(1, 17))
    assert "These sixteen questions" in PAGE


@pytest.mark.parametrize("number", RIGHT)
def test_an_answer_is_right(number):
    words, holds = RIGHT[number]
    assert words in ANSWERS[str(number)]
    assert holds()


def test_the_code_prints_what_the_answer_says(capsys):
    exec(CODE[0], {"np": np})
    assert f"`{capsys.readouterr().out.strip()}`" in ANSWERS["14"]
