"""Read a displayed formula as SymPy reads it, and compare it with what a check asserts.

The grammar is that of the book: fractions, roots, powers, elementary functions, factors that
stand side by side, Δ before a letter, and sums, products and integrals with both bounds. In
``a/bc`` the divisor ends at the next space. What else a formula holds, such as an average or a
derivative, the list of printed equations names as a whole.
"""

from __future__ import annotations

import random
import re

import numpy as np
import sympy as sp

from ._symbolics import entries

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S")
SPACES = {r"\,", r"\;", r"\:", r"\!", r"\ ", r"\quad", "~"}
RELATION = r"=|<|>|\\(?:leftarrow|le|ge|to|approx|simeq|propto)(?![A-Za-z])"
LAYOUT = re.compile(r"\\(?:left|right|[bB]ig+[lr]?|displaystyle)(?![A-Za-z])|&|\{\}")
GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi rho sigma tau "
    "upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Upsilon Phi Psi Omega ell"
)
LETTERS = {f"\\{name}" for name in GREEK.split()}
FUNCTIONS = {rf"\{name}": getattr(sp, name) for name in ("sin", "cos", "tan", "sinh", "cosh")}
FUNCTIONS |= {r"\tanh": sp.tanh, r"\exp": sp.exp, r"\ln": sp.log, r"\log": sp.log}
NUMBERS = {r"\pi": sp.pi, r"\infty": sp.oo}
UNDONE = sp.Integral, sp.Sum, sp.Product
SERIES = {r"\sum": sp.Sum, r"\prod": sp.Product}
EXTREMES = {r"\min": sp.Min, r"\max": sp.Max}
WORDS = {r"\frac", r"\binom", r"\sqrt", r"\langle", r"\bar", r"\operatorname", r"\int"}
WORDS |= {r"\underbrace", *NUMBERS, *SERIES, *EXTREMES}
WHOLE = r"\\(?:langle|mathbf)"  # names with these are names of all that they hold
CLOSING = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", "|": "|"}
RENAMED = {"lam": "lambda", "varepsilon": "epsilon", "varphi": "phi"}
RENAMED |= {"dt": "Deltat", "Dt": "Deltat"}
THERMAL = {sp.Symbol("kT"): sp.Symbol("kB") * sp.Symbol("T")}


class Unreadable(ValueError):
    """A formula that this grammar does not know; the message says why."""


def compare(label, printed, asserted, cell, numeric=False):
    """Compare a printed equation with the sides that its check asserts.

    Parameters
    ----------
    label : str
        The equation's label.
    printed : dict
        Its ``latex``; ``left``, the first sides of its equations in LaTeX, None where these are
        read too; ``names``, what its symbols and its other parts are in the check's cell; and
        ``equals``, what the sides are there, None where they are sides of the check.
    asserted : list of sympy expression, or list of array
        The sides that the check has found equal.
    cell : dict
        The names of the check's cell and their values.
    numeric : bool, default: False
        Whether the sides are numbers; else they are expressions.

    Raises
    ------
    AssertionError
        If a side of the printed equation is none of them or cannot be computed, or a first side
        is not what the list of printed equations says; the message shows it.
    Unreadable
        If the printed equation cannot be read, or a symbol of it has no value in the cell.
    """
    known = Known(printed["names"], cell)
    numeric = numeric and not any(isinstance(v, sp.Basic) for v in known.values.values())
    try:
        first, sides = readable(printed["latex"], known, printed["left"] is None)
    except Unreadable as problem:
        raise Unreadable(
            f"({label}) cannot be read as it is printed: {problem}. Print it with what the grammar "
            "knows (langevin/_printed.py), name that part in appendix/printed.toml, or give a "
            "reason there."
        ) from None
    if printed["left"] is not None and first != printed["left"]:
        raise AssertionError(
            f"({label}) is printed with {first} on the left, but listed with {printed['left']}: "
            "print what the check computes, or correct appendix/printed.toml"
        )
    wanted = [asserted] * len(sides)
    if printed["equals"]:
        wanted = [[known.value(code)] for code in printed["equals"]]
    if len(wanted) != len(sides):
        raise AssertionError(
            f"({label}) is printed with {len(sides)} sides, but appendix/printed.toml lists what "
            f"{len(wanted)} are: {printed['equals']}"
        )
    targets = [
        first if signs == [r"\leftarrow"] and ":" not in first else ""
        for first, signs, others in lines(printed["latex"])
        for _ in others
    ]
    targets = targets if printed["left"] is not None else [""] * len(sides)
    as_printed = " ".join(printed["latex"].split())
    for side, others, target in zip(sides, wanted, targets, strict=True):
        try:
            found = known.insert(side, numeric)
        except Unreadable as problem:
            raise Unreadable(f"({label}) {problem}") from None
        except (ArithmeticError, AttributeError, TypeError, ValueError) as problem:
            raise AssertionError(
                f"({label}) is printed as {as_printed}\nbut with what its check's cell has, {side} "
                f"cannot be computed: {problem}. Print what is asserted, or name its parts in "
                "appendix/printed.toml."
            ) from None
        if not any((close if numeric else alike)(found, other) for other in others):
            raise AssertionError(
                f"({label}) is printed as {as_printed}\nbut its check asserts nothing that equals "
                f"{side}. Print what is asserted, or assert what is printed."
            )
        if target:  # the next lines have the new value
            known.values[expression(target, known).name] = found


