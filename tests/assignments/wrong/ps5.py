"""Known wrong answers to problem set 5, and the points that each must lose."""

import numpy as np

WRONG = [
    {
        "reader": (
            "the spring holds the intercept too",
            """
def reader(w, X, y, decay):
    margin = y * (X @ w)
    loss = np.logaddexp(0, -margin).mean() + decay / 2 * w @ w
    doubt = np.exp(-np.logaddexp(0, margin))
    return loss, -(doubt * y) @ X / len(y) + decay * w
""",
            {"reader-slope": 1},
        ),
        "hands": (
            "every class taken to scatter as all examples do together",
            """
def hands(g, group, sizes):
    noise = g - g.mean(axis=0)
    C = noise.T @ noise / len(g)
    total = 0
    for c, B in enumerate(sizes):
        N_c = (group == c).sum()
        total = total + (N_c / len(g)) ** 2 * C / B * (N_c - B) / (N_c - 1)
    return total
""",
            {"hands-several": 1},
        ),
        "settle": (
            "the curvature of a batch as uncertain as that of one example",
            """
def settle(eta, B, h, v, s):
    V = eta * s**2 / B / (2 * h - eta * (h**2 + v))
    return V, 2 * h / (h**2 + v)
""",
            {"settle-width": 1, "settle-limit": 1},
        ),
        "cloud": (
            "Lyapunov's equation for short steps",
            """
def cloud(P, H, C, B):
    A, one = P @ H, np.eye(len(H))
    rows = np.kron(A, one) + np.kron(one, A)
    Q = P @ C @ P.T / B
    return np.linalg.solve(rows, Q.ravel()).reshape(Q.shape)
""",
            {"cloud-newton": 1, "cloud-single": 1, "cloud-ruler": 1},
        ),
        "thermometer": (
            "as many independent squares as there are steps",
            """
def thermometer(run, H):
    h, directions = np.linalg.eigh(H)
    square = ((run - run.mean(axis=0)) @ directions) ** 2
    T = h * square.mean(axis=0)
    return h, T, h * square.std(axis=0) / np.sqrt(len(run))
""",
            {"thermometer-error": 1},
        ),
        "rule": (
            "the covariance for a noise that is the same everywhere",
            """
def last_batch(X, y, eta_1, tolerance):
    H = X.T @ X / len(y)
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    C = gradients.noise_covariance(LinearRegression(), (X, y), best)
    one = np.trace(exact.additive_covariance(H, C, eta_1, 1))
    B = 1
    while (B + 1) * eta_1 < 2 / np.linalg.eigvalsh(H)[-1]:
        S = exact.additive_covariance(H, C, (B + 1) * eta_1, B + 1)
        if abs(np.trace(S) / one - 1) > tolerance:
            break
        B += 1
    return B
""",
            {"rule-ends": 1, "rule-share": 1},
        ),
    },
    {
        "reader": (
            "the exponential overflows for a reader that is sure and wrong",
            """
def reader(w, X, y, decay):
    margin = y * (X @ w)
    spring = decay * np.append(w[:-1], 0)
    loss = np.log(1 + np.exp(-margin)).mean() + decay / 2 * (w[:-1] ** 2).sum()
    return loss, -(y / (1 + np.exp(margin))) @ X / len(y) + spring
""",
            {"reader-certain": 1},
        ),
        "hands": (
            "the shares of the classes not squared",
            """
def hands(g, group, sizes):
    total = 0
    for c, B in enumerate(sizes):
        own = g[group == c]
        N_c = len(own)
        C = np.cov(own.T, bias=True)
        total = total + N_c / len(g) * C / B * (N_c - B) / (N_c - 1)
    return total
""",
            {"hands-several": 1},
        ),
        "settle": (
            "the limit of the mean taken for that of the mean square",
            """
def settle(eta, B, h, v, s):
    return eta * s**2 / (B * h * (2 - eta * h) - eta * v), 2 / h
""",
            {"settle-limit": 1},
        ),
        "cloud": (
            "a ruler taken to be symmetric, and to commute with the Hessian",
            """
def cloud(P, H, C, B):
    M, Q = np.eye(len(H)) - P @ H, P @ C @ P / B
    S = np.zeros_like(Q)
    for _ in range(2000):
        S = M @ S @ M + Q
    return S
""",
            {"cloud-ruler": 1},
        ),
        "thermometer": (
            "the variances of the weights as they come, not along eigenvectors",
            """
def thermometer(run, H):
    from langevin.observables import integrated_time

    h = np.linalg.eigvalsh(H)
    energy = h * (run - run.mean(axis=0)) ** 2
    worth = np.array([integrated_time(e) for e in energy.T])
    return h, energy.mean(axis=0), energy.std(axis=0) * np.sqrt(worth / len(run))
""",
            {"thermometer-value": 1},
        ),
        "rule": (
            "compared with the law for short steps instead of a batch of one",
            """
def last_batch(X, y, eta_1, tolerance):
    H = X.T @ X / len(y)
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    C = gradients.noise_covariance(LinearRegression(), (X, y), best)
    one, B = np.trace(exact.continuous_covariance(H, C, eta_1)), 1
    while True:
        try:
            S = exact.regression_covariance(X, y, (B + 1) * eta_1, B + 1)
        except ValueError:
            return B
        if abs(np.trace(S) / one - 1) > tolerance:
            return B
        B += 1
""",
            {"rule-share": 1},
        ),
    },
    {
        "reader": (
            "the gradients of the examples added up, not averaged",
            """
def reader(w, X, y, decay):
    margin = y * (X @ w)
    spring = decay * np.append(w[:-1], 0)
    loss = np.logaddexp(0, -margin).mean() + w @ spring / 2
    doubt = np.exp(-np.logaddexp(0, margin))
    return loss, -(doubt * y) @ X + spring
""",
            {"reader-slope": 1, "reader-certain": 1},
        ),
        "hands": (
            "N in the place of N - 1",
            """
def hands(g, group, sizes):
    total = 0
    for c, B in enumerate(sizes):
        own = g[group == c]
        N_c = len(own)
        C = np.cov(own.T, bias=True)
        total = total + (N_c / len(g)) ** 2 * C / B * (1 - B / N_c)
    return total
""",
            {"hands-one": 1, "hands-several": 1},
        ),
        "settle": (
            "the square of eta h left out, as for short steps",
            """
def settle(eta, B, h, v, s):
    return eta * s**2 / (2 * B * h - eta * v), 2 * B * h / v
""",
            {"settle-form": 1, "settle-width": 1, "settle-limit": 1},
        ),
        "cloud": (
            "one learning rate, the mean of those on the diagonal",
            """
def cloud(P, H, C, B):
    return exact.additive_covariance(H, C, np.trace(P) / len(P), B)
""",
            {"cloud-newton": 1, "cloud-ruler": 1},
        ),
        "thermometer": (
            "the mean energy, half of the temperature",
            """
def thermometer(run, H):
    from langevin.observables import block_error

    h, directions = np.linalg.eigh(H)
    energy = h / 2 * ((run - run.mean(axis=0)) @ directions) ** 2
    return h, energy.mean(axis=0), np.array([block_error(e).error for e in energy.T])
""",
            {"thermometer-value": 1},
        ),
        "rule": (
            "the first batch that is not good",
            """
def last_batch(X, y, eta_1, tolerance):
    one, B = np.trace(exact.regression_covariance(X, y, eta_1, 1)), 1
    while B * eta_1 < exact.regression_step_limit(X, B):
        S = exact.regression_covariance(X, y, B * eta_1, B)
        if abs(np.trace(S) / one - 1) > tolerance:
            return B
        B += 1
    return B
""",
            {"rule-ends": 1, "rule-share": 1},
        ),
    },
]


