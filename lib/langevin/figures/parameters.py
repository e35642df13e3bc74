"""What a reader may change in a figure: values, their names and how they are written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np

from langevin._checks import describe

STOPS = 200  # of a slider on which every value is free
PLAIN = re.compile(r"\.\d+[fg]")  # formats that the page can write too


@dataclass(frozen=True)
class Slider:
    """Values of one parameter, with the words that go with it.

    A live figure's slider also takes every value between two that are given, in equal steps or,
    from each value to one at least twice as large, by equal factors. An explored figure in a page
    has only the values that are given.

    Parameters
    ----------
    values : sequence
        Increasing numbers become a slider; anything else (words, booleans, a mixture) a choice.
    label : str, optional
        Name shown to the reader; by default the parameter's name.
    unit : str
        Written after each value.
    format : str or callable, optional
        A format specification such as ".2f", or a function from a value to its text.
    start : optional
        The value shown first; by default the first one.

    Raises
    ------
    ValueError
        For values that are empty, repeated, not finite or not increasing, or a start that is not
        among them.

    Examples
    --------
    >>> slider = Slider([0.1, 0.5, 2.0], unit="µm", format=".1f", start=0.5)
    >>> slider.texts
    ['0.1 µm', '0.5 µm', '2.0 µm']
    >>> slider.is_number
    True
    """

    values: Sequence[Any]
    label: str | None = None
    unit: str = ""
    format: str | Callable[[Any], str] | None = None
    start: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", _values(self.values))
        values = self.values
        if not values:
            raise ValueError("a slider needs at least one value, got none")
        if any(v in values[:i] for i, v in enumerate(values)):
            raise ValueError(
                f"the values of a slider must differ from each other, got {describe(values)}"
            )
        if self.is_number:
            if not all(map(math.isfinite, values)):
                raise ValueError(f"the values of a slider must be finite, got {describe(values)}")
            if values != sorted(values):
                raise ValueError(
                    f"the values of a slider must increase, got {describe(values)}: sort them"
                )
        if self.start is not None and self.start not in values:
            raise ValueError(
                f"start must be one of the values {describe(values)}, got {describe(self.start)}"
            )
        try:
            self.texts  # noqa: B018
        except (ValueError, TypeError) as error:
            raise ValueError(
                f"format must write every value, as '.2f' or a function do; "
                f"got {describe(self.format)} ({error})"
            ) from None

    @property
    def is_number(self) -> bool:
        """Whether the values form a scale to slide along."""
        return all(isinstance(v, Real) and not isinstance(v, bool) for v in self.values)

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers make sense."""
        return self.is_number and all(isinstance(v, Integral) for v in self.values)

    @property
    def fine(self) -> int:
        """How often a slider on which every value is free stops from one value to the next."""
        values, form = self.values, self.format
        if len(values) < 2 or (form and not (isinstance(form, str) and PLAIN.fullmatch(form))):
            return 1  # only Python can write other values
        return max(1, round(STOPS / (len(values) - 1)))

    @property
    def first(self) -> int:
        """Place of the value shown first."""
        return 0 if self.start is None else self.values.index(self.start)

    @property
    def texts(self) -> list[str]:
        """All values as the reader sees them."""
        return [self.text(value) for value in self.values]

    def text(self, value: Any) -> str:
        """One value as the reader sees it, with its unit."""
        if callable(self.format):
            number = str(self.format(value))
        elif isinstance(value, bool):
            number = "yes" if value else "no"
        elif isinstance(value, Real):
            number = format(value, self.format or ".6g").replace("-", "\N{MINUS SIGN}")
        else:
            number = str(value)
        return f"{number} {self.unit}".rstrip()


def _values(values: Iterable[Any]) -> list[Any]:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise ValueError(f"a parameter needs a sequence of values, got {describe(values)}")
    return [value.item() if isinstance(value, np.generic) else value for value in values]


def named(name: str, values: Any) -> Slider:
    """Slider of this parameter; a complaint names it."""
    try:
        slider = values if isinstance(values, Slider) else Slider(values)
    except ValueError as error:
        raise ValueError(f"parameter {name}: {error}") from None
    label = slider.label or name.replace("_", " ")
    return Slider(slider.values, label, slider.unit, slider.format, slider.start)
