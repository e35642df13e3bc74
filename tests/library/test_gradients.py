"""Mini-batches and epochs: every batch counted, no Monte Carlo; and mutants that must fail."""

from itertools import permutations, product
from types import SimpleNamespace

import numpy as np
import pytest

from langevin import Kernel, State, gradient_descent, harmonic, position, sgd, simulate
from langevin.gradients import (
    Objective,
    control_variate,
    epochs,
    exact,
    minibatch,
    noise_covariance,
    noisy,
    per_example,
    zero,
)
from langevin.kernels import BLOCK
from langevin.networks import (
    BoltzmannMachine,
    ContrastiveDivergence,
    LinearRegression,
    SoftmaxRegression,
    with_intercept,
)
from langevin.overdamped import langevin

LOSS = LinearRegression()
X = np.array([[1.0, 0.5], [-0.3, 2.0], [0.7, -1.1], [-1.6, 0.2], [0.4, 0.9]])
Y = np.array([1.0, -2.0, 0.5, 3.0, -0.7])
N = len(X)
W = np.array([0.3, -0.8])


class Dealer:
    """A generator that deals the numbers it was given: one outcome for each replica."""

    def __init__(self, outcomes):
        self.outcomes = np.array(outcomes)

    def integers(self, high, size, dtype):
        # np.take wants just this type where it is not the default, as in a browser
        assert dtype is np.intp
        assert self.outcomes.shape == size and np.all(self.outcomes < high)
        return self.outcomes.copy()

    def permuted(self, decks, axis):
        assert axis == 1 and np.array_equal(
            decks, np.tile(np.arange(decks.shape[1]), (len(decks), 1))
        )
        return self.outcomes.astype(decks.dtype)


def at(w, n):
    return np.tile(w, (n, 1))


def moments(g):
    mean = g.mean(axis=0)
    return mean, (g - mean).T @ (g - mean) / len(g)


# Checks that the library passes and each mutant fails


def check_with_replacement(minibatch):
    """All 25 batches of two, each as likely: the mean is the gradient, the covariance C/B."""
    grad = minibatch(LOSS, (X, Y), batch_size=2)
    g = grad(at(W, N * N), Dealer(list(product(range(N), repeat=2))))
    mean, covariance = moments(g)
    np.testing.assert_allclose(mean, Objective(LOSS, (X, Y)).grad(W[None])[0], rtol=1e-13)
    C = noise_covariance(LOSS, (X, Y), W)
    np.testing.assert_allclose(covariance, C / 2, rtol=1e-12)


def check_without_replacement(minibatch, size):
    """All outcomes of the draws: the covariance is smaller by (N - B)/(N - 1)."""
    outcomes = list(product(*(range(high) for high in range(N - size + 1, N + 1))))
    grad = minibatch(LOSS, (X, Y), batch_size=size, replacement=False)
    mean, covariance = moments(grad(at(W, len(outcomes)), Dealer(outcomes)))
    np.testing.assert_allclose(mean, Objective(LOSS, (X, Y)).grad(W[None])[0], rtol=1e-13)
    C = noise_covariance(LOSS, (X, Y), W)
    np.testing.assert_allclose(covariance, C / size * (N - size) / (N - 1), rtol=1e-12, atol=1e-14)


class Means:
    """A loss whose gradient is the mean of the examples themselves: it shows who was asked."""

    def __call__(self, w, examples):
        return np.vecdot(w, self.grad(w, examples))

    def grad(self, w, examples):
        assert examples.shape[0] == len(w)
        return examples.mean(axis=1)


def watch(grad):
    """A method that stays where it is and keeps the gradient in place of moving along it."""
    return Kernel(State, lambda state, rng: State(grad(state.x, rng), state.k + 1))


NUMBERS = np.eye(6)  # the mean of a batch then lists its members


