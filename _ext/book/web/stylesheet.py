"""One style sheet for the book, of the rules that its pages and scripts can use.

A page asks for a dozen sheets, most of whose rules are for what this book does not have; the first
paint waits for all of them. (68 kB, compressed, become 29.)
"""

import posixpath
import re
from hashlib import sha256
from itertools import pairwise

import tinycss2
from sphinx.errors import ExtensionError

from book.web.kept import now

NAME = "style.css"
LINK = re.compile(
    r'[ \t]*<link(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^"]*?_static/)([^"?]+)[^>]*>\n?'
)
ADDRESS = re.compile(r"""url\(\s*(["']?)(?!data:|#|[a-z]+:|/)([^)"']+)\1\s*\)""")
WORD = re.compile(r"[\w-]+")
IMPORT = re.compile(r"""@import\s+(?:url\()?["']?([^"'?)]+)[^;]*;""")
HOLDS_RULES = {"media", "supports", "layer", "container"}
# Names that a script puts together from parts, so that they stand in none.
PUT_TOGETHER = {"bs-tooltip-auto"}


def finish(assets, html, added=(), kept=now):
    """Give all pages, texts by path, one style sheet; return the new texts.

    The rules of some sheets are added to those of the sheets that the pages have links to.
    The sheets themselves stay: Sphinx copies them only when one has changed. Pages that a build
    leaves alone have the common sheet already; without a new page, it stays as well.
    """
    sheets = dict.fromkeys(sheet for text in html.values() for _, sheet in LINK.findall(text))
    sheets.pop(NAME, None)
    if sheets:
        scripts = (path.read_text(encoding="utf-8") for path in assets.rglob("*.js"))
        texts = [*html.values(), *scripts]
        used = PUT_TOGETHER.union(*(kept(words, text) for text in texts))
        rules = []
        for sheet in (*sheets, *added):
            css = whole(assets, sheet)
            rules.append(kept(needed, css, tuple(sorted(words(css) & used)), sheet))
        (assets / NAME).write_text("".join(rules), encoding="utf-8")
    version = sha256((assets / NAME).read_bytes()).hexdigest()[:8]
    return {path: with_one_sheet(text, version) for path, text in html.items()}


def with_one_sheet(html, version):
    """Return a page with one link to a style sheet, where its first was.

    >>> with_one_sheet('<link rel="stylesheet" href="../_static/a.css?v=1"/>', 7)
    '<link rel="stylesheet" href="../_static/style.css?v=7"/>\\n'
    """
    first = LINK.search(html)
    if first is None:
        return html
    link = f'<link rel="stylesheet" href="{first[1]}{NAME}?v={version}"/>\n'
    return html[: first.start()] + link + LINK.sub("", html[first.start() :])


def words(text):
    """Return every word of a text: a class or a place that is in use is one of them."""
    return set(WORD.findall(text))


def whole(assets, sheet):
    """Return the text of a sheet after those that it imports."""
    folder = posixpath.dirname(sheet)
    css = (assets / sheet).read_text(encoding="utf-8")
    imported = (posixpath.normpath(posixpath.join(folder, name)) for name in IMPORT.findall(css))
    return "".join(whole(assets, name) for name in imported) + moved(IMPORT.sub("", css), folder)


def moved(css, folder):
    """Return the text of a sheet in a folder with addresses that hold beside the common one.

    >>> moved('a { background: url("../x.svg") }', "styles")
    'a { background: url("x.svg") }'
    """

    def move(found):
        return f"url({found[1]}{posixpath.normpath(posixpath.join(folder, found[2]))}{found[1]})"

    return ADDRESS.sub(move, css)


def needed(css, used, sheet="a style sheet"):
    """Return the rules of a sheet, those with classes and places only that are in use.

    >>> needed("a, .b > i { x: y } @media print { .c { x: y } #d { x: y } }", {"d"})
    'a{ x: y }@media print {#d{ x: y }}'
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(written(rule, used, sheet) for rule in rules)


def written(rule, used, sheet="a style sheet"):
    """Return a rule as text, without selectors that can find nothing; "" when none is left."""
    if rule.type == "error":
        raise ExtensionError(f"{sheet}, line {rule.source_line}: {rule.message}")
    if rule.type == "qualified-rule":
        found = [selector for selector in split(rule.prelude) if wanted(selector, used)]
        selectors = ",".join(tinycss2.serialize(selector).strip() for selector in found)
        return f"{selectors}{{{tinycss2.serialize(rule.content)}}}" if found else ""
    if rule.lower_at_keyword in HOLDS_RULES and rule.content:
        inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        body = "".join(written(part, used, sheet) for part in inside)
        prelude = tinycss2.serialize(rule.prelude)
        return f"@{rule.at_keyword}{prelude}{{{body}}}" if body else ""
    return rule.serialize()


def split(prelude):
    """Return the selectors of a rule, each as a list of tokens."""
    selectors: list[list] = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def wanted(selector, used):
    """Tell if all classes and places outside brackets in a selector are in use."""
    classes = (name for dot, name in pairwise(selector) if dot == "." and name.type == "ident")
    places = (token for token in selector if token.type == "hash")
    return all(token.value in used for token in (*classes, *places))
