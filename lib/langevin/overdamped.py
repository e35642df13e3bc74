"""The book's one line: overdamped Langevin dynamics, and what it is called elsewhere."""

from math import sqrt

from langevin.gradients import exact
from langevin.kernels import Kernel, State, normals
from langevin.schedules import as_schedule


def langevin(grad, step_size, temperature) -> Kernel:
    r"""Return the kernel of the overdamped Langevin equation (Euler-Maruyama).

    .. math:: x_{k+1} = x_k - \tau\,\nabla U(x_k) + \sqrt{2\,\tau\,T}\;\varepsilon_k

    Parameters
    ----------
    grad : callable
        Oracle ``grad(x, rng) -> (n_particles, dim)``; see `langevin.gradients`.
    step_size : float or callable
        tau: time step / friction, or learning rate.  Positive; a number or a function of the
        step count k.
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
    _needs_oracle(grad)
    tau = as_schedule(step_size, "step_size")
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
        The learning rate, positive.

    Returns
    -------
    Kernel
        Its state is ``State(x, k)``.

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
    return langevin(exact(U), step_size, temperature=0)


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
    return langevin(exact(U), step_size, temperature)


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


def _needs_oracle(grad):
    if hasattr(grad, "grad"):
        raise TypeError(
            f"grad must be an oracle grad(x, rng), got the potential {grad!r}; "
            "pass langevin.gradients.exact(U), or use ula(U, ...)"
        )
    if not callable(grad):
        raise TypeError(f"grad must be an oracle grad(x, rng), got {grad!r}")
