"""Where the panels of a live figure lie, and its first frame as a drawing."""

from __future__ import annotations

import itertools
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from langevin.figures import output, shared
from langevin.figures.shared import FEW, HUES, LEVELS
from langevin.figures.style import LIGHT, STYLE, WIDTH
from langevin.figures.svg import Defs, discs, polygons, render

VIEWS = ("particles", "histogram", "trajectory", "msd", "log msd", "energy", "log energy")
ACROSS = 72 * WIDTH  # points; all lengths here are points, as in the page
LEFT, RIGHT, TOP, GAP = 48, 8, 8, 14
PALE, PALE_DOTS = 0.4, 150  # of what the run leads to; so many particles at most
DARK = 0.8  # of where it starts
TITLE, BELOW, BETWEEN = 12, 32, 8  # room for a title, for an x axis, and where two share one
HEIGHTS: dict[str, float] = {
    "particles": 118,
    "histogram": 84,
    "trajectory": 84,
    "msd": 100,
    "energy": 84,
}


Panels = list[dict[str, Any]]


def layout(made: Any, views: list[str], beside: bool) -> tuple[Panels, tuple[float, float]]:
    """Panels from top to bottom, and the size of the whole."""
    data, everyone = made.data, list(range(len(made.data["systems"])))
    flat = data["dim"] == 1
    groups = [[i] for i in everyone] if beside else [everyone]
    low_high = heights(made)
    clock = "time t" if data["clock"] == "time" else "step k"
    panels: Panels = []
    y: float = TOP + (TITLE if beside else 0)
    for view, after in itertools.zip_longest(views, views[1:]):
        kind, is_log = view.removeprefix("log "), view.startswith("log ")
        columns = groups if kind in ("particles", "histogram") else [everyone]
        slot = (ACROSS - LEFT - RIGHT - GAP * (len(columns) - 1)) / len(columns)
        width, height = slot, HEIGHTS[kind]
        if kind in ("particles", "histogram") and not flat:  # a map has one scale for x and y
            (x0, x1), (y0, y1) = data["domain"]
            ratio, tall = (y1 - y0) / (x1 - x0), 1.2 if beside else 0.75
            width = slot * min(1, tall / ratio)
            height = width * max(ratio, 0.4) if kind == "particles" else height
        shares = kind == "particles" and after == "histogram"
        for column, group in enumerate(columns):
            across = "" if shares else "x" if kind in ("particles", "histogram") else clock
            up = {
                "particles": "U" if flat else "y",
                "histogram": "density",
                "trajectory": "x",
                "msd": "MSD",
                "energy": "mean U",
            }[kind]
            left = LEFT + column * (slot + GAP) + (slot - width) / 2
            panel = {
                "kind": kind,
                "box": [_tenth(left), y, _tenth(width), _tenth(height)],
                "labels": [across, up if column == 0 else ""],
                "systems": group,
                "log": [kind == "msd" and is_log, is_log],
                "x": data["domain"][0],
            }
            if kind in ("particles", "trajectory"):
                panel["y"] = low_high if kind == "particles" and flat else data["domain"][-1]
            if kind == "trajectory":
                panel["y"] = data["domain"][0]
            if kind == "particles" and not flat:
                panel["heights"] = low_high
            if beside and view == views[0] and len(columns) > 1:
                panel["title"] = data["systems"][group[0]]["label"]
            panels.append(panel)
        y = _tenth(y + height + (BETWEEN if shares else BELOW))
    return panels, (_tenth(ACROSS), y)


def heights(made: Any) -> list[float]:
    """Range of energies worth showing, whatever the sliders of the potential say.

    Up to somewhat above the highest barrier inside the domain, or else to its edge; of a map the
    lower three quarters.
    """
    moved = {
        p["name"]: (p["values"][0], p["values"][-1], p["values"][p["first"]])
        for p in made.data["parameters"]
        if p["name"] in made.potential.parameters
    }
    corners = list(itertools.product(*moved.values())) if len(moved) <= 3 else [()]
    own = [own_values(made, system) for system in made.data["systems"]]
    variants = [values for i, values in enumerate(own) if values not in own[:i]]
    spans = [
        _span(made, values | dict(zip(moved, corner, strict=False)))
        for values in variants
        for corner in corners
    ]
    low, high = min(s[0] for s in spans), max(s[1] for s in spans)
    if not high > low:
        low, high = low - 1, low + 1
    margin = 0.06 * (high - low) if made.data["dim"] == 1 else 0
    return [float(f"{low - margin:.4g}"), float(f"{high:.4g}")]


