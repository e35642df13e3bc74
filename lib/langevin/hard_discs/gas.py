r"""A gas of elastic hard discs, moved from collision to collision: Newton's law and nothing else.

Between collisions a disc flies straight on, so the moment of the next collision is the root of
a quadratic.  Each disc remembers its own next event; an event changes the velocities of two
discs, so that only these two and whoever was waiting for them have to look again.

Any consistent units; `lattice_gas` takes light mass = light radius = k_B = 1.
B. Alder and T. Wainwright, J. Chem. Phys. 31, 459 (1959).
"""

import math

import numpy as np

from langevin import _checks

# Partners that are no discs: a wall across x, a wall across y, or nobody within sight.
WALL_X, WALL_Y, NOBODY = -1, -2, -3


class HardDiscs:
    """Elastic discs in a rectangular box with its corner at the origin.

    Parameters
    ----------
    positions : array_like, shape (n_discs, 2)
        Centres, in units of length.
    velocities : array_like, shape (n_discs, 2)
        In length / time.
    radii, masses : float or array_like, shape (n_discs,)
        Positive.
    box : float or (float, float)
        Sides of the box.
    walls : {"periodic", "reflecting"}
        What the edge of the box does.  In a periodic box positions are not wrapped: they go on
        counting beyond the edge, and ``positions % box`` is where to draw them.

    Attributes
    ----------
    positions, velocities : ndarray, shape (n_discs, 2)
        At ``time``.
    time : float
        How far the gas has gone.
    n_collisions : int
        How many collisions between discs there were.

    Raises
    ------
    ValueError
        If shapes disagree, a radius, mass or side is not positive, discs overlap or reach out
        of a reflecting box, or a periodic box is too small for its discs.

    Examples
    --------
    Equal discs meeting head-on swap their velocities:

    >>> gas = HardDiscs([[2, 5], [8, 5]], [[1, 0], [-1, 0]], radii=1, masses=1, box=10)
    >>> gas.advance_to(3.0)
    >>> gas.positions, gas.velocities
    (array([[3., 5.],
           [7., 5.]]), array([[-1.,  0.],
           [ 1.,  0.]]))
    """

    def __init__(self, positions, velocities, radii, masses, box, walls="periodic"):
        # inside, x and y are two long rows, which is how NumPy is fastest
        self._r = _checks.positions(positions, "positions", dim=2).T.copy()
        self._v = _checks.positions(velocities, "velocities", dim=2).T.copy()
        n = self._r.shape[1]
        if self._v.shape[1] != n:
            raise ValueError(f"velocities must have {n} rows, got {self._v.shape[1]}")
        self.radii = _one_each(radii, "radii", n)
        self.masses = _one_each(masses, "masses", n)
        self.box = _one_each(box, "box", 2)
        if walls not in ("periodic", "reflecting"):
            raise ValueError(f"walls must be 'periodic' or 'reflecting', got {walls!r}")
        self.periodic = walls == "periodic"
        self.time = 0.0
        self.n_collisions = 0
        self._contact = self.radii[:, None] + self.radii  # distance of two centres at contact
        self._contact2 = self._contact**2
        self._reach = self.box.min() / 2 - self._contact.max(axis=1)
        self._refuse_overlaps()
        self._next_time = np.full(n, np.inf)
        self._partner = np.full(n, NOBODY)
        self._look_again(np.arange(n))

    @property
    def positions(self) -> np.ndarray:
        """Centres now, shape (n_discs, 2); a copy."""
        return self._r.T.copy()

    @property
    def velocities(self) -> np.ndarray:
        """Velocities now, shape (n_discs, 2); a copy."""
        return self._v.T.copy()

    @property
    def energy(self) -> float:
        """Kinetic energy of all discs."""
        return float(0.5 * (self.masses * self._v**2).sum())

    @property
    def momentum(self) -> np.ndarray:
        """Total momentum, shape (2,)."""
        return self._v @ self.masses

    def advance_to(self, time: float) -> None:
        """Let the gas fly and collide until `time`.

        Parameters
        ----------
        time : float
            At or after the gas's own ``time``.

        Raises
        ------
        ValueError
            If `time` lies in the past.
        """
        time = float(_checks.finite(time, "time"))
        if time < self.time:
            raise ValueError(f"time must be at or after {self.time}, got {time}; make a new gas")
        while self._next_time.min() <= time:
            self.next_event()
        self._fly(time)

    def next_event(self) -> None:
        """Fly to the next event and let it happen: a collision, a wall, or a look around."""
        i = int(self._next_time.argmin())
        j = int(self._partner[i])
        self._fly(self._next_time[i])
        changed = self._partner == i
        changed[i] = True
        if j >= 0:
            self._collide(i, j)
            changed |= self._partner == j
            changed[j] = True
        elif j != NOBODY:
            self._v[0 if j == WALL_X else 1, i] *= -1
        self._look_again(np.flatnonzero(changed))

    def _fly(self, time):
        self._r += (time - self.time) * self._v
        self.time = time

    def _collide(self, i, j):
        """Exchange momentum along the line of centres, so that energy stays."""
        normal = self._separation(self._r[:, j] - self._r[:, i])
        normal /= math.hypot(*normal)
        m_i, m_j = self.masses[i], self.masses[j]
        approach = (self._v[:, i] - self._v[:, j]) @ normal
        impulse = 2 * m_i * m_j / (m_i + m_j) * approach * normal
        self._v[:, i] -= impulse / m_i
        self._v[:, j] += impulse / m_j
        self.n_collisions += 1

    def _look_again(self, discs):
        """Find the next event of these discs, and tell the others whom they will meet sooner."""
        wait = self._contact_times(discs)
        edge_wait, edge = self._edge_events(discs)
        soonest = wait.min(axis=1)
        at_edge = edge_wait < soonest
        self._next_time[discs] = self.time + np.where(at_edge, edge_wait, soonest)
        self._partner[discs] = np.where(at_edge, edge, wait.argmin(axis=1))

        met_at = self.time + wait.min(axis=0)
        sooner = met_at < self._next_time
        self._next_time[sooner] = met_at[sooner]
        self._partner[sooner] = discs[wait[:, sooner].argmin(axis=0)]

    def _contact_times(self, discs):
        """Return the wait until each of these discs touches each other disc, inf for never.

        Contact is the earlier root of |r + v t|**2 = contact**2, in the form that loses no
        digits when the gap is small.
        """
        r = self._separation((self._r[:, None] - self._r[:, discs, None]).T).T
        v = self._v[:, None] - self._v[:, discs, None]
        gap = _dot(r, r) - self._contact2[discs]
        approach = _dot(r, v)
        root = approach**2 - _dot(v, v) * gap
        hit = np.nonzero((approach < 0) & (root > 0))
        wait = np.full(root.shape, np.inf)
        wait[hit] = np.maximum(gap[hit], 0) / (np.sqrt(root[hit]) - approach[hit])
        return wait

    def _edge_events(self, discs):
        """Return wait and kind of the next thing that the box does to these discs."""
        v = self._v[:, discs]
        if self.periodic:
            # The nearest image of a disc is the right one to watch until another image of it
            # can have come as near; then the disc must look again.
            return self._reach[discs] / (np.abs(v).max(axis=0) + np.abs(self._v).max()), NOBODY
        radius = self.radii[discs]
        way = np.where(v > 0, self.box[:, None] - radius, radius) - self._r[:, discs]
        wait = np.maximum(_divide(way, v), 0)
        return wait.min(axis=0), np.where(wait[0] < wait[1], WALL_X, WALL_Y)

    def _separation(self, r):
        """Return the shortest of all periodic images of the vectors `r`."""
        return r - self.box * np.rint(r / self.box) if self.periodic else r

    def _refuse_overlaps(self):
        if self.periodic and np.any(self.box < 2 * self._contact.max()):
            raise ValueError(
                f"a periodic box must be at least {2 * self._contact.max():g} wide for discs of "
                f"these radii, got {self.box}"
            )
        r = self._separation((self._r[:, None] - self._r[:, :, None]).T).T
        distance = np.sqrt(_dot(r, r))
        overlap = self._contact * (1 - 1e-12) - distance
        np.fill_diagonal(overlap, -np.inf)
        i, j = np.unravel_index(overlap.argmax(), overlap.shape)
        if overlap[i, j] > 0:
            raise ValueError(
                f"discs {i} and {j} overlap: their centres are {distance[i, j]:g} apart and must "
                f"be at least {self._contact[i, j]:g}; move one of them"
            )
        if not self.periodic:
            inside = (self.positions >= self.radii[:, None]) & (
                self.positions <= self.box - self.radii[:, None]
            )
            if not inside.all():
                i = int(np.argmin(inside.all(axis=1)))
                raise ValueError(
                    f"disc {i} at {self.positions[i]} with radius {self.radii[i]:g} reaches out "
                    f"of the box {self.box}; move it inside"
                )


