"""A step run on symbols is read as what it does to one particle, or refused in a sentence."""

from typing import NamedTuple

import numpy as np
import pytest
from test_kernels import KERNELS

from langevin import (
    Kernel,
    Potential,
    State,
    adagrad,
    adam,
    adamw,
    chebyshev,
    conjugate_gradient,
    gaussian_mixture,
    harmonic,
    mala,
    nesterov,
    nonlinear_conjugate_gradient,
    random_walk,
    replica_exchange,
    rings,
    rmsprop,
    rosenbrock,
    schedules,
    sgd,
    ula,
)
from langevin._trace import Again, Column, Count, Untraceable, fields_of, trace
from langevin.gradients import exact, minibatch, noisy
from langevin.networks import LinearRegression
from langevin.overdamped import langevin, leimkuhler_matthews
from langevin.underdamped import baoab

BOWL, VALLEY = harmonic(stiffness=1.5, dim=2), rosenbrock(steepness=5.0)
FALLING = schedules.linear(0.1, 0.01, steps=5)
PERIODIC = Potential("sin(x) * cos(y) + abs(x - y) + log(1 + x**2)**3 + atan2(y, 2 + x)", "x y")
MORE = {
    "nesterov": nesterov(exact(VALLEY), 0.01, lambda k: k / (k + 3)),
    "chebyshev": chebyshev(exact(BOWL), 1.0, 2.0),
    "conjugate": conjugate_gradient(exact(BOWL), np.diag([1.0, 3.0])),
    "adagrad": adagrad(exact(VALLEY), 0.1),
    "rmsprop": rmsprop(noisy(VALLEY, 0.3), 0.1),
    "adam": adam(exact(VALLEY), 0.1),
    "adamw": adamw(noisy(VALLEY, 0.3), FALLING, weight_decay=0.1),
    "rings": ula(rings(), 0.002, 0.5),
    "mixture": mala(gaussian_mixture([[-1.0, 0.0], [1.0, 0.5]]), 0.2, 1.0),
    "periodic": ula(PERIODIC, 0.05, 0.5),
    "cooled": random_walk(VALLEY, FALLING, schedules.exponential(1.0, 5.0)),
    "inertial, cooled": baoab(VALLEY, FALLING, lambda k: 0.5 * (k % 3), friction=1.0),
    "quenched": leimkuhler_matthews(VALLEY, 0.01, lambda k: 0.0 if k > 3 else 1.0),
    "ladder": replica_exchange(lambda T: ula(BOWL, 0.1, T), BOWL, [0.5, 1.0, 2.0], every=2),
    "modulo": Kernel(State, lambda s, rng: State((s.x + rng.random(s.x.shape)) % 1, s.k + 1)),
    "clipped": langevin(lambda x, rng: np.clip(3 * x, -1, 1) / (1 + x**2) ** 0.5, 0.1, 1.0),
}
TRACEABLE = KERNELS | MORE


def state(kernel, n=5):
    return kernel.init(np.linspace(-1, 1, 2 * n).reshape(n, 2))


def read(kernel, start=None, k=0):
    start = state(kernel) if start is None else start
    return trace(kernel, type(start), fields_of(start._replace(k=k)))


def carried_out(step, start, rng):
    """Do what a trace says, with Python, for arrays of particles instead of names."""
    names = {"np": np}
    names |= {f"c{j}": number for j, number in enumerate(step.numbers)}
    for i, value in enumerate(start):
        if isinstance(value, np.ndarray):
            columns = value.reshape(len(value), -1).T
            names |= {f"s{i}_{j}": column for j, column in enumerate(columns)}
    draw = {"normal": rng.standard_normal, "exponential": rng.standard_exponential}
    draw["uniform"] = rng.random
    for d, (kind, width) in enumerate(step.drawn):
        drawn = draw[kind]((len(start.x), width)).T
        names |= {f"e{d}_{j}": column for j, column in enumerate(drawn)}
    for line in step.lines:
        name, text = line.split(" = ")
        if " if " in text:
            yes, condition, no = text.replace(" else ", " if ").split(" if ")
            text = f"np.where({condition}, {yes}, {no})"
        if text.startswith("not "):
            text = f"~{text[4:]}"
        names[name] = eval(text, names)
    n = len(start.x)
    return [
        np.stack([np.broadcast_to(names[v], n) for v in field.names], axis=1).reshape(
            n, *field.shape
        )
        if isinstance(field, Column)
        else field
        for field in step.fields
    ]


