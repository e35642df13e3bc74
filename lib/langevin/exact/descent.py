"""Laws of descent: momentum and its heat, the best coefficients, and rates of convergence."""

from math import erfc, sqrt
from typing import NamedTuple

import numpy as np

from langevin import _checks


class HeavyBall(NamedTuple):
    """Coefficients of heavy-ball descent, and the factor by which each step shrinks the error."""

    step_size: float
    momentum: float
    rate: float


class Scaling(NamedTuple):
    """The best scale of a sampler's proposals in many dimensions, and what it accepts."""

    scale: float
    acceptance: float


def heavy_ball_variance(stiffness, step_size, momentum, noise):
    r"""Return the stationary variance of heavy-ball descent with a noisy gradient.

    For x_{k+1} = x_k - eta (h x_k + s epsilon_k) + beta (x_k - x_{k-1}),

    .. math:: \mathrm{Var}\,x =
              \frac{\eta s^2 (1 + \beta)}{(1 - \beta)\,h\,\left[2 (1 + \beta) - \eta h\right]}

    Parameters
    ----------
    stiffness : float
        h, the curvature, positive.
    step_size : float
        eta, positive and below 2 (1 + beta) / h.
    momentum : float
        beta, at least 0 and below 1; at 0 it is stochastic gradient descent.
    noise : float
        s, standard deviation of the gradient's noise, zero or positive.

    Returns
    -------
    float
        In length squared.

    Raises
    ------
    ValueError
        If an argument is out of range, or the step too long to be stable.

    References
    ----------
    B. Polyak, USSR Comput. Math. Math. Phys. 4 (5), 1 (1964); the variance solves the discrete
    Lyapunov equation of its iteration.

    Examples
    --------
    >>> round(float(heavy_ball_variance(1.0, step_size=0.1, momentum=0.0, noise=1.0)), 5)
    0.05263
    """
    h = _checks.positive(stiffness, "stiffness")
    eta, beta = _checks.positive(step_size, "step_size"), _checks.fraction(momentum, "momentum")
    _checks.step_below(step_size, 2 * (1 + beta) / h, "2 (1 + momentum) / stiffness")
    s2 = _checks.not_negative(noise, "noise") ** 2
    return eta * s2 * (1 + beta) / ((1 - beta) * h * (2 * (1 + beta) - eta * h))


def heavy_ball_temperature(step_size, momentum, noise):
    r"""Return the temperature that a noisy gradient gives heavy-ball descent, for small steps.

    .. math:: T = \frac{\eta s^2}{2 (1 - \beta)}

    Parameters
    ----------
    step_size : float
        eta, positive.
    momentum : float
        beta, at least 0 and below 1.
    noise : float
        s, standard deviation of the gradient's noise, zero or positive.

    Returns
    -------
    float
        In units of energy (k_B = 1).

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    S. Mandt, M. Hoffman and D. Blei, J. Mach. Learn. Res. 18 (134), 1 (2017).

    Examples
    --------
    >>> round(float(heavy_ball_temperature(step_size=0.1, momentum=0.9, noise=1.0)), 9)
    0.5
    """
    eta, beta = _checks.positive(step_size, "step_size"), _checks.fraction(momentum, "momentum")
    return eta * _checks.not_negative(noise, "noise") ** 2 / (2 * (1 - beta))


def polyak_optimum(lowest, highest):
    r"""Return the best heavy ball for a quadratic with curvatures between two limits.

    .. math:: \eta = \frac{4}{(\sqrt L + \sqrt\mu)^2},\qquad
              \beta = \left(\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}\right)^2,\qquad
              \text{rate} = \sqrt\beta,\qquad \kappa = \frac L\mu

    Both ends are critically damped.  Gradient descent has at best the rate
    (kappa - 1) / (kappa + 1), with the step 2 / (L + mu).

    Parameters
    ----------
    lowest, highest : float
        mu and L, positive, mu <= L.

    Returns
    -------
    HeavyBall
        ``step_size``, ``momentum`` and ``rate``.

    Raises
    ------
    ValueError
        If a curvature is not positive, or they are out of order.

    References
    ----------
    B. Polyak, USSR Comput. Math. Math. Phys. 4 (5), 1 (1964).

    Examples
    --------
    >>> [round(float(v), 5) for v in polyak_optimum(1.0, 100.0)]
    [0.03306, 0.66942, 0.81818]
    """
    mu, L = _checks.positive(lowest, "lowest"), _checks.positive(highest, "highest")
    if np.any(mu > L):
        raise ValueError(
            f"lowest must be at most highest = {_checks.describe(highest, mu > L)}, "
            f"got {_checks.describe(lowest, mu > L)}"
        )
    slow, fast = np.sqrt(mu), np.sqrt(L)
    rate = (fast - slow) / (fast + slow)
    return HeavyBall(4 / (fast + slow) ** 2, rate**2, rate)


