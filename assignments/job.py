"""One submission in a small course of its own: made, marked and read wherever there is room.

`run` needs nothing but Python's own library, so that any machine can be sent this file.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RESULT = "result.json"
RUNNING = set()  # processes that mark


def run(files, name, student, options):
    """Mark one submission in a folder that is removed again.

    Parameters
    ----------
    files : dict
        Content of each file of the small course, by its place; this file is one of them.
    name, student : str
        Whose submission of which set.
    options : list of str
        Options of ``nbgrader autograde``.

    Returns
    -------
    dict
        What `main` has noted, with the `log` and the `files` of the marked submission; without
        `grades` if the process was ended from outside.
    """
    with tempfile.TemporaryDirectory(prefix="marking-") as place:
        folder = Path(place)
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        log = folder / "log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "job.py", name, student, *options],
                cwd=folder,
                env=os.environ | {"TMPDIR": place},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        RUNNING.add(process)
        process.wait()
        RUNNING.discard(process)
        noted = folder / RESULT
        result = json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else {}
        marked = folder / "autograded" / student / name
        return result | {
            "log": log.read_text(encoding="utf-8", errors="replace"),
            "files": {
                str(path.relative_to(marked)): path.read_bytes()
                for path in marked.rglob("*")
                if path.is_file()
            },
        }


def main():
    """Run nbgrader on the one submission of this folder, and note what came of it."""
    name, student, *options = sys.argv[1:]
    start = time.monotonic()
    from nbgrader.api import Gradebook, MissingEntry
    from nbgrader.apps import AutogradeApp

    ended = 0
    try:
        AutogradeApp.launch_instance([name, *options])
    except SystemExit as how:
        ended = how.code
    import marking  # by now nbgrader has read the configuration of the course

    noted = {"ended": ended, "told": marking.TOLD, "grades": {}, "comments": {}}
    with Gradebook("sqlite:///gradebook.db") as book:
        try:
            submission = book.find_submission(name, student)
            notebook = book.find_submission_notebook(name, name, student)
        except MissingEntry:
            pass
        else:
            noted |= {
                "timestamp": submission.timestamp and submission.timestamp.isoformat(),
                "penalty": notebook.late_submission_penalty,
                "grades": {
                    grade.name: [grade.auto_score, grade.needs_manual_grade]
                    for grade in notebook.grades
                },
                "comments": {comment.name: comment.auto_comment for comment in notebook.comments},
            }
    noted["megabytes"] = megabytes()
    noted["seconds"] = time.monotonic() - start
    Path(RESULT).write_text(json.dumps(noted), encoding="utf-8")


def megabytes():
    """Return the most memory that this process and its kernel have had; 0 on Windows."""
    try:
        import resource
    except ImportError:
        return 0
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return sum(resource.getrusage(each).ru_maxrss for each in who) / unit


if __name__ == "__main__":
    main()