@pytest.mark.parametrize("kernel", TRACEABLE.values(), ids=TRACEABLE.keys())
def test_the_lines_say_what_the_step_does(kernel):
    """Over some steps, so that fields which are None at first, and the schedules, are met."""
    now = state(kernel)
    for k in range(7):
        new = kernel.step(now, np.random.default_rng(k))
        said = carried_out(read(kernel, now, k), now, np.random.default_rng(k))
        for name, one, other in zip(new._fields, new, said, strict=True):
            if name == "k":
                assert one == k + 1 and other == "k + 1"
            elif isinstance(one, np.ndarray):
                np.testing.assert_allclose(other, one, rtol=1e-12, atol=1e-14)
            else:
                assert other is one is None
        now = new
    assert np.all(np.isfinite(now.x))


SCHEDULED = ["annealed", "nesterov", "chebyshev", "adam", "adamw", "cooled", "inertial, cooled"]


@pytest.mark.parametrize("name", SCHEDULED)
def test_a_step_run_again_has_the_numbers_of_its_k(name):
    """Compared with a trace that remembers nothing, at another k; T is 0 at no k of these."""
    kernel = TRACEABLE[name]
    now = kernel.step(state(kernel), np.random.default_rng(1))
    fields, place = fields_of(now), now._fields.index("k")

    def at(k):
        return (*fields[:place], k, *fields[place + 1 :])

    again = Again(kernel, type(now), at(1))
    for k in (2, 5, 4):
        one = carried_out(again(at(k)), now, np.random.default_rng(k))
        other = carried_out(read(kernel, now, k), now, np.random.default_rng(k))
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_another_step_is_not_taken_for_one_run_again():
    kernel = TRACEABLE["quenched"]
    now = kernel.step(state(kernel), np.random.default_rng(1))
    again = Again(kernel, type(now), fields_of(now))
    at_rest = fields_of(now._replace(k=4))
    assert again(fields_of(now._replace(k=2))) is not None and again(at_rest) is None


def test_operands_are_told_apart_in_a_step_run_again():
    """At odd k the two sides of a difference change their places."""
    kernel = step_at(lambda x, k: 3.0 - x if k % 2 else x - 3.0)
    again = Again(kernel, State, fields_of(State(np.ones((2, 1)), 1)))
    assert again(fields_of(State(np.ones((2, 1)), 3))) == again.known
    assert again(fields_of(State(np.ones((2, 1)), 2))) is None


def test_a_step_that_writes_into_its_arrays_is_not_run_again():
    def move(x, k):
        y = np.sin(x)
        before = np.cos(y)
        y += k
        return before + np.cos(y)

    kernel, start = step_at(move), State(np.ones((2, 1)))
    assert Again(kernel, State, fields_of(start)).known is None
    said, _ = carried_out(read(kernel, start, 2), start, np.random.default_rng(1))
    np.testing.assert_allclose(said, move(start.x, 2))


@pytest.mark.parametrize("kernel", TRACEABLE.values(), ids=TRACEABLE.keys())
def test_who_only_counts_steps_is_told_from_who_asks_for_k(kernel):
    """With two numbers in the place of k that only goes on, exactly the schedules fail."""
    asks = [*SCHEDULED, "quenched", "ladder"]
    if any(kernel is TRACEABLE[name] for name in asks):
        with pytest.raises(Untraceable):
            read(kernel, k=Count())
    else:
        assert read(kernel, k=Count()).structure == read(kernel, k=3).structure


def step_at(move):
    """A kernel whose step puts x where this says, at its k."""
    return Kernel(State, lambda s, rng: State(move(s.x, s.k), s.k + 1))


ASKING = {
    "is it": lambda x, k: x if k == 3 else 2 * x,
    "is it there": lambda x, k: x if k else 2 * x,
    "below": lambda x, k: x if k < 3 else 2 * x,
    "a product": lambda x, k: k * x,
    "a table": lambda x, k: x * [1.0, 2.0, 3.0, 4.0][k],
    "a book": lambda x, k: x * {0: 1.0, 3: 2.0}.get(k, 3.0),
    "an odd one": lambda x, k: x * (k % 2),
}


