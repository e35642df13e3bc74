"""The rule of clean notebooks: what is committed is what the author wrote, and nothing else.

Usage: python tools/notebook_rule.py [--fix] [notebook ...]      (no notebook: all chapters)

--fix cleans what can be cleaned without asking the author: metadata, counts, outputs, layout.
Code cells have at most 14 lines (aim for 12), unless their input is folded or removed.
"""

import argparse
import json
import re
import sys
import uuid
from collections import Counter
from pathlib import Path

import nbformat.v4

CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"
MAX_LINES = 14
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
CELL_METADATA = {"tags", "mystnb"}
CHECKED = "nbval-check-output"
FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
TAGS = FOLDED | {
    CHECKED,
    "hide-output",
    "remove-output",
    "scroll-output",
    "full-width",
    "margin",
    "nbval-ignore-output",
    "nbval-skip",
    "raises-exception",
    "skip-execution",
}
TEXT = {"text/plain", "text/latex"}
TABLE = "<table"  # how the one kind of HTML begins that is kept
IMAGE = {
    "markdown": re.compile(r"data:image/|\]\(attachment:|<svg\b", re.IGNORECASE),
    "code": re.compile(r"data:image/[\w+.-]+;base64,[\w+/]{20}"),
}


def faults(path):
    """Return a sentence for everything in a notebook that breaks the rule."""
    raw = Path(path).read_bytes()
    try:
        notebook = json.loads(raw.decode("utf-8"))
        cells = [{**cell, "source": joined(cell["source"])} for cell in notebook["cells"]]
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as problem:
        return [f"{path}: is no notebook ({type(problem).__name__}: {problem}); restore or redo it"]
    found = [f"{path}: {sentence}" for sentence in notebook_faults(notebook, cells)]
    for number, cell in enumerate(cells, 1):
        found += [f"{path}, cell {number}: {sentence}" for sentence in cell_faults(cell)]
    if not found and raw != canonical(notebook):
        found.append(f"{path}: the file's layout is not Jupyter's own (LF, indent 1); use --fix")
    return found


def notebook_faults(notebook, cells):
    version = f"{notebook.get('nbformat')}.{notebook.get('nbformat_minor')}"
    if version != "4.5":
        yield f"the format must be 4.5, got {version}; use --fix"
    metadata = notebook.get("metadata", {})
    if "widgets" in metadata:
        yield "holds saved widgets; use --fix"
    for key in sorted(METADATA.keys() | metadata.keys() - {"widgets"}):
        if metadata.get(key) != METADATA.get(key):
            yield f"the metadata {key!r} must be {METADATA.get(key, 'absent')}; use --fix"
    for name, count in Counter(cell.get("id") for cell in cells).items():
        if count > 1 or not re.fullmatch(r"[\w-]{1,64}", name or ""):
            yield f"the cell id {name!r} is missing, malformed or used {count} times; use --fix"


def cell_faults(cell):
    metadata = cell.get("metadata", {})
    tags = metadata.get("tags", [])
    kind = cell.get("cell_type")
    if kind not in IMAGE:
        yield f"is of type {kind!r}; make it code or Markdown"
        return
    if not cell["source"].strip():
        yield "is empty; use --fix"
    if "attachments" in cell:
        yield "has an attachment; draw the figure in a code cell, or name a file of the book"
    if IMAGE[kind].search(cell["source"]):
        yield "has an image in its source; draw the figure in a code cell, or name a file"
    noise = sorted(metadata.keys() - CELL_METADATA)
    if noise or tags != list(dict.fromkeys(tags)) or ("tags" in metadata and not tags):
        yield f"has metadata noise ({', '.join(noise) or 'empty or repeated tags'}); use --fix"
    for tag in sorted(set(tags) - TAGS):
        yield f"has the unknown tag {tag!r}; the tags are {', '.join(sorted(TAGS))}"
    if kind == "code":
        yield from code_faults(cell, set(tags))


