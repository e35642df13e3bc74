"""One step of a kernel, run on symbols: what it does to a particle, written down line by line.

A step is a few lines of NumPy, and arrays whose entries are names run through them as well as
arrays of numbers.  Each operation writes a line on the particle's tape; a number that meets a name
is kept beside it, as c0, c1, ..., so that steps which differ in their numbers only have one text.
"""

import math
import operator
from functools import partial, wraps
from typing import NamedTuple

import numpy as np

# How the operations are written whose names are not NumPy's functions of one number or two.
OPERATORS = {
    "add": "{} + {}",
    "subtract": "{} - {}",
    "multiply": "{} * {}",
    "divide": "{} / {}",
    "floor_divide": "{} // {}",
    "remainder": "{} % {}",
    "negative": "-{}",
    "positive": "+{}",
    "square": "{0} * {0}",
    "reciprocal": "1.0 / {}",
    "power": "{} ** {}",
    "absolute": "abs({})",
    "less": "{} < {}",
    "less_equal": "{} <= {}",
    "greater": "{} > {}",
    "greater_equal": "{} >= {}",
    "equal": "{} == {}",
    "not_equal": "{} != {}",
    "logical_and": "{} and {}",
    "logical_or": "{} or {}",
    "bitwise_and": "{} & {}",
    "bitwise_or": "{} | {}",
    "logical_not": "not {}",
    "invert": "not {}",
    "clip": "np.minimum(np.maximum({}, {}), {})",
    "where": "{1} if {0} else {2}",
}
FUNCTIONS = (
    "exp exp2 expm1 log log2 log10 log1p sqrt sin cos tan arcsin arccos arctan sinh cosh tanh "
    "arcsinh arccosh arctanh sign floor ceil trunc isfinite"
)
OF_TWO = "logaddexp arctan2 hypot minimum maximum"
FORMS = OPERATORS | {name: f"np.{name}({{}})" for name in FUNCTIONS.split()}
FORMS |= {name: f"np.{name}({{}}, {{}})" for name in OF_TWO.split()}
# What these give is true or false; what these give of whole numbers is a whole number.
TRUE_OR_FALSE = "less less_equal greater greater_equal equal not_equal isfinite"
ARITHMETIC = "add subtract multiply negative square power floor_divide remainder"
WHOLE = f"{ARITHMETIC} positive absolute minimum maximum clip where bitwise_and bitwise_or invert"


class Untraceable(Exception):
    """A sentence: what in a step cannot be written down for one particle."""


class Unknown(Exception):
    """A step that is run again does what it has not done before."""


class Tape:
    """What a step does to one particle: lines of code, and the numbers that stand in them.

    One with a memory finds what has been written already, so that a step which is run again, for
    its numbers at another k, writes nothing: then the tape is `sealed`.
    """

    def __init__(self, memory=None):
        self.lines, self.numbers, self.memory, self.sealed = [], [], memory, False
        self.uses = {}

    def name(self, value):
        """Return the name of a symbol of this tape, or a new one for a number."""
        if isinstance(value, Symbol):
            if value.tape is not self:
                raise Untraceable("its step lets particles act on one another")
            return value.name
        if self.sealed:
            raise Unknown
        self.numbers.append(float(value))
        return f"c{len(self.numbers) - 1}"

    def write(self, name, values):
        """Write a line that computes something of symbols and numbers; return its symbol."""
        if self.sealed:
            raise Unknown
        if name not in FORMS:
            raise Untraceable(f"its step asks for numpy.{name}")
        if name == "power" and not isinstance(values[1], Symbol):
            text = _power(self.name(values[0]), float(values[1]))
            text = text or FORMS[name].format(*map(self.name, values))
        else:
            text = FORMS[name].format(*map(self.name, values))
        self.lines.append(f"t{len(self.lines)} = {text}")
        return Symbol(self, f"t{len(self.lines) - 1}", _kind(name, values))


class Symbol:
    """The name of a number of one particle; `kind` is that of its dtype: b, i or f."""

    def __init__(self, tape, name, kind="f"):
        self.tape, self.name, self.kind = tape, name, kind

    # matrix products of NumPy ask the entries of arrays themselves
    def __add__(self, other):
        return write("add", self, other)

    def __mul__(self, other):
        return write("multiply", self, other)

    __radd__, __rmul__ = __add__, __mul__

    def __float__(self):
        raise Untraceable("its step needs the values of an array, for NumPy alone or as numbers")

    def __bool__(self):
        raise Untraceable("its step asks by if or while what an array holds")

    def __eq__(self, other):
        raise Untraceable("its step compares entries of arrays one by one")

    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = None  # type: ignore[assignment]


