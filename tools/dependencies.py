"""What the results of a page's code depend on: what it imports, directly or not, and reads.

A package's ``__init__`` that only passes names on is followed name by name: who imports `ula` does
not depend on the module of `adam`, though both come from one package.
"""

import ast
import hashlib
import json
import os
import re
import sys
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

from book.sources import contents
from book.sources.equations import PRINTED, printed

SEALED = "exercises.json"  # of which a page depends on its own entries
SERVED = (".js", ".css")  # with the pages: no result of a cell has them
Import = tuple[str, str | None]  # a module, and a name in it or None for the whole


class Library:
    """The modules of a package, by their dotted names."""

    def __init__(self, folder):
        self.folder = Path(folder)
        names = {path: path.relative_to(self.folder.parent) for path in self.folder.rglob("*.py")}
        self.paths = {
            ".".join(name.with_suffix("").parts).removesuffix(".__init__"): path
            for path, name in sorted(names.items())
        }
        self.trees = {
            name: ast.parse(path.read_text(encoding="utf-8")) for name, path in self.paths.items()
        }
        self._followed: dict[str, list[Import]] = {}

    def dependencies(self, code):
        """Return the files of the library that a piece of code depends on, sorted."""
        found: set[str] = set()
        for source, name in self._targets(ast.parse(code), ""):
            self._enter(source, name, found)
        modules = {self.paths[name] for name in found}
        return sorted(modules | {file for module in modules for file in self._data[module]})

    def _targets(self, tree, module):
        """Return what a tree imports, of a package only the names that the tree uses of it."""
        imports, attributes = _scan(tree, module, module in self._packages)
        targets: list[Import] = []
        for source, name, bound in imports:
            package = f"{source}.{name}" if name else source
            used = attributes.get(bound) if package in self._packages else None
            targets += [(package, part) for part in used] if used else [(source, name)]
        return targets

    def _enter(self, module, name, found):
        """Enter the module that a name comes from, with all that it imports."""
        if f"{module}.{name}" in self.paths:
            module, name = f"{module}.{name}", None
        passed_on = self._passed_on(module).get(name)
        if passed_on:
            self._enter(passed_on[0], passed_on[1], found)
        elif module in self.paths and module not in found:
            found.add(module)
            if module not in self._followed:
                self._followed[module] = self._targets(self.trees[module], module)
            for source, what in self._followed[module]:
                self._enter(source, what, found)

    def _passed_on(self, module):
        """Return name -> (module, name) for what a package imports at its top and passes on."""
        if module not in self._packages:
            return {}
        statements = [s for s in self.trees[module].body if isinstance(s, ast.ImportFrom)]
        return {
            name.asname or name.name: (_source(statement, module, package=True), name.name)
            for statement in statements
            for name in statement.names
        }

    @cached_property
    def sealed(self):
        """The sealed answers to the exercises."""
        path = self.folder / SEALED
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    @cached_property
    def _packages(self):
        return {name for name, path in self.paths.items() if path.name == "__init__.py"}

    @cached_property
    def _data(self):
        """Files beside a module that it names, by name or by ending; nameless ones go to all."""
        found: dict[Path, set[Path]] = {path: set() for path in self.paths.values()}
        for file in self.folder.rglob("*"):
            if not file.is_file() or file.suffix in (".py", ".pyc", *SERVED) or file.name == SEALED:
                continue
            beside = [path for path in found if path.parent == file.parent]
            for path in _that_name(file, beside) or beside:
                found[path].add(file)
        return found


