"""Make the problem sets for students, without solutions and hidden tests, in _build/assignments.

python tools/assignments.py                       the example, which the book offers
python tools/assignments.py --variant autumn-26   a course, in _build/assignments-autumn-26
python tools/assignments.py --roster class.csv    a course, in _build/assignments-class, where each
                                                  student has a variant of the own
"""

import argparse
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "assignments"
MADE = ROOT / "_build" / "assignments"
COURSE = ("*.py", "secret.txt")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--variant", metavar="NAME", help="the variant of a class, by any name")
    asked.add_argument("--roster", metavar="FILE", help="a CSV file with the students' names")
    given = parser.parse_args()
    if given.variant or given.roster:
        make_course(given.variant, given.roster)
    else:
        make_example()


def make_example():
    """Make the student versions of the notebooks as they stand."""
    shutil.rmtree(MADE, ignore_errors=True)
    generate(SOURCE, f"--CourseDirectory.release_directory={MADE / 'release'}", "--no-db")
    for notebook in MADE.glob("release/*/*.ipynb"):
        notebook.rename(MADE / notebook.name)
    shutil.rmtree(MADE / "release")


def make_course(name, roster):
    """Make a course with variants, from a copy of the folder with the problem sets."""
    sys.path.insert(0, str(SOURCE))
    variants = importlib.import_module("variants")
    try:
        course = MADE.with_name(f"{MADE.name}-{variants.named(name or Path(roster).stem)}")
    except variants.BadVariant as why:
        sys.exit(str(why))
    if course.exists():
        sys.exit(f"{course} exists, perhaps with marks in it; move it away first")
    building = course.with_name(f".{course.name}-{os.getpid()}")
    try:
        for folder in ("source", "choices"):
            shutil.copytree(SOURCE / folder, building / folder)
        for pattern in COURSE:
            for file in SOURCE.glob(pattern):
                shutil.copy(file, building)
        if roster:
            variants.make_students(building, roster)
        else:
            variants.make_class(building, name)
        generate(building)
        building.rename(course)
    except variants.BadVariant as why:
        sys.exit(str(why).replace(str(building), str(SOURCE)))
    finally:
        shutil.rmtree(building, ignore_errors=True)
    made = "students/ has each student's files" if roster else "release/ has the students' files"
    print(f"{course} is a course for nbgrader; {made}. Move it to where you teach.")


def generate(course, *options):
    """Let nbgrader make the student versions of a course."""
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "*", "--log-level=WARN"]
    if code := subprocess.run([*command, *options], cwd=course, check=False).returncode:
        sys.exit(code)


if __name__ == "__main__":
    main()
