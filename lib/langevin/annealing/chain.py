"""Simulated annealing as a kernel, and the exact law of the same chain."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from langevin import _checks
from langevin.annealing._landscape import landscape
from langevin.kernels import Kernel
from langevin.schedules import as_schedule

# Matrices up to this size are cheaper to multiply together than to apply one after the other.
SMALL = 8
# How many numbers the matrices of one batch may hold.
BATCH = 2**20


class ChainState(NamedTuple):
    """The states of the chain, whole numbers, and the number of steps taken."""

    x: Any
    k: int = 0


def simulated_annealing(energies, neighbours: Sequence, temperature) -> Kernel:
    r"""Return the kernel of simulated annealing: Metropolis moves on a graph while it cools.

    .. math:: P(i \to j) = \frac1R\,\min\left(1, e^{-(U_j - U_i)/T_k}\right)

    for each of the neighbours j of i, R being the largest number of neighbours that any state
    has.  What is left is the chance to stay; so a move and its reverse are tried equally often,
    and at a steady temperature the law is Boltzmann's.

    Parameters
    ----------
    energies : array_like, shape (n_states,)
        U, finite.
    neighbours : sequence of sequence of int
        For each state those one move away.
    temperature : float or callable
        T, zero or positive; a number or a function of the step count k, such as
        `langevin.schedules.logarithmic`.  At zero no move goes up.

    Returns
    -------
    Kernel
        Its state is ``ChainState(x, k)`` with x the states of the walkers, whole numbers of shape
        (n_particles, 1).

    Raises
    ------
    ValueError
        If the graph is not connected, its moves do not go both ways, or `temperature` is
        negative; in ``init``, if a start is no state.

    References
    ----------
    N. Metropolis et al., J. Chem. Phys. 21, 1087 (1953); S. Kirkpatrick, C. Gelatt and
    M. Vecchi, Science 220, 671 (1983).

    Examples
    --------
    >>> from langevin.annealing import path_graph
    >>> from langevin import simulate
    >>> from langevin.schedules import logarithmic
    >>> kernel = simulated_annealing([0.3, 1.3, 0.0], path_graph(3), logarithmic(1.0))
    >>> end = simulate(kernel, np.zeros((1000, 1)), 100, np.random.default_rng(1)).x
    >>> round(float(np.mean(end == 2)), 1)
    0.6
    """
    U, neighbours = landscape(energies, neighbours)
    T = as_schedule(temperature, "temperature", zero_allowed=True)
    R = _most(neighbours)
    # row i: the neighbours of i, and i itself wherever another state has more of them
    moves = np.array([[*near, *[i] * (R - len(near))] for i, near in enumerate(neighbours)])

    def init(x):
        x = _checks.positions(x, "x0", dim=1)
        if not np.all(np.isin(x, np.arange(len(U)))):
            raise ValueError(f"x0 must hold states, whole numbers from 0 to {len(U) - 1}")
        return ChainState(x.astype(int))

    def step(state, rng):
        x, k = state
        proposed = moves[x, rng.integers(R, size=x.shape)]
        accepted = rng.random(x.shape) < _acceptance(U[proposed] - U[x], T(k))
        return ChainState(np.where(accepted, proposed, x), k + 1)

    return Kernel(init, step)


def transition_matrix(energies, neighbours: Sequence, temperature) -> np.ndarray:
    r"""Return the chances of all moves of one annealing step.

    Parameters
    ----------
    energies : array_like, shape (n_states,)
        U, finite.
    neighbours : sequence of sequence of int
        For each state those one move away.
    temperature : float or array_like of float, shape (...)
        T, zero or positive.

    Returns
    -------
    ndarray, shape (..., n_states, n_states)
        Row i holds the chances to go from i to each state, as `simulated_annealing` defines
        them; a matrix for each temperature.

    Raises
    ------
    ValueError
        If the graph is not connected, its moves do not go both ways, or `temperature` is
        negative.

    Examples
    --------
    >>> from langevin.annealing import path_graph
    >>> transition_matrix([0.0, 1.0], path_graph(2), temperature=0.0)
    array([[1., 0.],
           [1., 0.]])
    """
    U, neighbours = landscape(energies, neighbours)
    T = np.asarray(_checks.not_negative(temperature, "temperature"))
    sources, targets, R = _moves(neighbours)
    return _matrices(U, sources, targets, R, T)


def distribution(start, energies, neighbours: Sequence, temperature, n_steps) -> np.ndarray:
    r"""Return the exact law of annealing after n steps, by multiplying its matrices.

    .. math:: p_n = p_0\,P(T_0)\,P(T_1) \cdots P(T_{n-1})

    Parameters
    ----------
    start : int or array_like, shape (n_states,)
        The state where all walkers start, or their distribution p_0.
    energies : array_like, shape (n_states,)
        U, finite.
    neighbours : sequence of sequence of int
        For each state those one move away.
    temperature : float or callable
        T, zero or positive; a number or a function of the step count k.
    n_steps : int or array_like of int, shape (n_records,)
        How many steps, zero or more; several numbers must increase.

    Returns
    -------
    ndarray, shape (n_states,) or (n_records, n_states)
        Probabilities of the states.

    Raises
    ------
    ValueError
        If `start` is no state and no distribution, the graph is not connected, its moves do not
        go both ways, a temperature is negative, or `n_steps` does not increase.

    Examples
    --------
    The chance to have found the least energy, beyond a barrier of height 1:

    >>> from langevin.schedules import logarithmic
    >>> from langevin.annealing import path_graph
    >>> p = distribution(0, [0.3, 1.3, 0.0], path_graph(3), logarithmic(1.0), [100, 10_000])
    >>> p[:, 2].round(3)
    array([0.558, 0.804])
    """
    U, neighbours = landscape(energies, neighbours)
    sources, targets, R = _moves(neighbours)
    T = as_schedule(temperature, "temperature", zero_allowed=True)
    p, k = _start(start, len(U)), 0
    stops = [_checks.count(n, "n_steps", least=0) for n in np.ravel(n_steps)]
    if np.any(np.diff(stops) <= 0):
        raise ValueError(f"n_steps must increase, got {_checks.describe(stops)}")
    batch = max(1, BATCH // len(U) ** 2)
    record = []
    for stop in stops:
        while k < stop:
            steps = range(k, min(k + batch, stop))
            T_k = np.fromiter(map(T, steps), float, len(steps))
            p = _applied(p, _matrices(U, sources, targets, R, T_k))
            k = steps.stop
        record.append(p)
    return np.array(record) if np.ndim(n_steps) else p


def _acceptance(uphill, temperature):
    """Return the chance to accept each climb of `uphill`, at zero temperature too."""
    climb = np.maximum(uphill, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(climb > 0, np.exp(-climb / temperature), 1.0)


def _matrices(U, sources, targets, R, T):
    """Return a transition matrix for each temperature of an array."""
    P = np.zeros((*T.shape, len(U), len(U)))
    P[..., sources, targets] = _acceptance(U[targets] - U[sources], T[..., None]) / R
    stay = np.arange(len(U))
    P[..., stay, stay] = 1 - P.sum(axis=-1)
    return P


def _applied(p, matrices):
    """Return p M_0 M_1 M_2 ..."""
    if len(p) <= SMALL:
        while len(matrices) > 1:
            odd = matrices[len(matrices) // 2 * 2 :]
            pairs = matrices[: len(matrices) // 2 * 2]
            matrices = np.concatenate([pairs[0::2] @ pairs[1::2], odd])
    for M in matrices:
        p = p @ M
    return p


def _most(neighbours):
    """Return R, the number of moves to choose from at each step."""
    return max(1, *map(len, neighbours))


def _moves(neighbours):
    """Return all moves as two arrays, from and to, and R."""
    pairs = [(i, j) for i, near in enumerate(neighbours) for j in near]
    sources, targets = np.array(pairs, dtype=int).reshape(-1, 2).T
    return sources, targets, _most(neighbours)


def _start(start, n_states):
    """Return the distribution over states to start from."""
    if np.ndim(start) == 0:
        start = _checks.count(start, "start", least=0)
        if start >= n_states:
            raise ValueError(f"start must be a state from 0 to {n_states - 1}, got {start}")
        return np.eye(n_states)[start]
    p = _checks.not_negative(start, "start")
    if p.shape != (n_states,) or abs(p.sum() - 1) > 1e-9:
        raise ValueError(
            f"start must be a state or {n_states} chances that add up to 1, got "
            f"{_checks.describe(np.asarray(start))} of sum {p.sum():.6g}"
        )
    return p
