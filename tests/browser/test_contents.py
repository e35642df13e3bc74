"""The contents at the right of a page mark the section that is read."""

import pytest

from built_book import page_path

PAGE = "chapters/10-sgd-as-langevin"
READ = """() => {
  const links = [...document.querySelectorAll("#pst-page-toc-nav a")];
  const passed = links.filter((link) => {
    const heading = document.getElementById(link.hash.slice(1)).querySelector("h2, h3");
    return heading.getBoundingClientRect().top < 0.3 * innerHeight;
  });
  const marked = links.filter((link) => link.hasAttribute("aria-current"));
  return marked.length <= 1 && marked.at(-1)?.hash === passed.at(-1)?.hash;
}"""


@pytest.mark.parametrize("backwards", [False, True])
def test_the_mark_follows_whoever_jumps_over_sections(open_page, backwards):
    page = open_page(page_path(PAGE).as_uri(), width=1400)
    page.wait_for_load_state("load")
    shares = [0.03, 0.17, 0.31, 0.52, 0.66, 0.88, 0.4, 0.0]
    for share in reversed(shares) if backwards else shares:
        page.evaluate(
            "share => scrollTo({ top: share * document.body.scrollHeight, behavior: 'instant' })",
            share,
        )
        page.wait_for_function(READ, timeout=3000)
