"""Data of a figure: written beside it as JSON, and moved from a page into side files."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

SIDE_FILE_FROM = 4096  # bytes of JSON; less stays in the page
DATA = re.compile(
    r'<script type="application/json" class="lv-data"( data-code="")? '
    r'data-hash="([0-9a-f]{64})">(.*?)</script>',
    re.DOTALL,
)


def as_json(data: Any) -> str:
    """Shortest JSON that may stand inside an HTML script element."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c")


def data_script(payload: str) -> str:
    """JSON kept beside its figure, marked with its hash so that a page may move it elsewhere."""
    digest = hashlib.sha256(payload.encode()).hexdigest()
    return (
        f'<script type="application/json" class="lv-data" data-hash="{digest}">{payload}</script>'
    )


def code_script(data: Any, code: str) -> str:
    """JSON with the JavaScript that goes with it, which only a side file can hold as code."""
    script = data_script(as_json({"data": data, "code": code}))
    return script.replace(' class="lv-data"', ' class="lv-data" data-code=""', 1)


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
            content = json.loads(payload)
            payload = f"{as_json(content['data'])},{content['code']}"
        elif len(payload.encode()) <= SIDE_FILE_FROM:
            return match[0]
        path = f"_figures/{digest[:16]}.js"
        side_files[path] = f'langevinFigures.data("{digest}",{payload});\n'.encode()
        return f'<span class="lv-data" hidden data-hash="{digest}" data-src="{root}{path}"></span>'

    return DATA.sub(moved, html), side_files
