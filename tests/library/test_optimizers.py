"""Optimizers: what all of them keep, identities between them, and bad input."""

import numpy as np
import pytest

from langevin import (
    Potential,
    gradient_descent,
    harmonic,
    position,
    sgd,
    simulate,
    trajectory,
)
from langevin.gradients import exact, noisy, zero
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
from langevin.schedules import linear

PARABOLA = Potential("x**2 + 3*y**2 + x*y", "x y")
CURVATURES = np.array([[2.0, 1.0], [1.0, 6.0]])
VALLEY = Potential("(1 - x)**2 + 100*(y - x**2)**2", "x y")
STARTS = np.array([[-1.2, 1.0], [0.0, 0.0], [2.0, 2.0], [0.5, -1.0]])


def kernels(U, step_size, speed):
    """All optimizers on U; `step_size` suits its curvature, `speed` its length."""
    grad = exact(U)
    return {
        "gradient_descent": gradient_descent(U, step_size),
        "nesterov": nesterov(grad, step_size, 0.9),
        "nesterov, growing": nesterov(grad, step_size, lambda k: k / (k + 3)),
        "adagrad": adagrad(grad, 20 * speed),
        "rmsprop": rmsprop(grad, lambda k: speed / (k + 1) ** 0.6, decay=0.95),
        "adam": adam(grad, lambda k: speed / (k + 1) ** 0.25),
        "adamw": adamw(grad, lambda k: speed / (k + 1) ** 0.25, weight_decay=1e-5),
        "nonlinear_conjugate_gradient": nonlinear_conjugate_gradient(U),
    }


BOWL_ONLY = {
    "chebyshev": chebyshev(exact(PARABOLA), *np.linalg.eigvalsh(CURVATURES)),
    "conjugate_gradient": conjugate_gradient(exact(PARABOLA), CURVATURES),
}
ON_PARABOLA = kernels(PARABOLA, 0.1, 0.05) | BOWL_ONLY
ON_VALLEY = kernels(VALLEY, 5e-4, 0.03)
noiseless = np.random.default_rng(0)


# All of them


@pytest.mark.parametrize("name", ON_PARABOLA)
def test_the_parabola_is_descended(name):
    end = simulate(ON_PARABOLA[name], STARTS, 1500, noiseless)
    assert end.k == 1500
    # RMSProp's steps shrink with their schedule only, not with the gradient
    np.testing.assert_allclose(end.x, 0.0, atol=1e-3 if name == "rmsprop" else 1e-5)


@pytest.mark.parametrize("name", ON_VALLEY)
def test_rosenbrocks_valley_is_descended(name):
    """A valley bent like a banana, its floor 2500 times flatter than its walls."""
    quick = name == "nonlinear_conjugate_gradient"
    end = simulate(ON_VALLEY[name], STARTS, 60 if quick else 20_000, noiseless)
    assert np.all(VALLEY(end.x) < 1e-3)


@pytest.mark.parametrize("name", ON_PARABOLA)
def test_contract(name, rng):
    kernel = ON_PARABOLA[name]
    x0 = rng.standard_normal((7, 2))
    before, world = x0.copy(), np.random.get_state()[1].copy()  # noqa: NPY002
    state = kernel.init(x0)
    for k in range(5):
        assert state.k == k
        state = kernel.step(state, rng)
        assert state.x.shape == x0.shape and state.x.dtype == float
        assert np.all(np.isfinite(state.x))
    assert np.array_equal(x0, before)
    assert np.array_equal(np.random.get_state()[1], world)  # noqa: NPY002


@pytest.mark.parametrize("name", ON_PARABOLA)
def test_runs_do_not_see_each_other(name):
    together = simulate(ON_PARABOLA[name], STARTS, 7, noiseless).x
    for i, x0 in enumerate(STARTS):
        alone = simulate(ON_PARABOLA[name], x0[None], 7, noiseless).x
        np.testing.assert_allclose(alone[0], together[i], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ON_PARABOLA)
def test_who_has_arrived_stays(name):
    end = simulate(ON_PARABOLA[name], np.zeros((2, 2)), 5, noiseless).x
    np.testing.assert_array_equal(end, 0.0)


@pytest.mark.parametrize("name", ["nesterov", "chebyshev", "adagrad", "rmsprop", "adam", "adamw"])
def test_floats_and_arrays_go_the_same_way(name):
    grad = noisy(harmonic(2.0), 0.3)
    kernel = {
        "nesterov": nesterov(grad, 0.1, 0.8),
        "chebyshev": chebyshev(grad, 1.0, 5.0),
        "adagrad": adagrad(grad, 0.1),
        "rmsprop": rmsprop(grad, 0.1),
        "adam": adam(grad, 0.1),
        "adamw": adamw(grad, 0.1, weight_decay=0.5),
    }[name]
    path = trajectory(kernel, 0.7, 30, np.random.default_rng(9))
    array = simulate(kernel, [[0.7]], 30, np.random.default_rng(9), observe=position)
    np.testing.assert_allclose(path, array[:, 0, 0], rtol=1e-12)


