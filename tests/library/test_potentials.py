"""Potentials: one expression; its LaTeX, energy and gradient must say the same."""

import inspect
import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
import sympy
from scipy import integrate, optimize, stats

from langevin import Potential, double_well, free, gravity, harmonic
from langevin.potentials import (
    gaussian_mixture,
    muller_brown,
    narrow_and_wide,
    rings,
    rosenbrock,
    rugged,
    saddle,
)
from langevin.potentials.expressions import javascript

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
    "negative powers": Potential("1/(1 + x**2)**3 + 1/(3 + y)**2 + 0.1*x/7", "x y"),
    "other functions": Potential("log(cosh(a*x)) + sqrt(1 + x**2) + atan(x)*pi + sinc(x)", a=2.0),
    "names of its own": Potential("t0*x**2 + t1*(x**2 - 1)**2", t0=1.5, t1=-0.5),
    "narrow and wide": narrow_and_wide(smoothing=0.5),
    "rugged": rugged(roughness=0.5),
    "Müller-Brown": muller_brown(scale=0.05),
    "one Gaussian": gaussian_mixture([[0.5, -0.5]], widths=2.0),
    "Gaussians on a line": gaussian_mixture([[-1], [0], [1]], [0.3, 0.4, 0.5], [1, 2, 3]),
    "Gaussians in four dimensions": gaussian_mixture([[1.0] * 4, [-1.0] * 4]),
    "rings": rings(stiffness=5.0),
    "three rings": rings([0.5, 1.0, 1.5], stiffness=20.0, smoothing=0.5),
    "one ring": rings(1.5),
    "Rosenbrock": rosenbrock(),
    "Rosenbrock in five dimensions": rosenbrock(dim=5, steepness=3.0),
    "saddle": saddle(),
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
def test_hessian_is_the_slope_of_the_gradient(U, points):
    h = 1e-5
    hessian = U.hessian(points)
    assert hessian.shape == (20, U.dim, U.dim)
    np.testing.assert_allclose(hessian, hessian.transpose(0, 2, 1), rtol=1e-9, atol=1e-9)
    for i in range(U.dim):
        step = h * np.eye(U.dim)[i]
        difference = (U.grad(points + step) - U.grad(points - step)) / (2 * h)
        scale = 1 + np.abs(hessian).max()
        np.testing.assert_allclose(hessian[:, i], difference, rtol=1e-6, atol=1e-8 * scale)


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


# JavaScript


def in_node(source, rows, parameters=None):
    """Run the two functions of `source` at every row in node."""
    if shutil.which("node") is None:
        pytest.skip("node is not there to run JavaScript")
    script = f"""
      const U = {source};
      const {{rows, rest}} = {json.dumps({"rows": rows.tolist(), "rest": [parameters or {}]})};
      console.log(JSON.stringify(rows.map((x) =>
        [U.energy(...x, ...rest), U.gradient(...x, ...rest)])));
    """
    said = subprocess.run(["node", "-e", script], capture_output=True, encoding="utf-8", check=True)
    energy, gradient = zip(*json.loads(said.stdout), strict=True)
    return np.array(energy, dtype=float), np.array(gradient, dtype=float)


def same(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12 * np.abs(ours).max())


@potentials
def test_the_page_computes_what_numpy_does(U, points):
    energy, gradient = in_node(U.javascript(), points)
    same(U(points), energy)
    same(U.grad(points), gradient)


@pytest.mark.parametrize("wrong", [("*x", ""), ("-", "+"), ("height = 5.0", "height = 5.0000001")])
def test_a_wrong_page_is_noticed(wrong, rng):
    U, points = double_well(tilt=-0.3, height=5.0), rng.uniform(-1.5, 1.5, (20, 1))
    source = U.javascript()
    assert wrong[0] in source
    energy, gradient = in_node(source.replace(*wrong), points)
    with pytest.raises(AssertionError):
        same(U(points), energy)
        same(U.grad(points), gradient)


