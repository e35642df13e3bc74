"""What nbgrader does with a submission here: read it, mend it, run it in the cage, bound it.

`nbgrader_config.py` puts these classes in the places of nbgrader's own.
"""

import ast
import hashlib
import io
import json
import sys
from pathlib import Path

import cage
import variants
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    Execute,
    NbGraderPreprocessor,
    OverwriteCells,
    SaveAutoGrades,
)
from nbgrader.utils import is_grade, is_locked, is_solution
from traitlets import Bool, Integer

LARGEST = 64  # megabytes of a submission
CHANGED = "ChangedNames"
SHOWN = ("text/plain", "text/latex", "image/png", "image/jpeg")  # nothing that a browser would run
LEFT_OUT = "... Output truncated ..."
TOLD = []  # what a human should look at, a line each


class Submissions(NotebookExporter):
    """Read notebooks from any editor; refuse to begin where student code cannot be caged."""

    def __init__(self, **settings):
        super().__init__(**settings)
        course = self.parent.coursedir.root if self.parent else Path.cwd()
        variants.check_course(course)
        if CagedExecute(parent=self).uncaged:
            print("student code runs UNCAGED, with your rights", file=sys.stderr)
            return
        if why := cage.missing():
            sys.exit(
                f"student code cannot be caged here: {why}; nothing was marked; to mark it with "
                "all your rights: python course.py mark SET --uncaged"
            )
        cage.check_course(course)

    def from_filename(self, filename, resources=None, **settings):
        """Read a file that may begin with the mark of an editor for Windows."""
        file = Path(filename)
        if file.is_symlink() or not file.is_file():
            raise ValueError(f"{file} is a link or a folder, not a notebook")
        if file.stat().st_size > LARGEST << 20:
            raise ValueError(f"{file} is larger than {LARGEST} MB; ask for it without outputs")
        data = file.read_bytes()
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = io.StringIO(data.decode("utf-16" if wide else "utf-8-sig"))
        resources = dict(resources or {})
        resources["metadata"] = {"name": file.stem, "path": str(file.parent)}
        return self.from_file(text, resources=resources, **settings)


class MendCells(NbGraderPreprocessor):
    """Make what a notebook says of its cells agree with the gradebook, whatever was edited.

    Of a copied or split cell the last keeps its role; a written answer keeps all its text.
    """

    def preprocess(self, nb, resources):
        """Rewrite the roles of all cells."""
        roles = roles_of(resources["nbgrader"])
        kept, last = [], {}
        for cell in reversed(nb.cells):
            given = cell.metadata.pop("nbgrader", None)
            name = given.get("grade_id") if isinstance(given, dict) else None
            role = roles.get(name) if isinstance(name, str) else None
            if role and name in last and role["grade"] and role["solution"]:
                last[name].source = f"{cell.source}\n\n{last[name].source}"
                continue
            if role and name not in last:
                last[name] = cell
                cell.metadata["nbgrader"] = role
            kept.append(cell)
        nb.cells = kept[::-1]
        return nb, resources


def roles_of(place):
    """Return what the gradebook knows of the cells of a notebook, by their names."""
    with Gradebook(place["db_url"]) as book:
        notebook = book.find_notebook(place["notebook"], place["assignment"])
        most = {cell.name: cell.max_score for cell in notebook.grade_cells}
        tasks = {cell.name: cell.max_score for cell in notebook.task_cells}
        answers = {cell.name for cell in notebook.solution_cells}
        roles = {}
        for cell in notebook.source_cells:
            roles[cell.name] = {
                "schema_version": 3,
                "grade_id": cell.name,
                "grade": cell.name in most,
                "solution": cell.name in answers,
                "locked": bool(cell.locked),
                "task": cell.name in tasks,
            }
            if cell.name in most or cell.name in tasks:
                roles[cell.name]["points"] = (most | tasks)[cell.name]
        return roles


class OverwriteWithOwn(OverwriteCells):
    """Put the gradebook's cells into a submission, and then those of the student's variant.

    Which variant it is follows from the student. What the file claims is only compared with it.
    """

    def preprocess(self, nb, resources):
        """Overwrite all locked cells."""
        name, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        said, owners = variants.claims(nb), {}
        nb, resources = super().preprocess(nb, resources)
        course = Path(CourseDirectory(parent=self).root)
        if students := variants.students_of(course):
            key = variants.secret_of(course)
            right = variants.own(course, name, student, key)
            variants.put(nb, right)
            owners = {variants.code_of(key, name, other): other for other in students}
            if student not in students:
                TOLD.append(f"{student}: is not in roster.csv; {name} was marked all the same")
        else:
            right = variants.read(course, name)
        if said != (due := variants.claims(right)):
            said, due = variants.listed(said, owners), variants.listed(due, owners)
            TOLD.append(f"{student}: {name} says that it is {said}, and was marked as {due}")
        return nb, resources


