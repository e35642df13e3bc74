"""Checks of exercises: kind lines, stated tolerances, never an exception, never the answer."""

import json
import time
from math import comb, inf, nan, pi

import numpy as np
import pytest
import sympy as sp

from langevin import exercises
from langevin.exercises import check, seal


@pytest.fixture
def sealed(tmp_path, monkeypatch):
    """Return `seal` into a file of the test's own, which `check` reads."""
    path = tmp_path / "exercises.json"
    monkeypatch.setattr(exercises, "SEALED", path)
    monkeypatch.setattr(exercises._entries, "__defaults__", (path,))

    def into(label, value, hint="Think again.", **tolerance):
        seal(label, value, hint=hint, path=path, **tolerance)
        return path

    return into


k_B = 1.380649e-23
heights, counts = np.array([5, 35, 65, 95]), np.array([100, 47, 22.6, 12])


@pytest.mark.parametrize(
    ("label", "answer", "wrong"),
    [
        ("ex-walk-100", sum(comb(100, k) for k in range(45, 56)) / 2**100, 0.6827),
        ("ex-walk-100", 0.7287, 0.7385),
        ("ex-diffusion-bead", k_B * 293.15 / (6 * pi * 1.0016e-3 * 0.5e-6) * 1e12, 0.2144),
        ("ex-diffusion-bead", 0.429, 4.29e-13),
        ("ex-avogadro-45", k_B * 290 * 30 / (3 * pi * 1.2e-3 * 45e-12) * 1e6, 0.212),
        ("ex-avogadro-45", 0.236, 0.236e-6),
        ("ex-odd-entry", 300, 90),
        ("ex-decay-length", -1 / np.polyfit(heights, np.log(counts), 1)[0], 40.0),
        ("ex-decay-length", 42.3, 29.3),
    ],
)
def test_sealed_answers_of_the_book(capsys, label, answer, wrong):
    assert check(label, answer) is True
    assert capsys.readouterr().out == f"Exercise {label}: right!\n"
    assert check(label, wrong) is False
    assert "not yet. " in capsys.readouterr().out


def test_blank_unknown_and_misspelt(capsys):
    assert check("ex-walk-100", None) is False
    assert "no answer yet" in capsys.readouterr().out
    assert check("ex-wlak-100", 3) is False
    assert "unknown. Did you mean ex-walk-100?" in capsys.readouterr().out
    for label in ("zzz", None, [], 3):
        assert check(label, 3) is False
        assert "is unknown" in capsys.readouterr().out


def test_relative_tolerance_is_exactly_as_stated(sealed):
    for i, value in enumerate([0.7287, 6.02e23, -3.0, 1e-30, 12]):
        sealed(f"ex-number-{i}", value, rtol=0.01)
        for factor, accepted in [
            (1.0099, True),
            (1 / 1.0099, True),
            (1.0101, False),
            (1 / 1.0101, False),
            (-1, False),
            (0, False),
        ]:
            assert check(f"ex-number-{i}", value * factor) is accepted, (value, factor)


def test_absolute_tolerance_is_exactly_as_stated(sealed):
    for i, value in enumerate([0.0, 90.0, -7.3]):
        sealed(f"ex-number-{i}", value, atol=0.5)
        for off, accepted in [
            (0, True),
            (0.49, True),
            (-0.49, True),
            (0.51, False),
            (-0.51, False),
        ]:
            assert check(f"ex-number-{i}", value + off) is accepted, (value, off)


@pytest.mark.parametrize(
    "answer",
    [
        2,
        2.0,
        "2",
        " 2.0 ",
        np.float32(2),
        np.array(2),
        np.array([[2.0]]),
        sp.Integer(2),
        sp.sqrt(4),
        sp.log(sp.exp(2)),
        2 + 0j,
        np.int64(2),
    ],
)
def test_numbers_of_all_sorts_count(sealed, answer):
    sealed("ex-two", 2, rtol=0.01)
    assert check("ex-two", answer) is True


class Hostile:
    def __getattr__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError

    __str__ = __float__ = __complex__ = __iter__ = __bool__ = __eq__ = __hash__ = __repr__


