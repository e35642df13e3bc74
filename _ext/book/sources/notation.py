"""The page of symbols: one table, whose meanings are written and whose first uses are found.

`table` reads appendix/notation.toml, `explained` tells which of its lines explain an equation,
and `faults` says what the table lacks or has too much of.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from book.sources.equations import LABEL, Equation
from book.sources.symbols import atoms, name_of, signs_in

TABLE = "appendix/notation.toml"


@dataclass(frozen=True)
class Row:
    """One line of the table: a symbol, or several of one meaning, and where they have it."""

    group: str
    latex: str
    where: str
    physics: str
    learning: str
    unit: str

    @cached_property
    def names(self):
        """The names of the symbols, as `symbols.atoms` gives them."""
        each = self.latex.split(", ")
        if self.group == "signs":
            return tuple(dict.fromkeys(sign for latex in each for sign in signs_in(latex)))
        return tuple(name_of(latex) for latex in each)

    @cached_property
    def in_text_only(self):
        return self.where.startswith("text")

    @cached_property
    def labels(self):
        """The equations that the line names."""
        return {word for word in self.where.split() if LABEL.fullmatch(word)}

    @cached_property
    def chapters(self):
        """The chapters that the line names; 0 is the title page."""
        named = set()
        for first, last in re.findall(r"(?<!\S)(\d+)(?:-(\d+))?(?!\S)", self.where):
            named |= set(range(int(first), int(last or first) + 1))
        return named

    def closeness(self, equation):
        """Tell how closely the line points at an equation: 3, 2, 1, or 0 if it does not."""
        if self.in_text_only:
            return 0
        if equation.label in self.labels:
            return 3
        return 2 if chapter_of(equation.page) in self.chapters else int(self.where == "all")


def chapter_of(page):
    """Return a page's chapter number, 0 for the title page.

    >>> chapter_of("chapters/02-brownian-motion"), chapter_of("intro.md")
    (2, 0)
    """
    number = re.search(r"(?:^|/)(\d+)-", page)
    return int(number[1]) if number else 0


def table(root):
    """Return the lines of the table of symbols, in order."""
    groups = tomllib.loads((Path(root) / TABLE).read_text(encoding="utf-8"))
    return [Row(group, *cells) for group, lines in groups.items() for cells in lines]


def explained(equation, rows):
    """Return each symbol of an equation with the lines that explain it.

    That should be one line for each symbol: the one that points at the equation most closely.
    A symbol that no line has by its full name is looked up by its parts.
    """
    found = {}
    for atom in atoms(equation.latex):
        whole = _nearest(atom.name, equation, rows)
        if whole or not atom.parts:
            found[atom.name] = whole
        else:
            found |= {part: _nearest(part, equation, rows) for part in atom.parts}
    return found


def _nearest(name, equation, rows):
    named = [(row.closeness(equation), row) for row in rows if name in row.names]
    best = max((closeness for closeness, _ in named), default=0)
    return [row for closeness, row in named if closeness == best and best]


def first_uses(equations, rows):
    """Return the first equation that each line explains: line -> equation."""
    first: dict[Row, Equation] = {}
    for equation in equations:
        for lines in explained(equation, rows).values():
            for row in lines:
                first.setdefault(row, equation)
    return first


def faults(equations, rows, prose=()):
    """Return a sentence for every symbol without a meaning and for every meaning without a use.

    Parameters
    ----------
    equations : list of Equation
        The book's displayed equations.
    rows : list of Row
        The table.
    prose : mapping of int to str
        The text of each chapter, in which symbols are sought that no equation has.
    """
    said, used = [], set()
    for equation in equations:
        where = f"({equation.page}): say what it means in {TABLE}"
        for name, lines in explained(equation, rows).items():
            if not lines:
                said.append(f"{name} has no meaning in {equation.label} {where}")
            if len(lines) > 1:
                said.append(f"{name} has {len(lines)} meanings in {equation.label} {where}, once")
            for row in lines:
                used |= {(row, name), (row, equation.label), (row, chapter_of(equation.page))}
    for row in rows:
        if row.in_text_only:
            texts = [dict(prose).get(chapter, "") for chapter in row.chapters]
            if not all(set(row.names) & symbols_of(text) for text in texts):
                said.append(f"{row.latex} is not in the text of {row.where}: correct {TABLE}")
            continue
        named = row.names if row.group != "signs" else row.names[:1]
        for thing in (*named, *sorted(row.labels), *sorted(row.chapters)):
            if (row, thing) not in used:
                said.append(f"{row.latex} ({row.where}) is not used in {thing}: correct {TABLE}")
    return said


def symbols_of(text):
    """Return the names of the symbols in a page's inline formulas."""
    inline = re.sub(r"(?s)\$\$.*?\$\$", "", text)
    return {atom.name for latex in re.findall(r"\$([^$]+)\$", inline) for atom in atoms(latex)}
