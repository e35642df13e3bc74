"""Counts in bins, and the density that they estimate."""

from typing import NamedTuple

import numpy as np

from langevin import _checks


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
        raise ValueError(
            f"edges must be two or more increasing numbers, got {_checks.describe(edges)}"
        )
    if len(samples) == 0:
        raise ValueError("samples must not be empty")
    counts, _ = np.histogram(samples, edges)
    n, width = len(samples), np.diff(edges)
    p = counts / n
    return Histogram(edges, counts, p / width, np.sqrt(p * (1 - p) / n) / width)
