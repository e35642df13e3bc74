"""Annealing on graphs: the kernel against its matrix, the exact law, mutants."""

import numpy as np
import pytest
from library_checks import assert_close_sigma

from langevin import Kernel, State, position, simulate
from langevin.annealing import (
    depth,
    distribution,
    path_graph,
    simulated_annealing,
    transition_matrix,
)
from langevin.schedules import constant, exponential, logarithmic

CHAIN = [0.3, 1.3, 0.0]
ROAD = [0.0, 3.0, 1.0, 2.0, 0.5, 4.0, 2.0]
# a ring of five with a chord and a tail: states with one, two and three neighbours
RING = [[1, 4], [0, 2, 3], [1, 3], [2, 4, 1, 5], [3, 0], [3]]
RING_ENERGIES = [0.5, 0.0, 1.0, 0.2, 0.2, -0.4]


# The kernel, read off exactly: every move is fed, and the chance to accept it bisected


class Choices:
    """A generator whose proposals and uniform numbers are given."""

    def __init__(self, slots, uniforms):
        self.slots, self.uniforms = slots, uniforms

    def integers(self, high, size):
        assert np.all(self.slots < high) and np.shape(self.slots) == size
        return self.slots

    def random(self, size):
        assert np.shape(self.uniforms) == size
        return self.uniforms


def read_chain(kernel, n_states, n_slots):
    """Return the transition matrix that a kernel makes."""
    x, slots = (a.reshape(-1, 1) for a in np.mgrid[:n_states, :n_slots])
    start = kernel.init(x.astype(float))
    target = kernel.step(start, Choices(slots, np.zeros(x.shape))).x
    low, high = np.zeros(x.shape), np.ones(x.shape)
    for _ in range(50):
        middle = (low + high) / 2
        moved = kernel.step(start, Choices(slots, middle)).x != x
        low, high = np.where(moved, middle, low), np.where(moved, high, middle)
    P = np.zeros((n_states, n_states))
    np.add.at(P, (x, target), high / n_slots)
    np.add.at(P, (x, x), (1 - high) / n_slots)
    return P


def metropolis_by_hand(U, neighbours, T):
    n, most = len(U), max(map(len, neighbours))
    P = np.zeros((n, n))
    for i in range(n):
        for j in neighbours[i]:
            P[i, j] = min(1.0, np.exp(-(U[j] - U[i]) / T)) / most
        P[i, i] = 1 - P[i].sum()
    return P


def check_chain(simulated_annealing):
    for T in (0.3, 1.0, 5.0):
        kernel = simulated_annealing(RING_ENERGIES, RING, T)
        P = read_chain(kernel, len(RING), n_slots=4)
        np.testing.assert_allclose(P, metropolis_by_hand(RING_ENERGIES, RING, T), atol=1e-12)


def check_law(simulated_annealing, rng):
    """Independent walkers on the chain that cools, against the exact distribution."""
    n_walkers, cooling = 40_000, logarithmic(1.0)
    kernel = simulated_annealing(CHAIN, path_graph(3), cooling)
    x = simulate(kernel, np.zeros((n_walkers, 1)), 30, rng).x
    p = distribution(0, CHAIN, path_graph(3), cooling, 30)
    observed = [np.mean(x == i) for i in range(3)]
    assert_close_sigma(observed, p, np.sqrt(p * (1 - p) / n_walkers))


def mutant(acceptance, table=None):
    """A wrong annealing: its chance to accept as a function of the climb and the temperature."""

    def wrong(energies, neighbours, temperature):
        U, T = np.array(energies), temperature if callable(temperature) else constant(temperature)
        most = max(map(len, neighbours))
        moves = np.array(
            [
                (table or (lambda i, near: [*near, *[i] * (most - len(near))]))(i, near)
                for i, near in enumerate(neighbours)
            ]
        )

        def step(state, rng):
            x, k = state
            j = moves[x, rng.integers(most, size=x.shape)]
            with np.errstate(over="ignore"):
                accepted = rng.random(x.shape) < acceptance(U[j] - U[x], T(k))
            return State(np.where(accepted, j, x), k + 1)

        return Kernel(lambda x: State(x.astype(int)), step)

    return wrong


def crowded(i, near):
    """Fill up with the first neighbour instead of with the state itself."""
    return [*near, *[near[0]] * (4 - len(near))] if len(near) != 2 else [*near, *near]


MUTANTS = {
    "sign of the climb": mutant(lambda dU, T: np.exp(dU / T)),
    "temperature inverse": mutant(lambda dU, T: np.exp(-dU * T)),
    "twice the temperature": mutant(lambda dU, T: np.exp(-dU / (2 * T))),
    "heat bath": mutant(lambda dU, T: 1 / (1 + np.exp(dU / T))),
    "size of the climb": mutant(lambda dU, T: np.exp(-np.abs(dU) / T)),
    "downhill only": mutant(lambda dU, T: 1.0 * (dU <= 0)),
    "always": mutant(lambda dU, T: 1.0 + 0 * dU),
}


def test_the_kernel_is_metropolis():
    check_chain(simulated_annealing)


