"""The entries of the glossary: read from its source, never typed a second time."""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = "appendix/glossary"
HOME = re.compile(r"First in \{doc\}`chapter \d+ <\.\./(chapters/[\w-]+)>`\.$")
ROLE = re.compile(r"\{(\w+(?::\w+)?)\}`([^`]+)`")


@dataclass(frozen=True)
class Entry:
    """A word of the book: its names, the first of which heads it, and where it comes first."""

    names: tuple
    text: str
    chapter: str


def entries(root):
    """Return the entries of the glossary of the book that is rooted at `root`, in their order."""
    page = Path(root, f"{PAGE}.md")
    block = re.search(r"(?ms)^```\{glossary\}\n(.*?)^```$", page.read_text(encoding="utf-8"))
    if block is None:
        raise ValueError(f"{page.name} has no ```{{glossary}} block: put the entries into one")
    found = []
    for part in re.split(r"\n\s*\n(?=\S)", block[1].strip()):
        lines = part.split("\n")
        names = tuple(line for line in lines if line and not line[0].isspace())
        text = " ".join(line.strip() for line in lines if line[:1].isspace())
        home = HOME.search(text)
        if home is None:
            raise ValueError(
                f"{page.name}, {names[0]}: an entry ends with where its word comes first: "
                "First in {doc}`chapter 2 <../chapters/02-brownian-motion>`."
            )
        found.append(Entry(names, text, home[1]))
    return found


def by_name(root):
    """Return each entry under every name that a link may use, in lower case."""
    return {name.lower(): entry for entry in entries(root) for name in entry.names}


def target(content):
    """Return what a role points to, given what stands between its backticks.

    >>> target("heavy tails <heavy tail>"), target("heavy tail")
    ('heavy tail', 'heavy tail')
    """
    explicit = re.fullmatch(r".*<([^<>]+)>", content, re.DOTALL)
    return explicit[1] if explicit else content
