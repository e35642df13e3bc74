"""No chapter needs a later one: not by an equation, not by a term, not by a word in passing."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from book.sources.contents import EPILOGUE, chapters
from book.sources.prerequisites import (
    TEASERS,
    ahead,
    needs,
    reduced,
    sentences,
    taken,
    teasers,
    uses,
)

ROOT = Path(__file__).resolve().parents[2]


def all_of(needed, chapter):
    return needed[chapter].union(*(all_of(needed, other) for other in needed[chapter]))


def test_no_concept_is_used_before_it_is_introduced():
    found = [f"{u.chapter} uses {u.name} of {u.home}: {u.sentence}" for u in ahead(ROOT)]
    assert not found, (
        "say in the sentence that a later chapter has it, explain it here, or move it:\n"
        + "\n".join(found)
    )


def test_the_exceptions_are_few_and_still_needed():
    assert 1 <= sum(map(len, teasers(ROOT).values())) <= 5
    for chapter, phrases in teasers(ROOT).items():
        text = "\n".join(sentences(ROOT, chapter))
        assert all(phrase in text for phrase in phrases), chapter


def test_every_chapter_stands_on_an_earlier_one():
    first, *others = chapters(ROOT)
    needed = needs(taken(ROOT))
    assert not needed[first]
    alone = [chapter for chapter in others if not needed[chapter]]
    assert not alone, f"{', '.join(alone)}: link an equation of an earlier chapter with {{eq}}"
    assert all(first in all_of(needed, chapter) for chapter in others)


def test_the_table_for_teachers_names_only_chapters_that_are_needed():
    page = (ROOT / "appendix" / "instructors.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| \{doc\}`(\d+) <\.\./[^>]+>` \|.*\| ([^|]*) ?\|$", page)
    order, needed = chapters(ROOT), needs(taken(ROOT))
    assert {order[int(number) - 1] for number, _ in rows} == {*order} - {EPILOGUE}
    for number, before in rows:
        named = {order[int(n) - 1] for n in re.findall(r"\d+", before)}
        assert named <= all_of(needed, order[int(number) - 1]), f"chapter {number}: {before}"


def test_the_second_part_can_be_begun_after_chapter_4_as_teachers_are_told():
    order, needed = chapters(ROOT), needs(taken(ROOT))
    before = all_of(needed, order[7])
    assert order[7].endswith("08-gradient-descent") and before <= set(order[:4])


def test_what_follows_from_other_needs_is_left_out():
    whole = {1: set(), 2: {1}, 3: {1, 2}, 4: {1}, 5: {1, 3, 4}}
    assert reduced(whole) == {1: set(), 2: {1}, 3: {2}, 4: {1}, 5: {3, 4}}


TOC = """
root: intro
parts:
  - chapters: [{file: parts/one}, {file: chapters/01-drag}, {file: chapters/02-noise}]
"""
GLOSSARY = """
# Glossary

```{glossary}
drag
  What holds back. First in {doc}`chapter 1 <../chapters/01-drag>`.

white noise
thermal noise
  What shakes, {eq}`eq-noise`. First in {doc}`chapter 2 <../chapters/02-noise>`.
```
"""
DRAG = "A {term}`drag` holds back.\n\n$$\nF=-v\n$$ (eq-drag)"
NOISE = "A {term}`white noise` shakes.\n\n$$\n\\xi\n$$ (eq-noise)"


@pytest.fixture
def book(tmp_path):
    """Return a function that writes a book of two chapters, and its folder."""

    def write(one=DRAG, two=NOISE):
        (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
        for folder in ("appendix", "chapters"):
            (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / "appendix/glossary.md").write_text(GLOSSARY, encoding="utf-8")
        for name, text in (("01-drag", one), ("02-noise", two)):
            notebook = new_notebook(cells=[new_markdown_cell(text)])
            nbformat.write(notebook, tmp_path / f"chapters/{name}.ipynb")
        return tmp_path

    yield write


def test_a_book_in_order(book):
    root = book(two=f"{NOISE} It follows {{eq}}`eq-drag` and the {{term}}`drag`.")
    assert ahead(root) == []
    assert needs(taken(root)) == {
        "chapters/01-drag": set(),
        "chapters/02-noise": {"chapters/01-drag"},
    }
    assert {(use.kind, use.name) for use in uses(root)} == {
        ("equation", "eq-drag"),
        ("term", "drag"),
    }


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("By {eq}`eq-noise` it shakes.", "equation"),
        ("It is {term}`white noise`.", "term"),
        ("It is {term}`shaken <thermal noise>`.", "term"),
        ("The white noise shakes.", "word"),
        ("White noises shake, and `code` stands before.", "word"),
        ("$x$ is **thermal noise**.", "word"),
        ("As chapter 1 said, white noise shakes.", "word"),
        ("Chapter 2 is next. It has white noise.", "word"),
    ],
)
def test_what_comes_too_early_is_found(book, sentence, kind):
    found = ahead(book(one=f"{DRAG}\n\n{sentence}"))
    assert [(use.chapter, use.kind) for use in found] == [("chapters/01-drag", kind)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Chapter 2 has white noise, {eq}`eq-noise`.",
        "The {term}`white noise` of a later chapter shakes.",
        "{doc}`There <02-noise>` white noise shakes.",
        "Of white noise the next chapters tell.",
        "Chapter 2 shakes.",
        "`white noise` and {glue:text}`white noise`, $white noise$",
        "An off-white noise-maker.",
    ],
)
def test_pointers_and_other_words_are_free(book, sentence):
    assert ahead(book(one=f"{DRAG}\n\n{sentence}")) == []


def test_a_teaser_frees_its_own_sentence_only(book):
    root = book(one=f"{DRAG}\n\nWhite noise, they say. Then white noise comes.")
    (root / TEASERS).write_text('"chapters/01-drag" = ["White noise, they say"]', encoding="utf-8")
    assert [use.sentence for use in ahead(root)] == ["Then white noise comes."]
