"""Bad input to every public function: a table of calls that work, and each way to spoil one.

Whatever is put in place of one argument, the answer is a ValueError or a TypeError whose sentence
names the argument and says what was given.  What a module refuses beyond that (energies that do
not fit their graph, a batch larger than its data) stands in a table beside the module's own tests.
"""

import inspect

import numpy as np
import pytest

from langevin import (
    annealing,
    exact,
    gradients,
    hard_discs,
    kernels,
    metropolis,
    networks,
    observables,
    optimizers,
    overdamped,
    potentials,
    schedules,
    underdamped,
)

MODULES = [
    kernels,
    overdamped,
    underdamped,
    metropolis,
    optimizers,
    schedules,
    annealing,
    gradients,
    potentials,
    observables,
    hard_discs,
    networks,
    exact,
]
# results, and what a class or a step of the library hands over itself
NOT_CALLED_BY_USERS = {
    "AdaGradState",
    "AdamState",
    "Blocking",
    "ChainState",
    "ChebyshevState",
    "ConjugateState",
    "DivergenceWarning",
    "Estimate",
    "HeavyBall",
    "HeavyBallState",
    "Histogram",
    "Kernel",
    "LinearRegression",
    "LogisticRegression",
    "Loss",
    "MetropolisState",
    "Moments",
    "NesterovState",
    "NoisyState",
    "Objective",
    "Oracle",
    "PhaseState",
    "PhaseVariances",
    "RMSPropState",
    "Scaling",
    "State",
    "as_momentum",
    "as_schedule",
    "as_step_size",
    "normals",
    "position",
    "zero",
}
POSITIVE = {
    "batch_size",
    "box",
    "duration",
    "friction",
    "mass",
    "masses",
    "n_light",
    "n_steps",
    "radii",
    "radius",
    "sigmas",
    "step_size",
    "stiffness",
    "temperature",
    "viscosity",
    "widths",
}

U = potentials.double_well()
BOWL = potentials.harmonic()
LINE = networks.LinearRegression()
X, Y = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]]), np.array([1.0, 2.0, 2.0])
PATHS = np.arange(12.0).reshape(6, 2, 1) ** 2
SERIES = np.sin(np.arange(64.0))
HESSIAN, NOISE = np.diag([1.0, 2.0]), np.eye(2)
GRAPH = dict(energies=[0.3, 1.3, 0.0], neighbours=annealing.path_graph(3))


def step(**others):
    return {"step_size": 0.1, **others}


def rng():
    return np.random.default_rng(1)


