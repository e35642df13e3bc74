"""Metropolis kernels: propose a move, then accept or refuse it, so that exp(-U/T) is exact.

Both propose what overdamped Langevin dynamics does in a step, without and with the force.
"""

from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from langevin import _checks
from langevin.gradients import exact
from langevin.kernels import Kernel, normals
from langevin.schedules import as_schedule


class MetropolisState(NamedTuple):
    """Positions, steps taken, energies, moves accepted so far, and the gradient where used.

    ``state.accepted / state.k`` is each particle's rate of acceptance.
    """

    x: Any
    k: int
    energy: Any
    accepted: Any
    gradient: Any = None


def random_walk(U, step_size, temperature) -> Kernel:
    r"""Return the kernel of random-walk Metropolis.

    .. math:: y = x + \sqrt{2\,\tau\,T}\;\varepsilon,\qquad
              \alpha = \min\left(1,\ e^{-(U(y) - U(x))/T}\right)

    The move to y is accepted with probability alpha.  It needs no force: for short steps its
    refusals push the particles by -tau grad U on average, so that it is Langevin dynamics.

    Parameters
    ----------
    U : callable
        The energy, ``U(x) -> (n_particles,)``.
    step_size : float or callable
        tau, positive; in d alike directions of width s with T = s^2 = 1 the best is about
        2.38^2 / 2 d, which accepts 0.234 of the moves.  No schedule of it may reach 0: a move of no
        length is neither accepted nor refused.
    temperature : float or callable
        T, positive (k_B = 1); a number or a function of k: falling, it is simulated annealing.

    Returns
    -------
    Kernel
        Its state is ``MetropolisState(x, k, energy, accepted)``.

    Raises
    ------
    ValueError
        If `step_size` or `temperature` is not positive.
    TypeError
        If `U` is not callable.

    References
    ----------
    N. Metropolis et al., J. Chem. Phys. 21, 1087 (1953).

    Examples
    --------
    >>> from langevin import harmonic, simulate
    >>> kernel = random_walk(harmonic(), step_size=2.0, temperature=1.0)
    >>> end = simulate(kernel, np.zeros((20_000, 1)), 50, np.random.default_rng(1))
    >>> round(float(end.x.var()), 1), round(float(end.accepted.mean() / end.k), 1)
    (1.0, 0.5)
    """
    _checks.potential(U)
    tau, T = as_schedule(step_size, "step_size"), as_schedule(temperature, "temperature")

    def step(state, rng):
        x, k, energy, accepted, _ = state
        y = x + sqrt(2 * tau(k) * T(k)) * normals(rng, x)
        energy_y = U(y)
        move = _accept((energy_y - energy) / T(k), rng)
        return MetropolisState(
            _choose(move, y, x), k + 1, _choose(move, energy_y, energy), accepted + move
        )

    return Kernel(lambda x: MetropolisState(x, 0, _energy(U, x), _none(x)), step)


def mala(U, step_size, temperature) -> Kernel:
    r"""Return the kernel of the Metropolis-adjusted Langevin algorithm.

    .. math:: y = x - \tau\,\nabla U(x) + \sqrt{2\,\tau\,T}\;\varepsilon,\qquad
              \alpha = \min\left(1,\ \frac{e^{-U(y)/T}\,q(y \to x)}{e^{-U(x)/T}\,q(x \to y)}
              \right)

    .. math:: q(x \to y) \propto e^{-|y - x + \tau \nabla U(x)|^2 / 4 \tau T}

    It is `ula` whose error, of order `step_size`, the refusals take away.

    Parameters
    ----------
    U : Potential
        The energy.
    step_size : float or callable
        tau, positive, at every step of a schedule too; the best accepts about 0.574 of the moves
        in many dimensions.
    temperature : float or callable
        T, positive (k_B = 1); a number or a function of k.

    Returns
    -------
    Kernel
        Its state is ``MetropolisState(x, k, energy, accepted, gradient)``.

    Raises
    ------
    ValueError
        If `step_size` or `temperature` is not positive.
    TypeError
        If `U` is not callable or has no ``grad``.

    References
    ----------
    G. Roberts and R. Tweedie, Bernoulli 2, 341 (1996); G. Roberts and J. Rosenthal, J. R. Stat.
    Soc. B 60, 255 (1998).

    Examples
    --------
    >>> from langevin import harmonic, simulate
    >>> kernel = mala(harmonic(), step_size=0.5, temperature=1.0)
    >>> end = simulate(kernel, np.zeros((20_000, 1)), 50, np.random.default_rng(1))
    >>> round(float(end.x.var()), 1), round(float(end.accepted.mean() / end.k), 1)
    (1.0, 0.9)
    """
    _checks.potential(U)
    grad = exact(U)
    tau, T = as_schedule(step_size, "step_size"), as_schedule(temperature, "temperature")

    def step(state, rng):
        x, k, energy, accepted, g = state
        xi = normals(rng, x)
        y = x - tau(k) * g + sqrt(2 * tau(k) * T(k)) * xi
        energy_y, g_y = U(y), grad(y, rng)
        # the noise that would bring y back to x
        back = (x - y + tau(k) * g_y) / sqrt(2 * tau(k) * T(k))
        cost = (energy_y - energy) / T(k) + (_square(back) - _square(xi)) / 2
        move = _accept(cost, rng)
        return MetropolisState(
            _choose(move, y, x),
            k + 1,
            _choose(move, energy_y, energy),
            accepted + move,
            _choose(move, g_y, g),
        )

    def init(x):
        return MetropolisState(x, 0, _energy(U, x), _none(x), grad(x, None))

    return Kernel(init, step)


def _energy(U, x):
    """Return the energies at the start, all finite: from another no move would be accepted."""
    with np.errstate(all="ignore"):
        energy = U(x)
    wrong = np.flatnonzero(~np.isfinite(energy))
    if len(wrong):
        raise ValueError(
            f"x0 must have a finite energy, got U = {np.ravel(energy)[wrong[0]]} at particle "
            f"{wrong[0]} and at {len(wrong)} of {np.size(energy)} particles in all; "
            "start where U is finite"
        )
    return energy


def _accept(cost, rng):
    """Say yes with probability min(1, exp(-cost)); -log of a uniform number is exponential."""
    return rng.standard_exponential(getattr(cost, "shape", None)) > cost


def _choose(move, new, old):
    """Take the new entries where the particle moves, the old ones where it stays."""
    if not isinstance(old, np.ndarray):
        return new if move else old
    return np.where(move if old.ndim == 1 else move[:, None], new, old)


def _square(xi):
    """Return the squared length of each row, or the square of a float."""
    return np.sum(xi * xi, axis=-1)


def _none(x):
    """Return a count of zero for each particle."""
    return np.zeros(len(x), dtype=int) if isinstance(x, np.ndarray) else 0
