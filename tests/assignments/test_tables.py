"""What comes from platforms and spreadsheets: names, archives and tables of any kind."""

import os
import zipfile

import pytest
import tables
import written
from course import Course
from problem_sets import SOURCES

FILES = {  # what is downloaded, and whose it is
    "ada_ps1.ipynb": "ada",
    "emil_1815_attempt_ps1.ipynb": "emil",
    "a_mueller_ps1.ipynb": "a_mueller",
    "a_mueller_jr_ps1.ipynb": "a_mueller_jr",
    "a_ps1.ipynb": "a",
    "canvas_late_1234_99_ps1-1.ipynb": "canvas",
    "Zoë O'Neil_77_assignsubmission_file_ps1.ipynb": "Zoë O'Neil",
    "李 明_ps1.ipynb": "李 明",
    "anna_2_ps1.ipynb": "anna_2",
    "e\u0301va_ps1.ipynb": "éva",
}
LEFT = ("notes_ps1.txt", "ps1.ipynb", ".._ps1.ipynb", "=1+1_ps1.ipynb", "b[ab]_ps1.ipynb")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """Collect everything by one command; return the course and what was said."""
    root = tmp_path_factory.mktemp("collected")
    (root / "secret").write_text("secret", encoding="utf-8")
    course = Course(root / "course", [SOURCES["ps1"]])
    course.nbgrader("generate_assignment", "ps1")
    archive = course.root / "downloaded" / "ps1" / "archive"
    archive.mkdir(parents=True)
    for name in [*FILES, *LEFT]:
        (archive / name).write_text("{}", encoding="utf-8")
    os.symlink(root / "secret", archive / "mallory_ps1.ipynb")
    with zipfile.ZipFile(archive / "all.zip", "w") as together:
        together.writestr("sofia_ps1.ipynb", "{}")
        together.writestr("Ada Li_12_assignsubmission_file_/ps1.ipynb", "{}")
        together.writestr("../../../submitted/eve_ps1.ipynb", "{}")
        together.writestr("ada_9_more_ps1.ipynb", "{}")
        link = zipfile.ZipInfo("linus_ps1.ipynb")
        link.external_attr = 0o120777 << 16
        together.writestr(link, str(root / "secret"))
    with zipfile.ZipFile(archive / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("boris_ps1.ipynb", bytes(80 << 20))
    (archive / "broken.zip").write_bytes(b"PK\3\4 and no more")
    with zipfile.ZipFile(archive / "last.zip", "w") as last:
        last.writestr("zoe_ps1.ipynb", "{}")
    return course, course.nbgrader("zip_collect", "ps1")


def test_each_file_goes_to_whose_it_is(collected):
    found = {path.parts[-3:] for path in collected[0].root.glob("submitted/*/*/*")}
    students = {*FILES.values(), "sofia", "Ada Li", "eve", "zoe"}
    assert found == {(student, "ps1", "ps1.ipynb") for student in students}


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("mallory_ps1.ipynb", "a link was left out"),
        ("linus_ps1.ipynb", "a link was left out"),
        ("bomb.zip", "boris_ps1.ipynb is larger than 64 MB when unpacked"),
        ("broken.zip", "not unpacked"),
        ("ada_9_more_ps1.ipynb", "ada has also handed in"),
        ("=1+1_ps1.ipynb", "nobody can be called"),
        (".._ps1.ipynb", "nobody can be called"),
    ],
)
def test_what_is_left_out_is_named(collected, what, why):
    lines = [line for line in collected[1].splitlines() if f"{what}:" in line]
    assert any(why in line for line in lines), lines


def test_nothing_is_written_outside(collected):
    course, _ = collected
    assert not list(course.root.glob("submitted/*.ipynb"))
    assert "secret" not in [
        path.read_text(encoding="utf-8") for path in course.root.glob("submitted/*/*/*")
    ]


ROWS = [["student", "cell", "answer", "most", "points", "comment"]]
ROWS += [["zoé", "why", "'=1+1", "3", "2,5", "so"], ["", "", "", "", "", ""]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("between", [";", "\t", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_whatever_has_saved_it(tmp_path, encoding, between, end):
    rows = [[f'"{cell}"' if between in cell else cell for cell in row] for row in ROWS]
    table = tmp_path / "table.csv"
    table.write_bytes(end.join(between.join(row) for row in rows).encode(encoding))
    (row,) = written.rows_of(table)
    assert row == {"student": "zoé", "cell": "why", "points": "2,5", "comment": "so"}
    assert written.points_of(row, 3) == 2.5


def test_a_table_without_its_columns_is_said_to_be_one(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("student,points\nada,3\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="has no column cell, comment; its first line is"):
        written.rows_of(table)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''=1"])
def test_no_answer_is_a_formula_and_none_is_changed(text):
    shown = tables.harmless(text)
    assert shown.startswith("'")
    assert tables.as_written(shown) == text


@pytest.mark.parametrize("text", ["so", "", "it's", "'quoted'", "x = 1"])
def test_other_answers_are_written_as_they_are(text):
    assert tables.harmless(text) == tables.as_written(text) == text
