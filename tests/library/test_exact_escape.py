"""Escape: by quadrature, by limits, by the roots behind the formulas, and published numbers."""

import itertools

import numpy as np
import pytest
from scipy import integrate

from langevin import Potential, double_well, exact, free, gravity, harmonic
from langevin.exact import _quadrature
from langevin.potentials import narrow_and_wide, saddle

# U = 5 (x^2 - 1)^2 at m = T = 1
ACTION = 8 * np.sqrt(5) / 3
WELL = dict(barrier=5.0, well_curvature=40.0, temperature=1.0)


def turnover(friction, **changes):
    values = WELL | dict(top_curvature=20.0, action=ACTION, action_beyond=ACTION) | changes
    return exact.turnover_rate(friction=friction, **values)


# Quadrature


def test_panels_integrate_and_add_up():
    assert _quadrature.integral(np.exp, -1.0, 2.0, 3) == pytest.approx(np.exp(2) - np.exp(-1))
    x, half = _quadrature.panels(-1.0, 2.0, 7)
    upto, whole = _quadrature.running(np.cos(3 * x), half)
    np.testing.assert_allclose(upto, (np.sin(3 * x) + np.sin(3)) / 3, atol=1e-14)
    assert whole == pytest.approx((np.sin(6) + np.sin(3)) / 3)


# Rates


@pytest.mark.parametrize("friction", [0.0, 0.3, 4.0, 1e6])
def test_kramers_rate_by_the_motion_at_the_top(friction):
    """The factor is z / omega_b, z the growing root of m z^2 + lambda z - m omega_b^2 = 0."""
    m, top = 1.7, 20.0
    rate = exact.kramers_rate(top_curvature=top, friction=friction, mass=m, **WELL)
    plain = exact.kramers_rate(top_curvature=top, friction=0.0, mass=m, **WELL)
    z = top / (friction / 2 + np.sqrt(friction**2 / 4 + m * top))
    assert m * z**2 + friction * z == pytest.approx(top)
    assert rate / plain == pytest.approx(z / np.sqrt(top / m), rel=1e-12)
    assert plain == pytest.approx(np.sqrt(40 / m) / (2 * np.pi) * np.exp(-5), rel=1e-12)


def test_strong_friction_is_overdamped():
    rate = exact.kramers_rate(top_curvature=20.0, friction=1e5, **WELL)
    assert exact.overdamped_rate(top_curvature=20.0, friction=1e5, **WELL) == pytest.approx(rate)
    ratio = exact.kramers_rate(5.0, 1.0, 1.0, 1.0, 1.0) / exact.kramers_rate(5.0, 1.0, 1.0, 1.0, 0)
    assert ratio == pytest.approx(0.6180, abs=5e-5)


@pytest.mark.parametrize("delta", [1e-3, 0.05, 1.0, 30.0])
def test_depopulation_by_the_integral_as_published(delta):
    def integrand(y):
        return np.log(-np.expm1(-delta * (y**2 + 0.25))) / (y**2 + 0.25) / np.pi

    edges = [0, 1, 10, 100, 1e3, 1e5]
    parts = [
        integrate.quad(integrand, a, b, epsabs=1e-14, epsrel=1e-11, limit=300)[0]
        for a, b in itertools.pairwise(edges)
    ]
    assert exact.depopulation(delta) == pytest.approx(np.exp(sum(parts)), rel=1e-9)


def test_depopulation_between_its_limits():
    assert exact.depopulation(1e-6) == pytest.approx(1e-6, rel=2e-3)
    assert exact.depopulation(np.inf) == 1.0
    values = exact.depopulation(np.logspace(-4, 3, 40).reshape(4, 10))
    assert values.shape == (4, 10) and np.all(np.diff(values.ravel()) >= 0)


def test_the_turnover_as_published():
    friction = np.array([0.02, 0.1, 0.5, 2, 5, 10, 30])
    theory = [34, 137, 401, 528, 398, 259, 99]
    np.testing.assert_allclose(1e5 * turnover(friction), theory, atol=0.5)


@pytest.mark.parametrize("beyond", [ACTION, 3 * ACTION, np.inf])
def test_the_turnover_joins_its_limits(beyond):
    weak = exact.energy_diffusion_rate(
        action=ACTION, friction=1e-7, mass=1.3, action_beyond=beyond, **WELL
    )
    assert turnover(1e-7, mass=1.3, action_beyond=beyond) == pytest.approx(weak, rel=2e-3)
    strong = exact.kramers_rate(top_curvature=20.0, friction=300.0, mass=1.3, **WELL)
    assert turnover(300.0, mass=1.3, action_beyond=beyond) == pytest.approx(strong, rel=1e-9)


