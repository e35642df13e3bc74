"""Landscapes of two and more coordinates, in reduced units."""

from itertools import pairwise

from langevin import _checks
from langevin.potentials.potential import Potential, coordinates


def muller_brown(scale: float = 1.0) -> Potential:
    r"""Return the potential of Müller and Brown: three wells along a bent valley.

    .. math:: U = \sum_{i=1}^4 A_i
        \exp\left[a_i (x - X_i)^2 + b_i (x - X_i)(y - Y_i) + c_i (y - Y_i)^2\right]

    Its minima lie at (-0.558, 1.442), (0.623, 0.028) and (-0.050, 0.467), its saddles at
    (-0.822, 0.624) and (0.212, 0.293).

    Parameters
    ----------
    scale : float
        What the energies of the original, from -146.7 at the bottom to -40.7 at the higher
        saddle, are multiplied by; positive.

    Returns
    -------
    Potential
        In two dimensions.

    Raises
    ------
    ValueError
        If `scale` is not positive.

    References
    ----------
    K. Müller and L. Brown, Theor. Chim. Acta 53, 75 (1979).

    Examples
    --------
    >>> import numpy as np
    >>> U = muller_brown(scale=0.1)
    >>> U(np.array([[-0.558, 1.442]])).round(2)
    array([-14.67])
    """
    return Potential(
        "scale*("
        "-200*exp(-(x - 1)**2 - 10*y**2)"
        " - 100*exp(-x**2 - 10*(y - 1/2)**2)"
        " - 170*exp((-13*(x + 1/2)**2 + 22*(x + 1/2)*(y - 3/2) - 13*(y - 3/2)**2)/2)"
        " + 15*exp((7*(x + 1)**2 + 6*(x + 1)*(y - 1) + 7*(y - 1)**2)/10))",
        "x y",
        scale=_checks.positive(scale, "scale"),
    )


def rosenbrock(dim: int = 2, steepness: float = 100.0) -> Potential:
    r"""Return Rosenbrock's bent valley, with its bottom at (1, ..., 1).

    .. math:: U = \sum_{i=1}^{d-1} s\,(x_{i+1} - x_i^2)^2 + (1 - x_i)^2

    Parameters
    ----------
    dim : int
        d, at least 2.
    steepness : float
        s of the walls, positive.

    Returns
    -------
    Potential
        Zero at its only global minimum; from 4 dimensions on there is a local one as well.

    Raises
    ------
    ValueError
        If `dim` is below 2 or `steepness` not positive.

    References
    ----------
    H. Rosenbrock, Comput. J. 3, 175 (1960).

    Examples
    --------
    >>> import numpy as np
    >>> rosenbrock()(np.array([[1.0, 1.0], [-1.0, 1.0]]))
    array([0., 4.])
    """
    names = coordinates(_checks.count(dim, "dim", least=2))
    terms = (
        f"steepness*({after} - {name}**2)**2 + (1 - {name})**2" for name, after in pairwise(names)
    )
    return Potential(" + ".join(terms), names, steepness=_checks.positive(steepness, "steepness"))


def saddle(stiffness: float = 2.0, fall: float = 2.0, wall: float = 0.1) -> Potential:
    r"""Return a saddle that ends in two wells: where methods of descent race.

    .. math:: U = \tfrac12 \kappa x^2 - \tfrac12 f y^2 + \tfrac14 w y^4

    Near the origin it is the saddle of A. Radford's animation (2014), x^2 - y^2 for the default
    values; the quartic keeps the runners from falling for ever.  The wells are at
    y = +-sqrt(f / w), at the energy -f^2 / 4 w.

    Parameters
    ----------
    stiffness : float
        kappa across, positive.
    fall : float
        f, how steeply the saddle falls along y, positive.
    wall : float
        w, positive.

    Returns
    -------
    Potential
        In two dimensions.

    Raises
    ------
    ValueError
        If an argument is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> saddle(fall=1.0, wall=1.0)(np.array([[0.0, 0.0], [0.0, 1.0]]))
    array([ 0.  , -0.25])
    """
    return Potential(
        "stiffness*x**2/2 - fall*y**2/2 + wall*y**4/4",
        "x y",
        stiffness=_checks.positive(stiffness, "stiffness"),
        fall=_checks.positive(fall, "fall"),
        wall=_checks.positive(wall, "wall"),
    )
