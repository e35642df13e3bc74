"""A live figure in a real browser: it runs when asked, answers hands and keys, says what is so."""

import io
import json
import os
import struct
from unittest import mock

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from figure_site import TIMED, write
from PIL import Image
from scipy import stats

from langevin import Potential, figures, gradient_descent, simulate
from langevin.exact import harmonic_ula_variance
from langevin.figures import poster, style
from langevin.potentials import double_well, harmonic, muller_brown, rosenbrock

WELLS, MAP, RACE, COOLED, FAST, WIDE, BOWL, RINGS = range(8)
SPRING = Potential("stiffness*x**2/2 + x**4", stiffness=3.0)
COARSE = 0.8  # a step so long that the histogram cannot be the Boltzmann distribution
PIXELS = "canvas => canvas.toDataURL()"


def made():
    """Figures of the page, in the order of the names above."""
    pick = figures.Slider
    race = {"descent": "gradient_descent", "heavy ball": ("heavy_ball", {"momentum": 0.9})}
    yield figures.live(
        double_well(),
        domain=(-2, 2),
        start=-1,
        step_size=0.01,
        temperature=pick([0.1, 0.3, 1.0], start=0.3),
        tilt=pick([-0.5, 0.0, 0.5], start=0.0),
        alt="Wells.",
    )
    yield figures.live(
        muller_brown(0.05),
        domain=((-1.6, 1.2), (-0.4, 2.1)),
        start=(-0.558, 1.442),
        step_size=0.001,
        temperature=pick([0.5, 1.0]),
        particles=50,
        alt="Map.",
    )
    yield figures.live(
        rosenbrock(steepness=20.0),
        race,
        domain=((-2, 2), (-1, 3)),
        start=(-1.5, 2.0),
        step_size=pick([0.001, 0.002]),
        particles=1,
        views=["particles", "log energy"],
        alt="Race.",
    )
    yield figures.live(
        double_well(),
        domain=(-2, 2),
        step_size=0.01,
        temperature=figures.Schedule("exponential", start=1.0, time=100.0),
        alt="Cooled.",
    )
    yield figures.live(
        harmonic(),
        domain=(-4, 4),
        step_size=pick([0.1, 1.9, 2.5]),
        temperature=1.0,
        particles=2000,
        steps=20,
        views=["particles", "histogram", "trajectory", "msd", "energy"],
        curves={"energy": "temperature/2"},
        alt="Fast.",
    )
    yield figures.live(
        harmonic(),
        domain=(-6, 6),
        step_size=COARSE,
        temperature=1.0,
        particles=2000,
        steps=8,
        alt="Wide.",
    )
    yield figures.live(
        SPRING,
        "gradient_descent",
        domain=(-2, 2),
        start=1.5,
        step_size=0.02,
        particles=1,
        views=["particles"],
        alt="Bowl.",
    )
    yield figures.live(
        double_well(),
        domain=(-2, 2),
        start=-1,
        step_size=0.01,
        temperature=0.2,
        tilt=pick([-0.5, 0.0, 0.5], start=0.0),
        height=pick([0.5, 1.0, 1.5], start=1.0),
        drag={"height": 0.0, "tilt": 1.0},
        alt="Rings.",
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    with mock.patch.dict(os.environ, LANGEVIN_FIGURES="static"):
        return write(folder, made())


def ready(page, number):
    figure = page.locator(".lv-live").nth(number)
    figure.scroll_into_view_if_needed()
    page.wait_for_function(
        "n => document.querySelectorAll('.lv-live')[n].dataset.lv === 'ready'", arg=number
    )
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )  # it knows that it is seen
    return figure


def front(figure):
    return figure.locator("canvas").last


def pixels(figure):
    return [canvas.evaluate(PIXELS) for canvas in figure.locator("canvas").all()]


def press(figure, name):
    figure.get_by_role("button", name=name, exact=True).click()


def clock(figure):
    return figure.locator(".lv-clock").inner_text()


def runs_on(page, figure, seconds=5):
    """Wait until the clock has moved."""
    page.wait_for_function(
        "([clock, before]) => clock.textContent !== before",
        arg=[figure.locator(".lv-clock").element_handle(), clock(figure)],
        timeout=1000 * seconds,
    )


