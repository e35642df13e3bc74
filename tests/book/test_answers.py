"""The number that an exercise asks for stands nowhere else in its chapter."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from built_book import CHAPTERS, page_path
from langevin import exercises
from langevin.prose import RAISED

SEALED = json.loads(exercises.SEALED.read_text(encoding="utf-8"))
LOWERED = {raised: digit for digit, raised in RAISED.items()}
NUMBER = re.compile(r"(?<![\w.,])[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w])")
FOLDED = ".solution, .exercise, .cell_input, .tag_hide-cell, .tag_remove-cell, nav, script, svg"
# Numbers that happen to be near an answer, and what they are.
YEARS = {str(year) for year in range(1900, 2030)}
ACCIDENTS = {
    "ex-odd-entry": {"300"},  # of 5 300 collisions
    "ex-beads-for-bias": {"179324.25"},  # a weight that grows
    "ex-heat-kurtosis": {"0.387"},  # a share of walkers
    "ex-chain-worth": YEARS,
    "ex-word-order": {"1.88495", "1.88496", "1.89762", "1.89806"},  # work and lost energy
    "ex-one-grain-thermometer": {"20000"},  # entries of a check
    "ex-own-word": {"1.07"},  # a weak order, measured
    "ex-tweezer-step": {"0.377324", "0.380917"},  # a share of beads on a ring
    "ex-sticky-floor": {"0.0955", "0.094175", "0.0926242"},  # a density, a share of states
    "ex-escape-wider": {"0.125"},  # a temperature
    "ex-anneal-safe": {"0.496", "0.4998"},  # shares of walkers
    "ex-momentum-read": {"0.426"},  # the loss of a network
    "ex-sampler-potential": {"4.89", "5.03"},  # standard errors that a check allows
}


def numbers(page):
    """Return the numbers of three and more digits in what a reader sees of a chapter."""
    main = BeautifulSoup(page, "html.parser").find("main")
    for hidden in main.select(f"{FOLDED}, a[href*='#equation-']"):  # an equation's number is none
        hidden.decompose()
    text = main.get_text(" ").replace("−", "-").replace("\\,", "").replace("{,}", "")
    text = re.sub(r" × 10([⁻⁰¹²³⁴-⁹]+)", lambda power: "e" + power[1].translate(LOWERED), text)
    found = {match[0] for match in NUMBER.finditer(text)}
    return {word for word in found if len(re.sub(r"\D", "", word).lstrip("0")) >= 3}


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
    assert numbers(page) == set()  # so short a number is near an answer by chance
    page = page.replace("0.43", "<svg>0.455</svg> −0.432 or 1.5e-3 or 1.55 × 10⁻³ of x_123")
    assert numbers(page) == {"-0.432", "1.5e-3", "1.55e-3"}
