"""Conjugate gradients: momentum whose coefficients are found anew at every step."""

from typing import Any, NamedTuple

import numpy as np

from langevin import _checks
from langevin.gradients import exact
from langevin.kernels import Kernel


class ConjugateState(NamedTuple):
    """Positions, the last gradient and search direction, and the number of steps taken."""

    x: Any
    g: Any
    p: Any
    k: int = 0


def conjugate_gradient(grad, hessian) -> Kernel:
    r"""Return the kernel of conjugate gradients on a bowl, with an exact line search.

    .. math:: p_k = -g_k + \frac{|g_k|^2}{|g_{k-1}|^2}\,p_{k-1},\qquad
              x_{k+1} = x_k + \frac{|g_k|^2}{p_k \cdot H p_k}\,p_k

    Without noise it ends after as many steps as the Hessian has distinct eigenvalues; it is
    heavy ball that chooses its two coefficients anew at every step.  It trusts its gradients: with
    a noisy oracle the quotient above compares noise with noise, and the race is lost.

    Parameters
    ----------
    grad : callable
        Oracle of a quadratic energy, without noise.
    hessian : array_like, shape (dim, dim)
        H, the second derivatives of the energy; symmetric and positive definite.

    Returns
    -------
    Kernel
        Its state is ``ConjugateState(x, g, p, k)``.

    Raises
    ------
    ValueError
        If `hessian` is not square, symmetric and positive definite.
    TypeError
        If `grad` is not an oracle.

    References
    ----------
    M. Hestenes and E. Stiefel, J. Res. Natl. Bur. Stand. 49, 409 (1952).

    Examples
    --------
    >>> from langevin import Potential, simulate
    >>> bowl = Potential("x**2/2 + 50*y**2", "x y")
    >>> kernel = conjugate_gradient(exact(bowl), hessian=np.diag([1.0, 100.0]))
    >>> end = simulate(kernel, [[3.0, 1.0]], 2, np.random.default_rng(1)).x
    >>> bool(abs(end).max() < 1e-12)
    True
    """
    _checks.oracle(grad)
    H = _bowl(hessian)

    def step(state, rng):
        x, old, p, k = state
        g = grad(x, rng)
        p = -g + _ratio(_dot(g, g), _dot(old, old)) * p
        return ConjugateState(x + _ratio(_dot(g, g), _dot(p, p @ H)) * p, g, p, k + 1)

    return Kernel(lambda x: ConjugateState(x, 0.0 * x, 0.0 * x), step)


def nonlinear_conjugate_gradient(U) -> Kernel:
    r"""Return the kernel of conjugate gradients on any energy (Polak-Ribière, never negative).

    .. math:: p_k = -g_k + \max\left(0, \frac{g_k \cdot (g_k - g_{k-1})}{|g_{k-1}|^2}\right)
              p_{k-1},\qquad x_{k+1} = x_k + \alpha_k\,p_k

    A direction that does not lead down is replaced by -g.  The step alpha first goes to where
    the slope would vanish if the energy were a parabola along p, and is halved until the energy
    falls by at least a ten-thousandth of what the slope promises (Armijo).  On a bowl this is
    `conjugate_gradient`, up to the rounding of a difference of slopes.

    Parameters
    ----------
    U : Potential
        Anything with energies ``U(x)`` and gradients ``U.grad(x)``.

    Returns
    -------
    Kernel
        Its state is ``ConjugateState(x, g, p, k)``; no random number is drawn.

    Raises
    ------
    TypeError
        If `U` has no ``grad``.

    References
    ----------
    E. Polak and G. Ribière, Rev. Fr. Inform. Rech. Opér. 3-R1, 35 (1969); J. Nocedal and
    S. Wright, Numerical Optimization, 2nd ed., Springer (2006), sections 3.1 and 5.2.

    Examples
    --------
    >>> from langevin import Potential, simulate
    >>> valley = Potential("(1 - x)**2 + 100*(y - x**2)**2", "x y")
    >>> kernel = nonlinear_conjugate_gradient(valley)
    >>> simulate(kernel, [[-1.2, 1.0]], 100, np.random.default_rng(1)).x.round(6)
    array([[1., 1.]])
    """
    grad = exact(U)

    def step(state, rng):
        x, old, p, k = state
        g = grad(x, rng)
        p = -g + np.maximum(0, _ratio(_dot(g, g - old), _dot(old, old))) * p
        p = np.where(_dot(p, g) < 0, p, -g)
        return ConjugateState(x + _line_search(U, x, g, p) * p, g, p, k + 1)

    return Kernel(lambda x: ConjugateState(x, 0.0 * x, 0.0 * x), step)


def _line_search(U, x, g, p):
    """Return a step length for each particle, shape (n_particles, 1)."""
    slope = _dot(p, g)
    reach = _ratio(1 + np.sqrt(_dot(x, x)), np.sqrt(_dot(p, p)))
    # far enough for the difference of two slopes to have digits, near enough to be local
    probe = 1e-4 * reach
    curvature = _ratio(_dot(p, U.grad(x + probe * p)) - slope, probe)
    alpha = np.where(curvature > 0, _ratio(-slope, curvature), reach)
    energy = U(x)[:, None]
    for _ in range(60):
        falls = U(x + alpha * p)[:, None] <= energy + 1e-4 * alpha * slope
        if np.all(falls):
            break
        alpha = np.where(falls, alpha, alpha / 2)
    return alpha


def _dot(a, b):
    """Return the products of the particles' vectors, shape (n_particles, 1)."""
    return (a * b).sum(axis=1, keepdims=True)


def _ratio(a, b):
    """Return a / b, and 0 where b is 0: a run that has arrived stays."""
    return np.divide(a, b, out=np.zeros_like(b), where=b != 0)


def _bowl(hessian):
    H = _checks.symmetric(hessian, "hessian")
    lowest = np.linalg.eigvalsh(H)[0]
    if lowest <= 0:
        raise ValueError(
            f"hessian must be positive definite, got the eigenvalue {lowest:.3g}; "
            "nonlinear_conjugate_gradient(U) takes any energy"
        )
    return H
