"""Build the book without make: the pages, without JupyterLite, into _build/site.

Usage: python tools/without_make.py
"""

import os
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
STEPS = ["assignments.py", "execute.py", "pages.py", "pages.py zh_CN", "finish.py"]

if __name__ == "__main__":
    os.environ |= {"PYTHONPATH": str(TOOLS.parent / "_ext"), "LANGEVIN_LITE": "0"}
    for step in STEPS:
        program, *language = step.split()
        if subprocess.run([sys.executable, TOOLS / program, *language], check=False).returncode:
            sys.exit(f"tools/{step} failed: see above")