def test_two_wells_halve_the_weak_rate_and_one_well_keeps_it():
    rate = [
        exact.energy_diffusion_rate(action=ACTION, friction=0.01, action_beyond=b, **WELL)
        for b in (np.inf, ACTION, 1e12)
    ]
    assert rate[0] / rate[1] == pytest.approx(2) and rate[0] == pytest.approx(rate[2])
    direct = 0.01 * ACTION * np.sqrt(40) / (2 * np.pi) * np.exp(-5)
    assert rate[0] == pytest.approx(direct)


def test_actions():
    """8 sqrt 5 / 3 for the double well; a tilted one, a heavier mass, by plain quadrature."""
    assert exact.barrier_action(double_well(height=5.0), 1.0, 0.0) == pytest.approx(ACTION)
    assert exact.barrier_action(double_well(height=5.0), -1.0, 0.0) == pytest.approx(ACTION)
    heavy = exact.barrier_action(double_well(height=5.0), 1.0, 0.0, mass=4.0)
    assert heavy == pytest.approx(2 * ACTION)
    cubic = Potential("x**2/2 - x**3/3")  # top at 1, turning point at -1/2
    momentum = lambda x: 2 * np.sqrt(2 * (1 / 6 - x**2 / 2 + x**3 / 3))  # noqa: E731
    direct, _ = integrate.quad(momentum, -0.5, 1)
    assert exact.barrier_action(cubic, 0.0, 1.0) == pytest.approx(direct, rel=1e-8)
    # a well much wider on its far side
    wide = narrow_and_wide(narrow=400.0, wide=0.01, gap=0.1, smoothing=0.001)
    assert exact.barrier_action(wide, 1.0, -0.95) > 0


# Times


def test_passage_of_a_free_particle():
    """From a wall L^2 / 2D; from x between wall and target (L^2 - x^2) / 2D."""
    T, friction = 0.7, 1.9
    for x in (0.0, 0.4, 1.9):
        time = exact.first_passage_time(free(), x, 2.0, T, friction, wall=0.0)
        assert time == pytest.approx((4 - x**2) / (2 * T / friction), rel=1e-12)
        mirrored = exact.first_passage_time(free(), -x, -2.0, T, friction, wall=0.0)
        assert mirrored == pytest.approx(time, rel=1e-12)


def test_falling_takes_the_height_by_the_speed():
    """Down a slope with a wall far above: distance * friction / weight, exactly."""
    time = exact.first_passage_time(gravity(2.0), 1.0, -4.0, 0.3, 1.5, wall=60.0)
    assert time == pytest.approx(5.0 * 1.5 / 2.0, rel=1e-9)


def test_passage_by_plain_double_quadrature():
    U, T = double_well(tilt=0.3), 0.5
    inner = lambda y: integrate.quad(lambda z: np.exp(-U(float(z)) / T), -6, y)[0]  # noqa: E731
    double, _ = integrate.quad(lambda y: np.exp(U(float(y)) / T) * inner(y), -1.0, 0.9)
    time = exact.first_passage_time(U, -1.0, 0.9, T, friction=3.0)
    assert time == pytest.approx(3.0 / T * double, rel=1e-7)


def test_who_is_held_on_one_side_only():
    """A cliff behind, and a slope that falls away for ever beyond the target."""
    cliff, T = Potential("exp(-x) - x/2"), 0.7
    time = exact.first_passage_time(cliff, 0.0, 2.0, T)
    double = integrate.dblquad(
        lambda z, y: float(np.exp((cliff(y) - cliff(z)) / T)), 0, 2, -6, lambda y: y
    )[0]
    assert time == pytest.approx(double / T, rel=1e-6)


def test_times_add_up_along_the_line():
    U, T = double_well(tilt=0.3), 0.2
    parts = [exact.first_passage_time(U, a, b, T) for a, b in [(-1, 0.2), (0.2, 1), (-1, 1)]]
    assert parts[0] + parts[1] == pytest.approx(parts[2], rel=1e-9)
    assert exact.first_passage_time(U, 0.5, 0.5, T) == 0.0


