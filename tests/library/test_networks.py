"""Losses: gradients by finite differences and SymPy, machines by enumeration, and mutants."""

from itertools import product

import numpy as np
import pytest
import sympy
from library_checks import assert_close_sigma, assert_mean, power
from scipy import optimize

from langevin import gradient_descent, sgd, simulate
from langevin.gradients import Objective, epochs, exact, minibatch, noise_covariance, per_example
from langevin.networks import (
    BoltzmannMachine,
    ContrastiveDivergence,
    LinearRegression,
    LogisticRegression,
    Loss,
    Perceptron,
    Ridge,
    ScoreModel,
    SoftmaxRegression,
    with_intercept,
)

N_PARTICLES, N_EXAMPLES = 3, 6
MACHINE = BoltzmannMachine(4, 3)
SCORE = ScoreModel(dim_x=2, n_hidden=3, sigmas=[1.0, 0.1])


def linear(rng):
    return rng.standard_normal((6, 2)), rng.standard_normal(6)


def two_classes(rng):
    return rng.standard_normal((6, 2)), rng.integers(2, size=6)


def three_classes(rng):
    return rng.standard_normal((6, 2)), rng.integers(3, size=6)


def two_outputs(rng):
    return rng.standard_normal((6, 2)), rng.standard_normal((6, 2))


def bits(rng):
    return rng.integers(2, size=(6, 4)).astype(float)


def points(rng):
    return rng.standard_normal((6, 2))


LOSSES = {
    "linear": (LinearRegression(), 2, linear),
    "logistic": (LogisticRegression(), 2, two_classes),
    "softmax": (SoftmaxRegression(3), 6, three_classes),
    "perceptron": (Perceptron(2, 4, 2), 22, two_outputs),
    "perceptron of classes": (Perceptron(2, 4, 3, classes=True), 27, three_classes),
    "boltzmann": (MACHINE, 19, bits),
    "contrastive": (ContrastiveDivergence(MACHINE, 2), 19, bits),
    "score": (SCORE, 20, points),
    "ridge": (Ridge(LogisticRegression(), 0.3), 2, two_classes),
    "ridge of contrastive": (Ridge(ContrastiveDivergence(MACHINE), 0.3), 19, bits),
}
losses = pytest.mark.parametrize("name", LOSSES)


def parts(examples):
    return examples if isinstance(examples, tuple) else (examples,)


# Checks that the library passes and each mutant fails


def check_gradient(loss, w, examples):
    """Central differences along every coordinate, to one part in a million."""
    h = 1e-5
    slopes = [
        (loss(w + h * unit, examples) - loss(w - h * unit, examples)) / (2 * h)
        for unit in np.eye(w.shape[1])
    ]
    grad = loss.grad(w, examples)
    assert grad.shape == w.shape
    np.testing.assert_allclose(grad, np.array(slopes).T, rtol=1e-6, atol=1e-6 * np.abs(grad).max())


@losses
def test_gradient_is_the_slope_of_the_loss(name, rng):
    loss, dim, data = LOSSES[name]
    w = rng.standard_normal((N_PARTICLES, dim))
    check_gradient(loss, w, loss.draw(w, data(rng), rng))


@losses
def test_examples_may_be_shared_or_each_replicas_own(name, rng):
    loss, dim, data = LOSSES[name]
    w = rng.standard_normal((N_PARTICLES, dim))
    own = loss.draw(w, tuple_of_batches(data, rng), rng)
    together, slopes = loss.each(w, own), loss.grad(w, own)
    assert together.shape == (N_PARTICLES, N_EXAMPLES)
    np.testing.assert_allclose(loss(w, own), together.mean(axis=1), rtol=1e-13)
    for i in range(N_PARTICLES):
        mine = tuple(a[i] for a in parts(own))
        mine = mine if isinstance(own, tuple) else mine[0]
        alone = w[i : i + 1]
        np.testing.assert_allclose(loss.each(alone, mine)[0], together[i], rtol=1e-12)
        np.testing.assert_allclose(loss.grad(alone, mine)[0], slopes[i], rtol=1e-11, atol=1e-14)
        both = loss.each(w, mine)  # shared by all replicas
        np.testing.assert_allclose(both[i], together[i], rtol=1e-12)


