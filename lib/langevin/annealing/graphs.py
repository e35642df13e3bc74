"""Landscapes on a finite graph: which states touch, and how deep the wells are."""

from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np

from langevin import _checks
from langevin.annealing._landscape import landscape


def path_graph(n_states: int) -> list[list[int]]:
    """Return the neighbours on a path: each state touches the one before and the one after.

    Parameters
    ----------
    n_states : int
        At least 1.

    Returns
    -------
    list of list of int
        For each state its neighbours.

    Raises
    ------
    ValueError
        If `n_states` is below 1.

    Examples
    --------
    >>> path_graph(4)
    [[1], [0, 2], [1, 3], [2]]
    """
    n = _checks.count(n_states, "n_states")
    return [[j for j in (i - 1, i + 1) if 0 <= j < n] for i in range(n)]


def escape_depths(energies, neighbours: Sequence) -> np.ndarray:
    """Return how far a walker must climb from each state before it can go lower than there.

    Parameters
    ----------
    energies : array_like, shape (n_states,)
        U, finite.
    neighbours : sequence of sequence of int
        For each state those one move away.

    Returns
    -------
    ndarray, shape (n_states,)
        In units of energy.  Above zero for a local minimum, 0 for any other state, and infinite
        for the states of least energy.

    Raises
    ------
    ValueError
        If the graph is not connected or its moves do not go both ways.

    References
    ----------
    B. Hajek, Math. Oper. Res. 13, 311 (1988).

    Examples
    --------
    >>> escape_depths([0.0, 3.0, 1.0, 2.0], path_graph(4))
    array([inf,  0.,  2.,  0.])
    """
    U, neighbours = landscape(energies, neighbours)
    return np.array([_level(U, neighbours, i) - U[i] for i in range(len(U))])


def depth(energies, neighbours: Sequence) -> float:
    r"""Return Hajek's d*: the depth of the deepest well that is not a global one.

    Annealing with T_k -> 0 ends in the states of least energy, with a chance that tends to one,
    if and only if

    .. math:: \sum_k e^{-d^*/T_k} = \infty

    that is for T_k = c / ln(k + 2) if and only if c is at least d*.

    Parameters
    ----------
    energies : array_like, shape (n_states,)
        U, finite.
    neighbours : sequence of sequence of int
        For each state those one move away.

    Returns
    -------
    float
        d* in units of energy; 0 if there is no trap.

    Raises
    ------
    ValueError
        If the graph is not connected or its moves do not go both ways.

    References
    ----------
    B. Hajek, Math. Oper. Res. 13, 311 (1988).

    Examples
    --------
    >>> depth([0.0, 3.0, 1.0, 2.0, 0.5, 4.0, 2.0], path_graph(7))
    2.5
    """
    depths = escape_depths(energies, neighbours)
    return float(depths[np.isfinite(depths)].max(initial=0.0))


def _level(U, neighbours, start):
    """Return the least height over which a walk leads from `start` to a lower state."""
    level, seen, shore = U[start], {start}, [(U[start], start)]
    # water rises from the start, always into the lowest state on its shore
    while shore:
        height, i = heappop(shore)
        level = max(level, height)
        if height < U[start]:
            return level
        for j in neighbours[i]:
            if j not in seen:
                seen.add(j)
                heappush(shore, (U[j], j))
    return np.inf
