"""Make the finished site in _build/site from the pages that Sphinx has written.

Usage: python tools/finish.py
"""

from pathlib import Path

from book.web.finish import finish

BUILD = Path(__file__).resolve().parent.parent / "_build"

if __name__ == "__main__":
    finish(BUILD / "html")
