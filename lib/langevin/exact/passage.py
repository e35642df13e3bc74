"""Times of first passage over a barrier, exact on a line and asymptotic anywhere; k_B = 1."""

from math import pi

import numpy as np

from langevin import _checks
from langevin.exact import _quadrature

PANELS = 500
# in units of the distance that was given: farther out nothing is looked for
FAR = 1e6
# a wall of so many T is never crossed
ENOUGH = 50


def first_passage_time(U, start, target, temperature, friction=1.0, *, wall=None):
    r"""Return the exact mean time of an overdamped particle on a line from start to target.

    .. math:: \tau = \frac\lambda T \int_a^b dy\,e^{U(y)/T} \int_{-\infty}^y dz\,e^{-U(z)/T}

    for a target on the right; for one on the left the line is mirrored.

    Parameters
    ----------
    U : Potential
        Of one coordinate.
    start, target : float
        a and b.
    temperature, friction : float
        T and lambda, positive.
    wall : float, optional
        Where the particle is reflected, behind the start as seen from the target.  Without a
        wall the potential itself must hold it.

    Returns
    -------
    float
        Mean time.

    Raises
    ------
    ValueError
        If an argument is out of range, the wall is not behind the start, or without a wall the
        potential does not rise there.

    References
    ----------
    L. Pontryagin, A. Andronov and A. Vitt, Zh. Eksp. Teor. Fiz. 3, 165 (1933).

    Examples
    --------
    A free particle that starts at a wall needs L^2 / 2 D:

    >>> from langevin.potentials import free, double_well
    >>> round(first_passage_time(free(), 0.0, 2.0, temperature=0.5, wall=0.0), 6)
    4.0
    >>> round(first_passage_time(double_well(), -1.0, 1.0, temperature=0.2), 1)
    182.4
    """
    _checks.potential(U)
    a, b = float(_checks.finite(start, "start")), float(_checks.finite(target, "target"))
    T = float(_checks.positive(temperature, "temperature"))
    if a == b:
        return 0.0
    side = 1.0 if b > a else -1.0
    a, b = side * a, side * b

    def energy(x):
        return U(side * x.reshape(-1, 1)).reshape(x.shape) / T

    left = _held(energy, a, b) if wall is None else side * float(_checks.finite(wall, "wall"))
    if left > a:
        raise ValueError(f"wall must be behind the start {start}, got {wall}")
    behind, half_behind = _quadrature.panels(left, a, PANELS)
    between, half = _quadrature.panels(a, b, PANELS)
    u_behind, u = energy(behind), energy(between)
    bottom, top = min(u.min(), u_behind.min()), u.max()
    _, population = _quadrature.running(np.exp(bottom - u_behind), half_behind)
    upto, _ = _quadrature.running(np.exp(bottom - u), half)
    _, time = _quadrature.running(np.exp(u - top) * (population + upto), half)
    return float(_checks.positive(friction, "friction") / T * np.exp(top - bottom) * time)


