"""Whether this machine has what printing the book needs; without any package of Python.

Usage: python tools/tex.py check        (what is missing, and what to install)
       python tools/tex.py packages     (the Debian and Ubuntu packages, for a workflow)
"""

import shutil
import subprocess
import sys

# Fonts are looked for by file, as TeX looks for them, or by name, as the system does.
TOOLS = {
    "xelatex": "texlive-xetex texlive-latex-recommended texlive-latex-extra",
    "latexmk": "latexmk",
    "rsvg-convert": "librsvg2-bin",
    "pdftotext": "poppler-utils",
}
FONTS = {
    "pzdr.tfm": "texlive-fonts-recommended",  # for links
    "texgyrepagella-regular.otf": "fonts-texgyre",
    "texgyrepagella-math.otf": "fonts-texgyre-math",
    "DejaVu Sans": "fonts-dejavu",
    "DejaVu Sans Mono": "fonts-dejavu",
}
PACKAGES = " ".join(dict.fromkeys(" ".join([*TOOLS.values(), *FONTS.values()]).split()))


def missing(find=shutil.which):
    """Return what `make pdf` needs and this machine lacks."""
    lacking = [tool for tool in TOOLS if not find(tool)]
    if find("kpsewhich") and find("fc-match"):
        lacking += [font for font in FONTS if not has_font(font)]
    return lacking


def has_font(font):
    if font.endswith((".otf", ".tfm")):
        return bool(output("kpsewhich", font).strip())
    return output("fc-match", "--format", "%{family}", font).startswith(font)


def advice(lacking):
    """Return what to do about it."""
    return (
        f"make pdf needs {', '.join(lacking)}, which this machine lacks. On Debian or Ubuntu:\n"
        f"  apt install --no-install-recommends {PACKAGES}"
    )


def output(*command, **options):
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, **options
    ).stdout


def main(wanted):
    if wanted == ["packages"]:
        print(PACKAGES)
    elif wanted == ["check"]:
        lacking = missing()
        sys.exit(advice(lacking) if lacking else 0)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
