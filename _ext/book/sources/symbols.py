"""The symbols in a formula's LaTeX: read, never set.

`atoms` takes a formula apart. Every atom has a name, as a table of symbols would list it
(``k_B``, ``\\Delta t``, ``\\bar\\xi``, ``w_*``), and simpler parts that explain it where the
name is not listed (``x_k`` is an ``x`` with a ``k`` that counts).
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(r"(\\[a-zA-Z]+|\\.|\d+|\S)(\s*)")
SPACING = re.compile(r"\\\\\[[^\]]*\]")  # a line's end with its distance, \\[4pt]
ACCENTS = {r"\hat", r"\bar", r"\tilde", r"\vec"}
FONTS = {r"\mathbf", r"\mathcal", r"\mathsf", r"\mathbb"}
WORDS = {r"\text", r"\mathrm", r"\operatorname", r"\begin", r"\end"}
GREEK = re.compile(
    r"alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma"
    r"|tau|varphi|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
    r"|ell|jmath"
)
# Layout, and marks that no reader looks up.
SILENT = re.compile(
    r"\\[^a-zA-Z]|[{}()\[\]&=+\-/<>.,;:!]|\d+"
    r"|\\(left|right|[bB]igg?[lr]?|[tdb]?frac|sqrt|q?quad|displaystyle|limits|underbrace|[cl]?dots"
    r"|l[et]|g[et]|ll|gg|ne|i?int|sum|prod|cdot|infty|langle|lim|min|max|sin|cos|tan)"
)


@dataclass(frozen=True)
class Atom:
    """A symbol by its full name, and the simpler symbols that it is made of."""

    name: str
    parts: tuple = ()


def atoms(latex):
    """Return the atoms of a formula, in order.

    >>> [atom.name for atom in atoms(r"D = \\frac{k_BT}{\\lambda}")]
    ['D', 'k_B', 'T', '\\\\lambda']
    >>> atoms("x_{k+1}")
    [Atom(name='x_{k+1}', parts=('x', 'k'))]
    """
    return _Reader(latex).all()


def name_of(latex):
    """Return the name under which a symbol is looked up, as `atoms` gives it.

    >>> name_of(r"n_{\\rm eff}")
    'n_{eff}'
    """
    found = atoms(latex)
    if len(found) != 1:
        raise ValueError(f"{latex!r} should be one symbol, not {[a.name for a in found]}")
    return found[0].name


def signs_in(latex):
    """Return the signs of a formula, without the letters that only show where they stand.

    >>> signs_in(r"\\mathbf a\\times\\mathbf b"), signs_in("x'")
    (['\\\\times'], ["'"])
    """
    names = [part for atom in atoms(latex) for part in (atom.parts or (atom.name,))]
    return [name for name in names if not _is_lettered(name)]


def _is_lettered(name):
    letter = re.split(r"[\\ ]", name)[-1]
    return (len(letter) == 1 and letter.isalpha()) or bool(GREEK.fullmatch(letter))


class _Reader:
    def __init__(self, latex):
        pairs = TOKEN.findall(SPACING.sub(" ", latex))
        self.tokens = [token for token, _ in pairs]
        self.spaced = [bool(space) for _, space in pairs]
        self.at = 0

    def all(self):
        found = []
        while self.at < len(self.tokens):
            found += self.one()
        return found

    def peek(self, ahead=0):
        here = self.at + ahead
        return self.tokens[here] if here < len(self.tokens) else ""

    def group(self):
        """Take what stands in braces, or else one token (a font with its letter)."""
        if self.peek() != "{":
            start = self.at
            self.at += 1
            if self.tokens[start] in FONTS | ACCENTS | WORDS:
                self.group()
            return "".join(self._text(start, self.at))
        depth, start = 0, self.at + 1
        while self.at < len(self.tokens):
            depth += {"{": 1, "}": -1}.get(self.peek(), 0)
            self.at += 1
            if depth == 0:
                break
        return "".join(self._text(start, self.at - 1))

    def _text(self, start, stop):
        """Yield tokens so that a macro's name does not run into a letter."""
        for i in range(start, stop):
            yield self.tokens[i]
            if re.fullmatch(r"\\[a-zA-Z]+", self.tokens[i]) and i + 1 < stop:
                yield " " * self.tokens[i + 1][0].isalpha()

    def one(self):
        token = self.peek()
        if token in (r"\text", r"\begin", r"\end"):
            self.at += 1
            self.group()
            return []
        if token == r"\rm":
            while self.peek() not in ("", "}"):
                self.at += 1
            return []
        if token in (r"\operatorname", r"\mathrm"):
            self.at += 1
            return self.scripts(f"{{{self.group()}}}")
        if token == r"\frac" and self.peek(1) == "d" and self.peek(2) != "{":
            self.at += 2  # \frac dm is a fraction, not a differential
            return self.scripts("d")
        if token == "d" and self.is_differential():
            self.at += 1
            return [Atom("{d}")]
        if token == r"\Delta" and self.is_letter(1):
            self.at += 1
            letter = self.peek()
            self.at += 1
            return self.scripts(_join(token, letter), (token, letter))
        if token in ACCENTS | FONTS:
            self.at += 1
            return self.scripts(_join(token, self.group()))
        if token in (r"\dot", r"\ddot"):
            self.at += 1
            letter = self.group()
            return [Atom(_join(token, letter), (token, letter))]
        if self.is_letter():
            self.at += 1
            return self.scripts(token)
        if token == r"\rangle":
            self.at += 1
            return self.scripts(token)
        if token in (r"\lvert", r"\rvert"):
            self.at += 1
            return [Atom("|")]
        self.at += 1
        if token in ("^", "_"):
            return self.script_alone(token)
        return [] if SILENT.fullmatch(token) else [Atom(token)]

    def is_letter(self, ahead=0):
        token = self.peek(ahead)
        return token.isalpha() or bool(GREEK.fullmatch(token[1:]))

    def is_differential(self):
        """Whether this d belongs to dx, d/dt or d²x, and is no quantity of its own."""
        if self.spaced[self.at]:
            return False
        after = self.at + 1
        if self.peek(1) == "^":
            after += 2
        elif self.peek(1) == "}" and self.peek(2) == "{":
            return self.peek(3) == "d"  # \frac{d}{dt}
        elif self.peek(1) == "{":
            return self.peek(2) == "d"  # \frac d{dx}
        token = self.tokens[after] if after < len(self.tokens) else ""
        return token.isalpha() or bool(GREEK.fullmatch(token[1:])) or token in FONTS or token == "("

    def script_alone(self, mark):
        """Read the limits of a sum or an integral, and the powers of a bracket."""
        return _superscript(self.group()) if mark == "^" else atoms(self.group())

    def scripts(self, base, parts=None):
        """Read the primes, the subscript and the superscript of a symbol."""
        name, pieces, powers = base, list(parts or (base,)), []
        primes = ""
        while self.peek() in ("'", "_", "^"):
            mark = self.peek()
            self.at += 1
            if mark == "'":
                primes += "'"
                pieces.append("'") if "'" not in pieces else None
                continue
            inside = self.group()
            if mark == "_":
                name += f"_{_braced(_plain(inside))}"
                if _counts(inside):
                    pieces += [
                        part for atom in atoms(inside) for part in (atom.parts or [atom.name])
                    ]
                else:
                    pieces = [name]
            elif inside == "*":
                name += "^*"
                pieces = [name]
            else:
                powers += _superscript(inside)
        if primes:
            name = name.replace(base, base + primes, 1)
        plain = tuple(dict.fromkeys(pieces))
        return [Atom(name, () if plain == (name,) else plain), *powers]


def _superscript(inside):
    if inside in (r"\top", r"\mathsf T"):
        return [Atom(r"^\top")]
    return [] if inside == "*" else atoms(inside)


def _counts(inside):
    """Whether a subscript counts or points (k, k+1, ij, 0, x), and is no part of the name."""
    return re.fullmatch(r"[a-z0-9+\-,/ ]+|t\+\\Delta t", inside) and inside.strip("+-") != ""


def _plain(inside):
    r"""Drop from a subscript how it is set: \text{eff} and \rm eff are the word eff."""
    return re.sub(r"\\(?:text|mathrm|rm)\s*|[{}]", "", inside).strip()


def _braced(text):
    return text if len(text) == 1 or re.fullmatch(r"\\[a-zA-Z]+", text) else f"{{{text}}}"


def _join(macro, letter):
    return macro + (" " if letter[0].isalpha() else "") + letter