def tuple_of_batches(data, rng):
    batches = [parts(data(rng)) for _ in range(N_PARTICLES)]
    stacked = tuple(map(np.array, zip(*batches, strict=True)))
    return stacked if len(stacked) > 1 else stacked[0]


@losses
def test_every_loss_is_an_oracle(name, rng):
    loss, dim, data = LOSSES[name]
    w, before = np.full((N_PARTICLES, dim), 0.1), np.full((N_PARTICLES, dim), 0.1)
    for grad in (minibatch(loss, data(rng), 2), minibatch(loss, data(rng), 6, replacement=False)):
        one, two = (grad(w, np.random.default_rng(3)) for _ in range(2))
        assert one.shape == w.shape and np.all(np.isfinite(one))
        assert np.array_equal(one, two) and np.array_equal(w, before)
    kernel = epochs(lambda grad: sgd(grad, 0.1), loss, data(rng), 4)
    assert np.all(np.isfinite(simulate(kernel, w, 5, rng).x))


class NoSlopeOfTanh(Perceptron):
    """Goes back through the hidden layer as if it were linear."""

    def grad(self, w, examples):
        X, y = examples
        dz = (self.outputs(w, X) - y) / len(y)
        da = dz @ np.swapaxes(w[:, 12:20].reshape(-1, 4, 2), 1, 2)
        grad = super().grad(w, examples)
        grad[:, :12] = np.concatenate([(X.T @ da).reshape(-1, 8), da.sum(axis=1)], axis=1)
        return grad


def scaled(loss, scale):
    class Wrong(type(loss)):
        def grad(self, w, examples):
            return scale * super().grad(w, examples)

    loss = Wrong.__new__(Wrong)
    return loss


class WithoutTarget(LogisticRegression):
    def grad(self, w, examples):
        X, y = examples
        return super().grad(w, (X, 0 * y))


class SummedRegression(LinearRegression):
    def grad(self, w, examples):
        return super().grad(w, examples) * len(examples[1])


class WithoutModel(BoltzmannMachine):
    def grad(self, w, examples):
        return self.slope(w, examples, 1 / len(examples))


class WithoutDecay(Ridge):
    def grad(self, w, examples):
        return self.loss.grad(w, examples)


class TransposedWeights(SoftmaxRegression):
    def grad(self, w, examples):
        grad = super().grad(w, examples).reshape(len(w), -1, self.n_classes)
        return np.swapaxes(grad, 1, 2).reshape(w.shape)


GRADIENT_MUTANTS = {
    "hidden layer forgotten": (NoSlopeOfTanh(2, 4, 2), 22, two_outputs),
    "target dropped": (WithoutTarget(), 2, two_classes),
    "sum for mean": (SummedRegression(), 2, linear),
    "no model term": (WithoutModel(4, 3), 19, bits),
    "no decay": (WithoutDecay(LogisticRegression(), 0.3), 2, two_classes),
    "transposed": (TransposedWeights(3), 6, three_classes),
    "half": (scaled(LinearRegression(), 0.5), 2, linear),
    "sign": (scaled(LogisticRegression(), -1.0), 2, two_classes),
}


@pytest.mark.parametrize("name", GRADIENT_MUTANTS)
def test_gradient_rejects(name, rng):
    loss, dim, data = GRADIENT_MUTANTS[name]
    w = rng.standard_normal((N_PARTICLES, dim))
    with pytest.raises(AssertionError):
        check_gradient(loss, w, loss.draw(w, data(rng), rng))


# Symbolically


def check_symbolically(loss, expression, symbols, w, examples):
    """Value and gradient of one replica against SymPy's own derivatives."""
    values = dict(zip(symbols, w, strict=True))
    np.testing.assert_allclose(
        loss(w[None], examples)[0], float(expression.subs(values)), rtol=1e-12
    )
    slopes = [float(sympy.diff(expression, s).subs(values)) for s in symbols]
    np.testing.assert_allclose(loss.grad(w[None], examples)[0], slopes, rtol=1e-11, atol=1e-14)


