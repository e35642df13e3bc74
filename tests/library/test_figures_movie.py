"""`movie`: recordings survive their coding, stay small, and bad input gets a sentence."""

import gzip
import sys

import numpy as np
import pytest

from langevin import figures
from langevin.figures import film
from svg_tools import drawing, payload

BOX = [20.0, 10.0]


@pytest.fixture
def walk(rng):
    return np.clip(5 + rng.standard_normal((60, 12, 2)).cumsum(axis=0) / 8, 0.5, 9.5)


def decoded(text, n_frames):
    """Positions in quanta, shape (n_frames, n_discs, 2), by the rules the player follows."""
    numbers, i = [], 0
    while i < len(text):
        digits, i = (text[i + 1 : i + 4], i + 4) if text[i] == "~" else (text[i], i + 1)
        folded = 0
        for digit in digits:
            folded = folded * film.BASE + film.ALPHABET.index(digit)
        numbers.append(-(folded + 1) // 2 if folded % 2 else folded // 2)
    series = np.array(numbers).reshape(-1, 2, n_frames)
    series[:, :, 1] += series[:, :, 0]
    for k in range(2, n_frames):
        series[:, :, k] += 2 * series[:, :, k - 1] - series[:, :, k - 2]
    return series.transpose(2, 0, 1)


def test_coding_is_exact_to_half_a_quantum(walk):
    quantum = max(BOX) / film.STEPS_ACROSS
    text = film.encode(walk, BOX, periodic=False)
    assert abs(decoded(text, 60) * quantum - walk).max() <= quantum / 2 + 1e-12
    assert film.encode(walk, BOX, periodic=False) == text


def test_wrapped_and_unwrapped_recordings_are_one(walk):
    far = walk + np.linspace(0, 45, 60)[:, None, None]
    texts = {film.encode(x, BOX, periodic=True) for x in (far, far % BOX)}
    assert len(texts) == 1


def test_positions_far_away_are_refused(walk):
    with pytest.raises(ValueError, match="positions reach far out of the box"):
        film.encode(walk + 1e4, BOX, periodic=False)


def test_straight_flight_weighs_next_to_nothing(rng):
    t = np.arange(240)[:, None, None]
    flight = rng.uniform(0, 10, (300, 2)) + 0.02 * rng.standard_normal((300, 2)) * t
    page = figures.movie(flight, 0.1, box=10, periodic=True, alt="A gas.").html
    assert len(gzip.compress(page.encode())) < 60_000


def test_page_holds_all_a_reader_needs(walk, monkeypatch):
    monkeypatch.setenv("LANGEVIN_FIGURES", "static")
    made = figures.movie(
        {1: walk, 50: walk[::-1]},
        0.3,
        box=BOX,
        alt=lambda mass: f"Mass {mass}.",
        caption="Discs.",
        fps=20,
        frame_time=0.5,
        time_unit="ns",
        highlight=[2],
        label="mass",
        start=50,
    )
    data = payload(made.html)
    assert made.alt == "Mass 50." and data["alts"] == ["Mass 1.", "Mass 50."]
    assert data["times"][:3] == ["0 ns", "0.5 ns", "1 ns"]
    assert data["groups"][:4] == [0, 0, 1, 0] and data["trails"] == [2]
    assert data["box"] == [2048, 1024]
    assert "<legend>mass</legend>" in made.html and "@@" not in made.html
    assert "<style>" not in made.html and "<figcaption" in made.html
    poster = drawing(made.html)
    assert poster.get("aria-label") == "Mass 50."
    assert "".join(p.get("d") for p in poster.iter("path")).count("M") == 12


def test_live_movie_brings_its_script(walk, monkeypatch):
    monkeypatch.delenv("LANGEVIN_FIGURES", raising=False)
    html = figures.movie(walk, 0.3, box=BOX, alt="Discs.").html
    assert "langevinFigures.watch();</script>" in html and "<style>" in html
    assert "<fieldset" not in html


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"positions": {}}, "movie needs at least one recording"),
        ({"positions": np.zeros((5, 3))}, r"positions must have shape .* got \(5, 3\)"),
        ({"positions": np.zeros((1, 3, 2))}, "with at least 2 frames"),
        ({"positions": {"a": np.full((3, 3, 2), np.nan)}}, r"positions\['a'\] must be finite"),
        (
            {"positions": {"a": np.zeros((3, 3, 2)), "b": np.zeros((4, 3, 2))}},
            "all recordings must have the same shape",
        ),
        ({"radii": [1, 2]}, r"radii must be one number or 12, got shape \(2,\)"),
        ({"radii": -1}, "radii must be positive, got -1"),
        ({"box": 0}, "box must be positive, got 0"),
        ({"fps": 0}, "fps must be positive, got 0"),
        ({"frame_time": -2}, "frame_time must be positive, got -2"),
        ({"highlight": [12]}, r"highlight must name discs from 0 to 11, got \[12\]"),
        ({"groups": [0, 1]}, "groups must be 12 numbers from 0 to 5"),
        ({"groups": [-1] * 12}, "groups must be 12 numbers from 0 to 5"),
        ({"groups": [7] * 12}, "groups must be 12 numbers from 0 to 5"),
        ({"start": "x"}, "start must be one of"),
        ({"alt": " "}, "alt must say in words"),
    ],
)
def test_bad_input_gets_a_sentence(walk, change, sentence):
    good = {"positions": walk, "radii": 0.3, "box": BOX, "alt": "Discs."}
    with pytest.raises(ValueError, match=sentence):
        figures.movie(**(good | change))


def test_a_heavy_recording_is_refused(walk, monkeypatch):
    monkeypatch.setattr(sys.modules[figures.movie.__module__], "MAX_BYTES", 1000)
    with pytest.raises(ValueError, match=r"the recording takes .* keep fewer frames"):
        figures.movie(walk, 0.3, box=BOX, alt="Discs.", groups=[3] * 12)