@pytest.mark.parametrize("move", ASKING.values(), ids=ASKING.keys())
def test_who_asks_for_k_is_found(move):
    kernel = step_at(move)
    with pytest.raises(Untraceable):
        read(kernel, k=Count())
    for k in (0, 3):
        start = state(kernel)._replace(k=k)
        said, _ = carried_out(read(kernel, k=k), start, np.random.default_rng(1))
        np.testing.assert_array_equal(said, move(start.x, k))


class Timed(NamedTuple):
    x: np.ndarray
    k: int = 0
    own: object = None


def step_of(move):
    """A kernel whose step puts x where this says."""
    return Kernel(State, lambda s, rng: State(move(s.x, rng), s.k + 1))


REFUSED = {
    "mini-batch": (
        sgd(minibatch(LinearRegression(), (np.ones((5, 2)), np.ones(5)), 2), 0.1),
        "draws by rng.integers",
    ),
    "line search": (
        nonlinear_conjugate_gradient(VALLEY),
        "all particles together by numpy.logical_and",
    ),
    "if": (step_of(lambda x, rng: x if (x > 0)[0, 0] else -x), "asks by if or while"),
    "compared": (step_of(lambda x, rng: x if x[0, 0] > 0 else -x), "entries of arrays one by one"),
    "float": (step_of(lambda x, rng: x * float(x[0, 0])), "needs the values of an array"),
    "their mean": (step_of(lambda x, rng: x - x.mean(axis=0)), "particles act on one another"),
    "the first": (step_of(lambda x, rng: x - x[0]), "particles act on one another"),
    "turned": (step_of(lambda x, rng: x[::-1]), "particles act on one another"),
    "their number": (step_of(lambda x, rng: x / len(x)), "how many particles there are"),
    "one of them": (
        step_of(lambda x, rng: x * np.arange(len(x))[:, None]),
        "to one particle what it does not to another",
    ),
    "shared noise": (step_of(lambda x, rng: x + rng.standard_normal()), "belong to no particle"),
    "a row of noise": (
        step_of(lambda x, rng: x + rng.standard_normal((1, 2))),
        "belong to no particle",
    ),
    "sorted": (step_of(lambda x, rng: np.sort(x, axis=1)), "entries of arrays one by one"),
    "a mistake": (step_of(lambda x, rng: x.nothing), "does not run on symbols .*'nothing'"),
    "gcd": (step_of(lambda x, rng: x + np.gcd(x, 2)), "asks for numpy.gcd"),
    "a part": (
        step_of(lambda x, rng: np.add.reduce(x, axis=1, keepdims=True, where=x > 0)),
        "only some entries",
    ),
    "truths": (step_of(lambda x, rng: (x > 0) + (x > 1)), "of what is true or false"),
    "one number": (step_of(lambda x, rng: x[0, 0]), "one number for all particles"),
    "another state": (Kernel(State, lambda s, rng: Timed(s.x, s.k + 1)), "returns a Timed"),
    "words": (
        Kernel(lambda x: Timed(x, 0, np.array(["a"] * len(x))), lambda s, rng: s),
        "meets an array of <U1",
    ),
}


@pytest.mark.parametrize("kernel, words", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_traced_says_why(kernel, words):
    with pytest.raises(Untraceable, match=words):
        read(kernel)


def test_the_kind_of_a_number_is_that_of_numpy():
    """A whole number stays one where NumPy's does, and a truth a truth."""

    def step(s, rng):
        n, yes, x = s.own[:, 0], s.own[:, 0] > 1, s.x
        own = [n + yes, -n * 2, np.where(yes, n, 1), n % 2, n / 2, np.sqrt(n), ~yes, yes & (n < 9)]
        return Timed(x, s.k + 1, own[s.k])

    start = Timed(np.ones((3, 2)), 0, np.array([[1], [2], [3]]))
    for k in range(8):
        field = read(Kernel(None, step), start, k).fields[2]
        assert field.kind == step(start._replace(k=k), None).own.dtype.kind
