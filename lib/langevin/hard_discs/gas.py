r"""A gas of elastic hard discs, moved from collision to collision: Newton's law and nothing else.

Between collisions a disc flies straight on, so that the moment of a collision is the root of a
quadratic.  A heap holds what is known of the future; what has become wrong, because a disc was
hit in the meantime, is dropped when it comes up.  A disc looks ahead only one *stride*: it
notes whom it may meet before it has gone that far, and then looks again.  Whoever it can meet
is at most one contact and two strides away, so that a grid of cells of this size tells whom to
ask.

Any consistent units; `lattice_gas` takes light mass = light radius = k_B = 1.
B. Alder and T. Wainwright, J. Chem. Phys. 31, 459 (1959).
"""

import math
from heapq import heappop, heappush
from itertools import chain

import numpy as np

from langevin import _checks
from langevin.hard_discs.grid import Grid

# What a disc may meet that is no disc: a wall across x, a wall across y, the end of its stride.
WALL_X, WALL_Y, LOOK = -1, -2, -3


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
    radii, masses : ndarray, shape (n_discs,)
        As given.
    box : ndarray, shape (2,)
        As given.
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
        positions = _checks.positions(positions, "positions", dim=2)
        velocities = _checks.positions(velocities, "velocities", dim=2)
        n = len(positions)
        if len(velocities) != n:
            raise ValueError(f"velocities must have {n} rows, got {len(velocities)}")
        self.radii = _one_each(radii, "radii", n)
        self.masses = _one_each(masses, "masses", n)
        self.box = _one_each(box, "box", 2)
        if walls not in ("periodic", "reflecting"):
            raise ValueError(
                f"walls must be 'periodic' or 'reflecting', got {_checks.describe(walls)}"
            )
        self.periodic = walls == "periodic"
        self._refuse_overlaps(positions)
        self.time = 0.0
        self.n_collisions = 0
        # Python floats: one number at a time they are faster than arrays.
        # A flight is where a disc was, how fast it is, and when that was noted: x, y, u, v, since
        self._flight = [
            (x, y, u, v, 0.0)
            for (x, y), (u, v) in zip(positions.tolist(), velocities.tolist(), strict=True)
        ]
        self._radius, self._mass = self.radii.tolist(), self.masses.tolist()
        self._laps = np.zeros((n, 2))  # how often a disc has gone round a periodic box
        self._hits = [0] * n  # how often the velocity has changed
        self._heap = []
        self._make_grid()
        for i in range(n):
            self._look(i)

    @property
    def positions(self) -> np.ndarray:
        """Centres now, shape (n_discs, 2)."""
        flight = np.array(self._flight)
        in_box = flight[:, :2] + (self.time - flight[:, 4:]) * flight[:, 2:4]
        return in_box + self._laps * self.box

    @property
    def velocities(self) -> np.ndarray:
        """Velocities now, shape (n_discs, 2)."""
        return np.array(self._flight)[:, 2:4]

    @property
    def energy(self) -> float:
        """Kinetic energy of all discs."""
        return float(0.5 * (self.masses @ self.velocities**2).sum())

    @property
    def momentum(self) -> np.ndarray:
        """Total momentum, shape (2,)."""
        return self.masses @ self.velocities

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
        while self._heap and self._heap[0][0] <= time:
            self.next_event()
        self.time = time

    def next_event(self) -> None:
        """Take the next event from the heap and let it happen, if it still can."""
        time, i, j, hits_i, hits_j = heappop(self._heap)
        if self._hits[i] != hits_i or (j >= 0 and self._hits[j] != hits_j):
            return
        self.time = time
        self._fly(i)
        if j >= 0:
            self._fly(j)
            self._collide(i, j)
            self._look(j)
        elif j != LOOK:
            self._bounce(i, j)
        self._look(i)

    def _fly(self, i):
        x, y, u, v, since = self._flight[i]
        ago = self.time - since
        self._flight[i] = x + ago * u, y + ago * v, u, v, self.time

    def _turn(self, i, u, v):
        """Give disc i another velocity; what was planned with the old one is void."""
        x, y, *_ = self._flight[i]
        self._flight[i] = x, y, u, v, self.time
        self._hits[i] += 1

    def _collide(self, i, j):
        """Exchange momentum along the line of centres, so that energy stays."""
        x_i, y_i, u_i, v_i, _ = self._flight[i]
        x_j, y_j, u_j, v_j, _ = self._flight[j]
        x, y = self._nearest(x_j - x_i, y_j - y_i)
        distance = math.hypot(x, y)
        x, y = x / distance, y / distance
        m_i, m_j = self._mass[i], self._mass[j]
        impulse = 2 * m_i * m_j / (m_i + m_j) * ((u_i - u_j) * x + (v_i - v_j) * y)
        self._turn(i, u_i - impulse / m_i * x, v_i - impulse / m_i * y)
        self._turn(j, u_j + impulse / m_j * x, v_j + impulse / m_j * y)
        self.n_collisions += 1

    def _bounce(self, i, wall):
        _, _, u, v, _ = self._flight[i]
        self._turn(i, *((-u, v) if wall == WALL_X else (u, -v)))

    def _look(self, i):
        """Note what disc i may meet before it has gone one stride."""
        self._file(i)
        now, heap, hits, flights = self.time, self._heap, self._hits, self._flight
        x, y, u, v, _ = flights[i]
        radius, (half_x, half_y) = self._radius[i], self._half
        fastest = max(abs(u), abs(v))
        until = now + self._stride / fastest if fastest > 0 else math.inf
        if until < math.inf:
            heappush(heap, (until, i, LOOK, hits[i], 0))
        if not self.periodic:
            self._look_for_walls(i, until)
        for j in self._candidates(i):
            x_j, y_j, u_j, v_j, since = flights[j]
            ago = now - since
            dx, dy = x_j + ago * u_j - x, y_j + ago * v_j - y
            if not (-half_x <= dx <= half_x and -half_y <= dy <= half_y):
                dx, dy = self._nearest(dx, dy)
            du, dv = u_j - u, v_j - v
            approach = dx * du + dy * dv
            if approach < 0:  # which it is not for j = i
                # the earlier root of |d + t d'|^2 = contact^2, in the form that loses no digits
                gap = dx * dx + dy * dy - (radius + self._radius[j]) ** 2
                root = approach * approach - (du * du + dv * dv) * gap
                if root > 0:
                    meeting = now + max(gap, 0.0) / (math.sqrt(root) - approach)
                    if meeting <= until:
                        heappush(heap, (meeting, i, j, hits[i], hits[j]))

    def _look_for_walls(self, i, until):
        x, y, u, v, _ = self._flight[i]
        radius, (side_x, side_y) = self._radius[i], self._sides
        for wall, place, speed, side in ((WALL_X, x, u, side_x), (WALL_Y, y, v, side_y)):
            if speed != 0:
                way = (side - radius if speed > 0 else radius) - place
                meeting = self.time + max(way / speed, 0.0)
                if meeting <= until:
                    heappush(self._heap, (meeting, i, wall, self._hits[i], 0))

    def _nearest(self, x, y):
        """Return the shortest periodic image of the vector between two discs in the box."""
        half_x, half_y = self._half
        if x > half_x:
            x -= 2 * half_x
        elif x < -half_x:
            x += 2 * half_x
        if y > half_y:
            y -= 2 * half_y
        elif y < -half_y:
            y += 2 * half_y
        return x, y

    def _make_grid(self):
        """Sort the discs into cells, all but the few large ones, which everybody watches."""
        large = self.radii > 1.5 * np.median(self.radii)
        contact = 2 * self.radii[~large].max()
        self._sides = self.box.tolist()
        self._half = [side / 2 if self.periodic else math.inf for side in self._sides]
        self._stride = contact / 2
        if self.periodic:
            # then the nearest image of a disc stays the right one to watch for a stride of both
            room = self.box.min() / 2 - np.sort(self.radii)[-2:].sum()
            self._stride = min(self._stride, float(room) / 2)
        self._large = set(np.flatnonzero(large).tolist())
        self._grid = Grid(self._sides, contact + 2 * self._stride, self.periodic)
        for i in range(len(large)):
            self._file(i)

    def _file(self, i):
        """Put disc i back into a periodic box, and into its cell."""
        x, y, *motion = self._flight[i]
        side_x, side_y = self._sides
        if self.periodic and not (0 <= x < side_x and 0 <= y < side_y):
            laps = x // side_x, y // side_y
            x, y = x - laps[0] * side_x, y - laps[1] * side_y
            self._flight[i] = x, y, *motion
            self._laps[i] += laps
        if i not in self._large:
            self._grid.put(i, x, y)

    def _candidates(self, i):
        """Return whoever disc i might meet within a stride."""
        if i in self._large:
            return range(len(self._flight))
        return chain(self._large, *self._grid.around(i))

    def _refuse_overlaps(self, positions):
        room = self.box.min() - 2 * np.sort(self.radii)[-2:].sum()
        if self.periodic and room <= 0:
            raise ValueError(
                f"a periodic box must be wider than {self.box.min() - room:g} for discs of these "
                f"radii, got {self.box}"
            )
        contact = self.radii[:, None] + self.radii
        r = positions[:, None] - positions
        if self.periodic:
            r -= self.box * np.rint(r / self.box)
        distance = np.hypot(r[..., 0], r[..., 1])
        overlap = contact * (1 - 1e-12) - distance
        np.fill_diagonal(overlap, -np.inf)
        i, j = np.unravel_index(overlap.argmax(), overlap.shape)
        if overlap[i, j] > 0:
            raise ValueError(
                f"discs {i} and {j} overlap: their centres are {distance[i, j]:g} apart and must "
                f"be at least {contact[i, j]:g}; move one of them"
            )
        inside = np.abs(positions - self.box / 2) <= self.box / 2 - self.radii[:, None]
        if not self.periodic and not inside.all():
            i = int(np.argmin(inside.all(axis=1)))
            raise ValueError(
                f"disc {i} at {positions[i]} with radius {self.radii[i]:g} reaches out of the "
                f"box {self.box}; move it inside"
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
    if not isinstance(gas, HardDiscs):
        raise TypeError(
            f"gas must be HardDiscs, got {_checks.describe(gas)}; lattice_gas(...) makes some"
        )
    times = np.atleast_1d(_checks.finite(times, "times"))
    frames = np.empty((len(times), *gas.positions.shape))
    for frame, time in zip(frames, times, strict=True):
        gas.advance_to(time)
        frame[:] = gas.positions
    return frames


def _one_each(value, name, n):
    value = _checks.positive(value, name)
    if np.shape(value) not in ((), (n,)):
        raise ValueError(f"{name} must be one number or {n} of them, got shape {np.shape(value)}")
    return np.full(n, value)