X = np.array([[0.5, -1.25], [2.0, 0.75], [-0.5, 0.25]])


def test_linear_regression_symbolically(rng):
    w, y = sympy.symbols("w:2"), [1.0, -0.5, 2.0]
    rows = zip(X.tolist(), y, strict=True)
    mean = sum((x[0] * w[0] + x[1] * w[1] - t) ** 2 / 2 for x, t in rows) / 3
    check_symbolically(LinearRegression(), mean, w, rng.standard_normal(2), (X, np.array(y)))


def test_logistic_regression_symbolically(rng):
    """The cost is minus the logarithm of the probability of what was seen."""
    w, y = sympy.symbols("w:2"), [1, 0, 1]
    mean = 0
    for x, t in zip(X.tolist(), y, strict=True):
        p = 1 / (1 + sympy.exp(-(x[0] * w[0] + x[1] * w[1])))
        mean -= sympy.log(p if t else 1 - p) / 3
    check_symbolically(LogisticRegression(), mean, w, rng.standard_normal(2), (X, np.array(y)))


def test_softmax_regression_symbolically(rng):
    w, y = sympy.symbols("w:6"), [2, 0, 1]
    W, mean = sympy.Matrix(2, 3, w), 0
    for x, t in zip(X.tolist(), y, strict=True):
        z = sympy.Matrix([x]) * W
        mean -= sympy.log(sympy.exp(z[t]) / sum(map(sympy.exp, z))) / 3
    check_symbolically(SoftmaxRegression(3), mean, w, rng.standard_normal(6), (X, np.array(y)))


def test_perceptron_symbolically(rng):
    """Two inputs, two hidden units, one output: weights in the order W1, b1, W2, b2."""
    w, y = sympy.symbols("w:9"), [1.0, -0.5, 2.0]
    W1, b1, W2, b2 = sympy.Matrix(2, 2, w[:4]), w[4:6], w[6:8], w[8]
    mean = 0
    for x, t in zip(X.tolist(), y, strict=True):
        a = sympy.Matrix([x]) * W1
        z = sum(sympy.tanh(a[j] + b1[j]) * W2[j] for j in range(2)) + b2
        mean += (z - t) ** 2 / 6
    examples = X, np.array(y)[:, None]
    check_symbolically(Perceptron(2, 2, 1), mean, w, rng.standard_normal(9), examples)


def test_boltzmann_machine_symbolically(rng):
    """Two visible, two hidden: all sixteen states written out, weights in the order W, a, b."""
    w, v = sympy.symbols("w:8"), [(0, 1), (1, 1), (1, 0)]
    W, a, b = sympy.Matrix(2, 2, w[:4]), w[4:6], w[6:]

    def weight(v):
        energies = (
            sum(v[i] * W[i, j] * h[j] for i in range(2) for j in range(2))
            + sum(a[i] * v[i] + b[i] * h[i] for i in range(2))
            for h in product((0, 1), repeat=2)
        )
        return sum(map(sympy.exp, energies))

    Z = sum(weight(state) for state in product((0, 1), repeat=2))
    mean = -sum(sympy.log(weight(state) / Z) for state in v) / 3
    examples = np.array(v, dtype=float)
    check_symbolically(BoltzmannMachine(2, 2), mean, w, rng.standard_normal(8), examples)


# Identities


def test_two_classes_are_a_logistic_regression(rng):
    """W = (0, w): only the difference of the two log-weights counts."""
    w, examples = rng.standard_normal((5, 2)), two_classes(rng)
    W = np.stack([0 * w, w], axis=2).reshape(5, 4)
    logistic, both = LogisticRegression(), SoftmaxRegression(2)
    np.testing.assert_allclose(both.each(W, examples), logistic.each(w, examples), rtol=1e-13)
    slopes = both.grad(W, examples).reshape(5, 2, 2)
    np.testing.assert_allclose(slopes[:, :, 1], logistic.grad(w, examples), rtol=1e-11)
    np.testing.assert_allclose(slopes.sum(axis=2), 0, atol=1e-15)


