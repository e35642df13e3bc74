"""The contents beside a page: the appendix is folded where the page is not in it."""

import pytest
from bs4 import BeautifulSoup

from built_book import PAGES, page_path


@pytest.mark.parametrize("name", PAGES)
def test_the_appendix_is_folded_but_on_its_own_pages(name):
    page = BeautifulSoup(page_path(name).read_text(encoding="utf-8"), "html.parser")
    (folded,) = page.select("nav.bd-links details")
    assert folded.select_one("summary .caption-text")
    inside = folded.select("li a")
    assert len(inside) >= 10
    assert folded.has_attr("open") == bool(folded.select("li.active"))
    is_appendix = name.startswith("appendix/") or name == "genindex"
    assert folded.has_attr("open") == is_appendix
    around = [link for link in page.select("nav.bd-links li a") if link not in inside]
    assert sum("chapters/" in link["href"] or link["href"] == "#" for link in around) > 0
