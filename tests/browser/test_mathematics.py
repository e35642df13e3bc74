"""Formulas, their numbers and their marks as a screen reader finds them."""

import re

import pytest
from test_book import address, settled

from built_book import CHAPTERS, PAGES

# For each formula of the text (a menu of its headings may be closed): what hides it, shows it
# twice, or leaves it without words.
FAULTS = """() => [...document.querySelectorAll("article .math")].flatMap((formula) => {
  const shown = formula.querySelectorAll("mjx-container > mjx-math");
  const spoken = formula.querySelectorAll("mjx-container > mjx-assistive-mml > math");
  const faults = [];
  if (!shown.length || shown.length !== spoken.length) faults.push("is not there twice");
  for (const glyphs of shown)
    if (glyphs.ariaHidden !== "true") faults.push("is read as a heap of glyphs");
  for (const words of spoken) {
    if (!words.textContent.trim()) faults.push("has no words");
    if (words.closest("[aria-hidden=true], [hidden]")) faults.push("is hidden from it");
    const { display, visibility } = getComputedStyle(words.parentNode);
    if (display === "none" || visibility === "hidden") faults.push("is not rendered for it");
  }
  return faults.map((fault) => `${formula.id || formula.innerText}: ${fault}`);
})"""


@pytest.mark.parametrize("name", PAGES)
def test_every_formula_is_there_for_a_screen_reader_and_its_glyphs_are_not(name, open_page):
    page = settled(open_page(address(name)))
    assert page.evaluate(FAULTS) == []
    assert name not in CHAPTERS or page.locator("article mjx-assistive-mml").count() > 3


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
    formulas = chapter.locator("mjx-container").count()
    assert formulas > 100 and len(named(tree, "MathMLMath", "math")) == formulas
    for part in ("Fraction", "Sup", "SquareRoot"):
        tag = {"Fraction": "mfrac", "Sup": "msup", "SquareRoot": "msqrt"}[part]
        inside = chapter.locator(f"mjx-assistive-mml {tag}").count()
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


def test_the_fonts_of_formulas_are_the_books_own_and_named_from_the_start(open_page):
    """Fonts that MathJax names when it sets the first formula make all be laid out anew."""
    page = open_page(address(CHAPTERS[1]))
    named = "[...document.fonts].filter((font) => font.family.startsWith('MJX')).length"
    at_first = page.evaluate(named)
    settled(page)
    assert at_first == page.evaluate(named) > 20
    rules = page.evaluate(
        "document.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules]).map((r) => r.cssText)"
    )
    assert any("mjx-" in rule for rule in rules) and not [r for r in rules if "font-face" in r]
    used = page.evaluate(
        "document.fonts.ready.then(() => ['MJXTEX', 'MJXTEX-I'].filter((name) =>"
        " [...document.fonts].some((f) => f.family === name && f.status === 'loaded')))"
    )
    assert used == ["MJXTEX", "MJXTEX-I"]


# What MathJax throws when a formula needs a part that has not come yet; it starts again then.
WAIT_FOR_A_PART = """() => {
  const { document: formulas } = MathJax.startup, { typeset } = formulas;
  formulas.typeset = () => {
    formulas.typeset = typeset;
    MathJax._.util.Retries.retryAfter(new Promise((done) => { window.come = done; }));
  };
  for (const sign of ["scroll", "keydown", "pointerdown"]) dispatchEvent(new Event(sign));
}"""


def test_a_formula_that_waits_for_a_part_of_mathjax_is_set_once(open_page):
    page = open_page(address(CHAPTERS[7]))
    page.wait_for_function("Boolean(window.MathJax?.typesetPromise)")
    page.wait_for_timeout(1000)  # those of the first screen are set
    page.evaluate(WAIT_FOR_A_PART)
    page.wait_for_function("Boolean(window.come)")
    page.wait_for_timeout(500)
    page.evaluate("come()")
    left = "document.querySelectorAll('article .math:not(:has(mjx-container))').length"
    page.wait_for_function(f"!{left}")
    twice = "document.querySelectorAll('article .math mjx-container ~ mjx-container').length"
    assert page.evaluate(twice) == 0
