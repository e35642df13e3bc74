"""Optimizers on bowls: the race, polynomials, rates and stationary laws, all exact."""

from math import sqrt

import numpy as np
import pytest
from library_checks import Scripted
from scipy.linalg import solve_discrete_lyapunov

from langevin import Kernel, Potential, gradient_descent, harmonic, position, simulate
from langevin.gradients import noisy
from langevin.optimizers import (
    chebyshev,
    conjugate_gradient,
    nesterov,
)
from langevin.optimizers.momentum import ChebyshevState, NesterovState

noiseless = np.random.default_rng(0)


# A bowl of 50 curvatures between 1 and 100


LOWEST, HIGHEST = 1.0, 100.0
EIGENVALUES = np.linspace(LOWEST, HIGHEST, 50)


def bowl(x, rng):
    return EIGENVALUES * x


def heavy_ball_by_hand(n, start):
    eta, beta = 4 / (sqrt(HIGHEST) + sqrt(LOWEST)) ** 2, (9 / 11) ** 2
    old = x = start
    for _ in range(n):
        old, x = x, x - eta * EIGENVALUES * x + beta * (x - old)
    return x


def error_left(x):
    return np.linalg.norm(x) / sqrt(50)


def test_the_race():
    """Thirty steps from (1, ..., 1); what is left of the distance."""
    start = np.ones((1, 50))
    polyak = Kernel(
        lambda x: ChebyshevState(x, 0 * x, 10**6), chebyshev(bowl, LOWEST, HIGHEST).step
    )
    spring = Potential(
        " + ".join(f"{h}*x_{i}**2/2" for i, h in enumerate(EIGENVALUES.tolist())),
        [f"x_{i}" for i in range(50)],
    )
    racers = {
        "descent": gradient_descent(spring, 2 / (LOWEST + HIGHEST)),
        "heavy ball": polyak,
        "chebyshev": chebyshev(bowl, LOWEST, HIGHEST),
        "conjugate": conjugate_gradient(bowl, np.diag(EIGENVALUES)),
    }
    left = {name: error_left(simulate(k, start, 30, noiseless).x) for name, k in racers.items()}
    assert left["descent"] == pytest.approx(0.115, rel=0.01)
    assert left["heavy ball"] == pytest.approx(0.0194, rel=0.01)
    assert left["chebyshev"] == pytest.approx(0.0035, rel=0.01)
    assert left["conjugate"] == pytest.approx(4.5e-5, rel=0.01)
    assert left["heavy ball"] == pytest.approx(error_left(heavy_ball_by_hand(30, start)), rel=1e-9)


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_chebyshevs_error_is_chebyshevs_polynomial(n):
    """The error of each eigenvalue is T_n at its place between the limits, over T_n outside."""
    x = simulate(chebyshev(bowl, LOWEST, HIGHEST), np.ones((1, 50)), n, noiseless).x[0]
    sigma = (HIGHEST + LOWEST) / (HIGHEST - LOWEST)
    place = (HIGHEST + LOWEST - 2 * EIGENVALUES) / (HIGHEST - LOWEST)
    T_n = np.polynomial.chebyshev.Chebyshev.basis(n)
    np.testing.assert_allclose(x, T_n(place) / T_n(sigma), atol=1e-13)


def coefficients(step, k):
    """Step size and momentum of a step x' = x - eta g + beta v, read off."""
    ask = np.array([[1.0], [0.0]])
    moved = step(ChebyshevState(0.0 * ask, ask[::-1], k), noiseless).v.ravel()
    return -step(ChebyshevState(ask, 0.0 * ask, k), noiseless).v[0, 0], moved[1]


def test_chebyshev_becomes_the_best_heavy_ball():
    """Polyak's constants; both ends of the bowl critically damped; rate sqrt(beta)."""
    step = chebyshev(lambda x, rng: x, LOWEST, HIGHEST).step
    eta, beta = coefficients(step, 10**6)
    assert (eta, beta) == pytest.approx((0.03306, 0.66942), abs=5e-6)
    assert ((1 - sqrt(beta)) ** 2, (1 + sqrt(beta)) ** 2) == pytest.approx((eta, 100 * eta))
    for h in EIGENVALUES:
        roots = np.roots([1, -(1 + beta - eta * h), beta])
        # equal roots at both ends, hence the half of the digits
        assert np.abs(roots).max() == pytest.approx(0.81818, abs=2e-5)
    assert coefficients(step, 0)[0] == pytest.approx(2 / (LOWEST + HIGHEST))
    # one curvature: all in one step
    one = simulate(chebyshev(lambda x, rng: 4 * x, 4.0, 4.0), [[3.0]], 2, noiseless).x
    np.testing.assert_allclose(one, 0.0, atol=1e-15)


