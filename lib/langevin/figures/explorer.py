"""A drawing function and its parameters, and the picture of one state."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from langevin.figures import output
from langevin.figures.parameters import Slider
from langevin.figures.style import STYLE
from langevin.figures.svg import Defs, render


@dataclass(frozen=True)
class Explorer:
    """A drawing function, its parameters and the words that go with it."""

    draw: Callable[..., Figure | None]
    sliders: dict[str, Slider]
    alt: str | Callable[..., str]
    caption: str | None = None

    def figure(self, state: dict[str, Any]) -> Figure:
        """Draw one state, in the house style, and leave no pyplot figure behind."""
        from matplotlib import pyplot

        open_before = set(pyplot.get_fignums())
        try:
            with mpl.rc_context(STYLE):
                fig = self.draw(**state)
                if fig is None and set(pyplot.get_fignums()) - open_before:
                    fig = pyplot.gcf()
        except Exception as error:
            raise RuntimeError(
                f"{name_of(self.draw)} failed at {describe(state)}: {type(error).__name__}: {error}"
            ) from error
        finally:
            for number in set(pyplot.get_fignums()) - open_before:
                pyplot.close(number)
        if not isinstance(fig, Figure):
            raise RuntimeError(
                f"{name_of(self.draw)} must return the matplotlib Figure it made, "
                f"got {type(fig).__name__} at {describe(state)}"
            )
        return fig

    def words(self, state: dict[str, Any]) -> str:
        """Alternative text of one state."""
        if not callable(self.alt):
            return output.checked_text("alt", self.alt)
        try:
            return output.checked_text("alt", self.alt(**state))
        except Exception as error:
            raise RuntimeError(f"alt failed at {describe(state)}: {error}") from error

    @property
    def states(self) -> list[dict[str, Any]]:
        """All combinations of values; the last parameter runs fastest."""
        grid = itertools.product(*(slider.values for slider in self.sliders.values()))
        return [dict(zip(self.sliders, values, strict=True)) for values in grid]

    @property
    def first(self) -> int:
        """Number of the state shown first."""
        number = 0
        for slider in self.sliders.values():
            number = number * len(slider.values) + slider.first
        return number


def picture(fig: Figure, alt: str, caption: str | None) -> str:
    """Frame with one drawing, the same in every build."""
    alt, defs = output.checked_text("alt", alt), Defs()
    body = render(fig, defs).markup
    shapes, body = output.prefix_ids(defs.markup, body)
    return output.figure("show", output.svg(shapes + body, size_of(fig), alt), caption=caption)


def size_of(fig: Figure) -> tuple[float, float]:
    """Width and height in points."""
    width, height = fig.get_size_inches()
    return round(72 * float(width), 3), round(72 * float(height), 3)


def name_of(draw: Callable[..., Any]) -> str:
    """Name of the author's function, for messages."""
    return getattr(draw, "__name__", "draw")


def describe(state: dict[str, Any]) -> str:
    """Parameters of a state, for messages."""
    return ", ".join(f"{name}={value!r}" for name, value in state.items())
