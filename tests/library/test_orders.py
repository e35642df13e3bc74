"""How fast errors vanish with the step: strong and weak orders, on a pendulum."""

from math import exp, sqrt

import numpy as np
import pytest
from library_checks import Scripted
from scipy.special import iv

from langevin import Potential, State, ula
from langevin.gradients import exact
from langevin.overdamped import NoisyState, leimkuhler_matthews
from langevin.underdamped import PhaseState, baoab, splitting

PENDULUM = Potential("1 - cos(x)")


def slope(steps, errors):
    return np.polyfit(np.log(steps), np.log(np.abs(errors)), 1)[0]


# Without inertia


def test_strong_order_is_one_for_additive_noise(rng):
    """Coarse and fine steps along the same Brownian paths, on a pendulum.

    The fitted order scatters by 0.02, so 0.15 is seven sigmas; order 1/2 is 25 sigmas away.
    """
    finest, n_fine, T = 2.0**-11, 2**11, 0.5
    noise = rng.standard_normal((n_fine, 400, 1))

    def end(merged):
        kernel = ula(PENDULUM, finest * merged, T)
        coarse = noise.reshape(-1, merged, 400, 1).sum(axis=1) / sqrt(merged)
        state, script = kernel.init(np.zeros((400, 1))), Scripted(*coarse)
        for _ in coarse:
            state = kernel.step(state, script)
        return state.x

    reference = end(1)
    merges = [16, 32, 64, 128]
    errors = [np.abs(end(m) - reference).mean() for m in merges]
    # the reference has an error of its own, of the first order too
    assert abs(slope(np.array(merges) - 1.0, errors) - 1) < 0.15


