"""Gather what the translators of the book translate.

Usage: python tools/editions.py [page …]      (make messages PAGE=chapters/03-… begins one)
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from book.editions import EDITIONS, LOCALES, MESSAGES, WORDS, translated

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build"


def gather(*pages):
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
    gather(*sys.argv[1:])