CALLS = {
    kernels.simulate: dict(
        kernel=overdamped.ula(U, 0.1, 1.0), x0=np.ones((3, 1)), n_steps=4, rng=rng(), every=2
    ),
    kernels.trajectory: dict(kernel=overdamped.ula(U, 0.1, 1.0), x0=1.0, n_steps=4, rng=rng()),
    overdamped.langevin: step(grad=gradients.zero, temperature=1.0),
    overdamped.gradient_descent: step(U=BOWL),
    overdamped.ula: step(U=U, temperature=1.0),
    overdamped.sgd: step(grad=gradients.zero),
    overdamped.sgld: step(grad=gradients.zero, temperature=1.0),
    overdamped.leimkuhler_matthews: step(U=U, temperature=1.0),
    **{
        method: step(U=U, temperature=1.0, friction=1.0, mass=2.0)
        for method in (underdamped.aboba, underdamped.baoab, underdamped.obabo)
    },
    underdamped.heavy_ball: step(grad=gradients.zero, momentum=0.9),
    underdamped.splitting: step(
        word="BAO", grad=gradients.zero, temperature=1.0, friction=1.0, mass=2.0
    ),
    underdamped.thermal: dict(x=np.ones((3, 1)), temperature=1.0, rng=rng(), mass=2.0),
    metropolis.random_walk: step(U=U, temperature=1.0),
    metropolis.mala: step(U=U, temperature=1.0),
    optimizers.adagrad: step(grad=gradients.zero, epsilon=1e-8),
    optimizers.adam: step(grad=gradients.zero, beta1=0.9, beta2=0.99, epsilon=1e-8),
    optimizers.adamw: step(
        grad=gradients.zero, beta1=0.9, beta2=0.99, epsilon=1e-8, weight_decay=0.1
    ),
    optimizers.chebyshev: dict(grad=gradients.zero, lowest=1.0, highest=2.0),
    optimizers.conjugate_gradient: dict(grad=gradients.zero, hessian=HESSIAN),
    optimizers.nesterov: step(grad=gradients.zero, momentum=0.9),
    optimizers.nonlinear_conjugate_gradient: dict(U=U),
    optimizers.rmsprop: step(grad=gradients.zero, decay=0.9, epsilon=1e-8),
    schedules.constant: dict(value=1.0),
    schedules.exponential: dict(start=1.0, time=10.0),
    schedules.polynomial: dict(scale=1.0, power=0.5, offset=1.0),
    schedules.logarithmic: dict(scale=1.0, offset=2.0),
    schedules.cyclical: dict(high=1.0, period=10, low=0.1),
    schedules.linear: dict(start=1.0, end=0.0, steps=10),
    schedules.cosine: dict(start=1.0, end=0.0, steps=10),
    schedules.warm_up: dict(steps=5, then=1.0, start=0.1),
    schedules.gelfand_mitter: dict(noise=1.0, step=1.0, offset=3.0),
    annealing.depth: GRAPH,
    annealing.escape_depths: GRAPH,
    annealing.distribution: dict(start=0, temperature=1.0, n_steps=3, **GRAPH),
    annealing.simulated_annealing: dict(temperature=1.0, **GRAPH),
    annealing.transition_matrix: dict(temperature=1.0, **GRAPH),
    annealing.path_graph: dict(n_states=3),
    gradients.epochs: dict(
        method=lambda grad: overdamped.sgd(grad, 0.1), loss=LINE, data=(X, Y), batch_size=2
    ),
    gradients.exact: dict(U=U),
    gradients.minibatch: dict(loss=LINE, data=(X, Y), batch_size=2),
    gradients.noise_covariance: dict(loss=LINE, data=(X, Y), w=np.ones(2)),
    gradients.per_example: dict(loss=LINE, data=(X, Y), w=np.ones(2)),
    gradients.noisy: dict(U=U, sigma=1.0),
    potentials.Potential: dict(expression="k*x**2", variables="x", k=1.0),
    potentials.double_well: dict(tilt=0.1, height=1.0),
    potentials.free: dict(dim=1),
    potentials.gaussian_mixture: dict(means=[[0.0], [1.0]], widths=1.0, weights=[0.5, 0.5]),
    potentials.gravity: dict(weight=1.0),
    potentials.harmonic: dict(stiffness=1.0, dim=1),
    potentials.muller_brown: dict(scale=1.0),
    potentials.narrow_and_wide: dict(narrow=400.0, wide=1.0, gap=0.5, distance=2.0, smoothing=0.05),
    potentials.rings: dict(radii=(1.0, 2.0), stiffness=100.0, smoothing=1.0),
    potentials.rosenbrock: dict(dim=2, steepness=100.0),
    potentials.rugged: dict(stiffness=1.0, roughness=1.0, wavenumber=8.0),
    potentials.saddle: dict(stiffness=2.0, fall=2.0, wall=0.1),
    observables.autocorrelation: dict(series=SERIES, max_lag=5),
    observables.block_error: dict(series=SERIES),
    observables.blocking: dict(series=SERIES),
    observables.displacements: dict(paths=PATHS, lag=1),
    observables.histogram: dict(samples=SERIES, edges=[0.0, 0.5, 1.0]),
    observables.integrated_time: dict(series=rng().standard_normal(200)),
    observables.kinetic_temperature: dict(momenta=np.ones((3, 1)), mass=1.0),
    observables.msd: dict(paths=PATHS, lags=[1, 2]),
    observables.quadratic_variation: dict(paths=PATHS),
    hard_discs.HardDiscs: dict(
        positions=[[1.0, 1.0], [3.0, 3.0]],
        velocities=[[1.0, 0.0], [0.0, 1.0]],
        radii=0.5,
        masses=1.0,
        box=5.0,
        walls="periodic",
    ),
    hard_discs.lattice_gas: dict(
        n_light=8,
        mass_ratio=10.0,
        radius_ratio=2.0,
        temperature=1.0,
        density=0.2,
        rng=rng(),
        walls="periodic",
    ),
    hard_discs.record: dict(
        gas=hard_discs.HardDiscs([[1.0, 1.0]], [[1.0, 0.0]], 0.5, 1.0, 5.0), times=[0.0, 1.0]
    ),
    networks.BoltzmannMachine: dict(n_visible=3, n_hidden=2),
    networks.ContrastiveDivergence: dict(machine=networks.BoltzmannMachine(3, 2), n_sweeps=1),
    networks.Perceptron: dict(n_inputs=2, n_hidden=3, n_outputs=1),
    networks.Ridge: dict(loss=LINE, decay=0.1),
    networks.ScoreModel: dict(dim_x=2, n_hidden=3, sigmas=[0.5, 1.0]),
    networks.SoftmaxRegression: dict(n_classes=3),
    networks.with_intercept: dict(X=X),
    exact.additive_covariance: dict(hessian=HESSIAN, noise=NOISE, step_size=0.1, batch_size=2),
    exact.continuous_covariance: dict(hessian=HESSIAN, noise=NOISE, step_size=0.1, batch_size=2),
    exact.avogadro: dict(msd=1e-11, t=30.0, temperature=290.0, viscosity=1e-3, radius=1e-6),
    exact.barometric_length: dict(
        temperature=290.0, density_difference=200.0, radius=1e-7, gravity=9.81, avogadro=6e23
    ),
    exact.barrier_action: dict(U=U, well=-1.0, top=0.0, mass=1.0),
    exact.batch_variance: dict(n_examples=10, batch_size=2),
    exact.chi_square_probability: dict(chi2=3.0, dof=2),
    exact.circulation: dict(hessian=HESSIAN, covariance=NOISE),
    exact.conjugate_gradient_bound: dict(n_steps=3, condition=10.0),
    exact.depopulation: dict(loss=1.0),
    exact.diffusion_constant: dict(temperature=290.0, viscosity=1e-3, radius=1e-6),
    exact.disc_velocity_variance: dict(energy=10.0, mass=1.0, total_mass=10.0, n_discs=10),
    exact.energy_diffusion_rate: dict(
        barrier=5.0, well_curvature=1.0, action=3.0, temperature=1.0, friction=0.1, mass=1.0
    ),
    exact.eyring_kramers_time: dict(
        barrier=1.0,
        well_hessian=HESSIAN,
        saddle_hessian=np.diag([-1.0, 1.0]),
        temperature=0.1,
        friction=1.0,
    ),
    exact.first_passage_time: dict(U=U, start=-1.0, target=1.0, temperature=0.5, friction=1.0),
    exact.free_msd: dict(t=1.0, mass=1.0, friction=1.0, temperature=1.0, dim=1),
    exact.free_ula_moments: dict(n_steps=3, step_size=0.1, temperature=1.0),
    exact.gaussian_propagator: dict(x=0.0, t=1.0, diffusion=1.0),
    exact.gaussian_regression_variance: dict(step_size=0.1, batch_size=1, noise=1.0, curvature=1.0),
    exact.half_normal_probability: dict(a=0.0, b=1.0, rms=1.0),
    exact.harmonic_moments: dict(t=1.0, x0=1.0, stiffness=1.0, temperature=1.0),
    exact.harmonic_splitting_variances: dict(
        word="BAOAB", stiffness=1.0, step_size=0.1, temperature=1.0, mass=1.0
    ),
    exact.harmonic_ula_moments: dict(
        n_steps=3, x0=1.0, stiffness=1.0, step_size=0.1, temperature=1.0
    ),
    exact.harmonic_ula_variance: dict(stiffness=1.0, step_size=0.1, temperature=1.0),
    exact.heavy_ball_temperature: dict(step_size=0.1, momentum=0.9, noise=1.0),
    exact.heavy_ball_variance: dict(stiffness=1.0, step_size=0.1, momentum=0.9, noise=1.0),
    exact.kramers_rate: dict(
        barrier=5.0, well_curvature=1.0, top_curvature=1.0, temperature=1.0, friction=1.0, mass=1.0
    ),
    exact.leimkuhler_matthews_variance: dict(stiffness=1.0, step_size=0.1, temperature=1.0),
    exact.overdamped_rate: dict(
        barrier=5.0, well_curvature=1.0, top_curvature=1.0, temperature=1.0, friction=1.0
    ),
    exact.polyak_optimum: dict(lowest=1.0, highest=100.0),
    exact.quadratic_variation_moments: dict(n_steps=3, step_size=0.1, temperature=1.0),
    exact.random_walk_probability: dict(n=10, position=2),
    exact.random_walk_within: dict(n=10, m=2),
    exact.rayleigh_ring_probability: dict(a=0.0, b=1.0),
    exact.regression_covariance: dict(X=X, y=Y, step_size=0.1, batch_size=2),
    exact.regression_step_limit: dict(X=X, batch_size=2),
    exact.relaxation_time: dict(mass=1.0, friction=1.0),
    exact.scaling_optimum: dict(method="mala"),
    exact.spring_free_energy: dict(stiffness_before=1.0, stiffness_after=2.0, temperature=1.0),
    exact.spring_work: dict(
        stiffness_before=1.0, stiffness_after=2.0, duration=1.0, temperature=1.0, friction=1.0
    ),
    exact.stokes_friction: dict(viscosity=1e-3, radius=1e-6),
    exact.turnover_rate: dict(
        barrier=5.0,
        well_curvature=1.0,
        top_curvature=1.0,
        action=3.0,
        temperature=1.0,
        friction=0.1,
        mass=1.0,
    ),
    exact.velocity_autocorrelation: dict(t=1.0, mass=1.0, friction=1.0, temperature=1.0),
}


