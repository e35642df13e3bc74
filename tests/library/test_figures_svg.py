"""House style and drawing: colours that can be told apart, small and deterministic markup."""

import base64
import io
import re
import struct

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from langevin import figures
from langevin.figures import static, style, svg
from svg_tools import drawing

PAGES = {"white": "#ffffff", "dark": "#14181e"}
SCRIPTS = [(9, "DejaVu Sans"), (14, "DejaVu Sans"), (9, "DejaVu Serif"), (9, "STIXGeneral")]
# Machado, Oliveira and Fernandes (2009), full deficiency, linear RGB.
BLINDNESS = {
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
}


def linear(colour):
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return linear(colour) @ [0.2126, 0.7152, 0.0722]


def contrast(a, b):
    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    f = np.cbrt(xyz @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("name", style.LIGHT)
def test_each_colour_stands_out_on_both_pages_even_without_its_twin(name):
    assert contrast(style.LIGHT[name], PAGES["white"]) >= 4.5
    assert contrast(style.LIGHT[name], PAGES["dark"]) >= 3
    assert contrast(style.DARK[name], PAGES["dark"]) >= 4.5


@pytest.mark.parametrize("colours", [style.LIGHT, style.DARK])
@pytest.mark.parametrize("kind", BLINDNESS)
def test_main_colours_differ_for_the_colour_blind(colours, kind):
    seen = [lab(np.array(BLINDNESS[kind]) @ linear(colours[c])) for c in list(colours)[:3]]
    for i, one in enumerate(seen):
        for other in seen[:i]:
            assert np.linalg.norm(one - other) > 15


def test_style_is_set_on_request_only():
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        figures.axes()
        assert matplotlib.rcParams["axes.spines.top"]
        figures.use_style()
        assert not matplotlib.rcParams["axes.spines.top"]


def test_axes_are_as_subplots_returns_them():
    fig, panels = figures.axes(2, height=4, sharex=True)
    assert fig.get_size_inches().tolist() == [4.8, 4]
    assert panels.shape == (2,)
    assert figures.axes(3)[0].get_size_inches()[1] == pytest.approx(6.6)


def busy(fig, panels):
    """Fill two panels with much of what an author changes in axes."""
    upper, lower = panels
    upper.semilogx([1, 1e4], [0, 7], "o-", label="$x^2$")
    upper.set(title="title", ylabel="a\nb", xlabel="x")
    upper.tick_params(labelsize=7, length=8, labelrotation=30, right=True)
    upper.minorticks_on()
    upper.legend()
    lower.plot([0, 1e-6], [1e7, 1.00001e7])
    lower.set_xticks([0, 5e-7], ["none", "half"])
    lower.set_yticks(np.linspace(0.99e7, 1.01e7, 14))
    lower.grid(axis="y")
    lower.twinx().plot([0, 1], [2, 3])
    return svg.render(fig, svg.Defs()).markup


@pytest.mark.parametrize("options", [{}, {"sharex": True}, {"subplot_kw": {"box_aspect": 0.5}}])
def test_axes_are_drawn_as_those_of_a_plain_figure(options):
    with matplotlib.rc_context(style.STYLE):
        plain = Figure(figsize=(4.8, 4.4))
        wanted = busy(plain, plain.subplots(2, **options))
        assert busy(*figures.axes(2, **options)) == wanted
        assert busy(*figures.axes(2, **options)) == wanted, "the first has changed the second"


def test_axes_follow_the_settings_of_the_moment():
    with matplotlib.rc_context({"axes.titlepad": 30}):
        far = figures.axes()[1].titleOffsetTrans.get_matrix()[1, 2]
    assert figures.axes()[1].titleOffsetTrans.get_matrix()[1, 2] < far


def test_heights_of_lines_are_those_of_matplotlib():
    fig, ax = figures.axes()
    texts = [ax.text(0, 0, "a\nb", size=size, family=family) for size, family in SCRIPTS]
    with svg.in_points(fig):
        ours = svg.Renderer(fig, svg.Defs())
        plain = RendererSVG(1, 1, io.StringIO())
        for text in texts:
            box = text.get_window_extent(ours).bounds
            assert box == pytest.approx(text.get_window_extent(plain).bounds, rel=1e-12)


def test_each_font_keeps_its_outlines():
    ours, plain = svg.Texts(), TextToPath()
    for size, family in SCRIPTS:
        font = FontProperties(size=size, family=family)
        for text in ("ab", "ba", "ab"):
            path, wanted = ours.get_text_path(font, text), plain.get_text_path(font, text)
            assert all(np.array_equal(*pair) for pair in zip(path, wanted, strict=True))


@pytest.mark.parametrize("height", [0, -1, float("nan"), float("inf")])
def test_axes_refuse_a_height_that_is_none(height):
    with pytest.raises(ValueError, match="height must be positive, got"):
        figures.axes(height=height)


def test_the_dark_twins_stand_in_the_style_sheet():
    css = static.page_style()
    for name in style.LIGHT:
        assert f"--lv-{name}: {style.LIGHT[name]}" in css
        assert css.count(f"--lv-{name}: {style.DARK[name]}") == 2


def test_ink_and_paper_follow_the_page():
    fig, ax = figures.axes()
    ax.plot([0, 1], [0, 1], "o-", color="k", mfc="w")
    ax.bar([0], [1], color=style.LIGHT["blue"], hatch="/")
    html = figures.show(fig, alt="A line.").html
    markup = re.search(r"<svg.*</svg>", html)[0]
    assert "stroke:currentColor" in markup
    assert "fill:var(--lv-paper,#ffffff)" in markup
    assert 'fill="var(--lv-blue,#0072b2)"' in markup
    assert "#000000" not in markup


def test_a_figure_of_another_hand_works_too(monkeypatch):
    monkeypatch.setenv("LANGEVIN_FIGURES", "static")
    fig = Figure()
    fig.subplots().plot([1, 2], color="red")
    assert "stroke:#ff0000" in figures.show(fig, alt="A line.").html


def test_markup_holds_no_metadata_no_style_and_no_free_ids():
    fig, ax = figures.axes()
    ax.set_title("$x^2$")
    root = drawing(figures.show(fig, alt="Axes.").html)
    assert not any(node.tag in {"metadata", "style"} for node in root.iter())
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert ids and all(re.fullmatch(r"lv[0-9a-f]{8}-\d+", name) for name in ids)
    assert len(set(ids)) == len(ids)
    assert "@@" not in figures.show(fig, alt="Axes.").html


def test_ids_differ_between_figures_and_bytes_do_not_between_runs():
    def made(slope):
        fig, ax = figures.axes()
        ax.plot([0, slope], "o-")
        return figures.show(fig, alt="A line.").html

    assert made(1) == made(1)
    prefixes = [set(re.findall(r"lv[0-9a-f]{8}", made(slope))) for slope in (1, 2)]
    assert not prefixes[0] & prefixes[1]


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ("M 0 0 \nL 10 0 \nL 10 -5.04 \nz\nM 2 2 \nL 3 3 \n", "M0 0h10v-5zM2 2l1 1"),
        ("M 0.04 0 C 1 1 2 2 3.55 3 Q 1 2 0 0", "M0 0c1 1 2 2 3.6 3q-2.6-1-3.6-3"),
        ("M 1 1 M 2 2 L 2 2", "M1 1M2 2h0"),
        ("M 0 0 L 1 2 L 2 1", "M0 0l1 2 1-1"),
    ],
)
def test_paths_are_short(given, short):
    assert svg.compact_path(given) == short


