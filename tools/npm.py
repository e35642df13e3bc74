"""Install a pinned program of npm's into a folder of _build, without a lock file."""

import shutil
import subprocess
import sys

NEEDED = "Node 18 or newer with npm is needed: `apt-get install nodejs npm`"


def install(package, folder, script):
    """Install `name@version` unless it is there; return the command that runs its script."""
    if not shutil.which("npm"):
        sys.exit(NEEDED)
    path = folder / "node_modules" / package.partition("@")[0] / script
    mark = folder / "installed"
    if not (path.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == package):
        print(f"installing {package} into {folder} ...", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund"]
        command += ["--no-package-lock", "--ignore-scripts", "--loglevel=error", package]
        if subprocess.run(command, check=False).returncode:
            sys.exit(f"npm could not install {package}; its messages are above")
        mark.write_text(package, encoding="utf-8")
    return ["node", str(path)]
