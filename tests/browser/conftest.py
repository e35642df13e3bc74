"""The browser's fixtures, for the tests of this folder, and the book on a server."""

import pytest

import lighthouse
from built_book import HTML, page_path
from chromium import browser, open_page, open_shared  # noqa: F401


@pytest.fixture(scope="session")
def server():
    """The address of the book on a server of this machine, which compresses as the public one."""
    page_path("search")  # or says that there is no book yet
    with lighthouse.serve(HTML) as served:
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
