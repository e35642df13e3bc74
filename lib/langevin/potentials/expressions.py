"""Energies as SymPy expressions: how a string is read, and code for NumPy and the browser."""

from contextlib import contextmanager

import sympy
from sympy.parsing import sympy_parser
from sympy.printing.codeprinter import PrintMethodNotImplementedError
from sympy.printing.jscode import JavascriptCodePrinter
from sympy.printing.numpy import NumPyPrinter

# What a page's code may not call a number, beside what Python forbids too.
RESERVED = (
    "arguments case catch const debugger default delete do enum eval export extends function "
    "implements instanceof interface let Math new package private protected public static super "
    "switch this throw typeof var void logaddexp"
)
LOGADDEXP = "const logaddexp = (a, b) => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));"


class logaddexp(sympy.Function):
    """log(exp(a) + exp(b)), without the overflow; its slope is a tanh, which has none either."""

    nargs = 2

    def fdiff(self, argindex=1):
        """Return the share of one exponential in their sum."""
        a, b = self.args if argindex == 1 else reversed(self.args)
        return (1 + sympy.tanh((a - b) / 2)) / 2

    def doit(self, **hints):
        """Return the same in logarithms and exponentials."""
        a, b = (part.doit(**hints) for part in self.args)
        return sympy.log(sympy.exp(a) + sympy.exp(b))

    def _eval_evalf(self, prec):
        return self.doit()._eval_evalf(prec)

    def _numpycode(self, printer):
        name = printer._module_format("numpy.logaddexp")
        return f"{name}({', '.join(map(printer._print, self.args))})"

    def _javascript(self, printer):
        return f"logaddexp({', '.join(map(printer._print, self.args))})"


# What NumPy and JavaScript can compute of a number.
FUNCTIONS = {
    kind.__name__: kind
    for kind in (
        sympy.exp,
        sympy.log,
        sympy.sin,
        sympy.cos,
        sympy.tan,
        sympy.asin,
        sympy.acos,
        sympy.atan,
        sympy.atan2,
        sympy.sinh,
        sympy.cosh,
        sympy.tanh,
        sympy.asinh,
        sympy.acosh,
        sympy.atanh,
        sympy.sign,
        sympy.sinc,
        logaddexp,
    )
} | {"sqrt": sympy.sqrt, "abs": sympy.Abs, "Abs": sympy.Abs}


def parse(text, symbols, functions=FUNCTIONS):
    """Return the expression that a string means.

    Parameters
    ----------
    text : str
        A formula in Python's notation; ``^`` is a power too.  A name before a bracket is one of
        `functions`, ``pi`` is the number, and any other name is a symbol, such as beta, N or E.
    symbols : dict of str to sympy.Symbol
        The symbols to use for their names; another name becomes a new symbol.
    functions : dict of str to callable
        What the text may call.

    Returns
    -------
    sympy.Expr
        The expression.

    Raises
    ------
    ValueError
        If the text is not a formula, or calls another function.

    Examples
    --------
    >>> parse("beta*x^2 + E", {})
    E + beta*x**2
    """
    numbers = {name: getattr(sympy, name) for name in ("Integer", "Float", "Rational", "pi")}
    names = {"Symbol": sympy.Symbol, "Function": sympy.Function, **numbers, **functions}
    steps = (*sympy_parser.standard_transformations, sympy_parser.convert_xor)
    try:
        # without "__builtins__" the parser's eval would add those of Python
        expression = sympy_parser.parse_expr(
            text, dict(symbols), steps, global_dict={"__builtins__": {}, **names}
        )
    except Exception as error:  # whatever the text makes Python or SymPy raise
        raise ValueError(
            f"the expression must be a formula such as 'x**4 - x**2', got {text!r:.80} "
            f"({type(error).__name__})"
        ) from None
    return allowed(expression, functions)


def allowed(expression, functions=FUNCTIONS):
    """Return `expression` if NumPy can compute it.

    Parameters
    ----------
    expression : sympy.Expr
        An energy.
    functions : dict of str to callable
        What it may hold.

    Returns
    -------
    sympy.Expr
        The same.

    Raises
    ------
    ValueError
        If it is not an expression, or holds another function.

    Examples
    --------
    >>> allowed(sympy.exp(1))
    E
    """
    if not isinstance(expression, sympy.Expr):
        raise ValueError(f"the expression must be a formula, got {expression!s:.80}")
    known = tuple(kind for kind in functions.values() if isinstance(kind, type))
    calls = expression.atoms(sympy.core.function.Application)
    others = sorted({f.func.__name__ for f in calls if not isinstance(f, known)})
    if others:
        raise ValueError(
            f"NumPy has no {', '.join(others)}; write the formula without it, by "
            f"{', '.join(functions)} and powers"
        )
    return expression