class Known:
    r"""What the symbols of a formula are in a cell.

    Parameters
    ----------
    names : dict
        From a symbol or another part of the formula, in LaTeX, to an expression in Python.
    cell : dict
        The names of the cell and their values.

    Examples
    --------
    >>> known = Known({r"\dot x": "v / 2"}, {"v": 6.0, "m": 5.0})
    >>> known.insert(expression(r"m\,\dot x", known), numeric=True)
    15.0
    """

    def __init__(self, names, cell):
        self.cell = {"np": np, "sp": sp} | cell
        self.parts: dict[str, tuple[str, str]] = {}
        self.values = {}
        for latex, code in names.items():
            try:
                name = "" if re.search(WHOLE, latex) else expression(latex).name
            except (Unreadable, AttributeError):  # more than a symbol
                name = ""
            if not name:
                name = f"part{len(self.parts)}"
                self.parts[chr(0xE000 + len(self.parts))] = name, latex
            self.values[name] = self.value(code)
        self.functions = {name for name, value in self.values.items() if callable(value)}
        self.matrices = {
            n for n, v in self.values.items() if isinstance(v, np.matrix | sp.MatrixBase)
        }

    def value(self, code):
        """Return the value of an expression in the cell."""
        return eval(code, self.cell)

    def whole(self, latex):
        """Return a formula with one letter in the place of each part that is named as a whole."""
        for letter, (_, part) in sorted(self.parts.items(), key=lambda item: -len(item[1][1])):
            tokens = TOKEN.findall(LAYOUT.sub(" ", part))
            pattern = r"(?:\\[,;:! ]|\s)*".join(map(re.escape, tokens))
            after = r"(?![A-Za-z])" if re.fullmatch(r"\\[A-Za-z]+", tokens[-1]) else ""
            latex = re.sub(pattern + after, letter, latex)
        return latex

    def insert(self, side, numeric):
        """Return a side of a formula with the values of its symbols."""
        values = {name: value for name, value in self.values.items() if not callable(value)}
        functions = {name: self.values[name] for name in self.functions}
        if not numeric and not self.matrices:
            for name, function in functions.items():
                side = side.replace(sp.Function(name), function)
            return side.xreplace({sp.Symbol(n): sp.sympify(v) for n, v in values.items()})
        symbols = sorted(side.free_symbols, key=str)
        if numeric:  # NumPy has no product of terms with an index
            side = side.replace(sp.Product, lambda f, terms: sp.exp(sp.Sum(sp.log(f), terms)))
            missing = {symbol.name for symbol in symbols} - set(values)
            values |= {name: self.number(name) for name in missing}
        letters = {
            s: sp.Symbol(f"s{i}", commutative=s.is_commutative) for i, s in enumerate(symbols)
        }
        modules = [functions, "scipy", "numpy"] if numeric else [functions, "sympy"]
        compute = sp.lambdify(letters.values(), side.xreplace(letters), modules)
        return compute(*(values.get(symbol.name, symbol) for symbol in symbols))

    def number(self, name):
        """Return the number that a symbol is in the cell, where the list does not say it."""
        wanted = plain(name)
        for other, value in self.cell.items():
            if plain(other) == wanted and isinstance(value, int | float | np.number | np.ndarray):
                return value
        if wanted == "kB":
            return 1.0
        raise Unreadable(
            f"is printed with {name}, which has no number in the check's cell: say in names of "
            "appendix/printed.toml what it is"
        )