def code_faults(cell, tags):
    outputs = cell.get("outputs", [])
    count = 1 if CHECKED in tags else None  # nbval calls a cell without a count unrun
    if cell.get("execution_count") != count:
        yield f"has an execution count other than {count}; use --fix"
    if any(output.get("execution_count") not in (None, count) for output in outputs):
        yield "has an execution count in an output; use --fix"
    lines = len(cell["source"].splitlines())
    if lines > MAX_LINES and not tags & FOLDED:
        yield f"has {lines} lines, {MAX_LINES} are allowed; split it, or tag it hide-input"
    if CHECKED not in tags:
        if outputs:
            yield f"has outputs; use --fix, or tag it {CHECKED} to have them compared"
        return
    if not outputs:
        yield f"is tagged {CHECKED} but has no output; run it once, or untag it"
    for output in outputs:
        other = output.get("data", {}).keys() - text_of(output).keys()
        if any(mime.startswith("image/") for mime in other):
            yield "has an image among its outputs; use --fix"
        elif other:
            yield f"has an output of type {', '.join(sorted(other))}; only text and tables are kept"
        if output.get("output_type") == "error" or output.get("name") == "stderr":
            yield "has an error or a warning among its outputs; mend the code and run it again"
        if output.get("metadata"):
            yield "has metadata in an output; use --fix"


def fix(path):
    """Clean a notebook in place, as far as that needs no author; tell whether it changed."""
    path = Path(path)
    raw = path.read_bytes()
    notebook = json.loads(raw.decode("utf-8"))
    cells = [fixed(cell) for cell in notebook["cells"] if joined(cell["source"]).strip()]
    seen = set()
    for cell in cells:
        if not re.fullmatch(r"[\w-]{1,64}", cell.get("id", "")) or cell["id"] in seen:
            cell["id"] = uuid.uuid4().hex[:8]
        seen.add(cell["id"])
    clean = canonical({"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5})
    if clean != raw:
        path.write_bytes(clean)
    return clean != raw


def fixed(cell):
    metadata = {key: cell["metadata"][key] for key in CELL_METADATA & cell["metadata"].keys()}
    metadata["tags"] = list(dict.fromkeys(metadata.get("tags", [])))
    if not metadata["tags"]:
        del metadata["tags"]
    clean = {**cell, "metadata": metadata}
    if cell["cell_type"] == "code":
        checked = CHECKED in metadata.get("tags", [])
        outputs = [text_only(output) for output in cell.get("outputs", []) if checked]
        outputs = [output for output in outputs if output.get("data", True)]
        clean |= {"execution_count": 1 if checked else None, "outputs": outputs}
    return clean


def text_only(output):
    clean = dict(output)
    if "data" in output:
        clean |= {"data": text_of(output), "metadata": {}}
    if "execution_count" in output:
        clean["execution_count"] = 1
    return clean


def text_of(output):
    """Return what is kept of an output's data: text, and HTML that is a table."""
    return {
        mime: data
        for mime, data in output.get("data", {}).items()
        if mime in TEXT or (mime == "text/html" and joined(data).startswith(TABLE))
    }


def canonical(notebook):
    """Return the bytes that Jupyter itself writes for a notebook."""
    cells = [
        {**cell, "source": joined(cell["source"]).replace("\r\n", "\n")}
        for cell in notebook["cells"]
    ]
    text = nbformat.v4.writes(nbformat.from_dict({**notebook, "cells": cells}))
    return (text.rstrip("\n") + "\n").encode("utf-8")


def joined(source):
    return source if isinstance(source, str) else "".join(source)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--fix", action="store_true", help="clean what can be cleaned")
    given = parser.parse_args(argv)
    found = []
    for path in given.notebooks or sorted(CHAPTERS.glob("*.ipynb")):
        if given.fix and fix(path):
            print(f"{path}: cleaned")
        found += faults(path)
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
