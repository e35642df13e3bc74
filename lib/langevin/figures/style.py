"""House style: one matplotlib look that is readable on a phone and in dark mode.

Black is the ink and white is the paper: in a page they follow the reader's theme.  The palette
is built on Okabe and Ito's (2008), darkened until every colour has a contrast of at least 3:1 on
both pages; where the page offers it, a dark theme shows each colour's brighter twin.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.figure import Figure

from langevin import _checks

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

INK = "#000000"
PAPER = "#ffffff"
LIGHT = {
    "blue": "#0072b2",
    "vermilion": "#c25400",
    "green": "#007f5c",
    "purple": "#b0578a",
    "amber": "#9a6a00",
    "grey": "#6b6b6b",
}
DARK = {
    "blue": "#56b4e9",
    "vermilion": "#f0843c",
    "green": "#2bc299",
    "purple": "#e09bc0",
    "amber": "#e8bd4a",
    "grey": "#a3a9b0",
}
WIDTH = 4.8  # inches: on a phone 390 px wide a letter of 10 points is 11 px high
STYLE: dict[RcKeyType, Any] = {
    "figure.figsize": (WIDTH, 3.0),
    "figure.dpi": 144,
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.linewidth": 0.8,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=list(LIGHT.values())),
    "axes.xmargin": 0.02,
    "font.size": 10,
    "font.family": ["DejaVu Sans"],
    "mathtext.fontset": "dejavusans",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "grid.color": INK,
    "grid.alpha": 0.15,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "legend.handlelength": 1.4,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "lines.solid_capstyle": "round",
    "patch.linewidth": 0.8,
    "hatch.linewidth": 0.6,
    "image.cmap": "cividis",
    "image.interpolation": "none",  # a pixel of data is one in the page, which draws it larger
    "svg.fonttype": "path",  # letters as outlines: the same picture on every device, offline too
    "svg.hashsalt": "langevin",
}
_CHECKED = dict(mpl.RcParams(STYLE))  # as matplotlib keeps them


def use_style() -> None:
    """Make the house style the default of this session; a chapter calls it once.

    Examples
    --------
    >>> from langevin import figures
    >>> figures.use_style()
    >>> import matplotlib
    >>> matplotlib.rcParams["axes.spines.top"]
    False
    """
    mpl.rcParams.update(STYLE)


@contextmanager
def house_style() -> Iterator[None]:
    """Have the house style; where it is in force already, as in a chapter, this costs nothing."""
    now = mpl.rcParams
    if all(now[name] == value for name, value in _CHECKED.items()):
        yield
    else:
        with mpl.rc_context(STYLE):
            yield


def axes(
    rows: int = 1, columns: int = 1, *, height: float | None = None, **subplots: Any
) -> tuple[Figure, Any]:
    """Figure of the standard width and its axes, in the house style.

    The figure does not belong to pyplot: nothing has to be closed and nothing is shown twice.
    Two panels read better on a phone when they stand above each other: `axes(2)`.

    Parameters
    ----------
    rows, columns : int
        Shape of the grid of panels.
    height : float, optional
        Height of the figure in inches; by default 3.0 for one row, 2.2 for each of several.
    **subplots
        Passed to `matplotlib.figure.Figure.subplots`, such as `sharex=True`.

    Returns
    -------
    figure : matplotlib.figure.Figure
        The figure, 4.8 inches wide.
    axes : matplotlib.axes.Axes or ndarray of Axes
        As `plt.subplots` returns them.

    Raises
    ------
    ValueError
        If the height is not a positive number.

    Examples
    --------
    >>> from langevin import figures
    >>> fig, ax = figures.axes()
    >>> line = ax.plot([0, 1], [0, 1], label="drift")
    >>> fig.get_size_inches().tolist()
    [4.8, 3.0]
    """
    if height is None:
        height = 3.0 if rows == 1 else 2.2 * rows
    height = _checks.positive(height, "height")
    with house_style():
        wanted = pickle.dumps((dict(mpl.rcParams), rows, columns, height, subplots))
        return pickle.loads(_pickled(wanted))


@lru_cache(32)
def _pickled(wanted: bytes) -> bytes:
    """Make a figure, its axes and their ticks: to load them again takes a quarter of the time."""
    _, rows, columns, height, subplots = pickle.loads(wanted)
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.subplots(rows, columns, **subplots)
    for panel in figure.axes:
        for axis in (panel.xaxis, panel.yaxis):
            axis.get_major_ticks(10)
    return pickle.dumps((figure, axes))