def alike(found, other):
    """Tell whether all entries of two expressions or matrices are equal.

    Examples
    --------
    >>> alike(sp.Symbol("dt") / 2, sp.Symbol("dt") * sp.Rational(1, 2))
    True
    """
    pairs = entries(found), entries(other)
    if len(pairs[0]) != len(pairs[1]):
        return False
    return all(
        equal(renamed(a), renamed(b)) or (a.has(*UNDONE) and equal(renamed(a.doit()), renamed(b)))
        for a, b in zip(*pairs, strict=True)
    )


def close(found, other):
    """Tell whether numbers agree but for rounding; one number may stand for many.

    Examples
    --------
    >>> close(0.1 + 0.2, 0.3), close(np.ones((2, 1)), [1, 1]), close(1, 1 + 1e-6)
    (True, True, False)
    """
    a, b = (np.squeeze(np.asarray(value, dtype=float)) for value in (found, other))
    if a.shape not in ((), b.shape):
        return False
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-12 * np.max(np.abs(b), initial=0)))


def readable(latex, known=None, whole=False):
    r"""Return what a display says on the left, as LaTeX, and the sides that follow.

    The left of an equation or an inequality is its first side, with its relations where one of
    them is no equals sign; a condition in brackets counts as a left of its own. Where the `whole`
    is wanted, the first sides are read like the others.

    Examples
    --------
    >>> readable(r"\langle x^2\rangle = \tfrac12\eta s^2, \qquad D = T/\lambda .")
    (['\\langle x^2\\rangle', 'D'], [eta*s**2/2, T/lambda])
    >>> readable(r"\Delta t < \frac2\omega \qquad (\lambda=0)")
    (['\\Delta t <', '(\\lambda=0)'], [2/omega])
    """
    left, found = [], []
    for first, signs, sides in lines(latex):
        read = [first, *sides] if whole and sides else sides
        found += [expression(side, known) for side in read]
        if not sides and first and not re.fullmatch(r"\(.*\)|\\text\{[\w\s,]*\}", first):
            raise Unreadable(f"“{first}” is no equation")
        if first:
            words = [first, *signs] if set(signs) - {"="} else [first]
            left.append(" ".join(LAYOUT.sub(" ", " ".join(words)).split()))
    if not any(found):
        raise Unreadable("no side but 0 follows")
    return left, found


def lines(latex):
    r"""Return of each equation of a display its first side, its relation signs and what follows.

    Examples
    --------
    >>> lines(r"p \leftarrow c\,p, \qquad x = p = 2 .")
    [('p', ['\\leftarrow'], ['c\\,p']), ('x', ['=', '='], ['p', '2'])]
    """
    latex = re.sub(r"\\(?:begin|end)\{(?:aligned|gathered)\}|\+\s*\\dots", " ", latex)
    latex = re.sub(r"\\\\(?:\[\d+pt\])?", r"\\\\ ", latex)
    latex = re.sub(r"\\\\(\s*&?[-+])", r"\1", latex)  # a line that goes on
    found = []
    for part in split(latex, r"\\\\|\\qquad|\\quad\\Longrightarrow\\quad|,\s*&"):
        sides = [re.sub(r"(\\[,;!]|[\s.,;])+$", "", side).strip() for side in split(part, RELATION)]
        signs = re.findall(RELATION, part) if len(sides) > 1 else []
        found.append((sides[0], signs, sides[1:]))
    return found


def split(text, separator):
    """Split a text at a separator that stands outside of all braces and brackets.

    Examples
    --------
    >>> split("a(b=c)=d", "=")
    ['a(b=c)', 'd']
    """
    parts, depth, start = [], 0, 0
    for match in re.finditer(rf"{separator}|[{{}}()\[\]]", text):
        if match[0] in ("{", "(", "["):
            depth += 1
        elif match[0] in ("}", ")", "]"):
            depth -= 1
        elif not depth:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def expression(latex, known=None):
    r"""Return a formula without a relation sign as a SymPy expression.

    Raises
    ------
    Unreadable
        If it holds what the grammar does not know.

    Examples
    --------
    >>> expression(r"\frac1{\sqrt{4\pi Dt}}\,e^{-x^2/4Dt}")
    exp(-x**2/(4*D*t))/(2*sqrt(pi)*sqrt(D*t))
    >>> expression(r"\oint U")
    Traceback (most recent call last):
        ...
    langevin._printed.Unreadable: it holds \oint
    """
    latex = LAYOUT.sub(" ", latex)
    latex = re.sub(r"\\[td]frac", r"\\frac", known.whole(latex) if known else latex)
    reader = Reader(TOKEN.findall(latex), known)
    result = reader.sum()
    if reader.here:
        raise Unreadable(f"it holds {reader.here}")
    return result


