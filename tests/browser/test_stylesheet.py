"""The common style sheet has every rule for what pages and their scripts ever show."""

import pytest
import tinycss2

from book.web import stylesheet
from built_book import HTML, page_path

ASSETS = HTML / "_static"
# The second by no page, the third by browsers without scripts.
NOT_ASKED_FOR = {stylesheet.NAME, "sphinx-design.min.css"}
SEEN = """
window.seen = new Set();
const note = (element) => {
  if (element.id) seen.add(element.id);
  element.classList?.forEach((name) => seen.add(name));
};
new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    note(target);
    for (const node of addedNodes) {
      note(node);
      node.querySelectorAll?.("*").forEach(note);
    }
  }
}).observe(document, { subtree: true, childList: true, attributeFilter: ["class", "id"] });
"""


@pytest.fixture
def visit(open_page):
    """Open a page of the book that notes the classes and places of all that ever stands in it."""

    def opened(name, query="", **options):
        return open_page(page_path(name).as_uri() + query, script=SEEN, **options)

    return opened


def rules(css, used):
    """Return the rules of a sheet that are for classes and places in use."""
    found = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return {stylesheet.written(rule, used) for rule in found} - {""}


def check(page, *expected):
    """Every rule for what was seen is in the common sheet."""
    seen = set(page.evaluate("[...seen]"))
    assert seen.issuperset(expected), f"{set(expected) - seen} did not show"
    common = rules((ASSETS / stylesheet.NAME).read_text(encoding="utf-8"), seen)
    for sheet in sorted(path for path in ASSETS.rglob("*.css") if path.name not in NOT_ASKED_FOR):
        text = stylesheet.whole(ASSETS, sheet.relative_to(ASSETS).as_posix())
        missing = rules(text, seen) - common
        assert not missing, f"{sheet.name}: {sorted(missing)}"


def test_in_a_chapter(visit):
    page = visit("chapters/02-brownian-motion", width=1300)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    page.locator(".formula").first.wait_for(state="attached")
    for button in page.locator(".article-header-buttons [data-bs-toggle=tooltip]:visible").all():
        button.hover()
        page.locator(".tooltip.show").first.wait_for()
    page.locator(".highlight").first.hover()
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    check(page, "tooltip-inner", "bs-tooltip-auto", "copybtn", "lv-explore")


def test_on_the_search_page(visit):
    page = visit("search", "?q=kramers")
    page.locator("main .found li").first.wait_for()
    check(page, "found", "asked", "around", "formula")


@pytest.mark.parametrize("name", ["appendix/api", "appendix/ledger", "genindex", "404"])
def test_on_pages_of_other_kinds(visit, name):
    check(visit(name))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_of_code_without_a_mark_have_the_ink_of_code(open_page, theme):
    page = open_page(page_path("chapters/02-brownian-motion").as_uri(), theme=theme)
    inks = page.evaluate(
        "[...document.querySelectorAll('.highlight, .highlight pre')].map("
        "(code) => getComputedStyle(code).color)"
    )
    assert len(inks) > 2 and len(set(inks)) == 1
