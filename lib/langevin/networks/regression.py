"""Regressions: models that are linear in their weights but for the last step."""

import numpy as np

from langevin import _checks
from langevin.networks.links import cross_entropy, one_hot, sigmoid, softmax
from langevin.networks.losses import Loss, inputs_and_targets, pack, unpack, weights


class LinearRegression(Loss):
    r"""Least squares: the output is a weighted sum of the inputs.

    .. math:: \ell(w;\, x, y) = \tfrac12 (x\cdot w - y)^2

    Examples are ``(inputs, targets)`` of shapes (..., n_examples, n_inputs) and
    (..., n_examples); there are dim = n_inputs weights and no intercept
    (`with_intercept` adds one).

    References
    ----------
    A.-M. Legendre, Nouvelles méthodes pour la détermination des orbites des comètes (1805).

    Examples
    --------
    >>> examples = np.array([[1.0], [2.0]]), np.array([1.0, 4.0])
    >>> loss = LinearRegression()
    >>> loss(np.array([[1.0]]), examples), loss.grad(np.array([[1.0]]), examples)
    (array([1.]), array([[-2.]]))
    """

    def each(self, w, examples):
        """Return half the squared residual of every example."""
        residual = self.residuals(w, examples)
        return residual * residual / 2

    def grad(self, w, examples):
        """Return the mean of residual times input."""
        r = self.residuals(w, examples)
        return np.vecmat(r, examples[0]) / r.shape[-1]

    def residuals(self, w, examples):
        """Return output minus target of every example.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.
        examples : tuple of ndarray
            Inputs and targets.

        Returns
        -------
        ndarray, shape (n_particles, n_examples)
            Residuals.
        """
        X, y = _one_target(examples)
        return np.matvec(X, weights(w, X.shape[-1])) - y


class LogisticRegression(Loss):
    r"""Two classes: the weighted sum of the inputs is the log-odds of class 1.

    .. math:: \ell(w;\, x, y) = \ln(1 + e^{x\cdot w}) - y\;x\cdot w

    Examples are ``(inputs, targets)`` of shapes (..., n_examples, n_inputs) and
    (..., n_examples), the targets being 0 or 1; there are dim = n_inputs weights.

    References
    ----------
    D. Cox, J. R. Stat. Soc. B 20, 215 (1958).

    Examples
    --------
    >>> examples = np.array([[1.0], [2.0]]), np.array([0, 1])
    >>> LogisticRegression().grad(np.array([[0.0]]), examples)
    array([[-0.25]])
    """

    def each(self, w, examples):
        """Return minus the log-probability of every example's class."""
        X, y = _binary(examples)
        z = np.matvec(X, weights(w, X.shape[-1]))
        return np.logaddexp(0, z) - y * z

    def grad(self, w, examples):
        """Return the mean of (probability minus target) times input."""
        X, y = _binary(examples)
        z = np.matvec(X, weights(w, X.shape[-1]))
        return np.vecmat(sigmoid(z) - y, X) / X.shape[-2]


class SoftmaxRegression(Loss):
    r"""Several classes: each has a weighted sum of the inputs as its log-weight.

    .. math:: \ell(W;\, x, y) = \ln \sum_c e^{(xW)_c} - (xW)_y

    Examples are ``(inputs, labels)`` of shapes (..., n_examples, n_inputs) and
    (..., n_examples), the labels being 0, 1, ..., n_classes - 1.  The weights are the matrix W,
    shape (n_inputs, n_classes), row after row: dim = n_inputs * n_classes.

    Parameters
    ----------
    n_classes : int
        How many classes, at least 2.

    Raises
    ------
    ValueError
        If `n_classes` is below 2.

    References
    ----------
    J. Bridle, in Neurocomputing (eds. F. Fogelman Soulié, J. Hérault), Springer (1990), p. 227.

    Examples
    --------
    >>> examples = np.array([[1.0], [2.0]]), np.array([0, 1])
    >>> SoftmaxRegression(n_classes=2).grad(np.zeros((1, 2)), examples)
    array([[ 0.25, -0.25]])
    """

    def __init__(self, n_classes: int):
        self.n_classes = _checks.count(n_classes, "n_classes", least=2)

    def each(self, w, examples):
        """Return minus the log-probability of every example's class."""
        X, y = _one_target(examples)
        return cross_entropy(self._sums(w, X), y)

    def grad(self, w, examples):
        """Return the mean of input times (probability minus one for the true class)."""
        X, y = _one_target(examples)
        z = self._sums(w, X)
        G = softmax(z) - one_hot(y, self.n_classes)
        return pack(np.swapaxes(X, -1, -2) @ G / X.shape[-2])

    def probabilities(self, w, X):
        """Return the probability of every class for every input.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.
        X : ndarray, shape (..., n_examples, n_inputs)
            Inputs.

        Returns
        -------
        ndarray, shape (n_particles, n_examples, n_classes)
            Probabilities.
        """
        return softmax(self._sums(w, X))

    def _sums(self, w, X):
        (W,) = unpack(w, [(X.shape[-1], self.n_classes)])
        return X @ W


def with_intercept(X) -> np.ndarray:
    """Return inputs with a column of ones, whose weight is the intercept.

    Parameters
    ----------
    X : array_like, shape (n_examples, n_inputs)
        Inputs.

    Returns
    -------
    ndarray, shape (n_examples, n_inputs + 1)
        The ones come last.

    Raises
    ------
    ValueError
        If `X` is not two-dimensional and finite.

    Examples
    --------
    >>> with_intercept([[2.0], [3.0]])
    array([[2., 1.],
           [3., 1.]])
    """
    X = np.asarray(_checks.finite(X, "X"))
    if X.ndim != 2:
        raise ValueError(f"X must have shape (n_examples, n_inputs), got shape {X.shape}")
    return np.column_stack([X, np.ones(len(X))])


def _one_target(examples):
    X, y = inputs_and_targets(examples)
    if y.ndim != X.ndim - 1:
        raise ValueError(f"each example has one target, shape {X.shape[:-1]}, got {y.shape}")
    return X, y


def _binary(examples):
    X, y = _one_target(examples)
    if y.min() < 0 or y.max() > 1:
        raise ValueError(f"targets must be 0 or 1, got {y.min()} to {y.max()}")
    return X, y
