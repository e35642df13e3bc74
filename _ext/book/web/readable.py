r"""Formulas as readable text: what the search shows of them, and what it looks into.

>>> readable(r"x \leftarrow x - \tau\,\nabla U(x) + \sqrt{2\,\tau\,T}\;\varepsilon .")
'x ← x − τ ∇U(x) + √(2 τ T) ε.'
>>> readable(r"D = \frac{k_BT}{6\pi\mu R}")
'D = k_{B}T/(6πμR)'
"""

import re
from unicodedata import normalize

TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[{}^_&]|\s+|[^\\{}^_&\s]", re.DOTALL)
NAMES = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
    "mu", "nu", "xi", "omicron", "pi", "rho", "final sigma", "sigma", "tau", "upsilon", "phi",
    "chi", "psi", "omega",
]  # fmt: skip
GREEK = {name: chr(ord("α") + i) for i, name in enumerate(NAMES)}
GREEK |= {name.capitalize(): letter.upper() for name, letter in GREEK.items() if letter != "ς"}
GREEK |= {"varepsilon": "ε", "varphi": "φ", "vartheta": "θ", "varrho": "ρ"}
SIGNS = {
    "le": " ≤ ", "leq": " ≤ ", "ge": " ≥ ", "geq": " ≥ ", "ne": " ≠ ", "approx": " ≈ ",
    "simeq": " ≃ ", "sim": " ∼ ", "propto": " ∝ ", "ll": " ≪ ", "gg": " ≫ ", "equiv": " ≡ ",
    "pm": " ± ", "mp": " ∓ ", "times": " × ", "cdot": " · ", "circ": "∘", "to": " → ",
    "rightarrow": " → ", "leftarrow": " ← ", "Rightarrow": " ⇒ ", "Longrightarrow": " ⟹ ",
    "Longleftrightarrow": " ⟺ ", "in": " ∈ ", "notin": " ∉ ", "cup": " ∪ ", "mid": " | ",
    "langle": "⟨", "rangle": "⟩", "lvert": "|", "rvert": "|", "lVert": "‖", "rVert": "‖",
    "|": "‖", "{": "{", "}": "}", "sum": "∑", "prod": "∏", "int": "∫", "iint": "∬", "oint": "∮",
    "partial": "∂", "nabla": "∇", "infty": "∞", "ell": "ℓ", "hbar": "ħ", "jmath": "j",
    "dots": "…", "cdots": "…", "ldots": "…", "top": "T", "ast": "*", "prime": "′", "%": "%",
    "\\": "; ", "bmod": " mod ",
}  # fmt: skip
WORDS = {
    "ln", "log", "exp", "sin", "cos", "tan", "tanh", "cosh", "sinh", "arctan", "max", "min", "lim",
    "det", "Pr", "tr", "sup", "inf", "arg",
}  # fmt: skip
SPACES = {",", ";", ":", "!", " ", "quad", "qquad", "bigl", "bigr", "Bigl", "Bigr", "bigg", "biggl",
          "biggr", "left", "right", "displaystyle", "mathrel", "limits", "nolimits", "rm", "bf",
          "(", ")", "[", "]"}  # fmt: skip
WIDE = {",", ";", ":", " ", "quad", "qquad"}
ACCENTS = {"tilde": "\u0303", "hat": "\u0302", "bar": "\u0304", "vec": "\u20d7", "dot": "\u0307",
           "ddot": "\u0308"}  # fmt: skip
FONTS = {"mathrm", "mathbf", "mathsf", "mathcal", "underbrace"}
QUARTERS = {("1", "2"): "½", ("1", "4"): "¼", ("3", "4"): "¾"}
RELATIONS = str.maketrans({sign: f" {sign} " for sign in "=<>+"} | {"-": " − ", "~": " "})
SIMPLE = re.compile(r"\w[\u0300-\u036f\u20d7]?(?:_\{\w+\})?|\d+(?:\.\d+)?")


def readable(latex):
    """Return a formula as text; what stands high or low is in braces after ^ or _."""
    text = normalize("NFC", _Reader(latex).rest()).replace("$", "")
    text = re.sub(r"(?<=[({⟨])\s+|\s+(?=[)},⟩])", "", re.sub(r"\s+", " ", text)).strip()
    return re.sub(r"(^|[({|⟨=←] ?)([−+]) ", r"\1\2", text)  # a sign, not a difference


class _Reader:
    def __init__(self, latex):
        self.tokens, self.at = TOKEN.findall(latex), 0

    def rest(self):
        """Read to the end, or to the brace that closes the group."""
        found = []
        while self.at < len(self.tokens):
            token = self.take()
            if token == "}":
                break
            found.append(self.one(token))
        return "".join(found)

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else "}"

    def argument(self):
        """Read what belongs to a macro: a group, or one token."""
        token = self.take()
        while token.isspace():
            token = self.take()
        return "" if token == "}" else self.one(token).strip()

    def words(self):
        """Read words between braces, with their spaces."""
        stop = self.tokens.index("}", self.at)
        text, self.at = "".join(self.tokens[self.at + 1 : stop]), stop + 1
        return text

    def one(self, token):
        if token == "{":
            return self.rest()
        if token in ("^", "_"):
            inside = self.argument()
            return f"{token}{{{inside.replace(' ', '')}}}" if inside else ""
        if not token.startswith("\\"):
            return {"'": "′", "&": " "}.get(token, "" if token.isspace() else token).translate(
                RELATIONS
            )
        return self.macro(token[1:])

    def macro(self, name):
        if name in ("frac", "tfrac", "dfrac"):
            parts = grouped(self.argument()), grouped(self.argument())
            return QUARTERS.get(parts, "/".join(parts) + " ")
        if name == "binom":
            return f"({self.argument()} over {self.argument()})"
        if name == "sqrt":
            inside = self.argument()
            return f"√{inside}" if SIMPLE.fullmatch(inside) else f"√({inside})"
        if name in ("begin", "end"):
            self.argument()
            return ""
        if name in ACCENTS:
            inside = self.argument()
            return inside[:1] + ACCENTS[name] + inside[1:]
        if name == "text":
            return self.words()
        if name == "operatorname":
            return f" {self.argument()} "
        if name in FONTS:
            return self.argument()
        if name in WORDS:
            return f" {name} "
        if name in SPACES:
            return " " * (name in WIDE)
        return GREEK.get(name) or SIGNS.get(name, f" {name} ")


def grouped(text):
    """Put brackets around what is more than one symbol, or one beside one index.

    >>> grouped("k_{B}T"), grouped("6πμR"), grouped("a − b")
    ('k_{B}T', '(6πμR)', '(a − b)')
    """
    few = re.fullmatch(r"(?:\w(?:[_^]\{\w+\})?){1,2}", text)
    return text if few or SIMPLE.fullmatch(text) else f"({text})"
