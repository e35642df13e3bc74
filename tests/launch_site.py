"""A site of three pages, two of them chapters, with the theme and the book's own extension."""

from pathlib import Path

from book.web.finish import finish
from small_book import SmallBook

ASSETS = Path(__file__).resolve().parents[1] / "assets"
NAVBAR = ("start", "center", "end", "persistent")
CHAPTERS = ("chapters/01-newtons-law", "chapters/02-brownian-motion")
CONFIG = {
    "extensions": ["sphinx.ext.autodoc", "myst_nb", "book"],
    "html_theme": "sphinx_book_theme",
    "html_context": {"default_mode": "light"},
    "html_static_path": [str(ASSETS)],
    "html_theme_options": {
        "repository_url": "https://github.com/executablebooks/jupyter-book",  # its default
        **{f"navbar_{part}": [] for part in NAVBAR},
    },
}


def build(folder, *, lite, text="# Chapter\n\nWhy?"):
    """Build the site, with JupyterLite's first page or without; return where it is."""
    book = SmallBook(folder, **CONFIG)
    book.page("index.md", "# Book\n\n```{toctree}\n" + "\n".join(CHAPTERS) + "\n```\n")
    for name in CHAPTERS:
        book.notebook(name, text)
    if lite:
        book.page("lite/build.py", "")
        book.page("_build/lite/site/lab/index.html", "<!DOCTYPE html>")
    book.build()
    (folder / "html" / ".complete").touch()  # make's; in the site it would call it finished
    return finish(folder / "html")
