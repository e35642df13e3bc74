"""Where the built book is and which pages it must have."""

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
HTML = ROOT / "_build" / "html"
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [TOC["root"], *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"])]
CHAPTERS = [page for page in PAGES if page.startswith("chapters/")]


def page_path(name):
    """Path of a built page; where there is none, the test fails and says what to do."""
    path = HTML / f"{name}.html"
    assert path.is_file(), f"{path.relative_to(ROOT)} is not there: run `make book` first"
    return path
