"""The book's line: identities, affine maps, orders, statistics, and mutants that must fail."""

import warnings
from math import sqrt
from types import SimpleNamespace

import numpy as np
import pytest
from library_checks import (
    Scripted,
    assert_close_sigma,
    assert_gaussian_variance,
    assert_mean,
    power,
    read_affine,
)
from scipy.linalg import solve_discrete_lyapunov

from langevin import (
    Kernel,
    Potential,
    State,
    double_well,
    free,
    gradient_descent,
    harmonic,
    position,
    sgd,
    simulate,
    ula,
)
from langevin import exact as laws
from langevin.gradients import exact, noisy, zero
from langevin.observables import quadratic_variation
from langevin.overdamped import NoisyState, langevin, leimkuhler_matthews, sgld


def same_path(one, two, x0, n_steps=50):
    paths = (
        simulate(kernel, x0, n_steps, np.random.default_rng(2), observe=position)
        for kernel in (one, two)
    )
    np.testing.assert_allclose(*paths, rtol=1e-12, atol=1e-13)


# Identities


START = np.linspace(-1.5, 1.5, 9)[:, None]


def test_descent_is_langevin_at_temperature_zero():
    well = double_well(tilt=0.15)
    same_path(gradient_descent(well, 0.05), ula(well, 0.05, 0.0), START)


def test_sgld_with_an_exact_gradient_is_langevin_at_temperature_one():
    well = double_well(tilt=0.15)
    same_path(sgld(exact(well), 0.05), ula(well, 0.05, 1.0), START)
    same_path(sgld(exact(well), 0.05, temperature=0.2), ula(well, 0.05, 0.2), START)


def test_sgld_in_the_letters_of_welling_and_teh(rng):
    """theta + epsilon / 2 grad log p + noise of variance epsilon."""
    well, epsilon, xi = double_well(tilt=0.15), 0.1, rng.standard_normal(START.shape)
    kernel = sgld(exact(well), epsilon / 2)
    theta = START - epsilon / 2 * well.grad(START) + sqrt(epsilon) * xi
    np.testing.assert_allclose(kernel.step(State(START), Scripted(xi)).x, theta, rtol=1e-14)


def test_leimkuhler_matthews_at_temperature_zero_is_descent():
    well = double_well(tilt=0.15)
    same_path(leimkuhler_matthews(well, 0.05, 0.0), gradient_descent(well, 0.05), START)


def test_leimkuhler_matthews_shares_each_noise_between_two_steps(rng):
    T, tau, start = 0.7, 0.1, np.zeros((4, 1))
    xi = rng.standard_normal((4, 4, 1))
    kernel, script = leimkuhler_matthews(free(), tau, lambda k: 0.0 if k == 1 else T), Scripted(*xi)
    one = kernel.step(kernel.init(start), script)
    two = kernel.step(one, script)
    three = kernel.step(two, script)
    width = sqrt(2 * tau * T)
    np.testing.assert_allclose(one.x, width * (xi[0] + xi[1]) / 2, rtol=1e-14)
    assert np.array_equal(two.x, one.x) and two.k == 2
    np.testing.assert_allclose(three.x, one.x + width * (xi[1] + xi[2]) / 2, rtol=1e-14)


def test_sgd_with_gaussian_noise_is_langevin_with_heat():
    well, step_size, sigma = double_well(tilt=0.15), 0.05, 3.0
    warm = ula(well, step_size, step_size * sigma**2 / 2)
    same_path(sgd(noisy(well, sigma), step_size), warm, START)


def test_a_free_particle_is_one_in_a_flat_potential():
    same_path(langevin(zero, 0.1, 0.7), ula(free(), 0.1, 0.7), START)


def test_a_constant_schedule_is_its_number():
    well = double_well()
    same_path(ula(well, 0.05, 0.3), ula(well, lambda k: 0.05, lambda k: 0.3), START)


def test_a_schedule_is_asked_at_the_step_it_is_for(rng):
    cooling = langevin(zero, lambda k: [0.5, 0.25][k], lambda k: [4.0, 1.0][k])
    xi = rng.standard_normal((2, 3, 1))
    state = cooling.init(np.zeros((3, 1)))
    for noise in xi:
        state = cooling.step(state, Scripted(noise))
    np.testing.assert_allclose(state.x, 2 * xi[0] + sqrt(0.5) * xi[1], rtol=1e-14)


# Checks that the library passes and each mutant fails