def positions(figure, system=0):
    """Positions that a notebook would be told, to the last bit."""
    told = figure.evaluate(
        "(figure, i) => { const { buffer } = figure.model.get('ensembles')[i];"
        " return [...new Uint8Array(buffer)]; }",
        system,
    )
    return np.array(struct.unpack(f"<{len(told) // 8}d", bytes(told)))


# Where a point of the picture's axes is on the screen.
PLACE = """(figure, [x, y]) => {
  const { panels: [{ box, x: xs, y: ys }], size } = figure.model.get("data");
  const { left, top, width } = figure.querySelector("canvas").getBoundingClientRect();
  const scale = width / size[0], part = (v, [low, high]) => (v - low) / (high - low);
  return [
    left + scale * (box[0] + box[2] * part(x, xs)),
    top + scale * (box[1] + box[3] * (1 - part(y, ys))),
  ];
}"""


def test_a_ring_on_the_curve_moves_its_slider_and_the_curve_follows(site, open_page):
    page = open_page(site)
    figure = ready(page, RINGS)
    press(figure, "Step")
    start = positions(figure)
    page.mouse.move(*figure.evaluate(PLACE, [0, 1.0]))  # the top of the barrier: its height
    assert front(figure).evaluate("canvas => canvas.style.cursor") == "ns-resize"
    page.mouse.down()
    page.mouse.move(*figure.evaluate(PLACE, [0.3, 0.8]), steps=5)
    page.mouse.up()
    assert figure.get_by_role("slider", name="height").get_attribute("aria-valuetext") == "0.8"
    page.mouse.move(*figure.evaluate(PLACE, [1, 0.0]))  # a minimum, by which the tilt is set
    page.mouse.down()
    page.mouse.move(*figure.evaluate(PLACE, [1, 0.25]), steps=5)
    page.mouse.up()
    assert figure.get_by_role("slider", name="tilt").get_attribute("aria-valuetext") == "0.25"
    assert figure.get_by_role("slider", name="height").get_attribute("aria-valuetext") == "0.8"
    assert np.array_equal(positions(figure), start), "the particles stay where they are"
    page.mouse.click(*figure.evaluate(PLACE, [-1.5, 0.5]))
    assert not np.array_equal(positions(figure), start), "beside the rings a click moves them"
    assert "ring" in front(figure).get_attribute("aria-description")
    assert "ring" not in front(ready(page, WELLS)).get_attribute("aria-description")


def test_a_finger_drags_a_ring_and_scrolls_beside_it(site, open_page):
    page = open_page(site, width=390, has_touch=True)
    figure = ready(page, RINGS)
    session = page.context.new_cdp_session(page)

    def swipe(start, end):
        points = [figure.evaluate(PLACE, place) for place in (start, end)]
        for kind, (x, y) in [("Start", points[0]), ("Move", points[1])]:
            touches = [{"x": x, "y": y}]
            session.send(
                "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touches}
            )
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    before = page.evaluate("scrollY")
    swipe([0, 1.0], [0, 0.7])
    slider = figure.get_by_role("slider", name="height")
    assert float(slider.get_attribute("aria-valuetext")) == pytest.approx(0.7, abs=0.05)
    assert page.evaluate("scrollY") == before
    swipe([-1.5, 0.2], [-1.5, 1.0])
    assert float(slider.get_attribute("aria-valuetext")) == pytest.approx(0.7, abs=0.05)


def test_nothing_moves_before_the_reader_asks(site, open_page):
    page = open_page(site, reduced_motion="no-preference")
    figure = ready(page, WELLS)
    still = pixels(figure)
    page.wait_for_timeout(200)
    assert pixels(figure) == still and clock(figure) == "t = 0"

    play = figure.locator(".lv-play")
    play.focus()
    page.keyboard.press("Space")
    runs_on(page, figure)
    assert play.inner_text() == "Pause"
    page.keyboard.press("Space")
    paused = pixels(figure)
    assert play.inner_text() == "Play" and paused[1] != still[1]
    assert figure.locator(".lv-said").inner_text().startswith(f"Paused at {clock(figure)}: mean of")
    page.wait_for_timeout(200)
    assert pixels(figure) == paused

    press(figure, "Restart")
    assert pixels(figure) == still
    press(figure, "Step")
    assert clock(figure) == "t = 0.01"


