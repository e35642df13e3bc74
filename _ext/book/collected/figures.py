"""The numbers of figures: those with a caption are counted through each chapter.

They are counted before the printed book leaves anything out, so that both have the same numbers.
"""

import re
from collections import Counter

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.collected.common import chapter_number

_ = get_translation("book")

FIGURE = re.compile(
    r'(<figure class="lv-figure [^"]*")(?: id="([^"]+)")?(>.*?<figcaption[^>]*>)', re.DOTALL
)


class NumberFigures(SphinxPostTransform):
    """Begin each figure's caption with its number, which links to the figure."""

    default_priority = 2  # before the printed book leaves out what the pages fold

    def run(self, **kwargs):
        counted: Counter[str] = Counter()
        for node in list(self.document.findall(nodes.raw)):
            if "html" not in node.get("format", "").split():
                continue
            chapter = chapter_number(self.env, page_of(node) or self.env.docname)
            found = FIGURE.search(node.astext())
            if chapter and found:
                counted[chapter] += 1
                html = numbered(found, f"{chapter}.{counted[chapter]}")
                node.replace_self(nodes.raw(html, html, **node.attributes))


def page_of(node):
    """Return the page that a part of the printed book comes from."""
    while node is not None and not isinstance(node, addnodes.start_of_file):
        node = node.parent
    return node and node["docname"]


def numbered(found, number):
    """Return a figure's HTML with its number before the words of the caption."""
    begin, name, middle = found.groups()
    name = name or f"figure-{number.replace('.', '-')}"
    words = str(_("Figure {}")).format(number)
    link = f'<a class="lv-number" href="#{name}">{words}</a>. '
    html = found.string
    return f'{html[: found.start()]}{begin} id="{name}"{middle}{link}{html[found.end() :]}'
