"""A recorded simulation of discs, kept as quantised positions and played in a canvas."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from langevin import _checks
from langevin._checks import describe
from langevin.figures import output
from langevin.figures.controls import KEYS, LINK, STATUS, control, speed_choice
from langevin.figures.film import STEPS_ACROSS, encode
from langevin.figures.parameters import Slider
from langevin.figures.payload import as_json, data_script
from langevin.figures.shared import GROUPS
from langevin.figures.style import LIGHT, WIDTH
from langevin.figures.svg import discs

SPEEDS = (0.25, 0.5, 1, 2, 4)
MAX_BYTES = 2_000_000


def movie(
    positions: np.ndarray | Mapping[Any, np.ndarray],
    radii: float | np.ndarray,
    *,
    box: float | tuple[float, float],
    alt: str | Callable[[str], str],
    caption: str | None = None,
    fps: float = 30,
    frame_time: float | None = None,
    time_unit: str = "",
    periodic: bool = False,
    groups: Iterable[int] | None = None,
    highlight: Iterable[int] = (),
    label: str = "recording",
    start: Any = None,
) -> output.Html:
    r"""Play recorded positions of discs; the reader starts, seeks and chooses.

    Nothing moves until the reader asks for it, whatever the reader's system says about motion:
    a page that starts by itself takes the eye from the text.

    Parameters
    ----------
    positions : ndarray, shape (n_frames, n_discs, 2), or mapping of label to ndarray
        Centres, in the units of `box`, y upwards.  Several recordings of the same shape become
        a choice.
    radii : float or ndarray, shape (n_discs,)
        In the units of `box`.
    box : float or (float, float)
        Width and height; one corner is at the origin.
    alt : str or callable
        What the movie shows, in words; a function takes the label of the choice.
    caption : str, optional
        Words under the movie; mathematics between `\(` and `\)`.
    fps : float
        Frames a second at speed 1; the player interpolates between them.
    frame_time : float, optional
        Time between frames, in `time_unit`; by default 1 / fps.
    time_unit : str
        Unit of the time shown, such as "s" or "steps"; without one it is written "t = 2.5".
    periodic : bool
        Whether what leaves the box comes back on the other side; positions may be wrapped or not.
    groups : sequence of int, shape (n_discs,), optional
        Colour of each disc: 0 grey, 1 vermilion, 2 blue, 3 green, 4 purple, 5 amber.  By default
        1 for highlighted discs, else 0.
    highlight : sequence of int
        Discs in the second colour whose path is drawn.
    label : str
        What the labels of several recordings mean, such as "mass of the heavy disc".
    start : optional
        Label of the recording shown first; by default the first.

    Returns
    -------
    Html
        Make it the last line of the cell.

    Raises
    ------
    ValueError
        For shapes that disagree, numbers that are not finite or not positive, unknown discs,
        groups or labels, or a recording over 2 MB.

    Examples
    --------
    >>> import numpy as np
    >>> from langevin import figures
    >>> walk = np.random.default_rng(3).standard_normal((40, 5, 2)).cumsum(axis=0)
    >>> film = figures.movie(10 + 0.1 * walk, 0.5, box=20, alt="Five walkers.", highlight=[0])
    >>> film.alt
    'Five walkers.'
    """
    films = _recordings(positions)
    labels = list(films)
    shape = films[labels[0]].shape
    n_frames, n_discs, _ = shape
    sides = _positive("box", box, 2)
    sizes = _positive("radii", radii, n_discs)
    (rate,) = _positive("fps", fps, 1)
    (every,) = _positive("frame_time", 1 / rate if frame_time is None else frame_time, 1)
    paths = _discs(highlight, n_discs)
    kinds = _groups(groups, n_discs, paths)
    shown = str(labels[0] if start is None else start)
    if shown not in labels:
        raise ValueError(f"start must be one of {labels}, got {describe(start)}")

    words = [output.checked_text("alt", alt(k) if callable(alt) else alt) for k in labels]
    coded = [encode(film, sides, periodic) for film in films.values()]
    before = "" if time_unit else "t = "
    times = [f"{before}{i * every:.4g} {time_unit}".rstrip() for i in range(n_frames)]
    quantum = max(sides) / STEPS_ACROSS
    payload = as_json(
        {
            "frames": n_frames,
            "box": [_digits(side / quantum) for side in sides],
            "radii": [_digits(radius / quantum) for radius in sizes],
            "groups": kinds,
            "trails": paths,
            "periodic": bool(periodic),
            "fps": rate,
            "every": every,
            "times": times,
            "labels": labels,
            "films": coded,
            "alts": words,
        }
    )
    if len(payload) > MAX_BYTES:
        raise ValueError(
            f"the recording takes {len(payload) / 1e6:.1f} MB, more than {MAX_BYTES / 1e6:g} MB: "
            "keep fewer frames, discs or choices"
        )
    first = labels.index(shown)
    poster = _poster(films[shown][0], sizes, sides, kinds, bool(periodic))
    picked = ""
    if len(labels) > 1:
        picked = control("choice", Slider(labels, label=label, start=shown))
        picked, _ = output.prefix_ids(picked, payload)
    framed = output.figure(
        "movie",
        f'<div class="lv-stage" style="--lv-aspect:{sides[0] / sides[1]:.4g}">'
        f"{output.svg(poster, (72 * WIDTH, 72 * WIDTH * sides[1] / sides[0]), words[first])}</div>",
        f'<div class="lv-controls">{picked}{_player(times)}{STATUS}{data_script(payload)}</div>',
        caption=caption,
        name=output.name_of(payload),
    )
    return output.Html(output.styled(framed, script=True), words[first])


def _player(times: list[str]) -> str:
    now, room = html.escape(times[0]), f"min-width:{max(map(len, times))}ch"
    return (
        '<div class="lv-control lv-seek"><label><span>time</span>'
        f'<input type="range" min="0" max="{len(times) - 1}" step="1" value="0" '
        f'aria-valuetext="{now}" {KEYS}></label>'
        f'<output aria-live="off" style="{room}">{now}</output></div>'
        '<div class="lv-buttons"><button type="button" class="lv-play">Play</button>'
        f"{LINK}{speed_choice(SPEEDS)}</div>"
    )


def _poster(
    centres: np.ndarray, radii: list[float], box: list[float], groups: list[int], periodic: bool
) -> str:
    """First frame, for print and where no script runs."""
    scale = 72 * WIDTH / box[0]
    where = np.mod(centres, box) if periodic else centres
    places: dict[tuple[int, float], list[tuple[float, float]]] = {}
    for (x, y), radius, group in zip(where, radii, groups, strict=True):
        places.setdefault((group, radius), []).append((x * scale, (box[1] - y) * scale))
    dots = "".join(
        discs(ats, 2 * radius * scale, LIGHT[GROUPS[group]]).markup
        for (group, radius), ats in sorted(places.items())
    )
    frame = (
        f'<rect width="{box[0] * scale:.1f}" height="{box[1] * scale:.1f}" fill="none" '
        'stroke="currentColor" stroke-opacity=".6"/>'
    )
    return dots + frame


def _recordings(positions: Any) -> dict[str, np.ndarray]:
    films = positions if isinstance(positions, Mapping) else {"": positions}
    if not films:
        raise ValueError("movie needs at least one recording, got an empty mapping")
    films = {str(name): np.asarray(film, dtype=float) for name, film in films.items()}
    first = next(iter(films.values()))
    for label, film in films.items():
        name = f"positions[{label!r}]" if label else "positions"
        if film.ndim != 3 or film.shape[2] != 2 or film.shape[0] < 2 or film.shape[1] < 1:
            raise ValueError(
                f"{name} must have shape (n_frames, n_discs, 2) with at least 2 frames and a "
                f"disc, got {film.shape}"
            )
        if film.shape != first.shape:
            raise ValueError(
                f"all recordings must have the same shape, got {first.shape} and {film.shape}"
            )
        if not np.isfinite(film).all():
            raise ValueError(f"{name} must be finite, but holds nan or infinity")
    return films


def _positive(name: str, value: Any, n: int) -> list[float]:
    numbers = np.asarray(_checks.positive(value, name))
    if numbers.shape not in ((), (n,)):
        raise ValueError(f"{name} must be one number or {n}, got shape {numbers.shape}")
    return np.broadcast_to(numbers, n).tolist()


def _discs(highlight: Iterable[int], n_discs: int) -> list[int]:
    paths = [int(i) for i in highlight]
    if any(not 0 <= i < n_discs for i in paths):
        raise ValueError(
            f"highlight must name discs from 0 to {n_discs - 1}, got {describe(paths)}"
        )
    return paths


def _groups(groups: Iterable[int] | None, n_discs: int, trails: list[int]) -> list[int]:
    if groups is None:
        return [int(i in trails) for i in range(n_discs)]
    kinds = [int(group) for group in groups]
    if len(kinds) != n_discs or any(not 0 <= kind < len(GROUPS) for kind in kinds):
        raise ValueError(
            f"groups must be {n_discs} numbers from 0 to {len(GROUPS) - 1}, got {kinds}"
        )
    return kinds


def _digits(value: float) -> float:
    return float(f"{value:.6g}")
