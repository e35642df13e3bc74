"""`explore`: every state comes out as if it had been drawn alone, and bad input gets a sentence."""

import gzip
import itertools

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest

from langevin import figures
from langevin.figures import explorer, grid, states, svg, widgets
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
    for state, (n, wide) in enumerate(itertools.product(*values.values())):
        fresh = explorer.Explorer(draw, {}, "x").figure({"n": n, "wide": wide})
        expected = canonical(drawing(figures.show(fresh, alt="A figure.").html))
        assert canonical(moved(html, state)) == expected, f"n={n}, wide={wide}"


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
    assert 'value="1" aria-valuetext="2"' in result.html
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
