"""Known wrong answers to problem set 1, and the points that each must lose."""

import math

WRONG = [
    {
        "swing": (
            "the second half kick uses the force of the old place",
            """
def leapfrog(x, v, dt, n_steps, grad, mass):
    places, velocities = np.zeros(n_steps + 1), np.zeros(n_steps + 1)
    places[0], velocities[0] = x, v
    for k in range(n_steps):
        force = -grad(x)
        v = v + dt / (2 * mass) * force
        x = x + dt * v
        v = v + dt / (2 * mass) * force
        places[k + 1], velocities[k + 1] = x, v
    return places, velocities
""",
            {"swing-energy": 1},
        ),
        "walk": (
            "normal steps whose length is right only on average",
            """
def walk(n_walkers, n_steps, length, rng):
    size = (n_steps, n_walkers, 2)
    steps = length / np.sqrt(2) * rng.standard_normal(size)
    start = np.zeros((1, n_walkers, 2))
    return np.vstack([start, steps.cumsum(axis=0)])
""",
            {"walk-steps": 1},
        ),
        "memory": (
            "each pair of steps counted once instead of twice",
            """
def memory_walk(n, alpha):
    apart = n * alpha / (1 - alpha)
    apart -= alpha * (1 - alpha**n) / (1 - alpha) ** 2
    return n + apart
""",
            {"memory-late": 1, "memory-exact": 1},
        ),
        "diffusion": (
            "overlapping displacements taken for independent ones",
            """
def measure_diffusion(track, dt, lag):
    square = ((track[lag:] - track[:-lag]) ** 2).sum(axis=1)
    error = square.std() / np.sqrt(len(square))
    return square.mean() / (4 * lag * dt), error / (4 * lag * dt)
""",
            {"diffusion-error": 2},
        ),
        "grain": (
            "the mean length taken for the root mean square of a coordinate",
            """
def avogadro(mean, t, viscosity, radius, temperature):
    xi2 = (mean * 1e-6) ** 2
    mu, R = viscosity * 1e-3, radius * 1e-6
    return 8.314 * temperature * t / (3 * np.pi * mu * R * xi2)
""",
            {"grain-number": 1},
        ),
        "slip": (
            "the recipe of chapter 2, which suspects N alone",
            """
def find_slip(t, mean, xi2, N):
    product = N * xi2 / t
    off = np.abs(product / np.median(product) - 1)
    if off.max() < 0.06:
        return None, None
    return int(off.argmax()), "N"
""",
            {"slip-column": 1},
        ),
    },
    {
        "swing": (
            "the mass forgotten, as in the chapter, where it is 1",
            """
def leapfrog(x, v, dt, n_steps, grad, mass):
    places, velocities = [x], [v]
    for _ in range(n_steps):
        v = v - dt / 2 * grad(x)
        x = x + dt * v
        v = v - dt / 2 * grad(x)
        places.append(x)
        velocities.append(v)
    return np.array(places), np.array(velocities)
""",
            {"swing-mass": 1},
        ),
        "walk": (
            "x uniform and y what is left: the right length, the wrong directions",
            """
def walk(n_walkers, n_steps, length, rng):
    x = rng.uniform(-1, 1, (n_steps, n_walkers))
    y = rng.choice([-1, 1], x.shape) * np.sqrt(1 - x**2)
    steps = length * np.stack([x, y], axis=2)
    return np.concatenate([np.zeros((1, n_walkers, 2)), np.cumsum(steps, axis=0)])
""",
            {"walk-even": 1},
        ),
        "memory": (
            "only the law of long walks",
            """
def memory_walk(n, alpha):
    return n * (1 + alpha) / (1 - alpha)
""",
            {"memory-exact": 1},
        ),
        "diffusion": (
            "2Dt, as on a line, for a track in the plane",
            """
def measure_diffusion(track, dt, lag):
    moved = track[lag:] - track[:-lag]
    D = (moved**2).sum(axis=1) / (2 * lag * dt)
    return D.mean(), D.std() / np.sqrt(len(D) / lag)
""",
            {"diffusion-value": 1},
        ),
        "grain": (
            "the mean length of one coordinate instead of two",
            """
def avogadro(mean, t, viscosity, radius, temperature):
    xi2 = np.pi / 2 * (mean * 1e-6) ** 2
    D = xi2 / (2 * t)
    return 8.314 * temperature / (D * 6 * np.pi * viscosity * radius * 1e-9)
""",
            {"grain-number": 1},
        ),
        "slip": (
            "always finds something",
            """
def find_slip(t, mean, xi2, N):
    rows = np.abs(N * xi2 / t / np.median(N * xi2 / t) - 1)
    inside = np.abs(mean**2 / xi2 / (np.pi / 2) - 1)
    if rows.max() < 0.06:
        return int(inside.argmax()), "mean"
    if inside.max() < 0.06:
        return int(rows.argmax()), "N"
    return int(rows.argmax()), "xi2"
""",
            {"slip-none": 1},
        ),
    },
    {
        "swing": (
            "the start is not recorded",
            """
def leapfrog(x, v, dt, n_steps, grad, mass):
    places, velocities = np.empty(n_steps), np.empty(n_steps)
    for k in range(n_steps):
        v = v - dt / 2 * grad(x) / mass
        x = x + dt * v
        v = v - dt / 2 * grad(x) / mass
        places[k], velocities[k] = x, v
    return places, velocities
""",
            {"swing-record": 1},
        ),
        "walk": (
            "angles from 0 to pi: the walkers drift upwards",
            """
def walk(n_walkers, n_steps, length, rng):
    angle = np.pi * rng.random((n_steps, n_walkers))
    steps = length * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    paths = np.zeros((n_steps + 1, n_walkers, 2))
    paths[1:] = steps.cumsum(axis=0)
    return paths
""",
            {"walk-spread": 1, "walk-even": 1},
        ),
        "memory": (
            "the squares of the single steps counted twice more",
            """
def memory_walk(n, alpha):
    ones = (1 - alpha**n) / (1 - alpha)
    steps = alpha * sp.diff(ones, alpha)
    return n + 2 * (n * ones - steps)
""",
            {"memory-none": 1, "memory-late": 1, "memory-exact": 1},
        ),
        "diffusion": (
            "the scatter of single displacements, not of their mean",
            """
def measure_diffusion(track, dt, lag):
    square = ((track[lag:] - track[:-lag]) ** 2).sum(axis=1)
    D = square / (4 * lag * dt)
    return D.mean(), D.std()
""",
            {"diffusion-error": 2},
        ),
        "grain": (
            "the length is not squared, and micrometres are not converted",
            """
def avogadro(mean, t, viscosity, radius, temperature):
    D = mean / (np.pi * t)
    return 8.314 * temperature / (D * 6 * np.pi * viscosity * radius * 1e-9)
""",
            {"grain-scale": 1, "grain-number": 1},
        ),
        "slip": (
            "rows counted from 1",
            """
def find_slip(t, mean, xi2, N):
    rows = np.abs(N * xi2 / t / np.median(N * xi2 / t) - 1) > 0.06
    inside = np.abs(mean / np.sqrt(np.pi / 2 * xi2) - 1) > 0.06
    if rows.any():
        return int(rows.argmax()) + 1, "xi2" if inside.any() else "N"
    if inside.any():
        return int(inside.argmax()) + 1, "mean"
    return None, None
""",
            {"slip-row": 1, "slip-column": 1},
        ),
    },
]


