"""The chapter beside a running kernel: it runs from top to bottom, and its figures answer."""

import re

CHAPTER = "02-brownian-motion.ipynb"
PICTURE = ".widget-html-content .lv-figure svg"
SLOW = 20_000  # milliseconds that one redrawing may take on a busy machine


def test_every_cell_runs_and_none_fails(chapter):
    cells = chapter.cells()
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert len(outputs) > 10
    for output in outputs:
        assert output["output_type"] != "error", output
        assert output.get("name") != "stderr", output


def test_every_explored_figure_has_named_controls_and_a_picture(chapter):
    source = "".join("".join(cell["source"]) for cell in chapter.cells())
    figures = explored(chapter)
    assert len(figures) == source.count("figures.explore(") >= 3
    for figure in figures:
        figure.scroll_into_view_if_needed()
        assert figure.locator(PICTURE).get_attribute("aria-label")
        controls = rows(figure)
        assert controls
        for control in controls:
            label = control.locator(".widget-label")
            label.scroll_into_view_if_needed()
            assert label.is_visible() and label.text_content().strip()
            assert control.locator("[role=slider], select").count() == 1


def test_a_value_off_the_grid_is_drawn_as_the_function_draws_it(chapter, lab):
    (figure,) = [f for f in explored(chapter) if "Avogadro" in f.text_content()]
    series, number, _ = rows(figure)
    series.locator("select").select_option("second")
    type_into(number, "6.37")
    radius = wait_for_words(figure, r"second series .* number 6\.37 .* radius ([\d.]+) ")
    shown = drawn(figure)
    assert shown == expected(figure, lab, "second", 6.37, radius)
    assert shown not in [expected(figure, lab, "second", given, radius) for given in (6.0, 6.5)]


def test_every_control_changes_its_picture(chapter):
    for figure in explored(chapter):
        for control in rows(figure):
            before = drawn(figure)
            choice = control.locator("select")
            if choice.count():
                choice.select_option(
                    index=choice.evaluate("select => select.selectedIndex ? 0 : 1")
                )
            else:
                control.locator("[role=slider]").press("ArrowRight")
                if drawn(figure) == before and at_end(control):
                    control.locator("[role=slider]").press("ArrowLeft")
            wait_until_not(figure, before, control.locator(".widget-label").text_content())


def test_the_film_plays_and_pauses(chapter):
    film = chapter.page.locator(".lv-movie")
    film.scroll_into_view_if_needed()
    button, clock = film.locator(".lv-play"), film.locator(".lv-seek output")
    start, first = clock.text_content(), pixels(film)
    button.click()
    chapter.page.wait_for_function(
        """([clock, start]) => {
          const number = (text) => Number(text.match(/[\\d.]+/));
          return number(clock.textContent) > number(start) + 1;
        }""",
        arg=[clock.element_handle(), start],
    )
    assert button.text_content() == "Pause"
    button.click()
    paused, frozen = clock.text_content(), pixels(film)
    assert button.text_content() == "Play"
    assert frozen != first
    chapter.page.wait_for_timeout(300)
    assert (clock.text_content(), pixels(film)) == (paused, frozen)


def test_nothing_was_asked_from_elsewhere_and_nothing_complained(chapter):
    assert chapter.complaints == []


def explored(chapter):
    """Boxes of controls and their picture, in the order of the notebook."""
    boxes = chapter.page.locator(".jp-OutputArea-output .widget-vbox:has(.lv-figure)")
    boxes.first.wait_for(state="attached")
    return boxes.all()


def rows(figure):
    """One element for each control: its label with what is moved."""
    return figure.locator(".widget-inline-hbox:has([role=slider], select)").all()


def drawn(figure):
    return figure.locator(PICTURE).inner_html()


def at_end(control):
    handle = control.locator("[role=slider]")
    return handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")


def wait_until_not(figure, before, label):
    try:
        figure.page.wait_for_function(
            "([svg, box, before]) => box.querySelector(svg)?.innerHTML !== before",
            arg=[PICTURE, figure.element_handle(), before],
            timeout=SLOW,
        )
    except Exception:
        raise AssertionError(f"“{label}” was moved and the picture stayed the same") from None
    assert figure.locator(".lv-error").count() == 0


def wait_for_words(figure, pattern):
    """Wait until the picture's alternative text says so; return the pattern's group."""
    try:
        found = figure.page.wait_for_function(
            "([svg, box, words]) => "
            "box.querySelector(svg)?.getAttribute('aria-label').match(words)",
            arg=[PICTURE, figure.element_handle(), pattern],
            timeout=SLOW,
        )
    except Exception:
        said = figure.locator(PICTURE).get_attribute("aria-label")
        raise AssertionError(f"the picture never said {pattern!r}; it says {said!r}") from None
    return found.json_value()[1]


def type_into(row, text):
    """Write a value into the field beside a slider, as a reader does."""
    field = row.locator(".widget-readout")
    field.click()
    field.press("ControlOrMeta+a")
    field.press_sequentially(text)
    field.press("Enter")


def expected(figure, lab, series, avogadro, radius):
    """Markup of the picture that the chapter's own function draws, without any widget."""
    state = {"series": series, "avogadro": avogadro, "radius": float(radius)}
    figures = "__import__('langevin.figures.explorer', fromlist=['picture'])"
    made = lab.evaluate(
        f"{figures}.picture({figures}.Explorer(bench, {{}}, 'x').figure({state!r}), 'x', None)"
    )
    assert re.search("<svg.*</svg>", made, re.DOTALL)
    return figure.page.evaluate(
        """markup => {
            const holder = document.createElement("div");
            holder.innerHTML = markup;
            return holder.querySelector("svg").innerHTML;
        }""",
        made,
    )


def pixels(film):
    return film.locator("canvas").evaluate("canvas => canvas.toDataURL()")
