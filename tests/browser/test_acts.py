"""Phrases that act: each sets what it says, a second press puts back what was there."""

import gzip
import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from built_book import PAGES, ROOT, page_path

LIMIT = 2000  # bytes, compressed, of script and style together
CHAPTER = "chapters/06-escape"
HEAR = """
  window.told = {};
  document.addEventListener("lv-changed", ({ target, detail }) => { told[target.id] = detail; });
"""
# What a control shows: its label and its value in words.
SHOWN = """([id, name]) => {
  const control = document.querySelector(`[id="${id}"] [data-name="${name}"]`);
  const label = control.querySelector("legend, label > span").textContent;
  const text = control.querySelector("output")?.textContent
    ?? control.querySelector("select")?.selectedOptions[0].textContent
    ?? control.querySelector("input:checked").nextElementSibling.textContent;
  return [label, text];
}"""

# Whether half of a picture is in the window: its figure may grow by its controls, and comes back in
# the next frame.
IN_SIGHT = """(id) => {
  const { top, bottom, height } =
    document.querySelector(`[id="${id}"] .lv-picture`).getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 0) >= Math.min(height, innerHeight) / 2 - 1;
}"""


def acts(name):
    """Return what the phrases of a page do, in their order."""
    page = BeautifulSoup(page_path(name).read_text(encoding="utf-8"), "html.parser")
    return [json.loads(phrase["data-act"]) for phrase in page.select("span.act")]


def opened(open_page, name, **options):
    return open_page(page_path(name).as_uri(), script=HEAR, reduced_motion="reduce", **options)


