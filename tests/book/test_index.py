"""The index and the drawing of what needs what: in small books, and in the built one."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from book.collected.index import WORDS, people
from book.sources.glossary import entries
from built_book import CHAPTERS, page_path
from small_book import SmallBook

ROOT = Path(__file__).resolve().parents[2]

PAGES = ["chapters/01-drag", "chapters/02-noise", "chapters/03-balance"]
TOC = "root: index\nparts:\n  - chapters:\n" + "".join(f"      - file: {page}\n" for page in PAGES)
PEOPLE = """
[people]
"Brown, Robert" = ""
"Łódź, Jan" = "Stokes"
"Nobody, Ann" = ""
"""
GLOSSARY = """# Glossary

```{glossary}
drag
friction force
  What holds back. First in {doc}`chapter 1 <../chapters/01-drag>`.

white noise
  What shakes. First in {doc}`chapter 2 <../chapters/02-noise>`.
```
"""
TEXTS = {
    "chapters/01-drag": "# Drag\n\nA {term}`drag` holds back. George Stokes found it.",
    "chapters/02-noise": (
        "# Noise\n\nThere is {term}`drag`.\n\n- And {term}`white noise`, said Robert\n  Brown.\n\n"
        "Robert Brown said more.\n\n$$\na=b\n$$ (eq-noise)"
    ),
    "chapters/03-balance": (
        "# Balance & rest\n\nBy {eq}`eq-noise` and {term}`drag <friction force>`."
    ),
}


class Book(SmallBook):
    """Three chapters, a glossary, an index and a drawing of what needs what."""

    def __init__(self, folder):
        super().__init__(folder)
        files = "".join(f"{page}\n" for page in PAGES)
        more = "needs\nappendix/glossary\ngenindex\n"
        trees = f"```{{toctree}}\n:numbered:\n{files}```\n\n```{{toctree}}\n{more}```\n"
        self.page("index.md", f"# Book\n\n{trees}")
        self.page("_toc.yml", TOC)
        self.page("genindex.md", "# Index\n\nWhere?\n\n```{index-of-the-book}\n```\n")
        drawing = "```{prerequisites}\n```\n\n```{prerequisites} list\n```\n"
        self.page("needs.md", f"# Needs\n\n{drawing}")
        self.page("appendix/glossary.md", GLOSSARY)
        self.page(WORDS, PEOPLE)
        for page, text in TEXTS.items():
            self.notebook(page, text)

    def build(self, builder="html"):
        # The equation has neither check nor name; the index does not need them.
        return "\n".join(s for s in super().build(builder).splitlines() if "ledger:" not in s)


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path)


def places(page):
    """Return the entries of an index: name -> [(what the link shows, its address)]."""
    found = {}
    for line in page.select(".book-index li > p"):
        name = line.text.partition(", ")[0] if line.contents[0].name is None else line.text
        found[name] = [(link.text, link["href"]) for link in line.select("a")]
    return found


def test_terms_lead_to_the_glossary_and_to_every_place(book):
    assert book.build() == ""
    index = places(book.html("genindex"))
    assert [shown for shown, _ in index["drag"]] == ["glossary", "1", "2", "3"]
    assert [shown for shown, _ in index["white noise"]] == ["glossary", "2"]
    assert [shown for shown, _ in index["friction force"]] == ["glossary"]
    for found in index.values():
        for _, address in found:
            page, _, anchor = address.partition("#")
            assert book.html(page.removesuffix(".html")).find(id=anchor), address
    _, first = index["drag"][1]
    assert book.html("chapters/01-drag").find(id=first.partition("#")[2]).name == "p"


def test_people_have_one_place_on_each_page_that_names_them(book):
    book.build()
    index = book.html("genindex")
    lines = [line.text for line in index.select(".book-index li > p")]
    assert "Brown, Robert, 2" in lines and "Łódź, Jan, 1" in lines
    assert not any("Nobody" in line for line in lines)
    assert [heading.contents[0] for heading in index.select(".book-index h2")] == list("BDFLW")
    assert [link["href"] for link in index.select(".index-letters a")][:2] == [
        "#letter-b",
        "#letter-d",
    ]


def test_the_index_is_sphinxs_own_page_no_more(book):
    book.build()
    assert "[1]" not in book.html("genindex").text
    assert book.html("genindex").select_one("h1").text.startswith("Index")


def test_a_new_place_changes_the_index(book):
    book.build()
    assert book.build() == "" and book.written == set()
    book.notebook(PAGES[2], TEXTS[PAGES[2]] + "\n\nAnd {term}`white noise`.")
    assert book.build() == ""
    assert "genindex" in book.written
    assert [shown for shown, _ in places(book.html("genindex"))["white noise"]] == [
        "glossary",
        "2",
        "3",
    ]


def test_a_term_without_an_entry_is_a_warning(book):
    book.notebook(PAGES[2], TEXTS[PAGES[2]] + " {term}`brown noise`")
    assert "brown noise" in book.build()


def test_the_drawing_joins_what_needs_what(book):
    assert book.build() == ""
    page = book.html("needs")
    drawing = page.select_one("svg.prerequisites")
    assert [link["href"] for link in drawing.select("a")] == [f"{page}.html" for page in PAGES]
    assert [link["aria-label"] for link in drawing.select("a")] == [
        "1 Drag, needs no other",
        "2 Noise, needs 1",
        "3 Balance & rest, needs 2",
    ]
    assert len(drawing.select("g > path")) == 2  # 1 -> 3 follows
    assert [item.text for item in page.select(".body ul.simple li")] == [
        "Drag: nothing",
        "Noise: from Drag, drag",
        "Balance & rest: from Drag, drag; from Noise, (2.1)",
    ]


def test_the_drawing_follows_the_chapters(book):
    book.build()
    book.notebook(PAGES[2], "# Balance & rest\n\nThe {term}`drag`.")
    assert book.build() == ""
    labels = [link["aria-label"] for link in book.html("needs").select("svg a")]
    assert labels[2] == "3 Balance & rest, needs 1"
    bow = book.html("needs").select("g > path")[1]["d"]
    assert "C" in bow


def test_the_drawing_is_written_anew_for_a_title_and_not_for_a_word(book):
    book.build()
    book.notebook(PAGES[2], TEXTS[PAGES[2]] + " A word.")
    book.build()
    assert PAGES[2] in book.written and "needs" not in book.written
    book.notebook(PAGES[2], TEXTS[PAGES[2]].replace("# Balance", "# Poise"))
    book.build()
    last = book.html("needs").select("svg a")[-1]
    assert last["aria-label"] == "3 Poise & rest, needs 2"


@pytest.mark.parametrize("builder", ["text", "latex"])
def test_other_builders_have_words(book, builder):
    assert book.build(builder) == ""
    if builder == "latex":
        (printed,) = (book.folder / "latex").glob("*.tex")
        said = printed.read_text(encoding="utf-8")
        assert r"\index{white noise@\spxentry{white noise}}" in said
        assert "Where?" not in said and r"\printindex" in said
    if builder == "text":
        said = (book.folder / "text" / "needs.txt").read_text(encoding="utf-8")
        assert "3 Balance & rest needs 2." in " ".join(said.split())


@pytest.fixture(scope="module")
def index():
    return places(BeautifulSoup(page_path("genindex").read_text(encoding="utf-8"), "html.parser"))


def test_the_books_index_has_every_term_and_person(index):
    for entry in entries(ROOT):
        shown = [text for text, _ in index[entry.names[0]]]
        assert shown[0] == "glossary" and len(shown) >= 2, entry.names[0]
    assert sum(len(found) > 2 for found in index.values()) >= 30
    listed = "\n".join(
        line.text
        for line in BeautifulSoup(
            page_path("genindex").read_text(encoding="utf-8"), "html.parser"
        ).select(".book-index li > p")
    )
    missing = [name for name in people(ROOT) if name not in listed]
    assert not missing, f"named on no page: {missing}"


def test_the_books_drawing_has_every_chapter():
    page = page_path("appendix/instructors").read_text(encoding="utf-8")
    drawing = BeautifulSoup(page, "html.parser").select_one("svg.prerequisites")
    addresses = [link["href"] for link in drawing.select("a")]
    assert addresses == [f"../{chapter}.html" for chapter in CHAPTERS]
