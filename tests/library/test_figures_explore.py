"""`explore`: every state comes out as if it had been drawn alone, and bad input gets a sentence."""

import gzip
import itertools
import re

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from langevin import figures
from langevin.figures import explorer, grid, layout, states, svg, widgets
from svg_tools import canonical, drawing, moved, payload


@pytest.fixture(autouse=True)
def static_build(monkeypatch):
    monkeypatch.setenv("LANGEVIN_FIGURES", "static")


def lines(n, wide):
    fig, ax = figures.axes()
    for i in range(n):
        ax.plot(np.linspace(0, 1 + wide, 30) ** (i + 1), label=f"$x^{i}$")
    if wide:
        ax.legend()
    return fig


def marks(n, wide):
    fig, ax = figures.axes()
    ax.plot(range(n), "o--", mec="w")
    ax.scatter(np.arange(n), np.arange(n)[::-1], s=20 * np.arange(1, n + 1), c="C1")
    ax.errorbar([1], [n], yerr=[0.5], capsize=3)
    ax.set_yscale("log" if wide else "linear")
    return fig


def areas(n, wide):
    fig, (left, right) = figures.axes(1, 2)
    left.hist(np.linspace(0, 1, 50) ** n, bins=12, histtype="step")
    left.bar(range(n), range(1, n + 1), hatch="/" if wide else None)
    right.fill_between([0, 1, 2], [0, n, 1], alpha=0.3)
    right.fill_between([0, 1, 2], [0, -n, -1], step="mid")
    return fig


def pictures(n, wide):
    fig, ax = figures.axes()
    ax.imshow(np.arange(n * n).reshape(n, n), aspect="auto" if wide else "equal")
    ax.text(0, 0, rf"$\frac{{{n}}}{{2}}$ ±")
    ax.annotate("here", (0, 0), (1, 1), arrowprops={"arrowstyle": "->"})
    return fig


def space(n, wide):
    fig = plt.figure(figsize=(3, 3))
    ax = fig.add_subplot(projection="3d")
    ax.plot([0, n], [0, 1], [0, wide])
    return fig


@pytest.mark.parametrize("draw", [lines, marks, areas, pictures, space])
def test_every_state_is_the_fresh_drawing(draw):
    values = {"n": [2, 3, 7], "wide": [True, False]}
    html = figures.explore(draw, alt="A figure.", **values).html
    given = [{"n": n, "wide": wide} for n, wide in itertools.product(*values.values())]
    for state, fresh in enumerate(laid_out(draw, given)):
        expected = canonical(drawing(figures.show(fresh, alt="A figure.").html))
        assert canonical(moved(html, state)) == expected, given[state]


@pytest.mark.parametrize("draw", [lines, marks, areas, pictures])
def test_one_state_has_the_layout_of_a_figure_shown_alone(draw):
    html = figures.explore(draw, alt="A figure.", n=[3], wide=[True]).html
    alone = explorer.Explorer(draw, {}, "x").figure({"n": 3, "wide": True})
    assert canonical(drawing(html)) == canonical(drawing(figures.show(alone, alt="x").html))


def laid_out(draw, states):
    """The figures of some states, with the layout that `explore` gives them."""
    drawn = [explorer.Explorer(draw, {}, "x").figure(state) for state in states]
    layout.share(drawn, svg.Defs())
    return drawn


def scales(n):
    """Panels of which another one has the widest labels in each state."""
    fig, panels = figures.axes(2, 2)
    for i, ax in enumerate(panels.flat):
        ax.set(ylim=(0, 10.0 ** (n if i == n % 4 else 1)), xlabel="$x$", ylabel="$U(x)$")
        ax.ticklabel_format(style="plain")
    return fig


def maps(n):
    """A panel with one scale for both directions, and a colour bar."""
    fig, (left, right) = figures.axes(1, 2)
    fig.colorbar(left.imshow([[0, 10**n], [1, 2]]), ax=left)
    right.plot([0, 10**n], label=f"{10**n}")
    right.legend(loc="lower left", bbox_to_anchor=(0, 1))
    return fig


def headed(n):
    """A heading over the figure, higher in one state."""
    fig, ax = figures.axes()
    fig.suptitle("heading\n" * (1 + (n > 3)))
    ax.set(ylim=(0, 10**n), title="title" if n > 1 else "")
    return fig