def public():
    """Return all that a reader may call."""
    return {
        object
        for module in MODULES
        for name, object in vars(module).items()
        if callable(object)
        and getattr(object, "__module__", "").startswith(module.__name__)
        and not name.startswith("_")
        and name not in NOT_CALLED_BY_USERS
    }


def spoiled(value):
    """Return what may stand in the place of a good argument by mistake."""
    if isinstance(value, str):
        return ["nonsense", 7]
    if isinstance(value, int | float):
        return [float("nan"), float("inf"), "three", None]
    if isinstance(value, np.random.Generator):
        return [7, None]
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return [7, "three"]
    hole = array.copy()
    hole.flat[-1] = np.nan
    return [hole, "three"]


INFINITE = {
    (exact.depopulation, "loss"),
    (exact.half_normal_probability, "b"),
    (exact.rayleigh_ring_probability, "b"),
    (exact.harmonic_moments, "t"),
}


def allowed(call, name, wrong):
    """Tell whether what looks spoiled means something here."""
    if isinstance(wrong, float) and np.isinf(wrong):
        return (call, name) in INFINITE
    return (call, name, wrong) == (observables.autocorrelation, "max_lag", None)


CASES = [
    pytest.param(call, name, wrong, id=f"{call.__name__}-{name}-{wrong!r:.12}".replace("\n", ""))
    for call, arguments in CALLS.items()
    for name, value in arguments.items()
    for wrong in spoiled(value) + [-1.0] * (name in POSITIVE)
    if isinstance(wrong, np.ndarray) or not allowed(call, name, wrong)
]


