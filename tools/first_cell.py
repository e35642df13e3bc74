"""The first code cell of a chapter: it fetches the book where a chapter is opened alone.

Usage: python tools/first_cell.py [--fix]

Its source is binder/first_cell.ipy, and all chapters have the same. On Colab it needs the address
of the repository: that is the Repository in [project.urls] of pyproject.toml. --fix writes the
cell, with this address, into every chapter. While there is no address, the cell asks for it.
"""

import json
import sys
import tomllib
from pathlib import Path

from notebook_rule import canonical

ROOT = Path(__file__).resolve().parent.parent
ID = "first-cell"
UNKNOWN = "repository = None"


def cell(root=ROOT):
    """Return the cell that every chapter of a book has after its title."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    address = project.get("urls", {}).get("Repository")
    source = (root / "binder" / "first_cell.ipy").read_text(encoding="utf-8").strip()
    assert source.count(UNKNOWN) == 1
    if address:
        source = source.replace(UNKNOWN, f'repository = "{address}"')
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": ID,
        "metadata": {"tags": ["remove-cell"]},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def fixed(raw, wanted):
    """Return the bytes of a notebook with the wanted cell after its title, and only there."""
    notebook = json.loads(raw)
    cells = [one for one in notebook["cells"] if one.get("id") != ID]
    return canonical({**notebook, "cells": [*cells[:1], wanted, *cells[1:]]})


def main(arguments):
    wanted, red = cell(), False
    for path in sorted(ROOT.glob("chapters/*.ipynb")):
        raw = path.read_bytes()
        clean = fixed(raw, wanted)
        if clean == raw:
            continue
        if "--fix" in arguments:
            path.write_bytes(clean)
            print(f"{path.name}: written")
        else:
            red = True
            print(f"{path.name}: its first code cell differs; python tools/first_cell.py --fix")
    return int(red)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
