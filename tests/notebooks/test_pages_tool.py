"""What a build leaves that was stopped or has warned is not taken for read and written."""

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
    assert [pages.sphinx(out, doctrees) for _ in range(2)] == [end, end]
    assert found == [[False, False], [end == 0, end == 0]]


def test_one_that_was_killed_is_thrown_away(tmp_path, monkeypatch):
    out = tmp_path / "html"
    monkeypatch.setattr(pages, "build_sphinx", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):  # nothing is tidied up
        pages.sphinx(out, tmp_path / "doctrees")
    out.mkdir()
    monkeypatch.setattr(pages, "build_sphinx", lambda *_, **__: out.exists())
    assert pages.sphinx(out, tmp_path / "doctrees") is False
