"""The page's kernels beside the library's, on the same noise; its generator; what it says."""

import base64
import json
from importlib.resources import files

import numpy as np
import pytest
from scipy import stats

import langevin as lib
from langevin import optimizers, potentials, schedules, underdamped
from langevin.figures import Slider, systems
from langevin.figures.schedule import FORMS, Schedule
from langevin.gradients import exact, noisy
from library.library_checks import ALPHA, assert_close_sigma

ENGINE = files("langevin.figures").joinpath("engine.js").read_text(encoding="utf-8")
STEPS, PARTICLES = 1000, 2
PER_STEP, WHOLE_RUN = 1e-12, 1e-9

# Each with where to start and the curvature and the energy that set the scale of steps and heat.
POTENTIALS = {
    "free": (potentials.free(), [0.0], 1.0, 1.0),
    "gravity": (potentials.gravity(weight=2.5), [0.0], 1.0, 1.0),
    "harmonic": (potentials.harmonic(stiffness=3.0), [1.0], 3.0, 1.0),
    "double_well": (potentials.double_well(tilt=-0.3, height=2.0), [-1.0], 16.0, 0.5),
    "narrow_and_wide": (potentials.narrow_and_wide(smoothing=0.1), [1.0], 400.0, 0.5),
    "rugged": (potentials.rugged(roughness=0.5), [1.5], 33.0, 0.5),
    "gaussian_mixture": (
        potentials.gaussian_mixture([[-1], [0.5]], [0.3, 0.5], [1, 2]),
        [0.0],
        11.0,
        0.5,
    ),
    "free in the plane": (potentials.free(dim=2), [0.0, 0.0], 1.0, 1.0),
    "harmonic in the plane": (potentials.harmonic(0.5, dim=2), [1.0, -1.0], 0.5, 1.0),
    "gaussian_mixture in the plane": (
        potentials.gaussian_mixture([[-1, 0], [1, 1]], 0.5),
        [0.0, 0.0],
        4.0,
        0.5,
    ),
    "rings": (potentials.rings(stiffness=50.0), [1.0, 0.0], 50.0, 0.5),
    "muller_brown": (potentials.muller_brown(scale=0.05), [-0.5, 1.4], 160.0, 0.5),
    "rosenbrock": (potentials.rosenbrock(steepness=20.0), [-1.0, 1.0], 300.0, 0.5),
    "saddle": (potentials.saddle(), [0.1, 0.01], 4.0, 0.5),
}


