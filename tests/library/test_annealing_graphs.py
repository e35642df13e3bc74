"""Landscapes: Hajek's depth against brute force, and landscapes that are refused."""

from itertools import pairwise

import numpy as np
import pytest

from langevin.annealing import (
    depth,
    distribution,
    escape_depths,
    path_graph,
    simulated_annealing,
    transition_matrix,
)

CHAIN = [0.3, 1.3, 0.0]
ROAD = [0.0, 3.0, 1.0, 2.0, 0.5, 4.0, 2.0]
# a ring of five with a chord and a tail: states with one, two and three neighbours
RING = [[1, 4], [0, 2, 3], [1, 3], [2, 4, 1, 5], [3, 0], [3]]
RING_ENERGIES = [0.5, 0.0, 1.0, 0.2, 0.2, -0.4]


def grid_graph(rows, columns):
    """Neighbours on a rectangle, row by row."""
    n = rows * columns
    return [
        [
            j
            for j in (i - columns, i + columns, i - 1, i + 1)
            if 0 <= j < n and (j // columns == i // columns or j % columns == i % columns)
        ]
        for i in range(n)
    ]


# Depths


def brute_force_depths(U, neighbours):
    """Climb no higher than each energy in turn, and look whether lower ground is in reach."""
    depths = []
    for i in range(len(U)):
        for level in sorted(u for u in U if u >= U[i]):
            reached, rim = {i}, [i]
            while rim:
                new = {j for j in neighbours[rim.pop()] if U[j] <= level} - reached
                reached, rim = reached | new, rim + list(new)
            if min(U[j] for j in reached) < U[i]:
                depths.append(level - U[i])
                break
        else:
            depths.append(np.inf)
    return depths


def test_depths_of_the_road():
    expected = [np.inf, 0.0, 1.0, 0.0, 2.5, 0.0, 2.0]
    np.testing.assert_allclose(escape_depths(ROAD, path_graph(7)), expected)
    assert depth(ROAD, path_graph(7)) == 2.5
    assert depth(CHAIN, path_graph(3)) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["path", "grid", "ring"])
def test_depths_against_brute_force(name, rng):
    neighbours = {
        "path": path_graph(25),
        "grid": grid_graph(5, 6),
        "ring": [[(i - 1) % 12, (i + 1) % 12] for i in range(12)],
    }[name]
    for _ in range(20):
        # few levels, so that plateaus and equal minima occur
        U = rng.integers(6, size=len(neighbours)).astype(float)
        depths = escape_depths(U, neighbours)
        np.testing.assert_array_equal(depths, brute_force_depths(U, neighbours))
        assert np.array_equal(np.isinf(depths), np.min(U) == U)
        minima = [all(U[j] >= U[i] for j in near) for i, near in enumerate(neighbours)]
        assert not np.any(depths[~np.array(minima)])
        assert depth(U, neighbours) == max(depths[np.isfinite(depths)], default=0.0)


def test_no_trap_has_depth_zero():
    assert depth([3.0, 2.0, 1.0], path_graph(3)) == 0.0
    assert depth([1.0, 1.0], path_graph(2)) == 0.0
    assert depth([1.0], path_graph(1)) == 0.0


def test_relabelling_and_lifting_do_not_change_depths(rng):
    U, neighbours = np.array(RING_ENERGIES), RING
    order = rng.permutation(len(U))
    new = np.argsort(order)
    moved = [[int(new[j]) for j in neighbours[i]] for i in order]
    depths = escape_depths(U, neighbours)
    np.testing.assert_allclose(escape_depths(3 * U[order] + 7, moved), 3 * depths[order])


def test_a_path_has_two_ends():
    assert path_graph(1) == [[]]
    graph = path_graph(6)
    assert all(b in graph[a] and a in graph[b] for a, b in pairwise(range(6)))
    assert sum(map(len, graph)) == 10


# Bad input


BAD_LANDSCAPES = {
    "unreachable": (
        ([1.0, 2.0, 3.0, 4.0], [[1], [0], [3], [2]]),
        ValueError,
        r"within reach of state 0, but no moves lead to \[2, 3\]; connect them",
    ),
    "one way": (([1.0, 2.0], [[1], []]), ValueError, "moves must go both ways: state 0.*add 0"),
    "unknown": (([1.0, 2.0], [[1], [0, 2]]), ValueError, "a state from 0 to 1, got 2"),
    "negative": (([1.0, 2.0], [[1], [-2]]), ValueError, "a neighbour must be at least 0, got -2"),
    "half": (([1.0, 2.0], [[1], [0.5]]), TypeError, "a neighbour must be a whole number, got 0.5"),
    "itself": (([1.0, 2.0], [[1, 0], [0]]), ValueError, r"must be others.*state 0 has \[1, 0\]"),
    "twice": (([1.0, 2.0], [[1, 1], [0]]), ValueError, r"each named once; state 0 has \[1, 1\]"),
    "lists": (([1.0, 2.0], [[1]]), ValueError, r"shape \(2,\) and 1 lists"),
    "flat": (([[1.0, 2.0]], [[1], [0]]), ValueError, r"energies must have shape \(n_states,\)"),
    "nan": (([1.0, np.nan], [[1], [0]]), ValueError, "energies must be finite"),
}
TAKERS = {
    "simulated_annealing": lambda U, near: simulated_annealing(U, near, 1.0),
    "transition_matrix": lambda U, near: transition_matrix(U, near, 1.0),
    "distribution": lambda U, near: distribution(0, U, near, 1.0, 1),
    "escape_depths": escape_depths,
    "depth": depth,
}


@pytest.mark.parametrize("taker", TAKERS)
@pytest.mark.parametrize("landscape, kind, words", BAD_LANDSCAPES.values(), ids=BAD_LANDSCAPES)
def test_bad_landscapes_get_a_sentence(taker, landscape, kind, words):
    with pytest.raises(kind, match=words):
        TAKERS[taker](*landscape)
