"""The button that opens a chapter's notebook: where it leads, and on which pages it is."""

import json
import os
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

import launch_site
from book.sources.address import repository_address
from book.web import launch
from built_book import CHAPTERS, HTML, PAGES, ROOT, page_path

EVERYWHERE = ["Run in this browser", "Run on Binder", "Run on Colab"]
TINY = launch_site.CHAPTERS


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Build the small site, again if asked again: `site(repository, lite=…)`."""

    def build(repository, **options):
        if repository:
            monkeypatch.setenv("GITHUB_REPOSITORY", repository)
        else:
            monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
        return launch_site.build(tmp_path, **options)

    monkeypatch.setitem(os.environ, "LANGEVIN_FIGURES", "static")  # restored: the build sets it
    return build


def entries(page):
    """Names and links in the menu of a page."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    links = soup.select(".dropdown-launch-buttons a")
    return {link.get_text(strip=True): link["href"] for link in links}


def test_a_chapter_opens_in_three_places_and_each_link_names_its_notebook(site):
    out = site("someone/the-book", lite=True)
    for name in TINY:
        found = entries(out / f"{name}.html")
        assert list(found) == EVERYWHERE
        here, binder, colab = map(urlsplit, found.values())
        assert (out / "chapters" / here.path).resolve() == (out / "lite" / "lab" / "index.html")
        assert (out / "lite" / "lab" / "index.html").is_file()
        (in_lite,) = parse_qs(here.query)["path"]
        (on_binder,) = parse_qs(binder.query)["urlpath"]
        on_colab = colab.path.removeprefix("/github/someone/the-book/blob/main/")
        notebook = ROOT / f"{name}.ipynb"
        assert notebook.is_file()
        assert {in_lite, on_binder.removeprefix("lab/tree/"), on_colab} == {f"{name}.ipynb"}
        assert binder.netloc + binder.path == "mybinder.org/v2/gh/someone/the-book/main"
        assert colab.netloc == "colab.research.google.com"


def test_colab_is_offered_where_the_chapter_knows_what_to_fetch(site):
    out = site("someone/the-book", lite=True, text=f"# Chapter\n\n{launch.UNKNOWN}")
    assert list(entries(out / f"{TINY[0]}.html")) == EVERYWHERE[:2]
    (first, *_) = (ROOT / "binder" / "first_cell.ipy").read_text(encoding="utf-8").split("assert")
    assert launch.UNKNOWN in first


def test_other_pages_have_no_button(site):
    out = site("someone/the-book", lite=True)
    for name in ("index", "search", "genindex"):
        assert "dropdown-launch-buttons" not in (out / f"{name}.html").read_text(encoding="utf-8")


def test_where_no_address_is_known_and_no_jupyterlite_made_nothing_is_offered(site):
    page = f"{TINY[0]}.html"
    out = site(None, lite=False)
    assert "dropdown-launch-buttons" not in (out / page).read_text(encoding="utf-8")
    assert not (out / "lite").exists()
    assert list(entries(site("someone/the-book", lite=False) / page)) == EVERYWHERE[1:]
    assert list(entries(site(None, lite=True) / page)) == EVERYWHERE[:1]  # pages are written again


@pytest.mark.parametrize("name", PAGES)
def test_in_the_book_chapters_have_the_button_and_other_pages_have_not(name):
    found = entries(page_path(name))
    assert ("Run in this browser" in found) == (name.removeprefix("zh/") in CHAPTERS)
    address = repository_address(ROOT)
    owned = address.repository.partition("://")[2].partition("/")[2] if address else "(none)"
    foreign = [link for link in found.values() if urlsplit(link).netloc]
    assert all(f"/{owned}/" in link for link in foreign)


@pytest.mark.parametrize("name", CHAPTERS)
def test_in_the_book_the_link_opens_this_chapter(name):
    link = urlsplit(entries(page_path(name))["Run in this browser"])
    assert (HTML / "chapters" / link.path).resolve() == HTML / "lite" / "lab" / "index.html"
    (notebook,) = parse_qs(link.query)["path"]
    assert notebook == f"{name}.ipynb"
    copies = (ROOT / notebook, HTML / "lite" / "files" / notebook)
    ours, theirs = (json.loads(path.read_text(encoding="utf-8"))["cells"] for path in copies)
    assert [cell for cell in theirs if cell.get("id") != "install"] == ours


def test_the_site_does_not_inherit_that_sphinx_has_ended(tmp_path):
    site = launch_site.build(tmp_path, lite=False)
    assert (tmp_path / "html" / ".complete").is_file()
    assert not (site / ".complete").exists()
