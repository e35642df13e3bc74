"""Every public thing of the library says what it takes and what it gives, and shows it.

The examples themselves are run by `pytest --doctest-modules`: see the stage "library" of run.py.
"""

import importlib
import inspect
import pkgutil

import pytest
from numpydoc.validate import validate

import langevin
from langevin import figures

CORE = [
    name
    for _, name, _ in pkgutil.walk_packages(langevin.__path__, prefix="langevin.")
    if not name.startswith("langevin.figures.") and not name.rpartition(".")[2].startswith("_")
]
PUBLIC = {
    f"{module}.{name}": thing
    for module in CORE
    for name, thing in vars(importlib.import_module(module)).items()
    if not name.startswith("_") and getattr(thing, "__module__", None) == module
}
for thing in (getattr(figures, name) for name in figures.__all__):
    PUBLIC[f"{thing.__module__}.{thing.__name__}"] = thing
# Checks of numpydoc that are not asked: an extended summary, a section "See Also", and a capital
# letter at the start of the summary, of a parameter's description and of a result's.
NOT_ASKED = {"ES01", "SA01", "SS02", "PR08", "RT04"}
# Nor of a class whose constructor is inherited, as a named tuple's: parameters and examples.
NOT_ASKED_IF_INHERITED = {"PR01", "EX01"}


def faults(name, thing):
    """Return the faults that numpydoc finds in a docstring."""
    inherited = inspect.isclass(thing) and "__init__" not in vars(thing)
    ignored = NOT_ASKED | (NOT_ASKED_IF_INHERITED if inherited else set())
    return [fault for fault in validate(name)["errors"] if fault[0] not in ignored]


@pytest.mark.parametrize("name", PUBLIC)
def test_docstring_is_whole(name):
    assert faults(name, PUBLIC[name]) == []
