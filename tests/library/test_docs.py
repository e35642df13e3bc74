"""Every public thing of the library says what it takes and gives."""

import importlib
import inspect
import pkgutil

import pytest

import langevin

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(langevin.__path__, prefix="langevin.")
)
CORE = [
    name
    for name in MODULES
    if not name.startswith(("langevin.figures", "langevin.ledger", "langevin.exercises"))
    and not name.rpartition(".")[2].startswith("_")
]
PUBLIC = [
    pytest.param(thing, id=f"{module}.{name}")
    for module in CORE
    for name, thing in vars(importlib.import_module(module)).items()
    if not name.startswith("_") and getattr(thing, "__module__", None) == module
]


@pytest.mark.parametrize("thing", PUBLIC)
def test_docstring_is_whole(thing):
    doc = inspect.getdoc(thing)
    assert doc and doc.splitlines()[0].endswith(".")
    if inspect.isfunction(thing):
        names = inspect.signature(thing).parameters
        assert "Returns\n-------" in doc and "Examples\n--------" in doc
        assert not names or "Parameters\n----------" in doc
        assert all(name in doc for name in names)
