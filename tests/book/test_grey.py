"""No figure needs its colours: in grey, any two series of a panel can still be told apart.

The palette's colours are about equally light, so that each has enough contrast on a light and on a
dark page; in grey they are one. Series must therefore differ in something else. Direct labels at
the lines cannot be seen from here: they come on top.
"""

import html
import itertools
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

import pytest

from built_book import HTML, PAGES, page_path
from langevin import figures
from svg_tools import marked, move

LIGHTER = 15  # of the 100 steps of CIE's lightness L* from black to white
WIDER = 1.45  # times; 0.9 beside 0.6 is meant to pass
LARGE = 150  # square points: what covers more is an area that lines cross, and no mark or arrow
DISCS = re.compile(r"(M-?[\d.]+[ -][\d.]+h0)+")  # many of one size in one path
GUIDE = re.compile(r"M-?[\d.]+ -?[\d.]+[hv]-?[\d.]+")  # level or upright, without a bend
FIGURE = re.compile(r'<figure class="lv-figure .*?</figure>', re.DOTALL)
DRAWING = re.compile(r'<svg [^>]*role="img".*?</svg>', re.DOTALL)
DATA = re.compile(r'data-hash="\w{64}"(?: data-src="([^"]+)"|>(.*?)</script>)', re.DOTALL)


@dataclass
class Series:
    """All that a panel draws in one colour."""

    lightness: float
    lines: set = field(default_factory=set)  # (dash, width)
    guides: set = field(default_factory=set)  # the same, for straight lines along an axis
    marks: set = field(default_factory=set)  # their shapes
    areas: bool = False

    def is_like(self, other):
        """Tell whether the two could be taken for each other, or for one."""
        if abs(self.lightness - other.lightness) >= LIGHTER:
            return False
        if (self.areas and other.lines) or (self.lines and other.areas):
            return True  # the line is lost where it crosses the area
        if self.marks != other.marks:
            return False
        if not (self.lines or self.guides or other.lines or other.guides):
            return bool(self.marks)
        return any(
            a[0] == b[0] and max(a[1], b[1]) < WIDER * min(a[1], b[1])
            for ours, theirs in ((self.lines, other.lines), (self.guides, other.guides))
            for a in ours
            for b in theirs
        )


def lightness(colour, opacity):
    """L* of a colour that lets so much of the white paper through."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    channels = [1 + (c - 1) * opacity for c in channels]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    Y = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 116 * Y ** (1 / 3) - 16 if Y > 0.008856 else 903.3 * Y


def style(node):
    pairs = (pair.split(":", 1) for pair in node.get("style", "").split(";") if ":" in pair)
    names = ("fill", "stroke", "stroke-width", "stroke-dasharray", "opacity")
    return {k: node.get(k) for k in names if node.get(k)} | dict(pairs)


def hue(colour):
    """Colour of the light page as #rrggbb; nothing for none, patterns and colours of the page."""
    if colour == "currentColor":
        return "#000000"
    found = re.search(r"#[0-9a-f]{6}\b", colour or "")
    return found[0] if found and not colour.startswith("url(") else None


def covered(path):
    """Square points within a path, whose curves are taken for straight."""
    x = y = twice = 0.0
    takes = {"M": 2, "l": 2, "h": 1, "v": 1, "c": 6, "q": 4}
    for letter, numbers in re.findall(r"([Mlhvcqz])([^Mlhvcqz]*)", path):
        values = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers)]
        size = takes.get(letter, 1)
        for i in range(0, len(values), size):
            *_, dx, dy = 0, *values[i : i + size]
            if letter == "M":
                x = y = 0  # seen from here, the way back covers nothing
                continue
            dx, dy = (dy, 0) if letter == "h" else (0, dy) if letter == "v" else (dx, dy)
            twice += x * dy - y * dx
            x, y = x + dx, y + dy
    return abs(twice) / 2


def panels(svg):
    """The series of each panel: what is clipped by the same frame, by colour and opacity."""
    shapes = {shape.get("id"): shape for defs in svg.iter("defs") for shape in defs}
    found = {}

    def put(frame, colour, opacity):
        key = colour, opacity
        return found.setdefault(frame, {}).setdefault(key, Series(lightness(colour, opacity)))

    def walk(node, frame, given):
        if node.tag == "defs":
            return
        frame = node.get("clip-path") or frame
        own = given | style(node)
        stroke, fill = hue(own.get("stroke")), hue(own.get("fill"))
        opacity = float(own.get("opacity", 1))
        if frame and node.tag == "use":
            shape = shapes.get(node.get("href", "#")[1:])
            told = ET.tostring(shape, encoding="unicode") if shape is not None else ""
            bare = re.sub(r' (?:id|style)="[^"]*"', "", told)
            if colour := fill or stroke:
                put(frame, colour, opacity).marks.add((bare, bool(fill)))
        elif frame and node.tag in ("path", "rect"):
            if fill:
                series = put(frame, fill, opacity * float(own.get("fill-opacity", 1)))
                if node.tag == "rect" or covered(node.get("d")) > LARGE:
                    series.areas = True
                else:
                    series.marks.add((node.get("d"), True))
            elif stroke and DISCS.fullmatch(node.get("d", "")):
                put(frame, stroke, opacity).marks.add(("discs", float(own["stroke-width"])))
            elif stroke:
                through = opacity * float(own.get("stroke-opacity", 1))
                series = put(frame, stroke, through)
                straight = GUIDE.fullmatch(node.get("d", ""))
                kind = series.guides if straight else series.lines
                kind.add((own.get("stroke-dasharray", ""), float(own.get("stroke-width", 1))))
        for child in node:
            walk(child, frame, own)

    walk(svg, None, {})
    return found


