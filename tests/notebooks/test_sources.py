"""The page on the sources answers every claim, and what it points at is there."""

import random
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from book.sources.equations import equations, sources
from langevin.annealing import depth, path_graph
from langevin.exact import scaling_optimum

ROOT = Path(__file__).resolve().parents[2]

PAGE = (ROOT / "appendix" / "sources.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"(?m)^(?!#)(\S.*)\n: (.+)$", PAGE)
CLAIMS = {"T": 21, "L": 8, "P": 6, "B": 16, "C": 21}
VERDICT = re.compile(r"\*\*(Stands|Stands, with (a condition|conditions)|Fails|Hides? something)\b")


def ids(text):
    groups = re.findall(r"<small>\[([^\]]*)\]</small>", text)
    return [name for group in groups for name in group.split(", ")]


def test_every_claim_has_its_place():
    wanted = {f"{letter}{i}" for letter, n in CLAIMS.items() for i in range(1, n + 1)}
    assert set(ids(PAGE)) == wanted


def test_every_entry_has_a_verdict_a_place_in_the_book_and_numbers_of_claims():
    assert len(re.findall(r"(?m)^: ", PAGE)) == len(ENTRIES)
    for claim, finding in ENTRIES:
        assert ids(finding), claim
        assert finding.endswith("]</small>"), claim
    for claim, finding in ENTRIES[:-1]:  # the last is about this book
        assert VERDICT.match(finding), claim
        assert "{doc}`" in finding, claim


def test_every_equation_on_the_page_is_in_a_chapter():
    chapters = [path for path in sources(ROOT) if path.parent.name == "chapters"]
    labels = {equation.label for path in chapters for equation in equations(path)}
    named = set(re.findall(r"\{eq\}`([^`]+)`", PAGE))
    assert named
    assert named <= labels, sorted(named - labels)


def test_every_page_that_it_names_is_there():
    named = set(re.findall(r"\{doc\}`([^`]+)`", PAGE))
    there = {f"/chapters/{path.stem}" for path in (ROOT / "chapters").glob("*.ipynb")}
    assert named
    assert named <= there, sorted(named - there)


def global_mass(temperature):
    def weight(x):
        return np.exp(-((x**2 - 1) ** 2 + 0.15 * x) / temperature)

    top = brentq(lambda x: 4 * x**3 - 4 * x + 0.15, -0.5, 0.5)
    left, right = quad(weight, -4, top)[0], quad(weight, top, 4)[0]
    return left / (left + right)


def quartic_passage(temperature):
    def U(x):
        return x**4 / 4 - x**2 / 2

    def below(y):
        return quad(lambda z: np.exp(-U(z) / temperature), -4, y)[0]

    return quad(lambda y: np.exp(U(y) / temperature) * below(y), -1, 1)[0] / temperature


def cooled_chain():
    """P(lowest state) of U = (0.3, 1.3, 0) after a hundred steps of T = 1/ln(k + 2)."""
    law = np.array([1.0, 0.0, 0.0])
    for k in range(100):
        up, far = 0.5 / (k + 2), 0.5 * (k + 2) ** -1.3
        law = law @ np.array([[1 - up, up, 0], [0.5, 0, 0.5], [0, far, 1 - far]])
    return law[2]


def tail_power(eta):
    x = np.linspace(-12, 12, 200_001)
    bell = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)

    def excess(power):
        return np.trapezoid(np.abs(1 - eta * x**2) ** power * bell, x) - 1

    return brentq(excess, 0.2, 8)


def slope_constant():
    x = np.linspace(0.01, 20, 1_000_000)
    return np.min((2 * x + 3 * np.sin(2 * x)) ** 2 / (2 * (x**2 + 3 * np.sin(x) ** 2)))


def uphill(steps=200, tau=0.05):
    mean_square = 0.0
    for _ in range(steps):
        mean_square = (1 + tau) ** 2 * mean_square + 2 * tau
    return mean_square


FRICTION = 6 * np.pi * 1.0016e-3 * 0.5e-6
MASS = 4 / 3 * np.pi * 0.5e-6**3 * 1000
NUMBERS = {  # words of the page: the number computed, the number printed
    "0.429 µm²/s": (1e12 * 1.380649e-23 * 293.15 / FRICTION, "0.429"),
    "5.55 × 10⁻⁸ s": (1e8 * MASS / FRICTION, "5.55"),
    "it is 0.7358 in units": (2 * (1 - (1 - np.exp(-1))), "0.7358"),
    "2.92 × 10⁸": (1e-8 * uphill(), "2.92"),
    "from 4.50 at the start": (3**2 / 2, "4.50"),
    "to 0.57 at time 2": (0.5 + (4.5 - 0.5) * np.exp(-4), "0.57"),
    "$\\sigma=10$ it is 2.5": (0.05 * 10**2 / 2, "2.5"),
    "which is 4/3 at": (1 / (1 - 0.5 / 2), "4/3"),
    "at 3/4 of the temperature": (1 - 1 / 4, "3/4"),
    "holds 0.57 of the mass": (global_mass(1.0), "0.57"),
    "and 0.81 at $T=0.2$": (global_mass(0.2), "0.81"),
    "every temperature above 0.167": (0.5 / np.log(np.sqrt(400)), "0.167"),
    "it gives 659.4": (2 * np.pi / np.sqrt(2) * np.exp(0.25 / 0.05), "659.4"),
    "exact integral 729.7": (quartic_passage(0.05), "729.7"),
    "0.618 of its upper bound": (np.sqrt(1 / 4 + 1) - 1 / 2, "0.618"),
    "is 0.558 after a hundred": (cooled_chain(), "0.558"),
    "$\\mu=0.1755$": (slope_constant(), "0.1755"),
    "a factor of 0.712": ((442 - 128) / (442 - 1), "0.712"),
    "in 92 it is": (65 + 3 * 9, "92"),
    "at the rate −0.131": (-2 * 0.08 * (1 - 10) / (1 + 10), "0.131"),
    "exponent 2.90 at": (tail_power(0.5), "2.90"),
    "and 1.55 at": (tail_power(0.8), "1.55"),
    "$\\eta=0.0331$": (4 / (10 + 1) ** 2, "0.0331"),
    "$\\beta=0.669$": (((10 - 1) / (10 + 1)) ** 2, "0.669"),
    "by 0.818 a step": ((10 - 1) / (10 + 1), "0.818"),
    "descent has 0.980": ((100 - 1) / (100 + 1), "0.980"),
    "is 0.574 with the force": (scaling_optimum("mala").acceptance, "0.574"),
    "0.234 without it": (scaling_optimum("random_walk").acceptance, "0.234"),
    "0.651 with momentum": (scaling_optimum("hmc").acceptance, "0.651"),
}


@pytest.mark.parametrize("words", NUMBERS)
def test_the_numbers_follow_from_formulas(words):
    computed, printed = NUMBERS[words]
    assert printed in words
    assert PAGE.count(words) == 1
    decimals = len(printed.partition(".")[2])
    half = 1e-12 if "/" in printed else 0.5 * 10.0**-decimals
    assert abs(computed - float(Fraction(printed))) <= half


def test_the_tail_equation_is_solved_and_not_assumed():
    assert tail_power(2 / 3) == pytest.approx(2, abs=1e-6)


def test_the_depth_of_the_chain_is_one():
    assert depth([0.3, 1.3, 0.0], path_graph(3)) == pytest.approx(1.0)


def test_filling_with_straight_lines_leaves_a_tenth_and_ten_points_on_one_spot():
    steps, points = 500, 10
    walk = np.cumsum(np.random.default_rng(1827).standard_normal(steps))
    filled = np.interp(np.arange(steps * points), np.arange(steps) * points, walk)
    ratio = np.sum(np.diff(filled) ** 2) / np.sum(np.diff(walk) ** 2)
    assert ratio == pytest.approx(1 / 10, rel=1e-12)
    assert np.all(filled[-10:] == filled[-1])
    assert filled[-11] != filled[-1]
    assert walk[0] != 0


def test_a_seed_of_python_does_not_reach_numpy():
    drawn = []
    for _ in range(2):
        random.seed(42)
        drawn.append(np.random.randn())  # noqa: NPY002
    assert drawn[0] != drawn[1]
