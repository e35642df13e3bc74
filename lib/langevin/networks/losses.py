"""What all losses share: the mean over examples, and how weights are laid out in a row."""

import numpy as np

from langevin import _checks


class Loss:
    """A cost of weights on examples; a subclass says what each example costs, and the slope."""

    def each(self, w, examples):
        """Return the cost of every example.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.
        examples : ndarray or tuple of ndarray
            What the loss is about.

        Returns
        -------
        ndarray, shape (n_particles, n_examples)
            Costs.
        """
        raise NotImplementedError

    def grad(self, w, examples):
        """Return the gradient of the mean cost.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.
        examples : ndarray or tuple of ndarray
            What the loss is about.

        Returns
        -------
        ndarray, shape (n_particles, dim)
            Gradients.
        """
        raise NotImplementedError

    def __call__(self, w, examples):
        """Return the mean cost over the examples, for each replica.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.
        examples : ndarray or tuple of ndarray
            What the loss is about.

        Returns
        -------
        ndarray, shape (n_particles,)
            Mean costs.
        """
        return self.each(w, examples).mean(axis=-1)

    def draw(self, w, examples, rng):
        """Return the examples completed by what a stochastic loss draws; most draw nothing.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.
        examples : ndarray or tuple of ndarray
            Examples from the data.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        ndarray or tuple of ndarray
            Examples as ``loss`` and ``loss.grad`` take them.
        """
        return examples


class Ridge(Loss):
    r"""A loss with a spring that pulls every weight to zero (weight decay, a Gaussian prior).

    .. math:: \ell(w) + \tfrac12\,\mathrm{decay}\,|w|^2

    Parameters
    ----------
    loss : Loss
        What each example costs.
    decay : float
        Stiffness of the spring, zero or positive.

    Raises
    ------
    ValueError
        If `decay` is negative.

    References
    ----------
    A. Hoerl and R. Kennard, Technometrics 12, 55 (1970).

    Examples
    --------
    >>> from langevin.networks import LinearRegression
    >>> examples = np.array([[1.0]]), np.array([3.0])
    >>> Ridge(LinearRegression(), decay=0.5).grad(np.array([[2.0]]), examples)
    array([[0.]])
    """

    def __init__(self, loss: Loss, decay: float):
        self.loss, self.decay = _checks.loss(loss), float(_checks.not_negative(decay, "decay"))

    def each(self, w, examples):
        """Return the cost of every example, the spring's energy added to each."""
        return self.loss.each(w, examples) + self.decay / 2 * np.vecdot(w, w)[:, None]

    def grad(self, w, examples):
        """Return the gradient of the mean cost."""
        return self.loss.grad(w, examples) + self.decay * w

    def draw(self, w, examples, rng):
        """Return what the loss itself draws."""
        return self.loss.draw(w, examples, rng)


def unpack(w, shapes):
    """Return views of the weights, one per shape, each with the particles along its first axis.

    Parameters
    ----------
    w : ndarray, shape (n_particles, dim)
        Weights.
    shapes : sequence of tuple of int
        What is laid out in a row, in order.

    Returns
    -------
    list of ndarray
        Of shapes ``(n_particles, *shape)``.

    Raises
    ------
    ValueError
        If the shapes do not fill `w`.

    Examples
    --------
    >>> matrix, offset = unpack(np.arange(6.0)[None], [(2, 2), (2,)])
    >>> matrix, offset
    (array([[[0., 1.],
            [2., 3.]]]), array([[4., 5.]]))
    """
    sizes = [int(np.prod(shape)) for shape in shapes]
    w = weights(w, sum(sizes))
    parts = np.split(w, np.cumsum(sizes)[:-1], axis=1)
    return [part.reshape(-1, *shape) for part, shape in zip(parts, shapes, strict=True)]


def pack(*parts):
    """Return weights laid out in a row: the inverse of `unpack`.

    Parameters
    ----------
    *parts : ndarray
        Each with the particles along its first axis.

    Returns
    -------
    ndarray, shape (n_particles, dim)
        Weights.

    Examples
    --------
    >>> pack(np.ones((1, 2, 2)), np.zeros((1, 1)))
    array([[1., 1., 1., 1., 0.]])
    """
    return np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)


def weights(w, dim):
    """Return `w` if it has shape (n_particles, dim).

    Parameters
    ----------
    w : ndarray, shape (n_particles, dim)
        Weights.
    dim : int
        How many there must be.

    Returns
    -------
    ndarray, shape (n_particles, dim)
        The same.

    Raises
    ------
    ValueError
        If the shape is another.

    Examples
    --------
    >>> weights(np.zeros((5, 3)), dim=3).shape
    (5, 3)
    """
    w = np.asarray(w)
    if w.ndim != 2 or w.shape[1] != dim:
        hint = "; write w[None]" if w.shape == (dim,) else ""
        raise ValueError(f"w must have shape (n_particles, {dim}), got shape {w.shape}{hint}")
    return w


def inputs_and_targets(examples):
    """Return inputs and targets if there is one target per input.

    Parameters
    ----------
    examples : tuple of ndarray
        Inputs, shape (..., n_examples, n_inputs), and targets, shape (..., n_examples) or
        (..., n_examples, n_outputs).

    Returns
    -------
    tuple of ndarray
        The same two.

    Raises
    ------
    ValueError
        If they do not fit together.

    Examples
    --------
    >>> X, y = inputs_and_targets((np.zeros((5, 2)), np.zeros(5)))
    """
    if not isinstance(examples, tuple) or len(examples) != 2:
        raise ValueError(f"examples must be a tuple (inputs, targets), got {type(examples)}")
    X, y = map(np.asarray, examples)
    if X.ndim < 2 or y.shape[: X.ndim - 1] != X.shape[:-1]:
        raise ValueError(
            "inputs must have shape (..., n_examples, n_inputs) and targets one entry per "
            f"example, got shapes {X.shape} and {y.shape}"
        )
    return X, y
