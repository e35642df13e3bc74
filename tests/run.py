"""Run every stage of the tests, stop at none, and say at the end which failed, and where.

Usage: python tests/run.py [stage ...]      (no stage: all of them, in this order)
       python tests/run.py check            (what one runs while writing)
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
PYTEST = [PYTHON, "-m", "pytest", "-p", "no:cacheprovider"]
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
SPREAD = [*PYTEST, "-n", str(CORES)]
BY_FILE = [*SPREAD, "--dist", "loadfile"]  # what a file's fixtures build is built once
CODE = ["lib", "tests", "_ext", "tools", "lite", "bench", "chapters"]
CODE += map(str, ROOT.glob("assignments/*.py"))
WRITTEN = ["intro.md", "parts", "appendix", "assignments", "assets", "references.bib"]
WRITTEN += [*CODE, *(path.name for path in ROOT.glob("*.md"))]
NBVAL = ["--nbval-lax", "--nbval-kernel-name", "binder", "--nbval-cell-timeout", "120"]
NBVAL += ["--nbval-kernel-startup-timeout", "180"]
EXAMPLES = ["--doctest-modules", "lib/langevin", "_ext/book", "tools/dependencies.py"]
NOTEBOOKS = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("chapters/*.ipynb"))
# The command lint-imports, which does not ask pytest's configuration where the extension is.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"

# Commands of a group run side by side, groups one after the other.
STAGES = {
    "lint": [
        [
            # Its cache does not notice that an imported module has moved.
            [PYTHON, "-m", "ruff", "check", "--no-cache", *CODE],
            [PYTHON, "-m", "ruff", "format", "--check", *CODE],
            [PYTHON, "-m", "codespell_lib", *WRITTEN],
            [PYTHON, "-m", "mypy"],
            [PYTHON, "tools/script_types.py"],
            [PYTHON, "-c", "import sys; sys.path.insert(0, '_ext'); " + LINT_IMPORTS],
        ]
    ],
    "library": [[[*SPREAD, "tests/library", *EXAMPLES, "--cov"]]],
    "notebooks": [
        [[PYTHON, "tools/notebook_rule.py", *NOTEBOOKS], [*BY_FILE, "tests/notebooks"]],
    ],
    "nbval": [[["make", "binder"]], [[*BY_FILE, *NBVAL, "chapters", "tests/binder"]]],
    "assignments": [[["make", "assignments"]], [[*BY_FILE, "tests/assignments"]]],
    "book": [[["make", "book"]], [[*SPREAD, "tests/book"]]],
    "browser": [[["make", "book"]], [[*SPREAD, "tests/browser"]]],
    "engines": [
        [["make", "book"]],
        [[*PYTEST, "tests/engines", "--engine", name] for name in ("firefox", "webkit")],
    ],
    "lab": [[[*BY_FILE, "tests/lab"]]],
    "lite": [[["make", "lite"]], [[*PYTEST, "tests/lite"]]],
}
BY_NAME = {"peers": [[["make", "peers"]]]}  # run only when asked for: they need other libraries
CHECK = {
    "lint": STAGES["lint"],
    "library": [[[*SPREAD, "tests/library"]]],
    "notebooks": STAGES["notebooks"],
}
FAILURE = re.compile(r"^(?:FAILED|ERROR|make: \*\*\*|.* FAILED in) .*", re.MULTILINE)


def run(command):
    """Run a command, show its output when it is done, and return that and whether it failed."""
    environment = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
    shown = " ".join(command).replace(PYTHON, "python")
    print(f"   {shown} ...", flush=True)
    done = subprocess.run(
        command, cwd=ROOT, check=False, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
    )  # fmt: skip
    print(f"\n── {shown}\n{done.stdout}", flush=True)
    return done.stdout, done.returncode != 0


def run_stage(groups):
    """Run all commands of a stage; return what failed, a line each, and the seconds taken."""
    start = time.perf_counter()
    failures = []
    for group in groups:
        with ThreadPoolExecutor(len(group)) as pool:
            for command, (output, failed) in zip(group, pool.map(run, group), strict=True):
                if failed:
                    names = FAILURE.findall(output) or [f"FAILED {' '.join(command[:6])}"]
                    failures += [name[:300] for name in names]
    return failures, time.perf_counter() - start


def main(wanted):
    stages = CHECK if wanted == ["check"] else STAGES | BY_NAME if wanted else STAGES
    wanted = [] if stages is CHECK else wanted
    unknown = [stage for stage in wanted if stage not in stages]
    if unknown:
        sys.exit(f"no stage is called {', '.join(unknown)}; the stages are {', '.join(stages)}")
    results = {stage: run_stage(stages[stage]) for stage in wanted or stages}
    print()
    for stage, (failures, _) in results.items():
        for failure in failures[:20]:
            print(f"{stage}: {failure}")
    for stage, (failures, seconds) in results.items():
        print(f"{'FAILED' if failures else 'ok':>6}  {stage:<11} {seconds:6.1f} s")
    red = sum(bool(failures) for failures, _ in results.values())
    print(f"stages: {len(results) - red} passed, {red} failed")
    sys.exit(bool(red))


if __name__ == "__main__":
    main(sys.argv[1:])
