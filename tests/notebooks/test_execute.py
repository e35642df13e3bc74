"""Notebooks run side by side; a failing cell is named, the others go on, and nothing runs twice."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import nbformat
import pytest
from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import dependencies
import execute
from book.execution import CACHE, recorded
from book.sources.equations import PRINTED

# Its parts arrive one after the other, as on a busy machine.
SLOW_LINE = """import os, time
print(os.environ["OMP_NUM_THREADS"], end=" ", flush=True)
time.sleep(0.5)
print("thread")"""
CONTENTS = "format: jb-book\nroot: a\nchapters:\n- file: b\n- file: c\n- file: d\n"


@pytest.fixture
def book(tmp_path):
    """A book of four pages in a folder, and a function that writes the cells of one."""
    for name in ("lib/langevin", "chapters/data"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "requirements.txt").write_text("numpy==2\n", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
    (tmp_path / "_config.yml").write_text("execute: {timeout: 5}\n", encoding="utf-8")
    (tmp_path / "lib/langevin/heat.py").write_text("T = 1\n", encoding="utf-8")

    def write(name, *cells):
        cells = [new_code_cell(cell, id=f"{name}{i}") for i, cell in enumerate(cells)]
        notebook = new_notebook(cells=cells)
        nbformat.write(notebook, tmp_path / f"{name}.ipynb")

    write("a", SLOW_LINE)
    write("b", "def unused():\n    from langevin.heat import T")  # the text alone counts
    (tmp_path / "c.md").write_text("# Words\n", encoding="utf-8")
    write("d", "1 / 0")
    return tmp_path, write


def test_runs_what_has_changed_and_names_what_fails(book, capfd):
    root, write = book
    with pytest.raises(SystemExit, match="1 of 3 notebooks failed"):
        execute.main(root)
    out, err = capfd.readouterr()
    (line,) = [line for line in out.splitlines() if "FAILED" in line]
    assert line.split()[0] == "d"
    assert line.endswith("FAILED in cell 1 (d0): ZeroDivisionError: division by zero")
    assert "encryption" not in out + err
    assert set(recorded(root)) == {"a", "b"}
    write("d", "2 / 1", "import sys; print('hot', file=sys.stderr)")
    with pytest.raises(SystemExit, match="1 of 1 notebooks failed"):
        execute.main(root)
    assert "FAILED in cell 2 (d1), which wrote to stderr: hot" in capfd.readouterr().out
    write("d", "2 / 1")
    execute.main(root)
    assert "Running 1 of 3 notebooks" in capfd.readouterr().out
    execute.main(root)
    assert capfd.readouterr().out == ""
    (root / "lib/langevin/heat.py").write_text("T = 2\n", encoding="utf-8")
    execute.main(root)
    out = capfd.readouterr().out
    assert "Running 1 of 3" in out and "  b " in out
    texts = [path.read_text(encoding="utf-8") for path in (root / CACHE).rglob("base.ipynb")]
    outputs = [o for text in texts for c in json.loads(text)["cells"] for o in c["outputs"]]
    cache = get_cache(root / CACHE)
    for name in ("a", "b", "d"):  # where the build looks
        assert cache.match_cache_notebook(execute.read(root / f"{name}.ipynb"))
    assert ["".join(o["text"]) for o in outputs if "text" in o] == ["1 thread\n"]


def test_a_display_that_its_check_does_not_assert_is_named(book, capfd):
    root, _ = book
    (root / "appendix").mkdir()
    (root / PRINTED).write_text('["d"]\neq-a = {left = ["y"]}\n', encoding="utf-8")
    code = 'import sympy as sp\nfrom langevin import ledger\nx = sp.Symbol("x")\n'
    code += 'ledger.symbolic("eq-a", sp.integrate(x, x), x**2 / 2)'
    for factor, message in [(3, "(eq-a) is printed as y = \\frac{x^2}{3}"), (2, "0 left")]:
        display = f"$$\ny = \\frac{{x^2}}{{{factor}}}\n$$ (eq-a)"
        cells = [new_markdown_cell(display), new_code_cell(code, id="check")]
        nbformat.write(new_notebook(cells=cells), root / "d.ipynb")
        with suppress(SystemExit):
            execute.main(root)
        assert message in capfd.readouterr().out
    assert "d" in recorded(root)


def test_only_what_has_changed_is_read_for_its_state(book, monkeypatch, capfd):
    root, write = book
    write("d", "2 / 1")
    execute.main(root)
    read = []
    real = dependencies.cells_of
    monkeypatch.setattr(dependencies, "cells_of", lambda p: read.append(p.stem) or real(p))
    execute.main(root)
    assert read == []
    page = nbformat.read(root / "d.ipynb", 4)
    page.cells.append(new_markdown_cell("A word.", id="word"))
    nbformat.write(page, root / "d.ipynb")
    before = recorded(root)["d"]
    for _ in range(2):  # the second time the word is known
        execute.main(root)
    assert read == ["d"] and recorded(root)["d"]["state"] == before["state"]
    (root / "chapters/data/cold.csv").write_text("1", encoding="utf-8")
    capfd.readouterr()
    execute.main(root)
    assert read == ["d", "a", "b", "d"] and capfd.readouterr().out == ""
    (root / "requirements.txt").write_text("numpy==3\n", encoding="utf-8")
    execute.main(root)
    assert "Running 3 of 3" in capfd.readouterr().out


def test_what_was_stopped_runs_again(book, monkeypatch):
    root, write = book
    write("d", "2 / 1")
    execute.main(root)
    (root / "lib/langevin/heat.py").write_text("T = 2\n", encoding="utf-8")

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(execute.Executor, "run_one", stop)
        execute.main(root)
    (root / "lib/langevin/heat.py").write_text("T = 1\n", encoding="utf-8")
    assert set(recorded(root)) == {"a", "d"}, "b was about to run: its results may be half written"


@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_an_interruption_ends_the_kernels_and_says_what_is_kept(book):
    root, write = book
    begun = [root / f"{name}.pid" for name in "bd"]
    for path in begun:
        write(path.stem, f"import os, time; open({str(path)!r}, 'x').write(str(os.getpid()))",
              "time.sleep(60)")  # fmt: skip
    code = f"import execute, pathlib; execute.main(pathlib.Path({str(root)!r}))"
    path = os.pathsep.join(filter(None, sys.path))
    run = subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": path}, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not (begun[0].exists() or begun[1].exists()) and time.monotonic() < deadline:
        time.sleep(0.1)
    run.send_signal(signal.SIGINT)
    out = run.communicate(timeout=60)[0]
    assert run.returncode == 1
    assert "\nStopped. What has run to its end is kept" in out
    assert "Traceback" not in out
    kernels = [int(text) for path in begun if path.exists() and (text := path.read_text("utf-8"))]
    while any(map(alive, kernels)):
        assert time.monotonic() < deadline, "a kernel goes on"
        time.sleep(0.1)


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_longest_runs_first():
    pages = [
        dependencies.Page(name, None, length, "", "")
        for name, length in zip("abc", (10, 20, 30), strict=True)
    ]
    known = {"a": {"seconds": 9}, "b": {"seconds": 1}}
    order = execute.by_length(pages, pages, known)
    assert [page.name for page in order] == ["c", "a", "b"]  # c: 30 × (9 + 1) / (10 + 20) s
    assert [page.name for page in execute.by_length(pages, pages, {})] == ["c", "b", "a"]
