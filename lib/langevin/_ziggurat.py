"""Random numbers in machine code: NumPy's own streams, number for number.  It needs numba.

NumPy asks its bit generator for each number through a pointer.  Here PCG64 and SFC64 run within
the loop that draws, which takes less than half of the time; the others are asked as NumPy does.
"""

import numpy as np
from numba import njit, types, uint64
from numba.extending import intrinsic
from numba.np.random import _constants as zig

# The layers of the ziggurats, and where their tails begin.
W_NORMAL, K_NORMAL, F_NORMAL = zig.wi_double, zig.ki_double, zig.fi_double
W_EXP, K_EXP, F_EXP = zig.we_double, zig.ke_double, zig.fe_double
TAIL, ONE_BY_TAIL, TAIL_EXP = zig.ziggurat_nor_r, zig.ziggurat_nor_inv_r, zig.ziggurat_exp_r
# The multiplier of PCG64, 128 bits in two words, and masks and shifts as words.
HIGH, LOW = uint64(2549297995355413924), uint64(4865540595714422341)
WORD, BYTE, MANTISSA = 2**64 - 1, uint64(0xFF), uint64(2**52 - 1)
ONE, EIGHT, ELEVEN, ROUND = uint64(1), uint64(8), uint64(11), uint64(63)


def source(rng):
    """Return what `normal`, `exponential` and `uniform` draw from, beginning where `rng` is.

    Parameters
    ----------
    rng : numpy.random.Generator
        It is left as it is if its bits come from PCG64 or SFC64, else it moves on.

    Returns
    -------
    ndarray, shape (4,), or numpy.random.Generator
        The words of the state, or the generator itself.
    str
        The kind of its bits: a key of `FILLS`.
    """
    name = type(rng.bit_generator).__name__
    if name == "PCG64":
        state = rng.bit_generator.state["state"]
        words = [half for key in ("state", "inc") for half in divmod(state[key], WORD + 1)]
        return np.array(words, dtype=np.uint64), name
    if name == "SFC64":
        return rng.bit_generator.state["state"]["state"].copy(), name
    return rng, "any"


@intrinsic
def _high_word(context, a, b):
    """Return the upper 64 of the 128 bits of a product."""

    def code(context, builder, signature, arguments):
        word = arguments[0].type
        double = type(word)(128)
        product = builder.mul(*(builder.zext(argument, double) for argument in arguments))
        return builder.trunc(builder.lshr(product, double(64)), word)

    return uint64(types.uint64, types.uint64), code


@njit(inline="always")
def _pcg64(high, low, high_step, low_step):
    """Return the next 64 bits and the state after them (O'Neill's PCG XSL RR 128/64)."""
    high = _high_word(low, LOW) + high * LOW + low * HIGH + high_step
    low = low * LOW + low_step
    high += uint64(low < low_step)
    bits, turn = high ^ low, high >> uint64(58)
    bits = (bits >> turn) | (bits << ((uint64(64) - turn) & ROUND))
    return bits, high, low, high_step, low_step


@njit(inline="always")
def _sfc64(a, b, c, count):
    """Return the next 64 bits and the state after them (Doty-Humphrey's SFC)."""
    bits = a + b + count
    turned = (c << uint64(24)) | (c >> uint64(40))
    return bits, b ^ (b >> ELEVEN), c + (c << uint64(3)), turned + bits, count + ONE


@njit(inline="always")
def _real(bits):
    """Return a number in [0, 1) of 53 bits."""
    return np.float64(np.int64(bits >> ELEVEN)) * 2.0**-53


def _fills(bits):
    """Return the functions that fill an array from a source with these bits."""

    @njit(nogil=True)
    def normal(words, out):
        a, b, c, d = words[0], words[1], words[2], words[3]
        for i in range(len(out)):
            while True:
                r, a, b, c, d = bits(a, b, c, d)
                layer, place = r & BYTE, (r >> uint64(9)) & MANTISSA
                x = np.float64(np.int64(place)) * W_NORMAL[layer]
                if (r >> EIGHT) & ONE:
                    x = -x
                if place < K_NORMAL[layer]:
                    break
                if layer == 0:
                    while True:
                        r, a, b, c, d = bits(a, b, c, d)
                        beyond = -ONE_BY_TAIL * np.log1p(-_real(r))
                        r, a, b, c, d = bits(a, b, c, d)
                        below = -np.log1p(-_real(r))
                        if below + below > beyond * beyond:
                            break
                    x = -(TAIL + beyond) if (place >> EIGHT) & ONE else TAIL + beyond
                    break
                r, a, b, c, d = bits(a, b, c, d)
                step = F_NORMAL[layer - ONE] - F_NORMAL[layer]
                if step * _real(r) + F_NORMAL[layer] < np.exp(-0.5 * x * x):
                    break
            out[i] = x
        words[0], words[1], words[2], words[3] = a, b, c, d

    @njit(nogil=True)
    def exponential(words, out):
        a, b, c, d = words[0], words[1], words[2], words[3]
        for i in range(len(out)):
            while True:
                r, a, b, c, d = bits(a, b, c, d)
                layer, place = (r >> uint64(3)) & BYTE, r >> ELEVEN
                x = np.float64(np.int64(place)) * W_EXP[layer]
                if place < K_EXP[layer]:
                    break
                r, a, b, c, d = bits(a, b, c, d)
                if layer == 0:
                    x = TAIL_EXP - np.log1p(-_real(r))
                    break
                step = F_EXP[layer - ONE] - F_EXP[layer]
                if step * _real(r) + F_EXP[layer] < np.exp(-x):
                    break
            out[i] = x
        words[0], words[1], words[2], words[3] = a, b, c, d

    @njit(nogil=True)
    def uniform(words, out):
        a, b, c, d = words[0], words[1], words[2], words[3]
        for i in range(len(out)):
            r, a, b, c, d = bits(a, b, c, d)
            out[i] = _real(r)
        words[0], words[1], words[2], words[3] = a, b, c, d

    return {"normal": normal, "exponential": exponential, "uniform": uniform}


@njit(nogil=True)
def _normal(rng, out):
    for i in range(len(out)):
        out[i] = rng.standard_normal()


@njit(nogil=True)
def _exponential(rng, out):
    for i in range(len(out)):
        out[i] = rng.standard_exponential()


@njit(nogil=True)
def _uniform(rng, out):
    for i in range(len(out)):
        out[i] = rng.random()


FILLS = {
    "PCG64": _fills(_pcg64),
    "SFC64": _fills(_sfc64),
    "any": {"normal": _normal, "exponential": _exponential, "uniform": _uniform},
}