def test_the_page_steps_as_the_library_does_and_again_after_a_restart(site, open_page):
    page = open_page(site)
    figure = ready(page, BOWL)
    for _ in range(20):
        press(figure, "Step")
    end = simulate(gradient_descent(SPRING, 0.02), [[1.5]], 20, np.random.default_rng(1)).x
    assert positions(figure) == pytest.approx(end.ravel(), rel=1e-12)

    figure, ends = ready(page, WELLS), []
    for _ in range(2):
        press(figure, "Restart")
        for _ in range(3):
            press(figure, "Step")
        ends.append(positions(figure))
    assert (ends[0] == ends[1]).all() and ends[0].std() > 0.05

    figure = ready(page, COOLED)
    assert clock(figure) == "t = 0, T = 1"
    press(figure, "Step")
    assert clock(figure) == "t = 0.01, T = 0.99"


def test_the_first_picture_shows_in_pale_what_play_will_bring(site, open_page):
    figure = ready(open_page(site), FAST)
    shown = figure.locator(".lv-clock").get_attribute
    foretold = figure.locator(".lv-clock:not(.lv-past)").wait_for  # it runs ahead in slices
    foretold()
    assert shown("data-ahead") == "pale: until t = 10"  # five frames of 20 steps of 0.1
    first = pixels(figure)
    slider = figure.get_by_role("slider", name="step size")
    slider.press("PageUp")
    foretold()
    back, front = pixels(figure)
    assert back == first[0] and front != first[1]  # the potential stays, the run is another
    press(figure, "Defaults")
    foretold()
    assert pixels(figure) == first
    press(figure, "Step")
    assert "lv-past" in shown("class")
    press(figure, "Restart")
    assert pixels(figure) == first and "lv-past" not in shown("class")
    slider.press("End")  # nothing is foretold of a run that runs away
    assert "lv-past" in shown("class")


def test_letters_can_be_read_on_a_phone(site, open_page):
    page = open_page(site, width=390, has_touch=True, device_scale_factor=2)
    letters = """figure => {
      const pen = figure.querySelectorAll("canvas")[1].getContext("2d");
      return parseFloat(pen.font) * pen.getTransform().a / devicePixelRatio;
    }"""
    for number in (WELLS, MAP, FAST):
        assert ready(page, number).evaluate(letters) > 10.99
    on_paper = min(style.STYLE[f"{axis}tick.labelsize"] for axis in "xy")
    assert on_paper * (390 - 8) / (72 * style.WIDTH) > 11  # drawings go nearly to the edges


