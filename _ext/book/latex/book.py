"""The book as a PDF: how Sphinx's builder ``latex`` is configured, and its shape.

- Parts, chapters and equations have the numbers that they have in the pages.
- The first page becomes the preface, the pages in ``parts/`` open the parts.
- Folded cells stay out; solutions follow their exercises.
- The mark beside an equation leads to the cell that checks it, where that one is printed.
- The bibliography stands once, in its chapter.
"""

import re
from pathlib import Path
from typing import TypeGuard

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.latex.nodes import thebibliography
from sphinx.builders.latex.transforms import MathReferenceTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.texescape import escape
from sphinx.writers.latex import LaTeXTranslator

from book.collected.common import anchors, good_checks, names_of, number_of, records
from book.sources.address import repository_address
from book.sources.equations import LABEL, MARKS, Equation, kinds_of

NAME = "the-elegant-link"
LICENCE = "Text and figures: CC BY 4.0. Code: MIT licence."
PREFACE = "Preface"
INDEX = "genindex"
IN_PRINT = {"\N{ZERO WIDTH SPACE}": r"\hspace{0pt}", "✅": "✓", "❌": "✗"}
READ_ALOUD = {"kind", "sr-only", "visually-hidden"}  # classes of words for screen readers
ONE_PAGE = 30  # rows; from here on Sphinx lets a table go over pages
NARROWEST, WIDEST = 8, 40  # letters in a column of such a table
PLAIN = "\x00-\u024f\u2010-\u2026"  # characters that every font for text has
# What these pages cannot do, as their beginning states.
NOTE = (
    "This is the printed form of a book that moves. Each figure is shown in its first state"
    "{link}. The cells that only draw a figure, and those that compute the answers of exercises, "
    "are folded in the pages and left out here. The mark beside an equation (✓✓, ✓, ≈ or dim.) "
    "leads to the cell that checks it, where that cell is printed."
)


def use_translator(app):
    """Write LaTeX our way; named for other builders too, it would keep the theme from its own."""
    if app.builder.name == "latex":
        app.set_translator("latex", PrintTranslator, override=True)


def configure_latex(app, config):
    """Configure Sphinx's builder latex; nothing here makes a page of the other builders older."""
    address = repository_address(app.confdir)
    config.latex_engine = "xelatex"
    config.latex_use_xindy = False
    config.latex_domain_indices = False
    config.latex_documents = [
        (config.root_doc, f"{NAME}.tex", config.project, config.author, "manual")
    ]
    config.latex_table_style = ["booktabs", "nocolorrows"]
    preamble = Path(__file__).with_suffix(".tex").read_text(encoding="utf-8")
    texts = {
        "titletext": config.html_title or config.project,
        "author": config.author,
        "licence": LICENCE,
        "year": config.copyright.split(",")[0],
        "address": (address and (address.pages or address.repository)) or "",
    }
    macros = "".join(rf"\def\book{name}{{{escape(text)}}}" + "\n" for name, text in texts.items())
    config.latex_elements = {
        "papersize": "a4paper",
        "pointsize": "10pt",
        "extraclassoptions": "oneside,openany",
        "sphinxsetup": ",".join(
            [
                "hmargin={3.1cm,3.1cm}",
                "vmargin={2.5cm,2.8cm}",
                "verbatimforcewraps=true",
                "verbatimsep=5pt",
                "VerbatimColor={HTML}{F4F4F4}",
                "InnerLinkColor={HTML}{00527F}",
                "OuterLinkColor={HTML}{00527F}",
                "TitleColor={HTML}{000000}",
                "HeaderFamily=\\rmfamily\\bfseries",
            ]
        ),
        "fvset": r"\fvset{fontsize=\small}",
        "polyglossia": "",
        "fontpkg": "",
        "textgreek": "",
        "fncychap": "",
        "tocdepth": r"\setcounter{tocdepth}{1}",
        "preamble": macros + preamble,
        "maketitle": r"\booktitle",
        "printindex": rf"\clearpage\phantomsection\label{{{INDEX}::doc}}\printindex",
    }


class numbered_from(nodes.General, nodes.Element):
    """From here on chapters are numbered, the next with `number`; or are not, without it."""


def visit_numbered_from(writer, node):
    number = node.get("number")
    if number is None:
        writer.body.append("\n\\setcounter{secnumdepth}{-2}\n")
    else:
        writer.body.append(
            f"\n\\setcounter{{secnumdepth}}{{0}}\\setcounter{{chapter}}{{{number - 1}}}\n"
        )
    raise nodes.SkipNode


NODES = {numbered_from: (visit_numbered_from, None)}  # written by these functions


