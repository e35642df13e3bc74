"""Formulas for readers without JavaScript: each stands in its page as MathML, too.

MathJax sets the formulas from TeX when a page is read. What it needs stays as it is; behind each
formula a `noscript` has the same in MathML, and a sheet, which only browsers without scripts load,
hides the TeX, and the buttons that would do nothing.
"""

import json
import re
import subprocess
from html import escape, unescape

from sphinx.errors import ExtensionError

SHEET = "mathml.css"
# Few browsers find a font for formulas by themselves: these have the large signs and the braces.
RULES = """\
math {
  font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "Libertinus Math",
    "DejaVu Math TeX Gyre", math;
}
.tex { display: none; }
.bd-article div.math { min-height: 0; margin-block: 1rem; overflow: auto hidden; }
.bd-article div.math > noscript { flex: 1; }
.bd-article span.math { display: inline; }
.bd-header-article :is(.sidebar-toggle, .btn-fullscreen-button) { display: none !important; }
math .tml-left { text-align: left; }
math .tml-right { text-align: right; }
math .tml-overline { border-top: 0.06em solid; }
"""
# A formula in the text: not what stands in a tag, in code, or in data for scripts.
FORMULA = re.compile(
    r"<(?P<skipped>head|script|style|svg|pre|code|noscript)\b.*?</(?P=skipped)>|<[^>]*>"
    r"|\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\]",
    re.DOTALL,
)


# What Node runs behind Temml's code.
CONVERT = """
const convert = ([tex, displayMode]) =>
  module.exports.renderToString(tex, { displayMode, throwOnError: true });
process.stdout.write(JSON.stringify(FORMULAS.map(convert)));
"""


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
    return json.loads(done.stdout)


def fill(html, mathml, root):
    """Return the page with the MathML of its formulas, by their TeX, for browsers without scripts.

    >>> html = r'<head></head><p>Let \\(x\\).</p>'
    >>> print(fill(html, {("x", False): "<math></math>"}, ""))
    <head><noscript><link rel="stylesheet" href="_static/mathml.css"/></noscript>
    </head><p>Let <span class="tex">\\(x\\)</span><noscript><math></math></noscript>.</p>
    """
    sheet = f'<noscript><link rel="stylesheet" href="{escape(root)}_static/{SHEET}"/></noscript>'
    head, end, body = html.partition("</head>")
    filled = FORMULA.sub(lambda match: with_mathml(match, mathml), body)
    return html if filled == body else f"{head}{sheet}\n{end}{filled}"


def with_mathml(match, mathml):
    """Return what FORMULA has found, a formula followed by its MathML."""
    found = formula(match)
    if not found:
        return match[0]
    return f'<span class="tex">{match[0]}</span><noscript>{mathml[found]}</noscript>'
