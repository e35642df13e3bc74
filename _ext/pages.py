"""Lighten a built page: describe it, mend its roles, take out what this book does not use."""

import re
import zlib
from html import escape

from docutils import nodes
from sphinx.errors import ExtensionError

DESCRIPTION_LENGTH = 155

# What the theme and its companions put on every page, used here or not.
UNUSED = re.compile(
    "|".join(
        [
            r'<script[^>]*src="[^"]*scripts/fontawesome\.js[^>]*></script>',
            r'<script[^>]*src="[^"]*sphinx-thebe\.js[^>]*></script>',
            r'<link[^>]*href="[^"]*(?:sphinx-thebe|sphinx-design\.min)\.css[^>]*>',
            r"<script>const THEBE_JS_URL.*?</script>",
            r"<script>window\.MathJax = .*?</script>",
            r'<script type="text/x-thebe-config">.*?</script>',
            r"<script>kernelName =.*?</script>",
            r'<script[^>]*src="[^"]*design-tabs\.js[^>]*></script>',
            r'<div id="ethical-ad-placement".*?</div>',
            r'<meta name="viewport" content="width=device-width, initial-scale=1"\s*/>',
            r'<div id="searchbox"></div>',
        ]
    ),
    re.DOTALL,
)
SEARCH_ONLY = re.compile(
    r'<script src="[^"]*(?:searchtools|language_data|searchindex)\.js[^>]*></script>'
)
# The style sheets of a page, in their order: they become one, so that a page waits for one file.
SHEETS = (
    "basic.css",
    "styles/theme.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "togglebutton.css",
    "copybutton.css",
    "mystnb.*.css",
    "proof.css",
    "exercise.css",
    "ledger.css",
    "book.css",
    "figures.css",
)
# Scripts that wait for the document anyway; deferred, they do not hold up the first paint.
DEFERRED = re.compile(
    r'<script (?=src="[^"]*/(?:doctools|sphinx_highlight|clipboard\.min|copybutton'
    r"|scripts/sphinx-book-theme|togglebutton)\.js)"
)
UNUSED_FILES = (
    "**/*.map",
    "scripts/fontawesome.js",
    "sphinx-thebe.*",
    "vendor/fontawesome/webfonts/*.ttf",
    "vendor/fontawesome/webfonts/*.woff2",
)

# Roles that the theme and docutils leave out, or give where ARIA no longer wants them.
ROLES = (
    (
        r'<div class="sidebar-primary-item">(?=\s*<a class="navbar-brand logo")',
        '<div class="sidebar-primary-item" role="navigation" aria-label="Title page">',
    ),
    (r' role="doc-biblioentry"', ""),
    (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
)


def lighten(html, root, assets):
    """Return the page with one style sheet, without unused scripts, the used ones loaded late.

    Doing it twice changes nothing, so that pages which a build leaves alone stay as they are.
    """
    html = UNUSED.sub("", html)
    if 'id="search-results"' not in html:
        html = SEARCH_ONLY.sub("", html)
    html = DEFERRED.sub("<script defer ", html)
    for pattern, mended in ROLES:
        html = re.sub(pattern, mended, html)
    html = link_style(html, root, assets)
    if "lv-figure" in html and "_static/figures.js" not in html:
        script = f'<script defer src="{root}_static/figures.js"></script>\n</head>'
        html = html.replace("</head>", script, 1)
    return drop_repeats(html)


def joined_style(assets):
    """Return all style sheets as one; what they import is among them, addresses are its own."""
    sheets = [path for name in SHEETS for path in sorted(assets.glob(name))]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sheets)
    imports = re.findall(r'@import "(?:\.\./)?([^"]*)";', text)
    if not set(imports) <= {sheet.name for sheet in sheets}:
        raise ExtensionError(f"style sheets import {imports}, not all of which are joined")
    return re.sub(r'@import "[^"]*";', "", text).replace("url(../", "url(")


def link_style(html, root, assets):
    """Link the joined style sheet in place of its parts."""
    names = "|".join(re.escape(name).replace(r"\*", ".*") for name in ("style.css", *SHEETS))
    html = re.sub(rf'<link[^>]*href="[^"]*_static/(?:{names})(?:\?[^"]*)?"[^>]*>\n?', "", html)
    version = zlib.crc32((assets / "style.css").read_bytes())
    link = f'<link rel="stylesheet" href="{root}_static/style.css?v={version:08x}">\n'
    return html.replace("</title>", f"</title>\n{link}", 1)


def drop_repeats(html):
    """Keep the first of head lines that the theme's parts declare twice."""
    head, closing, body = html.partition("</head>")
    seen, kept = set(), []
    for line in head.splitlines():
        key = line.strip()
        if key.startswith("<script") and key.endswith("</script>") and key in seen:
            continue
        seen.add(key)
        if key or (kept and kept[-1].strip()):
            kept.append(line)
    return "\n".join(kept) + closing + body


def first_paragraph(doctree):
    """Return the text of the first prose paragraph, or of the title."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and not paragraph.traverse(nodes.image):
            return paragraph.astext()
    return doctree.astext()


def description_tag(text):
    """Return a meta description of a length that search engines show.

    >>> description_tag("A grain jitters.")
    '<meta name="description" content="A grain jitters."/>'
    """
    text = " ".join(text.split())
    if len(text) > DESCRIPTION_LENGTH:
        text = text[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0] + " …"
    return f'<meta name="description" content="{escape(text)}"/>'
