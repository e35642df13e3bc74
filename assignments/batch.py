"""Mark submissions side by side; one process, this one, enters what comes out.

A submission is marked in a small course of its own (`job.py`). It counts as marked when its
record is written, which comes last: what is stopped before is done again and changes nothing.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import sys
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import Path

import job
from tqdm import tqdm

OF_STUDENTS = ("comment", "grade", "submitted_notebook", "submitted_assignment", "student")
SENT = ("*.py", "roster.csv", "secret.txt", "choices/{}.toml")  # and the set's folder in source
REASON = re.compile(r"^ *((?:[a-z_]+\.)*[A-Z]\w*(?:Error|Exception|Died)\b.*)$", re.MULTILINE)
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def mark(book, name, options, executor=None, workers=CORES, only=None, force=False):
    """Mark all submissions of a set that have not been marked as they are.

    Parameters
    ----------
    book : nbgrader.api.Gradebook
        That of the course, which is the working directory.
    name : str
        The set.
    options : list of str
        Options of ``nbgrader autograde``.
    executor : concurrent.futures.Executor, optional
        Who runs the jobs: without one as many threads as workers, or ``client.get_executor()``
        of Dask. Each job starts a process.
    workers : int
        How many submissions are marked at once.
    only : str, optional
        One student.
    force : bool
        Whether those are marked again that have not changed.

    Returns
    -------
    dict
        Those whose marking was ended from outside, and why; they are not marked.
    """
    found = sorted(path.parts[1] for path in Path("submitted").glob(f"*/{name}"))
    if only and only not in found:
        sys.exit(f"{only} has handed in nothing of {name}; {len(found)} others have")
    if not found:
        sys.exit(f"nobody has handed in {name}; first: python course.py collect {name}")
    chosen = [only] if only else found
    left = [who for who in chosen if force or not is_marked(name, who)]
    shared = course_files(name)
    executor, own = executor or ThreadPoolExecutor(workers), executor is None
    ended, pending = {}, {}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with tqdm(total=len(chosen), initial=len(chosen) - len(left), desc=name) as progress:
            while left or pending:
                while left and len(pending) < 2 * workers:
                    student = left.pop(0)
                    seen, files = digest(name, student), submission_files(name, student)
                    future = executor.submit(job.run, shared | files, name, student, options)
                    pending[future] = (student, seen)
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    student, seen = pending.pop(future)
                    try:
                        result = future.result()
                    except Exception as why:  # a worker is gone, a disk is full: others go on
                        ended[student] = repr(why)
                    else:
                        if isinstance(result.get("ended"), str):
                            sys.exit(result["ended"])
                        if "grades" in result:
                            save(book, name, student, seen, result)
                        else:
                            ended[student] = result["log"][-300:].strip() or "it said nothing"
                    progress.update()
    finally:
        for future in pending:
            future.cancel()
        for process in list(job.RUNNING):
            process.terminate()
        if own:
            executor.shutdown(cancel_futures=True)
    return ended


def course_files(name):
    """Return what every small course holds: the programs, the set, and a gradebook of nobody."""
    paths = [path for kind in SENT for path in Path().glob(kind.format(name))]
    paths += [path for path in Path("source", name).rglob("*") if path.is_file()]
    files = {str(path): path.read_bytes() for path in paths}
    with sqlite3.connect("gradebook.db") as book, sqlite3.connect(":memory:") as copy:
        book.backup(copy)
        for table in OF_STUDENTS:
            copy.execute(f"DELETE FROM {table}")
        copy.commit()
        copy.execute("VACUUM")
        files["gradebook.db"] = copy.serialize()
    return files


def submission_files(name, student):
    """Return what was handed in; links are left out."""
    paths = Path("submitted", student, name).rglob("*")
    return {
        str(path): path.read_bytes()
        for path in sorted(paths)
        if path.is_file() and not path.is_symlink()
    }


def digest(name, student):
    """Return what is another when anything of a submission is."""
    told = hashlib.sha256()
    for path, data in submission_files(name, student).items():
        told.update(f"{path}\n{len(data)}\n".encode())
        told.update(data)
    return told.hexdigest()


def record_of(name, student):
    """Return what was noted when a submission was marked; nothing if it was not."""
    try:
        return json.loads(Path("marked", name, f"{student}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def is_marked(name, student):
    """Return whether a submission was marked as it is."""
    return record_of(name, student).get("digest") == digest(name, student)


def save(book, name, student, seen, result):
    """Enter a result: the marks at once, then the marked notebook, then the record."""
    enter(book, name, student, result)
    put_in_place(Path("autograded", student, name), {} if result["ended"] else result["files"])
    folder = Path("marked", name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{student}.log").write_text(result["log"], encoding="utf-8")
    noted = {key: result[key] for key in ("told", "seconds", "megabytes")}
    noted |= {"digest": seen, "ended": why_ended(result)}
    part = folder / f".{student}.part"
    part.write_text(json.dumps(noted), encoding="utf-8")
    os.replace(part, folder / f"{student}.json")


def enter(book, name, student, result):
    """Enter the marks in one transaction; what a human has given stays, and waits for a look."""
    with book.db.no_autoflush:
        book.update_or_create_student(student)
        submission = book.update_or_create_submission(name, student)
    if when := result.get("timestamp"):
        submission.timestamp = datetime.fromisoformat(when)
    notebook = book.find_submission_notebook(name, name, student)
    notebook.late_submission_penalty = result.get("penalty")
    for grade in notebook.grades:
        grade.auto_score, waits = result["grades"].get(grade.name, (None, True))
        grade.needs_manual_grade = waits or grade.manual_score is not None
    for comment in notebook.comments:
        comment.auto_comment = result["comments"].get(comment.name)
    book.db.commit()


def put_in_place(folder, files):
    """Put the files where the folder was, which is then whole or missing."""
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    for path, data in files.items():
        (part / path).parent.mkdir(parents=True, exist_ok=True)
        (part / path).write_bytes(data)
    shutil.rmtree(folder, ignore_errors=True)
    if files:
        os.rename(part, folder)


def why_ended(result):
    """Return why a submission could not be marked, from the log, or nothing."""
    if not result["ended"]:
        return ""
    reasons = REASON.findall(result["log"])
    return reasons[-1][:300] if reasons else "nbgrader gave no reason, see its log in marked"
