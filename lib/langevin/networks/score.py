"""A network that learns the slope of a log-density from noisy copies of its samples."""

import numpy as np

from langevin import _checks
from langevin.networks.losses import Loss
from langevin.networks.perceptron import Perceptron


class ScoreModel(Loss):
    r"""A small network s(x, sigma) for the score of data blurred by noise of width sigma.

    .. math:: \ell(w;\, x, \sigma, \varepsilon)
              = \tfrac12\,\sigma^2 \left| s(\tilde x, \sigma) + \frac{\tilde x - x}{\sigma^2}
              \right|^2,\qquad \tilde x = x + \sigma\varepsilon

    On average over the noise it is least where s is the gradient of ln p_sigma, the density of
    the blurred data.  The factor sigma^2 gives all widths the same say: with s = f / sigma the
    network f learns minus the noise, by least squares.  f is a `Perceptron` that is shown
    the noisy point, shrunk to the scale of one, and ln sigma.

    Data are points, shape (n_examples, dim_x); ``draw`` adds the noise, its width drawn anew
    for each example, and makes of them the network's ``(inputs, targets)``.

    Parameters
    ----------
    dim_x : int
        Dimension of the data.
    n_hidden : int
        Width of the hidden layer.
    sigmas : float or array_like
        The widths of the noise, positive.

    Attributes
    ----------
    dim : int
        How many weights there are.

    Raises
    ------
    ValueError
        If a width is not positive or a number below 1.

    References
    ----------
    P. Vincent, Neural Comput. 23, 1661 (2011); Y. Song and S. Ermon, NeurIPS (2019).

    Examples
    --------
    >>> from langevin.gradients import minibatch
    >>> model = ScoreModel(dim_x=2, n_hidden=8, sigmas=[1.0, 0.1])
    >>> rng = np.random.default_rng(1)
    >>> w = model.start(3, rng)
    >>> minibatch(model, rng.standard_normal((50, 2)), batch_size=10)(w, rng).shape
    (3, 50)
    >>> model.score(w, np.zeros((7, 2)), sigma=0.1).shape
    (3, 7, 2)
    """

    def __init__(self, dim_x: int, n_hidden: int, sigmas):
        self.dim_x = _checks.count(dim_x, "dim_x")
        self.sigmas = np.atleast_1d(_checks.positive(sigmas, "sigmas"))
        self.network = Perceptron(self.dim_x + 1, n_hidden, self.dim_x)
        self.dim = self.network.dim

    def start(self, n_particles: int, rng: np.random.Generator) -> np.ndarray:
        """Return random weights to start from.

        Parameters
        ----------
        n_particles : int
            How many replicas.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        ndarray, shape (n_particles, dim)
            The network's.
        """
        return self.network.start(n_particles, rng)

    def score(self, w, x, sigma):
        """Return the learned gradient of ln p_sigma.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.
        x : ndarray, shape (..., n_points, dim_x)
            Where.
        sigma : float or ndarray, shape (..., n_points)
            Width of the noise, positive.

        Returns
        -------
        ndarray, shape (n_particles, n_points, dim_x)
            Scores.
        """
        sigma = np.asarray(_checks.positive(sigma, "sigma"))
        return self.network.outputs(w, self.inputs(x, sigma)) / sigma[..., None]

    def inputs(self, x, sigma):
        """Return what the network is shown of points and widths.

        Parameters
        ----------
        x : ndarray, shape (..., n_points, dim_x)
            Noisy points.
        sigma : float or ndarray, shape (..., n_points)
            Widths.

        Returns
        -------
        ndarray, shape (..., n_points, dim_x + 1)
            The points divided by sqrt(1 + sigma^2), and ln sigma.
        """
        x = self._points(x)
        sigma = np.broadcast_to(sigma, x.shape[:-1])[..., None]
        return np.concatenate([x / np.sqrt(1 + sigma**2), np.log(sigma)], axis=-1)

    def draw(self, w, examples, rng):
        """Return inputs and targets of the network: noisy points, and minus their noise."""
        x = self._points(examples)
        x = np.broadcast_to(x, (len(w), *x.shape[-2:]))
        sigma = rng.choice(self.sigmas, size=x.shape[:-1])
        noise = rng.standard_normal(x.shape)
        return self.inputs(x + sigma[..., None] * noise, sigma), -noise

    def each(self, w, examples):
        """Return half the squared error of every example."""
        return self.network.each(w, examples)

    def grad(self, w, examples):
        """Return the gradient of the mean cost."""
        return self.network.grad(w, examples)

    def _points(self, x):
        x = np.asarray(x, dtype=float)
        if x.ndim < 2 or x.shape[-1] != self.dim_x:
            raise ValueError(
                f"points must have shape (..., n_points, {self.dim_x}), got shape {x.shape}"
            )
        return x
