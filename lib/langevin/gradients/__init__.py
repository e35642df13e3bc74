"""Gradient oracles: functions ``grad(x, rng)`` that a kernel asks for the gradient at x.

An exact oracle ignores the generator; a noisy one draws from it.  Arrays are
(n_particles, dim), reduced units.
"""

from langevin.gradients.batches import Objective, control_variate, epochs, minibatch
from langevin.gradients.noise import noise_covariance, per_example
from langevin.gradients.oracles import Oracle, exact, noisy, zero

__all__ = [
    "Objective",
    "Oracle",
    "control_variate",
    "epochs",
    "exact",
    "minibatch",
    "noise_covariance",
    "noisy",
    "per_example",
    "zero",
]
