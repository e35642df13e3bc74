"""A chapter begins with a figure to touch: it is at hand, and little is to be read before it."""

import pytest
from test_book import address

from built_book import CHAPTERS

FIGURE = ".bd-article .lv-figure:has(.lv-controls)"
TOP = "figure => figure.querySelector('.lv-controls').getBoundingClientRect().top + scrollY"
WORDS = 120
# Words that are shown before the figure, without those of drawings and of folded code.
WORDS_BEFORE = """figure => {
  const article = figure.closest(".bd-article");
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  const words = [];
  for (let node; (node = walker.nextNode()) && !figure.contains(node);) {
    if (!node.parentElement.checkVisibility() || node.parentElement.closest("svg")) continue;
    words.push(...node.data.split(/\\s+/).filter((word) => /[\\p{L}\\p{N}]/u.test(word)));
  }
  return words;
}"""

# What cuts the picture, or lets it leave the window: a part above it that clips or scrolls.
CUTS = """figure => {
  const picture = figure.querySelector(".lv-picture"), cuts = [];
  const { left, right } = picture.getBoundingClientRect();
  for (let part = picture.parentElement; part; part = part.parentElement) {
    const box = part.getBoundingClientRect();
    if (part !== document.body && part !== document.documentElement
        && getComputedStyle(part).overflowX === "visible") continue;
    if (left < box.left - 1 || right > box.right + 1) cuts.push(part.className || part.tagName);
  }
  return cuts;
}"""


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_figure_is_at_hand(open_page, name):
    """On the first screen, on a phone on the first two, after at most 120 words."""
    for width, height, screens in ((1440, 900, 1), (390, 844, 2)):
        page = open_page(address(name), width=width, height=height)
        page.wait_for_load_state("load")
        figure = page.locator(FIGURE).first
        words = figure.evaluate(WORDS_BEFORE)
        assert 3 < len(words) <= WORDS, f"{len(words)} words, to “… {' '.join(words[-8:])}”"
        assert figure.evaluate(TOP) <= screens * height
        assert figure.evaluate(CUTS) == []
