"""The check of a landscape: energies, and who touches whom."""

from collections.abc import Sequence

import numpy as np

from langevin import _checks


def landscape(energies, neighbours):
    """Return both as an array and lists of int, if they fit and every state can be reached."""
    U = np.atleast_1d(_checks.finite(energies, "energies"))
    if not isinstance(neighbours, Sequence) or isinstance(neighbours, str):
        raise TypeError(
            f"neighbours must be a list of lists of states, got {_checks.describe(neighbours)}"
        )
    if U.ndim != 1 or len(U) != len(neighbours):
        raise ValueError(
            f"energies must have shape (n_states,) with a list of neighbours for each state, got "
            f"shape {U.shape} and {len(neighbours)} lists"
        )
    neighbours = [[_state(j, len(U)) for j in near] for near in neighbours]
    for i, near in enumerate(neighbours):
        if i in near or len(set(near)) < len(near):
            raise ValueError(
                f"neighbours must be others, each named once; state {i} has "
                f"{_checks.describe(near)}"
            )
        for j in near:
            if i not in neighbours[j]:
                raise ValueError(
                    f"moves must go both ways: state {i} has the neighbour {j}, but {j} has only "
                    f"{_checks.describe(neighbours[j])}; add {i} to them"
                )
    unreachable = sorted(set(range(len(U))) - _reached(neighbours))
    if unreachable:
        raise ValueError(
            f"every state must be within reach of state 0, but no moves lead to "
            f"{_checks.describe(unreachable)}; "
            "connect them or leave them out"
        )
    return U, neighbours


def _state(j, n_states):
    j = _checks.count(j, "a neighbour", least=0)
    if j >= n_states:
        raise ValueError(f"a neighbour must be a state from 0 to {n_states - 1}, got {j}")
    return j


def _reached(neighbours):
    reached, rim = {0}, [0]
    while rim:
        new = set(neighbours[rim.pop()]) - reached
        reached |= new
        rim += new
    return reached
