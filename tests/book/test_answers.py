"""The number that an exercise asks for stands nowhere else in its chapter."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from built_book import CHAPTERS, page_path
from langevin import exercises

SEALED = json.loads(exercises.SEALED.read_text(encoding="utf-8"))
NUMBER = re.compile(r"(?<![\w.,])[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w])")
FOLDED = ".solution, .exercise, .cell_input, .tag_hide-cell, .tag_remove-cell, nav, script, svg"
# Numbers that happen to be near an answer, and what they are.
YEARS = {str(year) for year in range(1900, 2030)}
ACCIDENTS = {
    "ex-odd-entry": {"300"},  # of 5 300 collisions
    "ex-friction-from-vacf": {"2.8"},  # a speed, in mm/s
    "ex-beads-for-bias": {"179324.25"},  # a weight that grows
    "ex-escape-own": {"81"},  # a time in a film
    "ex-anneal-convention": {"1.6"},  # expected escapes
    "ex-heat-kurtosis": {"0.387"},  # a share of walkers
    "ex-chain-worth": YEARS,
    "ex-energies-cool": {"0.76"},  # a ratio of lengths
}


def numbers(page):
    """Return the numbers of two and more digits in what a reader sees of a chapter."""
    main = BeautifulSoup(page, "html.parser").find("main")
    for hidden in main.select(FOLDED):
        hidden.decompose()
    text = main.get_text(" ").replace("−", "-").replace("\\,", "").replace("{,}", "")
    found = {match[0] for match in NUMBER.finditer(text)}
    return {word for word in found if len(re.sub(r"\D", "", word).lstrip("0")) >= 2}


def accepted(label, words):
    """Return those of the words that an exercise would accept as its answer."""
    entry, bins = SEALED[label], {}
    for word in words:
        bins.setdefault(exercises._number(entry, float(word)), set()).add(word)
    right = [b for b, (word, *_) in bins.items() if right_answer(entry, word)]
    return {word for found in right for word in bins[found]}


def right_answer(entry, word):
    return exercises._digest(entry, float(word)) == entry["digest"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_answer_stands_in_its_chapter(name):
    page = page_path(name).read_text(encoding="utf-8")
    words = numbers(page)
    labels = set(re.findall(r'id="(ex-[\w-]+)"', page)) & SEALED.keys()
    for label in sorted(labels):
        if SEALED[label]["kind"] == "number":
            given = accepted(label, words) - ACCIDENTS.get(label, set())
            assert not given, (
                f"{label} accepts {', '.join(sorted(given))}, which its chapter prints: ask for "
                "another number, or list it in ACCIDENTS if it is another quantity"
            )


def test_an_answer_in_the_text_is_found():
    page = "<main>A bead diffuses by 0.43 µm².<div class='solution'>0.44</div></main>"
    assert numbers(page) == {"0.43"}
    page = page.replace("0.43", "<svg>0.45</svg> −12 or 1.5e-3 of x_12")
    assert numbers(page) == {"-12", "1.5e-3"}
