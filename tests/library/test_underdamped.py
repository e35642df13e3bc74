"""Words over A, B and O: affine maps, identities, orders, and mutants that must fail."""

import warnings
from math import exp, log, sqrt

import numpy as np
import pytest
from library_checks import Scripted, assert_gaussian_variance, assert_mean
from scipy.linalg import solve_discrete_lyapunov

from langevin import Kernel, Potential, double_well, gradient_descent, harmonic, position, simulate
from langevin.gradients import exact, noisy, zero
from langevin.optimizers import chebyshev
from langevin.overdamped import NoisyState, leimkuhler_matthews
from langevin.underdamped import (
    PhaseState,
    aboba,
    baoab,
    heavy_ball,
    obabo,
    splitting,
    thermal,
)

DT, T, FRICTION, MASS = 0.4, 0.7, 1.3, 2.0
# Springs that are coupled: nothing may depend on the axes
U = Potential("x**2 + y**2/2 + x*y/4", "x y")
K = np.array([[2.0, 0.25], [0.25, 1.0]])
WELL = double_well(tilt=0.15)
START = np.linspace(-1.5, 1.5, 9)[:, None]


def read_affine(kernel, n_noises, dim=2):
    """Read A and B off one step (x, p)' = A (x, p) + B (xi_1, ..., xi_n)."""
    # row 0 is the origin, row i the i-th unit vector
    rows = np.vstack([np.zeros((2 + n_noises) * dim), np.eye((2 + n_noises) * dim)])
    x, p, *noises = np.split(rows, 2 + n_noises, axis=1)
    state = kernel.step(kernel.init(x)._replace(p=p), Scripted(*noises))
    answers = np.hstack([state.x, state.p])
    columns = (answers[1:] - answers[0]).T
    return columns[:, : 2 * dim], columns[:, 2 * dim :]


def covariance(kernel, n_noises, dim=2):
    """The stationary covariance, in blocks: of x, of x with p, and of p."""
    A, B = read_affine(kernel, n_noises, dim)
    sigma = solve_discrete_lyapunov(A, B @ B.T)
    return sigma[:dim, :dim], sigma[:dim, dim:], sigma[dim:, dim:]


# Stationary state on springs


BOLTZMANN = T * np.linalg.inv(K)
MAXWELL = MASS * T * np.eye(2)
FACTOR = np.eye(2) - K * DT**2 / (4 * MASS)
LAWS = {
    "BAOAB": (BOLTZMANN, MAXWELL @ FACTOR),
    "ABOBA": (BOLTZMANN, MAXWELL @ np.linalg.inv(FACTOR)),
    "OBABO": (BOLTZMANN @ np.linalg.inv(FACTOR), MAXWELL),
}
words = pytest.mark.parametrize("word", LAWS)


