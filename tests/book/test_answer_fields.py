"""Every exercise has a field on its page, with what the library knows of its answer and no more."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from book.web.answers import SCRIPT, question
from built_book import CHAPTERS, PAGES, ROOT, page_path
from langevin.exercises import SEALED

ENTRIES = json.loads(SEALED.read_text(encoding="utf-8"))
WITH_EXERCISES = [name for name in PAGES if name.removeprefix("zh/") in CHAPTERS[:-1]]


def soup(name):
    html = page_path(name).read_text(encoding="utf-8")
    return BeautifulSoup(re.sub("</?template>", "", html), "html.parser")


@pytest.fixture(scope="module")
def pages():
    return {name: soup(name) for name in WITH_EXERCISES}


def asked(name):
    """Return label -> note and other code of the cells that ask, in the notebook of a page."""
    path = ROOT / f"{name.removeprefix('zh/')}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return {label: rest for label, *rest in filter(None, map(question, codes))}


def test_the_pages_together_have_a_field_for_every_sealed_answer(pages):
    forms = [
        form["data-exercise"]
        for name in CHAPTERS[:-1]
        for form in pages[name].select("form.answer")
    ]
    assert sorted(forms) == sorted(ENTRIES)


@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_a_field_stands_between_its_exercise_and_its_solution(pages, name):
    order = [
        part.get("data-exercise") or part["id"]
        for part in pages[name].select("div.exercise[id], form.answer, div.solution[id]")
    ]
    for place in range(0, len(order), 3):
        exercise, form, solution = order[place : place + 3]
        assert exercise == form
        assert "-solution-" in solution


@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_a_field_knows_what_the_library_knows_and_no_answer(pages, name):
    for form in pages[name].select("form.answer"):
        entry = ENTRIES[form["data-exercise"]]
        assert json.loads(form["data-sealed"]) | {"hint": entry["hint"]} == entry
        if not name.startswith("zh/"):
            assert form.select_one(".hint").text == entry["hint"]
        assert not [field for field in form.select("input[type=text]") if field.get("value")]


@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_a_field_says_what_is_wanted(pages, name):
    notes = asked(name)
    for form in pages[name].select("form.answer"):
        label = form["data-exercise"]
        field = form.select_one("label[for], legend")
        if field.name == "label":
            assert form.select_one(f"input#{field['for']}")
            note = re.search(r"\((.+)\)$", field.text)
            assert bool(note) == bool(notes[label][0] or "symbols" in ENTRIES[label])
            if not name.startswith("zh/") and "symbols" not in ENTRIES[label] and note:
                assert note[1] == notes[label][0]
        else:
            values = [button["value"] for button in form.select("input[type=radio]")]
            assert len(values) > 1
            assert all(value in notes[label][0] or value in ("yes", "no") for value in values)


@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_the_blank_cell_is_gone_and_other_code_can_be_run(pages, name):
    page = pages[name]
    article = page.select_one("article")
    assert "no answer yet. Put yours" not in article.text
    shown = [cell.text for cell in article.select(".cell_input")]
    for label, (_, code) in asked(name).items():
        cells = [text for text in shown if re.search(rf'(?m)^check\("{label}"', text)]
        assert bool(cells) == bool(code), label
        form = page.select_one(f'form.answer[data-exercise="{label}"]')
        before = form.find_previous_sibling()
        assert ("run-exercise" in before.get("class", [])) == bool(code), label
        if code:
            link = before.select_one("a")["href"]
            assert link.endswith(f"lite/lab/index.html?path={name.removeprefix('zh/')}.ipynb")
    assert not [part for part in article.select(".cell_output") if not part.get_text(strip=True)
                and not part.select("img, svg, figure, iframe, .lv-figure")]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_the_script_if_it_has_fields(name):
    html = page_path(name).read_text(encoding="utf-8")
    needs = 'class="answer"' in html or 'class="solved-everywhere"' in html
    assert needs == (f"_static/{SCRIPT}" in html)
    assert needs == (name.removeprefix("zh/") in [*CHAPTERS[:-1], "intro"])
    assert html.count('class="solved-here"') == (name in WITH_EXERCISES)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('answer = None  # in ms\ncheck("ex-a", answer);', ("ex-a", "in ms", "")),
        ('answer = None\ncheck("ex-a", answer)', ("ex-a", "", "")),
        ('check("ex-a", None)', ("ex-a", "", "")),
        (
            'from langevin.exercises import check\n\nanswer = None\ncheck("ex-a", answer);',
            ("ex-a", "", ""),
        ),
        ('x = 3\nanswer = None  # a\ncheck("ex-a", answer);', ("ex-a", "a", "x = 3")),
        ('answer = 3\nassert check("ex-a", answer)', None),
        ('# check("ex-a", answer)', None),
        ("answer = None", None),
    ],
)
def test_a_cell_that_asks_is_known_from_one_that_answers(code, found):
    assert question(code) == found
