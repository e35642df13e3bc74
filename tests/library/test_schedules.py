"""Schedules: numbers, or functions of the step count."""

from math import cos, e, exp, log, pi

import numpy as np
import pytest
from library_checks import Scripted

from langevin import (
    double_well,
    gradient_descent,
    harmonic,
    leimkuhler_matthews,
    mala,
    position,
    random_walk,
    sgd,
    sgld,
    simulate,
    trajectory,
    ula,
)
from langevin.gradients import exact, noisy, zero
from langevin.optimizers import adagrad, adam, adamw, nesterov, rmsprop
from langevin.overdamped import langevin
from langevin.schedules import (
    as_momentum,
    as_schedule,
    as_step_size,
    constant,
    cosine,
    cyclical,
    exponential,
    gelfand_mitter,
    linear,
    logarithmic,
    polynomial,
    warm_up,
)
from langevin.underdamped import heavy_ball, splitting

STEPS = range(0, 60, 7)


def climbed(k):
    return 0.1 + 0.4 * k / 16 if k < 16 else 0.5 * exp(-(k - 16) / 25.0)


LAWS = {
    "constant": (constant(0.3), lambda k: 0.3),
    "exponential": (exponential(2.0, time=25.0), lambda k: 2.0 * exp(-k / 25.0)),
    "polynomial": (polynomial(3.0), lambda k: 3.0 / (k + 1)),
    "slow polynomial": (polynomial(3.0, 0.55, offset=9.0), lambda k: 3.0 * (k + 9.0) ** -0.55),
    "logarithmic": (logarithmic(1.5), lambda k: 1.5 / log(k + 2)),
    "late logarithmic": (logarithmic(1.5, offset=e), lambda k: 1.5 / log(k + e)),
    "cyclical": (
        cyclical(0.4, period=20, low=0.1),
        lambda k: 0.25 + 0.15 * cos(pi * (k / 20 - k // 20)),
    ),
    "linear": (linear(0.9, 0.1, 40), lambda k: max(0.9 - 0.02 * k, 0.1)),
    "cosine": (
        cosine(0.9, 0.1, 40),
        lambda k: 0.5 + 0.4 * cos(pi * min(k, 40) / 40),
    ),
    "warm_up": (warm_up(16, exponential(0.5, time=25.0), start=0.1), climbed),
    "gelfand_mitter": (
        gelfand_mitter(20.0, 4.0, offset=1000.0),
        lambda k: 2.5 / log(log(k + 1000.0)),
    ),
}


@pytest.mark.parametrize("schedule, law", LAWS.values(), ids=LAWS.keys())
def test_closed_forms(schedule, law):
    values = [schedule(k) for k in STEPS]
    assert values == pytest.approx([law(k) for k in STEPS], rel=1e-13)
    asked = as_schedule(schedule, "step_size")
    assert [asked(k) for k in STEPS] == values
    assert all(type(value) is float for value in values)


def test_cooling_never_warms_up_and_stays_positive():
    for name in ("exponential", "polynomial", "slow polynomial", "logarithmic", "gelfand_mitter"):
        values = np.array([LAWS[name][0](k) for k in range(2000)])
        assert np.all(np.diff(values) < 0) and values[-1] > 0


def test_a_cycle_starts_warm_and_never_reaches_the_bottom():
    cycle = cyclical(1.0, period=10)
    values = np.array([cycle(k) for k in range(30)])
    assert np.array_equal(values[:10], values[10:20]) and values[10] == 1.0
    assert np.all(np.diff(values[:10]) < 0) and values.min() > 0
    assert cyclical(2.0, period=1)(7) == 2.0


def test_gelfand_and_mitters_noise_is_what_they_add():
    """The kick of a Langevin step at their temperature has their b_k, read off exactly."""
    A, Q, start = 20.0, 12.0, 50.0
    kernel = langevin(zero, polynomial(A, offset=start), gelfand_mitter(Q, A, offset=start))
    state = kernel.init(np.zeros((1, 1)))
    for k in range(20):
        before = state.x
        state = kernel.step(state, Scripted(np.ones((1, 1))))
        b2 = Q / ((k + start) * log(log(k + start)))
        np.testing.assert_allclose((state.x - before) ** 2, b2, rtol=1e-12)


ENDS = {
    "linear": linear(0.3, 0.0, 10),
    "cosine": cosine(0.3, 0.0, 10),
    "linear, up": linear(0.0, 0.3, 10),
    "cosine, up": cosine(0.0, 0.3, 10),
    "in one step": linear(0.3, 0.0, 1),
    "awkward thirds": linear(0.1, 0.7, 3),
    "awkward cosine": cosine(0.1, 0.7, 3),
}


@pytest.mark.parametrize("schedule", ENDS.values(), ids=ENDS)
def test_a_line_and_a_cosine_end_to_the_last_bit_and_stay(schedule):
    start, end = schedule(0), schedule(10)
    assert (pytest.approx(start, rel=1e-15), end) in ((0.3, 0), (0, 0.3), (0.1, 0.7))
    assert schedule(11) == schedule(10**9) == schedule(10)
    steps = np.diff([schedule(k) for k in range(11)])
    assert np.all(steps <= 0) or np.all(steps >= 0)
    assert as_step_size(schedule)(10) == schedule(10)


def test_a_line_reaches_its_end_at_its_last_step_and_not_before():
    for make in (linear, cosine):
        assert [make(1.0, 0.0, 7)(k) > 0 for k in range(9)] == 7 * [True] + 2 * [False]


def test_a_cosine_is_the_first_fall_of_a_cycle():
    one, two = cosine(1.3, 0.2, 50), cyclical(1.3, 50, low=0.2)
    assert [one(k) for k in range(50)] == [two(k) for k in range(50)]
    assert (one(50), two(50)) == (0.2, 1.3)


def test_warming_up_ends_where_the_other_begins_and_hands_it_its_own_count():
    asked = []

    def then(k):
        asked.append(k)
        return 2.0 - k

    rate = warm_up(4, then)
    assert [rate(k) for k in range(7)] == [0.0, 0.5, 1.0, 1.5, 2.0, 1.0, 0.0]
    assert asked == [0, 0, 1, 2]
    assert [warm_up(2, 0.5)(k) for k in range(4)] == [0.0, 0.25, 0.5, 0.5]
    assert [warm_up(2, 0.5, start=1.5)(k) for k in range(4)] == [1.5, 1.0, 0.5, 0.5]
    twice = warm_up(2, warm_up(2, 3.0, start=1.0))
    assert [twice(k) for k in range(6)] == [0.0, 0.5, 1.0, 2.0, 3.0, 3.0]


@pytest.mark.parametrize(
    "name", ["exponential", "logarithmic", "cyclical", "constant", "linear", "cosine", "warm_up"]
)
def test_a_spring_cools_with_its_schedule(name):
    """Exact law of a cooling spring: walker j gets the j-th kick alone, so Var = sum of squares."""
    n, tau, stiffness = 40, 0.1, 1.5
    T, law = LAWS[name]
    kernel = ula(harmonic(stiffness), tau, T)
    state = kernel.init(np.zeros((n, 1)))
    for kick in np.eye(n):
        state = kernel.step(state, Scripted(kick[:, None]))
    variance = 0.0
    for k in range(n):
        variance = (1 - tau * stiffness) ** 2 * variance + 2 * tau * law(k)
    assert (state.x**2).sum() == pytest.approx(variance, rel=1e-12)


def test_a_step_size_may_have_a_schedule():
    tau = polynomial(0.5, power=0.6, offset=2.0)
    kernel = ula(harmonic(), tau, 0.0)
    state = kernel.init(np.ones((1, 1)))
    for _ in range(30):
        state = kernel.step(state, None)
    assert state.x.item() == pytest.approx(np.prod([1 - tau(k) for k in range(30)]), rel=1e-12)


def test_numbers_stay_and_functions_are_asked():
    assert constant(-2.0)(5) == -2.0
    assert as_schedule(0.1, "step_size")(99) == 0.1
    assert as_schedule(lambda k: 2.0**-k, "step_size")(3) == 0.125
    assert as_schedule(lambda k: np.float64(k), "step_size")(3) == 3.0
    assert as_schedule(lambda k: k + 1, "step_size")(3) == 4.0
    assert as_schedule(0, "temperature", zero_allowed=True)(0) == 0.0


@pytest.mark.parametrize(
    "value, kind, words",
    [
        (-0.1, ValueError, "step_size must be positive, got -0.1"),
        (0, ValueError, "step_size must be positive, got 0"),
        (0.0, ValueError, "step_size must be positive, got 0.0"),
        (float("nan"), ValueError, "step_size must be positive, got nan"),
        (float("inf"), ValueError, "step_size must be positive, got inf"),
        ("fast", TypeError, "step_size must be positive, got 'fast': not a number"),
        (None, (TypeError, ValueError), "step_size must be positive, got"),
    ],
)
def test_bad_numbers_get_a_sentence(value, kind, words):
    with pytest.raises(kind, match=words):
        as_schedule(value, "step_size")
    with pytest.raises(kind, match=words.replace("size must", r"size\(3\) must")):
        as_schedule(lambda k: value, "step_size")(3)


BAD_SCHEDULES = {
    "constant": (constant, (float("nan"),), "value must be finite, got nan"),
    "rising": (exponential, (1.0, -5.0), "time must be positive, got -5.0"),
    "cold start": (exponential, (0.0, 5.0), "start must be positive, got 0.0"),
    "no scale": (polynomial, (0.0,), "scale must be positive, got 0.0"),
    "power": (polynomial, (1.0, -1.0), "power must be positive, got -1.0"),
    "offset 0": (polynomial, (1.0, 1.0, 0.0), "offset must be positive, got 0.0"),
    "c": (logarithmic, (-1.0,), "scale must be positive, got -1.0"),
    "ln 1": (logarithmic, (1.0, 1.0), r"offset must be above 1, for ln\(k \+ offset\) .* got 1.0"),
    "ln ln": (gelfand_mitter, (1.0, 1.0, 2.0), r"above 2.71828, for ln ln\(k \+ offset\) .* 2.0"),
    "Q": (gelfand_mitter, (-1.0, 1.0), "noise must be positive, got -1.0"),
    "A": (gelfand_mitter, (1.0, 0.0), "step must be positive, got 0.0"),
    "period 0": (cyclical, (1.0, 0), "period must be at least 1, got 0"),
    "high": (cyclical, (0.0, 5), "high must be positive, got 0.0"),
    "upside down": (cyclical, (1.0, 5, 2.0), "low must be below high = 1.0, got 2.0"),
    "line from nowhere": (linear, (float("inf"), 0.0, 5), "start must be finite, got inf"),
    "line to nowhere": (linear, (1.0, float("nan"), 5), "end must be finite, got nan"),
    "line of no steps": (linear, (1.0, 0.0, 0), "steps must be at least 1, got 0"),
    "cosine of no steps": (cosine, (1.0, 0.0, 0), "steps must be at least 1, got 0"),
    "no warming": (warm_up, (0, 0.1), "steps must be at least 1, got 0"),
    "then nowhere": (warm_up, (3, float("nan")), "then must be finite, got nan"),
    "then a pole": (warm_up, (3, lambda k: float("inf")), r"then\(0\) must be finite, got inf"),
    "below zero": (cyclical, (1.0, 5, -1.0), "low must be zero or positive, got -1.0"),
}


@pytest.mark.parametrize("make, arguments, words", BAD_SCHEDULES.values(), ids=BAD_SCHEDULES.keys())
def test_bad_schedules_get_a_sentence(make, arguments, words):
    with pytest.raises(ValueError, match=words):
        make(*arguments)


def test_part_of_a_step_is_no_period():
    with pytest.raises(TypeError, match=r"period must be a whole number, got 2.5"):
        cyclical(1.0, 2.5)


def test_a_bad_value_of_a_function_is_caught_when_it_comes():
    cooling = as_schedule(lambda k: 1.0 - k, "temperature", zero_allowed=True)
    assert cooling(1) == 0.0
    with pytest.raises(ValueError, match=r"temperature\(2\) must be zero or positive, got -1.0"):
        cooling(2)


def test_gelfand_mitter_begins_where_its_double_logarithm_is_positive():
    assert gelfand_mitter(1.0, 1.0)(0) == pytest.approx(1 / (2 * log(log(3))))


@pytest.mark.parametrize(
    "schedule, k",
    [
        (exponential(0.1, 10), 7430),
        (exponential(0.1, 10), 10**6),
        (exponential(0.1, 1e-308), 10),
        (polynomial(0.1, power=200.0), 100),
        (polynomial(0.1), 10**400),
        (cyclical(0.1, period=10**9), 10**9 - 1),
    ],
)
def test_a_value_too_small_for_floating_point_stays_positive(schedule, k):
    assert 0 < as_schedule(schedule, "step_size")(k) < 1e-300


def test_a_run_goes_on_when_its_step_size_has_become_too_small_to_move_it(rng):
    kernel = ula(harmonic(), exponential(0.1, 10), temperature=exponential(1.0, 10))
    state = kernel.init(np.ones((1, 1)))._replace(k=10**5)
    assert kernel.step(state, rng).x == [[1.0]]


def test_an_array_is_not_a_step_size():
    with pytest.raises(
        TypeError, match=r"step_size must be one number, got an array of shape \(3,"
    ):
        as_schedule(np.ones(3), "step_size")


# A step size of zero


def test_a_step_size_is_zero_in_a_schedule_and_never_a_number():
    for zero_number in (0, 0.0, np.float64(0.0)):
        with pytest.raises(ValueError, match="step_size must be positive, got 0"):
            as_step_size(zero_number)
        assert as_step_size(lambda k, z=zero_number: z)(3) == 0.0
    assert as_step_size(0.1)(5) == 0.1
    with pytest.raises(ValueError, match=r"step_size\(2\) must be zero or positive, got -1.0"):
        as_step_size(lambda k: 1.0 - k)(2)
    with pytest.raises(ValueError, match=r"step_size\(2\) must be zero or positive, got nan"):
        as_step_size(lambda k: float("nan"))(2)


def test_a_momentum_is_below_one():
    rising = as_momentum(lambda k: k / 2)
    assert [rising(0), rising(1)] == [0.0, 0.5]
    for k in (2, 3):
        with pytest.raises(ValueError, match=rf"momentum\({k}\) must be below 1, got {k / 2}"):
            rising(k)
    with pytest.raises(TypeError, match="momentum must be one number, got an array"):
        as_momentum(np.full(3, 0.5))


WELL = double_well(tilt=0.15)


def resting(k):
    """Step sizes: none at every third step, the second among them."""
    return 0.0 if k % 3 == 1 else 0.02


STANDING = {
    "langevin": lambda eta: langevin(exact(WELL), eta, 0.7),
    "descent": lambda eta: gradient_descent(WELL, eta),
    "ula": lambda eta: ula(WELL, eta, 0.7),
    "sgd": lambda eta: sgd(noisy(WELL, 0.5), eta),
    "sgld": lambda eta: sgld(noisy(WELL, 0.5), eta),
    "leimkuhler_matthews": lambda eta: leimkuhler_matthews(WELL, eta, 0.7),
    "adagrad": lambda eta: adagrad(exact(WELL), eta),
    "rmsprop": lambda eta: rmsprop(exact(WELL), eta),
    "adam": lambda eta: adam(exact(WELL), eta),
    "adamw": lambda eta: adamw(exact(WELL), eta, weight_decay=0.3),
    **{
        word: lambda eta, word=word: splitting(word, exact(WELL), eta, 0.7, 0.9, 2.0)
        for word in ("BAOAB", "OBABO", "ABOBA", "OBA")
    },
    "BAB": lambda eta: splitting("BAB", exact(WELL), eta, 0.0, 0.0, 2.0),
}
COASTING = {
    "heavy_ball": lambda eta: heavy_ball(exact(WELL), eta, 0.8),
    "nesterov": lambda eta: nesterov(exact(WELL), eta, 0.8),
}


@pytest.mark.parametrize("make", STANDING.values(), ids=STANDING)
def test_a_step_of_size_zero_leaves_everything_where_it_is(make, rng):
    """To the last bit; only averages of the gradient go on."""
    kernel = make(resting)
    state = kernel.init(rng.standard_normal((5, 1)))
    for k in range(9):
        before, state = state, kernel.step(state, rng)
        assert state.k == k + 1 and np.all(np.isfinite(state.x))
        assert np.array_equal(state.x, before.x) == (k % 3 == 1)
        if k % 3 == 1:
            for name in {"p", "xi"} & set(state._fields):
                assert np.array_equal(getattr(state, name), getattr(before, name))


@pytest.mark.parametrize("name", COASTING)
def test_at_a_step_of_size_zero_a_ball_coasts(name, rng):
    kernel = COASTING[name](resting)
    state = kernel.init(rng.standard_normal((5, 1)))
    for k in range(9):
        before, state = state, kernel.step(state, rng)
        moved = state[1]
        assert np.array_equal(state.x, before.x + moved)
        assert np.array_equal(moved, 0.8 * before[1]) == (k % 3 == 1)


def test_noise_that_waits_for_a_step_of_size_zero_acts_in_full_after_it(rng):
    """Leimkuhler and Matthews' half noises: a rest in the middle changes nothing."""
    kicks = rng.standard_normal((6, 4, 1))
    with_rest, without = (
        leimkuhler_matthews(WELL, eta, 0.7) for eta in (lambda k: 0.0 if k == 2 else 0.02, 0.02)
    )
    one, two = with_rest.init(np.zeros((4, 1))), without.init(np.zeros((4, 1)))
    noise, same = Scripted(*kicks), Scripted(*kicks)
    for _ in range(5):
        one = with_rest.step(one, noise)
    for _ in range(4):
        two = without.step(two, same)
    assert np.array_equal(one.x, two.x) and np.array_equal(one.xi, two.xi)


def test_a_line_goes_the_same_way_through_a_step_of_size_zero():
    for make in (STANDING | COASTING).values():
        path = trajectory(make(resting), 0.7, 7, np.random.default_rng(9))
        array = simulate(make(resting), [[0.7]], 7, np.random.default_rng(9), observe=position)
        np.testing.assert_allclose(path, array[:, 0, 0], rtol=1e-12)


@pytest.mark.parametrize("make", [random_walk, mala])
def test_a_move_of_no_length_cannot_be_proposed(make, rng):
    """It would count as accepted, and the way back from it is 0 / 0."""
    kernel = make(WELL, linear(0.1, 0.0, 2), 0.7)
    with pytest.raises(ValueError, match=r"step_size\(2\) must be positive, got 0.0"):
        simulate(kernel, [[0.5]], 3, rng)
