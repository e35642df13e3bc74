"""Replica exchange: detailed balance and stationary law by exact calculation, and mutants."""

from itertools import product
from math import sqrt

import numpy as np
import pytest
from library_checks import assert_close_sigma, assert_gaussian_variance, assert_mean
from scipy import integrate

from langevin import (
    Kernel,
    Potential,
    State,
    baoab,
    double_well,
    harmonic,
    leimkuhler_matthews,
    mala,
    position,
    random_walk,
    replica_exchange,
    simulate,
    trajectory,
    ula,
)
from langevin.annealing import path_graph, transition_matrix
from langevin.kernels import BLOCK
from langevin.replicas import LadderState

T = np.array([0.3, 0.5, 1.1, 2.0])
U = Potential("(x**2 - 1)**2 + y**2/2 + x*y/4", "x y")
STILL = Kernel(State, lambda state, rng: State(state.x, state.k + 1))


def still(temperature):
    """A method that moves nothing, so that only the exchange is seen."""
    return STILL


class Costs:
    """A generator that accepts at given costs, and draws nothing else."""

    def __init__(self, cost):
        self.cost = cost

    def standard_exponential(self, shape):
        return np.broadcast_to(self.cost, shape)


def ladder_state(places, k=0):
    """Ladders at given places, shape (n_ladders, n_rungs, dim)."""
    n, rungs, _ = places.shape
    return LadderState(places[:, 0], places[:, 1:], np.zeros((n, rungs - 1), int), k)


def rungs(state):
    return np.concatenate([state.x[:, None], state.hotter], axis=1)


def acceptance(kernel, places, pair, k):
    """The probability of a trade of each ladder's pair, found from outside: where it turns."""
    low, high = np.full(len(places), -1e-9), np.full(len(places), 60.0)
    for _ in range(70):
        middle = (low + high) / 2
        traded = kernel.step(ladder_state(places, k), Costs(middle[:, None])).exchanged[:, pair] > 0
        low, high = np.where(traded, low, middle), np.where(traded, middle, high)
    return np.exp(-np.maximum(high, 0.0))


def check_detailed_balance(replica_exchange):
    """The product of Boltzmann weights times alpha is the same before and after a trade."""
    places = np.random.default_rng(11).uniform(-1.3, 1.3, (60, 4, 2))
    kernel = replica_exchange(still, U, T)
    for k, pairs in enumerate([(0, 2), (1,)]):
        for pair in pairs:
            after = places.copy()
            after[:, [pair, pair + 1]] = places[:, [pair + 1, pair]]

            def flow(x, k=k, pair=pair):
                energy = np.stack([U(x[:, i]) for i in range(4)], axis=1)
                return np.exp(-energy / T).prod(axis=1) * acceptance(kernel, x, pair, k)

            np.testing.assert_allclose(flow(places), flow(after), rtol=1e-9, atol=1e-300)
            # of the two directions one is always accepted
            alphas = [acceptance(kernel, x, pair, k) for x in (places, after)]
            np.testing.assert_allclose(np.maximum(*alphas), 1.0)
            assert np.minimum(*alphas).min() < 0.7


def test_detailed_balance():
    check_detailed_balance(replica_exchange)


ENERGIES = np.array([0.0, 1.3, 0.4])  # of three places on a line, written -1, 0, 1
STEPS = Potential("0.2*x + 1.3 - 1.1*x**2")


def check_stationary_law(replica_exchange):
    """Two replicas on three places: the matrix of moves and exchange keeps Boltzmann's product."""
    cold, hot = ladder = [0.2, 0.7]
    np.testing.assert_allclose(STEPS(np.array([[-1.0], [0.0], [1.0]])), ENERGIES, atol=1e-15)
    moves = [transition_matrix(ENERGIES, path_graph(3), t) for t in ladder]
    states = np.array(list(product([-1.0, 0.0, 1.0], repeat=2)))[:, :, None]
    alpha = acceptance(replica_exchange(still, STEPS, ladder), states, 0, 0)
    exchange = np.diag(1 - alpha)
    for i, state in enumerate(states):
        (j,) = np.flatnonzero((states == state[::-1]).all(axis=(1, 2)))
        exchange[i, j] += alpha[i]
    both = np.kron(*moves) @ exchange
    boltzmann = np.kron(np.exp(-ENERGIES / cold), np.exp(-ENERGIES / hot))
    boltzmann /= boltzmann.sum()
    np.testing.assert_allclose(boltzmann @ both, boltzmann, rtol=1e-9)
    # it is the only such law, and hands the cold replica over sooner than its own moves do
    gaps = [1 - np.sort(np.abs(np.linalg.eigvals(m)))[-2] for m in (both, np.kron(*moves))]
    assert gaps[0] > 1.5 * gaps[1] > 0


def test_the_stationary_law_is_the_product():
    check_stationary_law(replica_exchange)


