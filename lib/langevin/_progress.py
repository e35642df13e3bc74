"""A progress bar for runs that take long, where somebody can see it."""

import os
import sys
import time
from contextlib import contextmanager

# Seconds to wait: a bar for a short run is a flash that tells nothing.
PATIENCE = 2.0


@contextmanager
def progress(total, wanted=None):
    """Yield ``advance(n)``, which moves the bar by n of `total`, or None where nobody looks."""
    if not (is_watched() if wanted is None else wanted):
        yield None
        return
    start, done, bar = time.monotonic(), 0, None

    def advance(n):
        nonlocal done, bar
        done += n
        if bar is not None:
            bar.update(n)
        elif wanted or time.monotonic() - start > PATIENCE:
            bar = _new_bar(total, done)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.close()


def is_watched():
    """Tell whether a terminal or a notebook shows what is printed, and no build or test runs."""
    if os.environ.get("LANGEVIN_FIGURES") == "static" or "PYTEST_VERSION" in os.environ:
        return False
    if sys.stderr is not None and sys.stderr.isatty():
        return True
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and "IPKernelApp" in shell.config


def _new_bar(total, done):
    from tqdm.auto import tqdm

    return tqdm(total=total, initial=done, unit=" particle-steps", unit_scale=True, leave=False)
