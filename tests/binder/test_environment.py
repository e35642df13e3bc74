"""What Binder installs is what the chapters need, with the book's own versions, and fits."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest
from capped_kernel import CAP
from jupyter_client.manager import run_kernel

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "_build" / "binder" / "env" / "bin" / "python"
PIN = re.compile(r"(?m)^([\w.-]+)==([^\s;]+)")
WITHOUT = {"jupyter-book", "nbgrader", "nbval", "pytest", "playwright", "distributed"}


def pins(path):
    """Pairs of name and version in a file of requirements."""
    return set(PIN.findall(path.read_text(encoding="utf-8")))


BINDER = pins(ROOT / "binder" / "requirements.txt")


def ask(*command):
    return subprocess.run([PYTHON, *command], capture_output=True, encoding="utf-8", check=False)


def test_every_pin_is_one_of_the_books():
    assert BINDER
    assert pins(ROOT / "requirements.txt") >= BINDER, "make lock"
    lines = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert len(BINDER) == sum(not line.startswith("#") for line in lines)


def test_nothing_is_there_that_only_makes_tests_or_teaches():
    assert not WITHOUT & {name for name, _ in BINDER}


def test_what_is_installed_is_what_is_pinned_and_the_library():
    there = json.loads(ask("-m", "pip", "list", "--format=json").stdout)
    names = {re.sub(r"[-_.]+", "-", one["name"]).lower(): one["version"] for one in there}
    installers = {"pip", "setuptools", "uv"}  # uv stands there where the machine has none
    assert names.keys() - installers - {"langevin"} == {name for name, _ in BINDER}
    assert names.items() >= BINDER


def test_it_is_closed():
    checked = ask("-m", "pip", "check")
    assert checked.returncode == 0, checked.stdout


def imported(path):
    """Names of the modules that a chapter imports."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        code = re.sub(r"(?m)^(\s*)[%!].*$", r"\1pass", "".join(cell["source"]))
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module


def test_every_import_of_the_chapters_is_there():
    names = {name for path in ROOT.glob("chapters/*.ipynb") for name in imported(path)}
    assert names >= {"numpy", "sympy", "langevin", "sklearn.datasets"}
    code = "import sys, importlib.util as u; print([n for n in sys.argv[1:] if not u.find_spec(n)])"
    missing = ask("-P", "-c", code, *sorted({name.partition(".")[0] for name in names}))
    assert missing.stdout == "[]\n", missing


def test_the_library_is_the_installed_one_with_its_scripts():
    code = "from langevin.figures import static; print(static.__file__, len(static.page_script()))"
    place, size = ask("-P", "-c", code).stdout.split()
    assert Path(place).is_relative_to(PYTHON.parents[1])
    assert int(size) > 10_000


def test_jupyterlab_there_has_the_front_ends_of_the_widgets():
    extensions = PYTHON.parents[1] / "share" / "jupyter" / "labextensions"
    for name in ("@jupyter-widgets/jupyterlab-manager", "anywidget"):
        assert (extensions / name / "package.json").is_file(), name


def test_its_python_is_binders():
    wanted = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    there = ask("-c", "import sys; print('python-%d.%d' % sys.version_info[:2])").stdout.strip()
    if there != wanted:
        pytest.skip(f"there is no {wanted} here, so the chapters ran on {there} with its packages")


def test_a_cell_that_takes_too_much_fails_and_one_that_does_not_goes_on():
    with run_kernel(kernel_name="binder") as client:

        def status(code):
            reply = client.execute_interactive(code, timeout=60, output_hook=lambda message: None)
            return reply["content"].get("ename", "fine")

        assert status("import numpy as np") == "fine"
        assert status(f"much = np.ones({3 * 1024**3}, np.uint8)") == "MemoryError"
        assert status(f"much = bytearray({CAP})") == "MemoryError"
        assert status(f"little = np.ones({CAP // 2}, np.uint8); assert little.all()") == "fine"
