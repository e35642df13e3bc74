"""Whoever types an equation's name on the search page is led to the equation."""

import pytest

from built_book import page_path

SEARCHES = [
    ("Einstein relation", "chapters/02-brownian-motion.html#equation-eq-einstein"),
    ("kramers", "chapters/06-escape.html#equation-eq-kramers-spatial"),
    ("Hajek's condition", "chapters/07-annealing.html#equation-eq-hajek"),
    ("heavy ball", "chapters/11-momentum-and-adam.html#equation-eq-heavy-ball"),
]
# From a disk the browser bars the texts below the results; the results themselves must come.
NO_TEXTS = "fetch = () => Promise.resolve(new Response(''))"


def search(page, words):
    """Type words on the search page; return the results: address -> what the link says."""
    box = page.locator("form input[name=q]:visible").first
    box.fill(words)
    with page.expect_navigation():
        box.press("Enter")
    page.wait_for_function(
        "document.querySelector('#search-results h2')?.innerText.includes('Results')"
    )
    links = page.locator("#search-results li > a").all()
    return {link.evaluate("a => a.href"): link.locator("xpath=..").inner_text() for link in links}


@pytest.fixture(scope="module")
def on_disk(open_shared):
    """The search page, opened from the disk."""
    return open_shared(page_path("search").as_uri(), script=NO_TEXTS)


@pytest.mark.parametrize(("words", "address"), SEARCHES)
def test_a_name_finds_the_equation(on_disk, words, address):
    name, anchor = address.split(".html#")
    found = search(on_disk, words)
    wanted = f"{page_path(name).as_uri()}#{anchor}"
    assert wanted in found
    assert "(equation, in " in found[wanted]
    assert f'id="{anchor}"' in page_path(name).read_text(encoding="utf-8")


def test_the_result_leads_to_the_equation(open_page, server):
    words, address = SEARCHES[0]
    page = open_page(f"{server}/search.html")
    assert f"{server}/{address}" in search(page, words)
    page.locator(f"#search-results a[href$='{address}']").first.click()
    page.wait_for_url(f"**/{address}")
    page.wait_for_load_state("load")
    page.wait_for_function(
        """anchor => {
          const box = document.getElementById(anchor).getBoundingClientRect();
          return box.top >= 0 && box.top < innerHeight;
        }""",
        arg=address.split("#")[1],
    )