def renamed(expr):
    """Return an expression whose symbols have the names of the cells, without underscores.

    Examples
    --------
    >>> renamed(sp.Symbol("k_B") * sp.Symbol("lam"))
    kB*lambda
    """
    for sort in (sp.Derivative, *UNDONE, sp.core.function.AppliedUndef):
        expr = expr.xreplace({part: sp.Symbol(str(part)) for part in expr.atoms(sort)})
    expr = expr.xreplace({symbol: sp.Symbol(plain(symbol.name)) for symbol in expr.free_symbols})
    return expr.xreplace(THERMAL)


def plain(name):
    """Return a name as the cells and the print have it in common.

    Examples
    --------
    >>> plain("k_B"), plain("lam"), plain("dt"), plain("Delta t")
    ('kB', 'lambda', 'Deltat', 'Deltat')
    """
    name = re.sub(r"[_{}^ ]", "", name)
    return RENAMED.get(name, name)


def equal(a, b):
    """Tell whether two expressions have the same symbols and the same values at random places.

    Where one of them has no Boltzmann constant, that is 1.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> equal(sp.sin(2 * x), 2 * sp.sin(x) * sp.cos(x)), equal(x, 2 * x)
    (True, False)
    """
    boltzmann = sp.Symbol("kB")
    if (boltzmann in a.free_symbols) != (boltzmann in b.free_symbols):
        a, b = a.subs(boltzmann, 1), b.subs(boltzmann, 1)
    if a.free_symbols != b.free_symbols:
        return False
    rng = random.Random(1)
    for _ in range(4):
        place = {
            s: sp.Rational(rng.randint(200, 900), 411) for s in sorted(a.free_symbols, key=str)
        }
        try:
            x, y = (complex(side.xreplace(place).evalf(25)) for side in (a, b))
        except TypeError:  # it has no value
            return False
        if not abs(x - y) <= 1e-12 * (abs(x) + abs(y)):
            return False
    return True


