"""One iteration from gas to gradient: the library behind *The Elegant Link*.

The book's one line is `langevin.langevin`; `simulate` repeats it.  Everything is in reduced
units, k_B = 1, unless a docstring says SI.  Importing the package loads NumPy and nothing else.
"""

from langevin.annealing import simulated_annealing
from langevin.kernels import Kernel, State, simulate, trajectory
from langevin.metropolis import mala, random_walk
from langevin.observables import position
from langevin.optimizers import (
    adagrad,
    adam,
    adamw,
    chebyshev,
    conjugate_gradient,
    nesterov,
    nonlinear_conjugate_gradient,
    rmsprop,
)
from langevin.overdamped import gradient_descent, langevin, leimkuhler_matthews, sgd, sgld, ula
from langevin.potentials import (
    Potential,
    double_well,
    free,
    gaussian_mixture,
    gravity,
    harmonic,
    muller_brown,
    narrow_and_wide,
    rings,
    rosenbrock,
    rugged,
    saddle,
)
from langevin.underdamped import aboba, baoab, heavy_ball, obabo, splitting, thermal

__all__ = [
    "Kernel",
    "Potential",
    "State",
    "aboba",
    "adagrad",
    "adam",
    "adamw",
    "baoab",
    "chebyshev",
    "conjugate_gradient",
    "double_well",
    "free",
    "gaussian_mixture",
    "gradient_descent",
    "gravity",
    "harmonic",
    "heavy_ball",
    "langevin",
    "leimkuhler_matthews",
    "mala",
    "muller_brown",
    "narrow_and_wide",
    "nesterov",
    "nonlinear_conjugate_gradient",
    "obabo",
    "position",
    "random_walk",
    "rings",
    "rmsprop",
    "rosenbrock",
    "rugged",
    "saddle",
    "sgd",
    "sgld",
    "simulate",
    "simulated_annealing",
    "splitting",
    "thermal",
    "trajectory",
    "ula",
]
