"""Rates of escape from a well over a barrier, from weak friction to strong; k_B = 1.

A well has the curvature U'' = m omega_0^2 at its bottom, the barrier -U'' = m omega_b^2 at its
top.  All of this holds for barriers of several T.
"""

from math import pi

import numpy as np

from langevin import _checks

# The integrand of `depopulation` is smooth and periodic, for which equal steps are best.
ANGLES = (np.arange(2000) + 0.5) * pi / 4000


def overdamped_rate(barrier, well_curvature, top_curvature, temperature, friction):
    r"""Return Kramers' rate of escape for strong friction.

    .. math:: k = \frac{\sqrt{U''_0\,|U''_b|}}{2 \pi \lambda}\,e^{-\Delta U / T}

    Parameters
    ----------
    barrier : float
        Delta U, top less bottom, positive.
    well_curvature, top_curvature : float
        U'' at the bottom and -U'' at the top, positive.
    temperature, friction : float
        T and lambda, positive.

    Returns
    -------
    float or ndarray
        Escapes per time.

    Raises
    ------
    ValueError
        If an argument is not positive.

    References
    ----------
    H. Kramers, Physica 7, 284 (1940).

    Examples
    --------
    >>> print(f"{1 / overdamped_rate(0.25, 2.0, 1.0, temperature=0.05, friction=1.0):.1f}")
    659.4
    """
    curvatures = _checks.positive(well_curvature, "well_curvature") * _checks.positive(
        top_curvature, "top_curvature"
    )
    attempts = np.sqrt(curvatures) / (2 * pi * _checks.positive(friction, "friction"))
    return attempts * _boltzmann(barrier, temperature)


def kramers_rate(barrier, well_curvature, top_curvature, temperature, friction, mass=1.0):
    r"""Return Kramers' rate of escape for moderate to strong friction.

    .. math:: k = \frac{\sqrt{\gamma^2/4 + \omega_b^2} - \gamma/2}{\omega_b}\,
              \frac{\omega_0}{2 \pi}\,e^{-\Delta U / T},\qquad \gamma = \frac\lambda m

    Without friction it is the rate of transition-state theory, an upper limit that the particle
    does not reach, because then nothing brings it to the top.

    Parameters
    ----------
    barrier : float
        Delta U, top less bottom, positive.
    well_curvature, top_curvature : float
        U'' at the bottom and -U'' at the top, positive.
    temperature : float
        T, positive.
    friction : float
        lambda, zero or positive.
    mass : float
        m, positive.

    Returns
    -------
    float or ndarray
        Escapes per time.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    H. Kramers, Physica 7, 284 (1940).

    Examples
    --------
    Friction equal to omega_b makes it smaller by the golden ratio:

    >>> with_friction, without = (kramers_rate(5.0, 4.0, 1.0, 1.0, f) for f in (1.0, 0.0))
    >>> round(float(with_friction / without), 4)
    0.618
    """
    mass = _checks.positive(mass, "mass")
    omega_0 = np.sqrt(_checks.positive(well_curvature, "well_curvature") / mass)
    omega_b = np.sqrt(_checks.positive(top_curvature, "top_curvature") / mass)
    half = _checks.not_negative(friction, "friction") / mass / 2
    # the same as (sqrt(half^2 + omega_b^2) - half) / omega_b, without its cancellation
    transmission = omega_b / (np.sqrt(half**2 + omega_b**2) + half)
    return transmission * omega_0 / (2 * pi) * _boltzmann(barrier, temperature)


def energy_diffusion_rate(
    barrier, well_curvature, action, temperature, friction, mass=1.0, action_beyond=np.inf
):
    r"""Return Kramers' rate of escape for weak friction, where energy is slow to come and go.

    .. math:: k = \frac{\delta_1 \delta_2}{\delta_1 + \delta_2}\,
              \frac{\omega_0}{2 \pi}\,e^{-\Delta U / T},\qquad \delta = \frac{\lambda J}{m T}

    With no well beyond the barrier, or one that never gives a particle back, the first factor is
    delta_1; between equal wells it is half of that.

    Parameters
    ----------
    barrier : float
        Delta U, top less bottom, positive.
    well_curvature : float
        U'' at the bottom, positive.
    action : float
        J of the well that is left: that of a whole orbit at the energy of the top, as
        `barrier_action` gives it.
    temperature, friction : float
        T and lambda, positive.
    mass : float
        m, positive.
    action_beyond : float
        J of the well beyond the barrier; infinite if there is none.

    Returns
    -------
    float or ndarray
        Escapes per time, out of the first well into the other.

    Raises
    ------
    ValueError
        If an argument is not positive.

    References
    ----------
    H. Kramers, Physica 7, 284 (1940); P. Hänggi, P. Talkner and M. Borkovec, Rev. Mod. Phys. 62,
    251 (1990), section IV.

    Examples
    --------
    >>> one, double = (
    ...     energy_diffusion_rate(5.0, 40.0, 6.0, 1.0, friction=0.01, action_beyond=beyond)
    ...     for beyond in (np.inf, 6.0)
    ... )
    >>> round(float(one / double), 9)
    2.0
    """
    one, two = _losses(action, action_beyond, temperature, friction, mass)
    omega_0 = np.sqrt(_checks.positive(well_curvature, "well_curvature") / mass)
    return one / (1 + one / two) * omega_0 / (2 * pi) * _boltzmann(barrier, temperature)


