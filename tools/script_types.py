"""Check the types in the pages' scripts with TypeScript, as tsconfig.json says.

Usage: python tools/script_types.py

Types are written as JSDoc comments. TypeScript is installed once, pinned, into _build/typescript.
Without npm the check is skipped, or fails where LANGEVIN_REQUIRE_NPM=1.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import npm

ROOT = Path(__file__).resolve().parent.parent
TYPESCRIPT = "typescript@5.9.3"


def main():
    if not shutil.which("npm") and os.environ.get("LANGEVIN_REQUIRE_NPM") != "1":
        print(f"skipped the types of the scripts: {npm.NEEDED}")
        return 0
    command = npm.install(TYPESCRIPT, ROOT / "_build" / "typescript", "lib/tsc.js")
    return subprocess.run([*command, "--project", str(ROOT)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
