"""Messages describe a large value, and never print all of it; a count is not a truth value."""

import numpy as np
import pytest

from langevin import harmonic, sgd, simulate, ula
from langevin.annealing import distribution, path_graph, simulated_annealing
from langevin.exact import (
    additive_covariance,
    conjugate_gradient_bound,
    continuous_covariance,
    depopulation,
    disc_velocity_variance,
    eyring_kramers_time,
    gaussian_regression_variance,
    harmonic_splitting_variances,
    harmonic_ula_variance,
    heavy_ball_variance,
    polyak_optimum,
    regression_covariance,
)
from langevin.figures import Slider, live, movie
from langevin.gradients import epochs, exact
from langevin.hard_discs import record
from langevin.networks import ContrastiveDivergence, LinearRegression
from langevin.optimizers import chebyshev

RNG = np.random.default_rng(1)
MANY = list(range(900))
STEPS = np.arange(1, 901) / 100
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
    "ula step": lambda: harmonic_ula_variance(0.5, STEPS, 1.0),
    "heavy ball step": lambda: heavy_ball_variance(1.0, STEPS, 0.5, 1.0),
    "splitting step": lambda: harmonic_splitting_variances("BAOAB", 1.0, STEPS, 1.0),
    "regression step": lambda: gaussian_regression_variance(STEPS),
    "covariance step": lambda: additive_covariance(np.eye(30), np.eye(30), STEPS[:30]),
    "limit step": lambda: continuous_covariance(np.eye(30), np.eye(30), STEPS[:30]),
    "data step": lambda: regression_covariance(*DATA, STEPS[:4], 1),
    "lowest": lambda: polyak_optimum(STEPS, 1.0),
    "highest": lambda: polyak_optimum(1.0, STEPS),
    "condition": lambda: conjugate_gradient_bound(3, STEPS),
    "loss": lambda: depopulation(STEPS - 0.01),
    "mass": lambda: disc_velocity_variance(1.0, STEPS, 1.0, 3),
    "springs": lambda: chebyshev(exact(harmonic()), STEPS, 1.0),
    "slider": lambda: Slider(MANY[::-1]),
    "slider twice": lambda: Slider(MANY + MANY),
    "slider start": lambda: Slider(MANY, start=str(MANY)),
    "potential": lambda: live(MANY, alt="", domain=(0, 1)),
    "domain": lambda: live("x**2", alt="", domain=MANY[:400]),
    "discs": lambda: movie(np.ones((2, 1, 2)), 0.1, box=3, alt="", highlight=MANY),
    "saddle_hessian": lambda: eyring_kramers_time(0.2, np.eye(50), -np.eye(50), 0.1),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_a_large_value_is_described(call):
    with pytest.raises((TypeError, ValueError)) as refused:
        call()
    assert "got" in str(refused.value) or "state" in str(refused.value)
    assert len(str(refused.value)) < 250 and "\n" not in str(refused.value)


@pytest.mark.parametrize("stiffness", [0.5, np.array([[0.1], [0.5]])])
def test_the_first_step_that_is_too_long_is_named(stiffness):
    """Steps of 0.01, 0.02, ..., 9.00 on a spring: from 4.00 on, 501 of them are too long."""
    rows = np.shape(stiffness)[:1]
    index, shape = ((1, 399), (2, 900)) if rows else (399, (900,))
    words = (
        f"step_size must be below 2 / stiffness = 4.0, got 4.0 at index {index}, 501 such of "
        f"{900 * len(shape)} in an array of shape {shape}, dtype float64: beyond it the iteration"
    )
    with pytest.raises(ValueError) as refused:
        harmonic_ula_variance(stiffness, STEPS, 1.0)
    assert words in str(refused.value)


def test_a_step_that_is_too_long_for_one_of_many_springs_is_one_number():
    with pytest.raises(ValueError, match=r"2 / stiffness = 1\.0, got 1\.5: beyond it"):
        harmonic_ula_variance(np.array([1.0, 2.0]), 1.5, 1.0)


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
