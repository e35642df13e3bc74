"""Random numbers for tests: the seed comes from the test's name, or fresh on demand."""

import secrets
import zlib

import numpy as np
import pytest


def pytest_addoption(parser):
    group = parser.getgroup("seeds")
    group.addoption(
        "--fresh-seed", action="store_true", help="draw new seeds; a failure is a bug report"
    )
    group.addoption("--seed", type=int, default=0, help="repeat a run that --fresh-seed printed")


@pytest.fixture
def rng(request):
    """A generator of this test's own; the seed is printed when the test fails."""
    run = request.config.getoption("--seed", default=0)
    if request.config.getoption("--fresh-seed", default=False):
        run = secrets.randbits(32)
        print(f"repeat with --seed={run}")
    name = request.node.nodeid.rsplit("/", 1)[-1]
    return np.random.default_rng([run, zlib.crc32(name.encode())])
