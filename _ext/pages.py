"""Lighten a built page: describe it, mend its roles, take out what this book does not use."""

import re
from html import escape

from docutils import nodes

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


def lighten(html, root):
    """Return the page without what it does not use, its scripts loaded late.

    Doing it twice changes nothing, so that pages which a build leaves alone stay as they are.
    """
    html = UNUSED.sub("", html)
    if 'id="search-results"' not in html:
        html = SEARCH_ONLY.sub("", html)
    html = DEFERRED.sub("<script defer ", html)
    for pattern, mended in ROLES:
        html = re.sub(pattern, mended, html)
    if "lv-figure" in html and "_static/figures.js" not in html:
        links = (
            f'<link rel="stylesheet" href="{root}_static/figures.css">\n'
            f'<script defer src="{root}_static/figures.js"></script>\n'
        )
        html = html.replace("</head>", links + "</head>", 1)
    return drop_repeats(html)


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
