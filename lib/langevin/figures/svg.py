"""A matplotlib figure as a small, theme-aware tree of SVG nodes.

matplotlib's own SVG is cleaned: numbers rounded to 0.1 pt, paths relative, ids and metadata gone,
shared shapes (glyphs, markers, clips, hatches) moved to one place, colours made to follow the page.
Discs of one look that are drawn one after the other are one path: a browser has to keep, style and
lay out an element for each of them otherwise, and a cloud has hundreds.
"""

from __future__ import annotations

import html
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from itertools import groupby
from typing import Any, Literal

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text
from matplotlib.textpath import TextToPath

from langevin.figures.style import INK, LIGHT, PAPER, house_style

PREFIX = "@@"  # stands for the figure's own prefix of ids until its content is known
ROUNDED = {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height"}
COLOURS = {INK: "currentColor", PAPER: f"var(--lv-paper,{PAPER})"} | {
    colour: f"var(--lv-{name},{colour})" for name, colour in LIGHT.items()
}
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
REFERENCE = re.compile(r"#([^)\"'\s]+)")


@dataclass
class Node:
    """One SVG element; `kind` says which sort of artist drew it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    kind: str = ""
    text: str = ""

    @cached_property
    def markup(self) -> str:
        """The element and all it holds, as text."""
        return element(self.tag, self.attributes, self.inner)

    @property
    def inner(self) -> str:
        """What the element holds, as text."""
        return self.text + "".join(child.markup for child in self.children)


def element(tag: str, attributes: dict[str, str], inner: str = "") -> str:
    """Markup of one element."""
    names = "".join(f' {k}="{html.escape(v)}"' for k, v in attributes.items())
    return f"<{tag}{names}>{inner}</{tag}>" if inner else f"<{tag}{names}/>"


class Texts(TextToPath):
    """Outlines of texts; a size that was found once serves every drawing."""

    def __init__(self) -> None:
        super().__init__()
        self.size = lru_cache(4096)(super().get_text_width_height_descent)
        self.line = lru_cache(64)(_line)
        self.glyphs: dict[Hashable, Any] = {}
        self.drawn: dict[Hashable, tuple[ET.Element, str]] = {}

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | Literal["TeX"]
    ) -> tuple[float, float, float]:
        """Width, height and descent of a text in points."""
        return self.size(s, prop.copy(), ismath)  # a copy: the cache's key must not change

    def get_glyphs_with_font(
        self, font: Any, s: str, glyph_map: Any = None, *_: Any,
        return_new_glyphs_only: bool = False, **shaping: Any,
    ) -> tuple[Any, Any, Any]:  # fmt: skip
        """Places of a text's glyphs, and the outlines of those that are not in the map."""
        key = font.fname, s, *shaping.values()
        if key not in self.glyphs:
            self.glyphs[key] = super().get_glyphs_with_font(font, s, **shaping)
        places, outlines, bars = self.glyphs[key]
        return places, {k: v for k, v in outlines.items() if k not in (glyph_map or {})}, bars


def _line(font: FontProperties) -> tuple[float, float, float] | tuple[None, None, None]:
    """Ascent, descent and gap of a line in points, as `Text` finds them; None where it guesses."""
    face = get_font(findfont(font))
    table, head = face.get_sfnt_table("OS/2"), face.get_sfnt_table("head")
    if table is None or head is None:
        return None, None, None
    unit = font.get_size_in_points() / head["unitsPerEm"]
    ascent, descent, gap = table["sTypoAscender"], -table["sTypoDescender"], table["sTypoLineGap"]
    return unit * ascent, unit * descent, unit * gap


@dataclass
class Defs:
    """Shapes that are drawn more than once, each kept once, numbered as they come."""

    numbers: dict[str, int] = field(default_factory=dict)
    texts: Texts = field(default_factory=Texts)

    def name(self, node: Node) -> str:
        """Id of this shape: equal shapes share one."""
        number = self.numbers.setdefault(node.markup, len(self.numbers))
        return f"{PREFIX}{number}"

    @property
    def markup(self) -> str:
        """All shapes, with their ids."""
        shapes = (
            re.sub(r"^<(\w+)", rf'<\1 id="{PREFIX}{number}"', markup)
            for markup, number in self.numbers.items()
        )
        inner = "".join(shapes)
        return f"<defs>{inner}</defs>" if inner else ""


def render(figure: Figure, defs: Defs) -> Node:
    """Clean tree of the figure's body; the shapes it shares are added to `defs`."""
    renderer = Renderer(figure, defs)
    # Not `savefig`, which draws everything twice when the figure has a layout engine.
    with house_style(), in_points(figure):  # "C1" and the like get their colour only now
        figure.draw(renderer)
        renderer.finalize()
    return _Cleaner(renderer.writer.root, defs).body()


class Renderer(RendererSVG):
    """What draws a figure as a tree of elements, with the texts that are known already."""

    def __init__(self, figure: Figure, defs: Defs) -> None:
        width, height = 72 * figure.get_size_inches()
        super().__init__(width, height, io.StringIO(), image_dpi=figure.dpi)
        self.writer: Any = _Tree()  # in the place of a writer of text
        self._start_id = self.writer.start("svg")
        self.texts = self._text2path = defs.texts

    def _write_metadata(self, metadata: Any) -> None:
        """Write none, for it would be cleaned away."""

    def _get_font_height_metrics(self, prop: FontProperties) -> Any:
        return self.texts.line(prop.copy())

    def _draw_text_as_path(
        self, gc: GraphicsContextBase, x: float, y: float, s: str, prop: FontProperties,
        angle: float, ismath: bool | Literal["TeX"], mtext: Text | None = None,
    ) -> None:  # fmt: skip
        """Draw a text that was drawn before as it was then, in another place."""
        colour = gc.get_rgb(), gc.get_forced_alpha() and gc.get_alpha()
        shaping = mtext and (mtext.get_fontfeatures(), mtext.get_language())
        key = s, prop.copy(), angle, ismath, colour, str(shaping)
        drawn, parent = self.texts.drawn, self.writer.open[-1]
        if key not in drawn:
            self._glyph_map = {}  # the letters come with their outlines
            super()._draw_text_as_path(gc, x, y, s, prop, angle, ismath, mtext)
            place, _, rest = parent[-1].get("transform", "").partition(")")
            if place.startswith("translate"):  # it is left out where x = y = 0
                drawn[key] = parent[-1], rest
            return
        text, rest = drawn[key]
        again = ET.SubElement(
            parent, "g", text.attrib | {"transform": f"translate({x:f} {y:f}){rest}"}
        )
        again.extend(text)


class _Tree:
    """What matplotlib's writer of SVG would write, as the tree that a parser would make of it."""

    def __init__(self) -> None:
        self.root = ET.Element("")
        self.open: list[ET.Element] = []

    def start(self, tag: str, attrib: dict[str, str] | None = None, **extra: str) -> int:
        """Open an element; names lose their prefix, and those without a value are left out."""
        names = ((attrib or {}) | extra).items()
        given = {name.rpartition(":")[2]: value for name, value in names if value}
        if self.open:
            self.open.append(ET.SubElement(self.open[-1], tag, given))
        else:
            self.root = ET.Element(tag, given)
            self.open.append(self.root)
        return len(self.open) - 1

    def element(
        self, tag: str, text: str | None = None, attrib: dict[str, str] | None = None, **extra: str
    ) -> None:
        """Add a whole element."""
        self.start(tag, attrib, **extra)
        self.open.pop().text = text

    def end(self, tag: str) -> None:
        """Close the last element."""
        self.open.pop()

    def close(self, number: int) -> None:
        """Close all from the element that `start` gave this number."""
        del self.open[number:]

    def comment(self, text: str) -> None:
        """Leave out what is only for readers of the source."""

    def flush(self) -> None:
        """Hold nothing back."""


@contextmanager
def in_points(figure: Figure) -> Iterator[None]:
    """Prepare a figure as `savefig` does: 72 dots per inch, without a background."""
    canvas, look = figure.canvas, {"dpi": figure.dpi, "facecolor": figure.get_facecolor()}
    _Canvas(figure)
    figure.set(dpi=72, facecolor="none")
    try:
        yield
    finally:
        figure.set(**look)
        figure.set_canvas(canvas)


class _Canvas(FigureCanvasSVG):
    def is_saving(self) -> bool:  # animated artists are drawn as well
        return True


class _Cleaner:
    def __init__(self, root: ET.Element, defs: Defs) -> None:
        self.root, self.defs = root, defs
        self.shapes = {
            shape.get("id"): shape
            for group in root.iter()
            if group.tag == "defs"
            for shape in group
            if shape.get("id")
        }
        used = (
            name
            for node in root.iter()
            for value in node.attrib.values()
            if "#" in value
            for name in REFERENCE.findall(value)
        )
        self.uses: dict[str, int] = {}
        for name in used:
            self.uses[name] = self.uses.get(name, 0) + 1
        self.names: dict[str, str] = {}

    def body(self) -> Node:
        return Node("g", {}, self.children(self.root))

    def children(self, source: ET.Element) -> list[Node]:
        nodes: list[Node] = []
        for look, run in groupby(filter(_kept, source), _look):
            alike = list(run)
            if look and len(alike) > 1 and (width := self.disc_width(*look)):
                places = ((float(one.get("x", 0)), float(one.get("y", 0))) for one in alike)
                nodes.append(discs(places, width, _pairs(look[1]).get("fill", INK)))
            else:
                nodes += map(self.node, alike)
        return [node for node in nodes if node.tag != "g" or node.children or node.text]

    def disc_width(self, name: str, style: str) -> float:
        """Width of a marker with its edge; 0 where it is no disc of one full colour."""
        rest = _pairs(style)
        fill, edge = rest.pop("fill", INK), rest.pop("stroke", "none")
        line = float(rest.pop("stroke-width", 1)) if edge != "none" else 0
        if rest or edge not in (fill, "none"):
            return 0
        radius = disc_radius(self.shapes[name].get("d", ""))
        return 2 * radius + line if radius else 0

    def node(self, source: ET.Element) -> Node:
        tag, kind = source.tag, _kind(source)
        if tag == "use" and self.is_drawn_once(source):
            return self.unfolded(source)
        attributes = {k: self.value(k, v) for k, v in source.attrib.items()}
        attributes.pop("id", None)
        text = (source.text or "").strip()
        node = Node(tag, attributes, self.children(source), kind, text)
        if tag == "g" and not attributes and len(node.children) == 1:
            only = node.children[0]
            only.kind = kind or only.kind
            return only
        return node

    def is_drawn_once(self, source: ET.Element) -> bool:
        """Tell whether a marker has a single use: a filled band, say, is drawn as one."""
        name = _href(source)
        return bool(re.match(r"(m|C\d+_)[0-9a-f]", name)) and self.uses[name] == 1

    def unfolded(self, source: ET.Element) -> Node:
        attributes = dict(source.attrib)
        attributes.pop("href")
        at = f"translate({attributes.pop('x', '0')} {attributes.pop('y', '0')})"
        shape = self.node(self.shapes[_href(source)])
        cleaned = {k: self.value(k, v) for k, v in ({"transform": at} | attributes).items()}
        return Node("g", cleaned, [shape], "use")

    def value(self, name: str, value: str) -> str:
        if name == "d":
            return compact_path(value)
        if name == "style":
            return compact_style(REFERENCE.sub(self.reference, value))
        if name in {"fill", "stroke"}:
            return COLOURS.get(value, value)
        if name == "transform":
            return compact_transform(value)
        if name in ROUNDED:
            return NUMBER.sub(lambda number: _short(float(number[0])), value)
        if name == "href" and value.startswith("data:"):
            return re.sub(r"\s", "", value)
        return REFERENCE.sub(self.reference, value) if "#" in value else value

    def reference(self, match: re.Match[str]) -> str:
        name = match[1]
        if name not in self.shapes:
            return match[0]
        if name not in self.names:
            self.names[name] = self.defs.name(self.node(self.shapes[name]))
        return "#" + self.names[name]


def discs(places: Iterable[tuple[float, float]], width: float, colour: str) -> Node:
    """One path whose parts have no length and round ends: a disc each.

    Examples
    --------
    >>> discs([(1, 2), (3, 4)], 5, "#000000").attributes["d"]
    'M1 2h0M3 4h0'
    """
    path = "".join(f"M {x} {y} L {x} {y} " for x, y in places)
    style = f"fill:none;stroke:{colour};stroke-width:{width:.4g};stroke-linecap:round"
    return Node("path", {"d": compact_path(path), "style": compact_style(style)})


def polygons(
    places: Iterable[tuple[float, float]], radius: float, corners: int, turn: float, colour: str
) -> Node:
    """One path of regular polygons, the first corner at `turn` times π from the x axis.

    Examples
    --------
    >>> polygons([(5, 5)], 2, 4, 0, "#000000").attributes["d"]
    'M7 5l-2 2-2-2 2-2z'
    """
    angles = np.pi * (turn + 2 * np.arange(corners) / corners)
    out = radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    path = "".join(
        "M " + " L ".join(f"{x + dx} {y + dy}" for dx, dy in out) + " z " for x, y in places
    )
    return Node("path", {"d": compact_path(path), "style": compact_style(f"fill:{colour}")})


def disc_radius(path: str) -> float:
    """Radius of a disc around the origin, as matplotlib draws it; 0 for another shape."""
    if re.sub(r"[^A-Za-z]", "", path) != "M" + 8 * "C" + "z":
        return 0.0
    points = np.array(NUMBER.findall(path), float).reshape(-1, 2)
    radii = np.hypot(*points[::3].T)
    return float(radii[0]) if np.allclose(radii, radii[0], rtol=1e-3) else 0.0


@lru_cache(10_000)
def compact_path(data: str) -> str:
    """Path data rounded to 0.1 pt and written as short relative steps.

    Examples
    --------
    >>> compact_path("M 1 2 L 1.04 7 L 3 8.26")
    'M1 2v5l2 1.3'
    """
    out: list[str] = []
    last = ""
    x = y = 0
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        values = [round(10 * float(n)) for n in numbers.split()]
        if command in "zZ":
            out.append("z")
            last = ""
            continue
        letter, steps = command.lower(), values
        if command == "M":
            letter = "M"
        else:
            steps = [v - (y if i % 2 else x) for i, v in enumerate(values)]
        x, y = values[-2:]
        if letter == "l" and steps[1] == 0:
            letter, steps = "h", steps[:1]
        elif letter == "l" and steps[0] == 0:
            letter, steps = "v", steps[1:]
        repeated = letter == last != "M"
        out.append(_join(steps, " ") if repeated else letter + _join(steps, ""))
        last = letter
    return "".join(out)


@lru_cache(10_000)
def compact_style(style: str) -> str:
    """Inline style without spaces, its colours tied to the page's.

    Examples
    --------
    >>> compact_style("fill: none; stroke: #000000; stroke-width: 0.8")
    'fill:none;stroke:currentColor;stroke-width:.8'
    """
    return ";".join(
        f"{name}:{COLOURS.get(value, re.sub(r'(?<![0-9.])0[.](?=[0-9])', '.', value))}"
        for name, value in _pairs(style).items()
    )


@lru_cache(10_000)
def compact_transform(transform: str) -> str:
    """Transform whose shifts are rounded to 0.1 pt and whose factors keep six digits.

    Examples
    --------
    >>> compact_transform("translate(44.31234 120.5) scale(0.1 -0.1)")
    'translate(44.3 120.5)scale(.1 -.1)'
    """
    parts = re.findall(r"(\w+)\(([^)]*)\)", transform)
    return "".join(
        f"{name}({NUMBER.sub(partial(_factor, name), values)})" for name, values in parts
    )


def _factor(name: str, number: re.Match[str]) -> str:
    value = float(number[0])
    return _short(value) if name == "translate" else _plain(f"{value:.6g}")


def _short(value: float) -> str:
    return _tenths(round(10 * value))


def _tenths(value: int) -> str:
    return _plain(f"{value / 10:.1f}".removesuffix(".0")) if value else "0"


def _plain(number: str) -> str:
    return re.sub(r"^(-?)0\.", r"\1.", number)


def _join(values: list[int], before: str) -> str:
    out = ""
    for number in map(_tenths, values):
        out += number if number[0] == "-" else before + number
        before = " "
    return out


def _pairs(style: str) -> dict[str, str]:
    parts = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in parts}


def _look(node: ET.Element) -> tuple[str, str] | None:
    """Shape and style of a marker; nothing for what is none."""
    given = node.attrib.keys() - {"style"}
    if node.tag == "use" and given == {"href", "x", "y"}:
        return _href(node), node.get("style", "")
    return None


def _href(node: ET.Element) -> str:
    return node.attrib["href"].lstrip("#")


def _kind(node: ET.Element) -> str:
    """Sort of artist, from ids such as line2d_7."""
    return re.sub(r"_\d+$", "", node.get("id", "")) if node.tag == "g" else ""


def _kept(node: ET.Element) -> bool:
    return node.tag not in {"defs", "metadata", "style"}
