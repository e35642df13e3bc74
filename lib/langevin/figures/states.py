"""Many states of one picture as one SVG in which only what changes is swapped.

The trees of all states are compared node by node.  What they share is written once; an attribute
that varies, or a run of children that does, becomes a `Slot`: a table of its unique texts and,
for each state, which of them to show.  A node that carries slots is marked `data-lv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from langevin.figures.svg import Node, element

CONTENT = ""  # the "attribute" that stands for all that a node holds
MARK = "data-lv"


@dataclass
class Slot:
    """What varies in one marked node: an attribute, or its content."""

    node: int
    attribute: str
    texts: list[str]
    choice: list[int]


@dataclass
class Deck:
    """First state's markup and the slots that turn it into any other state.

    Examples
    --------
    >>> versions = [Node("path", {"d": d, "fill": "none"}) for d in ("M0 0h1", "M0 0h2")]
    >>> deck = Deck.of(versions)
    >>> deck.markup
    '<path data-lv="" d="M0 0h1" fill="none"/>'
    >>> deck.slots
    [Slot(node=0, attribute='d', texts=['M0 0h1', 'M0 0h2'], choice=[0, 1])]
    """

    markup: str = ""
    slots: list[Slot] = field(default_factory=list)
    marked: int = 0

    @classmethod
    def of(cls, versions: Sequence[Node]) -> Deck:
        """Compare the trees of all states."""
        deck = cls()
        deck.markup = deck.merge(versions)
        return deck

    def merge(self, versions: Sequence[Node]) -> str:
        """Markup of the first version; what differs in the others goes into slots."""
        first = versions[0]
        if all(v.markup == first.markup for v in versions):
            return first.markup
        if not all(_alike(v, first) for v in versions):
            return self.swapped([v.markup for v in versions])
        attributes = dict(first.attributes)
        varying = [k for k, v in attributes.items() if any(o.attributes[k] != v for o in versions)]
        if varying:
            attributes = {MARK: "", **attributes}
            node = self.mark()
            for name in varying:
                self.add(node, name, (v.attributes[name] for v in versions))
        return element(first.tag, attributes, self.merge_children(versions))

    def merge_children(self, versions: Sequence[Node]) -> str:
        """Align equal sorts of artist from both ends; what is left between them is swapped."""
        if all(v.inner == versions[0].inner for v in versions):
            return versions[0].inner
        rows = [v.children for v in versions]
        if any(v.text for v in versions) or _are_runs(rows):
            return self.swapped([v.inner for v in versions])
        shortest = min(map(len, rows))
        head = _common(zip(*rows, strict=False))
        tail = min(_common(zip(*(row[::-1] for row in rows), strict=False)), shortest - head)
        before = [self.merge(column) for column in zip(*(row[:head] for row in rows), strict=True)]
        between = ["".join(node.markup for node in row[head : len(row) - tail]) for row in rows]
        middle = self.swapped(between) if any(between) else ""
        ends = (row[len(row) - tail :] for row in rows)
        after = [self.merge(column) for column in zip(*ends, strict=True)]
        return "".join([*before, middle, *after])

    def swapped(self, texts: list[str]) -> str:
        """Write a group whose whole content is taken from the table."""
        self.add(self.mark(), CONTENT, texts)
        return element("g", {MARK: ""}, texts[0])

    def mark(self) -> int:
        """Count one more marked node, in the order in which they stand in the document."""
        self.marked += 1
        return self.marked - 1

    def add(self, node: int, attribute: str, texts: Iterable[str]) -> None:
        """Remember each different text once."""
        table, choice = unique(texts)
        self.slots.append(Slot(node, attribute, table, choice))


def unique(items: Iterable[str]) -> tuple[list[str], list[int]]:
    """Different items in the order of their first appearance, and where each item went.

    Examples
    --------
    >>> unique(["a", "b", "a"])
    (['a', 'b'], [0, 1, 0])
    """
    place: dict[str, int] = {}
    choice = [place.setdefault(item, len(place)) for item in items]
    return list(place), choice


def _alike(a: Node, b: Node) -> bool:
    return a.tag == b.tag and a.attributes.keys() == b.attributes.keys()


def _sort(node: Node) -> tuple[str, str]:
    return node.tag, node.kind


def _common(columns: Iterable[tuple[Node, ...]]) -> int:
    """How many leading columns hold the same sort of node in every state."""
    count = 0
    for column in columns:
        if len({_sort(node) for node in column}) > 1:
            break
        count += 1
    return count


def _are_runs(rows: Sequence[Sequence[Node]]) -> bool:
    """Tell letters and markers, which change together, from artists of their own."""
    return all(node.tag in {"use", "rect"} for row in rows for node in row)
