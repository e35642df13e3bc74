"""The repository's public address: from the workflow, from git, or not known."""

import subprocess

import pytest

from book.sources import address


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    return tmp_path


def test_a_remote_is_the_address(folder):
    for command in ("init -q", "remote add origin git@github.com:Someone/book.git"):
        subprocess.run(["git", "-C", str(folder), *command.split()], check=True)
    found = address.repository_address(folder)
    assert found.repository == "https://github.com/Someone/book"
    assert found.pages == "https://someone.github.io/book/"


def test_without_a_remote_none_is_known(folder):
    subprocess.run(["git", "-C", str(folder), "init", "-q"], check=True)
    assert address.repository_address(folder) is None


def test_without_git_none_is_known(folder, monkeypatch):
    monkeypatch.setenv("PATH", str(folder))
    assert address.repository_address(folder) is None
