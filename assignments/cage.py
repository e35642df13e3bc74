"""The cage: run a kernel through bubblewrap, with nothing of the teacher's and with limits.

What is inside sees the programs of the system, this Python and its packages, all of them
read-only, and an empty folder in memory that goes with it. It has no network, cannot start a
process, and reaches the outside by the four sockets of a kernel, which were made for it.
"""

import functools
import importlib.util
import os
import platform
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import zmq
import zmq.asyncio
from jupyter_client.manager import AsyncKernelManager
from traitlets import Integer, List, Unicode

MEGABYTE = 1 << 20
KERNEL = Path(__file__).with_name("caged_kernel.py")
PORTS = ("shell", "iopub", "stdin", "control")
FOUND = ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime")  # of /etc nothing else is seen
TO_INSTALL = "on Debian and Ubuntu: apt install bubblewrap"

# What a process in the cage may not ask of Linux: (number on x86_64, number on aarch64).
FORBIDDEN = {
    "fork": (57, None),
    "vfork": (58, None),
    # Memory that no limit of a process counts.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    # Other processes, other views of files, and doors through which Linux was broken before.
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "mount_setattr": (442, 442),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_by_handle_at": (304, 265),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
}
MACHINES = {  # name: (its number in a filter, column of the table, clone, clone3, socket)
    "x86_64": (0xC000003E, 0, 56, 435, 41),
    "aarch64": (0xC00000B7, 1, 220, 435, 198),
}
EPERM, ENOSYS = 1, 38
CLONE_THREAD, X32 = 0x10000, 0x40000000
# A kernel speaks with itself by these, and asks for the name of its own network.
AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, NETLINK_ROUTE = 1, 2, 10, 16, 0


def seccomp_filter(machine):
    """Return the rules for system calls as bytes that bubblewrap loads.

    Threads may be started and processes may not. Sockets are those that a kernel needs; what a
    cage has of a network leads nowhere.

    Parameters
    ----------
    machine : str
        ``"x86_64"`` or ``"aarch64"``.
    """
    audit, column, clone, clone3, new_socket = MACHINES[machine]
    load, equal, at_least, has_bits, end = 0x20, 0x15, 0x35, 0x45, 0x06
    kill, allow = 0x80000000, 0x7FFF0000

    def refuse(errno):
        return (end, 0, 0, 0x50000 | errno)

    # Each rule: code, how many to skip if it holds, how many if not, value.
    rules = [(load, 0, 0, 4), (equal, 1, 0, audit), (end, 0, 0, kill), (load, 0, 0, 0)]
    rules += [(at_least, 0, 1, X32), refuse(EPERM)]
    for numbers in FORBIDDEN.values():
        if numbers[column] is not None:
            rules += [(equal, 0, 1, numbers[column]), refuse(EPERM)]
    rules += [(equal, 0, 1, clone3), refuse(ENOSYS)]  # then clone is asked, whose flags can be read
    rules += [(equal, 0, 3, clone), (load, 0, 0, 16), (has_bits, 1, 0, CLONE_THREAD), refuse(EPERM)]
    rules += [(load, 0, 0, 0), (equal, 0, 8, new_socket), (load, 0, 0, 16)]
    rules += [(equal, 6, 0, AF_UNIX), (equal, 5, 0, AF_INET), (equal, 4, 0, AF_INET6)]
    rules += [(equal, 0, 2, AF_NETLINK), (load, 0, 0, 32), (equal, 1, 0, NETLINK_ROUTE)]
    rules += [refuse(EPERM), (end, 0, 0, allow)]
    return b"".join(struct.pack("<HBBI", *rule) for rule in rules)


def seen():
    """Return the folders that are seen inside, read-only and by the same names as outside."""
    library = importlib.util.find_spec("langevin")
    folders = [Path(sys.base_prefix), Path(sys.prefix)]
    folders += [Path(place) for place in (library.submodule_search_locations if library else [])]
    return [folder for folder in dict.fromkeys(folders) if not folder.is_relative_to("/usr")]


