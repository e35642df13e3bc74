"""Keep the theme from measuring the whole page again and again while it loads."""

import re

from sphinx.errors import ExtensionError

# For each box that may be wider than its place (so that keys can scroll it), the theme asks for its
# size and then writes to the page, at the start and after every change of it: each question makes
# the browser lay out the page anew, and parts far below the window that it would rather skip.
MEASURES = re.compile(
    r'const (\w)=\(\)=>\{(document\.querySelectorAll\(\["pre",[^)]*\)\))\.forEach\(\w=>\{\w\.'
    r'tabIndex=\w\.scrollWidth>[^}]*\}\)\},(\w)=\w\(\1,300\);window\.addEventListener\("resize",\3\),'
    r"new MutationObserver\(\3\)\.observe\([^)]*\),\{subtree:!0,childList:!0\}\),\1\(\)"
)
# The browser tells when it knows a box's size, and all boxes are asked before any is written to.
WAITS = (
    r"const o=new ResizeObserver(l=>l.map(({target:e})=>"
    r"[e,e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight])"
    r".forEach(([e,w])=>{e.tabIndex=w?0:-1}));\2.forEach(e=>o.observe(e))"
)


def measure_late(script):
    """Rewrite the theme's script in place, so that it measures boxes when their size is known."""
    text = script.read_text(encoding="utf-8")
    text, found = MEASURES.subn(WAITS, text)
    if found != 1:
        raise ExtensionError(
            f"{script.name} measures wide boxes in another way than the version that is pinned in "
            f"requirements.txt: look at addTabStopsToScrollableElements there and mend {__name__}"
        )
    script.write_text(text, encoding="utf-8")
