"""Simulated annealing on a finite graph, its exact law, and the depth that decides it.

A landscape is ``energies``, shape (n_states,), and ``neighbours``: for each state the list of
those one move away.  Moves go both ways, and every state can be reached.  Reduced units, k_B = 1.
"""

from langevin.annealing.chain import distribution, simulated_annealing, transition_matrix
from langevin.annealing.graphs import depth, escape_depths, path_graph

__all__ = [
    "depth",
    "distribution",
    "escape_depths",
    "path_graph",
    "simulated_annealing",
    "transition_matrix",
]
