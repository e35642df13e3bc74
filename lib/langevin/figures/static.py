"""What the built book needs from the figures: one script, one style, and data in side files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib.resources import files

from langevin.figures import output

SIDE_FILE_FROM = 4096  # bytes of JSON; less stays in the page
DATA = re.compile(
    r'<script type="application/json" class="lv-data"( data-code="")? '
    r'data-hash="([0-9a-f]{64})">(.*?)</script>',
    re.DOTALL,
)
MODULES = ("explore.js", "movie.js", "engine.js", "live.js", "runtime.js")


def externalise(html: str, page_dir_to_root: str = "") -> tuple[str, dict[str, bytes]]:
    """Move the figures' larger data out of a page.

    Parameters
    ----------
    html : str
        A page, or a part of one.
    page_dir_to_root : str
        The way from the page's folder to the site's root: "" or "../" and so on.

    Returns
    -------
    html : str
        The same with a placeholder for each payload over 4 kB, or with code in it.
    side_files : dict of str to bytes
        Classic scripts by their path from the site's root; they load over file:// too.

    Examples
    --------
    >>> import hashlib
    >>> payload = '{"slots":' + "[0]" * 2000 + "}"
    >>> digest = hashlib.sha256(payload.encode()).hexdigest()
    >>> script = f'<script type="application/json" class="lv-data" data-hash="{digest}">'
    >>> page, side = externalise(f"{script}{payload}</script>", "../")
    >>> list(side) == [f"_figures/{digest[:16]}.js"], len(page) < 200
    (True, True)
    """
    side_files: dict[str, bytes] = {}
    root = page_dir_to_root if page_dir_to_root in ("", "/") else page_dir_to_root.rstrip("/") + "/"

    def moved(match: re.Match[str]) -> str:
        has_code, digest, payload = match.groups()
        if has_code:
            told = json.loads(payload)
            payload = f"{output.as_json(told['data'])},{told['code']}"
        elif len(payload.encode()) <= SIDE_FILE_FROM:
            return match[0]
        path = f"_figures/{digest[:16]}.js"
        side_files[path] = f'langevinFigures.data("{digest}",{payload});\n'.encode()
        return f'<span class="lv-data" hidden data-hash="{digest}" data-src="{root}{path}"></span>'

    return DATA.sub(moved, html), side_files


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