def wrong_exchange(sign=1.0, inverse=lambda T: 1 / T, energies=lambda energy: energy, copy=False):
    """A replica exchange with another acceptance, or that copies where it should trade."""

    def wrong(method, U, temperatures, every=1):
        beta = inverse(np.asarray(temperatures, dtype=float))
        right = replica_exchange(method, U, temperatures, every)

        def step(state, rng):
            places = rungs(state)
            n_rungs = places.shape[1]
            energy = energies(np.stack([U(places[:, i]) for i in range(n_rungs)], axis=1))
            i = np.arange(state.k % min(2, n_rungs - 1), n_rungs - 1, 2)
            gain = sign * (beta[i] - beta[i + 1]) * (energy[:, i] - energy[:, i + 1])
            trade = rng.standard_exponential(gain.shape) > -gain
            after, exchanged = places.copy(), state.exchanged.copy()
            after[:, i] = np.where(trade[..., None], places[:, i + 1], places[:, i])
            after[:, i + 1] = np.where(trade[..., None], places[:, i], places[:, i + 1])
            exchanged[:, i] += trade
            return LadderState(after[:, 0], after[:, 1:], exchanged, state.k + 1)

        return Kernel(right.init, step)

    return wrong


MUTANTS = {
    "sign": wrong_exchange(sign=-1.0),
    "always": wrong_exchange(sign=0.0),
    "temperature for its inverse": wrong_exchange(inverse=lambda T: -T),
    "half the exponent": wrong_exchange(sign=0.5),
    "no temperature": wrong_exchange(inverse=lambda T: -np.arange(len(T))),
    "energies squared": wrong_exchange(energies=np.square),
}
CHECKS = {"detailed balance": check_detailed_balance, "stationary law": check_stationary_law}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_the_mutants_frame_is_right(check):
    check(wrong_exchange())


@pytest.mark.parametrize("name", MUTANTS)
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_a_wrong_exchange_is_rejected(check, name):
    with pytest.raises(AssertionError):
        check(MUTANTS[name])


def test_whose_turn_it_is():
    """Trades that are always accepted carry the places along the ladder, odd and even by turns."""
    kernel = replica_exchange(still, harmonic(), [1.0, 2.0, 3.0, 4.0, 5.0], every=2)
    places = np.arange(5.0)[::-1].reshape(1, 5, 1)
    state, expected, order = ladder_state(places), [], [4, 3, 2, 1, 0]
    for pairs in ([], [0, 2], [], [1, 3], [], [0, 2]):
        for i in pairs:
            order[i], order[i + 1] = order[i + 1], order[i]
        expected.append(list(order))
    for row in expected:
        state = kernel.step(state, Costs(1e9))
        assert rungs(state)[0, :, 0].tolist() == row
    assert state.exchanged.tolist() == [[2, 1, 2, 1]] and state.k == 6
    two = replica_exchange(still, harmonic(), [1.0, 2.0])
    state = ladder_state(places[:, :2])
    for k in range(1, 4):
        state = two.step(state, Costs(1e9))
        assert state.exchanged.item() == k


def test_a_trade_moves_places_and_makes_none(rng):
    kernel = replica_exchange(still, U, T)
    places = rng.standard_normal((50, 4, 2))
    state = ladder_state(places)
    for _ in range(5):
        state = kernel.step(state, rng)
        np.testing.assert_array_equal(np.sort(rungs(state), axis=1), np.sort(places, axis=1))
    assert 0 < state.exchanged.sum() < 50 * 10


# The whole kernel


@pytest.mark.parametrize("method", [mala, random_walk])
def test_every_rung_has_its_own_boltzmann_distribution(method, rng):
    """Ladders of their own on a spring, from the stationary law; each rung keeps its variance."""
    n, stiffness = 20_000, 2.0
    kernel = replica_exchange(lambda t: method(harmonic(stiffness), 0.3, t), harmonic(stiffness), T)
    start = ladder_state(np.sqrt(T / stiffness)[:, None] * rng.standard_normal((n, 4, 1)))
    end = simulate(kernel, start, 12, rng)
    for i, t in enumerate(T):
        assert_mean(rungs(end)[:, i], 0.0)
        assert_gaussian_variance(rungs(end)[:, i], 0.0, t / stiffness)
    # the rate of Gaussian neighbours: the chance that a difference of two exponents pays, exactly
    pays = np.minimum(1, np.exp((1 / T[:-1] - 1 / T[1:]) * _energies(rng, n, T)))
    rate = end.exchanged / 6
    error = np.sqrt(rate.var(axis=0, ddof=1) / n + pays.var(axis=0, ddof=1) / n)
    assert_close_sigma(rate.mean(axis=0), pays.mean(axis=0), error)


def _energies(rng, n, T):
    """Differences of the energies of neighbours on a line's spring, drawn afresh."""
    energy = T * rng.standard_normal((n, len(T))) ** 2 / 2
    return energy[:, :-1] - energy[:, 1:]