class CagedExecute(Execute):
    """Run a submission in the cage, and keep of its output what can be read."""

    uncaged = Bool(False, help="Run student code with your own rights.").tag(config=True)
    text = Integer(50_000, help="Characters of text that a cell may show.").tag(config=True)
    pictures = Integer(1_000_000, help="Characters of pictures that a cell may show.").tag(
        config=True
    )
    flood = Integer(50, help="Megabytes of messages that end a submission.").tag(config=True)
    store_widget_state = False

    def preprocess(self, nb, resources, km=None):
        """Run all cells."""
        self.student = resources["nbgrader"]["student"]
        self.received, self.flooded, self.room = 0, False, {}
        return super().preprocess(nb, resources, km=km)

    def create_kernel_manager(self):
        """Return a kernel manager whose kernels begin in the cage."""
        if self.uncaged:
            return super().create_kernel_manager()
        self.kernel_manager_class = cage.CagedKernelManager
        manager = super().create_kernel_manager()
        locked = [cell.source for cell in self.nb.cells if is_code(cell) and is_locked(cell)]
        manager.given = [hashlib.sha256(text.encode()).hexdigest() for text in locked]
        watched = {name for text in locked for name in imported(text)}
        # Matplotlib replaces functions of its own when it first draws.
        manager.watched = sorted(name for name in watched if not name.startswith("matplotlib"))
        return manager

    def preprocess_cell(self, cell, resources, index):
        """Run a cell; a test does not go into the history that later cells can read."""
        return self.execute_cell(cell, index, store_history=not is_grade(cell)), resources

    def process_message(self, msg, cell, cell_index):
        """Bound what a message may add to the notebook, and end a flood."""
        text = msg["content"].get("text")
        whole = text if isinstance(text, str) else json.dumps(msg["content"], default=str)
        self.received += len(whole)
        if self.received > self.flood << 20 and self.km.provisioner.process:
            if not self.flooded:
                TOLD.append(f"{self.student}: ended, since it sent more than {self.flood} MB")
            self.flooded = True
            self.km.provisioner.process.kill()
        room = self.room.setdefault(cell_index, {"text": self.text, "pictures": self.pictures})
        shorten(msg["content"], room)
        return super().process_message(msg, cell, cell_index)

    def on_cell_executed(self, **settings):
        """Let a test wait for a human if names that it may rely on had been changed."""
        super().on_cell_executed(**settings)
        cell, reply = settings["cell"], settings["execute_reply"]["content"]
        changed = reply.get("changed")
        if changed and is_grade(cell):
            names = ", ".join(map(str, changed))[:500]
            text = f"changed before this test, which waits for a human: {names}"
            cell.outputs.append(error(CHANGED, text))
            test = cell.metadata.nbgrader["grade_id"]
            TOLD.append(f"{self.student}: {test} waits for a human; changed before it: {names}")
            self.log.error(TOLD[-1])


def is_code(cell):
    """Return whether a cell is run."""
    return cell.cell_type == "code"


def imported(source):
    """Return the modules that a cell imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def error(name, text):
    """Return an error as an output of a cell."""
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def shorten(content, room):
    """Shorten the output in a message to the room that its cell still has.

    Parameters
    ----------
    content : dict
        What the message says; changed in place.
    room : dict
        Characters of text and of pictures that may still be shown; changed in place.
    """
    if "traceback" in content:  # an error is always kept, since it decides about points
        content["evalue"] = str(content.get("evalue"))[:2000]
        content["traceback"] = [str(line)[:2000] for line in content["traceback"]][-40:]
    elif isinstance(content.get("text"), str):
        content["text"] = cut(content["text"], room)
    elif isinstance(content.get("data"), dict):
        shown = {kind: content["data"][kind] for kind in SHOWN if kind in content["data"]}
        for kind, value in shown.items():
            value = "".join(value) if isinstance(value, list) else str(value)
            if kind.startswith("text"):
                shown[kind] = cut(value, room)
            elif len(value) > room["pictures"]:
                shown[kind] = ""
            else:
                shown[kind] = value
                room["pictures"] -= len(value)
        content["data"] = {kind: value for kind, value in shown.items() if value}


def cut(text, room):
    """Return a text, or its beginning where there is room for no more."""
    if len(text) > room["text"]:
        text = text[: room["text"]] + (f"\n{LEFT_OUT}\n" if room["text"] else "")
    room["text"] = max(0, room["text"] - len(text))
    return text


class SaveGrades(SaveAutoGrades):
    """Save points; a test before which names were changed earns none until a human has looked."""

    def _add_score(self, cell, resources):
        super()._add_score(cell, resources)
        outputs = cell.get("outputs", [])
        if any(output.get("ename") == CHANGED for output in outputs) and not is_solution(cell):
            place = resources["nbgrader"]
            grade = self.gradebook.find_grade(
                cell.metadata.nbgrader["grade_id"],
                place["notebook"],
                place["assignment"],
                place["student"],
            )
            grade.needs_manual_grade = True
            self.gradebook.db.commit()