class Reader:
    """Tokens, read from left to right: sums of products of runs of powers of atoms."""

    def __init__(self, tokens, known=None):
        self.tokens = tokens[::-1]
        self.inside = False  # of two bars
        self.parts = known.parts if known else {}
        self.functions = known.functions if known else ()
        self.matrices = known.matrices if known else ()

    @property
    def here(self):
        return self.tokens[-1] if self.tokens else ""

    def take(self, wanted=None):
        if not self.tokens or wanted not in (None, self.here):
            raise Unreadable(f"it lacks {wanted or 'an end'}")
        return self.tokens.pop()

    def takes(self, *choice):
        return self.take() if self.here in choice else ""

    def spaces(self):
        while self.takes(*SPACES):
            pass

    def sum(self):
        self.spaces()
        total, sign = sp.S.Zero, self.takes("+", "-") or "+"
        while sign:
            term = self.product()
            total += term if sign == "+" else -term
            sign = self.takes("+", "-")
        return total

    def product(self):
        self.spaces()
        result = self.run()
        while True:
            self.spaces()
            if self.takes("/"):
                self.spaces()
                result /= self.run()
            elif self.takes(r"\cdot", r"\times") or self.goes_on():
                self.spaces()
                result *= self.run()
            else:
                return result

    def run(self):
        """Return the product of the factors that stand side by side without a space."""
        result = self.power()
        while self.goes_on():
            result *= self.power()
        return result

    def goes_on(self):
        token = self.here
        if token == "d" and self.ahead(2)[1:].isalpha():
            return False
        letter = token in LETTERS or token in FUNCTIONS or re.fullmatch(r"[A-Za-z]|\d.*", token)
        atom = token in WORDS or token in self.parts
        bar = token == "|" and not self.inside
        return bool(letter or atom or bar or token in ("(", "[", "{", r"\{", r"\nabla"))

    def power(self):
        base = self.atom()
        if not self.takes("^"):
            return base
        if self.takes("*"):
            return sp.Symbol(f"{base}star")
        return sp.exp(self.group()) if base == sp.E else base ** self.group()

    def group(self):
        """Return what stands in braces, or the one digit or letter that needs none."""
        if self.here[:1].isdigit():
            digits = self.take()
            self.tokens += [digits[1:]] if digits[1:] else []
            return sp.Integer(digits[0])
        return self.atom()

    def atom(self):
        token = self.take()
        if token[0].isdigit():
            return sp.Rational(token)
        if token == "|":
            self.inside = True
        if token in CLOSING:
            inside = self.sum()
            self.spaces()
            self.take(CLOSING[token])
            self.inside = self.inside and token != "|"
            return sp.Abs(inside) if token == "|" else inside
        if token == r"\frac":
            return self.group() / self.group()
        if token == r"\binom":
            return sp.binomial(self.group(), self.group())
        if token == r"\sqrt":
            return sp.sqrt(self.group())
        if token in SERIES:
            index, lowest, highest = self.bounds(token)
            return SERIES[token](self.product(), (index, lowest, highest))
        if token == r"\int":
            return self.integral()
        if token == r"\underbrace":  # what stands below it explains it
            inside = self.group()
            self.take("_")
            self.index()
            return inside
        if token in EXTREMES:
            return EXTREMES[token](*self.arguments())
        if token in self.parts:
            return self.symbol(self.parts[token][0])
        if token in FUNCTIONS:
            return self.function(FUNCTIONS[token])
        if token in NUMBERS:
            return NUMBERS[token]
        if token == "e" and self.here == "^":
            return sp.E
        if token == r"\Delta":
            return self.named(f"Delta {self.take()}")
        if token in (r"\langle", r"\bar"):
            return self.named(self.raw(r"\rangle") if token == r"\langle" else f"bar {self.take()}")
        if token == r"\operatorname":
            name = self.index()
            if name in ("erf", "erfc"):
                return self.function(getattr(sp, name))
            self.spaces()
            return self.named(f"{name} {self.take()}")
        if token == r"\nabla":
            self.spaces()
            if self.here not in LETTERS and not self.here.isalpha():
                raise Unreadable(rf"it holds \nabla before {self.here}")
            return self.named(f"nabla {self.take()}")
        if token in LETTERS or (token.isalpha() and token.isascii()):
            if token == "d" and self.here[:1].isalpha():
                raise Unreadable("it holds a differential")
            return self.named(token)
        raise Unreadable(f"it holds {token}")

    def bounds(self, sign):
        """Return the letter of a sum or of an integral, None there, and its bounds."""
        if not self.takes("_"):
            raise Unreadable(f"it holds {sign} without bounds")
        index = None
        if self.ahead(3)[-1:] == "=":
            self.take("{")
            index = self.symbol(self.take())
            self.take("=")
            lowest = self.sum()
            self.take("}")
        else:
            lowest = self.group()
        self.take("^")
        return index, lowest, self.group()

    def integral(self):
        """Return an integral: its letter stands after its bounds, or after its integrand."""
        _, lowest, highest = self.bounds(r"\int")
        self.spaces()
        if self.takes("d"):
            index = self.symbol(self.take())
            return sp.Integral(self.product(), (index, lowest, highest))
        inside = self.product()
        self.spaces()
        self.take("d")
        return sp.Integral(inside, (self.symbol(self.take()), lowest, highest))

    def arguments(self):
        """Return what stands in brackets, between commas."""
        closing = CLOSING[self.take()]
        found = [self.sum()]
        while self.takes(","):
            found.append(self.sum())
        self.spaces()
        self.take(closing)
        return found

    def raw(self, end):
        """Return the tokens up to an end, as a name: of an average the grammar reads no more."""
        words = []
        while self.here != end:
            words.append(self.take())
        self.take()
        return f"<{''.join(word for word in words if word not in SPACES)}>"

    def function(self, function):
        power = self.group() if self.takes("^") else 1
        self.spaces()
        return function(self.run()) ** power

    def index(self):
        """Return the index after an underscore, as part of a name."""
        if not self.takes("{"):
            return self.take()
        words, depth = [], 1
        while depth:
            words.append(self.take())
            depth += (words[-1] == "{") - (words[-1] == "}")
        ignored = {"{", "}", r"\rm", r"\text", r"\mathrm", *SPACES}
        return "".join(word for word in words if word not in ignored)

    def named(self, name):
        """Return a symbol with its primes and its index; of a function, with its argument."""
        while mark := self.takes("_", "'"):
            name += "prime" if mark == "'" else "_" + self.index()
        name = name.replace("\\", "")
        if name in self.functions and self.here in CLOSING:
            return sp.Function(name)(*self.arguments())
        argument = re.match(r"\(\\?\w+(?:_\w)?(,\\?\w+)*\)", self.ahead(12))
        if argument:
            words = argument[0]
            while words:
                words = words.removeprefix(self.take())
            name += argument[0]
        return self.symbol(name)

    def symbol(self, name):
        name = name.replace("\\", "")
        return sp.Symbol(name, commutative=name not in self.matrices)

    def ahead(self, n):
        return "".join(self.tokens[: -n - 1 : -1])
