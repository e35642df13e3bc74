"""One peer at work, in a process of its own: ``python peers.py jax``.

It first says which version it is, or that it is missing.  Then it answers each line
``task share``, such as ``w1 10`` for a tenth of W1, with the ns that one unit of the work took.
"""

import importlib
import json
import sys
import time
from importlib.metadata import version

MODULES = {
    "numba": "with_numba",
    "jax": "with_jax",
    "diffrax": "with_jax",
    "blackjax": "with_jax",
    "torch": "with_others",
    "torchsde": "with_others",
    "openmm": "with_others",
    "sdeint": "with_others",
}


def main(name):
    try:
        importlib.import_module(name)
    except Exception as problem:
        say({"missing": type(problem).__name__})
        return
    if "torch" in sys.modules:
        # as the library; where anything else runs, a second thread makes it many times slower
        sys.modules["torch"].set_num_threads(1)
    tasks = vars(importlib.import_module(MODULES[name]))
    say({"version": version(name).split("+")[0]})
    for line in sys.stdin:
        task, share = line.split()
        start = time.perf_counter()
        try:
            units = tasks[f"{name}_{task}"](int(share))
        except Exception as problem:
            say({"failed": f"{type(problem).__name__}: {problem}"})
        else:
            say({"ns": 1e9 * (time.perf_counter() - start) / units})


def say(answer):
    print(json.dumps(answer), file=ANSWERS, flush=True)


if __name__ == "__main__":
    # whatever a peer prints goes elsewhere
    ANSWERS, sys.stdout = sys.stdout, sys.stderr
    main(sys.argv[1])
