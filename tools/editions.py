"""Build the editions of the book in other languages, or gather what their translators translate.

Usage: python tools/editions.py build      (make zh: the Chinese pages, into _build/zh/pages)
       python tools/editions.py messages [page …]      (make messages PAGE=chapters/03-…)
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po
from jupyter_book.sphinx import build_sphinx
from sphinx.util.i18n import CatalogRepository

from book.editions import EDITIONS, LOCALES, MESSAGES, WORDS, translated

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build"


def main(command=None, *pages):
    """Do what the command says."""
    if command == "build":
        for language in EDITIONS:
            build(language)
    elif command == "messages":
        gather(pages)
    else:
        sys.exit(__doc__)


def build(language):
    """Read the whole book in a language, and write the translated pages.

    As with `jupyter-book build . -W -n --keep-going`, whose executed notebooks are taken.
    """
    for catalogue in CatalogRepository(ROOT, [LOCALES], language, "utf-8").catalogs:
        catalogue.write_mo(language)
    work = WORK / EDITIONS[language].folder
    failed = build_sphinx(
        ROOT, work / "html", path_config=ROOT / "_config.yml", noconfig=True,
        doctreedir=work / "doctrees", warningiserror=True, keep_going=True,
        filenames=[str(next(ROOT.glob(f"{name}.*"))) for name in translated(ROOT, language)],
        confoverrides={
            "language": language,
            "locale_dirs": [LOCALES],
            "gettext_compact": False,
            "nitpicky": True,
            "external_toc_path": str(ROOT / "_toc.yml"),
            "latex_individualpages": False,
            "nb_execution_cache_path": str(WORK / ".jupyter_cache"),
            "html_use_index": False,
            "html_domain_indices": False,
        },
    )  # fmt: skip
    if failed:
        sys.exit(f"the edition in {EDITIONS[language].name} was not built: see above")


def gather(pages):
    """Bring all catalogues up to date, and begin those of the named pages."""
    record = WORK / MESSAGES
    if not record.is_file():
        sys.exit(f"{record.relative_to(ROOT)} is not there: run `make book` first")
    known = json.loads(record.read_text(encoding="utf-8"))
    unknown = [page for page in pages if page not in known]
    if unknown:
        sys.exit(
            f"no page {', '.join(unknown)}: name it as _toc.yml does, one of {', '.join(known)}"
        )
    words = [
        message for _, _, message, _, _ in extract_from_dir(ROOT / "_ext", keywords={"_": None})
    ]
    for language in EDITIONS:
        templates = WORK / EDITIONS[language].folder / "templates"
        shutil.rmtree(templates, ignore_errors=True)
        write_template(templates, WORDS, words)
        for name in {*translated(ROOT, language), *pages}:
            write_template(templates, name, known[name])
        program = str(Path(sys.executable).with_name("sphinx-intl"))
        places = ["-p", str(templates), "-d", str(ROOT / LOCALES), "-l", language]
        subprocess.run([program, "update", *places, "-w", "0", "--no-obsolete"], check=True)


def write_template(folder, name, messages):
    """Write a catalogue without translations."""
    catalogue = Catalog(project="The Elegant Link", charset="utf-8")
    for message in messages:
        catalogue.add(message)
    path = folder / f"{name}.pot"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue)


if __name__ == "__main__":
    main(*sys.argv[1:])