def record(gas: HardDiscs, times) -> np.ndarray:
    """Let a gas run and note the positions of all discs at the given times.

    Parameters
    ----------
    gas : HardDiscs
        The gas; it has advanced to the last time afterwards.
    times : array_like, shape (n_frames,)
        In increasing order, none before ``gas.time``.

    Returns
    -------
    ndarray, shape (n_frames, n_discs, 2)
        Positions, not wrapped into a periodic box.

    Raises
    ------
    ValueError
        If a time lies in the past of the one before.

    Examples
    --------
    >>> gas = HardDiscs([[1, 1]], [[1, 0]], radii=0.5, masses=1, box=10)
    >>> record(gas, [0.0, 2.0])[:, 0, 0]
    array([1., 3.])
    """
    frames = np.empty((len(times), *gas.positions.shape))
    for frame, time in zip(frames, times, strict=True):
        gas.advance_to(time)
        frame[:] = gas.positions
    return frames


def _dot(a, b):
    return a[0] * b[0] + a[1] * b[1]


def _divide(a, b):
    """Return a / b, inf where b is zero."""
    return np.divide(a, b, out=np.full(np.shape(b), np.inf), where=b != 0)


def _one_each(value, name, n):
    value = _checks.positive(value, name)
    if np.shape(value) not in ((), (n,)):
        raise ValueError(f"{name} must be one number or {n} of them, got shape {np.shape(value)}")
    return np.full(n, value)
