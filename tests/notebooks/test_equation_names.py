"""Every equation of the book has a name of its own, in the order of the book."""

from pathlib import Path

import pytest

from book.sources.equations import Equation, equations, name_faults, names, sources

ROOT = Path(__file__).resolve().parents[2]

NAMED = names(ROOT)


def test_the_book():
    every = [equation for path in sources(ROOT) for equation in equations(path)]
    assert every
    assert name_faults(every, NAMED) == []


def test_names_stand_in_the_order_of_the_book():
    pages = [path.relative_to(ROOT).with_suffix("").as_posix() for path in sources(ROOT)]
    assert list(NAMED) == [page for page in pages if page in NAMED]
    for path, page in zip(sources(ROOT), pages, strict=True):
        labels = [equation.label for equation in equations(path)]
        assert list(NAMED.get(page, {})) == labels, page


EINSTEIN = Equation("made-up.ipynb", "cell 1", "eq-einstein", "D = k_BT/\\lambda")
DRAG = Equation("made-up.ipynb", "cell 2", "def-drag", "F \\equiv -\\lambda v")
GOOD = {"eq-einstein": "Einstein relation", "def-drag": "Drag"}


def test_good_names_pass():
    assert name_faults([EINSTEIN, DRAG], {"page": GOOD}) == []


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({"page": {"eq-einstein": "Einstein relation"}}, "def-drag has no name: add def-drag ="),
        ({"page": GOOD | {"eq-a": "A"}}, "eq-a, which no displayed equation is"),
        ({"page": GOOD, "other": {"def-drag": "Friction"}}, "names def-drag twice"),
        ({"page": GOOD | {"def-drag": "einstein Relation"}}, "not the name of def-drag alone"),
        ({"page": GOOD | {"def-drag": "Stokes' law"}}, "’ is the apostrophe"),
        ({"page": GOOD | {"def-drag": "Drag $F$"}}, "without formulas"),
        ({"page": GOOD | {"def-drag": "a b c d e f g h i"}}, "one to eight words"),
        ({"page": GOOD | {"def-drag": ""}}, "one to eight words"),
    ],
)
def test_each_faulty_name_is_said(named, sentence):
    said = name_faults([EINSTEIN, DRAG], named)
    assert any(sentence in one for one in said), said
