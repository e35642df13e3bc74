"""Readers without JavaScript are told what they miss, on every page that has figures."""

import pytest
from bs4 import BeautifulSoup

from book.web.notice import NOTICE
from built_book import PAGES, page_path


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith("zh/")])
def test_a_page_with_figures_says_what_it_needs(name):
    page = BeautifulSoup(page_path(name).read_text(encoding="utf-8"), "html.parser")
    said = [notice.get_text() for notice in page.select("article noscript .without-scripts")]
    assert said == ([str(NOTICE)] if page.select("article [data-lv]") else [])
