"""simulate, trajectory and the kernels' contract."""

from typing import NamedTuple

import numpy as np
import pytest

from langevin import (
    Kernel,
    State,
    double_well,
    gradient_descent,
    harmonic,
    position,
    sgd,
    simulate,
    trajectory,
    ula,
)
from langevin.gradients import exact, noisy, zero
from langevin.kernels import BLOCK
from langevin.metropolis import hmc, mala, random_walk
from langevin.overdamped import langevin, leimkuhler_matthews, sgld
from langevin.underdamped import aboba, baoab, heavy_ball, obabo, splitting

U = harmonic(stiffness=1.5, dim=2)
KERNELS = {
    "free": langevin(zero, 0.1, 1.0),
    "langevin": langevin(exact(U), 0.1, 1.0),
    "annealed": langevin(noisy(U, 0.3), lambda k: 0.1 / (k + 1), lambda k: 1.0 - 0.1 * k),
    "gradient_descent": gradient_descent(U, 0.1),
    "ula": ula(U, 0.1, 0.5),
    "sgd": sgd(noisy(U, 2.0), 0.1),
    "sgld": sgld(noisy(U, 2.0), 0.1),
    "leimkuhler_matthews": leimkuhler_matthews(U, 0.1, 0.5),
    "baoab": baoab(U, 0.1, 0.5, friction=1.0),
    "obabo": obabo(U, 0.1, 0.5, friction=1.0, mass=2.0),
    "aboba": aboba(U, 0.1, 0.5, friction=1.0),
    "verlet": splitting("BAB", exact(U), 0.1, 0.5, friction=0.0),
    "heavy_ball": heavy_ball(exact(U), 0.1, 0.5),
    "random_walk": random_walk(U, 0.1, 0.5),
    "mala": mala(U, 0.1, 0.5),
    "hmc": hmc(U, 0.3, 0.5, n_leaps=4),
}
NOISELESS = {"gradient_descent", "verlet", "heavy_ball"}


@pytest.fixture(params=KERNELS.values(), ids=KERNELS.keys())
def kernel(request):
    return request.param


def test_contract(kernel, rng):
    x0 = rng.standard_normal((7, 2))
    before, world = x0.copy(), np.random.get_state()[1].copy()  # noqa: NPY002
    state = kernel.init(x0)
    for k in range(5):
        assert state.k == k
        state = kernel.step(state, rng)
        assert state.x.shape == x0.shape and state.x.dtype == float
        assert np.all(np.isfinite(state.x))
    assert np.array_equal(x0, before)
    assert np.array_equal(np.random.get_state()[1], world)  # noqa: NPY002


def test_same_seed_same_path(kernel):
    one, two, other = (
        simulate(kernel, np.ones((5, 2)), 10, np.random.default_rng(seed), observe=position)
        for seed in (3, 3, 4)
    )
    assert np.array_equal(one, two)
    noiseless = any(kernel is KERNELS[name] for name in NOISELESS)
    assert np.array_equal(one, other) == noiseless


def test_second_call_is_independent_of_the_first(rng):
    kernel = KERNELS["free"]
    first, second = (simulate(kernel, np.zeros((5, 2)), 3, rng).x for _ in range(2))
    assert not np.any(first == second)


def test_record_holds_every_nth_state_from_the_start():
    x0 = np.arange(6.0).reshape(3, 2)
    kernel = KERNELS["ula"]
    full = simulate(kernel, x0, 10, np.random.default_rng(1), observe=position)
    third = simulate(kernel, x0, 10, np.random.default_rng(1), observe=position, every=3)
    last = simulate(kernel, x0, 10, np.random.default_rng(1))
    assert full.shape == (11, 3, 2)
    assert np.array_equal(full[0], x0)
    assert np.array_equal(third, full[[0, 3, 6, 9]])
    assert np.array_equal(last.x, full[10]) and last.k == 10


def test_any_function_of_the_state_can_be_observed(rng):
    energies = simulate(KERNELS["ula"], np.ones((4, 2)), 6, rng, observe=lambda s: U(s.x))
    assert energies.shape == (7, 4)
    assert np.all(energies[0] == 1.5)


def test_blocks_do_not_depend_on_each_other():
    """Run backwards by hand, each block with its spawned stream: the same, bit for bit."""
    n = 2 * BLOCK + 100
    x0 = np.linspace(-1, 1, n)[:, None]
    kernel = ula(double_well(), 0.01, 0.3)
    together = simulate(kernel, x0, 3, np.random.default_rng(5), observe=position)
    streams = np.random.default_rng(5).spawn(3)
    for i in (2, 1, 0):
        block = slice(i * BLOCK, (i + 1) * BLOCK)
        state = kernel.init(x0[block])
        for k in range(3):
            state = kernel.step(state, streams[i])
            assert np.array_equal(state.x, together[k + 1, block])


