"""Run a course: hand problem sets out, collect, mark and give them back.

python course.py hand-out ps1       makes the student version
python course.py collect ps1 FILES  takes what students or a platform have sent
python course.py mark ps1           marks what has not been marked as it is
python course.py waits ps1          lists what waits for you
python course.py written ps1        writes a table of the written answers; --enter reads it
python course.py give-back ps1      writes a page of feedback for everyone
python course.py export             writes a table of all marks
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import batch
import cage
import marks
import report
import roster
import variants
import written
from nbgrader.api import Gradebook, MissingEntry

HERE = Path(__file__).resolve().parent
UNCAGED = "--CagedExecute.uncaged=True"


def main():
    """Run one command in the folder of the course."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(does, about, with_set=True):
        name = does.__name__.removesuffix("_answers").replace("_", "-")
        command = commands.add_parser(name, help=about)
        command.set_defaults(does=does)
        if with_set:
            command.add_argument("set", help="name of the problem set, such as ps1")
        return command

    command = add(set_up, "begin a course (make course does it)", with_set=False)
    command.add_argument("folder", help="a new folder")
    command.add_argument("roster", help="a CSV file of the students; may be empty for a variant")
    command.add_argument("--variant", default="", help="a name for the class, or each (student)")
    command.add_argument("--release", action="store_true", help="make all student versions")
    command = add(hand_out, "make the student version")
    command.add_argument("--due", help='such as "2026-11-28 18:00:00 Europe/Berlin"')
    command = add(collect, "take what students have sent")
    command.add_argument("files", nargs="*", type=file, help="notebooks, zip files, folders")
    command = add(mark, "mark what is new; other options are nbgrader's own")
    command.add_argument("--student", help="mark this one only")
    command.add_argument("--force", action="store_true", help="mark again what was marked")
    command.add_argument("--uncaged", action="store_true", help="give student code your rights")
    command.add_argument("--at-once", type=int, default=batch.CORES, help="how many at a time")
    command.add_argument("--dask", metavar="ADDRESS", help="mark on the workers of this scheduler")
    add(waits, "list what waits for you")
    command = add(written_answers, "mark written answers in a table")
    command.add_argument("--enter", action="store_true", help="enter the points of the table")
    add(give_back, "write the feedback")
    command = add(export, "write the marks", with_set=False)
    command.add_argument("set", nargs="?", help="the set whose marks the platform's table takes")
    command.add_argument("--moodle", type=file, metavar="TABLE", help="a table from Moodle")
    command.add_argument("--canvas", type=file, metavar="TABLE", help="a table from Canvas")
    given, more = parser.parse_known_args()
    if more and given.does not in (hand_out, mark):
        parser.error(f"no such option: {' '.join(more)}")
    given.more = more
    if given.does is not set_up:
        os.chdir(HERE)
        if not Path("gradebook.db").exists():
            sys.exit(f"{HERE} is no course yet; in the clone: make course NAME=~/course ROSTER=CSV")
        if given.set and not Path("source", given.set, f"{given.set}.ipynb").exists():
            sets = ", ".join(sorted(path.name for path in Path("source").iterdir()))
            sys.exit(f"there is no problem set {given.set!r}; the sets are {sets}")
    given.does(given)


def file(name):
    """Return a path that stays right when the working directory changes."""
    return Path(name).expanduser().resolve()


def nbgrader(*arguments, cwd=".", stdout=None):
    """Run one of nbgrader's commands; end the program where it fails."""
    command = [sys.executable, "-m", "nbgrader", *arguments, "--log-level=ERROR"]
    if code := subprocess.run(command, cwd=cwd, stdout=stdout, check=False).returncode:
        sys.exit(code)


def gradebook():
    """Return the gradebook of the course in this folder."""
    return Gradebook("sqlite:///gradebook.db")


def set_up(given):
    """Make the folder of a course, or leave everything as it was."""
    each = given.variant == variants.EACH
    if not given.folder or not (given.roster or given.variant) or (each and not given.roster):
        sys.exit("say where and for whom: make course NAME=~/course ROSTER=roster.csv")
    if given.variant and not (HERE / "choices").is_dir():
        sys.exit(f"{HERE} has no folder choices, so that nothing varies; begin in a clone")
    folder = file(given.folder)
    students = roster.read(file(given.roster)) if given.roster else []
    try:
        key = variants.secret_of(HERE, os.environ.get("VARIANTS_SECRET", "")) if each else ""
    except variants.BadVariant as why:
        sys.exit(str(why))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "holds a course" if (folder / "gradebook.db").exists() else "exists"
        sys.exit(f"{folder} {what}; give the name of a folder that does not exist")
    cage.check_course(folder)
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        shutil.copytree(HERE / "source", part / "source")
        for program in HERE.glob("*.py"):
            shutil.copy(program, part)
        if given.roster:
            shutil.copy(file(given.roster), part / roster.KEPT)
        if given.variant:
            shutil.copytree(HERE / "choices", part / "choices")
        if each:
            variants.make_students(part, [student.id for student in students], key)
        elif given.variant:
            variants.make_class(part, given.variant)
        nbgrader("db", "student", "list", cwd=part, stdout=subprocess.DEVNULL)  # makes the book
        with Gradebook(f"sqlite:///{part / 'gradebook.db'}") as book:
            for student in students:
                book.add_student(
                    student.id,
                    first_name=student.first,
                    last_name=student.last,
                    email=student.email,
                )
        if given.release:
            nbgrader("generate_assignment", "*", cwd=part)
        os.rename(part, folder)
    except variants.BadVariant as why:
        sys.exit(str(why).replace(str(part), str(HERE)))
    finally:
        shutil.rmtree(part, ignore_errors=True)
    print(f"{folder}: a course of {len(students)} students; go there and hand a set out")


