"""A Content-Security-Policy for every page: scripts come from the site, or were there at the build.

The site's host sends no headers of ours, so that the policy stands in the page, before all that it
governs. A script in the page is named by its hash; whatever else gets into a page does not run.
"""

import re
from base64 import b64encode
from hashlib import sha256

from sphinx.errors import ExtensionError

REFERRER = '<meta name="referrer" content="strict-origin-when-cross-origin"/>'
POLICY = re.compile(rf'\s*<meta http-equiv="Content-Security-Policy"[^>]*>\s*{REFERRER}')
CHARSET = re.compile(r"<head[^>]*>\s*<meta charset=[^>]*>")
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL)
DATA = re.compile(r'\btype="(?:application/(?:ld\+)?json|text/plain)"')  # does not run
TAG = re.compile(r"""<[a-z](?:"[^"]*"|'[^']*'|[^"'<>])*>""", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""[^\s"'<>=]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+)""")
CODE = re.compile(r"""on[a-z]+\s*=|(?:href|src|action)\s*=\s*["']?\s*javascript:""", re.IGNORECASE)

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
    attributes = (found for tag in TAG.findall(html) for found in ATTRIBUTE.findall(tag))
    code = sorted({attribute[:80] for attribute in attributes if CODE.match(attribute)})
    if code:
        raise ExtensionError(
            f"{name} has code in attributes, which the pages' security policy bars: "
            f"{'; '.join(code)}. Let a script of assets/ listen instead."
        )
    html, found = CHARSET.subn(lambda head: f"{head[0]}\n    {meta(html)}\n    {REFERRER}", html, 1)
    if not found:
        raise ExtensionError(f"{name} has no place for its policy: no charset begins its head")
    return html


def meta(html):
    """Return the policy of a page with these scripts and styles in it."""
    scripts = [code for about, code in SCRIPT.findall(html) if code and not DATA.search(about)]
    rules = {
        "default-src": ["'none'"],  # frames, objects, media and what is to come
        "script-src": ["'self'", *hashes(scripts)],
        "style-src": ["'self'", *hashes(STYLE.findall(html))],
        "style-src-attr": ["'unsafe-inline'"],  # the figures' pictures are full of them
        "img-src": ["'self'", "data:"],  # the icons in the theme's style are data
        "font-src": ["'self'"],
        "connect-src": ["'self'"],  # the search reads the pages that it has found
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
