"""What a reader loads to read a chapter: its page and the data of its figures."""

import gzip
import re

import pytest
from bs4 import BeautifulSoup

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


@pytest.mark.parametrize("name", [name for name in PAGES if "chapters/" in name])
def test_no_field_has_a_browser_lay_out_sections_far_below_the_window(name):
    """It looks at every field and list for what it could fill in, and at where they stand."""
    page = BeautifulSoup(page_path(name).read_text(encoding="utf-8"), "html.parser")
    assert not page.select("article :is(select, textarea, form.answer input, input[type=text])")
