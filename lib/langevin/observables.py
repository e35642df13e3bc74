"""Observables: what one measures on recorded paths, each estimate with its standard error.

A path is what ``simulate(..., observe=position)`` returns, shape (n_records, n_particles, dim).
Lags and times are counted in records; multiply by the time between records.
"""

from typing import NamedTuple

import numpy as np

from langevin import _checks


class Estimate(NamedTuple):
    """A measured value and the standard error of it."""

    value: np.ndarray
    error: np.ndarray


class Histogram(NamedTuple):
    """Counts in bins, and the density they estimate with its standard error."""

    edges: np.ndarray
    counts: np.ndarray
    density: np.ndarray
    error: np.ndarray

    @property
    def centres(self) -> np.ndarray:
        """Middles of the bins."""
        return (self.edges[1:] + self.edges[:-1]) / 2


def position(state):
    """Return the positions of a state: the observer to pass to `simulate`.

    Parameters
    ----------
    state : State
        Anything with ``.x``.

    Returns
    -------
    ndarray, shape (n_particles, dim)
        Its positions.

    Examples
    --------
    >>> from langevin import State
    >>> position(State(np.zeros((3, 2)))).shape
    (3, 2)
    """
    return state.x


def displacements(paths, lag: int = 1) -> np.ndarray:
    """Return successive displacements over `lag` records, without overlap.

    Parameters
    ----------
    paths : array_like, shape (n_records, n_particles, dim)
        Positions.
    lag : int
        Records between the ends of one displacement.

    Returns
    -------
    ndarray, shape ((n_records - 1) // lag, n_particles, dim)
        For Brownian motion all of them are independent.

    Raises
    ------
    ValueError
        If `paths` is not three-dimensional or shorter than one lag.

    Examples
    --------
    >>> displacements(np.arange(7.0).reshape(7, 1, 1), lag=3).ravel()
    array([3., 3.])
    """
    paths = _checks.paths(paths)
    return np.diff(paths[:: _lag(lag, paths)], axis=0)


def msd(paths, lags) -> Estimate:
    r"""Return the mean square displacement over the ensemble and all time origins.

    .. math:: \langle |x(t + \mathrm{lag}) - x(t)|^2 \rangle

    Parameters
    ----------
    paths : array_like, shape (n_records, n_particles, dim)
        Positions of independent particles.
    lags : array_like of int, shape (n_lags,)
        Records between the two ends, from 0 to n_records - 1.

    Returns
    -------
    Estimate
        ``value`` and ``error``, shape (n_lags,), in length squared, summed over the dim
        components.  The error is that between particles, which are independent; successive
        origins are not.  With one particle it is nan.

    Raises
    ------
    ValueError
        If `paths` is not three-dimensional or a lag does not fit into it.

    References
    ----------
    D. Ernst and J. Köhler, Phys. Chem. Chem. Phys. 15, 845 (2013).

    Examples
    --------
    A steady walk at speed 2 goes 4 lag**2:

    >>> path = 2.0 * np.arange(6.0).reshape(6, 1, 1) * np.ones((6, 3, 1))
    >>> msd(path, lags=[1, 2, 3])
    Estimate(value=array([ 4., 16., 36.]), error=array([0., 0., 0.]))
    """
    paths = _checks.paths(paths)
    lags = [_lag(lag, paths, least=0) for lag in np.ravel(lags)]
    per_particle = np.empty((len(lags), paths.shape[1]))
    for row, lag in enumerate(lags):
        moved = paths[lag:] - paths[: len(paths) - lag]
        per_particle[row] = (moved * moved).sum(axis=-1).mean(axis=0)
    return _over_particles(per_particle)


def quadratic_variation(paths) -> np.ndarray:
    r"""Return the sum of the squared increments along each path.

    Brownian motion gives 2 D t whatever the time between records; a smooth path gives a sum
    that goes to zero with it.

    Parameters
    ----------
    paths : array_like, shape (n_records, n_particles, dim)
        Positions.

    Returns
    -------
    ndarray, shape (n_particles, dim)
        In length squared, one for each component.

    Raises
    ------
    ValueError
        If `paths` is not three-dimensional.

    References
    ----------
    P. Lévy, Amer. J. Math. 62, 487 (1940).

    Examples
    --------
    >>> quadratic_variation(np.array([0.0, 3.0, 1.0]).reshape(3, 1, 1))
    array([[13.]])
    """
    return (np.diff(_checks.paths(paths), axis=0) ** 2).sum(axis=0)