def test_in_a_low_window_the_controls_stand_beside_the_picture(site, open_page):
    page = open_page(site, width=844, height=390, has_touch=True)
    for number in (WELLS, MAP, FAST):
        figure = ready(page, number)
        figure.evaluate("figure => figure.scrollIntoView()")
        picture = figure.locator(".lv-picture").bounding_box()
        play = figure.locator(".lv-play").bounding_box()
        assert play["x"] >= picture["x"] + picture["width"]
        assert play["y"] >= 0 and play["y"] + play["height"] <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_leave_the_sliders_and_the_hues(scheme, site, open_page):
    page = open_page(site, forced_colors="active", color_scheme=scheme)
    slider = ready(page, WELLS).get_by_role("slider", name="tilt")
    shot = np.asarray(Image.open(io.BytesIO(slider.screenshot())).convert("RGB"), float)
    column = shot[:, shot.shape[1] // 4]  # away from the thumb: the track on its ground
    assert abs(column - column[1]).max() > 40
    ground, *hues = page.evaluate(
        """() => ["var(--lv-paper)", "var(--lv-blue)", "var(--lv-amber)"].map(colour => {
          const pen = document.createElement("canvas").getContext("2d");
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.cssText = `forced-color-adjust: none; color: ${colour}`;
          pen.fillStyle = getComputedStyle(probe).color;
          pen.fillRect(0, 0, 1, 1);
          return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
        })"""
    )
    for hue in hues:
        low, high = sorted([luminance(hue), luminance(ground)])
        assert (high + 0.05) / (low + 0.05) > 3


def luminance(rgb):
    """Relative luminance of a colour, as WCAG defines it."""
    part = np.array(rgb) / 255
    return np.where(part < 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4) @ [
        0.2126,
        0.7152,
        0.0722,
    ]


def test_every_slider_moves_the_figure_by_keyboard_and_says_so(site, open_page):
    page = open_page(site)
    for number in (WELLS, MAP, RACE, FAST):
        figure = ready(page, number)
        sliders = figure.locator("input[type=range]").all()
        assert sliders
        for slider in sliders:
            before = slider.get_attribute("aria-valuetext")
            name = slider.evaluate("input => input.closest('.lv-control').dataset.name")
            slider.focus()
            page.keyboard.press("ArrowRight")
            said = slider.get_attribute("aria-valuetext")
            value = figure.evaluate("(figure, name) => figure.model.get(name)", name)
            assert before != said == f"{value:g}"
    figure = ready(page, WELLS)  # the tilt bends the curve, the heat widens the exact density
    drawn = pixels(figure)
    for slider in figure.locator("input[type=range]").all():
        slider.focus()
        page.keyboard.press("Home")
        assert pixels(figure) != drawn
        drawn = pixels(figure)


def test_a_slider_takes_every_value_between_those_given(site, open_page):
    page = open_page(site)
    figure = ready(page, WELLS)
    heat = figure.get_by_role("slider", name="temperature")  # 0.1, 0.3, 1: by equal factors
    values = []
    for _ in range(int(heat.get_attribute("max")) + 1):
        heat.evaluate(
            "(input, at) => { input.value = at;"
            " input.dispatchEvent(new Event('input', { bubbles: true })); }",
            len(values),
        )
        values.append(figure.evaluate("figure => figure.model.get('temperature')"))
    assert len(values) == 201 and values[0] == 0.1 and values[100] == 0.3 and values[200] == 1
    assert (np.diff(values) > 0).all()
    exact = np.interp(np.arange(201), [0, 100, 200], np.log([0.1, 0.3, 1.0]))
    assert values == pytest.approx(np.exp(exact), rel=0.01)
    tilt = figure.get_by_role("slider", name="tilt")  # in equal steps
    tilt.press("ArrowRight")
    assert tilt.get_attribute("aria-valuetext") == "0.005"
    press(figure, "Defaults")
    assert [heat.get_attribute("aria-valuetext"), heat.input_value()] == ["0.3", "100"]
    assert figure.evaluate("figure => figure.model.get('tilt')") == 0
    assert figure.locator(".lv-stepped").count() == 0


def test_particles_go_where_the_reader_points(site, open_page):
    page = open_page(site)
    figure = ready(page, MAP)
    box = front(figure).bounding_box()
    left, top, width, height = figure.evaluate("figure => figure.model.get('data').panels[0].box")
    scale = 345.6 / box["width"]
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.3 * box["height"])
    clicked = positions(figure).reshape(-1, 2)
    assert (clicked == clicked[0]).all()
    part = np.array([172.8 - left, top + height - 0.3 * box["height"] * scale]) / [width, height]
    assert clicked[0] == pytest.approx([-1.6, -0.4] + part * [2.8, 2.5], abs=0.01)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.up()
    dragged = positions(figure)
    assert dragged[0] > clicked[0, 0] and dragged[1] == pytest.approx(clicked[0, 1], abs=0.02)


def test_particles_go_where_the_arrow_keys_lead(site, open_page):
    page = open_page(site)
    figure = ready(page, MAP)
    front(figure).focus()
    still = pixels(figure)
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    assert pixels(figure) != still
    page.keyboard.press("Enter")
    middle, width = np.array([-0.2, 0.85]), np.array([2.8, 2.5])
    assert positions(figure)[:2] == pytest.approx(middle + width * [0.12, 0.02])
    assert "x = 0.136" in figure.locator(".lv-said").inner_text()
    page.keyboard.press("Space")
    runs_on(page, figure)


def test_a_tap_puts_particles_down(site, open_page):
    page = open_page(site, width=390, has_touch=True)
    figure = ready(page, WELLS)
    box = front(figure).bounding_box()
    page.touchscreen.tap(box["x"] + 0.8 * box["width"], box["y"] + 0.2 * box["height"])
    assert positions(figure).mean() > 0.5


def test_the_page_sets_values_and_learns_of_them(site, open_page):
    page = open_page(site)
    figure, far = ready(page, WELLS), page.locator(".lv-live").nth(FAST)
    page.evaluate(
        "document.addEventListener('lv-changed', ({ detail }) => { window.told = detail; })"
    )
    tell = "(figure, detail) => figure.dispatchEvent(new CustomEvent('lv-set', { detail }))"
    figure.evaluate(tell, {"temperature": 0.42, "tilt": 7, "speed": 1})
    assert page.evaluate("window.told") == {"temperature": 0.42, "tilt": 0}
    figure.get_by_role("slider", name="tilt").press("End")
    assert page.evaluate("window.told") == {"temperature": 0.42, "tilt": 0.5}
    assert far.get_attribute("data-lv") == "waiting"  # not yet loaded, it is told all the same
    far.evaluate(tell, {"step_size": 1.9})
    page.wait_for_function("window.told.step_size === 1.9")


