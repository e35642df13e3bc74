"""What the ledger asks of SymPy: entries, residuals and dimensions of expressions."""

from __future__ import annotations

from math import prod

import numpy as np
import sympy as sp
from sympy.physics.units import Dimension, Quantity
from sympy.physics.units.systems.si import dimsys_SI


def expression(value):
    """Return `value` as a SymPy expression.

    Raises
    ------
    TypeError
        If it is a string, a truth value or no expression.

    Examples
    --------
    >>> expression(1)
    1
    """
    try:
        expr = sp.sympify(value, strict=True)
    except sp.SympifyError:
        expr = None
    if not isinstance(expr, sp.Expr | Dimension):
        settled = " (SymPy settled an Eq)" if expr in (sp.true, sp.false) else ""
        raise TypeError(f"needs SymPy expressions, one for each side, got {value!r:.60}{settled}")
    return expr


def entries(value):
    """Return the expressions in a number, an expression, a matrix or a nested list, in order.

    Examples
    --------
    >>> entries([1, [2, 3]])
    [1, 2, 3]
    """
    if isinstance(value, list | tuple | np.ndarray | sp.MatrixBase | sp.NDimArray | sp.Tuple):
        return [entry for part in value for entry in entries(part)]
    return [expression(value)]


def sides(value):
    """Return left and right entries of equations, or of residuals, whose right side is 0.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> sides([sp.Eq(x, 1), x - 1])
    ([x, x - 1], [1, 0])
    """
    if isinstance(value, sp.Eq):
        return entries(value.lhs), entries(value.rhs)
    if isinstance(value, list | tuple):
        pairs = [sides(part) for part in value]
        return [a for left, _ in pairs for a in left], [b for _, right in pairs for b in right]
    left = entries(value)
    return left, [sp.S.Zero] * len(left)


def simplified(residual):
    """Return 0 if SymPy can show that `residual` vanishes, else what is left of it.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> simplified(sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1)
    0
    """
    rest = residual.doit()
    numerator = sp.numer(sp.together(rest))
    # Nearly every residual vanishes here, in a small part of the time that `simplify` takes.
    if sp.expand(numerator) == 0 or sp.expand(numerator.rewrite(sp.exp)) == 0:
        return sp.S.Zero
    for step in (sp.simplify, lambda r: sp.simplify(sp.expand(r))):
        rest = step(rest)
        if rest == 0:
            return rest
    return sp.S.Zero if rest.equals(0) else rest


def dimension_of(expr, units):
    """Return the SI dimension of `expr` as a product of powers of base dimensions.

    Parameters
    ----------
    expr : sympy expression
        Made of quantities, or of symbols and applied functions found in `units`.
    units : dict
        From each symbol (or applied function) to its unit; 1 for a pure number.

    Returns
    -------
    sympy expression
        For instance ``length**2/time``; 1 for a pure number.

    Raises
    ------
    AssertionError
        If unlike terms are added, or a function's argument or an exponent has a dimension.
    ValueError
        If a symbol has no unit, or the expression holds something else.

    Examples
    --------
    >>> from sympy.physics.units import meter, second
    >>> dimension_of(3 * meter**2 / second, {})
    length**2/time
    """
    if expr in units:
        return dimension_of(expression(units[expr]), {})
    if isinstance(expr, Quantity | Dimension):
        powers = dimsys_SI.get_dimensional_dependencies(getattr(expr, "dimension", expr))
        return prod(sp.Symbol(str(base.name), positive=True) ** n for base, n in powers.items())
    if isinstance(expr, sp.Derivative):
        steps = (dimension_of(v, units) ** n for v, n in expr.variable_count)
        return dimension_of(expr.expr, units) / prod(steps)
    if isinstance(expr, sp.Integral):
        return dimension_of(expr.function, units) * prod(
            _same(expr, [dimension_of(e, units) for e in limits if e.is_finite is not False and e])
            for limits in expr.limits
        )
    if (not expr.args and not expr.is_number) or isinstance(expr, sp.core.function.AppliedUndef):
        raise ValueError(f"needs the unit of {expr}: units={{{expr}: …}} (1 for a pure number)")
    dims = [dimension_of(part, units) for part in expr.args]
    if isinstance(expr, sp.Add | sp.Max | sp.Min | sp.Abs):
        return _same(expr, dims)
    if isinstance(expr, sp.Mul):
        return prod(dims)
    if isinstance(expr, sp.Pow) and dims[0] != 1 and expr.exp.is_number:
        return dims[0] ** expr.exp
    for part, dim in zip(expr.args, dims, strict=True):
        if dim != 1:
            raise AssertionError(f"needs a pure number in {expr}, but {part} is a {dim}")
    return sp.S.One


def _same(expr, dims):
    for dim in dims:
        if dim != dims[0]:
            raise AssertionError(f"adds unlike dimensions, {dims[0]} and {dim}, in {expr}")
    return dims[0]
