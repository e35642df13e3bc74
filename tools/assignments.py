"""Make the problem sets for students, without solutions and hidden tests, in _build/assignments.

Usage: python tools/assignments.py
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE = ROOT / "_build" / "assignments"


def main():
    shutil.rmtree(MADE, ignore_errors=True)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "*", "--no-db"]
    command += ["--log-level=WARN", f"--CourseDirectory.release_directory={MADE / 'release'}"]
    if code := subprocess.run(command, cwd=ROOT / "assignments", check=False).returncode:
        sys.exit(code)
    for notebook in MADE.glob("release/*/*.ipynb"):
        notebook.rename(MADE / notebook.name)
    shutil.rmtree(MADE / "release")


if __name__ == "__main__":
    main()
