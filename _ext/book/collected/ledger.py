"""The equation ledger in the built book: a mark beside each equation's number, a page of all,
and their names in the search and in the index.

- A mark before an equation's number leads to the cell that checks it, and tells how: ✓ by algebra,
  ≈ by numbers, "dim." by dimensions alone; ✓✓ by one of these that reads the printed form. A
  definition says "def.".
- A line before each check cell leads back to the equation.
- The directive ``{ledger}`` lists all equations of the book with their names and their checks.
- Searching for an equation's name finds the equation, and the index has it too.
- An equation without a check or a name, or one of these without an equation, is a warning.
"""

from collections import Counter
from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import ObjType
from sphinx.domains.math import MathDomain
from sphinx.locale import get_translation
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.math import get_node_equation_number

from book.collected.common import (
    Placeholder,
    anchor_of,
    anchors,
    cells_of,
    chapter_number,
    code_of,
    equation_link,
    filter_field,
    good_checks,
    joined,
    names_of,
    number_of,
    reading_order,
    records,
)
from book.sources.equations import (
    KINDS,
    LABEL,
    MARKS,
    Equation,
    checks_in,
    faults,
    kinds_of,
    name_faults,
    names,
    readers,
)

log = logging.getLogger(__name__)
_ = get_translation("book")

BACK = "ledger-back"  # class of the line before a check cell


class NamedEquations(MathDomain):
    """Sphinx's equations, as objects that have a name and can be found by it."""

    # Not "equation": where kind and name make the anchor Sphinx leaves it out of the search index,
    # and the page of results then makes it up from the displayed name, which leads nowhere.
    object_types: dict[str, ObjType] = {"eq": ObjType("equation", "eq")}  # noqa: RUF012

    def get_type_name(self, type, primary=False):
        """Return what the search says in brackets after the name."""
        return type.lname

    def get_objects(self):
        """Yield what the search and the inventory list: label, name, kind, page, anchor, rank."""
        known = names_of(self.env)
        for label, (docname, _) in self.equations.items():
            if label in known:
                yield label, known[label], "eq", docname, anchor_of(label), 1


class LedgerDirective(SphinxDirective):
    def run(self):
        records(self.env)["pages"].add(self.env.docname)
        return [LedgerList("", nodes.math("", ""))]  # the formula makes Sphinx load math.js here


def prepare(app):
    """Read the equations' names; have the writer of displayed equations put a mark beside each."""
    records(app.env)["names"] = names(app.srcdir)
    renderers = getattr(app.registry, "html_block_math_renderers", {})
    for name, (visit, depart) in renderers.items():
        renderers[name] = (marking(visit), depart)


def forget(app, env, docname):
    """Forget what a page said, since it is read anew or gone."""
    known = records(env)
    known["equations"].pop(docname, None)
    known["checks"].pop(docname, None)
    known["pages"].discard(docname)
    known["takers"].discard(docname)


def merge(app, env, docnames, other):
    """Take over what another process has read."""
    mine, theirs = records(env), records(other)
    for docname in docnames:
        for kind in ("equations", "checks"):
            if docname in theirs[kind]:
                mine[kind][docname] = theirs[kind][docname]
    for kind in ("pages", "takers"):
        mine[kind] |= theirs[kind] & set(docnames)


def collect(app, doctree):
    """Note the equations and the checks of a page, and put a line before each check cell."""
    docname = app.env.docname
    known = records(app.env)
    known["equations"][docname] = [
        Equation(docname, _where(app.env, node), _label(node), node.astext())
        for node in doctree.findall(nodes.math_block)
        if not _is_output(node) and not _is_docstring(node)
    ]
    cells = [
        (cell, checks_in(code_of(cell), tags_of(cell), docname, _where(app.env, cell)))
        for cell in cells_of(doctree)
    ]
    known["checks"][docname] = found = [check for _, checks in cells for check in checks]
    ids = anchors(found)
    for cell, checks in cells:
        links = {ids[c.label, c.where]: c.label for c in checks if (c.label, c.where) in ids}
        if links:
            cell.parent.insert(cell.parent.index(cell), back_links(app.env, links))


