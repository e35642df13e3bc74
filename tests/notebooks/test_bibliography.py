"""Every work in the bibliography is cited, and its identifiers have the form they must have."""

import re
from pathlib import Path

import pytest
from pybtex.database import parse_file

ROOT = Path(__file__).resolve().parents[2]
WORKS = parse_file(str(ROOT / "references.bib")).entries
PAGES = [
    ROOT / "intro.md",
    *(p for f in ("parts", "chapters", "appendix") for p in ROOT.glob(f"{f}/*")),
]
FORMS = {
    "doi": r"10\.\d{4,9}/[A-Za-z0-9.()/_-]*[A-Za-z0-9)]",
    "eprint": r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}",
    "url": r"https://[\w./-]+",
}
# Since 1990 a paper is found by an identifier. These have none that we could verify.
UNLINKED = {
    "griewank2012", "lemarechal2012", "pomeau2017", "tieleman2012", "vanleeuwen2013", "welling2011",
}  # fmt: skip


def cited():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES if page.is_file())
    groups = re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", text)
    return {key.strip() for group in groups for key in group.split(",")}


def test_each_work_is_cited_and_each_citation_is_a_work():
    assert cited() == set(WORKS)


@pytest.mark.parametrize("field", FORMS)
def test_identifiers_have_their_form_and_belong_to_one_work(field):
    found = [work.fields[field] for work in WORKS.values() if field in work.fields]
    assert found
    wrong = [value for value in found if not re.fullmatch(FORMS[field], value)]
    assert not wrong, f"not a {field}: {wrong}"
    assert len({value.lower() for value in found}) == len(found)


def test_a_recent_paper_can_be_followed():
    recent = {
        key
        for key, work in WORKS.items()
        if int(work.fields["year"]) >= 1990 and work.type not in ("book", "incollection")
    }
    assert {key for key in recent if not FORMS.keys() & WORKS[key].fields.keys()} == UNLINKED


def test_no_work_is_listed_twice():
    titles = [re.sub(r"\W", "", work.fields["title"]).lower() for work in WORKS.values()]
    assert len(set(titles)) == len(titles)


def test_a_work_names_its_authors_and_its_place():
    places = {"journal", "booktitle", "publisher", "howpublished", "eprint"}
    for key, work in WORKS.items():
        assert work.persons.get("author"), key
        assert places & work.fields.keys(), key
