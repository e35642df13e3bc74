"""Formulas in MathML, which browsers set themselves: no script has to come first.

Sphinx leaves formulas in TeX. Temml makes MathML of them when the book is built; where a list is
filtered (assets/filter.js), the TeX stands beside it. The font is a part of the book, cut down to
the signs that its formulas use.
"""

import json
import re
import subprocess
import unicodedata
from html import escape, unescape
from typing import NamedTuple

from sphinx.errors import ExtensionError

SHEET = "math.css"
FONT = "math.woff"
LICENCE = "math.woff.txt"
# A formula in the text: not what stands in a tag, in code, or in data for scripts.
FORMULA = re.compile(
    r"<(?P<skipped>head|script|style|svg|pre|code|noscript)\b.*?</(?P=skipped)>|<[^>]*>"
    r"|\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\]",
    re.DOTALL,
)
# A letter that stands alone is set in italics: browsers ask the font for these signs in its place.
# (That of h is older than the others.)
ITALICS = (
    *range(0x1D434, 0x1D455), 0x210E, *range(0x1D456, 0x1D468),
    0x1D6A4, 0x1D6A5, *range(0x1D6E2, 0x1D71C),
)  # fmt: skip
TAG = re.compile(r"<[^>]*>")
ROOT = re.compile(r"<(?:msqrt|mroot)\b")  # no sign of it stands in the text: √ comes from the font
# What Temml writes for browsers that do not know `display="block"`; ours do.
BLOCK = ' class="tml-display" style="display:block math;"'

# What Node runs behind Temml's code.
CONVERT = """
const convert = ([tex, displayMode]) =>
  module.exports.renderToString(tex, { displayMode, throwOnError: true });
process.stdout.write(JSON.stringify(FORMULAS.map(convert)));
"""


class Tools(NamedTuple):
    """What formulas are made with: Node's path, Temml's code, a font's path and its licence."""

    node: str
    temml: str
    font: str
    licence: str


def formulas(html):
    """Return the formulas of a page, each with whether it stands on a line of its own.

    >>> formulas(r'<p title="\\(y\\)">Let \\(x &lt; 1\\).<pre>\\(z\\)</pre></p>')
    {('x < 1', False)}
    """
    found = (formula(match) for match in FORMULA.finditer(html))
    return {one for one in found if one}


def formula(match):
    """Return the TeX that FORMULA has found and whether it is displayed, or None."""
    for kind in ("inline", "display"):
        if match[kind] is not None:
            return unescape(match[kind]).strip(), kind == "display"
    return None


def convert(formulas, node, temml):
    """Return the formulas in MathML, by Node and the code of Temml."""
    script = f"{temml}\nconst FORMULAS = {json.dumps(formulas)};{CONVERT}"
    done = subprocess.run([node, "-"], input=script, encoding="utf-8", capture_output=True)
    if done.returncode:
        said = re.search(r"ParseError: .*", done.stderr)
        raise ExtensionError(
            "a formula of the book has no MathML. Temml says:\n"
            f"{said[0] if said else done.stderr[-2000:]}\n"
            "Write it in another way: https://temml.org/docs/en/supported lists what it reads."
        )
    return [math.replace(BLOCK, "") for math in json.loads(done.stdout)]


def fill(html, mathml):
    """Return a page, or a part of one, with MathML in place of TeX.

    >>> print(fill(r"<p>Let \\(x\\).</p>", {("x", False): "<math></math>"}))
    <p>Let <span class="formula"><math></math></span>.</p>
    """
    is_filtered = '<p class="filter"' in html
    return FORMULA.sub(lambda match: in_mathml(match, mathml, is_filtered), html)


def in_mathml(match, mathml, is_filtered):
    """Return what FORMULA has found, a formula in MathML."""
    found = formula(match)
    if not found:
        return match[0]
    tex = f' data-tex="{escape(found[0])}"' if is_filtered else ""
    return f'<span class="formula"{tex}>{mathml[found]}</span>'


def points(mathml):
    """Return the code points of the signs that a font needs for formulas, in order.

    >>> [chr(point) for point in points(["<math><msqrt><mi>h</mi></msqrt></math>"])]
    ['h', 'ℎ', '√']
    """
    mathml = tuple(mathml)
    used = {ord(sign) for math in mathml for sign in unescape(TAG.sub("", math))}
    used |= {ord("√") for math in mathml if ROOT.search(math)}
    return sorted(used | {point for point in ITALICS if upright(point) in used})


def upright(point):
    """Return the code point of the letter that is in italics here.

    >>> chr(upright(ord("𝜖")))
    'ϵ'
    """
    return int(unicodedata.decomposition(chr(point)).split()[1], 16)
