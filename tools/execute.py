"""Run the notebooks whose code, or whatever it depends on, has changed: as many at once as cores.

Usage: python tools/execute.py

The build takes the results from the cache into which this writes them. The longest runs first. A
cell that fails is reported with its page; the other pages go on.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import dependencies
from book.execution import CACHE, RECORD, recorded
from langevin.ledger import FORMULAS

ROOT = Path(__file__).resolve().parent.parent
STARTUP = 180  # seconds that a kernel is given on a busy machine
KERNEL = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
KERNEL |= {"LANGEVIN_FIGURES": "static"}
# As it is set, Python's collector of cycles takes a fifth of a chapter's time: it looks at all that
# is alive again and again.  Here it looks once, after each cell, at what the cell has left.
PATIENT = (
    "import gc; gc.disable(); gc.freeze(); get_ipython().events.register("
    "'post_run_cell', lambda result: (gc.collect(), gc.freeze()))"
)
FONTS = Path("_build", "matplotlib")  # its list of fonts: one in a home may be another's, or stale


def main(root=ROOT):
    """Run what has changed; end with a sentence when something failed."""
    record = recorded(root)
    pages = dependencies.pages(root, record)
    outdated = [page for page in pages if record.get(page.name, {}).get("state") != page.state]
    moved = [p for p in pages if p not in outdated and record[p.name].get("sources") != p.sources]
    for page in moved:  # a word, or what the page does not depend on
        record[page.name]["sources"] = page.sources
    if moved:
        write(root, record)
    if not outdated:
        return
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"Running {len(outdated)} of {len(pages)} notebooks, {cores} at once ...", flush=True)
    list_fonts(root / FONTS)
    with tempfile.TemporaryDirectory(prefix="k") as sockets:
        executor = Executor(root, record, Path(sockets))
        before = signal.signal(signal.SIGINT, partial(stop, sockets))
        faults = asyncio.run(executor.run(by_length(pages, outdated, record), cores))
        signal.signal(signal.SIGINT, before)
    if faults:
        sys.exit(f"{faults} of {len(outdated)} notebooks failed: see above")


def stop(sockets, *_):
    """End at once; the kernels end when they notice it."""
    shutil.rmtree(sockets, ignore_errors=True)
    print("\nStopped. What has run to its end is kept; the next build runs the rest.", flush=True)
    os._exit(1)


def list_fonts(folder):
    """Have matplotlib list the fonts before a chapter needs them: it says so when that is slow."""
    KERNEL["MPLCONFIGDIR"] = str(folder)
    command = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(command, env=os.environ | KERNEL, stderr=subprocess.DEVNULL, check=True)


def by_length(pages, outdated, record):
    """Return the outdated pages, the longest first, by their code where no time is known."""
    known = {page.name: record.get(page.name, {}).get("seconds") for page in pages}
    timed = [page for page in pages if known[page.name]]
    rate = sum(known[p.name] for p in timed) / sum(p.length for p in timed) if timed else 1
    return sorted(outdated, key=lambda p: known[p.name] or rate * p.length, reverse=True)


class Executor:
    """Runs pages, keeps their results and counts what failed."""

    def __init__(self, root, record, sockets):
        from jupyter_cache import get_cache

        self.root, self.record, self.sockets = root, record, sockets
        self.cache = get_cache(root / CACHE)
        self.left = self.faults = 0

    async def run(self, pages, cores):
        """Run pages, as many at once as there are cores; return the number that failed."""
        self.left = len(pages)
        # A client would end its own kernel alone when all is interrupted.
        loop: Any = asyncio.get_running_loop()
        loop.add_signal_handler = loop.remove_signal_handler = lambda *_: None
        for page in pages:  # if this is stopped, their results may be half written
            self.record.pop(page.name, None)
        write(self.root, self.record)
        free = asyncio.Semaphore(cores)
        await asyncio.gather(*(self.run_one(page, free) for page in pages))
        return self.faults

    async def run_one(self, page, free):
        """Run a page and keep its results, or say in which cell it failed."""
        from nbclient.exceptions import CellControlSignal, DeadKernelError

        notebook = read(page.path)
        async with free:
            start = time.perf_counter()
            client, failed = self.client(notebook, page.path), ""
            try:
                await client.async_execute(env=os.environ | KERNEL | {FORMULAS: page.printed})
            except (CellControlSignal, DeadKernelError, RuntimeError) as error:
                failed = f"{type(error).__name__}: {error}".strip()
            seconds = time.perf_counter() - start
        failed = fault(notebook) or failed
        self.left -= 1
        if failed:
            self.faults += 1
        else:
            self.keep(page, notebook, seconds)
        result = f"FAILED in {failed}" if failed else f"{self.left} left"
        print(f"  {page.name:<38} {seconds:5.0f} s   {result}", flush=True)

    def client(self, notebook, path):
        """Return what runs a notebook with the settings of the book, over files of its own."""
        import yaml
        from nbclient import NotebookClient
        from traitlets.config import Config

        settings = yaml.safe_load((self.root / "_config.yml").read_text(encoding="utf-8"))
        config = Config()
        if os.name != "nt":  # of TCP the kernel warns that who listens could read it
            config.KernelManager.transport = "ipc"
            config.KernelManager.ip = str(self.sockets / path.stem[:12])  # a short path
        return NotebookClient(
            notebook,
            config=config,
            extra_arguments=[f"--InteractiveShellApp.exec_lines={PATIENT}"],
            timeout=settings["execute"]["timeout"],
            startup_timeout=STARTUP,
            coalesce_streams=True,  # on a busy machine a stream arrives in parts
            record_timing=False,  # the cache takes what it notes for a change of the notebook
            resources={"metadata": {"path": str(path.parent)}},
        )

    def keep(self, page, notebook, seconds):
        """Put the results into the cache; then record of which state they are."""
        from jupyter_cache.base import CacheBundleIn

        bundle = CacheBundleIn(notebook, str(page.path), data={"execution_seconds": seconds})
        self.cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        self.record[page.name] = {
            "state": page.state, "sources": page.sources, "seconds": round(seconds, 1),
        }  # fmt: skip
        write(self.root, self.record)


def write(root, record):
    """Write what is recorded of each page, whole or not at all."""
    path = root / RECORD
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(record, indent=1), encoding="utf-8")
    draft.replace(path)


def read(path):
    """Return the notebook of a page, as MyST-NB reads it."""
    import nbformat
    from myst_nb.core.read import read_myst_markdown_notebook

    if path.suffix == ".ipynb":
        return nbformat.read(path, as_version=4)
    return read_myst_markdown_notebook(path.read_text(encoding="utf-8"), path=path)


def fault(notebook):
    """Return which cell failed or wrote to stderr, and how; nothing when all is well."""
    for number, cell in enumerate(notebook.cells, 1):
        place = f"cell {number} ({cell.get('id', 'without an id')})"
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return f"{place}: {output.ename}: {output.evalue}"
            if output.get("name") == "stderr":
                return f"{place}, which wrote to stderr: {output.text.strip()}"
    return ""


if __name__ == "__main__":
    main()
