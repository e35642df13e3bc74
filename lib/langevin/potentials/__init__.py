"""Potentials written once, as a SymPy expression.

From it come the LaTeX, the NumPy energy ``U(x)`` and gradient ``U.grad(x)``, and the code that a
page runs.  Reduced units.  SymPy is loaded when the first potential is made.
"""

from langevin.potentials.landscapes import muller_brown, rosenbrock, saddle
from langevin.potentials.mixtures import gaussian_mixture, rings
from langevin.potentials.potential import Potential
from langevin.potentials.wells import (
    double_well,
    free,
    gravity,
    harmonic,
    narrow_and_wide,
    rugged,
)

__all__ = [
    "Potential",
    "double_well",
    "free",
    "gaussian_mixture",
    "gravity",
    "harmonic",
    "muller_brown",
    "narrow_and_wide",
    "rings",
    "rosenbrock",
    "rugged",
    "saddle",
]