def check_affine(langevin):
    """One step on coupled springs, read off exactly."""
    tau, T = 0.2, 0.7
    U = Potential("x**2 + y**2/2 + x*y/4", "x y")
    K = np.array([[2.0, 0.25], [0.25, 1.0]])
    A, B = read_affine(langevin(exact(U), tau, T), dim=2)
    np.testing.assert_allclose(A, np.eye(2) - tau * K, atol=1e-14)
    np.testing.assert_allclose(B @ B.T, 2 * tau * T * np.eye(2), atol=1e-14)
    # K commutes with the noise, so the covariance is a function of K: T / (K (1 - tau K / 2))
    boltzmann = np.linalg.inv(K @ (np.eye(2) - tau * K / 2)) * T
    np.testing.assert_allclose(solve_discrete_lyapunov(A, B @ B.T), boltzmann, rtol=1e-12)
    for stiffness, direction in zip(*np.linalg.eigh(K), strict=True):
        law = laws.harmonic_ula_variance(stiffness, tau, T)
        np.testing.assert_allclose(direction @ boltzmann @ direction, law, rtol=1e-12)


def check_leimkuhler_matthews(leimkuhler_matthews):
    """On coupled springs the covariance is Boltzmann's, to rounding."""
    tau, T, zero = 0.2, 0.7, np.zeros((2, 2))
    U = Potential("x**2 + y**2/2 + x*y/4", "x y")
    K = np.array([[2.0, 0.25], [0.25, 1.0]])
    kernel = leimkuhler_matthews(U, tau, T)

    def columns(x, last, xi):
        state = kernel.step(NoisyState(x, 0, last), Scripted(xi))
        return np.vstack([state.x.T, state.xi.T])

    unit = np.eye(2)
    A = np.hstack([columns(unit, zero, zero), columns(zero, unit, zero)])
    B = columns(zero, zero, unit)
    covariance = solve_discrete_lyapunov(A, B @ B.T)
    np.testing.assert_allclose(covariance[:2, :2], T * np.linalg.inv(K), rtol=1e-12)


N_WALKERS = 40_000


def check_free_spreading(langevin, rng):
    n, tau, T = 50, 0.1, 0.8
    kernel = langevin(zero, tau, T)
    paths = simulate(kernel, np.zeros((N_WALKERS, 2)), n, rng, observe=position)
    mean, variance = laws.free_ula_moments(n, tau, T)
    assert_mean(paths[-1], mean)
    assert_gaussian_variance(paths[-1], mean, variance)
    q, spread = laws.quadratic_variation_moments(n, tau, T)
    observed = quadratic_variation(paths).mean(axis=0)
    assert_close_sigma(observed, q, np.sqrt(spread / N_WALKERS))


def check_spring(langevin, rng):
    n, tau, T, stiffness, start = 12, 0.3, 0.8, 1.5, 2.0
    kernel = langevin(exact(harmonic(stiffness)), tau, T)
    x = simulate(kernel, np.full((N_WALKERS, 1), start), n, rng).x
    mean, variance = laws.harmonic_ula_moments(n, start, stiffness, tau, T)
    assert_mean(x, mean)
    assert_gaussian_variance(x, mean, variance)


def mutant(drift, noise):
    """A wrong langevin: its drift and noise as functions of step size and temperature."""

    def wrong(grad, step_size, temperature):
        def step(state, rng):
            x, k = state
            kick = noise(step_size, temperature) * rng.standard_normal(x.shape)
            return State(x + drift(step_size) * grad(x, rng) + kick, k + 1)

        return Kernel(State, step)

    return wrong


MUTANTS = {
    "half the noise variance": mutant(lambda tau: -tau, lambda tau, T: sqrt(tau * T)),
    "noise with the step": mutant(lambda tau: -tau, lambda tau, T: sqrt(2 * T) * tau),
    "noise twice": mutant(lambda tau: -tau, lambda tau, T: 2 * sqrt(tau * T)),
    "temperature dropped": mutant(lambda tau: -tau, lambda tau, T: sqrt(2 * tau)),
    "temperature outside the root": mutant(lambda tau: -tau, lambda tau, T: sqrt(2 * tau) * T),
    "sign of the force": mutant(lambda tau: tau, lambda tau, T: sqrt(2 * tau * T)),
    "half the force": mutant(lambda tau: -tau / 2, lambda tau, T: sqrt(2 * tau * T)),
}
FORCE_MUTANTS = {"sign of the force", "half the force"}
mutants = pytest.mark.parametrize("name", MUTANTS)


def test_affine():
    check_affine(langevin)


def test_free_spreading(rng):
    """Power: an error of 5 % in the variance is seen with a chance above 0.97."""
    assert power(0.05, sqrt(2 / N_WALKERS), n_values=2) > 0.97
    check_free_spreading(langevin, rng)


