"""`live`: what it hands to the page, where its panels lie, and sentences for bad input."""

import gzip
import json
import re

import numpy as np
import pytest

from built_book import ROOT
from langevin import Potential, figures
from langevin.figures import poster, shared, static, systems
from langevin.figures.live import _lines
from langevin.figures.payload import externalise
from langevin.potentials import (
    double_well,
    free,
    gaussian_mixture,
    harmonic,
    muller_brown,
    rings,
    rosenbrock,
)
from svg_tools import drawing

WELLS = dict(domain=(-2, 2), start=-1, step_size=0.01, temperature=0.3, alt="Wells.")


@pytest.fixture(autouse=True)
def built(monkeypatch):
    monkeypatch.setenv("LANGEVIN_FIGURES", "static")


def handed(made):
    """Data and code that go with the figure into the page."""
    payload = re.search(r'class="lv-data" data-code=""[^>]*>(.*?)</script>', made.html)[1]
    content = json.loads(payload)
    return content["data"], content["code"]


def test_a_page_gets_drawing_controls_and_code_in_a_side_file():
    heat = figures.Slider([0.1, 0.3, 1.0], label="heat", unit="kT", start=0.3)
    tilt = figures.Slider([0.0, 0.5], label="tilt b of the wells")
    wells = WELLS | {"temperature": heat, "tilt": tilt}
    made = figures.live(double_well(height=0.75), **wells, caption="Two wells.")
    data, code = handed(made)
    assert made.alt == drawing(made.html).get("aria-label") == "Wells."
    assert [p["kind"] for p in data["panels"]] == ["particles", "histogram"]
    assert "<span>heat</span>" in made.html and 'aria-valuetext="0.3 kT"' in made.html
    assert "<figcaption" in made.html
    formula = r"b\,x + \frac{3\,\left(x^{2} - 1\right)^{2}}{4}"
    assert f'<div class="lv-formula math">\\(U = {formula}\\)</div>' in made.html
    assert "height*" in code and code.startswith("{forces:[({")

    page, side = externalise(made.html, "../")
    ((path, script),) = side.items()
    assert f'data-src="../{path}"' in page and "application/json" not in page
    assert script.decode().startswith('langevinFigures.data("')
    assert code in script.decode() and '"code"' not in script.decode()
    assert externalise(page, "../") == (page, {})


def test_the_same_figure_is_the_same_bytes_and_another_has_another_name():
    first, again = (figures.live(double_well(), **WELLS).html for _ in range(2))
    warmer = figures.live(double_well(), **WELLS | {"temperature": 0.4}).html
    name = re.compile(r'<figure [^>]*id="(lv-[0-9a-f]{8})"')
    assert first == again
    assert name.search(first)[1] != name.search(warmer)[1]


def test_another_expression_is_another_formula_and_another_code():
    one, two = (
        figures.live(Potential(text, stiffness=2.0), **WELLS)
        for text in ("stiffness*x**2/2", "stiffness*x**4/4")
    )
    assert handed(one)[1] != handed(two)[1]
    formula = re.compile(r'<div class="lv-formula math">(.*?)</div>')
    assert formula.search(one.html)[1] != formula.search(two.html)[1]
    assert drawing(one.html).find(".//path") is not None


@pytest.mark.parametrize(
    ("U", "names"),
    [
        (gaussian_mixture([[-2.0, 0.0], [2.0, 0.0]]), "ab"),
        (rings(radii=(1.0, 2.0)), "ab"),
        (muller_brown(), "abcd"),
        (Potential("log(exp(a*x) + exp(-b*y))", ["x", "y"], a=1.0, b=2.0), "cd"),
        (Potential("exp(x**2 + y**2)", ["x", "y"]), ""),
    ],
)
def test_several_exponents_are_named_and_stand_on_lines_of_their_own(U, names, monkeypatch):
    (_, energy), *named = _lines(U)
    assert [name for name, _ in named] == list(names)
    whole = energy.subs(dict(named))
    for x in ((0.3, -0.2), (-1.1, 0.7)):
        known = {"x": x[0], "y": x[1], **U.parameters}
        value = whole.subs({symbol: known[symbol.name] for symbol in whole.free_symbols})
        assert float(value) == pytest.approx(float(U(np.array([x]))[0]))
    page = figures.live(U, **race_of()).html
    assert re.findall(r'<div class="lv-formula math">\\\((\w) = ', page) == ["U", *names]
    pytest.importorskip("anywidget")
    monkeypatch.delenv("LANGEVIN_FIGURES")
    cell = figures.live(U, **race_of()).markup
    assert re.findall(r'<div class="lv-formula"><math><mi>(\w)</mi>', cell) == ["U", *names]


