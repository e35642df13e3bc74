"""What this book adds to Jupyter Book: figures without a kernel, offline mathematics, light pages.

Jupyter Book 1 loads this as a local Sphinx extension. It
- tells the kernels of the build to emit static figures,
- serves MathJax and the icon font from the site itself,
- takes out of every page what this book does not use,
- fills in the links that need the repository's public address, or leaves them out,
- fails the build when a page of the table of contents is missing.
"""

import os
import shutil
from importlib.metadata import files
from pathlib import Path

import icons
import pages
from langevin.figures import static
from site_address import repository_address
from sphinx.errors import ExtensionError
from sphinx.util import logging

log = logging.getLogger(__name__)

MATHJAX_PARTS = ("tex-chtml.js", "output/chtml/fonts/woff-v2", "input/tex/extensions")


def setup(app):
    os.environ["LANGEVIN_FIGURES"] = "static"  # the kernels of the build inherit it
    app.config.mathjax_path = "mathjax/tex-chtml.js"
    app.connect("config-inited", use_address)
    app.connect("html-page-context", describe_page)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def use_address(app, config):
    address = repository_address(app.confdir)
    options = config.html_theme_options
    if address is None:
        log.info("book: no public address known: links that need it are left out")
        return
    log.info("book: public address %s", address.repository)
    config.html_baseurl = address.pages or ""
    options.update(
        repository_url=address.repository, use_repository_button=True, use_issues_button=True
    )


def describe_page(app, pagename, templatename, context, doctree):
    """Give each page a description, from its first paragraph, for search engines."""
    text = pages.first_paragraph(doctree) if doctree else f"{pagename}: {app.config.project}"
    context["metatags"] = context.get("metatags", "") + pages.description_tag(text)


def finish(app, error):
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    missing = [doc for doc in app.env.found_docs if not (out / f"{doc}.html").is_file()]
    if missing:
        raise ExtensionError(f"no page was written for {', '.join(sorted(missing))}")
    copy_mathjax(out / "_static" / "mathjax")
    (out / "_static" / "figures.js").write_text(static.page_script(), encoding="utf-8")
    (out / "_static" / "figures.css").write_text(static.page_style(), encoding="utf-8")
    markup = [finish_page(page, out) for page in sorted(out.rglob("*.html"))]
    icons.subset(out / "_static", markup)
    remove_unused(out / "_static")


def finish_page(page, out):
    """Lighten one page in place, move its figures' data aside, and return its HTML."""
    html = pages.lighten(page.read_text(encoding="utf-8"), is_search=page.name == "search.html")
    root = os.path.relpath(out, page.parent).replace(os.sep, "/") + "/"
    html, data = static.externalise(html, root)
    if "lv-figure" in html:
        html = pages.add_figures(html, root)
    for name, content in data.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_bytes(content)
    page.write_text(html, encoding="utf-8")
    return html


def copy_mathjax(target):
    """Copy MathJax from its pinned package: the processor, its fonts, its TeX extensions."""
    inside = "static/mathjax/"
    for file in files("sphinx-mathjax-offline"):
        name = str(file).replace(os.sep, "/").partition(inside)[2]
        if name.startswith(MATHJAX_PARTS):
            destination = target / name
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.locate(), destination)
    if not (target / MATHJAX_PARTS[0]).is_file():
        raise ExtensionError("the package sphinx-mathjax-offline holds no tex-chtml.js")


def remove_unused(assets):
    for pattern in pages.UNUSED_FILES:
        for path in assets.glob(pattern):
            path.unlink()
