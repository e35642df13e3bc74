"""Make variants of the problem sets: one for a class, or one for each student.

`choices/psN.toml` says what varies in `source/psN/psN.ipynb`. Each table is a choice, whose values
are drawn; the first is the one of the notebook as it stands, the example. `every` and the values
have tables with the cells that change: `cell = [[old text, new text], ...]`. In a new text, « »
hold an expression of the choices. nbgrader gives students all files beside a notebook, so that the
choices, which hold solutions, have a folder of their own. In a course with a roster.csv each
student has a variant, drawn with the secret in its secret.txt.
"""

import csv
import hashlib
import hmac
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unicodedata
from pathlib import Path

import nbformat
import roster
from jinja2 import Environment, StrictUndefined, TemplateError
from nbgrader.utils import compute_checksum, is_locked

SHORTEST = 16  # characters of a secret
LINE = "This is variant `{}`."
CLAIM = re.compile(re.escape(LINE).replace(r"\{\}", "([^`]*)"))
EACH = "each"  # instead of the name of a variant: one for each student
ROSTER = "roster.csv"  # of a course in which each student has a variant
SECRET = "secret.txt"
FORMS = Environment(
    variable_start_string="«",
    variable_end_string="»",
    block_start_string="«%",
    block_end_string="%»",
    comment_start_string="«#",
    comment_end_string="#»",
    undefined=StrictUndefined,
    autoescape=False,
    keep_trailing_newline=True,
)


class BadVariant(ValueError):
    """What a teacher has given cannot be made; the message says why."""


def choices_of(course, name):
    """Return what varies in a set.

    Parameters
    ----------
    course : path-like
        The folder of the course.
    name : str
        The name of a set, such as "ps1".

    Returns
    -------
    dict
        For each choice its `values`, and the changes of each value; empty if nothing varies.
    """
    file = Path(course) / "choices" / f"{name}.toml"
    if not file.exists():
        return {}
    try:
        choices = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as why:
        raise BadVariant(f"{file} is no TOML: {why}") from None
    for choice, table in choices.items():
        values = table.get("values") if isinstance(table, dict) else None
        if not isinstance(values, list) or len(set(map(str, values))) != len(values):
            raise BadVariant(f"{file}: {choice} needs `values`, a list in which no value is twice")
        if len(values) < 2:
            raise BadVariant(f"{file}: {choice} has the values {values}; with less than two of "
                             "them nothing varies")  # fmt: skip
        if unknown := set(table) - {"values", "every", *map(str, values)}:
            raise BadVariant(f"{file}: {choice} changes cells for {sorted(unknown)}, which are "
                             f"none of its values {values}")  # fmt: skip
    return choices


def draw(choices, key, who):
    """Return one value of each choice, always the same ones for a key and a name.

    Parameters
    ----------
    choices : dict
        As `choices_of` returns them.
    key : str
        The secret of the course; empty for a class, whose variant hangs on its name alone.
    who : str
        The set and the name of the student or of the class.
    """
    drawn = {}
    for choice, table in choices.items():  # each on its own: a new one leaves the others alone
        number = int(digest(key, f"{who}\n{choice}"), 16)
        drawn[choice] = table["values"][number % len(table["values"])]
    return drawn


def example(choices):
    """Return the values of the notebook as it stands."""
    return {choice: table["values"][0] for choice, table in choices.items()}


def digest(key, text):
    """Return what only those can compute who know the key."""
    text = unicodedata.normalize("NFC", text)
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def render(notebook, choices, values):
    """Return a problem set whose choices have these values.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The set as it stands; left as it is.
    choices : dict
        As `choices_of` returns them.
    values : dict
        A value of each choice.
    """
    made = nbformat.from_dict(notebook)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in made.cells}
    if unknown := set(values) ^ set(choices):
        raise BadVariant(f"{sorted(unknown)}: the set varies in {sorted(choices)}, so that each "
                         "of these needs a value and no other has one")  # fmt: skip
    for choice, value in values.items():
        table = choices[choice]
        if value not in table["values"]:
            raise BadVariant(f"{choice} = {value!r} is none of its values {table['values']}")
        for part in ("every", str(value)):
            for name, changes in table.get(part, {}).items():
                where = f"the choice {choice}, value {value!r}, cell {name}"
                if name not in cells:
                    raise BadVariant(f"{where}: the set has no cell of this name")
                for change in changes:
                    cells[name].source = changed(cells[name].source, change, values, where)
    return made


def changed(source, change, values, where):
    """Return the text of a cell after one change."""
    if len(change) != 2 or not all(isinstance(text, str) for text in change):
        raise BadVariant(f"{where}: a change is a pair [old text, new text], not {change!r}")
    old, new = change
    if old not in source:
        raise BadVariant(f"{where}: the cell does not have the text {old!r}")
    try:
        return source.replace(old, FORMS.from_string(new).render(values))
    except TemplateError as why:
        raise BadVariant(f"{where}: the new text {new!r} cannot be made: {why}") from None


def marked(notebook, code):
    """Return a problem set that says, in its metadata and in a line, which variant it is."""
    notebook = nbformat.from_dict(notebook)
    notebook.metadata["variant"] = code
    first = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
    first.source += "\n\n" + LINE.format(code)
    return notebook


