"""Have Sphinx write the book's pages: in English, in another language, or as TeX.

Usage: python tools/pages.py            the English pages, into _build/html
       python tools/pages.py zh_CN      the Chinese pages, into _build/zh/pages
       python tools/pages.py latex      the printed book's TeX, into _build/latex

Sphinx keeps what it has read, and writes anew what has changed.
"""

import shutil
import sys
from pathlib import Path

from jupyter_book.sphinx import build_sphinx
from sphinx.util.i18n import CatalogRepository

from book.editions import EDITIONS, LOCALES, translated

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build"
SETTINGS = {
    "nitpicky": True,
    "external_toc_path": str(ROOT / "_toc.yml"),
    "latex_individualpages": False,
    "nb_execution_cache_path": str(WORK / ".jupyter_cache"),
}


def english(builder):
    """Write all pages in the book's own language."""
    return sphinx(WORK / builder, WORK / ".doctrees", builder=builder)


def edition(language):
    """Read the whole book in a language and write the translated pages."""
    for catalogue in CatalogRepository(ROOT, [LOCALES], language, "utf-8").catalogs:
        catalogue.write_mo(language)
    work = WORK / EDITIONS[language].folder
    return sphinx(
        work / "html", work / "doctrees",
        filenames=[str(next(ROOT.glob(f"{name}.*"))) for name in translated(ROOT, language)],
        language=language, locale_dirs=[LOCALES], gettext_compact=False,
        html_use_index=False, html_domain_indices=False,
    )  # fmt: skip


def sphinx(out, doctrees, builder="html", filenames=(), **settings):
    """Run Sphinx as Jupyter Book does, warnings as errors; return what failed.

    What a run leaves that was stopped, or that has warned, is thrown away by the next one: Sphinx
    would take it for read and written, and warn no more.
    """
    mark = out.with_name(f"{out.name}.unfinished")
    if mark.is_file():
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(doctrees, ignore_errors=True)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    failed = build_sphinx(
        ROOT, out, path_config=ROOT / "_config.yml", noconfig=True, doctreedir=doctrees,
        builder=builder, filenames=filenames, warningiserror=True, keep_going=True,
        confoverrides=SETTINGS | settings,
    )  # fmt: skip
    if not failed:
        mark.unlink()
    return failed


def main(what="html"):
    failed = edition(what) if what in EDITIONS else english(what)
    if failed:
        sys.exit(f"Sphinx did not write the pages ({what}): see above")


if __name__ == "__main__":
    main(*sys.argv[1:])
