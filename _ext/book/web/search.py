"""The search: what there is to find, taken from the finished pages, and the page of results.

Sphinx's search knows pages; a reader looks for a section, an equation, an exercise. Each of these
is an entry of `_static/search-index.js`: where it is, what it is called, what it says, with its
formulas as readable text between dollars. `assets/search.js` looks into them; it is loaded, with
the entries and MiniSearch, when somebody goes to a field of the search.
"""

import json
import re
from html import escape
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup, NavigableString
from sphinx.errors import ExtensionError
from sphinx.search.en import SearchEnglish

from book.sources.equations import names
from book.web.readable import readable

PAGE, FILE, SHEET = "search", "search-index.js", "search.css"
LIBRARY = "minisearch.js"
NOT_FOUND = {PAGE, "genindex", "404", "index"}  # these lead to other pages, and say nothing
# Pages about the book give way to the book.
LESS = re.compile(r"appendix/(?!glossary|notation)")

# What no reader looks for, or what is folded: code, results of checks, solutions, controls.
UNREAD = re.compile(r"<(svg|script|style|pre|form|select|noscript)\b.*?</\1>", re.DOTALL)
SKIPPED = {
    "cell_input", "headerlink", "solution", "ledger-back", "ledger-mark", "ledger-list",
    "ledger-chapter", "toctree-wrapper", "show", "edition", "lv-controls", "lv-picture",
    "lv-stage", "answer-needs", "solved-here", "solved-everywhere", "run-exercise", "continue",
    "kind", "numbers", "index-letters", "book-index", "label", "sig-paren", "property", "fold",
}  # fmt: skip
HEADINGS = ["h1", "h2", "h3", "h4"]
BLOCKS = {"p", "li", "dd", "dt", "td", "th", "div", *HEADINGS, "tr", "table", "ul"}
IN_CAPTIONS = re.compile(r"\\\((.*?)\\\)")  # mathml.py finds them in the text
NUMBER = re.compile(r"\((\d+(?:\.\d+)?)\)")
TEX = re.compile(r"^\s*\\[(\[](.*)\\[)\]]\s*$", re.DOTALL)
KINDS = [
    "page",
    "section",
    "equation",
    "exercise",
    "figure",
    "term",
    "symbol",
    "source",
    "function",
]


class Entry(NamedTuple):
    """Something to find: a place in a page, and the parts of its text."""

    kind: str
    place: str  # in its page
    title: str
    parts: list  # of its text

    @property
    def text(self):
        return clean("".join(self.parts))


def leave_sphinx_search(app):
    """Have Sphinx make no index of words, and take an older one away: the book has its own."""
    if app.builder.format == "html":
        app.builder.search = False
        Path(app.outdir, "searchindex.js").unlink(missing_ok=True)


def result_page(app):
    """Add the page of results, which says without JavaScript where else to look."""
    contents = app.builder.get_relative_uri(PAGE, app.config.root_doc)
    index = app.builder.get_relative_uri(PAGE, "genindex")
    words = escape(app.config.html_theme_options.get("search_bar_text") or "Search this book...")
    body = f"""
<section class="search-page">
<h1>Search</h1>
<noscript><p>The search needs JavaScript. Without it, the <a href="{contents}">contents</a> in the
side bar and the <a href="{index}">index</a> lead to what the book has.</p></noscript>
<form class="bd-search d-flex align-items-center" role="search" method="get">
<i class="fa-solid fa-magnifying-glass"></i>
<input type="search" class="form-control" name="q" placeholder="{words}" aria-label="{words}"
 autocomplete="off" autocapitalize="off" spellcheck="false" autofocus/>
</form>
</section>
"""
    yield PAGE, {"title": "Search", "body": body, "pageurl": None}, "page.html"


def write(root, assets, pages, kept):
    """Write the entries of all pages, texts by name, with the words that English leaves out."""
    called = {label: name for page in names(root).values() for label, name in page.items()}
    listed, found = [], []
    for name, html in sorted(pages.items()):
        if name in NOT_FOUND:
            continue
        title, language, entries = kept(entries_of, html)
        if not entries:
            raise ExtensionError(
                f"the search finds nothing in {name}: see how the theme writes the text and the "
                f"headings of a page, and mend {__name__}"
            )
        listed.append([name, title, language, int(bool(LESS.match(name)))])
        for kind, place, heading, text in entries:
            if kind == "equation":
                name_of = called.get(place.removeprefix("equation-"), "")
                heading = f"{name_of} {heading}".strip()
            found.append([len(listed) - 1, KINDS.index(kind), place, heading, text])
    known = {"kinds": KINDS, "pages": listed, "entries": found}
    index = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    english = SearchEnglish({})
    (assets / FILE).write_text(
        f"{english.js_stemmer_code}\nvar searchIndex = {index};\n", encoding="utf-8"
    )


