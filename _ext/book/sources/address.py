"""The repository's public address, known in this one place."""

import os
import re
import subprocess
from typing import NamedTuple


class Address(NamedTuple):
    repository: str
    pages: str | None


def repository_address(folder):
    """Return the Address from the workflow's environment or the git remote, or None."""
    name = os.environ.get("GITHUB_REPOSITORY")
    if name:
        return address(f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}")
    asked = subprocess.run(
        ["git", "-C", str(folder), "remote", "get-url", "origin"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return address(asked.stdout.strip()) if asked.returncode == 0 else None


def address(remote):
    """Return the Address that a git remote points to; None for a local path.

    >>> address("git@github.com:someone/book.git")
    Address(repository='https://github.com/someone/book', pages='https://someone.github.io/book/')
    >>> address("/srv/git/book") is None
    True
    """
    match = re.match(
        r"(?:https?://(?:[^@/]+@)?|ssh://git@|git@)([\w.-]+\.\w+)[:/](.+?)(?:\.git)?/?$", remote
    )
    if match is None:
        return None
    host, name = match.groups()
    owner, _, book = name.partition("/")
    pages = f"https://{owner.lower()}.github.io/{book}/" if host == "github.com" else None
    return Address(f"https://{host}/{name}", pages)