def conjugate_gradient_bound(n_steps, condition):
    r"""Return what conjugate gradients leave of the error at most, in the energy norm.

    .. math:: \frac{\lVert e_n \rVert_H}{\lVert e_0 \rVert_H}
              \le 2 \left(\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}\right)^n

    In exact arithmetic nothing is left after as many steps as there are distinct eigenvalues.

    Parameters
    ----------
    n_steps : int or array_like of int
        n, zero or more.
    condition : float
        kappa, largest by smallest eigenvalue, at least 1.

    Returns
    -------
    float or ndarray
        A ratio; above 1 in the first steps, where it says nothing.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    M. Hestenes and E. Stiefel, J. Res. Natl. Bur. Stand. 49, 409 (1952); the bound by Chebyshev
    polynomials: S. Kaniel, Math. Comp. 20, 369 (1966).

    Examples
    --------
    >>> round(float(conjugate_gradient_bound(30, condition=100.0)), 5)
    0.00486
    """
    n = _checks.not_negative(n_steps, "n_steps")
    wrong = _checks.finite(condition, "condition") < 1
    if np.any(wrong):
        raise ValueError(f"condition must be at least 1, got {_checks.describe(condition, wrong)}")
    return 2 * polyak_optimum(1.0, condition).rate ** n


def scaling_optimum(method="mala"):
    r"""Return the best size of a sampler's proposals in many dimensions, and its acceptance.

    When the dimension goes to infinity a sampler accepts a(s) = 2 Phi(-s / 2) and moves as fast as

    .. math:: s^{q}\,a(s),\qquad q = 2,\ \tfrac23,\ \tfrac12

    for a random walk, MALA and Hamiltonian Monte Carlo.  Here s is the scale: proportional to
    l, l^3 and l^2, where l^2 is the variance of a proposal (its time step, for the last) in the
    units in which it has a limit.

    Parameters
    ----------
    method : str
        ``"random_walk"``, ``"mala"`` or ``"hmc"``.

    Returns
    -------
    Scaling
        ``scale`` s and ``acceptance`` a(s) where the speed is largest.

    Raises
    ------
    ValueError
        If there is no such method.

    References
    ----------
    G. Roberts, A. Gelman and W. Gilks, Ann. Appl. Probab. 7, 110 (1997); G. Roberts and
    J. Rosenthal, J. R. Stat. Soc. B 60, 255 (1998); A. Beskos et al., Bernoulli 19, 1501 (2013).

    Examples
    --------
    >>> [round(scaling_optimum(m).acceptance, 3) for m in ("random_walk", "mala", "hmc")]
    [0.234, 0.574, 0.651]
    """
    if method not in _POWERS:
        raise ValueError(f"method must be one of {', '.join(_POWERS)}, got {method!r}")
    scale = _argmax(lambda s: s ** _POWERS[method] * _accepted(s), 0.0, 10.0)
    return Scaling(scale, _accepted(scale))


# the speed of a sampler is its acceptance times this power of the scale
_POWERS = {"random_walk": 2, "mala": 2 / 3, "hmc": 1 / 2}


def _accepted(scale):
    """Return 2 Phi(-scale / 2)."""
    return erfc(scale / sqrt(8))


def _argmax(f, a, b):
    """Return where f, with one hump between a and b, is largest: golden section."""
    golden = (sqrt(5) - 1) / 2
    left, right = b - golden * (b - a), a + golden * (b - a)
    while b - a > 1e-10:
        if f(left) > f(right):
            b, right = right, left
            left = b - golden * (b - a)
        else:
            a, left = left, right
            right = a + golden * (b - a)
    return (a + b) / 2
