"""The field above the ledger and above the symbols: what it leaves, says and forgets."""

import pytest
from test_book import address

LEFT = {
    "appendix/notation": "table.notation tbody tr:not(.left-out)",
    "appendix/ledger": "ul.ledger-list > li:not(.left-out)",
}
FIELD = "p.filter input"
COUNT = "p.filter [role=status]"


@pytest.mark.parametrize("name", LEFT)
def test_what_is_typed_leaves_lines_and_is_forgotten(open_page, name):
    page = open_page(address(name))
    lines = page.locator(LEFT[name])
    whole = lines.count()
    page.get_by_role("searchbox", name="Show only").press_sequentially("temperature")
    left = lines.count()
    assert 1 < left < whole / 4
    assert page.locator(COUNT).inner_text() == f"{left} of {whole}"
    hidden = page.locator(LEFT[name].replace(":not(.left-out)", ".left-out"))
    assert hidden.count() == whole - left and not hidden.first.is_visible()
    page.emulate_media(media="print")
    assert hidden.first.is_visible() and not page.locator(FIELD).is_visible()
    page.emulate_media(media="screen")
    page.locator(FIELD).fill("")
    assert lines.count() == whole and page.locator(COUNT).inner_text() == ""
    page.locator(FIELD).fill("temperature")
    page.reload()
    assert lines.count() == whole and page.locator(FIELD).input_value() == ""


@pytest.mark.parametrize(
    ("name", "typed", "some", "others"),
    [
        ("notation", "τ", r"\(\tau\)", r"\(\eta\)"),
        ("notation", "T", r"\(T\)", r"\(t\)"),
        ("notation", "t", r"\(t\)", r"\(T\)"),
        ("notation", "eta", r"\(\eta\)", r"\(\theta\)"),
        ("notation", "ε", r"\(\varepsilon\)", r"\(\eta\)"),
        ("notation", "ϵ", r"\(\varepsilon\)", r"\(\eta\)"),
        ("notation", "varepsilon", r"\(\varepsilon\)", r"\(\eta\)"),
        ("notation", "µ", r"\(\mu\)", r"\(\eta\)"),
        ("notation", "β₁", r"\(\beta_1\), \(\beta_2\)", r"\(\eta\)"),
        ("ledger", "fokker-planck", "Smoluchowski equation (Fokker–Planck)", "Detailed balance"),
        ("ledger", "∇U", "Force from a potential", "Detailed balance"),
        ("notation", "k_B", r"\(k_B\)", r"\(k_0\)"),
        ("notation", "Boltzmann constant", r"\(k_B\)", r"\(D\)"),
        ("ledger", "einstein relation", "Einstein relation", "Detailed balance"),
        ("ledger", "(1.", "Power of a force", "Detailed balance"),
    ],
)
def test_letters_and_words_are_found(open_page, name, typed, some, others):
    """Lines are known by their text with formulas in TeX."""
    script = """addEventListener("DOMContentLoaded", () => {
      const heads = document.querySelectorAll("table.notation tbody th, .ledger-list .ledger-name");
      for (const head of heads) {
        const copy = head.cloneNode(true);
        for (const formula of copy.querySelectorAll(".formula"))
          formula.replaceWith(`\\\\(${formula.dataset.tex}\\\\)`);
        head.closest("tr, li").dataset.head = copy.textContent;
      }
    });"""
    page = open_page(address(f"appendix/{name}"), script=script)
    page.locator(FIELD).fill(typed)
    lines = page.locator(LEFT[f"appendix/{name}"])
    heads = lines.evaluate_all("lines => lines.map(line => line.dataset.head)")
    heads = [head.split(" letter ")[-1] for head in heads]
    assert some in heads and others not in heads, heads


@pytest.mark.parametrize("name", LEFT)
def test_where_nothing_is_found_it_says_so(open_page, name):
    page = open_page(address(name))
    page.locator(FIELD).fill("xyzzy")
    assert page.locator(LEFT[name]).count() == 0
    assert "No line has all of this" in page.locator(COUNT).inner_text()


def test_a_chapter_without_lines_has_no_title(open_page):
    page = open_page(address("appendix/ledger"))
    titles = page.locator(".ledger-chapter:not(.left-out)")
    assert titles.count() == 14
    page.locator(FIELD).fill("detailed balance")
    assert titles.all_inner_texts() == ["Annealing", "Sampling with Langevin"]


def test_a_link_to_what_is_left_out_brings_it_back(open_page):
    page = open_page(address("appendix/notation"))
    page.locator(FIELD).fill("τ")
    row = page.locator("#symbol-W")
    assert not row.is_visible()
    near = "row => Math.abs(row.getBoundingClientRect().top) < innerHeight / 2"
    page.locator("ul.letters").get_by_role("link", name="W", exact=True).click()
    page.wait_for_function(f"({near})(document.getElementById('symbol-W'))")
    assert page.locator(FIELD).input_value() == ""


@pytest.mark.parametrize("by", ["location.hash = 'symbol-W'", "history.back()"])
def test_an_address_brings_back_what_is_left_out(open_page, by):
    page = open_page(address("appendix/notation"))
    page.evaluate("location.hash = 'symbol-W'")
    page.evaluate("location.hash = 'symbol-A'")
    page.locator(FIELD).fill("τ")
    page.evaluate(by)
    page.wait_for_function("""() => {
      const { top } = document.getElementById("symbol-W").getBoundingClientRect();
      return Math.abs(top) < innerHeight / 2;
    }""")
    assert page.locator(FIELD).input_value() == ""


@pytest.mark.parametrize("typed", ["text", "math", "left"])
def test_what_only_draws_letters_is_not_found(open_page, typed):
    page = open_page(address("appendix/notation"))
    page.locator(FIELD).fill(typed)
    lines = page.locator(LEFT["appendix/notation"]).all_inner_texts()
    assert all(typed in line.lower() for line in lines)


@pytest.mark.parametrize("name", LEFT)
def test_without_scripts_the_list_is_whole_and_has_no_field(open_page, name):
    page = open_page(address(name), java_script_enabled=False)
    assert page.locator(LEFT[name]).last.is_visible() and not page.locator(FIELD).is_visible()


def test_on_a_phone_what_is_found_comes_into_the_window(open_page):
    page = open_page(address("appendix/ledger"), width=320, height=640)
    field = page.get_by_role("searchbox", name="Show only")
    field.press_sequentially("fokker")
    box = page.locator(LEFT["appendix/ledger"]).first.bounding_box()
    assert 0 <= box["y"] < 640 and 0 <= field.bounding_box()["y"] < 640
