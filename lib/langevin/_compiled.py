"""A run in machine code: steps that `_trace` has read, as one loop over a block.  It needs numba.

Each block draws the numbers of a step from its own stream, in NumPy's order, and then goes once
over its particles, all of whose coordinates and forces stay in registers meanwhile.
"""

import copy
import math
import time
from functools import cache, partial
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numba import njit

from langevin._blocks import divergence, part
from langevin._trace import Again, Column, Count, Untraceable, fields_of, trace
from langevin._ziggurat import FILLS, source

# After so many steps a loop comes back to Python, where it can be interrupted.
MANY = 1000
# So many other forms of a step are kept in mind, for a schedule that goes to and fro.
FEW = 3


class Segment(NamedTuple):
    """Steps in a row that differ in their numbers at most.

    ``numbers`` has a row for each step, or one for all; ``drawn`` and ``fields`` are those of a
    `langevin._trace.Trace`, ``before`` are the fields of the state that the steps begin with, and
    ``into`` says which array of the loop each column of the new state is.
    """

    text: str
    numbers: np.ndarray
    drawn: tuple
    before: tuple
    fields: tuple
    into: dict
    n_steps: int


def prepare(kernel, start, n_steps, rng):
    """Return what takes blocks of this run through their steps, and the seconds that it took.

    Raises
    ------
    Untraceable
        With a sentence that says why, if the step cannot be read.
    """
    begun = time.perf_counter()
    segments = plan(kernel, start, n_steps)
    words, bits = source(copy.deepcopy(rng))
    state = part(start, slice(0, 1))
    for segment in segments:
        state = _after(segment, state, 0, 0, words, bits, _rooms(segment, 1))
    return partial(take, segments), time.perf_counter() - begun


def plan(kernel, start, n_steps):
    """Return the segments of a run, with the numbers of all schedules in them."""
    segments = []
    steps = _steps(kernel, start, n_steps)
    for (_, before), group in groupby(steps, lambda step: (step[0].structure, step[1])):
        traces, _, counts = zip(*group, strict=True)
        numbers = np.array([step.numbers for step in traces], dtype=float)
        _, _, drawn, fields = traces[0]
        text, into = loop(traces[0], before), _into(before, fields)
        segments.append(Segment(text, numbers, drawn, before, fields, into, sum(counts)))
    return segments


def _steps(kernel, start, n_steps):
    """Yield the trace of each step, the fields before it, and how many steps are like it."""
    place, fields, k = start._fields.index("k"), fields_of(start), start.k
    read, counts_only = partial(trace, kernel, type(start)), True
    known: list[Again] = []
    for done in range(n_steps):
        if counts_only:
            try:
                step = read(_put(fields, place, Count()))
            except Untraceable:  # it may depend on k
                counts_only = False
        if not counts_only:
            now = _put(fields, place, k)
            step = next(filter(None, (again(now) for again in known)), None)
            if step is None:
                step = read(now)
                again = Again(kernel, type(start), now)
                if again.known:
                    step, known = again.known, [again, *known[:FEW]]
        if step.fields[place] != "k + 1":
            raise Untraceable("its step does not add 1 to k")
        before = _put(fields, place, None)
        fields = tuple(f._replace(names=()) if isinstance(f, Column) else f for f in step.fields)
        if counts_only and _put(fields, place, None) == before:
            yield step, before, n_steps - done
            return
        yield step, before, 1
        k += 1


def _put(fields, place, value):
    return (*fields[:place], value, *fields[place + 1 :])


