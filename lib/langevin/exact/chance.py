"""Laws of chance: Perrin's histograms, the random walk, and a test of goodness of fit."""

from math import comb, erf, erfc, exp, factorial, gamma, sqrt

import numpy as np

from langevin import _checks


def half_normal_probability(a, b, rms=1.0):
    r"""Return the probability that the size of one Gaussian component lies between a and b.

    .. math:: P(a \le |X| < b) = \mathrm{erf}(b/\sqrt2\,\xi) - \mathrm{erf}(a/\sqrt2\,\xi)

    Parameters
    ----------
    a, b : float or array_like
        Limits, 0 <= a <= b.
    rms : float
        xi, the root mean square of X, in the unit of the limits.

    Returns
    -------
    float or ndarray
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the limits are negative or out of order, or `rms` is not positive.

    References
    ----------
    J. Perrin, Les Atomes, Alcan (1913), section 72.

    Examples
    --------
    >>> round(float(half_normal_probability(0.0, 1.0)), 4)
    0.6827
    """
    a, b = _limits(a, b)
    scale = sqrt(2) * _checks.positive(rms, "rms")
    return _erf(b / scale) - _erf(a / scale)


def rayleigh_ring_probability(a, b):
    r"""Return the probability that a displacement in the plane ends between two circles.

    .. math:: P(a \le r/r_\mathrm{rms} < b) = e^{-a^2} - e^{-b^2}

    Parameters
    ----------
    a, b : float or array_like
        Radii in units of the root mean square displacement in the plane, 0 <= a <= b;
        b may be infinite.

    Returns
    -------
    float or ndarray
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the radii are negative or out of order.

    References
    ----------
    Lord Rayleigh, Phil. Mag. 10, 73 (1880).

    Examples
    --------
    Perrin's innermost ring, a quarter of the rms wide:

    >>> round(float(rayleigh_ring_probability(0.0, 0.25)), 4)
    0.0606
    """
    a, b = _limits(a, b)
    return np.exp(-(a**2)) - np.exp(-(b**2))


def chi_square_probability(chi2, dof):
    r"""Return the probability that a chi-square of `dof` degrees of freedom exceeds `chi2`.

    Parameters
    ----------
    chi2 : float
        Sum of (found - expected)^2 / expected, zero or positive.
    dof : int
        Degrees of freedom, at least 1: classes less fitted numbers, less one if the totals agree.

    Returns
    -------
    float
        Between 0 and 1; a small one speaks against the expectation.

    Raises
    ------
    ValueError
        If `chi2` is negative or `dof` below 1.

    References
    ----------
    K. Pearson, Phil. Mag. 50, 157 (1900).

    Examples
    --------
    >>> round(chi_square_probability(3.841, dof=1), 3)
    0.05
    """
    half = float(_checks.not_negative(chi2, "chi2")) / 2
    dof = _checks.count(dof, "dof")
    if dof % 2 == 0:
        return exp(-half) * sum(half**k / factorial(k) for k in range(dof // 2))
    tail = sum(half ** (k + 0.5) / gamma(k + 1.5) for k in range(dof // 2))
    return erfc(sqrt(half)) + exp(-half) * tail


def random_walk_probability(n, position):
    r"""Return the probability that a walk of n steps of +1 or -1 ends at `position`.

    .. math:: P(S_n = s) = 2^{-n} \binom{n}{(n + s)/2}

    Parameters
    ----------
    n : int
        Steps, zero or more.
    position : int
        Where it ends.

    Returns
    -------
    float
        Zero where the walk can't be.

    Raises
    ------
    ValueError
        If `n` is negative.

    References
    ----------
    W. Feller, An Introduction to Probability Theory I, Wiley (1968), chapter III.

    Examples
    --------
    >>> [random_walk_probability(2, s) for s in (-2, 0, 1, 2)]
    [0.25, 0.5, 0.0, 0.25]
    """
    n = _checks.count(n, "n", least=0)
    position = _checks.count(position, "position", least=-(10**9))
    if (n + position) % 2 or abs(position) > n:
        return 0.0
    return comb(n, (n + position) // 2) / 2**n


def random_walk_within(n, m):
    r"""Return the probability that a walk of n steps of +1 or -1 ends within m of its start.

    .. math:: P(|S_n| \le m) = 2^{-n} \sum_{|2k - n| \le m} \binom nk

    Parameters
    ----------
    n : int
        Steps, zero or more.
    m : int
        Largest distance, zero or more.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If `n` or `m` is negative.

    References
    ----------
    W. Feller, An Introduction to Probability Theory I, Wiley (1968), chapter III.

    Examples
    --------
    >>> round(random_walk_within(100, 10), 4)
    0.7287
    """
    n, m = _checks.count(n, "n", least=0), _checks.count(m, "m", least=0)
    return sum(comb(n, k) for k in range(n + 1) if abs(2 * k - n) <= m) / 2**n


def _limits(a, b):
    a, b = _checks.limit(a, "a"), _checks.limit(b, "b")
    if not np.all(a <= b):
        raise ValueError(f"limits must satisfy 0 <= a <= b, got a = {a} and b = {b}")
    return a, b


_erf = np.vectorize(erf, otypes=[float])
