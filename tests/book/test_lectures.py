"""Slides for lectures: what they take from a chapter's page, and what of a source is refused."""

import re

import pytest
from sphinx.errors import ExtensionError

from book.web import lectures
from built_book import HTML, ROOT, page_path

SOURCES = sorted((ROOT / lectures.FOLDER).glob("*.md"))
PARTS = {"section": {"a": "<h2>A</h2>"}, "equation": {}, "figure": {}, "exercise": {}}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_lecture_has_its_slides_and_at_least_three_bets(source):
    slides = lectures.cut(source.read_text(encoding="utf-8"))
    page = page_path(f"{lectures.FOLDER}/{source.stem}").read_text(encoding="utf-8")
    assert page.count("<section>") == len(slides) + 1  # and the title
    assert 20 <= len(slides) + 1 <= 30
    assert page.count('class="bet"') >= 3


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_figure_of_a_bet_comes_on_the_next_slide(source):
    slides = lectures.cut(source.read_text(encoding="utf-8"))
    for asked, shown in zip(slides, [*slides[1:], []], strict=True):
        if any(line.startswith("bet:") for _, line in asked):
            assert sum(line.startswith("- ") for _, line in asked) in (2, 3), asked
            assert any(line.startswith("figure:") for _, line in shown), asked


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_links_lead_to_places_and_pictures_have_words(source):
    page = page_path(f"{lectures.FOLDER}/{source.stem}").read_text(encoding="utf-8")
    for address, place in re.findall(r'<a\b[^>]*?\bhref="(?!https?:)([^"#]*)#?([^"]*)"', page):
        target = (HTML / lectures.FOLDER / address).resolve()
        assert target.is_file(), address
        assert not place or f'id="{place}"' in target.read_text(encoding="utf-8"), place
    pictures = re.findall(r'<svg\b[^>]*role="img"[^>]*>', page)
    assert pictures and all(re.search('aria-label="[^"]+"', svg) for svg in pictures)
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))


def test_a_name_that_the_page_does_not_have_is_refused_with_its_line():
    with pytest.raises(ExtensionError, match=r"lectures/x\.md, line 7: .* no section 'b'.*has a"):
        lectures.slide([(7, "section: b")], PARTS, "x")


def test_a_slide_has_at_most_25_words_beside_its_note():
    lines = [(1, "word " * 20), (2, "- " + "word " * 5), (3, "note: " + "word " * 50)]
    assert "notes" in lectures.slide([(n, line.strip()) for n, line in lines], PARTS, "x")
    with pytest.raises(ExtensionError, match="line 4: the slide has more than 25 words"):
        lectures.slide([*lines, (4, "more")], PARTS, "x")


def test_what_a_teacher_writes_is_text():
    assert "a &lt; b" in lectures.slide([(1, "a < b")], PARTS, "x")
