"""Follow each row of appendix/coming_from.toml here and in the other libraries, and compare.

It runs in the peers' environment, with lib on its path: ``python bench/agree.py``.  It prints, as
JSON, the versions, the largest differences, the defaults, and what else the page quotes.

- torch and optax get the same function, in double precision, and the batches that the oracle drew.
- BlackJAX draws its own normals and uniforms; the kernel is then fed with the same ones.
- OpenMM does not show its normals.  At temperature zero there are none, and paths are compared.
  In the heat each step's normals are those that lead the kernel to OpenMM's next position; the
  momenta must then agree, and the normals have mean 0 and variance 1.
"""

import contextlib
import importlib
import inspect
import json
import math
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import numpy as np

import langevin as library
from langevin import gradients, networks, optimizers, schedules
from langevin.optimizers import adaptive

ROWS = Path(__file__).resolve().parent.parent / "appendix/coming_from.toml"
STEPS = 40
NAMES = {}  # of the library, for the rows
for module in (schedules, networks, adaptive, optimizers, gradients, library):
    NAMES |= vars(module)

rate, T, dt, gamma, m = 0.05, 0.5, 0.1, 2.0, 3.0
k_B = 0.00831446261815324  # kJ/(mol K)
X = np.random.default_rng(1).standard_normal((12, 2))
y = X @ [1.0, -2.0] + np.random.default_rng(2).standard_normal(12)


def eta(k):
    """Return a rate that drops to a hundredth at step 5."""
    return 0.1 if k < 5 else 0.001


class Valleys:
    """Two wells across and a bend: (x² - 1)²/4 + (y - x/2)², written for every library."""

    def __call__(self, w):
        a, b = w[..., 0], w[..., 1]
        return (a * a - 1) ** 2 / 4 + (b - a / 2) ** 2

    def grad(self, w):
        a, b = w[..., 0], w[..., 1]
        slope = np.zeros_like(w)
        slope[..., 0], slope[..., 1] = a * (a * a - 1) - (b - a / 2), 2 * (b - a / 2)
        return slope


U = Valleys()
grad = gradients.exact(U)
START = np.array([[1.5, -1.0]])


class Fed:
    """A generator whose normals and exponentials are given, and whose batches are written down."""

    def __init__(self, normals=None, exponentials=None):
        self.normals, self.exponentials, self.batch = normals, exponentials, None
        self.batches = np.random.default_rng(3)

    def standard_normal(self, shape=None):
        return np.broadcast_to(self.normals, shape)

    def standard_exponential(self, shape=None):
        return np.broadcast_to(self.exponentials, shape)

    def integers(self, *args, **options):
        drawn = self.batches.integers(*args, **options)
        self.batch = drawn[0]
        return drawn


def value(code, **names):
    return eval(code.strip(), NAMES | globals() | names)


class Ours:
    """A row's kernel on its way."""

    def __init__(self, row, x0=START, **names):
        self.row, self.kernel, self.rng = row, value(row["langevin"], **names), Fed()
        self.state = value(row["start"], x0=x0) if "start" in row else self.kernel.init(x0)

    def step(self):
        self.state = self.kernel.step(self.state, self.rng)
        return self.position()

    def position(self):
        return value(self.row.get("result", "state.x"), state=self.state)


def with_torch(row, told):
    """Return the difference after each step."""
    torch = globals()["torch"]
    w = torch.tensor(START[0], dtype=torch.float64, requires_grad=True)
    ours, loss = Ours(row), told.get("loss", "U(w)")
    data = {"X": torch.tensor(X), "y": torch.tensor(y)}
    optimizer = value(told["same"], w=w)
    for k in range(told.get("steps", STEPS)):
        expected = ours.step()
        exec(told.get("before", ""), globals() | {"optimizer": optimizer, "w": w, "k": k})
        optimizer.zero_grad()
        value(loss, w=w, b=ours.rng.batch, **data).backward()
        optimizer.step()
        yield expected - w.detach().numpy()


