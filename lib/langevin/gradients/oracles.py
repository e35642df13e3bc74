"""Oracles of a potential: its true gradient, one seen through noise, and none at all."""

from collections.abc import Callable

from langevin import _checks
from langevin.kernels import normals

Oracle = Callable


def exact(U) -> Oracle:
    """Return the oracle that gives the true gradient of a potential.

    Parameters
    ----------
    U : Potential
        Anything with a method ``grad(x)`` from (n_particles, dim) to (n_particles, dim).

    Returns
    -------
    callable
        ``grad(x, rng)``.

    Raises
    ------
    TypeError
        If `U` has no ``grad``.

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic
    >>> exact(harmonic(stiffness=2.0))(np.array([[3.0]]), None)
    array([[6.]])
    """
    _needs_gradient(U)
    return lambda x, rng: U.grad(x)


def noisy(U, sigma: float) -> Oracle:
    r"""Return the oracle of a gradient seen through isotropic Gaussian noise.

    .. math:: g(x) = \nabla U(x) - \sigma\,\varepsilon,\qquad \varepsilon\sim N(0, I)

    The sign is free, since the noise is symmetric; with the minus one step of descent along
    `noisy` makes the same kick as one Langevin step at temperature
    ``step_size * sigma**2 / 2``, draw for draw.

    Parameters
    ----------
    U : Potential
        Anything with a method ``grad(x)``.
    sigma : float
        Standard deviation of each component of the noise, in units of the gradient.

    Returns
    -------
    callable
        ``grad(x, rng)``.

    Raises
    ------
    ValueError
        If `sigma` is negative.

    References
    ----------
    H. Robbins and S. Monro, Ann. Math. Stat. 22, 400 (1951).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import free
    >>> g = noisy(free(), sigma=2.0)(np.zeros((100_000, 1)), np.random.default_rng(1))
    >>> round(float(g.std()), 1)
    2.0
    """
    _needs_gradient(U)
    sigma = float(_checks.not_negative(sigma, "sigma"))
    return lambda x, rng: U.grad(x) - sigma * normals(rng, x)


def zero(x, rng):
    """Return the gradient of a free particle: nothing pulls.

    Parameters
    ----------
    x : ndarray, shape (n_particles, dim)
        Positions.
    rng : numpy.random.Generator
        Not used.

    Returns
    -------
    ndarray, shape (n_particles, dim)
        Zeros.

    Examples
    --------
    >>> import numpy as np
    >>> zero(np.array([[1.0, 2.0]]), None)
    array([[0., 0.]])
    """
    return 0.0 * x


def _needs_gradient(U):
    if not callable(getattr(U, "grad", None)):
        raise TypeError(
            f"U must have a method grad(x), got {_checks.describe(U)}; Potential(...) makes one"
        )
