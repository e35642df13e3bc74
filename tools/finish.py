"""Make the finished site in _build/site from the pages that Sphinx has written.

Usage: python tools/finish.py

The search's library comes from npm: it is installed once, pinned, into _build/minisearch.
"""

from pathlib import Path

import npm
from book.web.finish import finish
from book.web.search import LIBRARY

BUILD = Path(__file__).resolve().parent.parent / "_build"
MINISEARCH = "minisearch@7.2.0"


def minisearch():
    """Return the library's code, below its licence."""
    path = npm.install(MINISEARCH, BUILD / "minisearch", "dist/umd/index.js")
    code, licence = (p.read_text(encoding="utf-8") for p in (path, path.parents[2] / "LICENSE.txt"))
    return f"/*! {MINISEARCH}\n{licence}*/\n{code.partition('//# sourceMappingURL')[0]}"


if __name__ == "__main__":
    finish(BUILD / "html", {LIBRARY: minisearch()})