def test_a_cold_walker_stays_put_unless_it_may_trade(rng):
    """A tilted double well, whose barrier is 24 T for the coldest; all start in the higher well.

    By Kramers' rate one of 200 walkers would climb out in 135 units of time with a chance of
    5e-7.  With a ladder the share that is in that well is what Boltzmann's law gives it; what is
    left of the start falls by 3 in 150 steps, and is far below the error after 900.
    """
    well, ladder, n = double_well(tilt=0.02), [0.04, 0.09, 0.22, 0.6], 1000
    x0 = np.full((n, 1), 1.0)
    alone = simulate(mala(well, 0.15, ladder[0]), x0[:200], 900, rng).x
    assert np.all(alone > 0)
    kernel = replica_exchange(lambda t: mala(well, 0.15, t), well, ladder)
    traded = simulate(kernel, x0, 900, rng).x
    left, right = (
        integrate.quad(lambda x: np.exp(-well(np.array([[x]])).item() / ladder[0]), *ends)[0]
        for ends in ((-3, 0), (0, 3))
    )
    p = right / (left + right)
    assert 0.1 < min(p, 1 - p) < 0.4
    assert_close_sigma((traded > 0).mean(), p, sqrt(p * (1 - p) / n))


def test_schedules_of_the_method_go_on_with_the_steps(rng):
    """Step sizes by the count of the ladder: after step 3 nobody moves or trades another place."""
    kernel = replica_exchange(lambda t: ula(U, lambda k: 0.1 * (k < 3), t), U, T)
    path = simulate(kernel, np.zeros((4, 2)), 6, rng, observe=rungs)
    assert np.all(np.any(path[1:4] != path[:3], axis=(2, 3)))
    np.testing.assert_array_equal(np.sort(path[3], axis=1), np.sort(path[6], axis=1))


def test_ladders_run_in_blocks(rng):
    """The record of a ladder of the second block is what its own stream makes of it."""
    kernel = replica_exchange(lambda t: ula(harmonic(), 0.1, t), harmonic(), [0.5, 1.0])
    x0 = np.linspace(-1, 1, BLOCK + 3)[:, None]
    record = simulate(kernel, x0, 3, np.random.default_rng(5), observe=position)
    state, stream = kernel.init(x0[BLOCK:]), np.random.default_rng(5).spawn(2)[1]
    for k in range(3):
        state = kernel.step(state, stream)
        assert np.array_equal(record[k + 1, BLOCK:], state.x)
    assert state.hotter.shape == (3, 1, 1) and state.exchanged.shape == (3, 1)


def test_an_infinite_energy_is_never_handed_down():
    """Where the hot replica has left the domain, its energy is not a number or has no bound."""
    hole = Potential("1/x + x")
    places = np.array([[[1.0], [0.0]], [[1.0], [np.nan]], [[1.0], [2.0]]])
    kernel = replica_exchange(still, hole, [0.5, 1.0])
    with np.errstate(all="ignore"):
        end = kernel.step(ladder_state(places), Costs(1e9))
    assert end.exchanged.ravel().tolist() == [0, 0, 1]
    assert end.x.ravel().tolist() == [1.0, 1.0, 2.0]


# Bad input


BAD_CALLS = {
    "one rung": (dict(temperatures=[1.0]), ValueError, r"list of two or more, got shape \(1,\)"),
    "a number": (dict(temperatures=1.0), ValueError, r"list of two or more, got shape \(\)"),
    "falling": (
        dict(temperatures=[2.0, 1.0]),
        ValueError,
        r"temperatures must rise from the first to the last, got \[2\.0, 1\.0\]",
    ),
    "twice": (dict(temperatures=[1.0, 1.0]), ValueError, "temperatures must rise"),
    "frozen": (dict(temperatures=[0.0, 1.0]), ValueError, "temperatures must be positive, got 0"),
    "never": (dict(every=0), ValueError, "every must be at least 1, got 0"),
    "no method": (dict(method=mala(U, 0.1, 1.0)), TypeError, "method must make a Kernel of a temp"),
    "no kernel": (
        dict(method=lambda t: t),
        TypeError,
        r"method\(temperature\) must make a Kernel, got 0\.5; pass lambda T: mala",
    ),
    "no energy": (dict(U=3.0), TypeError, "U must be a potential, got 3.0"),
}


@pytest.mark.parametrize("change, kind, words", BAD_CALLS.values(), ids=BAD_CALLS)
def test_bad_input_gets_a_sentence(change, kind, words):
    good = dict(method=lambda t: mala(U, 0.1, t), U=U, temperatures=[0.5, 1.0], every=1)
    with pytest.raises(kind, match=words):
        replica_exchange(**(good | change))


@pytest.mark.parametrize(
    "method, words",
    [
        (lambda t: baoab(U, 0.1, t, friction=1.0), "got a PhaseState with p; such as"),
        (lambda t: leimkuhler_matthews(U, 0.1, t), "got a NoisyState with xi; such as"),
    ],
)
def test_a_method_with_a_memory_is_refused(method, words, rng):
    with pytest.raises(TypeError, match=f"kernels without a memory, {words}"):
        simulate(replica_exchange(method, U, [0.5, 1.0]), np.zeros((3, 2)), 1, rng)


def test_a_ladder_is_no_float(rng):
    kernel = replica_exchange(lambda t: ula(harmonic(), 0.1, t), harmonic(), [0.5, 1.0])
    with pytest.raises(ValueError, match=r"x0 must have shape .* simulate takes one ladder as"):
        trajectory(kernel, 1.0, 3, rng)
