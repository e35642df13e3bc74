"""Observables: against brute force, exact series, and for the honesty of their error bars."""

import itertools

import numpy as np
import pytest
from library_checks import Scripted, assert_close_sigma, assert_mean, threshold

from langevin.observables import (
    autocorrelation,
    block_error,
    blocking,
    displacements,
    histogram,
    integrated_time,
    kinetic_temperature,
    msd,
    quadratic_variation,
)
from langevin.potentials import harmonic
from langevin.underdamped import PhaseState, baoab, thermal


@pytest.fixture
def walks(rng):
    return rng.standard_normal((40, 6, 2)).cumsum(axis=0)


def test_msd_is_its_double_sum(walks):
    value, error = msd(walks, [0, 1, 7, 39])
    for lag, v, e in zip([0, 1, 7, 39], value, error, strict=True):
        each = [
            np.mean([((w[t + lag] - w[t]) ** 2).sum() for t in range(40 - lag)])
            for w in walks.transpose(1, 0, 2)
        ]
        np.testing.assert_allclose(v, np.mean(each), rtol=1e-12)
        np.testing.assert_allclose(e, np.std(each, ddof=1) / np.sqrt(6), rtol=1e-12, atol=1e-15)


def test_msd_of_a_random_walk_grows_by_its_step_variance(rng):
    lags = np.array([1, 5, 20])
    value, error = msd(rng.standard_normal((60, 3000, 2)).cumsum(axis=0), lags)
    assert_close_sigma(value, 2 * lags, error, dof=2999)


def test_msd_errors_are_as_large_as_the_scatter(rng):
    """The pulls of many repetitions have variance 1; 20 % too small or large an error fails."""
    paths = rng.standard_normal((30, 400 * 50, 1)).cumsum(axis=0).reshape(30, 400, 50, 1)
    estimates = [msd(paths[:, i], [3]) for i in range(400)]
    pulls = np.array([(value[0] - 3) / error[0] for value, error in estimates])
    assert_close_sigma((pulls**2).mean(), 49 / 47, np.sqrt(2.2 / 400))


def test_msd_of_one_walker_has_no_error_bar(walks):
    assert np.all(np.isnan(msd(walks[:, :1], [1, 2]).error))


def test_kinetic_temperature_is_that_of_a_thermal_state(rng):
    """Power: a factor 2, or the mass forgotten, is off by hundreds of errors."""
    state = thermal(np.zeros((40_000, 3)), temperature=0.7, rng=rng, mass=5.0)
    value, error = kinetic_temperature(state.p, mass=5.0)
    assert_close_sigma(value, 0.7, error)
    # p^2/m has variance 2 T^2 in each of three components
    np.testing.assert_allclose(error, 0.7 * np.sqrt(2 / 3 / 40_000), rtol=0.03)


def test_displacements_do_not_overlap(walks):
    d = displacements(walks, lag=4)
    assert d.shape == (9, 6, 2)
    np.testing.assert_allclose(d.sum(axis=0), walks[36] - walks[0])


def test_interpolation_divides_the_quadratic_variation(walks):
    """Nine points between each two of a path: a tenth is left, exactly."""
    path = walks[:, :1, :1]
    fine = np.interp(np.arange(391) / 10, np.arange(40), path[:, 0, 0])[:, None, None]
    np.testing.assert_allclose(quadratic_variation(fine), quadratic_variation(path) / 10)
    np.testing.assert_allclose(
        quadratic_variation(walks), (displacements(walks) ** 2).sum(axis=0), rtol=1e-13
    )


def ar1(a, n_records, n_series, rng):
    """Stationary series s' = a s + sqrt(1 - a^2) xi: correlation a^lag, time (1+a)/(1-a)."""
    s = rng.standard_normal((n_records, n_series))
    for before, now in itertools.pairwise(s):
        now *= np.sqrt(1 - a**2)
        now += a * before
    return s


def test_autocorrelation_is_its_sum(rng):
    s = rng.standard_normal((12, 3)) + 5.0
    d = s - s.mean()
    direct = [(d[: 12 - lag] * d[lag:]).sum() for lag in range(12)]
    np.testing.assert_allclose(autocorrelation(s), np.divide(direct, direct[0]), atol=1e-14)
    np.testing.assert_allclose(autocorrelation(s, max_lag=3), autocorrelation(s)[:4])


def test_autocorrelation_of_an_ar1_series(rng):
    each = [autocorrelation(ar1(0.6, 2000, 20, rng), max_lag=4) for _ in range(30)]
    assert_mean(np.array(each)[:, 1:], 0.6 ** np.arange(1, 5))


