"""All states of an explored figure on one page, with native inputs to move between them."""

from __future__ import annotations

from matplotlib.figure import Figure

from langevin.figures import layout, output
from langevin.figures.controls import DEFAULTS, LINK, STATUS, control, drawn
from langevin.figures.explorer import Explorer, describe, size_of
from langevin.figures.payload import as_json, data_script
from langevin.figures.states import Deck, unique
from langevin.figures.svg import Defs, Node, render

MAX_BYTES = 1_000_000


def page(explorer: Explorer) -> output.Html:
    """Draw every state once and keep what changes beside the first."""
    states, first, defs = explorer.states, explorer.first, Defs()
    order = [first, *(i for i in range(len(states)) if i != first)]
    drawings, sizes = [], []
    for state in (states[i] for i in order):
        drawings.append(explorer.figure(state))
        sizes.append(size_of(drawings[-1]))
        if sizes[-1] != sizes[0]:
            raise ValueError(
                f"every state must have the same size: {sizes[0]} points at "
                f"{describe(states[first])}, but {sizes[-1]} at {describe(state)}"
            )
    layout.share(drawings, defs)
    deck = Deck.of([_rendered(drawing, defs) for drawing in drawings])

    place = sorted(range(len(states)), key=order.__getitem__)
    alts, choice = unique(explorer.words(state) for state in states)
    maps: list[list[int]] = []
    slots = []
    for slot in deck.slots:
        by_state = [slot.choice[i] for i in place]
        if by_state not in maps:
            maps.append(by_state)
        slots.append([slot.node, slot.attribute, maps.index(by_state), slot.texts])
    sliders = explorer.sliders
    controls = "".join(control(name, slider) for name, slider in sliders.items())
    texts = [slider.texts for slider in sliders.values()]
    numbers = [
        [float(v) for v in slider.values] if slider.is_number else None
        for slider in sliders.values()
    ]
    payload = as_json(
        {
            "texts": texts,
            "numbers": numbers,
            "first": [s.first for s in sliders.values()],
            "maps": maps,
            "slots": slots,
        }
    )
    _refuse_weight(payload, len(states))
    shapes, body, controls, payload = output.prefix_ids(defs.markup, deck.markup, controls, payload)
    # The words join last: they may hold anything, even what looks like a prefix.
    payload = f"{payload[:-1]},{as_json({'alts': alts, 'told': choice})[1:]}"
    alt = alts[choice[first]]
    return output.Html(
        output.figure(
            "explore",
            output.svg(shapes + body, sizes[0], alt),
            drawn(sliders),
            f'<div class="lv-controls">{controls}<div class="lv-buttons">{DEFAULTS}{LINK}</div>'
            f"{STATUS}{data_script(payload)}</div>",
            caption=explorer.caption,
            name=output.name_of(payload),
        ),
        alt,
    )


def _rendered(drawing: Figure, defs: Defs) -> Node:
    with layout.ticks_found_once(drawing):  # it has its layout
        return render(drawing, defs)


def _refuse_weight(payload: str, n_states: int) -> None:
    weight = len(payload.encode())
    if weight > MAX_BYTES:
        raise ValueError(
            f"the {n_states} states take {weight / 1e6:.1f} MB, more than {MAX_BYTES / 1e6:g} MB: "
            "give fewer values, or draw fewer points, or a histogram instead of every point"
        )
