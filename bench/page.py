"""Tables of what was measured, and the page of the book that is made of them."""

import datetime
import os
import platform
import re
import statistics
from pathlib import Path
from typing import NamedTuple

import numpy as np

ABSENT = "–"
BUSY_LOAD = 0.7
BUSY = (
    " The machine was busy with other work at the time: take the times for too long, and do not "
    "count on what needs more than one thread."
)


class Verdict(NamedTuple):
    """A bar, the ratio that was measured and whether it is good enough (None: not measured)."""

    bar: tuple
    ratio: float | None
    reached: bool | None


def ratio(above, below):
    """Return the median ratio of two contenders, each pair of times from the same round."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def work_table(name, work, times, absent):
    lines = [f"\n**{name}.** {work.title}.\n"]
    lines += [f"| contender | {work.unit} | × {work.against.split(':')[0]} |", "|---|---:|---:|"]
    for contender, found in times.items():
        share = ratio(found, times[work.against])
        lines.append(f"| {contender} | {digits(statistics.median(found))} | {share:.2f} |")
    lines += [f"| {contender} | {why} | {ABSENT} |" for contender, why in absent.items()]
    return "\n".join(lines)


def bar_table(verdicts):
    words = {True: "reached", False: "**missed**", None: "not measured"}
    lines = ["\n| work | ratio | bar | measured | verdict |", "|---|---|---:|---:|---|"]
    for bar, found, reached in verdicts:
        sign = "≥" if bar.at_least else "≤"
        found = ABSENT if found is None else f"{found:.3g}" if found >= 10 else f"{found:.2f}"
        lines.append(
            f"| {bar.work} | {bar.words} | {sign} {bar.limit:g} | {found} | {words[reached]} |"
        )
    return "\n".join(lines)


def digits(number):
    return f"{number:,.1f}" if number < 100 else f"{float(f'{number:.3g}'):,.0f}"


def machine():
    """Return the processor in words: how many cores of what family."""
    info = Path("/proc/cpuinfo")
    models = (
        re.findall(r"model name\s*: (.*)", info.read_text(encoding="utf-8"))
        if info.is_file()
        else []
    )
    model = re.sub(r"\(\w+\)|@.*", "", models[0] if models else platform.machine())
    family = " ".join(word for word in model.split() if not re.search(r"\d|CPU|Processor", word))
    return f"{os.cpu_count()} cores of the family {family or platform.machine()}"


def whole(works, results, verdicts, peers, rounds, load):
    """Return the page; `load` is how many other processes wanted to run when the bench began."""
    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}"]
    versions += [f"{name} {peer.version}" for name, peer in peers.items() if peer.version]
    missing = [name for name, peer in peers.items() if peer.missing]
    tables = "\n".join(work_table(name, work, *results[name]) for name, work in works.items())
    return PAGE.format(
        date=datetime.date.today().strftime("%-d %B %Y"),
        machine=machine(),
        busy=BUSY if load > BUSY_LOAD else "",
        rounds=rounds,
        versions=", ".join(versions),
        missing=f" Not installed on this machine: {', '.join(missing)}." if missing else "",
        verdict=verdict(verdicts),
        bars=bar_table(verdicts).strip(),
        lost=lost(results),
        tables=tables.strip(),
    )


def verdict(verdicts):
    reached = sum(bool(v.reached) for v in verdicts)
    rest = [
        f"{sum(v.reached is outcome for v in verdicts)} {words}"
        for outcome, words in ((False, "missed"), (None, "not measured"))
        if any(v.reached is outcome for v in verdicts)
    ]
    return f"{reached} of {len(verdicts)} bars reached" + "".join(f", {words}" for words in rest)


def lost(results):
    """Return, in words, who was faster than the library on one thread, and by how much."""
    from works import OURS

    winners = []
    for name in ("W1", "W2", "W3", "W4"):
        times, _ = results[name]
        rivals = {
            who: ratio(times[OURS], found)
            for who, found in times.items()
            if not who.startswith(("langevin", "floor", "the same", "drawing"))
        }
        faster = [f"{who} ({r:.1f} ×)" for who, r in rivals.items() if r > 1.05]
        if faster:
            winners.append(f"- {name}: {', '.join(faster)}")
    return "\n".join(winners) or "- Nobody, in this run."


PAGE = """# Performance

What the library costs, beside the cost of its random numbers alone and beside other people's \
libraries. `make bench` measures all of it in one run and writes this page; nothing here is typed \
by hand.

Measured on {date}, on {machine}, in {rounds} rounds; {verdict}. \
Versions: {versions}.{missing}{busy}

In each round all contenders take turns. The times are medians over the rounds; a ratio is the \
median of the ratios within a round, which a busy moment of the machine disturbs less. Times do \
not travel between machines. Ratios travel better.

## How fast it could be

A Langevin step needs one normal random number a coordinate, and drawing it is most of the work. \
This is the floor: the normals alone, from NumPy's default generator (PCG64), on one thread, in \
blocks that stay in the processor's cache. A simulation close to it has little left to gain \
without another source of random numbers. SFC64 is such a source; which of the two is faster \
depends on the processor. `numpy.random.Generator(numpy.random.SFC64(seed))` goes wherever the \
book passes `default_rng(seed)`.

The bars are what the library has set itself.

{bars}

## Who is faster

On one thread of the library in NumPy, with SFC64, these were faster, by the factor in brackets:

{lost}

Compiled code can win. numba keeps a particle in a register through all its steps and jax fuses a \
step into one pass over memory, where NumPy makes a pass for each operation. jax and what stands \
on it also compute in single precision here, as they do unless told otherwise, draw from another \
generator, and use all cores when they see fit; torch has one thread, as the library. What \
compiles has compiled before the first round. The library stays with NumPy and double precision \
because its functions are there to be read: each line of them is a line of the equation, in a \
language that also runs in a browser. With `compiled=True` the same lines are read once on symbols \
and run in machine code; the rows that say so have the stream and the numbers of those above them. \
The plain loop is the same step over all particles at once; \
the library's blocks pay when the arrays outgrow the processor's cache.

## The works

torchsde and OpenMM do a tenth of the steps, and sdeint a few trajectories one at a time, since \
they would take minutes; the cost of a particle-step is what is compared. torchsde pays for \
Brownian paths that can be asked at any time, and OpenMM for molecules: its Reference platform is \
the plain one, meant for checking the others, and each of its particles has three coordinates, \
here each in a double well of its own and each counted as a particle.

{tables}
"""
