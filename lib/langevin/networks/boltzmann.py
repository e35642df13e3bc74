"""The restricted Boltzmann machine: exact where it can be counted, contrastive where not."""

import numpy as np

from langevin import _checks
from langevin.networks.links import sigmoid
from langevin.networks.losses import Loss, pack, unpack

LARGEST = 20  # beyond 2**20 visible states nobody wants to wait for the sum


class BoltzmannMachine(Loss):
    r"""Visible and hidden units of 0 or 1, with couplings only between the two kinds.

    .. math:: p(v) = \frac1Z \sum_h e^{v\cdot W h + a\cdot v + b\cdot h} = \frac{e^{-F(v)}}{Z},
              \qquad \ell(w;\, v) = F(v) + \ln Z

    The cost of an example v is minus its log-probability; Z is summed over all visible states.
    Examples are zeros and ones, shape (..., n_examples, n_visible).  The weights are W, row
    after row, then a, then b.

    Parameters
    ----------
    n_visible, n_hidden : int
        How many units there are.

    Attributes
    ----------
    dim : int
        How many weights there are.

    Raises
    ------
    ValueError
        If a number is below 1, or Z is asked of more than 20 visible units.

    References
    ----------
    P. Smolensky, in Parallel Distributed Processing 1, MIT Press (1986), chapter 6;
    G. Hinton, Neural Comput. 14, 1771 (2002).

    Examples
    --------
    >>> machine = BoltzmannMachine(n_visible=4, n_hidden=3)
    >>> machine.log_partition(np.zeros((1, machine.dim))) / np.log(2)
    array([7.])
    """

    def __init__(self, n_visible: int, n_hidden: int):
        self.n_visible = _checks.count(n_visible, "n_visible")
        self.n_hidden = _checks.count(n_hidden, "n_hidden")
        self.shapes = [(self.n_visible, self.n_hidden), (self.n_visible,), (self.n_hidden,)]
        self.dim = sum(int(np.prod(shape)) for shape in self.shapes)

    def start(self, n_particles: int, rng: np.random.Generator) -> np.ndarray:
        """Return small random couplings to start from, and offsets of zero.

        Parameters
        ----------
        n_particles : int
            How many replicas.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        ndarray, shape (n_particles, dim)
            Couplings of standard deviation 0.1.
        """
        n = _checks.count(n_particles, "n_particles")
        W, a, b = (np.zeros((n, *shape)) for shape in self.shapes)
        return pack(W + 0.1 * _checks.generator(rng).standard_normal(W.shape), a, b)

    def free_energy(self, w, v):
        """Return the free energy of visible states, the hidden ones summed over.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.
        v : ndarray, shape (..., n_examples, n_visible)
            Visible states.

        Returns
        -------
        ndarray, shape (n_particles, n_examples)
            F(v) = -a.v - sum over hidden units of ln(1 + exp(b + v.W)).
        """
        W, a, b = unpack(w, self.shapes)
        v = self._visible(v)
        return -np.matvec(v, a) - np.logaddexp(0, v @ W + b[:, None]).sum(axis=-1)

    def slope(self, w, v, share):
        """Return a weighted sum of the gradients of the free energy over visible states.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.
        v : ndarray, shape (..., n_examples, n_visible)
            Visible states.
        share : float or ndarray, shape (n_particles, n_examples)
            The weight of each state in the sum.

        Returns
        -------
        ndarray, shape (n_particles, dim)
            Minus the sum of share times (v h, v, h), h being the hidden units' mean given v.
        """
        W, _, b = unpack(w, self.shapes)
        v = self._visible(v)
        h = sigmoid(v @ W + b[:, None])
        share = np.broadcast_to(share, h.shape[:-1])[..., None]
        shared = np.swapaxes(v * share, -1, -2)
        return -pack(shared @ h, shared.sum(axis=-1), (h * share).sum(axis=-2))

    def states(self) -> np.ndarray:
        """Return all visible states.

        Returns
        -------
        ndarray, shape (2**n_visible, n_visible)
            Zeros and ones, counting upwards.
        """
        if self.n_visible > LARGEST:
            raise ValueError(
                f"n_visible must be at most {LARGEST} to sum over all states, got "
                f"{self.n_visible}; ContrastiveDivergence needs no sum"
            )
        numbers = np.arange(2**self.n_visible)[:, None]
        return (numbers >> np.arange(self.n_visible)[::-1] & 1).astype(float)

    def log_partition(self, w):
        """Return ln Z, the sum over all states done exactly.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.

        Returns
        -------
        ndarray, shape (n_particles,)
            Logarithm of the sum over visible and hidden states.
        """
        return np.logaddexp.reduce(-self.free_energy(w, self.states()), axis=-1)

    def probabilities(self, w):
        """Return the probability of every visible state, in the order of `states`.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.

        Returns
        -------
        ndarray, shape (n_particles, 2**n_visible)
            Probabilities.
        """
        F = self.free_energy(w, self.states())
        return np.exp(-F - np.logaddexp.reduce(-F, axis=-1, keepdims=True))

    def each(self, w, examples):
        """Return minus the log-probability of every example."""
        return self.free_energy(w, examples) + self.log_partition(w)[:, None]

    def grad(self, w, examples):
        """Return the exact gradient: slope under the data minus slope under the model."""
        data = self.slope(w, examples, 1 / np.shape(examples)[-2])
        return data - self.slope(w, self.states(), self.probabilities(w))

    def gibbs(self, w, v, rng):
        """Return visible states after one sweep: hidden given visible, visible given hidden.

        Parameters
        ----------
        w : ndarray, shape (n_particles, dim)
            Weights.
        v : ndarray, shape (..., n_examples, n_visible)
            Visible states.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        ndarray, shape (n_particles, n_examples, n_visible)
            Zeros and ones.
        """
        W, a, b = unpack(w, self.shapes)
        h = _coin(sigmoid(self._visible(v) @ W + b[:, None]), rng)
        return _coin(sigmoid(h @ np.swapaxes(W, 1, 2) + a[:, None]), rng)

    def _visible(self, v):
        v = np.asarray(v)
        if v.ndim < 2 or v.shape[-1] != self.n_visible:
            raise ValueError(
                f"visible states must have shape (..., n_examples, {self.n_visible}), "
                f"got shape {v.shape}"
            )
        if v.min() < 0 or v.max() > 1:
            raise ValueError(f"visible states must be 0 or 1, got {v.min()} to {v.max()}")
        return v


