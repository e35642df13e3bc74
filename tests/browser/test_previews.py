"""Cards beside references: by pointer, keys and touch, at any width."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from test_book import address, settled

from built_book import HTML

CHAPTER = "chapters/10-sgd-as-langevin"
TERM = "p a[href*='#term-']"
EQUATION = "p a.reference[href^='#equation-']"
FROM_ELSEWHERE = "p a.reference[href*='html#equation-']"
CITATION = "p a[href*='bibliography']:not([title=''])"
BOX = "document.getElementById('preview')?.getBoundingClientRect()"
SEEN = "!!document.querySelector('#preview:not([style*=hidden])')"


def card(page):
    """Wait for the card and return it."""
    page.wait_for_function(SEEN)
    return page.locator("#preview")


def no_card(page):
    page.wait_for_function(f"!{SEEN}")
    return True


def middle(page, selector, n=0):
    """Scroll a link into the middle of the window and return it."""
    link = page.locator(f"article {selector}").nth(n)
    link.evaluate("link => link.scrollIntoView({ block: 'center', behavior: 'instant' })")
    return link


def away(page):
    page.mouse.move(2, 2)
    return no_card(page)


@pytest.fixture(scope="module")
def chapter(open_shared):
    """A chapter in a folder, all of it laid out."""
    return settled(open_shared(address(CHAPTER), script="localStorage.setItem('show', 'text')"))


@pytest.mark.parametrize("place", ["folder", "server"])
def test_pointing_shows_the_card_which_stays_under_the_pointer(place, request, open_page):
    site = HTML.as_uri() if place == "folder" else request.getfixturevalue("server")
    page = open_page(f"{site}/{CHAPTER}.html")
    link = middle(page, TERM)
    link.hover()
    assert card(page).locator(".title").inner_text() == link.inner_text().lower()
    inner = card(page).locator("a").first
    inner.hover()
    page.wait_for_timeout(600)  # longer than it stays without the pointer
    assert card(page).is_visible()
    page.keyboard.press("Escape")
    assert no_card(page)
    link.hover()
    address_of_inner = card(page).locator("a").first.evaluate("a => a.href")
    card(page).locator("a").first.click()
    page.wait_for_url(address_of_inner)


def test_the_card_goes_when_the_pointer_goes_and_not_before(chapter):
    link = middle(chapter, CITATION)
    link.hover()
    assert card(chapter).locator("a[href^='https://']").count() == 1
    assert not link.get_attribute("title"), "the browser would show the same once more"
    chapter.wait_for_timeout(1000)
    assert card(chapter).is_visible()
    assert away(chapter)
    box = middle(chapter, TERM).bounding_box()
    chapter.mouse.move(box["x"] + 2, box["y"] + 2)
    away(chapter)
    chapter.wait_for_timeout(400)
    assert no_card(chapter), "the pointer only passed"


def test_an_equation_is_set_as_it_is_in_its_place(chapter):
    link = middle(chapter, EQUATION)
    place = f"[id='{link.evaluate('link => link.hash.slice(1)')}'] math"
    chapter.locator(place).scroll_into_view_if_needed()
    printed = chapter.locator(place).inner_html()
    middle(chapter, EQUATION).hover()
    assert card(chapter).locator("math").inner_html() == printed
    assert "✓" in card(chapter).locator(".strength").inner_text()
    assert away(chapter)


def test_by_keyboard_the_card_opens_tab_leads_through_it_and_escape_loses_nothing(chapter):
    link = middle(chapter, TERM, 1)
    link.focus()
    chapter.keyboard.press("Shift+Tab")
    chapter.keyboard.press("Tab")
    is_at_link = "link => document.activeElement === link"
    assert link.evaluate(is_at_link)
    described = link.get_attribute("aria-describedby")
    assert card(chapter).get_attribute("id") == described
    assert card(chapter).get_attribute("aria-label").split(",")[0] in link.inner_text().lower()
    chapter.keyboard.press("Tab")
    assert card(chapter).locator("a").first.evaluate(is_at_link)
    chapter.keyboard.press("Escape")
    assert no_card(chapter) and link.evaluate(is_at_link)
    assert not link.get_attribute("aria-describedby")
    chapter.keyboard.press("Tab")
    assert chapter.evaluate("document.activeElement.matches('article *')")
    assert link.evaluate("a => Boolean(a.compareDocumentPosition(document.activeElement) & 4)")
    middle(chapter, "h2", 3).evaluate("() => document.activeElement.blur()")
    assert no_card(chapter)


def test_the_card_keeps_to_its_link_when_the_page_above_it_grows(chapter):
    link = middle(chapter, TERM, 2)
    link.evaluate("link => link.focus({ focusVisible: true, preventScroll: true })")
    assert card(chapter).is_visible()
    chapter.evaluate("document.querySelector('h1').style.paddingBottom = '150px'")
    chapter.wait_for_function(
        """() => {
          const card = document.getElementById("preview").getBoundingClientRect();
          const lines = [...document.querySelector("[aria-describedby=preview]").getClientRects()];
          return lines.some((line) => Math.abs(card.top - line.bottom) < 2
            || Math.abs(card.bottom - line.top) < 2);
        }""",
        timeout=5000,
    )
    chapter.keyboard.press("Escape")
    assert no_card(chapter)


def test_a_card_shows_what_the_switch_has_folded_away(chapter):
    label = chapter.evaluate("""() => {
      const hidden = [...document.querySelectorAll("details.fold.check .cell")];
      return hidden.length && hidden.every((cell) => !cell.checkVisibility());
    }""")
    assert label, "the checks are folded"
    link = middle(chapter, ".ledger-back a.reference")
    link.hover()
    assert card(chapter).locator(".math").count() == 1
    assert away(chapter)


@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (390, "light")])
def test_the_first_tap_shows_the_card_and_the_second_follows(width, theme, open_page):
    page = open_page(
        address(CHAPTER), width=width, height=700, theme=theme, has_touch=True, is_mobile=True
    )
    for selector in (CITATION, FROM_ELSEWHERE):
        middle(page, selector).tap()
        box = card(page).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.touchscreen.tap(4, 690)
        assert no_card(page), "a tap beside it closes it"
    link = middle(page, TERM)
    link.tap()
    assert card(page).locator("p > a").last.inner_text() == "Go to the glossary →"
    assert page.url.endswith(f"{CHAPTER}.html"), "the first tap has followed the link"
    found = Axe().run(page, context={"include": [["#preview"]]}, options={"preload": False})
    assert found.violations_count == 0, found.generate_report()
    there = link.evaluate("link => link.href")
    link.tap()
    page.wait_for_url(there)


def test_the_way_on_a_card_leads_there_and_is_in_the_words_of_the_page(open_page):
    page = open_page(address(f"zh/{CHAPTER}"), width=390, has_touch=True, is_mobile=True)
    link = middle(page, EQUATION)
    link.tap()
    way = card(page).locator("p > a").last
    assert way.inner_text() == "转到这个公式 →"
    hash = link.evaluate("link => link.hash")
    way.tap()
    page.wait_for_function("hash => decodeURIComponent(location.hash) === hash", arg=hash)
    assert no_card(page)


def test_without_javascript_references_are_plain_links_and_paper_has_no_cards(open_page):
    page = open_page(address(CHAPTER), java_script_enabled=False)
    assert page.locator(CITATION).first.get_attribute("title")
    there = page.locator(TERM).first.get_attribute("href")
    page.locator(TERM).first.click()
    page.wait_for_url(f"**{there.removeprefix('..')}")
    page = open_page(address(CHAPTER))
    middle(page, TERM).hover()
    assert card(page).is_visible()
    page.emulate_media(media="print")
    assert not page.locator("#preview").is_visible()
