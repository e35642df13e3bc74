"""Under the pages' security policy everything works, from a server and from a folder; strange code
does not run."""

import pytest
from figure_site import ready

from built_book import HTML, every_page, page_path
from chromium import until

CHAPTER = "chapters/02-brownian-motion"  # has a figure of each kind
WATCH = """addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  (window.barred ??= []).push(`${effectiveDirective} ${blockedURI}`);
})"""
CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture(params=["http", "file"])
def site(request, server):
    """The address of the book, served or in its folder."""
    return server if request.param == "http" else HTML.as_uri()


@pytest.fixture
def visit(site, open_page):
    """Open a page of the book that counts what its policy has barred; the count must stay none."""
    pages = []

    def opened(name, query="", **options):
        address = f"{site}/{page_path(name).relative_to(HTML)}{query}"
        pages.append(open_page(address, script=WATCH, **options))
        return pages[-1]

    yield opened
    for page in pages:
        assert page.evaluate("window.barred ?? []") == []


@pytest.mark.parametrize("name", sorted({*every_page()} - {"index.html"}))
def test_no_page_breaks_its_policy(name, server, open_page):
    """Over http; that of the folder is opened, with an eye on the console, in test_book.py."""
    page = open_page(f"{server}/{name}", script=WATCH)
    assert page.evaluate("[document.styleSheets.length > 0, window.barred]") == [True, None]


def test_the_address_of_the_site_leads_to_the_preface(visit):
    page = visit("intro")
    preface = page.url
    page.goto(preface.replace("intro.html", "index.html"))
    page.wait_for_url(preface)


def test_mathematics_has_its_letters(visit):
    page = visit(CHAPTER)
    formula = page.locator("article math").first
    assert "Book Math" in formula.evaluate("math => getComputedStyle(math).fontFamily")
    page.wait_for_function(
        "[...document.fonts].some((f) => /Book Math/.test(f.family) && f.status === 'loaded')"
    )


def test_figures_move(visit):
    page = visit(CHAPTER)
    explore = ready(page, "explore")
    before = explore.locator("svg").first.inner_html()
    explore.locator("input[type=range]").first.focus()
    page.keyboard.press("End" if page.evaluate("document.activeElement.value === '0'") else "Home")
    assert explore.locator("svg").first.inner_html() != before

    movie = ready(page, "movie")
    movie.locator("button").first.click()
    seek = movie.locator("input[type=range]").first.element_handle()
    page.wait_for_function("input => Number(input.value) > 0", arg=seek)


def test_a_live_figure_runs_and_its_link_brings_it_back(visit, site):
    page = visit(CHAPTER)
    if site.startswith("http"):
        page.context.grant_permissions(CLIPBOARD)
    live = ready(page, "live")
    live.locator(".lv-play").click()
    page.wait_for_function(
        "clock => clock.textContent !== 't = 0'", arg=live.locator(".lv-clock").element_handle()
    )
    slider = live.locator("input[type=range]").first
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    live.locator(".lv-link").click()
    page.wait_for_function("location.hash.includes('?')")

    again = visit(CHAPTER, page.url.partition(".html")[2])
    figure = ready(again, "live")
    assert figure.locator("input[type=range]").first.input_value() == slider.input_value() == "1"


def test_folded_code_and_solutions_open(visit):
    page = visit(CHAPTER)
    folded = page.locator("details.hide").first
    code = folded.locator("pre").first
    assert not code.is_visible()
    folded.locator("summary").first.click()
    assert code.is_visible()

    solution = page.locator(".admonition.dropdown").first
    words = solution.locator(".section, p:not(.admonition-title)").first
    assert not words.is_visible()
    solution.locator(".toggle-button").first.click()
    assert words.is_visible()


def test_code_is_copied(visit):
    page = visit(CHAPTER)
    block = page.locator("div.highlight:visible").filter(has=page.locator("button.copybtn")).first
    block.hover()
    block.locator("button.copybtn").click()
    block.locator("button.copybtn.success").wait_for()


