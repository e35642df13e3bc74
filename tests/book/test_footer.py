"""The foot of a page: licences always, source and "report a mistake" where the address is known."""

import os

import pytest
from bs4 import BeautifulSoup

import launch_site
from book.web.footer import CODE, TEXT
from built_book import PAGES, page_path

NAME = launch_site.CHAPTERS[0]


def links(page):
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return {link.text: link["href"] for link in soup.select("footer .extra_footer a")}


@pytest.mark.parametrize("repository", ["someone/the-book", None])
def test_links_that_need_the_address_are_there_where_it_is_known(repository, tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "LANGEVIN_FIGURES", "static")  # restored: the build sets it
    if repository:
        monkeypatch.setenv("GITHUB_REPOSITORY", repository)
    else:
        monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "no-repository"))
    found = links(launch_site.build(tmp_path, lite=False) / f"{NAME}.html")
    known = {
        "Source of the book": "https://github.com/someone/the-book",
        "Report a mistake on this page": "https://github.com/someone/the-book/issues/new"
        "?title=chapters/01-newtons-law%3A%20",
    }
    assert found == {TEXT[1]: TEXT[0], CODE[1]: CODE[0]} | (known if repository else {})


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_how_it_may_be_used(name):
    found = links(page_path(name))
    assert found[TEXT[1]] == TEXT[0] and found[CODE[1]] == CODE[0]
