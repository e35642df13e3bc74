"""Coming from another library: every row of the page was run, and the page says what was found."""

import copy
import json
import re

import pytest

import coming_from
from built_book import ROOT

ROWS, DEFAULTS = coming_from.rows()
FOUND = json.loads(coming_from.RECORD.read_text(encoding="utf-8"))
PINS = (ROOT / "bench/peers.txt").read_text(encoding="utf-8")


def test_every_row_was_run_and_agrees():
    assert list(coming_from.faults(ROWS, FOUND)) == []
    assert list(FOUND["rows"]) == [row["name"] for row in ROWS]


def test_the_page_is_that_of_the_rows_and_the_record():
    page = coming_from.PAGE.read_text(encoding="utf-8")
    assert coming_from.written(page, ROWS, DEFAULTS, FOUND) == page, "run `make peers`"
    assert all(f"### {row['name']}\n" in page for row in ROWS)


def test_the_versions_are_those_that_are_pinned():
    pinned = dict(re.findall(r"(?m)^([\w-]+)==(.+)$", PINS))
    assert FOUND["versions"] == {name: pinned[name] for name in coming_from.PEERS}


def test_a_row_has_a_peer_and_a_note():
    for row in ROWS:
        assert row["note"] and any(peer in row for peer in coming_from.PEERS), row["name"]


def test_what_is_told_is_what_is_run():
    """A key that no one knows would stand in the file, and nothing would happen."""
    told = {"tempting", "tempting_before", "tempting_start", "because", "steps"}
    known = {*coming_from.OURS, *coming_from.PEERS, "part", "name", "note"}
    known |= {"tempting", "tempting_result", "because"}
    for row in ROWS:
        assert row.keys() <= known, row["name"]
        for peer in row.keys() & coming_from.PEERS:
            assert row[peer].keys() <= told | coming_from.THEIRS.keys(), row["name"]


def other_code(row, found):
    row["torch"]["same"] += " "


def not_run(row, found):
    del found["rows"][row["name"]]["optax"]


def disagrees(row, found):
    found["rows"][row["name"]]["torch"]["difference"] = 1e-9


def no_number(row, found):
    found["rows"][row["name"]]["torch"]["difference"] = float("inf")


def tempts_to_the_same(row, found):
    found["rows"][row["name"]]["torch"]["tempting"] = 1e-9


def new_row(row, found):
    row["name"] = "Another"


MISTAKES = [other_code, not_run, disagrees, no_number, tempts_to_the_same, new_row]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_a_mistake_is_noticed(mistake):
    table, found = copy.deepcopy(ROWS), copy.deepcopy(FOUND)
    mistake(next(row for row in table if row["name"] == "RMSProp"), found)
    assert list(coming_from.faults(table, found))
