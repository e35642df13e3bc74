"""The menu of places to run a chapter: it has a name, opens and closes by keyboard, and is seen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

import launch_site

CHAPTER = f"{launch_site.CHAPTERS[1]}.html"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_REPOSITORY", "someone/the-book")
        patch.setenv("LANGEVIN_FIGURES", "static")  # the build sets it, and here it is undone
        site = launch_site.build(tmp_path_factory.mktemp("launch"), lite=True)
    return (site / CHAPTER).as_uri()


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_menu_works_by_keyboard_and_axe_finds_nothing(address, open_page, theme, width):
    page = open_page(address, theme=theme, width=width)
    button = page.get_by_role("button", name="Run this chapter")
    places = page.get_by_role("link", name="Run ")
    assert places.count() == 0
    button.focus()
    page.keyboard.press("Enter")
    assert [place.inner_text() for place in places.all()] == [
        "Run in this browser",
        "Run on Binder",
        "Run on Colab",
    ]
    for place in places.all():
        page.keyboard.press("ArrowDown")
        assert place.evaluate("place => place === document.activeElement")
        box = place.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    page.evaluate("document.getAnimations().forEach(change => change.finish())")
    found = Axe().run(page, options={"preload": False})
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("Escape")
    assert places.count() == 0
    assert button.evaluate("button => button === document.activeElement")
