"""Small changes of the cell of a check and of a printed formula, for ``make ledger-mutants``."""

import ast
import re
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from book.sources.equations import KINDS, SIDES

SCALED, SWAPPED = "_scaled", "_swapped"  # functions that the changed code calls
FACTORS = (2, 1.2)
SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
# What their arguments say is no part of an equation: sizes, seeds, grids, names, what is shown.
SETTINGS = (
    "range arange linspace geomspace logspace zeros ones full empty eye tile reshape round len "
    "default_rng standard_normal uniform normal integers choice symbols Symbol Function print keep"
)
OPTIONS = {"error", "rtol", "atol", "sigmas", "size", "shape", "axis", "every", "key"}


class Mutant(NamedTuple):
    """A changed statement of a cell: its place, what was changed, its code, and who depends."""

    kind: str
    at: int
    name: str
    what: str
    code: str
    labels: tuple
    check: str


def statements(source):
    """Return the statements of a cell, none if it is not plain Python."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def check_of(statement) -> Any:
    """Return the call of the ledger that a statement is, or nothing."""
    call: Any = statement.value if isinstance(statement, ast.Expr) else None
    function: Any = call.func if isinstance(call, ast.Call) else None
    ledger = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    return call if ledger and function.value.id == "ledger" and function.attr in KINDS else None


def sides_of(call):
    """Return the expressions that a check compares, each with its list and its place there."""
    found = [(call.args, i) for i in range(1, min(3, len(call.args)))]
    return found + [(k, "value") for k in call.keywords if k.arg in SIDES]


def mutants(source):
    """Return the mutants of a cell: of what its checks are given, and of what leads there."""
    body, found = statements(source), []
    needed: dict[str, set] = {}  # a name -> the checks, below, that depend on it
    for at in range(len(body) - 1, -1, -1):
        statement = body[at]
        if call := check_of(statement):
            user = (call.args[0].value, call.func.attr)
            for owner, place in sides_of(call):
                for name in names(item(owner, place), ast.Load):
                    needed.setdefault(name, set()).add(user)
            found += [
                Mutant("argument", at, "", what, code, user[:1], user[1])
                for what, code in changed_call(call, statement)
            ]
            continue
        users = set().union(*(needed.get(name, ()) for name in written(statement)))
        if not users:
            continue
        kinds = {kind for _, kind in users}
        check = next(kind for kind in ("symbolic", "numeric", "dimensional") if kind in kinds)
        labels = tuple(sorted(label for label, kind in users if kind == check))
        found += [
            Mutant("derivation", at, first_name(statement), what, code, labels, check)
            for what, code in changed(statement, statement, check == "dimensional")
        ]
        for name in names(statement, ast.Load):
            needed.setdefault(name, set()).update(users)
    return found[::-1]


def first_name(statement):
    """Return the first of the names that a statement gives a value."""
    if isinstance(statement, ast.FunctionDef):
        return statement.name
    found = [part for part in ast.walk(statement) if isinstance(part, ast.Name)]
    stored = [part for part in found if isinstance(part.ctx, ast.Store)] or found
    return min(stored, key=lambda part: (part.lineno, part.col_offset)).id


def names(node, context):
    """Return the names in some code that are read (ast.Load) or given a value (ast.Store)."""
    found = (part for part in ast.walk(node) if isinstance(part, ast.Name))
    return {name.id for name in found if isinstance(name.ctx, context)}


def written(statement):
    """Return the names that a statement gives a value, or whose value its methods may change."""
    if isinstance(statement, ast.FunctionDef):
        return {statement.name}
    found = names(statement, ast.Store)
    node: Any
    for node in ast.walk(statement):
        method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        owner = node.func.value if method else node
        if not method and not (
            isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store)
        ):
            continue
        while isinstance(owner, ast.Subscript | ast.Attribute):
            owner = owner.value
        alone = isinstance(statement, ast.Expr | ast.For | ast.While | ast.If)
        if isinstance(owner, ast.Name) and (alone or not method):
            found.add(owner.id)
    return found


def changed_call(call, statement):
    """Yield what is changed and the code, for each change of the sides of a check."""
    kind = call.func.attr
    for owner, place in sides_of(call):
        yield from changed(item(owner, place), statement, kind == "dimensional", (owner, place))
        if kind == "dimensional":
            continue
        node, helpers = item(owner, place), [(SCALED, factor) for factor in (*FACTORS, -1)]
        helpers += [(SWAPPED, pair) for pair in range(3) if kind == "symbolic"]
        if kind == "symbolic" and len(sides_of(call)) == 1:  # a residual: 2 × 0 is 0
            helpers = []
        for name, how in helpers:
            new = ast.Call(ast.Name(name, ast.Load()), [node, ast.Constant(how)], [])
            said = f"{ast.unparse(node)} × {how}"
            if name == SWAPPED:
                said = f"{ast.unparse(node)} with pair {how + 1} of its symbols swapped"
            yield said, with_change(statement, owner, place, new)


def changed(node, statement, dimensions=False, own=None):
    """Yield what is changed and the code of the statement, for each change inside a node."""
    places = [own] if own else []
    for owner, place in places + list(inside(node)):
        old = item(owner, place)
        for new in variants(old, dimensions):
            said = f"{ast.unparse(old)} → {ast.unparse(new)}"
            yield said, with_change(statement, owner, place, new)
    for part in ast.walk(node):
        if isinstance(part, ast.AugAssign) and type(part.op) in SIGNS:
            if dimensions and isinstance(part.op, ast.Add | ast.Sub):
                continue
            old, before = part.op, ast.unparse(part)
            part.op = SIGNS[type(old)]()
            said, code = f"{before} → {ast.unparse(part)}", ast.unparse(statement)
            part.op = old
            yield said, code


def inside(node):
    """Yield the places of all expressions in a node that say something of an equation."""
    if isinstance(node, ast.Call) and last_name(node.func) in SETTINGS.split():
        return
    for field, value in ast.iter_fields(node):
        if isinstance(node, ast.Subscript) and field == "slice":
            continue
        if isinstance(node, ast.FunctionDef) and field != "body":
            continue
        entries = enumerate(value) if isinstance(value, list) else [(field, value)]
        for place, child in entries:
            if isinstance(child, ast.keyword) and child.arg in OPTIONS:
                continue
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                yield (value if isinstance(value, list) else node), place
                yield from inside(child)


def last_name(function):
    """Return the last part of a dotted name."""
    return getattr(function, "attr", getattr(function, "id", ""))


def variants(node: Any, dimensions=False):
    """Yield what may stand in place of an expression."""
    if isinstance(node, ast.BinOp):
        left: Any = node.left
        right: Any = node.right
        op = node.op
        if isinstance(op, ast.Pow):
            if number(right):
                yield ast.BinOp(left, op, ast.Constant(right.value + 1))
            else:
                yield left
        if isinstance(op, ast.Add | ast.Sub) and dimensions:
            return
        if type(op) in SIGNS:
            yield ast.BinOp(left, SIGNS[type(op)](), right)
        if isinstance(op, ast.Add | ast.Sub):
            yield left
            yield right if isinstance(op, ast.Add) else ast.UnaryOp(ast.USub(), right)
        if dimensions:
            return
        for factor in FACTORS:
            if number(left):
                yield ast.BinOp(ast.Constant(round(left.value * factor, 12)), op, right)
            if number(right) and not isinstance(op, ast.Pow):
                yield ast.BinOp(left, op, ast.Constant(round(right.value * factor, 12)))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not dimensions:
        yield node.operand
    elif isinstance(node, ast.Call) and last_name(node.func) == "Rational" and not dimensions:
        yield ast.BinOp(ast.Constant(2), ast.Mult(), node)


def number(node):
    """Tell whether a node is a number, and not 0."""
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value != 0


def item(owner, place):
    return owner[place] if isinstance(owner, list) else getattr(owner, place)


def put(owner, place, value):
    if isinstance(owner, list):
        owner[place] = value
    else:
        setattr(owner, place, value)


def with_change(statement, owner, place, new):
    """Return the code of a statement in which something else stands in one place."""
    old = item(owner, place)
    put(owner, place, new)
    code = ast.unparse(statement)
    put(owner, place, old)
    return code


# A printed formula

NUMBER = re.compile(r"(?<![\d._^])(?<!\^\{)(?<!_\{)(?<!\^\{-)\d+(?![\d.])")
RELATION = re.compile(r"(?<![\\<>])(?:=|\\(?:simeq|approx|le|ge)(?![A-Za-z]))(?!\s*0\b)")
GREEK = "alpha beta gamma delta eta theta kappa lambda mu xi sigma tau omega rho phi psi"
SYMBOLS = {rf"\{name}" for name in GREEK.split()} | {*"abcfghijklmnopqrstuvwxyz"}
SYMBOLS |= {*"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
WORD = re.compile(r"\\[A-Za-z]+|_\{[^}]*\}|_\w|[A-Za-z]")  # a command, an index or a letter
PART = r"[^-+=\\{}()\[\]]"  # of a term
TERM = re.compile(rf"{PART}*(?:(?:\\(?!q?quad|\\)[A-Za-z,]+|\{{[^{{}}]*\}}){PART}*)*")
SIGN = re.compile(r"(?<![=({\[&^_])(?<=[\w})\]\s])\s*([-+])")


def formulas(latex):
    """Yield what is changed and the LaTeX, for each change of a printed formula after its left."""
    start = RELATION.search(latex)
    if not start:
        return

    def spoiled(match, new):
        return latex[: match.start()] + new + latex[match.end() :]

    for match in RELATION.finditer(latex):
        for factor in FACTORS:
            yield f"{match[0]} → {match[0]} {factor} ×", spoiled(match, rf"{match[0]} {factor}\, ")
        yield f"{match[0]} → {match[0]} −", spoiled(match, f"{match[0]} -")
    for match in SIGN.finditer(latex, start.end()):
        sign = {"+": "-", "-": "+"}[match[1]]
        place = f"{match[1]} at {match.start(1)}"
        yield f"{place} → {sign}", spoiled(match, f" {sign}")
        term = TERM.match(latex, match.end())
        end = term.end() if term else match.end()
        if latex[match.end() : end].strip():
            yield f"{place} and its term dropped", latex[: match.start()] + latex[end:]
    for match in re.finditer(r"\^(?:\{(-?)(\d+)\}|(\d))", latex[start.end() :]):
        power = int(match[2] or match[3]) + 1
        begin, end = (start.end() + place for place in match.span())
        new = f"^{{{match[1] or ''}{power}}}"
        yield f"{match[0]} at {begin} → {new}", latex[:begin] + new + latex[end:]
    for match in NUMBER.finditer(latex, start.end()):
        for factor in FACTORS if float(match[0]) else ():
            new = f"{{{round(int(match[0]) * factor, 3):g}}}"
            yield f"{match[0]} at {match.start()} → {new}", spoiled(match, new)
    rest = latex[start.end() :]
    symbols = list(dict.fromkeys(word for word in WORD.findall(rest) if word in SYMBOLS))
    for one, other in list(pairwise(symbols))[:3]:
        swap = {one: f" {other} ", other: f" {one} "}
        after = WORD.sub(partial(exchanged, swap), rest)
        yield f"{one} ↔ {other}", latex[: start.end()] + after


def exchanged(swap, match):
    return swap.get(match[0], match[0])
