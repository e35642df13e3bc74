"""Binder's image, as repo2docker would build it: what it installs, and nothing else."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REPO2DOCKER = Path(sys.executable).with_name("jupyter-repo2docker")


@pytest.fixture(scope="module")
def said():
    """What repo2docker says when it only writes the recipe: it needs no Docker and no network."""
    command = [REPO2DOCKER, "--no-build", "--no-run", "--debug", str(ROOT)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=120)


@pytest.fixture(scope="module")
def recipe(said):
    return said.stdout[said.stdout.index("FROM ") :]


def test_its_python_is_the_one_that_the_versions_are_for(said):
    runtime = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    assert re.findall(r"conda environment for python=([\d.]+)", said.stderr) == ["3.11"]
    assert runtime == "python-3.11"


def test_it_installs_binders_requirements_and_no_others(recipe):
    installed = re.findall(r"(?:pip|mamba|conda|npm|Rscript)\S* (?:install|env) .*", recipe)
    assert installed == ['pip install --no-cache-dir -r "binder/requirements.txt"']
    assert re.findall(r"COPY \S+ (src/\S*)", recipe) == ["src/binder/requirements.txt", "src/"]


def test_postbuild_then_installs_the_library_from_the_root(recipe):
    assert re.findall(r"RUN (\./\S+)", recipe) == ["./binder/postBuild"]
    before = recipe[: recipe.index("RUN ./binder/postBuild")]
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in before
    assert re.findall(r"WORKDIR (\S+)", before) == ["${REPO_DIR}"]  # where pyproject.toml is
    script = (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")
    installed = re.findall(r".*pip install.*", script)
    assert installed == ["python -m pip install --quiet --no-cache-dir --no-deps ."]


def test_the_folder_holds_nothing_else():
    assert {path.name for path in (ROOT / "binder").iterdir()} == {
        "first_cell.ipy",
        "postBuild",
        "requirements.in",
        "requirements.txt",
        "runtime.txt",
    }
