"""What a reader loads to read a chapter: its page and the data of its figures."""

import gzip
import re

import pytest

from built_book import PAGES, page_path

LIMIT = 300_000  # bytes, compressed, beside what all pages share


@pytest.mark.parametrize("name", [name for name in PAGES if "chapters/" in name])
def test_a_chapter_is_light_with_all_its_figures(name):
    page = page_path(name)
    html = page.read_bytes()
    data = {page.parent / link for link in re.findall(r'data-src="([^"]+)"', html.decode())}
    assert data
    parts = [html, *(path.read_bytes() for path in sorted(data))]
    assert sum(len(gzip.compress(part, 6)) for part in parts) <= LIMIT
