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
    assert re.fullmatch(r"# .+\n\n\*[^*]+\?\*", title.strip())
    assert kind == "code" and re.search(r"\bfigures\.(show|explore|movie|live)\(", picture)


def test_it_says_what_the_reader_will_be_able_to_do(path):
    assert "When you have worked through the chapter you will be able to" in text(path, "markdown")


def test_it_closes_as_the_others_do(path):
    sections = re.findall(r"(?m)^## (.+)$", text(path, "markdown"))
    assert sections[-3:] == CLOSING
    assert any("network" in name or "learning" in name for name in sections)


def test_it_can_be_touched(path):
    assert len(re.findall(INTERACTIVE, text(path, "code"))) >= 3


def test_it_has_exercises(path):
    assert len(re.findall(r"`{3,}\{exercise\}", text(path, "markdown"))) >= 5


def test_only_the_epilogue_is_free():
    assert len(CHAPTERS) == len(NOTEBOOKS) - 1
    assert [path.stem[:2] for path in NOTEBOOKS] == [
        f"{i:02}" for i in range(1, 1 + len(NOTEBOOKS))
    ]


def test_all_kinds_of_figure_are_used():
    used = {kind for path in CHAPTERS for kind in re.findall(INTERACTIVE, text(path, "code"))}
    assert used == {"explore", "movie", "live"}
