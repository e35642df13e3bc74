"""Each kind of figure in a real browser: it moves, says so, and is there without JavaScript."""

import io
import itertools
import json
import os
import re
import shutil
import statistics
from pathlib import Path
from unittest import mock
from urllib.parse import urlparse
from urllib.request import url2pathname

import matplotlib
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from figure_site import CHOICE, CURVE, TIME, choice, curve, film, ready, write_site
from PIL import Image

from langevin import figures
from langevin.figures import explorer, layout, static, style, svg
from svg_tools import ET, canonical, drawing

SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
PIXELS = "canvas => canvas.toDataURL()"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return write_site(tmp_path_factory.mktemp("site"))


def check_sliders(page):
    """Every slider, moved by keyboard, changes the picture and what is announced."""
    figure = ready(page, "explore")
    for slider in figure.locator("input[type=range]").all():
        before = figure.locator("svg").inner_html(), slider.get_attribute("aria-valuetext")
        slider.focus()
        page.keyboard.press("ArrowRight")
        after = figure.locator("svg").inner_html(), slider.get_attribute("aria-valuetext")
        assert before[0] != after[0], "the picture stayed"
        assert before[1] != after[1], "the announced value stayed"


def test_sliders_move_the_picture_and_say_so(site, open_page):
    page = open_page(site)
    check_sliders(page)
    figure = ready(page, "explore")
    rate = figure.get_by_role("slider", name="rate")
    assert rate.get_attribute("aria-valuetext") == "2 per s"
    assert figure.locator("output").first.inner_text() == "2 per s"
    assert figure.locator("svg").get_attribute("aria-label") == "Rate 2.0, time 2."
    page.wait_for_function(
        "document.querySelector('.lv-explore .lv-said').textContent === 'Rate 2.0, time 2.'"
    )
    rate.focus()
    page.keyboard.press("Home")
    assert rate.get_attribute("aria-valuetext") == "0.5 per s"


def test_discs_in_one_path_look_as_matplotlib_draws_them(open_page):
    fig, ax = figures.axes()
    for form, size in (("o", 6), ("C1.", 4), ("k.", 3)):
        ax.plot(*np.random.default_rng(size).random((2, 50)), form, markersize=size)
    ours = figures.show(fig, alt="Three clouds.").html
    assert ours.count("h0M") == 3 * 49
    theirs = io.StringIO()
    with matplotlib.rc_context(style.STYLE):
        fig.savefig(theirs, format="svg")
    page = open_page("about:blank", width=1200)
    pictures = []
    for image in (SVG.search(ours)[0], SVG.search(theirs.getvalue())[0]):
        page.set_content(f"<style>svg {{ width: 1000px; height: auto }}</style>{image}")
        shot = page.locator("svg").first.screenshot()
        pictures.append(np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), float))
    ink = [255 - picture for picture in pictures]
    assert abs(ink[0] - ink[1]).sum() < 0.05 * ink[1].sum()  # places are rounded to 0.1 pt


@pytest.mark.parametrize(
    "line",
    [
        "nodes[node].setAttribute(attribute, texts[choice])",
        "nodes[node].innerHTML = texts[choice]",
        'figure.addEventListener("input", move)',
        'find(control, "input", HTMLInputElement).setAttribute("aria-valuetext", text)',
    ],
)
def test_a_slider_that_does_nothing_is_noticed(line, site, tmp_path, open_page):
    folder = shutil.copytree(Path(url2pathname(urlparse(site).path)).parents[1], tmp_path / "site")
    script = static.page_script()
    assert line in script
    (folder / "figures.js").write_text(script.replace(line, "void 0"), encoding="utf-8")
    page = open_page((folder / "chapters" / "one.html").as_uri())
    with pytest.raises(AssertionError):
        check_sliders(page)
        check_states(page, choice, CHOICE, 1)


def check_states(page, draw, values, number):
    """Every state, reached by script, is the fresh drawing of that state in the common layout."""
    figure = ready(page, "explore", number)
    fresh = explorer.Explorer(draw, {}, "x")
    states = list(itertools.product(*(range(len(v)) for v in values.values())))
    chosen = [{k: v[i] for (k, v), i in zip(values.items(), s, strict=True)} for s in states]
    drawn = [fresh.figure(parameters) for parameters in chosen]
    layout.share(drawn, svg.Defs())
    for state, parameters, one in zip(states, chosen, drawn, strict=True):
        text = figure.evaluate(
            """(figure, state) => {
              [...figure.querySelectorAll(".lv-control")].forEach((control, i) => {
                const select = control.querySelector("select");
                const range = control.querySelector("input[type=range]");
                if (select) select.selectedIndex = state[i];
                else if (range) range.value = state[i];
                else control.querySelectorAll("input")[state[i]].checked = true;
              });
              figure.dispatchEvent(new Event("input"));
              return new XMLSerializer().serializeToString(figure.querySelector("svg"));
            }""",
            list(state),
        )
        root = ET.fromstring(text)
        for node in root.iter():
            node.tag = node.tag.rpartition("}")[2]
        html = figures.show(one, alt="x").html
        assert canonical(root) == canonical(drawing(html)), parameters


