"""A lecture in a browser, opened from a folder: keys, a live figure, notes, print, both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from built_book import page_path

NAME = "lectures/06-escape"
PRESENT = "document.querySelector('section.present').innerText"


def test_keys_move_the_slides_and_show_the_notes(open_page):
    page = open_page(page_path(NAME).as_uri(), reduced_motion="reduce")
    page.wait_for_function("window.Reveal?.isReady()")
    first = page.evaluate(PRESENT)
    page.keyboard.press("ArrowRight")
    assert page.evaluate(PRESENT) != first
    notes = page.locator("section.present aside.notes")
    assert not notes.is_visible()
    page.keyboard.press("n")
    assert notes.is_visible()


def test_a_figure_on_a_slide_moves_with_its_slider(open_page):
    page = open_page(page_path(NAME).as_uri() + "#/10")
    page.wait_for_function("document.querySelector('section.present .lv-ready input[type=range]')")
    slider = page.locator("section.present input[type=range]").first
    picture = "document.querySelector('section.present .lv-picture').innerHTML"
    before = page.evaluate(picture)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"before => {picture} !== before", arg=before)
    assert page.evaluate("Reveal.getIndices().h") == 10  # the key was the slider's


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, scheme, width):
    page = open_page(page_path(NAME).as_uri(), width=width, height=720, color_scheme=scheme)
    page.wait_for_function("window.Reveal?.isReady()")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") == (scheme == "light")
    for slide in (0, 3, 7, 10):
        page.evaluate("slide => Reveal.slide(slide)", slide)
        found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]})
        assert not found.response["violations"], found.generate_report()
        present = "document.querySelector('section.present')"
        assert page.evaluate(f"{present}.scrollWidth <= {present}.clientWidth")


def test_print_shows_every_slide_with_its_notes(open_page):
    page = open_page(page_path(NAME).as_uri())
    page.wait_for_function("window.Reveal?.isReady()")
    page.emulate_media(media="print")
    hidden = """[...document.querySelectorAll(".slides > section, .slides aside.notes")]
      .filter((e) => !e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .length"""
    assert page.evaluate(hidden) == 0