def with_optax(row, told):
    """Return the difference after each step."""
    jax, optax = globals()["jax"], globals()["optax"]
    w = jax.numpy.array(START[0])
    ours, loss = Ours(row), told.get("loss", "U(w)")
    optimizer = value(told["same"])
    state = optimizer.init(w)
    for _ in range(told.get("steps", STEPS)):
        expected = ours.step()
        slope = jax.grad(lambda w: value(loss, w=w, b=ours.rng.batch))(w)
        updates, state = optimizer.update(slope, state, w)
        w = optax.apply_updates(w, updates)
        yield expected - np.asarray(w)


def with_blackjax(row, told):
    """Return the difference after each step, the kernel fed with BlackJAX's own numbers."""
    jax, blackjax = globals()["jax"], globals()["blackjax"]
    estimator = blackjax.sgmcmc.gradients.grad_estimator(
        lambda w: 0.0, lambda w, example: -((example[0] @ w - example[1]) ** 2) / 2, len(X)
    )
    algorithm, ours = value(told["same"], estimator=estimator), Ours(row)
    state = algorithm.init(jax.numpy.array(START[0]))
    for key in jax.random.split(jax.random.key(4), STEPS):
        of_move, of_choice = (key, key) if "step" in told else jax.random.split(key)
        ours.rng.normals = np.asarray(jax.random.normal(of_move, (2,)))
        ours.rng.exponentials = -np.log(np.asarray(jax.random.uniform(of_choice)))
        expected = ours.step()
        names = {"algorithm": algorithm, "key": key, "state": state, "b": ours.rng.batch}
        if "step" in told:
            state = value(told["step"], **names)
        else:
            state, _ = algorithm.step(key, state)
        yield expected - np.asarray(getattr(state, "position", state))


def with_openmm(row, told):
    """Return the difference after each step without heat, and of the momenta with heat."""
    x0 = START[0, :1] * np.random.default_rng(5).uniform(-1, 1, (100, 3))
    x0[:, 2] = 0
    ours, theirs = Ours(row, x0, T=0.0), OpenMM(told, x0, T=0.0)
    for _ in range(STEPS):
        yield ours.step() - theirs.step()[0]
    if "T / k_B" not in told["same"]:
        return
    ours, theirs, normals = Ours(row, x0), OpenMM(told, x0, T=T), []
    for _ in range(STEPS):
        before, (x, v) = ours.state, theirs.step()
        ends = []
        for ours.rng.normals in (0.0, 1.0):
            ends.append(ours.step())
            ours.state = before
        ours.rng.normals = (x - ends[0]) / (ends[1] - ends[0])
        normals.append(ours.rng.normals)
        yield ours.step() - x
        if "momentum" in told:
            yield value(told["momentum"], state=ours.state) - m * v
    normals = np.array(normals)
    for found, expected, variance in (normals, 0, 1), (normals**2, 1, 2):
        error = math.sqrt(variance / normals.size)
        if abs(found.mean() - expected) > 5 * error:
            yield np.array(math.inf)


class OpenMM:
    """Particles in the potential, on the platform that computes in double precision."""

    def __init__(self, told, x0, **names):
        openmm = globals()["openmm"]
        system = openmm.System()
        force = openmm.CustomExternalForce("(x^2 - 1)^2/4 + (y - x/2)^2")
        for place in range(len(x0)):
            system.addParticle(m)
            force.addParticle(place, [])
        system.addForce(force)
        integrator = value(told["same"], **names)
        if hasattr(integrator, "setRandomNumberSeed"):
            integrator.setRandomNumberSeed(6)
        platform = openmm.Platform.getPlatformByName("Reference")
        self.context = openmm.Context(system, integrator, platform)
        self.context.setPositions(x0)
        self.context.setVelocities(value(told.get("start", "0 * x0"), x0=x0))
        self.integrator = integrator

    def step(self):
        self.integrator.step(1)
        state = self.context.getState(positions=True, velocities=True)
        # bare numbers: a Quantity would take minutes
        return (
            np.array(state.getPositions(asNumpy=True)._value),
            np.array(state.getVelocities(asNumpy=True)._value),
        )


