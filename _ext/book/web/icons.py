"""Cut the theme's icon fonts down to the icons that the pages use (274 kB become about 3)."""

import logging
import re
from importlib import metadata
from io import BytesIO
from pathlib import Path

from sphinx.errors import ExtensionError

from book.web.kept import now

# Its folder is found without importing it, which is slow.
PACKAGE = metadata.distribution("pydata-sphinx-theme").locate_file("pydata_sphinx_theme")
THEME = Path(str(PACKAGE), "theme/pydata_sphinx_theme/static")
STYLESHEET = "styles/pydata-sphinx-theme.css"
FONTS = "vendor/fontawesome/webfonts"


def subset(assets, markup, kept=now):
    """Write into the site icon fonts, and the stylesheet that names them, with used icons only."""
    css = (THEME / STYLESHEET).read_text(encoding="utf-8")
    scripts = (THEME / "scripts").glob("[!f]*.js")
    texts = [*markup, *(script.read_text(encoding="utf-8") for script in scripts)]
    used = set(re.findall(r"\bfa-[a-z0-9-]+", " ".join(texts)))
    points = {code for name, code in code_points(css).items() if name in used}
    (assets / FONTS).mkdir(parents=True, exist_ok=True)
    for font in sorted((THEME / FONTS).glob("fa-*.ttf")):
        cut = kept(subset_font, str(font), tuple(sorted(points)))
        (assets / FONTS / f"{font.stem}.woff").write_bytes(cut)
    css, fonts = re.subn(
        r'(fa-[a-z]+-\d+)\.woff2\) format\("woff2"\),url\([^)]*\) format\("truetype"\)',
        r'\1.woff) format("woff")',
        css,
    )
    if not fonts:
        raise ExtensionError(f"{STYLESHEET} names its icon fonts in another way: mend {__name__}")
    css = re.sub(r"(?:\.fa-[a-z0-9-]+:before,?)+\{content:[^}]*\}", keep_if(used), css)
    (assets / STYLESHEET).write_text(css, encoding="utf-8")


def keep_if(used):
    """Return a substitution that drops the rules of icons that no page uses."""
    return lambda rule: rule[0] if used & set(re.findall(r"fa-[a-z0-9-]+", rule[0])) else ""


def code_points(css):
    """Map icon names to code points.

    >>> code_points('.fa-bars:before,.fa-navicon:before{content:"\\\\f0c9"}')
    {'fa-bars': 61641, 'fa-navicon': 61641}
    """
    found: dict[str, int] = {}
    for selectors, code in re.findall(
        r'((?:\.fa-[a-z0-9-]+:before,?)+)\{content:"\\([0-9a-f]+)"', css
    ):
        found.update((name, int(code, 16)) for name in re.findall(r"fa-[a-z0-9-]+", selectors))
    return found


def subset_font(source, points):
    """Return a font with these code points only."""
    from fontTools import subset as font_subset  # slow to import, and seldom needed
    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools").setLevel(logging.WARNING)
    font = TTFont(source, recalcTimestamp=False)  # the same build gives the same bytes
    job = font_subset.Subsetter(font_subset.Options(ignore_missing_unicodes=True))
    job.populate(unicodes=points)
    job.subset(font)
    font.flavor, target = "woff", BytesIO()
    font.save(target)
    return target.getvalue()
