"""Metropolis kernels: detailed balance to rounding, exact rates of acceptance, and mutants."""

from math import sqrt

import numpy as np
import pytest
from library_checks import assert_close_sigma, assert_gaussian_variance, assert_mean
from scipy import optimize, stats

from langevin import Kernel, Potential, double_well, harmonic, simulate, trajectory, ula
from langevin.gradients import exact
from langevin.metropolis import MetropolisState, hmc, mala, random_walk
from langevin.underdamped import PhaseState, splitting

TAU, T = 0.3, 0.7
U = Potential("(x**2 - 1)**2 + y**2/2 + x*y/4", "x y")
WELL = double_well(tilt=0.15)


class Proposal:
    """A generator that proposes given moves and accepts at given costs."""

    def __init__(self, xi, cost):
        self.xi, self.cost = xi, cost

    def standard_normal(self, shape):
        return self.xi

    def standard_exponential(self, shape):
        return self.cost


def acceptance(kernel, x, xi):
    """The probability alpha of each move, found from outside: where the answer turns."""
    state = kernel.init(x)
    # a move is accepted if an exponential number is above -log alpha
    low, high = np.full(len(x), -1e-9), np.full(len(x), 50.0)
    for _ in range(70):
        middle = (low + high) / 2
        moved = kernel.step(state, Proposal(xi, middle)).accepted == 1
        low, high = np.where(moved, low, middle), np.where(moved, middle, high)
    return np.exp(-np.maximum(high, 0.0))


# Detailed balance


def check_detailed_balance(method, with_force):
    """pi(x) q(x -> y) alpha(x -> y) is the same from y to x, for pairs that were drawn before."""
    pairs = np.random.default_rng(11).uniform(-1.3, 1.3, (2, 40, 2))
    kernel = method(U, TAU, T)

    def flow(x, y):
        mean = x - TAU * U.grad(x) if with_force else x
        xi = (y - mean) / sqrt(2 * TAU * T)
        density = np.exp(-U(x) / T - (xi * xi).sum(axis=1) / 2)
        return density * acceptance(kernel, x, xi)

    x, y = pairs
    np.testing.assert_allclose(flow(x, y), flow(y, x), rtol=0, atol=1e-15)
    assert np.any(flow(x, y) > 0.01)


METHODS = {"random_walk": (random_walk, False), "mala": (mala, True)}
methods = pytest.mark.parametrize("method, with_force", METHODS.values(), ids=METHODS.keys())


def four_leaps(U, step_size, temperature):
    """Hamiltonian Monte Carlo with the step of the others in the place of its own."""
    return hmc(U, sqrt(2 * step_size), temperature, n_leaps=4)


SAMPLERS = METHODS | {"hmc": (four_leaps, True)}
samplers = pytest.mark.parametrize("method, with_force", SAMPLERS.values(), ids=SAMPLERS.keys())


@methods
def test_detailed_balance(method, with_force):
    check_detailed_balance(method, with_force)


def mutant(force=0.0, cost=lambda energies, xi, back: energies, inverse_T=1 / T):
    """A wrong method: its cost from the rise of energy over T and the noise there and back."""

    def wrong(U, step_size, temperature):
        width = sqrt(2 * step_size * temperature)

        def step(state, rng):
            x, k, energy, accepted, _ = state
            xi = rng.standard_normal(x.shape)
            y = x - force * step_size * U.grad(x) + width * xi
            back = (x - y + force * step_size * U.grad(y)) / width
            rise = (U(y) - energy) * inverse_T
            there, home = ((a * a).sum(axis=1) / 2 for a in (xi, back))
            move = rng.standard_exponential(energy.shape) > cost(rise, there, home)
            return MetropolisState(
                np.where(move[:, None], y, x), k + 1, np.where(move, U(y), energy), accepted + move
            )

        return Kernel(lambda x: MetropolisState(x, 0, U(x), np.zeros(len(x), int)), step)

    return wrong


