"""An ensemble that runs in the page, its force compiled from the expression the library uses."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from langevin.figures import legend, output, systems
from langevin.figures.controls import DEFAULTS, LINK, STATUS, control, drawn, speed_choice
from langevin.figures.parameters import Slider
from langevin.figures.payload import as_json, code_script
from langevin.figures.poster import VIEWS, layout, own_values, poster
from langevin.potentials import Potential

SPEEDS = (0.1, 0.25, 0.5, 1, 2, 4)
REMEMBERED = 40_000  # positions that a histogram holds, of one or of many moments
MAX_PARTICLES = 5000
LETTER = re.compile(r"(?<!\S)[^\W\d_][₀-₉]*(?!\S)")
BELOW = {ord("₀") + i: f"_{i}" for i in range(10)}
MAX_STEPS = 1000  # in a sixtieth of a second
AT_REST = "Dark: where the particles start. Pale: where they are when nothing changes any more."


def live(
    U: Any,
    kernel: str | Mapping[str, Any] = "langevin",
    *,
    alt: str,
    domain: Any,
    particles: int = 400,
    start: Any = None,
    views: Iterable[str] = ("particles", "histogram"),
    steps: int = 4,
    seed: int = 1,
    beside: bool = False,
    same_noise: bool = False,
    curves: Mapping[str, str] | None = None,
    drag: Mapping[str, float] | None = None,
    caption: str | None = None,
    **parameters: Any,
) -> Any:
    r"""Let an ensemble run in the page while the reader moves its parameters.

    The page's force is compiled from the potential's own expression and its steps are those of
    the library's kernels, compared with them number by number in the tests.  Nothing moves until
    the reader asks for it.

    Parameters
    ----------
    U : Potential or str
        The energy, of one or two coordinates; a string is an expression in x (and y) whose other
        symbols are among the parameters.
    kernel : str or mapping
        Name of a kernel of the library, such as ``"langevin"``, ``"heavy_ball"`` or a splitting
        word such as ``"BAOAB"``.  A mapping of labels to names, or to pairs of a name and its own
        parameters, lets several run in a race: they start alike and share the other parameters.
    alt : str
        What the figure shows, in words.
    domain : (float, float) or pair of such
        Range of x, or of x and of y, that the figure shows.
    particles : int
        How many in each ensemble, at most 5000.
    start : float, point or ndarray, shape (particles, dim), optional
        Where they start; by default in the middle of the domain.
    views : sequence of str
        What is shown, from top to bottom: "particles" on the potential or on its map;
        "histogram" of x beside the Boltzmann distribution; "trajectory", x in time; "msd", the
        mean square displacement, and "energy", the mean of U, since the start, each also as
        "log msd" (both axes) and "log energy".
    steps : int
        Steps made in a sixtieth of a second at speed 1.
    seed : int
        Of the noise: the same seed and the same reader's hand give the same run.
    beside : bool
        Whether the systems of a race have panels of their own instead of one together.
    same_noise : bool
        Whether all systems of a race receive the same random numbers.
    curves : mapping of str to str, optional
        For "msd" or "energy", an expression in the time t and the parameters, drawn as a broken
        line.
    drag : mapping of str to float, optional
        From a slider of the potential to a place x of one coordinate: there the curve of the
        potential has a ring, and who drags it up or down moves the slider.
    caption : str, optional
        Words under the figure; mathematics between `\(` and `\)`.  The potential is shown anyway.
    **parameters : float, Slider or schedule
        Those of the kernels and of the potential, by name: a number is fixed, a `Slider` is the
        reader's, a `Schedule` changes from step to step.

    Returns
    -------
    Html or anywidget.AnyWidget
        Make it the last line of the cell.  Beside a kernel every slider is a trait of the same
        name that can be read and set, `playing` starts and stops, and `positions` holds the
        ensembles, as of the last pause or the last second.

    Raises
    ------
    ValueError
        For unknown names, numbers out of range, shapes that do not fit and words left out.

    Examples
    --------
    >>> from langevin import double_well, figures
    >>> figure = figures.live(
    ...     double_well(),
    ...     domain=(-2, 2),
    ...     start=-1,
    ...     step_size=0.01,
    ...     temperature=figures.Slider([0.1, 0.2, 0.5, 1.0], start=0.2),
    ...     alt="Particles in the left of two wells; the warmer it is, the sooner they cross.",
    ... )
    """
    words, views = output.checked_text("alt", alt), _views(views)
    made = systems.model(
        U,
        kernel,
        particles=systems.count(particles, "particles", 1, MAX_PARTICLES),
        start=np.mean(np.atleast_2d(domain), axis=1) if start is None else start,
        domain=domain,
        seed=seed,
        parameters=parameters,
    )
    panels, size = layout(made, views, beside)
    cools = any(system["schedules"] for system in made.data["systems"])
    memory = max(1, round(REMEMBERED / made.data["n"]))
    if cools:
        memory = min(memory, 10)  # what it was a moment ago is another distribution
    data = made.data | {
        "steps": systems.count(steps, "steps", 1, MAX_STEPS),
        "memory": memory,
        "panels": panels,
        "size": size,
        "rings": _rings(made, drag, views),
    }
    data |= {"same_noise": True} if same_noise else {}
    code = f"{{forces:[{','.join(made.forces)}],curves:{_curves(made, curves)}}}"
    name = output.name_of(as_json(data) + code)
    is_page = output.is_static()
    sliders = {parameter["name"]: _slider(parameter) for parameter in made.data["parameters"]}
    controls = _controls(made.data["parameters"], sliders, is_page, room=17 if cools else 8)
    picture, rests = poster(made, data)
    markup = output.figure(
        "live",
        legend.legend([system["label"] for system in data["systems"]], views, beside),
        f'<div class="lv-stage">{output.svg(picture, size, words)}</div>',
        drawn(sliders, AT_REST if rests else ""),
        '<p class="lv-error" role="status"></p>',
        f'<div class="lv-controls">{controls}{STATUS}'
        f"{code_script(data, code) if is_page else ''}</div>",
        _formulas(made, is_page),
        caption=caption,
        name=name,
    )
    if is_page:
        return output.Html(markup, words)
    from langevin.figures.widgets import ensemble

    return ensemble(markup, data, code)


def _slider(parameter: dict[str, Any]) -> Slider:
    values, texts = parameter["values"], parameter["texts"]
    text = dict(zip(values, texts, strict=True)).__getitem__
    return Slider(values, parameter["label"], "", text, values[parameter["first"]])


def _controls(
    parameters: list[dict[str, Any]], sliders: Mapping[str, Slider], is_page: bool, room: int
) -> str:
    """Sliders in the order given, then the buttons."""
    rows = [control(p["name"], sliders[p["name"]], p["fine"]) for p in parameters]
    return (
        "".join(rows)
        + '<div class="lv-buttons"><button type="button" class="lv-play">Play</button>'
        '<button type="button" class="lv-step">Step</button>'
        '<button type="button" class="lv-again">Restart</button>'
        f"{DEFAULTS if rows else ''}{LINK if rows and is_page else ''}{speed_choice(SPEEDS)}"
        f'<output class="lv-clock" aria-live="off" style="min-width:{room}ch"></output></div>'
    )


def _formulas(made: systems.Model, is_page: bool) -> str:
    """Return the potential, or each system's where their own parameters tell them apart."""
    shown = [_written(made, system) for system in made.data["systems"]]
    taken = {*made.potential.parameters}
    if all(U.expression == shown[0].expression for U in shown):
        return _formula(shown[0], is_page, taken)
    return "".join(
        _formula(U, is_page, taken, f"{system['label']}: ")
        for U, system in zip(shown, made.data["systems"], strict=True)
    )


