"""A Content-Security-Policy for every page: scripts come from the site, or were there at the build.

The site's host sends no headers of ours, so that the policy stands in the page, before all that it
governs. A script in the page is named by its hash; whatever else gets into a page does not run.
"""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from sphinx.errors import ExtensionError

REFERRER = '<meta name="referrer" content="strict-origin-when-cross-origin"/>'
POLICY = re.compile(rf'\s*<meta http-equiv="Content-Security-Policy"[^>]*>\s*{REFERRER}')
CHARSET = re.compile(r"<head[^>]*>\s*<meta charset=[^>]*>")
DATA = {"application/json", "application/ld+json", "text/plain"}  # script types that do not run
LINKS = {"href", "xlink:href", "src", "action", "formaction", "data", "poster"}
IGNORED = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")  # what a browser may skip in an address

# What the theme's buttons say, and what assets/book.js listens to in its place.
BUTTONS = {
    'onclick="window.print()"': 'data-does="print"',
    'onclick="toggleFullScreen()"': 'data-does="full screen"',
}


def protect(html, name):
    """Return the page with its policy; doing it twice changes nothing."""
    html = POLICY.sub("", html)
    for handler, told in BUTTONS.items():
        html = html.replace(f"<button {handler}", f"<button {told}")
    page = Page(html)
    code = sorted({attribute[:80] for attribute in page.code})
    if code:
        raise ExtensionError(
            f"{name} has code in attributes, which the pages' security policy bars: "
            f"{'; '.join(code)}. Let a script of assets/ listen instead."
        )
    html, found = CHARSET.subn(lambda head: f"{head[0]}\n    {meta(page)}\n    {REFERRER}", html, 1)
    if not found:
        raise ExtensionError(f"{name} has no place for its policy: no charset begins its head")
    return html


class Page(HTMLParser):
    """The scripts and styles in a page, as they stand there, and the attributes that are code."""

    def __init__(self, html):
        super().__init__(convert_charrefs=False)  # attributes are decoded in any case
        self.code, self.scripts, self.styles = [], [], []
        self.inside = None  # the texts to which the script or style that is open belongs
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.code += [f"{name}={value or ''}" for name, value in attrs if runs(name, value)]
        self.inside = None
        if tag == "style":
            self.inside = self.styles
        elif tag == "script" and dict(attrs).get("type") not in DATA:
            self.inside = self.scripts
        if self.inside is not None:
            self.inside.append("")

    def handle_data(self, data):
        if self.inside is not None:
            self.inside[-1] += data

    def handle_endtag(self, tag):
        self.inside = None


def runs(name, value):
    """Tell if an attribute, its value decoded, is code.

    >>> [runs("onload", "go()"), runs("to", "java\\nscript:go()"), runs("title", "on = off")]
    [True, True, False]
    """
    address = IGNORED.sub("", value).lower() if value and ":" in value else ""
    is_page = name in LINKS and address.startswith("data:text/html")
    return name.startswith("on") or address.startswith("javascript:") or is_page


def meta(page):
    """Return the policy of a page with these scripts and styles in it."""
    rules = {
        "default-src": ["'none'"],  # frames, objects, media and what is to come
        "script-src": ["'self'", *hashes(filter(None, page.scripts))],
        "style-src": ["'self'", *hashes(page.styles)],
        "style-src-attr": ["'unsafe-inline'"],  # the figures' pictures are full of them
        "img-src": ["'self'", "data:"],  # the icons in the theme's style are data
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    }
    content = "; ".join(" ".join([what, *allowed]) for what, allowed in rules.items())
    return f'<meta http-equiv="Content-Security-Policy" content="{content}"/>'


def hashes(texts):
    """Return how a policy names each of the texts.

    >>> hashes(["", ""])
    ["'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"]
    """
    named = (b64encode(sha256(text.encode()).digest()).decode() for text in texts)
    return [f"'sha256-{name}'" for name in dict.fromkeys(named)]
