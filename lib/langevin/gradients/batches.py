"""Losses over data: the whole set at once, random mini-batches of it, or one pass after another.

A loss is anything with ``loss(w, examples)`` and ``loss.grad(w, examples)``; see
`langevin.networks`.  The particles are replicas of the weights, and each replica gets batches of
its own.
"""

from collections import namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np

from langevin import _checks
from langevin.gradients._data import examples, length, pick
from langevin.gradients.oracles import Oracle
from langevin.kernels import Kernel


class Objective:
    r"""The mean loss over all the data: a potential in the weights.

    .. math:: L(w) = \frac1N \sum_{i=1}^N \ell(w;\, x_i, y_i)

    It is a mean, not a sum: the posterior of Bayes' rule, exp(-N L), is its Boltzmann
    distribution at temperature 1/N.

    Parameters
    ----------
    loss : Loss
        What each example costs.
    data : ndarray or tuple of ndarray
        The examples along the first axis, such as ``(inputs, targets)``.

    Raises
    ------
    TypeError
        If `loss` has no method ``grad(w, examples)``.
    ValueError
        If the arrays are empty, not finite, or of different length.

    Examples
    --------
    >>> from langevin import gradient_descent, simulate
    >>> from langevin.networks import LinearRegression
    >>> data = np.array([[1.0], [2.0]]), np.array([3.0, 6.0])
    >>> kernel = gradient_descent(Objective(LinearRegression(), data), step_size=0.4)
    >>> simulate(kernel, [[0.0]], 20, np.random.default_rng(1)).x
    array([[3.]])
    """

    def __init__(self, loss, data):
        self.loss, self.data = _checks.loss(loss), examples(data)

    def __call__(self, w):
        """Return the mean loss of each replica.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.

        Returns
        -------
        ndarray, shape (n_particles,)
            Mean over all examples.
        """
        return self.loss(w, self.data)

    def grad(self, w):
        """Return the gradient of the mean loss.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.

        Returns
        -------
        ndarray, shape (n_particles, dim)
            Mean over all examples.
        """
        return self.loss.grad(w, self.data)


def minibatch(loss, data, batch_size: int, replacement: bool = True) -> Oracle:
    r"""Return the oracle that looks at a few random examples at a time.

    .. math:: g_{\mathcal B}(w) = \frac1B \sum_{i\in\mathcal B} \nabla\ell(w;\, x_i, y_i)

    It is right on average.  Its covariance is C/B, C being that of a single example's gradient
    (`noise_covariance`); without replacement it is smaller by (N - B)/(N - 1).

    Parameters
    ----------
    loss : Loss
        What each example costs.
    data : ndarray or tuple of ndarray
        The N examples along the first axis, such as ``(inputs, targets)``.
    batch_size : int
        B.
    replacement : bool
        Whether one example may come twice in a batch.

    Returns
    -------
    callable
        ``grad(w, rng)``; every replica draws its own batch.

    Raises
    ------
    TypeError
        If `loss` has no method ``grad(w, examples)`` or `batch_size` is no whole number.
    ValueError
        If the data are unfit, or a batch without replacement is larger than they are.

    References
    ----------
    H. Robbins and S. Monro, Ann. Math. Stat. 22, 400 (1951); S. Mandt, M. Hoffman and D. Blei,
    JMLR 18 (2017), section 2.

    Examples
    --------
    >>> from langevin import sgd, simulate
    >>> from langevin.networks import LinearRegression
    >>> rng = np.random.default_rng(1)
    >>> X = rng.standard_normal((200, 2))
    >>> grad = minibatch(LinearRegression(), (X, X @ [1.0, -2.0]), batch_size=10)
    >>> simulate(sgd(grad, step_size=0.2), np.zeros((3, 2)), 200, rng).x.round(3)
    array([[ 1., -2.],
           [ 1., -2.],
           [ 1., -2.]])
    """
    loss, data = _checks.loss(loss), examples(data)
    n, size = length(data), _batch_size(batch_size, data, limited=not replacement)

    def grad(w, rng):
        draw = _draws if replacement else _subsets
        return _gradient(loss, w, pick(data, draw(rng, len(w), n, size)), rng)

    return grad


