"""A course of nbgrader's in a folder of its own, run by the commands that a teacher types."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import cage
from nbgrader.api import Gradebook
from problem_sets import ROOT, answered, read

FOLDERS = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
PATIENCE = 600  # seconds that a slow machine is given
# Marks can be tested without a cage; test_cage.py says where there is none.
UNCAGED = ["--CagedExecute.uncaged=True"] if cage.missing() else []


class Grade(NamedTuple):
    points: float | None
    most: float
    waits: bool  # for a human


class Course:
    def __init__(self, root, sources):
        self.root = Path(root)
        self.root.mkdir(exist_ok=True)
        for path in sources:
            folder = self.root / "source" / path.stem
            folder.mkdir(parents=True)
            shutil.copy(path, folder)
        for program in ROOT.glob("assignments/*.py"):
            shutil.copy(program, self.root)

    def nbgrader(self, *arguments, fails=False):
        """Run one command and return what it says; complain if it does not end as it should."""
        if arguments[0] == "autograde":
            arguments = (*arguments, *UNCAGED)
        said = run("-m", "nbgrader", *arguments, home=self.root / "home", cwd=self.root)
        assert bool(said.returncode) == fails, said.stdout[-4000:]
        return said.stdout

    def source(self, name):
        return read(self.root / "source" / name / f"{name}.ipynb")

    def release(self, name):
        return read(self.root / "release" / name / f"{name}.ipynb")

    def submit(self, name, student, answers):
        """Hand in a notebook with these answers, or a file with this text."""
        if isinstance(answers, dict):
            answers = json.dumps(answered(self.release(name), answers))
        folder = self.root / "submitted" / student / name
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_text(answers, encoding="utf-8")
        return folder

    def grades(self, name, student):
        """Return the automatic grade of each graded cell."""
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as book:
            notebook = book.find_submission_notebook(name, name, student)
            return {
                grade.name: Grade(grade.auto_score, grade.max_score, grade.needs_manual_grade)
                for grade in notebook.grades
            }

    def run_as_student(self, name):
        """Run a student version from top to bottom, whatever fails, without nbgrader."""
        options = ("--to=notebook", "--execute", "--allow-errors", f"--output-dir={self.root}")
        file = self.root / "release" / name / f"{name}.ipynb"
        said = run("-m", "nbconvert", *options, str(file), home=self.root / "home", cwd=self.root)
        assert said.returncode == 0, said.stdout[-4000:]
        return read(self.root / file.name)

    def graded(self, name, student):
        """Return the notebook with the outputs of its marking."""
        return read(self.root / "autograded" / student / name / f"{name}.ipynb")

    def feedback(self, name, student):
        return self.root / "feedback" / student / name / f"{name}.html"


def run(*arguments, home, cwd):
    """Run Python on a program that sees nothing of this user, not even the programs beside it."""
    environment = os.environ | {"PATH": os.defpath}
    for variable in FOLDERS:
        environment[variable] = str(home / variable.lower())
        Path(environment[variable]).mkdir(parents=True, exist_ok=True)
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def error_of(cell):
    """Return the name and the message of the first error among a cell's outputs."""
    for output in cell.get("outputs", []):
        if output["output_type"] == "error":
            return output["ename"], output["evalue"]
    return None
