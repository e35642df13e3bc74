"""Every chapter has the shape that its readers may count on."""

import json
import re
from pathlib import Path

import pytest

from book.sources.contents import EPILOGUE
from built_book import ROOT

NOTEBOOKS = sorted(ROOT.glob("chapters/*.ipynb"))
CHAPTERS = [path for path in NOTEBOOKS if path.stem != Path(EPILOGUE).name]
INTERACTIVE = r"\bfigures\.(explore|movie|live)\("
CLOSING = ["Exercises", "What to remember", "Further reading"]


def chapter(path):
    """Return the kinds of the cells and their sources."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def text(path, kind):
    return "\n\n".join(source for k, source in chapter(path) if k == kind)


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_it_opens_with_a_question_and_a_picture(path):
    (_, title), _, (kind, picture), *_ = chapter(path)  # between them: binder/first_cell.ipy
    assert re.fullmatch(r"# .+\n\n\*[^*]+\?\*", title.strip()), (
        "the first cell holds the title and, below it, a question in italics"
    )
    assert kind == "code" and re.search(r"\bfigures\.(explore|movie|live)\(", picture), (
        "the third cell, after the one that fetches the book, is a figure to touch"
    )


def test_it_says_what_the_reader_will_be_able_to_do(path):
    aim = "When you have worked through the chapter you will be able to"
    assert aim in text(path, "markdown"), f"no list of what is learned begins with “{aim}”"


def test_it_closes_as_the_others_do(path):
    sections = re.findall(r"(?m)^## (.+)$", text(path, "markdown"))
    assert sections[-3:] == CLOSING, "the last three sections are those of every chapter"
    assert any("network" in name or "learning" in name for name in sections), (
        "one section has in its title what the chapter is to networks or learning"
    )


def test_it_can_be_touched(path):
    found = len(re.findall(INTERACTIVE, text(path, "code")))
    assert found >= 3, f"a chapter has at least 3 figures to touch, this one has {found}"


def test_it_has_exercises(path):
    found = len(re.findall(r"`{3,}\{exercise\}", text(path, "markdown")))
    assert found >= 7, f"a chapter has at least 7 exercises, this one has {found}"


def test_only_the_epilogue_is_free():
    assert len(CHAPTERS) == len(NOTEBOOKS) - 1
    assert [path.stem[:2] for path in NOTEBOOKS] == [
        f"{i:02}" for i in range(1, 1 + len(NOTEBOOKS))
    ]


def test_all_kinds_of_figure_are_used():
    used = {kind for path in CHAPTERS for kind in re.findall(INTERACTIVE, text(path, "code"))}
    assert used == {"explore", "movie", "live"}
