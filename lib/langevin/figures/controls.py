"""Native inputs, by which a reader changes a figure."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

from langevin.figures.parameters import Slider
from langevin.figures.svg import PREFIX

MAX_BUTTONS = 4
STATUS = '<p class="lv-said" aria-live="polite"></p>'  # read aloud when its text changes
DEFAULTS = '<button type="button" class="lv-defaults">Defaults</button>'
LINK = '<button type="button" class="lv-link" aria-label="Link to this state">Link</button>'
KEYS = 'data-lm-suppress-shortcuts="true" autocomplete="off"'


def control(name: str, slider: Slider, fine: int = 1) -> str:
    """Native labelled input of one parameter: a range, a few buttons, or a list.

    A range stops `fine` times from each value to the next; where it stops only at the values,
    they are marked.
    """
    label, texts, first = html.escape(slider.label or name), slider.texts, slider.first
    words = [html.escape(text) for text in texts]
    begin = f'class="lv-control" data-name="{html.escape(name)}"'
    if slider.is_number:
        gaps = len(words) - 1
        ticks = f' class="lv-stepped" style="--lv-gaps:{gaps}"' if fine == 1 <= gaps else ""
        room = f"min-width:{max(map(len, texts))}ch"  # or the slider's end would move with it
        return (
            f"<div {begin}><label><span>{label}</span>"
            f'<input type="range" min="0" max="{gaps * fine}" step="1" '
            f'value="{first * fine}"{ticks} aria-valuetext="{words[first]}" {KEYS}></label>'
            f'<output aria-live="off" style="{room}">{words[first]}</output></div>'
        )
    if len(words) > MAX_BUTTONS:
        options = "".join(
            f"<option{' selected' if i == first else ''}>{word}</option>"
            for i, word in enumerate(words)
        )
        chosen = f"<select {KEYS}>{options}</select>"
        return f"<div {begin}><label><span>{label}</span>{chosen}</label></div>"
    buttons = "".join(
        f'<label><input type="radio" name="{PREFIX}{html.escape(name)}" value="{i}" {KEYS}'
        f"{' checked' if i == first else ''}><span>{word}</span></label>"
        for i, word in enumerate(words)
    )
    return f"<fieldset {begin}><legend>{label}</legend>{buttons}</fieldset>"


def drawn(sliders: Mapping[str, Slider], more: str = "") -> str:
    """Say at which values the drawing is made that stands on paper and where no script runs.

    Examples
    --------
    >>> drawn({"T": Slider([0.1, 0.2], label="temperature T")})
    '<p class="lv-drawn">Drawn at: temperature T 0.1.</p>'
    """
    state = ", ".join(
        f"{slider.label or name} {slider.texts[slider.first]}" for name, slider in sliders.items()
    )
    words = " ".join(filter(None, [state and f"Drawn at: {state}.", more]))
    return f'<p class="lv-drawn">{html.escape(words)}</p>' if words else ""


def speed_choice(speeds: Iterable[float]) -> str:
    """Labelled list of speeds; 1 is chosen."""
    options = "".join(
        f'<option value="{s}"{" selected" if s == 1 else ""}>{s:g}×</option>' for s in speeds
    )
    return f'<label><span>speed</span> <select class="lv-speed" {KEYS}>{options}</select></label>'
