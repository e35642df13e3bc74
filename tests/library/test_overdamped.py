"""The book's line: identities, affine maps, orders, statistics, and mutants that must fail."""

from math import sqrt

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
from langevin.overdamped import langevin


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


# Orders


def slope(steps, errors):
    return np.polyfit(np.log(steps), np.log(np.abs(errors)), 1)[0]


def test_strong_order_is_one_for_additive_noise(rng):
    """Coarse and fine steps along the same Brownian paths, on a pendulum.

    The fitted order scatters by 0.02, so 0.15 is seven sigmas; order 1/2 is 25 sigmas away.
    """
    finest, n_fine, T = 2.0**-11, 2**11, 0.5
    pendulum = Potential("1 - cos(x)")
    noise = rng.standard_normal((n_fine, 400, 1))

    def end(merged):
        kernel = ula(pendulum, finest * merged, T)
        coarse = noise.reshape(-1, merged, 400, 1).sum(axis=1) / sqrt(merged)
        state, script = kernel.init(np.zeros((400, 1))), Scripted(*coarse)
        for _ in coarse:
            state = kernel.step(state, script)
        return state.x

    reference = end(1)
    merges = [16, 32, 64, 128]
    errors = [np.abs(end(m) - reference).mean() for m in merges]
    # the reference has an error of its own, of the first order too
    assert abs(slope(np.array(merges) - 1.0, errors) - 1) < 0.15


def test_weak_order_is_one_by_quadrature():
    """The stationary state of the kernel's own transition density on a grid, no Monte Carlo."""
    well, T = double_well(tilt=0.15), 0.5
    grid = np.linspace(-2.6, 2.6, 521)[:, None]
    boltzmann = np.exp(-well(grid) / T)
    truth = (grid[:, 0] ** 2 * boltzmann).sum() / boltzmann.sum()
    steps, biases = [0.02, 0.01, 0.005], []
    for tau in steps:
        kernel = ula(well, tau, T)
        mean, above = (
            kernel.step(kernel.init(grid), Scripted(np.full(grid.shape, xi))).x for xi in (0.0, 1.0)
        )
        transition = np.exp(-(((grid.T - mean) / (above - mean)) ** 2) / 2)
        transition /= transition.sum(axis=1, keepdims=True)
        values, vectors = np.linalg.eig(transition.T)
        p = np.abs(np.real(vectors[:, np.argmax(np.real(values))]))
        biases.append((grid[:, 0] ** 2 * p).sum() / p.sum() - truth)
    assert abs(slope(steps, biases) - 1) < 0.1


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