def test_at_the_true_weights_the_noise_is_the_curvature():
    """Fisher: averaged over labels that the model itself draws, C = H; here exactly, as SymPy."""
    w, x = np.array([0.4, -1.1]), X[:1]
    p = 1 / (1 + np.exp(-(x @ w)[0]))
    loss = LogisticRegression()
    g = [loss.grad(w[None], (x, np.array([t])))[0] for t in (0, 1)]
    fisher = (1 - p) * np.outer(g[0], g[0]) + p * np.outer(g[1], g[1])
    np.testing.assert_allclose(fisher, p * (1 - p) * np.outer(x[0], x[0]), rtol=1e-12)


def test_probabilities_survive_huge_weights():
    examples = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 1])
    huge = np.array([[1000.0, -1000.0, -1000.0, 1000.0]])
    loss = SoftmaxRegression(2)
    assert np.array_equal(loss.probabilities(huge, examples[0])[0], np.eye(2))
    assert loss(huge, examples) == 0 and loss(-huge, examples) == 2000
    assert LogisticRegression()(huge[:, :2], examples) == 1000


def test_a_perceptron_learns_what_no_line_can(rng):
    """Exclusive or: of 20 starts at least half find it, and a softmax regression never does."""
    inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    data = inputs, np.array([0, 1, 1, 0])
    net = Perceptron(2, 6, 2, classes=True)
    U = Objective(net, data)
    w = simulate(gradient_descent(U, 0.5), net.start(20, rng), 1500, rng).x
    assert np.median(U(w)) < 0.05
    right = net.outputs(w, inputs).argmax(axis=-1) == data[1]
    assert np.median(right.mean(axis=1)) == 1
    line = Objective(SoftmaxRegression(2), (with_intercept(inputs), data[1]))
    w = simulate(gradient_descent(line, 0.5), rng.standard_normal((5, 6)), 1500, rng).x
    np.testing.assert_allclose(line(w), np.log(2), rtol=1e-6)


def test_a_ridge_leads_to_its_closed_form(rng):
    inputs, y = linear(rng)
    U = Objective(Ridge(LinearRegression(), 0.5), (inputs, y))
    end = simulate(gradient_descent(U, 0.2), np.zeros((1, 2)), 500, rng).x[0]
    closed = np.linalg.solve(inputs.T @ inputs / 6 + 0.5 * np.eye(2), inputs.T @ y / 6)
    np.testing.assert_allclose(end, closed, rtol=1e-10)


def test_starts_have_the_scale_they_say(rng):
    """Sums over a layer start with a variance of one, offsets at zero."""
    net = Perceptron(50, 30, 2)
    w = net.start(2000, rng)
    parts = np.split(w, np.cumsum([1500, 30, 60]), axis=1)
    assert not parts[1].any() and not parts[3].any()
    for part, n_inputs in ((parts[0], 50), (parts[2], 30)):
        assert_close_sigma(part.var(), 1 / n_inputs, np.sqrt(2 / part.size) / n_inputs)
    couplings = MACHINE.start(2000, rng)[:, :12]
    assert_close_sigma(couplings.var(), 0.01, 0.01 * np.sqrt(2 / couplings.size))
    assert SCORE.start(4, rng).shape == (4, SCORE.dim)


# The Boltzmann machine


# strong enough couplings for three sweeps to be too few
WEIGHTS = 2.0 * np.sin(np.arange(1.0, 39.0)).reshape(2, 19)
PATTERNS = np.array([[0, 0, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1.0]])


def joint(w):
    """The 16 x 8 weights exp(-E) of all states of the machine, by two plain loops."""
    W, a, b = w[:12].reshape(4, 3), w[12:16], w[16:]
    visible, hidden = (list(product((0.0, 1.0), repeat=n)) for n in (4, 3))
    return np.array(
        [
            [np.exp(np.dot(v, W) @ h + np.dot(a, v) + np.dot(b, h)) for h in map(np.array, hidden)]
            for v in map(np.array, visible)
        ]
    )


