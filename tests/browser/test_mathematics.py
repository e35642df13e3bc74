"""Formulas, their numbers and their marks as a screen reader finds them."""

import re

import pytest
from test_book import address, settled

from built_book import CHAPTERS, PAGES

# For each formula of the text (a menu of its headings may be closed): what hides it, shows it
# twice, or leaves it without words.
FAULTS = """() => [...document.querySelectorAll("article .math")].flatMap((formula) => {
  const set = formula.querySelectorAll("math"), faults = [];
  if (!set.length) faults.push("is not set");
  if (/\\\\[([]/.test(formula.textContent)) faults.push("is there as TeX");
  for (const words of set) {
    if (!words.textContent.trim()) faults.push("has no words");
    if (words.closest("[aria-hidden=true], [hidden]")) faults.push("is hidden from it");
    const { display, visibility } = getComputedStyle(words);
    const isClosed = words.closest(".toggle-hidden"); // to all
    const isUnseen = display === "none" || (visibility === "hidden" && !isClosed);
    if (isUnseen) faults.push("is not rendered for it");
  }
  return faults.map((fault) => `${formula.id || formula.innerText}: ${fault}`);
})"""


@pytest.mark.parametrize("name", PAGES)
def test_every_formula_is_there_for_a_screen_reader(name, open_page):
    page = settled(open_page(address(name)))
    assert page.evaluate(FAULTS) == []
    assert name not in CHAPTERS or page.locator("article math").count() > 3


OPEN = ":not(.toggle-hidden *)"  # what is folded away is so for all


@pytest.fixture(scope="module")
def chapter(open_shared):
    page = settled(open_shared(address(CHAPTERS[1])))
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    return page


@pytest.fixture(scope="module")
def tree(chapter):
    """What the browser hands to a screen reader."""
    session = chapter.context.new_cdp_session(chapter)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node["ignored"]]


def named(tree, *roles):
    """The names of the nodes that have one of the roles."""
    found = (node for node in tree if node["role"]["value"] in roles)
    return [node.get("name", {}).get("value", "") for node in found]


def test_the_tree_has_each_formula_once_with_its_structure(chapter, tree):
    formulas = chapter.locator(f"article math{OPEN}").count()
    assert formulas > 100 and len(named(tree, "MathMLMath", "math")) == formulas
    for part in ("Fraction", "Sup", "SquareRoot"):
        tag = {"Fraction": "mfrac", "Sup": "msup", "SquareRoot": "msqrt"}[part]
        inside = chapter.locator(f"article math {tag}{OPEN}").count()
        assert len(named(tree, f"MathML{part}")) == inside > 5


def test_the_number_of_an_equation_is_read_and_its_mark_says_what_it_means(chapter, tree):
    numbers = re.findall(r"\(\d+\.\d+\)", " ".join(chapter.locator(".eqno").all_inner_texts()))
    read = " ".join(named(tree, "StaticText"))
    assert len(numbers) > 10 and all(number in read for number in numbers)
    links = named(tree, "link")
    marks = [name for name in links if name.startswith("checked ")]
    assert len(marks) == chapter.locator("a.ledger-mark").count() > 10
    form = re.compile(r"checked [\w ]+: go to the check of equation \d+\.\d+")
    assert all(form.fullmatch(name) for name in marks) and "✓" not in links


def test_what_is_far_below_the_window_is_in_the_tree_too(chapter, tree):
    """The heavy parts of a page are laid out late: a part that never is would not be found."""
    headings = chapter.locator("main :is(h1, h2, h3)").count()
    assert len(named(tree, "heading")) >= headings > 10
    figures = chapter.locator("main .lv-figure [role=img]:visible").count()
    assert len(named(tree, "image", "img")) >= figures > 5


def test_the_font_of_formulas_is_the_books_own(open_page):
    page = settled(open_page(address(CHAPTERS[1])))
    status = "document.fonts.ready.then(() => [...document.fonts].filter((font) => FONT).length)"
    assert page.evaluate(status.replace("FONT", "/Book Math/.test(font.family)")) == 1
    page.wait_for_function(
        status.replace("FONT", "/Book Math/.test(font.family) && font.status === 'loaded'")
    )
    session = page.context.new_cdp_session(page)
    for call in ("DOM", "CSS"):
        session.send(f"{call}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": root, "selector": "article div.math mi"}
    node = session.send("DOM.querySelector", query)["nodeId"]
    used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert used and all(font["isCustomFont"] for font in used), "a sign comes from elsewhere"
