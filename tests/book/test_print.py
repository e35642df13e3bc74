"""The book in print: what the builder latex writes, without TeX, and what is said of a bad PDF.

Small books are built here with Sphinx and with figures of every kind; `make pdf` runs the whole.
"""

import os
import re
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_output

import pdf
import tex
from book.latex.figures import read_figure
from langevin import double_well, figures
from small_book import SmallBook

ROOT = Path(__file__).resolve().parents[2]
PAGES = "https://someone.github.io/book/"
INDEX = """# Book

First words.

```{toctree}
:numbered: 1
one
two
```

```{toctree}
last
after
```
"""
ONE = """# One

By {cite:p}`brown1828`.

## Here

$$ F \\equiv -\\lambda v $$ (def-drag)

$$
D = k_BT/\\lambda
$$ (eq-einstein)
"""
TWO = """# Two

After {eq}`eq-einstein`, in words, ✓ ✅ and λ ≤ ∞:

$$
\\sigma^2 = 2Dt
$$ (eq-msd)

{doc}`one`

<!-- said to nobody -->
"""
CHECK = 'ledger.numeric("eq-einstein", left, right)'
TABLE = "<table><tr><th>a</th><th>b</th></tr><tr><td><code>x_1</code></td><td>2</td></tr></table>"
FOLDED = 'ledger.numeric("eq-msd", left, right)'
BROWN = "@book{brown1828, author={Brown, R.}, title={A brief account}, publisher={R}, year={1828}}"


@pytest.fixture(scope="module")
def kinds(request):
    """The HTML of a figure of each kind, as the book's build makes it."""
    before = os.environ.get("LANGEVIN_FIGURES")
    os.environ["LANGEVIN_FIGURES"] = "static"
    try:
        yield {"show": shown(), "explore": explored(), "movie": played(), "live": lived()}
    finally:
        os.environ.pop("LANGEVIN_FIGURES")
        if before is not None:
            os.environ["LANGEVIN_FIGURES"] = before


def line(slope=1):
    fig, ax = figures.axes()
    ax.plot([0, 1], [0, slope])
    return fig


def shown():
    caption = r"A line, $5 & 100 %, with \(\hat x_1\) up."
    return figures.show(line(), alt="A line_that rises.", caption=caption).html


def explored():
    slope = figures.Slider([1, 2, 4], label="slope of it", unit="m/s", start=2)
    return figures.explore(line, alt=lambda slope: f"Steepness {slope}.", slope=slope).html


def played():
    walk = 5 + np.zeros((4, 3, 2))
    films = {"light": walk, "heavy": walk + 1}
    return figures.movie(films, 0.5, box=10, alt="Discs.", label="mass", start="heavy").html


def lived():
    race = {"cold": ("langevin", {"temperature": 0.1}), "warm": ("langevin", {"temperature": 0.5})}
    live = figures.live(
        double_well(),
        race,
        domain=(-2, 2),
        step_size=0.01,
        tilt=figures.Slider([0, 0.5], label="tilt of it"),
        alt="Two wells.",
    )
    return live.html


class Book(SmallBook):
    def __init__(self, folder):
        super().__init__(
            folder,
            project="Book",
            author="Somebody",
            copyright="2026",
            extensions=["myst_nb", "sphinxcontrib.bibtex", "small_book"],
            bibtex_bibfiles=["references.bib"],
            bibtex_reference_style="author_year",
            nb_mime_priority_overrides=[["latex", "text/html", 5]],
            myst_enable_extensions=["dollarmath", "amsmath", "html_image"],
        )
        self.page("index.md", INDEX)
        self.page("last.md", "# Last\n\n```{bibliography}\n```\n")
        self.page("after.md", "# After\n")
        self.page("references.bib", BROWN)

    def build(self, builder="latex"):
        """Build, return the warnings; the TeX file is in `tex`."""
        warnings = super().build(builder)
        if builder == "latex":
            tex = self.folder / "latex" / "the-elegant-link.tex"
            self.tex = tex.read_text(encoding="utf-8")
        # The equations have no names; printing does not need them.
        return "\n".join(s for s in warnings.splitlines() if "ledger:" not in s)


