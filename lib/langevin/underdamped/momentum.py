"""Descent with momentum: Langevin dynamics with inertia and without heat."""

from typing import Any, NamedTuple

from langevin import _checks
from langevin.kernels import Kernel
from langevin.schedules import as_momentum, as_step_size


class HeavyBallState(NamedTuple):
    """Positions, the last displacement, and the number of steps taken."""

    x: Any
    p: Any
    k: int = 0


def heavy_ball(grad, step_size, momentum) -> Kernel:
    r"""Return the kernel of descent with momentum: a heavy ball that rolls through the liquid.

    .. math:: x_{k+1} = x_k - \eta_k\,\nabla U(x_k) + \beta_k\,(x_k - x_{k-1})

    With two numbers it is ``splitting("OBA")`` at temperature zero, with

    .. math:: \eta = \frac{\mathrm{dt}^2}{m}, \qquad \beta = e^{-\lambda\,\mathrm{dt}/m}

    and the last displacement for p dt / m.  The semi-implicit Euler method, which
    takes the friction over the step as constant, gives the same with beta = 1 - lambda dt / m.
    What descends slowly does so as if the step were eta / (1 - beta).

    Parameters
    ----------
    grad : callable
        Oracle ``grad(x, rng)``; all heat comes from it.
    step_size : float or callable
        eta, the learning rate, positive; on a spring of stiffness kappa it is stable below
        2 (1 + beta) / kappa.  A schedule may reach 0: at that step the ball coasts on by beta p.
    momentum : float or callable
        beta, at least 0 and below 1; a number or a function of k.  At 0 it is gradient descent.

    Returns
    -------
    Kernel
        Its state is ``HeavyBallState(x, p, k)``, p being the last displacement, zero at first.

    Raises
    ------
    ValueError
        If `step_size` is not positive, or `momentum` not in [0, 1).
    TypeError
        If `grad` is not an oracle.

    References
    ----------
    B. Polyak, USSR Comp. Math. 4(5), 1 (1964).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> from langevin.gradients import exact
    >>> kernel = heavy_ball(exact(harmonic()), step_size=0.5, momentum=0.5)
    >>> simulate(kernel, [[8.0]], 2, np.random.default_rng(1)).x
    array([[0.]])
    """
    _checks.oracle(grad)
    eta, beta = as_step_size(step_size), as_momentum(momentum)

    def step(state, rng):
        x, p, k = state
        p = beta(k) * p - eta(k) * grad(x, rng)
        return HeavyBallState(x + p, p, k + 1)

    return Kernel(lambda x: HeavyBallState(x, 0.0 * x), step)
