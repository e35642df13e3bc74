"""Kernels: one random step of a process, and the loop that repeats it.

A kernel is two functions: ``init(x)`` makes the first state, ``step(state, rng)`` the next one.
Every state is a NamedTuple with ``x`` of shape (n_particles, dim) and ``k``, the number of
steps taken; the first axis of every array in it is the particles.  A kernel goes on from the
type of state that its ``init`` makes, and from no other.  The fields ``energy`` and
``gradient`` are values at x: `simulate` computes them anew when it goes on from a state, so
that they always belong to its kernel.
"""

import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np

from langevin import _blocks, _checks, _progress
from langevin._blocks import BLOCK as BLOCK
from langevin._trace import Untraceable


class State(NamedTuple):
    """What an overdamped kernel remembers: positions and the number of steps taken."""

    x: Any
    k: int = 0


class Kernel(NamedTuple):
    """One step of a process: ``init(x) -> state`` and ``step(state, rng) -> state``."""

    init: Callable
    step: Callable


class DivergenceWarning(RuntimeWarning):
    """Positions of a run are not finite: the iteration has diverged or left its domain."""


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
    compiled: bool = False,
):
    """Run an ensemble of independent particles through `n_steps` steps of a kernel.

    Parameters
    ----------
    kernel : Kernel
        The process.
    x0 : array_like, shape (n_particles, dim), or state
        Where the particles start; or a state of the kernel, such as an earlier run returned,
        to go on from.  To go on later, pickle the state together with `rng`: how many streams
        have been spawned is stored in the generator, but not in ``rng.bit_generator.state``.
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
    compiled : bool, optional
        Whether to run in machine code, on all cores where `executor` is None.  The kernel's step
        is run once on symbols, and numba (``pip install 'langevin[compiled]'``) makes a loop of
        what it does to them: a second or so, once in a process for all kernels that differ in
        their numbers only.  Random numbers are the same, and results up to rounding.  For a
        step that depends on k, as by a schedule, it pays from some blocks on: Python finds the
        numbers of each k first.  Overflow is noticed only in positions that are not finite.

    Returns
    -------
    state or ndarray
        Without `observe`, the final state; its positions are ``.x``, shape (n_particles, dim).
        With `observe`, the record, shape ``(n_steps // every + 1, n_particles, ...)``; entry 0
        is the start.

    Raises
    ------
    TypeError
        If `rng` is no NumPy Generator, a count is no whole number, `executor` cannot run
        a kernel, or `x0` is a state of another kernel.
    ValueError
        If `x0` is not (n_particles, dim) and finite, a field of the state does not fit to
        them, a count is below 1, `every` exceeds
        `n_steps`, or `observe` returns anything but one entry per particle.
    ModuleNotFoundError
        If `compiled` is asked for where numba is not installed.

    Warns
    -----
    UserWarning
        If `compiled` is asked for and the step does to arrays what cannot be written down for one
        particle, such as to draw a mini-batch or to search along a line; NumPy then runs it.
    DivergenceWarning
        If positions are not finite at the end.  It stands for NumPy's warnings of overflow in
        the steps, and ``np.errstate(over="ignore")`` silences it as it silences them.

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

    The same in machine code, with numba:

    >>> simulate(kernel, np.ones((20_000, 1)), 10, rng, compiled=True).x.shape  # doctest: +SKIP
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

    take = _compiled(kernel, start, n_steps, rng, progress) if compiled else None
    n = len(start.x)
    record = None
    if observe is not None:
        record = _blocks.new_record(observe(start), n, n_steps // every + 1)
    with _progress.progress(n * n_steps, progress) as advance:
        end, diverged = _blocks.run(
            kernel, start, n_steps, rng, observe, every, record, executor, advance, take
        )
    if diverged is not None:
        lost = np.count_nonzero(~np.isfinite(end.x).reshape(n, -1).all(axis=1))
        _warn_diverged(lost, n, diverged, n_steps)
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
        If `rng` is no NumPy Generator, `n_steps` no whole number, or `x0` a state.
    ValueError
        If `x0` is not one finite number, or `n_steps` is below 1.

    Warns
    -----
    DivergenceWarning
        If the position is not finite at the end; see `simulate`.

    Examples
    --------
    >>> from langevin import harmonic, ula
    >>> kernel = ula(harmonic(), step_size=0.5, temperature=0.0)
    >>> trajectory(kernel, 8.0, 3, np.random.default_rng(1))
    array([8., 4., 2., 1.])
    """
    _needs_kernel(kernel)
    n_steps = _checks.count(n_steps, "n_steps")
    if hasattr(x0, "_fields"):
        raise TypeError(f"x0 must be one number, got a {type(x0).__name__}; simulate takes a state")
    if np.ndim(x0) != 0:
        raise ValueError(f"x0 must be one number, got shape {np.shape(x0)}; simulate takes many")
    state = kernel.init(float(_checks.finite(x0, "x0")))
    (stream,) = _checks.generator(rng).spawn(1)
    path = np.full(n_steps + 1, np.nan)
    path[0] = state.x
    # an oracle of the caller's may raise at a float where it is infinite at an array
    with _blocks.overflows_noted() as kinds, suppress(OverflowError):
        for k in range(1, n_steps + 1):
            state = kernel.step(state, stream)
            path[k] = state.x
    if np.isfinite(path[-1]):
        _blocks.warn_overflow(kinds)
    else:
        _warn_diverged(1, 1, int(np.argmin(np.isfinite(path))), n_steps)
    return path