def _span(made: Any, values: dict[str, float]) -> tuple[float, float]:
    U = energies(made, values)
    U = np.where(np.isfinite(U), U, np.nan)
    low = np.nanmin(U)
    if made.data["dim"] == 2:
        return low, np.nanquantile(U, 0.75)
    inner = U[1:-1][(U[1:-1] > U[:-2]) & (U[1:-1] >= U[2:])]
    top = np.nanmax(U)
    return low, min(low + 2.2 * (inner.max() - low), top) if len(inner) else top


def own_values(made: Any, system: dict[str, Any]) -> dict[str, float]:
    """Return the values of the potential's parameters in a system."""
    return {name: system["values"][name] for name in made.potential.parameters}


def energies(made: Any, values: dict[str, float] | None = None) -> np.ndarray:
    """Energies on a grid over the domain, (nodes,) or (nodes along y, nodes along x)."""
    U = made.potential
    if values:
        names = [v.name for v in U.variables]
        U = type(U)(U.expression, names, **{**U.parameters, **values})
    nodes = 401 if U.dim == 1 else 81
    axes = [np.linspace(low, high, nodes) for low, high in made.data["domain"]]
    grid = np.meshgrid(*axes)
    return U(np.stack([g.ravel() for g in grid], axis=1)).reshape(grid[0].shape)


def poster(made: Any, data: dict[str, Any]) -> tuple[str, bool]:
    """First frame as SVG markup, for print and where no script runs.

    Also whether it shows, in pale, the particles at rest.
    """
    width, height = data["size"]
    dots, rests, defs = [], [], Defs()
    with mpl.rc_context(STYLE | {"figure.constrained_layout.use": False}):
        figure = Figure(figsize=(width / 72, height / 72))
        for panel in data["panels"]:
            field = energies(made, own_values(made, data["systems"][panel["systems"][0]]))
            left, top, across, down = panel["box"]
            ax = figure.add_axes(
                (left / width, 1 - (top + down) / height, across / width, down / height)
            )
            _draw(ax, panel, made, data, field)
            _label(ax, panel)
            if panel["kind"] == "particles":
                rests.append(_at_rest(panel, made, data, field))
                dots += [rests[-1], _dots(panel, made, data)]
    body = render(figure, defs).markup
    shapes, body = output.prefix_ids(defs.markup, body)
    return shapes + body + "".join(dots), any(rests)


def _draw(ax: Axes, panel: dict[str, Any], made: Any, data: dict[str, Any], U: np.ndarray) -> None:
    low, high = data["domain"][0]
    x = np.linspace(low, high, U.shape[-1])
    if panel["kind"] == "particles" and U.ndim == 1:
        ax.plot(x, U, color="k", linewidth=1.2)
        ax.set_ylim(panel["y"])
    elif panel["kind"] == "particles":
        _map(ax, panel, U)
    elif panel["kind"] == "histogram":
        starts = positions(data)[:, 0]
        density = boltzmann(U, _heat(panel, data), x)
        counts, edges = np.histogram(starts, shared.BINS, data["domain"][0])
        bars = counts / (len(starts) * (edges[1] - edges[0]))
        ax.stairs(bars, edges, fill=True, alpha=DARK, color=LIGHT[HUES[panel["systems"][0]]])
        if density is not None:
            ax.plot(x, density, color="k")
        ax.set_ylim(0, shared.HEADROOM * (bars if density is None else density).max())
    elif panel["kind"] == "trajectory":
        ax.set(ylim=panel["y"], xticks=[])
    elif panel["kind"] == "energy" and (end := mean_energy(U, _heat(panel, data), x)) is not None:
        begin = float(np.mean(made.potential(positions(data))))
        ax.axhline(end, color=LIGHT[HUES[panel["systems"][0]]], alpha=PALE)
        ax.set_xticks([])
        if panel["log"][1]:
            ax.set_yscale("log")
        else:
            ax.set_ylim(min(begin, end, U.min()), max(begin, end) + 0.2 * abs(begin - end) + 1e-9)
    else:
        ax.set(xticks=[], yticks=[])  # nothing has happened yet
    if panel["kind"] in ("particles", "histogram"):
        ax.set_xlim(panel["x"])


def _map(ax: Axes, panel: dict[str, Any], U: np.ndarray) -> None:
    """Hills are shaded, with lines of equal energy, closer to each other at the bottom."""
    (x0, x1), (y0, y1) = panel["x"], panel["y"]
    low, high = panel["heights"]
    part = np.clip((U - low) / (high - low), 0, 1)
    shade = np.full((*U.shape, 4), 128, np.uint8)
    shade[..., 3] = 90 * np.sqrt(part)
    ax.imshow(shade, extent=(x0, x1, y0, y1), origin="lower", aspect="auto", interpolation="none")
    x, y = np.linspace(x0, x1, U.shape[1]), np.linspace(y0, y1, U.shape[0])
    steps = low + (high - low) * (np.arange(1, LEVELS + 1) / LEVELS) ** 2
    ax.contour(x, y, U, steps, colors="k", linewidths=0.6, linestyles="-", alpha=0.45)
    ax.set_ylim(panel["y"])