def _written(made: systems.Model, system: dict[str, Any]) -> Potential:
    """Return a system's potential with numbers for what is fixed, and the symbols of sliders."""
    import sympy

    U, values = made.potential, own_values(made, system)
    labels = {p["name"]: p["label"] for p in made.data["parameters"]}
    symbols = {part: labels[name] for name, part in system["sets"].items() if part in values}
    symbols = {part: _symbol(label) or part for part, label in symbols.items()}
    others = {v.name for v in U.variables} | set(values)
    given, known = {}, {}
    for symbol in U.expression.free_symbols:
        if symbol.name not in values:
            continue
        value = values[symbol.name]
        if symbol.name not in symbols:
            exact = sympy.nsimplify(value, rational=True)
            known[symbol] = exact if exact.q < 10 else sympy.Float(f"{value:.6g}")
            continue
        name = symbols[symbol.name]
        name = symbol.name if name in others else name
        known[symbol], given[name] = sympy.Symbol(name, real=True), value
    return Potential(U.expression.subs(known), [v.name for v in U.variables], **given)


def _symbol(label: str) -> str:
    """Return the last letter that stands alone in a slider's label, such as κ in "stiffness κ"."""
    found = LETTER.findall(label)
    return found[-1].translate(BELOW) if found else ""


def _formula(U: Potential, is_page: bool, taken: set[str], before: str = "") -> str:
    """Return the potential; a notebook's widgets have no MathJax, so there it is MathML."""
    import sympy
    from sympy.printing.mathml import mathml

    lines = _lines(U, taken)
    if not is_page:
        return "".join(
            f'<div class="lv-formula">{html.escape(before)}<math><mi>{name}</mi><mo>=</mo>'
            f"{mathml(value, printer='presentation', mul_symbol='dot')}</math></div>"
            for name, value in lines
        )
    words = rf"\text{{{html.escape(before)}}}" if before else ""
    names = {s: _upright(sympy.latex(s)) for _, value in lines for s in value.free_symbols}
    written = ((n, sympy.latex(v, symbol_names=names, mul_symbol=r"\,")) for n, v in lines)
    return "".join(
        rf'<div class="lv-formula math">\({words}{name} = {html.escape(tex)}\)</div>'
        for name, tex in written
    )


