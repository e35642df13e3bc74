"""Equations that their checks read as printed: each can be read, and no spoiled one equals it."""

import re
import tomllib

import pytest

from book.sources.equations import PRINTED, printed
from built_book import ROOT
from langevin._printed import RELATION, Unreadable, equal, expression, readable, renamed

PAGES = tomllib.loads((ROOT / PRINTED).read_text(encoding="utf-8"))
READ = {label: entry for page in PAGES for label, entry in printed(ROOT, page).items()}
SPOILS = {
    "a sign": (r"(?<![-+{(=,&])[-]|(?<=[=])\s", lambda found: "+" if found == "-" else " -"),
    "a factor": (rf"(?:{RELATION})(?!\s*0)", lambda found: rf"{found} 1.2\,"),
    "an exponent": (r"(?<=\^)[23]|(?<=\^\{)\\?,?[23](?=\})", lambda _: "5"),
    "a number": (r"(?<=\\frac)[1-9]|(?<=[ {(])[2-9](?=[\\A-Za-z(])", lambda _: "7"),
}


def test_there_are_many():
    assert len(READ) >= 60
    assert set(READ) == set(printed(ROOT))


def sides(latex, names):
    known = {expression(old).name: new for old, new in names.items()}
    left, others = readable(latex)
    return left, [renamed(side, known) for side in others]


@pytest.mark.parametrize("label", READ)
def test_a_spoiled_display_would_be_another(label):
    latex, left, names = READ[label]
    (first, wanted), spoiled = sides(latex, names), 0
    assert first == left
    for pattern, change in SPOILS.values():
        for match in re.finditer(pattern, latex):
            other = latex[: match.start()] + change(match[0]) + latex[match.end() :]
            try:
                first, found = sides(other, names)
            except Unreadable:
                spoiled += 1
                continue
            assert first != left or not all(any(equal(a, b) for b in wanted) for a in found), other
            spoiled += 1
    assert spoiled >= 1


def test_an_equation_that_is_not_there_is_named(tmp_path):
    (tmp_path / "appendix").mkdir()
    (tmp_path / PRINTED).write_text('["one"]\neq-a = {left = ["a"]}\n', encoding="utf-8")
    (tmp_path / "one.md").write_text("# One\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lists eq-a of one, which must have one equation and one"):
        printed(tmp_path, "one")
    assert printed(tmp_path, "two") == {}