def test_the_page_can_move_parameters(rng):
    points = rng.uniform(-2, 2, (20, 1))
    moved = double_well(tilt=0.7, height=3.0)
    energy, gradient = in_node(double_well().javascript(), points, moved.parameters)
    same(moved(points), energy)
    same(moved.grad(points), gradient)


def test_the_page_is_safe_far_out():
    """Where exp(-U) is zero in floating point the mixture is still its nearest component."""
    far, expected = np.array([[50.0], [-50.0]]), [[49.0 / 0.01], [-49.0 / 0.01]]
    U = gaussian_mixture([[-1.0], [1.0]], widths=0.1)
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(U.grad(far), expected)
        assert np.all(np.isfinite(U(far)))
    energy, gradient = in_node(U.javascript(), far)
    same(U(far), energy)
    same(U.grad(far), gradient)


@potentials
def test_no_power_is_left_in_the_page(U):
    assert "pow" not in U.javascript() and "**" not in U.javascript()


@pytest.mark.parametrize(
    "U, words",
    [
        (Potential("var*x**2", var=1.0), "'var' is no name in JavaScript; give it another"),
        (Potential(sympy.Symbol("x'") ** 2, ["x'"]), "x'\" is no name in JavaScript"),
    ],
)
def test_javascript_says_what_it_cannot_say(U, words):
    with pytest.raises(ValueError, match=words):
        U.javascript()
    with pytest.raises(ValueError, match="JavaScript has no besselj; write the formula without it"):
        javascript([x], {}, sympy.besselj(0, x), [])


def test_a_kink_has_a_slope_but_no_curvature(rng):
    U, points = Potential("abs(x)"), rng.uniform(-1, 1, (20, 1))
    energy, gradient = in_node(U.javascript(), points)
    assert np.array_equal(energy, np.abs(points[:, 0])) and np.array_equal(
        gradient, np.sign(points)
    )
    assert np.array_equal(U.grad(points), gradient)
    with pytest.raises(ValueError, match="NumPy has no DiracDelta"):
        U.hessian(points)


# LaTeX and repr


def test_latex_keeps_the_names_of_the_parameters():
    assert rings(2.0).latex.startswith(r"\frac{stiffness")
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


# The ready-made ones


MULLER_BROWN = {
    (-0.558, 1.442): (-146.700, 0),
    (0.623, 0.028): (-108.167, 0),
    (-0.050, 0.467): (-80.768, 0),
    (-0.822, 0.624): (-40.665, 1),
    (0.212, 0.293): (-72.249, 1),
}


def test_muller_and_browns_wells_and_saddles():
    U = muller_brown()
    for start, (energy, falling) in MULLER_BROWN.items():
        root = optimize.root(
            lambda x: U.grad(x[None])[0], start, jac=lambda x: U.hessian(x[None])[0], tol=1e-12
        )
        np.testing.assert_allclose(root.x, start, atol=6e-4)
        assert U(root.x[None])[0] == pytest.approx(energy, abs=6e-4)
        assert (np.linalg.eigvalsh(U.hessian(root.x[None])[0]) < 0).sum() == falling


def test_muller_and_browns_formula():
    """The table of the paper, term by term."""
    A, a, b = [-200, -100, -170, 15], [-1, -1, -6.5, 0.7], [0, 0, 11, 0.6]
    c, X, Y = [-10, -10, -6.5, 0.7], [1, 0, -0.5, -1], [0, 0.5, 1.5, 1]
    x, y = np.meshgrid(np.linspace(-1.5, 1.2, 7), np.linspace(-0.2, 2, 7))
    dx, dy = x[..., None] - X, y[..., None] - Y
    direct = (A * np.exp(a * dx**2 + b * dx * dy + c * dy**2)).sum(axis=-1)
    np.testing.assert_allclose(
        muller_brown(0.1)(np.stack([x, y], axis=-1).reshape(-1, 2)), 0.1 * direct.ravel()
    )


