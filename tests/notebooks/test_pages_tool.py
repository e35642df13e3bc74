"""What a build leaves that was stopped or has warned is not taken for read and written."""

import sys
from pathlib import Path

import pytest

import pages


@pytest.mark.parametrize("end", [0, 1, KeyboardInterrupt()])
def test_only_a_good_run_is_built_upon(tmp_path, monkeypatch, end):
    out, doctrees = tmp_path / "html", tmp_path / "doctrees"
    found = []

    def build(*_, **settings):
        found.append([folder.is_dir() for folder in (out, doctrees)])
        out.mkdir(exist_ok=True), doctrees.mkdir(exist_ok=True)
        return end

    monkeypatch.setattr(pages, "build_sphinx", build)
    assert [pages.sphinx(out, doctrees) for _ in range(2)] == 2 * [end and "see above"]
    assert found == [[False, False], [end == 0, end == 0]]


def test_one_that_was_killed_is_thrown_away(tmp_path, monkeypatch):
    out = tmp_path / "html"
    monkeypatch.setattr(pages, "build_sphinx", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):  # nothing is tidied up
        pages.sphinx(out, tmp_path / "doctrees")
    out.mkdir()
    monkeypatch.setattr(pages, "build_sphinx", lambda *_, **__: out.exists())
    assert pages.sphinx(out, tmp_path / "doctrees") is False


def test_warnings_stand_at_the_end_once_more(tmp_path, monkeypatch, capsys):
    def build(*_, **settings):
        print("page.md:3: WARNING: no such equation", file=sys.stderr)
        return 1

    monkeypatch.setattr(pages, "build_sphinx", build)
    monkeypatch.setattr(pages, "english", lambda what: pages.sphinx(Path(what), Path("trees")))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=r"(?s)as Sphinx has warned:\npage.md:3: WARNING: no such"):
        pages.main("pages")
    assert capsys.readouterr().err == "page.md:3: WARNING: no such equation\n"