def test_rounding_does_not_add_up_along_a_path():
    x = np.cumsum(np.full(500, 0.4449))
    data = "M 0 0 " + " ".join(f"L {v:.6f} {v:.6f}" for v in x)
    steps = re.findall(r"-?\d*\.?\d+", svg.compact_path(data).replace("M0 0", ""))
    assert abs(sum(map(float, steps[::2])) - x[-1]) <= 0.051


PLACES = np.random.default_rng(2).random((40, 2))


def marked(*form, places=PLACES, **more):
    """A plot of places, and the paths in its drawing whose parts are discs."""
    fig, ax = figures.axes()
    ax.plot(*np.transpose(places), *form, **more)
    root = drawing(figures.show(fig, alt="A cloud.").html)
    return ax, [node for node in root.iter("path") if "h0" in node.get("d")]


@pytest.mark.parametrize(
    ("form", "more", "width", "colour"),
    [
        ("o", {}, 7, style.LIGHT["blue"]),  # matplotlib's own: 6 points, and half its edge around
        ("o-", {"color": "C1", "markersize": 2}, 3, style.LIGHT["vermilion"]),
        ("o", {"markersize": 5, "markeredgewidth": 0.6}, 5.6, style.LIGHT["blue"]),
        ("k.", {"markeredgewidth": 0}, 3, "currentColor"),
    ],
)
def test_discs_of_one_look_are_one_path_where_they_belong(form, more, width, colour):
    ax, (path,) = marked(form, **more)
    look = dict(pair.split(":", 1) for pair in path.get("style").split(";"))
    assert colour in look["stroke"] and look["fill"] == "none"
    assert float(look["stroke-width"]) == pytest.approx(width)
    assert look["stroke-linecap"] == "round"
    drawn = np.array(re.findall(r"M([\d.]+) ([\d.]+)h0", path.get("d")), float)
    x, y = ax.transData.transform(PLACES).T * 72 / ax.figure.dpi
    high = 72 * ax.figure.get_figheight()
    assert drawn == pytest.approx(np.column_stack([x, high - y]), abs=0.051)