def hand_out(given):
    """Make the student version of a set, and tell the gradebook which tests there are."""
    due = [f"--duedate={given.due}"] if given.due else []
    nbgrader("db", "assignment", "add", given.set, *due)
    nbgrader("generate_assignment", given.set, *given.more)
    if variants.students_of("."):
        print(f"students/{given.set}/STUDENT_{given.set}.ipynb is for each student")
    else:
        print(f"release/{given.set}/{given.set}.ipynb is for the students")


def collect(given):
    """Sort what has come by students, and say who is missing."""
    archive = Path("downloaded", given.set, "archive")
    archive.mkdir(parents=True, exist_ok=True)
    for path in given.files:
        if not path.exists():
            sys.exit(f"there is no {path}; nothing was collected")
    for path in given.files:
        if path.is_dir():
            shutil.copytree(path, archive / path.name, dirs_exist_ok=True, symlinks=True)
        else:
            shutil.copy(path, archive)
    if not any(archive.iterdir()):
        sys.exit(f"{archive.absolute()} is empty; name the files to collect, or put them there")
    nbgrader("zip_collect", given.set, "--force")
    came = {path.parts[1] for path in Path("submitted").glob(f"*/{given.set}")}
    known = {student.id for student in roster.of_course()}
    print(f"{given.set}: {len(came)} have handed in")
    if known - came:
        print(f"nothing has come from: {', '.join(sorted(known - came))}")
    if known and came - known:
        print(f"not on the roster: {', '.join(sorted(came - known))}")


def mark(given):
    """Mark what is new, and say what came of it."""
    options = [*given.more, *([UNCAGED] if given.uncaged else [])]
    if UNCAGED in options:
        print("student code runs UNCAGED, with your rights", file=sys.stderr)
    elif not given.dask:
        if why := cage.missing():
            sys.exit(
                f"student code cannot be caged here: {why}; nothing was marked; to mark it with "
                f"all your rights: python course.py mark {given.set} --uncaged"
            )
        cage.check_course(HERE)
    if given.at_once < 1:
        sys.exit(f"--at-once must be 1 or more, got {given.at_once}")
    executor, workers = dask(given.dask) if given.dask else (None, given.at_once)
    with gradebook() as book:
        try:
            book.find_notebook(given.set, given.set)
        except MissingEntry:
            sys.exit(f"first: python course.py hand-out {given.set}")
        try:
            ended = batch.mark(
                book, given.set, options, executor, workers, given.student, given.force
            )
        except KeyboardInterrupt:
            sys.exit(f"stopped; to go on: python course.py mark {given.set}")
        summary(book, given.set)
    for student, why in ended.items():
        print(f"{student}: was not marked, since its process was ended: {why}")
    if ended:
        sys.exit(f"to mark these: python course.py mark {given.set}")


def dask(address):
    """Return an executor of Dask, and how many jobs its workers run at once."""
    try:
        from distributed import Client
    except ImportError:
        sys.exit(
            "Dask is not installed; install it here and on the workers: pip install distributed"
        )
    try:
        client = Client(address)
    except (OSError, ValueError) as why:
        sys.exit(f"no scheduler of Dask answers at {address}: {why}")
    client.upload_file("job.py")
    return client.get_executor(), max(1, sum(client.nthreads().values()))


def summary(book, name):
    """Say what marking has found."""
    students = report.marked_cells(name)
    print(*report.by_part(book, name, students), sep="\n")
    if same := report.alike(name, students):
        print("Equal but for names, comments and layout; look at them, chance may do this:")
        print(*same, sep="\n")
    if lines := report.waiting(book, name):
        print("Waits for you:")
        print(*lines, sep="\n")
    print(*report.cost(name), sep="\n")


def waits(given):
    """List what a human has to do."""
    with gradebook() as book:
        lines = report.waiting(book, given.set)
    print(*(lines or [f"{given.set}: nothing waits"]), sep="\n")


def written_answers(given):
    """Write the table of written answers, or enter it."""
    table = Path(f"{given.set}-written.csv")
    if given.enter and not table.exists():
        sys.exit(f"there is no {table}; write it with: python course.py written {given.set}")
    if not given.enter and table.exists():
        sys.exit(f"{table} exists and may hold marks; enter it, or move it away")
    with gradebook() as book:
        (written.enter if given.enter else written.write)(book, given.set, table)


def give_back(given):
    """Write the feedback of all that were marked."""
    nbgrader("generate_feedback", given.set, "--force")
    pages = list(Path("feedback").glob(f"*/{given.set}/{given.set}.html"))
    print(f"feedback/STUDENT/{given.set}/{given.set}.html: {len(pages)} pages")


def export(given):
    """Write the marks of all sets, or fill a platform's table with those of one."""
    with gradebook() as book:
        for platform in marks.PLATFORMS:
            if template := getattr(given, platform):
                if not given.set:
                    sys.exit(f"say which set: python course.py export ps1 --{platform} TABLE")
                table = Path(f"{given.set}-{platform}.csv")
                return marks.fill_in(book, given.set, platform, template, table)
        return marks.export(book, Path("marks.csv"))


if __name__ == "__main__":
    main()
