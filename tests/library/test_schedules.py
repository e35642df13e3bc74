"""Schedules: numbers, or functions of the step count."""

from math import cos, e, exp, log, pi

import numpy as np
import pytest
from library_checks import Scripted

from langevin import harmonic, ula
from langevin.gradients import zero
from langevin.overdamped import langevin
from langevin.schedules import (
    as_schedule,
    constant,
    cyclical,
    exponential,
    gelfand_mitter,
    logarithmic,
    polynomial,
)

STEPS = range(0, 60, 7)
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


@pytest.mark.parametrize("name", ["exponential", "logarithmic", "cyclical", "constant"])
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
