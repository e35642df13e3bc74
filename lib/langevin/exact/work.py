"""Laws of work and free energy; reduced units, k_B = 1."""

import numpy as np

from langevin import _checks

STRETCHES = 4000  # of the ramp, in each of which the spring stays as it is


def spring_free_energy(stiffness_before, stiffness_after, temperature):
    r"""Return how much the free energy of a particle rises when its spring is stiffened.

    .. math:: \Delta F = \frac T2 \ln \frac{\kappa_1}{\kappa_0}

    By Jarzynski's equality it is also -T log <exp(-W / T)>, however fast the spring is changed.

    Parameters
    ----------
    stiffness_before, stiffness_after : float
        kappa_0 and kappa_1, positive.
    temperature : float
        T, zero or positive.

    Returns
    -------
    float
        In units of energy.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    C. Jarzynski, Phys. Rev. Lett. 78, 2690 (1997).

    Examples
    --------
    >>> round(float(spring_free_energy(1.0, 4.0, temperature=1.0)), 4)
    0.6931
    """
    before = _checks.positive(stiffness_before, "stiffness_before")
    after = _checks.positive(stiffness_after, "stiffness_after")
    return _checks.not_negative(temperature, "temperature") / 2 * np.log(after / before)


def spring_work(stiffness_before, stiffness_after, duration, temperature, friction=1.0):
    r"""Return the mean work of stiffening a spring at a constant rate.

    The overdamped particle starts in equilibrium.  Its variance follows

    .. math:: \dot S = \frac2\lambda \left(T - \kappa S\right),\qquad
              \langle W \rangle = \tfrac12 \int \dot\kappa\,S\,dt

    Parameters
    ----------
    stiffness_before, stiffness_after : float
        kappa_0 and kappa_1, positive.
    duration : float
        Time that the change takes, zero or positive.
    temperature : float
        T, zero or positive.
    friction : float
        lambda, positive.

    Returns
    -------
    float
        At least the change of free energy, which it approaches for slow changes; for a sudden
        one it is T (kappa_1 / kappa_0 - 1) / 2.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    C. Jarzynski, Phys. Rev. Lett. 78, 2690 (1997).

    Examples
    --------
    >>> [round(spring_work(1.0, 4.0, duration, 1.0), 3) for duration in (0.0, 0.1, 1.0, 5.0)]
    [1.5, 1.369, 0.936, 0.756]
    """
    before = _checks.positive(stiffness_before, "stiffness_before")
    after = _checks.positive(stiffness_after, "stiffness_after")
    T = _checks.not_negative(temperature, "temperature")
    pace = _checks.not_negative(duration, "duration") / _checks.positive(friction, "friction")
    # over a short stretch the stiffness is that of its middle, an error of second order
    stiffness = before + (after - before) * (np.arange(STRETCHES) + 0.5) / STRETCHES
    S, work = T / before, 0.0
    for kappa in stiffness:
        relaxed = T / kappa
        decay = 2 * kappa * pace / STRETCHES
        share = -np.expm1(-decay) / decay if decay > 0 else 1.0
        work += relaxed + (S - relaxed) * share
        S = relaxed + (S - relaxed) * np.exp(-decay)
    return float((after - before) / 2 * work / STRETCHES)
