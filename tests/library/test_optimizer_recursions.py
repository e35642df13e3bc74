"""Optimizers against recursions written by hand, and mutants that must fail them."""

from math import sqrt

import numpy as np
import pytest

from langevin import Kernel, Potential, position, simulate
from langevin.gradients import exact
from langevin.optimizers import (
    adagrad,
    adam,
    adamw,
    conjugate_gradient,
    nesterov,
    nonlinear_conjugate_gradient,
    rmsprop,
)
from langevin.optimizers.adaptive import AdamState, RMSPropState
from langevin.optimizers.conjugate import ConjugateState
from langevin.optimizers.momentum import NesterovState

PARABOLA = Potential("x**2 + 3*y**2 + x*y", "x y")
VALLEY = Potential("(1 - x)**2 + 100*(y - x**2)**2", "x y")
STARTS = np.array([[-1.2, 1.0], [0.0, 0.0], [2.0, 2.0], [0.5, -1.0]])
noiseless = np.random.default_rng(0)


# Recursions by hand, which the library passes and each mutant fails


GRADIENTS = np.array([3.0, -1.0, 0.5, 2.0, 2.0, -4.0, 0.1])


def fed(kernel):
    """The path of a kernel whose oracle gives the numbers above whatever x is."""
    state, path = kernel.init(np.zeros((1, 1))), []
    for _ in GRADIENTS:
        state = kernel.step(state, noiseless)
        path.append(state.x.item())
    return np.array(path)


def feed():
    numbers = iter(GRADIENTS)
    return lambda x, rng: np.full((1, 1), next(numbers))


def check_adam(adam):
    """The averages written as sums over all earlier gradients."""
    rate, b1, b2, eps = 0.1, 0.8, 0.95, 0.01
    expected, x = [], 0.0
    for t in range(1, len(GRADIENTS) + 1):
        g = GRADIENTS[:t]
        w1, w2 = b1 ** np.arange(t)[::-1], b2 ** np.arange(t)[::-1]
        mean, square = (w1 * g).sum() / w1.sum(), (w2 * g**2).sum() / w2.sum()
        x -= rate * mean / (sqrt(square) + eps)
        expected.append(x)
    np.testing.assert_allclose(fed(adam(feed(), rate, b1, b2, eps)), expected, rtol=1e-12)


def check_adamw(adamw):
    """Loshchilov and Hutter's algorithm 2, its averages as sums over all earlier gradients."""
    rate, b1, b2, eps, decay = 0.1, 0.8, 0.95, 0.01, 0.7
    expected, x = [], 0.0
    for t in range(1, len(GRADIENTS) + 1):
        g = GRADIENTS[:t]
        w1, w2 = b1 ** np.arange(t)[::-1], b2 ** np.arange(t)[::-1]
        mean, square = (w1 * g).sum() / w1.sum(), (w2 * g**2).sum() / w2.sum()
        x -= rate * (mean / (sqrt(square) + eps) + decay * x)
        expected.append(x)
    np.testing.assert_allclose(fed(adamw(feed(), rate, b1, b2, eps, decay)), expected, rtol=1e-12)


def check_rmsprop(rmsprop):
    rate, b, eps = 0.1, 0.8, 0.01
    ages = np.arange(len(GRADIENTS))
    squares = [((1 - b) * b ** ages[:t][::-1] * GRADIENTS[:t] ** 2).sum() for t in ages + 1]
    expected = np.cumsum(-rate * GRADIENTS / (np.sqrt(squares) + eps))
    np.testing.assert_allclose(fed(rmsprop(feed(), rate, b, eps)), expected, rtol=1e-12)


def check_adagrad(adagrad):
    rate, eps = 0.1, 0.01
    squares = np.cumsum(GRADIENTS**2)
    expected = np.cumsum(-rate * GRADIENTS / (np.sqrt(squares) + eps))
    np.testing.assert_allclose(fed(adagrad(feed(), rate, eps)), expected, rtol=1e-12)


def check_nesterov(nesterov):
    """Nesterov's own two sequences: y leads, x follows one plain step behind it."""
    U, rate = PARABOLA, 0.1
    kernel = nesterov(exact(U), rate, lambda k: k / (k + 3))
    path = simulate(kernel, STARTS, 12, noiseless, observe=position)
    old = x = STARTS
    for k in range(12):
        y = x + k / (k + 3) * (x - old)
        old, x = x, y - rate * U.grad(y)
        np.testing.assert_allclose(path[k + 1], x, rtol=1e-12, atol=1e-14)


