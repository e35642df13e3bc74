"""Descent with momentum whose coefficients are known beforehand: Nesterov's and Chebyshev's."""

from math import sqrt
from typing import Any, NamedTuple

from langevin import _checks
from langevin.kernels import Kernel
from langevin.schedules import as_momentum, as_step_size


class NesterovState(NamedTuple):
    """Positions, the last displacement, and the number of steps taken."""

    x: Any
    v: Any
    k: int = 0


class ChebyshevState(NamedTuple):
    """Positions, the last displacement, and the number of steps taken."""

    x: Any
    v: Any
    k: int = 0


def nesterov(grad, step_size, momentum) -> Kernel:
    r"""Return the kernel of Nesterov's accelerated gradient.

    .. math:: v_{k+1} = \beta_k v_k - \eta_k\,g(x_k + \beta_k v_k),\qquad x_{k+1} = x_k + v_{k+1}

    Heavy ball takes the gradient at x_k; here it is taken where the momentum leads.

    Parameters
    ----------
    grad : callable
        Oracle ``grad(x, rng) -> (n_particles, dim)``.
    step_size : float or callable
        eta: a positive number, or a function of k, which may reach 0: at that step x coasts on
        by beta v.
    momentum : float or callable
        beta, at least 0 and below 1; ``lambda k: k / (k + 3)`` is the choice for a convex energy
        of unknown smallest curvature.

    Returns
    -------
    Kernel
        Its state is ``NesterovState(x, v, k)``.

    Raises
    ------
    ValueError
        If `step_size` is not positive or `momentum` is not in [0, 1).
    TypeError
        If `grad` is not an oracle.

    References
    ----------
    Y. Nesterov, Dokl. Akad. Nauk SSSR 269, 543 (1983).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> from langevin.gradients import exact
    >>> kernel = nesterov(exact(harmonic()), step_size=0.5, momentum=0.5)
    >>> simulate(kernel, [[8.0]], 2, np.random.default_rng(1)).x
    array([[1.]])
    """
    _checks.oracle(grad)
    eta, beta = as_step_size(step_size), as_momentum(momentum)

    def step(state, rng):
        x, v, k = state
        led = beta(k) * v
        v = led - eta(k) * grad(x + led, rng)
        return NesterovState(x + v, v, k + 1)

    return Kernel(lambda x: NesterovState(x, 0.0 * x), step)


def chebyshev(grad, lowest: float, highest: float) -> Kernel:
    r"""Return the kernel of Chebyshev's iteration: the best momentum for each step of a bowl.

    .. math:: x_{k+1} = x_k - \eta_k\,g(x_k) + \beta_k\,(x_k - x_{k-1})

    .. math:: \eta_k = \eta^*\,\frac{1 + q^{2k}}{1 + q^{2k+2}},\quad
              \beta_k = \frac{q^2 + q^{2k}}{1 + q^{2k+2}},\quad
              \eta^* = \frac{4}{(\sqrt L + \sqrt\mu)^2},\quad
              q = \frac{\sqrt L - \sqrt\mu}{\sqrt L + \sqrt\mu}

    with half of eta_0.  Of all methods that know only the limits of the curvature it has the
    smallest worst error after each number of steps.  In the long run it is Polyak's heavy ball,
    with step size eta* and momentum q^2.

    Parameters
    ----------
    grad : callable
        Oracle of a quadratic energy.
    lowest, highest : float
        mu and L, the limits of the curvature, positive, mu <= L.

    Returns
    -------
    Kernel
        Its state is ``ChebyshevState(x, v, k)``.

    Raises
    ------
    ValueError
        If a limit is not positive, or they are out of order.
    TypeError
        If `grad` is not an oracle.

    References
    ----------
    G. Golub and R. Varga, Numer. Math. 3, 147 (1961).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> from langevin.gradients import exact
    >>> kernel = chebyshev(exact(harmonic(stiffness=2.0)), lowest=1.0, highest=3.0)
    >>> simulate(kernel, [[8.0]], 1, np.random.default_rng(1)).x
    array([[0.]])
    """
    _checks.oracle(grad)
    mu = _checks.single(_checks.positive(lowest, "lowest"), "lowest")
    L = _checks.single(_checks.positive(highest, "highest"), "highest")
    if mu > L:
        raise ValueError(f"lowest must be at most highest = {highest}, got {lowest}")
    slow, fast = sqrt(mu), sqrt(L)
    best, q = 4 / (fast + slow) ** 2, (fast - slow) / (fast + slow)

    def step(state, rng):
        x, v, k = state
        eta = best * (1 + q ** (2 * k)) / (1 + q ** (2 * k + 2)) / (2 if k == 0 else 1)
        beta = (q**2 + q ** (2 * k)) / (1 + q ** (2 * k + 2))
        v = beta * v - eta * grad(x, rng)
        return ChebyshevState(x + v, v, k + 1)

    return Kernel(lambda x: ChebyshevState(x, 0.0 * x), step)