def control_variate(loss, data, batch_size: int, anchor, replacement: bool = True) -> Oracle:
    r"""Return the oracle that asks a few random examples only what has changed since an anchor.

    .. math:: g_{\mathcal B}(w) = \nabla L(w_0)
              + \frac1B \sum_{i\in\mathcal B} \left[\nabla\ell(w;\, x_i, y_i)
              - \nabla\ell(w_0;\, x_i, y_i)\right]

    It is right on average, as `minibatch` is.  Its covariance is C/B, C being that of the bracket
    over all examples: zero at w_0, and of order :math:`|w - w_0|^2` near it.  For a quadratic loss
    with the Hessians :math:`H_i`, whose mean is H, it is

    .. math:: C = \frac1N \sum_{i=1}^N (H_i - H)(w - w_0)(w - w_0)^\top (H_i - H)

    and the residuals have no part in it.  Far from w_0 it may be larger than that of `minibatch`.
    A gradient costs twice as much as there, and the anchor one pass through the data, once.

    With `langevin.sgld` at temperature 1/N this is SGLD with control variates (SGLD-CV) of the
    posterior exp(-N L); a good anchor is a place near its mode, such as descent finds.

    Parameters
    ----------
    loss : Loss
        What each example costs; one that draws random numbers of its own is refused.
    data : ndarray or tuple of ndarray
        The N examples along the first axis, such as ``(inputs, targets)``.
    batch_size : int
        B.
    anchor : array_like, shape (dim,)
        w_0, the weights at which the gradient of all the data is known.
    replacement : bool
        Whether one example may come twice in a batch; without, the covariance is smaller by
        (N - B)/(N - 1).

    Returns
    -------
    callable
        ``grad(w, rng)``; every replica draws its own batch.

    Raises
    ------
    TypeError
        If `loss` has no method ``grad(w, examples)`` or draws random numbers, or `batch_size` is
        no whole number.
    ValueError
        If the data are unfit, a batch without replacement is larger than they are, or `anchor`
        is not one finite vector; when asked, if the weights have another dim than it.

    References
    ----------
    R. Johnson and T. Zhang, NIPS 26 (2013); J. Baker, P. Fearnhead, E. Fox and C. Nemeth, Stat.
    Comput. 29, 599 (2019).

    Examples
    --------
    >>> from langevin.networks import LinearRegression
    >>> data = np.array([[1.0], [2.0]]), np.array([3.0, 5.0])
    >>> grad = control_variate(LinearRegression(), data, batch_size=1, anchor=[2.5])
    >>> grad(np.full((4, 1), 2.5), np.random.default_rng(1)) - Objective(
    ...     LinearRegression(), data
    ... ).grad(np.full((4, 1), 2.5))
    array([[0.],
           [0.],
           [0.],
           [0.]])
    """
    loss, data = _checks.loss(loss), examples(data)
    n, size = length(data), _batch_size(batch_size, data, limited=not replacement)
    anchor = np.array(_checks.finite(anchor, "anchor"))
    if anchor.ndim != 1 or not anchor.size:
        raise ValueError(
            f"anchor must be one vector of weights, shape (dim,), got shape {anchor.shape}"
        )
    _needs_no_draws(loss, anchor[None], data)
    slope = loss.grad(anchor[None], data)
    draw = _draws if replacement else _subsets

    def grad(w, rng):
        if np.shape(w)[1:] != anchor.shape:
            raise ValueError(
                f"anchor must have the shape of a particle's weights, {np.shape(w)[1:]}, "
                f"got shape {anchor.shape}"
            )
        batch = pick(data, draw(rng, len(w), n, size))
        return slope + (loss.grad(w, batch) - loss.grad(np.tile(anchor, (len(w), 1)), batch))

    return grad