def turnover_rate(
    barrier,
    well_curvature,
    top_curvature,
    action,
    temperature,
    friction,
    mass=1.0,
    action_beyond=np.inf,
):
    r"""Return the rate of escape at any friction, by Mel'nikov and Meshkov.

    .. math:: k = \frac{\Upsilon(\delta_1)\,\Upsilon(\delta_2)}{\Upsilon(\delta_1 + \delta_2)}\;
              k_\mathrm{Kramers},\qquad \delta = \frac{\lambda J}{m T}

    with the `kramers_rate` and Upsilon of `depopulation`.

    Parameters
    ----------
    barrier : float
        Delta U, top less bottom, positive.
    well_curvature, top_curvature : float
        U'' at the bottom and -U'' at the top, positive.
    action : float
        J of the well that is left: that of a whole orbit at the energy of the top, as
        `barrier_action` gives it.
    temperature, friction : float
        T and lambda, positive.
    mass : float
        m, positive.
    action_beyond : float
        J of the well beyond the barrier; infinite if there is none.

    Returns
    -------
    float or ndarray
        Escapes per time, out of the first well into the other.

    Raises
    ------
    ValueError
        If an argument is not positive.

    References
    ----------
    V. Mel'nikov and S. Meshkov, J. Chem. Phys. 85, 1018 (1986).

    Examples
    --------
    U = 5 (x^2 - 1)^2 at m = T = 1, its rates times 10^5:

    >>> J = 8 * 5**0.5 / 3
    >>> k = turnover_rate(5.0, 40.0, 20.0, J, 1.0, np.array([0.02, 2.0, 30.0]), action_beyond=J)
    >>> (1e5 * k).round().astype(int)
    array([ 34, 528,  99])
    """
    one, two = _losses(action, action_beyond, temperature, friction, mass)
    arrival = depopulation(one) * depopulation(two) / depopulation(one + two)
    return arrival * kramers_rate(
        barrier, well_curvature, top_curvature, temperature, friction, mass
    )


def depopulation(loss):
    r"""Return how far weak friction lets the states below the top fall empty.

    .. math:: \ln \Upsilon(\delta) = \frac1{2\pi} \int_{-\infty}^\infty
        \frac{\ln\left[1 - e^{-\delta (y^2 + 1/4)}\right]}{y^2 + 1/4}\,dy
        = \frac2\pi \int_0^{\pi/2} \ln\left[1 - e^{-\delta / 4 \cos^2\theta}\right] d\theta

    Parameters
    ----------
    loss : float or array_like
        delta, the energy lost in one orbit at the top, in units of T; positive, may be infinite.

    Returns
    -------
    float or ndarray
        About delta when it is small, 1 when it is large.

    Raises
    ------
    ValueError
        If `loss` is not positive.

    References
    ----------
    V. Mel'nikov and S. Meshkov, J. Chem. Phys. 85, 1018 (1986).

    Examples
    --------
    >>> depopulation([1e-4, 1.0, np.inf]).round(4)
    array([1.00e-04, 4.43e-01, 1.00e+00])
    """
    loss = np.asarray(_checks.limit(loss, "loss"))
    if np.any(loss == 0):
        raise ValueError(f"loss must be positive, got {_checks.describe(loss[()], loss == 0)}")
    below = -np.expm1(-loss[..., None] / (4 * np.cos(ANGLES) ** 2))
    return np.exp(np.log(below).mean(axis=-1))


def _losses(action, action_beyond, temperature, friction, mass):
    """Return the energy lost in an orbit of each well, in units of the temperature."""
    rate = _checks.positive(friction, "friction") / _checks.positive(mass, "mass")
    rate = rate / _checks.positive(temperature, "temperature")
    if np.any(np.isinf(action_beyond)):
        return _checks.positive(action, "action") * rate, np.inf * rate
    beyond = _checks.positive(action_beyond, "action_beyond")
    return _checks.positive(action, "action") * rate, beyond * rate


def _boltzmann(barrier, temperature):
    barrier = _checks.positive(barrier, "barrier")
    return np.exp(-barrier / _checks.positive(temperature, "temperature"))
