"""A link to a place in a page shows the place, though what is above it is laid out late."""

import pytest
from test_book import address

from built_book import CHAPTERS

PLACE = "(name) => document.getElementById(name).getBoundingClientRect().top / innerHeight"
# Some browsers do not hold the text in place when something above it grows.
FREE = (
    "addEventListener('DOMContentLoaded', () => { document.body.style.overflowAnchor = 'none'; })"
)


@pytest.fixture(params=["chapters/05-boltzmann-distribution", CHAPTERS[-2]])
def chapter(request):
    return address(request.param)


def far(page):
    """A section far below the window, with more than a window below it."""
    return page.locator("article > section > section").nth(-4).get_attribute("id")


def shown(page, name):
    """Tell if a place is at the top of the window, and stays there while the page is completed."""
    first = page.evaluate(PLACE, name)
    page.wait_for_timeout(2000)
    return 0 <= first < 0.3 and 0 <= page.evaluate(PLACE, name) < 0.3


@pytest.mark.parametrize("width", [380, 1300])
def test_who_is_sent_to_a_place_is_there(open_page, chapter, width):
    name = far(open_page(chapter))
    assert shown(open_page(f"{chapter}#{name}", width=width), name)


def test_who_asks_for_a_place_gets_there(open_page, chapter):
    page = open_page("about:blank", width=1300)
    page.goto(chapter, wait_until="domcontentloaded")
    name = far(page)
    page.locator(f".bd-sidebar-secondary a[href='#{name}']").click()
    page.wait_for_timeout(500)  # the theme may scroll smoothly
    assert shown(page, name)


@pytest.mark.parametrize("clicked", [False, True])
def test_without_help_from_the_browser_too(open_page, clicked):
    name = "langevin.observables.msd"
    page = open_page("about:blank", width=1300, script=FREE)
    if clicked:
        page.goto(address("appendix/api"), wait_until="domcontentloaded")
        page.evaluate("name => document.querySelector(`[href='#${name}']`).click()", name)
        page.wait_for_timeout(500)
    else:
        page.goto(f"{address('appendix/api')}#{name}")
    assert shown(page, name)
