"""No formula is cut: what is wider than its place scrolls there, says so, and keys reach it."""

import pytest
from test_book import address, settled

from built_book import CHAPTERS

# For each formula of a chapter that goes on beyond what shows it: its beginning, and what is wrong.
CUT = """() => [...document.querySelectorAll("article .formula")].flatMap((box) => {
  const { left, right, width } = box.querySelector("math").getBoundingClientRect();
  if (!width || box.closest("table, .toggle-hidden")) return [];  // a table scrolls as a whole
  const told = `${box.innerText.slice(0, 30)} (${Math.round(width)} px)`;
  for (let part = box; part !== document.body; part = part.parentElement) {
    const { overflowX, maskImage } = getComputedStyle(part);
    if (overflowX === "visible") continue;
    const place = part.getBoundingClientRect();
    if (left >= place.left - 2 && right <= place.right + 2) continue;
    if (overflowX !== "auto" && overflowX !== "scroll") return [`${told} is cut`];
    if (maskImage === "none") return [`${told} scrolls, and nothing shows it`];
    return part.tabIndex === 0 ? [] : [`${told} does not scroll by keys`];
  }
  return left < 0 || right > innerWidth ? [`${told} leaves the page`] : [];
})"""
WIDTHS = (320, 360, 390)


@pytest.mark.parametrize("name", [*CHAPTERS, "zh/chapters/10-sgd-as-langevin", "appendix/ledger"])
def test_no_formula_is_cut_on_a_phone(name, open_page):
    page = settled(open_page(address(name), width=WIDTHS[0]))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)  # sizes are told after the layout
        assert page.evaluate(CUT) == [], f"at {width} px"


def test_a_wide_formula_scrolls_by_keys_and_fades_where_it_goes_on(open_page):
    page = settled(open_page(address("chapters/06-escape"), width=WIDTHS[0]))
    box = page.locator("#equation-eq-kramers-switch .formula")
    assert box.get_attribute("data-more") == "right"
    box.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "box => box.dataset.more === 'left'", arg=box.element_handle(), timeout=5000
    )


# By how much what is in a column that ends at the right stays away from the column's end.
GAPS = """() => [...document.querySelectorAll("article .tml-right")].map((cell) =>
  cell.getBoundingClientRect().right
    - Math.max(...[...cell.children].map((part) => part.getBoundingClientRect().right)))"""


def test_the_signs_of_aligned_equations_stand_below_each_other(open_page):
    gaps = settled(open_page(address("chapters/03-langevin-equation"))).evaluate(GAPS)
    assert len(gaps) > 5 and max(gaps) < 1.5


# Room that the sign of a root has before what is below it, in parts of the size of its letters.
SIGNS = """() => [...document.querySelectorAll("article msqrt")].map((root) =>
  (root.firstElementChild.getBoundingClientRect().left - root.getBoundingClientRect().left)
    / parseFloat(getComputedStyle(root).fontSize))"""


def test_the_sign_of_each_root_is_seen(open_page):
    signs = settled(open_page(address("chapters/06-escape"))).evaluate(SIGNS)
    assert len(signs) > 5 and min(signs) > 0.4


def test_on_a_phone_the_number_of_an_equation_stands_below_it(open_page):
    page = settled(open_page(address("chapters/06-escape"), width=WIDTHS[0]))
    equation = page.locator("#equation-eq-kramers-switch")
    number, formula = equation.locator(".eqno"), equation.locator(".formula")
    above, below = formula.bounding_box(), number.bounding_box()
    assert above["y"] + above["height"] <= below["y"] + 1
    assert below["x"] + below["width"] <= WIDTHS[0]


@pytest.mark.parametrize("name", ["chapters/06-escape", "appendix/ledger"])
def test_without_scripts_the_browser_sets_the_formulas(name, open_page):
    page = open_page(address(name), width=WIDTHS[0], java_script_enabled=False)
    words = page.locator("article").inner_text()
    assert "\\(" not in words and "\\[" not in words
    hidden = page.locator("article div.math math").evaluate_all(
        "all => all.filter(m => m.getBoundingClientRect().width < 1).map(m => m.innerHTML)"
    )
    assert page.locator("article div.math math").count() > 10 and hidden == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= WIDTHS[0]


def test_without_javascript_no_button_is_shown_that_does_nothing(open_page):
    page = open_page(address(CHAPTERS[0]), java_script_enabled=False)
    shown = [one for one in page.locator(".bd-header-article button").all() if one.is_visible()]
    assert shown, "two menus open without scripts"
    assert all("dropdown-toggle" in one.get_attribute("class") for one in shown)