def check_an_epoch_sees_each_example_once(epochs, size, rng):
    n_batches = -(-6 // size)
    kernel = epochs(watch, Means(), NUMBERS, size)
    seen = simulate(kernel, np.zeros((4, 6)), 3 * n_batches, rng, observe=position)[1:]
    seen = seen.reshape(3, n_batches, 4, 6)
    np.testing.assert_allclose(seen.sum(axis=-1), 1)
    counts = (seen > 0).sum(axis=1)
    assert np.all(counts == 1)
    members = (seen > 0).sum(axis=-1)
    assert np.all(members[:, :-1] == size)
    if n_batches > 1:
        first = seen[:, 0]
        assert any(not np.array_equal(first[0], later) for later in first[1:]), "never shuffled"
        assert any(not np.array_equal(first[:, 0], first[:, i]) for i in range(1, 4)), "one deck"


def check_epoch_noises(epochs):
    """All 720 decks: the noises of an epoch sum to zero, and two of them correlate as -C/(N-1)."""
    decks = list(permutations(range(6)))
    rng = np.random.default_rng(4)
    data = rng.standard_normal((6, 2))
    kernel = epochs(watch, Means(), data, 2)
    state, noises = kernel.init(np.zeros((len(decks), 2))), []
    for _ in range(3):
        state = kernel.step(state, Dealer(decks))
        noises.append(state.x - data.mean(axis=0))
    np.testing.assert_allclose(sum(noises), 0, atol=1e-14)
    C = noise_covariance(Means(), data, np.zeros(2))
    one, two, _ = noises
    np.testing.assert_allclose(one.T @ one / len(decks), C / 2 * (6 - 2) / (6 - 1), rtol=1e-12)
    np.testing.assert_allclose(two.T @ one / len(decks), -C / (6 - 1), rtol=1e-12)


ANCHOR = np.array([0.1, -0.5])
HESSIANS = X[:, :, None] * X[:, None, :]


def check_control_variate(control_variate, replacement=True):
    """All batches of two: right on average, and the covariance is that of (H_i - H)(w - w_0)."""
    grad = control_variate(LOSS, (X, Y), 2, ANCHOR, replacement=replacement)
    high = N if replacement else N - 1
    outcomes = list(product(range(high), range(N)))
    mean, covariance = moments(grad(at(W, len(outcomes)), Dealer(outcomes)))
    np.testing.assert_allclose(mean, Objective(LOSS, (X, Y)).grad(W[None])[0], rtol=1e-13)
    noise = (HESSIANS - HESSIANS.mean(axis=0)) @ (W - ANCHOR)
    share = 1 if replacement else (N - 2) / (N - 1)
    np.testing.assert_allclose(covariance, noise.T @ noise / N / 2 * share, rtol=1e-12)


@pytest.mark.parametrize("replacement", [True, False])
def test_all_batches_with_a_control_variate(replacement):
    check_control_variate(control_variate, replacement)


@pytest.mark.parametrize("replacement", [True, False])
def test_at_the_anchor_there_is_no_noise(replacement, rng):
    """To the last bit, and for a loss that is not quadratic too."""
    digits = rng.integers(3, size=N)
    for loss, y, anchor in ((LOSS, Y, ANCHOR), (SoftmaxRegression(3), digits, np.arange(6.0))):
        grad = control_variate(loss, (X, y), 2, anchor, replacement=replacement)
        whole = Objective(loss, (X, y)).grad(anchor[None])
        assert np.array_equal(grad(at(anchor, 50), rng), np.tile(whole, (50, 1)))


def test_a_control_variate_of_a_loss_that_is_not_quadratic_is_right_on_average():
    loss, data = SoftmaxRegression(3), (X, np.array([0, 2, 1, 1, 0]))
    w, anchor = np.linspace(-1, 1, 6), np.linspace(-1, 1.3, 6)
    outcomes = list(product(range(N), repeat=2))
    grad = control_variate(loss, data, 2, anchor)
    mean, covariance = moments(grad(at(w, len(outcomes)), Dealer(outcomes)))
    np.testing.assert_allclose(mean, Objective(loss, data).grad(w[None])[0], rtol=1e-12)
    change = per_example(loss, data, w) - per_example(loss, data, anchor)
    np.testing.assert_allclose(covariance, np.cov(change.T, bias=True) / 2, atol=1e-15)
    plain = moments(minibatch(loss, data, 2)(at(w, len(outcomes)), Dealer(outcomes)))[1]
    assert np.trace(covariance) < 0.2 * np.trace(plain)


def test_far_from_its_anchor_a_control_variate_is_worse_than_none():
    """Here the residuals are small, and what has changed since the anchor is not."""
    outcomes = list(product(range(N), repeat=2))
    best = np.linalg.lstsq(X, Y)[0]
    far, none = (
        moments(grad(at(best, len(outcomes)), Dealer(outcomes)))[1]
        for grad in (control_variate(LOSS, (X, Y), 2, best + 50.0), minibatch(LOSS, (X, Y), 2))
    )
    assert np.trace(far) > 10 * np.trace(none)


def test_where_all_examples_curve_alike_a_control_variate_has_no_noise():
    """|w - x_i|^2 / 2 for each example: what has changed is the same for all."""

    class Springs:
        def grad(self, w, examples):
            return (w[:, None] - examples).mean(axis=1)

    grad = control_variate(Springs(), X, 1, ANCHOR)
    g = grad(at(W, N), Dealer([[i] for i in range(N)]))
    np.testing.assert_allclose(g, at(W - X.mean(axis=0), N), rtol=1e-13)


def wrong_variate(kept=1.0, anew=1.0, whole=1.0, one_batch=True, scale=1.0):
    def wrong(loss, data, batch_size, anchor, replacement=True):
        right = minibatch(loss, data, batch_size, replacement)
        slope = Objective(loss, data).grad(np.asarray(anchor)[None])

        def grad(w, rng):
            other = rng if one_batch else Dealer(np.roll(rng.outcomes, 1, axis=0))
            change = anew * right(w, rng) - kept * right(np.tile(anchor, (len(w), 1)), other)
            return whole * slope + scale * change

        return grad

    return wrong


VARIATE_MUTANTS = {
    "no anchor": wrong_variate(kept=0.0, whole=0.0),
    "anchor's whole forgotten": wrong_variate(whole=0.0),
    "anchor's batch forgotten": wrong_variate(kept=0.0),
    "sign of the anchor's batch": wrong_variate(kept=-1.0),
    "sum for mean": wrong_variate(scale=2.0),
    "another batch for the anchor": wrong_variate(one_batch=False),
}


def test_the_frame_of_the_wrong_variates_is_right():
    check_control_variate(wrong_variate())


@pytest.mark.parametrize("name", VARIATE_MUTANTS)
def test_control_variates_reject(name):
    with pytest.raises(AssertionError):
        check_control_variate(VARIATE_MUTANTS[name])


def test_the_anchor_is_a_copy(rng):
    anchor = ANCHOR.copy()
    grad = control_variate(LOSS, (X, Y), 2, anchor)
    one = grad(at(W, 3), np.random.default_rng(1))
    anchor += 1.0
    assert np.array_equal(one, grad(at(W, 3), np.random.default_rng(1)))


def test_sgld_with_control_variates_has_the_posterior_of_all_the_data():
    """Affine in w: mean and covariance after each step by an average over all batches."""
    step, T = 0.05, 1 / N
    best = np.linalg.lstsq(X, Y)[0]
    grad = control_variate(LOSS, (X, Y), 1, best)
    singles = [[i] for i in range(N)]
    # from the best weights w - best = d is carried on as (1 - step H_i) d + noise
    d = np.array([0.3, -0.2])
    moved = at(best + d, N) - step * grad(at(best + d, N), Dealer(singles)) - best
    np.testing.assert_allclose(moved, d - step * HESSIANS @ d, rtol=1e-12)
    maps = np.eye(2) - step * HESSIANS
    flow = np.mean([np.kron(A, A) for A in maps], axis=0)
    covariance = np.linalg.solve(np.eye(4) - flow, 2 * step * T * np.eye(2).ravel())
    posterior = T * np.linalg.inv(HESSIANS.mean(axis=0))
    np.testing.assert_allclose(covariance.reshape(2, 2), posterior, rtol=0.2, atol=0.02)
    # plain batches add the residuals' noise, which does not go away near the best weights
    residual = noise_covariance(LOSS, (X, Y), best)
    heated = np.linalg.solve(
        np.eye(4) - flow, (2 * step * T * np.eye(2) + step**2 * residual).ravel()
    )
    assert np.trace(heated.reshape(2, 2)) > 1.2 * np.trace(covariance.reshape(2, 2))


def test_all_batches_with_replacement():
    check_with_replacement(minibatch)


@pytest.mark.parametrize("size", range(1, N + 1))
def test_all_batches_without_replacement(size):
    check_without_replacement(minibatch, size)


@pytest.mark.parametrize("size", range(1, 6))
def test_batches_without_replacement_are_all_subsets_alike(size):
    outcomes = list(product(*(range(high) for high in range(N - size + 1, N + 1))))
    grad = minibatch(Means(), np.eye(N), size, replacement=False)
    batches, counts = np.unique(
        grad(np.zeros((len(outcomes), N)), Dealer(outcomes)) > 0, axis=0, return_counts=True
    )
    assert np.all(batches.sum(axis=1) == size)
    assert np.all(counts == len(outcomes) / len(batches))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 6])
