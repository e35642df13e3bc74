"""A run in machine code: the same blocks, streams and numbers as NumPy's, or a sentence."""

import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from test_trace import REFUSED, TRACEABLE

from langevin import (
    Kernel,
    Potential,
    State,
    double_well,
    kernels,
    mala,
    nonlinear_conjugate_gradient,
    position,
    rosenbrock,
    simulate,
    ula,
)
from langevin._blocks import BLOCK
from langevin.kernels import DivergenceWarning
from langevin.underdamped import baoab, thermal

numba = pytest.importorskip("numba")  # the group "compiled", which the tests install

WELL = double_well(tilt=0.15)
X0 = np.linspace(-1.5, 1.5, 2 * BLOCK + 100)[:, None]


def assert_close(one, other):
    """Equal up to some roundings of numbers of size 1, and fields of the same kind."""
    assert type(one) is type(other)
    for name, a, b in zip(one._fields, one, other, strict=True):
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype and a.shape == b.shape, name
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-11, err_msg=name)
        else:
            assert a is b is None or a == b, name


def runs(kernel, x0, n_steps, **options):
    """The same run in NumPy and compiled."""
    return (
        simulate(kernel, x0, n_steps, np.random.default_rng(7), compiled=compiled, **options)
        for compiled in (False, True)
    )


@pytest.mark.parametrize("kernel", TRACEABLE.values(), ids=TRACEABLE.keys())
def test_the_numbers_are_those_of_numpy(kernel, rng):
    x0 = rng.uniform(-1, 1, size=(300, 2))
    numpy, compiled = runs(kernel, x0, 6)
    assert_close(numpy, compiled)
    # and going on from there, from a state that has all its fields
    assert_close(*runs(kernel, numpy, 3))


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("name", ["ula", "baoab", "mala"])
def test_any_number_of_threads_gives_the_same(name, threads):
    kernel = {
        "ula": ula(WELL, lambda k: 0.01 / (1 + k), 0.3),
        "baoab": baoab(WELL, 0.1, 0.3, friction=1.0),
        "mala": mala(WELL, 0.01, 0.3),
    }[name]
    numpy, compiled = runs(kernel, X0, 5)
    assert_close(numpy, compiled)
    records = [*runs(kernel, X0, 5, observe=position, every=2)]
    np.testing.assert_allclose(*records, rtol=1e-12, atol=1e-14)
    with ThreadPoolExecutor(threads) as pool:
        options = dict(executor=pool, compiled=True)
        end = simulate(kernel, X0, 5, np.random.default_rng(7), **options)
        record = simulate(
            kernel, X0, 5, np.random.default_rng(7), observe=position, every=2, **options
        )
    assert all(np.array_equal(a, b) for a, b in zip(compiled, end, strict=True))
    assert np.array_equal(records[1], record)


BITS = ["PCG64", "SFC64", "PCG64DXSM", "Philox", "MT19937"]


@pytest.mark.parametrize("bits", BITS)
def test_every_stream_of_numpy_is_the_same_in_machine_code(bits):
    """Bit for bit, of a million: the tails of the ziggurats are met some hundred times."""
    from langevin import _ziggurat

    def new():
        return np.random.Generator(getattr(np.random, bits)(11))

    methods = {"normal": "standard_normal", "exponential": "standard_exponential"}
    for kind, name in (methods | {"uniform": "random"}).items():
        words, fills = _ziggurat.source(new())
        out = np.empty((2, 500_000))
        for row in out:
            _ziggurat.FILLS[fills][kind](words, row)
        assert np.array_equal(out.ravel(), getattr(new(), name)(out.size))


def test_states_that_were_observed_stay_as_they_were():
    kept = []
    kernel = baoab(WELL, 0.1, 0.3, friction=1.0)

    def observe(state):
        kept.append(state)
        return state.x

    record = simulate(
        kernel, X0[:50], 6, np.random.default_rng(1), observe=observe, every=2, compiled=True
    )
    assert [state.k for state in kept] == [0, 2, 4, 6]
    assert np.array_equal(record, [state.x for state in kept])


def test_the_start_is_not_changed(rng):
    start = thermal(X0[:50], 1.0, rng)
    before = [np.array(field) for field in start]
    simulate(baoab(WELL, 0.1, 0.3, friction=1.0), start, 3, rng, compiled=True)
    assert all(np.array_equal(a, b) for a, b in zip(before[:2], start[:2], strict=True))


def test_one_sign_in_a_step_changes_both():
    """Nothing but the step is edited, and the compiled run follows it."""

    def falling(sign):
        def step(state, rng):
            xi = rng.standard_normal(state.x.shape)
            return State(state.x + sign * 0.1 * WELL.grad(state.x) + 0.2 * xi, state.k + 1)

        return Kernel(State, step)

    x0 = X0[:100]
    (down, compiled_down), (up, compiled_up) = (runs(falling(sign), x0, 4) for sign in (-1, 1))
    assert_close(down, compiled_down)
    assert_close(up, compiled_up)
    assert np.abs(up.x - down.x).max() > 0.1


