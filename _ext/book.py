"""What this book adds to Jupyter Book: figures without a kernel, offline mathematics, light pages.

Jupyter Book 1 loads this as a local Sphinx extension. It
- tells the kernels of the build to emit static figures,
- serves MathJax and the icon font from the site itself,
- takes out of every page what this book does not use,
- fills in the links that need the repository's public address, or leaves them out,
- gives each chapter a button that opens its notebook beside a kernel, and takes in JupyterLite,
- takes in the pages of the editions in other languages,
- lets the book be found: cards, a sitemap, a page for addresses that lead nowhere,
- gives all pages one style sheet, of what they use,
- bars in every page the scripts that were not there at the build,
- fails the build when a page of the table of contents is missing.
"""

import os
import shutil
from pathlib import Path

from sphinx.errors import ExtensionError
from sphinx.util import logging

import editions
import icons
import launch
import mathjax
import pages
import policy
import reach
import speed
import stylesheet
from langevin.figures import static
from site_address import repository_address

log = logging.getLogger(__name__)

# Sheets to which Sphinx adds no link.
FIGURES_SHEET = "figures.css"
ADDED_SHEETS = (mathjax.SHEET, FIGURES_SHEET)
# Whoever is sent to a place in a page needs all that is above it at once: see assets/book.css.
SENT = "if (location.hash) document.documentElement.classList.add('at-a-place');"


def setup(app):
    os.environ["LANGEVIN_FIGURES"] = "static"  # the kernels of the build inherit it
    app.config.mathjax_path = "math.js"
    app.add_js_file(None, body=SENT, priority=100)
    app.add_js_file("book.js", loading_method="defer")
    app.connect("config-inited", use_address)
    app.connect("autodoc-skip-member", skip_tuple_fields)
    app.connect("html-collect-pages", reach.lost_page)
    app.connect("html-page-context", describe_page)
    app.connect("html-page-context", add_launch_button, priority=900)  # when the theme has its own
    app.connect("build-finished", finish, priority=900)  # when the theme has written its files
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def use_address(app, config):
    address = repository_address(app.confdir)
    options = config.html_theme_options
    # In html_context a change makes Sphinx write the pages anew. (Jupyter Book has a
    # repository_url of its own, which is not this book's.)
    config.html_context["repository"] = address and address.repository
    config.html_context["jupyterlite"] = launch.jupyterlite(app.confdir) is not None
    if address is None:
        log.info("book: no public address known: links that need it are left out")
        return
    log.info("book: public address %s", address.repository)
    config.html_baseurl = address.pages or ""
    options.update(
        repository_url=address.repository, use_repository_button=True, use_issues_button=True
    )


def skip_tuple_fields(app, what, name, member, skip, options):
    """Leave out of the reference what a named tuple says of its fields: that they are numbered."""
    return True if str(getattr(member, "__doc__", "")).startswith("Alias for field") else None


def describe_page(app, pagename, templatename, context, doctree):
    """Give each page a description, from its first paragraph, for search engines and networks."""
    title = context.get("title") or pagename
    text = pages.first_paragraph(doctree) if doctree else f"{title}: {app.config.html_title}"
    text = pages.description(text)
    tags = pages.description_tag(text) + reach.tags(app, pagename, title, text)
    context["metatags"] = context.get("metatags", "") + tags


def add_launch_button(app, pagename, templatename, context, doctree):
    """Give a chapter's page a button that opens its notebook, where there is a place to open it."""
    source = Path(app.env.doc2path(pagename)) if doctree else None
    if source is None or source.suffix != ".ipynb":
        return
    notebook = source.relative_to(app.srcdir).as_posix()
    lab = context["pathto"](f"{launch.FOLDER}/lab/index.html", resource=True)
    lab = lab if context["jupyterlite"] else None
    colab = launch.UNKNOWN not in source.read_text(encoding="utf-8")
    found = launch.links(notebook, context["repository"], lab, colab=colab)
    if found:
        context["header_buttons"].insert(0, launch.button(found))


def finish(app, error):
    if error or app.builder.format != "html":
        return
    if editions.edition(app):
        editions.write_pages(app)  # the English build takes them in
        return
    out = Path(app.outdir)
    shutil.rmtree(out / launch.FOLDER, ignore_errors=True)  # of the last build
    missing = [doc for doc in app.env.found_docs if not (out / f"{doc}.html").is_file()]
    if missing:
        raise ExtensionError(f"no page was written for {', '.join(sorted(missing))}")
    editions.note_messages(app)
    editions.take_in(app)
    assets = out / "_static"
    for folder in map(Path(app.confdir).joinpath, app.config.html_static_path):
        if folder.is_dir():  # Sphinx copies them only when a page has changed
            shutil.copytree(folder, assets, dirs_exist_ok=True)
    speed.calm_theme(assets / "scripts" / "pydata-sphinx-theme.js")
    pages.mend_scripts(assets)
    remove_unused(assets)
    mathjax.copy(assets)
    (assets / "figures.js").write_text(static.page_script(), encoding="utf-8")
    (assets / FIGURES_SHEET).write_text(static.page_style(), encoding="utf-8")
    reach.write_index(app)
    reach.finish(app, out.rglob("*.html"))
    html = {path: path.read_text(encoding="utf-8") for path in out.rglob("*.html")}
    icons.subset(assets, html.values())
    html = {path: finish_page(path, text, out) for path, text in html.items()}
    for path, text in stylesheet.finish(assets, html, ADDED_SHEETS).items():
        text = policy.protect(text, path.relative_to(out).as_posix())  # last: it names what remains
        path.write_text(text, encoding="utf-8")
    if app.config.html_context["jupyterlite"]:
        shutil.copytree(launch.jupyterlite(app.confdir), out / launch.FOLDER)


def finish_page(path, html, out):
    """Return the text of a page, lightened; write its figures' data aside."""
    root = os.path.relpath(out, path.parent).replace(os.sep, "/") + "/"
    html, data = static.externalise(pages.lighten(html, root), root)
    for name, content in data.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_bytes(content)
    return html


def remove_unused(assets):
    for pattern in pages.UNUSED_FILES:
        for path in assets.glob(pattern):
            path.unlink()
