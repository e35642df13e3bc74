"""Replica exchange: copies of one system at a ladder of temperatures, which trade places.

The hot ones cross barriers, and what they find is handed down to the cold ones.  A particle of the
ensemble is here a whole ladder, with a replica on each rung, so that ladders stay independent.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from langevin import _checks
from langevin.kernels import Kernel

# What a state may hold that follows from its positions, or only counts.
_FORGETTABLE = {"x", "k", "energy", "gradient", "accepted"}


class LadderState(NamedTuple):
    """Positions of the coldest replicas, of the hotter ones, steps taken, and exchanges so far.

    ``x`` has the shape (n_particles, dim), ``hotter`` (n_particles, n_temperatures - 1, dim), the
    rungs from the second on; ``exchanged[:, i]`` counts how often rungs i and i + 1 have traded.
    """

    x: Any
    hotter: Any
    exchanged: Any
    k: int = 0


def replica_exchange(method: Callable, U, temperatures, every: int = 1) -> Kernel:
    r"""Return the kernel of replica exchange, also called parallel tempering.

    .. math:: \alpha = \min\left(1,\ \exp\left[\left(\frac1{T_i} - \frac1{T_{i+1}}\right)
              \left(U(x_i) - U(x_{i+1})\right)\right]\right)

    In each step every replica moves once, by the kernel of its temperature.  Then neighbours on
    the ladder trade positions with probability alpha: by turns the pairs (0, 1), (2, 3), ... and
    (1, 2), (3, 4), ...  This keeps the product of the Boltzmann distributions of all rungs, so
    that it is as exact as `method`: with `langevin.mala` exact, with `langevin.ula` off by the
    error of its step.

    Parameters
    ----------
    method : callable
        ``method(temperature) -> Kernel``, such as ``lambda T: mala(U, 0.1, T)``.  Its kernels may
        have no momenta or other memory.
    U : callable
        The energy, ``U(x) -> (n_particles,)``, the same that the kernels have.
    temperatures : array_like, shape (n_temperatures,)
        The ladder, two rungs or more, positive and rising (k_B = 1).
    every : int
        How many steps the replicas make by themselves before an exchange is tried.

    Returns
    -------
    Kernel
        Its state is ``LadderState(x, hotter, exchanged, k)``: x are the coldest replicas, and
        `simulate` starts all of a ladder at the same place.  With three rungs or more each pair
        is tried once in ``2 * every`` steps, with two once in `every`.

    Raises
    ------
    ValueError
        If `temperatures` are not two or more that rise, or `every` is below 1; when started, if
        the positions are no array (n_particles, dim).
    TypeError
        If `method` makes no kernel, or `U` is not callable; when started, if the kernels have a
        memory that would have to be traded too.

    References
    ----------
    R. Swendsen and J.-S. Wang, Phys. Rev. Lett. 57, 2607 (1986); C. Geyer, Computing Science and
    Statistics 23, 156 (1991); K. Hukushima and K. Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996).

    Examples
    --------
    Cold walkers in a double well stay where they start, unless they may trade with hot ones:

    >>> from langevin import double_well, mala, simulate
    >>> U, x0 = double_well(), np.full((200, 1), -1.0)
    >>> alone = mala(U, 0.15, 0.05)
    >>> ladder = replica_exchange(lambda T: mala(U, 0.15, T), U, [0.05, 0.1, 0.25, 0.6])
    >>> ends = (simulate(kernel, x0, 500, np.random.default_rng(1)).x for kernel in (alone, ladder))
    >>> tuple(round(float((x > 0).mean()), 1) for x in ends)
    (0.0, 0.5)
    """
    _checks.potential(U)
    T = _ladder(temperatures)
    every = _checks.count(every, "every")
    if not callable(method):
        raise TypeError(
            f"method must make a Kernel of a temperature, got {_checks.describe(method)}; "
            "pass lambda T: mala(U, step_size, T)"
        )
    kernels = [method(float(t)) for t in T]
    for made in kernels:
        if not (callable(getattr(made, "init", None)) and callable(getattr(made, "step", None))):
            raise TypeError(
                f"method(temperature) must make a Kernel, got {_checks.describe(made)}; "
                "pass lambda T: mala(U, step_size, T)"
            )
    colder = 1 / T[:-1] - 1 / T[1:]

    def init(x):
        if np.ndim(x) != 2:
            raise ValueError(
                f"x0 must have shape (n_particles, dim), got shape {np.shape(x)}; simulate takes "
                "one ladder as [[x0]]"
            )
        for kernel in kernels:
            _needs_no_memory(kernel.init(x))
        hotter = np.repeat(x[:, None], len(T) - 1, axis=1)
        return LadderState(x, hotter, np.zeros((len(x), len(T) - 1), dtype=int))

    def step(state, rng):
        k = state.k
        replicas = [state.x, *np.moveaxis(state.hotter, 1, 0)]
        moved = [_moved(kernel, x, k, rng) for kernel, x in zip(kernels, replicas, strict=True)]
        ladder, exchanged = np.stack(moved, axis=1), state.exchanged
        tries, rest = divmod(k + 1, every)
        if rest == 0:
            energy = np.stack([U(x) for x in moved], axis=1)
            # a ladder of two rungs has one pair, which is tried every time
            i = np.arange((tries - 1) % min(2, len(T) - 1), len(T) - 1, 2)
            gain = colder[i] * (energy[:, i] - energy[:, i + 1])
            trade = rng.standard_exponential(gain.shape) > -gain
            ladder = _traded(ladder, i, trade)
            exchanged = exchanged.copy()
            exchanged[:, i] += trade
        return LadderState(ladder[:, 0], ladder[:, 1:], exchanged, k + 1)

    return Kernel(init, step)


def _moved(kernel, x, k, rng):
    """Return where a kernel without memory takes x in its step k."""
    return kernel.step(kernel.init(x)._replace(k=k), rng).x


def _traded(ladder, i, trade):
    """Return the ladders after rungs i and i + 1 have traded where they do."""
    trade = trade[..., None]
    cold, hot = ladder[:, i], ladder[:, i + 1]
    after = ladder.copy()
    after[:, i], after[:, i + 1] = np.where(trade, hot, cold), np.where(trade, cold, hot)
    return after


def _ladder(temperatures):
    T = np.asarray(_checks.positive(temperatures, "temperatures"))
    if T.ndim != 1 or len(T) < 2:
        raise ValueError(f"temperatures must be a list of two or more, got shape {T.shape}")
    if np.any(np.diff(T) <= 0):
        raise ValueError(
            f"temperatures must rise from the first to the last, got {_checks.describe(T.tolist())}"
        )
    return T


def _needs_no_memory(state):
    memory = sorted(set(state._fields) - _FORGETTABLE)
    if memory:
        raise TypeError(
            f"method must make kernels without a memory, got a {type(state).__name__} with "
            f"{', '.join(memory)}; such as lambda T: mala(U, step_size, T)"
        )
