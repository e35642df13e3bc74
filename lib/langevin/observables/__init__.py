"""Observables: what one measures on recorded paths, each estimate with its standard error.

A path is what ``simulate(..., observe=position)`` returns, shape (n_records, n_particles, dim).
Lags and times are counted in records; multiply by the time between records.
"""

from langevin.observables.counts import Histogram, histogram
from langevin.observables.paths import (
    Estimate,
    displacements,
    kinetic_temperature,
    msd,
    position,
    quadratic_variation,
)
from langevin.observables.series import (
    Blocking,
    autocorrelation,
    block_error,
    blocking,
    integrated_time,
)

__all__ = [
    "Blocking",
    "Estimate",
    "Histogram",
    "autocorrelation",
    "block_error",
    "blocking",
    "displacements",
    "histogram",
    "integrated_time",
    "kinetic_temperature",
    "msd",
    "position",
    "quadratic_variation",
]
