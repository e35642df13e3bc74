"""Laws of the discretised Langevin equation, and their continuum limits.

A simulation with a finite step must agree with the discretised law.  Reduced units, k_B = 1.
"""

from typing import NamedTuple

import numpy as np

from langevin import _checks


class Moments(NamedTuple):
    """Mean and variance of a distribution."""

    mean: np.ndarray
    variance: np.ndarray


def free_ula_moments(n_steps, step_size, temperature):
    r"""Return the moments of one coordinate of a free particle after n steps from the origin.

    .. math:: \langle x_n \rangle = 0,\qquad \mathrm{Var}\,x_n = 2 T\,n\,\tau

    Here, and only here, the discretised law and its continuum limit are one.

    Parameters
    ----------
    n_steps : int or array_like of int
        Zero or more.
    step_size : float
        tau, positive.
    temperature : float
        T, zero or positive.

    Returns
    -------
    Moments
        ``mean`` and ``variance``.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    A. Einstein, Ann. Phys. 322, 549 (1905).

    Examples
    --------
    >>> float(free_ula_moments(100, step_size=0.1, temperature=0.5).variance)
    10.0
    """
    n = _checks.not_negative(n_steps, "n_steps")
    kick = _kick(step_size, temperature)
    return Moments(0.0 * n, n * kick)


def quadratic_variation_moments(n_steps, step_size, temperature):
    r"""Return the moments of the quadratic variation of a free path of n recorded steps.

    It is 2 T tau times a chi-square variable of n degrees of freedom:

    .. math:: \langle Q \rangle = 2 T\,n\,\tau,\qquad \mathrm{Var}\,Q = 2 n\,(2 T \tau)^2

    Parameters
    ----------
    n_steps : int or array_like of int
        Zero or more.
    step_size : float
        tau, positive.
    temperature : float
        T, zero or positive.

    Returns
    -------
    Moments
        ``mean`` and ``variance``.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    P. Lévy, Amer. J. Math. 62, 487 (1940).

    Examples
    --------
    >>> mean, variance = quadratic_variation_moments(50, step_size=0.1, temperature=0.5)
    >>> round(float(mean), 9), round(float(variance), 9)
    (5.0, 1.0)
    """
    n = _checks.not_negative(n_steps, "n_steps")
    kick = _kick(step_size, temperature)
    return Moments(n * kick, 2 * n * kick**2)


def harmonic_moments(t, x0, stiffness, temperature):
    r"""Return the moments of an overdamped particle on a spring, in continuous time.

    .. math:: \langle x \rangle = x_0 e^{-\kappa t},\qquad
              \mathrm{Var}\,x = \frac{T}{\kappa}\left(1 - e^{-2 \kappa t}\right)

    Parameters
    ----------
    t : float or array_like
        Time / friction, zero or positive; n steps are ``n * step_size``.  ``inf`` is allowed.
    x0 : float
        Start.
    stiffness : float
        kappa, positive.
    temperature : float
        T, zero or positive.

    Returns
    -------
    Moments
        ``mean`` and ``variance``.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    G. Uhlenbeck and L. Ornstein, Phys. Rev. 36, 823 (1930).

    Examples
    --------
    >>> float(harmonic_moments(np.inf, x0=3.0, stiffness=2.0, temperature=1.0).variance)
    0.5
    """
    t = _checks.limit(t, "t")
    stiffness = _checks.positive(stiffness, "stiffness")
    width = _checks.not_negative(temperature, "temperature") / stiffness
    mean = _checks.finite(x0, "x0") * np.exp(-stiffness * t)
    return Moments(mean, -width * np.expm1(-2 * stiffness * t))


def harmonic_ula_moments(n_steps, x0, stiffness, step_size, temperature):
    r"""Return the moments of a particle on a spring after n discretised steps.

    With a = 1 - kappa tau,

    .. math:: \langle x_n \rangle = a^n x_0,\qquad
              \mathrm{Var}\,x_n = 2 T \tau\,\frac{1 - a^{2n}}{1 - a^2}

    Parameters
    ----------
    n_steps : int or array_like of int
        Zero or more.
    x0 : float
        Start.
    stiffness : float
        kappa, positive.
    step_size : float
        tau, positive and below 2 / kappa.
    temperature : float
        T, zero or positive.

    Returns
    -------
    Moments
        ``mean`` and ``variance``.

    Raises
    ------
    ValueError
        If an argument is out of range, or the step too long to be stable.

    References
    ----------
    G. Roberts and R. Tweedie, Bernoulli 2, 341 (1996).

    Examples
    --------
    >>> mean, variance = harmonic_ula_moments(1, 1.0, 1.0, step_size=0.5, temperature=1.0)
    >>> float(mean), float(variance)
    (0.5, 1.0)
    """
    n = _checks.not_negative(n_steps, "n_steps")
    stationary = harmonic_ula_variance(stiffness, step_size, temperature)
    a = 1 - stiffness * step_size
    return Moments(a**n * _checks.finite(x0, "x0"), stationary * (1 - a ** (2 * n)))


def harmonic_ula_variance(stiffness, step_size, temperature):
    r"""Return the stationary variance of the discretised equation on a spring.

    .. math:: \frac{T}{\kappa}\,\frac{1}{1 - \kappa\tau/2}

    The Boltzmann variance T / kappa is its limit for small steps.

    Parameters
    ----------
    stiffness : float
        kappa, positive.
    step_size : float
        tau, positive and below 2 / kappa.
    temperature : float
        T, zero or positive.

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
    G. Roberts and R. Tweedie, Bernoulli 2, 341 (1996).

    Examples
    --------
    >>> round(float(harmonic_ula_variance(1.0, step_size=0.1, temperature=1.0)), 4)
    1.0526
    """
    stiffness = _checks.positive(stiffness, "stiffness")
    step_size = _checks.positive(step_size, "step_size")
    _checks.step_below(step_size, 2 / stiffness, "2 / stiffness")
    temperature = _checks.not_negative(temperature, "temperature")
    return temperature / stiffness / (1 - stiffness * step_size / 2)


def _kick(step_size, temperature):
    """Return the variance of one step's noise, 2 T tau."""
    step_size = _checks.positive(step_size, "step_size")
    return 2 * _checks.not_negative(temperature, "temperature") * step_size
