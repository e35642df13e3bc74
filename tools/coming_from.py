"""The page "Coming from another library": its rows run in the other libraries, and written.

Usage: PYTHONPATH=_ext python tools/coming_from.py      (`make peers`)

The rows are ``appendix/coming_from.toml``.  ``bench/agree.py`` executes each of them in the
environment that the bench has, ``_build/bench-env``; what it found goes to
``appendix/coming_from.json``, and both make the middle of ``appendix/coming_from.md``.  A test
compares page, record and rows without the other libraries.  The exit code counts what disagrees.
"""

import argparse
import hashlib
import importlib
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from langevin import prose

ROOT = Path(__file__).resolve().parent.parent
ROWS, RECORD, PAGE = (ROOT / f"appendix/coming_from.{kind}" for kind in ("toml", "json", "md"))
PEERS = {"torch": "torch", "optax": "optax", "blackjax": "BlackJAX", "openmm": "OpenMM"}
SAME, OTHER = 1e-12, 1e-4  # paths agree to the one, and part by more than the other
BLOCK = re.compile(r"(% rows\n).*(% end of rows\n)", re.DOTALL)
# the parts of a row that are executed, and how the page calls them
OURS = {"langevin": "", "start": ", the first state", "result": ", what the others call x"}
TEMPTING = ("tempting_before", "tempting_start", "tempting_result", "tempting")
THEIRS = {
    "same": "",
    "loss": ", the loss",
    "before": ", before step k",
    "step": ", a step",
    "start": ", the first velocity",
    "momentum": ": m times its velocity is",
}


def rows(path=ROWS):
    """Return the rows and the defaults."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return told["row"], told["default"]


def digest(row):
    """Return a digest of what is executed of a row."""
    code = {key: value for key, value in row.items() if key not in ("note", "part")}
    text = json.dumps(code, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def measure(python):
    """Execute every row in the peers' environment, and return what was found."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib"), "JAX_PLATFORMS": "cpu"}
    done = subprocess.run(
        [python, ROOT / "bench/agree.py"],
        env=environment, check=True, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    found = json.loads(done.stdout)
    found["digests"] = {row["name"]: digest(row) for row in rows()[0]}
    return found


def faults(table, found):
    """Say which rows were not run, disagree, or tempt to what is the same after all."""
    for row in table:
        results = found["rows"].get(row["name"], {})
        if found["digests"].get(row["name"]) != digest(row):
            yield f"{row['name']}: changed since it was run; run `make peers`"
        for peer in PEERS:
            told, result = row.get(peer), results.get(peer)
            if told and not result:
                yield f"{row['name']}: not run in {PEERS[peer]}"
            elif told:
                if not result["difference"] <= SAME:
                    yield f"{row['name']}: {PEERS[peer]} differs by {result['difference']:.2g}"
                if result.get("tempting", 1) <= OTHER:
                    yield f"{row['name']}: what tempts in {PEERS[peer]} is the same"


def table_of(head, lines):
    """Return a Markdown table."""
    return "".join(f"| {' | '.join(line)} |\n" for line in [head, ["---"] * len(head), *lines])


def agreement(table, found):
    """Return the table of the largest differences, a row a method."""
    lines = []
    for row in table:
        results = found["rows"][row["name"]]
        cells = [exact(results[peer]["difference"]) if peer in row else "" for peer in PEERS]
        lines.append([row["name"], *cells])
    return table_of(["method", *PEERS.values()], lines)


def exact(difference):
    """Write a difference, which may be none at all."""
    return prose.number(difference, ".0e") if difference else "0"


def defaults(table, found):
    """Return the table of what parameters are if they are not told."""
    libraries = ["langevin", *PEERS]
    lines = []
    for each in table:
        values = found["defaults"][each["name"]]
        cells = [preset(values[name]) if name in values else "" for name in libraries]
        lines.append([each["name"], *cells])
    used = [i for i in range(len(libraries) + 1) if any(line[i] for line in lines)]
    head = ["parameter", "langevin", *PEERS.values()]
    return table_of([head[i] for i in used], [[line[i] for i in used] for line in lines])


def preset(value):
    """Write what a parameter is if it is not told."""
    return ("no", "yes")[value] if isinstance(value, bool) else prose.number(value, "g")


def section(row, found):
    """Return what the page says of a row: the code, what to mind, what is not the same."""
    blocks = [(f"langevin{words}", row[key]) for key, words in OURS.items() if key in row]
    for peer, name in PEERS.items():
        told = row.get(peer, {})
        blocks += [(f"{name}{words}", told[key]) for key, words in THEIRS.items() if key in told]
    code = "\n".join(f"# {name}\n{lines.strip()}" for name, lines in blocks)
    note = row["note"].format(
        **{name: prose.number(value, ".3f") for name, value in found["numbers"].items()}
    )
    text = f"### {row['name']}\n\n```python\n{code}\n```\n\n{note}\n"
    results = found["rows"][row["name"]]
    for place in (row, *(row[peer] for peer in PEERS if peer in row)):
        wrong = next((place[key] for key in TEMPTING if key in place), None)
        if wrong:
            peer = next(p for p in PEERS if p in row and (place is row or place is row[p]))
            away = prose.number(results[peer]["tempting"], ".1g")
            text += f"\nNot the same: `{wrong.strip()}`. It {place['because']}. "
            text += f"The two part by {away}.\n"
    return text


def written(page, table, untold, found):
    """Return the page with its middle made anew."""
    versions = ", ".join(f"{PEERS[name]} {number}" for name, number in found["versions"].items())
    parts = [f"Versions: {versions}.\n", agreement(table, found)]
    parts += ["## What is set if you set nothing\n", defaults(untold, found)]
    for row in table:
        parts += [f"## {row['part']}\n"] if "part" in row else []
        parts.append(section(row, found))
    middle = "\n".join(parts)
    return BLOCK.sub(lambda match: f"{match[1]}\n{middle}\n{match[2]}", page)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--env", type=Path, default=ROOT / "_build/bench-env", help="of the peers")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "bench"))
    prepare = importlib.import_module("environment").prepare
    table, untold = rows()
    found = measure(prepare(options.env))
    wrong = list(faults(table, found))
    print("\n".join([*wrong, f"{len(table)} rows, {len(wrong)} faults"]))
    if not wrong:
        RECORD.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(written(page, table, untold, found), encoding="utf-8")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
