"""Potentials: one expression; its LaTeX, energy and gradient must say the same."""

import inspect
import re
import subprocess
import sys

import numpy as np
import pytest
import sympy

from langevin import Potential, double_well, free, gravity, harmonic

x, y = sympy.symbols("x y")
POTENTIALS = {
    "free": free(),
    "free in the plane": free(dim=2),
    "gravity": gravity(weight=2.5),
    "spring": harmonic(stiffness=3.0),
    "spring in space": harmonic(stiffness=0.5, dim=3),
    "spring in seven dimensions": harmonic(dim=7),
    "double well": double_well(),
    "tilted double well": double_well(tilt=-0.3, height=5.0),
    "a pendulum": Potential("depth*(1 - cos(x))", depth=2.0),
    "from SymPy": Potential(x**2 * y**4 + sympy.exp(-(x**2) - y**2), (x, y)),
    "high powers": Potential("(x**2 - 1)**4 + y**5/(3 + x**2)**3 + x**7*y", "x y"),
    "names SymPy knows": Potential("beta*E**2 + gamma*E", "E", beta=2.0, gamma=-1.0),
    "a parameter of zero": Potential("a*x**2 + x", a=0.0),
}
potentials = pytest.mark.parametrize("U", POTENTIALS.values(), ids=POTENTIALS.keys())


@pytest.fixture
def points(U, rng):
    return rng.uniform(-1.5, 1.5, (20, U.dim))


def with_numbers(U, expression, row):
    values = dict(zip(U.variables, row, strict=True))
    values |= {sympy.Symbol(p, real=True): v for p, v in U.parameters.items()}
    return float(expression.subs(values))


@potentials
def test_energy_and_gradient_are_the_expression(U, points):
    energy, slope = U(points), U.grad(points)
    assert energy.shape == (20,) and slope.shape == points.shape
    assert energy.dtype == slope.dtype == float
    for row, e, g in zip(points, energy, slope, strict=True):
        np.testing.assert_allclose(e, with_numbers(U, U.expression, row), rtol=1e-12, atol=1e-14)
        for v, component in zip(U.variables, g, strict=True):
            by_sympy = with_numbers(U, sympy.diff(U.expression, v), row)
            np.testing.assert_allclose(component, by_sympy, rtol=1e-11, atol=1e-13)


@potentials
def test_gradient_is_the_slope_of_the_energy(U, points):
    h = 1e-5
    for i in range(U.dim):
        step = h * np.eye(U.dim)[i]
        difference = (U(points + step) - U(points - step)) / (2 * h)
        np.testing.assert_allclose(U.grad(points)[:, i], difference, rtol=1e-6, atol=1e-6)


@potentials
def test_input_stays_and_the_gradient_is_new(U, points):
    before = points.copy()
    U.grad(points)[:] = 7.0
    assert np.array_equal(points, before)


@pytest.mark.parametrize("name", [name for name, U in POTENTIALS.items() if U.dim == 1])
def test_a_float_is_welcome_on_a_line(name):
    U = POTENTIALS[name]
    np.testing.assert_allclose(U(0.7), U(np.array([[0.7]]))[0])
    np.testing.assert_allclose(U.grad(0.7), U.grad(np.array([[0.7]]))[0, 0])


@potentials
def test_no_slow_power_is_left(U):
    for function in (U._energy, U._slopes):
        assert not re.search(r"\*\*\s*[3-9]", inspect.getsource(function))


def test_latex_keeps_the_names_of_the_parameters():
    assert double_well(tilt=0.1).latex == r"height \left(x^{2} - 1\right)^{2} + tilt x"
    assert free().latex == "0"
    assert harmonic(dim=5).variables[-1].name == "x_5"


def test_a_potential_shows_how_to_write_it_again():
    U = double_well(tilt=0.1)
    again = eval(repr(U), {"Potential": Potential})
    assert again.expression == U.expression and again.parameters == U.parameters


def test_the_double_well_has_its_wells_and_barrier():
    U = double_well(height=5.0)
    three = np.array([[-1.0], [0.0], [1.0]])
    assert np.array_equal(U(three), [0.0, 5.0, 0.0])
    assert np.array_equal(U.grad(three), np.zeros((3, 1)))
    assert double_well(tilt=0.3)(three)[0] < double_well(tilt=0.3)(three)[2]


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: Potential("k*x**2"), r"leaves \['k'\] open; give a value, k=1.0"),
        (lambda: Potential("x**2", k=1.0), r"no parameter \['k'\]"),
        (lambda: Potential("x**2", "x x"), "each name may stand once"),
        (lambda: Potential("x**2", "x", x=1.0), "each name may stand once"),
        (lambda: Potential("1", ""), "each name may stand once"),
        (lambda: Potential("a*x", a=np.nan), "a must be finite, got nan"),
        (lambda: harmonic(stiffness=-1.0), "stiffness must be positive, got -1"),
        (lambda: double_well(height=0.0), "height must be positive"),
        (lambda: free(dim=0), "dim must be at least 1, got 0"),
        (lambda: free()(np.zeros(5)), r"\(n_particles, 1\), got shape \(5,\); write x\[:, None\]"),
        (lambda: free(dim=2).grad(np.zeros((5, 1))), r"\(n_particles, 2\), got shape \(5, 1\)$"),
        (lambda: free(dim=2).grad(0.5), r"\(n_particles, 2\), got shape \(\)"),
    ],
)
def test_bad_input_gets_a_sentence(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_importing_the_package_loads_numpy_alone():
    heavy = "'sympy', 'scipy', 'matplotlib', 'ipywidgets'"
    code = f"import sys, langevin; print([m for m in ({heavy}) if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