class Symbols(np.ndarray):
    """An array of symbols, the particles along its first axis: what a step takes for numbers."""

    tape: Tape | None = None  # whose memory has this very array
    tag: int | None = None  # and what it is known by there

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, where=True, **options):
        """Write a line for each entry of the result."""
        if ufunc is np.matmul:
            return symbols(np.matmul(*map(np.asarray, inputs)))
        if out is None and where is not True:
            raise Untraceable("its step computes only some entries of an array (where=)")
        if method == "reduce" and options.get("axis") is None and inputs[0].ndim > 1:
            raise Untraceable(f"its step puts all particles together by numpy.{ufunc.__name__}")
        options = {k: v for k, v in options.items() if k in ("axis", "keepdims")}

        def result():
            plain = map(np.asarray, inputs)
            function = np.frompyfunc(partial(write, ufunc.__name__), ufunc.nin, 1)
            return symbols(getattr(function, method)(*plain, **options))

        if out is None:
            key = (ufunc.__name__, method, *options.items())
            return remembered(key, inputs, result)
        new = result() if where is True else np.where(symbols(where), result(), out[0])
        out[0][...] = new
        return out[0]

    def __array_function__(self, function, types, inputs, options):
        """Write a choice down; let NumPy arrange entries as it does with any array."""
        if function is np.where and len(inputs) == 3:
            choose = np.frompyfunc(partial(write, "where"), 3, 1)
            result = partial(choose, *map(np.asarray, inputs))
            return remembered(("where",), inputs, lambda: symbols(result()))
        result = super().__array_function__(function, types, inputs, options)
        return symbols(result) if getattr(result, "dtype", np.dtype(int)).hasobject else result


def symbols(entries):
    """Return an array of symbols."""
    return np.asarray(entries, dtype=object).view(Symbols)


def remembered(key, inputs, result):
    """Return the result of an operation, from the tape's memory where it has one.

    Of what has been done before only the numbers are taken: those which stand beside arrays.
    """
    array = next(v for v in inputs if isinstance(v, Symbols))
    tape = array.tape or getattr(array.item(0), "tape", None)
    if tape is None or tape.memory is None:
        return result()
    numbers = [v for v in inputs if isinstance(v, float | int)]
    tags = [v.tag or _tag(v) if isinstance(v, Symbols) else "number" for v in inputs]
    if None in tags or tags.count("number") > len(numbers):  # an array has numbers in it
        if tape.sealed:
            raise Unknown
        return result()
    key = (*key, *tags)
    if numbers:
        if key[0] == "power":  # 2 or 1/2 is another operation
            key += (*numbers,)
        tape.uses[key] = tape.uses.get(key, 0) + 1
        key += (tape.uses[key],)
    if key not in tape.memory:
        if tape.sealed:
            raise Unknown
        first, found = len(tape.numbers), result()
        tape.memory[key] = _kept(found, tape), range(first, len(tape.numbers))
    found, places = tape.memory[key]
    if key[0] != "power" and numbers:
        for place in places:
            tape.numbers[place] = float(numbers[(place - places.start) % len(numbers)])
    return found


def _kept(array, tape):
    """Return an array that stays what it is, known by a number."""
    array.tape, array.tag = tape, len(tape.memory) + 1
    array.flags.writeable = False
    return array


def _tag(array):
    """Return what an array of symbols is known by, or None if it has numbers too."""
    entries = array.ravel().tolist()
    if not all(isinstance(entry, Symbol) for entry in entries):
        return None
    return (array.shape, *(entry.name for entry in entries))


def once(method):
    """Let a method of a potential, which knows no k, write its lines for the same x only once."""

    @wraps(method)
    def known(self, x):
        if isinstance(x, Symbols):
            return remembered((method, self), [x], lambda: method(self, x))
        return method(self, x)

    return known


def write(name, *values):
    """Do an operation on entries: a line on the tape of the symbols, or numbers at once."""
    tape = next((value.tape for value in values if isinstance(value, Symbol)), None)
    return getattr(np, name)(*values) if tape is None else tape.write(name, values)


class Draws:
    """A generator that names the numbers which it would draw, in their order."""

    def __init__(self, tapes):
        self.tapes, self.drawn = tapes, []

    def standard_normal(self, size=None):
        """Name numbers of N(0, 1)."""
        return self._named("normal", size)

    def standard_exponential(self, size=None):
        """Name numbers of density exp(-e)."""
        return self._named("exponential", size)

    def random(self, size=None):
        """Name numbers between 0 and 1."""
        return self._named("uniform", size)

    def __getattr__(self, name):
        raise Untraceable(f"its step draws by rng.{name}")

    def _named(self, kind, size):
        shape = size if isinstance(size, tuple) else np.zeros(() if size is None else size).shape
        if shape[:1] != (len(self.tapes),):
            raise Untraceable("its step draws numbers that belong to no particle")
        self.drawn.append((kind, math.prod(shape[1:])))
        return _named(f"e{len(self.drawn) - 1}", shape[1:], "f", self.tapes)


class Count:
    """The number of steps taken, for a step that only goes on counting: who asks more fails."""

    def __init__(self, steps=0):
        self.steps = steps

    def __add__(self, more):
        return Count(self.steps + operator.index(more))

    def __eq__(self, other):
        raise TypeError("the step depends on k")

    def __bool__(self):
        raise TypeError("the step depends on k")

    __hash__ = None  # type: ignore[assignment]


class Column(NamedTuple):
    """A field of a state that is an array: what of it belongs to one particle."""

    shape: tuple
    kind: str
    names: tuple = ()


