"""The works in jax, and in what is built on it: BlackJAX and diffrax."""

from functools import cache
from math import sqrt

import numpy as np
from tasks import BATCH, BATH, EVERY, HEAT, KEEP, KICK, RATE, STEP, W1, W3, W4, force, regression


@cache
def jax_scan(step, n_steps, every):
    """Compile a run of (x, key) -> x through n_steps, recorded at every so many if at all."""
    import jax

    def some(x, keys):
        return jax.lax.scan(lambda x, key: (step(x, key), None), x, keys)[0]

    def final(x, key):
        return some(x, jax.random.split(key, n_steps))

    def record(x, key):
        keys = jax.random.split(key, (n_steps // every, every))
        return jax.lax.scan(lambda x, ks: (some(x, ks),) * 2, x, keys)[1]

    return jax.jit(record if every else final)


def jax_run(step, work, share, x, every=0):
    import jax

    n, steps = work[0], work[1] // share
    jax.block_until_ready(jax_scan(step, steps, every)(x, jax.random.key(1)))
    return n * steps


def jax_overdamped(x, key):
    import jax

    return x + STEP * force(x) + KICK * jax.random.normal(key, x.shape)


def jax_baoab(state, key):
    import jax

    x, p, f = state
    p = p + STEP / 2 * f
    x = x + STEP / 2 * p
    p = KEEP * p + BATH * jax.random.normal(key, x.shape)
    x = x + STEP / 2 * p
    f = force(x)
    return x, p + STEP / 2 * f, f


@cache
def jax_regression():
    import jax
    import jax.numpy as jnp

    X, y = map(jnp.asarray, regression())

    def step(w, key):
        i = jax.random.randint(key, (len(w), BATCH), 0, len(X))
        r = jnp.einsum("rbd,rd->rb", X[i], w) - y[i]
        return w - RATE / BATCH * jnp.einsum("rb,rbd->rd", r, X[i])

    return step


def jax_w1(share):
    return jax_run(jax_overdamped, W1, share, np.ones(W1[0], np.float32))


def jax_w2(share):
    x = np.ones(W1[0], np.float32)
    return jax_run(jax_baoab, W1, share, (x, 0 * x, 0 * x))


def jax_w3(share):
    return jax_run(jax_overdamped, W3, share, np.ones(W3[0], np.float32), EVERY)


def jax_w4(share):
    return jax_run(jax_regression(), W4, share, np.zeros((W4[0], 10), np.float32))


@cache
def blackjax_step():
    import blackjax

    sgld = blackjax.sgld(lambda x, batch: force(x))
    return lambda x, key: sgld.step(key, x, None, STEP, HEAT)


def blackjax_w1(share):
    return jax_run(blackjax_step(), W1, share, np.ones(W1[0], np.float32))


def blackjax_w3(share):
    return jax_run(blackjax_step(), W3, share, np.ones(W3[0], np.float32), EVERY)


@cache
def diffrax_solve(n, steps, every):
    import diffrax
    import jax
    import jax.numpy as jnp
    import lineax

    heat = lineax.DiagonalLinearOperator(jnp.full(n, sqrt(2 * HEAT)))
    times = STEP * np.arange(0, steps + 1, every or steps)

    def solve(x, key):
        noise = diffrax.UnsafeBrownianPath((n,), key)
        return diffrax.diffeqsolve(
            diffrax.MultiTerm(
                diffrax.ODETerm(lambda t, x, args: force(x)),
                diffrax.ControlTerm(lambda t, x, args: heat, noise),
            ),
            diffrax.Euler(),
            0.0,
            STEP * steps,
            STEP,
            x,
            saveat=diffrax.SaveAt(ts=times) if every else diffrax.SaveAt(t1=True),
            adjoint=diffrax.ForwardMode(),
            max_steps=steps + 10,
        ).ys

    return jax.jit(solve)


def diffrax_run(work, share, every=0):
    import jax

    n, steps = work[0], work[1] // share
    x = np.ones(n, np.float32)
    jax.block_until_ready(diffrax_solve(n, steps, every)(x, jax.random.key(1)))
    return n * steps


def diffrax_w1(share):
    return diffrax_run(W1, share)


def diffrax_w3(share):
    return diffrax_run(W3, share, EVERY)
