"""A small book that a test writes, changes and builds; also the Sphinx extension it uses."""

from io import StringIO

import nbformat
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from book.hooks import HOOKS, add

CONFIG = {
    "extensions": ["myst_nb", "small_book"],
    "nb_execution_mode": "off",
    "myst_enable_extensions": ["dollarmath", "amsmath", "colon_fence"],
    "html_theme": "basic",
    "numfig": True,  # as in Jupyter Book: equations are numbered through the whole book
    "nitpicky": True,
}


def setup(app):
    """Add the book's extension without what finishes the site in `book.web`."""
    return add(app, [h for h in HOOKS if not h.action.__module__.startswith("book.web")])


class SmallBook:
    """Sources in a folder; after a build, `read` and `written` name the pages read and written."""

    def __init__(self, folder, **config):
        self.folder, self.source, self.config = folder, folder / "source", CONFIG | config

    def page(self, name, text):
        """Write one file of the source."""
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def notebook(self, name, text, *codes, tags=()):
        """Write a notebook of one text and of code cells, given as cells or as their source."""
        cells = [
            new_code_cell(code, metadata={"tags": list(tags)}) if isinstance(code, str) else code
            for code in codes
        ]
        metadata = {"language_info": {"name": "python"}}
        notebook = new_notebook(cells=[new_markdown_cell(text), *cells], metadata=metadata)
        self.page(f"{name}.ipynb", nbformat.writes(notebook))

    def build(self, builder="html", parallel=0):
        """Build into a folder with the builder's name and return the warnings."""
        warnings, read, written = StringIO(), [], []
        with docutils_namespace():
            app = Sphinx(
                self.source, None, self.folder / builder, self.folder / "doctrees", builder,
                self.config, status=None, warning=warnings, parallel=parallel,
            )  # fmt: skip
            app.connect("env-before-read-docs", lambda app, env, pages: read.extend(pages))
            app.connect("html-page-context", lambda app, page, *_: written.append(page))
            app.build()
        self.read, self.written = read, set(written) & app.env.found_docs
        return warnings.getvalue()

    def html(self, name):
        """Parse a page that the builder html wrote."""
        page = (self.folder / "html" / f"{name}.html").read_text(encoding="utf-8")
        return BeautifulSoup(page, "html.parser")