def _label(ax: Axes, panel: dict[str, Any]) -> None:
    across, up = panel["labels"]
    ax.set(xlabel=across, ylabel=up)
    if not across:
        ax.tick_params(labelbottom=False)
    if not up:
        ax.tick_params(left=False, labelleft=False)
    if "title" in panel:
        ax.set_title(panel["title"], color=LIGHT[HUES[panel["systems"][0] % len(HUES)]], pad=4)


def _heat(panel: dict[str, Any], data: dict[str, Any]) -> float:
    """Temperature of a panel's first system, 0 where it has none or it does not stay."""
    system = data["systems"][panel["systems"][0]]
    return 0 if system["schedules"] else system["values"].get("temperature", 0)


def _at_rest(panel: dict[str, Any], made: Any, data: dict[str, Any], U: np.ndarray) -> str:
    """Particles as they lie in the end, pale, where that is known."""
    ends = zip(data["domain"], U.shape[::-1], strict=True)
    axes = [np.linspace(low, high, size) for (low, high), size in ends]
    T = _heat(panel, data)
    if boltzmann(U, T, axes[0]) is None:
        return ""
    n = min(data["n"], PALE_DOTS)
    weights = np.exp((U.min() - U) / T).ravel().cumsum()
    drawn = np.random.default_rng(data["seed"]).random(n)
    nodes = np.searchsorted(weights, drawn * weights[-1])
    places = np.unravel_index(nodes, U.shape)[::-1]
    x = np.stack([axis[i] for axis, i in zip(axes, places, strict=True)], axis=1)
    return _dots(panel, made, data, x, PALE)


def _dots(
    panel: dict[str, Any],
    made: Any,
    data: dict[str, Any],
    x: np.ndarray | None = None,
    opacity: float = 1,
) -> str:
    """Particles at these places, (particles, dim), or at the start."""
    left, top, across, down = panel["box"]
    (x0, x1), (y0, y1) = panel["x"], panel["y"]
    x = positions(data) if x is None else x
    up = made.potential(x) if data["dim"] == 1 else x[:, 1]
    n = len(x)
    heap: np.ndarray = np.zeros(n)
    if data["dim"] == 1 and n > FEW:
        heap = 1 + shared.HEAP * (np.arange(n) * shared.HEAP_STEP % 1)
    px = left + across * (x[:, 0] - x0) / (x1 - x0)
    py = top + down * (1 - (up - y0) / (y1 - y0)) - heap
    inside = (abs(px - left - across / 2) <= across / 2) & (abs(py - top - down / 2) <= down / 2)
    places = set(zip(px[inside].round(1), py[inside].round(1), strict=True))
    radius = max(shared.MIN_RADIUS, shared.MAX_RADIUS / n**shared.RADIUS_POWER)
    on_top = panel["systems"][-1]
    colour = LIGHT[HUES[on_top % len(HUES)]]
    corners, turn = shared.CORNERS[on_top % len(shared.CORNERS)]
    if corners and len(places) <= PALE_DOTS:  # the mark of the legend
        out = shared.CORNER_RADIUS * radius
        marks, paint = polygons(sorted(places), out, corners, turn, colour), "fill"
    else:
        marks, paint = discs(sorted(places), 2 * radius, colour), "stroke"
    if opacity < 1:
        marks.attributes[f"{paint}-opacity"] = f"{opacity:g}"
    return marks.markup


def positions(data: dict[str, Any]) -> np.ndarray:
    """Where the particles start, (particles, dim)."""
    return np.broadcast_to(np.reshape(data["start"], (-1, data["dim"])), (data["n"], data["dim"]))


def boltzmann(U: np.ndarray, temperature: float, x: np.ndarray) -> np.ndarray | None:
    """Density of x by quadrature over the domain; None where the domain cuts off part of it.

    There is none at temperature 0 either.
    """
    if not temperature:
        return None
    weights = np.exp((U.min() - U) / temperature)
    rim = weights[[0, -1]].max() if U.ndim == 2 else 0
    density = weights if U.ndim == 1 else weights.sum(axis=0)
    if max(density[0], density[-1]) > shared.CUT * density.max() or rim > shared.CUT:
        return None
    return density / np.trapezoid(density, x)


def mean_energy(U: np.ndarray, temperature: float, x: np.ndarray) -> float | None:
    """Mean of U at rest, where the density is known."""
    if boltzmann(U, temperature, x) is None:
        return None
    weights = np.exp((U.min() - U) / temperature)
    return float((U * weights).sum() / weights.sum())


def _tenth(value: float) -> float:
    return round(value, 1)