ODD = ["two", "", b"2", True, np.True_, nan, inf, -inf, 1j, 10**500, 1e308, [2], (2,), {2}, {2: 2},
       np.ones(3), np.array([]), np.array(["a"]), np.array([None]), sp.Symbol("x"), sp.oo, sp.zoo,
       sp.true, sp.eye(2), object(), len, int, Hostile(), Ellipsis]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "tolerance"),
    [
        (2.0, {"atol": 1e-3}),
        ("two words", {}),
        (True, {}),
        ({"a", "b"}, {}),
        ("y**3", {"symbols": "y"}),
    ],
    ids=["number", "text", "truth", "set", "expression"],
)
def test_odd_answers_get_a_sentence(sealed, capsys, value, tolerance):
    sealed("ex-odd", value, **tolerance)
    for odd in ODD:
        right = check("ex-odd", odd)
        said = capsys.readouterr().out
        assert said.startswith("Exercise ex-odd: ")
        assert said.count("\n") == 1
        if right:
            assert value is True
            assert str(odd) == "True"


def test_texts_truth_values_and_sets(sealed):
    sealed("ex-text", "Stokes  friction")
    assert check("ex-text", " stokes friction\n")
    assert not check("ex-text", "stokesfriction")
    sealed("ex-truth", False)
    for answer in (False, np.False_, "no", "False", " NO "):
        assert check("ex-truth", answer)
    for answer in (True, "yes", "maybe", 0, None):
        assert not check("ex-truth", answer)
    sealed("ex-set", {"90", "30"})
    for answer in ({30, 90}, [90, 30, 30], ("30", "90 "), np.array([30.0, 90.0])):
        assert check("ex-set", answer)
    for answer in ({30}, {30, 60}, "30, 90", 30):
        assert not check("ex-set", answer)


k, T, m, omega = sp.symbols("k_B T m omega", positive=True)
EXPRESSION = {"value": "k_B*T/(m*omega**2)", "symbols": ["k_B", "T", "m", "omega"]}


@pytest.mark.parametrize(
    "answer",
    [
        "k_B*T/m/omega^2",
        "⟨x²⟩ = k_B·T / (m·ω²)",
        "k_B T/(m omega**2)",
        "(sqrt(k_B*T/m)/omega)**2",
        "exp(ln(k_B) + log(T))/m/omega**2 + 0*pi",
        k * T / m / omega**2,
        sp.sqrt(k * T / m) ** 2 * sp.Rational(1, 2) * 2 / omega**2,
    ],
    ids=str,
)
def test_every_form_of_an_expression_counts(sealed, answer):
    sealed("ex-spring", **EXPRESSION)
    assert check("ex-spring", answer)


@pytest.mark.parametrize(
    "answer",
    [
        "k_B*T/(2*m*omega**2)",
        "k_B*T/(m*omega)",
        "-k_B*T/(m*omega**2)",
        "k_B*T/(m*omega**2) * 1.003",
        "sqrt(-T)",
        "1/(T - T)",
        "10**10**10",
        "0",
        3,
        sp.sqrt(k * T / m),
    ],
    ids=str,
)
def test_other_expressions_do_not_count(sealed, capsys, answer):
    sealed("ex-spring", **EXPRESSION)
    assert not check("ex-spring", answer)
    assert "not yet. Think again." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("kT/m", "the symbol kT is unknown; known are k_B, T, m, omega, pi"),
        ("f(T)", "the function f is unknown; known are sqrt, "),
        ("2k_B", "write a product with *"),
        ("T" + "+T" * 2000, "cannot be read"),
        ("(" * 900, "cannot be read"),
        ("T.real", "no expression in k_B, T, m, omega"),
        ("sqrt(T, T)", "no expression"),
        ("(lambda: 1)()", "no expression"),
        ("__import__('os')", "unknown"),
        (sp.Eq(T, k), "no expression"),
        (True, "an expression is wanted, got bool"),
    ],
)
def test_what_is_no_expression_gets_a_sentence(sealed, capsys, answer, words):
    sealed("ex-spring", **EXPRESSION)
    assert not check("ex-spring", answer)
    assert words in capsys.readouterr().out