def claims(notebook):
    """Return the names of the variants that a notebook says it is."""
    said = {notebook.metadata.get("variant")} - {None}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            said |= set(CLAIM.findall(cell.source))
    return {str(code) for code in said}


def own(course, name, student, key):
    """Return a student's own variant of a set, with its solution and all tests.

    Parameters
    ----------
    course : path-like
        The folder of the course.
    name : str
        The name of a set, such as "ps1".
    student : str
        The name by which the course knows the student.
    key : str
        The secret of the course.
    """
    source = read(course, name)
    choices = choices_of(course, name)
    if not choices:
        return source
    values = draw(choices, key, f"{name}\n{student}")
    return marked(render(source, choices, values), code_of(key, name, student))


def code_of(key, name, student):
    """Return the name of a student's variant of a set, which tells nothing without the key."""
    return digest(key, f"{name}\n{student}")[:8]


def read(course, name):
    """Return a problem set as it stands in the course."""
    return nbformat.read(Path(course) / "source" / name / f"{name}.ipynb", 4)


def sets_of(course):
    """Return the names of the problem sets of a course."""
    found = sorted(path.stem for path in Path(course).glob("source/*/*.ipynb"))
    if not found:
        raise BadVariant(f"{course} has no problem sets source/NAME/NAME.ipynb; change to the "
                         "folder of your course")  # fmt: skip
    return found


def secret_of(course, key=""):
    """Return the secret of a course, from which its students' variants are drawn.

    Parameters
    ----------
    course : path-like
        The folder of the course, with the file secret.txt.
    key : str, optional
        The value of the variable VARIANTS_SECRET; it goes before the file.
    """
    file, key, where = Path(course) / SECRET, key.strip(), "the variable VARIANTS_SECRET"
    if not key and file.exists():
        key, where = file.read_text(encoding="utf-8").strip(), str(file)
    if not key:
        raise BadVariant("students' variants are drawn with a secret, and there is none: write "
                         f"{SHORTEST} or more random characters into {file}")  # fmt: skip
    if len(key) < SHORTEST:
        raise BadVariant(f"{where} holds a secret of {len(key)} characters, which can be guessed: "
                         f"take {SHORTEST} or more")  # fmt: skip
    return key


def named(name):
    """Return the name of a variant for a class, if it can be one."""
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise BadVariant(f"a variant cannot be called {name!r}; take letters, digits, - and _")
    return name


def make_class(course, name):
    """Turn the sources of a course into the variant with a name.

    Parameters
    ----------
    course : path-like
        The folder of the course.
    name : str
        Any name; it alone decides about the variant.
    """
    named(name)
    made = {}
    for set_name in sets_of(course):
        if choices := choices_of(course, set_name):
            values = draw(choices, "", f"{set_name}\n{name}")
            made[set_name] = marked(render(read(course, set_name), choices, values), name)
    if not made:
        raise BadVariant(f"{course} is a variant already, or nothing varies: it has no file "
                         "choices/NAME.toml; begin with a new copy of the folder")  # fmt: skip
    for set_name, notebook in made.items():
        nbformat.write(notebook, Path(course) / "source" / set_name / f"{set_name}.ipynb")
    shutil.rmtree(Path(course) / "choices")


def make_students(course, students, key):
    """Write each student's version of each set into students/, with what marking needs of it.

    Parameters
    ----------
    course : path-like
        The folder of the course.
    students : list of str
        The names by which the course knows the students.
    key : str
        The secret, which the course keeps.
    """
    course = Path(course).resolve()
    with tempfile.TemporaryDirectory() as folder:
        for name in sets_of(course):
            (Path(folder) / "source" / name).mkdir(parents=True)
            for student in students:
                file = Path(folder) / "source" / name / f"{student}_{name}.ipynb"
                nbformat.write(own(course, name, student, key), file)
        command = [sys.executable, "-m", "nbgrader", "generate_assignment", "*", "--no-db"]
        command += ["--log-level=WARN", f"--CourseDirectory.root={folder}"]
        if code := subprocess.run(command, cwd=course, check=False).returncode:
            sys.exit(code)
        shutil.move(Path(folder) / "release", course / "students")
    with open(course / ROSTER, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["student_id"], *([student] for student in students)])
    (course / SECRET).touch(mode=0o600)
    (course / SECRET).write_text(key + "\n", encoding="utf-8")


def students_of(course):
    """Return the students who have variants of their own; none where the class has one."""
    file = Path(course) / ROSTER
    return [student.id for student in roster.read(file)] if file.exists() else []


def check_course(course):
    """End the program if the students of a course have variants and there is no secret."""
    if students_of(course):
        try:
            secret_of(course)
        except BadVariant as why:
            sys.exit(f"{why}; nothing was marked")


def put(nb, right):
    """Give the locked cells of a submission the text that they have in a variant."""
    sources = {cell.metadata.nbgrader["grade_id"]: cell for cell in right.cells
               if "nbgrader" in cell.metadata}  # fmt: skip
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in sources and is_locked(cell):
            cell.source = sources[name].source
            cell.metadata.nbgrader["checksum"] = compute_checksum(cell)


def listed(codes, owners):
    """Return the names of variants as a reader is told of them, with the students' names."""
    told = [f"{code} ({owners[code]})" if code in owners else code for code in sorted(codes)]
    return "variant " + " and ".join(told) if told else "no variant"
