"""What a live figure is told to run: names, numbers and schedules, checked on the way."""

import inspect
import json
from itertools import product

import numpy as np
import pytest

import langevin as lib
from langevin import Potential, optimizers, potentials, schedules, underdamped
from langevin.figures import Schedule, Slider
from langevin.figures.methods import ALLOWED, METHODS, VERLET, WORDS, method
from langevin.figures.schedule import FORMS
from langevin.figures.systems import model


def made(U="stiffness*x**2/2", kernel="langevin", **changes):
    given = {
        "particles": 3,
        "start": [0.5],
        "domain": (-2, 2),
        "seed": 1,
        "parameters": {"stiffness": 2.0, "step_size": 0.1, "temperature": 1.0},
    } | changes
    return model(U, kernel, **given)


# The table


@pytest.mark.parametrize("name", [*METHODS, *WORDS])
def test_kernels_take_what_the_librarys_take(name):
    """The same names, the same numbers needed, the same defaults."""
    home = next(m for m in (lib, underdamped, optimizers, lib.overdamped) if hasattr(m, name))
    takes = inspect.signature(getattr(home, name)).parameters.values()
    numbers = [p for p in takes if p.name not in ("grad", "U")]
    own = method(name)
    assert {p.name for p in numbers} == set(own.names) - {"sigma"}
    assert {p.name for p in numbers if p.default is p.empty} == set(own.needs) - {"sigma"}
    assert {p.name: p.default for p in numbers if p.default is not p.empty} == {
        key: value for key, value in own.may.items() if key != "sigma"
    }
    takes_oracle = any(p.name == "grad" for p in takes)
    assert ("sigma" in own.names) == takes_oracle
    assert set(own.names) <= set(ALLOWED)


def test_schedules_are_written_as_the_librarys(rng):
    for form, expression in FORMS.items():
        takes = inspect.signature(getattr(schedules, form)).parameters
        numbers = {name: 7 if name in ("period", "steps") else rng.uniform(3, 4) for name in takes}
        numbers = {name: 0.5 if name == "low" else value for name, value in numbers.items()}
        law = getattr(schedules, form)(**numbers)
        # SymPy's own evaluation; the page's is compared in the browser
        import sympy

        k = sympy.Symbol("k", real=True)
        symbols = {name: sympy.Symbol(name, real=True) for name in takes}
        written = sympy.sympify(expression, locals={"k": k, **symbols})
        for step in (0, 1, 6, 7, 8, 1000):
            at = written.subs({symbols[n]: v for n, v in numbers.items()}).subs(k, step)
            assert float(at) == pytest.approx(law(step), rel=1e-12)


def spectral_radius(word, dt, friction):
    """Largest eigenvalue of a step of the library without heat, on a spring with mass 1."""
    kernel = underdamped.splitting(
        word, lambda x, rng: x, dt, temperature=0, friction=friction, mass=1.0
    )
    unit = underdamped.PhaseState(np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]]))
    end = kernel.step(unit, None)
    return np.abs(np.linalg.eigvals(np.concatenate([end.x, end.p], axis=1))).max()


def test_words_with_a_known_limit_have_it():
    for word, friction in product(VERLET, (0.0, 0.3, 3.0)):
        if "O" in word or friction == 0:
            assert spectral_radius(word, 1.999, friction) <= 1 + 1e-9, word
            assert spectral_radius(word, 2.001, friction) > 1 + 1e-6, word
    # why not all words: these become unstable elsewhere
    assert spectral_radius("BOAOB", 2.001, 3.0) < 1 and method("BOAOB").limit is None
    assert spectral_radius("OBA", 1.9, 3.0) > 1 and method("OBA").limit is None


# The model


def test_a_model_can_be_written_as_json_and_holds_what_was_given():
    figure = made(
        parameters={
            "stiffness": Slider([1, 2, 4], start=2, label="spring", unit="pN"),
            "step_size": 0.1,
            "temperature": [0.5, 1.0],
        }
    )
    data = json.loads(json.dumps(figure.data, allow_nan=False))
    assert [p["name"] for p in data["parameters"]] == ["stiffness", "temperature"]
    assert data["parameters"][0] == {
        "name": "stiffness",
        "label": "spring",
        "values": [1, 2, 4],
        "texts": ["1 pN", "2 pN", "4 pN"],
        "first": 1,
        "fine": 100,
        "unit": "pN",
        "form": "",
    }
    (system,) = data["systems"]
    assert system["values"] == {"step_size": 0.1, "temperature": 0.5, "sigma": 0, "stiffness": 2}
    assert system["sets"] == {"temperature": "temperature", "stiffness": "stiffness"}
    assert (data["dim"], data["n"], data["clock"]) == (1, 3, "time")
    assert figure.latex == r"\frac{stiffness x^{2}}{2}"
    assert figure.forces == [figure.potential.javascript()]