def test_an_expression_is_compared_where_it_has_a_value(sealed):
    path = sealed("ex-gap", "sqrt(x - 1)", symbols=["x"])
    points = json.loads(path.read_text(encoding="utf-8"))["ex-gap"]["points"]
    assert len(points) == 3
    assert all(x > 1 for (x,) in points)
    assert check("ex-gap", "(x - 1)**0.5")


def test_the_file_holds_no_answer(sealed):
    path = sealed("ex-secret", 48271.5, rtol=0.01)
    text = path.read_text(encoding="utf-8")
    assert "48271" not in text
    assert "4.8271" not in text
    first = json.loads(text)["ex-secret"]
    second = json.loads(sealed("ex-secret", 48271.5, rtol=0.01).read_text(encoding="utf-8"))[
        "ex-secret"
    ]
    assert first["digest"] != second["digest"]


def test_a_guess_costs_time():
    start = time.perf_counter()
    check("ex-walk-100", 0.5)
    assert 1e-3 < time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        (("walk", 1.0), {"rtol": 0.1}, "a label reads ex-some-name"),
        (("ex-a", 1.0), {}, "needs either rtol or atol"),
        (("ex-a", 1.0), {"rtol": 0.1, "atol": 0.1}, "needs either rtol or atol"),
        (("ex-a", 0.0), {"rtol": 0.1}, "rtol accepts nothing around 0"),
        (("ex-a", 1.0), {"rtol": -0.1}, "must be positive and finite, got -0.1"),
        (("ex-a", 1.0), {"rtol": 0}, "must be positive and finite, got 0"),
        (("ex-a", inf), {"rtol": 0.1}, "finite"),
        (("ex-a", "word"), {"rtol": 0.1}, "a tolerance goes with a number"),
        (("ex-a", 42.3), {"rtol": 0.1, "hint": "About 42, is it not?"}, "contains the answer"),
        (("ex-a", "Stokes"), {"hint": "It was stokes."}, "contains the answer"),
        (("ex-a", 42.3), {"rtol": 0.1, "hint": " "}, "hint must be a sentence"),
        (("ex-a", "x + y"), {"symbols": ["x"]}, "the symbol y is unknown"),
        (("ex-a", "sqrt(-x)"), {"symbols": ["x"]}, "has no value where its symbols lie"),
        (("ex-a", "x + y"), {"symbols": ["x", "y"], "hint": "Try x+y."}, "contains the answer"),
        (("ex-a", "x"), {"symbols": ["x"], "rtol": 0.1}, "a tolerance goes with a number"),
    ],
)
def test_sealing_refuses(sealed, arguments, options, words):
    with pytest.raises(ValueError, match=words):
        sealed(*arguments, **options)


def test_command(sealed, capsys, monkeypatch):
    path = sealed("ex-other", 1.0, rtol=0.1)
    monkeypatch.setattr(seal, "__kwdefaults__", {**seal.__kwdefaults__, "path": path})
    exercises._main(["seal", "ex-new", "-7.5", "--rtol", "0.01", "--hint", "Mind the sign."])
    exercises._main(["seal", "ex-sure", "yes", "--hint", "Think."])
    exercises._main(["seal", "ex-set", "{1, 2}", "--hint", "Think."])
    exercises._main(["seal", "ex-sum", "x + y", "--symbols", "x, y", "--hint", "Think."])
    assert "Sealed ex-new" in capsys.readouterr().out
    assert list(json.loads(path.read_text(encoding="utf-8"))) == [
        "ex-new",
        "ex-other",
        "ex-set",
        "ex-sum",
        "ex-sure",
    ]
    assert check("ex-new", -7.5)
    assert check("ex-sure", True)
    assert check("ex-set", [2, 1])
    assert check("ex-sum", "y + x")
    with pytest.raises(SystemExit):
        exercises._main(["seal", "ex-new", "3", "--hint", "Think."])
    assert "needs either rtol or atol" in capsys.readouterr().err
