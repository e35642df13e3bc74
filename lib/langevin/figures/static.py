"""The figures' scripts, joined without a bundler, and their style."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files

from langevin.figures import shared
from langevin.figures.payload import as_json

LIVE = ("page.js", "controls.js", "look.js", "engine.js", "run.js", "panels.js", "live.js")
MODULES = (*LIVE, "explore.js", "movie.js", "runtime.js")


def page_script() -> str:
    """Return the runtime of all kinds of figure as one classic script.

    Examples
    --------
    >>> script = page_script()
    >>> "export " in script, script.startswith("(() => {")
    (False, True)
    """
    return f'(() => {{\n"use strict";\n{joined(MODULES)}}})();\n'


def widget_module(code: str) -> str:
    """Return the live figure as one ES module for a notebook, its forces given as code.

    Examples
    --------
    >>> widget_module("{forces:[]}").rstrip().splitlines()[-1]
    'export default { render: (place) => renderWidget(place, {forces:[]}) };'
    """
    render = f"export default {{ render: (place) => renderWidget(place, {code}) }};\n"
    return joined(LIVE) + render


def joined(names: Iterable[str]) -> str:
    """Return the shared constants and modules in one scope, without imports and comments.

    Examples
    --------
    >>> "/**" in joined(["movie.js"]), "const BINS = 60;" in joined([])
    (False, True)
    """
    code = "\n".join([_constants(), *map(_read, names)])
    code = re.sub(r"(?ms)^import\b.*?;\n|^export |/\*\*.*?\*/ ?", "", code)
    code = re.sub(r"(?m)^\s*//.*\n| // .*$|^\s*\n", "", code)
    return re.sub(r"(?m)^ +", " ", code)


def _constants() -> str:
    """JavaScript of what Python and the scripts share."""
    return "".join(
        f"const {name} = {as_json(value)};\n"
        for name, value in vars(shared).items()
        if name.isupper()
    )


def page_style() -> str:
    """Return the style of all kinds of figure."""
    return _read("figures.css")


def _read(name: str) -> str:
    return files("langevin.figures").joinpath(name).read_text(encoding="utf-8")