def confusions(svg):
    """Pairs of colours of one panel that grey makes one."""
    return {
        (a, b)
        for series in panels(svg).values()
        for a, b in itertools.combinations(series, 2)
        if a[0] != b[0] and series[a].is_like(series[b])
    }


def cut_samples(svg):
    """Dashes of a legend that are longer than their sample, and so look like a full line."""
    for node in svg.iter("path"):
        own = style(node)
        sample = re.fullmatch(r"M[\d.]+ [\d.]+h([\d. ]+)", node.get("d", ""))
        dashes = [float(n) for n in re.findall(r"[\d.]+", own.get("stroke-dasharray", ""))]
        if sample and sum(map(float, sample[1].split())) < 0.95 * sum(dashes):
            yield own["stroke-dasharray"]


def states(drawing, slots, maps):
    """The drawing in each of its states, one after the other in the same tree."""
    svg = ET.fromstring(drawing)
    parts = marked(svg)
    for state in range(len(maps[0]) if maps else 1):
        move(parts, slots, maps, state)
        yield svg


def drawings(page):
    """The figures of a page: markup and what changes from state to state."""
    for figure in FIGURE.findall(page.read_text(encoding="utf-8")):
        kept = DATA.search(figure)
        data = kept[2] if kept else None
        if kept and kept[1]:
            told = (page.parent / html.unescape(kept[1])).read_text(encoding="utf-8")
            data = told[told.index(",") + 1 : told.rindex(");")]
        is_explored = "lv-explore" in figure.partition(">")[0]
        data = json.loads(data) if is_explored else {}
        yield DRAWING.search(figure)[0], data.get("slots", []), data.get("maps", [])


@pytest.mark.parametrize("name", PAGES)
def test_series_differ_in_grey(name):
    problems = []
    for drawing, slots, maps in drawings(page_path(name)):
        alike, cut = set(), set()
        for svg in states(drawing, slots, maps):
            alike |= confusions(svg)
            cut |= set(cut_samples(svg))
        words = re.search(r'aria-label="([^"]{0,60})', drawing)
        problems += [f"{words and words[1]}…: {a} and {b} are one in grey" for a, b in alike]
        problems += [f"{words and words[1]}…: a sample is too short for {dash}" for dash in cut]
    assert not problems, "\n".join(problems)


def test_the_figures_are_looked_at_in_every_state():
    chapter = next(HTML.glob("chapters/08-*.html"))
    found = list(drawings(chapter))
    assert len(found) == chapter.read_text(encoding="utf-8").count("<figure ")
    assert max(len(list(states(*each))) for each in found) >= 20


def drawn(*plots):
    fig, ax = figures.axes()
    for plot in plots:
        plot(ax)
    svg = re.search(r"<svg.*?</svg>", figures.show(fig, alt="A test.").html, re.DOTALL)[0]
    return ET.fromstring(svg)


def line(*form, **more):
    return lambda ax: ax.plot([0, 1, 2], [0, len(more) + len(form), 1], *form, **more)


def bars(**more):
    return lambda ax: ax.bar([0, 1, 2], [1, 3, 2], **more)


@pytest.mark.parametrize(
    ("plots", "number"),
    [
        ((line(), line(color="C1")), 1),  # blue and vermilion: two lines, one grey
        ((line(), line("--")), 0),
        ((line(), line(linewidth=3)), 0),
        ((line("o-"), line("s-")), 0),
        ((line("o"), line("o")), 1),
        ((line("o"), line("s")), 0),
        ((line(), line(color="k")), 0),
        ((line(color="C0"), line(color="C0", alpha=0.4)), 0),  # replicas: one colour, no names
        ((line(), line(color="C1", alpha=0.4)), 0),
        ((line(), lambda ax: ax.axhline(1, color="C5")), 0),
        ((line(), line("--"), line("--")), 1),
        ((bars(), line(color="C1")), 1),
        ((bars(alpha=0.4), line(color="C1")), 0),
        ((line("o"), lambda ax: ax.quiver([0], [1], [1], [1], color="C1")), 0),
    ],
)
def test_the_rule(plots, number):
    assert len(confusions(drawn(*plots))) == number


@pytest.mark.parametrize(
    ("path", "area"),
    [("M2 1h3v4h-3z", 12), ("M5 5v4l3-4z", 6), ("M0 0l3 0 0 2-3 0z", 6), ("M9 9c1 0 2 0 2 2z", 0)],
)
def test_what_a_path_covers(path, area):
    assert covered(path) == pytest.approx(area)


@pytest.mark.parametrize(("length", "number"), [(1.0, 1), (2.4, 0)])
def test_a_sample_shows_a_whole_dash(length, number):
    svg = drawn(line("-.", label="dashes"), lambda ax: ax.legend(handlelength=length))
    assert len(list(cut_samples(svg))) == number
