"""Laws of a grain in a liquid and of a disc in a gas.

SI units where a docstring says so, else reduced units, k_B = 1.
"""

from math import pi

import numpy as np

from langevin import _checks

# CODATA 2018, exact by definition of the SI
BOLTZMANN = 1.380649e-23  # J / K
AVOGADRO = 6.02214076e23  # 1 / mol
GAS_CONSTANT = BOLTZMANN * AVOGADRO  # J / (mol K)


def stokes_friction(viscosity, radius):
    r"""Return the friction of a sphere in a viscous liquid.

    .. math:: \lambda = 6 \pi \mu R

    Parameters
    ----------
    viscosity : float
        mu in Pa s, positive.
    radius : float
        R in m, positive.

    Returns
    -------
    float
        lambda in kg / s.

    Raises
    ------
    ValueError
        If an argument is not positive.

    References
    ----------
    G. Stokes, Trans. Cambridge Phil. Soc. 9, 8 (1851).

    Examples
    --------
    >>> print(f"{stokes_friction(viscosity=1e-3, radius=0.5e-6):.3e}")
    9.425e-09
    """
    return 6 * pi * _checks.positive(viscosity, "viscosity") * _checks.positive(radius, "radius")


def diffusion_constant(temperature, viscosity, radius):
    r"""Return the diffusion constant of a sphere in a liquid.

    .. math:: D = \frac{k_B T}{6 \pi \mu R}

    Parameters
    ----------
    temperature : float
        T in K, positive.
    viscosity : float
        mu in Pa s, positive.
    radius : float
        R in m, positive.

    Returns
    -------
    float
        D in m^2 / s.

    Raises
    ------
    ValueError
        If an argument is not positive.

    References
    ----------
    A. Einstein, Ann. Phys. 322, 549 (1905).

    Examples
    --------
    A sphere of 1 micrometre in water at 20 degrees Celsius, in square micrometres a second:

    >>> round(1e12 * float(diffusion_constant(293.15, 1.0016e-3, 0.5e-6)), 4)
    0.4288
    """
    temperature = _checks.positive(temperature, "temperature")
    return BOLTZMANN * temperature / stokes_friction(viscosity, radius)


def relaxation_time(mass, friction):
    r"""Return the time after which a velocity is forgotten, m / lambda.

    Parameters
    ----------
    mass : float
        m, positive.
    friction : float
        lambda, positive.

    Returns
    -------
    float
        In s if the arguments are in kg and kg / s.

    Raises
    ------
    ValueError
        If an argument is not positive.

    References
    ----------
    P. Langevin, C. R. Acad. Sci. 146, 530 (1908).

    Examples
    --------
    >>> float(relaxation_time(mass=2.0, friction=4.0))
    0.5
    """
    return _checks.positive(mass, "mass") / _checks.positive(friction, "friction")


def free_msd(t, mass, friction, temperature, dim=1):
    r"""Return the mean square displacement of a free Brownian particle with inertia.

    .. math:: \frac{2 d\,T}{\lambda}\left[t - \frac m\lambda\left(1 - e^{-\lambda t/m}\right)\right]

    It is ballistic, d T t^2 / m, before the relaxation time and diffusive, 2 d D t, after it.

    Parameters
    ----------
    t : float or array_like
        Time, zero or positive.
    mass, friction, temperature : float
        m, lambda and T, positive.  Reduced units, k_B = 1; in SI give k_B T in J.
    dim : int
        d, how many components are summed.

    Returns
    -------
    float or ndarray
        In length squared.

    Raises
    ------
    ValueError
        If `t` is negative or another argument not positive.

    References
    ----------
    L. Ornstein, Proc. Amst. 21, 96 (1919); R. Fürth, Z. Phys. 2, 244 (1920).

    Examples
    --------
    >>> free_msd([1.0, 10.0], mass=1.0, friction=1.0, temperature=1.0).round(4)
    array([ 0.7358, 18.0001])
    """
    t = _checks.not_negative(t, "t")
    tau = relaxation_time(mass, friction)
    s = t / tau
    ballistic = _checks.positive(temperature, "temperature") / mass * tau**2
    # s - 1 + exp(-s) loses its digits when s is small: there its series is better
    shape = np.where(s < 1e-3, s**2 / 2 * (1 - s / 3 * (1 - s / 4)), s + np.expm1(-s))
    return (2 * _checks.count(dim, "dim") * ballistic * shape)[()]