def _scan(tree, module, package):
    """Return what is imported anywhere in a tree, and the attributes that it asks of names.

    An import is (module, name or None for the whole, bound name). The attributes are those of the
    names that are used in no other way.

    >>> _scan(ast.parse("import a; a.b + a.c(d)"), "", False)[1]["a"] == {"b", "c"}
    True
    >>> _scan(ast.parse("from x import a; a.b(a)"), "", False)
    ([('x', 'a', 'a')], {})
    """
    imports: list[tuple[str, str | None, str | None]] = []
    asked: dict[str, list[str]] = {}
    uses: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            uses[node.id] += 1
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            asked.setdefault(node.value.id, []).append(node.attr)
        elif isinstance(node, ast.Import):
            for name in node.names:
                imports.append((name.name, None, name.asname))
                if not name.asname:
                    first = name.name.partition(".")[0]
                    imports.append((first, None, first))
        elif isinstance(node, ast.ImportFrom):
            source = _source(node, module, package)
            for name in node.names:
                what = None if name.name == "*" else name.name
                imports.append((source, what, name.asname or name.name))
    return imports, {name: set(parts) for name, parts in asked.items() if len(parts) == uses[name]}


def _source(node, module, package):
    """Return the full name of the module that a from-statement names."""
    if not node.level:
        return node.module
    parts = module.split(".")
    parts = parts[: len(parts) - node.level + package]
    return ".".join([*parts, *filter(None, [node.module])])


def _that_name(file, paths):
    """Return the modules whose text has the file's name."""
    return [path for path in paths if file.name in path.read_text(encoding="utf-8")]


def cells_of(path):
    """Return the code cells of a notebook, or of a page of Markdown with cells, as texts."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    fences = (token for token in MarkdownIt().parse(text) if token.type == "fence")
    cells = (token.content for token in fences if token.info.startswith("{code-cell}"))
    return [re.sub(r"\A(:[\w-]+:.*\n)+", "", cell) for cell in cells]  # without their options


def python(cell):
    """Return the Python of a cell, without IPython's commands.

    >>> print(python("%pip install langevin\\nimport langevin"))
    pass
    import langevin
    """
    try:
        ast.parse(cell)
    except SyntaxError:
        return re.sub(r"(?m)^(\s*)[%!].*", r"\1pass", cell)
    return cell


class Page(NamedTuple):
    """A page with code; `state` is a digest of all that its results depend on."""

    name: str
    path: Path
    length: int  # of the file
    state: str
    sources: str  # a digest of all that was read to know the state
    printed: str = "{}"  # the equations that the checks read, as JSON, where the state was new


def pages(root, record=None):
    """Return the pages of the book at `root` that have code, in its order.

    `record` has what was recorded of each: where the sources are those of then, so is the state.
    """
    folder, data = root / "lib" / "langevin", sorted((root / "chapters" / "data").iterdir())
    library = None
    everything = state(root, [], [*_sources(root, folder), *data])
    found = []
    for name in contents.pages(root):
        path = next(root.glob(f"{name}.*"))
        content = path.read_bytes()
        if path.suffix != ".ipynb" and b"{code-cell}" not in content:
            continue
        sources = hashlib.sha256(everything.encode() + content).hexdigest()
        known = (record or {}).get(name, {})
        if known.get("sources") == sources:
            found.append(Page(name, path, len(content), known["state"], sources))
            continue
        cells = cells_of(path)
        if cells:
            library = library or Library(folder)
            code = "\n".join(map(python, cells))
            files = [root / "requirements.txt", *library.dependencies(code)]
            files += [file for file in data if file.stem in code]
            formulas = json.dumps(printed(root, name))
            answers = json.dumps({k: v for k, v in library.sealed.items() if k in code})
            now = state(root, [*cells, formulas, answers], files)
            found.append(Page(name, path, len(content), now, sources, formulas))
    return found


def _sources(root, folder):
    """Return all files of which `pages` reads some, but the pages and their data."""
    own = [Path(__file__), *sorted(Path(contents.__file__).parent.glob("*.py"))]
    library = sorted(file for file in folder.rglob("*") if file.suffix not in (".pyc", *SERVED))
    files = [root / "requirements.txt", root / PRINTED, root / "intro.md", *own, *library]
    return [file for file in files if file.is_file()]


def state(root, cells, files):
    """Return a digest of code, of files (names from `root` on, contents) and of the Python."""
    total = hashlib.sha256(json.dumps([*sys.version_info[:2], *cells]).encode())
    for file in files:
        content = file.read_bytes()
        total.update(f"{os.path.relpath(file, root)} {len(content)}\n".encode() + content)
    return total.hexdigest()