def test_kernels_that_differ_in_numbers_are_compiled_once():
    from langevin import _compiled

    x0 = np.ones((10, 2))
    for step_size in (0.01, 0.02, 0.03):
        simulate(ula(rosenbrock(), step_size, 0.1), x0, 4, np.random.default_rng(1), compiled=True)
        made = _compiled.compiled.cache_info().misses
        if step_size == 0.01:
            first = made
    assert made == first


@pytest.mark.parametrize("kernel, words", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_compiled_runs_in_numpy_and_says_so(kernel, words):
    def run(**options):
        rng = np.random.default_rng(5)
        try:
            return simulate(kernel, np.full((4, 2), 0.5), 2, rng, **options).x
        except Exception as error:
            return str(error)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = run()
    with pytest.warns(UserWarning, match=f"of this kernel its .*{words}.*so that NumPy runs it"):
        compiled = run(compiled=True)
    assert np.array_equal(plain, compiled)


def test_the_warning_points_at_the_call():
    kernel = nonlinear_conjugate_gradient(rosenbrock())
    with pytest.warns(UserWarning, match="compiled=True needs") as found:
        simulate(kernel, np.ones((2, 2)), 1, np.random.default_rng(1), compiled=True)
    assert found[0].filename == __file__


def test_without_numba_there_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "langevin._compiled", None)
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(
        ModuleNotFoundError, match=r"needs numba.*pip install 'langevin\[compiled\]'"
    ):
        simulate(ula(WELL, 0.1, 1.0), X0[:2], 1, np.random.default_rng(1), compiled=True)


def test_numba_is_loaded_only_when_asked_for():
    code = (
        "import sys, numpy as np, langevin as l; k = l.ula(l.harmonic(), 0.1, 1.0); "
        "l.simulate(k, [[1.0]], 2, np.random.default_rng(1)); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert not {"numba", "llvmlite"} & set(done.stdout.split())


@pytest.mark.parametrize("bar, said", [(True, True), (False, False), (None, False)])
def test_a_long_compilation_is_told(bar, said, monkeypatch, capsys):
    clock = iter([0.0, 2.5] * 2)
    from langevin import _compiled

    monkeypatch.setattr(_compiled.time, "perf_counter", lambda: next(clock))
    simulate(ula(WELL, 0.1, 1.0), X0[:2], 1, np.random.default_rng(1), compiled=True, progress=bar)
    assert ("compiled the step in 2.5 s" in capsys.readouterr().err) is said


def test_a_run_that_diverges_names_the_same_step():
    kernel, words = ula(Potential("-(x**2)/2"), 1.0, 1.0), []
    x0 = np.full((2 * BLOCK, 1), 1e290)
    for compiled in (False, True):
        with pytest.warns(DivergenceWarning) as found:
            simulate(kernel, x0, 2500, np.random.default_rng(1), compiled=compiled)
        words.append(str(found[0].message))
    assert words[0] == words[1] and "first at step" in words[0]


def test_the_bar_counts_every_step(monkeypatch):
    counted = []

    class Bar:
        def __init__(self, total, done):
            counted.append(done)

        def update(self, n):
            counted.append(n)

        def close(self):
            pass

    monkeypatch.setattr(kernels._progress, "_new_bar", Bar)
    for n in (50, 2 * BLOCK + 1):
        counted.clear()
        simulate(
            ula(WELL, 0.01, 1.0), X0[:n], 1500, np.random.default_rng(1), compiled=True,
            progress=True,
        )  # fmt: skip
        assert sum(counted) == 1500 * n and len(counted) > 1


def test_a_failure_in_a_thread_is_the_callers(rng):
    def observe(state):
        if state.k > 2:
            raise ZeroDivisionError("in a thread")
        return state.x

    with pytest.raises(ZeroDivisionError, match="in a thread"):
        simulate(ula(WELL, 0.1, 1.0), X0, 4, rng, observe=observe, compiled=True)


def test_a_dask_cluster_runs_machine_code_too():
    distributed = pytest.importorskip("distributed")
    kernel = baoab(WELL, 0.1, 0.3, friction=1.0)
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert_close(*runs(kernel, X0, 5, executor=client.get_executor()))


def test_it_is_faster():
    """Measured at 2 to 3 times on one core; a quarter more is what must be left under load."""
    kernel, x0 = ula(WELL, 0.01, 0.2), np.ones((BLOCK, 1))
    times = {False: [], True: []}
    for _ in range(9):
        for compiled, taken in times.items():
            start = time.perf_counter()
            simulate(kernel, x0, 300, np.random.default_rng(1), compiled=compiled)
            taken.append(time.perf_counter() - start)
    assert min(times[False]) > 1.25 * min(times[True])