def autocorrelation(series, max_lag: int | None = None) -> np.ndarray:
    r"""Return the normalised autocorrelation of a series.

    .. math:: \rho(l) = \frac{\sum_t (s_t - \bar s)(s_{t+l} - \bar s)}{\sum_t (s_t - \bar s)^2}

    Parameters
    ----------
    series : array_like, shape (n_records,) or (n_records, n_series)
        Stationary series; several independent ones share mean and correlation.
    max_lag : int, optional
        The largest lag; the default is n_records - 1.

    Returns
    -------
    ndarray, shape (max_lag + 1,)
        1 at lag 0.

    Raises
    ------
    ValueError
        If the series is shorter than two records, constant, or not finite.

    References
    ----------
    M. Priestley, Spectral Analysis and Time Series, Academic Press (1981), section 5.3.

    Examples
    --------
    >>> autocorrelation([1.0, -1.0, 1.0, -1.0], max_lag=2)
    array([ 1.  , -0.75,  0.5 ])
    """
    series = _checks.finite(series, "series")
    if np.ndim(series) not in (1, 2) or len(series) < 2:
        raise ValueError(
            f"series must have shape (n_records,) or (n_records, n_series) with two records or "
            f"more, got shape {np.shape(series)}"
        )
    n = len(series)
    max_lag = n - 1 if max_lag is None else _checks.count(max_lag, "max_lag", least=0)
    if max_lag >= n:
        raise ValueError(f"max_lag must be below the {n} records, got {max_lag}")
    s = series.reshape(n, -1) - np.mean(series)
    if not np.any(s):
        raise ValueError(f"series must vary, but all of it is {series.flat[0]}")
    # padded with zeros, so that the end does not meet the beginning
    spectrum = np.abs(np.fft.rfft(s, 2 * n, axis=0)) ** 2
    covariance = np.fft.irfft(spectrum.sum(axis=1))[: max_lag + 1]
    return covariance / covariance[0]


def integrated_time(series, window: float = 5.0) -> float:
    r"""Return how many records one independent record costs.

    .. math:: \tau = 1 + 2 \sum_{l=1}^{M} \rho(l)

    with M the smallest lag for which M >= `window` * tau (Sokal's rule).  The mean of n records
    has the variance of n / tau independent ones.

    Parameters
    ----------
    series : array_like, shape (n_records,) or (n_records, n_series)
        Stationary series.
    window : float
        Positive; larger means less bias and more noise.

    Returns
    -------
    float
        tau in records; 1 for independent records.

    Raises
    ------
    ValueError
        If the series is too short for the rule to hold anywhere in it.

    References
    ----------
    A. Sokal, Monte Carlo methods in statistical mechanics, Cargèse lectures (1996), section 3.

    Examples
    --------
    >>> noise = np.random.default_rng(1).standard_normal(10_000)
    >>> round(integrated_time(noise), 1)
    1.0
    """
    window = _checks.positive(window, "window")
    tau = 2 * np.cumsum(autocorrelation(series)) - 1
    enough = np.arange(len(tau)) >= window * tau
    # the full sum over all lags vanishes identically, so a late crossing means nothing
    first = int(np.argmax(enough))
    if not enough[first] or 10 * first > len(tau):
        raise ValueError(
            f"{len(tau)} records are too few to see the correlation die out; record for longer"
        )
    return float(tau[first])


def histogram(samples, edges) -> Histogram:
    r"""Return counts in bins and the density they estimate.

    Parameters
    ----------
    samples : array_like, any shape
        Independent samples.  Those outside the edges count in the total, so that the density
        is that of all samples.
    edges : array_like, shape (n_bins + 1,)
        Increasing limits of the bins.

    Returns
    -------
    Histogram
        ``edges``, ``counts``, ``density`` = counts / (n width) and its binomial standard
        ``error``; ``centres``.

    Raises
    ------
    ValueError
        If there are no samples, or the edges do not increase.

    Examples
    --------
    >>> h = histogram([0.1, 0.2, 0.7, 5.0], edges=[0.0, 0.5, 1.0])
    >>> h.counts, h.density
    (array([2, 1]), array([1. , 0.5]))
    """
    samples = np.ravel(_checks.finite(samples, "samples"))
    edges = np.asarray(_checks.finite(edges, "edges"))
    if edges.ndim != 1 or len(edges) < 2 or np.any(np.diff(edges) <= 0):
        raise ValueError(f"edges must be two or more increasing numbers, got {edges}")
    if len(samples) == 0:
        raise ValueError("samples must not be empty")
    counts, _ = np.histogram(samples, edges)
    n, width = len(samples), np.diff(edges)
    p = counts / n
    return Histogram(edges, counts, p / width, np.sqrt(p * (1 - p) / n) / width)


def _lag(lag, paths, least=1):
    lag = _checks.count(lag, "lag", least)
    if lag >= len(paths):
        raise ValueError(f"lag must be below the {len(paths)} records, got {lag}")
    return lag


def _over_particles(per_particle):
    """Return mean and standard error over the last axis, the independent particles."""
    n = per_particle.shape[-1]
    mean = per_particle.mean(axis=-1)
    if n == 1:
        return Estimate(mean, np.full(mean.shape, np.nan))
    return Estimate(mean, per_particle.std(axis=-1, ddof=1) / np.sqrt(n))
