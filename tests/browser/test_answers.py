"""Answers typed into the pages: judged as Python's `check` judges them, remembered, forgotten."""

import json
import math
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from test_book import address, reading, settled

from built_book import HTML, ROOT
from chromium import until
from langevin import exercises

SCRIPT = ROOT / "assets" / "answers.js"
SEALED = json.loads(exercises.SEALED.read_text(encoding="utf-8"))
OFF = (0.5, 1 / 1.021, 1 / 1.0001, 1.0, 1.0001, 1.021, -1.0, 0.0, 1e6)  # factors of an answer
CHAPTER = "chapters/02-brownian-motion"
EXERCISE, RIGHT, WRONG = "ex-walk-100", "0.7287", "0.6827"
IN_CHAPTER = 'form.answer[data-exercise="{}"]'


@pytest.fixture(scope="module")
def script(browser):
    """The page's script: `word` of an entry and what is typed, `digest` of an entry and a word."""
    page = browser.new_page()
    page.add_script_tag(path=SCRIPT)

    def call(function, rows):
        code = f"""rows => rows.map(([sealed, text]) => {{
          try {{ return answers.{function}(sealed, text); }} catch {{ return null; }}
        }})"""
        return page.evaluate(code, rows)

    yield SimpleNamespace(
        words=lambda rows: call("wordOf", rows), digests=lambda rows: call("digest", rows)
    )
    page.close()


def word(entry, answer):
    """Return what Python makes the digest of; None where it takes the answer for an odd one."""
    try:
        return f"{entry['kind']}:{getattr(exercises, '_' + entry['kind'])(entry, answer)}"
    except exercises._OddAnswer:
        return None


def middle(entry):
    """Return a number in the middle of some bin of an entry: it could be the answer."""
    number = round((math.log(2.5) - entry["phase"]) / entry["width"])
    place = entry["phase"] + number * entry["width"]
    return math.exp(place) if entry["scale"] == "log" else place


def test_every_exercise_has_a_kind_that_the_page_can_judge():
    code = SCRIPT.read_text(encoding="utf-8")
    for kind in {entry["kind"] for entry in SEALED.values()}:
        assert f"\n    {kind}(typed" in code or f"\n    {kind}: " in code, kind


def test_numbers_right_wrong_and_far_off_are_put_in_pythons_bins(script):
    numbers = [entry for entry in SEALED.values() if entry["kind"] == "number"]
    rows = [(entry, repr(middle(entry) * factor)) for entry in numbers for factor in OFF]
    rows += [(entry, text) for entry in numbers for text in ("1e308", "-1e-300", "0", "12")]
    assert len(rows) > 1000
    assert script.words(rows) == [word(entry, float(text)) for entry, text in rows]


def test_every_exercise_accepts_the_digest_that_python_makes(script):
    """Each has an answer put in place of its own, which nobody tells: the digests must agree."""
    given = {"number": middle, "text": lambda entry: "c", "truth": lambda entry: True}
    given |= {"set": lambda entry: {"1", "b"}, "expression": lambda entry: entry["symbols"][0]}
    rows = [(entry, word(entry, given[entry["kind"]](entry))) for entry in SEALED.values()]
    answers = [given[entry["kind"]](entry) for entry in SEALED.values()]
    ours = [exercises._digest(row[0], answer) for row, answer in zip(rows, answers, strict=True)]
    assert script.digests(rows) == ours


def test_the_digest_is_right_for_words_of_any_length(script):
    lengths = [0, 1, 40, 47, 48, 54, 55, 56, 57, 63, 64, 110, 111, 112, 119, 120, 121, 200]
    texts = ["é" * (n % 2) + "x" * (n - 2 * (n % 2)) for n in lengths if n > 1]
    entry = {"kind": "text", "salt": "00ff10a007e0c3d4"}
    rows = [(entry, f"text:{text}") for text in texts]
    assert script.digests(rows) == [exercises._digest(entry, text) for text in texts]


