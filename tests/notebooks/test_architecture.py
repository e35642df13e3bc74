"""ARCHITECTURE.md shows who acts when as the extension does it, and names folders that exist."""

import re

import pytest

import hooks
from book.hooks import HOOKS


def test_the_tables_are_those_of_the_extension():
    page = hooks.PAGE.read_text(encoding="utf-8")
    advice = "run `PYTHONPATH=_ext python tools/hooks.py`"
    assert page.count("<!-- end -->") == 2
    assert hooks.written(page) == page, advice
    for hook in HOOKS:
        assert f"| {hook.event} | {hook.priority} | {hooks.name_of(hook.action)} |" in page


def test_an_action_says_what_it_does():
    with pytest.raises(ValueError, match="has no docstring"):
        hooks.sentence(lambda app: None)


def test_the_page_names_what_is_there():
    page = hooks.PAGE.read_text(encoding="utf-8")
    root, rooms = hooks.PAGE.parent, ("", "_ext/book/", "lib/langevin/figures/")
    named = re.findall(r"`((?:[\w.-]+/)*[\w.-]+(?:\.(?:py|js|css|toml|tex|yml|md)|/))`", page)
    assert len(named) > 30
    for name in named:
        assert any((root / room / name).exists() for room in rooms), name