def test_changing_the_expression_changes_everything():
    one, two = (made(f"stiffness*x**{power}/2") for power in (2, 4))
    x = np.array([[3.0]])
    assert one.potential.grad(x) != two.potential.grad(x)
    assert one.latex != two.latex and one.forces != two.forces and one.data == two.data


def test_a_race_shares_what_is_shared():
    figure = made(
        potentials.harmonic(),
        {
            "GD": "gradient_descent",
            "Heavy ball": ("heavy_ball", {"momentum": Slider([0.5, 0.9])}),
            "Adam": ("adam", {"step_size": 0.01}),
        },
        parameters={"step_size": Slider([0.1, 0.2])},
    )
    first, ball, adam = figure.data["systems"]
    assert first["sets"] == {"step_size": "step_size"} and first["kernel"] == "langevin"
    assert ball["sets"] == {"step_size": "step_size", "heavy_ball_momentum": "momentum"}
    assert adam["sets"] == {} and adam["values"]["step_size"] == 0.01
    labels = {p["name"]: p["label"] for p in figure.data["parameters"]}
    assert labels == {"step_size": "step size", "heavy_ball_momentum": "Heavy ball: momentum"}
    assert figure.data["clock"] == "step"


def test_a_schedule_has_sliders_of_its_own():
    law = Schedule("exponential", start=2.0, time=Slider([100, 1000], start=1000))
    figure = made(parameters={"stiffness": 1.0, "step_size": 0.1, "temperature": law})
    (system,) = figure.data["systems"]
    assert system["schedules"] == {"temperature": 1} and len(figure.forces) == 2
    assert system["sets"] == {"temperature_time": "temperature_time"}
    assert system["values"]["temperature_start"] == 2.0
    assert system["values"]["temperature_time"] == 1000
    assert "temperature" not in system["values"]


def test_a_step_size_may_fall_to_zero_and_a_ball_may_gain_momentum():
    """As the library's may; 0.1 * 0.5**k is 0 in floating point long before step 10 000."""
    falling, rising = Schedule("0.1*0.5**k"), Schedule("k/(k + 3)")
    figure = made(
        potentials.harmonic(),
        "heavy_ball",
        parameters={"step_size": falling, "momentum": rising},
    )
    assert figure.data["systems"][0]["schedules"] == {"step_size": 1, "momentum": 2}


def test_starts_one_for_all_or_one_for_each(rng):
    assert made(start=[0.123456789]).data["start"] == [0.123457]
    assert made(start=0.5).data["start"] == [0.5]
    each = rng.standard_normal((3, 1))
    np.testing.assert_allclose(made(start=each).data["start"], each[:, 0], rtol=1e-5)
    plane = made("x**2 + y**2", start=(1, 2), domain=((0, 1), (2, 4)), parameters=HEAT)
    assert plane.data["dim"] == 2 and plane.data["domain"] == [[0, 1], [2, 4]]


