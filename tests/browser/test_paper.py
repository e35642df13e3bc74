"""A page on paper: the chapter's number, equations in one piece. Also the air around a figure."""

from built_book import page_path

CHAPTER = "chapters/06-escape"


def test_a_printed_chapter_has_its_number_and_keeps_equations_with_theirs(open_page):
    page = open_page(page_path(CHAPTER).as_uri())
    page.emulate_media(media="print")
    titles = page.locator("h1:visible").all_inner_texts()
    assert [title.partition("#")[0].strip() for title in titles] == ["6. Escape"]
    equations = page.locator("div.math:has(.eqno)")
    assert equations.count() > 10
    assert set(equations.evaluate_all("all => all.map(e => getComputedStyle(e).breakInside)")) == {
        "avoid"
    }
    assert page.locator(".dropdown").count() > 5
    buttons = page.locator(".bd-article button:not(.act, .copybtn)")  # words, and one without ink
    assert not any(one.is_visible() for one in buttons.all())


def test_a_figure_stands_close_to_the_text_before_it(open_page):
    page = open_page(page_path(CHAPTER).as_uri(), width=1400)
    gaps = page.evaluate(
        """() => [...document.querySelectorAll(".bd-article p + .cell .lv-picture")].map((p) =>
          p.getBoundingClientRect().top
            - p.closest(".cell").previousElementSibling.getBoundingClientRect().bottom)"""
    )
    assert gaps and max(gaps) <= 32
