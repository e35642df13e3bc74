"""`make lab` opens the chapters in JupyterLab, for nobody but this machine."""

import json
import os
import shlex
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def command():
    """What `make lab` would run."""
    told = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "lab"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return shlex.split(told.stdout.splitlines()[-1])


def ask(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()


def running(folder, server):
    """Wait until the server says of itself, in a file, that it runs; return what it says."""
    for _ in range(600):
        for file in folder.glob("jpserver-*.json"):
            with suppress(OSError, json.JSONDecodeError):
                told = json.loads(file.read_text(encoding="utf-8"))
                ask(f"{told['url']}api")
                return told
        assert server.poll() is None, "the server has ended"
        time.sleep(0.1)
    pytest.fail("the server did not start within a minute")


def test_it_serves_the_chapters_and_only_here(command, tmp_path):
    environment = {**os.environ, "JUPYTER_TOKEN": "only-for-this-test"}
    for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        environment[name] = str(tmp_path)
    own = ["--no-browser", "--allow-root"]
    with (tmp_path / "log.txt").open("w", encoding="utf-8") as log:
        server = subprocess.Popen([*command, *own], cwd=ROOT, env=environment, stderr=log)
    try:
        told = running(tmp_path, server)
        assert told["hostname"] == "127.0.0.1"
        assert told["root_dir"] == str(ROOT / "chapters")
        key = f"?token={told['token']}"
        names = {
            one["name"] for one in json.loads(ask(f"{told['url']}api/contents{key}"))["content"]
        }
        assert {"02-brownian-motion.ipynb", "data"} <= names
        assert b"jupyter-config-data" in ask(f"{told['url']}lab/tree/data{key}")
    finally:
        server.terminate()
        server.wait(30)