def _warn_diverged(lost, n, step, n_steps):
    """Warn of positions that are not finite, unless the caller has silenced overflow."""
    if np.geterr()["over"] != "ignore":
        warnings.warn(
            f"the positions of {lost} of {n} particles are not finite, first at step {step} of "
            f"{n_steps}; take a smaller step_size or check the gradient (in a quadratic potential "
            "gradient descent is stable below step_size = 2 / (largest curvature))",
            DivergenceWarning,
            stacklevel=3,
        )


def _compiled(kernel, start, n_steps, rng, progress):
    """Return what takes a block through the run in machine code, or None where that cannot be."""
    try:
        from langevin._compiled import prepare
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            f"compiled=True needs numba, got an environment without {missing.name}; "
            "pip install 'langevin[compiled]', or leave compiled out"
        ) from None
    try:
        take, seconds = prepare(kernel, start, n_steps, rng)
    except Untraceable as reason:
        warnings.warn(
            f"compiled=True needs a step that does the same to each particle; of this kernel "
            f"{reason}, so that NumPy runs it",
            UserWarning,
            stacklevel=3,
        )
        return None
    if seconds > 1 and (_progress.is_watched() if progress is None else progress):
        print(f"compiled the step in {seconds:.1f} s", file=sys.stderr)
    return take


def _start(kernel, x0):
    """Return the first state: a new one, or the given one with its values at x computed anew."""
    if not hasattr(x0, "_fields"):
        return kernel.init(_checks.positions(x0, "x0"))
    new = kernel.init(_checks.positions(getattr(x0, "x", None), "x0.x"))
    if type(x0) is not type(new):
        raise TypeError(
            f"x0 must be positions or the state of this kernel, a {type(new).__name__}, "
            f"got a {type(x0).__name__}; pass x0=state.x to start from its positions"
        )
    fields = zip(new._fields, x0, new, strict=True)
    return type(new)(*(_field(f"x0.{name}", value, like, new.x) for name, value, like in fields))


def _field(name, value, like, x):
    """Return a field of a given state, of the same kind as `like`, that of a new state."""
    if name in ("x0.x", "x0.energy", "x0.gradient"):
        return like
    if type(like) is int:
        return _checks.count(value, name, least=0)
    if not (isinstance(like, np.ndarray) or like is None) or (value is None and like is None):
        return value
    try:
        array = np.asarray(value)
    except ValueError:
        array = np.asarray(None)
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} must be an array of numbers, got {type(value).__name__}; "
            "pass the state that simulate returned"
        )
    fits = array.shape[:1] == x.shape[:1] if like is None else array.shape == like.shape
    if not fits:
        raise ValueError(
            f"{name} must fit to x0.x of shape {x.shape}, got shape {array.shape}; "
            "pass the state that simulate returned"
        )
    wrong = np.flatnonzero(~np.isfinite(array))
    if len(wrong) and (like is None or np.all(np.isfinite(like))):
        raise ValueError(
            f"{name} must be finite, got {array.flat[wrong[0]]} at {wrong[0]} of its "
            f"{array.size} entries, {len(wrong)} such in all; pass an earlier state"
        )
    return array


def _needs_kernel(kernel):
    if not (callable(getattr(kernel, "init", None)) and callable(getattr(kernel, "step", None))):
        raise TypeError(
            f"kernel must be a Kernel(init, step), got {_checks.describe(kernel)}; "
            "langevin(grad, step_size, temperature) makes one"
        )


def _needs_executor(executor):
    if executor is None:
        return
    if not callable(getattr(executor, "submit", None)):
        raise TypeError(
            f"executor must be a concurrent.futures.Executor, got {_checks.describe(executor)}; "
            "such as ThreadPoolExecutor(), or client.get_executor() of Dask"
        )
    from concurrent.futures import ProcessPoolExecutor

    if isinstance(executor, ProcessPoolExecutor):
        raise TypeError(
            "executor must be able to carry functions made inside functions, as kernels are, "
            "which ProcessPoolExecutor cannot; use ThreadPoolExecutor() or Dask's get_executor()"
        )