def eyring_kramers_time(barrier, well_hessian, saddle_hessian, temperature, friction=1.0):
    r"""Return the mean time from one minimum to the next over a saddle, for small temperature.

    .. math:: \tau = \frac{2 \pi \lambda}{|\mu_-|}
        \sqrt{\frac{|\det \nabla^2 U(\mathrm{saddle})|}{\det \nabla^2 U(\mathrm{well})}}\;
        e^{\Delta U / T}

    with :math:`\mu_-` the negative eigenvalue at the saddle.  This is the time to the *other
    minimum*; the saddle itself is reached in half of it, as T goes to zero.

    Parameters
    ----------
    barrier : float
        Delta U, saddle less well, positive.
    well_hessian, saddle_hessian : float or array_like, shape (dim, dim)
        Second derivatives, as ``U.hessian(x)[0]`` gives them; numbers in one dimension, U'' with
        its sign.
    temperature, friction : float
        T and lambda, positive.

    Returns
    -------
    float
        Mean time.

    Raises
    ------
    ValueError
        If a number is not positive, or the matrices are not those of a minimum and of a saddle.

    References
    ----------
    A. Bovier, M. Eckhoff, V. Gayrard and M. Klein, J. Eur. Math. Soc. 6, 399 (2004); N. Berglund,
    Markov Process. Relat. Fields 19, 459 (2013).

    Examples
    --------
    >>> round(eyring_kramers_time(0.25, 2.0, -1.0, temperature=0.05), 1)
    659.4
    """
    well = _curvatures(well_hessian, "well_hessian")
    saddle = _curvatures(saddle_hessian, "saddle_hessian")
    if well.shape != saddle.shape:
        raise ValueError(f"both matrices must be of one size, got {len(well)} and {len(saddle)}")
    if well[0] <= 0:
        raise ValueError(f"well_hessian must have positive eigenvalues, got {well[0]:.6g}")
    if saddle[0] >= 0 or np.any(saddle[1:] <= 0):
        raise ValueError(
            f"saddle_hessian must have one negative eigenvalue, got "
            f"{np.count_nonzero(saddle < 0)} negative and {np.count_nonzero(saddle == 0)} zero"
        )
    size = _checks.positive(barrier, "barrier") / _checks.positive(temperature, "temperature")
    prefactor = np.sqrt(np.prod(np.abs(saddle) / well)) / np.abs(saddle[0])
    return float(2 * pi * _checks.positive(friction, "friction") * prefactor * np.exp(size))


def barrier_action(U, well, top, mass=1.0):
    r"""Return the action of a whole orbit of the well at the energy of the barrier's top.

    .. math:: J = \oint p\,dx = 2 \int \sqrt{2 m \left[U_b - U(x)\right]}\,dx

    Parameters
    ----------
    U : Potential
        Of one coordinate; between the top and the other turning point it is below the top.
    well, top : float
        Where the bottom of the well and the top of the barrier are.
    mass : float
        m, positive.

    Returns
    -------
    float
        In units of energy times time.

    Raises
    ------
    ValueError
        If the top is not above the well, or the well is open on the other side.

    References
    ----------
    H. Kramers, Physica 7, 284 (1940).

    Examples
    --------
    >>> from langevin.potentials import double_well
    >>> round(barrier_action(double_well(height=5.0), well=1.0, top=0.0) / (8 * 5**0.5 / 3), 9)
    1.0
    """
    _checks.potential(U)
    well, top = float(_checks.finite(well, "well")), float(_checks.finite(top, "top"))

    def depth(x):
        return U(np.array([[top]]))[0] - U(np.reshape(x, (-1, 1)))

    if depth(well) <= 0:
        raise ValueError(f"top must lie above the well, got U({top}) <= U({well})")
    inside, outside = well, 2 * well - top
    while depth(outside) > 0:
        if abs(outside - well) > FAR * abs(well - top):
            raise ValueError(f"the well at {well} is open: U does not rise to U({top}) beyond it")
        inside, outside = outside, 2 * outside - well
    for _ in range(60):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if depth(middle) > 0 else (inside, middle)
    centre, radius = (top + inside) / 2, abs(top - inside) / 2

    def momentum(angle):  # the angle smooths the square root at the turning point
        below = np.maximum(depth(centre + radius * np.cos(angle)), 0)
        return np.sqrt(2 * _checks.positive(mass, "mass") * below) * radius * np.sin(angle)

    return float(2 * _quadrature.integral(momentum, 0.0, pi))


def _held(energy, a, b):
    """Return a point behind the start from which so high a potential holds the particle."""
    reach = b - a
    while reach < FAR * (b - a):
        with np.errstate(over="ignore"):
            if energy(np.array([a - reach])) > energy(np.array([a])) + ENOUGH:
                return a - reach
        reach *= 2
    raise ValueError("U must rise behind the start, or hold the particle by a wall=...")


def _curvatures(hessian, name):
    """Return the eigenvalues of a symmetric matrix in order, or a number as the only one."""
    return np.linalg.eigvalsh(_checks.symmetric(np.atleast_2d(hessian), name))
