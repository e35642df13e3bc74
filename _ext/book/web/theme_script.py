"""Mend the theme's script: how it measures wide boxes, and which section it marks as read."""

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

# In the contents at the right the theme marks the heading that has last come into the upper part of
# the window. Who scrolls fast jumps over headings, and the mark stays behind.
MARKS = re.compile(
    r"if\((\w)\)return;const t=e\.filter\(e=>e\.isIntersecting\)\.pop\(\);if\(!t\)return;"
    r"const n=t\.target;s\(a\.get\(n\)\)\},\{root:null,rootMargin:`-\$\{e\}px 0px -70% 0px`"
)
# The last heading above that part's lower edge; the browser tells of each that has passed the edge.
# A section is asked before what is in it, which may not be laid out yet.
LAST = (
    r"\1||s(a.get([...a.keys()].filter(e=>[e.closest(`.bd-article>section>section`),e]"
    r".every(e=>!e||e.getBoundingClientRect().top<.3*innerHeight)).pop()))},"
    r"{root:null,rootMargin:`1000000px 0px -70% 0px`"
)
MENDED = (
    (MEASURES, WAITS, "addTabStopsToScrollableElements"),
    (MARKS, LAST, "setupArticleTocSyncing"),
)


def mend(script):
    """Rewrite the theme's script in place."""
    text = script.read_text(encoding="utf-8")
    for wrong, right, place in MENDED:
        text, found = wrong.subn(right, text)
        if found != 1:
            raise ExtensionError(
                f"{script.name} is not as in the version that is pinned in requirements.txt: look "
                f"whether {place} there still needs what {__name__} mends, and correct or delete it"
            )
    script.write_text(text, encoding="utf-8")
