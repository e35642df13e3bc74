"""An ensemble in blocks: each goes through all its steps with random numbers of its own.

What comes out does not depend on who runs a block, nor on the order in which they are run.
"""

import copy
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

# A block of this size stays in the processor's cache while it goes through all its steps.
BLOCK = 8192


def run(kernel, start, n_steps, rng, observe, every, record, executor, advance, take=None):
    """Run all blocks and fill the record, unless it is None.

    `take` takes a block through its steps as `steps` does; with one that lets other threads run,
    as machine code does, there are as many as cores.  Return the final state and the first step
    at which a position was not finite (None: at none).
    """
    n = len(start.x)
    blocks = [slice(i, min(i + BLOCK, n)) for i in range(0, n, BLOCK)]
    jobs = [
        (kernel, part(start, block), n_steps, stream, observe, every)
        for block, stream in zip(blocks, rng.spawn(len(blocks)), strict=True)
    ]
    views = [None if record is None else record[:, block] for block in blocks]
    if executor is not None:
        ends = _sent(take or steps, jobs, blocks, record, executor, advance)
    elif take and len(blocks) > 1:
        ends = _on_all_cores(take, jobs, views, advance)
    else:
        work = zip(jobs, views, strict=True)
        ends = [(take or steps)(*job, view, advance) for job, view in work]
    states, diverged = zip(*ends, strict=True)
    return joined(states), min((k for k in diverged if k is not None), default=None)


@contextmanager
def overflows_noted():
    """Collect the kinds of overflow of which NumPy would warn, without its warnings."""
    kinds = set()
    noted: dict[str, Any] = {k: "call" for k in ("over", "invalid") if np.geterr()[k] == "warn"}
    with np.errstate(call=lambda kind, flag: kinds.add(kind), **noted):
        yield kinds


def warn_overflow(kinds):
    """Warn of overflows that left all positions finite, in the place of NumPy."""
    for kind in sorted(kinds):
        warnings.warn(f"{kind} encountered in a step of the kernel", RuntimeWarning, stacklevel=3)


def new_record(first, n_particles, n_records):
    """Return a record of the right shape, its first entry filled."""
    first = np.asarray(first)
    if first.shape[:1] != (n_particles,):
        raise ValueError(
            f"observe must return one entry per particle, first axis {n_particles}, "
            f"got shape {first.shape}"
        )
    record = np.empty((n_records, *first.shape), dtype=first.dtype)
    record[0] = first
    return record


def part(state, block):
    """Return the state of some of the particles, which are the first axis of every array."""
    return type(state)(*(v[block] if isinstance(v, np.ndarray) else v for v in state))


def joined(states):
    """Return one state for the whole ensemble; what is no array is the same in every block."""
    fields = (
        np.concatenate(values) if isinstance(values[0], np.ndarray) else values[0]
        for values in zip(*states, strict=True)
    )
    return type(states[0])(*fields)


def steps(kernel, state, n_steps, stream, observe, every, record, advance=None):
    """Take one block through all its steps; return its end and the step of its divergence."""
    start, again, callers = state, copy.deepcopy(stream), np.geterr()
    with overflows_noted() as kinds:
        for k in range(1, n_steps + 1):
            state = kernel.step(state, stream)
            if record is not None and k % every == 0:
                with np.errstate(**callers):
                    record[k // every] = observe(state)
            if advance is not None:
                advance(len(state.x))
    if not np.all(np.isfinite(state.x)):
        return state, divergence(kernel, start, n_steps, again)
    warn_overflow(kinds)
    return state, None


def divergence(kernel, state, n_steps, stream):
    """Repeat a run and return the first step at which a position is not finite."""
    with np.errstate(all="ignore"):
        for k in range(1, n_steps):
            state = kernel.step(state, stream)
            if not np.all(np.isfinite(state.x)):
                return k
    return n_steps


def _on_all_cores(take, jobs, views, advance):
    """Run the blocks in threads of our own."""
    affinity = getattr(os, "sched_getaffinity", None)
    ends = []
    with ThreadPoolExecutor(len(affinity(0)) if affinity else os.cpu_count()) as threads:
        for job, end in zip(
            jobs, threads.map(lambda job, view: take(*job, view), jobs, views), strict=True
        ):
            ends.append(end)
            if advance is not None:
                advance(len(job[1].x) * job[2])
    return ends


def _sent(take, jobs, blocks, record, executor, advance):
    """Let the executor run the blocks; collect what `steps` returns and fill the record."""
    futures = [executor.submit(_far_away, take, *job) for job in jobs]
    ends = []
    try:
        for block, future in zip(blocks, futures, strict=True):
            end, found = future.result()
            ends.append(end)
            if record is not None:
                record[:, block] = found
            if advance is not None:
                advance((block.stop - block.start) * jobs[0][2])
    finally:
        # when one has failed, or the reader has lost patience, the others need not start
        for future in futures:
            future.cancel()
    return ends


def _far_away(take, kernel, state, n_steps, stream, observe, every):
    """Run a block where the caller's memory may be out of reach: its record is sent back."""
    record = None
    if observe is not None:
        record = new_record(observe(state), len(state.x), n_steps // every + 1)
    return take(kernel, state, n_steps, stream, observe, every, record), record
