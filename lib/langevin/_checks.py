"""Checks of what a caller gave: each says what came, what is allowed and what to do."""

import operator
import reprlib
import warnings

import numpy as np


def positive(value, name):
    """Return `value` as float(s) if every entry is finite and above zero."""
    return _number(value, name, "positive", lambda v: v > 0)


def not_negative(value, name):
    """Return `value` as float(s) if every entry is finite and zero or above."""
    return _number(value, name, "zero or positive", lambda v: v >= 0)


def finite(value, name):
    """Return `value` as float(s) if every entry is finite."""
    return _number(value, name, "finite", lambda v: True)


def limit(value, name):
    """Return `value` as float(s) if every entry is zero or above; infinity is allowed."""
    return _number(value, name, "zero or positive", lambda v: v >= 0, infinite=True)


def fraction(value, name):
    """Return `value` as float(s) if every entry is at least 0 and below 1."""
    number = not_negative(value, name)
    if np.any(number >= 1):
        raise ValueError(f"{name} must be below 1, got {describe(number, number >= 1)}")
    return number


def single(number, name):
    """Return a number that has passed another check if it is not an array."""
    if np.ndim(number):
        raise TypeError(f"{name} must be one number, got {describe(number)}")
    return number


def count(value, name, least=1):
    """Return `value` as an int if it is a whole number of at least `least`."""
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {describe(value)}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}, got {number}")
    return number


def generator(rng):
    """Return `rng` if it is a NumPy Generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator, got {describe(rng)}; "
            "pass rng=np.random.default_rng(seed)"
        )
    return rng


def positions(x, name, dim=None):
    """Return a float copy of `x` if it has shape (n_particles, dim) and is finite."""
    x = np.array(finite(x, name))
    columns = "dim" if dim is None else dim
    if x.ndim != 2 or 0 in x.shape or (dim is not None and x.shape[1] != dim):
        raise ValueError(f"{name} must have shape (n_particles, {columns}), got shape {x.shape}")
    return x


def paths(x, name="paths"):
    """Return `x` as a float array if it has shape (n_records, n_particles, dim)."""
    x = np.asarray(finite(x, name))
    if x.ndim != 3 or 0 in x.shape:
        raise ValueError(
            f"{name} must have shape (n_records, n_particles, dim), got shape {x.shape}; "
            "simulate(..., observe=position) returns such an array"
        )
    return x


def symmetric(matrix, name):
    """Return `matrix` as a float array if it is square, not empty, and symmetric."""
    matrix = np.asarray(finite(matrix, name))
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or 0 in matrix.shape:
        raise ValueError(f"{name} must be a square matrix, got shape {matrix.shape}")
    apart = ~np.isclose(matrix, matrix.T, rtol=1e-8, atol=1e-12 * np.abs(matrix).max())
    if np.any(apart):
        raise ValueError(f"{name} must be symmetric, got {describe(matrix, apart)}")
    return matrix


def potential(U):
    """Return `U` if it is an energy that can be computed."""
    if not callable(U):
        raise TypeError(
            f"U must be a potential, got {describe(U)}; langevin.potentials has some, such as "
            "double_well()"
        )
    return U


def oracle(grad):
    """Return `grad` if it is an oracle ``grad(x, rng)``."""
    if hasattr(grad, "grad"):
        raise TypeError(
            f"grad must be an oracle grad(x, rng), got the potential {describe(grad)}; "
            "pass langevin.gradients.exact(U), or use ula(U, ...)"
        )
    if not callable(grad):
        raise TypeError(f"grad must be an oracle grad(x, rng), got {describe(grad)}")
    return grad


def loss(loss):
    """Return the loss if it has a gradient."""
    if not callable(getattr(loss, "grad", None)):
        raise TypeError(
            f"loss must have a method grad(w, examples), got {describe(loss)}; "
            "langevin.networks has some, such as LinearRegression()"
        )
    return loss


def step_below(step_size, limit, words, beyond="the iteration explodes"):
    """Refuse a step size that is not below the `limit` of stability, which is called `words`."""
    wrong = np.asarray(step_size) >= limit
    if np.any(wrong):
        first = float(f"{np.broadcast_to(limit, wrong.shape)[wrong][0]:.6g}")
        raise ValueError(
            f"step_size must be below {words} = {first}, got {describe(step_size, wrong)}: "
            f"beyond it {beyond}"
        )


def warn_unstable(U, step_size, limit, stacklevel=3):
    """Warn if U is a quadratic form and the step too long for it to be stable.

    ``limit(stiffness)`` is the longest step for the stiffest direction.  Of other potentials,
    and of steps that follow a schedule, nothing can be said beforehand.
    """
    stiffness = None if callable(step_size) else _stiffness(U)
    if stiffness is not None and stiffness > 0 and step_size >= limit(stiffness):
        warnings.warn(
            f"step_size must be below {limit(stiffness):g} to be stable in a potential of "
            f"stiffness {stiffness:g}, got {step_size}: the iteration will not settle",
            UserWarning,
            stacklevel=stacklevel,
        )


def _stiffness(U):
    """Return the largest curvature of a potential that is a polynomial of degree 2, else None."""
    if not hasattr(U, "expression"):
        return None
    polynomial = U.expression.as_poly(*U.variables)
    if polynomial is None or polynomial.total_degree() > 2:
        return None
    hessian = U.grad(np.eye(U.dim)) - U.grad(np.zeros((1, U.dim)))
    return float(np.linalg.eigvalsh(hessian)[-1])


def describe(value, wrong=None):
    """Return a short description of `value` for a message, never all of a large one.

    Where `wrong`, a boolean array to whose shape `value` broadcasts, is given, it says which
    entry is the first wrong one and how many there are.
    """
    shape = np.shape(value) if isinstance(value, np.ndarray) or wrong is not None else ()
    if shape == ():
        return reprlib.repr(value) if not isinstance(value, np.generic) else str(value)
    if wrong is not None:
        value = np.broadcast_to(value, np.shape(wrong))
    kind = f"an array of shape {value.shape}, dtype {value.dtype}"
    if wrong is None or not np.any(wrong):
        return kind
    first = tuple(map(int, np.argwhere(wrong)[0]))
    place = first[0] if len(first) == 1 else first
    return (
        f"{value[first]} at index {place}, {np.count_nonzero(wrong)} such of {value.size} in {kind}"
    )


def _number(value, name, words, allowed, infinite=False):
    try:
        number = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be {words}, got {describe(value)}: not a number") from None
    wrong = ~((infinite | np.isfinite(number)) & allowed(number))
    if np.any(wrong):
        raise ValueError(f"{name} must be {words}, got {describe(number[()], wrong)}")
    return number[()]