def test_every_public_function_is_in_the_table():
    assert public() == set(CALLS)


def test_what_the_table_says_works():
    for call, arguments in CALLS.items():
        call(**arguments)
        needed = {
            name
            for name, p in inspect.signature(call).parameters.items()
            if p.default is p.empty and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
        }
        assert needed <= set(arguments)


@pytest.mark.parametrize("call, name, wrong", CASES)
def test_bad_input_gets_a_sentence(call, name, wrong):
    with pytest.raises((ValueError, TypeError)) as refusal:
        call(**CALLS[call] | {name: wrong})
    sentence = str(refusal.value)
    assert name in sentence
    assert "got" in sentence


COMBINATIONS = {
    "positions without an axis": (
        lambda: kernels.simulate(overdamped.ula(U, 0.1, 1.0), np.ones(3), 4, rng()),
        "x0 must have shape (n_particles, dim), got shape (3,)",
    ),
    "a batch larger than the data": (
        lambda: gradients.minibatch(LINE, (X, Y), 4, replacement=False),
        "batch_size must be at most the 3 examples, got 4",
    ),
    "unknown letters": (
        lambda: underdamped.splitting("BAX", gradients.zero, 0.1, 1.0, 1.0),
        "word must be made of the letters A, B and O",
    ),
    "a state that cannot be reached": (
        lambda: annealing.depth([0.0, 1.0, 2.0], [[1], [0], []]),
        "no moves lead to [2]",
    ),
    "a disc that reaches out of its box": (
        lambda: hard_discs.HardDiscs([[0.5, 2.0]], [[0.0, 0.0]], 1.0, 1.0, 5.0, "reflecting"),
        "reaches out of the box",
    ),
    "overlapping discs": (
        lambda: hard_discs.HardDiscs(np.ones((2, 2)), np.zeros((2, 2)), 1.0, 1.0, 9.0),
        "discs 0 and 1 overlap",
    ),
}


