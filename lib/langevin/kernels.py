"""Kernels: one random step of a process, and the loop that repeats it.

A kernel is two functions: ``init(x)`` makes the first state, ``step(state, rng)`` the next one.
Every state has ``x`` of shape (n_particles, dim) and ``k``, the number of steps taken.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from langevin import _checks

# A block of this size stays in the processor's cache while it goes through all its steps.
BLOCK = 8192


class State(NamedTuple):
    """What an overdamped kernel remembers: positions and the number of steps taken."""

    x: Any
    k: int = 0


class Kernel(NamedTuple):
    """One step of a process: ``init(x) -> state`` and ``step(state, rng) -> state``."""

    init: Callable
    step: Callable


def normals(rng, x):
    """Return standard normals in the shape of `x`: one for each coordinate, or one for a float.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where they are drawn.
    x : ndarray or float
        Positions, for their shape.

    Returns
    -------
    ndarray or float
        Independent draws of N(0, 1).

    Examples
    --------
    >>> normals(np.random.default_rng(1), np.zeros((3, 2))).shape
    (3, 2)
    """
    return rng.standard_normal(getattr(x, "shape", None))


def simulate(
    kernel: Kernel,
    x0,
    n_steps: int,
    rng: np.random.Generator,
    *,
    observe: Callable | None = None,
    every: int = 1,
):
    """Run an ensemble of independent particles through `n_steps` steps of a kernel.

    Parameters
    ----------
    kernel : Kernel
        The process.
    x0 : array_like, shape (n_particles, dim)
        Where the particles start.
    n_steps : int
        How many steps each of them takes.
    rng : numpy.random.Generator
        Source of all randomness.  Each block of 8192 particles gets a generator spawned from
        it, so a second call with the same `rng` is independent of the first.
    observe : callable, optional
        ``observe(state)`` -> array whose first axis is the particles, such as
        `langevin.position`.
    every : int
        Observe the start and then every `every`-th step.

    Returns
    -------
    state or ndarray
        Without `observe`, the final state; its positions are ``.x``, shape (n_particles, dim).
        With `observe`, the record, shape ``(n_steps // every + 1, n_particles, ...)``; entry 0
        is the start.

    Raises
    ------
    TypeError
        If `rng` is no NumPy Generator, or a count is no whole number.
    ValueError
        If `x0` is not (n_particles, dim) and finite, a count is below 1, `every` exceeds
        `n_steps`, or `observe` returns anything but one entry per particle.

    Examples
    --------
    >>> from langevin import double_well, position, ula
    >>> rng = np.random.default_rng(1)
    >>> kernel = ula(double_well(), step_size=0.01, temperature=0.2)
    >>> simulate(kernel, np.ones((500, 1)), 100, rng).x.shape
    (500, 1)
    >>> simulate(kernel, np.ones((500, 1)), 100, rng, observe=position, every=10).shape
    (11, 500, 1)
    """
    _needs_kernel(kernel)
    x0 = _checks.positions(x0, "x0")
    n_steps = _checks.count(n_steps, "n_steps")
    every = _checks.count(every, "every")
    if every > n_steps:
        raise ValueError(f"every must be at most n_steps = {n_steps}, got {every}")
    _checks.generator(rng)

    record = None if observe is None else _record(observe, kernel, x0, n_steps // every + 1)
    blocks = [slice(start, start + BLOCK) for start in range(0, len(x0), BLOCK)]
    streams = rng.spawn(len(blocks))

    def run(block, stream):
        state = kernel.init(x0[block])
        for k in range(1, n_steps + 1):
            state = kernel.step(state, stream)
            if record is not None and k % every == 0:
                record[k // every, block] = observe(state)
        return state

    states = list(map(run, blocks, streams))
    return _joined(states) if record is None else record


def trajectory(kernel: Kernel, x0: float, n_steps: int, rng: np.random.Generator) -> np.ndarray:
    """Follow one particle on a line, on Python floats: much faster than an array of one.

    Parameters
    ----------
    kernel : Kernel
        A kernel whose step works on a float as well as on an array; `langevin` does.
    x0 : float
        Where the particle starts.
    n_steps : int
        How many steps it takes.
    rng : numpy.random.Generator
        Source of all randomness.

    Returns
    -------
    ndarray, shape (n_steps + 1,)
        The path, the same that `simulate` gives for ``[[x0]]``.

    Raises
    ------
    TypeError
        If `rng` is no NumPy Generator, or `n_steps` no whole number.
    ValueError
        If `x0` is not one finite number, or `n_steps` is below 1.

    Examples
    --------
    >>> from langevin import harmonic, ula
    >>> kernel = ula(harmonic(), step_size=0.5, temperature=0.0)
    >>> trajectory(kernel, 8.0, 3, np.random.default_rng(1))
    array([8., 4., 2., 1.])
    """
    _needs_kernel(kernel)
    n_steps = _checks.count(n_steps, "n_steps")
    if np.ndim(x0) != 0:
        raise ValueError(f"x0 must be one number, got shape {np.shape(x0)}; simulate takes many")
    state = kernel.init(float(_checks.finite(x0, "x0")))
    (stream,) = _checks.generator(rng).spawn(1)
    path = np.empty(n_steps + 1)
    path[0] = state.x
    for k in range(1, n_steps + 1):
        state = kernel.step(state, stream)
        path[k] = state.x
    return path


def _record(observe, kernel, x0, n_records):
    """Return a record of the right shape, its first entry filled."""
    start = np.asarray(observe(kernel.init(x0)))
    if start.shape[:1] != x0.shape[:1]:
        raise ValueError(
            f"observe must return one entry per particle, first axis {len(x0)}, "
            f"got shape {start.shape}"
        )
    record = np.empty((n_records, *start.shape), dtype=start.dtype)
    record[0] = start
    return record


def _joined(states):
    """Return one state for the whole ensemble; whole numbers are the same in every block."""
    fields = (
        np.concatenate(values) if isinstance(values[0], np.ndarray) else values[0]
        for values in zip(*states, strict=True)
    )
    return type(states[0])(*fields)


def _needs_kernel(kernel):
    if not (callable(getattr(kernel, "init", None)) and callable(getattr(kernel, "step", None))):
        raise TypeError(
            f"kernel must be a Kernel(init, step), got {kernel!r}; "
            "langevin(grad, step_size, temperature) makes one"
        )
