"""Checks that the optimizers share."""

from langevin import _checks


def fraction(value, name):
    """Return `value` as a float if it is at least 0 and below 1."""
    value = float(_checks.not_negative(value, name))
    if value >= 1:
        raise ValueError(f"{name} must be below 1, got {value}")
    return value


def as_fraction(value, name):
    """Turn a number, or a function of the step count, into a schedule of such values."""
    if not callable(value):
        value = fraction(value, name)
        return lambda k: value
    return lambda k: fraction(value(k), f"{name}({k})")
