"""What needs what, in the built book: a drawing of the chapters, and a list of what they use.

The directive ``{prerequisites}`` draws the chapters in a column, each joined to the earlier ones
that it needs; what follows from other lines is left out. ``{prerequisites} list`` says for each
chapter what it takes from which. Both are read from the chapters of the same build.
"""

from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

import glossary_source
import prerequisites

ROW, SPACE, X, TEXT, WIDTH, RADIUS = 44, 22, 90, 112, 436, 15  # of the drawing, in its units


def setup(app):
    app.add_directive("prerequisites", PrerequisitesDirective)
    app.add_node(stand_in)
    app.add_post_transform(FillPrerequisites)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


class stand_in(nodes.General, nodes.Element):
    """Stands for the drawing, or for the list, until every page has been read."""


class PrerequisitesDirective(SphinxDirective):
    optional_arguments = 1

    def run(self):
        root = self.env.srcdir
        prerequisites.chapters.cache_clear()
        pages = prerequisites.chapters(root)
        read = [prerequisites.source(root, page) for page in pages]
        read += [root / "_toc.yml", root / f"{glossary_source.PAGE}.md"]
        for path in read:
            self.env.note_dependency(str(path))
        if self.arguments == ["list"]:
            return [stand_in(taken=taken(root, pages))]
        return [stand_in(needs=prerequisites.reduced(prerequisites.needs(root)))]


def taken(root, pages):
    """Return what each chapter takes: chapter -> earlier chapter -> its terms and equations."""
    found = {page: {} for page in pages}
    for use in prerequisites.uses(root):
        if use.kind in WAYS and pages.index(use.home) < pages.index(use.chapter):
            found[use.chapter].setdefault(use.home, {})[use.kind, use.name] = None
    return found


WAYS = {"equation": ("eq", "math"), "term": ("term", "std")}


class FillPrerequisites(SphinxPostTransform):
    """Put drawing and list in their places, before references are resolved."""

    default_priority = 5

    def run(self, **kwargs):
        for node in list(self.document.findall(stand_in)):
            if "taken" in node:
                node.replace_self(self.lines(node["taken"]))
            elif self.app.builder.format == "html":
                node.replace_self(nodes.raw("", self.drawing(node["needs"]), format="html"))
            else:
                node.replace_self(nodes.paragraph("", self.in_words(node["needs"])))

    def lines(self, taken):
        """Return a list: for each chapter the terms and the equations that it takes from others."""
        items = []
        for page, others in taken.items():
            line = nodes.paragraph("", "", self.link("doc", "std", f"/{page}"))
            line += nodes.Text("" if others else ": nothing")
            for i, other in enumerate(page for page in taken if page in others):
                line += [
                    nodes.Text("; from " if i else ": from "),
                    self.link("doc", "std", f"/{other}"),
                ]
                for kind, name in others[other]:
                    line += [nodes.Text(", "), self.link(*WAYS[kind], name)]
            items.append(nodes.list_item("", line))
        return nodes.bullet_list("", *items)

    def link(self, role, domain, target):
        return addnodes.pending_xref(
            "",
            nodes.inline("", target),
            refdomain=domain,
            reftype=role,
            reftarget=target,
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )

    def named(self, page):
        """Return the number of a chapter ("" if it has none) and its title."""
        number = self.env.toc_secnumbers.get(page, {}).get("", ())
        return ".".join(map(str, number)), self.env.titles[page].astext()

    def needed(self, needs, page):
        """Return a phrase: which chapters one needs."""
        names = [number or title for number, title in map(self.named, in_order(needs, page))]
        if not names:
            return "needs no other"
        *most, last = names
        return f"needs {', '.join(most)} and {last}" if most else f"needs {last}"

    def in_words(self, needs):
        said = (
            f"{' '.join(filter(None, self.named(page)))} {self.needed(needs, page)}"
            for page in needs
        )
        return "; ".join(said) + "."

    def drawing(self, needs):
        """Return the picture, in which every chapter is a link."""
        rows = heights(needs)
        joined = "".join(line(rows[other], rows[page]) for page in needs for other in needs[page])
        marks = "".join(self.mark(needs, page, y) for page, y in rows.items())
        return (
            f'<svg class="prerequisites" viewBox="0 0 {WIDTH} {max(rows.values()) + ROW // 2}" '
            'role="group" aria-labelledby="prerequisites-title" font-family="inherit" '
            'font-size="15" fill="currentColor">\n<title id="prerequisites-title">The chapters '
            "from top to bottom, each joined to the earlier ones that it needs</title>\n"
            f'<g fill="none" stroke="currentColor" stroke-width="1.5">{joined}</g>\n{marks}</svg>'
        )

    def mark(self, needs, page, y):
        """Return one chapter: a circle with its number, and its title."""
        number, title = self.named(page)
        address = escape(self.app.builder.get_relative_uri(self.env.docname, page))
        label = escape(f"{number} {title}, {self.needed(needs, page)}".strip())
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
    rows, y = {}, ROW // 2
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