def check_conjugate_gradient(conjugate_gradient):
    """Hestenes and Stiefel's recursion for one run, its residual carried along."""
    H, x0 = np.diag([1.0, 3.0, 7.0, 20.0]), np.array([1.0, -2.0, 0.5, 1.0])
    kernel = conjugate_gradient(lambda x, rng: x @ H, H)
    path = simulate(kernel, np.array([x0, 2 * x0]), 4, noiseless, observe=position)
    x, r = x0, -H @ x0
    p = r
    for k in range(4):
        a = r @ r / (p @ H @ p)
        x, new = x + a * p, r - a * H @ p
        p, r = new + new @ new / (r @ r) * p, new
        np.testing.assert_allclose(path[k + 1], [x, 2 * x], atol=1e-13)
    np.testing.assert_allclose(x, 0.0, atol=1e-13)


CHECKS = {
    "adam": check_adam,
    "adamw": check_adamw,
    "rmsprop": check_rmsprop,
    "adagrad": check_adagrad,
    "nesterov": check_nesterov,
    "conjugate_gradient": check_conjugate_gradient,
}


def test_the_nonlinear_recursion(rng):
    """From any state: Polak and Ribière's direction, and the first halving that falls enough."""
    n = 1000
    x = rng.uniform([-1, -1], [1, 3], (n, 2))
    old, p = 100 * rng.standard_normal((2, n, 2))
    after = nonlinear_conjugate_gradient(VALLEY).step(ConjugateState(x, old, p, 5), noiseless)
    negative = uphill = concave = halved = 0
    for i in range(n):
        g = VALLEY.grad(x[i : i + 1])[0]
        ratio = g @ (g - old[i]) / (old[i] @ old[i])
        direction = -g + max(0.0, ratio) * p[i]
        negative += ratio < 0
        if direction @ g >= 0:
            direction, uphill = -g, uphill + 1
        np.testing.assert_allclose(after.p[i], direction, rtol=1e-9, atol=1e-9)
        X, Y = x[i]
        H = np.array([[2 + 1200 * X**2 - 400 * Y, -400 * X], [-400 * X, 200.0]])
        curvature, slope = direction @ H @ direction, direction @ g
        # the kernel's difference of two slopes is off by at most 2 per length squared
        if abs(curvature) < 40 * (direction @ direction):
            continue
        first = -slope / curvature
        if curvature < 0:
            first, concave = (1 + np.linalg.norm(x[i])) / np.linalg.norm(direction), concave + 1
        step = (after.x[i] - x[i]) @ direction / (direction @ direction)
        halvings = round(np.log2(first / step))
        assert halvings >= 0 and step * 2.0**halvings == pytest.approx(first, rel=0.05)

        def falls(step, i=i, direction=direction, slope=slope):
            drop = np.diff(VALLEY(np.array([x[i], x[i] + step * direction])))
            return drop.item() <= 1e-4 * step * slope

        assert falls(step)
        if halvings:
            halved += 1
            assert not falls(2 * step)
    # about 80, 260, 170 and 320 are expected
    assert min(negative, uphill, concave, halved) > 10


def wrong_adam(first=True, second=True, root=True, signs=-1, swapped=False):
    def make(grad, step_size, beta1, beta2, epsilon):
        b1, b2 = (beta2, beta1) if swapped else (beta1, beta2)

        def step(state, rng):
            x, m, v, k = state
            g = grad(x, rng)
            m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
            m_hat = m / (1 - b1 ** (k + 1)) if first else m
            v_hat = v / (1 - b2 ** (k + 1)) if second else v
            size = np.sqrt(v_hat) + epsilon if root else np.sqrt(v_hat + epsilon)
            return AdamState(x + signs * step_size * m_hat / size, m, v, k + 1)

        return Kernel(lambda x: AdamState(x, 0 * x, 0 * x), step)

    return make


def wrong_adamw(inside=0.0, before=1.0, after=0.0, scaled=True):
    """Adam with a decay: in the gradient, of the place before or after the step, or its own."""

    def make(grad, step_size, beta1, beta2, epsilon, decay):
        place = [0.0]
        plain = adam(
            lambda x, rng: grad(x, rng) + inside * decay * place[0],
            step_size,
            beta1,
            beta2,
            epsilon,
        )
        rate = step_size if scaled else 1.0

        def step(state, rng):
            place[0] = state.x
            moved = plain.step(state, rng)
            x = moved.x - rate * decay * (before * state.x + after * moved.x)
            return moved._replace(x=x)

        return Kernel(plain.init, step)

    return make


def wrong_scaling(keep, new, size):
    def make(grad, step_size, *rest):
        *beta, epsilon = rest
        b = beta[0] if beta else 1.0

        def step(state, rng):
            x, v, k = state
            g = grad(x, rng)
            v = keep(b) * v + new(b) * g * g
            return RMSPropState(x - step_size * g / size(v, epsilon), v, k + 1)

        return Kernel(lambda x: RMSPropState(x, 0 * x), step)

    return make


def plus(v, epsilon):
    return np.sqrt(v) + epsilon


