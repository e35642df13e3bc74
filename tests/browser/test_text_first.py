"""A chapter is a page to read: code and checks are lines, and a switch in the header opens them."""

import re

import pytest
from test_book import address, settled

from book.sources.equations import KINDS, MARKS
from built_book import CHAPTERS

CHAPTER = "chapters/06-escape"
STATES = ("text", "code", "checks")
LARGEST = 0.12  # of a chapter's height, for code and checks

# Heights: of a chapter, and of its code, checks, printed output and the lines that open them.
HEIGHTS = """() => {
  const article = document.querySelector("article.bd-article");
  const code = ".folds, .ledger-back, details.fold, details.hide, .cell_input, "
    + ".cell_output:not(:has(figure))";
  const height = (part) => part.getBoundingClientRect().height;
  const parts = [...article.querySelectorAll(code)].filter((p) => !p.parentElement.closest(code));
  return [height(article), parts.reduce((sum, part) => sum + height(part), 0)];
}"""
OPEN = "(name) => [...document.querySelectorAll(`details.fold.${name}`)].map((fold) => fold.open)"


def is_open(page):
    """Tell which folds are open, the code's and the checks'; of each kind all are or none is."""
    found = [set(page.evaluate(OPEN, name)) for name in ("code", "check")]
    assert all(len(states) == 1 for states in found)
    return tuple(states.pop() for states in found)


def chosen(page):
    return page.locator(".show input:checked").get_attribute("value")


@pytest.mark.parametrize("name", CHAPTERS)
def test_code_and_checks_take_little_of_a_chapter(name, open_page):
    whole, code = settled(open_page(address(name), width=1440)).evaluate(HEIGHTS)
    assert 0 < code < LARGEST * whole, f"{code / whole:.1%} of {name}"


@pytest.mark.parametrize(
    ("state", "folds"),
    [("text", (False, False)), ("code", (True, False)), ("checks", (True, True))],
)
def test_a_link_says_what_is_shown_and_leads_to_its_place(state, folds, open_page):
    place = "kramers-stroke"
    page = open_page(f"{address(CHAPTER)}?show={state}#{place}")
    assert chosen(page) == state and is_open(page) == folds
    page.wait_for_timeout(2000)
    top = page.evaluate(
        "(name) => document.getElementById(name).getBoundingClientRect().top", place
    )
    assert 0 <= top < 300


def test_the_switch_works_by_keyboard_and_is_remembered(open_page):
    page = open_page(address(CHAPTER))
    assert chosen(page) == "text" and is_open(page) == (False, False)
    page.locator(".show input:checked").focus()
    page.keyboard.press("ArrowRight")
    assert chosen(page) == "code" and is_open(page) == (True, False)
    page.goto(address(CHAPTERS[0]))
    assert chosen(page) == "code" and is_open(page) == (True, False)
    page.goto(f"{address(CHAPTERS[0])}?show=text")  # a link is for once
    assert is_open(page) == (False, False)
    page.goto(address(CHAPTERS[0]))
    assert is_open(page) == (True, False)


@pytest.mark.parametrize("stored", ["'?'", "null"])
def test_what_makes_no_sense_shows_the_text(stored, open_page):
    script = f"try {{ localStorage.setItem('show', {stored}); }} catch {{}}"
    page = open_page(f"{address(CHAPTER)}?show=all", script=script)
    assert chosen(page) == "text" and is_open(page) == (False, False)


@pytest.mark.parametrize("width", [320, 390, 1300])
def test_the_switch_is_in_the_window_at_first(width, open_page):
    page = open_page(address(CHAPTER), width=width)
    for label in page.locator(".show label").all():
        box = label.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["height"] >= 24
        at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        assert page.evaluate(
            "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.show'))", at
        )


def test_a_check_is_a_line_with_its_mark_that_opens_it(open_page):
    page = open_page(address(CHAPTER))
    lines = page.locator("details.check > summary").all_text_contents()
    assert len(lines) > 20
    marks = {mark: KINDS[kind] for kind, mark in MARKS.items()}
    for line in lines:
        mark, words = re.fullmatch(r"(\S+) checked (.+)", line).groups()
        assert words.startswith(marks[mark])
    line = page.locator("details.check > summary").first
    line.focus()
    page.keyboard.press("Enter")
    code = page.locator("details.check").first.locator(".cell_input")
    assert code.is_visible() and "ledger." in code.inner_text()


def test_the_code_of_a_figure_stands_below_it_and_says_how_long_it_is(open_page):
    page = open_page(address(CHAPTER))
    bars = page.locator(".cell:has(figure) > details.fold")
    assert bars.count() > 5
    for bar in bars.all():
        lines = bar.locator("pre").text_content().strip().splitlines()
        words = bar.locator("summary").text_content().strip()
        assert words == f"code of this figure · {len(lines)} lines"
        assert bar.evaluate("bar => bar.previousElementSibling.matches('.cell_output')")


