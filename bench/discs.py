"""The gas of W5, and the same gas without a memory of what will happen next."""

import numpy as np

from langevin.hard_discs import HardDiscs as HardDiscs
from langevin.hard_discs import lattice_gas


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