# Identities


def same_path(one, two, n_steps=20):
    paths = (simulate(k, STARTS, n_steps, noiseless, observe=position) for k in (one, two))
    np.testing.assert_allclose(*paths, rtol=1e-12, atol=1e-12)


def test_nesterov_without_momentum_is_gradient_descent():
    same_path(nesterov(exact(VALLEY), 5e-4, 0.0), gradient_descent(VALLEY, 5e-4))


def test_on_bowls_the_two_conjugate_gradients_are_one():
    bowl = Potential("x**2 + y**2/2 + 5*z**2 + x*z", "x y z")
    H = bowl.grad(np.eye(3)) - bowl.grad(np.zeros((1, 3)))
    x0 = np.array([[1.0, 2.0, 3.0], [-1.0, 0.5, 10.0]])
    one, two = (
        simulate(kernel, x0, 3, noiseless, observe=position)
        for kernel in (conjugate_gradient(exact(bowl), H), nonlinear_conjugate_gradient(bowl))
    )
    np.testing.assert_allclose(one, two, atol=1e-9)
    np.testing.assert_allclose(one[-1], 0.0, atol=1e-13)


def test_where_the_energy_is_concave_the_step_is_as_long_as_the_place():
    """On the shoulder of a hill of curvature -1/2, well below the well's bottom on each side."""
    hill = Potential("x**4/4 - x**2/4")
    end = simulate(nonlinear_conjugate_gradient(hill), [[0.1], [-0.05]], 30, noiseless).x
    np.testing.assert_allclose(end, [[0.5**0.5], [-(0.5**0.5)]], rtol=1e-9)


def test_who_is_led_astray_stays():
    """A gradient that points downhill: no step along -g lowers the energy, so none is made."""

    class Liar:
        grad = staticmethod(lambda x: -PARABOLA.grad(x))
        __call__ = staticmethod(PARABOLA.__call__)

    end = simulate(nonlinear_conjugate_gradient(Liar()), STARTS, 3, noiseless).x
    np.testing.assert_array_equal(end, STARTS)


def test_adam_that_forgets_at_once_goes_by_the_sign():
    kernel = adam(exact(PARABOLA), 0.01, beta1=0.0, beta2=0.0, epsilon=1e-300)
    x = simulate(kernel, STARTS, 1, noiseless).x
    np.testing.assert_allclose(x, STARTS - 0.01 * np.sign(PARABOLA.grad(STARTS)), atol=1e-15)
    same_path(kernel, rmsprop(exact(PARABOLA), 0.01, decay=0.0, epsilon=1e-300))


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_adams_first_step_knows_only_the_sign(size):
    kernel = adam(lambda x, rng: np.array([[size, -size]]), 1e-3)
    x = simulate(kernel, [[0.0, 0.0]], 1, noiseless).x
    np.testing.assert_allclose(x, [[-1e-3, 1e-3]], rtol=2e-5)


def test_adamw_without_decay_is_adam_to_the_last_bit():
    rate = lambda k: 0.03 / (k + 1) ** 0.5  # noqa: E731
    one, two = (
        simulate(kernel, STARTS, 50, np.random.default_rng(1))
        for kernel in (
            adam(noisy(VALLEY, 1.0), rate, 0.8, 0.95, 1e-6),
            adamw(noisy(VALLEY, 1.0), rate, 0.8, 0.95, 1e-6, weight_decay=0.0),
        )
    )
    for mine, other in zip(one, two, strict=True):
        assert np.array_equal(mine, other)


def test_where_nothing_pulls_weights_shrink_by_the_same_factor_at_each_step():
    rate = linear(0.5, 0.0, 4)
    path = simulate(adamw(zero, rate, weight_decay=0.3), STARTS, 6, noiseless, observe=position)
    factors = np.cumprod([1.0, *(1 - 0.3 * rate(k) for k in range(6))])
    np.testing.assert_allclose(path, factors[:, None, None] * STARTS, rtol=1e-14)


def test_the_decay_of_adamw_knows_nothing_of_the_size_of_the_gradient():
    """Gradients of 1 and 1000, constant: the averages are the gradient, and its sign is left."""
    g, rate, decay = np.array([[1.0, 1000.0]]), 0.1, 0.5
    shrunk = adamw(lambda x, rng: g, rate, epsilon=1e-300, weight_decay=decay)
    path = simulate(shrunk, [[8.0, 8.0]], 5, noiseless, observe=position)
    x = 8.0
    for k in range(5):
        x = (1 - rate * decay) * x - rate
        np.testing.assert_allclose(path[k + 1], [[x, x]], rtol=1e-12)
    # the same spring in the energy: the first step is the sign of its sum with the gradient
    sprung = adam(lambda x, rng: g + decay * x, rate, epsilon=1e-300)
    path = simulate(sprung, [[8.0, 8.0]], 5, noiseless, observe=position)[:, 0]
    np.testing.assert_allclose(path[1], 8.0 - rate, rtol=1e-12)
    # no decay at all is left: less than a thousandth, and of that less beside the large gradient
    spring_felt = abs(path[5] - (8.0 - 5 * rate))
    assert 100 * spring_felt[1] < spring_felt[0] < 1e-3


