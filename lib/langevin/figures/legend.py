"""The legend of a race: each system by its colour, and in grey by its dash and its mark."""

from __future__ import annotations

import html
from collections.abc import Iterable

import numpy as np

from langevin.figures.shared import CORNER_RADIUS, CORNERS, DASHES, HUES
from langevin.figures.style import LIGHT

LONG, HIGH = 34, 10  # of a sample


def legend(labels: list[str], views: Iterable[str], beside: bool) -> str:
    """Markup of the legend, or nothing where each system has titled panels of its own.

    Examples
    --------
    >>> legend(["alone"], ["energy"], False)
    ''
    >>> legend(["cold", "warm"], ["particles"], True)
    ''
    >>> legend(["cold", "warm"], ["particles", "energy"], True).count("<li>")
    2
    """
    in_time = any(view not in ("particles", "histogram") for view in views)
    if len(labels) < 2 or (beside and not in_time):
        return ""
    items = (
        f"<li>{_sample(i, in_time)}{html.escape(label)}</li>" for i, label in enumerate(labels)
    )
    return f'<ul class="lv-legend">{"".join(items)}</ul>'


def _sample(i: int, in_time: bool) -> str:
    """Draw a piece of line, where there are lines, with the mark of a particle."""
    hue = HUES[i % len(HUES)]
    colour = f"var(--lv-{hue},{LIGHT[hue]})"
    dashes = " ".join(f"{length:g}" for length in DASHES[i % len(DASHES)]) or "none"
    line = (
        f'<path d="M1 {HIGH / 2:g}h{LONG - 2}" stroke="{colour}" stroke-width="1.6" '
        f'stroke-linecap="round" stroke-dasharray="{dashes}"/>'
    )
    return (
        f'<svg viewBox="0 0 {LONG} {HIGH}" width="{LONG}" height="{HIGH}" aria-hidden="true">'
        f'{line if in_time else ""}<path d="{_mark(i)}" fill="{colour}"/></svg>'
    )


def _mark(i: int, radius: float = 3) -> str:
    """Path of the mark in the middle of the sample."""
    corners, turn = CORNERS[i % len(CORNERS)]
    x, y = LONG / 2, HIGH / 2
    if not corners:
        arc = f"a{radius} {radius} 0 0 1"
        return f"M{x - radius:g} {y:g}{arc} {2 * radius} 0{arc} {-2 * radius} 0z"
    angles = np.pi * (turn + 2 * np.arange(corners) / corners)
    out = CORNER_RADIUS * radius
    points = zip(x + out * np.cos(angles), y + out * np.sin(angles), strict=True)
    return "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in points) + "z"
