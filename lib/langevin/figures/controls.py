"""Native inputs, by which a reader changes a figure."""

from __future__ import annotations

import html
from collections.abc import Iterable

from langevin.figures.parameters import Slider
from langevin.figures.svg import PREFIX

MAX_BUTTONS = 4
STATUS = '<p class="lv-said" aria-live="polite"></p>'  # read aloud when its text changes
KEYS = 'data-lm-suppress-shortcuts="true" autocomplete="off"'


def control(name: str, slider: Slider) -> str:
    """Native labelled input of one parameter: a range, a few buttons, or a list."""
    label, texts, first = html.escape(slider.label or name), slider.texts, slider.first
    words = [html.escape(text) for text in texts]
    begin = f'class="lv-control" data-name="{html.escape(name)}"'
    if slider.is_number:
        room = f"min-width:{max(map(len, texts))}ch"  # or the slider's end would move with it
        return (
            f"<div {begin}><label><span>{label}</span>"
            f'<input type="range" min="0" max="{len(words) - 1}" step="1" value="{first}" '
            f'aria-valuetext="{words[first]}" {KEYS}></label>'
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


def speed_choice(speeds: Iterable[float]) -> str:
    """Labelled list of speeds; 1 is chosen."""
    options = "".join(
        f'<option value="{s}"{" selected" if s == 1 else ""}>{s:g}×</option>' for s in speeds
    )
    return f'<label><span>speed</span> <select class="lv-speed" {KEYS}>{options}</select></label>'
