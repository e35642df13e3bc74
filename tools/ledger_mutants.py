"""Break each check of the ledger in small ways and see whether it notices: ``make ledger-mutants``.

Usage: python tools/ledger_mutants.py [--seconds 10] [chapter ...]

A chapter runs once, cell by cell, in one process, which forks at each cell with a check. The first
child runs the cell as it is and times it. Each other child runs one mutant, from the changed
statement on. What happens to it:

- killed: the check, or an assertion of the cell, fails;
- survived: one side of the check is another, and the check passes;
- alike: both sides are others, and the check passes;
- out of time: its child took too long and was ended;
- equivalent: what is compared is the same as before;
- broken: the changed code stops before any check.

The last two are left out. Each numeric check also says the smallest factor that it tells from 1.

The figures go to ``appendix/ledger_mutants.json``, and a table of them to ``appendix/testing.md``.
``appendix/ledger_mutants.toml`` says of a survivor why it is harmless; the others are failures.
"""

import argparse
import ast
import contextlib
import io
import json
import linecache
import os
import pickle
import random
import resource
import select
import signal
import subprocess
import sys
import time
import tomllib
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from math import ceil, inf
from pathlib import Path

import mutations
from book.sources.contents import chapters
from book.sources.equations import cell_text, cells, printed
from execute import KERNEL
from langevin.ledger import FORMULAS

ROOT = Path(__file__).resolve().parent.parent
DATA = "appendix/ledger_mutants.json"
REASONS = "appendix/ledger_mutants.toml"
PAGE = "appendix/testing.md"
BEGIN, END = "% ledger mutants", "% end of ledger mutants"
SECONDS = 10  # of the processor, for the mutants of one cell
AT_LEAST = 8  # mutants of a cell, however long it takes
PATIENCE = 2  # seconds for a child, beyond three times what the cell takes
COARSE = 0.2  # a numeric check ought to tell 1.2 from 1
KINDS = ("printed", "symbolic", "numeric", "dimensional")
EQUIVALENT, ALIKE, SURVIVED = FATES = ("equivalent", "alike", "survived")
KILLED, BROKEN, OUT_OF_TIME = "killed", "broken", "out of time"


