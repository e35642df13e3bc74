"""Every example in the library runs, and every public thing says what it takes and gives."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import langevin

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(langevin.__path__, prefix="langevin.")
)
CORE = [
    "langevin.exact.chance",
    "langevin.exact.iterates",
    "langevin.exact.liquid",
    "langevin.gradients",
    "langevin.hard_discs.gas",
    "langevin.hard_discs.grid",
    "langevin.hard_discs.lattice",
    "langevin.kernels",
    "langevin.observables",
    "langevin.overdamped",
    "langevin.potentials",
    "langevin.schedules",
]
PUBLIC = [
    pytest.param(thing, id=f"{module}.{name}")
    for module in CORE
    for name, thing in vars(importlib.import_module(module)).items()
    if not name.startswith("_") and getattr(thing, "__module__", None) == module
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("thing", PUBLIC)
def test_docstring_is_whole(thing):
    doc = inspect.getdoc(thing)
    assert doc and doc.splitlines()[0].endswith(".")
    if inspect.isfunction(thing):
        names = inspect.signature(thing).parameters
        assert "Returns\n-------" in doc and "Examples\n--------" in doc
        assert not names or "Parameters\n----------" in doc
        assert all(name in doc for name in names)
