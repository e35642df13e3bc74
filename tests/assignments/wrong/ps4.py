"""Known wrong answers to problem set 4, and the points that each must lose."""

import numpy as np

WRONG = [
    {
        "leave": (
            "the product of the curvatures without its root",
            """
def leave(U, x, start, T):
    roots = sp.Poly(sp.diff(U, x), x).nroots()
    places = sorted(float(sp.re(r)) for r in roots if abs(sp.im(r)) < 1e-9)
    bend = [float(sp.diff(U, x, 2).subs(x, p)) for p in places]
    tops = [n for n, b in enumerate(bend) if b < 0]
    left = [n for n in tops if places[n] < start][-1:]
    right = [n for n in tops if places[n] > start][:1]
    bottom = left[0] + 1 if left else right[0] - 1 if right else 0
    rates = [0.0, 0.0]
    for side, top in enumerate((left, right)):
        for n in top:
            barrier = float(U.subs(x, places[n]) - U.subs(x, places[bottom]))
            both = bend[bottom] * abs(bend[n])
            rates[side] = both / (2 * np.pi) * np.exp(-barrier / T)
    return places[bottom], *rates
""",
            {"leave-rate": 1},
        ),
        "top": (
            "the chance to fall to the left",
            """
def top(w, c, T):
    fall = c / 3 * sp.sqrt(T / (2 * sp.pi * w**3))
    return c * T / (3 * w**2), sp.Rational(1, 2) + fall
""",
            {"top-chance": 1},
        ),
        "rate": (
            "the mean of those that escaped",
            """
def escape_rate(times, watched, patience):
    counted = times[np.isfinite(times) & (times > patience)] - patience
    rate = 1 / counted.mean()
    return rate, rate / np.sqrt(len(counted))
""",
            {"rate-count": 1, "rate-true": 1, "rate-error": 1},
        ),
        "chain": (
            "the rule of the chapter, though proposals are uneven",
            """
def step_matrix(U, neighbours, T):
    P = np.zeros((len(U), len(U)))
    for i, near in enumerate(neighbours):
        for j in near:
            P[i, j] = min(1, np.exp((U[i] - U[j]) / T)) / len(near)
        P[i, i] = 1 - P[i].sum()
    return P


def after(matrix, cooling, p, n_steps):
    for k in range(n_steps):
        p = p @ matrix(cooling(k))
    return p
""",
            {"chain-balance": 1},
        ),
        "trap": (
            "d* as long as any trap is not good enough",
            """
from langevin.annealing import depth, escape_depths


def safe_constant(U, neighbours, good):
    bad = escape_depths(U, neighbours)[U > good]
    return depth(U, neighbours) if np.any(bad > 0) else 0.0


def suffices(d, name, c):
    if name == "log":
        return c >= d
    if name == "blocks":
        return c * np.log(3) >= d
    return d == 0 or name in ("root", "loglog")
""",
            {"trap-constant": 1},
        ),
        "tour": (
            "the gap that the address leaves is not closed",
            """
def change(D, tour, i, j):
    rest = np.delete(tour, i)
    n, out = len(rest), tour[i]
    lost = D[rest[i - 1], out] + D[out, rest[i % n]]
    a, b = rest[j - 1], rest[j % n]
    return D[a, out] + D[out, b] - D[a, b] - lost


def messenger(D, tour, change, cooling, n_steps, rng):
    best, longer, least = tour, 0.0, 0.0
    for k in range(n_steps):
        i, j = rng.integers(len(tour)), rng.integers(len(tour))
        more = change(D, tour, i, j)
        if more <= 0 or rng.random() < np.exp(-more / cooling(k)):
            tour = moved(tour, i, j)
            longer = longer + more
        if longer < least:
            best, least = tour, longer
    return tour, best
""",
            {"tour-change": 1, "tour-edges": 1},
        ),
    },
    {
        "leave": (
            "the barrier measured from zero and not from the bottom",
            """
def leave(U, x, start, T):
    bend = sp.diff(U, x, 2)
    roots = sp.Poly(sp.diff(U, x), x).nroots()
    places = sorted(float(sp.re(r)) for r in roots if abs(sp.im(r)) < 1e-9)
    tops = [p for p in places if bend.subs(x, p) < 0]
    left = [p for p in tops if p < start][-1:]
    right = [p for p in tops if p > start][:1]
    low, high = (left or [-np.inf])[0], (right or [np.inf])[0]
    bottom = next(p for p in places if low < p < high)

    def over(tops):
        if not tops:
            return 0.0
        both = float(-bend.subs(x, bottom) * bend.subs(x, tops[0]))
        height = float(U.subs(x, tops[0]))
        return np.sqrt(both) / (2 * np.pi) * np.exp(-height / T)

    return bottom, over(left), over(right)
""",
            {"leave-passes": 1, "leave-rate": 1},
        ),
        "top": (
            "the coefficient of the cubic term without its sixth",
            """
def top(w, c, T):
    y = sp.Symbol("y", real=True)
    slope = sp.exp(-w * y**2 / (2 * T)) * (1 + c * y**3 / T)
    whole = sp.integrate(sp.expand(slope), (y, -sp.oo, sp.oo))
    chance = sp.integrate(sp.expand(slope), (y, -sp.oo, 0)) / whole
    return (sp.Rational(1, 2) - chance) * whole, chance
""",
            {"top-place": 1, "top-chance": 1},
        ),
        "rate": (
            "early escapes are left out, the early time is not",
            """
def escape_rate(times, watched, patience):
    n = (np.isfinite(times) & (times > patience)).sum()
    rate = n / np.minimum(times, watched).sum()
    return rate, rate / np.sqrt(n)
""",
            {"rate-count": 1, "rate-true": 1},
        ),
        "chain": (
            "the numbers of neighbours the wrong way round; columns for rows",
            """
def step_matrix(U, neighbours, T):
    n = np.array([len(near) for near in neighbours])
    P = np.zeros((len(U), len(U)))
    for i, near in enumerate(neighbours):
        odds = n[near] / n[i] * np.exp((U[i] - U[near]) / T)
        P[i, near] = np.minimum(1, odds) / n[i]
        P[i, i] = 1 - P[i].sum()
    return P


def after(matrix, cooling, p, n_steps):
    for k in range(n_steps):
        p = matrix(cooling(k)) @ p
    return p
""",
            {"chain-balance": 1, "chain-after": 1},
        ),
        "trap": (
            "blocks judged as if all were equally long",
            """
from langevin.annealing import escape_depths


def safe_constant(U, neighbours, good):
    found = zip(U, escape_depths(U, neighbours), strict=True)
    return max((d for u, d in found if u > good), default=0.0)


def suffices(d, name, c):
    if d == 0:
        return True
    if name in ("log", "blocks"):
        return c >= d
    return name in ("root", "loglog")
""",
            {"trap-schedules": 1},
        ),
        "tour": (
            "off by one for moves to a later place; and cooled never",
            """
def change(D, tour, i, j):
    n, out = len(tour), tour[i]
    a, b = tour[i - 1], tour[(i + 1) % n]
    c, d = tour[j - 1], tour[j]
    if i == j:
        return 0.0
    saved = D[a, out] + D[out, b] - D[a, b]
    return D[c, out] + D[out, d] - D[c, d] - saved


def messenger(D, tour, change, cooling, n_steps, rng):
    T, best, longer, least = cooling(0), tour, 0.0, 0.0
    for _ in range(n_steps):
        i, j = rng.integers(len(tour), size=2)
        more = change(D, tour, i, j)
        if rng.random() < np.exp(-max(more, 0) / T):
            tour, longer = moved(tour, i, j), longer + more
        if longer < least:
            best, least = tour, longer
    return tour, best
""",
            {"tour-edges": 1, "tour-law": 1},
        ),
    },
    {
        "leave": (
            "the bottom nearest to the start, not the one downhill",
            """
def leave(U, x, start, T):
    bend = sp.lambdify(x, sp.diff(U, x, 2))
    roots = sp.Poly(sp.diff(U, x), x).nroots()
    places = [float(sp.re(r)) for r in roots if abs(sp.im(r)) < 1e-9]
    bottoms = [p for p in places if bend(p) > 0]
    bottom = min(bottoms, key=lambda p: abs(p - start))

    def over(side):
        tops = [p for p in places if bend(p) < 0 and side * (p - bottom) > 0]
        if not tops:
            return 0.0
        top = min(tops, key=lambda p: abs(p - bottom))
        barrier = float(U.subs(x, top) - U.subs(x, bottom))
        factor = np.sqrt(-bend(bottom) * bend(top)) / (2 * np.pi)
        return factor * np.exp(-barrier / T)

    return bottom, over(-1), over(1)
""",
            {"leave-bottom": 1},
        ),
        "top": (
            "the whole lack made up on one side: the place twice too far",
            """
def top(w, c, T):
    lack = 2 * c / 3 * T**2 / w**2 / T
    half = sp.Rational(1, 2)
    return lack, half - half * lack / sp.sqrt(2 * sp.pi * T / w)
""",
            {"top-place": 1},
        ),
        "rate": (
            "the error by the number of particles, not of escapes",
            """
def escape_rate(times, watched, patience):
    n = (np.isfinite(times) & (times > patience)).sum()
    waited = np.clip(np.minimum(times, watched) - patience, 0, None).sum()
    return n / waited, n / waited / np.sqrt(len(times))
""",
            {"rate-error": 1},
        ),
        "chain": (
            "who is refused draws again; and the first step has k = 1",
            """
def step_matrix(U, neighbours, T):
    n = np.array([len(near) for near in neighbours])
    P = np.zeros((len(U), len(U)))
    for i, near in enumerate(neighbours):
        odds = n[i] / n[near] * np.exp((U[i] - U[near]) / T)
        P[i, near] = np.minimum(1, odds) / n[i]
    return P / P.sum(axis=1, keepdims=True)


def after(matrix, cooling, p, n_steps):
    for k in range(1, n_steps + 1):
        p = p @ matrix(cooling(k))
    return p
""",
            {"chain-rows": 1, "chain-balance": 1, "chain-after": 1},
        ),
        "trap": (
            "from the lowest state up to the highest; slower than log is no use",
            """
def safe_constant(U, neighbours, good):
    bad = U[U > good]
    traps = [i for i, u in enumerate(U) if u < min(U[neighbours[i]])]
    if all(U[i] <= good for i in traps):
        return 0.0
    return bad.max() - U.min()


def suffices(d, name, c):
    if name == "blocks":
        return c * np.log(3) >= d
    return d == 0 or name == "log" and c >= d
""",
            {"trap-constant": 1, "trap-schedules": 1},
        ),
        "tour": (
            "both tours measured as a whole; and the last returned for the best",
            """
def change(D, tour, i, j):
    n, new = len(tour), moved(tour, i, j)
    before = sum(D[tour[m - 1], tour[m]] for m in range(n))
    return sum(D[new[m - 1], new[m]] for m in range(n)) - before


def messenger(D, tour, change, cooling, n_steps, rng):
    for k in range(n_steps):
        i, j = rng.integers(len(tour), size=2)
        more = change(D, tour, i, j)
        if rng.random() < np.exp(-max(more, 0) / cooling(k)):
            tour = moved(tour, i, j)
    return tour, tour
""",
            {"tour-edges": 1, "tour-law": 1},
        ),
    },
]


