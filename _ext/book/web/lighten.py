"""Lighten a built page: describe it, mend its roles, take out what this book does not use."""

import re
from html import escape

from docutils import nodes
from sphinx.errors import ExtensionError

DESCRIPTION_LENGTH = 155

# What the theme and its companions put on every page, used here or not.
UNUSED = (
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
    r'<link rel="next" [^>]*/>',  # Firefox would fetch it ahead, which the pages' policy bars
    r'<script[^>]*src="[^"]*searchtools\.js[^>]*></script>',
    r'<script[^>]*src="[^"]*language_data\.js[^>]*></script>',
    r'<script[^>]*src="[^"]*searchindex\.js[^>]*></script>',
    r"<script>DOCUMENTATION_OPTIONS\.search_as_you_type = \w+;</script>",
)
# Scripts that wait for the document anyway; deferred, they do not hold up the first paint.
DEFERRED = (
    "doctools", "sphinx_highlight", r"clipboard\.min", "copybutton", "scripts/sphinx-book-theme",
    "togglebutton",
)  # fmt: skip
DEFERRED_SCRIPT = r'<script (?=src="(?:[^"]*/)?(?:{})\.js)'
UNUSED_FILES = (
    "**/*.map",
    "*webpack-macros.html",
    "scripts/fontawesome.js",
    "sphinx-thebe.*",
    "searchtools.js",
    "language_data.js",
    "vendor/fontawesome/webfonts/*.ttf",
    "vendor/fontawesome/webfonts/*.woff2",
)

# Where the device keeps nothing, the theme's scripts would stop at the first word to its storage.
STORAGE = """
    for (const name of ["localStorage", "sessionStorage"]) try { window[name].getItem(""); } catch {
      const value = { getItem: () => null, setItem() {}, removeItem() {} };
      Object.defineProperty(window, name, { value });
    }"""

