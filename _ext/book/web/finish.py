"""From the pages that Sphinx has written to the finished site, a folder of its own.

Sphinx keeps its folder as it is and writes anew only what has changed; at its end it notes what
the site depends on, and `finish` makes the whole site from the folder each time. The site
- serves the fonts of icons and formulas itself,
- has in every page only what this book uses,
- shows in cards what the references of a page lead to,
- takes in JupyterLite and the pages of the editions in other languages,
- can be found: cards, a sitemap, a page for addresses that lead nowhere,
- can be searched, section by section,
- has its formulas in MathML,
- gives all pages one style sheet, of what they use,
- has slides for lectures, made of the chapters' pages,
- bars in every page the scripts that were not there at the build.
"""

import json
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from sphinx.errors import ExtensionError
from sphinx.util import logging

from book import editions
from book.sources.address import repository_address
from book.web import (
    folds,
    icons,
    launch,
    lectures,
    lighten,
    mathml,
    policy,
    previews,
    search,
    sharing,
    stylesheet,
    theme_script,
)
from book.web.kept import Kept
from langevin.figures import payload, static

log = logging.getLogger(__name__)

SITE = "site"  # beside the folder into which Sphinx writes
KEPT = "finished"  # beside them: what was made of each page
NOTE = "written.json"  # what Sphinx notes in its folder
NOT_SERVED = (".buildinfo", ".buildinfo.bak", ".doctrees", ".complete", NOTE)
# Sheets to which Sphinx adds no link.
FIGURES_SHEET = "figures.css"
ADDED_SHEETS = (mathml.SHEET, FIGURES_SHEET, search.SHEET)


def use_address(app, config):
    """Give the pages the repository's public address, where it is known."""
    address = repository_address(app.confdir)
    options = config.html_theme_options
    # In html_context a change makes Sphinx write the pages anew. (Jupyter Book has a
    # repository_url of its own, which is not this book's.)
    config.html_context["repository"] = address and address.repository
    config.html_context["jupyterlite"] = launch.has_jupyterlite(app.confdir)
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
    text = lighten.first_paragraph(doctree) if doctree else f"{title}: {app.config.html_title}"
    text = lighten.description(text)
    tags = lighten.description_tag(text) + sharing.tags(app, pagename, title, text)
    context["metatags"] = context.get("metatags", "") + tags


def add_launch_button(app, pagename, templatename, context, doctree):
    """Give a chapter's page a button that opens its notebook, where there is a place to open it."""
    found = launch.of_page(app, pagename) if doctree else []
    if found:
        context["header_buttons"].insert(0, launch.button(found))


def add_lost_page(app):
    """Add the page for an address that leads nowhere."""
    return sharing.lost_page(app)


class Written(NamedTuple):
    """What the finished site needs to know of Sphinx's run."""

    root: str  # folder of the sources
    static: list[str]  # folders of scripts and styles below it
    base: str  # address of the site, or empty
    start: str  # name of the first page
    title: str
    language: str
    documents: list[str]
    whole: bool  # with all that Jupyter Book adds: small books in tests lack some of it


def note(app, error):
    """Note what the site needs to know, or write the pages of an edition."""
    if error or app.builder.format != "html":
        return
    if editions.edition(app):
        editions.write_pages(app)
        return
    config, folder, documents = app.config, Path(app.outdir), sorted(app.env.found_docs)
    missing = [name for name in documents if not (folder / f"{name}.html").is_file()]
    if missing:
        raise ExtensionError(f"no page was written for {', '.join(missing)}")
    editions.note_messages(app)
    written = Written(
        str(app.confdir), config.html_static_path, config.html_baseurl, config.root_doc,
        config.html_title, config.language, documents, "jupyter_book" in app.extensions,
    )  # fmt: skip
    (folder / NOTE).write_text(json.dumps(written._asdict()), encoding="utf-8")


def finish(folder, libraries=None, formulas=None):
    """Make the finished site from the folder that Sphinx wrote; return where it is.

    `libraries` has the code of scripts from elsewhere, by their names in the site.
    `formulas` has what MathML is made with; without it, formulas stay in TeX.
    """
    written = Written(**json.loads((folder / NOTE).read_text(encoding="utf-8")))
    site = folder.with_name(SITE)
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(folder, site, ignore=shutil.ignore_patterns(*NOT_SERVED))
    editions.take_in(written.root, site)
    finish_assets(written, site / "_static")
    for name, code in (libraries or {}).items():
        path = site / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(code, encoding="utf-8")
    finish_pages(written, site, Kept(folder.with_name(KEPT)), formulas)
    if launch.has_jupyterlite(written.root):
        shutil.copytree(launch.jupyterlite(written.root), site / launch.FOLDER)
    return site


def finish_assets(written, assets):
    """Complete the folder of scripts, styles and fonts, and take out what no page asks for."""
    for folder in map(Path(written.root).joinpath, written.static):
        if folder.is_dir():  # Sphinx copies them only when a page has changed
            shutil.copytree(folder, assets, dirs_exist_ok=True)
    theme_script.mend(assets / "scripts" / "pydata-sphinx-theme.js")
    lighten.mend_scripts(assets)
    lighten.remove_unused(assets)
    (assets / "figures.js").write_text(static.page_script(), encoding="utf-8")
    (assets / FIGURES_SHEET).write_text(static.page_style(), encoding="utf-8")


def finish_pages(written, site, kept, formulas=None):
    """Lighten every page, give all of them one style sheet and each its policy."""
    assets = site / "_static"

    def root_of(path):
        return os.path.relpath(site, path.parent).replace(os.sep, "/") + "/"

    sharing.write_index(written, site)
    sharing.write_sitemap(written, site)
    html = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    if written.whole:
        lighten.require_patterns(html.values())
    icons.subset(assets, html.values(), kept)
    for path, text in html.items():
        html[path], data = kept(finish_page, text, root_of(path))
        for name, content in data.items():
            (site / name).parent.mkdir(exist_ok=True)
            (site / name).write_bytes(content)
    names = {path.relative_to(site).with_suffix("").as_posix(): path for path in html}
    search.write(written.root, assets, {name: html[path] for name, path in names.items()}, kept)
    known = set_formulas(assets, html.values(), formulas, kept) if formulas else None
    html = previews.fill(written.root, site, html, known, kept)
    if known:
        html = {path: mathml.fill(text, known) for path, text in html.items()}
    html = stylesheet.finish(assets, html, ADDED_SHEETS, kept)
    html |= lectures.fill(written.root, site, html)
    for path, text in html.items():
        text = kept(policy.protect, text, path.relative_to(site).as_posix())
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")  # last: the policy names what is left
    kept.forget_others()


def set_formulas(assets, html, tools, kept):
    """Write the font of the formulas into the site, and return their MathML by their TeX."""
    formulas = tuple(sorted(set().union(*map(mathml.formulas, html))))
    known = dict(zip(formulas, kept(mathml.convert, formulas, *tools[:2]), strict=True))
    points = tuple(mathml.points(known.values()))
    (assets / mathml.FONT).write_bytes(kept(icons.subset_font, tools.font, points))
    (assets / mathml.LICENCE).write_text(tools.licence, encoding="utf-8")
    return known


def finish_page(html, root):
    """Return the text of a page, lightened, and its figures' data by the names of their files."""
    return payload.externalise(lighten.lighten(folds.into_header(html), root), root)
