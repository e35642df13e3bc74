"""One layout for all states of a figure: axes that stay where they are while a slider moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from langevin.figures.style import house_style
from langevin.figures.svg import Defs, Renderer, in_points


def share(figures: Sequence[Figure], defs: Defs) -> None:
    """Give the axes of all figures the same places, with room for the widest labels of any.

    Figures whose axes stand in different grids are laid out separately.  Layout engines are
    switched off afterwards, so that nothing moves when a figure is drawn.
    """
    alike: dict[Hashable, list[Figure]] = {}
    for figure in figures:
        if figure.get_layout_engine() is not None and _placed(figure):
            alike.setdefault(_grid(figure), []).append(figure)
    with house_style():
        for states in alike.values():
            _lay_out(states, Renderer(states[0], defs))
    for figure in figures:
        figure.set_layout_engine("none")


def _grid(figure: Figure) -> Hashable:
    """Return what must agree for a common layout: engine, places, texts around all axes."""
    places = tuple(place.bounds for place in _places(figure))
    around = (figure.get_suptitle(), figure.get_supxlabel(), figure.get_supylabel())
    alone = id(figure) if figure.legends else None  # the room that they need is not compared
    return type(figure.get_layout_engine()), places, around, alone


def _lay_out(states: Sequence[Figure], renderer: RendererBase) -> None:
    """Lay out the first figure with the largest margins of all, then place the others' axes.

    As matplotlib does it, twice: axes that have moved may choose other ticks, with wider labels.
    The second time only the figures that need the most room are measured again.
    """
    first, *others = states
    _execute(first)
    largest = np.zeros((len(_placed(first)), 4))
    widest = states
    for _ in range(2 if others else 0):
        for figure in others:
            _place(figure, _places(first))
        margins = np.array([_margins(figure, renderer) for figure in widest])
        widest = [widest[i] for i in np.unique(margins.argmax(axis=0))]
        largest = np.maximum(largest, margins.max(axis=0))
        with _padded(_placed(first), largest):
            _execute(first)
    for figure in others:
        _place(figure, _places(first))


def _execute(figure: Figure) -> None:
    with in_points(figure):
        if engine := figure.get_layout_engine():
            engine.execute(figure)


def _placed(figure: Figure) -> list[Axes]:
    """Axes that a layout engine places: those in a grid, and colour bars."""
    return [ax for ax in figure.axes if ax.get_subplotspec() or hasattr(ax, "_colorbar_info")]


def _places(figure: Figure) -> list[Bbox]:
    return [ax.get_position(original=True) for ax in _placed(figure)]


def _place(figure: Figure, places: Sequence[Bbox]) -> None:
    for ax, place in zip(_placed(figure), places, strict=True):
        ax.set_position(place)


def _margins(figure: Figure, renderer: RendererBase) -> np.ndarray:
    """Room for labels to the left, below, to the right and above each axes, in points."""
    margins = []
    with in_points(figure), ticks_found_once(figure):
        for ax in _placed(figure):
            place = _in_figure(ax)
            box = ax.get_tightbbox(renderer, for_layout_only=True) or place  # none if invisible
            margins.append(
                [place.x0 - box.x0, place.y0 - box.y0, box.x1 - place.x1, box.y1 - place.y1]
            )
    return np.reshape(margins, (-1, 4))


@contextmanager
def ticks_found_once(figure: Figure) -> Iterator[None]:
    """Let axes that do not change find and measure their ticks once; matplotlib does it often."""
    axes = [axis for panel in figure.axes for axis in (panel.xaxis, panel.yaxis)]
    steps = ("_update_ticks", "_get_ticklabel_bboxes")
    for axis, step in product(axes, steps):
        setattr(axis, step, _once(getattr(axis, step)))
    try:
        yield
    finally:
        for axis, step in product(axes, steps):
            delattr(axis, step)


def _once(function: Callable[..., Any]) -> Callable[..., Any]:
    """Call a function only once, whatever it is given."""
    results: list[Any] = []

    def first(*arguments: Any) -> Any:
        if not results:
            results.append(function(*arguments))
        return results[0]

    return first


@contextmanager
def _padded(axes: Sequence[Axes], margins: np.ndarray) -> Iterator[None]:
    """Let a layout engine find these margins around the axes."""
    for ax, margin in zip(axes, margins, strict=True):
        ax.get_tightbbox = partial(_box, ax, margin)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for ax in axes:
            del ax.get_tightbbox


def _box(ax: Axes, margin: np.ndarray, renderer: RendererBase, **_: Any) -> Bbox:
    place = _in_figure(ax)
    return Bbox(place.get_points() + margin.reshape(2, 2) * [[-1], [1]])


def _in_figure(ax: Axes) -> Bbox:
    """Place of the axes in the units of the renderer."""
    return ax.get_position(original=True).transformed(ax.figure.transSubfigure)