def test_all_views_fit_under_each_other():
    made = figures.live(double_well(), **WELLS, views=poster.VIEWS)
    data, _ = handed(made)
    width, height = data["size"]
    ends = [0]
    for panel in data["panels"]:
        left, top, across, down = panel["box"]
        assert left > 0 and left + across <= width and top >= ends[-1]
        ends.append(top + down)
    assert ends[-1] < height
    assert [p["log"] for p in data["panels"]][3:5] == [[False, False], [True, True]]
    assert data["panels"][0]["labels"] == ["", "U"]  # shares its axis with the histogram


def test_a_race_has_a_legend_or_columns():
    race = {"cold": ("langevin", {"temperature": 0.1}), "warm": "langevin"}
    together = figures.live(muller_brown(0.1), race, **race_of(views=("particles", "energy")))
    beside = figures.live(muller_brown(0.1), race, **race_of(beside=True))
    assert together.html.count("<li>") == 2 and "<li>" not in beside.html
    assert [p["systems"] for p in handed(together)[0]["panels"]] == [[0, 1], [0, 1]]
    data, _ = handed(beside)
    assert [p["systems"] for p in data["panels"]] == [[0], [1], [0], [1]]
    assert [p.get("title") for p in data["panels"]] == ["cold", "warm", None, None]
    lefts = [p["box"][0] + p["box"][2] for p in data["panels"][:2]]
    assert lefts[0] < data["panels"][1]["box"][0] and lefts[1] <= data["size"][0]


def test_systems_may_have_landscapes_of_their_own():
    U = Potential("(1 - bent)*(x**2 + y**2)/2 + bent*(x*y - 1)**2/2", "x y", bent=0.0)
    race = {"a grain": ("langevin", {"bent": 0}), "two weights": ("langevin", {"bent": 1})}
    settings = dict(domain=((-2, 2), (-2, 2)), step_size=0.01, temperature=0.1, alt="Two maps.")
    made = figures.live(U, race, beside=True, views=["particles"], same_noise=True, **settings)
    formulas = re.findall(r'lv-formula math">(.*?)</div>', made.html)
    assert formulas == [
        r"\(\text{a grain: }U = \frac{x^{2}}{2} + \frac{y^{2}}{2}\)",
        r"\(\text{two weights: }U = \frac{\left(x\,y - 1\right)^{2}}{2}\)",
    ]
    maps = re.findall(r'href="(data:image/png[^"]*)"', made.html)
    assert len(set(maps)) == 2, "both maps show the same landscape"
    assert handed(made)[0]["same_noise"]
    assert "same_noise" not in handed(figures.live(U, race, **settings))[0]


def test_python_and_the_scripts_share_their_constants():
    types = (ROOT / "tools" / "types" / "shared.d.ts").read_text(encoding="utf-8")
    names = [name for name in vars(shared) if name.isupper()]
    assert re.findall(r"export const (\w+)", types) == names
    script = static.page_script()
    for name in names:
        (value,) = re.findall(rf"\bconst {name} = (.*);\n", script)
        assert json.loads(value) == json.loads(json.dumps(getattr(shared, name)))
        assert len(re.findall(rf"\b{name}\b", script)) > 1, f"no script uses {name}"


