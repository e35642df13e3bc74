"""Make the finished site in _build/site from the pages that Sphinx has written.

Usage: python tools/finish.py

The search's library, Temml, which makes MathML of TeX, the font of the formulas and reveal.js,
which moves the slides, come from npm: they are installed once, pinned, into folders of _build.
"""

from pathlib import Path

import npm
from book.web import lectures
from book.web.finish import finish
from book.web.mathml import Tools
from book.web.search import LIBRARY

BUILD = Path(__file__).resolve().parent.parent / "_build"
MINISEARCH = "minisearch@7.2.0"
TEMML = "temml@0.13.5"
REVEAL = "reveal.js@5.2.1"
FONT = "@fontsource/stix-two-math@5.3.0"


def minisearch():
    """Return the library's code, below its licence."""
    path = npm.install(MINISEARCH, BUILD / "minisearch", "dist/umd/index.js")
    code, licence = (p.read_text(encoding="utf-8") for p in (path, path.parents[2] / "LICENSE.txt"))
    return f"/*! {MINISEARCH}\n{licence}*/\n{code.partition('//# sourceMappingURL')[0]}"


def reveal():
    """Return reveal's script and style, below its licence, by their names in the site."""
    path = npm.install(REVEAL, BUILD / "reveal", "dist/reveal.js")
    licence = (path.parents[1] / "LICENSE").read_text(encoding="utf-8")
    return {
        f"{lectures.FOLDER}/{name}": f"/*! {REVEAL}\n{licence}*/\n"
        + (path.parent / name).read_text(encoding="utf-8").partition("//# sourceMappingURL")[0]
        for name in (lectures.SCRIPT, lectures.STYLE)
    }


def formulas():
    """Return what formulas are made with."""
    temml = npm.install(TEMML, BUILD / "temml", "dist/temml.cjs")
    font = npm.install(FONT, BUILD / "font", "files/stix-two-math-latin-400-normal.woff")
    licence = font.parents[1] / "LICENSE"
    texts = (path.read_text(encoding="utf-8") for path in (temml, licence))
    code, licence = texts
    return Tools(npm.NODE, code, str(font), licence)


if __name__ == "__main__":
    finish(BUILD / "html", {f"_static/{LIBRARY}": minisearch(), **reveal()}, formulas())
