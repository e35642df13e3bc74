"""Known wrong answers to problem set 2, and the points that each must lose."""

import sympy as sp

WRONG = [
    {
        "sink": (
            "Euler's step, which is right for short times only",
            """
def bath_step(v, dt, mass, friction, force, kT, rng):
    noise = np.sqrt(2 * friction * kT * dt) * rng.standard_normal(v.shape)
    return v + ((force - friction * v) * dt + noise) / mass
""",
            {"sink-still": 1, "sink-warm": 1},
        ),
        "memory": (
            "divided by all records instead of by the pairs at this lag",
            """
def green_kubo(v, dt, max_lag):
    n, n_grains = np.shape(v)
    C = np.zeros(max_lag + 1)
    for lag in range(max_lag + 1):
        C[lag] = (v[: n - lag] * v[lag:]).sum() / (n * n_grains)
    return C, np.trapezoid(C, dx=dt)
""",
            {"memory-curve": 1},
        ),
        "strength": (
            "the variance that belongs to the drag at the beginning",
            """
def kick_strength(m, lam, kT, dt):
    keep = 1 - lam * dt / m
    variance = sp.expand((1 - keep**2) * m * kT)
    return variance, sp.limit(variance / dt, dt, 0)
""",
            {"strength-exact": 1},
        ),
        "bead": (
            "three axes instead of one",
            """
def bead(radius, density, viscosity, temperature):
    mass = density * 4 / 3 * np.pi * radius**3
    friction = exact.stokes_friction(viscosity, radius)
    kT = k_B * temperature
    return mass / friction, np.sqrt(3 * kT / mass), kT / friction
""",
            {"bead-values": 1},
        ),
        "knee": (
            "the law of free flight",
            """
def knee_time(ratio, mass, friction):
    return 2 * ratio * mass / friction
""",
            {"knee-value": 1},
        ),
        "detective": (
            "does not ask whether the grains are independent",
            """
def diagnose(program, dt, mass, friction, kT, rng):
    n_steps = int(10 * mass / friction / dt)
    v = program(10_000, n_steps, dt, mass, friction, kT, rng)
    factors = mass * v**2 / kT
    factor = factors.mean()
    error = factors.std() / np.sqrt(len(v))
    if abs(factor - 1) > 6 * error:
        return "temperature", factor, error
    return "fine", factor, error
""",
            {"detective-verdict": 2},
        ),
    },
    {
        "sink": (
            "one random number for all grains",
            """
def bath_step(v, dt, mass, friction, force, kT, rng):
    c = np.exp(-friction * dt / mass)
    kick = np.sqrt((1 - c**2) * kT / mass) * rng.standard_normal()
    return c * v + (1 - c) * force / friction + kick
""",
            {"sink-warm": 1, "sink-each": 1},
        ),
        "memory": (
            "the rectangle rule, with the whole of the first entry",
            """
def green_kubo(v, dt, max_lag):
    n = len(v)
    C = np.array([np.mean(v[: n - k] * v[k:]) for k in range(max_lag + 1)])
    return C, C.sum() * dt
""",
            {"memory-area": 1, "memory-bath": 1},
        ),
        "strength": (
            "the limit of short steps taken for all steps",
            """
def kick_strength(m, lam, kT, dt):
    Gamma = 2 * lam * kT
    return Gamma * dt, Gamma
""",
            {"strength-exact": 1},
        ),
        "bead": (
            "degrees Celsius instead of kelvin",
            """
def bead(radius, density, viscosity, temperature):
    mass = 4 / 3 * np.pi * radius**3 * density
    friction = 6 * np.pi * viscosity * radius
    kT = k_B * abs(temperature - 273.15)
    return mass / friction, np.sqrt(kT / mass), kT / friction
""",
            {"bead-values": 1},
        ),
        "knee": (
            "the law of late times, 2D(t - m/lambda)",
            """
def knee_time(ratio, mass, friction):
    return mass / friction / (1 - ratio)
""",
            {"knee-value": 1},
        ),
        "detective": (
            "thirty steps, whatever the bath: slow ones are still cold",
            """
def diagnose(program, dt, mass, friction, kT, rng):
    v = program(10_000, 30, dt, mass, friction, kT, rng)
    factor = mass * np.mean(v**2) / kT
    error = factor * np.sqrt(2 / len(v))
    if len(v) * v.mean() ** 2 > 36 * np.mean(v**2):
        return "shared", factor, error
    if abs(factor - 1) > 6 * error:
        return "temperature", factor, error
    return "fine", factor, error
""",
            {"detective-verdict": 2, "detective-factor": 1},
        ),
    },
    {
        "sink": (
            "the square on c forgotten in the noise",
            """
def bath_step(v, dt, mass, friction, force, kT, rng):
    c = np.exp(-friction * dt / mass)
    drift = force / friction
    noise = rng.standard_normal(np.shape(v))
    return drift + c * (v - drift) + np.sqrt((1 - c) * kT / mass) * noise
""",
            {"sink-warm": 1},
        ),
        "memory": (
            "normalised, so that the temperature is lost",
            """
def green_kubo(v, dt, max_lag):
    n = len(v)
    C = np.array([np.mean(v[: n - k] * v[k:]) for k in range(max_lag + 1)])
    C = C / C[0]
    return C, np.trapezoid(C, dx=dt)
""",
            {"memory-curve": 1, "memory-bath": 1},
        ),
        "strength": (
            "half a kT for m <v^2>: the factor of two is lost",
            """
def kick_strength(m, lam, kT, dt):
    variance = m * kT / 2 * ((1 + lam * dt / m) ** 2 - 1)
    return variance, sp.limit(variance / dt, dt, 0)
""",
            {"strength-limit": 1, "strength-exact": 1},
        ),
        "bead": (
            "the mass of a disc",
            """
def bead(radius, density, viscosity, temperature):
    mass = np.pi * radius**2 * density
    friction = 6 * np.pi * viscosity * radius
    kT = k_B * temperature
    return mass / friction, np.sqrt(kT / mass), kT / friction
""",
            {"bead-grows": 1, "bead-values": 1},
        ),
        "knee": (
            "the relaxation time upside down",
            """
def knee_time(ratio, mass, friction):
    low, high = 0.0, 1 / (1 - ratio)
    while high - low > 1e-9 * high:
        s = (low + high) / 2
        if 1 - (1 - np.exp(-s)) / s < ratio:
            low = s
        else:
            high = s
    return s * friction / mass
""",
            {"knee-scale": 1},
        ),
        "detective": (
            "the factor of the speeds instead of the temperatures",
            """
def diagnose(program, dt, mass, friction, kT, rng):
    n_steps = int(np.ceil(7 * mass / (friction * dt)))
    v = program(10_000, n_steps, dt, mass, friction, kT, rng)
    factor = np.sqrt(mass * np.mean(v**2) / kT)
    error = factor / np.sqrt(2 * len(v))
    if np.std(v) < 0.5 * abs(np.mean(v)):
        return "shared", factor, error
    verdict = "fine" if abs(factor - 1) < 6 * error else "temperature"
    return verdict, factor, error
""",
            {"detective-form": 1, "detective-factor": 1},
        ),
    },
]


