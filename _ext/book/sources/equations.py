"""Displayed equations, their checks, their names, and what is wrong with them: never executed.

`equations` and `checks` read a page's source; `faults` compares them. `names` reads how the
equations are called, and `name_faults` compares that. `book.collected.ledger` compares
with the same functions what it finds in the pages that it writes.
"""

import ast
import json
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

KINDS = {
    "printed": "as printed",
    "symbolic": "symbolically",
    "numeric": "numerically",
    "dimensional": "by its dimensions",
}
MARKS = {
    "printed": "✓✓",
    "symbolic": "✓",
    "numeric": "≈",
    "dimensional": "dim.",
}  # the strongest check first
LABEL = re.compile(r"(eq|def)-[a-z0-9]+(-[a-z0-9]+)*")
SIDES = {"lhs", "rhs", "observed", "expected"}
NAMES = "appendix/equations.toml"
PRINTED = "appendix/printed.toml"
# Straight quotes, dots and semicolons mean something to the search or to the index.
NAME = re.compile(r"[^\s'\".;<>&$\\]+( [^\s'\".;<>&$\\]+){0,7}")
UNSEEN = {"remove-cell", "remove-input", "remove_cell", "remove_input"}
UNRUN = {"skip-execution", "raises-exception", "nbval-skip", "nbval-raises-exception"}
VERBATIM = {"code", "code-block", "code-cell", "sourcecode", "raw", "eval-rst", "literalinclude"}


@dataclass(frozen=True)
class Equation:
    """A displayed equation; `label` is None if it has none."""

    page: str
    where: str
    label: str | None
    latex: str

    @property
    def is_definition(self):
        return str(self.label).startswith("def-")


@dataclass(frozen=True)
class Check:
    """A call of `ledger.<kind>("label", …)`; `fault` says why it does not count, if it does not."""

    page: str
    where: str
    label: str
    kind: str
    fault: str = ""


def kinds_of(checks, readers):
    """Return the kinds of an equation's checks, the strongest first.

    `readers` has of each equation whose printed form is read the kind of the check that does it;
    that check counts as "printed".
    """
    found = {
        "printed" if readers.get(check.label) == check.kind else check.kind for check in checks
    }
    return [kind for kind in MARKS if kind in found]