MUTANTS = {
    "always yes": (mutant(cost=lambda rise, there, back: 0 * rise - 1), False),
    "downhill refused": (mutant(cost=lambda rise, there, back: -rise), False),
    "uphill never": (mutant(cost=lambda rise, there, back: 1e9 * rise), False),
    "temperature dropped": (mutant(inverse_T=1.0), False),
    "temperature upside down": (mutant(inverse_T=T), False),
    "way back forgotten": (mutant(1.0), True),
    "way back with the wrong sign": (
        mutant(1.0, lambda rise, there, back: rise + there - back),
        True,
    ),
    "ways without the half": (
        mutant(1.0, lambda rise, there, back: rise + 2 * (back - there)),
        True,
    ),
}


def test_the_mutants_frame_is_right():
    check_detailed_balance(mutant(), False)
    check_detailed_balance(mutant(1.0, lambda rise, there, back: rise + back - there), True)


@pytest.mark.parametrize("method, with_force", MUTANTS.values(), ids=MUTANTS.keys())
def test_detailed_balance_rejects(method, with_force):
    with pytest.raises(AssertionError):
        check_detailed_balance(method, with_force)


# Hamiltonian Monte Carlo: balance of positions and momenta together


LEAPS, DT, MASS = 3, 0.4, 1.7


def rolled(x, p):
    """Where Verlet's method of the library takes positions and momenta."""
    verlet = splitting("BAB", exact(U), DT, 0.0, 0.0, MASS)
    state = PhaseState(x, p)
    for _ in range(LEAPS):
        state = verlet.step(state, None)
    return state.x, state.p


def check_hmc(hmc):
    """A move is Verlet's; from its end with the momenta turned round it leads back as often."""
    x, p = np.random.default_rng(11).uniform(-1.3, 1.3, (2, 40, 2))
    kernel = hmc(U, DT, T, LEAPS, MASS)
    y, q = rolled(x, p)

    def flow(x, p):
        xi = p / sqrt(MASS * T)
        weight = np.exp(-U(x) / T - (xi * xi).sum(axis=1) / 2)
        return weight * acceptance(kernel, x, xi)

    proposed = kernel.step(kernel.init(x), Proposal(p / sqrt(MASS * T), 99.0)).x
    np.testing.assert_allclose(proposed, y, rtol=1e-12)
    np.testing.assert_allclose(flow(x, p), flow(y, -q), rtol=0, atol=1e-13)
    assert np.any(flow(x, p) > 0.01)
    assert np.any(acceptance(kernel, x, p / sqrt(MASS * T)) < 0.95)


def test_hmc_moves_as_verlet_and_balances():
    check_hmc(hmc)


def wrong_hmc(kinetic=1.0, heat=1.0, energies=1.0, force=1.0, drift=1.0, leaps=0):
    def wrong(U, step_size, temperature, n_leaps, mass):
        h, m = step_size, mass

        def step(state, rng):
            x, k, energy, accepted, _ = state
            p = sqrt(heat * m * temperature) * rng.standard_normal(x.shape)
            y, q = x, p
            for _ in range(n_leaps + leaps):
                q = q - force * h / 2 * U.grad(y)
                y = y + drift * h / m * q
                q = q - force * h / 2 * U.grad(y)
            rise = energies * (U(y) - energy)
            rise = rise + kinetic * ((q * q).sum(axis=1) - (p * p).sum(axis=1)) / (2 * m)
            move = rng.standard_exponential(energy.shape) > rise / temperature
            return MetropolisState(
                np.where(move[:, None], y, x), k + 1, np.where(move, U(y), energy), accepted + move
            )

        return Kernel(lambda x: MetropolisState(x, 0, U(x), np.zeros(len(x), int)), step)

    return wrong


