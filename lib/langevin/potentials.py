"""Potentials written once, as a SymPy expression.

From it come the LaTeX, the NumPy energy ``U(x)`` and the NumPy gradient ``U.grad(x)``.
Reduced units.  SymPy is loaded when the first potential is made.
"""

import numpy as np

from langevin import _checks


class Potential:
    r"""A potential energy from an expression in the coordinates.

    Parameters
    ----------
    expression : str or sympy.Expr
        The energy, such as ``"stiffness*x**2/2"``.
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
        If a symbol is neither a coordinate nor a parameter with a finite value, or a name
        stands for both, or for nothing in the expression.

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

        names = variables.split() if isinstance(variables, str) else [str(v) for v in variables]
        symbols = {name: sympy.Symbol(name, real=True) for name in [*names, *parameters]}
        if not names or len(symbols) != len(names) + len(parameters):
            raise ValueError(f"each name may stand once, got {[*names, *parameters]}")
        expression = sympy.sympify(expression, locals=symbols)
        # a caller's own symbols may carry other assumptions; here a name is a real number
        expression = expression.xreplace(
            {s: symbols[s.name] for s in expression.free_symbols if s.name in symbols}
        )
        unknown = sorted(s.name for s in expression.free_symbols - set(symbols.values()))
        unused = sorted(p for p in parameters if symbols[p] not in expression.free_symbols)
        if unknown:
            raise ValueError(f"{expression} leaves {unknown} open; give a value, {unknown[0]}=1.0")
        if unused:
            raise ValueError(f"{expression} has no parameter {unused}; take it away or use it")
        self.expression = expression
        self.variables = tuple(symbols[name] for name in names)
        self.parameters = {p: float(_checks.finite(v, p)) for p, v in parameters.items()}
        self.gradient = tuple(sympy.diff(expression, v) for v in self.variables)
        values = {symbols[p]: v for p, v in self.parameters.items()}
        self._energy = _numpy_function(self.variables, expression.subs(values))
        slopes = [g.subs(values) for g in self.gradient]
        self._slopes = _numpy_function(self.variables, slopes)
        # one coordinate, and a slope that is an array when x is: nothing to put together
        self._column_is_all = self.dim == 1 and bool(slopes[0].free_symbols)

    @property
    def dim(self) -> int:
        """How many coordinates the potential has."""
        return len(self.variables)

    @property
    def latex(self) -> str:
        """The energy in LaTeX, without its name."""
        import sympy

        return sympy.latex(self.expression)

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
            return self._energy(x)
        x = self._positions(x)
        out = np.empty(len(x))
        out[:] = self._energy(*x.T)
        return out

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
            return self._slopes(x)[0]
        x = self._positions(x)
        if self._column_is_all:
            return self._slopes(x)[0]
        out = np.empty(x.shape)
        for i, slope in enumerate(self._slopes(*x.T)):
            out[:, i] = slope
        return out

    def __repr__(self):
        given = "".join(f", {name}={value}" for name, value in self.parameters.items())
        names = " ".join(v.name for v in self.variables)
        return f"Potential('{self.expression}', '{names}'{given})"

    def _positions(self, x):
        x = np.asarray(x, dtype=float)
        if x.ndim != 2 or x.shape[1] != self.dim:
            hint = "; write x[:, None]" if self.dim == 1 and x.ndim == 1 else ""
            raise ValueError(
                f"positions must have shape (n_particles, {self.dim}), got shape {x.shape}{hint}"
            )
        return x


def free(dim: int = 1) -> Potential:
    r"""Return the potential of a free particle, U = 0.

    Parameters
    ----------
    dim : int
        How many coordinates.

    Returns
    -------
    Potential
        Zero everywhere.

    Raises
    ------
    ValueError
        If `dim` is below 1.

    Examples
    --------
    >>> free(dim=2)(np.ones((3, 2)))
    array([0., 0., 0.])
    """
    return Potential(0, _coordinates(dim))


def gravity(weight: float = 1.0) -> Potential:
    r"""Return the potential of a weight at height x, U = weight * x.

    There is no floor: the particle falls for ever, and no stationary state exists.

    Parameters
    ----------
    weight : float
        Force downwards, in units of energy / length.

    Returns
    -------
    Potential
        Linear in the height.

    Raises
    ------
    ValueError
        If `weight` is not finite.

    Examples
    --------
    >>> gravity(weight=2.0).grad(np.array([[5.0]]))
    array([[2.]])
    """
    return Potential("weight*x", weight=weight)


def harmonic(stiffness: float = 1.0, dim: int = 1) -> Potential:
    r"""Return the potential of a spring, U = stiffness * abs(x)**2 / 2.

    Parameters
    ----------
    stiffness : float
        Force per length, positive.
    dim : int
        How many coordinates.

    Returns
    -------
    Potential
        The same spring along every coordinate.

    Raises
    ------
    ValueError
        If `stiffness` is not positive or `dim` is below 1.

    Examples
    --------
    >>> U = harmonic(stiffness=3.0, dim=2)
    >>> U(np.array([[1.0, 1.0]])), U.grad(np.array([[1.0, 2.0]]))
    (array([3.]), array([[3., 6.]]))
    """
    names = _coordinates(dim)
    squares = " + ".join(f"{name}**2" for name in names)
    return Potential(
        f"stiffness*({squares})/2", names, stiffness=_checks.positive(stiffness, "stiffness")
    )


def double_well(tilt: float = 0.0, height: float = 1.0) -> Potential:
    r"""Return two wells at -1 and 1, U = height * (x**2 - 1)**2 + tilt * x.

    Parameters
    ----------
    tilt : float
        Slope added to both wells, in units of energy / length; positive favours the left.
    height : float
        Barrier between the wells without tilt, in units of energy, positive.

    Returns
    -------
    Potential
        In one dimension.

    Raises
    ------
    ValueError
        If `height` is not positive or `tilt` is not finite.

    Examples
    --------
    >>> double_well()(np.array([[-1.0], [0.0], [1.0]]))
    array([0., 1., 0.])
    """
    height = _checks.positive(height, "height")
    return Potential("height*(x**2 - 1)**2 + tilt*x", height=height, tilt=tilt)


def _coordinates(dim):
    """Return the names x, y, z, or x_1, x_2, ... beyond three."""
    dim = _checks.count(dim, "dim")
    return ["x", "y", "z"][:dim] if dim <= 3 else [f"x_{i}" for i in range(1, dim + 1)]


def _numpy_function(variables, expression):
    import sympy
    from sympy.printing.numpy import NumPyPrinter

    class Printer(NumPyPrinter):
        """Write small whole powers as products: NumPy's ** is ten times slower from 3 on."""

        def _print_Pow(self, power, rational=False):
            base, exponent = power.as_base_exp()
            if exponent.is_Integer and 3 <= exponent <= 16:
                name = self._print(base) if base.is_Symbol else "b"
                product = "(" + "*".join([name] * int(exponent)) + ")"
                return product if base.is_Symbol else f"(lambda b: {product})({self._print(base)})"
            return super()._print_Pow(power, rational)

    return sympy.lambdify(variables, expression, modules="numpy", printer=Printer, cse=True)
