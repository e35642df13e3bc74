"""Messages describe a large value, and never print all of it; a count is not a truth value."""

import numpy as np
import pytest

from langevin import harmonic, sgd, simulate, ula
from langevin.annealing import distribution, path_graph, simulated_annealing
from langevin.exact import eyring_kramers_time
from langevin.gradients import epochs, exact
from langevin.hard_discs import record
from langevin.networks import ContrastiveDivergence, LinearRegression

RNG = np.random.default_rng(1)
MANY = list(range(900))
DATA = np.ones((3, 2)), np.ones(3)
CHAIN = [0.0] * 900, path_graph(900)
REFUSED = {
    "kernel": lambda: simulate(MANY, [[1.0]], 1, RNG),
    "executor": lambda: simulate(ula(harmonic(), 0.1, 1.0), [[1.0]], 1, RNG, executor=MANY),
    "U": lambda: exact(MANY),
    "method": lambda: epochs(MANY, LinearRegression(), DATA, 2),
    "gas": lambda: record(MANY, [1.0]),
    "machine": lambda: ContrastiveDivergence(MANY),
    "neighbours": lambda: simulated_annealing(CHAIN[0], np.zeros((900, 900)), 1.0),
    "neighbours of one": lambda: simulated_annealing(CHAIN[0], [MANY] * 900, 1.0),
    "unreachable": lambda: simulated_annealing(CHAIN[0], [[]] * 900, 1.0),
    "n_steps": lambda: distribution(0, *CHAIN, 1.0, MANY[::-1]),
    "start": lambda: distribution(MANY, *CHAIN, 1.0, 3),
    "well_hessian": lambda: eyring_kramers_time(0.2, -np.eye(50), -np.eye(50), 0.1),
    "saddle_hessian": lambda: eyring_kramers_time(0.2, np.eye(50), -np.eye(50), 0.1),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_a_large_value_is_described(call):
    with pytest.raises((TypeError, ValueError)) as refused:
        call()
    assert "got" in str(refused.value) or "state" in str(refused.value)
    assert len(str(refused.value)) < 250 and "\n" not in str(refused.value)


def test_a_potential_in_the_place_of_an_oracle_is_described():
    class Large:
        grad = None

        def __repr__(self):
            return "0" * 10_000

    with pytest.raises(TypeError, match=r"got the potential 0+") as refused:
        sgd(Large(), 0.1)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize("wrong", [True, False, np.True_])
def test_a_truth_value_is_not_a_count(wrong):
    with pytest.raises(TypeError, match=f"n_steps must be a whole number, got {wrong}"):
        simulate(ula(harmonic(), 0.1, 1.0), [[1.0]], wrong, RNG)
