"""Which chapters run again: those that import what has changed, directly or not, and no others."""

import importlib
import inspect
import json
import types

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import dependencies
from built_book import ROOT
from langevin import figures
from langevin.figures import static

LIBRARY = dependencies.Library(ROOT / "lib" / "langevin")
MODULES = {path: name for name, path in LIBRARY.paths.items()}
PACKAGE = {
    "__init__.py": "from gas.free import walk\nfrom gas.wall import bounce\n",
    "free.py": "def walk():\n    from gas import _noise\n    return _noise.draw()\n",
    "_noise.py": "import random\n",
    "wall.py": "TABLE = 'wall.json'\n",
    "wall.json": "[]",
    "heat/__init__.py": "from .bath import cool\nfrom .fire import burn\n",
    "heat/bath.py": "from ..wall import TABLE\n",
    "heat/fire.py": "FUEL = 1\n",
    "heat/notes.txt": "",
}


@pytest.fixture
def gas(tmp_path):
    for name, text in PACKAGE.items():
        path = tmp_path / "gas" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    library = dependencies.Library(tmp_path / "gas")

    def names(code):
        files = library.dependencies(code)
        return {path.relative_to(tmp_path / "gas").as_posix() for path in files}

    return names


@pytest.mark.parametrize(
    ("code", "files"),
    [
        ("from gas import walk", "free.py _noise.py"),
        ("from gas import bounce as b", "wall.py wall.json"),
        ("from gas.heat import burn", "heat/fire.py heat/notes.txt"),
        ("from gas import heat\nheat.burn()", "heat/fire.py heat/notes.txt"),
        ("from gas.heat.bath import *", "heat/bath.py heat/notes.txt wall.py wall.json"),
        ("def f():\n    import gas.wall as w", "wall.py wall.json"),
        ("import random", ""),
    ],
)
def test_names_are_followed_to_where_they_are_defined(gas, code, files):
    assert gas(code) == set(files.split())


def test_a_package_used_as_a_whole_counts_as_a_whole(gas):
    heat = {"heat/__init__.py", "heat/bath.py", "heat/fire.py", "heat/notes.txt"}
    assert gas("from gas import heat\nheat.burn(heat)") == heat | {"wall.py", "wall.json"}
    assert gas("import gas\nprint(gas)") >= {"__init__.py", "free.py", "wall.py"}


@pytest.fixture(scope="module")
def pages():
    return dependencies.pages(ROOT)


def test_every_page_with_code_is_found(pages):
    names = [page.name for page in pages]
    assert {"appendix/build", "appendix/figures"} < set(names)
    chapters = sorted(path.stem for path in ROOT.glob("chapters/*.ipynb"))
    assert [name.removeprefix("chapters/") for name in names if "chapters" in name] == chapters


@pytest.mark.parametrize("path", sorted(ROOT.glob("chapters/*.ipynb")), ids=lambda p: p.stem[:2])
def test_what_is_used_at_run_time_was_found_in_the_text(path):
    code = "\n".join(map(dependencies.python, dependencies.cells_of(path)))
    found = set(LIBRARY.dependencies(code))
    for file in found & set(MODULES):
        for value in vars(importlib.import_module(MODULES[file])).values():
            owner = value.__name__ if isinstance(value, types.ModuleType) else None
            if inspect.isfunction(value) or inspect.isclass(value):
                owner = value.__module__
            needed = LIBRARY.paths.get(owner, file)
            assert needed in found or needed.name == "__init__.py", f"{MODULES[file]}: {owner}"


def test_a_chapter_does_not_wait_for_what_it_does_not_import():
    def chapters(module):
        return {
            path.stem[:2]
            for path in ROOT.glob("chapters/*.ipynb")
            for code in ["\n".join(map(dependencies.python, dependencies.cells_of(path)))]
            if LIBRARY.paths[module] in LIBRARY.dependencies(code)
        }

    assert chapters("langevin.hard_discs.gas") == {"02"}
    assert chapters("langevin.annealing.graphs") == {"07"}
    assert chapters("langevin.networks.score") == {"13"}
    assert len(chapters("langevin._checks")) == 14


def test_a_page_depends_on_the_sealed_answers_of_its_own_exercises(tmp_path):
    for folder in ("lib/langevin", "chapters/data"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "_toc.yml").write_text("root: a\nchapters: []\n", encoding="utf-8")
    notebook = new_notebook(cells=[new_code_cell('check("ex-one", None)')])
    nbformat.write(notebook, tmp_path / "a.ipynb")

    def state(**answers):
        sealed = {f"ex-{name}": {"digest": digest} for name, digest in answers.items()}
        path = tmp_path / "lib" / "langevin" / dependencies.SEALED
        path.write_text(json.dumps(sealed), encoding="utf-8")
        return dependencies.pages(tmp_path)[0].state

    assert state(one="1", two="2") == state(one="1", two="3") == state(one="1")
    assert state(one="1") != state(one="2")


def test_scripts_and_styles_of_figures_are_in_no_result(monkeypatch):
    assert not [f for f in LIBRARY.dependencies("import langevin") if f.suffix in (".js", ".css")]
    monkeypatch.setenv("LANGEVIN_FIGURES", "static")
    monkeypatch.setattr(static, "_read", lambda name: pytest.fail(f"{name} is in a result"))

    def draw(n):
        fig, ax = figures.axes()
        ax.plot([0, n], [0, 1])
        return fig

    figures.show(draw(1), alt="A line.")
    figures.explore(draw, alt="A line.", n=[1, 2])
    figures.live("x**2 / 2", domain=[-2, 2], alt="A grain.", step_size=0.1, temperature=1)
    figures.movie(np.ones((2, 1, 2)), 0.1, box=2, alt="A disc.")
    monkeypatch.setenv("LANGEVIN_FIGURES", "")
    with pytest.raises(pytest.fail.Exception, match="is in a result"):
        figures.show(draw(1), alt="A line.")


def test_the_state_tells_code_files_and_their_names_apart(tmp_path):
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("1", encoding="utf-8"), other.write_text("1", encoding="utf-8")

    def state(*files, cells=("x = 1",)):
        return dependencies.state(tmp_path, list(cells), files)

    assert state(one) == state(one)
    assert len({state(one), state(other), state(one, other), state(one, cells=["x = 2"])}) == 4
    before = state(one)
    one.write_text("2", encoding="utf-8")
    assert state(one) != before


def test_data_count_where_they_are_named(pages):
    table = ROOT / "chapters" / "data" / "perrin_sedimentation.csv"
    named = {
        path.stem[:2]
        for path in ROOT.glob("chapters/*.ipynb")
        if table.stem in "".join(dependencies.cells_of(path))
    }
    assert named and json.dumps(sorted(named)) == '["05"]'