def test_partition_function_has_its_128_terms():
    table = np.array([joint(w) for w in WEIGHTS])
    assert table[0].size == 128
    np.testing.assert_allclose(MACHINE.log_partition(WEIGHTS), np.log(table.sum(axis=(1, 2))))
    marginal = table.sum(axis=2) / table.sum(axis=(1, 2))[:, None]
    np.testing.assert_allclose(MACHINE.probabilities(WEIGHTS), marginal, rtol=1e-12)


def sweep_matrix(w):
    """The exact chance to go from one visible state to another in one sweep."""
    table = joint(w)
    up = table / table.sum(axis=1, keepdims=True)
    down = table / table.sum(axis=0)
    return up @ down.T


def check_sweep(gibbs, w, rng):
    """Walkers from each of the 16 states, counted where they land.

    16000 walkers a state: a chance wrong by 0.03 is seven standard errors off.
    """
    n = 16_000
    matrix, states = sweep_matrix(w), MACHINE.states()
    start = np.repeat(states, n, axis=0)
    end = gibbs(w[None], start, rng)[0] @ [8, 4, 2, 1]
    counts = np.bincount((16 * np.repeat(np.arange(16), n) + end).astype(int), minlength=256)
    often = matrix * n > 100  # where counts are as good as Gaussian
    error = np.sqrt(matrix * (1 - matrix) / n)
    observed = counts.reshape(16, 16) / n
    assert_close_sigma(observed[often], matrix[often], error[often])


def test_a_sweep_goes_where_it_should(rng):
    check_sweep(MACHINE.gibbs, WEIGHTS[0], rng)


def test_a_sweep_leaves_the_model_as_it_is():
    p = MACHINE.probabilities(WEIGHTS[:1])[0]
    np.testing.assert_allclose(p @ sweep_matrix(WEIGHTS[0]), p, rtol=1e-12)


def no_offset(w, v, rng):
    w = w.copy()
    w[:, 12:16] = 0
    return MACHINE.gibbs(w, v, rng)


def hotter(w, v, rng):
    return MACHINE.gibbs(w / 2, v, rng)


def backwards(w, v, rng):
    return 1 - MACHINE.gibbs(w, v, rng)


@pytest.mark.parametrize("gibbs", [no_offset, hotter, backwards])
def test_a_sweep_rejects(gibbs, rng):
    with pytest.raises(AssertionError):
        check_sweep(gibbs, WEIGHTS[0], rng)


def contrastive(w, data, n_sweeps):
    """The exact mean of the contrastive gradient, all sweeps counted."""
    shares = np.zeros(16)
    np.add.at(shares, (data @ [8, 4, 2, 1]).astype(int), 1 / len(data))
    after = shares @ np.linalg.matrix_power(sweep_matrix(w), n_sweeps)
    return MACHINE.slope(w[None], MACHINE.states(), shares - after)[0]


@pytest.mark.parametrize("n_sweeps", [1, 3])
def test_contrastive_divergence_on_average(n_sweeps, rng):
    """Power: the other number of sweeps, and the exact gradient, are told from it for certain."""
    w, machine = WEIGHTS[0], ContrastiveDivergence(MACHINE, n_sweeps)
    grad = minibatch(machine, PATTERNS, len(PATTERNS), replacement=False)
    draws = grad(np.tile(w, (20_000, 1)), rng)
    expected = contrastive(w, PATTERNS, n_sweeps)
    assert_mean(draws, expected)
    others = contrastive(w, PATTERNS, 4 - n_sweeps), MACHINE.grad(w[None], PATTERNS)[0]
    error = draws.std(axis=0) / np.sqrt(len(draws))
    for wrong in others:
        assert power(np.abs(wrong - expected).max(), error.max(), len(w)) > 1 - 1e-9
        with pytest.raises(AssertionError):
            assert_mean(draws, wrong)


