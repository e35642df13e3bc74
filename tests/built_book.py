"""Where the built book is and which pages it must have."""

from pathlib import Path

from book.sources import contents

ROOT = Path(__file__).resolve().parents[1]
HTML = ROOT / "_build" / "site"
CHAPTERS, PAGES = contents.chapters(ROOT), contents.pages(ROOT)
CATALOGUES = ROOT / "locales" / "zh_CN" / "LC_MESSAGES"
PAGES += [  # in Chinese
    f"zh/{path.relative_to(CATALOGUES).with_suffix('')}"
    for path in sorted(CATALOGUES.rglob("*.po"))
    if path.name != "book.po"
]


def page_path(name):
    """Path of a built page; where there is none, the test fails and says what to do."""
    path = HTML / f"{name}.html"
    assert path.is_file(), f"{path.relative_to(ROOT)} is not there: run `make book` first"
    return path


def every_page():
    """Name every page that was built, in the table of contents or not; JupyterLite has its own."""
    paths = (path.relative_to(HTML) for path in HTML.rglob("*.html"))
    return sorted(path.as_posix() for path in paths if path.parts[0] != "lite")
