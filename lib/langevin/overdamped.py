"""The book's one line: overdamped Langevin dynamics, and what it is called elsewhere."""

from math import sqrt
from typing import Any, NamedTuple

from langevin import _checks
from langevin.gradients import exact
from langevin.kernels import Kernel, State, normals
from langevin.schedules import as_schedule, as_step_size


def langevin(grad, step_size, temperature) -> Kernel:
    r"""Return the kernel of the overdamped Langevin equation (Euler-Maruyama).

    .. math:: x_{k+1} = x_k - \tau\,\nabla U(x_k) + \sqrt{2\,\tau\,T}\;\varepsilon_k

    Parameters
    ----------
    grad : callable
        Oracle ``grad(x, rng) -> (n_particles, dim)``; see `langevin.gradients`.
    step_size : float or callable
        tau: time step / friction, or learning rate.  A positive number, or a function of the
        step count k, which may reach 0: that step moves nothing.
    temperature : float or callable
        T in units of energy (k_B = 1).  Zero or positive; a number or a function of k.
        Where it is zero no random number is drawn.

    Returns
    -------
    Kernel
        Its state is ``State(x, k)``.

    Raises
    ------
    ValueError
        If `step_size` is not positive or `temperature` is negative.
    TypeError
        If `grad` is not an oracle.

    References
    ----------
    P. Langevin, C. R. Acad. Sci. 146, 530 (1908); G. Maruyama, Rend. Circ. Mat. Palermo 4,
    48 (1955).

    Examples
    --------
    Many free particles spread to a variance of 2 T t:

    >>> import numpy as np
    >>> from langevin import simulate
    >>> from langevin.gradients import zero
    >>> kernel = langevin(zero, step_size=0.1, temperature=0.5)
    >>> end = simulate(kernel, np.zeros((50_000, 1)), 100, np.random.default_rng(1))
    >>> round(float(end.x.var()), 0)
    10.0
    """
    _checks.oracle(grad)
    tau = as_step_size(step_size)
    T = as_schedule(temperature, "temperature", zero_allowed=True)

    def step(state, rng):
        x, k = state
        g = grad(x, rng)
        if T(k) == 0:
            return State(x - tau(k) * g, k + 1)
        xi = normals(rng, x)
        return State(x - tau(k) * g + sqrt(2 * tau(k) * T(k)) * xi, k + 1)

    return Kernel(State, step)


def gradient_descent(U, step_size) -> Kernel:
    r"""Return the kernel of gradient descent: Langevin at temperature zero.

    .. math:: x_{k+1} = x_k - \tau\,\nabla U(x_k)

    Parameters
    ----------
    U : Potential
        What to descend.
    step_size : float or callable
        The learning rate, positive; stable below 2 / (largest curvature of U).

    Returns
    -------
    Kernel
        Its state is ``State(x, k)``.

    Warns
    -----
    UserWarning
        If U is quadratic and the step too long to be stable.

    References
    ----------
    A. Cauchy, C. R. Acad. Sci. 25, 536 (1847).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> kernel = gradient_descent(harmonic(), step_size=0.5)
    >>> simulate(kernel, [[8.0]], 3, np.random.default_rng(1)).x
    array([[1.]])
    """
    kernel = langevin(exact(U), step_size, temperature=0)
    _checks.warn_unstable(U, step_size, limit=lambda stiffness: 2 / stiffness)
    return kernel


def ula(U, step_size, temperature) -> Kernel:
    r"""Return the kernel of the unadjusted Langevin algorithm: the exact gradient, with heat.

    Parameters
    ----------
    U : Potential
        The energy; exp(-U/T) is what is sampled, up to an error of order `step_size`.
    step_size : float or callable
        Positive; stable below 2 / (largest curvature of U).
    temperature : float or callable
        Zero or positive (k_B = 1).

    Returns
    -------
    Kernel
        Its state is ``State(x, k)``.

    Warns
    -----
    UserWarning
        If U is quadratic and the step too long to be stable.

    References
    ----------
    G. Roberts and R. Tweedie, Bernoulli 2, 341 (1996).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> kernel = ula(harmonic(), step_size=0.1, temperature=1.0)
    >>> x = simulate(kernel, np.zeros((10_000, 1)), 100, np.random.default_rng(1)).x
    >>> round(float(x.var()), 1)
    1.0
    """
    kernel = langevin(exact(U), step_size, temperature)
    _checks.warn_unstable(U, step_size, limit=lambda stiffness: 2 / stiffness)
    return kernel


