"""Equations that their checks read as printed: each can be read, and no spoiled one equals it.

The others have a reason in the same list.
"""

import re

import pytest

from book.sources.equations import PRINTED, equations, listed, printed, sources
from built_book import ROOT
from langevin._printed import RELATION, Known, Unreadable, equal, readable, renamed

PAGES = listed(ROOT)
READ = {label: entry for page in PAGES for label, entry in printed(ROOT, page).items()}
REASONS = {
    label: reason
    for page in PAGES.values()
    for label, reason in page.items()
    if isinstance(reason, str)
}
SPOILS = {
    "a sign": (
        r"(?<![-+{(=,&])[-]|(?<=[=])\s(?!\s*0)",
        lambda found: "+" if found == "-" else " -",
    ),
    "a factor": (rf"(?:{RELATION})(?!(?:\s|\\[,;])*0)", lambda found: rf"{found} 1.2\,"),
    "an exponent": (r"(?<=\^)[23]|(?<=\^\{)\\?,?[23](?=\})", lambda _: "5"),
    "a number": (r"(?<=\\frac)[1-9]|(?<=[ {(])[2-9](?=[\\A-Za-z(])", lambda _: "7"),
}


def test_every_equation_is_read_or_has_a_reason():
    labels = {e.label for page in sources(ROOT) for e in equations(page)}
    labels = {label for label in labels if label.startswith("eq-")}
    assert labels == READ.keys() | REASONS.keys()
    assert not READ.keys() & REASONS.keys()
    assert len(READ) >= 0.9 * len(labels)


@pytest.mark.parametrize("label", REASONS)
def test_a_reason_is_said_in_words(label):
    assert re.fullmatch(r"[A-Z][^.]{15,150}\.", REASONS[label])


def sides(entry, latex):
    """The first sides and the others; a letter is in the place of each part that has a name."""
    letters = {part: f"sp.Symbol('part{i}')" for i, part in enumerate(entry["names"])}
    known = Known(letters, {})
    left, others = readable(latex, known, entry["left"] is None)
    return left, [renamed(known.insert(side, numeric=False)) for side in others]


@pytest.mark.parametrize("label", READ)
def test_a_spoiled_display_would_be_another(label):
    entry, spoiled = READ[label], 0
    latex = entry["latex"]
    left, wanted = sides(entry, latex)
    assert entry["left"] in (left, None)
    for pattern, change in SPOILS.values():
        for match in re.finditer(pattern, latex):
            other = latex[: match.start()] + change(match[0]) + latex[match.end() :]
            try:
                first, found = sides(entry, other)
            except Unreadable:
                spoiled += 1
                continue
            assert first != left or not all(any(equal(a, b) for b in wanted) for a in found), other
            spoiled += 1
    assert spoiled >= 1


@pytest.mark.parametrize("label", READ)
def test_every_name_that_is_listed_is_printed(label):
    entry = READ[label]
    _, read = sides(entry, entry["latex"])
    found = " ".join(symbol.name for side in read for symbol in side.free_symbols)
    for i, part in enumerate(entry["names"]):
        assert f"part{i}" in found or f"{part}(" in found, part


def test_an_equation_that_is_not_there_is_named(tmp_path):
    (tmp_path / "appendix").mkdir()
    (tmp_path / PRINTED).write_text('["one"]\neq-a = {left = ["a"]}\n', encoding="utf-8")
    (tmp_path / "one.md").write_text("# One\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lists eq-a of one, which must have one equation and one"):
        printed(tmp_path, "one")
    assert printed(tmp_path, "two") == {}


def test_a_reason_is_not_an_equation_that_is_read(tmp_path):
    (tmp_path / "appendix").mkdir()
    (tmp_path / PRINTED).write_text('["one"]\neq-a = "A word."\n', encoding="utf-8")
    assert printed(tmp_path, "one") == {}
