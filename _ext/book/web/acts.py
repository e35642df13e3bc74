"""Phrases that set a figure's controls: ``{set}`turn the curl on <curl=1>` ``.

The phrase sets the last figure above it on its page, and after ``below:`` the next one. It is
compared with the controls of that figure when the page is read: a name or a value that the figure
does not have is a warning. In a page `assets/acts.js` makes a button of the phrase; elsewhere, and
without scripts, it is text.
"""

import json
import re
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.locale import get_translation
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole

from langevin.figures.payload import DATA

log = logging.getLogger(__name__)
_ = get_translation("book")

SCRIPT = "acts.js"
PART = re.compile(r'\s*(\w+)\s*=\s*(?:"([^"]*)"|([^",]+?))\s*(?:,|$)')
SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
NAME = _("{phrase}: sets {changes} in the figure above")
NAME_BELOW = _("{phrase}: sets {changes} in the figure below")
CHANGE = _("{label} to {value}")


class acting(nodes.Inline, nodes.TextElement):
    """A phrase that sets controls; `asked` is what stands between < and >."""


class Control(NamedTuple):
    """A slider or a choice of a figure."""

    name: str
    label: str
    texts: list[str]  # what the reader sees, for each value
    values: list[Any]  # numbers, or of a choice its texts
    first: Any
    is_free: bool  # whether it takes every number between the ends

    def value(self, text):
        """Return the value that a text means and how it is shown; None if it is not allowed."""
        if text in self.texts:
            return self.values[self.texts.index(text)], text
        try:
            number = float(text)
        except ValueError:
            return None
        if number in self.values:
            return number, self.texts[self.values.index(number)]
        if self.is_free and self.values[0] <= number <= self.values[-1]:
            return number, text
        return None

    @property
    def allowed(self):
        """Say which values are allowed."""
        if self.is_free:
            return f"a number from {self.values[0]:g} to {self.values[-1]:g}"
        shown = [f"{value:g}" if isinstance(value, float) else value for value in self.values]
        return f"one of {'; '.join(shown)}"


class SetRole(ReferenceRole):
    """The role ``set``: a phrase and, between < and >, what it sets."""

    def run(self):
        asked = self.target if self.has_explicit_title else ""
        node = acting(self.rawtext, self.title, asked=asked, support_smartquotes=False)
        self.set_source_info(node)
        return [node], []


class FindControls(SphinxTransform):
    """Tell each phrase that acts which figure's controls it sets, and to what."""

    default_priority = 830  # after translated paragraphs have taken their places

    def apply(self, **kwargs):
        above, waiting = None, []
        for node in self.document.findall():
            if isinstance(node, acting):
                if node["asked"].startswith("below:"):
                    waiting.append(node)
                else:
                    self.resolve(node, above, "above")
            elif isinstance(node, nodes.raw) and '<figure class="lv-figure' in node.astext():
                above = node.astext()
                for phrase in waiting:
                    self.resolve(phrase, above, "below")
                waiting = []
        for phrase in waiting:
            self.resolve(phrase, None, "below")

    def resolve(self, node, html, where):
        """Note in a phrase what it sets; warn where that cannot be."""
        name, controls = controls_of(html) if html else ("", [])
        found, fault = changes(node["asked"].removeprefix("below:"), controls, where)
        if fault:
            log.warning(
                "the phrase {set}`%s` cannot act: %s", node.astext(), fault,
                location=node, type="acts",
            )  # fmt: skip
            return
        node["figure"], node["where"] = name, where
        node["sets"] = {control.name: value for control, value, _ in found}
        node["was"] = {control.name: control.first for control, _, _ in found}
        node["changes"] = [(control.label, text) for control, _, text in found]


