"""What every contender is given: the sizes, the well, the regression."""

from math import exp, sqrt

import numpy as np

STEP, HEAT, FRICTION = 0.01, 0.2, 1.0
KICK = sqrt(2 * STEP * HEAT)
KEEP = exp(-FRICTION * STEP)
BATH = sqrt(HEAT * (1 - KEEP**2))
W1, W3, W4 = (100_000, 1000), (1000, 10_000), (1000, 1000)  # particles, steps
EVERY = 10
RATE, BATCH = 0.05, 10


def regression():
    rng = np.random.default_rng(4)
    X = rng.standard_normal((1000, 10))
    return X, X @ np.arange(1.0, 11.0) + rng.standard_normal(1000)


def sfc64():
    return np.random.Generator(np.random.SFC64(1))


def force(x):
    return -4 * x * (x * x - 1)
