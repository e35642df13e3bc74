"""A chapter's page shows its text first: code is folded, and a check is one line.

A switch in the page's header says what is open, for all chapters: only the text, also the code, or
also the checks. `assets/book.js` listens to it. Without scripts all is open but the figures' code.

- The code that draws a figure stands below it.
- A check is a line that tells how strong it is, after the line that leads back to its equation.
- Other code is a line too, with what it prints. What its author has tested, its outputs that are
  no text, and what stood beside folded code before, stay.
- Folds that follow each other share a line.
- These are not folded: a step that is spelled out, the answer to an exercise, solutions.
"""

import ast
import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.collected.common import cells_of, code_of, is_cell, records
from book.collected.ledger import BACK, tags_of
from book.sources.equations import KINDS, MARKS, checks_in, kinds_of

_ = get_translation("book")

STATES = {"text": _("text"), "code": _("code"), "checks": _("checks")}
# Before anything is painted: what the link says (`?show=code`), or else what was chosen last.
HEAD = (
    'let show; try { show = localStorage.getItem("show"); } catch {}'
    'show = new URLSearchParams(location.search).get("show") ?? show;'
    f'document.documentElement.dataset.show = {list(STATES)}.includes(show) ? show : "text";'
)
EXERCISE = re.compile(r'\bcheck\("ex-')
TESTED = "nbval-check-output"  # the tag of a cell whose printed output the text relies on
STEP_LINES = 13
HEADER = '<div class="article-header-buttons">'
ARTICLE = '<div class="bd-article-container">'
SWITCH = re.compile(r'<fieldset class="show">.*?</fieldset>', re.DOTALL)


class fold(nodes.General, nodes.Element):
    """What a line of `words` opens: `kind` is "check" or "code"."""


def visit_fold(writer, node):
    is_open = " open" if node["open"] else ""
    writer.body.append(
        f'<details class="fold {node["kind"]}"{is_open}>\n<summary>{node["words"]}</summary>\n'
    )


def depart_fold(writer, node):
    writer.body.append("</details>\n")


NODES = {fold: (visit_fold, depart_fold)}


class FoldCells(SphinxPostTransform):
    """Fold the code and the checks of a chapter, each in a line that says what it is."""

    default_priority = 198  # before MyST-NB folds what is tagged
    formats = ("html",)

    def run(self, **kwargs):
        if Path(self.env.doc2path(self.env.docname)).suffix != ".ipynb":
            return
        for cell in cells_of(self.document):
            fold_cell(cell, records(self.env)["printed"])
        join_lines(self.document)


def fold_cell(cell, read):
    """Fold a cell, or what of it is to be folded."""
    source, tags = code_of(cell), tags_of(cell)
    if not source or cell.get("hide_mode") == "all" or EXERCISE.search(source):
        return
    outputs = [part for part in cell if "cell_output" in part["classes"]]
    kinds = kinds_of([check for check in checks_in(source, tags) if not check.fault], read)
    was_open = not cell.get("hide_mode")
    if any(map(has_figure, outputs)):
        words = count(
            source, _("code of this figure · 1 line"), _("code of this figure · {} lines")
        )
        folded = fold(kind="code", words=words, open=was_open)
        folded += inputs_of(cell)
        cell += folded
    elif kinds:
        how = str(_(" and ")).join(str(_(KINDS[kind])) for kind in kinds)
        mark = f'<span class="ledger-mark" aria-hidden="true">{MARKS[kinds[0]]}</span>'
        words = f"{mark} {escape(str(_('checked {}')).format(how))}"
        wrap(cell, fold(kind="check", words=words, open=True))
    elif not (was_open and is_step(source)):
        words = count(source, _("code · 1 line"), _("code · {} lines"))
        folded = fold(kind="code", words=words, open=was_open)
        if outputs and (TESTED in tags or not was_open or not all(map(is_text, outputs))):
            code = nodes.container("", *inputs_of(cell), classes=list(cell["classes"]))
            folded += code
            cell.parent.insert(cell.parent.index(cell), folded)
        else:
            wrap(cell, folded)
    cell["hide_mode"] = None


