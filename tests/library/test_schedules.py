"""Schedules: numbers, or functions of the step count."""

import pytest

from langevin.schedules import as_schedule, constant


def test_numbers_stay_and_functions_are_asked():
    assert constant(-2.0)(5) == -2.0
    assert as_schedule(0.1, "step_size")(99) == 0.1
    assert as_schedule(lambda k: 2.0**-k, "step_size")(3) == 0.125
    assert as_schedule(0, "temperature", zero_allowed=True)(0) == 0.0


@pytest.mark.parametrize(
    "value, kind, words",
    [
        (-0.1, ValueError, "step_size must be positive, got -0.1"),
        (0, ValueError, "step_size must be positive, got 0"),
        (float("nan"), ValueError, "step_size must be positive, got nan"),
        (float("inf"), ValueError, "step_size must be positive, got inf"),
        ("fast", TypeError, "step_size must be positive, got 'fast', which is no number"),
        (None, (TypeError, ValueError), "step_size must be positive, got"),
    ],
)
def test_bad_numbers_get_a_sentence(value, kind, words):
    with pytest.raises(kind, match=words):
        as_schedule(value, "step_size")


def test_a_bad_value_of_a_function_is_caught_when_it_comes():
    cooling = as_schedule(lambda k: 1.0 - k, "temperature", zero_allowed=True)
    assert cooling(1) == 0.0
    with pytest.raises(ValueError, match=r"temperature\(2\) must be zero or positive, got -1.0"):
        cooling(2)