def test_walkers_follow_the_exact_law(rng):
    check_law(simulated_annealing, rng)


@pytest.mark.parametrize("name", MUTANTS)
def test_the_chain_rejects(name):
    with pytest.raises(AssertionError):
        check_chain(MUTANTS[name])


@pytest.mark.parametrize("name", MUTANTS)
def test_the_law_rejects(name, rng):
    with pytest.raises(AssertionError):
        check_law(MUTANTS[name], rng)


def test_uneven_proposals_are_rejected():
    with pytest.raises(AssertionError):
        check_chain(mutant(lambda dU, T: np.exp(-dU / T), crowded))


def test_each_step_has_its_own_temperature():
    cooling = exponential(2.0, time=3.0)
    kernel = simulated_annealing(RING_ENERGIES, RING, cooling)
    for k in (0, 1, 7):
        late = Kernel(lambda x, k=k: kernel.init(x)._replace(k=k), kernel.step)
        P = read_chain(late, len(RING), n_slots=4)
        np.testing.assert_allclose(
            P, transition_matrix(RING_ENERGIES, RING, cooling(k)), atol=1e-12
        )


def test_contract(rng):
    kernel = simulated_annealing(ROAD, path_graph(7), logarithmic(3.0))
    x0 = rng.integers(7, size=(50, 1)).astype(float)
    before, world = x0.copy(), np.random.get_state()[1].copy()  # noqa: NPY002
    paths = simulate(kernel, x0, 40, rng, observe=position)
    assert paths.dtype == int and np.array_equal(paths[0], x0) and np.array_equal(x0, before)
    assert paths.min() >= 0 and paths.max() <= 6
    assert np.abs(np.diff(paths, axis=0)).max() == 1
    assert np.array_equal(np.random.get_state()[1], world)  # noqa: NPY002
    one, two = (
        simulate(kernel, x0, 40, np.random.default_rng(seed), observe=position) for seed in (3, 3)
    )
    assert np.array_equal(one, two)


def test_at_zero_no_walker_climbs_and_all_slide_down(rng):
    kernel = simulated_annealing(ROAD, path_graph(7), 0.0)
    paths = simulate(kernel, np.arange(7.0)[:, None], 60, rng, observe=position)
    assert np.all(np.diff(np.array(ROAD)[paths], axis=0) <= 0)
    assert set(paths[-1].ravel()) == {0, 2, 4, 6}
    luck = Choices(np.zeros((1, 1), dtype=int), np.zeros((1, 1)))
    assert kernel.step(State(np.zeros((1, 1), dtype=int)), luck).x.item() == 0
    # on level ground it walks about
    flat = simulate(simulated_annealing([1.0, 1.0], path_graph(2), 0.0), [[0.0]], 1, rng)
    assert flat.x.item() == 1


# The matrix


@pytest.mark.parametrize("T", [0.1, 0.7, 20.0])
def test_the_matrix_keeps_boltzmann_in_detail(T):
    P = transition_matrix(RING_ENERGIES, RING, T)
    boltzmann = np.exp(-np.array(RING_ENERGIES) / T)
    flow = (boltzmann / boltzmann.sum())[:, None] * P
    np.testing.assert_allclose(flow, flow.T, atol=1e-15)
    np.testing.assert_allclose(P, metropolis_by_hand(RING_ENERGIES, RING, T), atol=1e-15)
    assert np.all(P >= 0)


def test_a_matrix_for_each_temperature():
    T = np.array([[0.0, 0.5, 1.0]])
    P = transition_matrix(CHAIN, path_graph(3), T)
    assert P.shape == (1, 3, 3, 3)
    np.testing.assert_allclose(P.sum(axis=-1), 1.0, atol=1e-15)
    np.testing.assert_allclose(P[0, 1], transition_matrix(CHAIN, path_graph(3), 0.5), atol=0)
    np.testing.assert_array_equal(P[0, 0], [[1, 0, 0], [0.5, 0, 0.5], [0, 0, 1]])
    assert np.array_equal(transition_matrix([2.0], path_graph(1), 1.0), [[1.0]])


# The exact law


def by_hand(p, U, neighbours, T, n):
    for k in range(n):
        p = p @ metropolis_by_hand(U, neighbours, T(k))
    return p


@pytest.mark.parametrize("n", [0, 1, 2, 3, 37])
@pytest.mark.parametrize("shape", ["small", "large"])
def test_the_law_is_the_product_of_the_matrices(shape, n):
    """Small matrices are multiplied in pairs, large ones applied in turn."""
    U, neighbours = (
        (RING_ENERGIES, RING) if shape == "small" else (np.arange(12) % 5, path_graph(12))
    )
    p0 = np.eye(len(U))[1]
    expected = by_hand(p0, U, neighbours, logarithmic(0.8), n)
    p = distribution(1, U, neighbours, logarithmic(0.8), n)
    np.testing.assert_allclose(p, expected, rtol=1e-12)
    np.testing.assert_allclose(distribution(p0, U, neighbours, logarithmic(0.8), n), p, atol=0)