def listed(root):
    """Return what the book's list says of each equation, by page: how it is read, or why not.

    Of an equation whose printed form is read it is a table, of another a sentence.
    """
    try:
        return tomllib.loads(Path(root, PRINTED).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def printed(root, page):
    """Return the equations of a page that are read as printed: label -> how they are read.

    That is their LaTeX, their first sides, names of their symbols in the check's cell, what the
    sides are there, and which check reads them.

    Raises
    ------
    ValueError
        If the page has no such equation, or no such check.
    """
    entries = {
        label: entry
        for label, entry in listed(root).get(page, {}).items()
        if isinstance(entry, dict)
    }
    if not entries:
        return {}
    path = next(Path(root).glob(f"{page}.*"))
    latex = {
        equation.label: equation.latex
        for place in (Path(root, "intro.md"), path)
        if place.is_file()
        for equation in equations(place)
    }
    calls: dict[str, list[str]] = {}
    for check in checks(path):
        calls.setdefault(check.label, []).append(check.kind)
    found = {}
    for label, entry in entries.items():
        kinds = calls.get(label, [])
        kind = reading_kind(entry, kinds)
        count, call = kinds.count(kind), entry.get("call", 1)
        if label not in latex or not 1 <= call <= count or ("call" not in entry and count > 1):
            raise ValueError(
                f"{PRINTED} lists {label} of {page}, which must have one equation and one check "
                f"there that reads it (say which with kind and call), and has "
                f"{int(label in latex)} and {count}"
            )
        found[label] = {
            "latex": latex[label],
            "left": entry.get("left"),
            "names": entry.get("names", {}),
            "equals": entry.get("equals"),
            "kind": kind,
            "call": call,
        }
    return found


def readers(root, checks):
    """Return the equations whose printed form is read, and the kind of the check that does it.

    `checks` has all checks of each page.
    """
    return {
        label: reading_kind(entry, [check.kind for check in checks[page] if check.label == label])
        for page, entries in listed(root).items()
        for label, entry in entries.items()
        if isinstance(entry, dict) and page in checks
    }


def reading_kind(entry, kinds):
    """Return the kind of the check that reads an equation as printed, among its checks' kinds."""
    return entry.get("kind", next((kind for kind in KINDS if kind in kinds), ""))


def sources(root):
    """Return the pages of the book that is rooted at `root`."""
    patterns = ("intro.md", "parts/*.md", "chapters/*.md", "chapters/*.ipynb", "appendix/*.md")
    return [path for pattern in patterns for path in sorted(Path(root).glob(pattern))]


def equations(path):
    """Return the displayed equations of a notebook or a Markdown page, in order."""
    path = Path(path)
    if path.suffix != ".ipynb":
        return list(_in_markdown(path.name, None, path.read_text(encoding="utf-8")))
    return [
        equation
        for number, cell in cells(path, "markdown")
        for equation in _in_markdown(path.name, f"cell {number}", cell_text(cell))
    ]


def checks(path):
    """Return the check calls in the code cells of a notebook, in order (none in Markdown)."""
    path = Path(path)
    if path.suffix != ".ipynb":
        return []
    found = []
    for number, cell in cells(path, "code"):
        tags = cell.get("metadata", {}).get("tags", [])
        found += checks_in(cell_text(cell), tags, path.name, f"cell {number}")
    return found


def checks_in(source, tags=(), page="", where=""):
    """Return the check calls in the source of one code cell."""
    if "ledger" not in source:
        return []
    magic = source.lstrip().startswith("%%")
    plain = re.sub(r"(?m)^%%.*", "", source) if magic else source
    plain = re.sub(r"(?m)^(\s*)[%!].*$", r"\1pass", plain)
    try:
        tree = ast.parse(plain)
    except SyntaxError:
        if "ledger." not in source:
            return []
        return [
            Check(page, where, "", "", "the cell is not plain Python, so no check in it counts")
        ]
    bad_tags = sorted(set(tags) & (UNSEEN | UNRUN))
    cell_fault = ""
    if magic:
        cell_fault = "it is in a cell with a %% magic: delete the magic"
    elif bad_tags:
        cell_fault = f"its cell is tagged {bad_tags[0]}, so it is not run or not shown: untag it"
    elif _rebinds_ledger(tree):
        cell_fault = "its cell gives the name ledger another meaning: rename that"
    top = {id(statement.value) for statement in tree.body if isinstance(statement, ast.Expr)}
    found = []
    for call in filter(_is_check, ast.walk(tree)):
        label = _literal(call.args[0]) if call.args else None
        fault = cell_fault or _call_fault(call, label, id(call) in top)
        found.append(Check(page, where, label or "", call.func.attr, fault))
    if not found and _rebinds_ledger(tree):
        found.append(Check(page, where, "", "", cell_fault))
    return found


def faults(equations, checks):
    """Return a sentence for every equation without a check, every check without one, and so on."""
    good = {check.label for check in checks if not check.fault}
    labels = Counter(equation.label for equation in equations if equation.label)
    said = []
    for equation in equations:
        problem = _equation_fault(equation, labels, good)
        if problem:
            said.append(f"{equation.page}, {equation.where}: {problem}")
    for check in checks:
        here = f"{check.page}, {check.where}: the check of {check.label or '?'}"
        if check.fault:
            said.append(f"{here}: {check.fault}")
        elif check.label.startswith("def-"):
            said.append(f"{here}: a definition needs no check, delete it")
        elif check.label not in labels:
            said.append(f"{here}: no displayed equation has this label; correct or delete it")
    return said


def names(root):
    """Return what the equations of the book at `root` are called: page -> {label: name}."""
    path = Path(root) / NAMES
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def name_faults(equations, named):
    """Return a sentence for every equation without a name, every name without one, and so on."""
    labels = {e.label for e in equations if e.label and LABEL.fullmatch(e.label)}
    given = [(label, name) for page in named.values() for label, name in page.items()]
    label_counts = Counter(label for label, _ in given)
    name_counts = Counter(name.lower() for _, name in given)
    missing = sorted(labels - set(label_counts))
    said = [f'{label} has no name: add {label} = "…" to {NAMES}' for label in missing]
    for label, name in given:
        if label not in labels:
            said.append(f"{NAMES} names {label}, which no displayed equation is: delete the line")
        if label_counts[label] > 1:
            said.append(f"{NAMES} names {label} twice: delete one of the lines")
        if name_counts[name.lower()] > 1:
            said.append(f"“{name}” is not the name of {label} alone: say what makes it different")
        if not NAME.fullmatch(name):
            said.append(
                f"the name of {label}, “{name}”, must be one to eight words, without formulas, "
                "dots, semicolons, or straight quotes (’ is the apostrophe)"
            )
    return said


def _equation_fault(equation, labels, good):
    label = equation.label
    if label is None:
        start = " ".join(equation.latex.split())[:40]
        advice = "end it with $$ (eq-name), or $$ (def-name) for a definition"
        if equation.latex.lstrip().startswith(r"\begin"):
            advice += r"; only $$ … $$ takes one, so write \begin{aligned} … inside it"
        return f"the displayed equation '{start}' has no label: {advice}"
    if not LABEL.fullmatch(label):
        return f"the label {label} must read eq-name or def-name (a-z, 0-9, hyphens)"
    if labels[label] > 1:
        return f"the label {label} is given to {labels[label]} equations: rename all but one"
    if not equation.is_definition and label not in good:
        return f"{label} has no check: add a cell with ledger.symbolic, numeric or dimensional"
    return ""


def cells(path, kind):
    """Yield the number (counted from 1, all kinds) and the content of the cells of one kind."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] == kind:
            yield number, cell


def cell_text(cell):
    """Return the source of a cell as one text."""
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


@cache
def _markdown():
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    extensions = {"dollarmath", "amsmath", "colon_fence", "deflist"}
    config = MdParserConfig(enable_extensions=extensions, dmath_double_inline=True)
    return create_md_parser(config, RendererHTML)


@cache
def _in_markdown(page, where, text, first_line=1):
    found: list[Equation] = []
    for token in _markdown().parse(text):
        line = first_line + (token.map[0] if token.map else 0)
        here = where or f"line {line}"
        if token.type in ("math_block", "math_block_label", "amsmath"):
            label = token.info or None if token.type == "math_block_label" else None
            found.append(Equation(page, here, label, token.content))
        elif token.type in ("fence", "colon_fence"):
            found += _in_directive(page, where, token, line)
        elif token.type == "inline":
            doubles = (t for t in token.children if t.type == "math_inline_double")
            found += [Equation(page, here, None, t.content) for t in doubles]
    return tuple(found)


def _in_directive(page, where, token, line):
    name = re.match(r"\{([\w:-]+)\}(.*)", token.info.strip())
    if not name or name[1] in VERBATIM:
        return []
    options, body = _split_options(token.content)
    if name[1] == "math":
        label = re.search(r"(?m)^:?label:\s*(\S+)", options)
        latex = f"{name[2]}\n{body}".strip()
        return [Equation(page, where or f"line {line}", label and label[1], latex)]
    return _in_markdown(page, where, body, line + 1 + options.count("\n"))


def _split_options(content):
    """Split a directive's options (`:key: value` lines, or YAML between ---) from its body."""
    options = re.match(r"---\n(?:.*\n)*?---\n|(?:[ \t]*:[\w-]+:.*(?:\n|$))*", content)
    end = options.end() if options else 0
    return content[:end], content[end:]


def _is_check(node) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "ledger"
        and node.func.attr in KINDS
    )


def _literal(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _call_fault(call, label, at_top):
    if label is None:
        return 'its label is not written out: say ledger.symbolic("eq-name", …)'
    if not at_top:
        return "it is inside another statement: put it on a line of its own, not indented"
    sides = call.args[1:3] + [k.value for k in call.keywords if k.arg in SIDES]
    if len(sides) == 2 and ast.dump(sides[0]) == ast.dump(sides[1]):
        return "both sides are the same words: derive one of them another way"
    if sides and all(_is_constant(side) for side in sides):
        return "it compares constants: compute at least one side"
    return ""


def _is_constant(node):
    parts = ast.Constant | ast.UnaryOp | ast.USub | ast.UAdd
    return all(isinstance(part, parts) for part in ast.walk(node))


def _rebinds_ledger(tree):
    """Tell if a cell makes `ledger` anything but langevin's, or changes one of its functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "langevin":
            bound = [a.asname for a in node.names if a.name != "ledger"]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound = [a.asname or a.name for a in node.names]
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            owner = node.value if isinstance(node, ast.Attribute) else node
            bound = [getattr(owner, "id", "")]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound = [node.name]
        else:
            continue
        if "ledger" in bound:
            return True
    return False