def _lines(U: Potential, others: Iterable[str] = ()) -> list[tuple[str, Any]]:
    """Name and expression of the potential and, where it has several, of its exponents.

    Written out, two bells are wider than a page.
    """
    import sympy

    from langevin.potentials.expressions import logaddexp

    energy = U.expression.replace(logaddexp, lambda a, b: logaddexp(a, b).doit())
    exponents = [term.args[0] for term in sorted(energy.atoms(sympy.exp), key=str)]
    if len(exponents) < 2:
        return [("U", energy)]
    taken = {symbol.name for symbol in energy.free_symbols} | {*others}
    letters = [letter for letter in "abcdfgh" if letter not in taken]
    named = list(zip(letters, exponents, strict=False))
    short = {sympy.exp(exponent): sympy.exp(sympy.Symbol(letter)) for letter, exponent in named}
    return [("U", energy.xreplace(short)), *named]


def _upright(name: str) -> str:
    """Set words upright; letters, Greek ones too, stay as they are."""
    word, *below = name.split("_", 1)
    return rf"\mathrm{{{word}}}" + "".join(f"_{b}" for b in below) if word[1:].isalpha() else name


def _views(views: Iterable[str]) -> list[str]:
    names = [views] if isinstance(views, str) else list(views)
    unknown = [name for name in names if name not in VIEWS]
    if unknown or not names:
        raise ValueError(
            f"views must be some of {', '.join(map(repr, VIEWS))}, got {unknown or names}"
        )
    return names


def _rings(
    made: systems.Model, drag: Mapping[str, float] | None, views: list[str]
) -> list[dict[str, Any]]:
    """Return the rings on the potential's curve, by the names of their sliders."""
    if drag and (made.data["dim"] > 1 or "particles" not in views):
        raise ValueError("drag needs the curve of U(x): one coordinate, and 'particles' in views")
    sliders = [p["name"] for p in made.data["parameters"] if p["name"] in made.potential.parameters]
    rings = []
    for name, place in (drag or {}).items():
        x, ((low, high),) = float(place), made.data["domain"]
        if name not in sliders:
            raise ValueError(
                f"drag[{name!r}]: no slider of the potential has this name; "
                + (f"there are {', '.join(sliders)}" if sliders else "there is none")
            )
        if not low <= x <= high:
            raise ValueError(
                f"drag[{name!r}] must be in the domain, {low:g} to {high:g}, got {x:g}"
            )
        rings.append({"name": name, "x": x})
    return rings


def _curves(made: systems.Model, curves: Mapping[str, str] | None) -> str:
    """JavaScript of the exact curves, as functions of the time and the parameters."""
    import sympy

    from langevin.potentials.expressions import JavaScriptCode, parse

    known = list(made.data["systems"][0]["values"])
    symbols = {name: sympy.Symbol(name, real=True) for name in ["t", *known]}
    functions = []
    for view, text in (curves or {}).items():
        if view not in ("msd", "energy"):
            raise ValueError(f"curves are drawn for 'msd' and 'energy', got {view!r}")
        expression = parse(text, symbols)
        unknown = sorted(map(str, expression.free_symbols - set(symbols.values())))
        if unknown:
            raise ValueError(
                f"curves[{view!r}] leaves {', '.join(unknown)} open; it may use "
                f"{', '.join(symbols)}"
            )
        body = JavaScriptCode({"strict": True}).doprint(expression)
        functions.append(f"{view}:(t,{{{','.join(known)}}})=>{body}")
    return f"{{{','.join(functions)}}}"