def sink(bath_step, value):
    """Momenta for velocities, or a relaxation time for the friction."""
    if value == "momenta":
        return lambda p, dt, mass, *rest: mass * bath_step(p / mass, dt, mass, *rest)
    return lambda v, dt, mass, tau, *rest: bath_step(v, dt, mass, mass / tau, *rest)


def memory(green_kubo, value):
    """The two numbers in another order, or 2D for D."""

    def found(*given):
        C, D = green_kubo(*given)
        return (D, C) if value == "D and C" else (C, 2 * D)

    return found


def strength(kick_strength, value):
    """Some of the drag at the beginning: the kicks by as much too strong as before."""
    q = {"three quarters": sp.Rational(1, 2), "two thirds": sp.Rational(1, 3)}[value]

    def found(m, lam, kT, dt):
        variance, Gamma = kick_strength(m, lam, kT, dt)
        h = lam * dt / m
        return variance * (2 + q * h) / (2 + h), Gamma

    return found


def bead(bead, value):
    """A diameter for the radius, or another order."""
    if value == "diameter":
        return lambda diameter, *rest: bead(diameter / 2, *rest)

    def found(*given):
        time, speed, D = bead(*given)
        return D, time, speed

    return found


def detective(diagnose, value):
    """The verdict last, or per cent for a factor."""

    def found(*given):
        verdict, factor, error = diagnose(*given)
        if value == "verdict last":
            return factor, error, verdict
        return verdict, 100 * (factor - 1), 100 * error

    return found


ADAPTED = {  # a choice: its part, and what turns an answer to the example into one to a value
    "sink": ("sink", {"bath_step": sink}),
    "memory": ("memory", {"green_kubo": memory}),
    "strength": ("strength", {"kick_strength": strength}),
    "bead": ("bead", {"bead": bead}),
    "knee": ("knee", {"knee_time": lambda time, _: lambda lack, *rest: time(1 - lack, *rest)}),
    "detective": ("detective", {"diagnose": detective}),
}
