"""The potential: one SymPy expression, and what is made from it."""

import functools

import numpy as np

from langevin import _checks
from langevin._trace import Symbols, once


class Potential:
    r"""A potential energy from an expression in the coordinates.

    Parameters
    ----------
    expression : str or sympy.Expr
        The energy, such as ``"stiffness*x**2/2"``.  It may use ``exp``, ``log``, ``sqrt``,
        ``abs``, ``sign``, ``pi``, trigonometric and hyperbolic functions and their inverses, and
        ``logaddexp(a, b)``, log(exp(a) + exp(b)) without overflow.  Every other name in a string
        is a symbol, also beta, N or E.
    variables : str or sequence of str
        Names of the coordinates in order, ``"x"`` or ``"x y"``.
    **parameters : float
        A value for each other symbol.  The LaTeX keeps the symbol, the numbers use the value.

    Attributes
    ----------
    expression : sympy.Expr
        The energy, its parameters as symbols.
    gradient : tuple of sympy.Expr
        Its derivative with respect to each coordinate.
    variables : tuple of sympy.Symbol
        The coordinates.
    parameters : dict of str to float
        The values given.

    Raises
    ------
    ValueError
        If the expression is not a formula or calls another function, a symbol is neither a
        coordinate nor a parameter with a finite value, or a name stands for both, or for
        nothing in the expression.

    Examples
    --------
    >>> U = Potential("depth*(1 - cos(x))", depth=2.0)
    >>> U.latex
    'depth \\left(1 - \\cos{\\left(x \\right)}\\right)'
    >>> U(np.array([[0.0], [np.pi]]))
    array([0., 4.])
    >>> U.grad(np.array([[0.0]]))
    array([[0.]])
    """

    def __init__(self, expression, variables="x", **parameters):
        import sympy

        from langevin.potentials.expressions import allowed, numpy_function, parse

        if not isinstance(variables, str | list | tuple):
            raise TypeError(f"variables must be names, as 'x y', got {_checks.describe(variables)}")
        names = variables.split() if isinstance(variables, str) else [str(v) for v in variables]
        symbols = {name: sympy.Symbol(name, real=True) for name in [*names, *parameters]}
        if not names or len(symbols) != len(names) + len(parameters):
            raise ValueError(f"each name may stand once, got {[*names, *parameters]}")
        if isinstance(expression, str):
            expression = parse(expression, symbols)
        else:
            expression = allowed(sympy.sympify(expression))
        # a caller's own symbols may carry other assumptions; here a name is a real number
        expression = expression.xreplace(
            {s: symbols[s.name] for s in expression.free_symbols if s.name in symbols}
        )
        unknown = sorted(s.name for s in expression.free_symbols - set(symbols.values()))
        unused = sorted(p for p in parameters if symbols[p] not in expression.free_symbols)
        if unknown:
            raise ValueError(
                f"the expression leaves {unknown} open, got {expression} with the variables "
                f"{names}; give a value, {unknown[0]}=1.0"
            )
        if unused:
            raise ValueError(
                f"the expression has no parameter {unused}, got {expression}; use it or leave "
                "it out"
            )
        self.expression = expression
        self.variables = tuple(symbols[name] for name in names)
        self.parameters = {p: float(_checks.finite(v, p)) for p, v in parameters.items()}
        self.gradient = tuple(sympy.diff(expression, v) for v in self.variables)
        self._values = {symbols[p]: v for p, v in self.parameters.items()}
        self._energy = numpy_function(self.variables, [expression.subs(self._values)])
        slopes = [g.subs(self._values) for g in self.gradient]
        self._slopes = numpy_function(self.variables, slopes)
        # one coordinate, and a slope that is an array when x is: nothing to put together
        self._column_is_all = self.dim == 1 and bool(slopes[0].free_symbols)

    @property
    def dim(self) -> int:
        """How many coordinates the potential has."""
        return len(self.variables)

    @property
    def latex(self) -> str:
        """The energy in LaTeX, without its name."""
        from langevin.potentials.expressions import latex

        return latex(self.expression)

    def javascript(self) -> str:
        """Return the energy and the gradient of one particle as JavaScript.

        Returns
        -------
        str
            An expression whose value is an object with two functions of the coordinates,
            ``energy(x, y, {...})``, a number, and ``gradient(x, y, {...})``, an array.  Their
            last argument names the parameters to move; the others keep their values.

        Raises
        ------
        ValueError
            If a name or a function in the expression cannot be written in JavaScript.

        Examples
        --------
        >>> print(Potential("stiffness*x**2/2", stiffness=3.0).javascript())
        ({
          energy: (x, {stiffness = 3.0} = {}) => {
            return (1/2)*stiffness*(x*x);
          },
          gradient: (x, {stiffness = 3.0} = {}) => {
            return [stiffness*x];
          },
        })
        """
        from langevin.potentials.expressions import javascript

        return javascript(self.variables, self.parameters, self.expression, self.gradient)

    @once
    def __call__(self, x):
        """Return the energy of each particle.

        Parameters
        ----------
        x : ndarray, shape (n_particles, dim), or float if dim is 1
            Positions.

        Returns
        -------
        ndarray, shape (n_particles,), or float
            Energies.
        """
        if isinstance(x, float) and self.dim == 1:
            return _at_float(self._energy, x)
        x = self._positions(x)
        out = np.empty_like(x[:, 0])
        out[:] = self._energy(*x.T)[0]
        return out

    @once
    def grad(self, x):
        """Return the gradient of the energy at each particle.

        Parameters
        ----------
        x : ndarray, shape (n_particles, dim), or float if dim is 1
            Positions.

        Returns
        -------
        ndarray, shape (n_particles, dim), or float
            Gradients; the force is minus this.
        """
        if isinstance(x, float) and self.dim == 1:
            return _at_float(self._slopes, x)
        x = self._positions(x)
        if self._column_is_all:
            return self._slopes(x)[0]
        out = np.empty_like(x)
        for i, slope in enumerate(self._slopes(*x.T)):
            out[:, i] = slope
        return out

    def hessian(self, x):
        """Return the second derivatives of the energy at each particle.

        Parameters
        ----------
        x : ndarray, shape (n_particles, dim)
            Positions.

        Returns
        -------
        ndarray, shape (n_particles, dim, dim)
            Symmetric matrices; their eigenvalues are the curvatures.

        Examples
        --------
        >>> Potential("x**2 - y**2 + x*y", "x y").hessian(np.zeros((1, 2)))
        array([[[ 2.,  1.],
                [ 1., -2.]]])
        """
        x = self._positions(x)
        out = np.empty((len(x), self.dim * self.dim))
        for i, curvature in enumerate(self._curvatures(*x.T)):
            out[:, i] = curvature
        return out.reshape(len(x), self.dim, self.dim)

    @functools.cached_property
    def _curvatures(self):
        from langevin.potentials.expressions import numpy_function

        rows = [g.subs(self._values).diff(v) for g in self.gradient for v in self.variables]
        return numpy_function(self.variables, rows)

    def __repr__(self):
        given = "".join(f", {name}={value}" for name, value in self.parameters.items())
        names = " ".join(v.name for v in self.variables)
        return f"Potential('{self.expression}', '{names}'{given})"

    def _positions(self, x):
        x = x if isinstance(x, Symbols) else np.asarray(x, dtype=float)
        if x.ndim != 2 or x.shape[1] != self.dim:
            hint = "; write x[:, None]" if self.dim == 1 and x.ndim == 1 else ""
            raise ValueError(
                f"positions must have shape (n_particles, {self.dim}), got shape {x.shape}{hint}"
            )
        return x


def _at_float(function, x):
    """Return the one value of a function at a float, infinite or nan as in an array.

    Where NumPy's numbers are that, Python's raise an error or turn complex.
    """
    try:
        (value,) = function(x)
        if not isinstance(value, complex):
            return value
    except (OverflowError, ZeroDivisionError):
        pass
    return function(np.float64(x))[0]


def coordinates(dim):
    """Return the names x, y, z, or x_1, x_2, ... beyond three.

    Parameters
    ----------
    dim : int
        How many.

    Returns
    -------
    list of str
        The names of the coordinates.

    Raises
    ------
    ValueError
        If `dim` is below 1.

    Examples
    --------
    >>> coordinates(2), coordinates(4)
    (['x', 'y'], ['x_1', 'x_2', 'x_3', 'x_4'])
    """
    dim = _checks.count(dim, "dim")
    return ["x", "y", "z"][:dim] if dim <= 3 else [f"x_{i}" for i in range(1, dim + 1)]