def leave(leave, value):
    """The three numbers in another order."""

    def found(*given):
        bottom, left, right = leave(*given)
        return (bottom, right, left) if value == "right first" else (left, right, bottom)

    return found


def rate(escape_rate, value):
    """The mean time for the rate, or the error first."""

    def found(*given):
        rate, error = escape_rate(*given)
        return (error, rate) if value == "error first" else (1 / rate, error / rate**2)

    return found


def chain_matrix(step_matrix, value):
    """Columns for rows."""
    if value == "columns":
        return lambda *given: step_matrix(*given).T
    return step_matrix


def chain_after(after, value):
    """Columns for rows, or the laws of all steps."""

    def found(matrix, cooling, p, n_steps):
        if value == "columns":
            return after(lambda T: matrix(T).T, cooling, p, n_steps)
        return np.array([after(matrix, cooling, p, n) for n in range(n_steps + 1)])

    return found


def logarithm(suffices, value):
    """Another number before the logarithm."""
    return lambda d, name, c: suffices(d, name, c / value if name == "log" else c)


def blocks(suffices, value):
    """Blocks that grow by another factor."""
    more = np.log(value) / np.log(3)
    return lambda d, name, c: suffices(d, name, c * more if name == "blocks" else c)


class Turned:
    """A table whose rows are read as columns."""

    def __init__(self, table):
        self.table = table

    def __getitem__(self, key):
        a, b = key
        return self.table[b, a]


def tour_change(change, value):
    """Streets from column to row."""
    if value == "from column":
        return lambda D, *rest: change(Turned(D), *rest)
    return change


def tour_messenger(messenger, value):
    """The shortest tour first."""
    if value == "shortest first":
        return lambda *given: messenger(*given)[::-1]
    return messenger


ADAPTED = {  # a choice: its part, and what turns an answer to the example into one to a value
    "leave": ("leave", {"leave": leave}),
    "cubic": ("top", {"top": lambda top, value: lambda w, c, T: top(w, 6 * c / value, T)}),
    "rate": ("rate", {"escape_rate": rate}),
    "chain": ("chain", {"step_matrix": chain_matrix, "after": chain_after}),
    "logarithm": (
        "trap",
        {
            "safe_constant": lambda constant, value: lambda *given: value * constant(*given),
            "suffices": logarithm,
        },
    ),
    "blocks": ("trap", {"suffices": blocks}),
    "tour": ("tour", {"change": tour_change, "messenger": tour_messenger}),
}
