"""From sums to probabilities and costs: what turns a linear model into one of classes."""

import numpy as np


def sigmoid(z):
    """Return 1 / (1 + exp(-z)), without overflow.

    Parameters
    ----------
    z : ndarray
        Log-odds.

    Returns
    -------
    ndarray
        Probabilities.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return (1 + np.tanh(z / 2)) / 2


def softmax(z):
    """Return exp(z) divided by its sum over the last axis, without overflow.

    Parameters
    ----------
    z : ndarray, shape (..., n_classes)
        Log-weights.

    Returns
    -------
    ndarray, shape (..., n_classes)
        Probabilities.

    Examples
    --------
    >>> softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(z, labels):
    """Return minus the log-probability of the labels under log-weights z.

    Parameters
    ----------
    z : ndarray, shape (..., n_classes)
        Log-weights.
    labels : ndarray of int, shape (...)
        The true classes.

    Returns
    -------
    ndarray, shape (...)
        Costs.

    Examples
    --------
    >>> cross_entropy(np.array([[1000.0, 0.0]]), np.array([1]))
    array([1000.])
    """
    z = z - z.max(axis=-1, keepdims=True)
    true = np.vecdot(z, one_hot(labels, z.shape[-1]))
    return np.log(np.exp(z).sum(axis=-1)) - true


def one_hot(labels, n_classes):
    """Return a one at each label's place and zeros elsewhere.

    Parameters
    ----------
    labels : ndarray of int, shape (...)
        From 0 to n_classes - 1.
    n_classes : int
        How many classes.

    Returns
    -------
    ndarray, shape (..., n_classes)
        Zeros and ones.

    Raises
    ------
    ValueError
        If a label is no whole number, or out of range.

    Examples
    --------
    >>> one_hot(np.array([1]), n_classes=3)
    array([[0., 1., 0.]])
    """
    whole = labels.dtype.kind in "iu"
    if not whole or labels.min() < 0 or labels.max() >= n_classes:
        kind = "" if whole else f" of type {labels.dtype}"
        raise ValueError(
            f"labels must be whole numbers from 0 to {n_classes - 1}, "
            f"got {labels.min()} to {labels.max()}{kind}"
        )
    return np.eye(n_classes)[labels]
