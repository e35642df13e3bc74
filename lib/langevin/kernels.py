"""Kernels: one random step of a process, and the loop that repeats it.

A kernel is two functions: ``init(x)`` makes the first state, ``step(state, rng)`` the next one.
Every state is a NamedTuple with ``x`` of shape (n_particles, dim) and ``k``, the number of
steps taken; the first axis of every array in it is the particles.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from langevin import _blocks, _checks, _progress
from langevin._blocks import BLOCK as BLOCK


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
    executor: Any = None,
    progress: bool | None = None,
):
    """Run an ensemble of independent particles through `n_steps` steps of a kernel.

    Parameters
    ----------
    kernel : Kernel
        The process.
    x0 : array_like, shape (n_particles, dim), or state
        Where the particles start; or a state of the kernel, such as an earlier run returned,
        to go on from.
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
    executor : concurrent.futures.Executor, optional
        Who runs the blocks: a ``ThreadPoolExecutor`` on this machine, or a Dask client's
        ``get_executor()`` across a cluster.  The result is the same to the last bit, whoever
        runs them and however many they are.
    progress : bool, optional
        Whether to show a bar.  By default it appears in a terminal or a live notebook when the
        run takes more than two seconds.

    Returns
    -------
    state or ndarray
        Without `observe`, the final state; its positions are ``.x``, shape (n_particles, dim).
        With `observe`, the record, shape ``(n_steps // every + 1, n_particles, ...)``; entry 0
        is the start.

    Raises
    ------
    TypeError
        If `rng` is no NumPy Generator, a count is no whole number, or `executor` cannot run
        a kernel.
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

    On all cores, three blocks at a time:

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor() as threads:
    ...     simulate(kernel, np.ones((20_000, 1)), 10, rng, executor=threads).x.shape
    (20000, 1)
    """
    _needs_kernel(kernel)
    start = _start(kernel, x0)
    n_steps = _checks.count(n_steps, "n_steps")
    every = _checks.count(every, "every")
    if every > n_steps:
        raise ValueError(f"every must be at most n_steps = {n_steps}, got {every}")
    _checks.generator(rng)
    _needs_executor(executor)

    n = len(start.x)
    record = None
    if observe is not None:
        record = _blocks.new_record(observe(start), n, n_steps // every + 1)
    with _progress.progress(n * n_steps, progress) as advance:
        end = _blocks.run(kernel, start, n_steps, rng, observe, every, record, executor, advance)
    return end if record is None else record


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


def _start(kernel, x0):
    """Return the first state; a state that came from an earlier run is one."""
    if hasattr(x0, "_fields"):
        _checks.positions(x0.x, "x0.x")
        return x0
    return kernel.init(_checks.positions(x0, "x0"))


def _needs_kernel(kernel):
    if not (callable(getattr(kernel, "init", None)) and callable(getattr(kernel, "step", None))):
        raise TypeError(
            f"kernel must be a Kernel(init, step), got {kernel!r}; "
            "langevin(grad, step_size, temperature) makes one"
        )


def _needs_executor(executor):
    if executor is None:
        return
    if not callable(getattr(executor, "submit", None)):
        raise TypeError(
            f"executor must be a concurrent.futures.Executor, got {executor!r}; "
            "such as ThreadPoolExecutor(), or client.get_executor() of Dask"
        )
    from concurrent.futures import ProcessPoolExecutor

    if isinstance(executor, ProcessPoolExecutor):
        raise TypeError(
            "executor must be able to carry functions made inside functions, as kernels are, "
            "which ProcessPoolExecutor cannot; use ThreadPoolExecutor() or Dask's get_executor()"
        )
