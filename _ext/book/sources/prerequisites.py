"""Which chapter needs which: read from the equations and the terms that they use.

A chapter *needs* another if it uses an equation that stands there, or links to a term that comes
first there. A sentence that sends the reader ahead (to a later chapter, by its number or as one
of the next) is a pointer and no need; so are the few phrases in
``appendix/prerequisites.toml``. What is left of uses
of something later is `ahead`, and there should be nothing in it.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from book.sources.contents import chapters
from book.sources.equations import cell_text, cells, equations
from book.sources.glossary import ROLE, by_name, target

TEASERS = "appendix/prerequisites.toml"
NUMBERED = re.compile(r"[Cc]hapters? (\d+)(?:(?:,| and| to) (\d+))*")
LATER = re.compile(r"\b(?:next|later|following) (?:two |three )?chapters?\b|\bchapters on\b")
DISPLAYED = re.compile(r"\$\$.*?\$\$(?: \([\w-]+\))?", re.DOTALL)
UNREAD = re.compile(
    r"(\{(?:eq|term|doc|ref)\}`[^`]*`)"  # what is kept
    r"|\$[^$]*\$|`{3}python\n.*?`{3}|\{[\w:-]+\}`[^`]*`|`[^`\n]+`|^:\w+:.*$",
    re.DOTALL | re.MULTILINE,
)
STOP = re.compile(r"(?<=[.?!])[*)”\"]*\s+(?=[*(“\"]?[A-Z{])|\n\s*\n|\n(?=[|>-] )")


@dataclass(frozen=True)
class Use:
    """What a sentence of a chapter uses: an equation, a linked term or a term in plain words."""

    chapter: str
    kind: str
    name: str
    home: str
    sentence: str


def source(root, chapter):
    """Return the path of a chapter's notebook."""
    return Path(root, f"{chapter}.ipynb")


def sentences(root, chapter):
    """Return the sentences of a chapter's text, without formulas, code, numbers and citations."""
    found = []
    for _, cell in cells(source(root, chapter), "markdown"):
        text = DISPLAYED.sub(" … ", cell_text(cell))
        text = UNREAD.sub(lambda found: found[1] or " ", text)
        found += [" ".join(part.split()) for part in STOP.split(text)]
    return [sentence for sentence in found if sentence]


def uses(root, equation_home=None):
    """Return what each chapter uses of the others, in the order of the book.

    `equation_home` says in which chapter each equation stands, where that is known already.
    """
    order = chapters(root)
    terms = by_name(root)
    if equation_home is None:
        equation_home = {e.label: c for c in order for e in equations(source(root, c))}
    words = [(fold(name), in_plain_words(name), terms[name], name) for name in terms]
    found = []
    for chapter in order:
        for sentence in sentences(root, chapter):
            for role, content in ROLE.findall(sentence):
                name = target(content)
                if role == "eq" and equation_home.get(name, chapter) != chapter:
                    found.append(Use(chapter, "equation", name, equation_home[name], sentence))
                entry = terms.get(name.lower()) if role == "term" else None
                if entry and entry.chapter != chapter:
                    found.append(Use(chapter, "term", entry.names[0], entry.chapter, sentence))
            plain = ROLE.sub(" ", sentence)
            folded = fold(plain)
            found += [
                Use(chapter, "word", name, entry.chapter, sentence)
                for folded_name, pattern, entry, name in words
                if folded_name in folded  # most are not: much faster than the pattern
                and entry.chapter != chapter
                and pattern.search(plain)
            ]
    return found


def fold(text):
    return text.lower().replace("’", "'")


def in_plain_words(name):
    """Return the pattern of a term that stands in the text without a link."""
    escaped = re.escape(name).replace("’", "['’]")
    return re.compile(rf"(?<![\w-]){escaped}(?:s|es)?(?![\w-])", re.IGNORECASE)


def ahead(root):
    """Return the uses of what comes only later, without pointers and teasers."""
    order, quoted = chapters(root), teasers(root)
    return [
        use
        for use in uses(root)
        if order.index(use.home) > order.index(use.chapter)
        and not points_ahead(use, order)
        and not any(phrase in use.sentence for phrase in quoted.get(use.chapter, ()))
    ]


def teasers(root):
    """Return the phrases in which a chapter may speak of what comes later: page -> phrases."""
    path = Path(root, TEASERS)
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def points_ahead(use, order):
    """Tell if the sentence sends the reader to a later chapter."""
    here = order.index(use.chapter)
    numbers = [int(n) for m in NUMBERED.finditer(use.sentence) for n in re.findall(r"\d+", m[0])]
    pages = [Path(target(t)).name for role, t in ROLE.findall(use.sentence) if role == "doc"]
    later = [Path(chapter).name for chapter in order[here + 1 :]]
    return bool(
        LATER.search(use.sentence)
        or any(number > here + 1 for number in numbers)
        or set(pages) & set(later)
    )


def taken(root, equation_home=None):
    """Return what each chapter takes of earlier ones: chapter -> earlier one -> kinds and names."""
    order = chapters(root)
    found: dict[str, dict[str, list]] = {chapter: {} for chapter in order}
    for use in uses(root, equation_home):
        if use.kind != "word" and order.index(use.home) < order.index(use.chapter):
            names = found[use.chapter].setdefault(use.home, [])
            if (use.kind, use.name) not in names:
                names.append((use.kind, use.name))
    return found


def needs(taken):
    """Return for each chapter the earlier ones that it needs."""
    return {chapter: set(earlier) for chapter, earlier in taken.items()}


def reduced(needs):
    """Return the needs without those that follow from the others (the transitive reduction)."""

    def all_of(chapter):
        return needs[chapter].union(*map(all_of, needs[chapter]))

    return {
        chapter: {
            one
            for one in direct
            if not any(one in all_of(other) for other in direct if other != one)
        }
        for chapter, direct in needs.items()
    }