@pytest.mark.parametrize("a", [-0.95, -0.8, -0.4, 0.0, 0.5, 0.8, 0.9, 0.95])
def test_integrated_time_of_an_ar1_series(a, rng):
    """The bias of a fit to 40,000 records is below 2 %; 3 % are allowed for it.

    False alarm 1e-6.  The sum over Sokal's window is off by a factor of five or more for -0.8.
    """
    each = np.array([integrated_time(ar1(a, 4000, 10, rng)) for _ in range(30)])
    exact = (1 + a) / (1 - a)
    error = each.std(ddof=1) / np.sqrt(30)
    assert abs(each.mean() - exact) < 0.03 * exact + threshold(dof=29) * error
    assert error < 0.03 * exact


@pytest.mark.parametrize("step_size, friction, n", [(0.1, 0.02, 40_000), (0.5, 0.1, 8000)])
def test_integrated_time_of_an_oscillator_of_low_friction(step_size, friction, n, rng):
    """BAOAB on a spring: x and x^2, whose correlations are those of its matrix and their squares.

    False alarm 1e-6, 15 % being allowed for the bias.  Sokal's window gives ten times the tau of
    x at friction 0.02, where the exact one is 0.4.
    """
    A, B = read_phase(baoab(harmonic(1.0), step_size, 1.0, friction))
    S = np.diag([1.0, 1 - step_size**2 / 4])
    np.testing.assert_allclose(A @ S @ A.T + np.outer(B, B), S, atol=1e-13)
    powers = itertools.accumulate(itertools.repeat(A, 20_000), np.matmul)
    rho = np.array([power[0, 0] for power in powers])  # S is diagonal
    z = np.sqrt(S) @ rng.standard_normal((2, 24))
    x = np.empty((n, 24))
    for row in x:
        row[:] = z[0]
        z = A @ z + np.outer(B, rng.standard_normal(24))
    for series, correlation in ((x, rho), (x**2, rho**2)):
        exact = 1 + 2 * correlation.sum()
        each = np.array([integrated_time(s) for s in np.split(series, 8, axis=1)])
        error = each.std(ddof=1) / np.sqrt(8)
        assert abs(each.mean() - exact) < 0.15 * exact + threshold(dof=7) * error


def read_phase(kernel):
    """Return A and B of one step (x, p)' = A (x, p) + B xi."""

    def step(x, p, xi):
        state = PhaseState(np.array([[x]]), np.array([[p]]))
        new = kernel.step(state, Scripted(np.array([[xi]])))
        return np.array([new.x[0, 0], new.p[0, 0]])

    A = np.column_stack([step(1.0, 0.0, 0.0), step(0.0, 1.0, 0.0)])
    return A, step(0.0, 0.0, 1.0)


def test_integrated_time_of_epochs_of_two_batches_is_almost_nothing(rng):
    """Each epoch's two gradients cancel, so that the exact one is 0."""
    first = rng.choice([-1.0, 1.0], 2000)
    assert 0 < integrated_time(np.column_stack([first, -first]).ravel()) < 0.01


@pytest.mark.parametrize(
    "series",
    [
        np.tile([1.0, -1.0], 100),
        np.cos(0.1 * np.arange(1000)),
        np.random.default_rng(1).standard_normal(20),
        np.random.default_rng(1).standard_normal(1000).cumsum(),
    ],
    ids=["alternating", "periodic", "twenty numbers", "walk"],
)
def test_integrated_time_asks_for_a_longer_record(series):
    with pytest.raises(ValueError, match="record for longer"):
        integrated_time(series)


def ar1_mean_variance(a, n):
    """Variance of the mean of n records of `ar1`, their double sum of correlations."""
    return ((1 + a) / (1 - a) - 2 * a * (1 - a**n) / (n * (1 - a) ** 2)) / n


def test_the_variance_of_a_mean_is_its_double_sum():
    lags = np.subtract.outer(np.arange(12), np.arange(12))
    np.testing.assert_allclose(ar1_mean_variance(0.7, 12), (0.7 ** np.abs(lags)).mean())


