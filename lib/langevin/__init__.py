"""One iteration from gas to gradient: the library behind *The Elegant Link*.

The book's one line is `langevin.langevin`; `simulate` repeats it.  Everything is in reduced
units, k_B = 1, unless a docstring says SI.  Importing the package loads NumPy and nothing else.
"""

from langevin.kernels import Kernel, State, simulate, trajectory
from langevin.observables import position
from langevin.overdamped import gradient_descent, langevin, sgd, ula
from langevin.potentials import Potential, double_well, free, gravity, harmonic

__all__ = [
    "Kernel",
    "Potential",
    "State",
    "double_well",
    "free",
    "gradient_descent",
    "gravity",
    "harmonic",
    "langevin",
    "position",
    "sgd",
    "simulate",
    "trajectory",
    "ula",
]
