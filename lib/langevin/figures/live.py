"""An explored figure beside a running kernel: stock ipywidgets, any value between the ends."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets
import numpy as np

from langevin.figures import output
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


def is_geometric(values: list[float]) -> bool:
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
