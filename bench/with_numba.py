"""The works in numba: each particle stays in a register through all its steps."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from tasks import BATCH, BATH, EVERY, KEEP, KICK, RATE, STEP, W1, W3, W4, regression, sfc64


@cache
def numba_kernels():
    from numba import njit

    @njit(nogil=True)
    def overdamped(x, n_steps, rng):
        for i in range(len(x)):
            y = x[i]
            for _ in range(n_steps):
                y += -4 * STEP * y * (y * y - 1) + KICK * rng.standard_normal()
            x[i] = y

    @njit(nogil=True)
    def baoab(x, p, n_steps, rng):
        for i in range(len(x)):
            y, q = x[i], p[i]
            force = -4 * y * (y * y - 1)
            for _ in range(n_steps):
                q += STEP / 2 * force
                y += STEP / 2 * q
                q = KEEP * q + BATH * rng.standard_normal()
                y += STEP / 2 * q
                force = -4 * y * (y * y - 1)
                q += STEP / 2 * force
            x[i], p[i] = y, q

    @njit(nogil=True)
    def recorded(x, record, rng):
        for i in range(len(x)):
            y = x[i]
            for k in range(len(record)):
                for _ in range(EVERY):
                    y += -4 * STEP * y * (y * y - 1) + KICK * rng.standard_normal()
                record[k, i] = y

    @njit(nogil=True)
    def regress(w, n_steps, X, y, rng):
        g = np.empty(w.shape[1])
        for _ in range(n_steps):
            for r in range(len(w)):
                g[:] = 0.0
                for _ in range(BATCH):
                    i = int(rng.random() * len(X))  # much faster here than rng.integers
                    residual = -y[i]
                    for d in range(len(g)):
                        residual += X[i, d] * w[r, d]
                    for d in range(len(g)):
                        g[d] += residual * X[i, d]
                for d in range(len(g)):
                    w[r, d] -= RATE / BATCH * g[d]

    return overdamped, baoab, recorded, regress


def numba_w1(share):
    n, steps = W1[0], W1[1] // share
    numba_kernels()[0](np.ones(n), steps, sfc64())
    return n * steps


def numba_w1_two_threads(share):
    n, steps = W1[0], W1[1] // share
    x, streams = np.ones(n), sfc64().spawn(2)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(numba_kernels()[0], (x[: n // 2], x[n // 2 :]), (steps,) * 2, streams))
    return n * steps


def numba_w2(share):
    n, steps = W1[0], W1[1] // share
    numba_kernels()[1](np.ones(n), np.zeros(n), steps, sfc64())
    return n * steps


def numba_w3(share):
    n, steps = W3[0], W3[1] // share
    numba_kernels()[2](np.ones(n), np.empty((steps // EVERY, n)), sfc64())
    return n * steps


def numba_w4(share):
    n, steps = W4[0], W4[1] // share
    numba_kernels()[3](np.zeros((n, 10)), steps, *regression(), sfc64())
    return n * steps