def walls(megabytes=64):
    """Return the command that begins a cage; the program to run in it comes after.

    Parameters
    ----------
    megabytes : int
        How much may be written, into memory.
    """
    command = [shutil.which("bwrap") or "bwrap", "--unshare-all", "--unshare-user"]
    command += ["--disable-userns", "--die-with-parent", "--new-session", "--as-pid-1"]
    command += ["--cap-drop", "ALL", "--hostname", "cage", "--clearenv"]
    command += ["--ro-bind", "/usr", "/usr"]
    for place in map(Path, ("/bin", "/sbin", "/lib", "/lib32", "/lib64")):
        if place.is_symlink():
            command += ["--symlink", os.readlink(place), str(place)]
        elif place.exists():
            command += ["--ro-bind", str(place), str(place)]
    command += ["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys"]  # root may write there
    command += ["--dev", "/dev", "--size", str(MEGABYTE), "--tmpfs", "/dev/shm"]
    command += ["--size", str(megabytes * MEGABYTE), "--tmpfs", "/tmp", "--dir", "/tmp/home"]
    command += ["--dir", "/tmp/home/.config/matplotlib"]
    for place in [*FOUND, *map(str, seen())]:  # after /tmp, where a clone may lie
        command += ["--ro-bind-try", place, place]
    command += ["--chdir", "/tmp/home"]
    environment = {
        "HOME": "/tmp/home",
        "MPLCONFIGDIR": "/tmp/home/.config/matplotlib",
        "USER": "student",
        "LANG": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "NBGRADER_EXECUTION": "autograde",
    }
    if library := importlib.util.find_spec("langevin"):
        environment["PYTHONPATH"] = str(Path(library.origin).parent.parent)
    for name, value in environment.items():
        command += ["--setenv", name, value]
    return command