@pytest.mark.parametrize("draw", [scales, maps, headed])
def test_labels_of_every_state_have_room(draw):
    for fig in laid_out(draw, [{"n": n} for n in (1, 3, 7, 6, 4)]):
        with svg.in_points(fig):
            renderer = fig._get_renderer()
            fig.draw(renderer)
            width, height = 72 * fig.get_size_inches()
            panels = [ax.get_window_extent(renderer) for ax in fig.axes]
            for ax in fig.axes:
                for text in seen(ax):
                    box = text.get_window_extent(renderer)
                    where = f"{text.get_text()!r} at {box.extents}"
                    assert box.x0 >= 0 and box.y0 >= 0, where
                    assert box.x1 <= width and box.y1 <= height, where
                    others = [b for a, b in zip(fig.axes, panels, strict=True) if a is not ax]
                    assert box.count_overlaps(others) == 0, where


def seen(ax):
    """Texts of the axes that show."""
    texts = [ax.title, ax._left_title]
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        texts += [axis.label, *(label for tick in ticks for label in (tick.label1, tick.label2))]
    if ax.get_legend():
        texts += ax.get_legend().get_texts()
    return [text for text in texts if text.get_visible() and text.get_text()]


@pytest.mark.parametrize("draw", [scales, maps])
def test_axes_stay_where_they_are(draw):
    places = {
        tuple(tuple(ax.get_position(original=True).extents.round(9)) for ax in fig.axes)
        for fig in laid_out(draw, [{"n": n} for n in (1, 3, 7, 6, 4)])
    }
    assert len(places) == 1


def test_a_figure_is_drawn_as_without_what_is_kept():
    (fig,) = laid_out(scales, [{"n": 3}])
    plain = svg.render(fig, svg.Defs()).markup
    with layout.ticks_found_once(fig):
        assert svg.render(fig, svg.Defs()).markup == plain
    fig.axes[0].set_ylim(0, 5)  # now new ticks are found
    assert svg.render(fig, svg.Defs()).markup != plain


def test_other_grids_and_axes_put_by_hand_keep_their_places():
    def draw(n):
        fig, _ = figures.axes(n)
        fig.add_axes((0.1 * n, 0.5, 0.2, 0.2))
        return fig

    one, two, again = laid_out(draw, [{"n": 1}, {"n": 2}, {"n": 1}])
    assert len(two.axes) == 3 and one.axes[0].get_position().height > 0.7
    assert two.axes[-1].get_position().x0 == pytest.approx(0.2)
    assert np.allclose(one.axes[0].get_position(), again.axes[0].get_position())


def test_a_figure_without_axes_or_layout_can_be_explored():
    def draw(n):
        fig = Figure(layout=None if n else "none")
        fig.text(0.5, 0.5, f"{n}")
        return fig

    assert payload(figures.explore(draw, alt="A number.", n=[0, 1]).html)["slots"]


def test_what_does_not_change_is_written_once():
    html = figures.explore(lines, alt="Lines.", n=[2], wide=[False]).html
    assert payload(html)["slots"] == []

    def one(n):
        fig, ax = figures.axes()
        ax.plot([0, 1], [0, n])
        ax.set_ylim(0, 10)
        return fig

    (slot,) = payload(figures.explore(one, alt="A line.", n=[1, 2, 3]).html)["slots"]
    assert slot[1] == "d" and len(slot[3]) == 3


def test_one_more_line_does_not_swap_the_axes():
    slots = payload(figures.explore(fixed, alt="Lines.", n=[1, 2]).html)["slots"]
    assert [(slot[1], bool(slot[3][0])) for slot in slots] == [("", False)]


def fixed(n):
    fig, ax = figures.axes()
    for i in range(n):
        ax.plot([0, 1], [0, i + 1])
    ax.set(xlim=(0, 1), ylim=(0, 3))
    return fig


def test_same_input_same_bytes():
    runs = {figures.explore(marks, alt="x", n=[2, 3], wide=[False]).html for _ in range(2)}
    assert len(runs) == 1


