"""Linear regression by SGD, exactly: noise that grows with the distance from the solution."""

import numpy as np

from langevin import _checks
from langevin.exact.sgd import batch_variance


def regression_covariance(X, y, step_size, batch_size=1, replacement=True):
    r"""Return the exact stationary covariance of SGD on a linear regression.

    .. math:: \Sigma = (I - \eta H)\Sigma(I - \eta H)
        + \eta^2 b \left(\langle x x^\top \Sigma\, x x^\top \rangle - H \Sigma H\right)
        + \eta^2 b\, \langle r^2 x x^\top \rangle

    with b = 1/B (`batch_variance`), H = <x x^T>, and r the residuals of the least-squares
    solution, around which the weights settle.  The middle term, noise that grows with the
    distance from the solution, is what `additive_covariance` leaves out.

    Parameters
    ----------
    X : array_like, shape (n_examples, dim)
        Inputs, of full column rank.
    y : array_like, shape (n_examples,)
        Targets.
    step_size : float
        eta, positive and below `regression_step_limit`.
    batch_size : int
        B.
    replacement : bool
        Whether one example may come twice in a batch.

    Returns
    -------
    ndarray, shape (dim, dim)
        Sigma.

    Raises
    ------
    ValueError
        If an argument is out of range, or the step too long for a variance to exist.

    References
    ----------
    L. Ziyin et al., Strength of minibatch noise in SGD, ICLR (2022).

    Examples
    --------
    >>> X, y = [[1.0], [-1.0]], [1.0, 0.0]
    >>> regression_covariance(X, y, step_size=0.5, batch_size=1)
    array([[0.08333333]])
    """
    X, y = _regression(X, y)
    eta = _checks.single(_checks.positive(step_size, "step_size"), "step_size")
    b = batch_variance(len(X), batch_size, replacement)
    linear, quadratic = _moments(X, b)
    limit = _limit(linear, quadratic)
    _checks.step_below(
        eta, limit, "regression_step_limit(X, batch_size)", "the variance is infinite"
    )
    r = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]
    C = (X.T * r**2) @ X / len(X)
    sigma = np.linalg.solve(linear - eta * quadratic, eta * b * C.ravel())
    return sigma.reshape(C.shape)


def regression_step_limit(X, batch_size=1, replacement=True):
    r"""Return the learning rate from which SGD on a linear regression has no finite variance.

    It lies below 2 / (largest eigenvalue of H), where the mean begins to diverge.

    Parameters
    ----------
    X : array_like, shape (n_examples, dim)
        Inputs, of full column rank.
    batch_size : int
        B.
    replacement : bool
        Whether one example may come twice in a batch.

    Returns
    -------
    float
        The least unstable eta.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    L. Ziyin et al., Strength of minibatch noise in SGD, ICLR (2022).

    Examples
    --------
    >>> round(regression_step_limit([[1.0], [-1.0]]), 9)
    2.0
    """
    X, _ = _regression(X, np.zeros(len(X)))
    return _limit(*_moments(X, batch_variance(len(X), batch_size, replacement)))


def gaussian_regression_variance(step_size, batch_size=1, noise=1.0, curvature=1.0):
    r"""Return the stationary variance of SGD on a regression with one Gaussian input.

    For targets y = x w* + noise * epsilon with x ~ N(0, h), fresh examples at each step,

    .. math:: \mathrm{Var}\,w = \frac{\eta s^2 / B}{2 - \eta h\,(1 + 2/B)}

    which is finite only for eta h < 2B / (B + 2).

    Parameters
    ----------
    step_size : float
        eta, positive and below the limit.
    batch_size : int
        B.
    noise : float
        s, standard deviation of the targets' noise, zero or positive.
    curvature : float
        h, variance of the input, positive.

    Returns
    -------
    float
        The variance.

    Raises
    ------
    ValueError
        If an argument is out of range, or the step too long for a variance to exist.

    References
    ----------
    L. Ziyin et al., Strength of minibatch noise in SGD, ICLR (2022).

    Examples
    --------
    >>> float(gaussian_regression_variance(step_size=0.5))
    1.0
    """
    eta, B = _checks.positive(step_size, "step_size"), _checks.count(batch_size, "batch_size")
    s, h = _checks.not_negative(noise, "noise"), _checks.positive(curvature, "curvature")
    _checks.step_below(
        eta, 2 * B / (B + 2) / h, "2B / (B + 2) / curvature", "the variance is infinite"
    )
    return eta * s**2 / B / (2 - eta * h * (1 + 2 / B))


def _moments(X, b):
    """Return the matrices L and Q of (L - eta Q) Sigma = eta b C, Sigma as a row of dim^2."""
    H, one = X.T @ X / len(X), np.eye(X.shape[1])
    XX = (X[:, :, None] * X[:, None, :]).reshape(len(X), -1)
    fourth = XX.T @ XX / len(X)
    linear = np.kron(H, one) + np.kron(one, H)
    return linear, (1 - b) * np.kron(H, H) + b * fourth


def _limit(linear, quadratic):
    """Return the least eta for which linear - eta * quadratic is singular."""
    values, V = np.linalg.eigh(linear)
    root = V / np.sqrt(values)
    return float(1 / np.linalg.eigvalsh(root.T @ quadratic @ root).max())


def _regression(X, y):
    X, y = _checks.positions(X, "X"), np.asarray(_checks.finite(y, "y"))
    if y.shape != X.shape[:1]:
        raise ValueError(f"y must have shape ({len(X)},), one target per row of X, got {y.shape}")
    if np.linalg.matrix_rank(X) < X.shape[1]:
        raise ValueError(
            f"X must have linearly independent columns, got rank {np.linalg.matrix_rank(X)} of "
            f"{X.shape[1]}; leave the superfluous ones out"
        )
    return X, y
