"""Springs and wells: potentials mostly of one coordinate, in reduced units."""

from langevin import _checks
from langevin.potentials.potential import Potential, coordinates


def free(dim: int = 1) -> Potential:
    r"""Return the potential of a free particle, U = 0.

    Parameters
    ----------
    dim : int
        How many coordinates.

    Returns
    -------
    Potential
        Zero everywhere.

    Raises
    ------
    ValueError
        If `dim` is below 1.

    Examples
    --------
    >>> import numpy as np
    >>> free(dim=2)(np.ones((3, 2)))
    array([0., 0., 0.])
    """
    return Potential(0, coordinates(dim))


def gravity(weight: float = 1.0) -> Potential:
    r"""Return the potential of a weight at height x, U = weight * x.

    There is no floor: the particle falls for ever, and no stationary state exists.

    Parameters
    ----------
    weight : float
        Force downwards, in units of energy / length.

    Returns
    -------
    Potential
        Linear in the height.

    Raises
    ------
    ValueError
        If `weight` is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> gravity(weight=2.0).grad(np.array([[5.0]]))
    array([[2.]])
    """
    return Potential("weight*x", weight=weight)


def harmonic(stiffness: float = 1.0, dim: int = 1) -> Potential:
    r"""Return the potential of a spring, U = stiffness * abs(x)**2 / 2.

    Parameters
    ----------
    stiffness : float
        Force per length, positive.
    dim : int
        How many coordinates.

    Returns
    -------
    Potential
        The same spring along every coordinate.

    Raises
    ------
    ValueError
        If `stiffness` is not positive or `dim` is below 1.

    Examples
    --------
    >>> import numpy as np
    >>> U = harmonic(stiffness=3.0, dim=2)
    >>> U(np.array([[1.0, 1.0]])), U.grad(np.array([[1.0, 2.0]]))
    (array([3.]), array([[3., 6.]]))
    """
    names = coordinates(dim)
    squares = " + ".join(f"{name}**2" for name in names)
    return Potential(
        f"stiffness*({squares})/2", names, stiffness=_checks.positive(stiffness, "stiffness")
    )


def double_well(tilt: float = 0.0, height: float = 1.0) -> Potential:
    r"""Return two wells at -1 and 1, U = height * (x**2 - 1)**2 + tilt * x.

    Parameters
    ----------
    tilt : float
        Slope added to both wells, in units of energy / length; positive favours the left.
    height : float
        Barrier between the wells without tilt, in units of energy, positive.

    Returns
    -------
    Potential
        In one dimension.

    Raises
    ------
    ValueError
        If `height` is not positive or `tilt` is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> double_well()(np.array([[-1.0], [0.0], [1.0]]))
    array([0., 1., 0.])
    """
    height = _checks.positive(height, "height")
    return Potential("height*(x**2 - 1)**2 + tilt*x", height=height, tilt=tilt)


def narrow_and_wide(
    narrow: float = 400.0,
    wide: float = 1.0,
    gap: float = 0.5,
    distance: float = 2.0,
    smoothing: float = 0.05,
) -> Potential:
    r"""Return a deep narrow well beside a shallow wide one.

    The two parabolas

    .. math:: U_1 = \tfrac12 k_1 (x + d/2)^2,\qquad U_2 = \Delta + \tfrac12 k_2 (x - d/2)^2

    are joined by their smooth minimum

    .. math:: U = -s \log\left(e^{-U_1/s} + e^{-U_2/s}\right)

    which is below the lower one by at most s log 2, where they cross, and equal to it elsewhere.
    The narrow well is the global minimum; above the temperature
    gap / log(sqrt(narrow / wide)) the wide one holds more of the Boltzmann distribution.

    Parameters
    ----------
    narrow, wide : float
        Stiffness k_1 of the well on the left and k_2 of that on the right, positive.
    gap : float
        Delta, how much higher the bottom of the wide well lies, in units of energy.
    distance : float
        d between the bottoms, positive.
    smoothing : float
        s, in units of energy, positive.

    Returns
    -------
    Potential
        In one dimension.

    Raises
    ------
    ValueError
        If an argument is not positive (`gap`: not finite).

    Examples
    --------
    >>> import numpy as np
    >>> U = narrow_and_wide()
    >>> U(np.array([[-1.0], [1.0]])).round(9) + 0.0
    array([0. , 0.5])
    """
    left, right = "narrow*(x + distance/2)**2/2", "(gap + wide*(x - distance/2)**2/2)"
    return Potential(
        f"-smoothing*logaddexp(-{left}/smoothing, -{right}/smoothing)",
        narrow=_checks.positive(narrow, "narrow"),
        wide=_checks.positive(wide, "wide"),
        gap=gap,
        distance=_checks.positive(distance, "distance"),
        smoothing=_checks.positive(smoothing, "smoothing"),
    )


def rugged(stiffness: float = 1.0, roughness: float = 1.0, wavenumber: float = 8.0) -> Potential:
    r"""Return a spring whose slope is all ups and downs.

    .. math:: U = \tfrac12 \kappa x^2 + \epsilon\,(1 - \cos q x)

    The global minimum is at 0; where the spring pulls less than epsilon q there are others, the
    deepest of them almost 2 epsilon deep.

    Parameters
    ----------
    stiffness : float
        kappa of the spring, positive.
    roughness : float
        epsilon, half the height of a bump, zero or positive.
    wavenumber : float
        q, positive: the bumps are 2 pi / q apart.

    Returns
    -------
    Potential
        In one dimension.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    R. Zwanzig, Proc. Natl. Acad. Sci. 85, 2029 (1988).

    Examples
    --------
    >>> import numpy as np
    >>> U = rugged(stiffness=2.0, roughness=0.5, wavenumber=np.pi)
    >>> U(np.array([[0.0], [1.0]]))
    array([0., 2.])
    """
    return Potential(
        "stiffness*x**2/2 + roughness*(1 - cos(wavenumber*x))",
        stiffness=_checks.positive(stiffness, "stiffness"),
        roughness=_checks.not_negative(roughness, "roughness"),
        wavenumber=_checks.positive(wavenumber, "wavenumber"),
    )
