"""Descent that measures its steps by the gradients it has seen: AdaGrad, RMSProp, Adam, AdamW."""

from typing import Any, NamedTuple

from langevin import _checks
from langevin.kernels import Kernel
from langevin.schedules import as_step_size


class AdaGradState(NamedTuple):
    """Positions, the sum of the squares of the gradient, and the number of steps taken."""

    x: Any
    v: Any
    k: int = 0


class RMSPropState(NamedTuple):
    """Positions, the average of the square of the gradient, and the number of steps taken."""

    x: Any
    v: Any
    k: int = 0


class AdamState(NamedTuple):
    """Positions, the averages of the gradient and of its square, and the steps taken."""

    x: Any
    m: Any
    v: Any
    k: int = 0


def adagrad(grad, step_size, epsilon: float = 1e-8) -> Kernel:
    r"""Return the kernel of AdaGrad: each coordinate slows down as its gradients add up.

    .. math:: v_{k+1} = v_k + g_k^2,\qquad
              x_{k+1} = x_k - \frac{\eta_k\,g_k}{\sqrt{v_{k+1}} + \epsilon}

    Parameters
    ----------
    grad : callable
        Oracle ``grad(x, rng) -> (n_particles, dim)``.
    step_size : float or callable
        eta, positive, in units of length: the first step is -eta sign(g).
    epsilon : float
        Keeps the denominator from zero; positive, in units of the gradient.

    Returns
    -------
    Kernel
        Its state is ``AdaGradState(x, v, k)``.

    Raises
    ------
    ValueError
        If `step_size` or `epsilon` is not positive.
    TypeError
        If `grad` is not an oracle.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer, J. Mach. Learn. Res. 12, 2121 (2011).

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> from langevin.gradients import exact
    >>> kernel = adagrad(exact(harmonic(stiffness=1000.0)), step_size=0.5)
    >>> simulate(kernel, [[8.0]], 1, np.random.default_rng(1)).x
    array([[7.5]])
    """
    _checks.oracle(grad)
    eta, epsilon = as_step_size(step_size), _checks.positive(epsilon, "epsilon")

    def step(state, rng):
        x, v, k = state
        g = grad(x, rng)
        v = v + g * g
        return AdaGradState(x - eta(k) * g / (v**0.5 + epsilon), v, k + 1)

    return Kernel(lambda x: AdaGradState(x, 0.0 * x), step)


def rmsprop(grad, step_size, decay: float = 0.9, epsilon: float = 1e-8) -> Kernel:
    r"""Return the kernel of RMSProp: AdaGrad that forgets.

    .. math:: v_{k+1} = \beta v_k + (1 - \beta)\,g_k^2,\qquad
              x_{k+1} = x_k - \frac{\eta_k\,g_k}{\sqrt{v_{k+1}} + \epsilon}

    Parameters
    ----------
    grad : callable
        Oracle ``grad(x, rng) -> (n_particles, dim)``.
    step_size : float or callable
        eta, positive, in units of length: the first step is -eta sign(g) / sqrt(1 - beta).
    decay : float
        beta, at least 0 and below 1.
    epsilon : float
        Keeps the denominator from zero; positive, in units of the gradient.

    Returns
    -------
    Kernel
        Its state is ``RMSPropState(x, v, k)``.

    Raises
    ------
    ValueError
        If `step_size` or `epsilon` is not positive, or `decay` is not in [0, 1).
    TypeError
        If `grad` is not an oracle.

    References
    ----------
    T. Tieleman and G. Hinton, Neural networks for machine learning, Coursera (2012), lecture 6.5.

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> from langevin.gradients import exact
    >>> kernel = rmsprop(exact(harmonic(stiffness=1000.0)), step_size=0.5, decay=0.75)
    >>> simulate(kernel, [[8.0]], 1, np.random.default_rng(1)).x
    array([[7.]])
    """
    _checks.oracle(grad)
    eta, epsilon = as_step_size(step_size), _checks.positive(epsilon, "epsilon")
    beta = float(_checks.fraction(decay, "decay"))

    def step(state, rng):
        x, v, k = state
        g = grad(x, rng)
        v = beta * v + (1 - beta) * g * g
        return RMSPropState(x - eta(k) * g / (v**0.5 + epsilon), v, k + 1)

    return Kernel(lambda x: RMSPropState(x, 0.0 * x), step)