def test_start_is_shown_first_and_the_order_of_values_stays():
    slider = figures.Slider([1, 2, 3], start=2)
    result = figures.explore(fixed, n=slider, alt=lambda n: f"{n} lines.")
    assert result.alt == "2 lines."
    assert 'aria-label="2 lines."' in result.html
    assert re.search('value="1" [^>]*aria-valuetext="2"', result.html)
    data = payload(result.html)
    assert [data["alts"][i] for i in data["told"]] == ["1 lines.", "2 lines.", "3 lines."]
    assert canonical(drawing(result.html)) == canonical(moved(result.html, 1))


def test_inputs_suit_their_values():
    def draw(a, b, c):
        return figures.axes()[0]

    html = figures.explore(
        draw,
        alt="Empty axes.",
        a=figures.Slider([0.5, 1], label="how <far>", unit="µm", format=".2f"),
        b=[True, False],
        c=list("vwxyz"),
    ).html
    assert "<span>how &lt;far&gt;</span>" in html
    assert 'aria-valuetext="0.50 µm"' in html
    assert html.count('type="radio"') == 2 and "<span>yes</span>" in html
    assert html.count("<option") == 5 and "<option selected>v</option>" in html
    assert html.count('data-lm-suppress-shortcuts="true"') == 4


def test_weight_of_a_usual_figure(rng):
    noise = rng.standard_normal(2000)

    def draw(temperature, time):
        fig, ax = figures.axes()
        spread = np.sqrt(2 * temperature * time)
        x = np.linspace(-6, 6, 200)
        ax.hist(spread * noise, bins=60, range=(-6, 6), density=True, histtype="step")
        ax.plot(x, np.exp(-0.5 * (x / spread) ** 2) / spread / np.sqrt(2 * np.pi))
        ax.set(ylim=(0, 1), xlabel="$x$")
        return fig

    html = figures.explore(
        draw, alt="x", temperature=np.linspace(0.5, 2, 11), time=np.linspace(1, 4, 7)
    ).html
    assert len(gzip.compress(html.encode())) < 50_000


def test_pyplot_figures_are_closed_and_found():
    own = plt.figure()

    def draw(n):
        plt.figure(figsize=(3, 2))
        plt.plot([0, n])

    figures.explore(draw, n=[1, 2], alt="A line.")
    assert plt.get_fignums() == [own.number]
    plt.close(own)


def test_explore_styles_what_it_draws_and_leaves_the_session_alone():
    seen = []

    def draw(n):
        seen.append(plt.rcParams["axes.spines.top"])
        return figures.axes()[0]

    before = plt.rcParams["axes.spines.top"]
    figures.explore(draw, n=[1], alt="x")
    assert seen == [False] and plt.rcParams["axes.spines.top"] == before


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"n": []}, "parameter n: a slider needs at least one value, got none"),
        ({"n": 3}, "parameter n: a parameter needs a sequence of values, got 3"),
        ({"n": "abc"}, "parameter n: a parameter needs a sequence of values, got 'abc'"),
        ({"n": [1, 1]}, "parameter n: the values of a slider must differ"),
        ({"n": [1, float("nan")]}, "parameter n: the values of a slider must be finite"),
        ({"n": [2, 1]}, "parameter n: the values of a slider must increase"),
        ({"m": [1]}, "fixed has no parameter m; its parameters are n"),
        ({}, "explore needs at least one parameter"),
        ({"n": range(1, 500)}, "499 = 499 states are more than the 400 a page can hold"),
    ],
)
@pytest.mark.parametrize("mode", ["static", "live"])
def test_bad_values_get_a_sentence(values, sentence, mode, monkeypatch):
    monkeypatch.setenv("LANGEVIN_FIGURES", mode)
    with pytest.raises(ValueError, match=sentence):
        figures.explore(fixed, alt="x", **values)


def test_other_bad_input_gets_a_sentence():
    with pytest.raises(ValueError, match="lines also needs values for wide"):
        figures.explore(lines, alt="x", n=[1])
    with pytest.raises(ValueError, match="explore needs a function that draws, got 3"):
        figures.explore(3, alt="x", n=[1])
    with pytest.raises(ValueError, match="start must be one of the values"):
        figures.Slider([1, 2], start=3)
    with pytest.raises(ValueError, match="format must write every value"):
        figures.Slider([1, 2], format="wrong")
    with pytest.raises(ValueError, match="alt must say in words"):
        figures.explore(fixed, alt="", n=[1])


