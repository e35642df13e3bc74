"""Parameters of a live figure that change from step to step, and values that a reader may move."""

from __future__ import annotations

import inspect
import re
from numbers import Real
from typing import Any

import numpy as np

from langevin import _checks, schedules
from langevin.figures.methods import ALLOWED
from langevin.figures.parameters import named

# The schedules of the library as expressions of the step count k.
FORMS = {
    "linear": "end + (start - end)*(1 + sign(steps - k))/2*(1 - k/steps)",
    "cosine": "end + (start - end)*(1 + sign(steps - k))/2*(1 + cos(pi*k/steps))/2",
    "exponential": "start*exp(-k/time)",
    "polynomial": "scale/(k + offset)**power",
    "logarithmic": "scale/log(k + offset)",
    "cyclical": "low + (high - low)/2*(1 + cos(pi*Mod(k, period)/period))",
    "gelfand_mitter": "noise/(2*step*log(log(k + offset)))",
}


class Schedule:
    """A parameter of a live figure that changes from step to step.

    Parameters
    ----------
    form : str
        The name of one of `langevin.schedules`, such as ``"exponential"``, or an expression of
        the step count k, such as ``"start/(1 + k/time)"``.  It may call what `Potential` may, and
        ``Mod``.
    **numbers : float or Slider
        What that schedule takes, or a value for each other name in the expression.  A slider
        appears in the figure under the parameter's name and its own, ``temperature_time``.

    Raises
    ------
    ValueError
        If the form is not known, or a number is missing, unknown or out of range.

    Examples
    --------
    >>> from langevin.figures import Slider
    >>> Schedule("exponential", start=2.0, time=Slider([100, 1000])).expression
    'start*exp(-k/time)'
    """

    def __init__(self, form: str, **numbers: Any) -> None:
        if not isinstance(form, str):
            raise TypeError(f"form must be a name or an expression of k, got {form!r}")
        self.form = form
        self.expression = FORMS.get(form, form)
        self.numbers = numbers
        if form in FORMS:
            law = getattr(schedules, form)
            try:
                bound = inspect.signature(law).bind(**numbers)
            except TypeError as error:
                takes = ", ".join(inspect.signature(law).parameters)
                raise ValueError(f"schedule {form!r} takes {takes}: {error}") from None
            bound.apply_defaults()
            self.numbers = dict(bound.arguments)
            # the library checks them, each value of a slider beside the first of the others
            for name, value in self.numbers.items():
                for one in values_of(name, value):
                    law(**first_values(self.numbers) | {name: one})
        elif not re.search(r"\bk\b", form):
            raise ValueError(
                f"a schedule is one of {', '.join(FORMS)} or an expression of k, got {form!r}"
            )

    def code(self, parameter: str) -> str:
        """Return the JavaScript of the value at step k, its numbers named after `parameter`."""
        import sympy

        from langevin.potentials.expressions import FUNCTIONS, javascript, numpy_function, parse

        k = sympy.Symbol("k", real=True)
        own = {name: sympy.Symbol(f"{parameter}_{name}", real=True) for name in self.numbers}
        law = parse(self.expression, {"k": k, **own}, FUNCTIONS | {"Mod": sympy.Mod})
        values = {own[name]: value for name, value in first_values(self.numbers).items()}
        unknown = sorted(s.name for s in law.free_symbols - {k, *values})
        unused = sorted(name for name in own if own[name] not in law.free_symbols)
        if unknown or unused:
            raise ValueError(
                f"the schedule {self.form!r} of {parameter} must use k and the numbers given, "
                f"got {', '.join(unknown)} without a value and no use for {', '.join(unused)}"
            )
        at = numpy_function([k], law.subs(values))
        for step in np.array([0, 1, 2, 10, 1e3, 1e6]):
            with np.errstate(all="ignore"):
                value = at(step)
            check = _checks.not_negative if parameter == "step_size" else ALLOWED[parameter]
            check(value, f"{parameter} at step {step:.0f}")
        named_values = {symbol.name: float(value) for symbol, value in values.items()}
        return javascript([k], named_values, law, [])


def values_of(name, value) -> list[Any]:
    """Return all values that a number or a slider can have."""
    if callable(value):
        raise TypeError(
            f"{name} must be a number, a Slider or a Schedule, got {value!r}; a schedule is "
            "written Schedule('exponential', start=2.0, time=500.0)"
        )
    if isinstance(value, Real) and not isinstance(value, bool):
        return [value]
    if isinstance(value, str | bool | Schedule):
        raise TypeError(f"{name} must be a number, a Slider or a Schedule, got {value!r}")
    slider = named(name, value)
    if not slider.is_number:
        raise ValueError(f"the slider of {name} must hold numbers, got {slider.values}")
    return list(slider.values)


def first_values(numbers) -> dict[str, Any]:
    """Return the value shown first of each number or slider."""
    first = {}
    for name, value in numbers.items():
        values = values_of(name, value)
        first[name] = value if isinstance(value, Real) else values[named(name, value).first]
    return first
