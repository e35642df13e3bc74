"""Automatic checks of the exercises, whose answers are stored as salted digests.

In a chapter ``check("ex-label", answer)`` prints one kind line and returns whether the answer is
right; it never raises because of an answer. Authors seal an answer from the command line::

    python -m langevin.exercises seal ex-label 0.7287 --rtol 0.01 --hint "Count the paths."

A number sealed with ``--rtol r`` accepts exactly the answers between value/(1 + r) and
value*(1 + r); with ``--atol a`` those between value - a and value + a. Texts ignore case,
spaces, and brackets and stops around them; truth values accept yes/no, sets ignore order and
repetition.

An expression is sealed with the names of its symbols::

    python -m langevin.exercises seal ex-label "k_B*T/m" --symbols k_B,T,m --hint "Equipartition."

The answer to it is a text in Python's notation or a SymPy expression. It is compared by its
values: the entry has three points, each with one positive value for each symbol. At each point
the value is put in a bin as a number is, with the entry's ``width`` (a tolerance of 0.1%) and
that point's phase in ``phases``. What is hashed is ``expression:`` and the three bins, with
``|`` between them. A text may have numbers, the symbols, ``pi``, ``+ - * / **``, brackets, and
the functions of `FUNCTIONS`. ``^`` is read as ``**`` and a space between two names as ``*``; what
stands before ``=`` is left out. A value that is no finite real number is ``undefined``.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import json
import math
import operator
import random
import re
import secrets
from collections.abc import Callable
from pathlib import Path

SEALED = Path(__file__).with_name("exercises.json")
ROUNDS = 20_000  # about 10 ms a digest: nothing for one answer, something for a list of guesses
TRUTH = {"true": True, "yes": True, "y": True, "false": False, "no": False, "n": False}
NAMED = ("sqrt", "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh")
FUNCTIONS: dict[str, Callable[..., float]] = {name: getattr(math, name) for name in NAMED}
FUNCTIONS |= {"ln": math.log, "abs": abs, "Abs": abs}
OPERATORS: dict[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta",
    "κ": "kappa", "λ": "lam", "μ": "mu", "ρ": "rho", "σ": "sigma", "τ": "tau", "ω": "omega",
}  # fmt: skip
SIGNS = str.maketrans({"^": "**", "−": "-", "·": "*", "×": "*", "²": "**2", "π": "pi"} | GREEK)


def check(label, answer):
    """Say kindly whether `answer` is right.

    Parameters
    ----------
    label : str
        The exercise's label, such as ``"ex-walk-100"``.
    answer : float, str, bool, set, sympy expression or None
        The answer in the units the exercise asks for; None while there is none. Sympy numbers,
        NumPy scalars and arrays of one element count as numbers.

    Returns
    -------
    bool
        True if the answer is accepted.

    Examples
    --------
    >>> check("ex-walk-100", None)
    Exercise ex-walk-100: no answer yet. Put yours in place of None.
    False
    >>> check("ex-walk-10", 0.5)  # doctest: +ELLIPSIS
    Exercise ex-walk-10 is unknown. Did you mean ex-walk-100...?
    False
    """
    entries = _entries()
    if not isinstance(label, str) or label not in entries:
        close = difflib.get_close_matches(str(label), entries)
        advice = (
            f"Did you mean {' or '.join(close)}?" if close else "Look for its label in the text."
        )
        print(f"Exercise {label} is unknown. {advice}")
        return False
    entry = entries[label]
    if answer is None:
        print(f"Exercise {label}: no answer yet. Put yours in place of None.")
        return False
    try:
        right = _digest(entry, answer) == entry["digest"]
    except _OddAnswer as problem:
        print(f"Exercise {label}: {problem}.")
        return False
    except Exception:  # whatever a student's object does
        print(f"Exercise {label}: an answer of type {type(answer).__name__} cannot be read.")
        return False
    print(f"Exercise {label}: {'right!' if right else 'not yet. ' + entry['hint']}")
    return right


def seal(label, value, *, hint, rtol=None, atol=None, symbols=(), path=SEALED):
    """Store the digest of an exercise's answer, replacing an earlier one.

    Parameters
    ----------
    label : str
        Reads ``ex-some-name``.
    value : float, str, bool or set
        The right answer; it is not stored.
    hint : str
        What a wrong answer is told; it must not contain the answer.
    rtol, atol : float, optional
        What a number may be off, relatively or absolutely: exactly one of them for a number.
    symbols : sequence of str, optional
        The names in `value`, where it is the text of an expression.
    path : path, optional
        The file to write.

    Raises
    ------
    ValueError
        If the label, the tolerance, the hint or the expression is not as described.

    Examples
    --------
    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "exercises.json")
    >>> seal("ex-dice", 3.5, rtol=0.01, hint="Average the six faces.", path=path)
    >>> seal("ex-fall", "sqrt(2*h/g)", symbols=["h", "g"], hint="From rest.", path=path)
    """
    if not re.fullmatch(r"ex-[a-z0-9]+(-[a-z0-9]+)*", label):
        raise ValueError(f"a label reads ex-some-name (a-z, 0-9, hyphens), got {label!r}")
    if not hint or not hint.strip():
        raise ValueError(
            "hint must be a sentence that helps without giving the answer, got nothing"
        )
    kind = "expression" if symbols else _kind(value)
    entry = {"kind": kind, "hint": hint, "salt": secrets.token_hex(8)}
    if kind == "number":
        entry |= _bins(float(value), rtol, atol)
    elif (rtol, atol) != (None, None):
        raise ValueError(f"a tolerance goes with a number, got one for the {kind} {value!r}")
    elif kind == "expression":
        entry |= _points(label, value, list(symbols))
    entry["digest"] = _digest(entry, value)
    if _gives_away(entry, hint, value):
        raise ValueError(f"the hint contains the answer: {hint!r}; say how to find it instead")
    path = Path(path)
    entries = (_entries(path) if path.exists() else {}) | {label: entry}
    text = json.dumps(dict(sorted(entries.items())), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


class _OddAnswer(ValueError):
    """An answer of the wrong sort; the message is a sentence for the student."""


def _entries(path=SEALED):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def _kind(value):
    for kind, types in (("truth", bool), ("number", int | float), ("text", str)):
        if isinstance(value, types):
            return kind
    return "set"


def _bins(value, rtol, atol):
    """Return the width of the bins of acceptance and the phase that centres one on `value`."""
    if (rtol is None) == (atol is None):
        raise ValueError("a number needs either rtol or atol")
    tolerance = atol if rtol is None else rtol
    if not 0 < tolerance < math.inf:
        raise ValueError(f"the tolerance must be positive and finite, got {tolerance}")
    if not math.isfinite(value):
        raise ValueError(f"the answer must be finite, got {value}")
    if rtol is not None and value == 0:
        raise ValueError("rtol accepts nothing around 0; give atol")
    width = 2 * (math.log1p(rtol) if rtol else atol)
    position = math.log(abs(value)) if rtol else value
    return {"scale": "log" if rtol else "linear", "width": width, "phase": position % width}


def _digest(entry, answer):
    word = _canonical(entry, answer).encode()
    salt = bytes.fromhex(entry["salt"])
    for _ in range(ROUNDS):
        word = hashlib.sha256(salt + word).digest()
    return word.hex()


def _canonical(entry, answer):
    """Return what all forms of an answer have in common: the text that is hashed."""
    kinds = {"number": _number, "text": _text, "truth": _truth, "set": _set}
    form = (kinds | {"expression": _expression})[entry["kind"]]
    return f"{entry['kind']}:{form(entry, answer)}"


def _number(entry, answer):
    value = _as_float(answer)
    if entry["scale"] == "linear":
        cell = (value - entry["phase"]) / entry["width"]
        return str(round(cell)) if math.isfinite(cell) else "far off"
    if value == 0:
        return "zero"
    cell = round((math.log(abs(value)) - entry["phase"]) / entry["width"])
    return f"{'-' if value < 0 else '+'}{cell}"


def _as_float(answer):
    name = type(answer).__name__
    size = getattr(answer, "size", 1)
    if isinstance(answer, bool) or name == "bool":
        raise _OddAnswer("a number is wanted, got true or false")
    if (isinstance(size, int) and size > 1) or isinstance(answer, list | tuple | set | dict):
        raise _OddAnswer(f"one number is wanted, got a collection ({name})")
    try:
        value = complex(answer.item() if hasattr(answer, "item") else answer)
    except Exception:  # any object may come from a student's cell
        shown = repr(answer) if isinstance(answer, str) else name
        raise _OddAnswer(f"a number is wanted, got {shown:.60}") from None
    if value.imag or not math.isfinite(value.real):
        raise _OddAnswer(f"a finite real number is wanted, got {answer!s:.60}")
    return value.real


def _text(entry, answer):
    if not isinstance(answer, str):
        raise _OddAnswer(f"a text in quotes is wanted, got {type(answer).__name__}")
    return _bare(answer)


def _bare(text):
    """Return a text without what is around it: "(C)" and "c." are the answer c."""
    words = " ".join(text.casefold().split())
    return re.sub(r"""^[(\["'“‘]+|[)\]"'”’.,;:!?]+$""", "", words)


def _truth(entry, answer):
    if isinstance(answer, str):
        answer = TRUTH.get(_bare(answer), answer)
    if str(answer) not in ("True", "False"):
        raise _OddAnswer(f"True or False is wanted, got {answer!s:.60}")
    return str(answer)


def _set(entry, answer):
    if isinstance(answer, str | dict) or not hasattr(answer, "__iter__"):
        raise _OddAnswer(f"a set such as {{1, 2}} is wanted, got {type(answer).__name__}")
    words = set()
    for member in answer:
        word = member if isinstance(member, str) else f"{_as_float(member):.9g}"
        words.add(_text(entry, word))
    return "|".join(sorted(words))


def _expression(entry, answer):
    tree = _tree(entry["symbols"], answer)
    cells = []
    for point, phase in zip(entry["points"], entry["phases"], strict=True):
        value = _value(tree, dict(zip(entry["symbols"], point, strict=True)))
        bins = {"scale": "log", "width": entry["width"], "phase": phase}
        cells.append("undefined" if value is None else _number(bins, value))
    return "|".join(cells)


def _points(label, text, symbols):
    """Return where an expression is compared: three points at which it has a value."""
    tree, draw = _tree(symbols, text), random.Random(label)
    points, phases = [], []
    for trial in range(100):
        ends = (0.3, 0.95) if trial < 50 else (0.5, 2)  # small symbols, if they have a value there
        point = [round(draw.uniform(*ends), 2) for _ in symbols]
        value = _value(tree, dict(zip(symbols, point, strict=True)))
        if value:
            bins = _bins(value, 1e-3, None)
            points.append(point)
            phases.append(bins["phase"])
        if len(points) == 3:
            width = bins["width"]
            return {"symbols": symbols, "points": points, "width": width, "phases": phases}
    raise ValueError(f"{text!r} has no value where its symbols lie between 0.3 and 2")


def _tree(symbols, answer):
    """Return the syntax tree of an expression, which holds nothing but what `_value` knows."""
    if isinstance(answer, bool) or not (
        isinstance(answer, str | int | float) or hasattr(answer, "free_symbols")
    ):
        raise _OddAnswer(f"an expression is wanted, got {type(answer).__name__}")
    shown = str(answer)
    text = re.sub(r"(?<=[\w)])\s+(?=\w)", "*", shown.translate(SIGNS).rpartition("=")[2].strip())
    try:
        if len(text) > 1000:
            raise SyntaxError
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        raise _OddAnswer(
            f"{shown!r:.60} cannot be read: write a product with *, a power with **"
        ) from None
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        known = [*FUNCTIONS] if id(node) in functions else [*symbols, "pi"]
        if isinstance(node, ast.Name) and node.id not in known:
            what = "function" if id(node) in functions else "symbol"
            raise _OddAnswer(f"the {what} {node.id} is unknown; known are {', '.join(known)}")
        if not _is_readable(node):
            raise _OddAnswer(f"{shown!r:.60} is no expression in {', '.join(symbols)}")
    return tree


def _is_readable(node):
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        return type(node.op) in OPERATORS
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords
    return isinstance(node, ast.Name | ast.expr_context | ast.operator | ast.unaryop)


def _value(tree, values):
    """Return the value of an expression, or None where it is no finite real number."""

    def of(node):
        if isinstance(node, ast.Constant):
            return float(ast.literal_eval(node))
        if isinstance(node, ast.Name):
            return values.get(node.id, math.pi)
        if isinstance(node, ast.Call):
            return FUNCTIONS[ast.unparse(node.func)](of(node.args[0]))
        if isinstance(node, ast.UnaryOp):
            return OPERATORS[type(node.op)](of(node.operand))
        return OPERATORS[type(node.op)](of(node.left), of(node.right))

    try:
        value = of(tree)
    except (ArithmeticError, ValueError):
        return None
    return value if math.isfinite(value) else None


def _gives_away(entry, hint, value):
    if entry["kind"] == "expression":
        return value.replace(" ", "") in hint.replace(" ", "")
    if entry["kind"] == "number":
        words = re.findall(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", hint)
        return any(_digest(entry, float(word)) == entry["digest"] for word in words)
    return entry["kind"] == "text" and _text(entry, value) in _text(entry, hint)


def _main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m langevin.exercises")
    command = parser.add_subparsers(required=True).add_parser("seal", help="store an answer")
    command.add_argument("label")
    command.add_argument("value", help="a number, yes/no, a text, or {a, b} for a set")
    command.add_argument("--rtol", type=float)
    command.add_argument("--atol", type=float)
    command.add_argument("--hint", required=True)
    command.add_argument("--symbols", default="", help="the names in an expression, as k_B,T")
    given = parser.parse_args(argv)
    symbols = [name.strip() for name in given.symbols.split(",") if name.strip()]
    value = given.value if symbols else _read(given.value)
    tolerance = {"rtol": given.rtol, "atol": given.atol}
    try:
        seal(given.label, value, hint=given.hint, symbols=symbols, **tolerance)
    except ValueError as problem:
        parser.error(str(problem))
    print(f"Sealed {given.label} in {SEALED.name}")


def _read(word):
    if word.startswith("{") and word.endswith("}"):
        return {part.strip() for part in word[1:-1].split(",")}
    if word.casefold() in TRUTH:
        return TRUTH[word.casefold()]
    try:
        return float(word)
    except ValueError:
        return word


if __name__ == "__main__":
    _main()
