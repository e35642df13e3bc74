"""A network with one hidden layer, and its gradient by the chain rule."""

import numpy as np

from langevin import _checks
from langevin.networks.links import cross_entropy, one_hot, softmax
from langevin.networks.losses import Loss, inputs_and_targets, pack, unpack


class Perceptron(Loss):
    r"""One hidden layer of hyperbolic tangents, for regression or for classes.

    .. math:: z = \tanh(x W_1 + b_1)\, W_2 + b_2,\qquad
              \ell = \tfrac12 |z - y|^2
              \quad\text{or}\quad
              \ell = \ln \sum_c e^{z_c} - z_y

    Examples are ``(inputs, targets)`` of shapes (..., n_examples, n_inputs) and
    (..., n_examples, n_outputs), or with labels 0, 1, ..., n_outputs - 1 of shape
    (..., n_examples).  The weights are W1, b1, W2, b2, one after the other.

    Parameters
    ----------
    n_inputs, n_hidden, n_outputs : int
        Widths of the layers.
    classes : bool
        Whether the outputs are log-weights of classes (softmax) or numbers (least squares).

    Attributes
    ----------
    dim : int
        How many weights there are.

    Raises
    ------
    ValueError
        If a width is below 1.

    References
    ----------
    D. Rumelhart, G. Hinton and R. Williams, Nature 323, 533 (1986).

    Examples
    --------
    >>> net = Perceptron(n_inputs=2, n_hidden=3, n_outputs=1)
    >>> w = net.start(n_particles=5, rng=np.random.default_rng(1))
    >>> examples = np.array([[1.0, -1.0]]), np.array([[0.5]])
    >>> net.dim, net(w, examples).shape, net.grad(w, examples).shape
    (13, (5,), (5, 13))
    """

    def __init__(self, n_inputs: int, n_hidden: int, n_outputs: int, classes: bool = False):
        self.n_inputs = _checks.count(n_inputs, "n_inputs")
        self.n_hidden = _checks.count(n_hidden, "n_hidden")
        self.n_outputs = _checks.count(n_outputs, "n_outputs", least=2 if classes else 1)
        self.classes = classes
        self.shapes = [
            (self.n_inputs, self.n_hidden),
            (self.n_hidden,),
            (self.n_hidden, self.n_outputs),
            (self.n_outputs,),
        ]
        self.dim = sum(int(np.prod(shape)) for shape in self.shapes)

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
            Normals divided by the root of how many are summed, and offsets of zero.
        """
        n = _checks.count(n_particles, "n_particles")
        draw = _checks.generator(rng).standard_normal
        first, b1, second, b2 = self.shapes
        W1 = draw((n, *first)) / np.sqrt(self.n_inputs)
        W2 = draw((n, *second)) / np.sqrt(self.n_hidden)
        return pack(W1, np.zeros((n, *b1)), W2, np.zeros((n, *b2)))

    def outputs(self, w, X):
        """Return what the network says.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.
        X : ndarray, shape (..., n_examples, n_inputs)
            Inputs.

        Returns
        -------
        ndarray, shape (n_particles, n_examples, n_outputs)
            Numbers, or log-weights of classes.
        """
        return self._layers(w, X)[1]

    def each(self, w, examples):
        """Return the cost of every example."""
        X, y = self._examples(examples)
        z = self.outputs(w, X)
        if self.classes:
            return cross_entropy(z, y)
        return ((z - y) ** 2).sum(axis=-1) / 2

    def grad(self, w, examples):
        """Return the gradient of the mean cost, by the chain rule from the output back."""
        X, y = self._examples(examples)
        h, z = self._layers(w, X)
        W2 = unpack(w, self.shapes)[2]
        dz = softmax(z) - one_hot(y, self.n_outputs) if self.classes else z - y
        dz /= X.shape[-2]
        da = dz @ np.swapaxes(W2, 1, 2) * (1 - h * h)
        dW2 = np.swapaxes(h, 1, 2) @ dz
        dW1 = np.swapaxes(X, -1, -2) @ da
        return pack(dW1, da.sum(axis=1), dW2, dz.sum(axis=1))

    def _layers(self, w, X):
        W1, b1, W2, b2 = unpack(w, self.shapes)
        h = np.tanh(X @ W1 + b1[:, None])
        return h, h @ W2 + b2[:, None]

    def _examples(self, examples):
        X, y = inputs_and_targets(examples)
        own = () if self.classes else (self.n_outputs,)
        if X.shape[-1] != self.n_inputs or y.shape != (*X.shape[:-1], *own):
            what = "labels" if self.classes else "targets"
            raise ValueError(
                f"inputs must have shape (..., n_examples, {self.n_inputs}) and {what} "
                f"(..., n_examples{', ' + str(self.n_outputs) if own else ''}), "
                f"got shapes {X.shape} and {y.shape}"
            )
        return X, y
