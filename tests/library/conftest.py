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


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes minutes; run it by name or with -m slow")


def pytest_collection_modifyitems(config, items):
    marks, words = config.getoption("markexpr"), " ".join([*config.args, config.option.keyword])
    late = [
        item
        for item in items
        if item.get_closest_marker("slow")
        and "slow" not in marks
        and item.originalname not in words
    ]
    items[:] = [item for item in items if item not in late]
    config.hook.pytest_deselected(items=late)


@pytest.fixture
def rng(request):
    """A generator of this test's own; the seed is printed when the test fails."""
    run = request.config.getoption("--seed", default=0)
    if request.config.getoption("--fresh-seed", default=False):
        run = secrets.randbits(32)
        print(f"repeat with --seed={run}")
    name = request.node.nodeid.rsplit("/", 1)[-1]
    return np.random.default_rng([run, zlib.crc32(name.encode())])
