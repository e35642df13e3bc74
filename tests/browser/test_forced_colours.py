"""With the colours that a reader's system forces on all pages, nothing that tells is lost."""

import io

import pytest
from PIL import Image
from test_book import address

CHAPTER = "chapters/06-escape"


def shades(place):
    """How far the darkest grey of a part of the page is from the lightest, of 255."""
    image = Image.open(io.BytesIO(place.screenshot())).convert("L")
    low, high = image.getextrema()
    return high - low


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_the_search_has_marked_can_be_read(scheme, open_page):
    page = open_page(address(CHAPTER), forced_colors="active", color_scheme=scheme)
    page.keyboard.press("Control+k")
    page.keyboard.type("escape rate")
    marks = page.locator(".found mark")
    marks.first.wait_for()
    for mark in marks.all()[:3]:
        assert shades(mark) > 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_switch_shows_what_is_chosen(scheme, open_page):
    page = open_page(address(CHAPTER), forced_colors="active", color_scheme=scheme)
    outlines = page.locator(".show label").evaluate_all(
        "labels => labels.map(label => getComputedStyle(label).outlineStyle)"
    )
    assert outlines == ["solid", "none", "none"]
    page.locator(".show").get_by_text("checks").click()
    page.mouse.move(0, 0)
    assert shades(page.locator(".show label").nth(2)) > 100
