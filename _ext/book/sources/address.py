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
    command = ["git", "-C", str(folder), "remote", "get-url", "origin"]
    try:
        remote = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):  # no git, or no such remote
        return None
    return address(remote.strip())


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