def test_an_epoch_sees_each_example_once(size, rng):
    check_an_epoch_sees_each_example_once(epochs, size, rng)


def test_epoch_noises_sum_to_zero():
    check_epoch_noises(epochs)


def wrong_batches(draw=None, scale=1.0):
    """A minibatch that draws otherwise, or forgets to divide."""

    def wrong(loss, data, batch_size, replacement=True):
        right = minibatch(loss, data, batch_size, replacement)

        def grad(w, rng):
            return scale * right(w, rng if draw is None else draw(rng))

        return grad

    return wrong


def altered(change):
    return lambda rng: SimpleNamespace(
        integers=lambda high, size, dtype: change(rng.integers(high, size=size, dtype=dtype)),
        permuted=lambda decks, axis: change(rng.permuted(decks, axis=axis)),
    )


def first_of_all(numbers):
    return np.tile(numbers[:1], (len(numbers), 1))


BATCH_MUTANTS = {
    "sum for mean": wrong_batches(scale=2.0),
    "one batch for all": wrong_batches(altered(first_of_all)),
    "one example for a batch": wrong_batches(altered(lambda i: np.tile(i[:, :1], 2))),
    "never the last example": wrong_batches(altered(lambda i: np.minimum(i, N - 2))),
    "sign": wrong_batches(scale=-1.0),
}


