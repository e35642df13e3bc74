"""The figures' scripts, joined without a bundler, and their style."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files

MODULES = ("explore.js", "movie.js", "engine.js", "live.js", "runtime.js")


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
    told = f"export default {{ render: (place) => renderWidget(place, {code}) }};\n"
    return joined(("engine.js", "live.js")) + told


def joined(names: Iterable[str]) -> str:
    """Return modules in one scope, without their longer comments.

    Examples
    --------
    >>> "/**" in joined(["movie.js"])
    False
    """
    code = "\n".join(re.sub(r"(?m)^(import .*\n|export )", "", _read(name)) for name in names)
    return re.sub(r"(?m)^ *(/\*\*(.|\n)*?\*/|// ----.*)\n", "", code)


def page_style() -> str:
    """Return the style of all kinds of figure."""
    return _read("figures.css")


def _read(name: str) -> str:
    return files("langevin.figures").joinpath(name).read_text(encoding="utf-8")
