"""The bar is seen by who waits, and by nobody else."""

import io
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

from langevin import _progress, harmonic, simulate, ula

KERNEL = ula(harmonic(), 0.1, 1.0)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def run(**options):
    return simulate(KERNEL, np.zeros((10, 1)), 200, np.random.default_rng(1), **options)


def terminal(monkeypatch):
    """Somebody looks, and no build or test is known to run; returns what is shown."""
    monkeypatch.delenv("PYTEST_VERSION", raising=False)
    monkeypatch.delenv("LANGEVIN_FIGURES", raising=False)
    monkeypatch.setitem(sys.modules, "IPython", None)
    monkeypatch.setattr(sys, "stderr", Terminal())
    return sys.stderr


def test_a_short_run_shows_nothing(monkeypatch):
    screen = terminal(monkeypatch)
    run()
    assert screen.getvalue() == ""


def test_a_long_run_shows_how_far_it_is(monkeypatch):
    screen = terminal(monkeypatch)
    monkeypatch.setattr(_progress, "PATIENCE", 0.0)
    silent = run(progress=False)
    assert screen.getvalue() == ""
    shown = run()
    assert "2.00k" in screen.getvalue() and "particle-steps" in screen.getvalue()
    assert np.array_equal(shown.x, silent.x)


def test_a_bar_is_shown_at_once_if_asked_for(monkeypatch):
    screen = terminal(monkeypatch)
    run(progress=True)
    assert "particle-steps" in screen.getvalue()


@pytest.mark.parametrize(
    "variable, value", [("LANGEVIN_FIGURES", "static"), ("PYTEST_VERSION", "9")]
)
def test_builds_and_tests_are_silent(monkeypatch, variable, value):
    terminal(monkeypatch)
    assert _progress.is_watched()
    monkeypatch.setenv(variable, value)
    assert not _progress.is_watched()


@pytest.mark.parametrize(
    "shell, watched",
    [
        (None, False),
        (SimpleNamespace(config={}), False),
        (SimpleNamespace(config={"IPKernelApp": {}}), True),
    ],
)
def test_a_notebook_is_watched(monkeypatch, shell, watched):
    terminal(monkeypatch)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert not _progress.is_watched()
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert _progress.is_watched() is watched


def test_every_step_counts_once():
    class Bar:
        def __init__(self, total, done):
            self.total, self.n, self.closed = total, done, False

        def update(self, n):
            self.n += n

        def close(self):
            self.closed = True

    bars = []

    def new_bar(total, done):
        bars.append(Bar(total, done))
        return bars[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_progress, "_new_bar", new_bar)
        run(progress=True)
        with ThreadPoolExecutor(2) as threads:
            run(progress=True, executor=threads)
        with pytest.raises(ZeroDivisionError):
            simulate(
                ula(harmonic(), lambda k: 1 / (3 - k), 1.0),
                np.zeros((10, 1)),
                5,
                np.random.default_rng(1),
                progress=True,
            )
    assert [bar.n for bar in bars] == [2000, 2000, 30]
    assert all(bar.closed for bar in bars)