def swing(leapfrog, value):
    """The record in another order, or for momenta."""

    def momenta(x, p, dt, n_steps, grad, mass):
        places, velocities = leapfrog(x, p / mass, dt, n_steps, grad, mass)
        return places, mass * velocities

    return momenta if value == "momenta" else lambda *given: leapfrog(*given)[::-1]


def walk(walk, value):
    """The axes in another order."""
    order = {"walkers first": (1, 0, 2), "coordinates first": (2, 0, 1)}[value]
    return lambda *given: walk(*given).transpose(order)


def diffusion(measure_diffusion, value):
    """A track in space, or the error first."""
    if value == "error first":
        return lambda *given: measure_diffusion(*given)[::-1]
    return lambda *given: tuple(4 / 6 * number for number in measure_diffusion(*given))


def grain(avogadro, value):
    """The length by which the grains are known, as a share of the root of D t."""
    squares = {"median length": 4 * math.log(2), "one coordinate": 4 / math.pi}
    return lambda *given: avogadro(*given) * squares[value] / math.pi


def slip(find_slip, value):
    """Rows counted from 1, or the name first."""

    def found(t, mean, xi2, N):
        row, name = find_slip(t, mean, xi2, N)
        if value == "name first":
            return name, row
        return (None, None) if row is None else (row + 1, name)

    return found


ADAPTED = {  # a choice: its part, and what turns an answer to the example into one to a value
    "swing": ("swing", {"leapfrog": swing}),
    "walk": ("walk", {"walk": walk}),
    "stride": (
        "memory",
        {"memory_walk": lambda law, value: lambda *given: value**2 * law(*given)},
    ),
    "diffusion": ("diffusion", {"measure_diffusion": diffusion}),
    "grain": ("grain", {"avogadro": grain}),
    "slip": ("slip", {"find_slip": slip}),
}
