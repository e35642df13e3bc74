"""The equation ledger: every labelled equation of the book is verified by a cell that names it.

A check cell calls, at its top level, one of three functions with the equation's label: `symbolic`
(the residual is 0), `numeric` (agreement within a stated error) or `dimensional` (both sides have
the same SI dimension). Labels start with ``eq-``, or ``def-`` for definitions, which need no check.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from statistics import NormalDist

import numpy as np

from langevin.prose import number

FORMULAS = "LANGEVIN_PRINTED"  # the build's environment: label -> what is printed, as JSON
_calls: Counter[str] = Counter()  # of the checks that may read what is printed, by label
FALSE_ALARM = 1e-6  # the chance that a correct statistical check fails


def symbolic(label, lhs, rhs=None):
    """Check that ``lhs - rhs`` simplifies to zero.

    When the book is built, the printed form of most equations is read too, by the check that is
    listed for it: each of its sides after the first must be a side of the check, or what the list
    says that it is in the check's cell.

    Parameters
    ----------
    label : str
        The equation's label, such as ``"eq-msd"``.
    lhs, rhs : sympy expression, Eq, matrix or (nested) list of these
        The two sides. Without `rhs`, `lhs` is an `Eq` or a residual that ought to vanish.

    Raises
    ------
    AssertionError
        If the residual does not simplify to zero; the message shows it.
    ValueError, TypeError
        If the label is not an equation's, or if the check would be empty.

    Examples
    --------
    >>> import sympy as sp
    >>> x = sp.Symbol("x")
    >>> symbolic("eq-double-angle", sp.sin(2 * x), 2 * sp.sin(x) * sp.cos(x))
    ✓ (eq-double-angle) symbolic: residual 0
    """
    from ._symbolics import entries, sides, simplified

    _require_equation(label)
    if all(isinstance(side, int | float) for side in (lhs, rhs)):
        raise ValueError(f"({label}) compares two plain numbers; use ledger.numeric")
    try:
        left, right = (entries(lhs), entries(rhs)) if rhs is not None else sides(lhs)
    except TypeError as problem:
        raise TypeError(f"({label}) {problem}") from None
    if len(left) != len(right):
        raise ValueError(f"({label}) has {len(left)} entries left and {len(right)} right")
    if (not any(left) and not any(right)) or (lhs is rhs and hasattr(lhs, "__len__")):
        raise ValueError(f"({label}) compares nothing; pass both sides as they are, lhs and rhs")
    for a, b in zip(left, right, strict=True):
        rest = simplified(a - b)
        if rest != 0:
            raise AssertionError(f"({label}) does not hold: the residual is {rest}, not 0")
    _read(label, "symbolic", [*left, *right], sys._getframe(1).f_globals)
    print(f"✓ ({label}) symbolic: residual 0{f' in {len(left)} entries' if len(left) > 1 else ''}")


def numeric(label, observed, expected, *, error=None, sigmas=None, rtol=None, atol=None):
    """Check that numbers agree within a stated error.

    With `error` the check is statistical: every entry must lie within a number of standard errors
    chosen so that a correct equation fails with probability 1e-6 at most (4.89 for one number, more
    for an array, by Bonferroni's inequality). With `rtol` or `atol` it is deterministic:
    ``|observed - expected| <= atol + rtol * |expected|``. The printed form may be read here too:
    then it must give `observed` or `expected`, or what is listed, to nine digits.

    Parameters
    ----------
    label : str
        The equation's label, such as ``"eq-msd"``.
    observed : array_like, shape (...)
        What the simulation or the quadrature gave, in the units of `expected`.
    expected : array_like, broadcastable to (...)
        What the equation says.
    error : array_like, broadcastable to (...), optional
        One standard error of ``observed - expected``; positive.
    sigmas : float, optional
        A stricter cut than the default one, in standard errors.
    rtol, atol : float, optional
        Relative and absolute tolerance, for numbers without statistical noise.

    Raises
    ------
    AssertionError
        If an entry disagrees; the message shows the worst one.
    ValueError, TypeError
        If the label is not an equation's, an input is not finite, or the check would be empty.

    References
    ----------
    O. J. Dunn, J. Am. Stat. Assoc. 56, 52 (1961).

    Examples
    --------
    >>> numeric("eq-msd", 2.013, 2.0, error=0.010)
    ✓ (eq-msd) numeric: 2.013 ± 0.01 against 2 (1.3 standard errors apart, 4.89 allowed)
    >>> numeric("eq-e-and-pi", [2.7183, 3.1416], [np.e, np.pi], rtol=1e-5)
    ✓ (eq-e-and-pi) numeric: 2 entries, worst 2.7183 against 2.71828 (tolerance 2.7 × 10⁻⁵)
    """
    _require_equation(label)
    found, wanted, sigma, cut, tolerance = _compared(
        label, observed, expected, error, sigmas, rtol, atol
    )
    gap = np.abs(found - wanted) / tolerance
    at = np.unravel_index(np.argmax(gap), gap.shape)
    noise = "" if sigma is None else f" ± {number(sigma[at], '.2g')}"
    limit = f"tolerance {number(tolerance[at], '.2g')}"
    if noise:
        limit = f"{gap[at] * cut:.1f} standard errors apart, {cut:.3g} allowed"
    left, right = number(found[at], ".6g"), number(wanted[at], ".6g")
    line = f"{left}{noise} against {right} ({limit})"
    line = line if found.size == 1 else f"{found.size} entries, worst {line}"
    if gap[at] > 1:
        raise AssertionError(f"({label}) does not hold: {line}")
    asserted = [found, wanted, *(wanted if wanted.ndim else [])]
    _read(label, "numeric", asserted, sys._getframe(1).f_globals)
    print(f"✓ ({label}) numeric: {line}")


def power(observed, expected, *, error=None, sigmas=None, rtol=None, atol=None):
    """Return the smallest relative change of what was observed that `numeric` would refuse.

    A check that passes fails for ``observed`` times ``1 + f``, and for ``observed`` times
    ``1 - f``, with any ``f`` above what is returned.

    Parameters
    ----------
    observed, expected : array_like
        What was found and what is expected, as for `numeric`.
    error : array_like, optional
        One standard error.
    sigmas, rtol, atol : float, optional
        What is allowed, as for `numeric`.

    Returns
    -------
    float
        The larger of the two, that of a growth and that of a fall; infinite if all that is
        expected is 0.

    Raises
    ------
    ValueError, TypeError
        As `numeric`.

    Examples
    --------
    >>> round(power(2.0, 2.0 + 1e-9, error=0.01), 3)
    0.024
    >>> round(power([1.0, 5.0], [1.0, 5.1], atol=0.2), 3)
    0.06
    """
    found, wanted, *_, tolerance = _compared(
        "eq-power", observed, expected, error, sigmas, rtol, atol
    )
    seen = (found != 0) & (wanted != 0)
    if not np.any(seen):
        return float("inf")
    size, ahead = np.abs(found[seen]), np.sign(found[seen]) * (found - wanted)[seen]
    tolerance = tolerance[seen]
    return float(max(np.min((tolerance - ahead) / size), np.min((tolerance + ahead) / size)))


def dimensional(label, lhs, rhs, units=None):
    """Check that both sides have the same SI dimension.

    Parameters
    ----------
    label : str
        The equation's label, such as ``"eq-einstein"``.
    lhs, rhs : sympy expression
        The two sides, made of `sympy.physics.units` or of the symbols that `units` explains.
    units : dict, optional
        The unit of each symbol, for instance ``{D: meter**2 / second, mu: pascal * second}``.

    Raises
    ------
    AssertionError
        If the dimensions differ; the message names both.
    ValueError, TypeError
        If the label is not an equation's, a symbol has no unit, or no unit occurs at all.

    Examples
    --------
    >>> import sympy as sp
    >>> from sympy.physics.units import meter, second
    >>> D, t, x = sp.symbols("D t x")
    >>> dimensional("eq-msd", x**2, 2 * D * t, {x: meter, D: meter**2 / second, t: second})
    ✓ (eq-msd) dimensional: both sides are length**2
    """
    from ._symbolics import dimension_of, expression

    _require_equation(label)
    try:
        left, right = (dimension_of(expression(side), units or {}) for side in (lhs, rhs))
    except (AssertionError, TypeError, ValueError) as problem:
        raise type(problem)(f"({label}) {problem}") from None
    if left != right:
        raise AssertionError(f"({label}) does not hold: {left} on the left, {right} on the right")
    if left == 1 and not units:
        raise ValueError(f"({label}) has no unit on either side; say units={{symbol: unit, …}}")
    if lhs is rhs:
        raise ValueError(f"({label}) compares an expression with itself; pass the two sides")
    sides = [expression(lhs), expression(rhs)]
    _read(label, "dimensional", sides, sys._getframe(1).f_globals)
    print(f"✓ ({label}) dimensional: both sides are {left if left != 1 else 'pure numbers'}")


def _read(label, kind, asserted, cell):
    """Compare what is printed with the sides of a check, where this is the check that reads it."""
    printed = json.loads(os.environ.get(FORMULAS, "{}")).get(label)
    if not printed or printed["kind"] != kind:
        return
    _calls[label] += 1
    if _calls[label] == printed["call"]:
        from ._printed import compare

        compare(label, printed, asserted, cell, kind == "numeric")


def _require_equation(label):
    if str(label).startswith("def-"):
        raise ValueError(f"{label} is a definition: it needs no check, delete this one")
    if not isinstance(label, str) or not re.fullmatch(r"eq-[a-z0-9]+(-[a-z0-9]+)*", label):
        raise ValueError(f"a label reads eq-some-name (a-z, 0-9, hyphens), got {label!r}")


def _compared(label, observed, expected, error, sigmas, rtol, atol):
    """Return both sides, the standard errors, how many are allowed, and the tolerance."""
    found = _array(label, "observed", observed)
    wanted = _array(label, "expected", expected, like=found)
    if np.shares_memory(found, wanted) or (observed is expected and type(observed) is not int):
        raise ValueError(f"({label}) compares a value with itself; compute one side another way")
    if (error is None) == (rtol is None and atol is None):
        raise ValueError(f"({label}) needs error=… (statistical) or rtol=…/atol=…, one of the two")
    sigma, cut = None, NormalDist().inv_cdf(1 - FALSE_ALARM / (2 * found.size))
    if sigmas is not None and (error is None or not 0 < sigmas <= cut):
        raise ValueError(f"({label}) sigmas goes with error and is in (0, {cut:.3g}], got {sigmas}")
    if error is None:
        slack = [
            0 if t is None else _array(label, "tolerance", t, found, True) for t in (atol, rtol)
        ]
        tolerance = slack[0] + slack[1] * np.abs(wanted)
        if not np.all(tolerance > 0):
            raise ValueError(f"({label}) rtol allows nothing where 0 is expected; give atol too")
    else:
        sigma, cut = _array(label, "error", error, like=found, positive=True), sigmas or cut
        tolerance = cut * sigma
        if found.size > 1 and np.array_equal(found, wanted):
            raise ValueError(f"({label}) agrees to the last bit: one side is a copy of the other?")
    if np.any(wanted) and np.all(tolerance >= np.abs(wanted)):
        raise ValueError(f"({label}) allows errors as large as the expected values; reduce them")
    return found, wanted, sigma, cut, tolerance


def _array(label, name, value, like=None, positive=False):
    try:
        array = np.asarray(value, dtype=float)
        array = array if like is None else np.broadcast_to(array, like.shape)
    except (TypeError, ValueError):
        sort = f"real numbers of shape {like.shape}" if like is not None else "real numbers"
        raise TypeError(f"({label}) {name} must be {sort}, got {value!r:.60}") from None
    if array.size == 0 or not np.all(np.isfinite(array)) or (positive and np.any(array <= 0)):
        sort = "positive and finite" if positive else "finite numbers"
        raise ValueError(f"({label}) {name} must be {sort}, got {value!r:.60}")
    return array