def epochs(method, loss, data, batch_size: int) -> Kernel:
    r"""Return the kernel of a method that goes through the data in shuffled passes.

    Each replica shuffles the examples, takes them `batch_size` at a time until all have been
    seen, and shuffles again.  Within an epoch the noises of the batches sum to zero (at fixed
    weights), so that successive ones are anti-correlated.

    An oracle ``grad(x, rng)`` cannot know how far an epoch has come.  The shuffled deck
    therefore travels in the state of the kernel, beside what the method itself keeps there,
    and the place in it follows from the number of steps taken; nothing is kept elsewhere.

    Parameters
    ----------
    method : callable
        ``method(grad) -> Kernel``, such as ``lambda grad: sgd(grad, step_size=0.1)``.
    loss : Loss
        What each example costs.
    data : ndarray or tuple of ndarray
        The N examples along the first axis, such as ``(inputs, targets)``.
    batch_size : int
        B, at most N.  If it does not divide N the last batch of an epoch is smaller.

    Returns
    -------
    Kernel
        Its state has the fields of the method's state and ``deck``, shape (n_particles, N).

    Raises
    ------
    TypeError
        If `method` makes no kernel, `loss` has no method ``grad(w, examples)`` or `batch_size`
        is no whole number.
    ValueError
        If the data are unfit, or a batch is larger than they are.

    References
    ----------
    L. Bottou, Curiously fast convergence of some stochastic gradient descent algorithms (2009);
    M. Kühn and B. Rosenow, arXiv 2306.05300 (2023).

    Examples
    --------
    >>> from langevin import sgd, simulate
    >>> from langevin.networks import LinearRegression
    >>> rng = np.random.default_rng(1)
    >>> X = rng.standard_normal((200, 2))
    >>> data = X, X @ [1.0, -2.0]
    >>> kernel = epochs(lambda grad: sgd(grad, step_size=0.2), LinearRegression(), data, 10)
    >>> simulate(kernel, np.zeros((1, 2)), 200, rng).x.round(3)
    array([[ 1., -2.]])
    """
    loss, data = _checks.loss(loss), examples(data)
    n, size = length(data), _batch_size(batch_size, data)
    n_batches = -(-n // size)
    if not callable(method):
        raise TypeError(
            f"method must make a Kernel of an oracle, got {_checks.describe(method)}; "
            "pass lambda grad: sgd(grad, step_size)"
        )

    def kernel(batch):
        return method(lambda w, rng: _gradient(loss, w, batch, rng))

    first = kernel(data)
    if not (callable(getattr(first, "init", None)) and callable(getattr(first, "step", None))):
        raise TypeError(
            f"method(grad) must make a Kernel, got {_checks.describe(first)}; "
            "pass lambda grad: sgd(grad, step_size)"
        )

    def init(w):
        state = first.init(w)
        return _with_deck(type(state))(*state, None)

    def step(state, rng):
        *own, deck = state
        place = state.k % n_batches
        if place == 0:
            deck = _decks(rng, len(state.x), n)
        elif np.shape(deck) != (len(state.x), n):
            raise ValueError(
                f"a state in the middle of an epoch must have a deck of shape {len(state.x), n}, "
                f"got shape {np.shape(deck)}; start from its positions, state.x"
            )
        batch = pick(data, deck[:, place * size : (place + 1) * size])
        moved = kernel(batch).step(type(state).kind(*own), rng)
        return type(state)(*moved, deck)

    return Kernel(init, step)


def _gradient(loss, w, batch, rng):
    """Return the gradient on a batch, completed by what a stochastic loss draws itself."""
    draw = getattr(loss, "draw", None)
    return loss.grad(w, batch if draw is None else draw(w, batch, rng))


def _needs_no_draws(loss, w, data):
    """Refuse a loss whose gradient on the same examples is not twice the same."""
    draw = getattr(loss, "draw", None)
    if draw is not None and draw(w, data, np.random.default_rng(0)) is not data:
        raise TypeError(
            f"loss must draw no random numbers of its own, got {_checks.describe(loss)}: its "
            "gradient at the anchor would be another one each time; pass it to minibatch"
        )


def _draws(rng, n_particles, n, size):
    """Return `size` whole numbers below n for each particle, repeats allowed."""
    return rng.integers(n, size=(n_particles, size), dtype=np.intp)


def _subsets(rng, n_particles, n, size):
    """Return `size` different whole numbers below n for each particle (Floyd's algorithm)."""
    rows = np.arange(n_particles)
    highest = np.arange(n - size, n)
    picks = rng.integers(highest + 1, size=(n_particles, size), dtype=np.intp)
    taken = np.zeros((n_particles, n), dtype=bool)
    for column, last in zip(picks.T, highest, strict=True):
        # a number that is taken gives way to the newest one, which cannot be
        column[taken[rows, column]] = last
        taken[rows, column] = True
    return picks


def _decks(rng, n_particles, n):
    """Return a permutation of the numbers below n for each particle."""
    deck = np.arange(n, dtype=np.min_scalar_type(n))
    return rng.permuted(np.tile(deck, (n_particles, 1)), axis=1)


_deck_types: dict[type, Any] = {}
_named: Callable[..., Any] = namedtuple  # type checkers know only those with names written out


def _with_deck(kind) -> Any:
    """Return the one state type with the fields of another and a deck of examples."""
    if kind not in _deck_types:
        shuffled = _named(f"Shuffled{kind.__name__}", (*kind._fields, "deck"))
        shuffled.kind = kind
        shuffled.__reduce__ = lambda state: (_shuffled, (kind, *state))
        _deck_types[kind] = shuffled
    return _deck_types[kind]


def _shuffled(kind, *fields):
    """Return a state with a deck, from its pickle."""
    return _with_deck(kind)(*fields)


def _batch_size(batch_size, data, limited=True):
    size, n = _checks.count(batch_size, "batch_size"), length(data)
    if limited and size > n:
        raise ValueError(
            f"batch_size must be at most the {n} examples, got {size}; "
            "minibatch(..., replacement=True) may draw an example twice"
        )
    return size