def test_narrow_and_wide_is_the_lower_of_two_parabolas():
    x = np.linspace(-3, 3, 401)[:, None]
    one, two = 200 * (x[:, 0] + 1) ** 2, 0.5 + (x[:, 0] - 1) ** 2 / 2
    below = np.minimum(one, two) - narrow_and_wide()(x)
    assert np.all(below >= -1e-12) and below.max() <= 0.05 * np.log(2) + 1e-12
    assert np.all(below[np.abs(one - two) > 1] < 1e-9)


@pytest.mark.parametrize("T, narrow", [(0.1, 0.88), (0.1669, 0.5), (0.5, 0.12)])
def test_the_mass_flips_to_the_wide_well(T, narrow):
    """The narrow well, global minimum, loses the particles above 0.5 / log(20) = 0.1669."""
    U = narrow_and_wide(distance=6.0)
    mass = lambda a, b: integrate.quad(lambda x: np.exp(-U(x) / T), a, b, points=[-3.0])[0]  # noqa: E731
    left, right = mass(-4.0, -2.5), mass(-2.5, 9.0)
    assert left / (left + right) == pytest.approx(narrow, abs=0.005)


def test_the_rugged_spring_has_its_minimum_at_zero():
    U = rugged(stiffness=1.0, roughness=1.0, wavenumber=8.0)
    x = np.linspace(-5, 5, 10001)
    e = U(x[:, None])
    local = np.flatnonzero((e[1:-1] < e[2:]) & (e[1:-1] < e[:-2])) + 1
    assert len(local) > 9 and x[local[e[local].argmin()]] == pytest.approx(0, abs=1e-9)
    assert np.allclose(np.diff(x[local]), 2 * np.pi / 8, atol=0.02)


def test_a_mixture_of_gaussians_is_its_density():
    means, widths, weights = np.array([[-1, 0], [1, 0.5], [0, 2]]), [0.3, 0.8, 0.5], [1, 2, 1]
    U = gaussian_mixture(means, widths, weights)
    x = np.random.default_rng(5).uniform(-2, 2, (30, 2))
    density = sum(
        w / 4 * stats.multivariate_normal(m, s**2).pdf(x)
        for m, s, w in zip(means, widths, weights, strict=True)
    )
    np.testing.assert_allclose(np.exp(-U(x)), density, rtol=1e-12)


def test_rings_are_valleys_of_the_given_curvature():
    U = rings([1.0, 3.0], stiffness=100.0)
    angle = np.linspace(0, 6, 7)
    for radius in (1.0, 3.0):
        on = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        np.testing.assert_allclose(U(on), 0, atol=1e-12)
        np.testing.assert_allclose(U.grad(on), 0, atol=1e-9)
        curvatures = np.linalg.eigvalsh(U.hessian(on))
        np.testing.assert_allclose(curvatures, [[0, 100]] * 7, atol=1e-6)
    assert np.array_equal(U.grad(np.zeros((1, 2))), np.zeros((1, 2)))


def test_rosenbrock_is_flat_at_ones():
    for dim in (2, 3, 6):
        U, ones = rosenbrock(dim), np.ones((1, dim))
        assert U(ones)[0] == 0 and np.array_equal(U.grad(ones), np.zeros((1, dim)))
        assert np.all(np.linalg.eigvalsh(U.hessian(ones)[0]) > 0)
    assert np.array_equal(rosenbrock()(np.array([[-1.2, 1.0], [0.0, 0.0]])).round(9), [24.2, 1.0])


def test_the_saddle_falls_into_two_wells():
    U = saddle(stiffness=3.0, fall=2.0, wall=0.5)
    points = np.array([[0.0, 0.0], [0.0, 2.0], [0.0, -2.0]])
    np.testing.assert_allclose(U(points), [0, -2, -2])
    np.testing.assert_allclose(U.grad(points), 0, atol=1e-14)
    np.testing.assert_allclose(U.hessian(points[:1])[0], np.diag([3, -2]))
    near = np.array([[0.02, 0.01]])
    np.testing.assert_allclose(saddle()(near), 0.02**2 - 0.01**2, rtol=1e-3)


