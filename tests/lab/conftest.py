"""A JupyterLab of our own, and a chapter in it that has been run from top to bottom."""

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from jupyter_client import BlockingKernelClient

import chromium

browser = chromium.browser

ROOT = Path(__file__).resolve().parents[2]
QUIET = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
FOLDERS = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
TOKEN = "only-for-this-test"
START, RUN = 60, 150  # seconds that a slow machine is given


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """Start a JupyterLab on a copy of the chapters; give its address, the copy and its kernels."""
    home = tmp_path_factory.mktemp("lab")
    chapters = home / "chapters"
    shutil.copytree(ROOT / "chapters", chapters, ignore=shutil.ignore_patterns(".*"))
    environment = {name: value for name, value in os.environ.items() if name != "LANGEVIN_FIGURES"}
    for name in FOLDERS:
        environment[name] = str(home / name.lower())
        Path(environment[name]).mkdir()
    write_settings(Path(environment["JUPYTER_CONFIG_DIR"]))
    port = free_port()
    with (home / "log.txt").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                *(f"--port={port}", "--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0"),
                f"--IdentityProvider.token={TOKEN}",
                f"--ServerApp.root_dir={chapters}",
                "--LabApp.extension_manager=readonly",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            ],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        runtime = Path(environment["JUPYTER_RUNTIME_DIR"])
        started = Lab(f"http://127.0.0.1:{port}", chapters, runtime)
        wait_until(lambda: started.ask("status"), f"JupyterLab did not start: see {home}/log.txt")
        yield started
    finally:
        server.terminate()  # the server ends its kernels first
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def write_settings(config):
    """No news, no look for updates, no announcement."""
    folder = config / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True)
    (folder / "notification.jupyterlab-settings").write_text(json.dumps(QUIET), encoding="utf-8")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(ready, complaint, pause=time.sleep):
    """Ask again and again; `pause` (in seconds) is where a page can go on meanwhile."""
    end = time.monotonic() + START
    while time.monotonic() < end:
        with suppress(OSError):
            if ready():
                return
        pause(0.2)
    pytest.fail(complaint)


@dataclass
class Lab:
    address: str
    chapters: Path
    runtime: Path

    def ask(self, what):
        """Answer of the server's own interface."""
        with urllib.request.urlopen(
            f"{self.address}/api/{what}?token={TOKEN}", timeout=2
        ) as answer:
            return json.load(answer)

    def has_ready_kernel(self, notebook):
        kernels = [s["kernel"] for s in self.ask("sessions") if s["path"] == notebook]
        return any(k["connections"] and k["execution_state"] == "idle" for k in kernels)

    def evaluate(self, expression):
        """Value of an expression in the kernel that was started last."""
        connection = max(self.runtime.glob("kernel-*.json"), key=lambda file: file.stat().st_mtime)
        client = BlockingKernelClient(connection_file=str(connection))
        client.load_connection_file()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=START)
            reply = client.execute_interactive(
                "", user_expressions={"value": expression}, store_history=False, timeout=START
            )
        finally:
            client.stop_channels()
        answer = reply["content"]["user_expressions"]["value"]
        assert answer["status"] == "ok", answer
        return ast.literal_eval(answer["data"]["text/plain"])


@dataclass
class Chapter:
    """An open notebook whose cells have all been run; what it complained about."""

    page: object
    file: Path
    complaints: list[str] = field(default_factory=list)

    def cells(self):
        """Code cells, with their outputs, as JupyterLab saved them."""
        notebook = json.loads(self.file.read_text(encoding="utf-8"))
        return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def chapter(request, lab, browser):
    """Open the module's CHAPTER, run all its cells from the menu and save it."""
    page = browser.new_context(viewport={"width": 1200, "height": 1000}).new_page()
    opened = Chapter(page, lab.chapters / request.module.CHAPTER)
    chromium.watch(page, opened.complaints)
    page.goto(f"{lab.address}/lab/tree/{opened.file.name}?reset&token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=1000 * START)
    wait_until(
        lambda: lab.has_ready_kernel(opened.file.name),
        "no kernel became ready",
        lambda s: page.wait_for_timeout(1000 * s),
    )
    page.wait_for_selector('.jp-StatusBar-Widget :text("| Idle")', timeout=1000 * START)
    choose(page, "Run", "Run All Cells")
    page.wait_for_function(HAS_RUN, timeout=1000 * RUN)
    choose(page, "File", "Save Notebook")
    page.wait_for_function("!document.querySelector('.lm-DockPanel .jp-mod-dirty')")
    yield opened
    page.context.close()


# The first prompt has a number (again) and no cell waits for its turn.
HAS_RUN = r"""() => {
    const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
    const said = prompts.map((prompt) => prompt.textContent);
    return /\d/.test(said[0]) && !said.some((text) => text.includes("*"));
}"""


def choose(page, menu, entry):
    page.click(f'.lm-MenuBar-itemLabel:text-is("{menu}")')
    page.click(f'.lm-Menu-item:has(.lm-Menu-itemLabel:text-is("{entry}"))')