def test_contrastive_divergence_becomes_exact(rng):
    """Its mean goes to the true gradient with the number of sweeps; small weights flatter it."""
    true = MACHINE.grad(WEIGHTS[:1], PATTERNS)[0]
    gaps = [np.linalg.norm(contrastive(WEIGHTS[0], PATTERNS, k) - true) for k in (1, 3, 10, 4000)]
    assert np.all(np.diff(gaps) < 0) and gaps[-1] < 1e-10
    small = MACHINE.start(1, rng)
    one, true = contrastive(small[0], PATTERNS, 1), MACHINE.grad(small, PATTERNS)[0]
    assert one @ true / np.linalg.norm(one) / np.linalg.norm(true) > 0.99


def test_a_machine_learns_two_patterns(rng):
    """Exact descent on two of 16 states: each gets nearly half the probability."""
    data = np.array([[0, 0, 1, 1], [1, 1, 0, 0.0]])
    U = Objective(MACHINE, data)
    w = simulate(gradient_descent(U, 0.5), MACHINE.start(5, rng), 1500, rng).x
    np.testing.assert_allclose(U(w), np.log(2), atol=0.05)
    p = MACHINE.probabilities(w)
    np.testing.assert_allclose(p[:, [3, 12]], 0.5, atol=0.05)


# The score model


SIGMA = 0.7
SAMPLES = np.array([-1.2, 0.3, 1.0])
NODES, SHARES = np.polynomial.hermite_e.hermegauss(100)
SHARES = SHARES / SHARES.sum()


class Nodes:
    """A generator whose normals are the nodes of a quadrature, whose widths are all one."""

    def __init__(self, noise):
        self.noise = noise

    def choice(self, values, size):
        return np.full(size, values[0])

    def standard_normal(self, shape):
        return np.broadcast_to(self.noise.reshape(-1, 1), shape)


def denoising(model, w):
    """The mean denoising loss over samples and noise, by quadrature."""
    x, noise = np.repeat(SAMPLES, len(NODES))[:, None], np.tile(NODES, 3)
    cost = model.each(w, model.draw(w, x, Nodes(noise)))
    return cost @ np.tile(SHARES, 3) / 3


def matching(model, w):
    """Half the mean square distance from the true score of the blurred samples, by quadrature."""
    x = (SAMPLES[:, None] + SIGMA * NODES).ravel()
    kernels = np.exp(-((x[:, None] - SAMPLES) ** 2) / (2 * SIGMA**2))
    score = (kernels * (SAMPLES - x[:, None])).sum(axis=1) / kernels.sum(axis=1) / SIGMA**2
    wrong = model.score(w, x[:, None], SIGMA)[..., 0] - score
    return SIGMA**2 / 2 * wrong**2 @ np.tile(SHARES, 3) / 3


def check_vincent(model, w):
    """Vincent 2011: the two differ by a number that does not depend on the weights."""
    gap = denoising(model, w) - matching(model, w)
    assert np.ptp(matching(model, w)) > 0.05
    np.testing.assert_allclose(gap, gap[0], rtol=1e-6)


def test_denoising_is_score_matching(rng):
    model = ScoreModel(1, 5, SIGMA)
    check_vincent(model, model.start(6, rng))


class SignOfTheNoise(ScoreModel):
    def draw(self, w, examples, rng):
        inputs, targets = super().draw(w, examples, rng)
        return inputs, -targets


class NoiseTwice(ScoreModel):
    def draw(self, w, examples, rng):
        inputs, targets = super().draw(w, examples, rng)
        return inputs, 2 * targets


class Unscaled(ScoreModel):
    def score(self, w, x, sigma):
        return sigma * super().score(w, x, sigma)


@pytest.mark.parametrize("wrong", [SignOfTheNoise, NoiseTwice, Unscaled])
def test_score_matching_rejects(wrong, rng):
    model = wrong(1, 5, SIGMA)
    with pytest.raises(AssertionError):
        check_vincent(model, model.start(6, rng))


