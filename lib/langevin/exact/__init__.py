"""Closed forms to test simulations and experiments against, each with its source."""

from langevin.exact.chance import (
    chi_square_probability,
    half_normal_probability,
    random_walk_probability,
    random_walk_within,
    rayleigh_ring_probability,
)
from langevin.exact.iterates import (
    Moments,
    free_ula_moments,
    harmonic_moments,
    harmonic_ula_moments,
    harmonic_ula_variance,
    quadratic_variation_moments,
)
from langevin.exact.liquid import (
    AVOGADRO,
    BOLTZMANN,
    GAS_CONSTANT,
    avogadro,
    barometric_length,
    diffusion_constant,
    disc_velocity_variance,
    free_msd,
    gaussian_propagator,
    relaxation_time,
    stokes_friction,
)

__all__ = [
    "AVOGADRO",
    "BOLTZMANN",
    "GAS_CONSTANT",
    "Moments",
    "avogadro",
    "barometric_length",
    "chi_square_probability",
    "diffusion_constant",
    "disc_velocity_variance",
    "free_msd",
    "free_ula_moments",
    "gaussian_propagator",
    "half_normal_probability",
    "harmonic_moments",
    "harmonic_ula_moments",
    "harmonic_ula_variance",
    "quadratic_variation_moments",
    "random_walk_probability",
    "random_walk_within",
    "rayleigh_ring_probability",
    "relaxation_time",
    "stokes_friction",
]
