"""Have Sphinx write the book's pages: in English, in another language, or as TeX.

Usage: python tools/pages.py            the English pages, into _build/html
       python tools/pages.py zh_CN      the Chinese pages, into _build/zh/pages
       python tools/pages.py latex      the printed book's TeX, into _build/latex

Sphinx keeps what it has read, and writes anew what has changed.
"""

import gc
import io
import shutil
import sys
from contextlib import redirect_stderr
from functools import cache
from importlib import metadata
from pathlib import Path

import pybtex.plugin
from jupyter_book.sphinx import build_sphinx
from sphinx.util.i18n import CatalogRepository

from book.editions import EDITIONS, LOCALES, translated
from book.sources import contents

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build"
SETTINGS = {
    "nitpicky": True,
    "external_toc_path": str(ROOT / "_toc.yml"),
    # Sphinx looks for the pages only; to find all others it would go through every folder.
    "external_toc_exclude_missing": False,
    "include_patterns": [f"{page}.*" for page in contents.pages(ROOT)],
    "latex_individualpages": False,
    "nb_execution_cache_path": str(WORK / ".jupyter_cache"),
}

# For each citation all packages would be asked again what they offer to pybtex.
pybtex.plugin.entry_points = cache(metadata.entry_points)


def english(builder):
    """Write all pages in the book's own language."""
    return sphinx(WORK / builder, WORK / ".doctrees", builder=builder)


def edition(language):
    """Read the whole book in a language and write the translated pages."""
    for catalogue in CatalogRepository(ROOT, [LOCALES], language, "utf-8").catalogs:
        if catalogue.is_outdated():  # Sphinx reads pages anew whose catalogue is newer
            catalogue.write_mo(language)
    work = WORK / EDITIONS[language].folder
    return sphinx(
        work / "html", work / "doctrees",
        filenames=[str(next(ROOT.glob(f"{name}.*"))) for name in translated(ROOT, language)],
        language=language, locale_dirs=[LOCALES], gettext_compact=False,
        html_use_index=False, html_domain_indices=False,
    )  # fmt: skip


def sphinx(out, doctrees, builder="html", filenames=(), **settings):
    """Run Sphinx as Jupyter Book does, warnings as errors; return them where there were any.

    What a run leaves that was stopped, or that has warned, is thrown away by the next one: Sphinx
    would take it for read and written, and warn no more.
    """
    mark = out.with_name(f"{out.name}.unfinished")
    if mark.is_file():
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(doctrees, ignore_errors=True)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    with redirect_stderr(Echo(sys.stderr)) as warnings:
        failed = build_sphinx(
            ROOT, out, path_config=ROOT / "_config.yml", noconfig=True, doctreedir=doctrees,
            builder=builder, filenames=filenames, warningiserror=True, keep_going=True,
            confoverrides=SETTINGS | settings,
        )  # fmt: skip
    if not failed:
        mark.unlink()
    return failed and (warnings.getvalue().strip() or "see above")


class Echo(io.StringIO):
    """Keep what is written, and write it to a stream."""

    def __init__(self, stream):
        super().__init__()
        self.stream = stream

    def write(self, text):
        self.stream.write(text)
        return super().write(text)


def main(what="html"):
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # trees of pages are full of cycles that live to the end
    failed = edition(what) if what in EDITIONS else english(what)
    if failed:
        sys.exit(f"\nThe pages ({what}) are not finished, as Sphinx has warned:\n{failed}")


if __name__ == "__main__":
    main(*sys.argv[1:])