def of_schedule(row, told, ours):
    """Return the difference at each step of a schedule, told as the library tells it."""
    theirs = value(told["same"]) if "optimizer" not in told["same"] else None
    if theirs is None:
        torch = globals()["torch"]
        w = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        schedule = value(told["same"], optimizer=optimizer)
    for k in range(told.get("steps", STEPS) + 1):
        yield np.array(ours(k) - (theirs(k) if theirs else optimizer.param_groups[0]["lr"]))
        if theirs is None:
            optimizer.step()
            schedule.step()


WITH = {
    "torch": with_torch,
    "optax": with_optax,
    "blackjax": with_blackjax,
    "openmm": with_openmm,
}


def difference(row, peer, told, finite=False):
    """Return the largest difference on the way: infinity where a number or the noise is wrong."""
    ours = value(row["langevin"], state=None)
    steps = WITH[peer](row, told) if hasattr(ours, "step") else of_schedule(row, told, ours)
    gaps = [float(np.abs(gap).max()) for gap in steps]
    if not all(map(math.isfinite, gaps)) and not finite:
        return math.inf
    return max(filter(math.isfinite, gaps))


def tempted(row, peer):
    """Return a row as it tempts, for a peer, or None: here or there another call."""
    told = row[peer]
    if "tempting" in told:
        key = next((key for key in ("loss", "step") if key in told), "same")
        return row, {**told, key: told["tempting"], "before": told.get("tempting_before", "")}
    if "tempting_start" in told:
        return row, {**told, "start": told["tempting_start"]}
    if "tempting_result" in row:
        return {**row, "result": row["tempting_result"]}, told
    if "tempting" in row:
        plain = {key: code for key, code in row.items() if key != "start"}
        return {**plain, "langevin": row["tempting"]}, told
    return None


def default(where):
    """Return a parameter's default from a signature."""
    function, parameter, *place = where
    found = inspect.signature(value(function)).parameters[parameter].default
    return found[place[0]] if place else found


def drops():
    """Return where the ball is, ten steps on x²/2 with the drop, here and in torch."""
    torch = globals()["torch"]
    kernel = library.heavy_ball(lambda x, rng: x, eta, momentum=0.9)
    state = kernel.init(np.array([[1.0]]))
    w = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=1.0, momentum=0.9)
    for k in range(10):
        state = kernel.step(state, None)
        optimizer.param_groups[0]["lr"] = eta(k)
        optimizer.zero_grad()
        (w**2 / 2).sum().backward()
        optimizer.step()
    return {"drop_here": float(state.x[0, 0]), "drop_there": w.item()}


def main():
    told = tomllib.loads(ROWS.read_text(encoding="utf-8"))
    versions = {}
    for name in WITH:
        with contextlib.suppress(ImportError):
            globals()[name] = importlib.import_module(name)
            versions[name] = version(name).split("+")[0]
    if "optax" in versions or "blackjax" in versions:
        globals()["jax"] = importlib.import_module("jax")
        globals()["jax"].config.update("jax_enable_x64", True)
    if "torch" in versions:
        globals()["torch"].set_num_threads(1)
    rows = {}
    for row in told["row"]:
        rows[row["name"]] = {}
        for peer in WITH:
            if peer in row and peer in versions:
                found = {"difference": difference(row, peer, row[peer])}
                if other := tempted(row, peer):
                    found["tempting"] = difference(other[0], peer, other[1], finite=True)
                rows[row["name"]][peer] = found
    defaults = {
        each["name"]: {
            library: default(where)
            for library, where in each.items()
            if library in versions or library == "langevin"
        }
        for each in told["default"]
    }
    numbers = drops() if "torch" in versions else {}
    result = {"versions": versions, "rows": rows, "defaults": defaults, "numbers": numbers}
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
