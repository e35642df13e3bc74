"""Figures beside a running kernel: stock ipywidgets to explore, an anywidget that runs live."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import ipywidgets
import numpy as np

from langevin.figures import output, poster, static
from langevin.figures.explorer import Explorer, picture
from langevin.figures.parameters import Slider

STEPS = 200
WIDE = {"style": {"description_width": "initial"}, "layout": {"width": "min(100%, 30rem)"}}


def widget(explorer: Explorer) -> ipywidgets.VBox:
    """Put controls above the drawing, which is made anew whenever one of them moves."""
    controls = {name: control(slider) for name, slider in explorer.sliders.items()}
    drawing = ipywidgets.HTML()

    def redraw(change: Any = None) -> None:
        state = {name: control.value for name, control in controls.items()}
        try:
            alt = explorer.words(state)
            drawing.value = output.styled(picture(explorer.figure(state), alt, explorer.caption))
        except (RuntimeError, ValueError) as error:
            words = html.escape(str(error))
            drawing.value = output.styled(f'<p class="lv-error" role="alert">{words}</p>')

    for each in controls.values():
        each.observe(redraw, names="value")
    redraw()
    return ipywidgets.VBox([*controls.values(), drawing])


def control(slider: Slider) -> ipywidgets.Widget:
    """Stock widget for these values."""
    values, first = slider.values, slider.values[slider.first]
    words = {"description": f"{slider.label} [{slider.unit}]" if slider.unit else slider.label}
    if not slider.is_number or len(values) == 1:
        options = list(zip(slider.texts, values, strict=True))
        return ipywidgets.Dropdown(options=options, value=first, **words, **WIDE)
    ends = {"min": values[0], "max": values[-1], "value": first}
    readout = slider.format if isinstance(slider.format, str) else None
    if slider.is_whole:
        return ipywidgets.IntSlider(**ends, readout_format=readout or "d", **words, **WIDE)
    if is_geometric(values):
        ends["min"], ends["max"] = np.log10(ends["min"]), np.log10(ends["max"])
        step = (ends["max"] - ends["min"]) / STEPS
        kind = ipywidgets.FloatLogSlider
    else:
        step = (ends["max"] - ends["min"]) / STEPS
        kind = ipywidgets.FloatSlider
    return kind(**ends, step=step, readout_format=readout or ".3g", **words, **WIDE)


def is_geometric(values: Sequence[float]) -> bool:
    """Tell whether the values grow by equal factors, over a decade at least.

    Examples
    --------
    >>> is_geometric([0.1, 1.0, 10.0]), is_geometric([1.0, 2.0, 3.0])
    (True, False)
    """
    if len(values) < 3 or values[0] <= 0 or values[-1] < 10 * values[0]:
        return False
    ratios = np.diff(np.log(values))
    return bool(np.allclose(ratios, ratios[0], rtol=1e-2))


def ensemble(markup: str, data: dict[str, Any], code: str) -> Any:
    """Return the widget of a live figure: each slider is a trait of the same name.

    The front end runs the ensemble and sends the positions whenever it rests and once a second;
    positions that are set go there.
    """
    import anywidget
    import traitlets

    def synced(trait: Any, value: Any) -> Any:
        return trait(value).tag(sync=True)

    def positions(self: Any) -> dict[str, np.ndarray]:
        """Positions of each system by its label, (particles, dim), as of the last pause."""
        labels = [system["label"] for system in data["systems"]]
        if not self.ensembles:
            return {label: poster.positions(data).copy() for label in labels}
        arrays = (np.frombuffer(view, "<f8").reshape(-1, data["dim"]) for view in self.ensembles)
        return {label: array.copy() for label, array in zip(labels, arrays, strict=True)}

    def place(self: Any, placed: dict[str, Any]) -> None:
        shape, arrays = (data["n"], data["dim"]), []
        for system in data["systems"]:
            given = placed[system["label"]] if isinstance(placed, dict) else placed
            array = np.asarray(given, dtype="<f8")
            if array.shape != shape or not np.isfinite(array).all():
                raise ValueError(
                    f"positions[{system['label']!r}] must have shape {shape} and be finite, "
                    f"got shape {array.shape}"
                )
            arrays.append(array.tobytes())
        self.ensembles = self.placed = arrays

    sliders = {
        parameter["name"]: synced(traitlets.Float, parameter["values"][parameter["first"]])
        for parameter in data["parameters"]
    }
    kind = type(
        "Live",
        (anywidget.AnyWidget,),
        {
            "__doc__": "A figure that runs in the page.",
            "_esm": static.widget_module(code),
            "_css": static.page_style(),
            "markup": synced(traitlets.Unicode, markup),
            "data": synced(traitlets.Dict, data),
            "playing": synced(traitlets.Bool, False),
            "ensembles": synced(traitlets.List, []),
            "steps_taken": synced(traitlets.Int, 0),
            "placed": synced(traitlets.List, []),
            "positions": property(positions, place),
            **sliders,
        },
    )
    return kind()
