"""Fields for the answers of exercises: the page judges an answer as the library's `check` does.

In a notebook an exercise has a cell, ``answer = None`` and ``check("ex-label", answer)``. On its
page a field takes the place of that cell; a cell with more code in it stays before the field, with
links to where it can be run. The page holds what the library holds, the digest of the answer and
not the answer, and `assets/answers.js` computes the digest of what the reader types.
"""

import json
import re
from html import escape

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from book.collected.common import cells_of, code_of
from book.web import launch
from langevin.exercises import SEALED

SCRIPT = "answers.js"
CHECK = re.compile(r'(?m)^check\("(ex-[\w-]+)", (?:answer|None)\);?$')
ANSWER = re.compile(r"(?m)^answer = None(?:  # (.+))?$")
IMPORT = "from langevin.exercises import check"
SAID = r"Exercise {}: no answer yet\..*\n?"
QUOTED = re.compile(r'"([^"]+)"')
KEPT = "solved-exercises"
_ = get_translation("book")

NEEDS = _("To answer here needs JavaScript; the chapter’s notebook has a cell for the answer.")
FORMULA = _("a formula in {}")
RUN = _("Run this exercise:")
PLACES = {
    "Run in this browser": _("in this browser"),
    "Run on Binder": _("on Binder"),
    "Run on Colab": _("on Colab"),
}
WORDS = {
    "right": _("Right!"),
    "wrong": _("Not yet."),
    "empty": _("There is no answer yet."),
    "choose": _("Nothing is chosen yet."),
    "number": _(
        "A finite number is wanted, such as 0.25, 2e-3, 2*pi/3 or exp(5)/2: without its unit and "
        "without %, with a point for the decimals, and with neither comma nor space in it."
    ),
    "expression": _(
        "This cannot be read as a formula in {}: write a product with *, a power with ^, a root "
        "as sqrt(…), an exponential as exp(…)."
    ),
    "solved": _("{} of {} solved"),
    "all solved": _("{} of {} exercises solved, as this browser remembers"),
    "not saved here": _(
        "This file holds no answers: choose one that “Save as a file” has written."
    ),
    "sure": _("Erase which exercises are solved, and the answers?"),
}


class answer_field(nodes.General, nodes.Element):
    """The field of one exercise; its paragraphs are there to be translated: a note, the hint."""


class solved_here(nodes.General, nodes.Element):
    """Says how many exercises of the page are solved."""


class solved_everywhere(nodes.General, nodes.Element):
    """Says how many exercises of the book are solved, with buttons to keep or forget them."""


class SolvedDirective(SphinxDirective):
    def run(self):
        self.env.note_dependency(str(SEALED))
        return [solved_everywhere("", count=len(sealed_answers()))]


def sealed_answers():
    """Return what the library knows of each exercise: label -> kind, hint, digest, …."""
    return json.loads(SEALED.read_text(encoding="utf-8"))


def question(code):
    """Return the label of the exercise that a cell asks, its note and the cell's other code.

    >>> question('answer = None  # in ms\\ncheck("ex-a", answer);')
    ('ex-a', 'in ms', '')
    >>> question('x = 1\\nassert check("ex-a", x)') is None
    True
    """
    label, blank = CHECK.search(code), ANSWER.search(code)
    if label is None:
        return None
    rest = ANSWER.sub("", CHECK.sub("", code)).replace(IMPORT, "")
    return label[1], (blank and blank[1]) or "", rest.strip()


def choices(note, kind):
    """Return between which words a reader chooses; none where the answer is typed.

    >>> choices('"a", "b" or "c"', "text"), choices("", "truth"), choices("in ms", "number")
    (['a', 'b', 'c'], ['yes', 'no'], [])
    """
    words = QUOTED.findall(note) if kind in ("text", "truth") else []
    if kind == "truth" and not words:
        return ["True", "False"] if note == "True or False" else ["yes", "no"]
    return words


class OfferFields(SphinxTransform):
    """Put a field after each cell that asks for an exercise's answer, and a count before all."""

    default_priority = 6  # before the messages for translators are looked for

    def apply(self, **kwargs):
        sealed, asking = sealed_answers(), []
        for cell in cells_of(self.document):
            asked = question(code_of(cell))
            if asked and asked[0] in sealed:
                asking.append(cell)
                cell["asks"], note, rest = asked
                cell["has_code"] = bool(rest)
                place = cell.parent.index(cell) + 1
                cell.parent.insert(place, self.field(cell, note, sealed[cell["asks"]]))
        if asking:
            self.env.note_dependency(str(SEALED))
            section = asking[0].parent
            heading = section.first_child_matching_class(nodes.title) or 0
            section.insert(heading + 1, solved_here(docname=self.env.docname))

    def field(self, cell, note, sealed):
        offered = choices(note, sealed["kind"])
        field = answer_field(
            "", label=cell["asks"], has_code=cell["has_code"], choices=offered,
            docname=self.env.docname, support_smartquotes=False,
        )  # fmt: skip
        field["sealed"] = {key: value for key, value in sealed.items() if key != "hint"}
        note = "" if offered or "symbols" in sealed else note
        for kind, text in (("note", note), ("hint", sealed["hint"])):
            if text:
                paragraph = nodes.paragraph(text, text, classes=[kind])
                paragraph.source, paragraph.line = self.document["source"], cell.line
                field += paragraph
        return field