def test_a_link_restores_the_state(site, open_page):
    page = open_page(site)
    figure = ready(page, WELLS)
    figure.get_by_role("slider", name="temperature").press("End")
    figure.get_by_role("slider", name="tilt").press("Home")
    press(figure, "Link to this state")
    link = figure.locator(".lv-link")
    page.wait_for_function("link => link.textContent !== 'Link'", arg=link.element_handle())
    said = {"Copied": "has been copied.", "See address": "is in the address bar."}
    assert figure.locator(".lv-said").inner_text().endswith(said[link.inner_text()])
    page.wait_for_function("link => link.textContent === 'Link'", arg=link.element_handle())
    address = page.url
    assert address.endswith("?temperature=1&tilt=-0.5")
    other = ready(open_page(address), WELLS)
    assert other.get_by_role("slider", name="temperature").get_attribute("aria-valuetext") == "1"
    assert other.get_by_role("slider", name="tilt").input_value() == "0"
    assert other.evaluate("figure => figure.model.get('tilt')") == -0.5
    far = ready(page, FAST).get_attribute("id")  # its data come when the link has led there
    page = open_page(f"{address.partition('#')[0]}#{far}?step_size=1.9")
    page.wait_for_function(
        "id => document.getElementById(id).model?.get('step_size') === 1.9", arg=far
    )
    odd = address.replace("=1&", "=1e9&").replace("tilt=-0.5", "tilt=what")
    refused = ready(open_page(odd), WELLS)
    assert refused.evaluate("figure => figure.model.get('temperature')") == 0.3
    assert refused.evaluate("figure => figure.model.get('tilt')") == 0


def test_a_step_too_long_gets_a_sentence_and_a_rest(site, open_page):
    page = open_page(site)
    figure = ready(page, FAST)
    sentence = figure.locator(".lv-error")
    assert sentence.inner_text() == ""
    slider = figure.get_by_role("slider", name="step size")
    slider.press("End")
    assert "2.5 is not below 2/curvature = 2" in sentence.inner_text()
    press(figure, "Play")
    page.wait_for_function(
        "said => said.textContent.includes('run away')", arg=sentence.element_handle()
    )
    assert figure.locator(".lv-play").inner_text() == "Play"
    slider.press("Home")
    press(figure, "Restart")
    assert sentence.inner_text() == ""
    press(figure, "Play")
    runs_on(page, figure)


def drawn_heights(figure, panel):
    """Heights of a histogram's bars and of its line, in points, read from the picture.

    A bar is as high as the highest blue pixel of its column, a line in the middle of the black.
    """
    return figure.evaluate(
        """(figure, panel) => {
          const { panels, size } = figure.model.get("data");
          const canvas = figure.querySelectorAll("canvas")[1];
          const scale = canvas.width / size[0];
          const [left, top, width, height] = panels[panel].box.map((value) => value * scale);
          const pen = canvas.getContext("2d");
          return Array.from({ length: 60 }, (_, b) => {
            const x = Math.round(left + width * (b + 0.5) / 60);
            const { data } = pen.getImageData(x, Math.round(top), 1, Math.round(height));
            const rows = [...Array(Math.round(height - 2 * scale)).keys()]; // above the axis
            const bar = rows.find((y) => data[4 * y + 2] > 100 && data[4 * y + 3] > 40) ?? height;
            const line = rows.filter((y) => data[4 * y + 2] < 60 && data[4 * y + 3] > 200);
            const middle = line.reduce((sum, y) => sum + y + 0.5, 0) / line.length;
            return [(height - bar) / scale, (height - middle) / scale];
          });
        }""",
        panel,
    )