def test_the_cost_is_that_of_the_definition(rng):
    """Half sigma^2 |s + (noisy - x) / sigma^2|^2, the noise drawn again from the same seed."""
    w, x = SCORE.start(3, rng), points(rng)
    examples = SCORE.draw(w, x, np.random.default_rng(8))
    again = np.random.default_rng(8)
    sigma = again.choice([1.0, 0.1], size=(3, 6))
    noisy = x + sigma[..., None] * again.standard_normal((3, 6, 2))
    s = SCORE.score(w, noisy, sigma)
    wrong = s + (noisy - x) / sigma[..., None] ** 2
    np.testing.assert_allclose(
        SCORE.each(w, examples), (wrong**2).sum(axis=-1) * sigma**2 / 2, rtol=1e-11
    )


def test_every_width_is_drawn(rng):
    inputs, targets = SCORE.draw(np.zeros((1, SCORE.dim)), np.zeros((4000, 2)), rng)
    sigma = np.exp(inputs[0, :, 2])
    assert_close_sigma((sigma < 0.5).mean(), 0.5, 0.5 / np.sqrt(4000))
    noise = -targets[0]
    np.testing.assert_allclose(
        inputs[0, :, :2], noise * (sigma / np.sqrt(1 + sigma**2))[:, None], rtol=1e-12
    )


def test_the_best_network_knows_the_score_of_a_gaussian(rng):
    """N(0, 1) blurred by sigma = 1: the score at x = 2 is -1."""
    model = ScoreModel(1, 6, 1.0)
    nodes, weights = np.polynomial.hermite_e.hermegauss(16)
    x, noise = (a.ravel() for a in np.meshgrid(nodes, nodes))
    share = np.outer(weights, weights).ravel() / weights.sum() ** 2
    examples = model.draw(np.zeros((1, model.dim)), x[:, None], Nodes(noise))
    one_each = tuple(a[0][:, None] for a in examples)

    def cost_and_slope(w):
        slopes = model.grad(np.tile(w, (len(share), 1)), one_each)
        return model.each(w[None], examples)[0] @ share, share @ slopes

    start = model.start(1, rng)[0]
    best = optimize.minimize(cost_and_slope, start, jac=True, method="BFGS").x
    at = np.array([[-1.0], [0.5], [2.0]])
    np.testing.assert_allclose(model.score(best[None], at, 1.0)[0], -at / 2, atol=0.02)


# Gradient noise


@pytest.mark.parametrize("name", ["logistic", "softmax", "perceptron", "boltzmann"])
def test_per_example_gradients_are_those_of_single_examples(name, rng):
    loss, dim, data = LOSSES[name]
    data, w = data(rng), rng.standard_normal(dim)
    g = per_example(loss, data, w)
    for i in range(N_EXAMPLES):
        single = tuple(a[i : i + 1] for a in parts(data))
        single = single if isinstance(data, tuple) else single[0]
        np.testing.assert_allclose(loss.grad(w[None], single)[0], g[i], rtol=1e-12, atol=1e-14)
    whole = exact(Objective(loss, data))(w[None], None)[0]
    np.testing.assert_allclose(g.mean(axis=0), whole, rtol=1e-11, atol=1e-14)
    covariance = np.cov(g.T, bias=True)
    np.testing.assert_allclose(noise_covariance(loss, data, w), covariance, atol=1e-14)


# Bad input


