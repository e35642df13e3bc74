"""Figures in print: each figure's first state as a drawing, its words, and the way to the live one.

For the builder ``latex`` the HTML that a cell has put out is read and becomes
- for a figure, a drawing (an SVG file beside the TeX file, which `make pdf` turns into PDF), the
  caption, the values it is shown at, and a link to the figure in the published book;
- for a table, a table.
Drawings that a page takes in from a file are treated alike. HTML of any other kind is a warning:
nothing is left out in silence.
"""

import hashlib
import re
from html import unescape
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.texescape import escape

from book.sources.address import repository_address

log = logging.getLogger(__name__)

VARIABLE = re.compile(r"var\(\s*--[\w-]+\s*,\s*((?:[^()]|\([^()]*\))*)\)")
SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
PICTURE = re.compile(r'class="lv-picture"[^>]*>\s*(<svg\b.*?</svg>)', re.DOTALL)
LEGEND = re.compile(r"<li[^>]*>\s*(<svg\b.*?</svg>)?(.*?)</li>", re.DOTALL)
FORMULA = re.compile(r"\\\((.*?)\\\)", re.DOTALL)
UNSEEN = re.compile(r"(\s|<!--.*?-->)*", re.DOTALL)
SMALL = {"<small>": r"{\small ", "</small>": "}"}
FRAME = ("lv-figure", "lv-ready")  # classes that do not tell the kind of figure


class print_figure(nodes.General, nodes.Element):
    """A drawing and its words, kept together on a page."""


class print_drawing(nodes.General, nodes.Element):
    """A drawing in a file of its own: attributes file, width (points), alt."""


class Drawing(NamedTuple):
    svg: str
    width: float
    alt: str


class Figure(NamedTuple):
    kind: str
    name: str
    drawing: Drawing
    caption: str
    formula: str
    legend: list[tuple[Drawing | None, str]]  # sample of the line or mark, label
    shown: list[tuple[str, str]]  # parameter, value


def visit_figure(writer, node):
    writer.body.append("\n\\begin{bookfigure}\n")


def depart_figure(writer, node):
    writer.body.append("\\end{bookfigure}\n")


def visit_drawing(writer, node):
    alt = escape(" ".join(node["alt"].split()), "xelatex")
    options = f"width={node['width']:g}bp,max width=\\linewidth,max height=.8\\textheight"
    writer.body.append(f"\\bookdrawing{{{alt}}}%\n")
    writer.body.append(f"{{\\includegraphics[{options},alt={{{alt}}}]{{{node['file']}}}}}\n\n")
    raise nodes.SkipNode


NODES = {print_figure: (visit_figure, depart_figure), print_drawing: (visit_drawing, None)}


class PrintHtml(SphinxPostTransform):
    """Give everything that is raw HTML a printed form, once one form of each output is chosen."""

    default_priority = 6
    builders = ("latex",)

    def run(self, **kwargs):
        for node in list(self.document.findall(nodes.raw)):
            if "html" in node.get("format", "").split():
                place = node.parent.index(node)
                node.parent[place : place + 1] = self.printed(node)

    def printed(self, node):
        html = node.astext()
        if UNSEEN.fullmatch(html):
            return []
        if html.strip() in SMALL:
            return [nodes.raw("", SMALL[html.strip()], format="latex")]
        if 'class="lv-figure' in html:
            return [self.figure(read_figure(html), node)]
        if html.lstrip().startswith("<svg"):
            return [print_figure("", drawn(self.app, read_drawing(html)))]
        if html.lstrip().startswith("<table"):
            return [table(html)]
        log.warning("print: no printed form for the HTML %.60r", html, location=node)
        return []

    def figure(self, figure, node):
        frame = print_figure("", drawn(self.app, figure.drawing))
        for line in words(self.app, figure):
            frame += line
        address = live_address(self.app, figure, node)
        if address:
            link = nodes.reference("", address.partition("://")[2], refuri=address)
            frame += small(nodes.Text("Live: "), link)
        return frame


class PrintDrawings(SphinxPostTransform):
    """Take in images that are SVG files as drawings, before the builder looks for them."""

    default_priority = 6
    builders = ("latex",)

    def run(self, **kwargs):
        for image in list(self.document.findall(nodes.image)):
            if image["uri"].endswith(".svg"):
                svg = (Path(self.app.srcdir) / image["uri"]).read_text(encoding="utf-8")
                drawing = read_drawing(required(SVG.search(svg), image["uri"])[0])
                drawing = drawing._replace(alt=image.get("alt") or drawing.alt)
                frame = print_figure("", drawn(self.app, drawing))
                inline = isinstance(image.parent, nodes.TextElement)
                (image.parent if inline else image).replace_self(frame)


def required(found, where):
    """Return what was looked for; where it was not found, the build stops."""
    if found is None:
        raise ExtensionError(f"print: {where:.60} holds no drawing or table that can be printed")
    return found


