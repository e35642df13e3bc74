"""A page of its own with one figure of each kind, laid out as in the built book."""

import os
from unittest import mock

import numpy as np

from langevin import figures
from langevin.figures import static
from langevin.figures.payload import externalise

PAGE = """<!doctype html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>Figures</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 44rem; margin: 0 auto; padding: 0 1rem; }}
html[data-theme="dark"] {{
  --pst-color-background: #14181e; color-scheme: dark; background: #14181e; color: #ced6dd;
}}
/* As the book's theme has it. */
html[data-theme=dark] .bd-content div.cell_output .text_html:not(:has(table.dataframe)) {{
  background-color: #ced6dd; color: #222832; padding: .5rem;
}}
figure figcaption {{ color: #9ca4af; font-weight: 300; text-align: center; }}
</style>
<link rel="stylesheet" href="../figures.css"><script defer src="../figures.js"></script></head>
<body><main class="bd-content"><h1>Figures</h1>{figures}
<div style="height: 3000px"></div></main></body></html>
"""
CELL = '<div class="cell_output"><div class="output text_html">{}</div></div>'

TIMED = """(() => {
  const ask = requestAnimationFrame.bind(window);
  window.spent = [];
  window.requestAnimationFrame = (work) => ask((now) => {
    const begin = performance.now();
    work(now);
    window.spent.push(performance.now() - begin);
  });
})()"""

TIME = """input => {
  const begin = performance.now();
  input.value = String((Number(input.value) + 1) % (Number(input.max) + 1));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return performance.now() - begin;
}"""


def ready(page, kind, number=0):
    """Scroll to a figure and wait for its data."""
    figure = page.locator(f".lv-{kind}").nth(number)
    figure.scroll_into_view_if_needed()
    page.wait_for_function(
        "([kind, n]) => document.querySelectorAll(`.lv-${kind}`)[n].dataset.lv === 'ready'",
        arg=[kind, number],
    )
    return figure


def curve(rate, time):
    fig, ax = figures.axes()
    x = np.linspace(0, 4, 150)
    ax.plot(x, np.exp(-rate * x) * np.cos(time * x), "o-", markevery=30, label=f"rate {rate:g}")
    ax.hist(x**rate, bins=20, density=True, alpha=0.4)
    ax.axvline(time, color="k")
    ax.legend(loc="upper right")
    ax.set(ylim=(-1, 1.5), title=rf"$\tau = {time:g}$")
    return fig


def choice(law, wide, many):
    fig, ax = figures.axes()
    ax.imshow(np.eye(3 + wide))
    for i in range(len(many)):
        ax.plot([0, 1], [0, i])
    if wide:
        ax.legend(["one"])
    ax.set_title(law)
    return fig


CURVE = {"rate": [0.5, 1.0, 2.0], "time": [1, 2, 3, 4]}
CHOICE = {
    "law": ["coin", "die"],
    "wide": [False, True],
    "many": ["a", "ab", "abc", "abcd", "abcde"],
}


def gas(n_frames=90, n_discs=40):
    rng = np.random.default_rng(5)
    start, velocity = rng.uniform(0, 10, (n_discs, 2)), rng.standard_normal((n_discs, 2))
    return start + 0.05 * velocity * np.arange(n_frames)[:, None, None]


def film(**options):
    return figures.movie(
        {"1": gas(), "50": gas()[::-1]},
        np.r_[1.0, np.full(39, 0.2)],
        box=10,
        periodic=True,
        highlight=[0],
        label="mass of the heavy disc",
        time_unit="s",
        alt=lambda mass: f"Discs; the heavy one has mass {mass}.",
        **options,
    )


def write_site(folder):
    """Write the page one folder below its script and data; return its address."""
    with mock.patch.dict(os.environ, LANGEVIN_FIGURES="static"):
        fig, ax = figures.axes()
        ax.plot([0, 1], [0, 1], color="k")
        made = [
            figures.show(fig, alt="A line.", caption="A line."),
            figures.explore(
                curve,
                rate=figures.Slider(CURVE["rate"], unit="per s", start=1.0),
                time=CURVE["time"],
                alt=lambda rate, time: f"Rate {rate}, time {time}.",
                caption="A curve.",
            ),
            figures.explore(choice, alt="A picture.", **CHOICE),
            film(caption="A gas."),
        ]
    return write(folder, made)


def write(folder, made):
    """Write a page of figures with all that it needs, and return its address."""
    html, side = externalise(
        PAGE.format(figures="".join(CELL.format(figure.html) for figure in made)), "../"
    )
    for path, content in side.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "figures.js").write_text(static.page_script(), encoding="utf-8")
    (folder / "figures.css").write_text(static.page_style(), encoding="utf-8")
    (folder / "chapters").mkdir()
    (folder / "chapters" / "one.html").write_text(html, encoding="utf-8")
    return (folder / "chapters" / "one.html").as_uri()
