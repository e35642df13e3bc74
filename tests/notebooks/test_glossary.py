"""The glossary: in order, whole, and every word of it a link at the place where it comes first."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from book.sources.contents import chapters
from book.sources.equations import equations, sources
from book.sources.glossary import ROLE, by_name, entries, target

ROOT = Path(__file__).resolve().parents[2]

ENTRIES = entries(ROOT)
CHAPTERS = chapters(ROOT)
MOST = 20  # links to terms in a chapter: a page is not to become a field of links


def markdown(chapter):
    cells = json.loads((ROOT / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def linked(text):
    """Return the first names of the entries to which a text has links, in order."""
    terms = by_name(ROOT)
    names = [target(content).lower() for role, content in ROLE.findall(text) if role == "term"]
    return [terms[name].names[0] for name in names if name in terms]


def letters(name):
    """Return a name as it is sorted: without case, accents and marks between words."""
    plain = unicodedata.normalize("NFD", name.lower()).replace("–", " ")
    return re.sub(r"[^a-z ]", "", plain)


def test_the_glossary_has_the_size_of_a_chapter_of_words():
    assert 70 <= len(ENTRIES) <= 120


def test_it_is_in_alphabetical_order_and_has_nothing_twice():
    heads = [entry.names[0] for entry in ENTRIES]
    assert heads == sorted(heads, key=letters)
    counted = Counter(name.lower() for entry in ENTRIES for name in entry.names)
    assert [name for name, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.names[0])
def test_each_entry_says_something_and_comes_first_where_it_says(entry):
    said = entry.text.partition("First in {doc}")[0]
    assert len(said.split()) >= 5
    assert len(re.findall(r"[.?](?=\s|$)", said)) <= 3, "three sentences are enough"
    assert entry.chapter in CHAPTERS
    having = [c for c in CHAPTERS if entry.names[0] in linked("\n".join(markdown(c)))]
    assert having, f"no chapter links to {entry.names[0]}"
    assert having[0] == entry.chapter


def test_every_link_to_a_term_has_an_entry():
    known = by_name(ROOT)
    for path in sources(ROOT):
        for role, content in ROLE.findall(path.read_text(encoding="utf-8")):
            assert role != "term" or target(content).lower() in known, f"{path.name}: {content}"


def test_the_equations_of_the_glossary_are_in_the_book():
    labels = {equation.label for path in sources(ROOT) for equation in equations(path)}
    for entry in ENTRIES:
        for role, content in ROLE.findall(entry.text):
            assert role != "eq" or content in labels, f"{entry.names[0]}: {content}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_links_are_few_and_stand_in_the_text(chapter):
    text = "\n\n".join(markdown(chapter))
    found = linked(text)
    assert 2 <= len(found) <= MOST, f"{chapter} links {len(found)} terms of the glossary"
    assert [name for name, times in Counter(found).items() if times > 1] == []
    for line in text.splitlines():
        if "{term}" in line:
            assert not line.lstrip().startswith(("#", "```", ":")), line
            assert not re.search(r"\[[^]]*\{term\}[^]]*\]\(", line), line