def test_spring(rng):
    """Power: the continuum law, 22 % below the discretised one, is told from it for certain."""
    law = laws.harmonic_ula_moments(12, 2.0, 1.5, 0.3, 0.8).variance
    continuum = laws.harmonic_moments(12 * 0.3, 2.0, 1.5, 0.8).variance
    assert power(law - continuum, law * sqrt(2 / N_WALKERS)) > 1 - 1e-9
    check_spring(langevin, rng)


def test_leimkuhler_matthews_is_exact_on_springs():
    check_leimkuhler_matthews(leimkuhler_matthews)


@pytest.mark.parametrize(
    "width, then, now", [(1, 0.5, 0.5), (sqrt(2), 1, 0), (sqrt(2), 0, 1), (sqrt(2), 0.6, 0.4)]
)
def test_leimkuhler_matthews_rejects(width, then, now):
    """Half the variance, only the old or the new noise, and unequal shares of both."""

    def wrong(U, tau, T):
        def step(state, rng):
            x, k, last = state
            xi = rng.standard_normal(x.shape)
            kick = width * sqrt(tau * T) * (then * last + now * xi)
            return NoisyState(x - tau * U.grad(x) + kick, k + 1, xi)

        return Kernel(NoisyState, step)

    with pytest.raises(AssertionError):
        check_leimkuhler_matthews(wrong)


@mutants
def test_affine_rejects(name):
    with pytest.raises(AssertionError):
        check_affine(MUTANTS[name])


@mutants
def test_spring_rejects(name, rng):
    with pytest.raises(AssertionError):
        check_spring(MUTANTS[name], rng)


@pytest.mark.parametrize("name", [name for name in MUTANTS if name not in FORCE_MUTANTS])
def test_free_spreading_rejects(name, rng):
    with pytest.raises(AssertionError):
        check_free_spreading(MUTANTS[name], rng)


# Bad input


@pytest.mark.parametrize(
    "arguments, kind, words",
    [
        ((zero, -0.1, 1.0), ValueError, "step_size must be positive, got -0.1"),
        ((zero, 0.1, -1.0), ValueError, "temperature must be zero or positive, got -1.0"),
        ((harmonic(), 0.1, 1.0), TypeError, r"grad must be an oracle.*exact\(U\)"),
        ((3.0, 0.1, 1.0), TypeError, r"grad must be an oracle grad\(x, rng\), got 3.0"),
    ],
)
def test_bad_input_gets_a_sentence(arguments, kind, words):
    with pytest.raises(kind, match=words):
        langevin(*arguments)


def test_oracles_refuse_what_has_no_gradient():
    with pytest.raises(TypeError, match=r"U must have a method grad\(x\)"):
        ula(lambda x: x**2, 0.1, 1.0)
    with pytest.raises(ValueError, match="sigma must be zero or positive, got -1"):
        noisy(harmonic(), -1.0)


def test_leimkuhler_matthews_refuses_the_same():
    with pytest.raises(ValueError, match="step_size must be positive, got 0"):
        leimkuhler_matthews(harmonic(), 0, 1.0)
    with pytest.raises(ValueError, match="temperature must be zero or positive, got -1"):
        leimkuhler_matthews(harmonic(), 0.1, -1)
    with pytest.raises(TypeError, match=r"U must have a method grad\(x\)"):
        leimkuhler_matthews(zero, 0.1, 1.0)


# Unstable steps


TAKES_A_SPRING = {
    "gradient_descent": gradient_descent,
    "ula": lambda U, step_size: ula(U, step_size, 1.0),
    "leimkuhler_matthews": lambda U, step_size: leimkuhler_matthews(U, step_size, 1.0),
}
takes_a_spring = pytest.mark.parametrize("make", TAKES_A_SPRING.values(), ids=TAKES_A_SPRING.keys())


@takes_a_spring
def test_an_unstable_step_is_warned_of(make):
    with pytest.warns(UserWarning, match="must be below 0.5 .* stiffness 4, got 0.5") as caught:
        make(Potential("a*x**2/2 + y**2 + x - 3", "x y", a=4.0), 0.5)
    assert caught[0].filename == __file__


@takes_a_spring
@pytest.mark.parametrize(
    "U, step_size",
    [
        (harmonic(4.0), 0.499),
        (harmonic(4.0), lambda k: 9.0),
        (double_well(), 9.0),
        (Potential("1 - cos(x)"), 9.0),
        (Potential("-x**2"), 9.0),
        (Potential("x*y", "x y"), 1.999),
        (free(), 9.0),
        (SimpleNamespace(grad=lambda x: 9 * x), 9.0),
    ],
)
def test_no_warning_where_nothing_is_known_or_wrong(make, U, step_size):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        make(U, step_size)
