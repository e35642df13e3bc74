"""Note what the pages in other languages take from the book, so that they are made when it changes.

Usage: python tools/outline.py FILE ...

Of the files, all that the book is made of, the note has a digest: of a page that is translated and
of what is no chapter all, of another chapter its headings, labels and directives. A word in one of
its paragraphs stands in no translated page. Of the code it has the states of the results. The note
is `_build/.outline`, which is written only when it says something else than before.
"""

import json
import re
import sys
from pathlib import Path

from book.execution import recorded
from dependencies import state

ROOT = Path(__file__).resolve().parent.parent
NOTE = Path("_build", ".outline")
SHAPE = re.compile(r"\s*(?:#|\(|:|`|\$\$)")


def outline(path):
    """Return the lines of a notebook that give it its shape: headings, labels, directives."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return "\n".join(line for text in texts for line in text.splitlines() if SHAPE.match(line))


def note(root, paths):
    """Return the note on the book at `root` that is made of these files."""
    catalogues = root.glob("locales/*/LC_MESSAGES/chapters/*.po")
    translated = {f"chapters/{path.stem}.ipynb" for path in catalogues}
    states = {page: entry["state"] for page, entry in recorded(root).items()}
    names = {path.relative_to(root).as_posix(): path for path in sorted(paths)}
    others = [name for name in names if name.endswith(".ipynb") and name not in translated]
    shapes = [(name, outline(names.pop(name))) for name in others]
    return state(root, [json.dumps([states, shapes], sort_keys=True)], names.values())


def main(root, paths):
    """Write the note if it is new."""
    path, now = root / NOTE, note(root, paths)
    if not path.is_file() or path.read_text(encoding="utf-8") != now:
        path.write_text(now, encoding="utf-8")


if __name__ == "__main__":
    main(ROOT, [ROOT / name for name in sys.argv[1:]])
