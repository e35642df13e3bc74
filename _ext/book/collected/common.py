"""What the pages about the whole book share: what has been read, its order, numbers and links."""

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.sources.equations import LABEL

FILTER = """\
<p class="filter" hidden>
<label>Show only
<input type="search" autocomplete="off" placeholder="a letter, a name, a word"></label>
<span role="status"></span>
</p>"""
SCRIPT = "filter.js"


class Placeholder(nodes.General, nodes.Element):
    """Stands for what is known only when every page has been read.

    A subclass computes it in `content`.
    """

    def content(self, app):
        """Return the node, or the nodes, to put in this place of the page ``app.env.docname``."""
        raise NotImplementedError


class FillPlaceholders(SphinxPostTransform):
    """Put the content of placeholders in their places, before references are resolved."""

    default_priority = 5

    def run(self, **kwargs):
        for placeholder in list(self.document.findall(Placeholder)):
            placeholder.replace_self(placeholder.content(self.app))


def filter_field(app):
    """Return, for a page on a screen, the field that filter.js shows above its list of lines."""
    return [nodes.raw("", FILTER, format="html")] if app.builder.format == "html" else []


def add_filter_script(app, pagename, templatename, context, doctree):
    """Give a page with the field above a long list the script that leaves lines out."""
    if FILTER in context.get("body", ""):
        app.add_js_file(SCRIPT, loading_method="defer")


def is_cell(node):
    """Tell whether a node is a code cell, its input or its output folded or not."""
    return isinstance(node, nodes.container) and "cell" in node["classes"]


def cells_of(document) -> list[nodes.container]:
    """Return the code cells of a page."""
    return list(document.findall(is_cell))


def code_of(cell):
    """Return the code of a cell."""
    inputs = [part for part in cell.children if "cell_input" in part["classes"]]
    blocks = [block for part in inputs for block in part.findall(nodes.literal_block)]
    return "\n".join(block.astext() for block in blocks)


def records(env):
    """Return what is known of the pages read so far: page -> [Equation], page -> [Check], …."""
    if not hasattr(env, "ledger"):
        env.ledger = {
            "equations": {}, "checks": {}, "pages": set(), "signatures": {}, "names": {},
            "printed": {}, "taken": {}, "takers": set(),
        }  # fmt: skip
    return env.ledger


def names_of(env):
    """Return what the equations are called: label -> name."""
    return {label: name for page in records(env)["names"].values() for label, name in page.items()}


def reading_order(env):
    """Return all pages, in the order of the table of contents."""
    order, ahead = [], [env.config.root_doc]
    while ahead:
        docname = ahead.pop(0)
        if docname not in order:
            order.append(docname)
            ahead = list(env.toctree_includes.get(docname, [])) + ahead
    return order + sorted(set(env.found_docs) - set(order))


def chapter_number(env, docname):
    """Return the number of a page as it is printed, "" if the page has none."""
    return ".".join(map(str, env.toc_secnumbers.get(docname, {}).get("", ())))


def number_of(env, equation):
    """Return the equation's number as Sphinx prints it."""
    target = anchor_of(equation.label)
    if env.config.math_numfig and env.config.numfig:
        figures = env.toc_fignumbers.get(equation.page, {}).get("displaymath", {})
        return ".".join(map(str, figures.get(target, ())))
    return str(env.get_domain("math").get_equation_number_for(equation.label) or "")


def anchor_of(label):
    """Return the anchor that Sphinx gives to an equation."""
    return nodes.make_id(f"equation-{label}")


def anchors(checks):
    """Return the anchor of each cell's check of a label, for the checks of one page."""
    ids: dict[tuple[str, str], str] = {}
    for check in checks:
        key = (check.label, check.where)
        if not check.fault and LABEL.fullmatch(check.label) and key not in ids:
            earlier = sum(label == check.label for label, _ in ids)
            ids[key] = f"check-{check.label}" + (f"-{earlier + 1}" if earlier else "")
    return ids


def good_checks(env, label):
    """Return the checks of an equation that count, in the order of the book."""
    checks = records(env)["checks"]
    pages = (checks.get(docname, []) for docname in reading_order(env))
    return [c for page in pages for c in page if c.label == label and not c.fault]


def cross_reference(env, role, target, domain="std", text=None):
    """Return a link that Sphinx resolves as it resolves a role in the text, with a warning."""
    link = addnodes.pending_xref(
        "", refdomain=domain, reftype=role, reftarget=target, refdoc=env.docname,
        refexplicit=text is not None, refwarn=True,
    )  # fmt: skip
    link += nodes.inline(target, text or target)
    return link


def equation_link(env, label):
    """Return a link to an equation, shown as its number."""
    return cross_reference(env, "eq", label, "math")


def joined(parts, separator=", "):
    """Return nodes with text between them."""
    found: list[nodes.Node] = []
    for part in parts:
        found += [nodes.Text(separator), part] if found else [part]
    return found