HEAT = {"step_size": 0.1, "temperature": 1.0}


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"kernel": "newton"}, "kernel must be one of langevin, .*obabo.* got 'newton'"),
        ({"kernel": "OO"}, "at least one A and one B, got 'OO'"),
        ({"kernel": lib.langevin}, "kernel must be one of"),
        ({"kernel": {}}, "a race needs at least one kernel"),
        ({"kernel": {"a b": "ula", "a-b": "ula"}}, "labels of a race must differ"),
        ({"kernel": {"a": ("ula", {"mass": 1.0})}}, "a has no parameter 'mass'; known are step"),
        ({"kernel": {"a": ("ula", 3)}}, "own parameters of 'a' must be a dict"),
        ({"kernel": "heavy_ball"}, "has a parameter 'temperature'; known are momentum"),
        ({"kernel": "baoab"}, "also needs friction: give a number or a Slider"),
        ({"U": potentials.harmonic(dim=3)}, "one or two coordinates, got a potential of 3"),
        ({"U": lib.gradients.zero}, "U must be a Potential or an expression of x"),
        ({"U": "hardness*x**2"}, r"leaves \['hardness'\] open"),
        ({"U": Potential("mass*x", mass=1.0)}, "'mass' is a parameter of kernels"),
        ({"parameters": HEAT | {"stiffness": 1, "speed": 2}}, "has a parameter 'speed'; known"),
        ({"parameters": HEAT | {"stiffness": 1, "step_size": 0}}, "step_size must be positive"),
        (
            {"parameters": HEAT | {"stiffness": 1, "step_size": Slider([-0.1, 0.1])}},
            "step_size must be positive, got -0.1",
        ),
        ({"parameters": HEAT | {"stiffness": Slider(["a", "b"])}}, "stiffness must hold numbers"),
        ({"parameters": HEAT | {"stiffness": np.inf}}, "stiffness must be finite"),
        ({"parameters": HEAT | {"stiffness": "2"}}, "number, a Slider or a Schedule, got '2'"),
        (
            {"parameters": HEAT | {"stiffness": 1, "temperature": schedules.constant(1.0)}},
            "a Slider or a Schedule, got .* a schedule is written Schedule",
        ),
        (
            {"parameters": HEAT | {"stiffness": Schedule("1/(k + 1)")}},
            "stiffness.* must be a number",
        ),
        (
            {
                "kernel": {"a": ("langevin", {"sigma": Schedule("1/(k + 1)")})},
                "parameters": HEAT | {"stiffness": 1},
            },
            "sigma cannot follow a schedule here; step_size, temperature can",
        ),
        (
            {"parameters": HEAT | {"stiffness": 1, "temperature": Schedule("10 - k")}},
            "temperature at step 1000 must be zero or positive",
        ),
        (
            {"parameters": HEAT | {"stiffness": 1, "temperature": Schedule("a/(k + 1)", b=1)}},
            "must use k and the numbers given, got temperature_a|got a",
        ),
        (
            {"parameters": HEAT | {"stiffness": 1, "temperature": Schedule("S/(k + 1)")}},
            "must use k and the numbers given, got S without a value",
        ),
        (
            {"parameters": HEAT | {"stiffness": 1, "temperature": Schedule("1/(k + 1")}},
            r"must be a formula such as .*, got '1/\(k \+ 1' ",
        ),
        (
            {"parameters": HEAT | {"stiffness": 1, "temperature": Schedule("[1/(k + 1)]")}},
            r"must be a formula, got \[1/\(k \+ 1\)\]",
        ),
        (
            {"parameters": HEAT | {"stiffness": 1, "temperature": Schedule("erf(k)")}},
            "NumPy has no erf; write the formula without it, by exp, .*, Mod and powers",
        ),
        *(
            (
                {"parameters": HEAT | {"stiffness": 1, "temperature": Schedule(form)}},
                f"temperature at step {step} must be zero or positive, got {value}",
            )
            for form, step, value in [
                ("1/k", 0, "inf"),
                ("1.1**k", 1000000, "inf"),
                ("(1.5 - k)**(1/3)", 2, "nan"),
            ]
        ),
        (
            {"parameters": HEAT | {"stiffness": 1, "step_size": Schedule("0.1 - k")}},
            "step_size at step 1 must be zero or positive, got -0.9",
        ),
        ({"parameters": [1]}, "parameters must be a dict"),
        ({"particles": 0}, "particles must be at least 1"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"seed": 2**32}, "seed must be at most 4294967295, got 4294967296"),
        ({"domain": (1, 1)}, "domain must be .low, high. with low < high"),
        ({"domain": ((0, 1), (0, 1))}, "domain must be"),
        ({"start": [1.0, 2.0, 3.0]}, r"got shape \(3,\); write start\[:, None\]"),
        ({"start": np.nan}, "start must be finite"),
    ],
)
def test_what_cannot_be_is_refused_with_reasons(changes, words):
    with pytest.raises((ValueError, TypeError), match=words):
        made(**changes)


@pytest.mark.parametrize(
    "form, numbers, words",
    [
        ("exponential", {"start": 1.0}, "takes start, time: missing"),
        ("exponential", {"start": -1.0, "time": 3.0}, "start must be positive"),
        ("exponential", {"start": 1.0, "time": Slider([0, 3])}, "time must be positive"),
        ("straight", {}, "one of linear, .* or an expression of k, got 'straight'"),
        (3.0, {}, "form must be a name or an expression of k"),
    ],
)
def test_schedules_are_checked(form, numbers, words):
    with pytest.raises((ValueError, TypeError), match=words):
        Schedule(form, **numbers)
