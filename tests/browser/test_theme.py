"""Light or dark: as the system of the reader has it, until the reader presses the button."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from built_book import page_path

PAGE = "chapters/06-escape"
LINK = ".bd-article p a.reference"
SHOWN = "document.documentElement.dataset.theme"
# The theme when the body begins, before anything is painted.
EARLY = f"""new MutationObserver(() => {{
  if (document.body) window.early ??= {SHOWN};
}}).observe(document, {{ childList: true, subtree: true }});"""


@pytest.mark.parametrize(("system", "other"), [("light", "dark"), ("dark", "light")])
def test_a_page_is_as_the_system_and_the_first_click_changes_it(open_page, system, other):
    page = open_page(page_path(PAGE).as_uri(), color_scheme=system, script=EARLY)
    assert page.evaluate("early") == page.evaluate(SHOWN) == system
    page.locator(".theme-switch-button:visible").first.click()
    page.wait_for_function(f"{SHOWN} === '{other}'")
    page.reload()
    assert page.evaluate("early") == page.evaluate(SHOWN) == other


def test_a_page_that_follows_the_system_has_its_colour_from_the_start_on(open_page):
    page = open_page(page_path(PAGE).as_uri(), color_scheme="light", script=EARLY)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{SHOWN} === 'dark'")
    page.evaluate("localStorage.setItem('theme', 'light')")  # it was light when it was last open
    page.reload()
    assert page.evaluate("early") == "dark"


def test_without_scripts_a_page_has_its_light_colours(browser):
    context = browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.goto(page_path(PAGE).as_uri())
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(SHOWN) == "light" and page.evaluate(paper) == "rgb(255, 255, 255)"
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_link_can_be_read_while_the_mouse_is_on_it(open_page, theme):
    page = open_page(page_path(PAGE).as_uri(), color_scheme=theme)
    page.locator(LINK).first.hover()
    page.wait_for_timeout(300)  # colours fade
    only = {"preload": False, "runOnly": ["color-contrast"]}
    found = Axe().run(page, context={"include": [[LINK]]}, options=only)
    assert found.violations_count == 0, found.generate_report()
