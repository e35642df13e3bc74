"""What importing the library loads: NumPy, and nothing that takes time or reaches out."""

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import langevin

LIBRARY = Path(langevin.__file__).parent
HEAVY = ["sympy", "matplotlib", "ipywidgets", "IPython", "tqdm", "scipy", "sklearn", "anywidget"]
HEAVY += ["numba", "llvmlite"]
OUTSIDE = {"socket", "urllib", "http", "requests", "ftplib", "sphinx", "pytest", "tests", "book"}


def fresh(code):
    """Run code in a new interpreter and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


def test_nothing_heavy_is_loaded():
    loaded = fresh("import sys, langevin; print(*sys.modules)").split()
    assert not set(HEAVY) & set(loaded)


def test_import_takes_little_beyond_numpy():
    """Measured at about 0.03 s; 0.4 s is what a reader would begin to feel."""
    code = (
        "import time, numpy; t = time.perf_counter(); import langevin; print(time.perf_counter()-t)"
    )
    assert statistics.median(float(fresh(code)) for _ in range(5)) < 0.4


def test_nothing_reaches_for_the_book_the_tests_or_the_network():
    for path in LIBRARY.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not {name.split(".")[0] for name in names} & OUTSIDE, (path, names)