class Trace(NamedTuple):
    """A step: its lines, the numbers in them, what it draws, and the fields of the new state."""

    lines: tuple
    numbers: tuple
    drawn: tuple
    fields: tuple

    @property
    def structure(self):
        """All but the numbers."""
        return self.lines, self.drawn, self.fields


def fields_of(state):
    """Return what there is to know of a state before its numbers: its columns, and the rest."""
    return tuple(
        Column(v.shape[1:], _kind_of(v.dtype)) if isinstance(v, np.ndarray) else v for v in state
    )


def trace(kernel, kind_of_state, fields):
    """Return what a step does to each particle of a state that has these fields.

    Run with two particles and with three, it has to do the same to all of them, and nothing to
    one for the sake of another.
    """
    try:
        one, other = (
            _run(kernel, kind_of_state, fields, [Tape() for _ in range(n)]) for n in (2, 3)
        )
    except Untraceable:
        raise
    except Exception as error:  # whatever NumPy or the step say of entries that are no numbers
        raise Untraceable(f"its step does not run on symbols ({error})") from error
    if one != other:
        raise Untraceable("its step depends on how many particles there are")
    return one


class Again:
    """A step that has been traced, to be run again for its numbers at other k.

    ``known`` is its trace; one that writes into its arrays cannot be run again, and has None.
    """

    def __init__(self, kernel, kind_of_state, fields):
        self.run = partial(_run, kernel, kind_of_state)
        self.tape = Tape(memory={})
        try:
            self.known = self.run(fields, [self.tape])
        except ValueError:  # its arrays are read-only
            self.known = None
        self.tape.sealed = True

    def __call__(self, fields):
        """Return the trace with its numbers for these fields, or None if it is another step."""
        self.tape.uses.clear()
        try:
            step = self.run(fields, [self.tape])
        except Unknown:
            return None
        return step if step.structure == self.known.structure else None


def _run(kernel, kind_of_state, fields, tapes):
    """Run a step with a particle for each tape."""
    draws = Draws(tapes)
    state = kind_of_state(
        *(
            _named(f"s{i}", field.shape, field.kind, tapes) if isinstance(field, Column) else field
            for i, field in enumerate(fields)
        )
    )
    with np.errstate(all="ignore"):
        new = kernel.step(state, draws)
    if type(new) is not kind_of_state:
        raise Untraceable(f"its step returns a {type(new).__name__}")
    new = new._replace(k=_counted(new.k, state.k))
    drawn = tuple(draws.drawn)
    steps = [
        (tuple(tape.lines), tuple(tape.numbers), drawn, tuple(_field(v, i, tape) for v in new))
        for i, tape in enumerate(tapes)
    ]
    if any(step != steps[0] for step in steps):
        raise Untraceable("its step does to one particle what it does not to another")
    return Trace(*steps[0])


def _counted(k, before):
    """Return by how many steps the count has gone on, in words that are no number of steps."""
    more = k.steps - before.steps if isinstance(k, Count) else k - before
    return f"k + {more}"


def _field(value, i, tape):
    """Return what a field of the new state is to particle i."""
    if isinstance(value, Symbol) or (isinstance(value, np.ndarray) and value.ndim == 0):
        raise Untraceable("its step returns one number for all particles")
    if not isinstance(value, np.ndarray):
        return value
    entries = np.asarray(value, dtype=object)[i : i + 1].ravel().tolist()
    kind = max((_kind_of_value(entry) for entry in entries), key="bif".index)
    return Column(value.shape[1:], kind, tuple(tape.name(entry) for entry in entries))


def _named(prefix, shape, kind, tapes):
    """Return an array of new symbols, of this shape for each particle."""
    memory, key = tapes[0].memory, (prefix, shape, kind)
    if memory is not None and key in memory:
        return memory[key]
    count = math.prod(shape)
    rows = [[Symbol(tape, f"{prefix}_{j}", kind) for j in range(count)] for tape in tapes]
    named = symbols(np.array(rows, dtype=object).reshape(len(tapes), *shape))
    if memory is not None:
        memory[key] = _kept(named, tapes[0])
    return named


def _power(base, exponent):
    """Return the power of a symbol as it is computed best, or None for one like any other."""
    if exponent == 0.5:
        return f"np.sqrt({base})"
    return f"{base} ** {int(exponent)}" if exponent.is_integer() and abs(exponent) <= 16 else None


def _kind(name, values):
    """Return the kind of what an operation gives."""
    kinds = {_kind_of_value(value) for value in (values[1:] if name == "where" else values)}
    if name.startswith("logical_") or name in TRUE_OR_FALSE.split():
        return "b"
    if name not in WHOLE.split():
        return "f"
    if kinds == {"b"} and name in ARITHMETIC.split():
        raise Untraceable(f"its step asks for numpy.{name} of what is true or false")
    return max(kinds, key="bif".index)


def _kind_of_value(value):
    return value.kind if isinstance(value, Symbol) else _kind_of(np.asarray(value).dtype)


def _kind_of(dtype):
    if dtype.kind not in "biuf":
        raise Untraceable(f"its step meets an array of {dtype}")
    return "i" if dtype.kind == "u" else dtype.kind
