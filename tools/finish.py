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


def licensed(package, path, licence):
    """Return the text of a script or a style sheet, below its licence."""
    code, terms = (file.read_text(encoding="utf-8") for file in (path, licence))
    return f"/*! {package}\n{terms}*/\n{code.partition('//# sourceMappingURL')[0]}"


def minisearch():
    """Return the code of the search's library."""
    path = npm.install(MINISEARCH, BUILD / "minisearch", "dist/umd/index.js")
    return licensed(MINISEARCH, path, path.parents[2] / "LICENSE.txt")


def reveal():
    """Return reveal's script and style by their names in the site."""
    folder = npm.install(REVEAL, BUILD / "reveal", "dist/reveal.js").parent
    return {
        f"{lectures.FOLDER}/{name}": licensed(REVEAL, folder / name, folder.parent / "LICENSE")
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
