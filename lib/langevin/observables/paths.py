"""What one measures on recorded paths, each estimate with its standard error."""

from typing import NamedTuple

import numpy as np

from langevin import _checks


class Estimate(NamedTuple):
    """A measured value and the standard error of it."""

    value: np.ndarray
    error: np.ndarray


def position(state):
    """Return the positions of a state: the observer to pass to `simulate`.

    Parameters
    ----------
    state : State
        Anything with ``.x``.

    Returns
    -------
    ndarray, shape (n_particles, dim)
        Its positions.

    Examples
    --------
    >>> from langevin import State
    >>> position(State(np.zeros((3, 2)))).shape
    (3, 2)
    """
    return state.x


def displacements(paths, lag: int = 1) -> np.ndarray:
    """Return successive displacements over `lag` records, without overlap.

    Parameters
    ----------
    paths : array_like, shape (n_records, n_particles, dim)
        Positions.
    lag : int
        Records between the ends of one displacement.

    Returns
    -------
    ndarray, shape ((n_records - 1) // lag, n_particles, dim)
        For Brownian motion all of them are independent.

    Raises
    ------
    ValueError
        If `paths` is not three-dimensional or shorter than one lag.

    Examples
    --------
    >>> displacements(np.arange(7.0).reshape(7, 1, 1), lag=3).ravel()
    array([3., 3.])
    """
    paths = _checks.paths(paths)
    return np.diff(paths[:: _lag(lag, paths, "lag")], axis=0)


def msd(paths, lags) -> Estimate:
    r"""Return the mean square displacement over the ensemble and all time origins.

    .. math:: \langle |x(t + \mathrm{lag}) - x(t)|^2 \rangle

    Parameters
    ----------
    paths : array_like, shape (n_records, n_particles, dim)
        Positions of independent particles.
    lags : array_like of int, shape (n_lags,)
        Records between the two ends, from 0 to n_records - 1.

    Returns
    -------
    Estimate
        ``value`` and ``error``, shape (n_lags,), in length squared, summed over the dim
        components.  The error is that between particles, which are independent; successive
        origins are not.  With one particle it is nan.

    Raises
    ------
    ValueError
        If `paths` is not three-dimensional or a lag does not fit into it.

    References
    ----------
    D. Ernst and J. Köhler, Phys. Chem. Chem. Phys. 15, 845 (2013).

    Examples
    --------
    A steady walk at speed 2 goes 4 lag**2:

    >>> path = 2.0 * np.arange(6.0).reshape(6, 1, 1) * np.ones((6, 3, 1))
    >>> msd(path, lags=[1, 2, 3])
    Estimate(value=array([ 4., 16., 36.]), error=array([0., 0., 0.]))
    """
    paths = _checks.paths(paths)
    lags = [_lag(lag, paths, "lags", least=0) for lag in np.ravel(lags).tolist()]
    per_particle = np.empty((len(lags), paths.shape[1]))
    for row, lag in enumerate(lags):
        moved = paths[lag:] - paths[: len(paths) - lag]
        per_particle[row] = (moved * moved).sum(axis=-1).mean(axis=0)
    return _over_particles(per_particle)


def kinetic_temperature(momenta, mass: float = 1.0) -> Estimate:
    r"""Return the temperature at which the particles move, by equipartition.

    .. math:: T = \frac{\langle p^2 \rangle}{m}

    for each component of the momentum.

    Parameters
    ----------
    momenta : array_like, shape (n_particles, dim)
        The momenta of independent particles, such as ``state.p``.
    mass : float
        m, positive.

    Returns
    -------
    Estimate
        ``value`` and ``error``, in units of energy (k_B = 1); the error is nan for one particle.

    Raises
    ------
    ValueError
        If `momenta` is not (n_particles, dim) and finite, or `mass` not positive.

    References
    ----------
    J. C. Maxwell, Phil. Mag. 19, 19 (1860).

    Examples
    --------
    >>> kinetic_temperature([[2.0], [-2.0], [2.0]], mass=4.0)
    Estimate(value=np.float64(1.0), error=np.float64(0.0))
    """
    p = _checks.positions(momenta, "momenta")
    return _over_particles((p * p).mean(axis=1) / _checks.positive(mass, "mass"))


def quadratic_variation(paths) -> np.ndarray:
    r"""Return the sum of the squared increments along each path.

    Brownian motion gives 2 D t whatever the time between records; a smooth path gives a sum
    that goes to zero with it.

    Parameters
    ----------
    paths : array_like, shape (n_records, n_particles, dim)
        Positions.

    Returns
    -------
    ndarray, shape (n_particles, dim)
        In length squared, one for each component.

    Raises
    ------
    ValueError
        If `paths` is not three-dimensional.

    References
    ----------
    P. Lévy, Amer. J. Math. 62, 487 (1940).

    Examples
    --------
    >>> quadratic_variation(np.array([0.0, 3.0, 1.0]).reshape(3, 1, 1))
    array([[13.]])
    """
    return (np.diff(_checks.paths(paths), axis=0) ** 2).sum(axis=0)


def _lag(lag, paths, name, least=1):
    lag = _checks.count(lag, name, least)
    if lag >= len(paths):
        raise ValueError(f"{name} must be below the {len(paths)} records, got {lag}")
    return lag


def _over_particles(per_particle):
    """Return mean and standard error over the last axis, the independent particles."""
    n = per_particle.shape[-1]
    mean = per_particle.mean(axis=-1)
    if n == 1:
        return Estimate(mean, np.full(mean.shape, np.nan)[()])
    return Estimate(mean, per_particle.std(axis=-1, ddof=1) / np.sqrt(n))
