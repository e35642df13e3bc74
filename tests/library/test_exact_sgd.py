"""Where SGD settles: by enumeration of all batches, by SciPy's solvers, and on real data."""

from itertools import product
from math import sqrt

import numpy as np
import pytest
import sympy
from library_checks import assert_mean
from scipy import linalg

from langevin import exact, sgd, simulate
from langevin.gradients import minibatch, noise_covariance
from langevin.networks import LinearRegression

LOSS = LinearRegression()


@pytest.fixture(scope="module")
def diabetes():
    """Map C16: columns bmi, bp and s5, and the target, standardised."""
    data = pytest.importorskip("sklearn.datasets").load_diabetes()
    X = data.data[:, [data.feature_names.index(name) for name in ("bmi", "bp", "s5")]]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return X, (data.target - data.target.mean()) / data.target.std()


def minimum(X, y):
    """Solution, Hessian and noise there."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    return w, X.T @ X / len(X), noise_covariance(LOSS, (X, y), w)


@pytest.mark.parametrize(
    "eta, B, true, additive, continuous",
    [
        (0.1, 1, 0.0996, 0.0808, 0.0772),
        (0.2, 4, 0.0472, 0.0425, 0.0386),
        (0.4, 8, 0.0543, 0.0478, 0.0386),
    ],
)
def test_the_table_of_the_diabetes_data(diabetes, eta, B, true, additive, continuous):
    _, H, C = minimum(*diabetes)
    covariances = (
        exact.regression_covariance(*diabetes, eta, B),
        exact.additive_covariance(H, C, eta, B),
        exact.continuous_covariance(H, C, eta, B),
    )
    for covariance, trace in zip(covariances, (true, additive, continuous), strict=True):
        assert np.trace(covariance) == pytest.approx(trace, abs=5e-5)
        assert np.linalg.eigvalsh(covariance).min() > 0


def squared_distances(diabetes, rng):
    w, _, _ = minimum(*diabetes)
    kernel = sgd(minibatch(LOSS, diabetes, batch_size=4), step_size=0.2)
    x = simulate(kernel, np.tile(w, (16_000, 1)), 150, rng).x
    return ((x - w) ** 2).sum(axis=1)


def test_simulation_agrees_with_the_exact_covariance_only(diabetes, rng):
    """Power: the additive law, 10 % below, is eleven standard errors off, Lyapunov's twenty."""
    _, H, C = minimum(*diabetes)
    distances = squared_distances(diabetes, rng)
    assert_mean(distances, np.trace(exact.regression_covariance(*diabetes, 0.2, 4)))
    for law in (exact.additive_covariance, exact.continuous_covariance):
        with pytest.raises(AssertionError):
            assert_mean(distances, np.trace(law(H, C, 0.2, 4)))


# Exactly, on a tiny set: every batch is an affine map, read off the library's own step


X = np.array([[1.0, 0.5], [-0.3, 2.0], [0.7, -1.1], [-1.6, 0.2]])
Y = np.array([1.0, -2.0, 0.5, 3.0])


class Dealer:
    def __init__(self, outcome):
        self.outcome = outcome

    def integers(self, high, size, dtype):
        return np.tile(self.outcome, (size[0], 1))


def affine_maps(eta, size, replacement):
    """A and c of w' = A w + c for every outcome of the draws."""
    kernel = sgd(minibatch(LOSS, (X, Y), size, replacement), eta)
    highs = [4] * size if replacement else range(4 - size + 1, 5)
    for outcome in product(*map(range, highs)):
        probes = np.vstack([np.zeros(2), np.eye(2)])
        c, *columns = kernel.step(kernel.init(probes), Dealer(outcome)).x
        yield (np.array(columns) - c).T, c


def second_moments(eta, size, replacement):
    """The operator on covariances about the solution, and what is added in each step."""
    w, _, _ = minimum(X, Y)
    maps = [(A, A @ w + c - w) for A, c in affine_maps(eta, size, replacement)]
    operator = np.mean([np.kron(A, A) for A, _ in maps], axis=0)
    added = np.mean([np.outer(d, d) for _, d in maps], axis=0)
    np.testing.assert_allclose(np.mean([d for _, d in maps], axis=0), 0, atol=1e-14)
    return operator, added


CASES = [(0.1, 1, True), (0.3, 2, True), (0.2, 3, True), (0.1, 1, False), (0.3, 2, False)]
cases = pytest.mark.parametrize("eta, size, replacement", [*CASES, (0.4, 3, False)])


def check_regression_covariance(law, eta, size, replacement):
    operator, added = second_moments(eta, size, replacement)
    expected = np.linalg.solve(np.eye(4) - operator, added.ravel()).reshape(2, 2)
    np.testing.assert_allclose(law(X, Y, eta, size, replacement), expected, rtol=1e-11)


@cases
def test_regression_covariance_by_all_batches(eta, size, replacement):
    check_regression_covariance(exact.regression_covariance, eta, size, replacement)