def test_records_and_batches_do_not_change_the_law(monkeypatch):
    arguments = (0, CHAIN, path_graph(3), logarithmic(1.0))
    records = distribution(*arguments, [0, 3, 10, 50])
    assert records.shape == (4, 3)
    for n, p in zip([0, 3, 10, 50], records, strict=True):
        np.testing.assert_allclose(distribution(*arguments, n), p, rtol=1e-13)
    monkeypatch.setattr("langevin.annealing.chain.BATCH", 70)
    np.testing.assert_allclose(distribution(*arguments, [0, 3, 10, 50]), records, rtol=1e-13)
    assert distribution(*arguments, [5]).shape == (1, 3)


def test_a_steady_temperature_leads_to_boltzmann():
    p = distribution(5, RING_ENERGIES, RING, 0.5, 5000)
    boltzmann = np.exp(-np.array(RING_ENERGIES) / 0.5)
    np.testing.assert_allclose(p, boltzmann / boltzmann.sum(), rtol=1e-10)


# P(global) after 1e2, 1e4 and 1e7 steps, the chain that has d* = 1
TABLE = {
    0.4: (0.0815, 0.0817, 0.0817),
    0.7: (0.316, 0.360, 0.367),
    1.0: (0.558, 0.804, 0.951),
    1.3: (0.657, 0.882, 0.976),
    3.0: (0.564, 0.706, 0.833),
}


@pytest.mark.parametrize("c", TABLE)
def test_success_against_c(c):
    found = distribution(0, CHAIN, path_graph(3), logarithmic(c), [100, 10_000, 100_000])[:, 2]
    np.testing.assert_allclose(found[:2], TABLE[c][:2], atol=6e-4)
    assert found[1] < found[2] < TABLE[c][2] + 6e-4


@pytest.mark.slow
@pytest.mark.parametrize("c", TABLE)
def test_success_after_ten_million_steps(c):
    p = distribution(0, CHAIN, path_graph(3), logarithmic(c), [100, 10_000, 10_000_000])
    np.testing.assert_allclose(p[:, 2], TABLE[c], atol=6e-4)
    np.testing.assert_allclose(p.sum(axis=1), 1.0, atol=1e-9)


def test_below_the_depth_it_freezes_and_above_it_succeeds():
    """Twice the logarithm of the time leaves c < d* where it was."""
    d, steps = depth(CHAIN, path_graph(3)), [300, 90_000]
    missed = {
        c: 1 - distribution(0, CHAIN, path_graph(3), logarithmic(c * d), steps)[:, 2]
        for c in (0.4, 1.0, 1.3)
    }
    assert np.ptp(missed[0.4]) < 1e-3
    assert missed[1.0][1] < 0.4 * missed[1.0][0]
    assert missed[1.3][1] < 0.4 * missed[1.3][0]


# Bad input


GOOD = dict(start=0, energies=CHAIN, neighbours=path_graph(3), temperature=1.0, n_steps=5)
BAD_CALLS = {
    "cold": (dict(temperature=-1.0), ValueError, "temperature must be zero or positive, got -1.0"),
    "late": (dict(temperature=lambda k: 1.0 - k), ValueError, r"temperature\(2\) must be zero or"),
    "start": (dict(start=3), ValueError, "start must be a state from 0 to 2, got 3"),
    "no state": (dict(start=0.5), TypeError, "start must be a whole number, got 0.5"),
    "chances": (dict(start=[0.5, 0.4, 0.0]), ValueError, "3 chances that add up to 1, got"),
    "shape": (dict(start=[0.5, 0.5]), ValueError, "start must be a state or 3 chances"),
    "minus": (dict(start=[-0.5, 1.5, 0.0]), ValueError, "start must be zero or positive"),
    "back": (dict(n_steps=[5, 3]), ValueError, r"n_steps must increase, got \[5, 3\]"),
    "again": (dict(n_steps=[3, 3]), ValueError, r"n_steps must increase, got \[3, 3\]"),
    "part": (dict(n_steps=1.5), TypeError, "n_steps must be a whole number"),
    "before": (dict(n_steps=-1), ValueError, "n_steps must be at least 0, got -1"),
}


@pytest.mark.parametrize("change, kind, words", BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_bad_input_gets_a_sentence(change, kind, words):
    with pytest.raises(kind, match=words):
        distribution(**(GOOD | change))


@pytest.mark.parametrize("x0", [[[3.0]], [[-1.0]], [[0.5]]])
def test_walkers_start_from_states(x0, rng):
    kernel = simulated_annealing(CHAIN, path_graph(3), 1.0)
    with pytest.raises(ValueError, match="x0 must hold states, whole numbers from 0 to 2"):
        simulate(kernel, x0, 1, rng)
    with pytest.raises(ValueError, match=r"x0 must have shape \(n_particles, 1\)"):
        simulate(kernel, [[0.0, 1.0]], 1, rng)
    with pytest.raises(ValueError, match="temperature must be zero or positive"):
        simulated_annealing(CHAIN, path_graph(3), -1.0)
    with pytest.raises(ValueError, match="temperature must be zero or positive"):
        transition_matrix(CHAIN, path_graph(3), [1.0, -1.0])
    with pytest.raises(ValueError, match="n_states must be at least 1, got 0"):
        path_graph(0)