@functools.cache
def missing():
    """Return why nothing can be caged on this machine, in half a sentence, or None."""
    if sys.platform != "linux":
        return "bubblewrap is made for Linux; mark in a Linux container or machine"
    if platform.machine() not in MACHINES:
        return f"it knows {' and '.join(MACHINES)}, and this machine is {platform.machine()}"
    if not shutil.which("bwrap"):
        return f"bubblewrap is not installed ({TO_INSTALL})"
    tried = subprocess.run(
        [*walls(), "--remount-ro", "/", "/usr/bin/env", "true"],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if tried.returncode:
        return f"bubblewrap cannot start, perhaps for want of user namespaces: {tried.stderr[:300]}"
    return None


def check_course(folder):
    """End the program if a course lies where the cage looks.

    Parameters
    ----------
    folder : path-like
        The folder of the course, with its gradebook.
    """
    for place in [Path("/usr"), *seen()]:
        if Path(folder).resolve().is_relative_to(place.resolve()):
            sys.exit(f"{folder} is inside {place}, which student code can read; move the course")


class CagedKernelManager(AsyncKernelManager):
    """Start a kernel in the cage and speak with it by sockets that were made outside."""

    memory = Integer(3072, help="Megabytes that student code may use.").tag(config=True)
    disk = Integer(64, help="Megabytes that student code may write.").tag(config=True)
    seconds = Integer(900, help="Seconds that one submission may take.").tag(config=True)
    threads = Integer(128, help="Threads that student code may start.").tag(config=True)
    files = Integer(5000, help="Files that student code may make.").tag(config=True)
    message = Integer(64, help="Megabytes of the largest message.").tag(config=True)
    watched = List(Unicode(), help="Modules whose names are compared before each test.")
    given = List(Unicode(), help="Digests of the cells that come from the teacher.")

    def __init__(self, **settings):
        super().__init__(**settings)
        self._folder = tempfile.mkdtemp(prefix="cage-")
        self.transport, self.ip = "ipc", f"{self._folder}/s"
        self.connection_file = f"{self._folder}/connection.json"
        self.context = zmq.asyncio.Context()
        self.context.setsockopt(zmq.MAXMSGSIZE, self.message * MEGABYTE)
        self.context.setsockopt(zmq.RCVHWM, 20)

    async def _async_launch_kernel(self, kernel_cmd, **settings):
        self.kernel_spec.interrupt_mode = "message"  # a signal would meet bubblewrap
        listening = {name: self._listen(getattr(self, f"{name}_port")) for name in PORTS}
        rules = os.memfd_create("rules")
        os.write(rules, seccomp_filter(platform.machine()))
        os.lseek(rules, 0, os.SEEK_SET)
        command = [*walls(self.disk), "--seccomp", str(rules)]
        inside = {KERNEL: "/cage/kernel.py", self.connection_file: "/cage/connection.json"}
        beside = Path(settings.pop("cwd", None) or self._folder)
        inside |= {file: f"/tmp/home/.config/matplotlib/{file.name}" for file in fonts()}
        inside |= {file: f"/tmp/home/{file.name}" for file in beside.iterdir() if is_data(file)}
        for outside, place in inside.items():
            command += ["--ro-bind", str(outside), place]
        limits = {
            "RLIMIT_AS": self.memory * MEGABYTE,
            "RLIMIT_FSIZE": self.disk * MEGABYTE,
            "RLIMIT_NPROC": 2 * self.threads,
            "RLIMIT_NOFILE": 256,
            "RLIMIT_CORE": 0,
            "RLIMIT_CPU": self.seconds,
        }
        told = {
            "CAGE_SOCKETS": ",".join(f"{name}={s.fileno()}" for name, s in listening.items()),
            "CAGE_LIMITS": ",".join(f"{name}={limit}" for name, limit in limits.items()),
            "CAGE_WATCHED": ",".join(self.watched),
            "CAGE_GIVEN": ",".join(self.given),
        }
        for name, value in told.items():
            command += ["--setenv", name, value]
        command += ["--remount-ro", "/dev", "--remount-ro", "/", sys.executable, "/cage/kernel.py"]
        command += ["-f", "/cage/connection.json", *kernel_cmd[kernel_cmd.index("-f") + 2 :]]
        settings |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        passed = [rules, *(each.fileno() for each in listening.values())]
        await super()._async_launch_kernel(command, cwd="/", pass_fds=passed, **settings)
        os.close(rules)
        for each in listening.values():
            each.close()
        threading.Thread(target=self._watch, args=[self.provisioner.process], daemon=True).start()

    def _listen(self, port):
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(f"{self.ip}-{port}")
        listening.listen(16)
        return listening

    def _watch(self, process):
        """End a kernel that takes too long, or what no limit of Linux counts for everyone."""
        start = time.monotonic()
        while process.poll() is None:
            if time.monotonic() - start > self.seconds or self._overdone(process.pid):
                process.kill()  # what is inside dies with it
            time.sleep(0.1)

    def _overdone(self, pid):
        try:
            (inside,) = Path(f"/proc/{pid}/task/{pid}/children").read_bytes().decode().split()
            status = Path(f"/proc/{inside}/status").read_bytes().decode(errors="replace")
            room = os.statvfs(f"/proc/{inside}/root/tmp")
        except (OSError, ValueError):
            return False  # it has just ended, or has not begun
        if room.f_blocks * room.f_frsize != self.disk * MEGABYTE:
            return False  # its walls are not up yet
        threads = int(status.split("Threads:")[1].split()[0])
        return threads > self.threads or room.f_files - room.f_ffree > self.files

    async def _async_cleanup_resources(self, restart=False):
        await super()._async_cleanup_resources(restart=restart)
        if not restart:
            shutil.rmtree(self._folder, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources


@functools.cache
def fonts():
    """Return matplotlib's list of fonts, which is made anew for seconds where there is none."""
    if not importlib.util.find_spec("matplotlib"):
        return []
    import matplotlib.font_manager

    return sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))


def is_data(file):
    """Return whether a file that lies beside a notebook may be read in the cage."""
    return (
        file.is_file()
        and not file.is_symlink()
        and file.suffix in (".csv", ".txt", ".npy", ".npz", ".json")
        and file.name != "timestamp.txt"
        and not file.name.startswith(".")
    )