def gaussian_propagator(x, t, diffusion):
    r"""Return the density at x, at time t, of what started at the origin at time zero.

    .. math:: p(x, t) = \frac{1}{\sqrt{4 \pi D t}}\, e^{-x^2 / 4 D t}

    Parameters
    ----------
    x : float or array_like
        One coordinate.
    t : float
        Positive.
    diffusion : float
        D, positive.

    Returns
    -------
    float or ndarray
        In 1 / length; in more dimensions multiply one such factor per coordinate.

    Raises
    ------
    ValueError
        If `t` or `diffusion` is not positive.

    References
    ----------
    A. Einstein, Ann. Phys. 322, 549 (1905), section 4.

    Examples
    --------
    >>> round(float(gaussian_propagator(0.0, t=1.0, diffusion=0.5)), 4)
    0.3989
    """
    spread = 4 * _checks.positive(diffusion, "diffusion") * _checks.positive(t, "t")
    return np.exp(-(_checks.finite(x, "x") ** 2) / spread) / np.sqrt(pi * spread)


def avogadro(msd, t, temperature, viscosity, radius):
    r"""Return Avogadro's number from a grain's mean square displacement along one axis.

    .. math:: N_A = \frac{R T}{3 \pi \mu a}\,\frac{t}{\xi^2}

    Parameters
    ----------
    msd : float or array_like
        xi^2 of *one* component in m^2, positive.
    t : float or array_like
        Time between the two positions in s, positive.
    temperature : float
        T in K, positive.
    viscosity : float
        mu in Pa s, positive.
    radius : float
        a in m, positive.

    Returns
    -------
    float or ndarray
        In 1 / mol.

    Raises
    ------
    ValueError
        If an argument is not positive.

    References
    ----------
    J. Perrin, Ann. Chim. Phys. (8) 18, 1 (1909).

    Examples
    --------
    >>> print(f"{avogadro(45e-12, 30.0, 290.0, 1.2e-3, 0.212e-6):.2e}")
    6.70e+23
    """
    msd, t = _checks.positive(msd, "msd"), _checks.positive(t, "t")
    energy = GAS_CONSTANT * _checks.positive(temperature, "temperature")
    return 2 * energy * t / (stokes_friction(viscosity, radius) * msd)


def barometric_length(temperature, density_difference, radius, gravity=9.81, avogadro=AVOGADRO):
    r"""Return the height over which the number of suspended grains falls by e.

    .. math:: h = \frac{R T}{N_A}\,\frac{1}{\tfrac43 \pi a^3\,\Delta\rho\,g}

    Parameters
    ----------
    temperature : float
        T in K, positive.
    density_difference : float
        Grain minus liquid, in kg / m^3, positive.
    radius : float
        a in m, positive.
    gravity : float
        g in m / s^2, positive.
    avogadro : float
        N_A in 1 / mol; since h is inversely proportional to it, a measured height gives it.

    Returns
    -------
    float
        In m.

    Raises
    ------
    ValueError
        If an argument is not positive.

    References
    ----------
    J. Perrin, Ann. Chim. Phys. (8) 18, 1 (1909).

    Examples
    --------
    >>> round(1e6 * float(barometric_length(290.0, 206.7, 0.212e-6, avogadro=70.5e22)), 1)
    42.3
    """
    volume = 4 / 3 * pi * _checks.positive(radius, "radius") ** 3
    weight = volume * _checks.positive(density_difference, "density_difference")
    weight = weight * _checks.positive(gravity, "gravity")
    energy = GAS_CONSTANT * _checks.positive(temperature, "temperature")
    return energy / (_checks.positive(avogadro, "avogadro") * weight)


def disc_velocity_variance(energy, mass, total_mass, n_discs):
    r"""Return the variance of one velocity component of a disc in a closed gas at rest.

    For n discs in the plane with kinetic energy E and total momentum zero, every state of that
    energy and momentum being equally likely,

    .. math:: \langle V_x^2 \rangle = \frac{E}{(n - 1)\,M}\left(1 - \frac{M}{M_\mathrm{tot}}\right)

    which is T / M, equipartition, for a large gas.

    Parameters
    ----------
    energy : float
        E, positive.
    mass, total_mass : float
        M of the disc, and of all discs with it.
    n_discs : int
        n, at least 2.

    Returns
    -------
    float
        In velocity squared.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    J. Ray and H. Graben, Mol. Phys. 43, 1293 (1981).

    Examples
    --------
    >>> float(disc_velocity_variance(energy=2.0, mass=1.0, total_mass=2.0, n_discs=2))
    1.0
    """
    mass, total_mass = _checks.positive(mass, "mass"), _checks.positive(total_mass, "total_mass")
    if np.any(mass >= total_mass):
        wrong = mass >= total_mass
        raise ValueError(
            f"mass must be below total_mass {_checks.describe(total_mass, wrong)}, "
            f"got {_checks.describe(mass, wrong)}"
        )
    temperature = _checks.positive(energy, "energy") / (_checks.count(n_discs, "n_discs", 2) - 1)
    return temperature / mass * (1 - mass / total_mass)
