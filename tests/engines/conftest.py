"""One window of each other engine, and a copy of the built book that notes its complaints."""

import re
import shutil

import pytest

import lighthouse
from built_book import HTML, every_page, page_path
from chromium import absent
from engines import ENGINES, Missing

# It stands before the page's policy, so the policy lets it run, as it would an extension.
NOTES = """<script>
window.complaints = [];
addEventListener("error", ({ message, target }) => {
  // Sizes that change once more are told in the next frame: Firefox says so, nothing is lost.
  if (message?.startsWith("ResizeObserver loop")) return;
  complaints.push(`failed: ${message || target.src || target.href}`);
}, true);
addEventListener("unhandledrejection", (event) => complaints.push(`rejected: ${event.reason}`));
addEventListener("securitypolicyviolation", (event) => complaints.push(
  `barred by ${event.effectiveDirective}: ${event.blockedURI}`));
for (const kind of ["error", "warn"]) {
  const say = console[kind];
  console[kind] = (...words) => { complaints.push(words.join(" ")); say.apply(console, words); };
}
</script>"""


def pytest_addoption(parser):
    parser.addoption("--engine", choices=ENGINES, help="only this one (default: both)")


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        only = metafunc.config.getoption("--engine")
        names = [only] if only else list(ENGINES)
        metafunc.parametrize("engine", names, indirect=True, scope="session")


@pytest.fixture(scope="session")
def engine(request):
    try:
        engine = ENGINES[request.param]()
    except Missing as missing:
        absent(str(missing))
    engine.resize(1200, 900)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The built book in a folder of its own, whose pages note what they complain of."""
    page_path("index")  # or says that there is no book yet
    copy = tmp_path_factory.mktemp("engines") / "site"
    shutil.copytree(HTML, copy, ignore=shutil.ignore_patterns("lite"))
    for name in every_page():
        page = copy / name
        text = page.read_text(encoding="utf-8")
        page.unlink()
        page.write_text(
            re.sub(r"(<head[^>]*>)", lambda head: head[1] + NOTES, text, count=1), "utf-8"
        )
    return copy


@pytest.fixture(scope="session")
def server(folder):
    with lighthouse.serve(folder) as served:
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


@pytest.fixture(params=["folder", "server"])
def visit(request, engine):
    """Return a function that opens a page, in a folder or from a server."""
    where = request.getfixturevalue(request.param)
    root = where.as_uri() if request.param == "folder" else where
    yield lambda name: engine.go(f"{root}/{name}.html")
    assert engine.run("window.complaints") == []
