"""Cards beside references: what a link leads to, shown before anybody follows it.

A card is made of the finished page to which its link leads, so that it shows what is printed there:
an equation with its name and the mark of its check, both sides of a term, a reference with its
address, the question of an exercise, the first paragraph of a chapter. The cards of a page stand
in the page, as JSON: no page has to fetch another one, which a folder forbids. `assets/previews.js`
shows them.
"""

import json
import posixpath
import re
from copy import copy
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from sphinx.locale import get_translation

from book.sources.equations import names
from book.web import mathml
from book.web.kept import now
from langevin.figures.payload import as_json

SCRIPT = "previews.js"
PLACE = re.compile(r'<script type="application/json" id="previews">(.*?)</script>', re.DOTALL)
# The pages without cards: long lists, which say themselves what their links lead to.
LISTS = ("appendix/api", "appendix/ledger", "genindex")
# A button and a table of contents are there to go on, and say where to.
LINKS = "a.reference.internal[href]:not(.btn, .toctree-wrapper a, [href='#'])"
LEFT_OUT = ".headerlink, .eqno, figure, form, img, .cell, .answer-needs"
EQUATION = "equation-"  # begins the anchor of an equation
LANGUAGE = re.compile(r'<html lang="(\w\w)')
ARTICLE = re.compile(r'<article class="bd-article">.*?</article>', re.DOTALL)
PICTURE = re.compile(r"<(svg|script)\b.*?</\1>", re.DOTALL)  # takes long to read; no card shows it
CODE = re.compile(r"(<pre>)(.*?)(</pre>)", re.DOTALL)
TAG = re.compile("<[^>]*>")
HEADING = re.compile("h[1-6]")
HREF = re.compile('href="([^"]*)"')
_ = get_translation("book")

# What a card calls the way to what it shows, by the kind of this.
WORDS = {
    "equation": _("Go to the equation"),
    "term": _("Go to the glossary"),
    "citation": _("Go to the bibliography"),
    "exercise": _("Go to the exercise"),
    "figure": _("Go to the figure"),
    "section": _("Go to the section"),
    "page": _("Go to the page"),
}


def add_place(app, pagename, templatename, context, doctree):
    """Give a page a place for its cards, with the words on them, and the script that shows them."""
    if doctree and pagename not in LISTS and 'reference internal"' in context["body"]:
        words = as_json({"words": {kind: str(word) for kind, word in WORDS.items()}})
        context["body"] += f'\n<script type="application/json" id="previews">{words}</script>\n'
        app.add_js_file(SCRIPT, loading_method="defer")


def fill(root, site, html, formulas=None, kept=now):
    """Return the pages, texts by path in the site's folder, with their cards in place.

    `formulas` are MathML by their TeX.
    """
    named = {label: name for page in names(root).values() for label, name in page.items()}
    address = {path: path.relative_to(site).as_posix() for path in html}
    pages = {address[path]: Page(*kept(read, text)) for path, text in html.items()}

    def filled(path, text):
        place = PLACE.search(text)
        if place is None:
            return text
        found = cards(address[path], pages, named)
        if formulas:
            for card in found.values():
                card[1:3] = (mathml.fill(part, formulas) for part in card[1:3])
        shown = json.loads(place[1]) | {"cards": found}
        return text.replace(place[1], as_json(shown), 1)

    return {path: filled(path, text) for path, text in html.items()}


class Page(NamedTuple):
    """What `read` returns: places by their anchors, each with its kind, title and content."""

    language: str
    links: list[str]
    places: dict[str, tuple[str, str, str]]


def cards(page, pages, named):
    """Return the cards of a page: for each of its links kind, title, content and language.

    The language is given where it is not the page's.
    """
    found, own = {}, pages[page].language
    for link in pages[page].links:
        there, anchor = leads_to(link, page)
        target = pages.get(there)
        if target is None or anchor not in target.places:
            continue
        kind, title, content = target.places[anchor]
        if kind == "equation":
            name = escape(named.get(anchor.removeprefix(EQUATION), ""))
            title += f' <span lang="en">{name}</span>' if own != "en" else f" {name}"
        foreign = [] if target.language == own else [target.language]
        found[link] = [kind, title, seen_from(page, there, content), *foreign]
    return found


