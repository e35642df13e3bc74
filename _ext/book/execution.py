"""The results of the pages' code: when they are new, the pages are read anew.

`tools/execute.py` runs the code that has changed, or whatever it depends on, before Sphinx reads
the pages, and records here of which state the results are.
"""

import json
from pathlib import Path

CACHE = Path("_build", ".jupyter_cache")
RECORD = CACHE / "executed.json"


def recorded(root):
    """Return page -> what was recorded when its code ran last: `state`, `sources`, `seconds`."""
    path = root / RECORD
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def reread(app, env, added, changed, removed):
    """Have Sphinx read the pages anew whose code was run again."""
    states = {name: entry["state"] for name, entry in recorded(Path(app.confdir)).items()}
    before, env.book_states = getattr(env, "book_states", {}), states
    return [name for name in env.found_docs if states.get(name) != before.get(name)]
