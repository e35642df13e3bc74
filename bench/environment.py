"""The peers: an environment of their own, and a process for each that answers when asked."""

import json
import subprocess
import sys
from pathlib import Path

from peers import MODULES

HERE = Path(__file__).resolve().parent
PINS = HERE / "peers.txt"
PEERS = list(MODULES)


def prepare(place):
    """Install the peers that can be installed here, once; return the environment's Python."""
    python, done = place / "bin/python", place / "peers.txt"
    pins = PINS.read_text(encoding="utf-8")
    if done.is_file() and done.read_text(encoding="utf-8") == pins:
        return python
    print("Preparing the peers' environment (once, some minutes) ...", flush=True)
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    install = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    for pin in pins.split():
        if "==" in pin and subprocess.run([*install, "-c", PINS, pin], check=False).returncode:
            print(f"  {pin} cannot be installed here", flush=True)
    done.write_text(pins, encoding="utf-8")
    return python


class Peer:
    """A peer's process, warm and waiting; between two questions it does nothing."""

    def __init__(self, name, python):
        self.name = name
        self.process = subprocess.Popen(
            [python, HERE / "peers.py", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        first = self.answer()
        self.version, self.missing = first.get("version"), first.get("missing")

    def contender(self, task, share):
        """Return a function that does one round of a task and returns the ns of a unit of it."""

        def once():
            self.process.stdin.write(f"{task} {share}\n")
            self.process.stdin.flush()
            answer = self.answer()
            if "failed" in answer:
                raise RuntimeError(f"{self.name}, {task}: {answer['failed']}")
            return answer["ns"]

        return once

    def answer(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"missing": "its process ended"}

    def close(self):
        self.process.stdin.close()
        self.process.wait()
