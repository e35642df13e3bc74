"""Lets Jupyter find the kernel of Binder's environment, and notes what each chapter's one needs."""

import itertools
import os
import re
import tempfile
from pathlib import Path

import nbval.kernel
import pytest
from capped_kernel import CAP
from jupyter_client.manager import KernelManager
from nbval.plugin import IPyNbFile
from traitlets import default

HERE = Path(__file__).resolve().parent
os.environ["JUPYTER_PATH"] = str(HERE)  # the workers of pytest-xdist inherit it


class OnSockets(KernelManager):
    """A kernel that is reached through files of its own.

    Ports are chosen first and bound by the kernel a moment later: two kernels that start side by
    side can be given the same one, and then neither answers (jupyter_client's issue 487).
    """

    folder = tempfile.TemporaryDirectory(prefix="kernels-")
    number = itertools.count()

    @default("transport")
    def _files(self):
        return "ipc"

    @default("ip")
    def _own_file(self):
        return f"{self.folder.name}/{next(self.number)}"


nbval.kernel.KernelManager = OnSockets


def peak_memory(pid):
    """Return the most bytes that a process had in memory; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0
    return 1024 * int(re.search(r"VmHWM:\s*(\d+) kB", status)[1])


class PeakMemory:
    """After the last cell of a notebook, ask what its kernel has needed."""

    def __init__(self):
        self.peaks = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item, nextitem):
        notebook = item.parent
        if isinstance(notebook, IPyNbFile) and notebook is not getattr(nextitem, "parent", None):
            peak = peak_memory(notebook.kernel.km.provisioner.pid)
            item.user_properties.append(("peak memory", (notebook.path.name, peak)))
            assert peak < CAP

    def pytest_runtest_logreport(self, report):
        self.peaks.update(value for name, value in report.user_properties if name == "peak memory")

    def pytest_terminal_summary(self, terminalreporter):
        for name, peak in sorted(self.peaks.items()):
            terminalreporter.write_line(f"{peak / 1e6:6.0f} MB at most in {name}")


def pytest_configure(config):
    config.pluginmanager.register(PeakMemory())
