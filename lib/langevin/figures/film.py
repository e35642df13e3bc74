"""Positions as text that compresses well.

A free disc goes straight on, so its second difference is nearly always zero: positions are
rounded to 1/2048 of the box and each is coded as its deviation from "as before", one printable
character for a small number.  Rounding does not accumulate.
"""

from __future__ import annotations

import numpy as np

from langevin.figures.shared import ALPHABET

STEPS_ACROSS = 2048
ESCAPE = "~"
BASE = len(ALPHABET)


def encode(positions: np.ndarray, box: list[float], periodic: bool) -> str:
    """Code a recording, disc by disc, x before y.

    Parameters
    ----------
    positions : ndarray, shape (n_frames, n_discs, 2)
    box : list of two floats
    periodic : bool
        Whether a jump by nearly a side means that a disc went round.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If a disc is farther than about 60 boxes from the origin.

    Examples
    --------
    >>> line = np.linspace(0, 1, 5)[:, None, None] * np.ones(2)
    >>> len(encode(line, [2.0, 2.0], periodic=False))
    16
    """
    if periodic:
        sides = np.asarray(box)
        positions = np.stack(
            [np.unwrap(positions[..., i], period=sides[i], axis=0) for i in (0, 1)], axis=-1
        )
        positions = positions - sides * np.floor(positions[0] / sides)
    steps = np.rint(positions / (max(box) / STEPS_ACROSS)).astype(int)
    if np.abs(steps).max() * 8 >= BASE**3:
        raise ValueError(
            "positions reach far out of the box: give a larger box, or record them within it"
        )
    surprise = steps.copy()
    surprise[1] = steps[1] - steps[0]
    surprise[2:] = steps[2:] - 2 * steps[1:-1] + steps[:-2]
    return "".join(map(_code, surprise.transpose(1, 2, 0).ravel().tolist()))


def _code(number: int) -> str:
    folded = 2 * number if number >= 0 else -2 * number - 1
    if folded < BASE:
        return ALPHABET[folded]
    high, low = divmod(folded, BASE)
    top, middle = divmod(high, BASE)
    return ESCAPE + ALPHABET[top] + ALPHABET[middle] + ALPHABET[low]
