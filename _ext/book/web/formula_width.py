"""How wide a formula in a line will be, about, before anything has set it."""

import re

# What takes no room of its own: brackets' sizes, alphabets, accents, thin spaces.
NOTHING = re.compile(
    r"\\(?:left|right|[bB]igg?|math(?:rm|bf|cal|bb|it)|text|operatorname|hat|tilde|bar|d?dot|vec)"
    r"(?![a-zA-Z])|\\[,;:! ]|[{} ]"
)
# What has room on both sides.
RELATION = re.compile(
    r"\\(?:to|approx|propto|le|ge|leq|geq|ll|gg|times|cdot|leftarrow|rightarrow|in|sim|pm|neq)"
    r"(?![a-zA-Z])|&[lg]t;|[=+]|(?<=[^\s({])-"
)
SCRIPT = re.compile(r"[_^](\{[^{}]*\}|\\[a-zA-Z]+|.)")
FRACTION = re.compile(r"\\[dt]?frac\s*(\{[^{}]*\}|\w)\s*(\{[^{}]*\}|\w)")


def estimate(tex):
    r"""Return the width in ems.

    >>> [estimate(tex) for tex in ("x", r"\frac{k_BT}{m}", r"e^{-U/T}", "U=x^2/2")]
    [0.6, 1.1, 2.1, 4.0]
    """
    width = 0.0
    for pattern, share in ((FRACTION, 0.75), (SCRIPT, 0.7)):
        while found := pattern.search(tex):
            width += share * max(estimate(part) for part in found.groups())
            tex = tex[: found.start()] + tex[found.end() :]
    tex, relations = RELATION.subn("", tex)
    glyphs = len(re.sub(r"\\[a-zA-Z]+|\\.", "x", NOTHING.sub("", tex)))
    return round(max(width + 0.55 * glyphs + 1.35 * relations, 0.3), 1)