def test_the_header_prints_downloads_fills_the_screen_and_explains_itself(visit):
    page = visit(CHAPTER)
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Download this page").click()
    page.locator(".btn-download-source-button").wait_for(state="visible")
    page.locator(".btn-download-pdf-button").click()
    page.wait_for_function("window.printed")

    full = page.locator(".btn-fullscreen-button")
    page.mouse.move(0, 500)
    full.hover()
    page.locator(".tooltip").first.wait_for()
    full.click()
    page.wait_for_function("document.fullscreenElement")
    full.click()
    page.wait_for_function("!document.fullscreenElement")


def test_the_theme_is_chosen_and_kept(visit):
    page = visit(CHAPTER)
    switch = page.locator(".theme-switch-button:visible").first
    mode = "document.documentElement.dataset.mode"

    def another():
        before = page.evaluate(mode)
        switch.click()
        page.wait_for_function(f"{mode} !== '{before}'")
        return page.evaluate(mode)

    assert sorted(another() for _ in range(3)) == ["auto", "dark", "light"]
    while another() != "dark":
        pass
    page.wait_for_function("localStorage.getItem('mode') === 'dark'")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("width", [500, 1400])
def test_the_side_bar_comes_and_goes(visit, width):
    page = visit(CHAPTER, width=width)
    contents = page.locator(".bd-sidebar-primary nav a").filter(has_text="Newton").last
    wide = width > 1000
    assert in_window(contents) == wide
    page.locator(".primary-toggle:visible").first.click()
    page.wait_for_timeout(600)  # it slides
    assert in_window(contents) != wide


def in_window(place):
    """Tell whether a reader sees it."""
    box = place.bounding_box()
    return place.is_visible() and box is not None and box["x"] + box["width"] > 0


def test_the_search_opens_by_key_and_finds(visit, site):
    page = visit("intro")
    page.keyboard.press("Control+k")
    page.keyboard.type("Perrin")
    found = page.locator(".found li")
    found.first.wait_for()
    found.locator("p.around mark", has_text="Perrin").first.wait_for()
    found.filter(has_text="Brownian motion").locator("a").first.click()
    page.wait_for_url("**/02-brownian-motion.html#*")
    if site.startswith("http"):  # in a folder a busy browser may keep the words too late (1 in 60)
        page.locator("span.highlighted").first.wait_for(state="attached")


STRANGE = {
    "a script": """() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
    }""",
    "a handler": """() => {
      const picture = "<img src='none.png' onerror='window.ran = true'>";
      document.body.insertAdjacentHTML("beforeend", picture);
    }""",
    "an address": """() => {
      const link = document.createElement("a");
      link.href = "javascript:void(window.ran = true)";
      document.body.append(link);
      link.click();
    }""",
    "code from text": "() => { setTimeout('window.ran = true'); }",
    "code from data": """() => {
      const script = document.createElement("script");
      script.src = "data:text/javascript,window.ran = true";
      document.body.append(script);
    }""",
}


@pytest.mark.parametrize("how", STRANGE)
def test_strange_code_does_not_run(how, site, browser):
    """The policy lives: what is put into the page while it is read stays still."""
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(f"{site}/{page_path('intro').relative_to(HTML)}")
        page.evaluate(STRANGE[how])
        until(page, "window.barred?.length")
        assert page.evaluate("[window.ran, window.barred.length]") == [None, 1]
        assert page.evaluate("window.barred[0]").startswith("script-src")


def test_without_a_policy_it_would_run(server, browser):
    """The tests above would notice: the same page with its policy bypassed runs all of it."""
    with browser.new_context(bypass_csp=True) as context:
        for strange in STRANGE.values():
            page = context.new_page()
            page.goto(f"{server}/intro.html")
            page.evaluate(strange)
            until(page, "window.ran")
            page.close()