def cell(code, tags=(), html=""):
    """Return a code cell, with an output if HTML is given."""
    data = {"text/html": html, "text/plain": "[figure: in words]"}
    outputs = [new_output("display_data", data)] if html else []
    return new_code_cell(code, metadata={"tags": list(tags)}, outputs=outputs)


@pytest.fixture(scope="module")
def printed(tmp_path_factory, kinds):
    """The small book, printed once, with a public address."""
    with pytest.MonkeyPatch.context() as patch:
        made = small_book(tmp_path_factory.mktemp("printed"), kinds, patch)
        assert made.build("html") == ""
        made.first_read = made.read
        assert made.build() == ""
        yield made


@pytest.fixture
def book(tmp_path, kinds, monkeypatch):
    """The same, not yet built."""
    return small_book(tmp_path, kinds, monkeypatch)


def small_book(folder, kinds, monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", "Someone/book")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    made = Book(folder)
    drawings = [cell("draw()", ["hide-input"], html) for html in kinds.values()]
    made.notebook("one", ONE, CHECK, *drawings)
    made.notebook("two", TWO, cell(FOLDED, ["hide-cell"]), cell("rows", html=TABLE))
    return made


def body(tex):
    return tex[tex.index(r"\begin{document}") :]


def test_every_kind_of_figure_is_drawn(printed, kinds):
    drawn = re.findall(r"\\includegraphics\[width=[\d.]+bp,.*?\]\{(.*?)\.pdf\}", printed.tex)
    samples = 2  # in the legend of the live one
    assert len(drawn) == len(set(drawn)) == len(kinds) + samples == 6
    assert printed.tex.count(r"\begin{bookfigure}") == 4
    for name in drawn:
        text = (printed.folder / "latex" / f"{name}.svg").read_text(encoding="utf-8")
        ET.fromstring(text)
        assert "var(" not in text
        assert "currentColor" not in text
    assert "[figure:" not in printed.tex
    assert not re.search(r"<(figure|svg|div|script|table|td)\b", printed.tex)


def test_words_of_the_figures(printed):
    assert r"A line, \$5 \& 100 \%, with \(\hat x_1\) up." in printed.tex
    assert r"alt={A line\_that rises.}" in printed.tex
    assert "Shown at slope of it: 2 m/s." in printed.tex
    assert "Shown at mass: heavy." in printed.tex
    assert "Shown at tilt of it: 0." in printed.tex
    assert re.search(r"\\includegraphics\[.*?\]\{drawing-\w+\.pdf\}\}~cold ", printed.tex)


def test_links_to_the_live_figures(printed, kinds):
    moving = [kinds[kind] for kind in ("explore", "movie", "live")]
    names = [re.search(r' id="(lv-\w+)"', html)[1] for html in moving]
    links = re.findall(r"Live: .*?\\sphinxhref\{(.*?)\}", printed.tex.replace("\n", ""))
    links = [link.replace(r"\#", "#") for link in links]
    assert links == [f"{PAGES}one.html#{name}" for name in names]


def test_no_links_where_the_address_is_unknown(book, monkeypatch):
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://git.example.org")
    assert book.build() == ""
    assert "Live: " not in book.tex
    assert "live one" not in book.tex


def test_numbers_are_those_of_the_pages(printed):
    pages = {}
    for name in ("one", "two"):
        html = (printed.folder / "html" / f"{name}.html").read_text(encoding="utf-8")
        pages |= dict(
            re.findall(r'id="equation-([\w-]+)">\s*<span class="eqno">.*?\(([\d.]+)\)', html)
        )
    assert pages == {"def-drag": "1.1", "eq-einstein": "1.2", "eq-msd": "2.1"}
    equation = r"\\bookequation\{equation:\w+:([\w-]+)\}\{.*\(([\d.]+)\)\}\{%"
    assert dict(re.findall(equation, printed.tex)) == pages
    assert r"After \hyperref[equation:one:eq-einstein]{(1.2)}" in printed.tex
    assert re.search(
        r"\\setcounter\{chapter\}\{1\}\s*\\sphinxstepscope\s*\\chapter\{Two\}", printed.tex
    )
    before_last = printed.tex[: printed.tex.index(r"\chapter{Last}")]
    assert before_last.rpartition(r"\setcounter{secnumdepth}")[2].startswith("{-2}")


def test_print_and_pages_share_what_was_read(printed):
    assert {"one", "two"} <= set(printed.first_read)
    assert printed.read == []
    printed.build("html")
    assert printed.read == []


def test_marks_lead_to_printed_checks_only(printed):
    link = r"\hyperref[\detokenize{one:check-eq-einstein}]{\bookcheck{≈}} (1.2)"
    assert link in printed.tex
    assert r"\label{\detokenize{one:check-eq-einstein}}" in printed.tex
    assert r"{\bookdefinition (1.1)}" in printed.tex
    assert r"{\bookcheck{≈} (2.1)}" in printed.tex
    assert "check-eq-msd" not in printed.tex
    assert printed.tex.count("Check of ") == 1


def test_folded_code_is_left_out(printed):
    assert "numeric" in body(printed.tex)
    assert r"\PYG{n}{draw}" not in printed.tex
    assert r"eq\PYGZhy{}msd" not in printed.tex


def test_tables(printed):
    assert r"\sphinxcode{\sphinxupquote{x\_1}}" in printed.tex
    assert "said to nobody" not in printed.tex


def test_long_tables_break_their_lines(book):
    rows = "\n".join(f"| $\\alpha_{i}$ | {'many words ' * 9} |" for i in range(40))
    book.page("two.md", f"# Two\n\n| a | b |\n|---|---|\n{rows}\n")
    (book.source / "two.ipynb").unlink()
    book.build()
    assert r"\begin{longtable}{\X{8}{48}\X{40}{48}}" in book.tex


def test_unknown_html_is_a_warning(book):
    book.notebook("two", TWO, cell("odd", html="<video src='x'></video>"))
    assert "no printed form for the HTML" in book.build()


def test_characters_that_the_font_may_lack_are_marked(printed):
    assert (
        r"\bookchar{2713} \bookchar{2713} and \bookchar{3BB} \bookchar{2264} \bookchar{221E}"
        in printed.tex
    )


def test_the_bibliography_stands_once_in_its_chapter(printed):
    before, after = printed.tex.split(r"\begin{sphinxthebibliography}")
    assert r"\chapter{Last}" in before
    assert r"\chapter{After}" in after


def test_a_drawing_stands_alone_in_black(kinds):
    figure = read_figure(kinds["explore"])
    assert figure.kind == "explore"
    assert figure.drawing.alt == "Steepness 2."
    assert figure.shown == [("slope of it", "2 m/s")]
    assert 'viewBox="' in figure.drawing.svg  # letters' case matters in XML


def test_all_lines_of_a_formula_are_printed(monkeypatch):
    monkeypatch.setenv("LANGEVIN_FIGURES", "static")
    told = dict(domain=(-4, 4), step_size=0.1, temperature=1.0, alt="Two bells.")
    U = "-log(exp(-(x-2)**2) + exp(-(x+2)**2))"
    formula = read_figure(figures.live(U, **told).html).formula
    assert re.findall(r"\\\((\w) = ", formula) == ["U", "a", "b"]


def test_what_is_missing_is_said_kindly():
    lacking = tex.missing(find=lambda tool: None)
    assert lacking == ["xelatex", "latexmk", "rsvg-convert", "pdftotext"]
    advice = tex.advice(lacking)
    assert "apt install" in advice
    assert "texlive-xetex" in advice
    assert "librsvg2-bin" in advice


def test_contributors_are_told_the_packages():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert tex.PACKAGES in text


BIBLIOGRAPHY = r"\begin{sphinxthebibliography}"
GOOD_TEX = r"\begin{bookfigure}\includegraphics[width=3bp]{a.pdf}" + BIBLIOGRAPHY
GOOD_LOG = "File: a.pdf Graphic file (type pdf)\n"
GOOD_TEXT = "One . . . 1\nOne\nwords"
GOOD_PDF = b"1 0 obj\nstream\n" + zlib.compress(b"/Span<</Alt(A line.)>>BDC") + b"\nendstream"


@pytest.fixture
def small_root(tmp_path):
    (tmp_path / "_toc.yml").write_text("root: one\nchapters:\n  - file: one\n", encoding="utf-8")
    (tmp_path / "one.md").write_text("# One\n", encoding="utf-8")
    return tmp_path


def test_a_good_pdf_has_no_faults(small_root):
    assert pdf.faults(small_root, GOOD_TEXT, GOOD_TEX, GOOD_LOG, GOOD_PDF) == []


@pytest.mark.parametrize(
    ("text", "tex", "log", "fault"),
    [
        ("One . . . 1\nwords", GOOD_TEX, GOOD_LOG, "no chapter begins with the title 'One'"),
        (GOOD_TEXT + " see ??", GOOD_TEX, GOOD_LOG, "the text has '??'"),
        (GOOD_TEXT + " [figure: a line]", GOOD_TEX, GOOD_LOG, "the text has '[figure:'"),
        (GOOD_TEXT, GOOD_TEX, "", "1 figures were asked for and 0 drawn"),
        (
            GOOD_TEXT,
            GOOD_TEX + r"\begin{sphinxthebibliography}",
            GOOD_LOG,
            "one bibliography, not 2",
        ),
        (GOOD_TEXT, GOOD_TEX, GOOD_LOG + "There is no ☃ in font", "no font has the character ☃"),
        (
            GOOD_TEXT,
            GOOD_TEX,
            GOOD_LOG + "LaTeX Warning: Hyper reference `two:a' on page 3 und\nefined on input",
            "a link leads nowhere: two:a",
        ),
        (
            GOOD_TEXT,
            GOOD_TEX,
            GOOD_LOG + "Overfull \\hbox (20.5pt too wide) in",
            "something sticks out by 20 points in",
        ),
    ],
)
def test_a_bad_pdf_is_found_out(small_root, text, tex, log, fault):
    (found,) = pdf.faults(small_root, text, tex, log, GOOD_PDF)
    assert fault in found


def test_print_and_pages_are_compared(small_root):
    pages = small_root / "_build" / "site"
    (pages / "chapters").mkdir(parents=True)
    (pages / ".complete").touch()
    equation = '<div id="equation-eq-a">\n<span class="eqno">✓ (1.2)<a></a></span></div>'
    page = pages / "chapters" / "a.html"
    page.write_text(equation + '<figure class="lv-figure lv-show">', encoding="utf-8")
    good = GOOD_TEX + r"\bookequation{equation:chapters/a:eq-a}{\bookcheck{✓} (1.2)}{%"
    assert pdf.faults(small_root, GOOD_TEXT, good, GOOD_LOG, GOOD_PDF) == []
    wrong = good.replace("(1.2)", "(1.3)")
    (number,) = pdf.faults(small_root, GOOD_TEXT, wrong, GOOD_LOG, GOOD_PDF)
    assert "equation eq-a of chapters/a has the number 1.2 on its page only" in number
    page.write_text(equation + 2 * '<figure class="lv-figure lv-show">', encoding="utf-8")
    (figures,) = pdf.faults(small_root, GOOD_TEXT, good, GOOD_LOG, GOOD_PDF)
    assert "the pages have 2 figures, the printed book 1" in figures


def test_drawings_without_a_description_are_counted(small_root):
    (fault,) = pdf.faults(small_root, GOOD_TEXT, GOOD_TEX, GOOD_LOG, b"stream\nno zip")
    assert fault == "0 of 1 figures have a description in the PDF"
