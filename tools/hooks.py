"""The tables of ARCHITECTURE.md that show who acts when, made from the lists of `book.hooks`.

Usage: PYTHONPATH=_ext python tools/hooks.py       (writes them anew; a test compares)
"""

import inspect
import re
from pathlib import Path

from book.hooks import HOOKS, POST_TRANSFORMS, TRANSFORMS

PAGE = Path(__file__).resolve().parent.parent / "ARCHITECTURE.md"
BLOCK = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def hooks():
    """Return the rows of who acts on which event of Sphinx, with what priority."""
    return [
        (hook.event, hook.priority, name_of(hook.action), sentence(hook.action)) for hook in HOOKS
    ]


def transforms():
    """Return the rows of who changes a page, while it is read or before it is written."""
    stages: dict[str, list] = {
        "while it is read": TRANSFORMS,
        "before it is written": POST_TRANSFORMS,
    }
    return [
        (stage, each.default_priority, name_of(each), sentence(each))
        for stage, group in stages.items()
        for each in sorted(group, key=lambda each: each.default_priority)
    ]


def name_of(action):
    """Return where an action stands.

    >>> from book.web import finish
    >>> name_of(finish.note)
    '`web/finish.note`'
    """
    room = action.__module__.removeprefix("book.").replace(".", "/")
    return f"`{room}.{action.__name__}`"


def sentence(action):
    """Return the first sentence of an action's docstring, which says what it does."""
    text = inspect.getdoc(action)
    if not text:
        raise ValueError(f"{name_of(action)} has no docstring: say in it what it does")
    return " ".join(text.partition("\n\n")[0].split())


def table(head, rows):
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def written(text):
    """Return the page with its tables made anew."""
    tables = {
        "hooks": table(("event", "priority", "who", "what"), hooks()),
        "transforms": table(("a page", "priority", "who", "what"), transforms()),
    }
    return BLOCK.sub(lambda found: found[1] + tables[found[2]] + found[3], text)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