def test_the_systems_of_a_race_differ_in_hue_dash_and_mark():
    for looks in (shared.HUES, shared.DASHES, shared.CORNERS):
        assert len(set(looks)) == len(looks) == 6


def race_of(**more):
    return WELLS | dict(domain=((-1.5, 1.2), (-0.3, 2)), start=(0, 0.5)) | more


def test_the_first_frame_shows_where_the_particles_start():
    starts = np.column_stack([np.linspace(-1, 1, 7), np.zeros(7)])
    made = figures.live(
        harmonic(dim=2), **WELLS | dict(domain=((-2, 2), (-2, 2)), start=starts), particles=7
    )
    data, _ = handed(made)
    left, _, across, _ = data["panels"][0]["box"]
    *_, dots = drawing(made.html).iter("path")
    drawn = sorted(float(x) for x in re.findall(r"M([\d.]+) [\d.]+h0", dots.get("d")))
    assert drawn == pytest.approx(left + across * (starts[:, 0] + 2) / 4, abs=0.06)


def test_the_first_frame_shows_in_pale_where_the_run_leads():
    made = figures.live(
        harmonic(2.0), **WELLS | {"particles": 2000, "alt": "Bowl."}, views=("particles", "energy")
    )
    data, _ = handed(made)
    left, _, across, _ = data["panels"][0]["box"]
    (pale,) = [p for p in drawing(made.html).iter("path") if p.get("stroke-opacity") == "0.4"]
    drawn = np.array([float(x) for x in re.findall(r"M([\d.]+) [\d.]+h0", pale.get("d"))])
    x = (drawn - left) / across * 4 - 2
    n, variance = len(x), 0.3 / 2.0  # of Boltzmann's distribution
    assert n > 100  # those in one place are drawn once
    assert abs(x.mean()) < 4.9 * np.sqrt(variance / n)
    assert abs(x.var() / variance - 1) < 4.9 * np.sqrt(2 / n)
    nodes = np.linspace(-2, 2, 401)
    assert poster.mean_energy(nodes**2, 0.3, nodes) == pytest.approx(0.15, rel=1e-3)
    assert poster.mean_energy(nodes**2, 0.0, nodes) is None
    cold = figures.live(harmonic(), **WELLS | {"temperature": 0.0}).html
    assert 'stroke-opacity="0.4"' not in cold


def test_energies_worth_showing():
    def shown(U, domain, **parameters):
        made = systems.model(
            U,
            "langevin",
            particles=1,
            start=np.zeros(U.dim),
            domain=domain,
            seed=1,
            parameters=dict(step_size=0.1, temperature=1.0) | parameters,
        )
        return poster.heights(made)

    low, high = shown(double_well(), (-2, 2))
    assert low < 0 and 2 < high < 3  # the barrier is 1, the edge at 9
    assert shown(harmonic(), (-2, 2))[1] == 2
    assert shown(free(), (-2, 2)) == [-1.12, 1]
    tilted = shown(double_well(), (-2, 2), tilt=figures.Slider([0.0, 1.0]))
    assert tilted[0] < -1 and tilted[1] > high
    assert shown(rosenbrock(), ((-2, 2), (-1, 3)))[1] < 1000


def test_the_exact_curve_is_boltzmanns_and_only_where_it_fits():
    U, x = double_well(), np.linspace(-2, 2, 401)
    density = poster.boltzmann(U(x[:, None]), 0.3, x)
    exact = np.exp(-U(x[:, None]) / 0.3)
    assert density == pytest.approx(exact / np.trapezoid(exact, x))
    assert poster.boltzmann(U(x[:, None]), 20.0, x) is None  # the domain cuts it off
    assert poster.boltzmann(0 * x, 1.0, x) is None