LINEAR = {"kind": "number", "scale": "linear", "width": 1, "phase": 0}
WRITTEN = [
    ("2.5", 2.5), (" 2.5 ", 2.5), ("2.5E-1", 0.25), (".5", 0.5), ("5.", 5.0), ("1_000", 1000),
    ("+3", 3), ("−3", -3), ("-2**2", -4), ("2**3**2", 512), ("2**-1", 0.5), ("-2^-2", -0.25),
    ("2*math.pi/3", 2 * math.pi / 3), ("2π/3".replace("2", "2*"), 2 * math.pi / 3),
    ("np.exp(-2)", math.exp(-2)), ("sqrt(2) - ln(3)", math.sqrt(2) - math.log(3)),
    ("(1 + 2)*(3 - 5)/4", -1.5), ("1 - 2 - 3", -4), ("8/4/2", 1), ("2 * -3", -6), ("--2", 2),
    ("2×10^-3", 2e-3), ("4·10⁻³", 4e-3), ("10²", 100), ("τ = 0.3", 0.3), ("２．５", 2.5),
    ("2 pi", 2 * math.pi), ("e^5/2", math.e**5 / 2), ("2e3*e", 2000 * math.e),
    ("abs(-tanh(1))", math.tanh(1)),
]  # fmt: skip
NOT_A_NUMBER = [
    "two", "1,5", "1/0", "0/0", "sqrt(-1)", "ln(0)", "2 m", "2pi", "1e400", "1e", "(1", "1)", "()",
    "1 000", "1..2", "1.2.3", "2 3", "1j", "0x", "=", "*", "x", "[2]", "{2}", "nan", "inf", "True",
    "50%", "$5", "__import__('os')", "constructor(1)", "toString", "hasOwnProperty(1)", "exp",
    "½", "2½", "(" * 900, "9**9**9",
]  # fmt: skip


def test_numbers_may_be_written_as_sums_in_python_or_by_hand(script):
    fine = LINEAR | {"width": 1e-9}
    rows = [(fine, text) for text, _ in WRITTEN]
    assert script.words(rows) == [word(fine, value) for _, value in WRITTEN]


def test_what_is_no_number_is_neither_right_nor_wrong(script):
    assert script.words([(LINEAR, text) for text in NOT_A_NUMBER]) == [None] * len(NOT_A_NUMBER)
    assert not any(word(LINEAR, text) for text in NOT_A_NUMBER)


def test_halfway_between_two_bins_python_takes_the_even_one(script):
    texts = ["0.5", "1.5", "2.5", "-0.5", "-1.5", "-2.5", "0.49", "-0.1", "1e22", "7e300"]
    words = script.words([(LINEAR, text) for text in texts])
    assert words == [word(LINEAR, float(text)) for text in texts]


def test_texts_truths_and_sets_are_read_as_python_reads_them(script):
    texts = [
        "c",
        "C",
        "(c)",
        "c.",
        " “Stokes  friction” ",
        "STRASSE",
        "straße",
        "a b\tc",
        "?!",
        "Ω",
    ]
    assert script.words([({"kind": "text"}, text) for text in texts]) == [
        word({"kind": "text"}, text) for text in texts
    ]
    truths = ["yes", "No", "(TRUE)", "f", "False.", "y", "n", "maybe", "toString", "1"]
    assert script.words([({"kind": "truth"}, text) for text in truths]) == [
        word({"kind": "truth"}, text) for text in truths
    ]
    sets = {
        "{1, 2}": {1, 2}, "2,1,1": {1, 2}, "[0.1, 1/3]": {0.1, 1 / 3}, "a; B": {"a", "b"},
        "{'a', \"b\"}": {"a", "b"}, "1e-5, 123456789012, 0.0001": {1e-5, 123456789012, 1e-4},
        "pi, -0.5, 2e20": {"pi", -0.5, 2e20}, "（1，2）": {1, 2}, "": set(),
    }  # fmt: skip
    assert script.words([({"kind": "set"}, text) for text in sets]) == [
        word({"kind": "set"}, answer) for answer in sets.values()
    ]


FORMULA = {
    "kind": "expression", "symbols": ["k_B", "T", "lam", "omega"], "width": 0.002,
    "points": [[0.7, 1.9, 1.3, 0.6], [1.1, 0.8, 1.7, 1.2], [1.6, 1.4, 0.9, 1.8]],
    "phases": [0.0003, 0.0011, 0.0017],
}  # fmt: skip
FORMULAS = [
    "k_B*T/lam", "T*k_B/λ", "k_B T / lam", "k_B·T/(lam × omega^2)", "-T**2", "2**-T", "T**lam**2",
    "⟨x²⟩ = k_B·T / (lam·ω²)", "exp(ln(k_B) + log(T)) + 0*pi", "sqrt(T - 1)", "ln(omega - 1.2)",
    "1/(T - T)", "T - T", "10**10**10", "abs(-T) Abs(lam)", "tanh(T) - cosh(lam)*sinh(k_B)", "3",
    "sin(T)/cos(T) - tan(T)", "(T + lam) omega", "+T - -lam", "1e-3 T", "exp(1000*T)",
]  # fmt: skip
NO_FORMULA = [
    "kT/lam", "f(T)", "2k_B", "T.real", "sqrt(T, T)", "(lambda: 1)()", "__import__('os')", "T T)",
    "T if T else lam", "T[0]", "'T'", "T == lam ==", "sqrt", "log", "T(lam)", "constructor", "e",
]  # fmt: skip