MUTANTS = {
    "additive": lambda X, y, eta, B, r: exact.additive_covariance(*minimum(X, y)[1:], eta, B),
    "batch of one": lambda X, y, eta, B, r: exact.regression_covariance(X, y, eta / B, 1),
    "twice the step": lambda X, y, eta, B, r: exact.regression_covariance(X, y, 2 * eta, B),
    "with replacement": lambda X, y, eta, B, r: exact.regression_covariance(X, y, eta, B, not r),
    "half": lambda X, y, eta, B, r: exact.regression_covariance(X, y, eta, B, r) / 2,
}


@pytest.mark.parametrize("name", MUTANTS)
def test_regression_covariance_rejects(name):
    with pytest.raises(AssertionError):
        check_regression_covariance(MUTANTS[name], 0.1, 2, True)


@pytest.mark.parametrize("size, replacement", [(1, True), (2, True), (3, True), (2, False)])
def test_the_step_limit_is_where_the_largest_eigenvalue_is_one(size, replacement):
    limit = exact.regression_step_limit(X, size, replacement)
    operator, _ = second_moments(limit, size, replacement)
    assert np.abs(np.linalg.eigvals(operator)).max() == pytest.approx(1, abs=1e-12)
    assert limit < 2 / np.linalg.eigvalsh(X.T @ X / 4).max()
    with pytest.raises(ValueError, match="the variance is infinite"):
        exact.regression_covariance(X, Y, 1.0001 * limit, size, replacement)
    near = exact.regression_covariance(X, Y, 0.999 * limit, size, replacement)
    assert np.linalg.eigvalsh(near).min() > 0


def test_everything_in_a_batch_leaves_no_noise():
    assert np.all(exact.regression_covariance(X, Y, 0.3, 4, replacement=False) == 0)


# The laws of additive noise


def symmetric(rng, dim):
    A = rng.standard_normal((dim, dim))
    return A @ A.T + 0.1 * np.eye(dim)


@pytest.mark.parametrize("dim", [1, 2, 5])
def test_additive_laws_solve_their_equations(dim, rng):
    H, C, B = symmetric(rng, dim), symmetric(rng, dim), 3
    eta = 0.7 / np.linalg.eigvalsh(H).max()
    continuous = exact.continuous_covariance(H, C, eta, B)
    by_scipy = linalg.solve_continuous_lyapunov(H, eta / B * C)
    np.testing.assert_allclose(continuous, by_scipy, rtol=1e-8, atol=1e-12)
    additive = exact.additive_covariance(H, C, eta, B)
    A = np.eye(dim) - eta * H
    by_scipy = linalg.solve_discrete_lyapunov(A, eta**2 / B * C)
    np.testing.assert_allclose(additive, by_scipy, rtol=1e-8, atol=1e-12)
    # the excess loss of the continuous law is eta tr C / 4B
    assert np.trace(H @ continuous) / 2 == pytest.approx(eta / 4 / B * np.trace(C))
    tiny = 1e-7 * eta
    np.testing.assert_allclose(
        exact.additive_covariance(H, C, tiny, B) / tiny, continuous / eta, rtol=1e-5
    )


def test_noise_like_the_hessian_gives_a_round_cloud(rng):
    H = symmetric(rng, 3)
    cloud = exact.continuous_covariance(H, H, 0.2, 5)
    np.testing.assert_allclose(cloud, 0.2 / 5 / 2 * np.eye(3), atol=1e-15)


def test_additive_variance_in_one_dimension():
    """0.05263 for eta = 0.1 and h = s = B = 1."""
    assert exact.additive_covariance([[1.0]], [[1.0]], 0.1)[0, 0] == pytest.approx(
        0.05263, abs=5e-6
    )
    eta, h, s, B = 0.3, 1.7, 0.6, 4
    assert exact.additive_covariance([[h]], [[s**2]], eta, B)[0, 0] == pytest.approx(
        eta * s**2 / (B * h * (2 - eta * h)), rel=1e-13
    )


def test_gaussian_noise_of_the_gradient_heats_as_langevin_does():
    """C = sigma^2 I and B = 1: harmonic ULA at temperature eta sigma^2 / 2."""
    eta, h, sigma = 0.3, 1.4, 0.9
    warm = exact.harmonic_ula_variance(h, eta, eta * sigma**2 / 2)
    assert exact.additive_covariance([[h]], [[sigma**2]], eta)[0, 0] == pytest.approx(warm)


def test_the_current_of_chapter_nine():
    """H = diag(1, 10), D = 0.1 [[1, .8], [.8, 1]]: -0.1309, and no current if they commute."""
    H, D = np.diag([1.0, 10.0]), 0.1 * np.array([[1.0, 0.8], [0.8, 1.0]])
    S = exact.continuous_covariance(H, 2 * D, 1.0)
    rate = exact.circulation(H, S)
    # <x_j dx_i/dt> is -(H S)_ij, and dx = -H x dt leaves <x x^T> as it is together with 2 D
    assert rate[0, 1] == pytest.approx(-0.1309, abs=5e-5)
    np.testing.assert_array_equal(rate, -rate.T)
    np.testing.assert_allclose(rate, 2 * (H @ S - D), atol=1e-15)
    still = exact.circulation(H, exact.continuous_covariance(H, H, 1.0))
    np.testing.assert_allclose(still, 0, atol=1e-15)