def loop(step, before):
    """Return the Python of a loop over steps and particles.

    Parameters
    ----------
    step : langevin._trace.Trace
        What it does to each particle.
    before : tuple
        The fields of the state before: where a field keeps its form, it is written in its place.

    Returns
    -------
    str
        A function ``loop(n_steps, numbers, source, e0, ..., a0, ..., b0, ...)`` of the numbers
        drawn, the fields of the state, and those of the new state that have another form.
    """
    into = _into(before, step.fields)
    old = [f"a{i}" for i, field in enumerate(before) if isinstance(field, Column)]
    new = [name for name in into.values() if name not in old]
    rooms = [f"e{j}" for j in range(len(step.drawn))]
    reads = [
        f"s{i}_{j} = a{i}[i, {j}]"
        for i, field in enumerate(before)
        if isinstance(field, Column)
        for j in range(_width(field))
    ]
    reads += [
        f"e{d}_{j} = e{d}[i * {width} + {j}]"
        for d, (_, width) in enumerate(step.drawn)
        for j in range(width)
    ]
    writes = [
        f"{name}[i, {j}] = {value}"
        for i, name in into.items()
        for j, value in enumerate(step.fields[i].names)
    ]
    lines = [
        f"def loop(n_steps, numbers, source, {', '.join([*rooms, *old, *new])}):",
        "    for s in range(n_steps):",
        "        row = numbers[min(s, len(numbers) - 1)]",
        *(f"        c{j} = row[{j}]" for j in range(len(step.numbers))),
        *(f"        {kind}(source, e{j})" for j, (kind, _) in enumerate(step.drawn)),
        f"        for i in range(len({old[0]})):",
        *(f"            {line}" for line in [*reads, *step.lines, *writes]),
    ]
    return "\n".join(lines)


def _into(before, fields):
    """Return into which array each column of the new state is written, by the field's number."""
    return {
        i: f"a{i}" if field._replace(names=()) == before[i] else f"b{i}"
        for i, field in enumerate(fields)
        if isinstance(field, Column)
    }


@cache
def compiled(text, bits):
    """Return a loop in machine code, for random numbers from bits of this kind."""
    names = {"np": np, **FILLS[bits]}
    exec(text, names)
    return njit(nogil=True, error_model="numpy")(names["loop"])


def take(segments, kernel, state, n_steps, stream, observe, every, record, advance=None):
    """Take one block through all its steps; return its end and the step of its divergence."""
    start, again, done = state, copy.deepcopy(stream), 0
    words, bits = source(stream)
    for segment in segments:
        row, rooms = 0, _rooms(segment, len(state.x))
        while row < segment.n_steps:
            steps = min(MANY, segment.n_steps - row)
            if record is not None:
                steps = min(steps, every - done % every)
            state = _after(segment, state, row, steps, words, bits, rooms)
            row, done = row + steps, done + steps
            if record is not None and done % every == 0:
                record[done // every] = observe(state)
            if advance is not None:
                advance(steps * len(state.x))
    if not np.all(np.isfinite(state.x)):
        return state, divergence(kernel, start, n_steps, again)
    return state, None


def _after(segment, state, row, steps, words, bits, rooms):
    """Return the state after some steps of a segment, from its row on; the old one is kept."""
    n, into, columns = len(state.x), segment.into, {}
    for i, field in enumerate(segment.before):
        if isinstance(field, Column):
            columns[f"a{i}"] = np.array(state[i], dtype=DTYPES[field.kind], order="C")
    for i, name in into.items():
        field = segment.fields[i]
        columns.setdefault(name, np.empty((n, *field.shape), dtype=DTYPES[field.kind]))
    numbers = segment.numbers[row : row + steps] if len(segment.numbers) > 1 else segment.numbers
    flat = [column.reshape(n, -1) for column in columns.values()]
    compiled(segment.text, bits)(steps, numbers, words, *rooms, *flat)
    values = [columns[into[i]] if i in into else field for i, field in enumerate(segment.fields)]
    return type(state)(*values)._replace(k=state.k + steps)


def _rooms(segment, n):
    """Return arrays for the numbers that n particles draw in a step."""
    return [np.empty(n * width) for _, width in segment.drawn]


def _width(column):
    return math.prod(column.shape)


DTYPES = {"b": bool, "i": np.int64, "f": np.float64}
