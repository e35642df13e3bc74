"""Read a displayed formula as SymPy reads it, and compare it with what a check asserts.

The grammar is that of the book: fractions, roots, powers, elementary functions, factors that
stand side by side, and Δ before a letter. In ``a/bc`` the divisor ends at the next space.
"""

from __future__ import annotations

import random
import re

import sympy as sp

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S")
SPACES = {r"\,", r"\;", r"\:", r"\!", r"\ ", r"\quad", "~"}
RELATION = r"=|<|>|\\(?:leftarrow|le|ge|to|approx|simeq|propto)(?![A-Za-z])"
LAYOUT = re.compile(r"\\(?:left|right|[bB]ig+[lr]?|displaystyle)(?![A-Za-z])|&")
GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi rho sigma tau "
    "phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega ell"
)
LETTERS = {f"\\{name}" for name in GREEK.split()}
FUNCTIONS = {rf"\{name}": getattr(sp, name) for name in ("sin", "cos", "tan", "sinh", "cosh")}
FUNCTIONS |= {r"\tanh": sp.tanh, r"\exp": sp.exp, r"\ln": sp.log, r"\log": sp.log}
CLOSING = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", "|": "|"}
RENAMED = {"lam": "lambda", "varepsilon": "epsilon", "varphi": "phi"}
RENAMED |= {"dt": "Deltat", "Dt": "Deltat"}
THERMAL = {sp.Symbol("kT"): sp.Symbol("kB") * sp.Symbol("T")}


class Unreadable(ValueError):
    """A formula that this grammar does not know; the message says why."""


def compare(label, printed, asserted):
    """Compare a printed equation with the sides that its check asserts.

    Parameters
    ----------
    label : str
        The equation's label.
    printed : (str, list of str, dict)
        Its LaTeX, the first sides of its equations in LaTeX, and what symbols in LaTeX are in the
        check's cell.
    asserted : list of sympy expression
        The sides that the check has found equal.

    Raises
    ------
    AssertionError
        If a side of the printed equation is none of them, or a first side is not what the list
        of printed equations says; the message shows it.
    Unreadable
        If the printed equation cannot be read.
    """
    latex, left, names = printed
    known = {expression(old).name: new for old, new in names.items()}
    try:
        first, sides = readable(latex)
    except Unreadable as problem:
        raise Unreadable(
            f"({label}) cannot be read as it is printed: {problem}. Print it with what the grammar "
            "knows (langevin/_printed.py), or take it out of appendix/printed.toml."
        ) from None
    if first != left:
        raise AssertionError(
            f"({label}) is printed with {first} on the left, but listed with {left}: "
            "print what the check computes, or correct appendix/printed.toml"
        )
    for side in sides:
        if not any(equal(renamed(side, known), renamed(other)) for other in asserted):
            raise AssertionError(
                f"({label}) is printed as {' '.join(latex.split())}\nbut its check asserts "
                f"nothing that equals {side}. Print what is asserted, or assert what is printed."
            )


def readable(latex):
    r"""Return what a display says on the left, as LaTeX, and the sides that follow.

    The left of an equation or an inequality is its first side, with its relations where one of
    them is no equals sign; a condition in brackets counts as a left of its own.

    Examples
    --------
    >>> readable(r"\langle x^2\rangle = \tfrac12\eta s^2, \qquad D = T/\lambda .")
    (['\\langle x^2\\rangle', 'D'], [eta*s**2/2, T/lambda])
    >>> readable(r"\Delta t < \frac2\omega \qquad (\lambda=0)")
    (['\\Delta t <', '(\\lambda=0)'], [2/omega])
    """
    latex = re.sub(r"\\(?:begin|end)\{(?:aligned|gathered)\}|\+\s*\\dots", " ", latex)
    left, found = [], []
    for part in split(latex, r"\\\\(?:\[\d+pt\])?|\\qquad"):
        sides = [re.sub(r"(\\[,;!]|[\s.,;])+$", "", side).strip() for side in split(part, RELATION)]
        first, *others = sides
        signs = re.findall(RELATION, part) if others else []
        if others:
            found += [expression(side) for side in others]
        elif first and not re.fullmatch(r"\(.*\)|\\text\{[\w\s,]*\}", first):
            raise Unreadable(f"“{first}” is no equation")
        if first:
            words = [first, *signs] if set(signs) - {"="} else [first]
            left.append(" ".join(LAYOUT.sub(" ", " ".join(words)).split()))
    if not any(found):
        raise Unreadable("no side but 0 follows")
    return left, found


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


def expression(latex):
    r"""Return a formula without a relation sign as a SymPy expression.

    Raises
    ------
    Unreadable
        If it holds what the grammar does not know.

    Examples
    --------
    >>> expression(r"\frac1{\sqrt{4\pi Dt}}\,e^{-x^2/4Dt}")
    exp(-x**2/(4*D*t))/(2*sqrt(pi)*sqrt(D*t))
    >>> expression(r"\int U")
    Traceback (most recent call last):
        ...
    langevin._printed.Unreadable: it holds \int
    """
    latex = re.sub(r"\\[td]frac", r"\\frac", LAYOUT.sub(" ", latex))
    reader = Reader(TOKEN.findall(latex))
    result = reader.sum()
    if reader.here:
        raise Unreadable(f"it holds {reader.here}")
    return result


def renamed(expr, names=None):
    """Return an expression whose symbols have the names of the cells, without underscores.

    Examples
    --------
    >>> renamed(sp.Symbol("k_B") * sp.Symbol("lam"))
    kB*lambda
    """
    expr = expr.xreplace({sp.Symbol(old): typed(new) for old, new in (names or {}).items()})
    applied = {f: sp.Symbol(str(f)) for f in expr.atoms(sp.core.function.AppliedUndef)}
    expr = expr.xreplace(applied)
    plain = {s: re.sub(r"[_{}^ ]", "", s.name) for s in expr.free_symbols}
    expr = expr.xreplace({s: sp.Symbol(RENAMED.get(name, name)) for s, name in plain.items()})
    return expr.xreplace(THERMAL)


def typed(code):
    """Return an expression as a cell types it, every name but three functions a symbol.

    Examples
    --------
    >>> typed("sqrt(S2) + N**2").free_symbols == {sp.Symbol("S2"), sp.Symbol("N")}
    True
    """
    functions = {"sqrt": sp.sqrt, "exp": sp.exp, "log": sp.log}
    names = {name: sp.Symbol(name) for name in re.findall(r"[A-Za-z_]\w*", code)}
    return sp.parse_expr(code, local_dict=names | functions)


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

    def __init__(self, tokens):
        self.tokens = tokens[::-1]
        self.inside = False  # of two bars

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
        letter = token in LETTERS or token in FUNCTIONS or re.fullmatch(r"[A-Za-z]|\d.*", token)
        atom = token in (r"\frac", r"\sqrt", r"\pi", r"\langle", r"\bar", r"\operatorname")
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
        if token == r"\sqrt":
            return sp.sqrt(self.group())
        if token in FUNCTIONS:
            return self.function(FUNCTIONS[token])
        if token == r"\pi":
            return sp.pi
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
        argument = re.match(r"\(\\?\w+(?:_\w)?(,\\?\w+)*\)", self.ahead(12))
        if argument:
            words = argument[0]
            while words:
                words = words.removeprefix(self.take())
            name += argument[0]
        return sp.Symbol(name.replace("\\", ""))

    def ahead(self, n):
        return "".join(self.tokens[: -n - 1 : -1])
