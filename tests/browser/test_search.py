"""Whoever types what is in the book is led to the section, the equation or the word itself."""

import tomllib
from pathlib import Path

import pytest
from test_book import check_with_axe
from test_places import shown

from built_book import HTML, page_path

QUERIES = tomllib.loads(Path(__file__).with_name("queries.toml").read_text(encoding="utf-8"))
SOURCE = "bibliography:"  # where a list of sources has no names for its places
NEEDED = 36  # of the forty queries, answered by the first result
CHAPTER = "chapters/06-escape"
FIRST = """async ([query, chinese]) => {
  await bookSearch.ready;
  const [first] = bookSearch.find(query, chinese);
  return first && [bookSearch.pages[first.page][0], first.place, `${first.title} ${first.text}`];
}"""
LOADED = "[...document.scripts].map(({ src }) => src.split('/').pop())"


def ask(page, words):
    """Open the field by its keys, type, and wait for results; return their links."""
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    links = page.locator(f".found.asked[data-query='{words}'] li a")
    links.first.wait_for()
    return links


@pytest.fixture(params=["http", "file"])
def site(request, server):
    """The address of the book, served or in its folder."""
    return server if request.param == "http" else HTML.as_uri()


@pytest.fixture(scope="module")
def knowing(open_shared):
    """A page from the disk whose search knows the book."""
    page = open_shared(page_path("search").as_uri() + "?q=a")
    page.wait_for_function("Boolean(window.bookSearch)")
    return page


def test_the_first_result_answers(knowing):
    asked = [(query, wanted, chinese) for chinese in (False, True)
             for query, wanted in QUERIES["chinese" if chinese else "english"]]  # fmt: skip
    assert len(asked) == 40
    misses = []
    for query, wanted, chinese in asked:
        page, place, text = knowing.evaluate(FIRST, [query, chinese]) or ("nothing", "", "")
        texts = [name.removeprefix(SOURCE) for name in wanted if name.startswith(SOURCE)]
        if f"{page}#{place}" not in wanted and not any(part in text for part in texts):
            misses.append(f"{query}: {page}#{place}")
    assert len(asked) - len(misses) >= NEEDED, "\n".join(misses)


@pytest.mark.parametrize(("typed", "meant"), [("Bolzmann", "Boltzmann"), ("uhlenbek", "Uhlenbeck")])
def test_a_misspelt_name_alone_is_understood(knowing, typed, meant):
    assert meant in knowing.evaluate(FIRST, [typed, False])[2]


def test_every_wanted_place_is_there():
    for _, wanted in QUERIES["english"] + QUERIES["chinese"]:
        for name, _, place in (one.partition("#") for one in wanted if not one.startswith(SOURCE)):
            assert f'id="{place}"' in page_path(name).read_text(encoding="utf-8"), (name, place)


def test_typing_finds_and_enter_opens_at_the_section(open_page, site):
    page = open_page(f"{site}/{CHAPTER}.html")
    assert "search-index.js" not in page.evaluate(LOADED), "nobody has searched yet"
    links = ask(page, "0.574")
    assert "search-index.js" in page.evaluate(LOADED)
    assert page.locator(".found [role=status]").first.inner_text().endswith("results")
    assert links.first.inner_text() == "Why 0.574"
    assert page.locator(".found mark").first.inner_text() == "0.574"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/chapters/12-sampling-with-langevin.html#why-0-574")
    assert shown(page, "why-0-574")


def test_arrows_go_through_the_results_and_escape_leaves(open_page):
    page = open_page(page_path(CHAPTER).as_uri())
    links = ask(page, "barrier")
    focused = "document.activeElement.textContent"
    for key, number in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == links.nth(number).text_content()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.locator(".found").first.wait_for(state="hidden")
    assert page.url == page_path(CHAPTER).as_uri()


def test_a_place_in_the_same_page_is_shown(open_page):
    page = open_page(page_path(CHAPTER).as_uri())
    ask(page, "the turnover").first.click()
    page.wait_for_url("**#the-turnover")
    assert not page.locator("#pst-search-dialog").is_visible()
    page.wait_for_timeout(1000)  # the theme may scroll smoothly
    assert shown(page, "the-turnover")


def test_what_is_not_there_is_said(open_page):
    page = open_page(page_path("intro").as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type("xylophone 7.77777")
    page.locator(".found [role=status]", has_text="Nothing found").first.wait_for()
    page.keyboard.press("Enter")
    assert page.url == page_path("intro").as_uri()


@pytest.mark.parametrize("name", ["intro", "chapters/10-sgd-as-langevin"])
def test_chinese_pages_find_chinese_words(open_page, site, name):
    page = open_page(f"{site}/zh/{name}.html")
    for words in ("学习率", "势垒", "重尾", "海森矩阵", "小批量"):
        links = ask(page, words)
        assert words in page.locator(".found li").first.inner_text()
        assert "/zh/" in links.first.evaluate("link => link.href")
        assert page.locator(".found [role=status]").first.inner_text().endswith("个结果")
        page.keyboard.press("Escape")
        page.locator("#pst-search-dialog input").evaluate("field => { field.value = ''; }")
    ask(page, "势垒").first.click()
    page.wait_for_url("**/zh/chapters/10-sgd-as-langevin.html#a-barrier-that-batches-do-not-cross")


def test_the_page_of_results_keeps_what_was_asked(open_page, server):
    page = open_page(f"{server}/404.html")
    page.locator("main form input").fill("equipartition")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=equipartition")
    page.locator("main .found li a").first.wait_for()
    assert page.locator("main input").input_value() == "equipartition"
    page.locator("main input").fill("turnover")
    page.wait_for_url("**/search.html?q=turnover")


def test_texts_are_readable(knowing):
    """No TeX, no marks of formulas, no code of folded cells."""
    for words in ("sqrt dt", "width", "kB T / lambda", "temperature", "figure"):
        knowing.locator("main input").fill(words)
        knowing.wait_for_function(
            "query => document.querySelector('main .found').dataset.query === query", arg=words
        )
        for text in knowing.locator("main .found li").all_inner_texts():
            assert "$" not in text and "\\" not in text and "_{" not in text, text
            assert "import " not in text and "plt." not in text, text


@pytest.mark.parametrize("width", [1300, 320])
def test_axe_finds_nothing_among_results(open_page, width):
    page = open_page(page_path("intro").as_uri(), width=width)
    ask(page, "Bolzmann distribution")
    page.evaluate("document.querySelectorAll('.bd-article > *').forEach((part) => part.remove())")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator(".found.asked")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    check_with_axe(page, "light", {})
    check_with_axe(page, "dark", {"runOnly": ["color-contrast"]})


def test_the_magnifier_is_beside_the_letters(open_page):
    page = open_page(page_path("intro").as_uri())
    page.keyboard.press("Control+k")
    icon = page.locator("#pst-search-dialog i").bounding_box()
    begins = page.locator("#pst-search-dialog input").evaluate(
        "field => field.getBoundingClientRect().x + parseFloat(getComputedStyle(field).paddingLeft)"
    )
    assert icon["x"] + icon["width"] < begins


def test_without_javascript_a_sentence_says_where_to_look(open_page):
    page = open_page(page_path("search").as_uri(), java_script_enabled=False)
    assert page.locator("main noscript a").all_inner_texts() == ["contents", "index"]
    assert not page.locator("main form").is_visible()
