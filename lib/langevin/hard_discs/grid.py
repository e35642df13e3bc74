"""Cells of a box: who is near whom, without asking everybody."""

import numpy as np


class Grid:
    """A rectangular box cut into cells that are at least `least` wide.

    Two things in one cell or in touching cells are neighbours; things farther apart than that
    are more than `least` away from each other.

    Parameters
    ----------
    sides : sequence of float
        Width and height of the box.
    least : float
        Least width of a cell, positive.
    periodic : bool
        Whether opposite edges touch.

    Examples
    --------
    >>> grid = Grid([10.0, 10.0], least=2.0, periodic=True)
    >>> for name, x in enumerate([0.5, 4.5, 9.5]):
    ...     grid.put(name, x, 0.5)
    >>> sorted(set().union(*grid.around(0)))
    [0, 2]
    """

    def __init__(self, sides, least, periodic):
        self.sides = sides
        self.periodic = periodic
        self.n = [max(int(side // least), 1) for side in sides]
        keys = list(np.ndindex(*self.n))
        self._cells: dict[tuple[int, ...], set] = {key: set() for key in keys}
        self._near = {key: [self._cells[near] for near in self._touching(*key)] for key in keys}
        self._place = {}

    def put(self, name, x, y):
        """Note that a thing is at (x, y) in the box, and no more where it was before."""
        (n_x, n_y), (side_x, side_y) = self.n, self.sides
        place = int(x / side_x * n_x) % n_x, int(y / side_y * n_y) % n_y
        before = self._place.get(name)
        if place != before:
            if before is not None:
                self._cells[before].remove(name)
            self._cells[place].add(name)
            self._place[name] = place

    def around(self, name):
        """Return the cells, as sets of names, that touch the one where a thing is, and that."""
        return self._near[self._place[name]]

    def _touching(self, a, b):
        n_x, n_y = self.n
        near = [(p, q) for p in (a - 1, a, a + 1) for q in (b - 1, b, b + 1)]
        if not self.periodic:
            return [key for key in near if key in self._cells]
        # each cell once, even if there are fewer than three in a row
        return sorted({(p % n_x, q % n_y) for p, q in near})