def read_figure(html):
    """Return what can be printed of a figure's HTML."""
    frame = required(BeautifulSoup(html, "html.parser").find("figure"), html)
    kind = next(name[3:] for name in frame["class"] if name not in FRAME)
    caption = frame.find("figcaption")
    formulas = (line.get_text() for line in frame.select(".lv-formula"))
    samples = LEGEND.findall(html.partition('class="lv-legend"')[2])
    legend = [(read_drawing(svg) if svg else None, unescape(label)) for svg, label in samples]
    controls = frame.select(".lv-control[data-name]")
    return Figure(
        kind,
        frame.get("id", ""),
        read_drawing(required(PICTURE.search(html), html)[1]),
        caption.get_text() if caption else "",
        ", ".join(formulas),
        legend,
        [shown for shown in map(read_control, controls) if shown],
    )


def read_control(control):
    """Return the label of a slider or a choice and the value it stands at."""
    label = control.find("legend") or control.find("label").find("span")
    value = control.find("output") or control.find("option", selected=True)
    value = value or control.find("option")
    if picked := control.find("input", checked=True):
        value = picked.find_next("span")
    return (label.get_text(), value.get_text()) if value else None


def read_drawing(svg):
    """Return an SVG from a page as one that stands alone, in black and the light palette."""
    start = svg[: svg.index(">")]
    attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', start))
    box = attributes["viewBox"].split()
    svg = VARIABLE.sub(r"\1", svg)
    if "xmlns=" not in start:
        svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    svg = svg.replace("<svg", '<svg color="#000"', 1).replace("currentColor", "#000")
    if "font-family" not in svg:  # letters that are not outlines: what a page would use
        svg = svg.replace("<svg", '<svg font-family="DejaVu Sans"', 1)
    width, alt = attributes.get("width", box[2]), attributes.get("aria-label", "")
    return Drawing(svg, float(width), unescape(alt))


def drawn(app, drawing):
    """Put a drawing beside the TeX file and return the node that takes it in."""
    content = drawing.svg.encode()
    name = f"drawing-{hashlib.sha256(content).hexdigest()[:16]}"
    path = Path(app.outdir) / f"{name}.svg"
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)
    return print_drawing(file=f"{name}.pdf", width=drawing.width, alt=drawing.alt)


def words(app, figure):
    """Return the lines below a figure: its caption, formula, legend and the values shown."""
    if figure.caption:
        yield nodes.paragraph("", "", *with_formulas(figure.caption))
    if figure.formula:
        yield nodes.paragraph("", "", *with_formulas(figure.formula))
    if figure.legend:
        yield small(*(part for entry in figure.legend for part in key(app, *entry)))
    if figure.shown:
        values = "; ".join(f"{label}: {value}" for label, value in figure.shown)
        yield small(nodes.Text(f"Shown at {values}."))


def with_formulas(text):
    """Return text with its formulas between \\( and \\) as nodes."""
    for i, part in enumerate(FORMULA.split(text)):
        if part:
            yield nodes.math(part, part) if i % 2 else nodes.Text(part)


def key(app, sample, label):
    """Return one entry of a legend: a sample of the line or of the mark, and what it stands for."""
    if sample is not None:
        file, width = drawn(app, sample)["file"], sample.width
        tex = rf"\mbox{{\includegraphics[width={width:g}bp,alt={{}}]{{{file}}}}}~"
        yield nodes.raw("", tex, format="latex")
    yield nodes.Text(f"{label}  ")


def small(*children):
    return nodes.paragraph("", "", nodes.raw("", r"\footnotesize ", format="latex"), *children)


def live_address(app, figure, node):
    """Return where a figure lives in the published book; None if it does not or nobody knows."""
    address = repository_address(app.confdir)
    if figure.kind == "show" or address is None or address.pages is None:
        return None
    section, page = None, app.env.config.root_doc
    while node.parent is not None:
        node = node.parent
        if section is None and isinstance(node, nodes.section):
            section = node["ids"][0]
        if isinstance(node, addnodes.start_of_file):
            page = node["docname"]
            break
    return f"{address.pages}{page}.html#{figure.name or section}"


def table(html):
    """Return an HTML table as a table of the document."""
    found = required(BeautifulSoup(html, "html.parser").find("table"), html)
    rows = [row.find_all(["th", "td"]) for row in found.find_all("tr")]
    columns = max(map(len, rows))
    is_head = [all(cell.name == "th" for cell in row) for row in rows]
    head = is_head.index(False) if False in is_head else 0
    group = nodes.tgroup(cols=columns)
    group += [nodes.colspec(colwidth=1) for _ in range(columns)]
    for kind, lines in ((nodes.thead, rows[:head]), (nodes.tbody, rows[head:])):
        if lines:
            group += kind("", *(nodes.row("", *map(entry, line)) for line in lines))
    return nodes.table("", group)


def entry(cell):
    parts = [
        nodes.literal("", part.get_text()) if part.name == "code" else nodes.Text(part.get_text())
        for part in cell.children
    ]
    return nodes.entry("", nodes.paragraph("", "", *parts))
