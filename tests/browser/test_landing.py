"""The book's first page: its figure is at hand, its map leads on, and it knows the way back."""

import pytest
from figure_site import ready
from test_book import address

from built_book import HTML, PAGES, page_path

CONTROLS = ".lv-live .lv-controls"
BOTTOM = "box => box.getBoundingClientRect().bottom"


def test_the_figure_is_at_hand(open_page):
    """On the first screen; on a phone on the first two."""
    for width, height, screens in ((1440, 900, 1), (390, 844, 2)):
        page = open_page(address("intro"), width=width, height=height)
        page.wait_for_load_state("load")
        assert page.locator(CONTROLS).evaluate(BOTTOM) <= screens * height


def test_nothing_moves_until_the_reader_asks_for_it(open_page):
    page = open_page(address("intro"), width=1440)
    figure = ready(page, "live")
    clock = figure.locator(".lv-clock")
    page.wait_for_timeout(300)
    assert clock.inner_text() == "t = 0"
    figure.locator(".lv-step").click()
    assert clock.inner_text() != "t = 0"


def test_a_trail_ends_at_the_frame(open_page):
    """The pale run leaves the picture on the right; its mark is elsewhere."""
    figure = ready(open_page(address("intro"), width=1440), "live")
    ink = figure.evaluate("""figure => {
      const { panels, size } = figure.model.get("data");
      const canvas = [...figure.querySelectorAll("canvas")].at(-1), scale = canvas.width / size[0];
      const [left, top, width, height] = panels[1].box.map((length) => length * scale);
      const pixels = (x, across) => canvas.getContext("2d")
        .getImageData(Math.round(x), Math.round(top), across, Math.round(height)).data;
      const drawn = (data) => data.filter((_, i) => i % 4 === 3).some((alpha) => alpha > 0);
      return [drawn(pixels(left + width - 8, 6)), drawn(pixels(left + width + 2, 6))];
    }""")
    assert ink == [True, False]


def test_the_map_leads_to_chapters(open_page):
    links = open_page(address("intro")).locator("svg.map a")
    targets = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(targets) == 18
    for target in targets:
        target = target.removeprefix("./")
        assert target.removesuffix(".html") in PAGES and (HTML / target).is_file(), target


def test_a_reader_is_led_back_to_the_section_that_was_read_last(open_page):
    page = open_page(address("intro"), width=1300)
    assert not page.locator(".continue").is_visible(), "nobody has read anything yet"
    page.goto(address("chapters/05-boltzmann-distribution"))
    section = page.locator("article > section > section").nth(3)
    name = section.get_attribute("id")
    page.goto(f"{address('chapters/05-boltzmann-distribution')}#{name}")
    page.wait_for_timeout(1500)
    page.goto(address("intro"))
    link = page.locator(".continue a")
    assert link.inner_text().startswith("5. ")
    link.click()
    page.wait_for_load_state("load")
    assert page.url == f"{page_path('chapters/05-boltzmann-distribution').as_uri()}#{name}"


@pytest.mark.parametrize(
    "stored",
    [
        '{"page": "javascript:alert(1)//chapters/x", "id": "", "title": "<b>"}',
        '{"page": "chapters/06-escape"}',
        '{"page": ["chapters/06-escape"], "id": "", "title": "6"}',
        "{",
    ],
)
def test_what_the_device_remembers_leads_to_chapters_only(open_page, stored):
    script = f"localStorage.setItem('place in the elegant link', '{stored}')"
    page = open_page(address("intro"), script=script)
    page.wait_for_load_state("load")
    assert page.locator(".continue a").count() == 0