@pytest.mark.parametrize(("draw", "values", "number"), [(curve, CURVE, 0), (choice, CHOICE, 1)])
def test_every_state_in_the_page_is_the_fresh_drawing(draw, values, number, site, open_page):
    check_states(open_page(site), draw, values, number)


def test_choices_work_by_keyboard(site, open_page):
    page = open_page(site)
    figure = ready(page, "explore", 1)
    for press in (
        lambda: figure.get_by_role("radio", name="coin").focus(),
        lambda: figure.get_by_role("radio", name="no").focus(),
        lambda: figure.get_by_role("combobox", name="many").focus(),
    ):
        before = figure.locator("svg").inner_html()
        press()
        page.keyboard.press("ArrowDown")
        assert figure.locator("svg").inner_html() != before


def finger(page, path):
    """Draw a finger over the page, and lift it at the end of the path."""
    touch = page.context.new_cdp_session(page)
    for kind, point in zip(["touchStart"] + ["touchMove"] * (len(path) - 1), path, strict=True):
        points = [dict(zip("xy", point, strict=True))]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(20)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(100)


@pytest.mark.parametrize(("kind", "role"), [("explore", "time"), ("movie", "time")])
def test_a_finger_that_scrolls_leaves_a_slider_alone(kind, role, site, open_page):
    page = open_page(site, width=390, height=700, has_touch=True)
    slider = ready(page, kind).get_by_role("slider", name=role)
    slider.evaluate("slider => slider.scrollIntoView({ block: 'center' })")
    page.evaluate("addEventListener('lv-changed', () => { window.moved = true; })")
    before, box, top = slider.input_value(), slider.bounding_box(), page.evaluate("scrollY")
    x, y = box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2
    finger(page, [(x, y - 12 * i) for i in range(16)])
    assert page.evaluate("scrollY") > top + 50
    assert slider.input_value() == before and not page.evaluate("window.moved")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    finger(page, [(box["x"] + 12 + 12 * i, y) for i in range(12)])
    assert int(slider.input_value()) > int(before) and page.evaluate("window.moved")
    finger(page, [(x, y)])
    assert int(slider.input_value()) > 0.6 * int(slider.get_attribute("max"))


def test_defaults_and_a_link_of_an_explored_figure(site, open_page):
    page = open_page(site)
    figure = ready(page, "explore")
    assert figure.locator(".lv-stepped").count() == 2  # only there the values exist
    first = figure.locator("svg").inner_html()
    for slider in figure.get_by_role("slider").all():
        slider.press("End")
    assert figure.locator("svg").inner_html() != first
    figure.get_by_role("button", name="Link to this state").click()
    page.wait_for_function("document.querySelector('.lv-link').textContent !== 'Link'")
    assert page.url.endswith("?rate=2&time=4")
    figure.get_by_role("button", name="Defaults").click()
    assert figure.locator("svg").inner_html() == first
    other = ready(open_page(page.url), "explore")
    assert other.locator("svg").get_attribute("aria-label") == "Rate 2.0, time 4."


def test_a_link_of_a_film_shows_the_same_option_and_moment(site, open_page):
    page = open_page(site)
    film = ready(page, "movie")
    option = film.locator(".lv-control input[type=radio]").last
    option.check()
    film.get_by_role("slider").fill("60")
    film.get_by_role("button", name="Link to this state").click()
    page.wait_for_function("location.hash.endsWith('?choice=50&time=2')")
    again = ready(open_page(page.url), "movie")
    assert again.locator("input[type=radio]").last.is_checked()
    assert again.get_by_role("slider").input_value() == "60"
    before, after = (one.locator("canvas").evaluate(PIXELS) for one in (film, again))
    assert before == after != ready(open_page(site), "movie").locator("canvas").evaluate(PIXELS)