def reader(reader, value):
    """A spring that hardens, or the intercept first."""

    def hardening(w, X, y, decay):
        loss, slope = reader(w, X, y, decay)
        held = np.append(w[:-1], 0)
        change = (held**4).sum() / 4 - (held**2).sum() / 2
        return loss + decay * change, slope + decay * (held**3 - held)

    def turned(w, X, y, decay):
        loss, slope = reader(np.roll(w, -1), np.roll(X, -1, axis=1), y, decay)
        return loss, np.roll(slope, 1)

    return hardening if value == "harder spring" else turned


def hands(hands, value):
    """The sum for the mean, or classes counted from 1."""
    if value == "sum":
        return lambda g, *rest: hands(g, *rest) * len(g) ** 2
    return lambda g, group, sizes: hands(g, group - 1, sizes)


def settle(settle, value):
    """The sum for the mean, or the limit first."""

    def found(eta, B, h, v, s):
        if value == "limit first":
            return settle(eta, B, h, v, s)[::-1]
        V, limit = settle(B * eta, B, h, v, s)
        return V, limit / B

    return found


def cloud(cloud, value):
    """The loss as well, or the noise of a batch."""
    if value == "noise of a batch":
        return lambda P, H, C: cloud(P, H, C, 1)

    def found(P, H, C, B):
        S = cloud(P, H, C, B)
        return S, np.trace(H @ S) / 2

    return found


def thermometer(thermometer, value):
    """Stiff directions first, or energies."""

    def found(*given):
        h, T, error = thermometer(*given)
        if value == "energies":
            return h, T / 2, error / 2
        return h[::-1], T[::-1], error[::-1]

    return found


def rule(last_batch, value):
    """The root of the trace: where the trace grows, a larger share of it is allowed."""
    return lambda X, y, eta_1, share: last_batch(X, y, eta_1, (1 + share) ** 2 - 1)


ADAPTED = {  # a choice: its part, and what turns an answer to the example into one to a value
    "reader": ("reader", {"reader": reader}),
    "hands": ("hands", {"hands": hands}),
    "settle": ("settle", {"settle": settle}),
    "cloud": ("cloud", {"cloud": cloud}),
    "thermometer": ("thermometer", {"thermometer": thermometer}),
    "rule": ("rule", {"last_batch": rule}),
}
