"""Blocks may be run by anybody: threads, processes of a Dask cluster, in any order."""

import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from langevin import Kernel, State, double_well, harmonic, position, simulate, ula
from langevin.kernels import BLOCK
from langevin.metropolis import mala
from langevin.underdamped import baoab, thermal

WELL = double_well(tilt=0.15)
KERNELS = {
    "ula": ula(WELL, 0.01, 0.3),
    "baoab": baoab(WELL, 0.1, 0.3, friction=1.0),
    "mala": mala(WELL, 0.01, 0.3),
}
X0 = np.linspace(-1.5, 1.5, 2 * BLOCK + 100)[:, None]


def both(kernel, executor=None, x0=X0):
    """The final state, and a record of every second step."""
    seeds = (np.random.default_rng(7) for _ in range(2))
    end = simulate(kernel, x0, 5, next(seeds), executor=executor)
    return end, simulate(kernel, x0, 5, next(seeds), observe=position, every=2, executor=executor)


def assert_same(kernel, executor):
    (end, record), (other_end, other_record) = both(kernel), both(kernel, executor)
    assert np.array_equal(record, other_record)
    assert type(end) is type(other_end)
    for one, other in zip(end, other_end, strict=True):
        assert np.array_equal(one, other)


class Backwards(Executor):
    """Runs what it is given when it is asked, the last of it first."""

    def __init__(self):
        self.waiting = []

    def submit(self, fn, *args):
        executor = self

        class Lazy(Future):
            def result(self):
                while executor.waiting:
                    future, fn, args = executor.waiting.pop()
                    future.set_result(fn(*args))
                return super().result()

        self.waiting.append((Lazy(), fn, args))
        return self.waiting[-1][0]


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS.keys())
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_threads_change_nothing(kernel, workers):
    with ThreadPoolExecutor(workers) as threads:
        assert_same(kernel, threads)


def test_the_order_changes_nothing():
    assert_same(KERNELS["ula"], Backwards())


@pytest.fixture(scope="module", params=[False, True], ids=["threads", "processes"])
def cluster(request):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=request.param,
            host="127.0.0.1" if request.param else None,
            dashboard_address=None,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_a_dask_cluster_changes_nothing(cluster):
    for name in ("baoab", "mala"):
        assert_same(KERNELS[name], cluster.get_executor())


def test_a_cluster_tells_what_went_wrong(cluster, rng):
    def step(state, rng):
        raise ZeroDivisionError("far away")

    with pytest.raises(ZeroDivisionError, match="far away"):
        simulate(
            Kernel(State, step), X0, 3, np.random.default_rng(1), executor=cluster.get_executor()
        )


def test_the_rest_is_called_off_when_one_block_fails():
    started = []

    def step(state, rng):
        started.append(state.x[0, 0])
        if len(started) > 1:
            time.sleep(0.3)  # so that who calls them off has the time to
        raise ZeroDivisionError

    x0 = np.arange(20.0 * BLOCK)[:, None]
    with ThreadPoolExecutor(1) as threads, pytest.raises(ZeroDivisionError):
        simulate(Kernel(State, step), x0, 3, np.random.default_rng(1), executor=threads)
    assert started[0] == 0.0 and len(started) < 20


def test_a_run_goes_on_where_another_ended(rng):
    """Two runs of the noiseless part of BAOAB are one long one."""
    kernel = baoab(WELL, 0.1, 0.0, friction=0.5)
    start = thermal(X0, 1.0, rng)
    middle = simulate(kernel, start, 4, rng)
    end, whole = simulate(kernel, middle, 6, rng), simulate(kernel, start, 10, rng)
    assert end.k == whole.k == 10
    assert np.array_equal(end.x, whole.x) and np.array_equal(end.p, whole.p)
    record = simulate(kernel, middle, 6, rng, observe=position, every=6)
    assert np.array_equal(record, [middle.x, whole.x])


@pytest.mark.parametrize(
    "executor, words",
    [
        (2, r"executor must be a concurrent.futures.Executor, got 2; such as ThreadPoolExecutor"),
        (ProcessPoolExecutor, "which ProcessPoolExecutor cannot; use ThreadPoolExecutor"),
    ],
)
def test_bad_executors_get_a_sentence(executor, words):
    executor = executor(1) if callable(executor) else executor
    with pytest.raises(TypeError, match=words):
        simulate(ula(harmonic(), 0.1, 1.0), X0, 2, np.random.default_rng(1), executor=executor)


@pytest.mark.parametrize("bad", [np.zeros(3), np.full((3, 1), np.nan)])
def test_a_bad_state_gets_a_sentence(bad, rng):
    with pytest.raises(ValueError, match=r"x0\.x must"):
        simulate(KERNELS["ula"], State(bad), 2, rng)
