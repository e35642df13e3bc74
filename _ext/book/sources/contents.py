"""The table of contents: which pages the book has, in their order."""

from pathlib import Path

import yaml

FILE = "_toc.yml"
EPILOGUE = "chapters/14-epilogue"  # free in its shape, without equations, and read by itself


def pages(root):
    """Return the pages of the book at `root`, as their names without an ending, in order."""
    contents = yaml.safe_load(Path(root, FILE).read_text(encoding="utf-8"))
    entries = [entry for part in contents.get("parts", [contents]) for entry in part["chapters"]]
    return list(dict.fromkeys([contents["root"], *(entry["file"] for entry in entries)]))


def chapters(root):
    """Return the chapters, in order."""
    return [page for page in pages(root) if page.startswith("chapters/")]
