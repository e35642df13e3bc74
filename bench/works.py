"""What is measured: each work with its contenders, and the bars the library has set itself.

A contender is a function that does one round and returns the ns that a unit of the work took:
a particle-step, a replica-step, a collision, or a step of the one particle.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import sqrt
from typing import NamedTuple

import discs
import numpy as np
import tasks
from tasks import BATCH, EVERY, HEAT, RATE, STEP, W1, W3, W4, force, sfc64

from langevin import (
    adam,
    adamw,
    double_well,
    hmc,
    mala,
    position,
    replica_exchange,
    sgd,
    simulate,
    trajectory,
    ula,
)
from langevin.gradients import control_variate, minibatch
from langevin.kernels import BLOCK
from langevin.networks import LinearRegression
from langevin.schedules import cosine, linear, warm_up
from langevin.underdamped import baoab

OURS, OURS_PCG, OURS_TWO = "langevin, SFC64", "langevin, PCG64", "langevin, SFC64, two threads"
COMPILED, COMPILED_TWO = "langevin, SFC64, compiled", "langevin, SFC64, compiled, two threads"
FLOOR, LOOP, EINSUM = "floor: the normals alone, PCG64", "plain NumPy loop", "einsum in NumPy"
PAIRS, ARRAYS = "all pairs at each collision, NumPy", "simulate, an array of one"
CACHED, FLOATS = "langevin, event-driven", "trajectory, Python floats"


class Work(NamedTuple):
    """A piece of work: who does it, whom they are compared with, and a unit for the table."""

    title: str
    contenders: dict
    against: str
    unit: str = "ns a particle-step"
    peers: dict | None = None


class Bar(NamedTuple):
    """One ratio of two contenders' times, and what it is to be."""

    work: str
    words: str
    above: str
    below: str
    limit: float
    at_least: bool = False


BARS = [
    Bar("W1", "one thread, against the floor", OURS, FLOOR, 1.25),
    Bar("W1", "two threads, against the floor", OURS_TWO, FLOOR, 0.75),
    Bar("W1", "compiled, against the floor", COMPILED, FLOOR, 0.7),
    Bar("W1", "compiled, two threads, against the floor", COMPILED_TWO, FLOOR, 0.36),
    Bar("W2", "against the floor", OURS, FLOOR, 1.5),
    Bar("W2", "compiled, against the floor", COMPILED, FLOOR, 0.85),
    Bar("W3", "against the floor", OURS, FLOOR, 1.7),
    Bar("W3", "compiled, against the floor", COMPILED, FLOOR, 0.6),
    Bar("W4", "faster than einsum", EINSUM, OURS, 1.3, at_least=True),
    Bar("W4", "faster than torch", "torch", OURS, 1.0, at_least=True),
    Bar("W4", "faster than jax", "jax (float32)", OURS, 1.0, at_least=True),
    Bar("W5", "faster than all pairs", PAIRS, CACHED, 15, at_least=True),
    Bar("One", "against the array loop", FLOATS, ARRAYS, 0.3),
    Bar("N", "10⁷ particles against 10⁴, a particle-step", "10⁷", "10⁴", 1.15),
    Bar("W1", "faster than torchsde", "torchsde", OURS, 4, at_least=True),
    Bar("W1", "faster than OpenMM, Reference", "OpenMM, Reference", OURS, 1.7, at_least=True),
    Bar("W1", "faster than sdeint", "sdeint", OURS, 200, at_least=True),
]


def works(share):
    """Return all works, or a `share`-th of each."""
    return {
        "W1": overdamped(share),
        "W2": inertial(share),
        "W3": recorded(share),
        "W4": regression(share),
        "W5": collisions(share),
        "One": one_particle(share),
        "N": sizes(share),
        "Kernels": further(share),
    }


def timed(units, task):
    """Return the contender that does a task of so many units."""

    def once():
        start = time.perf_counter()
        task()
        return 1e9 * (time.perf_counter() - start) / units

    return once


def pcg64():
    return np.random.default_rng(1)


def draw(n, steps, rng):
    """Draw the normals of a work, in blocks that stay in cache, and do nothing with them."""
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        for _ in range(steps):
            rng.standard_normal(size)


def compiled(kernel, x0, steps, threads=1, **options):
    """Return the task of a run in machine code, which is compiled now."""

    def task(steps=steps, **options):
        with ThreadPoolExecutor(threads) as pool:
            simulate(kernel, x0, steps, sfc64(), executor=pool, compiled=True, **options)

    task(steps=2)
    return lambda: task(**options)