def changes(asked, controls, where):
    """Return (control, value, text) of all that a phrase asks for, and what is wrong with it.

    >>> heat = Control("temperature", "T", ["0.1", "0.5"], [0.1, 0.5], 0.1, is_free=True)
    >>> changes("temperature=0.3", [heat], "above")[0][0][1:]
    (0.3, '0.3')
    >>> changes("temperature=2", [heat], "above")[1]
    'temperature=2 is not among its values; a number from 0.1 to 0.5 is allowed'
    >>> changes("cold=1", [heat], "above")[1]
    'the figure above has no control cold; it has temperature'
    """
    parts = PART.findall(asked)
    if not parts or PART.sub("", asked).strip():
        return [], f"between < and > it needs name=value, or several with commas, got <{asked}>"
    if not controls:
        return [], f"no figure with controls stands {where} it on this page"
    known = {control.name: control for control in controls}
    found = []
    for name, quoted, plain in parts:
        text = quoted or plain
        if name not in known:
            return [], f"the figure {where} has no control {name}; it has {', '.join(known)}"
        value = known[name].value(text)
        if value is None:
            rule = f"{known[name].allowed} is allowed"
            return [], f"{name}={text} is not among its values; {rule}"
        found.append((known[name], *value))
    return found, ""


@lru_cache(maxsize=1)  # most phrases follow another one on the same figure
def controls_of(html):
    """Return the id of a figure and its controls, from the HTML that its cell has put out."""
    frame = part(BeautifulSoup(SVG.sub("", DATA.sub("", html)), "html.parser"), "figure")
    payload, boxes = DATA.search(html), frame.select(".lv-control[data-name]")
    if payload is None or not boxes:
        return frame.get("id", ""), []
    data = json.loads(payload[3])
    if "lv-live" in frame["class"]:  # it has code beside its data
        parameters = data["data"]["parameters"]
        values, texts = ([p[of] for p in parameters] for of in ("values", "texts"))
    elif "lv-explore" in frame["class"]:
        texts = data["texts"]
        values = [numbers or words for numbers, words in zip(data["numbers"], texts, strict=True)]
    else:
        values = texts = [data["labels"]]
    return frame.get("id", ""), [
        Control(
            box["data-name"], part(box, "legend, label > span").get_text(), shown, given,
            given[first_of(box, shown)],
            is_free="lv-live" in frame["class"] and not part(box, ".lv-stepped"),
        )
        for box, shown, given in zip(boxes, texts, values, strict=True)
    ]  # fmt: skip


def first_of(box, shown):
    """Return the place, among the values that are shown, of the one that a control has first."""
    if slider := part(box, "input[type=range]"):
        gaps, most = len(shown) - 1, int(slider["max"])  # a fine slider has stops between values
        return int(slider["value"]) * gaps // most if most else 0
    if part(box, "select"):
        chosen = [option.has_attr("selected") for option in box.find_all("option")]
        return chosen.index(True)
    return int(part(box, "input[checked]")["value"])


def part(tag, selector):
    """Return the first part of a tag that a selector names."""
    return tag.select_one(selector)


def visit_page(writer, node):
    """Write a phrase with what its button will do."""
    if "sets" not in node:
        return
    parts = (str(CHANGE).format(label=label, value=value) for label, value in node["changes"])
    name = str(NAME if node["where"] == "above" else NAME_BELOW)
    name = name.format(phrase=node.astext(), changes=", ".join(parts))
    data = {"figure": node["figure"], "sets": node["sets"], "was": node["was"]}
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    writer.body.append(
        f'<span class="act" data-act="{escape(written)}" data-name="{escape(name)}">'
    )


def depart_page(writer, node):
    if "sets" in node:
        writer.body.append("</span>")


def as_text(writer, node):
    """Leave the phrase as it is."""


WRITERS = {"html": (visit_page, depart_page), "latex": (as_text, as_text)}


def add_script(app, pagename, templatename, context, doctree):
    """Give a page with phrases that act the script that makes buttons of them."""
    if doctree and any(doctree.findall(acting)):
        app.add_js_file(SCRIPT, loading_method="defer")
