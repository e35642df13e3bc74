"""Prepare an environment, or add to it what a task needs.

Usage: python tools/install.py FOLDER GROUP …       a group of pyproject.toml and langevin
       python tools/install.py FOLDER FILE.txt …    what a file of pins names

uv installs, where it is there or can be had from the package index; else pip does, more slowly.
Everything is in the versions of requirements.txt, the one lock of all groups.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.txt"
EXCLUDED = ROOT / "tools" / "excluded.txt"
QUIET = ["--quiet", "--disable-pip-version-check"]


def main(folder, *wanted):
    """Make the environment if it is not there, and install what is wanted."""
    folder = Path(folder)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    uv = shutil.which("uv")
    made = folder / ".made"  # python is there before pip is
    if not (made.is_file() and python.is_file()):
        run(sys.executable, "-m", "venv", "--clear", folder)
        made.touch()
    install = installer(python, uv)
    for name in wanted:
        if name.endswith(".txt"):
            run(*install, "-r", name)
        else:
            leave_out = ["--excludes", EXCLUDED] if "--compile-bytecode" in install else []
            run(*install, *leave_out, "-c", LOCK, *group(name))
            run(*install, "--no-deps", "-e", ROOT)


def installer(python, uv):
    """Return the command that installs: uv's, from the PATH or the environment, or else pip's."""
    if not uv:
        pip = [python, "-m", "pip", "install", *QUIET]
        uv = python.with_name("uv")
        if subprocess.run([*pip, pin("uv")], check=False).returncode:
            print("uv could not be installed; pip takes its place, and some minutes more")
            return pip
    return [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python]


def group(name):
    """Return the names of the packages of a group, with those of the groups that it includes."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = groups["dependency-groups"]
    if name not in groups:
        sys.exit(f"no group is called {name}; pyproject.toml has {', '.join(groups)}")
    return [
        package
        for entry in groups[name]
        for package in (group(entry["include-group"]) if isinstance(entry, dict) else [entry])
    ]


def pin(name):
    """Return the line of the lock that pins a package."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{name}=="))


def run(*command):
    if code := subprocess.run(command, check=False).returncode:
        sys.exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
