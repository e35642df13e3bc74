"""Run every stage of the tests, stop at none, and say at the end which failed.

Usage: python tests/run.py [stage ...]      (no stage: all of them, in this order)
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
PYTEST = [PYTHON, "-m", "pytest", "-p", "no:cacheprovider"]
CODE = ["lib", "tests", "_ext", "tools", "lite", "bench", "chapters"]
CODE += map(str, ROOT.glob("assignments/*.py"))
WRITTEN = ["intro.md", "parts", "appendix", "assignments", "assets", "references.bib"]
WRITTEN += [*CODE, *(path.name for path in ROOT.glob("*.md"))]
NBVAL = ["--nbval-lax", "--nbval-kernel-name", "binder", "--nbval-cell-timeout", "120"]
NBVAL += ["--nbval-kernel-startup-timeout", "180"]
EXAMPLES = ["--doctest-modules", "lib/langevin", "_ext/book"]
NOTEBOOKS = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("chapters/*.ipynb"))
# The command lint-imports, which does not ask pytest's configuration where the extension is.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"

STAGES = {
    "lint": [
        # Its cache does not notice that an imported module has moved.
        [PYTHON, "-m", "ruff", "check", "--no-cache", *CODE],
        [PYTHON, "-m", "ruff", "format", "--check", *CODE],
        [PYTHON, "-m", "codespell_lib", *WRITTEN],
        [PYTHON, "-m", "mypy"],
        [PYTHON, "tools/script_types.py"],
        [PYTHON, "-c", "import sys; sys.path.insert(0, '_ext'); " + LINT_IMPORTS],
    ],
    "library": [
        [*PYTEST, "-n", "2", "tests/library", *EXAMPLES, "--cov"],
    ],
    "notebooks": [
        [PYTHON, "tools/notebook_rule.py", *NOTEBOOKS],
        [*PYTEST, "tests/notebooks"],
    ],
    "nbval": [
        ["make", "binder"],
        [*PYTEST, *NBVAL, "-n", "2", "--dist", "loadfile", "chapters", "tests/binder"],
    ],
    "assignments": [["make", "assignments"], [*PYTEST, "tests/assignments"]],
    "book": [["make", "book"], [*PYTEST, "-n", "2", "tests/book"]],
    "browser": [["make", "book"], [*PYTEST, "-n", "2", "tests/browser"]],
    "lab": [[*PYTEST, "tests/lab"]],
    "lite": [["make", "lite"], [*PYTEST, "tests/lite"]],
}


def run(stage):
    """Run all commands of one stage; return the number that failed and the seconds taken."""
    start = time.perf_counter()
    failed = 0
    for command in STAGES[stage]:
        print(f"\n── {stage}: {' '.join(command).replace(PYTHON, 'python')}", flush=True)
        failed += subprocess.run(command, cwd=ROOT, check=False).returncode != 0
    return failed, time.perf_counter() - start


def main(wanted):
    unknown = [stage for stage in wanted if stage not in STAGES]
    if unknown:
        sys.exit(f"no stage is called {', '.join(unknown)}; the stages are {', '.join(STAGES)}")
    results = {stage: run(stage) for stage in wanted or STAGES}
    print()
    for stage, (failed, seconds) in results.items():
        print(f"{'FAILED' if failed else 'ok':>6}  {stage:<11} {seconds:6.1f} s")
    red = sum(bool(failed) for failed, _ in results.values())
    print(f"stages: {len(results) - red} passed, {red} failed")
    sys.exit(bool(red))


if __name__ == "__main__":
    main(sys.argv[1:])
