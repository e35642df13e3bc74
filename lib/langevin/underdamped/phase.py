"""Positions and momenta, and the motions A, B and O that carry them on."""

from math import exp, expm1, sqrt
from typing import Any, NamedTuple

from langevin import _checks
from langevin.kernels import Kernel, normals
from langevin.schedules import as_schedule, as_step_size


class PhaseState(NamedTuple):
    """Positions x, momenta p, the number of steps taken, and the gradient at x if known."""

    x: Any
    p: Any
    k: int = 0
    gradient: Any = None


def splitting(word, grad, step_size, temperature, friction, mass=1.0) -> Kernel:
    r"""Return the kernel that makes the motions A, B and O in the order of a word.

    .. math:: A:\ x \mathrel{+}= h_A\,p/m \qquad B:\ p \mathrel{-}= h_B\,\nabla U(x)

    .. math:: O:\ p \leftarrow c\,p + \sqrt{(1 - c^2)\,m\,T}\;\varepsilon,
              \qquad c = e^{-\lambda h_O/m}

    A letter that stands n times in the word takes h = dt / n each time, so every motion lasts
    dt in all.  Together they approximate dx = p/m dt, dp = -grad U dt - lambda p/m dt + noise.

    Parameters
    ----------
    word : str
        Such as ``"BAOAB"``, read from left to right.  It needs A and B; without O there is no
        bath (``"BAB"`` is velocity Verlet), and the friction must be zero.
    grad : callable
        Oracle ``grad(x, rng) -> (n_particles, dim)``; see `langevin.gradients`.  A B asks it
        only if x has moved since the last answer: once a step in BAOAB, OBABO, ABOBA and OBA.
    step_size : float or callable
        The time step dt: a positive number, or a function of the step count k, which may reach
        0: that step changes neither x nor p.
    temperature : float or callable
        T in units of energy (k_B = 1), zero or positive; a number or a function of k.  Where it
        is zero no random number is drawn.
    friction : float
        lambda in mass / time, zero or positive.
    mass : float
        m, positive.

    Returns
    -------
    Kernel
        Its state is ``PhaseState(x, p, k, gradient)``; ``init(x)`` starts at rest, p = 0.  Give
        `simulate` the state `thermal` makes to start with the momenta of the bath.

    Raises
    ------
    ValueError
        If the word has other letters, or no A or no B, or friction without O; if `step_size` or
        `mass` is not positive, or `temperature` or `friction` negative.
    TypeError
        If `grad` is not an oracle.

    References
    ----------
    B. Leimkuhler and C. Matthews, Appl. Math. Res. Express 2013, 34 (2013).

    Examples
    --------
    Verlet's method keeps the energy of a pendulum:

    >>> import numpy as np
    >>> from langevin import Potential, simulate
    >>> from langevin.gradients import exact
    >>> U = Potential("1 - cos(x)")
    >>> verlet = splitting("BAB", exact(U), step_size=0.1, temperature=0, friction=0)
    >>> end = simulate(verlet, [[1.0]], 1000, np.random.default_rng(1))
    >>> np.allclose(U(end.x) + end.p[:, 0] ** 2 / 2, U(np.array([[1.0]])), atol=1e-3)
    True
    """
    word = _letters(word)
    _checks.oracle(grad)
    dt = as_step_size(step_size)
    T = as_schedule(temperature, "temperature", zero_allowed=True)
    friction = float(_checks.not_negative(friction, "friction"))
    m = float(_checks.positive(mass, "mass"))
    if friction > 0 and "O" not in word:
        raise ValueError(f"the word {word!r} has no O, so friction must be 0, got {friction}")
    n_A, n_B, n_O = (word.count(letter) for letter in "ABO")

    def step(state, rng):
        x, p, k, g = state
        for letter in word:
            if letter == "A":
                x, g = x + dt(k) / n_A / m * p, None
            elif letter == "B":
                g = grad(x, rng) if g is None else g
                p = p - dt(k) / n_B * g
            else:
                decay = friction * dt(k) / n_O / m
                p = exp(-decay) * p
                if T(k) > 0:
                    p = p + sqrt(-expm1(-2 * decay) * m * T(k)) * normals(rng, x)
        return PhaseState(x, p, k + 1, g)

    return Kernel(at_rest, step)


def thermal(x, temperature, rng, mass=1.0) -> PhaseState:
    r"""Return a state with the momenta of the bath, to start `simulate` from.

    .. math:: p = \sqrt{m\,T}\;\varepsilon

    Parameters
    ----------
    x : array_like, shape (n_particles, dim)
        Positions.
    temperature : float
        T, zero or positive (k_B = 1).
    rng : numpy.random.Generator
        Where the momenta are drawn.
    mass : float
        m, positive.

    Returns
    -------
    PhaseState
        At step 0.

    Raises
    ------
    ValueError
        If `x` is not (n_particles, dim) and finite, or another argument out of range.

    References
    ----------
    J. C. Maxwell, Phil. Mag. 19, 19 (1860).

    Examples
    --------
    >>> import numpy as np
    >>> state = thermal(np.zeros((50_000, 1)), temperature=0.5, rng=np.random.default_rng(1))
    >>> round(float(state.p.var()), 2)
    0.5
    """
    x = _checks.positions(x, "x")
    width = sqrt(_checks.not_negative(temperature, "temperature") * _checks.positive(mass, "mass"))
    return PhaseState(x, width * normals(_checks.generator(rng), x))


def at_rest(x) -> PhaseState:
    """Return the state of particles at rest at x.

    Parameters
    ----------
    x : ndarray, shape (n_particles, dim), or float
        Positions.

    Returns
    -------
    PhaseState
        At step 0, with p = 0.

    Examples
    --------
    >>> at_rest(2.0)
    PhaseState(x=2.0, p=0.0, k=0, gradient=None)
    """
    return PhaseState(x, 0.0 * x)


def _letters(word):
    if not isinstance(word, str) or not set("AB") <= set(word) <= set("ABO"):
        raise ValueError(
            f"word must be made of the letters A, B and O, with at least one A and one B, "
            f"got {word!r}; such as 'BAOAB'"
        )
    return word
