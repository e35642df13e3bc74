"""A run that diverges gets one warning, which gives the number of particles and the step."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from langevin import Kernel, Potential, State, harmonic, random_walk, simulate, trajectory, ula
from langevin.gradients import exact
from langevin.kernels import BLOCK, DivergenceWarning
from langevin.optimizers import adam
from langevin.overdamped import langevin

QUARTIC = ula(Potential("x**4"), 0.5, 1.0)


def caught(run, *args, **options):
    """Return what a run returns and the warnings that it gives."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        return run(*args, **options), found


def doubling(x, rng):
    """Return a gradient: without heat and at step 1, ever x -> 2 x, as floats or as an array."""
    return -x


DOUBLING = langevin(doubling, 1.0, 0.0)
# 1e300 * 2**28 exceeds the largest float, 1.8e308, and 1e300 * 2**27 does not
STEP = 28


def test_a_path_on_a_line_that_diverges_gets_one_warning():
    path, found = caught(trajectory, QUARTIC, 3.0, 20, np.random.default_rng(1))
    (warning,) = found
    step = np.flatnonzero(~np.isfinite(path))[0]
    assert warning.category is DivergenceWarning and warning.filename == __file__
    assert f"1 of 1 particles are not finite, first at step {step} of 20" in str(warning.message)
    assert np.isfinite(path[:step]).all() and 0 < step < 20


@pytest.mark.parametrize("threads", [False, True])
@pytest.mark.parametrize("observe", [None, lambda state: state.x])
def test_the_first_step_and_the_number_of_particles(threads, observe):
    x0 = np.zeros((2 * BLOCK + 5, 1))
    x0[[1, BLOCK + 1, BLOCK + 2]] = [[1e290], [1e300], [-1e300]]
    with ThreadPoolExecutor(2) as pool:
        _, (warning,) = caught(
            simulate,
            DOUBLING,
            x0,
            100,
            np.random.default_rng(1),
            observe=observe,
            executor=pool if threads else None,
        )
    words = f"3 of {len(x0)} particles are not finite, first at step {STEP} of 100;"
    assert words in str(warning.message) and warning.filename == __file__


def test_the_noise_of_the_step_that_is_named_is_the_noise_of_the_run():
    run = (ula(Potential("x**4"), 0.2, 1.0), [[0.0]], 400)
    path, (warning,) = caught(simulate, *run, np.random.default_rng(3), observe=lambda s: s.x)
    step = np.flatnonzero(~np.isfinite(path[:, 0, 0]))[0]
    assert f"first at step {step} of 400;" in str(warning.message)


def test_who_silences_overflow_silences_this():
    for run, x0 in (trajectory, 3.0), (simulate, [[3.0]]):
        with np.errstate(over="ignore"):
            assert caught(run, QUARTIC, x0, 20, np.random.default_rng(1))[1] == []
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        simulate(QUARTIC, [[3.0]], 20, np.random.default_rng(1))


POWERS = {"x**3": 3.0, "x**20": 3.0, "2**x": 2000.0, "1/x": 0.0, "x**(-18)": 0.0, "x**(1/3)": -1.0}


@pytest.mark.parametrize("formula, x0", POWERS.items(), ids=POWERS)
def test_a_float_overflows_as_an_array_does(formula, x0):
    """Python's own powers and quotients raise, or are complex, where NumPy's are not finite."""
    kernel = ula(Potential(formula), 1.0, 1.0)
    with np.errstate(divide="ignore"):
        path, (warning,) = caught(trajectory, kernel, x0, 20, np.random.default_rng(1))
        run = (kernel, [[x0]], 20, np.random.default_rng(1))
        array, (same,) = caught(simulate, *run, observe=lambda state: state.x)
    assert warning.category is DivergenceWarning and str(warning.message) == str(same.message)
    np.testing.assert_allclose(path, array[:, 0, 0], rtol=1e-12)


def test_a_move_to_an_infinite_energy_is_rejected_on_a_float_too():
    """Nothing has diverged.

    A proposal is 1.4e19 away on average, and that one of 20 is nearer to 0 than 1e10, so that it
    might be accepted, has probability 20 * 2e10 / (1.4e19 sqrt(2 pi)), 1.2e-8.
    """
    kernel = random_walk(Potential("x**20"), 1e38, 1.0)
    path, found = caught(trajectory, kernel, 1e10, 20, np.random.default_rng(1))
    assert np.all(path == 1e10) and DivergenceWarning not in {w.category for w in found}


def test_an_oracle_of_the_caller_that_raises_at_a_float_ends_in_the_warning():
    kernel = langevin(lambda x, rng: 3 * x**2, 1.0, 0.0)
    path, (warning,) = caught(trajectory, kernel, 3.0, 20, np.random.default_rng(1))
    _, (same,) = caught(simulate, kernel, [[3.0]], 20, np.random.default_rng(1))
    assert warning.category is DivergenceWarning and str(warning.message) == str(same.message)
    assert path[1] == -24.0 and np.isnan(path[-1])


def test_a_stable_run_gets_no_warning():
    kernel = ula(harmonic(), 0.5, 1.0)
    assert caught(simulate, kernel, [[3.0]], 20, np.random.default_rng(1))[1] == []
    assert caught(trajectory, kernel, 3.0, 20, np.random.default_rng(1))[1] == []


def test_an_overflow_that_leaves_the_positions_finite_keeps_its_warning():
    """The square of a gradient of 1e200 overflows, and Adam then stands still."""
    kernel = adam(exact(harmonic()), 0.1)
    end, (warning,) = caught(simulate, kernel, [[1e200]], 3, np.random.default_rng(1))
    assert end.x == 1e200 and warning.category is RuntimeWarning
    assert "overflow encountered in a step" in str(warning.message)


def test_the_warnings_of_observe_are_left_alone():
    still = Kernel(lambda x: State(x), lambda s, rng: State(s.x, s.k + 1))
    _, found = caught(
        simulate, still, [[-1.0]], 2, np.random.default_rng(1), observe=lambda s: np.sqrt(s.x)
    )
    assert {str(w.message) for w in found} == {"invalid value encountered in sqrt"}