def test_curves_are_compiled_from_expressions():
    made = figures.live(
        harmonic(), **WELLS, views=["msd", "energy"], curves={"msd": "2*temperature*t"}
    )
    code = handed(made)[1]
    assert "curves:{msd:(t,{" in code and "2*t*temperature" in code


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (dict(alt=" "), "alt must say in words"),
        (dict(views=["particle"]), "views must be some of 'particles', .* got"),
        (dict(views=[]), "views must be some of"),
        (dict(steps=0), "steps must be at least 1, got 0"),
        (dict(steps=1001), "steps must be at most 1000, got 1001"),
        (dict(particles=0), "particles must be at least 1, got 0"),
        (dict(particles=5001), "particles must be at most 5000, got 5001"),
        (dict(curves={"msd": "2*D*t"}), "leaves D open; it may use t, "),
        (dict(curves={"msd": "S*t"}), "leaves S open; it may use t, "),
        (dict(curves={"msd": "2*(t"}), r"must be a formula such as .*, got '2\*\(t' "),
        (dict(curves={"msd": "t < 1"}), "must be a formula, got t < 1"),
        (dict(curves={"energy": "erf(t)"}), "NumPy has no erf; write the formula without it"),
        (dict(curves={"particles": "t"}), "drawn for 'msd' and 'energy', got 'particles'"),
    ],
)
def test_bad_input_gets_a_sentence(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        figures.live(double_well(), **WELLS | wrong)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"drag": {"temperature": 0}},
            r"drag\['temperature'\]: no slider of the potential .* tilt",
        ),
        ({"drag": {"height": 0}}, r"drag\['height'\]: no slider of the potential"),
        ({"drag": {"tilt": 3}}, r"drag\['tilt'\] must be in the domain, -2 to 2, got 3"),
        ({"drag": {"tilt": 1}, "views": ["histogram"]}, "drag needs the curve"),
    ],
)
def test_a_ring_needs_a_slider_and_a_place_on_the_curve(wrong, sentence):
    tilt = figures.Slider([-0.5, 0.0, 0.5], start=0.0)
    with pytest.raises(ValueError, match=sentence):
        figures.live(double_well(), **WELLS | {"tilt": tilt} | wrong)


def test_a_map_has_no_rings():
    with pytest.raises(ValueError, match="drag needs the curve"):
        figures.live(
            "a*x**2 + y**2",
            domain=((-1, 1), (-1, 1)),
            step_size=0.1,
            temperature=1.0,
            a=figures.Slider([1.0, 2.0]),
            drag={"a": 1.0},
            alt="Map.",
        )


@pytest.mark.parametrize("name", ["particles", "steps"])
def test_half_a_particle_or_step_is_not_a_count(name):
    with pytest.raises(TypeError, match=f"{name} must be a whole number, got 2.5"):
        figures.live(double_well(), **WELLS | {name: 2.5})


def test_it_is_light_seeded_and_evaluates_no_text():
    code = static.joined(static.LIVE)
    assert len(gzip.compress(code.encode(), 6)) <= 15_650
    for word in ("Math.random", "eval(", "Function(", "setInterval", "innerHTML +="):
        assert word not in code
    map_ = figures.live(muller_brown(0.05), **race_of())
    assert len(gzip.compress(map_.html.encode())) < 14_000


def test_a_notebook_gets_a_widget(monkeypatch):
    pytest.importorskip("anywidget")
    monkeypatch.delenv("LANGEVIN_FIGURES")
    heat = figures.Slider([0.1, 0.3, 1.0], start=0.3)
    made = figures.live(double_well(), **WELLS | {"temperature": heat, "particles": 3})
    assert made.temperature == 0.3 and made.playing is False
    assert made.positions == {"": pytest.approx(np.full((3, 1), -1.0))}
    assert "<math>" in made.markup and "lv-link" not in made.markup
    assert made._esm.rstrip().endswith("}) };") and "export function" not in made._esm
    made.positions = {"": [[0.5], [0.6], [0.7]]}
    assert np.frombuffer(made.placed[0]).tolist() == [0.5, 0.6, 0.7]
    with pytest.raises(ValueError, match=r"positions\[''\] must have shape \(3, 1\)"):
        made.positions = {"": [[0.5]]}
