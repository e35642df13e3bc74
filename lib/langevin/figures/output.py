"""What a figure hands to the notebook: HTML and its plain-text fallback."""

from __future__ import annotations

import hashlib
import html
import os
from dataclasses import dataclass
from typing import Any

from langevin.figures.static import page_script, page_style
from langevin.figures.svg import PREFIX, element


@dataclass(frozen=True)
class Html:
    """A finished figure; a cell that ends with it shows it.

    Parameters
    ----------
    html : str
        The figure as part of a page.
    alt : str
        What the figure shows, in words; it stands where HTML is not shown.

    Examples
    --------
    >>> from langevin import figures
    >>> figures.Html("<figure>...</figure>", alt="A line.").alt
    'A line.'
    """

    html: str
    alt: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": f"[figure: {self.alt}]"}


def is_static() -> bool:
    """Tell whether a book is being built: its pages bring their own style and script."""
    return os.environ.get("LANGEVIN_FIGURES") == "static"


def checked_text(name: str, text: Any) -> str:
    """Return the words without outer blanks; refuse none at all."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError(
            f"{name} must say in words what the figure shows, for readers who cannot see it; "
            f"got {text!r}"
        )
    return text.strip()


def figure(kind: str, *parts: str, caption: str | None, name: str = "") -> str:
    """Frame all figures share; a figure with a name can be linked to."""
    words = "" if caption is None else checked_text("caption", caption)
    below = words and f'<figcaption class="tex2jax_process">{html.escape(words)}</figcaption>'
    named = name and f' id="{name}"'
    return f'<figure class="lv-figure lv-{kind}"{named}>{"".join(parts)}{below}</figure>'


def name_of(content: str) -> str:
    """Name of a figure, made from all that it shows."""
    return f"lv-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def svg(body: str, size: tuple[float, float], alt: str) -> str:
    """Root element of a picture, `size` in points, with room for it kept free."""
    aspect = f"--lv-aspect:{size[0] / size[1]:.4g}"
    width, height = (f"{length:g}" for length in size)
    attributes = {
        "viewBox": f"0 0 {width} {height}",
        "width": width,
        "height": height,
        "role": "img",
        "aria-label": alt,
        "fill": "currentColor",
        "stroke-linejoin": "round",
    }
    return f'<div class="lv-picture" style="{aspect}">{element("svg", attributes, body)}</div>'


def styled(figure: str, script: bool = False) -> str:
    """Add the style to a figure, and the script if it needs one, where no page brings them."""
    if is_static():
        return figure
    run = f"<script>{page_script()}langevinFigures.watch();</script>" if script else ""
    return f"<style>{page_style()}</style>{figure}{run}"


def prefix_ids(*texts: str) -> list[str]:
    """Give every id the figure's own prefix, made from its content."""
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    return [text.replace(PREFIX, f"lv{digest[:8]}-") for text in texts]