def main():
    """Run the chapters, write what was found; return the number of failures and of survivors."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("chapters", nargs="*", help="such as chapters/01-newtons-law")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for the mutants of a cell")
    parser.add_argument("--one", help="run this chapter here and write to the output what it finds")
    options = parser.parse_args()
    if options.one:
        return run_here(options.one, options.seconds)
    names = options.chapters or chapters(ROOT)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {pool.submit(run_apart, options.seconds, name): name for name in names}
        failed = 0
        for run in as_completed(runs):
            found = run.result()
            if found is None:
                failed += 1
            else:
                write(runs[run], found)
    data, known = json.loads((ROOT / DATA).read_text(encoding="utf-8")), reasons(ROOT)
    print(report(data, known))
    return failed + sum(len(unexplained(data[name], known)) for name in names if name in data)


# One chapter


def run_apart(seconds, name):
    """Run one chapter in a process of its own; return what it found, None if it could not."""
    start = time.perf_counter()
    command = [sys.executable, __file__, "--seconds", str(seconds), "--one", name]
    environment = os.environ | KERNEL | {"MPLBACKEND": "Agg"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    if done.returncode:
        print(f"  {name} could not be run:\n{done.stderr.decode()[-3000:]}", flush=True)
        return None
    found = json.loads(done.stdout)
    total = sum((Counter(count) for count in found["counts"].values()), Counter())
    words = ", ".join(f"{number} {fate}" for fate, number in total.most_common())
    print(f"  {name:<38} {time.perf_counter() - start:5.0f} s   {words}", flush=True)
    return found


def run_here(name, seconds):
    """Run one chapter; write what it found, and nothing else, to the output."""
    output = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with contextlib.redirect_stdout(io.StringIO()):
        found = run_chapter(ROOT, name, seconds)
    os.write(output, json.dumps(found).encode())
    return 0


def run_chapter(root, name, seconds=SECONDS):
    """Run a chapter with its mutants; return counts, survivors, and how fine its checks are."""
    path = next(Path(root).glob(f"{name}.*"))
    if path.suffix != ".ipynb":
        return {"counts": {}, "not tried": 0, "survivors": [], "powers": {}}
    os.environ[FORMULAS] = json.dumps(printed(root, name))
    os.chdir(path.parent)
    from IPython.core.interactiveshell import InteractiveShell

    import langevin.figures

    for figure in ("explore", "live", "movie"):
        setattr(langevin.figures, figure, lambda *args, **options: None)
    shell = InteractiveShell.instance()
    found, checks, not_tried = [], Checks(shell.user_ns), 0
    for number, notebook_cell in cells(path, "code"):
        source = cell_text(notebook_cell)
        if any(map(mutations.check_of, mutations.statements(source))):
            cell = Cell(source, shell.user_ns, checks, f"{name}, cell {number}")
            fates, more = cell.hunt(seconds)
            found += fates
            not_tried += more
        else:
            shell.run_cell(source, store_history=False).raise_error()
    counts: dict[str, Counter] = {kind: Counter() for kind in KINDS}
    for _, check, *_, fate in found:
        counts[check][fate] += 1
    return {
        "counts": {kind: dict(sorted(count.items())) for kind, count in counts.items() if count},
        "not tried": not_tried,
        "survivors": [survivor for survivor in found if matters(survivor)],
        "powers": {
            label: float(f"{power:.2g}") for label, power in checks.powers.items() if power < inf
        },
    }


def matters(mutant):
    """Tell whether a mutant must be explained.

    In a numeric check a number that both sides start from makes another example, which should hold.
    """
    _, check, *_, fate = mutant
    return fate in (SURVIVED, OUT_OF_TIME) or (fate == ALIKE and check != "numeric")


class Checks:
    """Stands before the ledger: notes what the checks compare, and passes it on."""

    def __init__(self, namespace):
        from langevin import _printed, _symbolics, ledger

        for kind in ("symbolic", "numeric", "dimensional"):
            setattr(ledger, kind, partial(self.note, kind, getattr(ledger, kind)))
        self.namespace = namespace  # of the cells, whose names a printed formula may use
        self.power, self.powers = ledger.power, {}
        self.compare = _printed.compare
        vars(_printed)["compare"] = self.note_formula
        self.simplify, _symbolics.simplified = _symbolics.simplified, self.simplified
        self.clear()

    def clear(self):
        self.seen, self.formulas = [], []

    def note(self, kind, check, label, *sides, **options):
        """Note the sides of a check; then make it."""
        named = [
            options[name] for name in ("lhs", "observed", "rhs", "expected") if name in options
        ]
        self.seen.append((kind, label, [*sides[:2], *named]))
        check(label, *sides, **options)
        if kind == "numeric":
            power = self.power(*sides, **options)
            self.powers[label] = min(power, self.powers.get(label, inf))

    def note_formula(self, label, formula, asserted, _caller, numeric):
        """Note what a printed formula is compared with; then compare it."""
        self.formulas.append((label, formula, asserted, numeric))
        self.compare(label, formula, asserted, self.namespace, numeric)

    def simplified(self, residual):
        """Return a residual as it is where numbers show that it is not zero; else simplify it."""
        residual = residual.doit()
        return residual if surely_not_zero(residual) else self.simplify(residual)


def surely_not_zero(expr):
    """Tell, with numbers in place of its symbols, whether an expression is not zero."""
    import sympy as sp

    if expr.has(sp.Integral, sp.Limit, sp.Sum, sp.Subs, sp.nan):
        return False
    for kind in (sp.Derivative, sp.core.function.AppliedUndef):  # any function: any numbers
        parts = sorted(expr.atoms(kind), key=str)
        expr = expr.xreplace({p: sp.Symbol(f"{kind.__name__}{i}") for i, p in enumerate(parts)})
    chance, symbols = random.Random(1), sorted(expr.free_symbols, key=str)
    for _ in range(2):
        place = {symbol: sp.Rational(chance.randint(200, 900), 411) for symbol in symbols}
        try:
            value = complex(expr.xreplace(place).evalf(20))
        except (TypeError, ValueError, ZeroDivisionError):
            return False
        if not abs(value) > 1e-6:
            return False
    return True


# One cell


class Cell:
    """A cell with checks, in the namespace of its chapter."""

    def __init__(self, source, namespace, checks, name):
        self.source, self.namespace, self.checks = source, namespace, checks
        self.name, self.body = f"<{name}>", mutations.statements(source)
        linecache.cache[self.name] = (len(source), None, source.splitlines(True), self.name)
        namespace |= {mutations.SCALED: scaled, mutations.SWAPPED: swapped}

    def run(self, at, code=None):
        """Run a statement, or code in its place."""
        tree = ast.parse(code) if code else ast.Module([self.body[at]], [])
        exec(compile(tree, self.name, "exec"), self.namespace)

    def hunt(self, seconds):
        """Run the cell and its mutants; return what became of them, and how many were not tried."""
        answer = forked(self.run_as_it_is, 600)
        if answer == OUT_OF_TIME:
            raise RuntimeError(f"{self.name} does not run statement by statement")
        took, before, found = answer
        rest = [sum(took[at:]) for at in range(len(took))]
        chosen = mutations.mutants(self.source)
        random.Random(self.source).shuffle(chosen)
        spent, kept = 0.0, list[mutations.Mutant]()
        for mutant in chosen:
            spent += 0.03 + (took[mutant.at] if mutant.kind == "argument" else rest[mutant.at])
            if spent < seconds or len(kept) < AT_LEAST:
                kept.append(mutant)
        for at in range(len(self.body)):
            for mutant in (mutant for mutant in kept if mutant.at == at):
                fate = forked(partial(self.fate, mutant, before), PATIENCE + 3 * rest[at])
                label = " ".join(mutant.labels)
                found.append((label, mutant.check, mutant.kind, mutant.name, mutant.what, fate))
            self.run(at)
        return found, len(chosen) - len(kept)

    def run_as_it_is(self):
        """Run the cell; return its statements' seconds, what is compared, spoiled formulas."""
        self.checks.clear()
        took = []
        for at in range(len(self.body)):
            start = time.process_time()
            self.run(at)
            took.append(time.process_time() - start)
        sides = [packed(noted) for noted in self.checks.seen]
        limit = PATIENCE + 3 * sum(took)
        spoiled = [found for read in self.checks.formulas for found in self.spoil(limit, *read)]
        return took, sides, spoiled

    def spoil(self, limit, label, formula, asserted, numeric):
        """Yield what becomes of the mutants of a printed formula, those that can be read."""
        from langevin._printed import Known, Unreadable, equal, readable

        known, whole = Known(formula["names"], self.namespace), formula["left"] is None
        first, sides = readable(formula["latex"], known, whole)

        def fate(latex):
            changed = formula | {"latex": latex}
            try:
                self.checks.compare(label, changed, asserted, self.namespace, numeric)
            except Unreadable:
                return EQUIVALENT
            except Exception:  # also one that Python refuses: the build is red, too
                return KILLED
            other, others = readable(latex, known, whole)
            alike = (first, len(sides)) == (other, len(others)) and all(map(equal, sides, others))
            return EQUIVALENT if alike else SURVIVED

        for what, latex in mutations.formulas(formula["latex"]):
            became = forked(partial(fate, latex), limit)
            if became != EQUIVALENT:
                yield (label, "printed", "printed", "", what, became)

    def fate(self, mutant, before):
        """Return what becomes of a mutant, whose statement comes next."""
        self.checks.clear()
        places = [at for at, statement in enumerate(self.body) if mutations.check_of(statement)]
        last = mutant.at if mutant.kind == "argument" else places[-1]
        try:
            self.run(mutant.at, mutant.code)
            for at in range(mutant.at + 1, last + 1):
                self.run(at)
        except AssertionError:
            return KILLED
        except Exception as fault:  # a check refuses it, or Python does
            return KILLED if any(label in str(fault) for label in mutant.labels) else BROKEN
        first = sum(at < mutant.at for at in places)
        then = before[first : first + len(self.checks.seen)]
        return what_changed(self.checks.seen, [unpacked(noted) for noted in then])