class ShapeBook(SphinxPostTransform):
    """Turn the pages, one inside the other, into a preface, parts and chapters."""

    default_priority = 1
    builders = ("latex",)

    def run(self, **kwargs):
        root = self.env.config.root_doc
        if self.document.get("docname") != root:
            return
        book = next(self.document.findall(nodes.section))
        pages = [
            page
            for page in self.document.findall(addnodes.start_of_file)
            if not inside(page, addnodes.start_of_file)
            and page["docname"] != INDEX  # TeX makes one with pages
        ]
        for list_of_pages in list(self.document.findall(nodes.compound)):
            if "toctree-wrapper" in list_of_pages["classes"]:
                list_of_pages.parent.remove(list_of_pages)
        title = book[0]
        preface = nodes.section("", nodes.title("", PREFACE), ids=list(book["ids"]), docname=root)
        preface += [note(repository_address(self.app.confdir)), *book.children[1:]]
        book.children = []
        book["ids"] = []
        book += [title, numbered_from(), preface]
        captions = captions_of(self.env.get_doctree(root))
        for page in pages:
            docname = page["docname"]
            if docname in captions:
                book += part(page, captions[docname])
            number = self.env.toc_secnumbers.get(docname, {}).get("")
            book += numbered_from(number=number[0]) if number else numbered_from()
            for part_of_page in page:
                part_of_page.parent = page  # Sphinx left them with their old document
            book += page


def note(address):
    link = "; a link leads to the live one" if address and address.pages else ""
    return nodes.paragraph("", "", nodes.emphasis("", NOTE.format(link=link)))


def captions_of(doctree):
    """Return the captions of the parts by the first page of each."""
    lists = list(doctree.findall(addnodes.toctree))
    return {li["includefiles"][0]: li["rawcaption"] for li in lists if li.get("rawcaption")}


def part(page, caption):
    """Return the heading of a part; its own page, if it has one, loses the heading of a chapter."""
    title = ""
    if page["docname"].startswith("parts/"):
        section = page.next_node(nodes.section)
        title = section[0].astext().partition(":")[0]
        anchors = nodes.target("", "", ids=[*section["ids"], ":doc"])
        section.replace_self([anchors, *section.children[1:]])
    return nodes.raw("", rf"\bookpart{{{escape(title)}}}{{{escape(caption)}}}", format="latex")


class LeaveOutFolded(SphinxPostTransform):
    """Leave out what the pages fold or only say aloud, and the lines that announce it."""

    default_priority = 3
    builders = ("latex",)

    def run(self, **kwargs):
        for words in list(self.document.findall(nodes.inline)):
            if READ_ALOUD & set(words["classes"]):
                words.parent.remove(words)
        for cell in list(filter(is_cell, self.document.findall(nodes.container))):
            folded = cell.get("hide_mode", "")
            for child in [part for part in cell.children if isinstance(part, nodes.Element)]:
                kind = "input" if "cell_input" in child["classes"] else "output"
                if folded in ("all", kind):
                    cell.remove(child)
            place = cell.parent.index(cell)
            line = cell.parent[place - 1] if place else None
            if isinstance(line, nodes.paragraph) and "ledger-back" in line["classes"]:
                announced = [] if folded in ("all", "input") else announcement(line)
                cell.parent[place - 1 : place] = announced
            if not cell.children:
                cell.parent.remove(cell)


class KeepBoxesWhole(SphinxPostTransform):
    """Begin no exercise, solution or note at the foot of a page."""

    default_priority = 3
    builders = ("latex",)

    def run(self, **kwargs):
        for box in list(self.document.findall(is_box)):
            rows = len(list(box.findall(nodes.row)))  # TeX breaks no table inside a box
            box.parent.insert(box.parent.index(box), keep(12 + 2 * rows) if rows else keep())


class FitTables(SphinxPostTransform):
    """Give widths to the columns of a table that goes over pages, or TeX breaks no line in it."""

    default_priority = 700
    builders = ("latex",)

    def run(self, **kwargs):
        for table in self.document.findall(nodes.table):
            rows = list(table.findall(nodes.row))
            columns = list(table.findall(nodes.colspec))
            for column in columns:
                if not column.get("stub"):  # to Sphinx a column with stub=0 is one of heads too
                    column.attributes.pop("stub", None)
            if len(rows) > ONE_PAGE:
                table["classes"].append("colwidths-given")
                for i, column in enumerate(columns):
                    lengths = [length(row[i]) for row in rows if i < len(row)]
                    column["colwidth"] = min(max(*lengths, NARROWEST), WIDEST)


def is_box(node) -> TypeGuard[nodes.Element]:
    return isinstance(node, nodes.Admonition)