def back_links(env, links):
    """Return the line "Check of (3)" with its links (anchor -> label), carrying the anchors."""
    line = nodes.paragraph("", str(_("Check of ")), classes=[BACK], ids=list(links))
    line += joined(equation_link(env, label) for label in links.values())
    return line


def compare(app, env):
    """Warn of what does not fit, and return the pages whose links to others have changed."""
    known = records(env)
    known["printed"] = readers(app.srcdir, known["checks"])
    equations = [e for page in known["equations"].values() for e in page]
    checks = [c for page in known["checks"].values() for c in page]
    for sentence in faults(equations, checks) + name_faults(equations, known["names"]):
        log.warning("ledger: %s", sentence, type="ledger")
    enter_in_index(env)
    counted = {e.label: (e.page, number_of(env, e)) for e in equations if e.label}
    where = {label: (good_checks(env, label), known["printed"].get(label)) for label in counted}
    now: dict[str, list] = {}
    for docname in known["equations"]:
        own = [e.label for e in known["equations"][docname]]
        own += [c.label for c in known["checks"][docname]]
        now[docname] = [(label, counted.get(label), where.get(label)) for label in own]
    titles = [env.titles[d].astext() if d in env.titles else "" for d in reading_order(env)]
    for docname in known["pages"]:
        now[docname] = [(e, counted.get(e.label), where.get(e.label)) for e in equations] + titles
        now[docname].append(names_of(env))
    before, known["signatures"] = known["signatures"], now
    return [docname for docname in now if now[docname] != before.get(docname)]


def enter_in_index(env):
    """Give every named equation a line in the book's index, in place of the last build's."""
    entries, known = env.get_domain("index").entries, names_of(env)
    for docname, equations in records(env)["equations"].items():
        labels = [equation.label for equation in equations if equation.label in known]
        others = [entry for entry in entries.get(docname, []) if not is_equation(entry)]
        entries[docname] = others + [
            ("single", f"{known[label]} (equation)", anchor_of(label), "", None) for label in labels
        ]


def is_equation(entry):
    return entry[1].endswith(" (equation)") and entry[2].startswith("equation-")


def marking(visit):
    """Return the visitor of displayed equations with the mark put beside the number."""

    def visit_and_mark(self, node):
        start = len(self.body)
        try:
            visit(self, node)
        finally:
            label = node.get("label")
            mark = mark_of(self, label, node) if label and LABEL.fullmatch(label) else ""
            html = "".join(self.body[start:])
            eqno = '<span class="eqno">'
            self.body[start:] = [html.replace(eqno, eqno + mark, 1)]

    return visit_and_mark


def mark_of(writer, label, node):
    if label.startswith("def-"):
        title, word = _("a definition: it states a convention and needs no check"), _("def.")
        return f'<abbr class="ledger-mark" title="{title}">{word}</abbr> '
    checks = good_checks(writer.builder.env, label)
    if not checks:
        return ""
    target = address(writer.builder, node["docname"], checks[0])
    kinds = kinds_of(checks, records(writer.builder.env)["printed"])
    how = str(_("checked {}")).format(str(_(" and ")).join(str(_(KINDS[kind])) for kind in kinds))
    number = get_node_equation_number(writer, node)
    where = str(_("{}: go to the check of equation {}")).format(how, number)
    return (
        f'<a class="ledger-mark" href="{escape(target)}" title="{how}" '
        f'aria-label="{escape(where)}">{MARKS[kinds[0]]}</a> '
    )


def address(builder, docname, check):
    here = "" if check.page == docname else builder.get_relative_uri(docname, check.page)
    ids = anchors(records(builder.env)["checks"][check.page])
    return f"{here}#{ids[check.label, check.where]}"


