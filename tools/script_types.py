"""Check the types in the pages' scripts with TypeScript, as tsconfig.json says.

Usage: python tools/script_types.py

Types are written as JSDoc comments. TypeScript is installed once, pinned, into _build/typescript.
"""

import subprocess
import sys
from pathlib import Path

import npm

ROOT = Path(__file__).resolve().parent.parent
TYPESCRIPT = "typescript@5.9.3"


def main():
    compiler = npm.install(TYPESCRIPT, ROOT / "_build" / "typescript", "lib/tsc.js")
    return subprocess.run([npm.NODE, compiler, "--project", str(ROOT)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
