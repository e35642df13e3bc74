"""Correlated series: how long they remember, and the error of their mean."""

from typing import NamedTuple

import numpy as np

from langevin import _checks
from langevin.observables.paths import Estimate


class Blocking(NamedTuple):
    """The error of a mean by blocks of each size, in records, and how sure it is."""

    size: np.ndarray
    error: np.ndarray
    uncertainty: np.ndarray


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
    s = _fluctuations(series)
    n = len(s)
    max_lag = n - 1 if max_lag is None else _checks.count(max_lag, "max_lag", least=0)
    if max_lag >= n:
        raise ValueError(f"max_lag must be below the {n} records, got {max_lag}")
    # padded with zeros, so that the end does not meet the beginning
    spectrum = np.abs(np.fft.rfft(s, 2 * n, axis=0)) ** 2
    covariance = np.fft.irfft(spectrum.sum(axis=1))[: max_lag + 1]
    return covariance / covariance[0]


def integrated_time(series) -> float:
    r"""Return how many records one independent record costs.

    .. math:: \tau = 1 + 2 \sum_{l=1}^{\infty} \rho(l)
              = \prod_{l=1}^{p} \frac{1 + \phi_l}{1 - \phi_l}

    The mean of n records has the variance of n / tau independent ones.  The sum is the spectrum
    at frequency zero; the product is that of an autoregressive model of order p with the partial
    autocorrelations phi_l.  Burg's method fits them, Akaike's criterion chooses p.  Unlike a sum
    that is cut off at a window, the product is positive, and it holds for a correlation that
    changes sign: of an oscillator of low friction, or of stochastic gradients over epochs.

    Parameters
    ----------
    series : array_like, shape (n_records,) or (n_records, n_series)
        Stationary series; several independent ones share mean and correlation.

    Returns
    -------
    float
        tau in records, positive; 1 for independent records, less for records that alternate.

    Raises
    ------
    ValueError
        If the series is constant, not finite, or shorter than 50 tau or 50 times the sum of all
        squared correlations: for a shorter one the fit is a guess.

    Notes
    -----
    With 50 correlation times of records the relative error is about 20 %, and it falls as the
    square root of the length.  The order is at most 10 log10(n_records), so that two things are
    seen in part only: a slow correlation under a faster one that is many times as large (tau is
    then too small), and an exact cancellation, such as that of batches over an epoch (tau is
    small but not 0).

    References
    ----------
    J. Burg, Geophysics 37, 375 (1972); H. Akaike, IEEE Trans. Autom. Control 19, 716 (1974);
    M. Thompson, arXiv:1011.0175 (2010), compares such estimates.

    Examples
    --------
    >>> noise = np.random.default_rng(1).standard_normal(10_000)
    >>> round(integrated_time(noise), 1)
    1.0
    >>> round(integrated_time(noise[1:] - 0.5 * noise[:-1]), 1)  # exactly 0.5**2 / (1 + 0.5**2)
    0.2
    """
    squares = (autocorrelation(series) ** 2).sum()
    n_records, tau = len(series), 0.0
    if n_records >= 50 * squares:
        phi = _partial_autocorrelations(_fluctuations(series))
        tau = float(np.prod((1 + phi) / (1 - phi)))
    if n_records < 50 * max(tau, squares):
        raise ValueError(
            f"{n_records} records are too few to see the correlation die out; record for longer"
        )
    return tau


def _partial_autocorrelations(s):
    """Return those of the model that Burg's method fits and Akaike's criterion chooses."""
    forward = backward = s
    phi, criterion = [], [0.0]
    for _ in range(int(10 * np.log10(len(s)))):
        forward, backward = forward[1:], backward[:-1]
        phi.append(2 * (forward * backward).sum() / (forward**2 + backward**2).sum())
        forward, backward = forward - phi[-1] * backward, backward - phi[-1] * forward
        criterion.append(criterion[-1] + s.size * np.log1p(-(phi[-1] ** 2)) + 2)
    return np.array(phi[: int(np.argmin(criterion))])


def blocking(series) -> Blocking:
    r"""Return the standard error of the mean as blocks of one, two, four, ... records tell it.

    The records are averaged by pairs again and again.  As long as the blocks are correlated the
    error grows with their size; its plateau is the true one.

    Parameters
    ----------
    series : array_like, shape (n_records,) or (n_records, n_series)
        Stationary series; several independent ones share mean and correlation.

    Returns
    -------
    Blocking
        ``size`` in records, ``error`` and its own standard error ``uncertainty``, each of shape
        (n_levels,); at every level there are two blocks or more in a series.

    Raises
    ------
    ValueError
        If the series is shorter than two records, constant, or not finite.

    References
    ----------
    H. Flyvbjerg and H. Petersen, J. Chem. Phys. 91, 461 (1989).

    Examples
    --------
    >>> levels = blocking([1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0])
    >>> levels.size.tolist(), levels.error.round(3).tolist()
    ([1, 2, 4], [0.189, 0.289, 0.0])
    """
    blocks = _fluctuations(series)
    errors, n_blocks = [], []
    while len(blocks) >= 2:
        errors.append(np.sqrt(blocks.var(ddof=1) / blocks.size))
        n_blocks.append(blocks.size)
        even = len(blocks) // 2 * 2
        blocks = (blocks[0:even:2] + blocks[1:even:2]) / 2
    error = np.array(errors)
    return Blocking(2 ** np.arange(len(error)), error, error / np.sqrt(2 * np.array(n_blocks) - 2))


def block_error(series) -> Estimate:
    r"""Return the mean of a correlated series and its standard error, by block averaging.

    The error is that of the first blocks whose size b is large enough,

    .. math:: b^3 > 2 n \left(\frac{\sigma_b}{\sigma_1}\right)^4

    for n records in all: there the bias of the error is about as small as its scatter.

    Parameters
    ----------
    series : array_like, shape (n_records,) or (n_records, n_series)
        Stationary series; several independent ones share mean and correlation.

    Returns
    -------
    Estimate
        ``value`` and ``error``, two numbers.

    Raises
    ------
    ValueError
        If the series is too short for the rule to hold anywhere in it.

    References
    ----------
    H. Flyvbjerg and H. Petersen, J. Chem. Phys. 91, 461 (1989); the rule: R. Lee et al., Phys.
    Rev. E 83, 066706 (2011).

    Examples
    --------
    >>> noise = np.random.default_rng(1).standard_normal(10_000)
    >>> round(float(block_error(noise).error), 2)
    0.01
    """
    size, error, _ = blocking(series)
    enough = size.astype(float) ** 3 > 2 * np.size(series) * (error / error[0]) ** 4
    first = int(np.argmax(enough))
    # the last blocks are too few to tell an error by
    if not enough[first] or first > len(size) - 3:
        raise ValueError(
            f"{len(series)} records are too few to see the correlation die out; record for longer"
        )
    return Estimate(np.mean(series), error[first])


def _fluctuations(series):
    """Return a series less its mean, shape (n_records, n_series)."""
    series = _checks.finite(series, "series")
    if np.ndim(series) not in (1, 2) or len(series) < 2:
        raise ValueError(
            f"series must have shape (n_records,) or (n_records, n_series) with two records or "
            f"more, got shape {np.shape(series)}"
        )
    s = series.reshape(len(series), -1) - np.mean(series)
    if not np.any(s):
        raise ValueError(f"series must vary, but all of it is {series.flat[0]}")
    return s
