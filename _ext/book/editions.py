"""Editions of the book in other languages: a few translated pages that stand beside the English.

A page is translated when ``locales/<language>/LC_MESSAGES/`` holds its catalogue. An edition is a
second run of Sphinx over the whole book, with ``language`` set, that writes those pages only
(``tools/editions.py``); the English build then takes them in.

- Every address on a translated page that is not one of the edition's leads to the English site,
  so that pages, figures, scripts and styles are not there twice.
- Each translated page and its English twin lead to each other.
- What stays English (code, figures, links to other pages) says so to a screen reader.
- The English build notes the messages of the translated pages, for a test to find what is stale.
"""

import json
import posixpath
import re
import shutil
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import get_translation
from sphinx.locale import init as init_locale
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import LITERAL_TYPE_NODES, extract_messages
from sphinx_exercise.nodes import (
    exercise_enumerable_node,
    exercise_subtitle,
    exercise_title,
    solution_title,
)

LOCALES = "locales"
WORDS = "book"  # the catalogue of the extension's and the configuration's words
MESSAGES = "messages.json"  # in _build: page -> its messages
_ = get_translation(WORDS)


class Edition(NamedTuple):
    folder: str  # in the site
    tag: str  # of the language, for browsers and search engines
    name: str  # of the language, in itself


EDITIONS = {"zh_CN": Edition("zh", "zh-Hans", "中文")}
ENGLISH = Edition("", "en", "English")

# The words of `book.sources.equations`, which knows no Sphinx.
KINDS = (_("symbolically"), _("numerically"), _("by its dimensions"))

NOTE = _("Translated from English; the code, the words in the figures and the other pages are not.")

# Words of the configuration.
CONFIGURATION = {
    "project": _("The Elegant Link"),
    "html_title": _("The Elegant Link"),
    "author": _("the contributors to The Elegant Link"),
    "nb_code_prompt_show": _("Show the code"),
    "nb_code_prompt_hide": _("Hide the code"),
    "togglebutton_hint": _("Show"),
    "togglebutton_hint_hide": _("Hide"),
}

LINK = re.compile(r"<a\b[^>]*>.*?</a>", re.DOTALL)
ADDRESS = re.compile(r'\b(href|src|action|data-src|data-content_root)="([^"#][^"]*)"')
BUILT = re.compile(r"\{[\w:]+\}`[^`]*`|\$[^$]+\$|`[^`]+`")  # what a translation takes over as it is
MILLIONS = re.compile(r"\b(\d+) million\b")
LATIN, CHINESE = re.compile(r"[A-Za-z]{2}"), re.compile(r"[\u4e00-\u9fff]")
OWN_WORDS = re.compile(
    r"<script[^>]*/translations\.js[^>]*></script>\s*"
)  # Sphinx's, of the search
TAG = re.compile(r"<[^>]*>")
ENGLISH_PARTS = re.compile(r'<(?:div class="cell_(?:in|out)put|svg class="map"|iframe)')


def edition(app):
    """Return the Edition that this run builds, None for the English book."""
    return EDITIONS.get(app.config.language)


