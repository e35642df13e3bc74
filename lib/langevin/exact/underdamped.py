"""Laws of Langevin dynamics with inertia, continuous and discretised; reduced units, k_B = 1."""

from typing import NamedTuple

import numpy as np

from langevin import _checks
from langevin.exact.iterates import harmonic_ula_variance
from langevin.exact.liquid import relaxation_time


class PhaseVariances(NamedTuple):
    """Stationary variances of position and momentum; their covariance is zero."""

    position: np.ndarray
    momentum: np.ndarray


def velocity_autocorrelation(t, mass, friction, temperature):
    r"""Return the velocity autocorrelation of a free Brownian particle.

    .. math:: \langle v(0)\,v(t) \rangle = \frac Tm\,e^{-\lambda |t| / m}

    Parameters
    ----------
    t : float or array_like
        Time between the two velocities; its sign does not matter.
    mass, friction, temperature : float
        m, lambda and T, positive.  Reduced units, k_B = 1; in SI give k_B T in J.

    Returns
    -------
    float or ndarray
        In velocity squared, for one component.

    Raises
    ------
    ValueError
        If `t` is not finite or another argument not positive.

    References
    ----------
    G. Uhlenbeck and L. Ornstein, Phys. Rev. 36, 823 (1930).

    Examples
    --------
    >>> velocity_autocorrelation([0.0, 1.0], mass=2.0, friction=2.0, temperature=2.0).round(4)
    array([1.    , 0.3679])
    """
    t = np.abs(_checks.finite(t, "t"))
    heat = _checks.positive(temperature, "temperature") / _checks.positive(mass, "mass")
    return heat * np.exp(-t / relaxation_time(mass, friction))


def harmonic_splitting_variances(word, stiffness, step_size, temperature, mass=1.0):
    r"""Return the stationary variances that a splitting gives on a spring.

    With c = 1 - kappa h^2 / 4 m for the time step h, and whatever the friction,

    =====  ======================  ================
    word   position, T / kappa of  momentum, m T of
    =====  ======================  ================
    BAOAB  1                       c
    ABOBA  1                       1 / c
    OABAO  c                       1
    OBABO  1 / c                   1
    =====  ======================  ================

    Parameters
    ----------
    word : str
        ``"BAOAB"``, ``"ABOBA"``, ``"OABAO"`` or ``"OBABO"``: B kicks, A drifts, O is friction
        and heat.
    stiffness : float
        kappa, positive.
    step_size : float
        h, the time step, positive and below 2 sqrt(m / kappa).
    temperature : float
        T, zero or positive.
    mass : float
        m, positive.

    Returns
    -------
    PhaseVariances
        ``position`` and ``momentum``.

    Raises
    ------
    ValueError
        If the word is another one, an argument out of range, or the step too long to be stable.

    References
    ----------
    B. Leimkuhler and C. Matthews, Appl. Math. Res. Express 2013, 34 (2013).

    Examples
    --------
    >>> x, p = harmonic_splitting_variances("BAOAB", 1.0, step_size=1.0, temperature=1.0)
    >>> float(x), float(p)
    (1.0, 0.75)
    """
    if word not in _SPLITTINGS:
        raise ValueError(f"word must be one of {', '.join(_SPLITTINGS)}, got {word!r}")
    stiffness, mass = _checks.positive(stiffness, "stiffness"), _checks.positive(mass, "mass")
    step_size = _checks.positive(step_size, "step_size")
    _checks.step_below(step_size, 2 * np.sqrt(mass / stiffness), "2 sqrt(mass / stiffness)")
    c = 1 - stiffness * step_size**2 / (4 * mass)
    temperature = _checks.not_negative(temperature, "temperature")
    x_power, p_power = _SPLITTINGS[word]
    return PhaseVariances(temperature / stiffness * c**x_power, mass * temperature * c**p_power)


def leimkuhler_matthews_variance(stiffness, step_size, temperature):
    r"""Return the stationary variance of the Leimkuhler-Matthews scheme on a spring.

    .. math:: x_{n+1} = x_n - \tau \kappa x_n
              + \sqrt{2 T \tau}\,\frac{\varepsilon_n + \varepsilon_{n+1}}2
              \quad\Rightarrow\quad \langle x^2 \rangle = \frac T\kappa

    exactly, at every stable step: it is BAOAB at infinite friction.

    Parameters
    ----------
    stiffness : float
        kappa, positive.
    step_size : float
        tau = time step / friction, positive and below 2 / kappa.
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
    B. Leimkuhler and C. Matthews, Appl. Math. Res. Express 2013, 34 (2013).

    Examples
    --------
    >>> float(leimkuhler_matthews_variance(2.0, step_size=0.9, temperature=1.0))
    0.5
    """
    # the limits of the step are those of Euler and Maruyama's scheme
    harmonic_ula_variance(stiffness, step_size, temperature)
    return _checks.not_negative(temperature, "temperature") / stiffness + 0 * step_size


# how the two variances depend on c
_SPLITTINGS = {"BAOAB": (0, 1), "ABOBA": (0, -1), "OABAO": (1, 0), "OBABO": (-1, 0)}
