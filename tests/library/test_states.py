"""States: each kernel goes on from its own, wherever it was kept, and refuses all others."""

import json
import pickle

import numpy as np
import pytest

from langevin import (
    Kernel,
    Potential,
    State,
    baoab,
    double_well,
    gradient_descent,
    harmonic,
    leimkuhler_matthews,
    position,
    sgd,
    simulate,
    simulated_annealing,
    trajectory,
    ula,
)
from langevin.annealing import path_graph
from langevin.gradients import epochs, exact, noisy
from langevin.kernels import BLOCK
from langevin.metropolis import mala, random_walk
from langevin.networks import LinearRegression
from langevin.optimizers import (
    adagrad,
    adam,
    adamw,
    chebyshev,
    conjugate_gradient,
    nesterov,
    nonlinear_conjugate_gradient,
    rmsprop,
)
from langevin.underdamped import heavy_ball, splitting, thermal

U = harmonic(stiffness=1.5, dim=2)
DATA = np.arange(12.0).reshape(6, 2) % 5, np.arange(6.0)
FAMILIES = {
    "overdamped": ula(U, 0.1, 0.5),
    "leimkuhler_matthews": leimkuhler_matthews(U, 0.1, 0.5),
    "underdamped": baoab(U, 0.1, 0.5, friction=1.0),
    "heavy_ball": heavy_ball(noisy(U, 1.0), 0.1, 0.5),
    "metropolis": mala(U, 0.5, 0.5),
    "adagrad": adagrad(noisy(U, 1.0), 0.1),
    "rmsprop": rmsprop(noisy(U, 1.0), 0.1),
    "adam": adam(noisy(U, 1.0), 0.1),
    "nesterov": nesterov(noisy(U, 1.0), 0.1, 0.5),
    "chebyshev": chebyshev(noisy(U, 1.0), 1.0, 2.0),
    "conjugate": conjugate_gradient(exact(U), 1.5 * np.eye(2)),
    "epochs": epochs(lambda grad: sgd(grad, 0.01), LinearRegression(), DATA, 2),
}
MORE = {
    "random_walk": random_walk(U, 0.5, 0.5),
    "adamw": adamw(noisy(U, 1.0), 0.1),
    "ball with schedules": heavy_ball(
        noisy(U, 1.0), lambda k: 0.1 * (k % 2), lambda k: k / (k + 3)
    ),
    "nonlinear_conjugate": nonlinear_conjugate_gradient(U),
    "noisy word": splitting("BAOAB", noisy(U, 1.0), 0.1, 0.5, 1.0),
    "epochs of adam": epochs(lambda grad: adam(grad, 0.01), LinearRegression(), DATA, 2),
}
X0 = np.linspace(-1, 1, 14).reshape(7, 2)


def ended(kernel, n_steps=4):
    return simulate(kernel, X0, n_steps, np.random.default_rng(1))


@pytest.mark.parametrize("given", FAMILIES)
@pytest.mark.parametrize("wanted", FAMILIES)
def test_the_state_of_another_family_is_refused(given, wanted):
    state, kernel = ended(FAMILIES[given]), FAMILIES[wanted]
    if given == wanted:
        assert simulate(kernel, state, 4, np.random.default_rng(1)).k == 8
        return
    words = f"a {type(ended(kernel)).__name__}, got a {type(state).__name__}; pass x0=state.x"
    with pytest.raises(TypeError, match=words):
        simulate(kernel, state, 4, np.random.default_rng(1))


def test_momenta_are_no_displacements():
    with pytest.raises(TypeError, match="a HeavyBallState, got a PhaseState"):
        warm = thermal(X0, 1.0, np.random.default_rng(1))
        simulate(FAMILIES["heavy_ball"], warm, 4, np.random.default_rng(1))


def test_states_of_a_chain_are_no_positions():
    chain = simulated_annealing([0.0, 1.0], path_graph(2), 1.0)
    with pytest.raises(TypeError, match="a ChainState, got a State"):
        simulate(chain, State(np.zeros((3, 1))), 1, np.random.default_rng(1))


def test_a_line_refuses_a_state():
    with pytest.raises(TypeError, match="x0 must be one number, got a State"):
        trajectory(FAMILIES["overdamped"], State(X0), 4, np.random.default_rng(1))


@pytest.mark.parametrize("kernel", (FAMILIES | MORE).values(), ids=FAMILIES | MORE)
def test_a_pickled_checkpoint_goes_on_exactly(kernel):
    rng = np.random.default_rng(1)
    half = simulate(kernel, X0, 4, rng)
    kept = pickle.dumps((half, rng))
    whole = simulate(kernel, half, 5, rng)
    again = simulate(kernel, *pickle.loads(kept)[:1], 5, pickle.loads(kept)[1])
    assert type(again) is type(whole)
    for one, two in zip(again, whole, strict=True):
        np.testing.assert_array_equal(one, two)


def test_the_state_of_the_bits_alone_repeats_the_noise():
    """Why the checkpoint is a pickle: what was spawned is counted outside of these bits."""
    rng, fresh = np.random.default_rng(1), np.random.default_rng(1)
    kernel = FAMILIES["overdamped"]
    first = simulate(kernel, X0, 4, rng).x
    fresh.bit_generator.state = rng.bit_generator.state
    assert np.array_equal(simulate(kernel, X0, 4, fresh).x, first)
    assert not np.any(simulate(kernel, X0, 4, pickle.loads(pickle.dumps(rng))).x == first)


