"""The built book as a reader meets it: in a real browser, with the network cut off."""

import gzip
import statistics
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from figure_site import TIME, ready

from built_book import CHAPTERS, PAGES, page_path

SHARED_LIMIT = 700_000  # bytes, compressed: what all pages share, mathematics included
FRAME = 16  # ms of script for one move of a slider
# Half of a chapter's elements are words of code in a dozen colours: axe sees each colour once.
THIN = """() => {
  const seen = new Set();
  for (const word of document.querySelectorAll(".highlight pre span[class]")) {
    if (seen.has(word.className)) word.remove();
    else seen.add(word.className);
  }
}"""
# Heavy parts are laid out when the reader has begun and the browser is idle (assets/book.js).
LAID_OUT = """[
  ...document.querySelectorAll(
    ".bd-article > section > section, .bd-article :is(div.cell, dl.py, ul.ledger-list)",
  ),
  ...document.querySelectorAll(
    ".bd-article :is(.notation tr, .lv-figure)"
  ),
].every((part) => getComputedStyle(part).contentVisibility === "visible")"""
GLYPHS = {"exclude": [["math"]]}  # of formulas, in the colour of the text around them


everywhere = pytest.mark.parametrize("page", PAGES, indirect=True)
in_chapters = pytest.mark.parametrize("page", CHAPTERS, indirect=True)


def address(name):
    return page_path(name).as_uri()


@pytest.fixture(scope="module")
def page(request, open_shared):
    """One page of the book, all of it laid out, and the files that it loaded."""
    page = open_shared("about:blank")
    page.loaded = set()
    page.on("request", lambda request: page.loaded.add(request.url))
    page.goto(address(request.param))
    yield settled(page)
    page.context.close()


def reading(page):
    """Have there what waits until the reader begins to read; return the page."""
    page.evaluate("dispatchEvent(new Event('scroll'))")
    return page


def settled(page):
    """Have all laid out, near the window or not; return the page."""
    page.wait_for_load_state("load")
    reading(page).wait_for_function(LAID_OUT)
    return page


@everywhere
def test_the_page_stands_and_its_mathematics_is_set(page):
    assert page.locator(".math:not(:has(math)), merror").count() == 0
    assert page.locator("h1").count() >= 1


@in_chapters
def test_every_control_changes_the_picture_by_keyboard(page):
    figures = page.locator(".lv-explore").count()
    assert figures >= 1
    for number in range(figures):
        figure = ready(page, "explore", number)
        ranges = figure.locator("input[type=range]").all()
        for control in [*ranges, *figure.locator("fieldset").all()]:
            check_alive(page, figure, control, [one for one in ranges if one is not control])


def check_alive(page, figure, control, others):
    """One way through all stops changes the picture, at one end or the other of the others."""
    for key in (None, "End", "Home"):
        for other in others if key else []:
            other.focus()
            page.keyboard.press(key)
        if len(set(stops(page, figure, control))) > 1:
            return
    raise AssertionError(f"the picture stays whatever is done with “{control.inner_text()}”")


def stops(page, figure, control):
    """Go through all stops of a slider or a choice by keyboard; yield the pictures."""
    picture, said = figure.locator("svg").first, set()
    if control.get_attribute("type") == "range":
        last = int(control.get_attribute("max"))
        control.focus()
        page.keyboard.press("Home")
        for _ in range(last + 1):
            said.add(control.get_attribute("aria-valuetext"))
            yield picture.inner_html()
            page.keyboard.press("ArrowRight")
        assert control.evaluate("input => input.labels[0].innerText").strip()
        assert len(said) == last + 1, f"{last + 1} stops are announced as {said}"
    else:
        choices = control.locator("input[type=radio]").all()
        control.locator("input[type=radio]:checked").focus()
        for _ in choices:
            yield picture.inner_html()
            page.keyboard.press("ArrowDown")


@in_chapters
def test_a_move_takes_less_than_a_frame(page):
    for number in range(page.locator(".lv-explore").count()):
        sliders = ready(page, "explore", number).locator("input[type=range]")
        if sliders.count():  # what has only choices draws by the same function
            times = [sliders.first.evaluate(TIME) for _ in range(20)]
            assert statistics.median(times) < FRAME, f"figure {number}: {times}"


@in_chapters
def test_movies_play_and_pause(page):
    for number in range(page.locator(".lv-movie").count()):
        movie = ready(page, "movie", number)
        button, seek = movie.locator("button").first, movie.locator("input[type=range]").first
        picture = movie.locator("canvas").first
        still = picture.evaluate("canvas => canvas.toDataURL()")
        button.click()
        page.wait_for_function("input => Number(input.value) > 3", arg=seek.element_handle())
        button.click()
        at = seek.input_value(), picture.evaluate("canvas => canvas.toDataURL()")
        assert at[1] != still, "the picture stayed"
        page.wait_for_timeout(300)
        assert (seek.input_value(), picture.evaluate("canvas => canvas.toDataURL()")) == at


@in_chapters
def test_what_all_pages_share_is_light(page):
    shared = {Path(unquote(urlparse(url).path)) for url in page.loaded if "/_static/" in url}
    assert any(path.name == "math.woff" for path in shared)
    weight = sum(len(gzip.compress(path.read_bytes(), 6)) for path in shared)
    assert weight <= SHARED_LIMIT, f"{weight} bytes are shared"


@everywhere
def test_a_narrow_phone_needs_no_sideways_scroll(page):
    page.set_viewport_size({"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1000, "height": 900})
    assert wide <= 360, f"{page.url} is {wide} px wide on a phone of 360"


@everywhere
def test_axe_finds_nothing(page):
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    page.evaluate(THIN)
    check_with_axe(page, "light", {})
    check_with_axe(page, "dark", {"runOnly": ["color-contrast"]})  # nothing else has changed


def check_with_axe(page, theme, options):
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    page.evaluate("document.getAnimations().forEach(change => change.finish())")  # of the theme
    # With `preload` axe would fetch styles, which file:// bars.
    found = Axe().run(page, GLYPHS, {"preload": False, "resultTypes": ["violations"], **options})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", CHAPTERS)
def test_without_javascript_the_first_states_are_there(name, open_page):
    page = open_page(address(name), java_script_enabled=False)
    pictures = page.locator(".lv-figure svg[role=img], .lv-figure [role=img] svg")
    assert pictures.count() >= page.locator(".lv-figure").count()
    assert not page.locator(".lv-controls").first.is_visible()
