"""Known wrong answers to problem set 3, and the points that each must lose."""

WRONG = [
    {
        "coupled": (
            "the long run gets kicks of its own",
            """
def two_runs(x, grad, dt, friction, kT, n_long, rng):
    def run(x, h, n_steps):
        for _ in range(n_steps):
            noise = rng.standard_normal(x.shape)
            x = x - h / friction * grad(x) + np.sqrt(2 * kT * h / friction) * noise
        return x

    return run(x, dt, 2 * n_long), run(x, 2 * dt, n_long)
""",
            {"coupled-together": 1},
        ),
        "theta": (
            "the noise is not divided by what stands before the new position",
            """
def theta_step(kappa, tau, T, theta):
    a = (1 - kappa * tau * (1 - theta)) / (1 + kappa * tau * theta)
    return sp.simplify(2 * tau * T / (1 - a**2)), 2 / (kappa * (1 - 2 * theta))
""",
            {"theta-variance": 1},
        ),
        "magnet": (
            "the field turns the momentum the other way round",
            """
def magnetic_step(x, p, grad, dt, friction, kT, mass, omega, rng):
    c, angle = np.exp(-friction * dt / mass), omega * dt
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    p = p - dt / 2 * grad(x)
    x = x + dt / 2 * p / mass
    p = p @ turn.T
    p = c * p + np.sqrt((1 - c**2) * mass * kT) * rng.standard_normal(p.shape)
    x = x + dt / 2 * p / mass
    return x, p - dt / 2 * grad(x)
""",
            {"magnet-turn": 1},
        ),
        "levels": (
            "no care for exponentials that underflow or overflow",
            """
def levels(energies, degeneracies, kT):
    weights = degeneracies * np.exp(-energies / kT)
    return weights / weights.sum(), -kT * np.log(weights.sum())
""",
            {"levels-free": 1},
        ),
        "valleys": (
            "determinants of large matrices, which overflow",
            """
def valleys(gap, H1, H2, kT):
    volumes = np.sqrt(np.linalg.det(H1) / np.linalg.det(H2))
    odds = np.exp(gap / kT) / volumes
    return odds / (1 + odds), gap / np.log(volumes) if volumes > 1 else np.inf
""",
            {"valleys-many": 1},
        ),
        "weigh": (
            "a weighted straight line through the logarithms, without the empty layers",
            """
def weigh(height, counts, photos, radius, radius_error, drho, temperature):
    seen = counts > 0
    rate = np.log(counts[seen] / photos[seen])
    weight = np.sqrt(counts[seen])
    line, cov = np.polyfit(height[seen], rate, 1, w=weight, cov="unscaled")
    slope, luck = -line[0], np.sqrt(cov[0, 0]) / -line[0]
    sphere = 4 / 3 * np.pi * (radius * 1e-6) ** 3
    N = 8.314 * temperature * slope * 1e6 / (sphere * drho * 1e3 * 9.81)
    return N, N * np.sqrt(luck**2 + 9 * (radius_error / radius) ** 2)
""",
            {"weigh-few": 1},
        ),
    },
    {
        "coupled": (
            "the kick of a long step has the sum of two kicks and the square root of 2 Δt",
            """
def two_runs(x, grad, dt, friction, kT, n_long, rng):
    short, long = x.copy(), x.copy()
    tau = dt / friction
    for _ in range(n_long):
        e = rng.standard_normal((2,) + x.shape)
        for k in range(2):
            short = short - tau * grad(short) + np.sqrt(2 * kT * tau) * e[k]
        long = long - 2 * tau * grad(long) + np.sqrt(2 * kT * 2 * tau) * e.sum(axis=0)
    return short, long
""",
            {"coupled-each": 1},
        ),
        "theta": (
            "stable only as long as the bead does not jump to the other side",
            """
def theta_step(kappa, tau, T, theta):
    variance = 2 * T / (kappa * (2 - kappa * tau * (1 - 2 * theta)))
    return variance, 1 / (kappa * (1 - theta))
""",
            {"theta-limit": 1},
        ),
        "magnet": (
            "Euler's step for the field, which lengthens the momentum",
            """
def magnetic_step(x, p, grad, dt, friction, kT, mass, omega, rng):
    c = np.exp(-friction * dt / mass)
    p = p - dt / 2 * grad(x)
    x = x + dt / 2 * p / mass
    p = p + omega * dt * np.column_stack([p[:, 1], -p[:, 0]])
    p = c * p + np.sqrt((1 - c**2) * mass * kT) * rng.standard_normal(p.shape)
    x = x + dt / 2 * p / mass
    return x, p - dt / 2 * grad(x)
""",
            {"magnet-turn": 1, "magnet-energy": 1, "magnet-bath": 1},
        ),
        "levels": (
            "an entropy of levels that forgets their states",
            """
def levels(energies, degeneracies, kT):
    weights = degeneracies * np.exp(-(energies - energies.min()) / kT)
    p = weights / weights.sum()
    entropy = -sum(p_i * np.log(p_i) for p_i in p if p_i > 0)
    return p, p @ energies - kT * entropy
""",
            {"levels-free": 1},
        ),
        "valleys": (
            "the heights of the peaks instead of their masses",
            """
def valleys(gap, H1, H2, kT):
    narrower = (np.linalg.slogdet(H1)[1] - np.linalg.slogdet(H2)[1]) / 2
    level = gap / narrower if narrower > 0 else np.inf
    return 1 / (1 + np.exp(-gap / kT)), level
""",
            {"valleys-share": 1, "valleys-many": 1},
        ),
        "weigh": (
            "as if each layer had been photographed once",
            """
def weigh(height, counts, photos, radius, radius_error, drho, temperature):
    slope, mean = 0.0, counts @ height / counts.sum()
    for _ in range(50):
        p = np.exp(-slope * (height - height.min()))
        p = p / p.sum()
        var = p @ height**2 - (p @ height) ** 2
        slope = slope + np.clip((p @ height - mean) / var, -0.1, 0.1)
    luck = 1 / np.sqrt(counts.sum() * var) / slope
    weight = 4 / 3 * np.pi * (radius * 1e-6) ** 3 * drho * 1e3 * 9.81
    N = 8.314 * temperature * slope * 1e6 / weight
    return N, N * np.sqrt(luck**2 + (3 * radius_error / radius) ** 2)
""",
            {"weigh-number": 1, "weigh-few": 1},
        ),
    },
    {
        "coupled": (
            "the friction is missing under the root",
            """
def two_runs(x, grad, dt, friction, kT, n_long, rng):
    short, long = x, x
    for _ in range(n_long):
        kicks = np.sqrt(2 * kT * dt) * rng.standard_normal((2, *x.shape))
        long = long - 2 * dt / friction * grad(long) + kicks.sum(axis=0)
        for kick in kicks:
            short = short - dt / friction * grad(short) + kick
    return short, long
""",
            {"coupled-each": 1},
        ),
        "theta": (
            "one step keeps a share a of the variance instead of its square",
            """
def theta_step(kappa, tau, T, theta):
    a = (1 - kappa * tau * (1 - theta)) / (1 + kappa * tau * theta)
    noise = 2 * tau * T / (1 + kappa * tau * theta) ** 2
    largest = sp.solve(a + 1, tau)[0]
    return sp.simplify(noise / (1 - a)), largest
""",
            {"theta-known": 1, "theta-variance": 1},
        ),
        "magnet": (
            "the mass is missing in the heat of the bath",
            """
def magnetic_step(x, p, grad, dt, friction, kT, mass, omega, rng):
    decay = np.exp(-friction * dt / mass)
    p = p - dt / 2 * grad(x)
    x = x + dt / 2 * p / mass
    z = (p[:, 0] + 1j * p[:, 1]) * np.exp(-1j * omega * dt)
    p = np.column_stack([z.real, z.imag])
    p = decay * p + np.sqrt((1 - decay**2) * kT) * rng.standard_normal(p.shape)
    x = x + dt / 2 * p / mass
    p = p - dt / 2 * grad(x)
    return x, p
""",
            {"magnet-bath": 1},
        ),
        "levels": (
            "the degeneracies only in the sum over states",
            """
def levels(energies, degeneracies, kT):
    lowest = energies.min()
    weights = np.exp(-(energies - lowest) / kT)
    Z = degeneracies @ weights
    return weights / Z, lowest - kT * np.log(Z)
""",
            {"levels-share": 1, "levels-free": 1},
        ),
        "valleys": (
            "no root of the determinants in the balance",
            """
def valleys(gap, H1, H2, kT):
    logs = [np.log(np.linalg.eigvalsh(H)).sum() for H in (H1, H2)]
    share = 1 / (1 + np.exp((logs[0] - logs[1]) / 2 - gap / kT))
    return share, gap / (logs[0] - logs[1]) if logs[0] > logs[1] else np.inf
""",
            {"valleys-balance": 1},
        ),
        "weigh": (
            "the error of the radius goes in once, and not three times",
            """
def weigh(height, counts, photos, radius, radius_error, drho, temperature):
    mean = (counts * height).sum() / counts.sum()
    low, high = -2.0, 5.0
    for _ in range(80):
        slope = (low + high) / 2
        p = photos * np.exp(-slope * (height - mean))
        p = p / p.sum()
        low, high = (slope, high) if p @ height > mean else (low, slope)
    luck = 1 / (slope * np.sqrt(counts.sum() * (p @ (height - mean) ** 2)))
    weight = 4 / 3 * np.pi * (radius * 1e-6) ** 3 * drho * 1e3 * 9.81
    N = 8.314 * temperature * slope * 1e6 / weight
    return N, N * np.hypot(luck, radius_error / radius)
""",
            {"weigh-error": 1},
        ),
    },
]