def test_final_states_of_any_kind_are_joined(rng):
    class Moving(NamedTuple):
        x: np.ndarray
        v: np.ndarray
        k: int = 0

    flight = Kernel(lambda x: Moving(x, 2 * x), lambda s, rng: Moving(s.x + s.v, s.v, s.k + 1))
    x0 = np.arange(float(BLOCK + 5))[:, None]
    end = simulate(flight, x0, 2, rng)
    assert isinstance(end, Moving) and end.k == 2
    assert np.array_equal(end.x, 5 * x0) and np.array_equal(end.v, 2 * x0)


@pytest.mark.parametrize(
    "name", ["free", "double well", "annealed", "still", "inertial", "rolling", "shared noise"]
)
def test_trajectory_is_simulate_on_floats(name):
    well = double_well(tilt=0.1)
    kernel = {
        "free": langevin(zero, 0.1, 1.0),
        "double well": ula(well, 0.05, 0.3),
        "annealed": langevin(noisy(well, 0.5), 0.05, lambda k: 1 / (k + 1)),
        "still": gradient_descent(well, 0.05),
        "inertial": baoab(well, 0.1, 0.3, friction=1.0),
        "rolling": heavy_ball(exact(well), 0.02, 0.5),
        "shared noise": leimkuhler_matthews(well, 0.05, 0.3),
    }[name]
    path = trajectory(kernel, 0.7, 200, np.random.default_rng(9))
    array = simulate(kernel, [[0.7]], 200, np.random.default_rng(9), observe=position)
    assert path.shape == (201,)
    np.testing.assert_allclose(path, array[:, 0, 0], rtol=1e-12)


def test_integers_are_welcome_as_a_start(rng):
    x0 = np.array([[8], [4]])
    assert np.array_equal(simulate(gradient_descent(harmonic(), 0.5), x0, 2, rng).x, [[2.0], [1.0]])


def test_a_state_starts_at_step_zero():
    assert State(np.zeros((1, 1))).k == 0


X0 = np.zeros((3, 2))
BAD_CALLS = {
    "flat x0": (
        dict(x0=np.zeros(3)),
        ValueError,
        r"x0 must have shape \(n_particles, dim\).*\(3,\)",
    ),
    "empty x0": (dict(x0=np.zeros((0, 2))), ValueError, "x0 must have shape"),
    "nan x0": (dict(x0=[[np.nan, 0]]), ValueError, "x0 must be finite"),
    "no steps": (dict(n_steps=0), ValueError, "n_steps must be at least 1, got 0"),
    "part of a step": (dict(n_steps=1.5), TypeError, "n_steps must be a whole number, got 1.5"),
    "seed for rng": (dict(rng=3), TypeError, "rng must be a numpy.random.Generator, got 3; pass"),
    "rng None": (dict(rng=None), TypeError, "default_rng"),
    "every 0": (dict(every=0), ValueError, "every must be at least 1"),
    "every too large": (dict(every=11), ValueError, "every must be at most n_steps = 10, got 11"),
    "a mean": (dict(observe=lambda s: s.x.mean()), ValueError, "one entry per particle"),
    "no kernel": (dict(kernel=U), TypeError, r"kernel must be a Kernel\(init, step\)"),
}


@pytest.mark.parametrize("change, kind, words", BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_bad_input_gets_a_sentence(change, kind, words):
    call = {"kernel": KERNELS["free"], "x0": X0, "n_steps": 10, "rng": np.random.default_rng(1)}
    with pytest.raises(kind, match=words):
        simulate(**(call | change))


def test_a_missing_generator_is_named():
    with pytest.raises(TypeError, match="rng"):
        simulate(KERNELS["free"], X0, 10)


def test_trajectory_refuses_an_array(rng):
    with pytest.raises(ValueError, match="x0 must be one number"):
        trajectory(KERNELS["free"], [1.0, 2.0], 10, rng)
    with pytest.raises(TypeError, match="rng must be"):
        trajectory(KERNELS["free"], 1.0, 10, None)


def test_the_block_size_is_part_of_every_seeded_result():
    assert BLOCK == 8192


def test_half_a_kernel_is_refused():
    class Half(NamedTuple):
        init: object

    with pytest.raises(TypeError, match="kernel must be a Kernel"):
        simulate(Half(State), np.zeros((2, 1)), 1, np.random.default_rng(1))
