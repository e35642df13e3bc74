"""Langevin dynamics with inertia, as words over three motions that are each solved exactly.

A, the drift, moves x while p stays; B, the kick, changes p by the force at x; O, the bath, is
an Ornstein-Uhlenbeck process of p alone.

Here ``step_size`` is the time step dt.  The number of the same name in `langevin.langevin` is
dt / friction: for the same n steps to last the same time give dt = friction * step_size here.
In `heavy_ball` it is the learning rate dt^2 / m.
"""

from langevin.underdamped.momentum import HeavyBallState, heavy_ball
from langevin.underdamped.phase import PhaseState, splitting, thermal
from langevin.underdamped.words import aboba, baoab, obabo

__all__ = [
    "HeavyBallState",
    "PhaseState",
    "aboba",
    "baoab",
    "heavy_ball",
    "obabo",
    "splitting",
    "thermal",
]
