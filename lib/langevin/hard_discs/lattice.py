"""A gas to begin with: one heavy disc among light ones on a lattice, at rest as a whole."""

import numpy as np

from langevin import _checks
from langevin.hard_discs.gas import HardDiscs


def lattice_gas(
    n_light: int,
    mass_ratio: float,
    radius_ratio: float,
    temperature: float,
    density: float,
    rng: np.random.Generator,
    walls: str = "periodic",
) -> HardDiscs:
    """Return a heavy disc, number 0, in the middle of light discs on a square lattice.

    A light disc has mass 1 and radius 1.  Velocities are Maxwell's at `temperature`, then
    shifted so that the total momentum is zero and scaled so that the energy is exactly
    ``n_light * temperature``: two directions for each of n_light + 1 discs, less two for the
    fixed total momentum, each with temperature / 2.

    Parameters
    ----------
    n_light : int
        How many light discs.
    mass_ratio, radius_ratio : float
        Heavy to light, positive.
    temperature : float
        Positive, k_B = 1.
    density : float
        Fraction of the box that discs cover, up to about 0.6.
    rng : numpy.random.Generator
        Draws the velocities, and which sites of the lattice stay empty.
    walls : {"periodic", "reflecting"}
        What the edge of the square box does.

    Returns
    -------
    HardDiscs
        At time 0.

    Raises
    ------
    ValueError
        If a number is not positive, or the discs do not fit at this density.

    Examples
    --------
    >>> gas = lattice_gas(50, 20.0, 4.0, 1.0, 0.3, np.random.default_rng(1))
    >>> round(gas.energy, 9), bool(abs(gas.momentum).max() < 1e-12)
    (50.0, True)
    """
    n_light = _checks.count(n_light, "n_light")
    _checks.generator(rng)
    radius = _checks.positive(radius_ratio, "radius_ratio")
    density = _checks.positive(density, "density")
    temperature = _checks.positive(temperature, "temperature")
    masses = np.append(_checks.positive(mass_ratio, "mass_ratio"), np.ones(n_light))
    radii = np.append(radius, np.ones(n_light))
    side = np.sqrt(np.pi * (radii**2).sum() / density)

    sites = _free_sites(n_light, side, radius)
    if len(sites) < n_light or side < 2 * (radius + 1):
        raise ValueError(f"density {density:g} leaves no room for the discs; take a smaller one")
    light = rng.choice(sites, n_light, replace=False, shuffle=False)
    positions = np.vstack([[side / 2, side / 2], light])

    velocities = rng.standard_normal((n_light + 1, 2)) * np.sqrt(temperature / masses)[:, None]
    velocities -= masses @ velocities / masses.sum()
    energy = 0.5 * (masses * (velocities**2).sum(axis=1)).sum()
    velocities *= np.sqrt(n_light * temperature / energy)
    return HardDiscs(positions, velocities, radii, masses, side, walls)


def _free_sites(n_light, side, radius):
    """Return the sites of the coarsest square lattice that has room around the heavy disc."""
    sites = np.empty((0, 2))
    for n in range(int(np.sqrt(n_light)), int(side / 2) + 1):
        line = (np.arange(n) + 0.5) * side / n
        sites = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
        sites = sites[((sites - side / 2) ** 2).sum(axis=1) > (radius + 1) ** 2]
        if len(sites) >= n_light:
            break
    return sites
