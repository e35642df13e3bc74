"""What needs what, in the built book: a drawing of the chapters, and a list of what they use.

The directive ``{prerequisites}`` draws the chapters in a column, each joined to the earlier ones
that it needs; what follows from other lines is left out. ``{prerequisites} list`` says for each
chapter what it takes from which. Both are read from the chapters of the same build.
"""

from html import escape

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from book.collected.common import Placeholder, chapter_number, cross_reference, joined, records
from book.sources.contents import chapters
from book.sources.prerequisites import needs, reduced, taken

ROW, SPACE, X, TEXT, WIDTH, RADIUS = 44, 22, 90, 112, 436, 15  # of the drawing, in its units


class PrerequisitesDirective(SphinxDirective):
    optional_arguments = 1

    def run(self):
        for pages in ("pages", "takers"):  # the first are written anew with the rest
            records(self.env)[pages].add(self.env.docname)
        return [UsesList() if self.arguments == ["list"] else Drawing()]


def compare(app, env):
    """Return the pages that show what chapters take of others, if this has changed."""
    known = records(env)
    now = {}
    if known["takers"]:
        equations = known["equations"]
        homes = {e.label: c for c in chapters(app.srcdir) for e in equations.get(c, ())}
        now = taken(app.srcdir, homes)
    before, known["taken"] = known["taken"], now
    return [] if now == before else sorted(known["takers"])


def link(env, kind, name):
    """Return a link to a page, to an equation or to a term."""
    role, domain = ROLES[kind]
    return cross_reference(env, role, name, domain)


ROLES = {"page": ("doc", "std"), "equation": ("eq", "math"), "term": ("term", "std")}


class UsesList(Placeholder):
    """The list that has for each chapter the terms and the equations that it takes from others."""

    def content(self, app):
        env, items = app.env, []
        chapters = records(env)["taken"]
        for page, others in chapters.items():
            line = nodes.paragraph("", "", link(env, "page", f"/{page}"))
            line += nodes.Text("" if others else ": nothing")
            for i, other in enumerate(page for page in chapters if page in others):
                line += nodes.Text("; from " if i else ": from ")
                links = [link(env, kind, name) for kind, name in others[other]]
                line += joined([link(env, "page", f"/{other}"), *links])
            items.append(nodes.list_item("", line))
        return nodes.bullet_list("", *items)


class Drawing(Placeholder):
    """The drawing of the chapters, or a sentence in its place where there is no HTML."""

    def content(self, app):
        chapters = Chapters(app, reduced(needs(records(app.env)["taken"])))
        if app.builder.format != "html":
            return nodes.paragraph("", chapters.in_words())
        return nodes.raw("", chapters.drawing(), format="html")


class Chapters:
    """The chapters as the drawing shows them."""

    def __init__(self, app, needs):
        self.app, self.env, self.needs = app, app.env, needs

    def named(self, page):
        """Return the number of a chapter ("" if it has none) and its title."""
        return chapter_number(self.env, page), self.env.titles[page].astext()

    def needed(self, page):
        """Return a phrase: which chapters one needs."""
        names = [number or title for number, title in map(self.named, in_order(self.needs, page))]
        if not names:
            return "needs no other"
        *most, last = names
        return f"needs {', '.join(most)} and {last}" if most else f"needs {last}"

    def in_words(self):
        phrases = (
            f"{' '.join(filter(None, self.named(page)))} {self.needed(page)}" for page in self.needs
        )
        return "; ".join(phrases) + "."

    def drawing(self):
        """Return the picture, in which every chapter is a link."""
        needs, rows = self.needs, heights(self.needs)
        arrows = "".join(
            line(rows[other], rows[page]) for page in needs for other in in_order(needs, page)
        )
        marks = "".join(self.mark(page, y) for page, y in rows.items())
        return (
            f'<svg class="prerequisites" viewBox="0 0 {WIDTH} {max(rows.values()) + ROW // 2}" '
            'role="group" aria-labelledby="prerequisites-title" font-family="inherit" '
            'font-size="15" fill="currentColor">\n<title id="prerequisites-title">The chapters '
            "from top to bottom, each joined to the earlier ones that it needs</title>\n"
            f'<g fill="none" stroke="currentColor" stroke-width="1.5">{arrows}</g>\n{marks}</svg>'
        )

    def mark(self, page, y):
        """Return one chapter: a circle with its number, and its title."""
        number, title = self.named(page)
        address = escape(self.app.builder.get_relative_uri(self.env.docname, page))
        label = escape(f"{number} {title}, {self.needed(page)}".strip())
        return (
            f'<a href="{address}" aria-label="{label}"><circle cx="{X}" cy="{y}" r="{RADIUS}" '
            'fill="var(--pst-color-background, #fff)" stroke="currentColor" stroke-width="1.5"/>'
            f'<text x="{X}" y="{y + 5}" text-anchor="middle">{number}</text>'
            f'<text x="{TEXT}" y="{y + 5}" text-decoration="underline">{escape(title)}</text></a>\n'
        )


def in_order(needs, page):
    return [other for other in needs if other in needs[page]]


def heights(needs):
    """Return where each chapter stands, with a gap where nothing leads to the next one."""
    rows: dict[str, int] = {}
    y = ROW // 2
    for page in needs:
        if rows and list(rows)[-1] not in needs[page]:
            y += SPACE
        rows[page] = y
        y += ROW
    return rows


def line(start, end):
    """Return the arrow from one chapter to a later one: straight to the next, else a bow."""
    if end - start == ROW:
        return f'<path d="M{X} {start + RADIUS}V{end - RADIUS}m-4 -7l4 7l4 -7"/>'
    left, bow = X - RADIUS, 10 + round(0.24 * (end - start))
    curve = f"{left - bow} {start} {left - bow} {end} {left} {end}"
    return f'<path d="M{left} {start}C{curve}m-7 -4l7 4l-7 4"/>'