def test_for_plain_descent_decay_and_spring_are_the_same():
    """Adam with the scaling taken away: huge epsilon, which the step size makes up for."""
    epsilon, rate, decay = 1e9, 0.01, 0.4
    kernel = adamw(
        exact(PARABOLA), rate * epsilon, 0.0, 0.999, epsilon, weight_decay=decay / epsilon
    )
    spring = lambda x, rng: PARABOLA.grad(x) + decay * x  # noqa: E731
    paths = (
        simulate(k, STARTS, 20, noiseless, observe=position) for k in (kernel, sgd(spring, rate))
    )
    np.testing.assert_allclose(*paths, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("make", [adam, rmsprop, adagrad])
def test_the_scale_of_the_energy_does_not_matter(make):
    # a power of two, for which even rounding is the same
    one, two = (
        make(lambda x, rng, c=c: c * VALLEY.grad(x), 0.01, epsilon=1e-300) for c in (1.0, 2.0**20)
    )
    same_path(one, two, n_steps=100)


# Bad input


spring = exact(harmonic())
BAD_CALLS = {
    "nesterov step": (nesterov, (spring, 0.0, 0.5), ValueError, "step_size must be positive"),
    "nesterov 1": (nesterov, (spring, 0.1, 1.0), ValueError, r"momentum must be below 1, got 1\.0"),
    "nesterov -": (nesterov, (spring, 0.1, -0.5), ValueError, "momentum must be zero or positive"),
    "chebyshev order": (
        chebyshev,
        (spring, 3.0, 1.0),
        ValueError,
        r"lowest must be at most highest = 1\.0, got 3\.0",
    ),
    "chebyshev 0": (chebyshev, (spring, 0.0, 1.0), ValueError, "lowest must be positive, got 0"),
    "not square": (
        conjugate_gradient,
        (spring, [[1.0, 0.0]]),
        ValueError,
        r"hessian must be a square matrix, got shape \(1, 2\)",
    ),
    "lopsided": (conjugate_gradient, (spring, [[1.0, 1], [0, 1]]), ValueError, "must be symmetric"),
    "saddle": (
        conjugate_gradient,
        (spring, np.diag([1.0, -2.0])),
        ValueError,
        "positive definite, got the eigenvalue -2; nonlinear_conjugate_gradient",
    ),
    "gutter": (conjugate_gradient, (spring, np.diag([1.0, 0])), ValueError, "got the eigenvalue 0"),
    "nan": (conjugate_gradient, (spring, [[np.nan]]), ValueError, "hessian must be finite"),
    "no gradient": (
        nonlinear_conjugate_gradient,
        (lambda x: x**2,),
        TypeError,
        r"U must have a method grad\(x\)",
    ),
    "adagrad eps": (adagrad, (spring, 0.1, 0.0), ValueError, "epsilon must be positive, got 0"),
    "rmsprop decay": (rmsprop, (spring, 0.1, 1.5), ValueError, r"decay must be below 1, got 1\.5"),
    "adam beta1": (adam, (spring, 0.1, 1.0), ValueError, r"beta1 must be below 1, got 1\.0"),
    "adam beta2": (adam, (spring, 0.1, 0.9, -1), ValueError, "beta2 must be zero or positive"),
    "adamw decay": (
        adamw,
        (spring, 0.1, 0.9, 0.999, 1e-8, -0.1),
        ValueError,
        "weight_decay must be zero or positive, got -0.1",
    ),
    "adamw step": (adamw, (spring, 0.0), ValueError, "step_size must be positive, got 0.0"),
    "adam step": (adam, (spring, -0.1), ValueError, "step_size must be positive, got -0.1"),
}


@pytest.mark.parametrize("make, arguments, kind, words", BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_bad_input_gets_a_sentence(make, arguments, kind, words):
    with pytest.raises(kind, match=words):
        make(*arguments)


TAKERS = {
    "nesterov": lambda grad: nesterov(grad, 0.1, 0.5),
    "chebyshev": lambda grad: chebyshev(grad, 1.0, 2.0),
    "conjugate_gradient": lambda grad: conjugate_gradient(grad, np.eye(1)),
    "adagrad": lambda grad: adagrad(grad, 0.1),
    "rmsprop": lambda grad: rmsprop(grad, 0.1),
    "adam": lambda grad: adam(grad, 0.1),
    "adamw": lambda grad: adamw(grad, 0.1),
}


@pytest.mark.parametrize("name", TAKERS)
def test_a_potential_is_no_oracle(name):
    with pytest.raises(TypeError, match=r"grad must be an oracle.*exact\(U\)"):
        TAKERS[name](harmonic())


def test_a_momentum_that_grows_to_one_is_caught():
    kernel = nesterov(spring, 0.1, lambda k: k / 2)
    with pytest.raises(ValueError, match=r"momentum\(2\) must be below 1, got 1\.0"):
        simulate(kernel, [[1.0]], 3, noiseless)
