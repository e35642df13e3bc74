"""`show` a figure, or let the reader `explore` it."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure

from langevin.figures import output
from langevin.figures.explorer import Explorer, name_of, picture
from langevin.figures.grid import page
from langevin.figures.parameters import Slider, named

MAX_STATES = 400


def show(fig: Figure, *, alt: str, caption: str | None = None) -> output.Html:
    r"""Show a matplotlib figure as a drawing that follows the page's theme.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Black in it is the colour of the page's text, white that of the page.
    alt : str
        What the figure shows, in words.
    caption : str, optional
        Words under the figure; mathematics between `\(` and `\)`.

    Returns
    -------
    Html
        Make it the last line of the cell.

    Raises
    ------
    ValueError
        If there is no alternative text.
    TypeError
        If `fig` is not a matplotlib figure.

    Examples
    --------
    >>> from langevin import figures
    >>> fig, ax = figures.axes()
    >>> line = ax.plot([0, 1, 2], [0, 1, 4])
    >>> figures.show(fig, alt="A parabola through the origin.").alt
    'A parabola through the origin.'
    """
    if not isinstance(fig, Figure):
        raise TypeError(f"show needs a matplotlib Figure, got {type(fig).__name__}")
    return output.Html(output.styled(picture(fig, alt, caption)), output.checked_text("alt", alt))


def explore(
    draw: Callable[..., Figure | None],
    *,
    alt: str | Callable[..., str],
    caption: str | None = None,
    **parameters: Any,
) -> Any:
    r"""Let the reader change the parameters of an ordinary matplotlib function.

    With a live kernel the controls are ipywidgets and a slider reaches every value between its
    ends.  In the built book all combinations of the given values are drawn once and kept as a
    single drawing in which only what changes is swapped.  All states share one layout, with room
    for the widest labels of any, so that the axes stay where they are.

    Parameters
    ----------
    draw : callable
        Makes and returns a matplotlib figure from the parameters, always of the same size.
        When it returns None, pyplot's current figure is taken.
    alt : str or callable
        What the figure shows, in words; a function of the same parameters tells it for each
        state, and its words are announced when the state changes.
    caption : str, optional
        Words under the figure; mathematics between `\(` and `\)`.
    **parameters : sequence or Slider
        The values each argument of `draw` may take; numbers make a slider, words and booleans
        a choice.  A `Slider` adds a label, a unit, a format and the value to start with.

    Returns
    -------
    ipywidgets.VBox or Html
        Make it the last line of the cell.

    Raises
    ------
    ValueError
        For parameters that `draw` does not know or that are missing, values no slider can have,
        too many states or bytes, or states of different sizes.
    RuntimeError
        If `draw` fails; the message names the state.

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import figures
    >>> def draw(rate):
    ...     fig, ax = figures.axes()
    ...     t = np.linspace(0, 5)
    ...     ax.plot(t, np.exp(-rate * t))
    ...     return fig
    >>> chart = figures.explore(
    ...     draw,
    ...     rate=figures.Slider([0.5, 1.0, 2.0], unit="per second", start=1.0),
    ...     alt=lambda rate: f"A curve that falls to 1/e after {1 / rate:g} s.",
    ... )
    """
    explorer = Explorer(draw, _checked(draw, parameters), alt, caption)
    if not callable(alt):
        output.checked_text("alt", alt)
    _refuse_crowd(explorer.sliders)
    if output.is_static():
        return page(explorer)
    from langevin.figures.widgets import widget  # ipywidgets takes most of a second to load

    return widget(explorer)


def _checked(draw: Callable[..., Any], parameters: dict[str, Any]) -> dict[str, Slider]:
    """Parameters as sliders, in the order given; complain about names `draw` does not have."""
    if not callable(draw):
        raise ValueError(f"explore needs a function that draws, got {draw!r}")
    if not parameters:
        raise ValueError("explore needs at least one parameter to change; without one, use show")
    known = inspect.signature(draw).parameters
    allowed = [n for n, p in known.items() if p.kind not in {p.VAR_POSITIONAL, p.VAR_KEYWORD}]
    takes_any = any(p.kind == p.VAR_KEYWORD for p in known.values())
    unknown = [] if takes_any else [name for name in parameters if name not in allowed]
    if unknown:
        raise ValueError(
            f"{name_of(draw)} has no parameter {', '.join(unknown)}; "
            f"its parameters are {', '.join(allowed) or 'none'}"
        )
    missing = [n for n in allowed if known[n].default is inspect.Parameter.empty]
    missing = [name for name in missing if name not in parameters]
    if missing:
        raise ValueError(f"{name_of(draw)} also needs values for {', '.join(missing)}")
    return {name: named(name, values) for name, values in parameters.items()}


def _refuse_crowd(sliders: dict[str, Slider]) -> None:
    counts = [len(slider.values) for slider in sliders.values()]
    if math.prod(counts) > MAX_STATES:
        raise ValueError(
            f"{' × '.join(map(str, counts))} = {math.prod(counts)} states are more than the "
            f"{MAX_STATES} a page can hold: give fewer values for {', '.join(sliders)}"
        )