def packed(noted):
    """Return what a check compared as bytes, none if it cannot be."""
    try:
        return pickle.dumps(noted)
    except Exception:  # some functions of SymPy
        return b""


def unpacked(data):
    return pickle.loads(data) if data else ("", "", [])


def what_changed(now, before):
    """Return whether no side of any check is another, or both of one are, or one alone."""
    if [noted[:2] for noted in now] != [noted[:2] for noted in before]:
        return SURVIVED
    found = {EQUIVALENT}
    for (kind, _, sides), (*_, then) in zip(now, before, strict=True):
        if len(sides) == 1 or sides[1] is None:  # a residual, which is 0 as before
            found.add(EQUIVALENT if str(sides) == str(then) else ALIKE)
        else:
            pairs = zip(sides, then, strict=True)
            found.add((EQUIVALENT, SURVIVED, ALIKE)[sum(not equal(kind, *pair) for pair in pairs)])
    return max(found, key=FATES.index)


def equal(kind, a, b):
    """Tell whether a side of a check is what it was."""
    import numpy as np

    from langevin import _symbolics

    if kind == "numeric":
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-13)
    a, b = _symbolics.entries(a), _symbolics.entries(b)
    return len(a) == len(b) and all(
        str(x) == str(y) or _symbolics.simplified(x - y) == 0 for x, y in zip(a, b, strict=True)
    )