def count(source, one, many):
    """Say how many lines a cell has."""
    lines = len(source.strip().splitlines())
    return escape(str(one) if lines == 1 else str(many).format(lines))


def inputs_of(cell):
    """Take the code out of a cell."""
    found = [part for part in cell if "cell_input" in part["classes"]]
    for part in found:
        cell.remove(part)
    return found


def wrap(cell, folded):
    cell.replace_self(folded)
    folded += cell


def has_figure(output):
    pictures = (node for node in output.findall(nodes.raw) if "<figure" in node.astext())
    return any(pictures) or any(output.findall(nodes.image))


def is_text(output):
    return all(isinstance(part, nodes.literal_block) for part in output)


def join_lines(document):
    """Put each check beside the line before it, then folds that follow each other into one box."""
    for folded in list(document.findall(fold)):
        before = folded.parent.index(folded) - 1
        if before >= 0 and is_back(folded.parent[before]):
            put_into("fold-line", folded.parent, before, before + 2)
    for folded in list(document.findall(is_folded)):
        parent = folded.parent
        if is_cell(parent) or {"folds", "fold-line"} & set(parent["classes"]):
            continue
        first = last = parent.index(folded)
        while last < len(parent) and is_folded(parent[last]):
            last += 1
        put_into("folds", parent, first, last)


def put_into(name, parent, first, last):
    """Put a part of a node's children into a box of a class."""
    box = nodes.container("", *parent[first:last], classes=[name])
    parent[first:last] = [box]


def is_folded(node):
    return isinstance(node, fold) or "fold-line" in getattr(node, "attributes", {}).get(
        "classes", ()
    )


def is_back(node):
    return isinstance(node, nodes.paragraph) and BACK in node["classes"]


def is_step(source):
    """Tell if a short cell spells a step out: a function gives its first argument, moved.

    >>> is_step("def step(x, rng):\\n    return x - 0.1 * x + rng.standard_normal(x.shape)")
    True
    >>> is_step("def half(x):\\n    return x / 2")
    False
    """
    if len(source.strip().splitlines()) > STEP_LINES:
        return False
    try:
        functions = [part for part in ast.parse(source).body if isinstance(part, ast.FunctionDef)]
    except SyntaxError:  # a magic of IPython
        return False
    return any(moves(function) for function in functions)


def moves(function):
    """Tell if a function assigns or returns a sum that begins with its first argument."""
    names = [argument.arg for argument in function.args.args[:1]]
    values = [
        node.value.elts[0] if isinstance(node.value, ast.Tuple) else node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Return | ast.Assign)
    ]
    return any(first_name(value) in names for value in values if is_sum(value))


def is_sum(value):
    return isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub)


def first_name(term):
    """Return the last factor of a sum's first term, if it is a name: x of `c * x + y`."""
    while is_sum(term):
        term = term.left
    if isinstance(term, ast.BinOp) and isinstance(term.op, ast.Mult):
        term = term.right
    return term.id if isinstance(term, ast.Name) else None


def add_switch(app, pagename, templatename, context, doctree):
    """Give a page that has folds the switch; `into_header` puts it where it belongs."""
    if '<details class="fold ' not in context.get("body", ""):
        return
    choices = "".join(
        f'<label><input type="radio" name="show" value="{state}" autocomplete="off"/>'
        f"{escape(str(word))}</label>"
        for state, word in STATES.items()
    )
    legend = f"<legend>{escape(str(_('Show')))}</legend>"
    context["body"] = f'<fieldset class="show">{legend}{choices}</fieldset>\n{context["body"]}'


def into_header(html):
    """Move the switch of a page into its header; such a page is one to read."""
    switch = SWITCH.search(html)
    if switch is None:
        return html
    for place in (HEADER, ARTICLE):
        if place not in html:
            raise ExtensionError(f"the theme has no {place} any more: mend {__name__}")
    html = SWITCH.sub("", html, count=1).replace(HEADER, HEADER + switch[0], 1)
    return html.replace(ARTICLE, ARTICLE.replace('">', ' reading">'), 1)