def coupled(two_runs, value):
    """The long run first, or its step for dt."""
    if value == "long first":
        return lambda *given: two_runs(*given)[::-1]
    return lambda x, grad, dt, *rest: two_runs(x, grad, dt / 2, *rest)


def theta(theta_step, value):
    """The share of the other end, or the largest step first."""
    if value == "limit first":
        return lambda *given: theta_step(*given)[::-1]
    return lambda kappa, tau, T, theta: theta_step(kappa, tau, T, 1 - theta)


def magnet(magnetic_step, value):
    """The field the other way, or the momenta first."""
    if value == "momenta first":
        return lambda *given: magnetic_step(*given)[::-1]
    return lambda *given: magnetic_step(*given[:-2], -given[-2], given[-1])


def levels(levels, value):
    """One over kT, or the free energy first."""
    if value == "free energy first":
        return lambda *given: levels(*given)[::-1]
    return lambda energies, degeneracies, beta: levels(energies, degeneracies, 1 / beta)


def valleys(valleys, value):
    """The share of the other valley, or the temperature first."""

    def found(*given):
        share, level = valleys(*given)
        return (level, share) if value == "temperature first" else (1 - share, level)

    return found


def weigh(weigh, value):
    """A diameter for the radius, or a relative error."""

    def found(height, counts, photos, width, width_error, *rest):
        if value == "diameter":
            return weigh(height, counts, photos, width / 2, width_error / 2, *rest)
        N, error = weigh(height, counts, photos, width, width_error, *rest)
        return N, error / N

    return found


ADAPTED = {  # a choice: its part, and what turns an answer to the example into one to a value
    "coupled": ("coupled", {"two_runs": coupled}),
    "theta": ("theta", {"theta_step": theta}),
    "magnet": ("magnet", {"magnetic_step": magnet}),
    "levels": ("levels", {"levels": levels}),
    "valleys": ("valleys", {"valleys": valleys}),
    "weigh": ("weigh", {"weigh": weigh}),
}