HMC_MUTANTS = {
    "potential energy alone": wrong_hmc(kinetic=0.0),
    "kinetic energy upside down": wrong_hmc(kinetic=-1.0),
    "never refused": wrong_hmc(kinetic=0.0, energies=0.0),
    "p^2 / m": wrong_hmc(kinetic=2.0),
    "momenta of another bath": wrong_hmc(heat=0.5),
    "half the force": wrong_hmc(force=0.5),
    "uphill": wrong_hmc(force=-1.0),
    "no mass in the drift": wrong_hmc(drift=MASS),
    "one leap too many": wrong_hmc(leaps=1),
}


def test_the_frame_of_the_wrong_hmc_is_right():
    check_hmc(wrong_hmc())


@pytest.mark.parametrize("name", HMC_MUTANTS)
def test_hmc_rejects(name):
    with pytest.raises(AssertionError):
        check_hmc(HMC_MUTANTS[name])


def test_hmc_of_one_leap_is_mala_draw_for_draw():
    dt, mass = 0.5, 1.7
    x0 = np.random.default_rng(1).uniform(-1, 1, (200, 2))
    ends = [
        simulate(kernel, x0, 30, np.random.default_rng(2))
        for kernel in (hmc(U, dt, T, 1, mass), mala(U, dt**2 / (2 * mass), T))
    ]
    np.testing.assert_allclose(ends[0].x, ends[1].x, rtol=1e-10)
    assert np.array_equal(ends[0].accepted, ends[1].accepted)
    assert ends[0].accepted.min() < 30


def test_hmc_asks_one_gradient_for_each_leap():
    asked = []

    class Counted:
        __call__ = staticmethod(U.__call__)

        @staticmethod
        def grad(x):
            asked.append(x)
            return U.grad(x)

    simulate(hmc(Counted(), DT, T, LEAPS), np.zeros((3, 2)), 10, np.random.default_rng(1))
    assert len(asked) == 1 + 10 * LEAPS


def test_a_leap_too_long_for_a_spring_is_warned_of():
    with pytest.warns(UserWarning, match="must be below 1 to be stable .* 4, got 1.1") as caught:
        hmc(harmonic(4.0), 1.1, T, 3)
    assert caught[0].filename == __file__


# Rates of acceptance


def exact_acceptance(method, step_size, dim):
    """The stationary rate for a unit Gaussian in `dim` directions at temperature 1, exactly.

    Of all moves, those there are made as often as those back, so the rate is twice the chance
    that a move costs nothing.  For a Gaussian the cost is a multiple of |y|^2 - |x|^2: with
    y = a x + s xi it is a difference of two chi-square numbers, whose weights are the
    eigenvalues of a 2 x 2 matrix, and F tells the chance that it is negative.
    """
    a = 1.0 if method is random_walk else 1 - step_size
    s = sqrt(2 * step_size)
    low, high = np.linalg.eigvalsh([[a * a - 1, a * s], [a * s, s * s]])
    return 2 * stats.f.cdf(-low / high, dim, dim)


N_WALKERS = 40_000


@methods
@pytest.mark.parametrize("dim", [1, 5])
def test_rate_of_acceptance(method, with_force, dim, rng):
    """Walkers of their own, from the stationary state; each moves once."""
    step_size = 0.8
    x0 = rng.standard_normal((N_WALKERS, dim))
    end = simulate(method(harmonic(dim=dim), step_size, 1.0), x0, 1, rng)
    p = exact_acceptance(method, step_size, dim)
    assert_close_sigma(end.accepted.mean(), p, sqrt(p * (1 - p) / N_WALKERS))


@pytest.mark.parametrize("method, power, best", [(random_walk, 1.0, 0.2338), (mala, 1 / 3, 0.5742)])
def test_the_best_rates_of_roberts_and_rosenthal(method, power, best):
    """Which rate goes with the longest mean square jump, in a great many directions."""
    dim = 10**7

    def step_size(length):
        return length**2 / 2 / dim**power

    jump = optimize.minimize_scalar(
        lambda length: -step_size(length) * exact_acceptance(method, step_size(length), dim),
        bounds=(0.5, 5.0),
        method="bounded",
        options={"xatol": 1e-7},
    )
    assert abs(exact_acceptance(method, step_size(jump.x), dim) - best) < 1e-4


