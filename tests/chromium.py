"""A real Chromium for the tests, cut off from the network and watched for errors."""

import os
import shutil
from functools import partial
from pathlib import Path
from time import monotonic

import pytest

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NAMES += ("google-chrome-stable",)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOW = (
    "no Chromium was found: install it with `apt-get install chromium` or with "
    "`.venv/bin/python -m playwright install --with-deps chromium`"
)
NEAR = ("file:", "data:", "blob:", "about:", "http://127.0.0.1")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason=HOW).sync_playwright().start()
    try:
        own = Path(playwright.chromium.executable_path)
        found = next(filter(None, map(shutil.which, NAMES)), None) or (own.exists() and str(own))
        if not found:
            absent(HOW)
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()
    finally:
        playwright.stop()


def absent(what):
    """Skip, or fail where a skip is forbidden."""
    (pytest.fail if os.environ.get("LANGEVIN_REQUIRE_BROWSER") == "1" else pytest.skip)(what)


@pytest.fixture
def open_page(browser):
    """Open an address: `open_page(url, width=…, theme=…, script=…, **options of a context)`.

    The script runs in every page before the page's own. After the test, whatever the pages asked
    from elsewhere or complained about makes it fail.
    """
    yield from opener(browser)


@pytest.fixture(scope="module")
def open_shared(browser):
    """`open_page` for a page that several tests of a module look at."""
    yield from opener(browser)


def opener(browser):
    """Yield the function that opens pages; then close them and see what they complained about."""
    contexts, complaints = [], []

    def opened(url, width=1000, height=900, theme=None, script="", **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        watch(page, complaints)
        page.wait_for_function = partial(until, page)
        page.add_init_script(script)
        page.goto(url)
        if theme:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, complaints


def watch(page, complaints):
    """Keep a page's context from the network; list what it asks for and complains about."""

    def guard(route):
        if route.request.url.startswith(NEAR):
            route.continue_()
        else:
            complaints.append(f"asked for {route.request.url}")
            route.abort()

    page.context.route("**/*", guard)
    page.on("pageerror", lambda error: complaints.append(f"script failed: {error}"))
    page.on("console", lambda line: line.type == "error" and complaints.append(line.text))


def until(page, expression, *, arg=None, timeout=30_000):
    """Wait until something holds; Playwright's own way needs `eval`, which the book's pages bar."""
    end = monotonic() + timeout / 1000
    while not page.evaluate(expression, arg):
        assert monotonic() < end, f"in {timeout / 1000:g} s this has not become true: {expression}"
        page.wait_for_timeout(20)
