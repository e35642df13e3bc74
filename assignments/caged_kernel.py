"""A Python kernel that begins in the cage: it sets its limits, and compares names.

This file is read inside the cage, where the folder of the course is not.
"""

import ast
import builtins
import hashlib
import importlib
import os
import resource
import sys
import types
import warnings

import zmq
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodDescriptorType)


def told(name):
    """Return what the cage was told by a variable of the environment, as a list."""
    return [entry for entry in os.environ.pop(name, "").split(",") if entry]


def fingerprint(value):
    """Return what differs when a name, or the inside of its function, has been replaced."""
    if isinstance(value, types.FunctionType):
        return (id(value), id(value.__code__), id(value.__defaults__), id(value.__kwdefaults__))
    return (id(value),)


class Names:
    """Names as they were, to be compared with what they are."""

    def __init__(self, shell, modules, given):
        self.shell, self.given = shell, set(given)
        self.kept, self.places, self.bound = [], {}, {}
        for name in modules:
            self.add(name, importlib.import_module(name))
        for kind in type(shell).__mro__:
            if kind.__module__.startswith(("IPython", "ipykernel")):
                self.add(f"IPython.{kind.__name__}", kind)
        self.usual = set(shell.user_ns)
        self.lists, self.own = self.transformers(), self.methods()

    def add(self, name, place, deep=True):
        """Remember the functions, classes and modules of a module or of a class."""
        self.places[name] = (place, {})
        for key, value in list(vars(place).items()):
            if callable(value) or isinstance(value, types.ModuleType | staticmethod | property):
                self.kept.append((value, getattr(value, "__code__", None)))
                self.places[name][1][key] = fingerprint(value)
                root = name.partition(".")[0]
                if deep and isinstance(value, type) and f"{value.__module__}.".startswith(root):
                    self.add(f"{name}.{key}", value, deep=False)

    def transformers(self):
        """Return what would change a cell before it is run, or its error after."""
        shell, manager = self.shell, self.shell.input_transformer_manager
        lists = [shell.ast_transformers, shell.input_transformers_post, shell.custom_exceptions]
        lists += [manager.cleanup_transforms, manager.line_transforms, manager.token_transformers]
        return [list(map(id, each)) for each in lists]

    def methods(self):
        """Return the methods of this one shell that stand before those of its class."""
        names = {key for kind in type(self.shell).__mro__ for key in vars(kind)}
        own = vars(self.shell)
        return {key: own[key] for key in own.keys() & names if callable(own[key])}

    def changed(self, code):
        """Return the names that are no longer what they were, for a cell that is to be run."""
        found = []
        for name, (place, before) in self.places.items():
            now = vars(place)
            found += [
                f"{name}.{key}"
                for key, was in before.items()
                if key not in now or fingerprint(now[key]) != was
            ]
        user = self.shell.user_ns
        found += [key for key, was in self.bound.items() if fingerprint(user.get(key)) != was]
        asked = names_in(code)
        shadows = (asked & vars(builtins).keys() & user.keys()) - self.usual
        found += sorted(shadows - self.bound.keys())
        own = self.methods()
        found += [f"IPython's {key}" for key in own if own[key] is not self.own.get(key)]
        if self.transformers() != self.lists:
            found.append("IPython's transformers")
        if sys.gettrace() or sys.getprofile():
            found.append("sys.settrace")
        return found

    def bind(self, code):
        """Remember what a cell of the teacher's has defined or imported."""
        if hashlib.sha256(code.encode()).hexdigest() in self.given:
            for key in names_in(code, ast.Store) & self.shell.user_ns.keys():
                value = self.shell.user_ns[key]
                if isinstance(value, (types.ModuleType, type, *FUNCTIONS)):
                    self.kept.append((value, getattr(value, "__code__", None)))
                    self.bound[key] = fingerprint(value)
                else:
                    self.bound.pop(key, None)


def names_in(code, context=ast.Load):
    """Return the names that a cell uses, or those that it binds at its top level."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return set()
    if context is ast.Load:
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        return {node.id for node in nodes if isinstance(node.ctx, ast.Load)}
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        else:
            names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
            found |= {part.id for part in names if isinstance(part.ctx, ast.Store)}
    return found


class CagedKernel(IPythonKernel):
    """A kernel that says with each reply which names were changed before the cell was run."""

    names = None

    async def do_execute(self, code, *arguments, **options):
        """Compare names, run a cell, and remember what it defined if it is the teacher's."""
        found = self.names.changed(code)
        reply = await super().do_execute(code, *arguments, **options)
        self.names.bind(code)
        if found:
            reply["changed"] = found[:20]
        return reply


def main():
    """Start a kernel on the sockets that it is given."""
    numbers = dict(entry.split("=") for entry in told("CAGE_SOCKETS"))
    limits = dict(entry.split("=") for entry in told("CAGE_LIMITS"))
    watched, given = told("CAGE_WATCHED"), told("CAGE_GIVEN")
    for name, limit in limits.items():
        resource.setrlimit(getattr(resource, name), (int(limit), int(limit)))
    del sys.path[0]

    class App(IPKernelApp):
        kernel_class = CagedKernel

        def _try_bind_socket(self, s, port):
            (name,) = (name for name in numbers if getattr(self, f"{name}_port") == port)
            s.set(zmq.USE_FD, int(numbers[name]))
            s.bind(f"ipc://{self.ip}-{port}")
            return port

        def init_heartbeat(self):
            """Have none: outside it is seen whether the process lives."""

    app = App.instance()
    app.initialize()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        app.kernel.names = Names(app.shell, ["builtins", *watched], given)
    app.start()


if __name__ == "__main__":
    main()