NOISELESS = {
    "gradient_descent": gradient_descent(U, 0.1),
    "verlet": splitting("BAB", exact(double_well()), 0.1, 0, 0),
    "heavy_ball": heavy_ball(exact(U), 0.1, 0.5),
    "adam": adam(exact(U), 0.1),
    "conjugate": conjugate_gradient(exact(U), 1.5 * np.eye(2)),
}


@pytest.mark.parametrize("kernel", NOISELESS.values(), ids=NOISELESS)
def test_a_run_cut_in_two_is_the_run_in_one_piece(kernel):
    line = np.linspace(-1, 1, BLOCK + 5)[:, None]
    x0 = line if kernel is NOISELESS["verlet"] else np.hstack([line, line / 2])
    rng = np.random.default_rng(1)
    cut = simulate(kernel, simulate(kernel, x0, 4, rng), 5, rng)
    for one, two in zip(cut, simulate(kernel, x0, 9, rng), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("method", [mala, random_walk, lambda *a: baoab(*a, friction=1.0)])
def test_another_potential_is_asked_anew(method):
    """Energies and gradients in a state belong to the kernel that goes on."""
    far = Potential("(x - 30)**2/2 + (y - 30)**2/2 + 500", "x y")
    first = simulate(method(far, 0.1, 1.0), X0, 4, np.random.default_rng(1))
    kernel = method(U, 0.1, 1.0)
    empty = {name: getattr(kernel.init(first.x), name) for name in first._fields}
    for name in {"p", "k", "accepted"} & set(first._fields):
        empty[name] = getattr(first, name)
    one = simulate(kernel, first, 1, np.random.default_rng(2), observe=position)
    two = simulate(kernel, type(first)(**empty), 1, np.random.default_rng(2), observe=position)
    right = kernel.step(type(first)(**empty), np.random.default_rng(2).spawn(1)[0])
    assert np.array_equal(one, two) and np.array_equal(one[1], right.x)


def test_a_state_as_lists_or_from_a_file_is_the_state(tmp_path):
    for kernel in (FAMILIES[name] for name in ("overdamped", "metropolis", "adam", "epochs")):
        state = ended(kernel)
        np.savez(tmp_path / "state.npz", **state._asdict())
        from_file = type(state)(**np.load(tmp_path / "state.npz"))
        as_lists = json.loads(json.dumps([np.asarray(v).tolist() for v in state]))
        ends = [
            simulate(kernel, s, 3, np.random.default_rng(2))
            for s in (state, from_file, type(state)(*as_lists))
        ]
        for end in ends:
            assert type(end.k) is int and end.k == 7 and end.x.shape == X0.shape
            for one, two in zip(end, ends[0], strict=True):
                np.testing.assert_array_equal(one, two)


MOMENTA = thermal(X0, 1.0, np.random.default_rng(1))
SPOILED = {
    "of other particles": (
        dict(p=MOMENTA.p[:3]),
        ValueError,
        r"x0\.p must fit .*\(7, 2\).*\(3, 2\)",
    ),
    "one for all": (dict(p=1.0), ValueError, r"x0\.p must fit"),
    "missing": (dict(p=None), TypeError, r"x0\.p must be an array of numbers, got NoneType"),
    "words": (dict(p="fast"), TypeError, r"x0\.p must be an array of numbers, got str"),
    "ragged": (dict(p=[[1.0], [1.0, 2.0]]), TypeError, r"x0\.p must be an array of numbers, got"),
    "nan": (
        dict(p=np.where(np.arange(14).reshape(7, 2) < 4, MOMENTA.p, np.nan)),
        ValueError,
        r"x0\.p must be finite, got nan at 4 of its 14 entries, 10 such",
    ),
    "part of a step": (dict(k=1.5), TypeError, r"x0\.k must be a whole number"),
    "before the start": (dict(k=-1), ValueError, r"x0\.k must be at least 0"),
    "nowhere": (dict(x=None), ValueError, r"x0\.x must be finite"),
}


@pytest.mark.parametrize("change, kind, words", SPOILED.values(), ids=SPOILED)
def test_a_spoiled_field_gets_a_sentence(change, kind, words):
    with pytest.raises(kind, match=words):
        simulate(FAMILIES["underdamped"], MOMENTA._replace(**change), 2, np.random.default_rng(1))


def test_the_deck_of_other_data_is_refused():
    state = ended(FAMILIES["epochs"])
    for deck in (None, state.deck[:, :4]):
        with pytest.raises(ValueError, match=r"a deck of shape \(7, 6\), got shape"):
            simulate(FAMILIES["epochs"], state._replace(deck=deck), 1, np.random.default_rng(1))


@pytest.mark.parametrize("method", [mala, random_walk])
def test_a_start_without_energy_is_refused(method):
    kernel = method(Potential("log(x) + x**2"), 0.1, 1.0)
    words = "x0 must have a finite energy, got U = nan at particle 1 and at 2 of 3 particles"
    with pytest.raises(ValueError, match=words):
        simulate(kernel, [[1.0], [-1.0], [-2.0]], 4, np.random.default_rng(1))
    with pytest.raises(ValueError, match="x0 must have a finite energy, got U = nan"):
        trajectory(kernel, -1.0, 4, np.random.default_rng(1))
    assert simulate(kernel, [[1.0]], 4, np.random.default_rng(1)).k == 4


def test_a_kernel_of_ones_own_keeps_its_fields():
    kernel = Kernel(lambda x: State(x), lambda s, rng: State(s.x + 1, s.k + 1))
    assert simulate(kernel, State(X0, 3), 2, np.random.default_rng(1)).k == 5