def check_stationary(splitting, word):
    kernel = splitting(word, exact(U), DT, T, FRICTION, MASS)
    for_x, for_p = LAWS[word]
    xx, xp, pp = covariance(kernel, word.count("O"))
    np.testing.assert_allclose(xx, for_x, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(pp, for_p, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(xp, 0, atol=1e-13)


def check_one_step(splitting):
    """Every letter by hand, on one spring: friction, force and noise each where it belongs."""
    kernel = splitting("OBA", exact(harmonic(1.5)), DT, T, FRICTION, MASS)
    A, B = read_affine(kernel, 1, dim=1)
    c = exp(-FRICTION * DT / MASS)
    p = np.array([-DT * 1.5, c])
    np.testing.assert_allclose(A, [np.array([1, 0]) + DT / MASS * p, p], rtol=1e-13)
    kick = sqrt(MASS * T * (1 - c * c))
    np.testing.assert_allclose(B, [[DT / MASS * kick], [kick]], rtol=1e-13)


@words
def test_stationary(word):
    check_stationary(splitting, word)


def test_one_step():
    check_one_step(splitting)


@pytest.mark.parametrize("mass", [{}, {"mass": 1.0}, {"mass": MASS}], ids=["none", "1", "other"])
@pytest.mark.parametrize("make", [baoab, aboba, obabo])
def test_names_are_words(make, mass):
    word = make.__name__.upper()
    one = make(U, DT, T, FRICTION, **mass)
    other = splitting(word, exact(U), DT, T, FRICTION, **{"mass": 1.0} | mass)
    paths = (
        simulate(kernel, np.ones((5, 2)), 20, np.random.default_rng(3), observe=position)
        for kernel in (one, other)
    )
    assert np.array_equal(*paths)


def mutant(drift=1.0, force=1.0, decay=None, noise=None, share=True):
    """A wrong splitting."""
    decay = decay or (lambda h, friction, m: exp(-friction * h / m))
    noise = noise or (lambda c, m, T: sqrt((1 - c * c) * m * T))

    def wrong(word, grad, step_size, temperature, friction, mass):
        h = {letter: step_size / (word.count(letter) if share else 1) for letter in word}

        def step(state, rng):
            x, p, k, _ = state
            for letter in word:
                if letter == "A":
                    x = x + drift * h["A"] * p / mass
                elif letter == "B":
                    p = p - force * h["B"] * grad(x, rng)
                else:
                    c = decay(h["O"], friction, mass)
                    p = c * p + noise(c, mass, temperature) * rng.standard_normal(x.shape)
            return PhaseState(x, p, k + 1)

        return Kernel(lambda x: PhaseState(x, 0 * x), step)

    return wrong


MUTANTS = {
    "sign of the force": mutant(force=-1),
    "half the force": mutant(force=0.5),
    "double drift": mutant(drift=2),
    "whole steps each": mutant(share=False),
    "half the noise variance": mutant(noise=lambda c, m, T: sqrt((1 - c * c) * m * T / 2)),
    "1 - c": mutant(noise=lambda c, m, T: sqrt((1 - c) * m * T)),
    "mass dropped from the noise": mutant(noise=lambda c, m, T: sqrt((1 - c * c) * T)),
    "temperature outside the root": mutant(noise=lambda c, m, T: T * sqrt((1 - c * c) * m)),
    "root forgotten": mutant(noise=lambda c, m, T: (1 - c * c) * m * T),
    "noise of a velocity": mutant(noise=lambda c, m, T: sqrt((1 - c * c) * T / m)),
}
KINETIC_MUTANTS = {
    "mass dropped from the friction": mutant(decay=lambda h, friction, m: exp(-friction * h)),
    "friction on energy": mutant(decay=lambda h, friction, m: exp(-2 * friction * h / m)),
    "friction by Euler": mutant(decay=lambda h, friction, m: 1 - friction * h / m),
}


def test_the_mutants_frame_is_right():
    check_stationary(mutant(), "BAOAB")
    check_one_step(mutant())


@words
@pytest.mark.parametrize("name", MUTANTS)
def test_stationary_rejects(name, word):
    with pytest.raises((AssertionError, np.linalg.LinAlgError)):
        check_stationary(MUTANTS[name], word)


@pytest.mark.parametrize("name", KINETIC_MUTANTS)
def test_one_step_rejects(name):
    """A wrong friction with the right noise for it has the right stationary state."""
    check_stationary(KINETIC_MUTANTS[name], "BAOAB")
    with pytest.raises(AssertionError):
        check_one_step(KINETIC_MUTANTS[name])


def test_the_bath_is_solved_exactly():
    """Two halves of O are one whole, to rounding, in mean and in variance."""
    one, two = (
        read_affine(splitting(word, zero, DT, T, FRICTION, MASS), word.count("O"), dim=1)
        for word in ("ABO", "ABOO")
    )
    np.testing.assert_allclose(one[0], two[0], rtol=1e-14)
    np.testing.assert_allclose(*(B[1] @ B[1] for _, B in (one, two)), rtol=1e-14)


# Identities


def same_path(one, two, start, other_start=None, n_steps=50):
    starts = start, start if other_start is None else other_start
    paths = (
        simulate(kernel, x0, n_steps, np.random.default_rng(2), observe=position)
        for kernel, x0 in zip((one, two), starts, strict=True)
    )
    np.testing.assert_allclose(*paths, rtol=1e-12, atol=1e-13)


def test_the_heavy_ball_is_oba_at_temperature_zero():
    friction, mass, dt = 0.8, 1.7, 0.15
    mechanics = splitting("OBA", exact(WELL), dt, 0.0, friction, mass)
    learning = heavy_ball(exact(WELL), step_size=dt**2 / mass, momentum=exp(-friction * dt / mass))
    same_path(mechanics, learning, START)


def test_any_heavy_ball_is_some_oba():
    eta, beta = 0.03, 0.9
    mechanics = splitting("OBA", exact(WELL), sqrt(eta), 0.0, -log(beta) / sqrt(eta))
    same_path(mechanics, heavy_ball(exact(WELL), eta, beta), START)


def test_the_heavy_ball_is_semi_implicit_euler():
    """m v' = -lambda v - U', with the friction of the old velocity: beta = 1 - lambda dt / m."""
    friction, mass, dt = 0.8, 1.7, 0.15
    x, v, path = START, 0 * START, [START]
    for _ in range(50):
        v = v - dt / mass * (friction * v + WELL.grad(x))
        x = x + dt * v
        path.append(x)
    kernel = heavy_ball(exact(WELL), dt**2 / mass, 1 - friction * dt / mass)
    record = simulate(kernel, START, 50, np.random.default_rng(1), observe=position)
    np.testing.assert_allclose(record, path, rtol=1e-12, atol=1e-13)


def test_a_ball_whose_momentum_has_a_schedule():
    """Polyak's own two steps back, with coefficients that change."""

    def eta(k):
        return 0.03 / (1 + 0.1 * k)

    def beta(k):
        return k / (k + 3)

    x, old, path = START, START, [START]
    for k in range(50):
        x, old = x - eta(k) * WELL.grad(x) + beta(k) * (x - old), x
        path.append(x)
    kernel = heavy_ball(exact(WELL), eta, beta)
    record = simulate(kernel, START, 50, np.random.default_rng(1), observe=position)
    np.testing.assert_allclose(record, path, rtol=1e-12, atol=1e-13)
    same_path(
        heavy_ball(exact(WELL), 0.03, lambda k: 0.9), heavy_ball(exact(WELL), 0.03, 0.9), START
    )


def test_chebyshevs_iteration_is_a_heavy_ball_with_two_schedules():
    mu, L = np.linalg.eigvalsh(K)
    q = (sqrt(L) - sqrt(mu)) / (sqrt(L) + sqrt(mu))
    best = 4 / (sqrt(L) + sqrt(mu)) ** 2
    ball = heavy_ball(
        exact(U),
        lambda k: best * (1 + q ** (2 * k)) / (1 + q ** (2 * k + 2)) / (1 if k else 2),
        lambda k: (q**2 + q ** (2 * k)) / (1 + q ** (2 * k + 2)) if k else 0.0,
    )
    same_path(ball, chebyshev(exact(U), mu, L), np.ones((3, 2)), n_steps=20)


def test_a_ball_whose_momentum_grows_to_one_is_caught():
    kernel = heavy_ball(zero, 0.1, lambda k: k / 2)
    with pytest.raises(ValueError, match=r"momentum\(2\) must be below 1, got 1\.0"):
        simulate(kernel, START, 3, np.random.default_rng(1))


def test_a_ball_without_momentum_descends():
    same_path(heavy_ball(exact(WELL), 0.05, 0.0), gradient_descent(WELL, 0.05), START)


def test_baoab_at_infinite_friction_is_leimkuhler_matthews(rng):
    dt, mass = 0.3, 1.7
    inertial = baoab(WELL, dt, T, friction=1e8, mass=mass)
    massless = leimkuhler_matthews(WELL, dt**2 / (2 * mass), T)
    xi = rng.standard_normal(START.shape)
    p = sqrt(mass * T) * xi - dt / 2 * WELL.grad(START)
    same_path(inertial, massless, PhaseState(START, p), NoisyState(START, 0, xi))


def test_a_schedule_is_its_number():
    one = splitting("BAOAB", exact(WELL), lambda k: 0.1, lambda k: T, 1.0)
    same_path(one, baoab(WELL, 0.1, T, 1.0), START)


# The oracle, and other properties of a step


@pytest.mark.parametrize(
    "word, calls",
    dict(BAOAB=11, OBABO=11, BAB=11, ABOBA=10, ABA=10, OBA=10, BABAO=20, ABABA=20).items(),
)
def test_the_gradient_is_asked_once_for_each_place(word, calls):
    asked = []

    def grad(x, rng):
        asked.append(x)
        return WELL.grad(x)

    friction = 1.0 if "O" in word else 0.0
    state = simulate(splitting(word, grad, 0.1, 1.0, friction), START, 10, np.random.default_rng(1))
    assert len(asked) == calls
    if word.endswith("B"):
        assert np.array_equal(state.gradient, WELL.grad(state.x))


def test_no_noise_is_drawn_at_temperature_zero():
    kernel = baoab(WELL, 0.1, 0.0, 1.0)
    assert np.all(np.isfinite(kernel.step(kernel.init(START), None).x))


def test_thermal_momenta(rng):
    state = thermal(np.zeros((40_000, 2)), T, rng, MASS)
    assert state.k == 0 and np.all(state.x == 0)
    assert_mean(state.p, 0.0)
    assert_gaussian_variance(state.p, 0.0, MASS * T)


def test_heavy_ball_in_noise():
    """Stationary variance with a noisy gradient, by the discrete Lyapunov equation."""
    h, s, eta, beta = 1.7, 0.9, 0.4, 0.8
    xx, _, _ = covariance(heavy_ball(noisy(harmonic(h), s), eta, beta), 1, dim=1)
    law = eta * s**2 * (1 + beta) / ((1 - beta) * h * (2 * (1 + beta) - eta * h))
    np.testing.assert_allclose(xx, law, rtol=1e-12)
    small = 1e-6
    xx, _, _ = covariance(heavy_ball(noisy(harmonic(h), s), small, beta), 1, dim=1)
    np.testing.assert_allclose(h * xx, small * s**2 / (2 * (1 - beta)), rtol=1e-5)


@pytest.mark.parametrize("word", ["BAOAB", "ABOBA", "OBABO"])
def test_stability_ends_where_the_warning_says(word):
    limit = 2 * sqrt(MASS / 1.5)
    for dt, stable in [(0.999 * limit, True), (1.001 * limit, False)]:
        kernel = splitting(word, exact(harmonic(1.5)), dt, T, FRICTION, MASS)
        A, _ = read_affine(kernel, word.count("O"), dim=1)
        assert (np.abs(np.linalg.eigvals(A)).max() < 1) == stable


def test_heavy_ball_is_stable_below_its_limit():
    limit = 2 * (1 + 0.8) / 1.5
    for eta, stable in [(0.999 * limit, True), (1.001 * limit, False)]:
        A, _ = read_affine(heavy_ball(exact(harmonic(1.5)), eta, 0.8), 0, dim=1)
        assert (np.abs(np.linalg.eigvals(A)).max() < 1) == stable


# Bad input


GOOD = dict(grad=zero, step_size=0.1, temperature=1.0, friction=1.0)
BAD_WORDS = {
    "a C": (dict(word="BACOB"), ValueError, "letters A, B and O.*got 'BACOB'; such as 'BAOAB'"),
    "no A": (dict(word="BOB"), ValueError, "at least one A and one B, got 'BOB'"),
    "no B": (dict(word="AOA"), ValueError, "at least one A and one B, got 'AOA'"),
    "no word": (dict(word=3), ValueError, "got 3"),
    "lower case": (dict(word="baoab"), ValueError, "got 'baoab'"),
    "friction, no O": (dict(word="BAB"), ValueError, "no O, so friction must be 0, got 1.0"),
    "step": (dict(step_size=0.0), ValueError, "step_size must be positive, got 0.0"),
    "cold": (dict(temperature=-1), ValueError, "temperature must be zero or positive, got -1"),
    "friction": (dict(friction=-2.0), ValueError, "friction must be zero or positive, got -2.0"),
    "mass": (dict(mass=-1.0), ValueError, "mass must be positive, got -1.0"),
    "massless": (dict(mass=0.0), ValueError, "mass must be positive, got 0.0"),
    "potential": (dict(grad=U), TypeError, r"grad must be an oracle.*exact\(U\)"),
}


@pytest.mark.parametrize("change, kind, words", BAD_WORDS.values(), ids=BAD_WORDS.keys())
def test_bad_words_get_a_sentence(change, kind, words):
    with pytest.raises(kind, match=words):
        splitting(**(dict(word="BAOAB") | GOOD | change))


@pytest.mark.parametrize("beta", [-0.1, 1.0, float("nan")])
def test_bad_momentum_gets_a_sentence(beta):
    with pytest.raises(ValueError, match=f"momentum must be .*{beta}"):
        heavy_ball(zero, 0.1, beta)


@pytest.mark.parametrize(
    "change, kind, words",
    [
        (dict(x=np.zeros(3)), ValueError, r"x must have shape \(n_particles, dim\)"),
        (dict(temperature=-1.0), ValueError, "temperature must be zero or positive, got -1.0"),
        (dict(mass=0.0), ValueError, "mass must be positive, got 0.0"),
        (dict(rng=1), TypeError, "rng must be a numpy.random.Generator, got 1"),
    ],
)
def test_bad_baths_get_a_sentence(change, kind, words):
    good = dict(x=START, temperature=1.0, rng=np.random.default_rng(1))
    with pytest.raises(kind, match=words):
        thermal(**(good | change))


@pytest.mark.parametrize("make", [baoab, aboba, obabo])
def test_an_unstable_step_is_warned_of(make):
    spring = harmonic(4.0, dim=2)
    with pytest.warns(UserWarning, match=r"must be below 1.5 .* stiffness 4, got 1.5") as caught:
        make(spring, 1.5, T, FRICTION, mass=2.25)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        make(spring, 1.499, T, FRICTION, mass=2.25)
