"""A site of three pages, two of them chapters, with the theme and the book's own extension."""

import json
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

ASSETS = Path(__file__).resolve().parents[1] / "assets"
NAVBAR = ("start", "center", "end", "persistent")
CHAPTERS = ("chapters/01-newtons-law", "chapters/02-brownian-motion")


def build(folder, *, lite, text="# Chapter\n\nWhy?"):
    """Build the site, with JupyterLite's first page or without; return where it is."""
    source, out = folder / "source", folder / "html"
    (source / "chapters").mkdir(parents=True, exist_ok=True)
    (source / "index.md").write_text(
        "# Book\n\n```{toctree}\n" + "\n".join(CHAPTERS) + "\n```\n", encoding="utf-8"
    )
    for name in CHAPTERS:
        cell = dict(cell_type="markdown", id="a", metadata={}, source=text)
        book = dict(cells=[cell], metadata={}, nbformat=4, nbformat_minor=5)
        (source / f"{name}.ipynb").write_text(json.dumps(book), encoding="utf-8")
    if lite:
        page = source / "_build" / "lite" / "site" / "lab" / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("<!DOCTYPE html>", encoding="utf-8")
    settings = {
        "extensions": ["sphinx.ext.autodoc", "myst_nb", "book"],
        "nb_execution_mode": "off",
        "html_theme": "sphinx_book_theme",
        "html_context": {"default_mode": "light"},
        "html_static_path": [str(ASSETS)],
        "html_theme_options": {
            "repository_url": "https://github.com/executablebooks/jupyter-book",  # its default
            **{f"navbar_{part}": [] for part in NAVBAR},
        },
    }
    with docutils_namespace():
        Sphinx(source, None, out, folder / "doctrees", "html", settings, status=None).build()
    return out.with_name("site")