def entries_of(html):
    """Return the title of a page, its language and its entries: kind, place, title, text."""
    article = html.partition("<article")[2].partition("</article>")[0]
    language = re.search(r'<html[^>]*lang="(\w+)', html)
    soup = BeautifulSoup(UNREAD.sub("", f"<article{article}</article>"), "html.parser")
    reader = Reader(language[1] if language else "en")
    reader.read(soup, None)
    found = [(e.kind, e.place, e.title, e.text) for e in reader.entries if e.title or e.text]
    return (found[0][2] if found else ""), reader.language, found


class Reader:
    """Goes through a page and notes what there is to find."""

    def __init__(self, language):
        self.language, self.entries = language, []

    def add(self, kind, place, title=""):
        self.entries.append(Entry(kind, place, clean(title), []))
        return self.entries[-1]

    def read(self, node, here):
        """Add the text of a node to the entry that it stands in, and the entries within."""
        for part in list(node.children):
            if isinstance(part, NavigableString):
                if here and type(part) is NavigableString:
                    here.parts.append(str(part))
            else:
                self.read_part(part, here)

    def read_part(self, part, here):
        """Read one tag: something to find, a formula, or a part of what is around it."""
        classes, place = part.get("class", []), part.get("id", "")
        if not SKIPPED.isdisjoint(classes):
            return
        heading = part.name == "section" and part.find(HEADINGS, recursive=False)
        if heading:
            kind = "page" if heading.name == "h1" else "section"
            title = said(heading.extract())
            self.read(part, self.add(kind, place, title))
        elif "math" in classes:
            self.read_formula(part, place, here)
        elif "exercise" in classes and place:
            title = said(part.find(class_="admonition-title").extract())
            self.read(part, self.add("exercise", place, title.replace("(", "").replace(")", "")))
        elif part.name == "figure":
            caption = part.find("figcaption")
            if caption and here and self.language == "en":  # captions are not translated
                figure = self.add("figure", place or here.place)
                self.read(caption, figure)
                here.parts.extend([" ", *figure.parts, " "])
        elif part.name == "dl" and "glossary" in classes:
            self.read_pairs(part, "term")
        elif part.name == "dl" and "py" in classes:
            self.read_pairs(part, "function")
        elif part.name == "tr" and place.startswith("symbol-"):
            self.read_symbol(part, place)
        elif "citation" in classes and place:
            self.read(part, self.add("source", place))
        else:
            self.read(part, here)
            if here and part.name in BLOCKS:
                here.parts.append(" ")

    def read_formula(self, part, place, here):
        """Note a formula as a part of the text around it and, if it has a number, for itself."""
        number = part.find(class_="eqno")
        title = NUMBER.search(number.extract().get_text()) if number else None
        text = said(part)
        if part.name == "div":
            text = f" {text} "
        if here:
            here.parts.append(text)
        if title and place.startswith("equation-") and self.language == "en":
            self.add("equation", place, title[0]).parts.append(text)

    def read_pairs(self, part, kind):
        """Read a list of names and what is said of each: of a function, its first paragraph."""
        heads = []
        for pair in part.find_all(["dt", "dd"], recursive=False):
            if pair.name == "dt":
                heads.append(pair)
                continue
            titles = (said(head.find(class_="descname") or head) for head in heads)
            entry = self.add(kind, heads[0].get("id", ""), ", ".join(titles))
            heads = []
            if kind == "term":
                self.read(pair, entry)
                continue
            if first := pair.find("p", recursive=False):
                self.read(first, entry)
            for inner in pair.find_all("dl", class_="py", recursive=False):
                self.read_pairs(inner, kind)

    def read_symbol(self, row, place):
        """Read a line of the table of symbols; the lines of one symbol are one entry."""
        title, *cells = (said(cell) for cell in row.find_all(["th", "td"]))
        last = self.entries[-1] if self.entries else None
        if last is None or last.title != title:
            last = self.add("symbol", place, title)
        last.parts.append(f"{'; ' if last.parts else ''}{', '.join(c for c in cells if c != '–')}")


def said(node):
    """Return the text of a node, with its formulas between dollars."""
    if "math" in node.get("class", []):
        tex = TEX.match(node.get_text())
        return f"${readable(tex[1])}$" if tex else ""
    for part in node.find_all(class_=["math", "headerlink", "kind"]):
        part.replace_with(said(part) if "math" in part["class"] else "")
    return clean(node.get_text())


def clean(text):
    """Return a text with single spaces, and thousands written without one.

    >>> clean("1\\u202f000  steps \\n #")
    '1000 steps'
    """
    text = IN_CAPTIONS.sub(lambda tex: f"${readable(tex[1])}$", text)
    text = re.sub(r"(?<=\d)[\u202f\u2009\u00a0](?=\d{3}\b)", "", text)
    text = re.sub(r"\s+", " ", text.replace("\u200b", "")).strip().removesuffix("#").strip()
    return re.sub(r" (?=[,.;:)])", "", text)
