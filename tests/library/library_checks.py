"""What the library's tests share: statistical assertions and generators that follow a script."""

from statistics import NormalDist

import numpy as np
from scipy import stats

ALPHA = 1e-6


def assert_close_sigma(observed, expected, error, dof=None):
    """Fail if any observed value is farther from the expected one than chance allows.

    All values together are given the chance ALPHA to fail although they are right.  `error` is
    the standard error, known (normal tails) or estimated from `dof` + 1 samples (Student's).
    """
    observed, expected, error = np.broadcast_arrays(observed, expected, error)
    assert np.all(np.isfinite(observed)), f"observed is not finite: {observed}"
    assert np.all(error > 0), f"error must be positive, got {error}"
    sigmas = (observed - expected) / error
    limit = threshold(observed.size, dof)
    worst = np.unravel_index(np.abs(sigmas).argmax(), sigmas.shape)
    assert abs(sigmas[worst]) <= limit, (
        f"observed {observed[worst]:.6g} ± {error[worst]:.2g}, expected {expected[worst]:.6g}: "
        f"{sigmas[worst]:+.1f} sigmas, {limit:.1f} allowed (entry {tuple(map(int, worst))} of "
        f"{observed.size})"
    )


def threshold(n_values=1, dof=None):
    """How many standard errors one of n values may be off."""
    tail = ALPHA / 2 / n_values
    return NormalDist().inv_cdf(1 - tail) if dof is None else float(stats.t.isf(tail, dof))


def power(shift, error, n_values=1):
    """The chance that `assert_close_sigma` notices that the truth is off by `shift`."""
    normal = NormalDist()
    return normal.cdf(abs(shift) / error - threshold(n_values))


def assert_mean(samples, expected):
    """Compare the mean of independent samples (first axis) with its expectation."""
    samples = np.asarray(samples)
    n = len(samples)
    error = samples.std(axis=0, ddof=1) / np.sqrt(n)
    assert_close_sigma(samples.mean(axis=0), expected, error, dof=n - 1)


def assert_gaussian_variance(samples, mean, variance):
    """Compare the variance of independent Gaussian samples with its expectation."""
    n = len(samples)
    observed = ((samples - mean) ** 2).mean(axis=0)
    assert_close_sigma(observed, variance, variance * np.sqrt(2 / n))


class Scripted:
    """A generator whose normals are given, one array a step."""

    def __init__(self, *arrays):
        self.arrays = list(arrays)

    def standard_normal(self, shape):
        array = self.arrays.pop(0)
        assert np.shape(array) == tuple(shape)
        return array


def read_affine(kernel, dim):
    """Read A and B off one step x' = A x + B xi of a kernel with a linear gradient."""
    zero, unit = np.zeros((dim, dim)), np.eye(dim)

    def step(x, xi):
        return kernel.step(kernel.init(x), Scripted(xi)).x

    offset = step(zero, zero)
    # row i of a batch is the answer to unit vector i
    return (step(unit, zero) - offset).T, (step(zero, unit) - offset).T
