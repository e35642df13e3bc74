"""What the book takes from the figures: side files, one script, one style."""

import hashlib
import json
import re
import subprocess
import sys

import numpy as np
import pytest

from langevin import figures
from langevin.figures import static
from langevin.figures.payload import externalise


@pytest.fixture
def film(monkeypatch):
    monkeypatch.setenv("LANGEVIN_FIGURES", "static")
    x = np.random.default_rng(1).uniform(0, 1, (60, 40, 2))
    return figures.movie(x, 0.01, box=1, alt="Dots.").html


def test_large_data_move_out_and_are_the_same(film):
    page, side = externalise(f"<main>{film}</main>", "../")
    ((path, script),) = side.items()
    digest = re.search(r'data-hash="(\w+)"', page)[1]
    assert path == f"_figures/{digest[:16]}.js"
    assert f'data-src="../{path}"' in page and "application/json" not in page
    hash_, payload = re.fullmatch(
        r'langevinFigures\.data\("(\w+)",(.*)\);\n', script.decode()
    ).groups()
    assert hash_ == digest == hashlib.sha256(payload.encode()).hexdigest()
    assert json.loads(payload)["frames"] == 60


def test_small_data_stay(monkeypatch):
    monkeypatch.setenv("LANGEVIN_FIGURES", "static")
    html = figures.movie(np.ones((2, 1, 2)), 0.1, box=2, alt="A dot.").html
    assert externalise(html) == (html, {})


@pytest.mark.parametrize("root", ["", "..", "../"])
def test_the_way_to_the_root_may_end_as_it_likes(film, root):
    page, (path,) = externalise(film, root)
    assert f'data-src="{root.rstrip("/") + "/" if root else ""}{path}"' in page


def test_script_is_classic_and_asks_nobody():
    script = static.page_script()
    assert not re.search(r"(?m)^\s*(import|export)\b", script)
    assert script.startswith("(() => {") and "fetch(" not in script and "http" not in script
    assert set(re.findall(r"globalThis\.(\w+) =[^=]", script)) == {"langevinFigures"}
    assert "</script" not in script


@pytest.mark.parametrize("script", [static.page_script(), static.widget_module("{}")])
def test_modules_are_joined_without_imports_and_have_no_name_in_common(script):
    assert not re.search(r"(?m)^\s*(import\b|export (?!default )|\} from )|/\*\*", script)
    names = re.findall(r"(?m)^(?:async )?(?:function|class|const|let|var) (\w+)", script)
    assert len(names) == len(set(names)) > 60, sorted({n for n in names if names.count(n) > 1})


def test_style_asks_nobody():
    assert "url(" not in static.page_style() and "@import" not in static.page_style()


def test_the_library_alone_does_not_load_matplotlib():
    code = "import langevin, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