# What the theme and docutils leave out, or give where it is not wanted.
ROLES = (
    (
        r'(<script data-cfasync="false">)(?=\s*document\.documentElement\.dataset\.mode =)',
        rf"\1{STORAGE}",
    ),
    (
        r'<div class="sidebar-primary-item">(?=\s*<a class="navbar-brand logo")',
        '<div class="sidebar-primary-item" role="navigation" aria-label="Title page">',
    ),
    (
        r'(<a href="[^"]*") target="_blank"(?=\s+class="btn btn-sm btn-download-source-button)',
        r"\1 download",
    ),
    (r' role="doc-biblioentry"', ""),
    (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
    (r'(<html[^>]* data-theme=)"auto"', r'\1"light"'),  # there are colours without scripts too
)

# The last captioned list of the contents, the appendix: as long as that of the chapters.
APPENDIX = re.compile(
    r'(<p aria-level="2" class="caption" role="heading">(?:(?!</p>).)*</p>)\s*'
    r'(<ul class="(current )?nav bd-sidenav">(?:(?!<[/]?ul\b).)*</ul>)(?=\s*</div>\s*</nav>)',
    re.DOTALL,
)

# A browser may end a line between a formula and the comma after it, or the bracket before it.
MATH_IN_TEXT = re.compile(
    r'([(“‘]*)(<span class="math notranslate nohighlight">[^<]*</span>)([,.;:!?)”’…，。；：）、]*)'
)

# A section is laid out when it comes near the window (assets/book.css); its place should be about
# as high until then. What each part of one adds on a phone, in points, was found by measuring all.
SECTION = re.compile(r"(<section [^>]*)(?=>\s*<h2)")
FOLDED = re.compile(
    r'<(svg|script)\b.*?</\1>|<details class="[^"]*\bfold\b.*?</details>', re.DOTALL
)
LISTING = re.compile(r"<pre.*?</pre>", re.DOTALL)
HEIGHTS = (
    (re.compile(r">[^<]+"), 0.62),
    (re.compile(r"<(?:p|li|h3|dt|dd|tr)\b"), 9),
    (re.compile('class="math '), 14),
    (re.compile('class="lv-figure'), 515),
)
HEIGHT_OF_LINE, HEIGHT_OF_HEADING = 12, 120

# A browser looks at every field and list of a page for what it could fill in, and has the sections
# around them laid out for that; in a template they wait for the script that uses them.
FIELDS = re.compile(
    r'(?<=hidden>)(?:<label for="[^"]*-answer"|<fieldset>).*?(?=</form>)|<select\b.*?</select>',
    re.DOTALL,
)

# Names, brackets and spaces of code have the ink of the code around them: without marks of their
# own a chapter has a third fewer elements.
PLAIN = ("n", "nn", "p", "w")
PLAIN_CODE = re.compile(rf'<span class="(?:{"|".join(PLAIN)})">([^<]*)</span>')

# A fault of Sphinx's scripts: it makes code, which the pages' policy bars, from a translation's
# rule of plurals, which nothing asks for.
SCRIPTS = {
    "doctools.js": (
        "    Documentation.PLURAL_EXPR = new Function(\n"
        '      "n",\n'
        "      `return (${catalog.plural_expr})`\n"
        "    );\n",
        "",
    ),
}


def require_patterns(pages):
    """Stop the build when a pattern finds nothing on all pages: the theme writes them otherwise."""
    scripts = [DEFERRED_SCRIPT.format(name) for name in DEFERRED]
    for pattern in (*UNUSED, *scripts, *(p for p, _ in ROLES), APPENDIX.pattern):
        if not any(re.search(pattern, page, re.DOTALL) for page in pages):
            raise ExtensionError(
                f"no page has what {__name__} takes out or mends, {pattern}: see what the theme "
                "writes in its place, and correct or delete the pattern"
            )


def lighten(html, root):
    """Return the page without what it does not use, its scripts loaded late.

    A drawing that stands in pages of several folders leads to others by ``book:``.

    >>> lighten('<a href="book:chapters/one.html">', "../")
    '<a href="../chapters/one.html">'
    """
    html = html.replace('href="book:', f'href="{root}')
    html = re.sub("|".join(UNUSED), "", html, flags=re.DOTALL)
    html = re.sub(DEFERRED_SCRIPT.format("|".join(DEFERRED)), "<script defer ", html)
    for pattern, mended in ROLES:
        html = re.sub(pattern, mended, html)
    html = APPENDIX.sub(fold, html)
    html = MATH_IN_TEXT.sub(with_its_marks, html)
    html = PLAIN_CODE.sub(r"\1", html)
    html = FIELDS.sub(r"<template>\g<0></template>", html)
    html = with_heights(html)
    if "lv-figure" in html and "_static/figures.js" not in html:
        script = f'<script defer src="{root}_static/figures.js"></script>\n'
        html = html.replace("</head>", script + "</head>", 1)
    return drop_repeats(html)


def fold(found):
    """Fold a list of the contents under its caption, unless the page is in it."""
    is_open = " open" if found[3] else ""
    return f"<details{is_open}><summary>{found[1]}</summary>\n{found[2]}</details>"


def with_heights(html):
    """Tell the page how high its sections will be, about.

    >>> with_heights('<section id="a">\\n<h2>A</h2><p>B')
    '<section id="a" style="--h:10rem">\\n<h2>A</h2><p>B'
    """
    before, *parts = SECTION.split(html)
    sections = zip(parts[::2], parts[1::2], strict=True)
    return before + "".join(f'{tag} style="--h:{height(rest)}rem"{rest}' for tag, rest in sections)


def height(section):
    """Return the height of a section on a phone in rems, rather more than less."""
    section = FOLDED.sub("", section)
    lines = sum(listing.count("\n") for listing in LISTING.findall(section))
    section = LISTING.sub("", section)
    points = HEIGHT_OF_HEADING + HEIGHT_OF_LINE * lines
    for part, share in HEIGHTS:
        found = part.findall(section)
        points += share * (sum(map(len, found)) if share < 1 else len(found))
    return round(1.25 * points / 16)


def with_its_marks(found):
    """Keep a formula in the text on one line with the marks that touch it."""
    return f'<span class="whole">{found[0]}</span>' if found[1] or found[3] else found[0]


def mend_scripts(assets):
    """Mend Sphinx's scripts in place."""
    for name, (wrong, right) in SCRIPTS.items():
        code = (assets / name).read_text(encoding="utf-8")
        if wrong not in code:
            raise ExtensionError(
                f"{name} is not as in the version that is pinned in requirements.txt: see whether "
                f"it still needs what {__name__} mends, and correct or delete that"
            )
        (assets / name).write_text(code.replace(wrong, right), encoding="utf-8")


def remove_unused(assets):
    """Remove the files that no page of this book asks for."""
    for pattern in UNUSED_FILES:
        for path in assets.glob(pattern):
            path.unlink()


def drop_repeats(html):
    """Keep the first of head lines that the theme's parts declare twice."""
    head, closing, body = html.partition("</head>")
    seen: set[str] = set()
    kept: list[str] = []
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
        if isinstance(paragraph.parent, nodes.section) and not any(paragraph.findall(nodes.image)):
            return paragraph.astext()
    return doctree.astext()


def description(text):
    """Return the beginning of a text, of a length that search engines show."""
    text = " ".join(text.split())
    if len(text) > DESCRIPTION_LENGTH:
        text = text[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0] + " …"
    return text


def description_tag(text):
    """Return the tag that describes a page.

    >>> description_tag("A grain jitters.")
    '<meta name="description" content="A grain jitters."/>'
    """
    return f'<meta name="description" content="{escape(text)}"/>'
