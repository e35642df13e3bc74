"""The page of symbols: the directive ``{notation}`` sets the table with its first uses."""

import re
from html import unescape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from book.collected.common import (
    Placeholder,
    equation_link,
    filter_field,
    joined,
    reading_order,
    records,
)
from book.sources.notation import TABLE, first_uses, table

HEADS = ("symbol", "in physics", "in learning", "unit", "first use")
KINDS = {"latin": "Latin letter ", "greek": "Greek letter ", "signs": "sign "}  # read aloud
CAPTION = "The symbols of the numbered equations: Latin letters, Greek letters, then signs"


class NotationDirective(SphinxDirective):
    """Set the table of symbols."""

    def run(self):
        self.env.note_dependency(str(Path(self.env.srcdir) / TABLE))
        records(self.env)["pages"].add(self.env.docname)  # written anew with the rest
        rows = table(self.env.srcdir)
        lines = [self.line(row, place) for row, place in zip(rows, places(rows), strict=True)]
        group = nodes.tgroup("", cols=len(HEADS))
        group += [nodes.colspec("", colwidth=1, stub=int(i == 0)) for i in range(len(HEADS))]
        heads = [nodes.entry("", nodes.paragraph("", head)) for head in HEADS]
        group += nodes.thead("", nodes.row("", *heads))
        group += nodes.tbody("", *lines)
        title = nodes.title("", CAPTION)
        grid = nodes.table("", title, group, classes=["notation"], ids=["symbols"])
        return [Letters("", rows=rows), grid]

    def line(self, row, place):
        symbol = nodes.paragraph("", "", nodes.inline("", KINDS[row.group], classes=["kind"]))
        symbol += joined(nodes.math(latex, latex) for latex in row.latex.split(", "))
        words = (self.words(text) for text in (row.physics, row.learning, breakable(row.unit)))
        last = nodes.paragraph("", "", FirstUse("", row=row))
        return nodes.row("", nodes.entry("", symbol), *words, nodes.entry("", last), ids=[place])

    def words(self, text):
        """Return a cell with the formulas between dollars set as formulas."""
        paragraph = nodes.paragraph("", "")
        for i, part in enumerate(text.replace("'", "’").split("$")):
            if part:
                paragraph += nodes.math(part, part) if i % 2 else nodes.Text(part)
        return nodes.entry("", paragraph, classes=["nothing"] if text == "–" else [])


class Letters(Placeholder):
    """The letters of the alphabets, each a link to its first row, and the field below them."""

    def content(self, app):
        if app.builder.format != "html":
            return []
        first: dict[str, str] = {}
        for row, place in zip(self["rows"], places(self["rows"]), strict=True):
            first.setdefault(letter_of(row), place)
        links = (nodes.reference("", letter, refid=place) for letter, place in first.items())
        items = (nodes.list_item("", nodes.paragraph("", "", link)) for link in links)
        return [nodes.bullet_list("", *items, classes=["letters"]), *filter_field(app)]


def letter_of(row):
    r"""Return the letter under which a row stands, without accents and fonts.

    >>> from types import SimpleNamespace as Row
    >>> letter_of(Row(group="latin", latex=r"\hat{\mathbf n}"))
    'N'
    >>> letter_of(Row(group="greek", latex=r"\bar\xi")), letter_of(Row(group="signs", latex="x'"))
    ('ξ', 'signs')
    """
    if row.group == "signs":
        return "signs"
    bare = re.sub(r"\\(?:bar|hat|tilde|vec|var|math[a-z]+)", r"\\", row.latex)
    if row.group == "greek":
        return unescape(f"&{re.findall(r'[A-Za-z]+', bare)[0].lower()};")
    return re.findall(r"[A-Za-z]", bare)[0].upper()


def places(rows):
    r"""Return a name for the place of each row, the second of a symbol's with a 2 after it.

    >>> from types import SimpleNamespace as Row
    >>> places([Row(latex=r"\tau"), Row(latex="T"), Row(latex=r"\tau")])
    ['symbol-tau', 'symbol-T', 'symbol-tau-2']
    """
    found: list[str] = []
    for row in rows:
        name = "symbol-" + (re.sub(r"[^A-Za-z0-9]+", "-", row.latex).strip("-") or "sign")
        earlier = len([one for one in found if re.fullmatch(rf"{name}(?:-\d+)?", one)])
        found.append(f"{name}-{earlier + 1}" if earlier else name)
    return found


def breakable(unit):
    """Let a unit that is a quotient of words break behind the stroke."""
    return unit.replace("/", "/\N{ZERO WIDTH SPACE}") or "–"


class FirstUse(Placeholder):
    """The link to the first equation that a row of the table explains."""

    def content(self, app):
        row, first = self["row"], first_uses_of(app.env)
        if row in first:
            return equation_link(app.env, first[row].label)
        return nodes.Text(f"text of chapter {min(row.chapters, default=0)}")


def first_uses_of(env):
    """Return the first equation that each row explains, read once for a build: row -> equation."""
    known = records(env)
    if "first uses" not in env.temp_data:
        pages = (known["equations"].get(page, []) for page in reading_order(env))
        equations = [e for page in pages for e in page if e.label]
        env.temp_data["first uses"] = first_uses(equations, table(env.srcdir))
    return env.temp_data["first uses"]