KERNEL = ula(double_well(), STEP, HEAT)


def overdamped(share):
    n, steps = W1[0], W1[1] // share
    x0 = np.ones((n, 1))

    def plain(rng):
        x = x0.copy()
        for _ in range(steps):
            x = x + STEP * force(x) + sqrt(2 * STEP * HEAT) * rng.standard_normal(x.shape)

    def threaded():
        with ThreadPoolExecutor(2) as threads:
            simulate(KERNEL, x0, steps, sfc64(), executor=threads)

    jobs = {
        FLOOR: lambda: draw(n, steps, pcg64()),
        "the same, SFC64": lambda: draw(n, steps, sfc64()),
        LOOP: lambda: plain(sfc64()),
        OURS_PCG: lambda: simulate(KERNEL, x0, steps, pcg64()),
        OURS: lambda: simulate(KERNEL, x0, steps, sfc64()),
        OURS_TWO: threaded,
        COMPILED: compiled(KERNEL, x0, steps),
        COMPILED_TWO: compiled(KERNEL, x0, steps, threads=2),
    }
    return Work(
        "Overdamped steps (Euler–Maruyama), 10⁵ particles × 10³ steps in the double well "
        "U = (x² − 1)², final positions",
        {name: timed(n * steps, task) for name, task in jobs.items()},
        FLOOR,
        peers={
            "numba, SFC64": ("numba", "w1"),
            "numba, SFC64, two threads": ("numba", "w1_two_threads"),
            "jax (float32)": ("jax", "w1"),
            "diffrax (float32)": ("diffrax", "w1"),
            "BlackJAX sgld (float32)": ("blackjax", "w1"),
            "OpenMM, Reference": ("openmm", "w1"),
            "torchsde": ("torchsde", "w1"),
            "sdeint": ("sdeint", "w1"),
        },
    )


def inertial(share):
    n, steps = W1[0], W1[1] // share
    kernel, x0 = baoab(double_well(), STEP, HEAT, friction=1.0), np.ones((n, 1))

    def threaded():
        with ThreadPoolExecutor(2) as threads:
            simulate(kernel, x0, steps, sfc64(), executor=threads)

    jobs = {
        FLOOR: lambda: draw(n, steps, pcg64()),
        OURS_PCG: lambda: simulate(kernel, x0, steps, pcg64()),
        OURS: lambda: simulate(kernel, x0, steps, sfc64()),
        OURS_TWO: threaded,
        COMPILED: compiled(kernel, x0, steps),
        COMPILED_TWO: compiled(kernel, x0, steps, threads=2),
    }
    return Work(
        "Steps with inertia (BAOAB), the same potential and size",
        {name: timed(n * steps, task) for name, task in jobs.items()},
        FLOOR,
        peers={
            "numba, SFC64": ("numba", "w2"),
            "jax (float32)": ("jax", "w2"),
            "OpenMM, Reference (middle scheme)": ("openmm", "w2"),
        },
    )


def recorded(share):
    n, steps = W3[0], W3[1] // share
    x0 = np.ones((n, 1))

    def ours(rng):
        simulate(KERNEL, x0, steps, rng, observe=position, every=EVERY)

    jobs = {
        FLOOR: lambda: draw(n, steps, pcg64()),
        OURS_PCG: lambda: ours(pcg64()),
        OURS: lambda: ours(sfc64()),
        COMPILED: compiled(KERNEL, x0, steps, observe=position, every=EVERY),
    }
    return Work(
        "The steps of W1, 10³ particles × 10⁴ steps, every tenth recorded",
        {name: timed(n * steps, task) for name, task in jobs.items()},
        FLOOR,
        peers={
            "numba, SFC64": ("numba", "w3"),
            "jax (float32)": ("jax", "w3"),
            "diffrax (float32)": ("diffrax", "w3"),
            "BlackJAX sgld (float32)": ("blackjax", "w3"),
            "torchsde": ("torchsde", "w3"),
            "sdeint": ("sdeint", "w3"),
        },
    )