def scaled(side, factor):
    """Return a side of a check times a number."""
    import sympy as sp

    if isinstance(side, list | tuple):
        return [scaled(part, factor) for part in side]
    exact = isinstance(side, sp.Basic | sp.MatrixBase)
    return side * (sp.Rational(str(factor)) if exact else factor)


def swapped(side, pair):
    """Return a side of a check with two neighbours among its symbols exchanged, where it has them.

    Examples
    --------
    >>> from sympy.abc import a, b
    >>> swapped(a / b, 0)
    b/a
    """
    if isinstance(side, list | tuple):
        return [swapped(part, pair) for part in side]
    symbols = sorted(getattr(side, "free_symbols", ()), key=str)
    if pair + 1 >= len(symbols):
        return side
    one, other = symbols[pair : pair + 2]
    return side.subs({one: other, other: one}, simultaneous=True)


def forked(job, limit):
    """Return what a function returns in a fork of this process, or that it was out of time.

    The limit is in seconds of the processor; ten times as many may pass on the clock.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setsid()  # whoever gives up on it ends all that it has started
            os.close(reading)
            resource.setrlimit(resource.RLIMIT_CPU, (ceil(limit), ceil(limit) + 1))
            answer = pickle.dumps(job())
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(answer)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    os.close(writing)
    answer, end = b"", time.monotonic() + 10 * limit
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while select.select([pipe], [], [], max(0, end - time.monotonic()))[0]:
            part = pipe.read(1 << 20)
            if not part:
                break
            answer += part
        else:
            answer = b""
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("a child failed: see above")
    return pickle.loads(answer) if answer else OUT_OF_TIME


# What is said of it


def write(name, found, root=ROOT):
    """Write what the run of a chapter has found, and the table anew."""
    path, page = Path(root, DATA), Path(root, PAGE)
    data = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    data = dict(sorted((data | {name: found}).items()))
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
    text = with_table(page.read_text(encoding="utf-8"), table(data, reasons(root)))
    page.write_text(text, encoding="utf-8")


def reasons(root):
    """Return why survivors are harmless: label -> {name, or what was changed: reason}."""
    path = Path(root, REASONS)
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def unexplained(chapter, known):
    """Return the survivors of a chapter for which no reason is given.

    A reason is given for what was changed, or for a name in the cell that both sides depend on.
    """
    found = []
    for label, check, kind, name, what, fate in chapter["survivors"]:
        given = known.get(label, {})
        if fate != OUT_OF_TIME and what not in given and not (fate == ALIKE and name in given):
            found.append((label, check, kind, name, what, fate))
    return found


def report(data, known):
    """Return the table, the survivors without a reason, and the checks that are coarse."""
    lines = [table(data, known), ""]
    for page, chapter in data.items():
        for label, check, kind, name, what, fate in unexplained(chapter, known):
            lines.append(f"{page} {label} ({check}, {kind} {name}) {fate}: {what}")
        for label, power in chapter["powers"].items():
            if power > COARSE:
                lines.append(f"{page} {label} tells no factor from 1 within 1 ± {power:g}")
    return "\n".join(lines)


def table(data, known):
    """Return the table on the book's page."""
    heads = ["chapter", *KINDS, "not noticed", "undecided", "coarsest"]
    lines = [f"| {' | '.join(heads)} |", f"|---|{'---:|' * (len(heads) - 1)}"]
    total: Counter = Counter()
    for page, chapter in data.items():
        left = Counter(check for _, check, *_ in unexplained(chapter, known))
        row, undecided = [], 0
        for kind in KINDS:
            count = chapter["counts"].get(kind, {})
            killed, tried = count.get(KILLED, 0), count.get(KILLED, 0) + left[kind]
            total += Counter({(kind, KILLED): killed, (kind, "tried"): tried})
            undecided += count.get(OUT_OF_TIME, 0)
            row.append(share(killed, tried))
        powers = chapter["powers"].values()
        coarsest = f"{100 * max(powers):.2g} %" if powers else ""
        if chapter["counts"]:
            cells_of_row = [f"{{doc}}`/{page}`", *row, str(left.total()), str(undecided), coarsest]
            lines.append(f"| {' | '.join(cells_of_row)} |")
        total += Counter({"left": left.total(), OUT_OF_TIME: undecided})
    row = [share(total[kind, KILLED], total[kind, "tried"]) for kind in KINDS]
    row += [str(total["left"]), str(total[OUT_OF_TIME]), ""]
    return "\n".join([*lines, f"| all | {' | '.join(row)} |"])


def share(killed, tried):
    return f"{killed} of {tried}" if tried else ""


def with_table(page, text):
    """Return the book's page with a table between its two marks."""
    before, rest = page.split(f"{BEGIN}\n")
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    sys.exit(bool(main()))
