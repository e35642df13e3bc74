"""Optimizers: descent with a memory, as kernels of the same shape as the dynamics.

All but `nonlinear_conjugate_gradient` take an oracle ``grad(x, rng)``, so that each may be fed
the noise of mini-batches.  The particles of an ensemble are independent runs.
"""

from langevin.optimizers.adaptive import adagrad, adam, adamw, rmsprop
from langevin.optimizers.conjugate import conjugate_gradient, nonlinear_conjugate_gradient
from langevin.optimizers.momentum import chebyshev, nesterov

__all__ = [
    "adagrad",
    "adam",
    "adamw",
    "chebyshev",
    "conjugate_gradient",
    "nesterov",
    "nonlinear_conjugate_gradient",
    "rmsprop",
]