@pytest.mark.parametrize("name", BATCH_MUTANTS)
def test_batches_reject(name):
    with pytest.raises(AssertionError):
        check_with_replacement(BATCH_MUTANTS[name])


def test_batches_with_repeats_are_rejected_where_there_must_be_none():
    def repeats(loss, data, batch_size, replacement):
        return minibatch(loss, data, batch_size)

    with pytest.raises(AssertionError):
        check_without_replacement(repeats, 3)


def wrong_epochs(change):
    """An epochs whose decks are changed."""

    def wrong(method, loss, data, batch_size):
        right = epochs(method, loss, data, batch_size)
        return Kernel(right.init, lambda state, rng: right.step(state, altered(change)(rng)))

    return wrong


EPOCH_MUTANTS = {
    "one deck for all": wrong_epochs(first_of_all),
    "never shuffled": wrong_epochs(lambda decks: np.sort(decks, axis=1)),
    "drawn with repeats": wrong_epochs(lambda decks: decks // 2 * 2),
    "iid batches": lambda method, loss, data, size: method(
        minibatch(loss, data, size, replacement=False)
    ),
}


@pytest.mark.parametrize("name", EPOCH_MUTANTS)
def test_an_epoch_rejects(name, rng):
    with pytest.raises(AssertionError):
        check_an_epoch_sees_each_example_once(EPOCH_MUTANTS[name], 2, rng)


# Identities


def same_path(one, two, x0, n_steps=40):
    paths = (
        simulate(kernel, x0, n_steps, np.random.default_rng(2), observe=position)
        for kernel in (one, two)
    )
    np.testing.assert_allclose(*paths, rtol=1e-12, atol=1e-13)


START = np.array([[0.0, 0.0], [2.0, -1.0], [-3.0, 4.0]])


def test_a_batch_of_everything_is_the_exact_gradient():
    whole = sgd(minibatch(LOSS, (X, Y), N, replacement=False), 0.1)
    same_path(whole, gradient_descent(Objective(LOSS, (X, Y)), 0.1), START)


def test_an_epoch_of_one_batch_is_the_exact_gradient():
    whole = epochs(lambda grad: sgd(grad, 0.1), LOSS, (X, Y), N)
    same_path(whole, gradient_descent(Objective(LOSS, (X, Y)), 0.1), START)


def test_an_epoch_leaves_the_methods_own_state_and_schedules_alone():
    def slowing(k):
        return 0.1 / (k + 1)

    same_path(
        epochs(lambda grad: langevin(grad, slowing, 0.0), LOSS, (X, Y), N),
        langevin(exact(Objective(LOSS, (X, Y))), slowing, 0.0),
        START,
    )


def test_the_mean_over_examples_is_the_objective():
    g = per_example(LOSS, (X, Y), W)
    np.testing.assert_allclose(g, (X @ W - Y)[:, None] * X, rtol=1e-14)
    np.testing.assert_allclose(g.mean(axis=0), Objective(LOSS, (X, Y)).grad(W[None])[0])
    assert Objective(LOSS, (X, Y))(W[None]) == pytest.approx(((X @ W - Y) ** 2).mean() / 2)
    np.testing.assert_allclose(noise_covariance(LOSS, (X, Y), W), np.cov(g.T, bias=True))


def test_the_noise_of_digits_at_the_start():
    """Softmax regression on the 1797 digits, 650 weights: tr C = 14.2 at w = 0."""
    digits = pytest.importorskip("sklearn.datasets").load_digits()
    data = with_intercept(digits.data / 16), digits.target
    g = per_example(SoftmaxRegression(10), data, np.zeros(650))
    assert ((g - g.mean(axis=0)) ** 2).sum(axis=1).mean() == pytest.approx(14.2, abs=0.05)


# Contract


ORACLES = {
    "exact": exact(harmonic(dim=2)),
    "noisy": noisy(harmonic(dim=2), 0.5),
    "zero": zero,
    "objective": exact(Objective(LOSS, (X, Y))),
    "minibatch": minibatch(LOSS, (X, Y), 2),
    "without replacement": minibatch(LOSS, (X, Y), 2, replacement=False),
    "larger than the data": minibatch(LOSS, (X, Y), 3 * N),
    "control variate": control_variate(LOSS, (X, Y), 2, ANCHOR),
    "control variate, subsets": control_variate(LOSS, (X, Y), 2, ANCHOR, replacement=False),
}


@pytest.mark.parametrize("name", ORACLES)
def test_contract(name, rng):
    grad, x = ORACLES[name], rng.standard_normal((7, 2))
    before, world = x.copy(), np.random.get_state()[1].copy()  # noqa: NPY002
    g = grad(x, rng)
    assert g.shape == x.shape and g.dtype == float and np.all(np.isfinite(g))
    assert np.array_equal(x, before)
    assert np.array_equal(np.random.get_state()[1], world)  # noqa: NPY002
    one, two = (grad(x, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one, two)


def test_an_epoch_runs_in_blocks():
    """Two blocks of an ensemble: decks are joined, and each block goes its own way."""
    kernel = epochs(lambda grad: sgd(grad, 0.1), LOSS, (X, Y), 2)
    end = simulate(kernel, np.zeros((BLOCK + 3, 2)), 7, np.random.default_rng(5))
    assert end.k == 7 and end.x.shape == (BLOCK + 3, 2) and end.deck.shape == (BLOCK + 3, N)
    assert np.array_equal(np.sort(end.deck), np.tile(np.arange(N), (BLOCK + 3, 1)))
    state, stream = kernel.init(np.zeros((3, 2))), np.random.default_rng(5).spawn(2)[1]
    for _ in range(7):
        before = state.deck
        state = kernel.step(state, stream)
        assert state.k % 3 == 1 or state.deck is before
    assert np.array_equal(state.x, end.x[BLOCK:])


def test_a_step_of_an_epoch_changes_no_state_and_travels():
    """The same state gives the same step, here and after the journey to another process."""
    cloudpickle = pytest.importorskip("cloudpickle")
    kernel = epochs(lambda grad: sgd(grad, 0.1), LOSS, (X, Y), 2)
    state = kernel.step(kernel.init(START), np.random.default_rng(1))
    there, moved = cloudpickle.loads(cloudpickle.dumps((kernel, state)))
    ends = [
        kernel.step(state, np.random.default_rng(1)),
        kernel.step(state, np.random.default_rng(1)),
        there.step(moved, np.random.default_rng(1)),
    ]
    for end in ends[1:]:
        assert np.array_equal(end.x, ends[0].x) and end.k == 2


def test_data_of_one_array_and_labels_as_they_are():
    shown = []

    class Spy:
        def grad(self, w, examples):
            shown.append(examples)
            return 0 * w

    minibatch(Spy(), [[1, 2], [3, 4]], 2)(np.zeros((3, 1)), np.random.default_rng(1))
    minibatch(Spy(), (X, [0, 1, 2, 3, 4]), 2)(np.zeros((3, 2)), np.random.default_rng(1))
    alone, (inputs, labels) = shown
    assert alone.shape == (3, 2, 2) and alone.dtype == float
    assert inputs.shape == (3, 2, 2) and labels.shape == (3, 2) and labels.dtype.kind == "i"


# Bad input


def descend(grad):
    return sgd(grad, 0.1)


BAD_CALLS = {
    "batch too large": (
        lambda: minibatch(LOSS, (X, Y), 6, replacement=False),
        ValueError,
        "batch_size must be at most the 5 examples, got 6",
    ),
    "epoch batch too large": (
        lambda: epochs(descend, LOSS, (X, Y), 6),
        ValueError,
        "batch_size must be at most the 5 examples, got 6",
    ),
    "variate's batch too large": (
        lambda: control_variate(LOSS, (X, Y), 6, ANCHOR, replacement=False),
        ValueError,
        "batch_size must be at most the 5 examples, got 6",
    ),
    "two anchors": (
        lambda: control_variate(LOSS, (X, Y), 2, START),
        ValueError,
        r"anchor must be one vector of weights, shape \(dim,\), got shape \(3, 2\)",
    ),
    "anchor of other weights": (
        lambda: control_variate(LOSS, (X, Y), 2, ANCHOR)(np.zeros((4, 3)), None),
        ValueError,
        r"anchor must have the shape of a particle's weights, \(3,\), got shape \(2,\)",
    ),
    "a loss that draws": (
        lambda: control_variate(
            ContrastiveDivergence(BoltzmannMachine(2, 1)), np.eye(2), 1, np.zeros(5)
        ),
        TypeError,
        "loss must draw no random numbers of its own, got .*pass it to minibatch",
    ),
    "no batch": (lambda: minibatch(LOSS, (X, Y), 0), ValueError, "batch_size must be at least 1"),
    "part of an example": (
        lambda: minibatch(LOSS, (X, Y), 1.5),
        TypeError,
        "batch_size must be a whole number, got 1.5",
    ),
    "no loss": (
        lambda: minibatch(lambda w, e: 0, (X, Y), 2),
        TypeError,
        r"loss must have a method grad\(w, examples\)",
    ),
    "no loss, whole": (lambda: Objective(3, X), TypeError, "loss must have a method grad"),
    "lengths": (
        lambda: minibatch(LOSS, (X, Y[:3]), 2),
        ValueError,
        r"one entry per example in every array, got \[5, 3\]",
    ),
    "nan": (lambda: Objective(LOSS, (np.nan * X, Y)), ValueError, "data must be finite"),
    "nan target": (lambda: Objective(LOSS, (X, np.nan * Y)), ValueError, "data must be finite"),
    "empty": (lambda: Objective(LOSS, (X[:0], Y[:0])), ValueError, "one example or more"),
    "no potential": (lambda: noisy(3, 1.0), TypeError, r"U must have a method grad\(x\), got 3"),
    "no method": (
        lambda: epochs(lambda grad: grad, LOSS, (X, Y), 2),
        TypeError,
        r"method\(grad\) must make a Kernel",
    ),
    "many points": (
        lambda: per_example(LOSS, (X, Y), START),
        ValueError,
        r"w must be one vector of weights, shape \(dim,\), got shape \(3, 2\)",
    ),
}


@pytest.mark.parametrize("call, kind, words", BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_bad_input_gets_a_sentence(call, kind, words):
    with pytest.raises(kind, match=words):
        call()
