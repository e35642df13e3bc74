"""Kramers' turnover: Mel'nikov and Meshkov against the Klein-Kramers equation and simulations.

Their rate is the first term of an expansion in T / barrier.  At the barrier of 5 T of
U = 5 (x^2 - 1)^2 the true rate is between 75 % (weak friction) and 95 % of it, at 30 T between
95 % and 99 %.  So the long simulations, run by name (pytest -m slow), compare with the formula
at 30 T, and with the true rate at 5 T.
"""

import numpy as np
import pytest
from library_checks import assert_close_sigma
from scipy import integrate, sparse
from scipy.sparse.linalg import eigs

from langevin import double_well, exact, simulate
from langevin.underdamped import PhaseState, baoab, thermal

FRICTIONS = [0.02, 0.1, 0.5, 2.0, 5.0, 10.0, 30.0]


def turnover(height, friction):
    action = exact.barrier_action(double_well(height=height), -1.0, 0.0)
    return exact.turnover_rate(
        height, 8 * height, 4 * height, action, 1.0, friction, action_beyond=action
    )


def klein_kramers(height, friction, n_v, n_x):
    """Half the smallest odd eigenvalue of the Klein-Kramers equation of the double well, m = T = 1.

    With psi = p / sqrt(p_eq), Hermite functions of v (number n) and of x / s (number j),
    dc_n/dt = sqrt(n + 1) B c_{n+1} - sqrt(n) A c_{n-1} - friction n c_n, A, B = +-d/dx + U'/2.
    """
    s = 0.3 * (5 / height) ** 0.25
    root = np.sqrt(np.arange(1, n_x + 8) / 2)
    X = s * (np.diag(root, 1) + np.diag(root, -1))
    D = (np.diag(root, 1) - np.diag(root, -1)) / s
    slope = 4 * height * (X @ X @ X - X)
    # made larger and cut, so that the products of truncated matrices are right
    A, B = ((sign * D + slope / 2)[:n_x, :n_x] for sign in (1, -1))
    up = sparse.diags(np.sqrt(np.arange(1.0, n_v)), 1)
    damping = sparse.kron(sparse.diags(np.arange(float(n_v))), sparse.eye(n_x))
    L = sparse.kron(up, B) - sparse.kron(up.T, A) - friction * damping
    n, j = np.divmod(np.arange(n_v * n_x), n_x)
    odd = np.flatnonzero((n + j) % 2)
    (eigenvalue,) = eigs(L.tocsr()[odd][:, odd].tocsc(), k=1, sigma=1e-9, return_eigenvectors=False)
    return -eigenvalue.real / 2


@pytest.mark.parametrize("friction", [0.5, 2.0, 10.0, 30.0])
def test_the_turnover_is_the_limit_of_high_barriers(friction):
    """The distance from the spectrum shrinks with the barrier, to 4 % and less at 15 T."""
    off = [
        1 - klein_kramers(h, friction, 80, 130) / turnover(h, friction) for h in (5.0, 8.0, 15.0)
    ]
    assert 0.12 > off[0] > off[1] > off[2] > 0 and off[2] < 0.04


def time_step(longest, friction):
    """A step h short enough for strong friction g: BAOAB diffuses g h/2 coth(g h/2) too fast."""
    return min(longest, 0.3 / friction)


@pytest.mark.slow
@pytest.mark.parametrize("friction", FRICTIONS)
def test_simulated_turnover(friction, rng):
    """Barrier of 30 T: flux over the top, times the part of it that stays; within 10 %.

    The part that stays is the mean sign of x, one orbit and more after a start at the top with
    the velocities of the flux.  Its error is 1 % of it or less.
    """
    height, step_size = 30.0, time_step(0.02, friction)
    n = 1_000_000 if friction < 0.1 else 200_000
    n_steps = round((1 / friction + 5 + friction / 3) / step_size)
    U = double_well(height=height)
    p = np.sqrt(2 * rng.standard_exponential((n, 1)))
    end = simulate(
        baoab(U, step_size, 1.0, friction), PhaseState(np.zeros((n, 1)), p), n_steps, rng
    )
    stays = np.sign(end.x).mean()
    well, _ = integrate.quad(lambda x: np.exp(-U(x)), -np.inf, 0)
    rate = stays * np.exp(-height) / np.sqrt(2 * np.pi) / well
    ratio, error = rate / turnover(height, friction), 1 / np.sqrt(n) / stays
    print(f"friction {friction}: simulated / formula = {ratio:.4f} +- {ratio * error:.4f}")
    assert error < 0.01
    assert abs(ratio - 1) < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("friction", FRICTIONS)
def test_simulated_relaxation(friction, rng):
    """Barrier of 5 T: the imbalance of the two wells decays at twice the rate of the spectrum."""
    height, step_size, n = 5.0, time_step(0.03, friction), 32_768
    n_v = {0.02: 900, 0.1: 400}.get(friction, 100)
    law = klein_kramers(height, friction, n_v, 170)
    kernel = baoab(double_well(height=height), step_size, 1.0, friction)
    settled = round((5 / friction + friction / 4 + 2) / step_size)
    later = round(1 / (2 * law) / step_size)
    start = thermal(np.full((n, 1), -1.0), 1.0, rng)
    first = simulate(kernel, start, settled, rng)
    second = simulate(kernel, first, later, rng)
    one, two = np.sign(first.x[:, 0]), np.sign(second.x[:, 0])
    time = 2 * later * step_size
    rate = np.log(one.mean() / two.mean()) / time
    error = (one / one.mean() - two / two.mean()).std() / np.sqrt(n) / time
    print(
        f"friction {friction}: 1e5 x simulated {1e5 * rate:.1f} +- {1e5 * error:.1f}, "
        f"spectrum {1e5 * law:.1f}, formula {1e5 * turnover(height, friction):.1f}"
    )
    assert error < 0.03 * law
    assert_close_sigma(rate, law, error)
    assert 0.74 < law / turnover(height, friction) < 0.96
