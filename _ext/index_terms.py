"""The book's index: terms, people, equations and functions, each with the chapters that have it.

- Every link to a term of the glossary makes an entry for the paragraph in which it stands.
- The people in ``people.txt`` get one for each page that names them.
- The directive ``{index-of-the-book}`` lists these together with what Sphinx collects. It does
  so on the page ``genindex``, in place of Sphinx's own, which calls its places [1], [2], [3].
"""

import re
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

import glossary_source
from ledger_pages import reading_order

PAGE = "genindex"
PEOPLE = Path(__file__).with_name("people.txt")
SHORT = {"intro": "preface", "chapters/14-epilogue": "epilogue"}  # of pages without a number
NAMING = ("intro", "parts/", "chapters/")  # the pages on which people are looked for


def setup(app):
    app.add_directive("index-of-the-book", IndexDirective)
    app.add_node(index_list)
    app.add_transform(EnterTerms)
    app.add_transform(EnterPeople)
    app.add_post_transform(FillIndex)
    app.connect("config-inited", replace_sphinx_index)
    app.connect("builder-inited", add_style)
    app.connect("env-get-updated", compare, priority=950)  # after the equations have their entries
    app.add_css_file("terms.css")
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def replace_sphinx_index(app, config):
    config.html_use_index = False


def add_style(app):
    app.config.html_static_path.append(str(Path(__file__).with_name("terms_assets")))


class EnterTerms(SphinxTransform):
    """Make an entry in the index for every link to a term, under the term's first name."""

    default_priority = 840  # before Sphinx collects the entries of a page

    def apply(self, **kwargs):
        links = [
            node
            for node in self.document.findall(addnodes.pending_xref)
            if (node["refdomain"], node["reftype"]) == ("std", "term")
        ]
        if not links or self.env.docname == glossary_source.PAGE:
            return
        terms = glossary_source.by_name(self.env.srcdir)
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
        paragraphs = [(p, " ".join(p.astext().split())) for p in self.document.findall(is_prose)]
        for name, pattern in people().items():
            first = next((p for p, text in paragraphs if pattern.search(text)), None)
            if first is not None:
                enter(self.document, first[0], name)


def is_prose(node):
    return isinstance(node, nodes.paragraph) and len(node) > 0


def people(path=PEOPLE):
    """Return the people of the index: listed name -> pattern of the text that names them."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, wanted = (part.strip() for part in line.partition("="))
            surname, given = name.split(", ")
            found[name] = re.compile(wanted.replace("'", "['’]") or rf"\b{given} {surname}\b")
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


class index_list(nodes.General, nodes.Element):
    """Stands for the index until every page has been read."""


class IndexDirective(SphinxDirective):
    def run(self):
        return [index_list()]


def compare(app, env):
    """Have the page of the index written anew when anything that it lists has changed."""
    entries = env.get_domain("index").entries
    numbers = {page: env.toc_secnumbers.get(page, {}).get("") for page in entries}
    titles = {page: env.titles[page].astext() for page in entries if page in env.titles}
    now = repr((sorted(entries.items()), sorted(numbers.items()), sorted(titles.items())))
    before, env.index_listed = getattr(env, "index_listed", None), now
    return [PAGE] if PAGE in env.found_docs and now != before else []


class FillIndex(SphinxPostTransform):
    """Put the index in the place of its stand-in; in the printed book LaTeX makes the page."""

    default_priority = 5

    def run(self, **kwargs):
        for stand_in in list(self.document.findall(index_list)):
            page = stand_in.parent
            stand_in.replace_self(self.index() if self.app.builder.format == "html" else [])
            if self.app.builder.format == "latex":
                page.replace_self(nodes.target("", "", ids=[*page["ids"], ":doc"]))

    def index(self):
        self.order = {page: i for i, page in enumerate(reading_order(self.env))}
        groups = IndexEntries(self.env).create_index(self.app.builder)
        letters = nodes.paragraph("", "", classes=["index-letters"])
        whole = nodes.container("", letters, classes=["book-index"])
        for letter, entries in groups:
            anchor = nodes.make_id(f"letter-{letter}")
            letters += nodes.reference("", letter, refid=anchor, internal=True)
            letters += nodes.Text(" ")
            items = [self.item(name, places, parts) for name, (places, parts, _) in entries]
            heading = nodes.title("", letter)
            whole += nodes.section("", heading, nodes.bullet_list("", *items), ids=[anchor])
        return [whole]

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
        page = page.removesuffix(self.app.builder.link_suffix)
        title = self.env.titles[page].astext()
        number = self.env.toc_secnumbers.get(page, {}).get("")
        nth = re.search(r"-(\d+)$", anchor)
        order = (self.order[page], int(nth[1]) if nth else 1)
        if page == glossary_source.PAGE:
            return Place((-1, 0), "glossary", "what it means")
        if anchor.startswith("index-"):
            short = SHORT.get(page, title.partition(":")[0])
            return Place(order, ".".join(map(str, number)) if number else short, title)
        return Place(order, title, "")


def reference(text, address, title=""):
    said = {"reftitle": title} if title else {}
    return nodes.reference("", text, refuri=address, internal=True, **said)