def adam(
    grad, step_size, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
) -> Kernel:
    r"""Return the kernel of Adam: RMSProp along an averaged gradient, both averages unbiased.

    .. math:: m_{k+1} = \beta_1 m_k + (1 - \beta_1)\,g_k,\qquad
              v_{k+1} = \beta_2 v_k + (1 - \beta_2)\,g_k^2

    .. math:: x_{k+1} = x_k - \eta_k\,\frac{m_{k+1} / (1 - \beta_1^{k+1})}
              {\sqrt{v_{k+1} / (1 - \beta_2^{k+1})} + \epsilon}

    Parameters
    ----------
    grad : callable
        Oracle ``grad(x, rng) -> (n_particles, dim)``.
    step_size : float or callable
        eta, positive, in units of length: the first step is -eta sign(g).
    beta1, beta2 : float
        How much the averages remember, at least 0 and below 1.
    epsilon : float
        Keeps the denominator from zero; positive, in units of the gradient.

    Returns
    -------
    Kernel
        Its state is ``AdamState(x, m, v, k)``.

    Raises
    ------
    ValueError
        If `step_size` or `epsilon` is not positive, or a beta is not in [0, 1).
    TypeError
        If `grad` is not an oracle.

    References
    ----------
    D. Kingma and J. Ba, ICLR (2015), arXiv:1412.6980.

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import harmonic, simulate
    >>> from langevin.gradients import exact
    >>> kernel = adam(exact(harmonic(stiffness=1000.0)), step_size=0.001)
    >>> simulate(kernel, [[1.0]], 1, np.random.default_rng(1)).x
    array([[0.999]])
    """
    return _adam(grad, step_size, beta1, beta2, epsilon, weight_decay=0.0)


def adamw(
    grad,
    step_size,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
) -> Kernel:
    r"""Return the kernel of AdamW: Adam, whose weights shrink beside it, at the same rate for all.

    .. math:: x_{k+1} = (1 - \eta_k \lambda)\,x_k - \eta_k\,\frac{m_{k+1} / (1 - \beta_1^{k+1})}
              {\sqrt{v_{k+1} / (1 - \beta_2^{k+1})} + \epsilon}

    m and v are `adam`'s averages of the gradient alone.  If a spring of stiffness lambda is put
    into the energy instead (`langevin.networks.Ridge`), its force lambda x goes through the
    averages and is divided by the root of v: coordinates with large gradients then shrink less.
    For plain descent the two are the same.

    Parameters
    ----------
    grad : callable
        Oracle ``grad(x, rng) -> (n_particles, dim)``, without the decay.
    step_size : float or callable
        eta, positive, in units of length; a schedule also scales the decay, as in torch and
        optax.  Loshchilov and Hutter's own decay is scaled by the schedule's multiplier alone,
        not by their step size alpha: their lambda is alpha lambda here.
    beta1, beta2 : float
        How much the averages remember, at least 0 and below 1.
    epsilon : float
        Keeps the denominator from zero; positive, in units of the gradient.
    weight_decay : float
        lambda, zero or positive, in 1 / length; 0.01 is torch's, optax has 0.0001.

    Returns
    -------
    Kernel
        Its state is ``AdamState(x, m, v, k)``.

    Raises
    ------
    ValueError
        If `step_size` or `epsilon` is not positive, `weight_decay` is negative, or a beta is not
        in [0, 1).
    TypeError
        If `grad` is not an oracle.

    References
    ----------
    I. Loshchilov and F. Hutter, ICLR (2019), arXiv:1711.05101.

    Examples
    --------
    Where nothing pulls, each step takes a share eta lambda of the weights:

    >>> import numpy as np
    >>> from langevin import simulate
    >>> from langevin.gradients import zero
    >>> kernel = adamw(zero, step_size=0.5, weight_decay=0.5)
    >>> simulate(kernel, [[16.0]], 2, np.random.default_rng(1)).x
    array([[9.]])
    """
    weight_decay = float(_checks.not_negative(weight_decay, "weight_decay"))
    return _adam(grad, step_size, beta1, beta2, epsilon, weight_decay)


def _adam(grad, step_size, beta1, beta2, epsilon, weight_decay):
    """Return the kernel of Adam beside which the weights decay."""
    _checks.oracle(grad)
    eta, epsilon = as_step_size(step_size), _checks.positive(epsilon, "epsilon")
    beta1 = float(_checks.fraction(beta1, "beta1"))
    beta2 = float(_checks.fraction(beta2, "beta2"))

    def step(state, rng):
        x, m, v, k = state
        g = grad(x, rng)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat, v_hat = m / (1 - beta1 ** (k + 1)), v / (1 - beta2 ** (k + 1))
        x = (1 - eta(k) * weight_decay) * x
        return AdamState(x - eta(k) * m_hat / (v_hat**0.5 + epsilon), m, v, k + 1)

    return Kernel(lambda x: AdamState(x, 0.0 * x, 0.0 * x), step)