def has(page, act, values):
    """Wait until a figure says that it has these values."""
    page.wait_for_function(
        "([id, values]) => told[id] && Object.entries(values).every(([k, v]) => told[id][k] === v)",
        arg=[act["figure"], values],
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_phrase_sets_what_it_says_and_puts_it_back(name, open_page):
    found = acts(name)
    if not found:
        return
    page = opened(open_page, name)
    page.wait_for_function("document.querySelector('button.act')")
    buttons = page.locator("button.act").all()
    assert len(buttons) == len(found)
    for button, act in zip(buttons, found, strict=True):
        assert button.get_attribute("aria-pressed") == "false"
        button.press("Enter")  # a mouse may miss it while figures above it get their controls
        assert button.get_attribute("aria-pressed") == "true"
        has(page, act, act["sets"])
        said = button.get_attribute("aria-label")
        assert said.startswith(button.text_content().strip())
        for control in act["sets"]:
            label, text = page.evaluate(SHOWN, [act["figure"], control])
            assert label in said and text in said, (said, label, text)
        page.wait_for_function(IN_SIGHT, arg=act["figure"])
        button.focus()
        page.keyboard.press("Enter")
        has(page, act, act["was"])
        assert button.get_attribute("aria-pressed") == "false"


def test_no_press_is_lost_while_the_scripts_still_come(open_page):
    page = opened(open_page, CHAPTER)
    late = []
    page.route("**/figures.js", lambda route: late.append(route))
    page.reload(wait_until="commit")
    page.wait_for_function("Boolean(window.firstPaint)")
    page.wait_for_timeout(500)
    assert late and page.locator("button.act").count() == 0
    late[0].continue_()
    page.wait_for_function(
        """() => {
          const button = document.querySelector("button.act");
          button?.click();
          return Boolean(button);
        }"""
    )
    act = acts(CHAPTER)[0]
    has(page, act, act["sets"])


def pressed(page):
    return page.evaluate(
        "[...document.querySelectorAll('button.act')].map(b => b.ariaPressed === 'true')"
    )


def test_phrases_of_one_figure_and_the_readers_hand_get_on_with_each_other(open_page):
    name = "chapters/05-boltzmann-distribution"
    found = acts(name)
    heat = [i for i, act in enumerate(found) if act["sets"] == {"temperature": 0.1}]
    (cold,) = heat
    tilted, warm = cold + 1, cold + 2
    assert found[tilted]["sets"] == {"tilt": -0.15} and found[warm]["sets"] == {"temperature": 0.6}
    page = opened(open_page, name)
    page.wait_for_function("document.querySelector('button.act')")
    buttons = page.locator("button.act").all()
    for button in (cold, tilted):
        buttons[button].click()
        has(page, found[button], found[button]["sets"])
    assert [i for i, on in enumerate(pressed(page)) if on] == [cold, tilted]
    buttons[warm].click()  # takes the temperature from the first, and leaves the tilt
    has(page, found[warm], {"temperature": 0.6, "tilt": -0.15})
    assert [i for i, on in enumerate(pressed(page)) if on] == [tilted, warm]
    buttons[warm].click()
    has(page, found[warm], {"temperature": 0.1, "tilt": -0.15})
    slider = page.locator(f"figure#{found[cold]['figure']} [data-name=tilt] input")
    slider.press("End")
    assert not any(pressed(page))
    buttons[tilted].click()
    has(page, found[tilted], {"tilt": -0.15})
    buttons[tilted].click()
    has(page, found[tilted], {"tilt": 0.5})  # what the hand had set, not what the page began with


def test_a_phrase_is_a_button_for_the_keyboard_and_keeps_the_focus(open_page):
    page = opened(open_page, CHAPTER)
    button = page.get_by_role("button", name="With little friction", pressed=False)
    figure = acts(CHAPTER)[
        page.locator("button.act").all_text_contents().index("With little friction")
    ]
    button.focus()
    page.evaluate("scrollBy(0, 600 - document.activeElement.getBoundingClientRect().top)")
    page.keyboard.press("Space")
    has(page, figure, figure["sets"])
    assert page.evaluate("document.activeElement.matches('button.act[aria-pressed=true]')")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_what_is_in_sight_stays_where_it_is(open_page):
    page = opened(open_page, CHAPTER)
    button = page.locator("button.act").first
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    button.click()
    has(page, acts(CHAPTER)[0], acts(CHAPTER)[0]["sets"])
    assert page.evaluate("scrollY") == before


def test_a_figure_comes_back_when_what_is_between_grows_late(open_page):
    page = opened(open_page, CHAPTER)
    act = acts(CHAPTER)[0]
    button = page.locator("button.act").first
    button.click()
    has(page, act, act["sets"])
    page.wait_for_function(IN_SIGHT, arg=act["figure"])
    grow = """(id) => {
      const space = document.createElement("div");
      space.style.height = "900px";
      document.getElementById(id).before(space);
      scrollBy(0, -900);  // anchoring may have followed it
      return space;
    }"""
    page.evaluate(grow, act["figure"])
    page.wait_for_function(IN_SIGHT, arg=act["figure"])
    page.keyboard.press("Home")  # from now on the reader decides
    page.wait_for_function("scrollY === 0")
    page.evaluate(grow, act["figure"])
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 0


def test_without_scripts_and_on_paper_a_phrase_is_plain_text(browser, open_page):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_path(CHAPTER).as_uri())
    assert page.locator("button.act").count() == 0
    around = "span => [getComputedStyle(span).color, getComputedStyle(span.parentElement).color]"
    mine, paragraph = page.locator("span.act").first.evaluate(around)
    assert mine == paragraph and "to 0.4" in page.locator("span.act").all_text_contents()
    context.close()

    page = opened(open_page, CHAPTER)
    page.emulate_media(media="print")
    button = page.locator("button.act").first
    mine, paragraph = button.evaluate(around)
    assert mine == paragraph
    line, sign = button.evaluate(
        "b => [getComputedStyle(b).borderBottomWidth, getComputedStyle(b, '::before').content]"
    )
    assert (line, sign) == ("0px", "none")


@pytest.mark.parametrize(("theme", "width"), [("light", 320), ("dark", 1200)])
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, theme, width):
    page = opened(open_page, CHAPTER, width=width, theme=theme)
    page.locator("button.act").first.click()
    page.locator("button.act").first.hover()
    options = {"preload": False, "resultTypes": ["violations"]}
    found = Axe().run(page, context={"include": [["button.act"]]}, options=options)
    assert not found.response["violations"], found.generate_report()
    for button in page.locator("button.act").all():
        box = button.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["height"] >= 24


def test_script_and_style_are_light():
    sizes = [
        len(gzip.compress((ROOT / "assets" / f"acts.{end}").read_bytes())) for end in ("js", "css")
    ]
    assert sum(sizes) <= LIMIT