def stationary_mean(end, n_x=32, n_noise=24):
    """The mean of cos x for a step y, xi -> y', x on a pendulum, by quadrature; no Monte Carlo.

    A grid on the circle and the step from each of its points make a Markov chain, which is
    followed to where it does not change any more.
    """
    grid = 2 * np.pi * np.arange(n_x) / n_x
    nodes, weights = np.polynomial.hermite_e.hermegauss(n_noise)
    weights /= weights.sum()
    y, xi = (axis.reshape(-1, 1) for axis in np.meshgrid(grid, nodes, indexing="ij"))
    after, x = end(y, xi)
    # a step ends between the points; these are the weights by which they share it
    angle, waves = after - grid, np.arange(1, n_x // 2)
    shares = 1 + 2 * np.cos(angle[..., None] * waves).sum(axis=-1) + np.cos(angle * n_x / 2)
    transition = weights @ (shares / n_x).reshape(n_x, n_noise, n_x)
    # pi = pi P, with the first of these equations replaced by the sum of pi being 1
    system = np.eye(n_x) - transition.T
    system[0] = 1
    pi = np.linalg.solve(system, np.eye(n_x)[0])
    return pi @ (np.cos(x).reshape(n_x, n_noise) @ weights)


def order_of_the_mean(step_of, T=0.5):
    truth = iv(1, 1 / T) / iv(0, 1 / T)
    steps = [0.1, 0.05]
    return slope(steps, [stationary_mean(step_of(tau, T)) - truth for tau in steps])


def test_weak_order_is_one():
    def step_of(tau, T):
        kernel = ula(PENDULUM, tau, T)
        return lambda x, xi: (kernel.step(State(x), Scripted(xi)).x, x)

    assert abs(order_of_the_mean(step_of) - 1) < 0.1


def test_weak_order_of_leimkuhler_matthews_is_two():
    """Without its last noise a position is a Markov chain: that noise is all it shares."""

    def step_of(tau, T):
        kernel = leimkuhler_matthews(PENDULUM, tau, T)

        def step(y, xi):
            x = y + sqrt(2 * tau * T) * xi / 2
            return kernel.step(NoisyState(x, 0, xi), Scripted(np.zeros(xi.shape))).x, x

        return step

    assert abs(order_of_the_mean(step_of) - 2) < 0.1


# With inertia


def stationary_means(word, dt, n_x=20, n_p=32, n_noise=12):
    """Averages of cos x, p^2 and p sin x in the stationary state on a pendulum, by quadrature.

    A grid, Fourier in x and Chebyshev in p, and the kernel's own step from each of its points
    make a Markov chain; it is followed to where it does not change any more.
    """
    top = 6.0
    grid_x, theta = 2 * np.pi * np.arange(n_x) / n_x, np.pi * (np.arange(n_p) + 0.5) / n_p
    nodes, weights = np.polynomial.hermite_e.hermegauss(n_noise)
    x, p, xi = (
        axis.reshape(-1, 1)
        for axis in np.meshgrid(grid_x, top * np.cos(theta), nodes, indexing="ij")
    )
    kernel = splitting(word, exact(PENDULUM), dt, 1.0, friction=1.0)
    end = kernel.step(PhaseState(x, p), Scripted(xi))
    # each step ends between the points; the weights by which they share it
    angle, waves = end.x - grid_x, np.arange(1, n_x // 2)
    in_x = 1 + 2 * np.cos(angle[..., None] * waves).sum(axis=-1) + np.cos(angle * n_x / 2)
    phi, orders = np.arccos(np.clip(end.p / top, -1, 1)), np.arange(1, n_p)
    in_p = 1 + 2 * np.cos(phi * orders) @ np.cos(np.outer(orders, theta))
    shares = (a.reshape(n_x * n_p, n_noise, -1) / a.shape[1] for a in (in_x, in_p))
    size = n_x * n_p
    transition = np.einsum("iqa,iqb,q->iab", *shares, weights / weights.sum(), optimize=True)
    # pi = pi P, with the first of these equations replaced by the sum of pi being 1
    system = np.eye(size) - transition.reshape(size, size).T
    system[0] = 1
    pi = np.linalg.solve(system, np.eye(size)[0])
    x, p = x[::n_noise, 0], p[::n_noise, 0]
    return pi @ np.cos(x), pi @ p**2, pi @ (p * np.sin(x))


COS_X = 0, iv(1, 1) / iv(0, 1)
P_SQUARED = 1, 1.0
P_SIN_X = 2, 0.0


@pytest.mark.parametrize(
    "word, observable, order",
    [
        ("BAOAB", COS_X, 2),
        ("BAOAB", P_SQUARED, 2),
        ("ABOBA", COS_X, 2),
        ("OBA", P_SIN_X, 1),
    ],
)
def test_weak_order_of_words(word, observable, order):
    """Symmetric words are of the second order, others of the first."""
    which, truth = observable
    steps = np.array([0.2, 0.1])
    errors = [stationary_means(word, dt)[which] - truth for dt in steps]
    assert abs(slope(steps, errors) - order) < 0.1


def test_strong_order_of_baoab_is_one(rng):
    """Coarse and fine steps with one and the same bath, on a pendulum.

    The fitted order is 0.98 with a scatter of 0.016, so 0.2 is eleven sigmas.
    """
    finest, n_fine, friction = 2.0**-10, 2**11, 1.0
    noise = rng.standard_normal((n_fine, 800, 1))

    def end(merged):
        # what the fine kicks of the bath add up to at the end of a coarse step
        decay = exp(-friction * finest)
        fades = decay ** np.arange(merged)[::-1]
        coarse = np.einsum("j,nj...->n...", fades, noise.reshape(-1, merged, 800, 1))
        coarse *= sqrt((1 - decay**2) / (1 - decay ** (2 * merged)))
        kernel = baoab(PENDULUM, finest * merged, 0.5, friction)
        state, script = kernel.init(np.ones((800, 1))), Scripted(*coarse)
        for _ in coarse:
            state = kernel.step(state, script)
        return state.x

    reference = end(1)
    merges = np.array([16, 32, 64, 128])
    errors = [np.abs(end(m) - reference).mean() for m in merges]
    assert abs(slope(merges - 1.0, errors) - 1) < 0.2
