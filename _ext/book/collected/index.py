"""The book's index: terms, people, equations and functions, each with the chapters that have it.

- Every link to a term of the glossary makes an entry for the paragraph in which it stands.
- The people in ``appendix/index.toml`` get one for each page that names them.
- The directive ``{index-of-the-book}`` lists these together with what Sphinx collects. It does
  so on the page ``genindex``, in place of Sphinx's own, which calls its places [1], [2], [3].
"""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from book.collected.common import Placeholder, chapter_number, reading_order
from book.sources import glossary

PAGE = "genindex"
WORDS = "appendix/index.toml"
NAMING = ("intro", "parts/", "chapters/")  # the pages on which people are looked for


def replace_sphinx_index(app, config):
    """Give Sphinx's own index up for the book's page, where there is one."""
    config.html_use_index = not Path(app.srcdir, f"{PAGE}.md").is_file()


class EnterTerms(SphinxTransform):
    """Make an entry in the index for every link to a term, under the term's first name."""

    default_priority = 840  # before Sphinx collects the entries of a page

    def apply(self, **kwargs):
        links = [
            node
            for node in self.document.findall(addnodes.pending_xref)
            if (node["refdomain"], node["reftype"]) == ("std", "term")
        ]
        if not links or self.env.docname == glossary.PAGE:
            return
        terms = glossary.by_name(self.env.srcdir)
        for link in links:
            entry = terms.get(link["reftarget"].lower())
            if entry:  # where there is none, Sphinx warns
                enter(self.document, link, entry.names[0])


class EnterPeople(SphinxTransform):
    """Make an entry in the index for the first paragraph of a page that names a person."""

    default_priority = 841

    def apply(self, **kwargs):
        if not self.env.docname.startswith(NAMING):
            return
        prose = (p for p in self.document.findall(nodes.paragraph) if len(p))
        paragraphs = [(p, " ".join(p.astext().split())) for p in prose]
        for name, pattern in people(self.env.srcdir).items():
            first = next((p for p, text in paragraphs if pattern.search(text)), None)
            if first is not None:
                enter(self.document, first[0], name)


def words(root):
    """Return what the index is told beside the text: short names of pages, and people."""
    path = Path(root, WORDS)
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def people(root):
    """Return the people of the index: listed name -> pattern of the text that names them."""
    found = {}
    for name, pattern in words(root).get("people", {}).items():
        surname, given = name.split(", ")
        found[name] = re.compile(pattern.replace("'", "['’]") or rf"\b{given} {surname}\b")
    return found


def enter(document, node, name):
    """Make an entry of the index that leads to the paragraph in which a node stands."""
    paragraph = node
    while not isinstance(paragraph, nodes.paragraph) and paragraph.parent is not None:
        paragraph = paragraph.parent
    wanted = anchor = nodes.make_id(f"index-{name}")
    number = 1
    while anchor in document.ids:
        number += 1
        anchor = f"{wanted}-{number}"
    paragraph["ids"].append(anchor)
    document.ids[anchor] = paragraph
    letter = "L" if name[0] == "Ł" else None  # which Unicode does not take apart
    entry = addnodes.index(entries=[("single", name, anchor, "", letter)], inline=True)
    node.parent.insert(node.parent.index(node), entry)


class Place(NamedTuple):
    """A place of the index: where it comes in the book, how it is shown, and what is there."""

    order: tuple
    label: str
    title: str


class IndexDirective(SphinxDirective):
    def run(self):
        return [Index()]


def compare(app, env):
    """Have the page of the index written anew when anything that it lists has changed."""
    entries = env.get_domain("index").entries
    numbers = {page: env.toc_secnumbers.get(page, {}).get("") for page in entries}
    titles = {page: env.titles[page].astext() for page in entries if page in env.titles}
    now = repr((sorted(entries.items()), sorted(numbers.items()), sorted(titles.items())))
    before, env.index_listed = getattr(env, "index_listed", None), now
    return [PAGE] if PAGE in env.found_docs and now != before else []


class Index(Placeholder):
    """The index; in the printed book LaTeX makes the page."""

    def content(self, app):
        if app.builder.format == "html":
            return [self.whole(app)]
        if app.builder.format == "latex":
            page = self.parent
            page.replace_self(nodes.target("", "", ids=[*page["ids"], ":doc"]))
        return []

    def whole(self, app):
        places = Places(app)
        letters = nodes.paragraph("", "", classes=["index-letters"])
        whole = nodes.container("", letters, classes=["book-index"])
        for letter, entries in IndexEntries(app.env).create_index(app.builder):
            anchor = nodes.make_id(f"letter-{letter}")
            letters += nodes.reference("", letter, refid=anchor, internal=True)
            letters += nodes.Text(" ")
            items = [places.item(name, targets, parts) for name, (targets, parts, _) in entries]
            heading = nodes.title("", letter)
            whole += nodes.section("", heading, nodes.bullet_list("", *items), ids=[anchor])
        return whole


class Places:
    """The places that entries of the index lead to."""

    def __init__(self, app):
        self.env, self.suffix = app.env, app.builder.link_suffix
        self.order = {page: i for i, page in enumerate(reading_order(app.env))}
        self.short = words(app.srcdir).get("short", {})

    def item(self, name, targets, parts=()):
        """Return an entry: its name and the places that it leads to, in the order of the book."""
        places = sorted((self.place(address), address) for _, address in targets)
        if len(places) == 1 and not places[0][0].title:  # a function or an equation
            line = nodes.paragraph("", "", reference(name, places[0][1]))
        else:
            line = nodes.paragraph("", name)
            for place, address in places:
                line += [nodes.Text(", "), reference(place.label, address, place.title)]
        item = nodes.list_item("", line)
        if parts:
            item += nodes.bullet_list("", *(self.item(*part) for part in parts))
        return item

    def place(self, address):
        """Return what an address is called: the number of its chapter, if it has one."""
        page, _, anchor = address.partition("#")
        page = page.removesuffix(self.suffix)
        title = self.env.titles[page].astext()
        nth = re.search(r"-(\d+)$", anchor)
        order = (self.order[page], int(nth[1]) if nth else 1)
        if page == glossary.PAGE:
            return Place((-1, 0), "glossary", "what it means")
        if anchor.startswith("index-"):
            short = self.short.get(page, title.partition(":")[0])
            return Place(order, chapter_number(self.env, page) or short, title)
        return Place(order, title, "")


def reference(text, address, title=""):
    tooltip = {"reftitle": title} if title else {}
    return nodes.reference("", text, refuri=address, internal=True, **tooltip)
