"""Results of slow functions, kept from build to build: an unchanged page is not finished again."""

import pickle
from hashlib import sha256
from pathlib import Path

import langevin

SOURCES = [Path(__file__).parents[1], Path(langevin.__path__[0])]


class Kept:
    """Results in a folder, by function, arguments and the code that made them.

    >>> import tempfile
    >>> kept = Kept(Path(tempfile.mkdtemp()) / "results")
    >>> kept(max, "a", "b"), kept(max, "a", "b"), len(list(kept.folder.iterdir()))
    ('b', 'b', 1)
    """

    def __init__(self, folder, sources=SOURCES):
        self.folder, self.used = folder, set()
        folder.mkdir(parents=True, exist_ok=True)
        files = sorted(path for source in sources for path in source.rglob("*.py"))
        self.code = sha256(b"".join(path.read_bytes() for path in files)).hexdigest()

    def __call__(self, function, *arguments):
        """Return what the function gives for these arguments, texts, numbers or tuples of them."""
        asked = pickle.dumps((self.code, arguments))
        path = self.folder / f"{function.__name__}-{sha256(asked).hexdigest()[:32]}"
        self.used.add(path)
        if path.is_file():
            return pickle.loads(path.read_bytes())
        result = function(*arguments)
        draft = path.with_suffix(".new")
        draft.write_bytes(pickle.dumps(result))
        draft.replace(path)  # a build that is stopped leaves no half of it
        return result

    def forget_others(self):
        """Delete what this build has not asked for."""
        for path in set(self.folder.iterdir()) - self.used:
            path.unlink()


def now(function, *arguments):
    """Call the function and keep nothing."""
    return function(*arguments)