@pytest.mark.parametrize("T, ratio", [(0.1, 1.224), (0.05, 1.107), (0.025, 1.043), (0.0125, 1.020)])
def test_exact_times_against_eyring_and_kramers(T, ratio):
    U = Potential("x**4/4 - x**2/2")
    asymptotic = exact.eyring_kramers_time(0.25, 2.0, -1.0, T)
    assert exact.first_passage_time(U, -1.0, 1.0, T) / asymptotic == pytest.approx(ratio, abs=6e-4)
    half = exact.first_passage_time(U, -1.0, 0.0, T) / exact.first_passage_time(U, -1.0, 1.0, T)
    assert half == pytest.approx(0.5, rel=0.8 * T)


def test_published_times():
    assert exact.eyring_kramers_time(0.25, 2.0, -1.0, 0.05) == pytest.approx(659.4, abs=0.05)
    U = Potential("x**4/4 - x**2/2")
    assert exact.first_passage_time(U, -1.0, 1.0, 0.05) == pytest.approx(729.7, abs=0.05)
    five, ten = (1 / exact.overdamped_rate(b, 2.0, 1.0, 1.0, 1.0) for b in (5.0, 10.0))
    assert ten / five == pytest.approx(148.4, abs=0.05)


def test_eyring_and_kramers_on_a_line_is_kramers():
    time = exact.eyring_kramers_time(0.3, 2.0, -1.5, 0.05, friction=3.0)
    assert 1 / time == pytest.approx(exact.overdamped_rate(0.3, 2.0, 1.5, 0.05, 3.0))


def test_a_wide_saddle_is_crossed_sooner():
    """Across springs that do not care about y the time is that on a line, times a ratio."""
    U = saddle(stiffness=3.0, fall=1.0, wall=1.0)
    top, bottom = U.hessian(np.array([[0.0, 0.0], [0.0, 1.0]]))
    time = exact.eyring_kramers_time(0.25, bottom, top, 0.05)
    assert time == pytest.approx(exact.eyring_kramers_time(0.25, 2.0, -1.0, 0.05))
    narrow = exact.eyring_kramers_time(0.25, bottom, top + np.diag([9.0, 0.0]), 0.05)
    assert narrow / time == pytest.approx(2.0)


# Bad input


LINE, HALF = harmonic(), Potential("exp(-x)")


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: turnover(0.0), "friction must be positive, got 0"),
        (lambda: turnover(1.0, barrier=-1.0), "barrier must be positive, got -1"),
        (lambda: turnover(1.0, top_curvature=-20.0), "top_curvature must be positive, got -20"),
        (lambda: turnover(1.0, action_beyond=-1.0), "action_beyond must be positive"),
        (lambda: exact.kramers_rate(5, 1, 1, 1, -1), "friction must be zero or positive, got -1"),
        (lambda: exact.overdamped_rate(5, 1, 1, 0, 1), "temperature must be positive, got 0"),
        (lambda: exact.depopulation(0.0), "loss must be positive, got 0"),
        (lambda: exact.barrier_action(LINE, 1.0, 0.0), r"must lie above the well, got U\(0.0\)"),
        (lambda: exact.barrier_action(HALF, 1.0, 0.0), "the well at 1.0 is open"),
        (lambda: exact.first_passage_time(free(), 0, 1, 1), r"hold the particle by a wall="),
        (
            lambda: exact.first_passage_time(LINE, 0, 1, 1, wall=0.5),
            "wall must be behind the start",
        ),
        (lambda: exact.first_passage_time(LINE, 0, -1, 1, wall=-2), "wall must be behind the st"),
        (lambda: exact.first_passage_time(LINE, 0, 1, -1), "temperature must be positive, got -1"),
        (lambda: exact.eyring_kramers_time(1, -2.0, -1.0, 1), "well_hessian must have positive"),
        (lambda: exact.eyring_kramers_time(1, 2.0, 1.0, 1), "saddle_hessian must have one negat"),
        (lambda: exact.eyring_kramers_time(1, np.eye(2), -np.eye(2), 1), "must have one negative"),
        (lambda: exact.eyring_kramers_time(1, np.eye(2), -1.0, 1), "of one size, got 2 and 1"),
        (lambda: exact.eyring_kramers_time(1, [[1, 2], [0, 1]], -1.0, 1), "must be symmetric, got"),
        (lambda: exact.eyring_kramers_time(1, [1.0, 2.0], -1.0, 1), "must be a square matrix"),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
