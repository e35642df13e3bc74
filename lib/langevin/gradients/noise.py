"""The noise of a gradient taken from few examples: what each example says, and how they differ."""

import numpy as np

from langevin import _checks
from langevin.gradients._data import examples, length, pick


def per_example(loss, data, w) -> np.ndarray:
    r"""Return the gradient of each single example at one point.

    Parameters
    ----------
    loss : Loss
        What each example costs.
    data : ndarray or tuple of ndarray
        The examples along the first axis, such as ``(inputs, targets)``.
    w : array_like, shape (dim,)
        The weights, the same for all examples.

    Returns
    -------
    ndarray, shape (n_examples, dim)
        Their mean is the gradient of the mean loss.

    Raises
    ------
    TypeError
        If `loss` has no method ``grad(w, examples)``.
    ValueError
        If the data are unfit, or `w` is not one finite vector.

    Examples
    --------
    >>> from langevin.networks import LinearRegression
    >>> data = np.array([[1.0], [2.0]]), np.array([3.0, 5.0])
    >>> per_example(LinearRegression(), data, [1.0])
    array([[-2.],
           [-6.]])
    """
    loss, data = _checks.loss(loss), examples(data)
    w = np.asarray(_checks.finite(w, "w"))
    if w.ndim != 1:
        raise ValueError(f"w must be one vector of weights, shape (dim,), got shape {w.shape}")
    # every example becomes the batch of a replica of its own
    n = length(data)
    return loss.grad(np.tile(w, (n, 1)), pick(data, np.arange(n)[:, None]))


def noise_covariance(loss, data, w) -> np.ndarray:
    r"""Return the covariance of a single example's gradient, at one point.

    .. math:: C = \frac1N \sum_{i=1}^N (g_i - \bar g)(g_i - \bar g)^\top,
              \qquad g_i = \nabla\ell(w;\, x_i, y_i)

    The gradient over a batch of B has the covariance C/B, or C/B (N - B)/(N - 1) if it is drawn
    without replacement.

    Parameters
    ----------
    loss : Loss
        What each example costs.
    data : ndarray or tuple of ndarray
        The examples along the first axis, such as ``(inputs, targets)``.
    w : array_like, shape (dim,)
        The weights.

    Returns
    -------
    ndarray, shape (dim, dim)
        C, divided by N, not by N - 1: the data are the whole population of the batches.

    Raises
    ------
    TypeError
        If `loss` has no method ``grad(w, examples)``.
    ValueError
        If the data are unfit, or `w` is not one finite vector.

    References
    ----------
    S. Mandt, M. Hoffman and D. Blei, JMLR 18 (2017), section 2.

    Examples
    --------
    >>> from langevin.networks import LinearRegression
    >>> data = np.array([[1.0], [2.0]]), np.array([3.0, 5.0])
    >>> noise_covariance(LinearRegression(), data, [1.0])
    array([[4.]])
    """
    g = per_example(loss, data, w)
    noise = g - g.mean(axis=0)
    return noise.T @ noise / len(noise)