def test_blocks_are_means_of_pairs(rng):
    s = rng.standard_normal((23, 3))
    levels = blocking(s)
    assert list(levels.size) == [1, 2, 4, 8]
    for size, error, uncertainty in zip(*levels, strict=True):
        means = s[: 23 // size * size].reshape(-1, size, 3).mean(axis=1)
        np.testing.assert_allclose(error, means.std(ddof=1) / np.sqrt(means.size))
        np.testing.assert_allclose(uncertainty, error / np.sqrt(2 * (means.size - 1)))


@pytest.mark.parametrize("a", [-0.4, 0.5, 0.8])
def test_every_blocking_level_of_an_ar1_series(a, rng):
    """Blocks of b among n records: their scatter about the common mean, in expectation."""
    n, b = 1024, 2 ** np.arange(10)
    each = [blocking(series).error ** 2 for series in ar1(a, n, 300, rng).T]
    assert_mean(each, (ar1_mean_variance(a, b) - ar1_mean_variance(a, n)) / (n / b - 1))


@pytest.mark.parametrize("a", [0.0, 0.5, 0.8])
def test_block_error_is_honest(a, rng):
    """Pulls of many means have variance 1 but for a bias of a few per cent; naive ones far more.

    300 pulls know their variance to 8 %; with 25 % allowed for, an error bar half as long as it
    should be, or twice, is refused for certain.
    """
    series = np.split(ar1(a, 8192, 600, rng), 300, axis=1)
    estimates = [block_error(s) for s in series]
    pulls = np.array([e.value / e.error for e in estimates])
    sizes = np.mean([e.error**2 for e in estimates]) / (ar1_mean_variance(a, 8192) / 2)
    assert 0.85 < sizes < 1.05
    assert 0.6 < (pulls**2).mean() < 1.6
    naive = np.array([s.mean() / (s.std() / np.sqrt(s.size)) for s in series])
    assert a < 0.5 or (naive**2).mean() > 2


def test_block_error_asks_for_a_longer_record(rng):
    with pytest.raises(ValueError, match="64 records are too few"):
        block_error(rng.standard_normal(64).cumsum())


def test_histogram_counts_everything_once(rng):
    samples = rng.standard_normal((50, 4))
    h = histogram(samples, [-1.0, 0.0, 0.5, 2.0])
    inside = (samples >= -1) & (samples <= 2)
    assert h.counts.sum() == inside.sum()
    np.testing.assert_allclose((h.density * np.diff(h.edges)).sum(), inside.mean())
    np.testing.assert_allclose(h.centres, [-0.5, 0.25, 1.25])


def test_histogram_errors_are_as_large_as_the_scatter(rng):
    """A bin of probability 1/4, many times: mean and scatter of the density are what is said."""
    each = [histogram(rng.random(400), [0.5, 0.75]) for _ in range(2000)]
    density = np.array([h.density[0] for h in each])
    error = np.sqrt(0.25 * 0.75 / 400) / 0.25
    assert_close_sigma(density.mean(), 1.0, error / np.sqrt(2000))
    assert_close_sigma(density.var(), error**2, error**2 * np.sqrt(2 / 2000))
    assert abs(np.mean([h.error[0] for h in each]) / error - 1) < 0.01


FLAT = np.zeros(10)
PATHS = np.zeros((10, 2, 1))


@pytest.mark.parametrize(
    "call, kind, words",
    [
        (
            lambda: msd(FLAT, [1]),
            ValueError,
            r"paths must have shape \(n_records, n_particles, dim",
        ),
        (lambda: msd(PATHS, [10]), ValueError, "lags must be below the 10 records, got 10"),
        (lambda: msd(PATHS, [-1]), ValueError, "lags must be at least 0, got -1"),
        (lambda: msd(PATHS, [0.5]), TypeError, "lags must be a whole number, got"),
        (lambda: displacements(PATHS, lag=0), ValueError, "lag must be at least 1, got 0"),
        (lambda: quadratic_variation(FLAT), ValueError, "paths must have shape"),
        (lambda: autocorrelation([1.0]), ValueError, "two records or more"),
        (lambda: autocorrelation(FLAT), ValueError, "series must vary, but all of it is 0.0"),
        (lambda: autocorrelation([1.0, np.nan]), ValueError, "series must be finite"),
        (lambda: autocorrelation([1.0, 2.0], 2), ValueError, "max_lag must be below the 2 records"),
        (lambda: integrated_time(FLAT), ValueError, "series must vary, but all of it is 0.0"),
        (lambda: integrated_time([1.0]), ValueError, "two records or more"),
        (lambda: block_error([1.0]), ValueError, "two records or more"),
        (lambda: blocking(FLAT), ValueError, "series must vary"),
        (lambda: histogram([], [0, 1]), ValueError, "samples must not be empty"),
        (lambda: histogram([1.0], [1, 0]), ValueError, "increasing numbers"),
        (lambda: histogram([1.0], [1]), ValueError, "increasing numbers"),
    ],
)
def test_bad_input_gets_a_sentence(call, kind, words):
    with pytest.raises(kind, match=words):
        call()


def test_edges_and_lags_at_their_limits():
    with pytest.raises(ValueError, match="increas"):
        histogram([1.0], [0.0, 0.0, 1.0])
    with pytest.raises(ValueError, match="max_lag must be at least 0, got -1"):
        autocorrelation([1.0, 2.0], -1)
    assert autocorrelation([1.0, -1.0], 0).tolist() == [1.0]


def test_two_walkers_have_an_error_bar(rng):
    walks = rng.standard_normal((50, 2, 1)).cumsum(axis=0)
    apart = [msd(walks[:, i : i + 1], [1]).value[0] for i in range(2)]
    assert msd(walks, [1]).error == pytest.approx(abs(apart[0] - apart[1]) / 2)