def regression(share):
    n, steps = W4[0], W4[1] // share
    X, y = tasks.regression()
    w0 = np.zeros((n, X.shape[1]))
    kernel = sgd(minibatch(LinearRegression(), (X, y), BATCH), RATE)

    def indices(n, steps, rng):
        for _ in range(steps):
            rng.integers(len(X), size=(n, BATCH))

    def einsum(rng):
        w = w0
        for _ in range(steps):
            i = rng.integers(len(X), size=(n, BATCH))
            r = np.einsum("rbd,rd->rb", X[i], w) - y[i]
            w = w - RATE / BATCH * np.einsum("rb,rbd->rd", r, X[i])

    def each(n, steps, rng):
        for w in w0[:n]:
            for _ in range(steps):
                i = rng.integers(len(X), size=BATCH)
                w = w - RATE / BATCH * (X[i] @ w - y[i]) @ X[i]

    few = 10
    return Work(
        "Mini-batch descent on a linear regression (1000 examples, 10 weights, batch 10), "
        "10³ replicas × 10³ steps",
        {
            "drawing the indices alone": timed(n * steps, lambda: indices(n, steps, sfc64())),
            EINSUM: timed(n * steps, lambda: einsum(sfc64())),
            "a Python loop a replica": timed(few * steps, lambda: each(few, steps, sfc64())),
            OURS_PCG: timed(n * steps, lambda: simulate(kernel, w0, steps, pcg64())),
            OURS: timed(n * steps, lambda: simulate(kernel, w0, steps, sfc64())),
        },
        EINSUM,
        unit="ns a replica-step",
        peers={
            "numba, SFC64": ("numba", "w4"),
            "jax (float32)": ("jax", "w4"),
            "torch": ("torch", "w4"),
        },
    )


def collisions(share):
    cached, pairs = discs.new_gas(discs.HardDiscs), discs.new_gas(discs.AllPairs)
    few, many = max(20 // share, 4), 600 // share
    return Work(
        "300 light discs and a heavy one, event-driven",
        {
            PAIRS: timed(few, lambda: discs.collide(pairs, few)),
            CACHED: timed(many, lambda: discs.collide(cached, many)),
        },
        PAIRS,
        unit="ns a collision",
    )


def one_particle(share):
    steps = 10_000 // share
    return Work(
        "One particle × 10⁴ steps, all recorded: what an interactive figure does",
        {
            ARRAYS: timed(
                steps, lambda: simulate(KERNEL, [[1.0]], steps, pcg64(), observe=position)
            ),
            FLOATS: timed(steps, lambda: trajectory(KERNEL, 1.0, steps, pcg64())),
        },
        ARRAYS,
        unit="ns a step",
    )


def sizes(share):
    steps = 50 // min(share, 5)

    def ensemble(n):
        times = max(10**6 // n, 1)

        def task():
            for _ in range(times):
                simulate(KERNEL, np.ones((n, 1)), steps, sfc64())

        return timed(n * steps * times, task)

    return Work(
        "The steps of W1 with more and more particles, 50 steps each",
        {"10⁴": ensemble(10**4), "10⁵": ensemble(10**5)}
        | {"10⁶": ensemble(10**6), "10⁷": ensemble(10**7)},
        "10⁴",
    )


def further(share):
    """Each kernel beside the one that it extends, a step of a whole ladder or path as one."""
    n, steps, U = 10**4, 200 // share, double_well()
    data, w0 = tasks.regression(), np.zeros((1000, 10))
    fresh = minibatch(LinearRegression(), data, BATCH)
    centred = control_variate(LinearRegression(), data, BATCH, np.arange(1.0, 11.0))
    falling = {"a line": linear(STEP, 0, steps), "a cosine": cosine(STEP, 0, steps)}
    falling["a warm-up and a cosine"] = warm_up(steps // 10, cosine(STEP, 0, steps))
    ladder = replica_exchange(lambda T: mala(U, STEP, T), U, [0.1, 0.2, 0.4, 0.8])
    on_wells = {
        OURS: KERNEL,
        **{f"ula, the step on {name}": ula(U, rate, HEAT) for name, rate in falling.items()},
        "mala": mala(U, STEP, HEAT),
        "hmc, ten leaps": hmc(U, STEP, HEAT, 10),
        "replica_exchange of four, mala": ladder,
    }
    on_data = {
        "sgd, batches": sgd(fresh, RATE),
        "sgd, control variates": sgd(centred, RATE),
        "adam, batches": adam(fresh, RATE),
        "adamw, batches": adamw(fresh, RATE),
    }
    jobs = {name: (kernel, np.ones((n, 1))) for name, kernel in on_wells.items()}
    jobs |= {name: (kernel, w0) for name, kernel in on_data.items()}
    return Work(
        "Further kernels: 10⁴ particles × 200 steps in the double well, and the regression of W4",
        {
            name: timed(len(x0) * steps, partial(simulate, kernel, x0, steps, sfc64()))
            for name, (kernel, x0) in jobs.items()
        },
        OURS,
        unit="ns a particle- or replica-step",
    )
