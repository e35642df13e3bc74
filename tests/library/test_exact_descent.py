"""Laws of descent: by Lyapunov equations, spectral radii, and running what they speak of."""

import numpy as np
import pytest
from numpy.polynomial import chebyshev
from scipy import linalg, optimize
from scipy.stats import norm

from langevin import exact


@pytest.mark.parametrize("eta, beta", [(0.1, 0.0), (0.3, 0.5), (1.9, 0.9)])
def test_heavy_ball_variance_by_its_lyapunov_equation(eta, beta):
    h, s = 1.3, 0.7
    A = np.array([[1 - eta * h + beta, -beta], [1.0, 0.0]])
    B = np.array([[eta * s], [0.0]])
    variance = linalg.solve_discrete_lyapunov(A, B @ B.T)[0, 0]
    assert exact.heavy_ball_variance(h, eta, beta, s) == pytest.approx(variance, rel=1e-10)


def test_without_momentum_it_is_langevin():
    """A gradient noise s is the heat eta s^2 / 2."""
    h, eta, s = 1.3, 0.2, 0.7
    ula = exact.harmonic_ula_variance(h, eta, eta * s**2 / 2)
    assert exact.heavy_ball_variance(h, eta, 0.0, s) == pytest.approx(ula)
    assert exact.heavy_ball_variance(1.0, 0.1, 0.0, 1.0) == pytest.approx(0.05263, abs=5e-6)


def test_small_steps_have_a_temperature():
    h, beta, s, eta = 1.3, 0.9, 0.7, 1e-7
    T = exact.heavy_ball_temperature(eta, beta, s)
    assert exact.heavy_ball_variance(h, eta, beta, s) == pytest.approx(T / h, rel=1e-6)
    assert exact.heavy_ball_temperature(0.1, 0.9, 1.0) == pytest.approx(0.5)


def radius(eta, beta, curvatures):
    """Largest modulus of the roots of z^2 - (1 + beta - eta h) z + beta."""
    return max(np.abs(np.roots([1, -(1 + beta - eta * h), beta])).max() for h in curvatures)


def test_polyaks_coefficients_are_the_best():
    mu, L = 1.0, 100.0
    eta, beta, rate = exact.polyak_optimum(mu, L)
    np.testing.assert_allclose([eta, beta, rate], [0.03306, 0.66942, 0.8182], atol=5e-5)
    both = radius(eta, beta, [mu, L])
    assert both == pytest.approx(rate, abs=1e-6)
    assert radius(eta, beta, np.linspace(mu, L, 50)) == pytest.approx(both, abs=1e-6)
    best = optimize.minimize(
        lambda v: radius(*v, [mu, L]), [0.02, 0.5], method="Nelder-Mead", options={"xatol": 1e-9}
    )
    assert best.fun > rate - 1e-6
    np.testing.assert_allclose([(1 - rate) ** 2, (1 + rate) ** 2], [eta * mu, eta * L])


def test_equal_curvatures_need_one_step():
    assert exact.polyak_optimum(4.0, 4.0) == (0.25, 0.0, 0.0)


def test_a_round_bowl_takes_one_step():
    assert exact.conjugate_gradient_bound([0, 1, 5], 1.0).tolist() == [2.0, 0.0, 0.0]


def test_conjugate_gradients_keep_their_bound():
    """Chebyshev's polynomial is the best for all spectra, and its value is below the bound."""
    kappa, n = 100.0, np.arange(31)
    bound = exact.conjugate_gradient_bound(n, kappa)
    at = (kappa + 1) / (kappa - 1)
    best = [1 / chebyshev.chebval(at, np.eye(k + 1)[k]) for k in n]
    assert np.all(best <= bound) and best[-1] == pytest.approx(bound[-1], rel=1e-4)

    h = np.linspace(1, kappa, 50)
    x = np.ones(50)
    r = p = -h * x
    size = [np.sqrt(x @ (h * x))]
    for _ in n[1:]:
        alpha = r @ r / (p @ (h * p))
        x, new = x + alpha * p, r - alpha * h * p
        p, r = new + new @ new / (r @ r) * p, new
        size.append(np.sqrt(x @ (h * x)))
    assert np.all(np.array(size) / size[0] <= bound)


@pytest.mark.parametrize(
    "method, speed, acceptance",
    [
        ("random_walk", lambda x: x**2 * 2 * norm.cdf(-x / 2), 0.2338),
        ("mala", lambda x: x**2 * 2 * norm.cdf(-(x**3) / 2), 0.5742),
        ("hmc", lambda x: x * 2 * norm.cdf(-(x**2) / 2), 0.651),
    ],
)
def test_best_acceptance(method, speed, acceptance):
    """The speeds in the length l of a proposal, as the papers write them."""
    best = optimize.minimize_scalar(lambda x: -speed(x), bounds=(0.1, 5), method="bounded")
    power = {"random_walk": 1, "mala": 3, "hmc": 2}[method]
    ours = exact.scaling_optimum(method)
    assert ours.scale == pytest.approx(best.x**power, rel=1e-4)
    assert ours.acceptance == pytest.approx(2 * norm.cdf(-ours.scale / 2), rel=1e-12)
    assert ours.acceptance == pytest.approx(acceptance, abs=5e-5 if method != "hmc" else 5e-4)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: exact.heavy_ball_variance(1, 4, 0.9, 1), "= 3.8, got 4: beyond it"),
        (lambda: exact.heavy_ball_variance(1, 0.1, 1.0, 1), "momentum must be below 1, got 1.0"),
        (lambda: exact.heavy_ball_temperature(0.1, -0.1, 1), "momentum must be zero or positive"),
        (lambda: exact.polyak_optimum(2, 1), "lowest must be at most highest = 1, got 2"),
        (lambda: exact.conjugate_gradient_bound(3, 0.5), "condition must be at least 1, got 0.5"),
        (lambda: exact.conjugate_gradient_bound(-1, 5), "n_steps must be zero or positive"),
        (lambda: exact.scaling_optimum("nuts"), "one of random_walk, mala, hmc, got 'nuts'"),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