# Bad input


@pytest.mark.parametrize(
    "make, words",
    [
        (
            lambda: Potential("k*x**2"),
            r"leaves \['k'\] open, got k\*x\*\*2 .*; give a value, k=1.0",
        ),
        (lambda: Potential("x**2", k=1.0), r"no parameter \['k'\]"),
        (lambda: Potential("x**2", "x x"), "each name may stand once"),
        (lambda: Potential("x**2", "x", x=1.0), "each name may stand once"),
        (lambda: Potential("1", ""), "each name may stand once"),
        (lambda: Potential("besselj(0, x)"), "NumPy has no besselj; write the formula without it"),
        (
            lambda: Potential("erf(x)"),
            "NumPy has no erf; write the formula without it, by exp, log",
        ),
        (lambda: Potential("max(x, 0)"), "NumPy has no max; write"),
        (lambda: Potential("f(x) + g(x)"), "NumPy has no f, g; write"),
        (lambda: Potential(sympy.Max(x, 0)), "NumPy has no Max; write"),
        (lambda: Potential(sympy.Piecewise((x, x > 0), (0, True))), "NumPy has no Piecewise"),
        (lambda: Potential("gamma(x)"), "NumPy has no gamma"),
        (lambda: Potential("N*x**2"), r"leaves \['N'\] open"),
        (lambda: Potential("x**"), "must be a formula such as"),
        (lambda: Potential("x!"), "must be a formula such as"),
        (lambda: Potential("x > 0"), "must be a formula, got x > 0"),
        (lambda: Potential("x.__class__"), "must be a formula"),
        (lambda: Potential("__import__('os')"), "must be a formula|NumPy has no __import__"),
        (lambda: Potential("a*x", a=np.nan), "a must be finite, got nan"),
        (lambda: harmonic(stiffness=-1.0), "stiffness must be positive, got -1"),
        (lambda: double_well(height=0.0), "height must be positive"),
        (lambda: narrow_and_wide(narrow=-1.0), "narrow must be positive, got -1"),
        (lambda: narrow_and_wide(smoothing=0.0), "smoothing must be positive"),
        (lambda: narrow_and_wide(gap=np.inf), "gap must be finite"),
        (lambda: rugged(roughness=-1.0), "roughness must be zero or positive"),
        (lambda: muller_brown(scale=0.0), "scale must be positive"),
        (lambda: rosenbrock(dim=1), "dim must be at least 2, got 1"),
        (lambda: saddle(wall=0.0), "wall must be positive"),
        (lambda: rings(radii=[]), r"one or more numbers, got shape \(0,\)"),
        (lambda: rings(radii=[1.0, -2.0]), "radii must be positive"),
        (lambda: gaussian_mixture([0.0, 1.0]), r"means must have shape \(n_particles, dim\)"),
        (lambda: gaussian_mixture([[0.0]], widths=0.0), "widths must be positive"),
        (lambda: gaussian_mixture([[0.0]], weights=[1, 2]), "weights must be one number or 1"),
        (lambda: harmonic().hessian(np.zeros(5)), r"got shape \(5,\)"),
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
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["beta", "gamma", "zeta", "N", "S", "Q", "E", "I", "O", "pi", "C"])
def test_a_name_of_sympy_is_the_parameter_that_it_is_given_as(name):
    U = Potential(f"{name}*x**2", **{name: 3.0})
    assert U(2.0) == 12.0
    assert U.grad(2.0) == 12.0
    assert f"{name} = 3.0" in U.javascript()


def test_pi_is_a_number_and_a_hat_is_a_power():
    assert Potential("pi*x^2")(2.0) == pytest.approx(4 * np.pi)