def wrong_nesterov(lead, sign=-1, carry=1.0):
    def make(grad, step_size, momentum):
        def step(state, rng):
            x, v, k = state
            b = momentum(k)
            v = carry * b * v + sign * step_size * grad(x + lead * b * v, rng)
            return NesterovState(x + v, v, k + 1)

        return Kernel(lambda x: NesterovState(x, 0 * x), step)

    return make


def wrong_conjugate(beta, share=lambda gg: gg):
    def make(grad, H):
        def dot(a, b):
            return (a * b).sum(axis=1, keepdims=True)

        def step(state, rng):
            x, old, p, k = state
            g = grad(x, rng)
            p = -g + (0 if k == 0 else beta(share(dot(g, g)), share(dot(old, old)))) * p
            return ConjugateState(x - dot(g, p) / dot(p, p @ H) * p, g, p, k + 1)

        return Kernel(lambda x: ConjugateState(x, 0 * x, 0 * x), step)

    return make


MUTANTS = {
    "adam: first average biased": ("adam", wrong_adam(first=False)),
    "adam: second average biased": ("adam", wrong_adam(second=False)),
    "adam: epsilon inside the root": ("adam", wrong_adam(root=False)),
    "adam: uphill": ("adam", wrong_adam(signs=1)),
    "adam: betas swapped": ("adam", wrong_adam(swapped=True)),
    "adamw: no decay": ("adamw", wrong_adamw(before=0.0)),
    "adamw: decay in the gradient": ("adamw", wrong_adamw(inside=1.0, before=0.0)),
    "adamw: decay after the step": ("adamw", wrong_adamw(before=0.0, after=1.0)),
    "adamw: decay not by the rate": ("adamw", wrong_adamw(scaled=False)),
    "adamw: growth": ("adamw", wrong_adamw(before=-1.0)),
    "rmsprop: weights swapped": ("rmsprop", wrong_scaling(lambda b: 1 - b, lambda b: b, plus)),
    "rmsprop: never forgets": ("rmsprop", wrong_scaling(lambda b: 1.0, lambda b: 1 - b, plus)),
    "rmsprop: epsilon inside": (
        "rmsprop",
        wrong_scaling(lambda b: b, lambda b: 1 - b, lambda v, e: np.sqrt(v + e)),
    ),
    "adagrad: only the last": ("adagrad", wrong_scaling(lambda b: 0.0, lambda b: 1.0, plus)),
    "adagrad: no root": (
        "adagrad",
        wrong_scaling(lambda b: 1.0, lambda b: 1.0, lambda v, e: v + e),
    ),
    "nesterov: heavy ball": ("nesterov", wrong_nesterov(lead=0)),
    "nesterov: looks back": ("nesterov", wrong_nesterov(lead=-1)),
    "nesterov: uphill": ("nesterov", wrong_nesterov(lead=1, sign=1)),
    "nesterov: half carried": ("nesterov", wrong_nesterov(lead=1, carry=0.5)),
    "conjugate: steepest": ("conjugate_gradient", wrong_conjugate(lambda new, old: 0.0)),
    "conjugate: ratio inverse": ("conjugate_gradient", wrong_conjugate(lambda n, o: o / n)),
    "conjugate: sign": ("conjugate_gradient", wrong_conjugate(lambda n, o: -n / o)),
    "conjugate: norms not squared": (
        "conjugate_gradient",
        wrong_conjugate(lambda n, o: n / o, np.sqrt),
    ),
    "conjugate: runs mixed": (
        "conjugate_gradient",
        wrong_conjugate(lambda n, o: n / o, lambda gg: gg + 0.1),
    ),
}
LIBRARY = {
    "adam": adam,
    "adamw": adamw,
    "rmsprop": rmsprop,
    "adagrad": adagrad,
    "nesterov": nesterov,
    "conjugate_gradient": conjugate_gradient,
}


@pytest.mark.parametrize("name", CHECKS)
def test_the_recursion(name):
    CHECKS[name](LIBRARY[name])


@pytest.mark.parametrize("name", MUTANTS)
def test_the_recursion_rejects(name):
    kind, wrong = MUTANTS[name]
    with pytest.raises(AssertionError), np.errstate(all="ignore"):
        CHECKS[kind](wrong)


def test_the_mutants_are_near_misses():
    """Without their fault the builders above give what the library gives."""
    check_adam(wrong_adam())
    check_adamw(wrong_adamw())
    check_rmsprop(wrong_scaling(lambda b: b, lambda b: 1 - b, plus))
    check_adagrad(wrong_scaling(lambda b: 1.0, lambda b: 1.0, plus))
    check_nesterov(wrong_nesterov(lead=1))
    check_conjugate_gradient(wrong_conjugate(lambda new, old: new / old))