@pytest.mark.skipif(not hasattr(exercises, "_expression"), reason="no exercise asks for a formula")
def test_formulas_have_the_values_that_python_finds(script):
    rows = [(FORMULA, text) for text in FORMULAS]
    assert script.words(rows) == [word(FORMULA, text) for text in FORMULAS]
    assert script.words([(FORMULA, text) for text in NO_FORMULA]) == [None] * len(NO_FORMULA)
    assert not any(word(FORMULA, text) for text in NO_FORMULA)


def answered(page, typed, exercise=EXERCISE):
    """Type an answer, press Enter, and return what the page says and the hint that it shows."""
    reading(page)
    form = page.locator(IN_CHAPTER.format(exercise))
    form.locator("input").fill(typed)
    form.locator("input").press("Enter")
    hint = form.locator(".hint")
    return form.locator(".verdict").inner_text(), hint.inner_text() if hint.is_visible() else ""


SAYS = "words => document.querySelector('.solved-everywhere').textContent.startsWith(words)"


def count(page, place=".solved-here"):
    return page.locator(f"{place} span").text_content()


@pytest.fixture(params=["http", "file"])
def site(request, server):
    return server if request.param == "http" else HTML.as_uri()


def test_an_answer_is_judged_remembered_saved_forgotten_and_loaded(site, open_page, tmp_path):
    page = open_page(f"{site}/{CHAPTER}.html")
    number = page.locator("form.answer").count()
    assert answered(page, " ") == ("There is no answer yet.", "")
    assert answered(page, "two")[0].startswith("A finite number is wanted")
    assert answered(page, WRONG) == ("Not yet.", SEALED[EXERCISE]["hint"])
    assert count(page) == f"0 of {number} solved"
    assert answered(page, f"{RIGHT}0 * 1") == ("Right!", "")
    assert count(page) == f"1 of {number} solved"
    assert answered(page, WRONG)[0] == "Not yet."  # solved it stays

    page.reload()
    reading(page)
    form = page.locator(IN_CHAPTER.format(EXERCISE))
    assert form.locator("input").input_value() == f"{RIGHT}0 * 1"
    assert form.locator(".verdict").text_content() == "Right!"
    page.locator(".solved-here a").click()
    page.wait_for_url("**/intro.html#solved-exercises")
    everywhere = page.locator(".solved-everywhere")
    assert f"1 of {len(SEALED)} exercises" in everywhere.text_content()
    with page.expect_download() as download:
        everywhere.get_by_role("button", name="Save").click()
    kept = download.value.path()
    saved = json.loads(kept.read_text(encoding="utf-8"))
    assert saved == {EXERCISE: {"answer": f"{RIGHT}0 * 1", "digest": SEALED[EXERCISE]["digest"]}}

    page.once("dialog", lambda dialog: dialog.dismiss())
    everywhere.get_by_role("button", name="Erase").click()
    assert f"1 of {len(SEALED)}" in everywhere.text_content()
    page.once("dialog", lambda dialog: dialog.accept())
    everywhere.get_by_role("button", name="Erase").click()
    assert f"0 of {len(SEALED)}" in everywhere.text_content()
    page.goto(f"{site}/{CHAPTER}.html")
    assert count(page) == f"0 of {number} solved"
    assert reading(page).locator(IN_CHAPTER.format(EXERCISE)).locator("input").input_value() == ""

    page.goto(f"{site}/intro.html")
    other = tmp_path / "other.json"
    for text in ("", "[1]", '{"a": {"answer": 1}}', '{"a": "b"}'):
        page.reload()
        other.write_text(text, encoding="utf-8")
        everywhere.get_by_label("Load").set_input_files(other)
        page.wait_for_function(SAYS, arg="This file holds no answers")
    everywhere.get_by_label("Load").set_input_files(kept)
    page.wait_for_function(SAYS, arg=f"1 of {len(SEALED)}")
    page.goto(f"{site}/{CHAPTER}.html")
    assert count(page) == f"1 of {number} solved"


REFUSED = """for (const name of ["getItem", "setItem"]) {
  const own = Storage.prototype[name];
  Storage.prototype[name] = function (key, ...value) {
    if (key.startsWith("the-elegant-link")) throw new DOMException("no");
    return own.call(this, key, ...value);
  };
}"""
STRANGE = """localStorage.setItem("the-elegant-link: solved", {!r})"""
SOME = json.dumps({"ex-walk-100": {"answer": "3", "digest": "of another question"}})
HALF = json.dumps({"ex-walk-100": None, "ex-own-coin": {"answer": 3}})