W2, Y3 = np.zeros((1, 2)), np.zeros(3)
NET = Perceptron(2, 3, 1)
BAD_CALLS = {
    "flat w": (
        lambda: LinearRegression()(np.zeros(2), (X, Y3)),
        r"w must have shape \(n_particles, 2\), got shape \(2,\); write w\[None\]",
    ),
    "long w": (lambda: LogisticRegression().grad(np.zeros((1, 3)), (X, Y3)), "w must have shape"),
    "long w of a net": (
        lambda: NET(np.zeros((1, 5)), (X, Y3[:, None])),
        r"w must have shape \(n_particles, 13\), got shape \(1, 5\)",
    ),
    "no targets": (lambda: LinearRegression()(W2, X), r"must be a tuple \(inputs, targets\)"),
    "two targets": (
        lambda: LinearRegression()(W2, (X, np.zeros((3, 2)))),
        r"each example has one target, shape \(3,\), got \(3, 2\)",
    ),
    "targets of others": (
        lambda: LinearRegression()(W2, (X, np.zeros(2))),
        r"got shapes \(3, 2\) and \(2,\)",
    ),
    "one number an output": (
        lambda: NET(NET.start(1, np.random.default_rng(1)), (X, Y3)),
        r"targets \(\.\.\., n_examples, 1\), got shapes \(3, 2\) and \(3,\)",
    ),
    "inputs of another net": (
        lambda: NET(np.zeros((1, 13)), (np.zeros((3, 5)), Y3[:, None])),
        r"inputs must have shape \(\.\.\., n_examples, 2\)",
    ),
    "labels that are no numbers": (
        lambda: SoftmaxRegression(2)(np.zeros((1, 4)), (X, Y3)),
        "labels must be whole numbers from 0 to 1, got 0.0 to 0.0 of type float64",
    ),
    "labels out of range": (
        lambda: SoftmaxRegression(2)(np.zeros((1, 4)), (X, np.array([0, 1, 2]))),
        "labels must be whole numbers from 0 to 1, got 0 to 2",
    ),
    "one class": (lambda: SoftmaxRegression(1), "n_classes must be at least 2, got 1"),
    "no hidden unit": (lambda: Perceptron(1, 0, 1), "n_hidden must be at least 1, got 0"),
    "flat X": (lambda: with_intercept([1.0]), r"X must have shape \(n_examples, n_inputs\)"),
    "repelled": (lambda: Ridge(NET, -1.0), "decay must be zero or positive, got -1"),
    "too many states": (
        lambda: BoltzmannMachine(30, 2).states(),
        "n_visible must be at most 20 to sum over all states, got 30; ContrastiveDivergence",
    ),
    "bits of another machine": (
        lambda: MACHINE(np.zeros((1, 19)), np.zeros((5, 3))),
        r"visible states must have shape \(\.\.\., n_examples, 4\), got shape \(5, 3\)",
    ),
    "classes of -1 and 1": (
        lambda: LogisticRegression().grad(W2, (X, np.array([-1, 1, 1]))),
        "targets must be 0 or 1, got -1 to 1",
    ),
    "spins": (
        lambda: MACHINE.free_energy(np.zeros((1, 19)), -np.ones((5, 4))),
        "visible states must be 0 or 1, got -1.0 to -1.0",
    ),
    "no partners": (
        lambda: ContrastiveDivergence(MACHINE)(np.zeros((1, 19)), np.zeros((5, 4))),
        r"examples must be pairs \(v, partner\)",
    ),
    "no sweeps": (lambda: ContrastiveDivergence(MACHINE, 0), "n_sweeps must be at least 1, got 0"),
    "no width": (lambda: ScoreModel(1, 3, 0.0), "sigmas must be positive, got 0"),
    "points elsewhere": (
        lambda: SCORE.score(np.zeros((1, 20)), np.zeros(2), 1.0),
        r"points must have shape \(\.\.\., n_points, 2\), got shape \(2,\)",
    ),
    "no width asked": (
        lambda: SCORE.score(np.zeros((1, 20)), np.zeros((1, 2)), -1.0),
        "sigma must be positive, got -1",
    ),
}


@pytest.mark.parametrize("call, words", BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_what_is_no_machine_is_refused():
    with pytest.raises(TypeError, match="machine must be a BoltzmannMachine, got 3"):
        ContrastiveDivergence(3)
    with pytest.raises(TypeError, match="rng must be a numpy"):
        MACHINE.start(1, 3)


def test_a_loss_must_say_what_it_costs():
    for method in (Loss().each, Loss().grad, Loss()):
        with pytest.raises(NotImplementedError):
            method(W2, X)