def kernels(U, curvature, heat):
    """Name a kernel of the page, its parameters, and the library's kernel they must equal."""
    tau, dt, length = 0.2 / curvature, 0.5 / curvature**0.5, 0.02
    sigma = (heat * curvature) ** 0.5
    descent, oracle = exact(U), noisy(U, sigma)
    bath = {"step_size": dt, "temperature": heat, "friction": 0.7, "mass": 1.3}
    cooled = {"start": 2 * heat, "time": 300.0}
    moving = {"step_size": tau, "momentum": 0.8}

    def word(letters):
        return letters, bath, underdamped.splitting(letters, descent, dt, heat, 0.7, 1.3)

    yield "langevin", {"step_size": tau, "temperature": heat}, lib.langevin(descent, tau, heat)
    yield (
        "langevin",
        {"step_size": tau, "temperature": Schedule("exponential", **cooled)},
        lib.langevin(descent, tau, schedules.exponential(**cooled)),
    )
    yield "gradient_descent", {"step_size": tau}, lib.gradient_descent(U, tau)
    yield "sgd", {"step_size": tau, "sigma": sigma}, lib.sgd(oracle, tau)
    yield "sgld", {"step_size": tau, "sigma": sigma}, lib.sgld(oracle, tau, temperature=1.0)
    yield (
        "leimkuhler_matthews",
        {"step_size": tau, "temperature": heat},
        lib.leimkuhler_matthews(U, tau, heat),
    )
    yield "heavy_ball", moving, underdamped.heavy_ball(descent, **moving)
    yield "heavy_ball", {**moving, "sigma": sigma}, underdamped.heavy_ball(oracle, **moving)
    yield (
        "heavy_ball",
        {"step_size": tau, "momentum": Schedule("k/(k + 3)")},
        underdamped.heavy_ball(descent, tau, lambda k: k / (k + 3)),
    )
    yield (
        "leimkuhler_matthews",
        {"step_size": Schedule("t*Mod(k + 1, 3)", t=tau / 2), "temperature": heat},
        lib.leimkuhler_matthews(U, lambda k: tau / 2 * ((k + 1) % 3), heat),
    )
    yield "nesterov", moving, optimizers.nesterov(descent, **moving)
    yield (
        "nesterov",
        {"step_size": tau, "momentum": Schedule("k/(k + 3)"), "sigma": sigma},
        optimizers.nesterov(oracle, tau, lambda k: k / (k + 3)),
    )
    scaled = {"step_size": length, "sigma": sigma, "epsilon": 1e-3}
    yield "adagrad", scaled, optimizers.adagrad(oracle, length, 1e-3)
    yield "rmsprop", {**scaled, "decay": 0.8}, optimizers.rmsprop(oracle, length, 0.8, 1e-3)
    yield (
        "adam",
        {**scaled, "beta1": 0.8, "beta2": 0.99},
        optimizers.adam(oracle, length, 0.8, 0.99, 1e-3),
    )
    yield (
        "adamw",
        {**scaled, "beta1": 0.8, "beta2": 0.99, "weight_decay": 0.3},
        optimizers.adamw(oracle, length, 0.8, 0.99, 1e-3, weight_decay=0.3),
    )
    yield (
        "langevin",
        {
            "step_size": Schedule("linear", start=tau, end=0.0, steps=7),
            "temperature": Schedule("cosine", start=heat, end=0.0, steps=5),
        },
        lib.langevin(
            descent, schedules.linear(tau, 0.0, steps=7), schedules.cosine(heat, 0.0, steps=5)
        ),
    )
    yield "baoab", bath, underdamped.baoab(U, **bath)
    yield "obabo", bath, underdamped.obabo(U, **bath)
    yield "aboba", bath, underdamped.aboba(U, **bath)
    yield word("OBA")
    yield word("ABOOBA")
    yield (
        "BAB",
        {"step_size": dt, "mass": 1.3},
        underdamped.splitting("BAB", descent, dt, 0, 0, 1.3),
    )