def test_numbers_that_numpy_made_reach_the_function_as_plain_ones():
    seen = []

    def draw(n):
        seen.append(type(n))
        return fixed(1)

    figures.explore(draw, alt="x", n=np.array([1, 2]))
    assert seen == [int, int]


def test_a_format_may_be_a_function():
    slider = figures.Slider([-1, 1], format=lambda n: "left" if n < 0 else "right")
    assert slider.texts == ["left", "right"]
    assert figures.Slider([-0.5, 0.5]).texts == ["\N{MINUS SIGN}0.5", "0.5"]


def test_the_crowd_is_refused_before_anything_is_drawn():
    def draw(a, b):
        raise AssertionError("drawn")

    with pytest.raises(ValueError, match=r"30 × 20 = 600 states .* fewer values for a, b"):
        figures.explore(draw, alt="x", a=range(30), b=range(20))


def test_a_heavy_figure_is_refused(monkeypatch):
    monkeypatch.setattr(grid, "MAX_BYTES", 100)
    with pytest.raises(ValueError, match=r"the 2 states take 0.0 MB, more than 0.0001 MB: give"):
        figures.explore(fixed, alt="x", n=[1, 2])


def test_what_one_state_does_wrong_names_the_state():
    def fails(n):
        return figures.axes()[0] if n < 2 else 1 / 0

    def grows(n):
        return figures.axes(height=n)[0]

    def wrong(n):
        return [n]

    with pytest.raises(RuntimeError, match=r"fails failed at n=2: ZeroDivisionError"):
        figures.explore(fails, alt="x", n=[1, 2])
    with pytest.raises(ValueError, match=r"same size: .* at n=1, but .* at n=2"):
        figures.explore(grows, alt="x", n=[1, 2])
    with pytest.raises(RuntimeError, match="wrong must return the matplotlib Figure it made, got"):
        figures.explore(wrong, alt="x", n=[1])
    with pytest.raises(RuntimeError, match=r"must return .* got NoneType at n=1"):
        figures.explore(lambda n: None, alt="x", n=[1])
    with pytest.raises(RuntimeError, match=r"alt failed at n=2: .*division by zero"):
        figures.explore(fixed, alt=lambda n: f"{1 / (2 - n)}", n=[1, 2])


def test_functions_that_take_anything_may_be_given_anything():
    def draw(**parameters):
        return fixed(parameters["n"])

    assert payload(figures.explore(draw, alt="x", n=[1, 2]).html)["slots"]


def test_live_sliders_reach_what_lies_between(monkeypatch):
    monkeypatch.delenv("LANGEVIN_FIGURES")
    asked = []

    def draw(n, far, kind, decay):
        asked.append((n, far, kind, decay))
        if n == 5:
            raise ValueError("five")
        return figures.axes()[0]

    box = figures.explore(
        draw,
        n=[1, 5, 9],
        far=figures.Slider([0.0, 1.0, 4.0], unit="m", format=".1f"),
        kind=["a", "b"],
        decay=[0.1, 1.0, 10.0],
        alt=lambda n, **rest: f"{n} things.",
    )
    n, far, kind, decay, drawn = box.children
    assert isinstance(n, ipywidgets.IntSlider) and isinstance(kind, ipywidgets.Dropdown)
    assert isinstance(far, ipywidgets.FloatSlider) and far.description == "far [m]"
    assert isinstance(decay, ipywidgets.FloatLogSlider) and decay.max == 1
    far.value = 2.34
    assert asked[-1] == (1, 2.34, "a", 0.1)
    n.value = 4
    assert 'aria-label="4 things."' in drawn.value
    n.value = 5
    assert "draw failed at n=5" in drawn.value and 'role="alert"' in drawn.value


def test_one_value_is_no_scale():
    assert isinstance(widgets.control(figures.Slider([2.0], label="x")), ipywidgets.Dropdown)


def test_nodes_of_different_tags_or_texts_are_swapped_whole():
    one, two = svg.Node("path", {"d": "M0 0"}), svg.Node("rect", {"width": "1"})
    assert states.Deck.of([one, two]).slots[0].texts == ['<path d="M0 0"/>', '<rect width="1"/>']
    words = [svg.Node("text", text=word) for word in ("a", "b")]
    deck = states.Deck.of(words)
    assert deck.markup == '<text><g data-lv="">a</g></text>'