class TakeOutBlanks(SphinxPostTransform):
    """Take out the cells that only ask for an answer, and that there is none yet."""

    default_priority = 4
    formats = ("html",)

    def run(self, **kwargs):
        for cell in [cell for cell in cells_of(self.document) if "asks" in cell]:
            if not cell["has_code"]:
                cell.parent.remove(cell)
                continue
            for said in list(cell.findall(nodes.literal_block)):
                text = re.sub(SAID.format(cell["asks"]), "", said.astext())
                if text != said.astext():
                    said.clear()
                    said += nodes.Text(text)
                    said.rawsource = text  # which is highlighted
                if not text.strip():
                    said.parent.remove(said)
            cell.children = [part for part in cell.children if part.children]


def visit_field(writer, node):
    """Write a field; until the script has come, a sentence stands in its place."""
    label, parts = node["label"], {part["classes"][0]: part.astext() for part in node}
    if "symbols" in node["sealed"]:
        parts["note"] = str(FORMULA).format(", ".join(node["sealed"]["symbols"]))
    word = f"{_('Your answer')} ({parts['note']})" if "note" in parts else _("Your answer")
    sealed = json.dumps(node["sealed"], separators=(",", ":"))
    writer.body.append(
        (places_to_run(writer.builder.app, node["docname"]) if node["has_code"] else "")
        + f'<form class="answer" data-exercise="{label}" data-sealed="{escape(sealed)}" '
        f'autocomplete="off" hidden>'
        f"{entry(f'{label}-answer', escape(str(word)), node['choices'])}"
        f'<button type="submit">{_("Check")}</button><div role="status"><p class="verdict"></p>'
        f'<p class="hint" hidden>{escape(parts["hint"])}</p></div></form>\n'
        f'<p class="answer-needs">{NEEDS}</p>\n'
    )
    raise nodes.SkipNode


def entry(name, word, offered):
    """Return where the answer is typed or chosen, with its label."""
    if not offered:
        return (
            f'<label for="{name}">{word}</label><input id="{name}" name="answer" type="text" '
            'maxlength="1000" autocomplete="off" autocapitalize="off" spellcheck="false"/>'
        )
    buttons = (
        f'<label><input type="radio" name="answer" value="{choice}"/> {choice}</label>'
        for choice in map(escape, offered)
    )
    return f"<fieldset><legend>{word}</legend>{''.join(buttons)}</fieldset>"


def places_to_run(app, docname):
    """Return a line of links that open the notebook of a page; "" where there is no place."""
    found = launch.of_page(app, docname)
    links = (f'<a href="{escape(link)}">{PLACES[name]}</a>' for name, link in found)
    return f'<p class="run-exercise">{RUN} {", ".join(links)}</p>\n' if found else ""


def visit_solved_here(writer, node):
    """Write the place of the count, which the script fills, and the words that it says."""
    kept = writer.builder.get_relative_uri(node["docname"], writer.builder.config.root_doc)
    writer.body.append(
        f'<p class="solved-here" data-words="{words()}" hidden><span></span> '
        f'<a href="{kept}#{KEPT}">{_("Save, load or erase")}</a></p>\n'
    )
    raise nodes.SkipNode


def visit_solved_everywhere(writer, node):
    """Write the place of the book's count, and the buttons beside it."""
    writer.body.append(
        f'<p class="solved-everywhere" id="{KEPT}" data-count="{node["count"]}" '
        f'data-words="{words()}" hidden><span role="status"></span> '
        f'<button type="button" name="save">{_("Save as a file")}</button> '
        f'<label>{_("Load a file:")} <input type="file" name="load" accept=".json"></label> '
        f'<button type="button" name="erase">{_("Erase")}</button></p>\n'
    )
    raise nodes.SkipNode


def words():
    """Return what the script says, as JSON in an attribute."""
    said = {name: str(word) for name, word in WORDS.items()}
    return escape(json.dumps(said, ensure_ascii=False, separators=(",", ":")))


def skip(writer, node):
    """Leave a field out of what is not a page."""
    raise nodes.SkipNode


NODES = {
    answer_field: visit_field,
    solved_here: visit_solved_here,
    solved_everywhere: visit_solved_everywhere,
}


def add_script(app, pagename, templatename, context, doctree):
    """Give a page with fields, or with the count of all, the script that fills them."""
    if doctree and any(any(doctree.findall(kind)) for kind in NODES):
        app.add_js_file(SCRIPT, loading_method="defer")