def sgd(grad, step_size) -> Kernel:
    r"""Return the kernel of stochastic gradient descent: all its heat comes from the oracle.

    Parameters
    ----------
    grad : callable
        A noisy oracle ``grad(x, rng)``.
    step_size : float or callable
        The learning rate, positive.

    Returns
    -------
    Kernel
        Its state is ``State(x, k)``.

    References
    ----------
    H. Robbins and S. Monro, Ann. Math. Stat. 22, 400 (1951).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> from langevin.gradients import noisy
    >>> kernel = sgd(noisy(harmonic(), sigma=0.0), step_size=0.5)
    >>> simulate(kernel, [[8.0]], 3, np.random.default_rng(1)).x
    array([[1.]])
    """
    return langevin(grad, step_size, temperature=0)


def sgld(grad, step_size, temperature=1.0) -> Kernel:
    r"""Return the kernel of stochastic gradient Langevin dynamics: a noisy oracle, with heat.

    With U = -log p it samples p.  Welling and Teh count their step as epsilon = 2 step_size:
    they move by (epsilon / 2) grad log p and add noise of variance epsilon.  The oracle's own
    noise brings only step_size^2, so short steps forget it.

    Parameters
    ----------
    grad : callable
        A noisy oracle ``grad(x, rng)`` of U, such as the gradient of -log p on a mini-batch.
    step_size : float or callable
        Half of Welling and Teh's epsilon, positive.
    temperature : float or callable
        1 for U = -log p; 1 / n for a loss that is a mean over n examples, for then n times
        that loss is -log p.

    Returns
    -------
    Kernel
        Its state is ``State(x, k)``.

    References
    ----------
    M. Welling and Y. W. Teh, ICML, 681 (2011).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> from langevin.gradients import noisy
    >>> kernel = sgld(noisy(harmonic(), sigma=1.0), step_size=0.01)
    >>> x = simulate(kernel, np.zeros((10_000, 1)), 400, np.random.default_rng(1)).x
    >>> round(float(x.var()), 1)
    1.0
    """
    return langevin(grad, step_size, temperature)


class NoisyState(NamedTuple):
    """Positions, the number of steps taken, and the noise of the last step (None at first)."""

    x: Any
    k: int = 0
    xi: Any = None


def leimkuhler_matthews(U, step_size, temperature) -> Kernel:
    r"""Return the kernel of Leimkuhler and Matthews: each noise acts half now, half a step later.

    .. math:: x_{k+1} = x_k - \tau\,\nabla U(x_k)
              + \sqrt{2\,\tau\,T}\;\frac{\varepsilon_k + \varepsilon_{k+1}}{2}

    It costs as much as `ula`, and its stationary averages are off by step_size squared only; on
    a spring the variance is T / kappa exactly.  It is BAOAB at infinite friction.

    Parameters
    ----------
    U : Potential
        The energy.
    step_size : float or callable
        tau = time step / friction, positive; stable below 2 / (largest curvature of U).  A
        schedule may reach 0: that step changes neither positions nor the noise kept for the next.
    temperature : float or callable
        Zero or positive (k_B = 1).  Where it or the step is zero no random number is drawn.

    Returns
    -------
    Kernel
        Its state is ``NoisyState(x, k, xi)``.

    Raises
    ------
    ValueError
        If `step_size` is not positive or `temperature` is negative.

    Warns
    -----
    UserWarning
        If U is quadratic and the step too long to be stable.

    References
    ----------
    B. Leimkuhler and C. Matthews, Appl. Math. Res. Express 2013, 34 (2013).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> kernel = leimkuhler_matthews(harmonic(), step_size=1.0, temperature=1.0)
    >>> x = simulate(kernel, np.zeros((50_000, 1)), 50, np.random.default_rng(1)).x
    >>> round(float(x.var()), 1)
    1.0
    """
    grad = exact(U)
    tau = as_step_size(step_size)
    T = as_schedule(temperature, "temperature", zero_allowed=True)
    _checks.warn_unstable(U, step_size, limit=lambda stiffness: 2 / stiffness)

    def step(state, rng):
        x, k, last = state
        g = grad(x, rng)
        if T(k) == 0 or tau(k) == 0:
            return NoisyState(x - tau(k) * g, k + 1, last)
        last = normals(rng, x) if last is None else last
        xi = normals(rng, x)
        return NoisyState(x - tau(k) * g + sqrt(2 * tau(k) * T(k)) * (last + xi) / 2, k + 1, xi)

    return Kernel(NoisyState, step)