def test_conjugate_gradient_is_a_heavy_ball_that_adapts():
    path = simulate(
        conjugate_gradient(bowl, np.diag(EIGENVALUES)),
        np.ones((1, 50)),
        25,
        noiseless,
        observe=position,
    )[:, 0]
    betas = []
    for old, x, new in zip(path, path[1:], path[2:], strict=False):
        fit, rest, *_ = np.linalg.lstsq(np.array([-bowl(x, None), x - old]).T, new - x)
        assert sqrt(rest.item()) < 1e-13 * np.linalg.norm(x)
        betas.append(fit[1])
    assert betas[:2] == pytest.approx([0.09, 0.21], abs=0.005)
    # from below through the best fixed value, .669, and beyond it when the ends are done
    assert betas[9] == pytest.approx(0.66, abs=0.005)
    assert np.all(np.diff(betas[:15]) > 0) and max(betas) > 0.8 and betas[-1] < 0.5


@pytest.mark.parametrize("distinct", [1, 2, 5])
def test_conjugate_gradient_ends(distinct, rng):
    """As many steps as distinct eigenvalues, in any basis."""
    spectrum = np.repeat(np.geomspace(1.0, 100.0, distinct), 10)
    Q = np.linalg.qr(rng.standard_normal((len(spectrum), len(spectrum))))[0]
    H = Q @ np.diag(spectrum) @ Q.T
    H, x0 = (H + H.T) / 2, rng.standard_normal((3, len(spectrum)))
    kernel = conjugate_gradient(lambda x, rng: x @ H, H)
    path = simulate(kernel, x0, 12, noiseless, observe=position)
    left = np.linalg.norm(path, axis=2) / np.linalg.norm(x0, axis=1)
    assert np.all(left[distinct] < 1e-9) and np.all(left[distinct - 1] > 1e-3)
    assert np.all(left[-1] < 1e-9)


def test_conjugate_gradient_keeps_below_its_bound():
    H = np.diag(EIGENVALUES)
    path = simulate(conjugate_gradient(bowl, H), np.ones((1, 50)), 40, noiseless, observe=position)
    energy = np.sqrt((EIGENVALUES * path[:, 0] ** 2).sum(axis=1))
    assert np.all(energy / energy[0] <= 2 * (9 / 11) ** np.arange(41.0))


def test_gradient_noise_ends_the_end_of_conjugate_gradient(rng):
    kernel = conjugate_gradient(
        lambda x, rng: bowl(x, rng) + rng.standard_normal(x.shape), np.diag(EIGENVALUES)
    )
    end = simulate(kernel, np.ones((20, 50)), 200, rng).x
    assert np.all((EIGENVALUES * end**2 / 2).sum(axis=1) > 1e-3)


# Nesterov on a spring, exactly


def nesterov_matrices(h, eta, beta, s):
    """Read one step (x, v)' = A (x, v) + B xi off the kernel."""
    kernel = nesterov(noisy(harmonic(h), s), eta, beta)

    def step(x, v, xi):
        state = kernel.step(
            NesterovState(np.array([[x]]), np.array([[v]])), Scripted(np.array([[xi]]))
        )
        return [state.x.item(), state.v.item()]

    A = np.array([step(1.0, 0.0, 0.0), step(0.0, 1.0, 0.0)]).T
    return A, np.array([step(0.0, 0.0, 1.0)]).T


@pytest.mark.parametrize("h", [1.0, 10.0, 60.0])
def test_nesterovs_stationary_variance(h):
    """The law of x' = (1 - eta h) (x + beta (x - x_old)) + eta s xi, a walk of order two."""
    eta, beta, s = 0.01, 0.8, 2.0
    A, B = nesterov_matrices(h, eta, beta, s)
    variance = solve_discrete_lyapunov(A, B @ B.T)[0, 0]
    a1, a2 = (1 - eta * h) * (1 + beta), -(1 - eta * h) * beta
    law = (1 - a2) * (eta * s) ** 2 / ((1 + a2) * ((1 - a2) ** 2 - a1**2))
    assert variance == pytest.approx(law, rel=1e-12)


def test_momentum_heats():
    """For a small step the variance is T / h with T = eta s^2 / (2 (1 - beta))."""
    eta, beta, s, h = 1e-5, 0.8, 2.0, 1.5
    A, B = nesterov_matrices(h, eta, beta, s)
    variance = solve_discrete_lyapunov(A, B @ B.T)[0, 0]
    assert variance == pytest.approx(eta * s**2 / (2 * (1 - beta)) / h, rel=1e-3)


def test_nesterovs_rate():
    """With step 1/L and momentum (sqrt kappa - 1) / (sqrt kappa + 1) it is 1 - 1/sqrt kappa."""
    rates = [
        np.abs(np.linalg.eigvals(nesterov_matrices(h, 1 / HIGHEST, 9 / 11, 0.0)[0])).max()
        for h in EIGENVALUES
    ]
    # the roots are equal at the flat end, which costs half of the digits
    assert max(rates) == pytest.approx(0.9, abs=1e-6)