def latex(expression):
    r"""Return an energy in LaTeX.

    Parameters
    ----------
    expression : sympy.Expr
        An energy.

    Returns
    -------
    str
        Its LaTeX, without dollars.

    Examples
    --------
    >>> latex(logaddexp(*sympy.symbols("a b")))
    '\\log{\\left(e^{a} + e^{b} \\right)}'
    """
    return sympy.latex(expression.replace(logaddexp, lambda a, b: logaddexp(a, b).doit()))


def numpy_function(variables, expression):
    """Return the NumPy function of an expression, or of a list of them.

    Parameters
    ----------
    variables : sequence of sympy.Symbol
        The arguments of the function, in order.
    expression : sympy.Expr or list of sympy.Expr
        What it computes.

    Returns
    -------
    callable
        A function of numbers or arrays that broadcast.

    Raises
    ------
    ValueError
        If NumPy lacks a function of the expression.

    Examples
    --------
    >>> x = sympy.Symbol("x")
    >>> numpy_function([x], x**3)(2.0)
    8.0
    """
    with _kind_error("NumPy"):
        return sympy.lambdify(variables, expression, modules="numpy", printer=NumPyCode, cse=True)


@contextmanager
def _kind_error(language):
    try:
        yield
    except PrintMethodNotImplementedError as error:
        # the first line ends with the name of the function
        name = str(error).splitlines()[0].rpartition(" ")[2]
        raise ValueError(f"{language} has no {name}; write the formula without it") from None


class NumPyCode(NumPyPrinter):
    """Write small whole powers as products: NumPy's ** is ten times slower from 3 on."""

    def _print_Pow(self, power, rational=False):
        base, exponent = power.as_base_exp()
        if exponent.is_Integer and 3 <= exponent <= 16:
            name = self._print(base) if base.is_Symbol else "b"
            product = "(" + "*".join([name] * int(exponent)) + ")"
            return product if base.is_Symbol else f"(lambda b: {product})({self._print(base)})"
        return super()._print_Pow(power, rational)


def javascript(variables, parameters, energy, gradient):
    """Return the JavaScript of an energy and its gradient; see `Potential.javascript`.

    Parameters
    ----------
    variables : sequence of sympy.Symbol
        The coordinates, in order.
    parameters : dict of str to float
        The values of the other symbols.
    energy : sympy.Expr
        The energy.
    gradient : list of sympy.Expr
        Its derivatives by the coordinates.

    Returns
    -------
    str
        An object with the functions energy and gradient.

    Raises
    ------
    ValueError
        If JavaScript lacks a function of the expressions.

    Examples
    --------
    >>> x = sympy.Symbol("x")
    >>> print(javascript([x], {}, x**3, [3 * x**2]))
    ({
      energy: (x) => {
        return (x*x*x);
      },
      gradient: (x) => {
        return [3*(x*x)];
      },
    })
    """
    names = [*(v.name for v in variables), *parameters]
    for name in names:
        if not name.isidentifier() or name in RESERVED.split():
            raise ValueError(f"{name!r} is no name in JavaScript; give it another one")
    arguments = ", ".join(names[: len(variables)])
    if parameters:
        defaults = ", ".join(f"{name} = {value!r}" for name, value in parameters.items())
        arguments += f", {{{defaults}}} = {{}}"
    lines = []
    for name, results, form in (("energy", [energy], "{}"), ("gradient", gradient, "[{}]")):
        with _kind_error("JavaScript"):
            lines += [f"  {name}: ({arguments}) => {{", *_body(results, names, form), "  },"]
    return "\n".join(["({", *lines, "})"])


def _body(results, names, form):
    """Return the lines of a function whose arguments have these names."""
    temporary = sympy.numbered_symbols("t", exclude=sympy.symbols(names))
    # bases that are listed have a second use, so that each gets a name to multiply
    bases = {p.base for e in results for p in e.atoms(sympy.Pow) if p.exp.is_Integer}
    steps, results = sympy.cse([*results, *sorted(bases, key=str)], symbols=temporary)
    code = JavaScriptCode({"strict": True})
    lines = [LOGADDEXP] if any(e.has(logaddexp) for e in [*results, *dict(steps).values()]) else []
    lines += [f"const {code.doprint(name)} = {code.doprint(e)};" for name, e in steps]
    values = ", ".join(code.doprint(e) for e in results[: len(results) - len(bases)])
    return ["    " + line for line in [*lines, f"return {form.format(values)};"]]


class JavaScriptCode(JavascriptCodePrinter):
    """Write small whole powers as products, as for NumPy."""

    def _print_Pow(self, power):
        base, exponent = power.as_base_exp()
        if base.is_Symbol and exponent.is_Integer and 2 <= abs(exponent) <= 16:
            product = "(" + "*".join([self._print(base)] * abs(int(exponent))) + ")"
            return product if exponent > 0 else f"(1/{product})"
        return super()._print_Pow(power)