def test_the_page_sets_values_and_learns_of_them(site, open_page):
    page = open_page(site)
    page.evaluate(
        "document.addEventListener('lv-changed', ({ detail }) => { window.told = detail; })"
    )
    tell = "(figure, detail) => figure.dispatchEvent(new CustomEvent('lv-set', { detail }))"
    figure = ready(page, "explore")
    figure.evaluate(tell, {"rate": 0.52, "other": 1})
    assert page.evaluate("window.told") == {"rate": 0.5, "time": 1}
    assert figure.locator("svg").get_attribute("aria-label") == "Rate 0.5, time 1."
    figure = ready(page, "explore", 1)
    figure.evaluate(tell, {"law": "die", "wide": "yes", "many": "abc"})
    figure.evaluate(tell, {"law": "dice"})
    assert page.evaluate("window.told") == {"law": "die", "wide": "yes", "many": "abc"}
    movie = ready(page, "movie")
    movie.evaluate(tell, {"choice": "50", "time": 2})
    assert page.evaluate("window.told") == {"choice": "50", "time": 2}
    assert movie.locator(".lv-seek input").input_value() == "60"
    assert movie.locator(".lv-said").inner_text() == "Discs; the heavy one has mass 50."


def test_a_move_takes_less_than_a_frame(site, open_page):
    slider = ready(open_page(site), "explore").locator("input").last
    times = [slider.evaluate(TIME) for _ in range(20)]
    assert statistics.median(times) < 16, times


def test_data_come_late_and_from_side_files(site, open_page):
    far = """
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(".lv-movie { margin-top: 3000px }");
      document.adoptedStyleSheets = [sheet];
    """
    page = open_page(site, script=far)
    movie = page.locator(".lv-movie")
    assert movie.get_attribute("data-lv") == "waiting"
    assert movie.locator(".lv-data").get_attribute("data-src").startswith("../_figures/")
    ready(page, "movie")


def test_movie_rests_until_asked_plays_pauses_and_ends(site, open_page):
    page = open_page(site)
    movie = ready(page, "movie")
    canvas, play = movie.locator("canvas"), movie.locator(".lv-play")
    seek = movie.get_by_role("slider", name="time")
    still = canvas.evaluate(PIXELS)
    page.wait_for_timeout(300)
    assert canvas.evaluate(PIXELS) == still

    play.focus()
    page.keyboard.press("Space")
    page.wait_for_function("Number(document.querySelector('.lv-seek input').value) > 5")
    assert play.inner_text() == "Pause"
    page.keyboard.press("Space")
    paused = canvas.evaluate(PIXELS)
    assert play.inner_text() == "Play" and paused != still
    page.wait_for_timeout(300)
    assert canvas.evaluate(PIXELS) == paused

    seek.focus()
    page.keyboard.press("End")
    assert seek.get_attribute("aria-valuetext") == movie.locator("output").inner_text() == "2.967 s"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    canvas.click()
    page.wait_for_function("document.querySelector('.lv-play').textContent === 'Play'")
    assert seek.input_value() == "89"
    play.click()
    page.wait_for_function("Number(document.querySelector('.lv-seek input').value) < 60")


def test_movie_choice_changes_picture_and_words(site, open_page):
    page = open_page(site)
    movie = ready(page, "movie")
    canvas = movie.locator("canvas")
    before = canvas.evaluate(PIXELS)
    assert canvas.get_attribute("aria-label") == "Discs; the heavy one has mass 1."
    movie.get_by_role("radio", name="1").focus()
    page.keyboard.press("ArrowRight")
    assert canvas.evaluate(PIXELS) != before
    assert canvas.get_attribute("aria-label") == "Discs; the heavy one has mass 50."
    assert movie.locator(".lv-said").inner_text() == "Discs; the heavy one has mass 50."


def test_a_movie_at_rest_has_a_mark_and_a_choice_does_not_stop_it(site, open_page):
    page = open_page(site)
    movie = ready(page, "movie")
    mark = "movie => getComputedStyle(movie.querySelector('.lv-picture'), '::after').content"
    assert movie.evaluate(mark) != "none"
    movie.locator(".lv-speed").select_option("0.25")
    movie.locator(".lv-play").click()
    assert movie.evaluate(mark) == "none"
    movie.get_by_role("radio", name="50").check()
    assert movie.locator(".lv-play").inner_text() == "Pause"
    begin = movie.locator(".lv-seek input").input_value()
    page.wait_for_function(
        "begin => Number(document.querySelector('.lv-seek input').value) > begin + 2",
        arg=int(begin),
    )
    movie.locator(".lv-play").click()
    assert movie.evaluate(mark) == "none"  # in the middle it would cover the discs


def test_movie_pauses_out_of_sight(site, open_page):
    page = open_page(site)
    movie = ready(page, "movie")
    movie.locator(".lv-speed").select_option("0.25")
    movie.locator(".lv-play").click()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function("!document.querySelector('.lv-movie.lv-playing')")


