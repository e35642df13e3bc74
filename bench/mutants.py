"""Break the numerical core in small ways and see whether its tests notice: ``make mutants``.

cosmic-ray makes the mutants, one changed sign, number or comparison each.  A process that has
loaded everything but the library forks for each of them, so that a mutant costs little more
than the tests that it meets, until the first one fails: those of its own module and the examples
in its own file.  The order is shuffled, so a run that the time cap ends is a fair sample.  The
survivors are printed as diffs.

    python bench/mutants.py [--minutes 60] [module ...]
"""

import argparse
import difflib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENV = ROOT / "_build/mutants-env"
CORE = [
    "overdamped",
    "kernels",
    "_blocks",
    "schedules",
    "observables",
    "underdamped",
    "metropolis",
    "optimizers",
    "gradients",
    "exact",
    "hard_discs",
    "annealing",
]
# Whose tests a mutant meets besides those of its own module; test_kernels has the contract
ALSO = {
    "kernels": ["executors", "progress"],
    "_blocks": ["kernels", "executors", "progress"],
    "overdamped": ["orders", "kernels"],
    "underdamped": ["orders", "kernels"],
    "metropolis": ["kernels"],
    "optimizers": ["optimizer_", "kernels"],
}
WARM = ["numpy", "scipy.stats", "scipy.linalg", "scipy.integrate", "sympy", "hypothesis", "pytest"]

SWAPS = {
    "ReplaceBinaryOperator": "Add_Sub Sub_Add Mul_Div Div_Mul FloorDiv_Mul Mod_Mul Pow_Mul",
    "ReplaceComparisonOperator": (
        "Lt_LtE LtE_Lt Gt_GtE GtE_Gt Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is"
    ),
    "ReplaceUnaryOperator": "USub_UAdd Delete_USub Delete_Not",
}
OPERATORS = [f"core/{family}_{swap}" for family, swaps in SWAPS.items() for swap in swaps.split()]
OPERATORS += [
    f"core/{name}"
    for name in (
        "NumberReplacer",
        "ReplaceTrueWithFalse",
        "ReplaceFalseWithTrue",
        "ReplaceAndWithOr",
        "ReplaceOrWithAnd",
        "AddNot",
        "ZeroIterationForLoop",
    )
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=CORE, help=f"some of: {' '.join(CORE)}")
    parser.add_argument("--minutes", type=float, default=60, help="time cap (default 60)")
    parser.add_argument("--seed", type=int, default=1, help="of the order of the mutants")
    parser.add_argument("--env", type=Path, default=ENV, help="where cosmic-ray is installed")
    options = parser.parse_args()
    # after all else, so that what cosmic-ray needs does not stand in for what the tests need
    sys.path += map(str, options.env.glob("lib/python*/site-packages"))
    os.environ.update(OPENBLAS_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1")
    end = time.monotonic() + 60 * options.minutes
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place)
        for name in ("lib", "tests"):
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", tree)
        return hunt(tree, options.modules, random.Random(options.seed), end)


def hunt(tree, modules, order, end):
    """Test all mutants until the time is up; print and return the number of survivors."""
    for name in WARM:
        __import__(name)
    jobs, patience = [], {}
    for module in modules:
        tests = tests_of(tree, module)
        if not tests:
            print(f"{module}: no tests of its own, left out")
            continue
        start = time.monotonic()
        if run(tree, tests, 600) != "survived":
            sys.exit(f"{module}: the tests fail on the code as it is")
        patience[module] = 10 + 3 * (time.monotonic() - start)
        for path in sources(tree, module):
            jobs += [
                (module, [*tests, str(path)], path, code)
                for code in mutants(path.read_text(encoding="utf-8"))
            ]
    order.shuffle(jobs)
    print(f"{len(jobs)} mutants", flush=True)

    count = Counter()
    for module, tests, path, code in jobs:
        if time.monotonic() > end:
            break
        original = path.read_text(encoding="utf-8")
        path.write_text(code, encoding="utf-8")
        fate = run(tree, tests, patience[module])
        path.write_text(original, encoding="utf-8")
        count[fate] += 1
        if fate == "survived":
            report(path.relative_to(tree), original, code)
    words = ", ".join(f"{number} {fate}" for fate, number in count.most_common())
    print(f"{count.total()} of {len(jobs)} tried: {words}")
    return count["survived"]


def tests_of(tree, module):
    """Return the test files of a module, its own first."""
    names = [module, *ALSO.get(module, [])]
    found = [sorted((tree / "tests/library").glob(f"test_{name}*.py")) for name in names]
    return [str(path) for paths in found for path in paths]


def sources(tree, module):
    path = tree / "lib/langevin" / module
    return sorted(path.glob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def mutants(code):
    """Yield the code with one thing changed, for all the things that can be."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    for name in OPERATORS:
        operator, occurrence = get_operator(name)(), 0
        while (mutant := mutate_code(code, operator, occurrence)) is not None:
            yield mutant
            occurrence += 1


def run(tree, tests, patience):
    """Run the tests in a fork; return how the code fared: killed, timed out or survived."""
    child = get_context("fork").Process(target=run_pytest, args=(tree, tests))
    child.start()
    child.join(patience)
    if child.is_alive():
        os.killpg(child.pid, signal.SIGKILL)
        child.join()
        return "timed out"
    return "killed" if child.exitcode else "survived"


def run_pytest(tree, tests):
    os.setsid()  # whoever gives up on it ends all that it has started
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.chdir(tree)
    sys.path.insert(0, str(tree / "lib"))
    import pytest

    # a real cluster starts slowly, and threads stand in for it
    options = [
        "-x",
        "-q",
        "--doctest-modules",
        "-k",
        "not cluster",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    os._exit(int(pytest.main([*options, *tests])))


def report(path, old, new):
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    print(f"\nSURVIVED {path}")
    print("\n".join(list(lines)[2:]), flush=True)


if __name__ == "__main__":
    sys.exit(bool(main()))