@pytest.mark.parametrize("before", [REFUSED, *map(STRANGE.format, ("{", "null", "[]", HALF, SOME))])
def test_what_the_browser_keeps_may_be_missing_broken_or_old(before, open_page):
    page = open_page(address(CHAPTER), script=before)
    assert count(page).startswith("0 of ")
    assert answered(page, RIGHT) == ("Right!", "")
    assert count(page).startswith("1 of ")
    if before != REFUSED:
        assert EXERCISE in page.evaluate("localStorage.getItem('the-elegant-link: solved')")


def test_a_verdict_goes_with_the_answer_that_it_is_of(open_page):
    page = open_page(address(CHAPTER))
    assert answered(page, RIGHT)[0] == "Right!"
    form = page.locator(IN_CHAPTER.format(EXERCISE))
    form.locator("input").press_sequentially("1")
    assert form.locator(".verdict").text_content() == ""


def test_after_going_back_the_choice_is_the_one_that_was_judged(open_page):
    page = reading(open_page(address("chapters/03-langevin-equation")))
    choices = page.locator(IN_CHAPTER.format("ex-noise-unit")).get_by_role("radio")
    choices.nth(0).check()
    page.goto(address("intro"))
    page.go_back()
    page.wait_for_load_state("load")
    reading(page)
    assert not choices.nth(0).is_checked(), "chosen, and never judged"


def test_a_choice_is_made_among_words(open_page):
    label = "ex-noise-unit"
    page = reading(open_page(address("chapters/03-langevin-equation")))
    form = page.locator(IN_CHAPTER.format(label))
    form.get_by_role("button", name="Check").click()
    assert form.locator(".verdict").inner_text() == "Nothing is chosen yet."
    said = []
    for choice in form.get_by_role("radio").all():
        choice.check()
        choice.press("Enter")
        said.append(form.locator(".verdict").inner_text())
    assert sorted(said) == ["Not yet."] * 3 + ["Right!"]


def test_without_scripts_a_sentence_stands_in_place_of_each_field(browser):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address(CHAPTER))
        assert page.locator("form.answer").count() > 5
        assert not page.locator("form.answer:visible, .solved-here:visible").count()
        sentences = page.get_by_text("To answer here needs JavaScript")
        assert sentences.count() == page.locator("form.answer").count()
        assert sentences.first.is_visible()


def test_with_scripts_no_such_sentence_is_left(open_page):
    page = settled(open_page(address(CHAPTER)))
    assert not page.get_by_text("needs JavaScript").count()
    assert not page.locator("form.answer:not(:visible)").count()


@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (1200, "light")])
@pytest.mark.parametrize("chapter", [CHAPTER, "chapters/03-langevin-equation", "intro"])
def test_the_fields_fit_are_seen_and_axe_finds_nothing(chapter, open_page, theme, width):
    page = settled(open_page(address(chapter), theme=theme, width=width))
    if chapter == CHAPTER:
        answered(page, WRONG)
        answered(page, RIGHT, EXERCISE)
        answered(page, "0", "ex-diffusion-bead")
    own = ".solved-everywhere" if chapter == "intro" else "form.answer"
    boxes = page.locator(f":is({own}, .solved-here, .run-exercise) :is(input, button, p, a)").all()
    assert boxes
    for box in filter(None, [part.bounding_box() for part in boxes]):
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    page.evaluate("document.getAnimations().forEach(change => change.finish())")
    found = Axe().run(page, context={"include": [[own]]}, options={"preload": False})
    assert found.violations_count == 0, found.generate_report()


def test_the_focus_is_seen(open_page):
    page = reading(open_page(address(CHAPTER)))
    page.locator(IN_CHAPTER.format(EXERCISE)).locator("input").focus()
    page.keyboard.press("Tab")
    for _ in range(2):
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        page.keyboard.press("Shift+Tab")


def test_a_field_is_printed_as_a_line_to_write_on(open_page):
    page = reading(open_page(address(CHAPTER)))
    page.emulate_media(media="print")
    form = page.locator(IN_CHAPTER.format(EXERCISE))
    widths = form.locator("input").evaluate("input => getComputedStyle(input).borderWidth")
    assert widths == "0px 0px 1px"
    assert not form.locator("button").is_visible()


def test_the_chinese_page_says_it_in_chinese(open_page):
    page = open_page(address("zh/chapters/10-sgd-as-langevin"))
    said, hint = answered(page, "1000", "ex-heat-price")
    assert said == "还不对。"
    assert hint and hint != SEALED["ex-heat-price"]["hint"]
    until(page, "document.querySelector('.solved-here span').textContent.startsWith('已解出 0')")