def test_speed_is_what_it_says(site, open_page):
    page = open_page(site)
    movie = ready(page, "movie")
    movie.locator(".lv-speed").select_option("2")
    seconds = movie.evaluate(
        """figure => new Promise(done => {
          const seek = figure.querySelector(".lv-seek input");
          const begin = performance.now();
          figure.querySelector(".lv-play").click();
          const look = () => seek.value === "89"
            ? done((performance.now() - begin) / 1000) : requestAnimationFrame(look);
          look();
        })"""
    )
    assert seconds == pytest.approx(89 / 60, rel=0.4)


def test_canvas_is_sharp_and_follows_the_theme(site, open_page):
    page = open_page(site, device_scale_factor=2)
    canvas = ready(page, "movie").locator("canvas")
    assert canvas.evaluate("c => Math.abs(c.width / c.clientWidth - 2) < 0.01")
    before = canvas.evaluate(PIXELS)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_timeout(100)
    assert canvas.evaluate(PIXELS) != before


def test_a_movie_in_a_notebook_starts_wherever_it_lands(site, open_page):
    page = open_page("about:blank")
    with mock.patch.dict(os.environ):
        os.environ.pop("LANGEVIN_FIGURES", None)
        live = film().html
    page.evaluate(
        """html => {
          const host = document.createElement("div");
          host.innerHTML = html;
          for (const old of host.querySelectorAll("script")) {
            const script = document.createElement("script");
            for (const { name, value } of old.attributes) script.setAttribute(name, value);
            script.textContent = old.textContent;
            old.replaceWith(script);
          }
          (0, eval)([...host.querySelectorAll("script:not([type])")].at(-1).textContent);
          setTimeout(() => document.body.append(host), 200);
        }""",
        live,
    )
    page.wait_for_selector(".lv-movie.lv-ready canvas")
    page.locator(".lv-play").click()
    page.wait_for_function("Number(document.querySelector('.lv-seek input').value) > 2")


def test_without_javascript_the_first_state_is_there(site, open_page):
    page = open_page(site, java_script_enabled=False)
    for picture in page.locator(".lv-picture > svg").all():
        assert picture.is_visible()
    assert page.locator(".lv-picture > svg").count() == 4
    assert not any(c.is_visible() for c in page.locator(".lv-controls").all())


def test_print_shows_drawings_and_what_is_chosen(site, open_page):
    page = open_page(site)
    ready(page, "movie")
    explored = ready(page, "explore")
    slider = explored.locator("input[type=range]").first
    slider.press("End")
    chosen = explored.locator("output").first.inner_text()
    page.emulate_media(media="print")
    assert page.locator(".lv-movie svg").is_visible()
    assert not page.locator(".lv-movie canvas").is_visible()
    assert not page.locator(".lv-movie .lv-controls").is_visible()
    assert chosen in explored.locator(".lv-controls").inner_text()
    inputs = explored.locator(".lv-controls :is(input, button)")
    assert not any(one.is_visible() for one in inputs.all())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(theme, site, open_page):
    page = open_page(site, theme=theme)
    for kind, number in (("explore", 0), ("explore", 1), ("movie", 0)):
        ready(page, kind, number)
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert found == [], json.dumps(found, indent=1)


def test_a_narrow_phone_needs_no_sideways_scroll(site, open_page):
    page = open_page(site, width=320, has_touch=True)
    for kind, number in (("explore", 0), ("explore", 1), ("movie", 0)):
        ready(page, kind, number)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for target in page.locator("input[type=range], select, button, fieldset label").all():
        box = target.bounding_box()
        assert box["height"] >= 24 and box["width"] >= 24, target.inner_html()


@pytest.mark.parametrize(
    ("theme", "ink"), [("light", "rgb(0, 0, 0)"), ("dark", "rgb(206, 214, 221)")]
)
def test_drawings_follow_the_theme(theme, ink, site, open_page):
    page = open_page(site, theme=theme)
    line = page.locator(".lv-show path[clip-path]").first
    assert line.evaluate("node => getComputedStyle(node).stroke") == ink
    blue = {"light": "#0072b2", "dark": "#56b4e9"}[theme]
    shown = "getComputedStyle(document.documentElement).getPropertyValue('--lv-blue')"
    assert page.evaluate(shown).strip() == blue


def test_without_a_theme_the_system_decides(site, open_page):
    page = open_page(site, color_scheme="dark")
    page.evaluate("document.documentElement.removeAttribute('data-theme')")
    shown = "getComputedStyle(document.documentElement).getPropertyValue('--lv-blue')"
    assert page.evaluate(shown).strip() == "#56b4e9"
