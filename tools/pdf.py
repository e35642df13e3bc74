"""From the TeX file that Sphinx has written to a PDF that was looked at.

Usage: python tools/pdf.py      (`make pdf`, after Sphinx's builder latex)
It draws the figures, runs TeX, tests what came out and puts it into _build/pdf.
"""

import json
import re
import shutil
import subprocess
import sys
import time
import zlib
from pathlib import Path

from book.latex.book import NAME
from book.sources import contents

ROOT = Path(__file__).resolve().parent.parent
TEX, PDF = ROOT / "_build" / "latex", ROOT / "_build" / "pdf" / f"{NAME}.pdf"
TOO_FAR = 20  # points that a line or a page may stick out
STICKS_OUT = re.compile(r"Overfull \\.box \(([\d.]+)pt too (?:wide|high)\)(.{,60})")
LEFT_OVER = ("??", "[figure:", "[Figure missing]")


def output(*command, **options):
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, **options
    ).stdout


def draw(folder):
    """Turn each drawing into a PDF, unless that was done."""
    for svg in folder.glob("drawing-*.svg"):
        pdf = svg.with_suffix(".pdf")
        if not pdf.exists():
            subprocess.run(["rsvg-convert", "-f", "pdf", "-o", pdf, svg], check=True)


def typeset(folder):
    """Run TeX as often as it takes, from a clean start; stop with its complaint if there is one."""
    for half_done in set(folder.glob(f"{NAME}.*")) - {folder / f"{NAME}.tex"}:
        half_done.unlink()  # what an interrupted run left would stop this one
    options = ["-xelatex", "-silent", "-interaction=nonstopmode", "-halt-on-error"]
    ran = subprocess.run(["latexmk", *options, f"{NAME}.tex"], cwd=folder, capture_output=True)
    if ran.returncode:
        log = (folder / f"{NAME}.log").read_text(encoding="utf-8", errors="replace")
        wrong = re.search(r"^! .*(?:\n.*){12}", log, re.MULTILINE)
        sys.exit(f"TeX stopped:\n{wrong[0] if wrong else log[-2000:]}")


def described(pdf):
    """Return how many drawings of a PDF (bytes) carry their description."""
    count = 0
    for start in re.finditer(rb"stream\r?\n", pdf):
        packed = zlib.decompressobj()
        try:
            count += packed.decompress(pdf[start.end() :]).count(b"/Alt(")
        except zlib.error:  # a stream of another kind
            continue
    return count


def faults(root, text, tex, log, pdf):
    """Return what is wrong with the printed book, in sentences.

    Parameters
    ----------
    root : Path
        Folder of the book: its table of contents and, if they were built, its pages.
    text, tex, log : str
        Text of the PDF, the TeX file, and what TeX noted.
    pdf : bytes
        The PDF.
    """
    found = []
    words = plain(text)
    for title in titles(root):
        if words.count(plain(title)) < 2:  # in the table of contents, and where it begins
            found.append(f"no chapter begins with the title {title!r}")
    for mark in LEFT_OVER:
        if mark in text:
            where = text.index(mark)
            found.append(f"the text has {mark!r}: …{text[max(where - 40, 0) : where + 40]!r}")
    joined = log.replace("\n", "")
    wanted, drawn = tex.count(r"\includegraphics["), log.count("Graphic file (type pdf)")
    if drawn != wanted:
        found.append(f"{wanted} figures were asked for and {drawn} drawn")
    framed, carried = tex.count(r"\begin{bookfigure}"), described(pdf)
    if carried != framed:
        found.append(f"{carried} of {framed} figures have a description in the PDF")
    lists = tex.count(r"\begin{sphinxthebibliography}")
    if lists != 1:
        found.append(f"there must be one bibliography, not {lists}")
    for lost in sorted(set(re.findall(r"reference `([^']*)'[^.]{0,40}undefined", joined))):
        found.append(f"a link leads nowhere: {lost}")
    for char in sorted(set(re.findall(r"There is no (\S+)", joined))):
        found.append(f"no font has the character {char}")
    for far, where in STICKS_OUT.findall(joined):
        if float(far) > TOO_FAR:
            found.append(f"something sticks out by {float(far):.0f} points{where}")
    return [*found, *differences(root, tex)]


def titles(root):
    """Return the titles of the pages of the table of contents, but for those that open parts."""
    for name in contents.pages(root):
        path = next(p for p in (root / f"{name}.ipynb", root / f"{name}.md") if p.exists())
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            text = "".join(json.loads(text)["cells"][0]["source"])
        if not name.startswith(("parts/", "genindex")):
            yield next(line[2:] for line in text.splitlines() if line.startswith("# "))


def plain(text):
    """Return letters and figures only: hyphens, quotes and line ends are the printer's."""
    return re.sub(r"[\W_]+", "", text.replace("ﬁ", "fi").replace("ﬂ", "fl")).lower()


def differences(root, tex):
    """Return how the printed book differs from the pages, if those were built since a change."""
    pages = root / "_build" / "site"
    built = pages / ".complete"
    sources = [root / "_toc.yml", *root.glob("chapters/*.ipynb"), *root.glob("appendix/*.md")]
    if not built.exists() or built.stat().st_mtime < max(p.stat().st_mtime for p in sources):
        return
    printed = re.findall(
        r"\\bookequation\{equation:([^:]+):([^}]+)\}\{(?:.*)\(([\d.]+)\)\}\{%", tex
    )
    figures = 0
    for path in pages.glob("*/*.html"):
        if path.parent.name in ("chapters", "appendix"):
            html = path.read_text(encoding="utf-8")
            figures += html.count('<figure class="lv-figure')
            for label, number in re.findall(
                r'id="equation-([\w-]+)">\s*<span class="eqno">.*?\(([\d.]+)\)', html
            ):
                page = path.relative_to(pages).with_suffix("").as_posix()
                if (page, label, number) not in printed:
                    yield f"equation {label} of {page} has the number {number} on its page only"
    framed = tex.count(r"\begin{bookfigure}")
    svgs = len(re.findall(r"\\bookdrawing\{\}", tex))  # maps without a description of their own
    if framed - svgs < figures:
        yield f"the pages have {figures} figures, the printed book {framed - svgs}"


def main():
    begun = time.perf_counter()
    draw(TEX)
    typeset(TEX)
    tex, log = ((TEX / f"{NAME}.{end}").read_text("utf-8", "replace") for end in ("tex", "log"))
    text = output("pdftotext", "-layout", str(TEX / f"{NAME}.pdf"), "-")
    wrong = faults(ROOT, text, tex, log, (TEX / f"{NAME}.pdf").read_bytes())
    if wrong:
        sys.exit("\n".join(["The printed book is not right:", *wrong]))
    PDF.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(TEX / f"{NAME}.pdf", PDF)
    print(f"{text.count(chr(12))} pages in {time.perf_counter() - begun:.0f} s")
    print(f"The printed book:  {PDF}")


if __name__ == "__main__":
    main()
