"""Losses: the smallest honest models, each with its gradient written by hand.

Every loss is called as ``loss(w, examples)`` and ``loss.grad(w, examples)``.  `w` holds the
weights of an ensemble of replicas, shape (n_particles, dim).  The arrays in `examples` begin
with (n_examples,) if all replicas see the same ones, or with (n_particles, n_examples) if each
has its own.  `langevin.gradients.minibatch` makes an oracle of a loss and data.
"""

from langevin.networks.boltzmann import BoltzmannMachine, ContrastiveDivergence
from langevin.networks.losses import Loss, Ridge
from langevin.networks.perceptron import Perceptron
from langevin.networks.regression import (
    LinearRegression,
    LogisticRegression,
    SoftmaxRegression,
    with_intercept,
)
from langevin.networks.score import ScoreModel

__all__ = [
    "BoltzmannMachine",
    "ContrastiveDivergence",
    "LinearRegression",
    "LogisticRegression",
    "Loss",
    "Perceptron",
    "Ridge",
    "ScoreModel",
    "SoftmaxRegression",
    "with_intercept",
]