def test_the_histogram_is_the_discretised_density(site, open_page):
    figure = ready(open_page(site, device_scale_factor=2), WIDE)
    press(figure, "Play")
    figure.page.wait_for_function(
        "clock => parseFloat(clock.textContent.slice(4)) > 1000",
        arg=figure.locator(".lv-clock").element_handle(),
    )
    press(figure, "Pause")
    highest = 1.3 * stats.norm.pdf(0)  # of the axis: the drawn curve is the continuum's
    tall = poster.HEIGHTS["histogram"]
    found, line = np.array(drawn_heights(figure, 1)).T / tall * highest
    middles, width = np.linspace(-6, 6, 61)[:-1] + 0.1, 0.2
    sigma = np.sqrt(harmonic_ula_variance(1.0, COARSE, 1.0))
    exact = stats.norm.pdf(middles, scale=sigma)
    n = 2000 * 39  # frames are independent and weigh 1/20, 19/400, ...
    error = 5.9 * np.sqrt(exact / width / n) + 2.5 / tall * highest  # half a line's width
    assert (abs(found - exact) < error).all()
    assert (abs(found - stats.norm.pdf(middles)) > error).any()
    hump = abs(middles) < 2
    assert line[hump] == pytest.approx(stats.norm.pdf(middles[hump]), abs=1 / tall * highest)


def test_out_of_sight_it_sleeps_and_goes_on(site, open_page):
    page = open_page(site)
    page.evaluate(TIMED)
    figure = ready(page, WELLS)
    press(figure, "Play")
    runs_on(page, figure)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(200)
    page.evaluate("window.spent = []")
    asleep = clock(figure)
    page.wait_for_timeout(300)
    assert clock(figure) == asleep and page.evaluate("window.spent.length") == 0
    figure.scroll_into_view_if_needed()
    runs_on(page, figure)
    assert float(clock(figure)[4:]) < float(asleep[4:]) + 5, "it caught up with lost time"


def test_two_thousand_particles_take_half_a_frame(site, open_page):
    """Count the processor's time for 20 steps: frames that come late make more of them."""
    page = open_page(site)
    figure = ready(page, FAST)
    press(figure, "Play")
    runs_on(page, figure)
    asked = page.context.new_cdp_session(page)
    asked.send("Performance.enable", {"timeDomain": "threadTicks"})

    def so_far():
        """Frames of 20 steps, and the milliseconds of processor time that scripts have taken."""
        metrics = asked.send("Performance.getMetrics")["metrics"]
        script = next(each["value"] for each in metrics if each["name"] == "ScriptDuration")
        return float(clock(figure)[4:]) / 0.1 / 20, 1000 * script

    page.wait_for_timeout(300)
    frames, begin = so_far()
    page.wait_for_timeout(1500)
    later, end = so_far()
    assert later > frames + 10
    assert (end - begin) / (later - frames) < 16.7 / 2


def test_it_follows_the_theme(site, open_page):
    page = open_page(site)
    figure = ready(page, MAP)
    light = pixels(figure)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_timeout(100)
    assert all(a != b for a, b in zip(light, pixels(figure), strict=True))


def test_without_javascript_and_in_print_the_first_frame_is_there(site, open_page):
    page = open_page(site, java_script_enabled=False)
    assert all(picture.is_visible() for picture in page.locator(".lv-picture > svg").all())
    assert not any(c.is_visible() for c in page.locator(".lv-controls").all())
    words = page.locator(".lv-live").nth(WELLS).locator(".lv-drawn")
    assert words.is_visible() and words.inner_text().startswith("Drawn at: ")
    page = open_page(site)
    figure = ready(page, WELLS)
    assert not figure.locator(".lv-drawn").is_visible()
    height = figure.locator(".lv-picture").bounding_box()["height"]
    assert height == pytest.approx(figure.locator("svg").bounding_box()["height"], abs=1)
    page.emulate_media(media="print")
    assert figure.locator("svg").is_visible() and not front(figure).is_visible()
    assert not figure.locator(".lv-controls").is_visible()
    assert figure.locator(".lv-drawn").is_visible()  # also where the reader has moved a slider


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(theme, site, open_page):
    page = open_page(site, theme=theme)
    for number in (WELLS, MAP, RACE, FAST):
        ready(page, number)
    ready(page, FAST).get_by_role("slider", name="step size").press("End")
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert found == [], json.dumps(found, indent=1)


def test_a_narrow_phone_needs_no_sideways_scroll(site, open_page):
    page = open_page(site, width=320, has_touch=True)
    for number in range(7):
        ready(page, number)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for target in page.locator(".lv-live :is(input[type=range], select, button)").all():
        box = target.bounding_box()
        assert box["height"] >= 24 and box["width"] >= 24, target.inner_html()