@pytest.mark.parametrize(
    ("name", "words"),
    [(CHAPTER, "def step(x, rng"), ("chapters/12-sampling-with-langevin", "def mala_step(")],
)
def test_the_short_code_of_a_step_is_part_of_the_text(name, words, open_page):
    page = settled(open_page(address(name)))
    assert page.locator(".cell_input pre", has_text=words).first.is_visible()
    exercises = page.locator(".exercise").count()
    assert page.locator("form.answer:visible").count() >= exercises - 1 > 3


def test_without_javascript_all_is_there_and_no_switch(open_page):
    page = open_page(address(CHAPTER), java_script_enabled=False)
    assert not page.locator(".show").is_visible()
    assert page.locator(".cell_input pre", has_text="ledger.symbolic(").first.is_visible()
    assert page.locator(".cell_input pre", has_text="def escape_steps").first.is_visible()


@pytest.mark.parametrize("state", STATES)
def test_paper_shows_what_the_switch_says_dark_on_white(state, open_page):
    page = open_page(f"{address(CHAPTER)}?show={state}", theme="dark")
    page.emulate_media(media="print")
    page.wait_for_function("document.documentElement.dataset.theme === 'light'")
    code = page.locator(".cell_input pre", has_text="def escape_steps").first
    check = page.locator(".cell_input pre", has_text="ledger.symbolic(").first
    assert (code.is_visible(), check.is_visible()) == (state != "text", state == "checks")
    assert page.locator("details.check > summary").first.is_visible()
    colours = page.evaluate(
        "['color', 'backgroundColor'].map((name) => getComputedStyle(document.body)[name])"
    )
    ink, paper = (sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours)
    assert ink < 200 and paper in (0, 765), colours  # 0: none, transparent
    page.emulate_media(media="screen")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")


def test_the_chinese_page_says_it_in_chinese(open_page):
    page = open_page(address("zh/chapters/10-sgd-as-langevin"))
    assert page.locator(".show label").all_inner_texts() == ["正文", "代码", "验证"]
    lines = page.locator("details.fold > summary").all_text_contents()
    assert lines and not [line for line in lines if re.search("[a-z]{4}", line)]


def test_after_going_back_the_switch_says_what_is_open(open_page):
    page = open_page(address(CHAPTER))
    page.locator(".show").get_by_text("checks").click()
    page.goto(address("chapters/11-momentum-and-adam"))
    page.locator(".show").get_by_text("text").click()
    page.go_back()
    page.wait_for_load_state("load")
    assert chosen(page) == "text" and is_open(page) == (False, False)


def test_an_address_that_no_place_can_have_stops_no_script(open_page):
    page = open_page(f"{address(CHAPTER)}#%E0%A4%A")
    assert chosen(page) == "text"


def test_the_switch_keeps_the_place_of_the_reader(open_page):
    page = open_page(address(CHAPTER))
    page.wait_for_load_state("load")
    section = page.locator("article > section > section").nth(5).locator("h2")
    top = "heading => heading.getBoundingClientRect().top"
    under_header = "heading => scrollBy({ top: TOP - 80, behavior: 'instant' })"
    section.evaluate(under_header.replace("TOP", "heading.getBoundingClientRect().top"))
    settled(page)  # or what is laid out above it moves it, too
    section.evaluate(under_header.replace("TOP", "heading.getBoundingClientRect().top"))
    before = section.evaluate(top)
    for state in ("checks", "text", "code"):
        page.locator(f".show input[value={state}]").dispatch_event("click")
        assert chosen(page) == state
        assert section.evaluate(top) == pytest.approx(before, abs=3)


def test_a_mark_opens_its_check_where_text_alone_is_shown(open_page):
    page = open_page(address(CHAPTER))
    mark = page.locator("a.ledger-mark[href^='#']").nth(2)
    label = mark.get_attribute("href").removeprefix("#check-")
    mark.click()
    check = page.locator(f"[id='check-{label}'] + details.check")
    assert check.get_attribute("open") is not None
    assert f'"{label}"' in check.locator(".cell_input").inner_text()
    assert page.locator("details.check[open]").count() == 1
    again = open_page(page.url)
    assert again.locator(f"[id='check-{label}'] + details.check[open]").count() == 1


def test_the_switch_works_where_the_device_remembers_nothing(open_page):
    script = """for (const name of ["getItem", "setItem"])
      Storage.prototype[name] = () => { throw new DOMException("denied", "SecurityError"); };"""
    page = open_page(address(CHAPTER), script=script)
    assert chosen(page) == "text" and is_open(page) == (False, False)
    page.locator(".show").get_by_text("checks").click()
    assert chosen(page) == "checks" and is_open(page) == (True, True)
    page.goto(address(CHAPTERS[0]))
    assert chosen(page) == "text" and is_open(page) == (False, False)
