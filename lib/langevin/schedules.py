"""Schedules: numbers that may change from step to step, as plain functions of the step count."""

from collections.abc import Callable

from langevin import _checks

Schedule = Callable[[int], float]


def constant(value: float) -> Schedule:
    """Return the schedule that is `value` at every step.

    Parameters
    ----------
    value : float
        Any finite number, in the units of the quantity it stands for.

    Returns
    -------
    callable
        ``schedule(k) -> value``.

    Examples
    --------
    >>> constant(0.1)(7)
    0.1
    """
    value = float(_checks.finite(value, "value"))
    return lambda k: value


def as_schedule(value: float | Schedule, name: str, *, zero_allowed: bool = False) -> Schedule:
    """Turn a number into a constant schedule; leave a function of the step count as it is.

    Parameters
    ----------
    value : float or callable
        A number, or a function ``k -> float`` of the number of steps taken so far.
    name : str
        What the number is, for error messages.
    zero_allowed : bool
        Whether 0 is a fair value (it is for a temperature, not for a step size).

    Returns
    -------
    callable
        ``schedule(k) -> float``; a function's values are checked each time it is asked.

    Raises
    ------
    ValueError
        If a value is negative, not finite, or zero where zero is not allowed.
    TypeError
        If `value` is neither a number nor callable.

    Examples
    --------
    >>> as_schedule(0.1, "step_size")(0)
    0.1
    >>> as_schedule(lambda k: 1 / (k + 1), "temperature")(4)
    0.2
    """
    check = _checks.not_negative if zero_allowed else _checks.positive
    if callable(value):
        return lambda k: float(check(value(k), f"{name}({k})"))
    return constant(check(value, name))
