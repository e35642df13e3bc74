"""All states of an explored figure on one page, with native inputs to move between them."""

from __future__ import annotations

import html

from langevin.figures import output
from langevin.figures.explorer import Explorer, said, size_of
from langevin.figures.parameters import Slider
from langevin.figures.states import Deck, unique
from langevin.figures.svg import PREFIX, Defs, render

MAX_BYTES = 1_000_000
MAX_BUTTONS = 4
KEYS = 'data-lm-suppress-shortcuts="true" autocomplete="off"'


def page(explorer: Explorer) -> output.Html:
    """Draw every state once and keep what changes beside the first."""
    states, first, defs = explorer.states, explorer.first, Defs()
    order = [first, *(i for i in range(len(states)) if i != first)]
    trees, size = [], None
    for state in (states[i] for i in order):
        fig = explorer.figure(state)
        size = size or size_of(fig)
        if size_of(fig) != size:
            raise ValueError(
                f"every state must have the same size: {size} points at {said(states[first])}, "
                f"but {size_of(fig)} at {said(state)}"
            )
        trees.append(render(fig, defs))
    deck = Deck.of(trees)

    place = sorted(range(len(states)), key=order.__getitem__)
    alts, told = unique(explorer.words(state) for state in states)
    maps: list[list[int]] = []
    slots = []
    for slot in deck.slots:
        choice = [slot.choice[i] for i in place]
        if choice not in maps:
            maps.append(choice)
        slots.append([slot.node, slot.attribute, maps.index(choice), slot.texts])
    sliders = explorer.sliders
    controls = "".join(control(name, slider) for name, slider in sliders.items())
    texts = [slider.texts for slider in sliders.values()]
    payload = output.as_json({"texts": texts, "maps": maps, "slots": slots})
    _refuse_weight(payload, len(states))
    shapes, body, controls, payload = output.prefix_ids(defs.markup, deck.markup, controls, payload)
    # The words join last: they may hold anything, even what looks like a prefix.
    payload = f"{payload[:-1]},{output.as_json({'alts': alts, 'told': told})[1:]}"
    said_here = '<p class="lv-said" aria-live="polite"></p>'
    alt = alts[told[first]]
    return output.Html(
        output.figure(
            "explore",
            output.svg(shapes + body, size, alt),
            f'<div class="lv-controls">{controls}{said_here}{output.data_script(payload)}</div>',
            caption=explorer.caption,
        ),
        alt,
    )


def control(name: str, slider: Slider) -> str:
    """Native labelled input of one parameter: a range, a few buttons, or a list."""
    label, texts, first = html.escape(slider.label), slider.texts, slider.first
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


def _refuse_weight(payload: str, n_states: int) -> None:
    weight = len(payload.encode())
    if weight > MAX_BYTES:
        raise ValueError(
            f"the {n_states} states take {weight / 1e6:.1f} MB, more than {MAX_BYTES / 1e6:g} MB: "
            "give fewer values, or draw fewer points, or a histogram instead of every point"
        )