@pytest.mark.parametrize("call, words", COMBINATIONS.values(), ids=COMBINATIONS.keys())
def test_what_does_not_fit_together_gets_a_sentence(call, words):
    with pytest.raises(ValueError) as refusal:
        call()
    assert words in str(refusal.value)


UNSTABLE = {
    "gradient descent": (lambda: overdamped.gradient_descent(potentials.harmonic(4.0), 0.5), "0.5"),
    "ULA": (lambda: overdamped.ula(potentials.harmonic(4.0), 0.6, 1.0), "0.5"),
    "Leimkuhler-Matthews": (
        lambda: overdamped.leimkuhler_matthews(potentials.harmonic(4.0), 0.6, 1.0),
        "0.5",
    ),
    "BAOAB": (lambda: underdamped.baoab(potentials.harmonic(4.0), 1.1, 1.0, 1.0), "1"),
}


@pytest.mark.parametrize("make, limit", UNSTABLE.values(), ids=UNSTABLE.keys())
def test_a_step_too_long_for_a_spring_is_warned_of(make, limit):
    with pytest.warns(UserWarning, match=f"step_size must be below {limit} to be stable"):
        make()


def test_a_message_says_where_the_wrong_entry_is_and_not_all_of_the_others():
    rows = np.zeros((1_000_000, 1))
    rows[[700, 900]] = np.nan
    with pytest.raises(ValueError) as refusal:
        kernels.simulate(overdamped.ula(U, 0.1, 1.0), rows, 1, rng())
    assert str(refusal.value) == (
        "x0 must be finite, got nan at index (700, 0), 2 such of 1000000 in an array of shape "
        "(1000000, 1), dtype float64"
    )


@pytest.mark.parametrize("value", [[X.tolist() * 500, Y], ["a"] * 900, "a" * 5000])
def test_a_message_does_not_print_a_large_value(value):
    with pytest.raises(TypeError) as refusal:
        networks.with_intercept(value)
    assert len(str(refusal.value)) < 200
