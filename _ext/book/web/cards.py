"""The card that a social network shows beside a link to a page: its words over a crooked path."""

import math
import zlib
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from langevin.figures.style import INK, LIGHT, PAPER, STYLE

SIZE = 1200, 630  # pixels: the shape that networks ask for
ALTERNATIVE = "{title}: the words of this link over the crooked path of a Langevin run."
COLOURS = 24  # in the file: letters and lines need no more
LEFT, RIGHT = 0.06, 0.94


def draw(path, book, title, description):
    """Write a page's card: its title, its description, the name of the book and a path.

    The path is a run of the book's line in a double well, its noise seeded by the title, so that
    a card is the same in every build.
    """
    with rc_context(STYLE):
        figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor=PAPER)
        canvas = FigureCanvasAgg(figure)
        figure.set_layout_engine("none")
        words: dict[str, Any] = {"va": "top", "parse_math": False}
        name = figure.text(LEFT, 0.91, book, size=19, color=LIGHT["blue"], weight="bold", **words)
        heading = write(figure, name, 0.05, title, size=40, color=INK, weight="bold", **words)
        write(figure, heading, 0.045, description, size=21, color=LIGHT["grey"], **words)
        axes = figure.add_axes((0, 0, 1, 0.3))
        axes.set_axis_off()
        axes.margins(0, 0.12)
        axes.plot(run(zlib.crc32(title.encode())), color=LIGHT["vermilion"], linewidth=1.6)
        canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def run(seed, steps=1200, tau=0.02, temperature=0.18):
    """Return the places of a particle between two wells: x ← x - τ U'(x) + √(2 τ T) ε."""
    rng, x, places = np.random.default_rng(seed), -1.0, []
    for noise in rng.standard_normal(steps):
        x = x - tau * (x**3 - x) + math.sqrt(2 * tau * temperature) * noise
        places.append(x)
    return places


def write(figure, above, gap, text, **style):
    """Write a text below another one, in lines that fit the card."""
    box = above.get_window_extent()
    placed = figure.text(LEFT, box.y0 / SIZE[1] - gap, "", **style)
    lines, text = [""], " ".join(text.split()).replace(" …", "\N{NO-BREAK SPACE}…")
    for word in text.split(" "):
        placed.set_text(f"{lines[-1]} {word}".strip())
        if lines[-1] and placed.get_window_extent().width > (RIGHT - LEFT) * SIZE[0]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    placed.set_text("\n".join(lines))
    return placed