def leads_to(link, page):
    """Return the page to which a link on a page leads, and the place there.

    >>> leads_to("../b.html#x%20y", "zh/a.html"), leads_to("#x", "zh/a.html")
    (('b.html', 'x y'), ('zh/a.html', 'x'))
    """
    parts = urlsplit(link)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), parts.path))
    return path if parts.path else page, unquote(parts.fragment)


def seen_from(page, there, content):
    """Return a part of one page with links that hold on another page.

    >>> seen_from("a.html", "b/c.html", '<a href="#x"><a href="../d.html"><a href="https://e.f">')
    '<a href="b/c.html#x"><a href="d.html"><a href="https://e.f">'
    """

    def moved(link):
        if urlsplit(link[1]).scheme or page == there:
            return link[0]
        path = leads_to(unescape(link[1]), there)[0]
        hash = f"#{fragment}" if (fragment := urlsplit(link[1]).fragment) else ""
        return f'href="{posixpath.relpath(path, posixpath.dirname(page) or ".")}{hash}"'

    return HREF.sub(moved, content)


def read(html):
    """Return the language of a page, where its links lead, and its places."""
    language, article = LANGUAGE.search(html), ARTICLE.search(html)
    if not (language and article):
        return "", [], {}
    plain = CODE.sub(lambda code: code[1] + TAG.sub("", code[2]) + code[3], article[0])
    page = BeautifulSoup(PICTURE.sub("", plain), "html.parser")
    links = list(dict.fromkeys(link["href"] for link in page.select(LINKS)))
    found = {anchor: place for anchor, place in places(page) if TAG.sub("", place[2]).strip()}
    return language[1], links, found


def places(article):
    """Yield the anchor of each place that can have a card, and its kind, title and content.

    The anchor of the page itself is "".
    """
    for part in article.select("section"):
        title = part.find(HEADING, recursive=False)
        first = part.find("p", recursive=False)
        if title and first:
            is_page = part.find_parent("section") is None
            kind, anchor = ("page", "") if is_page else ("section", part.get("id"))
            yield anchor, (kind, inside(title), whole(first))
    for part in article.select(f"div.math[id^={EQUATION}]"):
        number = part.select_one(".eqno")
        mark = number.select_one(".ledger-mark")
        title = "".join(number.find_all(string=True, recursive=False)).strip()
        yield part["id"], ("equation", title, whole(part) + strength(mark))
    for part in article.select("dl.glossary"):
        names = []
        for line in part.find_all(["dt", "dd"], recursive=False):
            if line.name == "dt":
                names.append(line)
                continue
            title, content = ", ".join(map(inside, names)), inside(line)
            yield from ((name["id"], ("term", title, content)) for name in names)
            names = []
    for part in article.select(".citation[id]"):
        yield part["id"], ("citation", "", whole(part.p))
    for part in article.select(".exercise[id]"):
        title = " ".join(inside(part.select_one(".admonition-title")).split())
        yield part["id"], ("exercise", title, inside(part.section))
    for part in article.select("figure[id]:has(figcaption)"):
        yield part["id"], ("figure", "", f"<p>{inside(part.figcaption)}</p>")


def strength(mark):
    """Return a line that says how an equation is checked, or that it is a definition."""
    if mark is None:
        return ""
    sign = f"{mark.get_text()} " if mark.name == "a" else ""
    return f'<p class="strength">{escape(sign + mark["title"])}</p>'


def inside(part):
    """Return what is in a part of a page, as a card shows it."""
    return bare(part).decode_contents().strip()


def whole(part):
    """Return a part of a page as a card shows it."""
    return str(bare(part))


def bare(part):
    """Return a copy of a part without what a card does not show, and without most attributes."""
    part = copy(part)
    for other in part.select(LEFT_OUT):
        other.decompose()
    for tag in (part, *part.find_all(True)):
        kept = {name: tag[name] for name in ("href", "style", "lang") if tag.has_attr(name)}
        classes = [name for name in tag.get("class", []) if name in ("math", "whole")]
        tag.attrs = kept | ({"class": classes} if classes else {})
        if tag.name == "span" and not tag.attrs:
            tag.unwrap()
    return part