class LedgerList(Placeholder):
    """The list of all equations."""

    def content(self, app):
        env = app.env
        contents = nodes.bullet_list("", classes=["ledger-contents"])
        found: list[nodes.Node] = [nodes.paragraph("", counted(env))]
        if app.builder.format == "html":  # a printed book has its own
            found += [contents, *filter_field(app)]
        for docname in reading_order(env):
            equations = records(env)["equations"].get(docname, [])
            listed = [e for e in equations if e.label and LABEL.fullmatch(e.label)]
            if listed:
                title = env.titles[docname].astext()
                uri = app.builder.get_relative_uri(env.docname, docname)
                link = nodes.reference("", title, refuri=uri, internal=True)
                items = (nodes.list_item("", *entry(app, equation)) for equation in listed)
                place = f"equations-of-{nodes.make_id(docname.rpartition('/')[2])}"
                number = chapter_number(env, docname)
                words = f"{number}. {title}" if number else title
                jump = nodes.reference("", words, refid=place, internal=True)
                contents += nodes.list_item("", nodes.paragraph("", "", jump))
                found.append(nodes.rubric("", "", link, classes=["ledger-chapter"], ids=[place]))
                found.append(nodes.bullet_list("", *items, classes=["ledger-list"]))
        return found


def counted(env):
    """Return in a sentence how many equations have which check as their strongest."""
    labels = [
        equation.label
        for docname in reading_order(env)
        for equation in records(env)["equations"].get(docname, [])
        if equation.label and LABEL.fullmatch(equation.label)
    ]
    strongest = Counter(
        kinds_of(checks, records(env)["printed"])[0]
        for label in labels
        if (checks := good_checks(env, label))
    )
    parts = (f"{n} {kind} ({mark})" for kind, mark in MARKS.items() if (n := strongest[kind]))
    named = sum(label.startswith("def-") for label in labels)
    return f"The strongest check of each: {', '.join(parts)}. Definitions (def.): {named}."


def entry(app, equation):
    """Return an equation's line in the list (number, name, checks) and the equation itself."""
    env, latex = app.env, equation.latex
    line = nodes.paragraph("", "", equation_link(env, equation.label))
    name = names_of(env).get(equation.label, equation.label)
    line += [nodes.Text(" "), nodes.inline("", name, classes=["ledger-name"]), nodes.Text(" ")]
    if equation.is_definition:
        line += nodes.Text("def.")
    links: dict[str, list] = {}
    for check in good_checks(env, equation.label):
        links.setdefault(address(app.builder, env.docname, check), []).append(check)
    line += joined(
        nodes.reference("", marked(kind), refuri=uri, internal=True)
        for uri, checks in links.items()
        for kind in kinds_of(checks, records(env)["printed"])
    )
    return [line, nodes.math_block(latex, latex, nowrap=False, number=None)]


def marked(kind):
    """Return a kind of check with its mark, on one line; "dim." says its kind itself."""
    mark = MARKS[kind]
    return mark if mark.endswith(".") else f"{mark}\N{NO-BREAK SPACE}{kind}"


def _label(node):
    """Return the label that the author gave to a displayed equation, None if there is none."""
    return None if "amsmath" in node["classes"] else node.get("label")


def _is_docstring(node):
    """Whether a formula stands in the API reference: the library's tests verify those."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, addnodes.desc):
            return True
    return False


def _is_output(node):
    while node is not None and "cell_output" not in node.get("classes", []):
        node = node.parent
    return node is not None


def tags_of(cell):
    """Return the tags of a cell."""
    return [name.removeprefix("tag_") for name in cell["classes"] if name.startswith("tag_")]


def _where(env, node):
    while node.line is None and node.parent is not None:
        node = node.parent
    is_notebook = str(env.doc2path(env.docname)).endswith(".ipynb")
    return f"cell {(node.line or 0) // 10000}" if is_notebook else f"line {node.line}"