def test_a_picture_keeps_the_pixels_of_its_data():
    fig, ax = figures.axes()
    with matplotlib.rc_context(style.STYLE):
        ax.imshow(np.arange(12).reshape(3, 4))
    made = figures.show(fig, alt="Twelve pixels.").html
    (image,) = re.findall(r"<image[^>]*>", made)
    png = base64.b64decode(re.search(r"base64,([^\"]*)", image)[1])
    assert struct.unpack(">II", png[16:24]) == (4, 3)
    assert 'style="image-rendering:pixelated"' in image


@pytest.mark.parametrize(
    ("form", "more"),
    [
        ("s", {}),
        ("o", {"markerfacecolor": "w"}),
        ("o", {"fillstyle": "none"}),
        ("o", {"alpha": 0.5}),  # where two lie on each other it is darker
        ("o", {"places": PLACES[:1]}),
    ],
)
def test_other_markers_are_drawn_one_by_one(form, more):
    assert not marked(form, **more)[1]


def test_a_scatter_of_one_size_is_one_path_and_one_of_many_is_not():
    for sizes, number in ((9, 1), (np.arange(1, 41), 0)):
        fig, ax = figures.axes()
        ax.scatter(*PLACES.T, s=sizes)
        root = drawing(figures.show(fig, alt="A cloud.").html)
        assert sum("h0" in node.get("d") for node in root.iter("path")) == number


def test_an_ellipse_is_no_disc():
    disc = "M 0 2 " + 8 * "C 1 1 1 1 2 0 " + "z"
    assert svg.disc_radius(disc) == 2
    assert svg.disc_radius(disc.replace("2 0 z", "3 0 z")) == 0
    assert svg.disc_radius(disc.replace("C", "L")) == 0


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_show_needs_words(alt):
    fig, _ = figures.axes()
    with pytest.raises(ValueError, match="alt must say in words what the figure shows"):
        figures.show(fig, alt=alt)


def test_show_needs_a_figure():
    with pytest.raises(TypeError, match="show needs a matplotlib Figure, got list"):
        figures.show([1], alt="x")


def test_a_figure_is_drawn_once_and_left_as_it_was():
    drawn = []
    fig = Figure(dpi=90, facecolor="red", layout="constrained")
    ax = fig.subplots()
    ax.draw = lambda renderer: drawn.append(renderer)
    kept = fig.canvas, fig.get_layout_engine()
    figures.show(fig, alt="Axes.")
    assert len(drawn) == 1
    assert (fig.canvas, fig.get_layout_engine()) == kept
    assert fig.dpi == 90 and fig.get_facecolor() == (1, 0, 0, 1)


def test_words_are_escaped_and_offered_as_plain_text():
    fig, _ = figures.axes()
    shown = figures.show(fig, alt='a < b & "c" @@', caption="x < y")
    bundle = shown._repr_mimebundle_()
    assert 'aria-label="a &lt; b &amp; &quot;c&quot; @@"' in bundle["text/html"]
    assert ">x &lt; y</figcaption>" in bundle["text/html"]
    assert bundle["text/plain"] == '[figure: a < b & "c" @@]'
    with pytest.raises(ValueError, match="caption must say in words"):
        figures.show(fig, alt="x", caption=" ")


def test_style_comes_along_only_where_no_page_brings_it(monkeypatch):
    fig, _ = figures.axes()
    assert "<style>" in figures.show(fig, alt="x").html
    monkeypatch.setenv("LANGEVIN_FIGURES", "static")
    assert "<style>" not in figures.show(fig, alt="x").html
