"""JupyterLite as it is published, in a browser: what it loads from elsewhere comes from a folder.

With LANGEVIN_CDN=1 it comes from elsewhere indeed, and whole chapters are run.
"""

import json
import os
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import urlsplit

import nbformat
import pyodide
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import chromium

browser = chromium.browser

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "lite" / "site"
KERNEL = "extensions/@jupyterlite/pyodide-kernel-extension/static/schema/kernel.v0.schema.json"
BASE = "/the-book/lite"  # a site need not be at the root of its host
SLOW = 240_000  # ms that a slow machine is given
TYPES = {
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".whl": "application/zip",
    ".zip": "application/zip",
}


@pytest.fixture(scope="session")
def elsewhere(browser):
    """Address of the Pyodide that the site loads, and the folder that stands for it or None."""
    schema = json.loads((SITE / KERNEL).read_text(encoding="utf-8"))
    address = schema["properties"]["pyodideUrl"]["default"].rpartition("/")[0]
    if os.environ.get("LANGEVIN_CDN") == "1":
        return address, None
    version = address.rpartition("/v")[2].partition("/")[0]
    folder = ROOT / "_build" / "lite-test" / f"pyodide-{version}"
    pyodide.fetch(version, folder)
    return address, folder


class Published(SimpleHTTPRequestHandler):
    """The site, below BASE and nowhere else, with some files replaced."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES
    replaced: ClassVar = {}

    def do_GET(self):
        name = urlsplit(self.path).path.removeprefix(f"{BASE}/")
        if name in self.replaced:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.replaced[name])
        elif self.path.startswith(f"{BASE}/"):
            super().do_GET()
        else:
            self.send_error(404)

    def translate_path(self, path):
        return super().translate_path(path.removeprefix(BASE))

    def log_message(self, *arguments):
        pass


@dataclass
class Lite:
    """The site, a browser, who answers for elsewhere, and what else was asked from there."""

    address: str
    browser: object
    guard: object
    asked: list[str]
    contexts: list = field(default_factory=list)

    def open(self, path, cells=None):
        """Open a notebook, with these code cells in place of its own if they are given."""
        if cells is not None:
            Published.replaced[f"files/{path}"] = written(cells)
        context = self.browser.new_context(viewport={"width": 1200, "height": 1600})
        self.contexts.append(context)
        context.route("**/*", self.guard)
        page = context.new_page()  # apart from others, or their notebooks come back
        page.set_default_timeout(SLOW)
        page.goto(f"{self.address}/lab/index.html?path={path}")
        page.wait_for_selector('.jp-StatusBar-Widget :text("Python (Pyodide) | Idle")')
        return page

    def run(self, page):
        """Run all cells and return the code cells with their outputs."""
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        notebook = page.evaluate("jupyterapp.shell.currentWidget.content.model.toJSON()")
        return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def written(cells):
    """Bytes of a notebook of code cells."""
    kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    notebook = new_notebook(cells=[*map(new_code_cell, cells)], metadata={"kernelspec": kernel})
    return nbformat.writes(notebook).encode()


@pytest.fixture(scope="module")
def lite(browser, elsewhere):
    address, folder = elsewhere
    asked = []

    def guard(route):
        url = route.request.url
        file = folder and folder / url.removeprefix(f"{address}/").partition("?")[0]
        if url.startswith((*chromium.NEAR, *([] if folder else [address]))):
            route.continue_()
        elif url.startswith(f"{address}/") and file.is_file():
            headers = {"Access-Control-Allow-Origin": "*", "Content-Type": TYPES[file.suffix]}
            route.fulfill(path=file, headers=headers)
        else:
            asked.append(url)
            route.abort()

    settings = json.loads((SITE / "jupyter-lite.json").read_text(encoding="utf-8"))
    settings["jupyter-config-data"]["exposeAppInBrowser"] = "true"  # so that a test can ask it
    Published.replaced["jupyter-lite.json"] = json.dumps(settings).encode()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Published, directory=str(SITE)))
    Thread(target=server.serve_forever, daemon=True).start()
    started = Lite(f"http://127.0.0.1:{server.server_port}{BASE}", browser, guard, asked)
    yield started
    for context in started.contexts:
        context.close()
    server.shutdown()
    server.server_close()
    Published.replaced.clear()