def length(cell):
    """Return about how many letters wide a cell would like to be."""
    return len(re.sub(r"\\\w+|[{}^_\s]+", " ", cell.astext()))


def keep(lines=7):
    return nodes.raw("", rf"\bookkeep{{{lines}}}", format="latex")


def announcement(line):
    """Return the line "Check of (3)" with its anchors, kept on the page of its cell."""
    anchors = nodes.target("", "", ids=line["ids"])
    line["ids"] = []
    return [keep(), anchors, line]


def is_cell(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


class LinkLateEquations(MathReferenceTransform):
    """Link the equations too that are named by what was put in last, such as the ledger."""

    default_priority = 8


class PlaceBibliography(SphinxPostTransform):
    """Bring the list of citations back from the end of the book into its chapter."""

    default_priority = 760  # after Sphinx has gathered it there
    builders = ("latex",)

    def run(self, **kwargs):
        lists = list(self.document.findall(thebibliography))
        keys = self.env.domaindata["cite"]["bibliographies"] if lists else ()
        homes = {key.docname for key in keys}
        for page in self.document.findall(addnodes.start_of_file):
            if page["docname"] in homes and lists:
                for entries in lists:
                    entries.parent.remove(entries)
                    next(page.findall(nodes.section)).append(entries)
                return


def anchors_in(document):
    """Return every anchor of a document."""
    elements = document.findall(nodes.Element)
    return {anchor for element in elements for anchor in element.get("ids", ())}


class DropDeadLinks(SphinxPostTransform):
    """Leave the words of a link to a place that is not printed."""

    default_priority = 900
    builders = ("latex",)

    def run(self, **kwargs):
        known = anchors_in(self.document)
        for link in list(self.document.findall(nodes.reference)):
            page, _, anchor = link.get("refuri", "").partition("#")
            if page.startswith("%") and anchor and anchor not in known:
                link.replace_self(link.children)


class PrintTranslator(LaTeXTranslator):
    """Sphinx's writer, with the equations' own numbers and a quieter look of outputs."""

    def encode(self, text):
        """Return text for TeX, with the characters marked that the font may lack."""
        text = super().encode(text).replace(r"\(\checkmark\)", "✓")
        for character, printed in IN_PRINT.items():
            text = text.replace(character, printed)
        return re.sub(f"[^{PLAIN}]", lambda found: rf"\bookchar{{{ord(found[0]):X}}}", text)

    def visit_math_block(self, node):
        label = node.get("label")
        number = label and self.number(node["docname"], label)
        if not number:
            super().visit_math_block(node)
        name = f"equation:{node['docname']}:{label}"
        formula = "\n".join(line for line in node.astext().strip().splitlines() if line.strip())
        mark = self.mark(label)
        if called := names_of(self.builder.env).get(label):
            self.body.append(rf"\index{{{self.escape(called)} (equation)}}")
        self.body.append(f"\n\\bookequation{{{name}}}{{{mark}({number})}}{{%\n{formula}%\n}}\n")
        raise nodes.SkipNode

    def visit_math_reference(self, node):
        label = f"equation:{node['docname']}:{node['target']}"
        number = self.number(node["docname"], node["target"])
        self.body.append(rf"\hyperref[{label}]{{({number})}}")
        raise nodes.SkipNode

    def number(self, page, label):
        return number_of(self.builder.env, Equation(page, "", label, ""))

    def mark(self, label):
        """Return the mark of an equation, a link to the check if that is printed."""
        if not LABEL.fullmatch(label) or not hasattr(self.builder.env, "ledger"):
            return ""
        if label.startswith("def-"):
            return r"\bookdefinition "
        checks = good_checks(self.builder.env, label)
        if not checks:
            return ""
        printed = records(self.builder.env)["printed"]
        mark = rf"\bookcheck{{{MARKS[kinds_of(checks, printed)[0]]}}}"
        known = records(self.builder.env)["checks"]
        for check in checks:
            anchor = anchors(known[check.page])[check.label, check.where]
            if anchor in self.printed:
                return rf"\hyperref[{self.idescape(f'{check.page}:{anchor}')}]{{{mark}}} "
        return f"{mark} "

    @property
    def printed(self):
        """All anchors in the printed book."""
        if not hasattr(self, "_printed"):
            self._printed = anchors_in(self.document)
        return self._printed

    def visit_literal_block(self, node):
        if "output" not in node["classes"]:
            super().visit_literal_block(node)
            return
        self.body.append("\n\\begin{bookoutput}")
        try:
            super().visit_literal_block(node)
        finally:
            self.body.append("\\end{bookoutput}\n")


def inside(node, kind):
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kind):
            return True
    return False