# One Gaussian input


def test_gaussian_regression_by_the_moments_of_a_gaussian():
    """SymPy: Var = <(1 - eta <x^2>_B)^2> Var + eta^2 s^2 h / B, with <x^4> = 3 h^2."""
    eta, h, s, V = sympy.symbols("eta h s V", positive=True)
    B = sympy.symbols("B", positive=True, integer=True)
    spread = (3 * h**2 - h**2) / B  # variance of the mean of x^2 over the batch
    balance = sympy.Eq(V, V * ((1 - eta * h) ** 2 + eta**2 * spread) + eta**2 * s**2 * h / B)
    (law,) = sympy.solve(balance, V)
    values = {eta: 0.4, h: 1.3, s: 0.8, B: 3}
    assert exact.gaussian_regression_variance(0.4, 3, 0.8, 1.3) == pytest.approx(
        float(law.subs(values)), rel=1e-13
    )


@pytest.mark.parametrize("B", [1, 2, 7])
def test_gaussian_regression_is_regression_on_inputs_with_its_moments(B):
    """Inputs 0 and +-sqrt 3 in the ratio 4 : 1 : 1 have the first five moments of N(0, 1)."""
    x = np.repeat([sqrt(3), -sqrt(3), 0, 0, 0, 0], 2)[:, None]
    noise = 0.7 * np.tile([1, -1], 6)
    y = 1.5 * x[:, 0] + noise
    law = exact.gaussian_regression_variance(0.3, B, noise=0.7)
    assert exact.regression_covariance(x, y, 0.3, B)[0, 0] == pytest.approx(law, rel=1e-12)
    assert exact.regression_step_limit(x, B) == pytest.approx(2 * B / (B + 2), rel=1e-12)


def test_gaussian_regression_values():
    """The multiplicative-noise walk has the variance eta / (2 - 3 eta); the limit for B = 4."""
    assert exact.gaussian_regression_variance(0.5) == pytest.approx(0.5 / (2 - 1.5))
    with pytest.raises(ValueError, match=r"step_size must be below .* = 1.33333, got 1.34"):
        exact.gaussian_regression_variance(1.34, batch_size=4)


def test_batch_variance():
    """0.712 for 128 of 442 without replacement."""
    assert exact.batch_variance(442, 128) == 1 / 128
    assert 128 * exact.batch_variance(442, 128, replacement=False) == pytest.approx(0.712, abs=5e-4)
    assert exact.batch_variance(442, 442, replacement=False) == 0


BAD_CALLS = {
    "asymmetric": (
        lambda: exact.additive_covariance([[1, 2], [0, 1]], np.eye(2), 0.1),
        "hessian must be symmetric",
    ),
    "flat": (
        lambda: exact.continuous_covariance([1.0], [[1.0]], 0.1),
        r"hessian must be a square matrix, got shape \(1,\)",
    ),
    "saddle": (
        lambda: exact.continuous_covariance(np.diag([1, -1]), np.eye(2), 0.1),
        "hessian must be positive definite, got an eigenvalue of -1",
    ),
    "sizes": (
        lambda: exact.additive_covariance(np.eye(2), np.eye(3), 0.1),
        r"noise must have the shape of the Hessian \(2, 2\), got \(3, 3\)",
    ),
    "current of sizes": (
        lambda: exact.circulation(np.eye(2), np.eye(3)),
        "covariance must have the shape of the Hessian",
    ),
    "unstable": (
        lambda: exact.additive_covariance(np.diag([1.0, 4.0]), np.eye(2), 0.5),
        r"step_size must be below .* = 0.5, got 0.5: beyond it the iteration explodes",
    ),
    "negative step": (
        lambda: exact.continuous_covariance([[1.0]], [[1.0]], -0.1),
        "step_size must be positive, got -0.1",
    ),
    "nan": (lambda: exact.circulation([[np.nan]], [[1.0]]), "hessian must be finite"),
    "no batch": (lambda: exact.batch_variance(5, 0), "batch_size must be at least 1"),
    "one example": (lambda: exact.batch_variance(1, 1), "n_examples must be at least 2"),
    "large batch": (
        lambda: exact.batch_variance(5, 6, replacement=False),
        "batch_size must be at most the 5 examples, got 6",
    ),
    "targets": (
        lambda: exact.regression_covariance(X, Y[:3], 0.1),
        r"y must have shape \(4,\), one target per row of X, got \(3,\)",
    ),
    "columns": (
        lambda: exact.regression_covariance(np.ones((4, 2)), Y, 0.1),
        "X must have linearly independent columns, got rank 1 of 2",
    ),
    "flat X": (lambda: exact.regression_step_limit(Y), "X must have shape"),
}


@pytest.mark.parametrize("call, words", BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
