"""The words that have names: BAOAB, OBABO and ABOBA, with the exact gradient of a potential."""

from math import sqrt

from langevin import _checks
from langevin.gradients import exact
from langevin.kernels import Kernel
from langevin.underdamped.phase import splitting


def baoab(U, step_size, temperature, friction, mass=1.0) -> Kernel:
    r"""Return the kernel BAOAB, whose positions are the most faithful of all words.

    On a spring of stiffness kappa the variance of x is T / kappa exactly, and that of p is
    m T (1 - kappa dt^2 / 4 m).  At infinite friction it is `leimkuhler_matthews` with a step of
    dt^2 / 2 m.

    Parameters
    ----------
    U : Potential
        The energy.
    step_size : float or callable
        The time step dt, positive; on a spring it is stable below 2 sqrt(m / kappa).
    temperature : float or callable
        Zero or positive (k_B = 1).
    friction : float
        lambda in mass / time, zero or positive.
    mass : float
        m, positive.

    Returns
    -------
    Kernel
        Its state is ``PhaseState(x, p, k, gradient)``, at rest at first.

    Warns
    -----
    UserWarning
        If U is quadratic and the step too long to be stable.

    References
    ----------
    B. Leimkuhler and C. Matthews, Appl. Math. Res. Express 2013, 34 (2013).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> kernel = baoab(harmonic(), step_size=1.0, temperature=1.0, friction=1.0)
    >>> end = simulate(kernel, np.zeros((50_000, 1)), 50, np.random.default_rng(1))
    >>> round(float(end.x.var()), 1), round(float(end.p.var()), 2)
    (1.0, 0.75)
    """
    return _of_a_potential("BAOAB", U, step_size, temperature, friction, mass)


def obabo(U, step_size, temperature, friction, mass=1.0) -> Kernel:
    r"""Return the kernel OBABO: a velocity-Verlet step between two halves of the bath.

    On a spring of stiffness kappa the variance of p is m T exactly, and that of x is
    (T / kappa) / (1 - kappa dt^2 / 4 m).

    Parameters
    ----------
    U : Potential
        The energy.
    step_size : float or callable
        The time step dt, positive; on a spring it is stable below 2 sqrt(m / kappa).
    temperature : float or callable
        Zero or positive (k_B = 1).
    friction : float
        lambda in mass / time, zero or positive.
    mass : float
        m, positive.

    Returns
    -------
    Kernel
        Its state is ``PhaseState(x, p, k, gradient)``, at rest at first.

    Warns
    -----
    UserWarning
        If U is quadratic and the step too long to be stable.

    References
    ----------
    G. Bussi and M. Parrinello, Phys. Rev. E 75, 056707 (2007).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> kernel = obabo(harmonic(), step_size=1.0, temperature=1.0, friction=1.0)
    >>> end = simulate(kernel, np.zeros((50_000, 1)), 50, np.random.default_rng(1))
    >>> round(float(end.x.var()), 1), round(float(end.p.var()), 1)
    (1.3, 1.0)
    """
    return _of_a_potential("OBABO", U, step_size, temperature, friction, mass)


def aboba(U, step_size, temperature, friction, mass=1.0) -> Kernel:
    r"""Return the kernel ABOBA, which asks for the force in the middle of the step.

    On a spring of stiffness kappa the variance of x is T / kappa exactly, and that of p is
    m T / (1 - kappa dt^2 / 4 m).

    Parameters
    ----------
    U : Potential
        The energy.
    step_size : float or callable
        The time step dt, positive; on a spring it is stable below 2 sqrt(m / kappa).
    temperature : float or callable
        Zero or positive (k_B = 1).
    friction : float
        lambda in mass / time, zero or positive.
    mass : float
        m, positive.

    Returns
    -------
    Kernel
        Its state is ``PhaseState(x, p, k, gradient)``, at rest at first.

    Warns
    -----
    UserWarning
        If U is quadratic and the step too long to be stable.

    References
    ----------
    B. Leimkuhler and C. Matthews, Appl. Math. Res. Express 2013, 34 (2013).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> kernel = aboba(harmonic(), step_size=1.0, temperature=1.0, friction=1.0)
    >>> end = simulate(kernel, np.zeros((50_000, 1)), 50, np.random.default_rng(1))
    >>> round(float(end.x.var()), 1), round(float(end.p.var()), 1)
    (1.0, 1.3)
    """
    return _of_a_potential("ABOBA", U, step_size, temperature, friction, mass)


def _of_a_potential(word, U, step_size, temperature, friction, mass):
    kernel = splitting(word, exact(U), step_size, temperature, friction, mass)
    _checks.warn_unstable(U, step_size, lambda k: 2 * sqrt(mass / k), stacklevel=4)
    return kernel
