"""Serve MathJax from the site itself, and name its fonts in the book's style sheet.

MathJax would name them when it sets the first formula: fonts that come late make a browser lay out
the whole page anew. assets/math.js leaves out of MathJax's style what stands in the book's.
"""

import os
import re
import shutil
from importlib.metadata import files

from sphinx.errors import ExtensionError

# The parts that assets/math.js asks for.
PARTS = (
    "startup.js",
    "core.js",
    "input/tex.js",
    "input/tex/extensions",
    "output/chtml.js",
    "output/chtml/fonts/tex.js",
    "output/chtml/fonts/woff-v2",
    "a11y/assistive-mml.js",
)
SHEET = "mathjax.css"
FONTS = "mathjax/output/chtml/fonts/woff-v2"
FONT = re.compile(r'"font-family":"([\w-]+)",src:\'url\("%%URL%%/([\w.-]+)"\)')


def copy(assets):
    """Copy the parts from the pinned package into `mathjax/`, and write the sheet of the fonts."""
    inside = "static/mathjax/"
    target = assets / "mathjax"
    for file in files("sphinx-mathjax-offline") or ():
        name = str(file).replace(os.sep, "/").partition(inside)[2]
        if name.startswith(PARTS):
            destination = target / name
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.locate(), destination)
    missing = [part for part in PARTS if not (target / part).exists()]
    if missing:
        raise ExtensionError(f"the package sphinx-mathjax-offline holds no {', '.join(missing)}")
    scripts = (target / part for part in PARTS if re.fullmatch(r"output/.*\.js", part))
    rules = "".join(font_faces(script.read_text(encoding="utf-8")) for script in scripts)
    if not rules:
        raise ExtensionError(f"MathJax names its fonts in another way: mend FONT in {__name__}")
    (assets / SHEET).write_text(rules, encoding="utf-8")


def font_faces(script):
    """Return the rules for the fonts that a script of MathJax names.

    >>> rule = font_faces('{"font-family":"MJXTEX",src:\\'url("%%URL%%/MathJax_Main.woff")\\'}')
    >>> rule.replace(FONTS, "fonts")
    '@font-face { font-family: MJXTEX; src: url("fonts/MathJax_Main.woff") }'
    """
    return "\n".join(
        f'@font-face {{ font-family: {name}; src: url("{FONTS}/{file}") }}'
        for name, file in FONT.findall(script)
    )