def translated(root, language):
    """Return the names of the pages that are translated into a language.

    >>> import tempfile
    >>> root = Path(tempfile.mkdtemp())
    >>> folder = catalogues(root, "zh_CN") / "chapters"
    >>> folder.mkdir(parents=True)
    >>> for name in ("one.po", "one.mo", "../book.po"):
    ...     (folder / name).touch()
    >>> translated(root, "zh_CN")
    ['chapters/one']
    """
    folder = catalogues(root, language)
    names = (path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.po"))
    return sorted(name for name in names if name != WORDS)


def catalogues(root, language):
    return Path(root) / LOCALES / language / "LC_MESSAGES"


def pages_folder(root, language):
    """Return the folder with the written pages of an edition."""
    return Path(root) / "_build" / EDITIONS[language].folder / "pages"


def translate_configuration(app, config):
    """Translate the words of the configuration; note in it what makes Sphinx write pages anew."""
    own, root = edition(app), app.confdir
    config.html_context["editions"] = {
        language: translated(root, language) for language in EDITIONS
    }
    if own is None:
        return
    for name, word in CONFIGURATION.items():
        config[name] = str(word)
    config.html_theme_options["search_bar_text"] = str(_("Search this book..."))
    if config.html_baseurl:
        config.html_baseurl += f"{own.folder}/"


def glue_in_translations(app, config):
    """Let a translated paragraph have the numbers that its notebook glued."""
    from book.glue import GlueText  # slow to import, and finishing needs no role

    app.add_role_to_domain("glue", "text", GlueText(), override=True)


class NameSources(SphinxTransform):
    """Make the cells of tables within a directive and the titles of exercises translatable.

    Sphinx takes a text whose source is not known for its own, and these parsers do not say it.
    """

    default_priority = 5  # before the messages are looked for

    def apply(self, **kwargs):
        for node in self.document.findall(nodes.TextElement):
            if isinstance(node, exercise_title | solution_title):
                node["translatable"] = False  # "Exercise" and a title of its own within
            elif isinstance(node.parent, nodes.entry) or isinstance(node, exercise_subtitle):
                node.source = node.source or self.document["source"]


def translate_parts(app, doctree):
    """Translate the titles of the parts, which come from _toc.yml after Sphinx has translated."""
    if edition(app) is None:
        return
    folder = str(Path(app.confdir) / LOCALES)
    catalogue, _found = init_locale([folder], app.config.language, app.env.docname)
    for toctree in doctree.findall(addnodes.toctree):
        toctree.preserve_original_messages()
        for message in filter(None, toctree.extract_original_messages()):
            toctree.apply_translated_message(message, catalogue.gettext(message))


def rename_exercises(app, doctree):
    """Let solutions name their exercises by the translated titles."""
    known = getattr(app.env, "sphinx_exercise_registry", {})
    for node in doctree.findall(exercise_enumerable_node):
        if edition(app) and node["label"] in known:
            known[node["label"]]["node"] = node.deepcopy()


def translate_numbers(app, doctree, docname):
    """Write the glued "31 million" as Chinese counts, in ten thousands."""
    if app.config.language != "zh_CN":
        return
    for text in list(doctree.findall(nodes.Text)):
        if "pasted-text" in text.parent.get("classes", []):
            count = MILLIONS.sub(lambda number: f"{100 * int(number[1])} 万", str(text))
            text.parent.replace(text, nodes.Text(count))


def add_note(app, docname, source):
    """Put the translator's note under the title of the edition's first page."""
    note = Path(app.confdir) / LOCALES / app.config.language / "note.md"
    if edition(app) and docname == app.config.root_doc and note.is_file():
        text = note.read_text(encoding="utf-8")
        source[0] = re.sub(r"(?m)^# .*$", lambda title: f"{title[0]}\n\n{text}", source[0], count=1)


def add_switch(app, pagename, templatename, context, doctree):
    """Let a page and its translation lead to each other."""
    own = edition(app)
    done = context["editions"]
    if own:
        twins = [(ENGLISH, f"{'../' * (pagename.count('/') + 1)}{pagename}.html")]
    else:
        found = [EDITIONS[language] for language in done if pagename in done[language]]
        twins = [
            (e, context["pathto"](f"{e.folder}/{pagename}.html", resource=True)) for e in found
        ]
    if not doctree or not twins:
        return
    links = "".join(
        f'<a href="{escape(address)}" lang="{twin.tag}" hreflang="{twin.tag}">{twin.name}</a>'
        for twin, address in twins
    )
    note = f"{NOTE} " if own else ""
    context["body"] = f'<p class="edition">{note}{links}</p>\n{context["body"]}'
    if app.config.html_baseurl:
        base = app.config.html_baseurl.removesuffix(f"{own.folder}/" if own else "")
        tags = [(ENGLISH.tag, base)]
        tags += [
            (EDITIONS[language].tag, f"{base}{EDITIONS[language].folder}/")
            for language in done
            if pagename in done[language]
        ]
        context["metatags"] = context.get("metatags", "") + "".join(
            f'<link rel="alternate" hreflang="{tag}" href="{start}{pagename}.html"/>\n'
            for tag, start in tags
        )


def write_pages(app):
    """Write the pages of the edition that Sphinx has built, with addresses that leave it."""
    language, out = app.config.language, Path(app.outdir)
    names = translated(app.confdir, language)
    target = pages_folder(app.confdir, language)
    shutil.rmtree(target, ignore_errors=True)
    for name in names:
        page = target / f"{name}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        html = (out / f"{name}.html").read_text(encoding="utf-8")
        html = OWN_WORDS.sub("", relink(html, name, names))
        page.write_text(html, encoding="utf-8")


def take_in(root, site):
    """Copy the pages of all editions into the English site."""
    for language, own in EDITIONS.items():
        if translated(root, language):
            shutil.copytree(pages_folder(root, language), site / own.folder)


def relink(html, name, names):
    """Return a page of an edition with every address that is not the edition's in the folder above.

    >>> page = '<a href="b.html#x">乙</a> <a href="c.html">Three</a> <img src="../i.svg">'
    >>> for part in relink(page, "chapters/a", ["chapters/a", "chapters/b"]).split("> "):
    ...     print(part)
    <a href="b.html#x">乙</a
    <a lang="en" hreflang="en" href="../../chapters/c.html">Three</a
    <img src="../../i.svg">
    """
    folder = posixpath.dirname(name)
    up = "../" * (name.count("/") + 1)

    def target(address):
        """Return what an address means in the English site, None if it is the edition's or gone."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        path = posixpath.normpath(posixpath.join(folder, parts.path))
        return None if path.removesuffix(".html") in names or path.startswith("../") else path

    def readdress(match):
        attribute, address = match.groups()
        path = target(address)
        if path is None:
            return match[0]
        rest = address[len(urlsplit(address).path) :]
        return f'{attribute}="{up}{path if path != "." else ""}{rest}"'

    def mark(match):
        link = match[0]
        address = re.search(r'\bhref="([^"#][^"]*)"', link)
        path = address and target(address[1])
        if not path or not path.endswith(".html") or "hreflang" in link:
            return link
        words = TAG.sub("", link)
        here = 'lang="en" ' if LATIN.search(words) and not CHINESE.search(words) else ""
        return link.replace("<a ", f'<a {here}hreflang="en" ', 1)

    html = ADDRESS.sub(readdress, LINK.sub(mark, html))
    return ENGLISH_PARTS.sub(lambda part: part[0].replace(" ", ' lang="en" ', 1), html)


def messages(env, docname):
    """Return what a translator of a page is asked to translate, in the order of the page."""
    tocs = env.tocs[docname].findall(addnodes.toctree)
    parts = [*tocs, env.get_doctree(docname)]
    found = (pair for part in parts for pair in extract_messages(part))
    words = [m for node, m in found if not isinstance(node, LITERAL_TYPE_NODES) and has_words(m)]
    return list(dict.fromkeys(words))


def has_words(message):
    """Whether a message has more in it than formulas and references.

    >>> has_words("$h$: curvature of $L$"), has_words("★ {eq}`eq-heat-excess`")
    (True, False)
    """
    return bool(LATIN.search(BUILT.sub("", message)))


def note_messages(app):
    """Write down the messages of all pages, for a translator, and for a test to find the stale."""
    path, env = Path(app.outdir).with_name(MESSAGES), app.env
    known, written = {}, 0.0
    if path.is_file():
        known, written = json.loads(path.read_text(encoding="utf-8")), path.stat().st_mtime
    found = {}
    for name in sorted(env.found_docs):
        read_anew = Path(app.doctreedir, f"{name}.doctree").stat().st_mtime >= written
        found[name] = messages(env, name) if read_anew or name not in known else known[name]
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