class Recorded:
    """Normals that are written down; a second half of the particles repeats the first's."""

    def __init__(self, rng):
        self.rng, self.drawn = rng, []

    def standard_normal(self, shape):
        half = self.rng.standard_normal((shape[0] // 2, *shape[1:]))
        self.drawn.extend(half.ravel().tolist())
        return np.concatenate([half, half])


def race(name):
    """Return all kernels in one potential, as one figure and as the library's."""
    U, start, curvature, heat = POTENTIALS[name]
    listed = list(kernels(U, curvature, heat))
    labels = [f"{i}: {kernel} of {', '.join(own)}" for i, (kernel, own, _) in enumerate(listed)]
    made = systems.model(
        U,
        {label: (kernel, own) for label, (kernel, own, _) in zip(labels, listed, strict=True)},
        particles=PARTICLES,
        start=start,
        domain=[(-1e4, 1e4)] * U.dim,  # nobody is ever too far
        seed=1,
        parameters={},
    )
    return made, {label: kernel for label, (_, _, kernel) in zip(labels, listed, strict=True)}


def library_run(name, label, kernel, steps=STEPS):
    """Run a kernel of the library in a potential: what the page must repeat, on which noise."""
    U, start, _, _ = POTENTIALS[name]
    rng = Recorded(np.random.default_rng([*label.encode(), *name.encode()]))
    near = np.array(start) + 0.1 * rng.rng.standard_normal((PARTICLES, U.dim))
    # each particle has a shadow that starts beside it and gets the same noise
    state = kernel.init(np.concatenate([near, near + 1e-6]))
    states, offsets = [state], [0]
    for _ in range(steps):
        state = kernel.step(state, rng)
        states.append(state)
        offsets.append(len(rng.drawn))
    x = np.array([state.x for state in states])
    assert np.all(np.isfinite(x)), f"{label} ran away in {name}"
    spread = np.abs(x[:, :PARTICLES] - x[:, PARTICLES:]).max(axis=(1, 2))
    # what the page calls by the same names; a cached gradient is the kernel's own affair
    fields = [field for field in state._fields if field not in ("gradient", "k")]
    return {
        "noise": rng.drawn,
        "offsets": offsets,
        "states": {field: [row(getattr(s, field)) for s in states] for field in fields},
        "contracts": bool(spread.max() < 100 * spread[0]),
    }


def row(values):
    """Return the numbers of the particles without the shadows, or None if there are none yet."""
    return values[:PARTICLES].ravel().tolist() if values is not None else None


RUN = """(text) => {
  const run = JSON.parse(text);
  const names = Object.keys(run.states), last = run.offsets.length - 1;
  const { engine, model, forces } = globalThis;
  let at = 0;
  const noise = (into) => { for (let i = 0; i < into.length; i += 1) into[i] = run.noise[at++]; };
  const one = engine.system(model, run.index, forces, noise);
  const restarted = {}, straight = {};
  for (const name of names) restarted[name] = straight[name] = null;
  const note = (record) => {
    const state = one.state();
    for (const name of names) (record[name] ??= []).push(state[name]);
  };
  for (let k = 0; k < last; k += 1) {
    at = run.offsets[k];
    one.restore({ ...Object.fromEntries(names.map((name) => [name, run.states[name][k]])), k });
    one.step();
    if (at !== run.offsets[k + 1]) throw new Error(`step ${k} drew ${at - run.offsets[k]} normals`);
    note(restarted);
  }
  at = 0;
  one.restore({ x: run.states.x[0], k: 0 });
  for (let k = 0; run.contracts && k < last; k += 1) {
    one.step();
    note(straight);
  }
  return JSON.stringify(run.contracts ? [restarted, straight] : [restarted]);
}"""


@pytest.fixture(scope="module")
def page(browser):
    """One empty page for all tests, for a page costs more than what is done in it."""
    context, complaints = browser.new_context(offline=True), []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(f"script failed: {error}"))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    yield page
    context.close()
    assert not complaints, complaints


@pytest.fixture
def load(page):
    """Put an engine, forces and a model into the page: `load(made, engine)` returns it."""

    def loaded(made, engine=ENGINE):
        page.evaluate(
            """async ([text, model]) => {
              const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
              globalThis.engine = await import(url);
              globalThis.forces = globalThis.engine.forces;
              globalThis.model = JSON.parse(model);
            }""",
            [f"{engine}\nexport const forces = [{','.join(made.forces)}];", json.dumps(made.data)],
        )
        return page

    return loaded


def errors(page, index, run):
    """Return the page's error in each step restarted from the library's, and in a whole run.

    In each array (positions, momenta, averages) an entry's error counts relative to the larger
    of its own size and the root mean square of that array over the run.
    """
    runs = json.loads(page.evaluate(RUN, json.dumps({**run, "index": index})))
    return [
        np.max([relative(theirs[name], run["states"][name][1:]) for name in theirs], axis=0)
        for theirs in runs
    ]


def relative(theirs, ours):
    theirs, ours = np.array(theirs, dtype=float), np.array(ours)
    scale = np.maximum(np.abs(ours), np.sqrt((ours**2).mean()))
    error = np.divide(np.abs(theirs - ours), scale, out=np.zeros_like(ours), where=theirs != ours)
    return np.nan_to_num(error, nan=np.inf).max(axis=1)


@pytest.mark.parametrize("name", POTENTIALS)
def test_the_page_steps_as_the_library_does(load, name):
    made, own = race(name)
    page = load(made)
    for index, (label, kernel) in enumerate(own.items()):
        run = library_run(name, label, kernel)
        found = errors(page, index, run)
        print(f"{label}: {', '.join(f'{e.max():.1e}' for e in found)}")
        for e, allowed in zip(found, (PER_STEP, WHOLE_RUN), strict=False):
            assert e.max() < allowed, f"{label}, step {e.argmax()}"
        if name.startswith("harmonic"):  # the rule must find what is known to contract
            assert run["contracts"] or "BAB" in label, label


# Mistakes that must be seen


MUTANTS = [
    ("x[i] - tau * g[i]", "x[i] + tau * g[i]"),
    ("Math.sqrt(2 * tau * T)", "Math.sqrt(tau * T)"),
    ("(xi[i] + eps[i]) / 2", "eps[i]"),
    ("xi[i] = eps[i]", "xi[i] = xi[i]"),
    ("x[i] + h * p[i]", "x[i] - h * p[i]"),
    ("p[i] - h * g[i]", "p[i] + h * g[i]"),
    ("of word)", "of [...word].reverse())"),
    ("of word)", 'of word.replace("BA", "AB"))'),
    ("dt / (word.split(letter).length - 1)", "dt"),
    ('share("A") / m', 'share("A")'),
    ("system.known = false;", ""),
    ("-2 * decay) * m * T", "-2 * decay) * m"),
    ("-2 * decay)", "-decay)"),
    ("c * p[i];", "p[i];"),
    ("beta * p[i] - eta", "p[i] - eta"),
    ("x[i] + beta * v[i]", "x[i]"),
    ("beta * v[i] - eta", "beta * v[i] + eta"),
    ("v[i] + g[i] * g[i]", "g[i] * g[i]"),
    ("beta * v[i] + (1 - beta)", "(1 - beta) * v[i] + beta"),
    ("(m[i] / bias1)", "m[i]"),
    ("v[i] / bias2", "v[i]"),
    ("Math.floor(i / dim)) + 1", "Math.floor(i / dim))"),
    ("beta2 ** taken", "beta1 ** taken"),
    ("Math.sqrt(v[i]) + epsilon", "Math.sqrt(v[i] + epsilon)"),
    ("g[i] - sigma * eps[i]", "g[i] + sigma * eps[i]"),
    ("g[i + 1] = slope[1]", "g[i + 1] = slope[0]"),
    ("energy(self.k, values)", "energy(0, values)"),
]


@pytest.fixture(scope="module")
def short_runs():
    """Some steps of every kernel in one potential of each dimension."""
    names = ("double_well", "gaussian_mixture in the plane")
    return [
        (race(name)[0], [library_run(name, *pair, steps=20) for pair in race(name)[1].items()])
        for name in names
    ]


def is_red(load, engine, short_runs):
    """Whether parity notices anything in this engine."""
    for made, runs in short_runs:
        page = load(made, engine)
        for index, run in enumerate(runs):
            if errors(page, index, run)[0].max() >= PER_STEP:
                return True
    return False


def test_wrong_kernels_turn_parity_red(load, short_runs):
    assert not is_red(load, ENGINE, short_runs)
    for right, wrong in MUTANTS:
        assert right in ENGINE, right
        assert is_red(load, ENGINE.replace(right, wrong), short_runs), f"{right} -> {wrong}"


# Schedules


@pytest.mark.parametrize(
    "form, numbers",
    [
        ("exponential", {"start": 2.0, "time": 30.0}),
        ("polynomial", {"scale": 0.5, "power": 0.6, "offset": 3.0}),
        ("logarithmic", {"scale": 0.7}),
        ("cyclical", {"high": 1.5, "period": 7, "low": 0.25}),
        ("gelfand_mitter", {"noise": 0.4, "step": 0.3}),
    ],
)
def test_schedules_of_the_page_are_the_librarys(page, form, numbers):
    assert form in FORMS
    code = Schedule(form, **numbers).code("temperature")
    steps = [0, 1, 2, 5, 6, 7, 8, 100, 12345]
    theirs = page.evaluate(f"(steps) => steps.map((k) => {code}.energy(k))", steps)
    law = getattr(schedules, form)(**numbers)
    np.testing.assert_allclose(theirs, [law(k) for k in steps], rtol=1e-13)


# The generator


def normals(page, engine, seed, stream=0, n=10**6):
    """Draw normals in the page."""
    text = page.evaluate(
        """async ([text, seed, stream, n]) => {
          const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
          const drawn = new Float64Array(n);
          (await import(url)).generator(seed, stream)(drawn);
          const reader = new FileReader();
          reader.readAsDataURL(new Blob([drawn]));
          await new Promise((loaded) => { reader.onload = loaded; });
          return reader.result.split(",")[1];
        }""",
        [engine, seed, stream, n],
    )
    return np.frombuffer(base64.b64decode(text))


def assert_normal(z):
    n = len(z)
    moments = [np.mean(z**power) for power in (1, 2, 3, 4)]
    # the variance of z^p is E z^2p - (E z^p)^2
    assert_close_sigma(moments, [0, 1, 0, 3], np.sqrt(np.array([1, 2, 15, 96]) / n))
    assert stats.kstest(z, "norm").pvalue > ALPHA
    for series in (z, (z * z - 1) / np.sqrt(2)):
        together = [np.mean(series[:-lag] * series[lag:]) for lag in range(1, 21)]
        assert_close_sigma(together, 0, 1 / np.sqrt(n - 20))


def test_normals_are_normal_and_independent(page):
    z = normals(page, ENGINE, 1)
    assert_normal(z)
    assert np.array_equal(z[:1000], normals(page, ENGINE, 1, n=1000))
    others = [normals(page, ENGINE, *of, n=10**5) for of in ((2, 0), (1, 1), (2**32 - 1, 0))]
    together = [np.mean(z[: 10**5] * other) for other in others]
    assert_close_sigma(together, 0, 1 / np.sqrt(10**5))


@pytest.mark.parametrize(
    "right, wrong",
    [
        ("spare = v * stretch", "spare = u * stretch"),
        ("square >= 1)", "square >= 1.02)"),
        ("-2 * Math.log(square)", "-1.9 * Math.log(square)"),
    ],
)
def test_wrong_normals_are_noticed(page, right, wrong):
    assert right in ENGINE
    with pytest.raises(AssertionError):
        assert_normal(normals(page, ENGINE.replace(right, wrong), 1, n=10**5))


# Ensembles that run in the page


def figure(U, kernel, domain=(-5, 5), start=(0.0,), particles=20_000, seed=1, **parameters):
    domain = [domain] * (U.dim if isinstance(U, potentials.Potential) else 1)
    return systems.model(
        U,
        kernel,
        particles=particles,
        start=list(start),
        domain=domain,
        seed=seed,
        parameters=parameters,
    )


def positions(page, n_steps, index=0):
    return np.array(
        page.evaluate(
            """([steps, index]) => {
              const one = engine.system(model, index, forces);
              one.step(steps);
              return Array.from(one.x);
            }""",
            [n_steps, index],
        )
    )


def histogram_fits(x, density_cdf):
    """Whether the histogram of independent particles is that of a law, given its quantiles."""
    share = np.full(30, 1 / 30)
    edges = density_cdf(np.arange(1, 30) / 30)
    counts = np.bincount(np.searchsorted(edges, x), minlength=30)
    return stats.chisquare(counts, share * len(x)).pvalue > ALPHA


@pytest.mark.parametrize(
    "kernel, parameters, variance, continuum_is_seen",
    [
        ("ula", {"step_size": 0.25, "temperature": 0.8}, 0.8 / (2 * (1 - 2 * 0.25 / 2)), True),
        ("sgd", {"step_size": 0.25, "sigma": 2.0}, 0.5 / (2 * (1 - 2 * 0.25 / 2)), True),
        (
            "baoab",
            {"step_size": 0.7, "temperature": 0.8, "friction": 1.0},
            0.8 / 2,
            False,
        ),
        (
            "obabo",
            {"step_size": 0.7, "temperature": 0.8, "friction": 1.0},
            0.8 / 2 / (1 - 2 * 0.7**2 / 4),
            True,
        ),
    ],
)
def test_histogram_in_a_spring(load, kernel, parameters, variance, continuum_is_seen):
    """Exact for the step size that is used, as the library's closed forms have it."""
    page = load(figure(potentials.harmonic(2.0), kernel, **parameters))
    x = positions(page, 200)
    assert histogram_fits(x, lambda q: stats.norm.ppf(q, scale=variance**0.5))
    temperature = page.evaluate("engine.system(model, 0, forces).temperature()")
    assert temperature == pytest.approx(parameters.get("temperature", 0.5))
    boltzmann = (temperature / 2) ** 0.5
    assert histogram_fits(x, lambda q: stats.norm.ppf(q, scale=boltzmann)) != continuum_is_seen


@pytest.mark.parametrize("tau", [0.05, 0.08])
def test_histogram_in_two_wells(load, tau):
    """Against the law of the iteration itself, carried on from step to step on a fine grid."""
    U, T, steps, start = potentials.double_well(tilt=0.2), 0.5, 40, 0.3
    x = positions(load(figure(U, "langevin", start=[start], step_size=tau, temperature=T)), steps)
    grid = np.linspace(-4, 4, 1001)
    to = (grid - tau * U.grad(grid[:, None])[:, 0])[:, None]
    kernel = stats.norm.pdf(grid, loc=to, scale=(2 * tau * T) ** 0.5)
    density = stats.norm.pdf(
        grid, loc=start - tau * U.grad(np.array([[start]]))[0, 0], scale=(2 * tau * T) ** 0.5
    )
    for _ in range(steps - 1):
        density = density @ kernel * (grid[1] - grid[0])
    middle = (grid[1:] + grid[:-1]) / 2
    below = np.cumsum((density[1:] + density[:-1]) / 2)
    assert below[-1] * (grid[1] - grid[0]) == pytest.approx(1, abs=1e-6)
    edges = grid[1:]
    assert len(middle) == len(below)
    assert histogram_fits(x, lambda q: np.interp(q, below / below[-1], edges))
    assert not histogram_fits(x, lambda q: np.interp(q, below / below[-1], edges + 0.03))


# What a figure says when the step is too long


TOO_LONG = [
    ("gradient_descent", {}, 2 / 3, "2/curvature"),
    ("ula", {"temperature": 1.0}, 2 / 3, "2/curvature"),
    ("sgd", {"sigma": 1.0}, 2 / 3, "2/curvature"),
    ("leimkuhler_matthews", {"temperature": 1.0}, 2 / 3, "2/curvature"),
    ("heavy_ball", {"momentum": 0.7}, 2 * 1.7 / 3, "2 (1 + momentum)/curvature"),
    ("nesterov", {"momentum": 0.7}, 3.4 / 2.4 / 3, "2 (1 + momentum)/(1 + 2 momentum)/curvature"),
    *(
        (
            word,
            {"temperature": 1.0, "friction": 0.4, "mass": 1.5},
            2**0.5 * 1.0,
            "2 √(mass/curvature)",
        )
        for word in ("baoab", "obabo", "aboba", "OABAO")
    ),
    ("BAB", {"mass": 1.5}, 2**0.5, "2 √(mass/curvature)"),
    ("AB", {"mass": 1.5}, 2**0.5, "2 √(mass/curvature)"),
]


def said(page, *steps):
    return page.evaluate(
        """(steps) => {
          const one = engine.system(model, 0, forces);
          return steps.map((step) => { one.set("step_size", step); return one.trouble; });
        }""",
        list(steps),
    )


@pytest.mark.parametrize("kernel, own, limit, formula", TOO_LONG)
def test_a_step_too_long_is_foretold(load, kernel, own, limit, formula):
    below, above = 0.99 * limit, 1.01 * limit
    U = potentials.harmonic(stiffness=3.0)
    page = load(figure(U, kernel, step_size=Slider([below, above]), **own))
    silent, sentence = said(page, below, above)
    assert silent is None
    assert f"is not below {formula} = " in sentence and sentence.endswith("iteration diverges.")
    # and it is true: without heat the page's own run settles or leaves
    cold = {"temperature": 0.0, "sigma": 0.0}
    own = {name: cold.get(name, value) for name, value in own.items()}
    for step, grows in ((below, False), (above, True)):
        page = load(figure(U, kernel, start=[1e-3], particles=1, step_size=step, **own))
        far = page.evaluate(
            """() => {
              const one = engine.system(model, 0, forces);
              let far = 0;
              for (let k = 0; k < 2000; k += 1) {
                one.step();
                far = Math.max(far, Math.abs(one.x[0]));
              }
              return far;
            }"""
        )
        assert (far > 1) == grows


def test_the_curvature_is_that_of_the_flattest_bottom(load):
    steep = np.linalg.eigvalsh(potentials.rosenbrock().hessian(np.ones((1, 2))))[0, -1]
    page = load(
        figure(
            potentials.rosenbrock(),
            "gradient_descent",
            (-2, 2),
            (0.0, 0.0),
            step_size=Slider([0.99 * 2 / steep, 1.01 * 2 / steep]),
        )
    )
    silent, sentence = said(page, 0.99 * 2 / steep, 1.01 * 2 / steep)
    assert silent is None and sentence.endswith("cannot settle in any well shown here.")
    wells = figure(
        potentials.narrow_and_wide(), "gradient_descent", step_size=Slider([0.1, 1.9, 2.1])
    )
    assert [bool(s) for s in said(load(wells), 0.1, 1.9, 2.1)] == [False, False, True]


@pytest.mark.parametrize(
    "U, kernel, own",
    [
        (potentials.free(), "ula", {"temperature": 1.0}),
        (potentials.gravity(), "gradient_descent", {}),
        (potentials.harmonic(), "adam", {}),
        (potentials.harmonic(), "adagrad", {}),
        (potentials.harmonic(), "OBA", {"temperature": 1.0, "friction": 1.0}),
    ],
)
def test_nothing_is_foretold_where_nothing_is_known(load, U, kernel, own):
    page = load(figure(U, kernel, step_size=Slider([0.1, 50.0]), **own))
    assert said(page, 0.1, 50.0) == [None, None]


def test_a_run_that_has_run_away_says_so_and_rests(load):
    made = figure(
        potentials.double_well(),
        "gradient_descent",
        start=[3.0],
        particles=5,
        step_size=Slider([0.01, 0.2], start=0.2),
    )
    page = load(made)
    seen = page.evaluate(
        """() => {
          const one = engine.system(model, 0, forces);
          const seen = [one.stopped, one.trouble];
          one.step(20);
          const k = one.k;
          one.step(20);
          seen.push(one.stopped, one.trouble, one.k - k);
          one.set("step_size", 0.01);
          one.reset();
          one.step(500);
          return [...seen, one.stopped, one.trouble, one.x[0]];
        }"""
    )
    sentence = seen.pop(3)
    assert sentence.startswith("Particles have run away")
    assert seen[:4] == [False, None, True, 0] and seen[4:6] == [False, None]
    assert seen[6] == pytest.approx(1)


# Handling


@pytest.mark.parametrize("same_noise", [False, True])
def test_systems_receive_the_same_random_numbers_if_asked(load, same_noise):
    made = figure(
        potentials.harmonic(),
        {"one": "langevin", "other": "langevin"},
        particles=3,
        step_size=0.1,
        temperature=1.0,
    )
    made.data["same_noise"] = same_noise
    page = load(made)
    assert np.array_equal(positions(page, 7, 0), positions(page, 7, 1)) == same_noise


def test_an_ensemble_can_be_set_placed_and_started_again(load):
    made = figure(
        "stiffness*x**2/2",
        {
            "cold": ("langevin", {"temperature": 0.1}),
            "warm": "langevin",
            "adam": ("adam", {"step_size": 0.1}),
        },
        particles=4,
        start=[1.0],
        stiffness=Slider([1.0, 2.0]),
        step_size=0.1,
        temperature=Slider([1.0, 3.0]),
    )
    seen = load(made).evaluate(
        """() => {
          const [cold, warm, adam] = model.systems.map((_, i) => engine.system(model, i, forces));
          const seen = {};
          seen.heard = [cold, warm, adam].map((one) => one.set("temperature", 3));
          seen.unheard = [warm.set("mass", 1), warm.set("constructor", 1)];
          seen.heats = [cold, warm, adam].map((one) => one.temperature());
          seen.energies = [warm.energy(2), warm.set("stiffness", 2), warm.energy(2)];
          warm.step(7);
          seen.first = [warm.k, warm.time, warm.state()];
          cold.step(7);
          seen.other = cold.state();
          warm.reset();
          seen.again = [warm.k, warm.time, Array.from(warm.x)];
          warm.step(7);
          seen.repeated = warm.state();
          const kept = warm.state();
          warm.step(3);
          warm.restore(kept);
          seen.restored = warm.state();
          warm.place(2, -0.5);
          seen.placed = Array.from(warm.x);
          adam.step(50);
          adam.place(0, 1);
          adam.step();
          seen.adam = [adam.x[0], adam.m[0], adam.k];
          return seen;
        }"""
    )
    assert seen["heard"] == [False, True, False] and seen["unheard"] == [False, False]
    assert seen["heats"] == [0.1, 3, None] and seen["energies"] == [2, True, 4]
    k, time, state = seen["first"]
    assert (k, state["k"]) == (7, 7) and time == 7  # a race with an optimizer counts steps
    assert seen["again"] == [0, 0, [1, 1, 1, 1]] and seen["repeated"] == state == seen["restored"]
    assert len(set(state["x"])) == 4 and not set(seen["other"]["x"]) & set(state["x"])
    assert seen["placed"] == [*state["x"][:2], -0.5, state["x"][3]]
    # a particle put down starts as one that never moved: its first step is the step size
    assert seen["adam"][0] == pytest.approx(0.9) and seen["adam"][2] == 51


def test_time_is_the_sum_of_the_steps(load):
    parameters = {"step_size": Schedule("polynomial", scale=0.5), "temperature": 0.1}
    page = load(figure(potentials.harmonic(), "langevin", particles=1, **parameters))
    time = page.evaluate(
        "() => { const o = engine.system(model, 0, forces); o.step(9); return o.time; }"
    )
    assert time == pytest.approx(sum(0.5 / (k + 1) for k in range(9)))


@pytest.mark.parametrize("name", ["double_well", "muller_brown"])
def test_two_thousand_particles_leave_time_to_draw(load, name):
    U, start, curvature, heat = POTENTIALS[name]
    parameters = {"step_size": 0.2 / curvature, "temperature": heat}
    page = load(figure(U, "langevin", start=start, particles=2000, **parameters))
    frames = page.evaluate(
        """() => {
          const one = engine.system(model, 0, forces);
          return Array.from({ length: 30 }, () => {
            const from = performance.now();
            one.step(20);
            return performance.now() - from;
          });
        }"""
    )
    print(f"{name}: {min(frames):.1f} ms, median {np.median(frames):.1f} ms")
    assert min(frames) < 16
