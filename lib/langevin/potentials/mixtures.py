"""Energies that are minus the logarithm of a sum: mixtures of Gaussians, and of rings."""

import functools

import numpy as np

from langevin import _checks
from langevin.potentials.potential import Potential, coordinates


def gaussian_mixture(means, widths=1.0, weights=None) -> Potential:
    r"""Return minus the logarithm of a mixture of round Gaussians.

    .. math:: U = -\log \sum_j w_j\,\left(2 \pi s_j^2\right)^{-d/2}\,
              e^{-|x - m_j|^2 / 2 s_j^2}

    At temperature 1 the Boltzmann distribution is the mixture, exp(-U) its normalised density,
    and minus the gradient its score.

    Parameters
    ----------
    means : array_like, shape (n_components, dim)
        m_j.
    widths : float or array_like, shape (n_components,)
        s_j, the standard deviations, positive.
    weights : array_like, shape (n_components,), optional
        w_j, positive; divided by their sum.  The default is equal weights.

    Returns
    -------
    Potential
        With the parameters ``mean_1_x``, ..., ``width_1``, ..., ``weight_1``, ...

    Raises
    ------
    ValueError
        If the shapes do not fit, or a width or weight is not positive.

    Examples
    --------
    >>> U = gaussian_mixture([[-2.0], [2.0]], widths=0.5)
    >>> U.grad(np.array([[0.0]]))
    array([[0.]])
    """
    means = _checks.positions(means, "means")
    n, dim = means.shape
    widths = _one_each(widths, n, "widths")
    weights = _one_each(1.0 if weights is None else weights, n, "weights")
    names = coordinates(dim)
    terms = []
    parameters: dict[str, float] = {}
    for j, (mean, width, weight) in enumerate(
        zip(means, widths, weights / weights.sum(), strict=True), start=1
    ):
        parameters |= {f"mean_{j}_{name}": m for name, m in zip(names, mean, strict=True)}
        parameters |= {f"width_{j}": width, f"weight_{j}": weight}
        squares = " + ".join(f"({name} - mean_{j}_{name})**2" for name in names)
        terms.append(
            f"log(weight_{j}) - {dim}*log(2*pi*width_{j}**2)/2 - ({squares})/(2*width_{j}**2)"
        )
    return Potential("-(" + _log_sum(terms) + ")", names, **parameters)


def rings(radii=(1.0, 2.0), stiffness: float = 100.0, smoothing: float = 1.0) -> Potential:
    r"""Return circular valleys around the origin of the plane.

    Each ring of radius R is a valley of curvature kappa across, smooth in the middle too,

    .. math:: U_R = \frac{\kappa}{8 R^2} \left(x^2 + y^2 - R^2\right)^2

    and they are joined by their smooth minimum

    .. math:: U = -s \log \sum_R e^{-U_R/s}

    At the temperature s the Boltzmann distribution is a mixture of rings.

    Parameters
    ----------
    radii : array_like, shape (n_rings,)
        R, positive.
    stiffness : float
        kappa, positive: at temperature T a ring is about sqrt(T / kappa) wide.
    smoothing : float
        s, in units of energy, positive.

    Returns
    -------
    Potential
        In two dimensions.

    Raises
    ------
    ValueError
        If an argument is not positive or there are no radii.

    Examples
    --------
    >>> U = rings(radii=[1.0, 3.0])
    >>> U(np.array([[1.0, 0.0], [0.0, -3.0]])).round(9) + 0.0
    array([0., 0.])
    """
    radii = np.atleast_1d(_checks.positive(radii, "radii"))
    if radii.ndim != 1 or len(radii) == 0:
        raise ValueError(f"radii must be a list of one or more numbers, got shape {radii.shape}")
    valleys = [
        f"-stiffness*(x**2 + y**2 - radius_{j}**2)**2/(8*radius_{j}**2*smoothing)"
        for j in range(1, len(radii) + 1)
    ]
    parameters = {f"radius_{j}": radius for j, radius in enumerate(radii, start=1)}
    smoothing = _checks.positive(smoothing, "smoothing")
    if len(radii) > 1:  # one ring has nothing to be joined with
        parameters["smoothing"] = smoothing
    return Potential(
        f"-smoothing*({_log_sum(valleys)})",
        "x y",
        stiffness=_checks.positive(stiffness, "stiffness"),
        **parameters,
    )


def _log_sum(terms):
    """Return the expression of log(sum of exp(terms))."""
    return functools.reduce(lambda one, two: f"logaddexp({one}, {two})", terms)


def _one_each(values, n, name):
    """Return one positive value for each of n components."""
    values = _checks.positive(values, name)
    if values.shape not in ((), (n,)):
        raise ValueError(
            f"{name} must be one number or {n}, one a component, got {_checks.describe(values)}"
        )
    return np.broadcast_to(values, n)
