"""An event-driven gas of elastic hard discs, one of them heavy: Newton's law and nothing else."""

from langevin.hard_discs.gas import HardDiscs, record
from langevin.hard_discs.lattice import lattice_gas

__all__ = ["HardDiscs", "lattice_gas", "record"]
