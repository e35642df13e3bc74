"""Where a chapter's notebook can be opened beside a kernel: in the browser, on Binder, on Colab."""

import os
from pathlib import Path
from urllib.parse import quote

from sphinx.util.osutil import relative_uri

FOLDER = "lite"  # of JupyterLite in the site
GITHUB = "https://github.com/"
BRANCH = "main"
UNKNOWN = "repository = None"  # in a chapter whose first cell cannot fetch the book on Colab


def has_jupyterlite(root):
    """Whether a book comes with JupyterLite, built or yet to be built."""
    return (Path(root) / "lite" / "build.py").is_file() and os.environ.get("LANGEVIN_LITE") != "0"


def jupyterlite(root):
    """Return the folder into which `make lite` builds JupyterLite."""
    return Path(root) / "_build" / "lite" / "site"


def links(notebook, repository, lab, *, colab=True):
    """Return (name, link) for each place that opens a notebook, given by its path in the book.

    `repository` is the book's public address, `lab` the page of JupyterLite; either may be None.
    `colab` says whether the notebook can run where it is opened alone.

    >>> places = links("chapters/a.ipynb", "https://github.com/someone/book", "../lite/lab/")
    >>> for name, link in places:
    ...     print(f"{name}: {link}")
    Run in this browser: ../lite/lab/?path=chapters/a.ipynb
    Run on Binder: https://mybinder.org/v2/gh/someone/book/main?urlpath=lab/tree/chapters/a.ipynb
    Run on Colab: https://colab.research.google.com/github/someone/book/blob/main/chapters/a.ipynb
    >>> links("chapters/a.ipynb", "https://git.example.org/someone/book", None)
    []
    """
    path, found = quote(notebook), []
    if lab:
        found.append(("Run in this browser", f"{lab}?path={path}"))
    if repository and repository.startswith(GITHUB):
        name = repository.removeprefix(GITHUB)
        binder = f"https://mybinder.org/v2/gh/{name}/{BRANCH}?urlpath=lab/tree/{path}"
        found.append(("Run on Binder", binder))
        if colab:
            there = f"https://colab.research.google.com/github/{name}/blob/{BRANCH}/{path}"
            found.append(("Run on Colab", there))
    return found


def of_page(app, docname):
    """Return such links for the notebook of a page; none for a page that is no notebook."""
    source, settings = Path(app.env.doc2path(docname)), app.config.html_context
    if source.suffix != ".ipynb":
        return []
    lab = relative_uri(app.builder.get_target_uri(docname), f"{FOLDER}/lab/index.html")
    return links(
        source.relative_to(app.srcdir).as_posix(),
        settings.get("repository"),
        lab if settings.get("jupyterlite") else None,
        colab=UNKNOWN not in source.read_text(encoding="utf-8"),
    )


def button(found):
    """Return the theme's description of a button that opens a menu of such links."""
    return {
        "type": "group",
        "label": "launch-buttons",
        "tooltip": "Run this chapter",
        "icon": "fas fa-rocket",
        "buttons": [{"type": "link", "text": name, "url": link} for name, link in found],
    }