# The stationary state, and the limit of short steps


@samplers
def test_the_stationary_state_is_boltzmann(method, with_force, rng):
    """Steps so long that Langevin dynamics alone is off by a factor of two."""
    x0 = rng.standard_normal((N_WALKERS, 1)) * sqrt(T / 2)
    x = simulate(method(harmonic(2.0), 0.5, T), x0, 20, rng).x
    assert_mean(x, 0.0)
    assert_gaussian_variance(x, 0.0, T / 2)
    unadjusted = simulate(ula(harmonic(2.0), 0.5, T), x0, 20, rng).x
    assert np.all(unadjusted.var(axis=0) > 1.9 * T / 2)


@methods
def test_short_steps_are_langevin_dynamics(method, with_force):
    """Mean and variance of a move, by quadrature over the noise; nobody computes a force."""
    x, tau = 0.4, 1e-6
    nodes = (np.arange(4000) + 0.5) / 4000
    xi = stats.norm.ppf(nodes)[:, None]
    start = np.full(xi.shape, x)
    kernel = method(WELL, tau, T)
    moves = (
        acceptance(kernel, start, xi)
        * (kernel.step(kernel.init(start), Proposal(xi, 99.0)).x - x)[:, 0]
    )
    assert moves.mean() == pytest.approx(-tau * WELL.grad(x), rel=0.01)
    assert (moves**2).mean() == pytest.approx(2 * tau * T, rel=0.01)


# The state


@samplers
def test_the_state_keeps_what_it_says(method, with_force, rng):
    kernel = method(U, TAU, T)
    x = rng.uniform(-1, 1, (50, 2))
    state, accepted = kernel.init(x), np.zeros(50, int)
    for _ in range(5):
        before, state = state, kernel.step(state, rng)
        accepted = accepted + np.any(state.x != before.x, axis=1)
        assert np.array_equal(state.accepted, accepted)
        assert np.array_equal(state.energy, U(state.x))
        if with_force:
            assert np.array_equal(state.gradient, U.grad(state.x))
    assert state.k == 5 and 0 < accepted.sum() < 250


@samplers
def test_trajectory_on_floats(method, with_force):
    kernel = method(WELL, 0.1, T)
    path = trajectory(kernel, 0.7, 200, np.random.default_rng(9))
    record = simulate(kernel, [[0.7]], 200, np.random.default_rng(9), observe=lambda state: state.x)
    np.testing.assert_allclose(path, record[:, 0, 0], rtol=1e-12)


@methods
def test_falling_temperature_is_annealing(method, with_force, rng):
    """At the end T is 2e-5, and slopes of sqrt(T U'') = 0.013 are usual: 0.2 is 15 times that."""
    kernel = method(WELL, 0.1, lambda k: 0.5 * 0.99**k)
    x = simulate(kernel, rng.uniform(-2, 2, (500, 1)), 1000, rng).x
    assert np.abs(WELL.grad(x)).max() < 0.2


# Bad input


@methods
@pytest.mark.parametrize(
    "change, kind, words",
    [
        (dict(step_size=0), ValueError, "step_size must be positive, got 0"),
        (dict(temperature=0), ValueError, "temperature must be positive, got 0"),
        (dict(temperature=-1.0), ValueError, "temperature must be positive, got -1.0"),
        (dict(U=3.0), TypeError, "U must be a potential, got 3.0; langevin.potentials has some"),
    ],
)
def test_bad_input_gets_a_sentence(method, with_force, change, kind, words):
    with pytest.raises(kind, match=words):
        method(**(dict(U=WELL, step_size=0.1, temperature=1.0) | change))


def test_mala_needs_a_gradient():
    with pytest.raises(TypeError, match=r"U must have a method grad\(x\)"):
        mala(lambda x: x[:, 0], 0.1, 1.0)
