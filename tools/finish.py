"""Make the finished site in _build/site from the pages that Sphinx has written.

Usage: python tools/finish.py

The search's library and Temml, which makes MathML of TeX, come from npm: they are installed once,
pinned, into _build/minisearch and _build/temml.
"""

from pathlib import Path

import npm
from book.web.finish import finish
from book.web.search import LIBRARY

BUILD = Path(__file__).resolve().parent.parent / "_build"
MINISEARCH = "minisearch@7.2.0"
TEMML = "temml@0.13.5"


def minisearch():
    """Return the library's code, below its licence."""
    path = npm.install(MINISEARCH, BUILD / "minisearch", "dist/umd/index.js")
    code, licence = (p.read_text(encoding="utf-8") for p in (path, path.parents[2] / "LICENSE.txt"))
    return f"/*! {MINISEARCH}\n{licence}*/\n{code.partition('//# sourceMappingURL')[0]}"


def temml():
    """Return the path of Node and the code of Temml."""
    path = npm.install(TEMML, BUILD / "temml", "dist/temml.cjs")
    return npm.NODE, path.read_text(encoding="utf-8")


if __name__ == "__main__":
    finish(BUILD / "html", {LIBRARY: minisearch()}, temml())
