"""Closed forms to test simulations and experiments against, each with its source."""

from langevin.exact.chance import (
    chi_square_probability,
    half_normal_probability,
    random_walk_probability,
    random_walk_within,
    rayleigh_ring_probability,
)
from langevin.exact.descent import (
    HeavyBall,
    Scaling,
    conjugate_gradient_bound,
    heavy_ball_temperature,
    heavy_ball_variance,
    polyak_optimum,
    scaling_optimum,
)
from langevin.exact.escape import (
    depopulation,
    energy_diffusion_rate,
    kramers_rate,
    overdamped_rate,
    turnover_rate,
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
from langevin.exact.passage import (
    barrier_action,
    eyring_kramers_time,
    first_passage_time,
)
from langevin.exact.regression import (
    gaussian_regression_variance,
    regression_covariance,
    regression_step_limit,
)
from langevin.exact.sgd import (
    additive_covariance,
    batch_variance,
    circulation,
    continuous_covariance,
)
from langevin.exact.underdamped import (
    PhaseVariances,
    harmonic_splitting_variances,
    leimkuhler_matthews_variance,
    velocity_autocorrelation,
)
from langevin.exact.work import (
    spring_free_energy,
    spring_work,
)

__all__ = [
    "AVOGADRO",
    "BOLTZMANN",
    "GAS_CONSTANT",
    "HeavyBall",
    "Moments",
    "PhaseVariances",
    "Scaling",
    "additive_covariance",
    "avogadro",
    "barometric_length",
    "barrier_action",
    "batch_variance",
    "chi_square_probability",
    "circulation",
    "conjugate_gradient_bound",
    "continuous_covariance",
    "depopulation",
    "diffusion_constant",
    "disc_velocity_variance",
    "energy_diffusion_rate",
    "eyring_kramers_time",
    "first_passage_time",
    "free_msd",
    "free_ula_moments",
    "gaussian_propagator",
    "gaussian_regression_variance",
    "half_normal_probability",
    "harmonic_moments",
    "harmonic_splitting_variances",
    "harmonic_ula_moments",
    "harmonic_ula_variance",
    "heavy_ball_temperature",
    "heavy_ball_variance",
    "kramers_rate",
    "leimkuhler_matthews_variance",
    "overdamped_rate",
    "polyak_optimum",
    "quadratic_variation_moments",
    "random_walk_probability",
    "random_walk_within",
    "rayleigh_ring_probability",
    "regression_covariance",
    "regression_step_limit",
    "relaxation_time",
    "scaling_optimum",
    "spring_free_energy",
    "spring_work",
    "stokes_friction",
    "turnover_rate",
    "velocity_autocorrelation",
]