class ContrastiveDivergence(Loss):
    r"""The machine's cost with the model's average replaced by k Gibbs sweeps from the data.

    .. math:: \ell(w;\, v, v') = F(v) - F(v'),\qquad v' = \text{k sweeps from } v

    The partner v' is drawn by ``draw`` and then held fixed; so the gradient, which is that of
    contrastive divergence, belongs to no single loss.  It becomes exact for many sweeps.
    Examples are pairs ``(v, v')``, each of shape (..., n_examples, n_visible).

    Parameters
    ----------
    machine : BoltzmannMachine
        The model.
    n_sweeps : int
        k.

    Raises
    ------
    TypeError
        If `machine` is no BoltzmannMachine, or `n_sweeps` no whole number.
    ValueError
        If `n_sweeps` is below 1.

    References
    ----------
    G. Hinton, Neural Comput. 14, 1771 (2002).

    Examples
    --------
    >>> from langevin.gradients import minibatch
    >>> machine = BoltzmannMachine(n_visible=4, n_hidden=3)
    >>> data = np.array([[0, 0, 1, 1], [1, 1, 0, 0]])
    >>> grad = minibatch(ContrastiveDivergence(machine), data, batch_size=2)
    >>> rng = np.random.default_rng(1)
    >>> grad(machine.start(5, rng), rng).shape
    (5, 19)
    """

    def __init__(self, machine: BoltzmannMachine, n_sweeps: int = 1):
        if not isinstance(machine, BoltzmannMachine):
            raise TypeError(f"machine must be a BoltzmannMachine, got {_checks.describe(machine)}")
        self.machine, self.n_sweeps = machine, _checks.count(n_sweeps, "n_sweeps")

    def draw(self, w, examples, rng):
        """Return the examples, and where k sweeps lead from each of them."""
        partner = examples
        for _ in range(self.n_sweeps):
            partner = self.machine.gibbs(w, partner, rng)
        return examples, partner

    def each(self, w, examples):
        """Return the free energy of each example minus its partner's."""
        v, partner = _pair(examples)
        return self.machine.free_energy(w, v) - self.machine.free_energy(w, partner)

    def grad(self, w, examples):
        """Return the slope under the data minus that under their partners."""
        v, partner = _pair(examples)
        share = 1 / np.shape(v)[-2]
        return self.machine.slope(w, v, share) - self.machine.slope(w, partner, share)


def _coin(p, rng):
    return (rng.random(p.shape) < p).astype(float)


def _pair(examples):
    if not isinstance(examples, tuple) or len(examples) != 2:
        raise ValueError(
            "examples must be pairs (v, partner); ContrastiveDivergence.draw(w, v, rng) makes them"
        )
    return examples
