"""Laws with inertia: by the Lyapunov equations of products of the motions, and by quadrature."""

import numpy as np
import pytest
from scipy import integrate, linalg

from langevin import exact


def motions(stiffness, step_size, friction, mass, temperature):
    """How A, B and O act on (x, p), and the covariance of O's noise, for one part of a step."""
    c = np.exp(-friction * step_size / mass)
    return {
        "A": np.array([[1.0, step_size / mass], [0.0, 1.0]]),
        "B": np.array([[1.0, 0.0], [-stiffness * step_size, 1.0]]),
        "O": np.diag([1.0, c]),
    }, np.diag([0.0, (1 - c**2) * mass * temperature])


def stationary(word, stiffness, step_size, friction, mass, temperature):
    """Stationary covariance of (x, p) under a splitting, letter by letter."""
    M, Q = np.eye(2), np.zeros((2, 2))
    for letter in word:
        part = step_size / word.count(letter)
        linear, noise = motions(stiffness, part, friction, mass, temperature)
        M, Q = linear[letter] @ M, linear[letter] @ Q @ linear[letter].T
        Q += noise if letter == "O" else 0
    return linalg.solve_discrete_lyapunov(M, Q)


WORDS = ["BAOAB", "ABOBA", "OABAO", "OBABO"]


def check_splitting(law, word, step_size, friction):
    kappa, m, T = 1.7, 0.6, 0.8
    covariance = stationary(word, kappa, step_size, friction, m, T)
    np.testing.assert_allclose(
        covariance, np.diag(law(word, kappa, step_size, T, m)), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("friction", [0.05, 1.3, 40.0])
@pytest.mark.parametrize("step_size", [0.1, 0.9])
def test_splittings_on_a_spring(word, friction, step_size):
    check_splitting(exact.harmonic_splitting_variances, word, step_size, friction)


law = exact.harmonic_splitting_variances
MUTANTS = {
    "no error": lambda word, k, h, T, m: (T / k, m * T),
    "the next word": lambda word, *rest: law(WORDS[WORDS.index(word) - 1], *rest),
    "half for a quarter": lambda word, k, h, T, m: law(word, k, np.sqrt(2) * h, T, m),
    "mass dropped": lambda word, k, h, T, m: law(word, k, h, T),
}


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("name", MUTANTS)
def test_splittings_reject(name, word):
    with pytest.raises(AssertionError):
        check_splitting(MUTANTS[name], word, 0.5, 1.3)


def test_three_quarters():
    x, p = exact.harmonic_splitting_variances("BAOAB", 1.0, 1.0, 1.0)
    assert (x, p) == (1.0, 0.75)


def test_leimkuhler_and_matthews_by_their_covariance():
    """State (x, last noise): x' = (1 - a) x + r (e + e') / 2, e' new."""
    kappa, tau, T = 1.7, 0.9, 0.6
    r = np.sqrt(2 * T * tau) / 2
    A, B = np.array([[1 - kappa * tau, r], [0, 0]]), np.array([[r], [1.0]])
    variance = linalg.solve_discrete_lyapunov(A, B @ B.T)[0, 0]
    assert exact.leimkuhler_matthews_variance(kappa, tau, T) == pytest.approx(variance, rel=1e-12)


def test_velocities_forget_as_the_continuum_does():
    """Half the second derivative of the free MSD; and its integral, the diffusion constant."""
    m, friction, T, h = 0.7, 1.3, 2.0, 1e-3
    t = np.array([0.5, 1.9])
    msd = [exact.free_msd(t + s, m, friction, T) for s in (-h, 0, h)]
    bend = (msd[0] - 2 * msd[1] + msd[2]) / h**2 / 2
    law = exact.velocity_autocorrelation(t, m, friction, T)
    np.testing.assert_allclose(law, bend, rtol=1e-5)
    np.testing.assert_allclose(exact.velocity_autocorrelation(-t, m, friction, T), law)
    total, _ = integrate.quad(exact.velocity_autocorrelation, 0, np.inf, args=(m, friction, T))
    assert total == pytest.approx(T / friction, rel=1e-9)
    assert exact.velocity_autocorrelation(0.0, m, friction, T) == pytest.approx(T / m)


# Work


@pytest.mark.parametrize("duration", [0.1, 1.0, 5.0])
def test_mean_work_by_the_equation_of_the_variance(duration):
    before, after, T, friction = 1.0, 4.0, 1.3, 0.7

    def rates(t, y):
        kappa = before + (after - before) * t / duration
        return [2 / friction * (T - kappa * y[0]), (after - before) / duration * y[0] / 2]

    end = integrate.solve_ivp(rates, (0, duration), [T / before, 0], rtol=1e-10, atol=1e-12).y
    ours = exact.spring_work(before, after, duration, T, friction)
    assert ours == pytest.approx(end[1, -1], rel=1e-6)


def test_work_between_a_jump_and_no_hurry():
    """Sudden: the energy rises at fixed x.  Slow: the free energy, a ratio of two partitions."""
    before, after, T = 1.0, 4.0, 1.3
    sudden = T / before * (after - before) / 2
    assert exact.spring_work(before, after, 0.0, T) == pytest.approx(sudden)
    partition = [
        integrate.quad(lambda x, k=k: np.exp(-k * x**2 / 2 / T), -np.inf, np.inf)[0]
        for k in (before, after)
    ]
    free_energy = exact.spring_free_energy(before, after, T)
    assert free_energy == pytest.approx(-T * np.log(partition[1] / partition[0]), rel=1e-9)
    assert exact.spring_work(before, after, 1e4, T) == pytest.approx(free_energy, rel=1e-3)
    work = [exact.spring_work(before, after, t, T) for t in (0.0, 0.1, 1.0, 10.0)]
    assert np.all(np.diff(work) < 0) and work[-1] > free_energy


def test_jarzynskis_equality_for_a_jump():
    """<exp(-W / T)> over the first equilibrium, by quadrature, is exp(-dF / T)."""
    before, after, T = 1.0, 4.0, 1.3
    density = lambda x: np.exp(-before * x**2 / 2 / T) * np.sqrt(before / (2 * np.pi * T))  # noqa: E731
    work = lambda x: (after - before) * x**2 / 2  # noqa: E731
    mean, _ = integrate.quad(lambda x: density(x) * np.exp(-work(x) / T), -np.inf, np.inf)
    assert -T * np.log(mean) == pytest.approx(exact.spring_free_energy(before, after, T))
    assert exact.spring_free_energy(1, 4, 1) == pytest.approx(0.6931, abs=5e-5)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: exact.harmonic_splitting_variances("BOB", 1, 1, 1), "one of BAOAB, ABOBA, .*'BOB"),
        (lambda: exact.harmonic_splitting_variances("BAOAB", 1, 2, 1), "= 2.0, got 2.0: beyond it"),
        (
            lambda: exact.harmonic_splitting_variances("BAOAB", 4, 9, 1, 9),
            r"= 3.0, got 9",
        ),
        (lambda: exact.harmonic_splitting_variances("BAOAB", 1, 1, 1, -1), "mass must be positive"),
        (lambda: exact.leimkuhler_matthews_variance(1, 2.5, 1), "below 2 / stiffness = 2.0"),
        (lambda: exact.velocity_autocorrelation(np.nan, 1, 1, 1), "t must be finite"),
        (lambda: exact.spring_work(1, 4, -1, 1), "duration must be zero or positive, got -1"),
        (lambda: exact.spring_free_energy(0, 4, 1), "stiffness_before must be positive, got 0"),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
