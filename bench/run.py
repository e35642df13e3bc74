"""Measure the library against the bars it has set itself: ``python bench/run.py``.

Each line is a ratio of two medians from interleaved rounds in this one process, since absolute
times do not travel between machines; ns are per particle-step.

W1   overdamped steps in the double well, 1e5 particles x 1e3 steps, final positions,
     against the floor: drawing the normals alone with PCG64, in blocks that stay in cache
W3   1e3 particles x 1e4 steps, every tenth recorded, against the same floor
W5   collisions a second of 300 light discs and a heavy one, against looking at all pairs
     at each collision in plain NumPy (tuned by hand, that is a third faster)
One  one particle x 1e4 steps on Python floats, against an array of one

``--quick`` runs a tenth of each.  The exit code counts the bars that were missed.
"""

import argparse
import statistics
import sys
import time

import numpy as np

from langevin import double_well, position, simulate, trajectory, ula
from langevin.hard_discs import HardDiscs, lattice_gas
from langevin.kernels import BLOCK

KERNEL = ula(double_well(), step_size=0.01, temperature=0.2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default 5)")
    options = parser.parse_args()
    share = 10 if options.quick else 1
    benches = (overdamped, recorded, one_particle, discs)
    missed = sum(bench(share, options.rounds) for bench in benches)
    print(f"{missed} bars missed" if missed else "all bars met")
    return missed


def overdamped(share, rounds):
    n, steps = 100_000, 1000 // share
    x0 = np.ones((n, 1))
    floor, ours = medians(
        rounds,
        lambda: draw(n, steps, np.random.default_rng(1)),
        lambda: simulate(KERNEL, x0, steps, np.random.Generator(np.random.SFC64(1))),
    )
    return verdict("W1", ours / floor, 1.25, per_step(ours, n, steps), per_step(floor, n, steps))


def recorded(share, rounds):
    n, steps = 1000, 10_000 // share
    x0 = np.ones((n, 1))
    floor, ours = medians(
        rounds,
        lambda: draw(n, steps, np.random.default_rng(1)),
        lambda: simulate(
            KERNEL,
            x0,
            steps,
            np.random.Generator(np.random.SFC64(1)),
            observe=position,
            every=10,
        ),
    )
    return verdict("W3", ours / floor, 1.7, per_step(ours, n, steps), per_step(floor, n, steps))


def one_particle(share, rounds):
    steps = 10_000 // share
    arrays, floats = medians(
        rounds,
        lambda: simulate(KERNEL, [[1.0]], steps, np.random.default_rng(1), observe=position),
        lambda: trajectory(KERNEL, 1.0, steps, np.random.default_rng(1)),
    )
    return verdict("One", floats / arrays, 0.3, f"{1e3 * floats:.1f} ms", f"{1e3 * arrays:.1f} ms")


def discs(share, rounds):
    cached, pairs = new_gas(HardDiscs), new_gas(AllPairs)
    few, many = max(20 // share, 4), 600 // share
    slow, fast = medians(rounds, lambda: collide(pairs, few), lambda: collide(cached, many))
    speeds = many / fast, few / slow
    words = (f"{speed:.0f} collisions/s" for speed in speeds)
    return verdict("W5", speeds[0] / speeds[1], 15, *words, at_least=True)


def verdict(name, ratio, bar, ours, other, at_least=False):
    """Print one line; return whether the bar was missed."""
    missed = ratio < bar if at_least else ratio > bar
    sign = ">=" if at_least else "<="
    print(
        f"{name:4} {ratio:6.2f}  bar {sign} {bar:<5}  {'MISSED' if missed else 'met':6}  "
        f"{ours} against {other}",
        flush=True,
    )
    return missed


def per_step(seconds, n, steps):
    return f"{1e9 * seconds / (n * steps):.1f} ns"


def medians(rounds, *tasks):
    """Return the median time of each task, the tasks taking turns."""
    times = [[] for _ in tasks]
    for _ in range(rounds):
        for task, taken in zip(tasks, times, strict=True):
            start = time.perf_counter()
            task()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


def draw(n, steps, rng):
    for start in range(0, n, BLOCK):
        size = (min(BLOCK, n - start), 1)
        for _ in range(steps):
            rng.standard_normal(size)


class AllPairs:
    """The same periodic gas without memory: after each collision all pairs are asked anew."""

    def __init__(self, positions, velocities, radii, masses, box):
        self.r, self.v, self.masses, self.box = positions.T.copy(), velocities.T.copy(), masses, box
        self.contact2 = (radii[:, None] + radii) ** 2
        self.n_collisions = 0

    def next_event(self):
        side = self.box[:, None, None]
        r = self.r[:, None] - self.r[:, :, None]
        x, y = r - side * np.rint(r / side)
        u, v = self.v[:, None] - self.v[:, :, None]
        gap = x * x + y * y - self.contact2
        approach = x * u + y * v
        root = approach * approach - (u * u + v * v) * gap
        with np.errstate(invalid="ignore", divide="ignore"):
            wait = np.maximum(gap, 0) / (np.sqrt(root) - approach)
        wait = np.where((approach < 0) & (root > 0), wait, np.inf)
        self.r += wait.min() * self.v
        self.collide(*np.unravel_index(wait.argmin(), wait.shape))

    def collide(self, i, j):
        normal = self.r[:, j] - self.r[:, i]
        normal -= self.box * np.rint(normal / self.box)
        m = self.masses[[i, j]]
        approach = (self.v[:, i] - self.v[:, j]) @ normal / (normal @ normal)
        impulse = 2 * m.prod() / m.sum() * approach * normal
        self.v[:, i] -= impulse / m[0]
        self.v[:, j] += impulse / m[1]
        self.n_collisions += 1


def new_gas(kind):
    gas = lattice_gas(300, 50.0, 5.0, 1.0, 0.3, np.random.default_rng(1))
    gas.advance_to(5.0)  # forget the lattice
    return kind(gas.positions, gas.velocities, gas.radii, gas.masses, gas.box)


def collide(gas, n):
    goal = gas.n_collisions + n
    while gas.n_collisions < goal:
        gas.next_event()


if __name__ == "__main__":
    sys.exit(main())
