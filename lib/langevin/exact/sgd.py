"""Where stochastic gradient descent settles: covariances around a minimum.

H is the Hessian of the mean loss at the minimum, C the covariance of a single example's gradient
there (`langevin.gradients.noise_covariance`), eta the learning rate and B the batch size.
"""

import numpy as np

from langevin import _checks


def batch_variance(n_examples, batch_size, replacement=True):
    r"""Return the variance of a mini-batch mean, in units of that of a single example.

    .. math:: \frac1B,\qquad\text{without replacement}\quad \frac1B\,\frac{N - B}{N - 1}

    Parameters
    ----------
    n_examples : int
        N, at least 2.
    batch_size : int
        B; without replacement at most N.
    replacement : bool
        Whether one example may come twice in a batch.

    Returns
    -------
    float
        At most 1.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    W. Cochran, Sampling Techniques, Wiley (1953), section 2.5.

    Examples
    --------
    >>> round(128 * batch_variance(442, 128, replacement=False), 3)
    0.712
    """
    N = _checks.count(n_examples, "n_examples", least=2)
    B = _checks.count(batch_size, "batch_size")
    if replacement:
        return 1 / B
    if B > N:
        raise ValueError(f"batch_size must be at most the {N} examples, got {B}")
    return (N - B) / (N - 1) / B


def continuous_covariance(hessian, noise, step_size, batch_size=1):
    r"""Return the stationary covariance of SGD taken as a continuous process.

    .. math:: H\Sigma + \Sigma H = \frac{\eta}{B}\,C

    It is the limit of `additive_covariance` for small steps.  If C is proportional to H, Sigma
    is proportional to the identity; Boltzmann's would be to the inverse of H.

    Parameters
    ----------
    hessian : array_like, shape (dim, dim)
        H, symmetric and positive definite.
    noise : array_like, shape (dim, dim)
        C, symmetric.
    step_size : float
        eta, positive.
    batch_size : int
        B.

    Returns
    -------
    ndarray, shape (dim, dim)
        Sigma.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    S. Mandt, M. Hoffman and D. Blei, JMLR 18 (2017), section 3.

    Examples
    --------
    >>> continuous_covariance([[1.0]], [[4.0]], step_size=0.1, batch_size=2)
    array([[0.1]])
    """
    h, V, C = _modes(hessian, noise)
    eta = _checks.single(_checks.positive(step_size, "step_size"), "step_size")
    B = _checks.count(batch_size, "batch_size")
    return V @ (eta / B * C / (h[:, None] + h)) @ V.T


def additive_covariance(hessian, noise, step_size, batch_size=1):
    r"""Return the stationary covariance of SGD whose noise is the same everywhere.

    .. math:: \Sigma = (I - \eta H)\,\Sigma\,(I - \eta H) + \frac{\eta^2}{B}\,C

    In one dimension this is eta s^2 / (B h (2 - eta h)).

    Parameters
    ----------
    hessian : array_like, shape (dim, dim)
        H, symmetric and positive definite.
    noise : array_like, shape (dim, dim)
        C, symmetric.
    step_size : float
        eta, positive and below 2 / (largest eigenvalue of H).
    batch_size : int
        B.

    Returns
    -------
    ndarray, shape (dim, dim)
        Sigma.

    Raises
    ------
    ValueError
        If an argument is out of range, or the step too long to be stable.

    References
    ----------
    L. Ziyin et al., Strength of minibatch noise in SGD, ICLR (2022).

    Examples
    --------
    >>> additive_covariance([[1.0]], [[1.0]], step_size=0.1).round(5)
    array([[0.05263]])
    """
    h, V, C = _modes(hessian, noise)
    eta = _checks.single(_checks.positive(step_size, "step_size"), "step_size")
    B = _checks.count(batch_size, "batch_size")
    _checks.step_below(eta, 2 / h.max(), "2 / (largest eigenvalue of the Hessian)")
    # 1 - (1 - eta h)(1 - eta h'), written so that nothing cancels
    decay = eta * (h[:, None] + h - eta * np.outer(h, h))
    return V @ (eta**2 / B * C / decay) @ V.T


def circulation(hessian, covariance):
    r"""Return how fast a linear process goes round and round, without ever settling.

    .. math:: \langle x_i \dot x_j - x_j \dot x_i \rangle
              = (H \Sigma)_{ij} - (\Sigma H)_{ij}

    for the drift -H x.  It is zero in equilibrium, where H and the noise commute.

    Parameters
    ----------
    hessian : array_like, shape (dim, dim)
        H, symmetric.
    covariance : array_like, shape (dim, dim)
        Sigma, stationary, symmetric.

    Returns
    -------
    ndarray, shape (dim, dim)
        Antisymmetric, in area per time (twice the area swept).

    Raises
    ------
    ValueError
        If a matrix is not square, symmetric and finite, or they differ in size.

    References
    ----------
    P. Chaudhari and S. Soatto, ICLR (2018).

    Examples
    --------
    >>> H, D = np.diag([1.0, 10.0]), 0.1 * np.array([[1.0, 0.8], [0.8, 1.0]])
    >>> covariance = continuous_covariance(H, 2 * D, step_size=1.0)
    >>> circulation(H, covariance)[0, 1].round(4)
    np.float64(-0.1309)
    """
    H, S = _checks.symmetric(hessian, "hessian"), _checks.symmetric(covariance, "covariance")
    _same_size(H, S, "covariance")
    return H @ S - S @ H


def _modes(hessian, noise):
    """Return the eigenvalues and eigenvectors of H, and C in their basis."""
    H, C = _checks.symmetric(hessian, "hessian"), _checks.symmetric(noise, "noise")
    _same_size(H, C, "noise")
    h, V = np.linalg.eigh(H)
    if h.min() <= 0:
        raise ValueError(f"hessian must be positive definite, got an eigenvalue of {h.min()}")
    return h, V, V.T @ C @ V


def _same_size(H, matrix, name):
    if H.shape != matrix.shape:
        raise ValueError(f"{name} must have the shape of the Hessian {H.shape}, got {matrix.shape}")
