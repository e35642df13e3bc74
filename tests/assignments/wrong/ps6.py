"""Known wrong answers to problem set 6, and the points that each must lose."""

import numpy as np

WRONG = [
    {
        "score": (
            "exponentials taken as they come, without a common factor",
            """
def score(x, means, widths, weights):
    away = means - x[:, None]
    bell = np.exp(-(away**2).sum(axis=2) / (2 * widths**2))
    bell = bell * weights / widths ** x.shape[1]
    share = bell / bell.sum(axis=1, keepdims=True)
    return ((share / widths**2)[:, :, None] * away).sum(axis=1)
""",
            {"score-far": 1},
        ),
        "accept": (
            "the rule for symmetric proposals, without the way back",
            """
def accept(x, y, U, tau):
    return np.minimum(1, np.exp(U(x) - U(y)))
""",
            {"accept-even": 1, "accept-uneven": 2},
        ),
        "cloud": (
            "batches drawn with replacement",
            """
def cloud(y, noise, prior, tau, batch):
    N = len(y)
    kappa = N / noise**2 + 1 / prior**2
    G = N**2 * np.var(y) / noise**4 / batch
    return (1 + tau * G / 2) / (1 - kappa * tau / 2) / kappa


def longest_step(y, noise, prior, batch, excess):
    N = len(y)
    kappa = N / noise**2 + 1 / prior**2
    G = N**2 * np.var(y) / noise**4 / batch
    return 2 * excess / (G + (1 + excess) * kappa)
""",
            {"cloud-batch": 1, "cloud-step": 1},
        ),
        "error": (
            "within: as if the records were independent",
            """
def error_bars(records):
    n, m = records.shape
    within = np.sqrt(records.var(axis=0).mean() / (n * m))
    between = records.mean(axis=0).std(ddof=1) / np.sqrt(m)
    return within, between
""",
            {"error-agree": 1},
        ),
        "phases": (
            "the mean of a unit that is 0 or 1 for the mean of a spin",
            """
def log_probability(W, a, b, v):
    every = np.array(list(product([-1, 1], repeat=len(a))))

    def log_sum(v):
        return v @ a + np.log(2 * np.cosh(b + v @ W)).sum(axis=1)

    return log_sum(v) - np.log(np.exp(log_sum(every)).sum())


def phases(W, a, b, v):
    every = np.array(list(product([-1, 1], repeat=len(a))))
    p = np.exp(log_probability(W, a, b, every))

    def coin(v):
        return 1 / (1 + np.exp(-2 * (b + v @ W)))

    return v.T @ coin(v) / len(v), (every * p[:, None]).T @ coin(every)
""",
            {"phases-two": 1},
        ),
        "denoise": (
            "Tweedie's formula with the wrong sign",
            """
def guess(log_p, y, sigma):
    return y - sigma**2 * sp.diff(log_p, y)


def doubt(log_p, y, sigma):
    return sigma**2 - sigma**4 * sp.diff(log_p, y, 2)
""",
            {"denoise-guess": 1, "denoise-doubt": 2},
        ),
        "unmix": (
            "the change of the square of sigma, not of half of it",
            """
def unmix(x, sigmas, score):
    for now, then in zip(sigmas[:-1], sigmas[1:]):
        x = x + (now**2 - then**2) * score(x, now)
    return x
""",
            {"unmix-bell": 1, "unmix-shares": 1},
        ),
    },
    {
        "score": (
            "shares without the height of a narrow bell",
            """
def score(x, means, widths, weights):
    away = means - x[:, None]
    odds = np.log(weights) - (away**2).sum(axis=2) / (2 * widths**2)
    share = np.exp(odds - odds.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    return ((share / widths**2)[:, :, None] * away).sum(axis=1)
""",
            {"score-near": 1},
        ),
        "accept": (
            "exponents of both proposals, but not their norms",
            """
def accept(x, y, U, tau):
    def log_q(a, b):
        t = tau(a)
        off = b - a + t[:, None] * U.grad(a)
        return -(off**2).sum(axis=1) / (4 * t)

    return np.exp(np.minimum(0, U(x) - U(y) + log_q(y, x) - log_q(x, y)))
""",
            {"accept-uneven": 2},
        ),
        "cloud": (
            "continuous time: the batch counted, the finite step not",
            """
def stiff_and_shaken(y, noise, prior, batch):
    N = len(y)
    G = N**2 * np.var(y) / noise**4 / batch * (N - batch) / (N - 1)
    return N / noise**2 + 1 / prior**2, G


def cloud(y, noise, prior, tau, batch):
    kappa, G = stiff_and_shaken(y, noise, prior, batch)
    return (1 + tau * G / 2) / kappa


def longest_step(y, noise, prior, batch, excess):
    kappa, G = stiff_and_shaken(y, noise, prior, batch)
    return 2 * excess / G if G > 0 else 2 / kappa
""",
            {"cloud-alike": 1, "cloud-batch": 1, "cloud-step": 1},
        ),
        "error": (
            "all chains about their common mean",
            """
def error_bars(records):
    n, m = records.shape
    off = records - records.mean()
    rho = np.array([(off[: n - k] * off[k:]).mean() for k in range(60)])
    within = np.sqrt((2 * rho.sum() - rho[0]) / (n * m))
    between = records.mean(axis=0).std(ddof=1) / np.sqrt(m)
    return within, between
""",
            {"error-apart": 1},
        ),
        "phases": (
            "the sum over hidden units that are 0 or 1",
            """
def log_probability(W, a, b, v):
    every = np.array(list(product([-1, 1], repeat=len(a))))

    def log_sum(v):
        return v @ a + np.log(1 + np.exp(b + v @ W)).sum(axis=1)

    return log_sum(v) - np.log(np.exp(log_sum(every)).sum())


def phases(W, a, b, v):
    s = np.array(list(product([-1, 1], repeat=len(a))))
    h = np.array(list(product([-1, 1], repeat=len(b))))
    p = np.exp(s @ W @ h.T + (s @ a)[:, None] + h @ b)
    return v.T @ np.tanh(b + v @ W) / len(v), s.T @ p @ h / p.sum()
""",
            {"phases-log-p": 1},
        ),
        "denoise": (
            "doubt: one over the curvature, as about a mode",
            """
def guess(log_p, y, sigma):
    return y + sigma**2 * sp.diff(log_p, y)


def doubt(log_p, y, sigma):
    return -1 / sp.diff(log_p, y, 2)
""",
            {"denoise-doubt": 2},
        ),
        "unmix": (
            "the change of sigma, not of half its square",
            """
def unmix(x, sigmas, score):
    for now, then in zip(sigmas[:-1], sigmas[1:]):
        x = x - (then - now) * score(x, now)
    return x
""",
            {"unmix-bell": 1, "unmix-shares": 1},
        ),
    },
    {
        "score": (
            "the slope of the energy, so the wrong sign",
            """
def score(x, means, widths, weights):
    away = x[:, None] - means
    odds = np.log(weights) - x.shape[1] * np.log(widths)
    odds = odds - (away**2).sum(axis=2) / (2 * widths**2)
    share = np.exp(odds - odds.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    return ((share / widths**2)[:, :, None] * away).sum(axis=1)
""",
            {"score-near": 1, "score-far": 1},
        ),
        "accept": (
            "the stride of the way there used for the way back too",
            """
def accept(x, y, U, tau):
    t = tau(x)

    def log_q(a, b):
        off = b - a + t[:, None] * U.grad(a)
        return -(off**2).sum(axis=1) / (4 * t)

    return np.exp(np.minimum(0, U(x) - U(y) + log_q(y, x) - log_q(x, y)))
""",
            {"accept-uneven": 2},
        ),
        "cloud": (
            "longest step to first order only",
            """
def cloud(y, noise, prior, tau, batch):
    N, kappa = len(y), len(y) / noise**2 + 1 / prior**2
    G = N * np.var(y, ddof=1) / noise**4 / batch * (N - batch)
    return (2 * tau + tau**2 * G) / (1 - (1 - kappa * tau) ** 2)


def longest_step(y, noise, prior, batch, excess):
    N, kappa = len(y), len(y) / noise**2 + 1 / prior**2
    G = N * np.var(y, ddof=1) / noise**4 / batch * (N - batch)
    return 2 * excess / (G + kappa)
""",
            {"cloud-step": 1},
        ),
        "error": (
            "between: the scatter of one chain's mean, not of the mean of all",
            """
def error_bars(records):
    n, m = records.shape
    each = [x.std() * np.sqrt(integrated_time(x) / n) for x in records.T]
    return np.mean(each) / np.sqrt(m), records.mean(axis=0).std(ddof=1)
""",
            {"error-agree": 1, "error-apart": 1},
        ),
        "phases": (
            "all states counted alike, and as zeros and ones",
            """
def log_probability(W, a, b, v):
    every = np.array(list(product([0, 1], repeat=len(a))))

    def log_sum(v):
        return v @ a + np.log(2 * np.cosh(b + v @ W)).sum(axis=1)

    return log_sum(v) - np.log(np.exp(log_sum(every)).sum())


def phases(W, a, b, v):
    every = np.array(list(product([-1, 1], repeat=len(a))))
    return tuple(s.T @ np.tanh(b + s @ W) / len(s) for s in (v, every))
""",
            {"phases-log-p": 1, "phases-two": 1},
        ),
        "denoise": (
            "doubt: the mean of the square, the square of the mean kept",
            """
def guess(log_p, y, sigma):
    return y + sigma**2 * sp.diff(log_p, y)


def doubt(log_p, y, sigma):
    here = sp.diff(log_p, y)
    return sigma**2 + sigma**4 * (sp.diff(log_p, y, 2) + here**2)
""",
            {"denoise-doubt": 2},
        ),
        "unmix": (
            "a last jump to the best guess: the points end at no blur at all",
            """
def unmix(x, sigmas, score):
    for now, then in zip(sigmas[:-1], sigmas[1:]):
        x = x + (now**2 - then**2) / 2 * score(x, now)
    return x + sigmas[-1] ** 2 * score(x, sigmas[-1])
""",
            {"unmix-bell": 1},
        ),
    },
]


def score(score, value):
    """Heights for shares, or variances for widths."""
    if value == "variances":
        return lambda x, means, variances, weights: score(x, means, variances**0.5, weights)
    return lambda x, means, s, heights: score(x, means, s, heights * s ** x.shape[1])


def accept(accept, value):
    """Half of tau, or a logarithm."""
    if value == "logarithm":
        return lambda *given: np.log(accept(*given))
    return lambda x, y, U, tau: accept(x, y, U, lambda place: tau(place) / 2)


def cloud(cloud, value):
    """The standard deviation, or variances for standard deviations."""
    if value == "standard deviation":
        return lambda *given: np.sqrt(cloud(*given))
    return lambda y, noise, prior, *rest: cloud(y, noise**0.5, prior**0.5, *rest)


def cloud_step(longest_step, value):
    """The excess of the standard deviation, or variances for standard deviations."""
    if value == "standard deviation":
        return lambda *given: longest_step(*given[:-1], (1 + given[-1]) ** 2 - 1)
    return lambda y, noise, prior, *rest: longest_step(y, noise**0.5, prior**0.5, *rest)


def error(error_bars, value):
    """A row a chain, or the other order."""
    if value == "rows":
        return lambda records: error_bars(records.T)
    return lambda records: error_bars(records)[::-1]


def phases_log_p(log_probability, value):
    """All signs of the energy turned."""
    if value == "plus":
        return lambda W, a, b, v: log_probability(-W, -a, -b, v)
    return log_probability


def phases(phases, value):
    """All signs of the energy turned, or the model first."""
    if value == "plus":
        return lambda W, a, b, v: phases(-W, -a, -b, v)
    return lambda *given: phases(*given)[::-1]


def unmix(unmix, value):
    """A film, of which the tests look at the end, or widths that rise."""

    def film(x, sigmas, score):
        return np.array([x] * (len(sigmas) - 1) + [unmix(x, sigmas, score)])

    return film if value == "film" else lambda x, s, score: unmix(x, s[::-1], score)


ADAPTED = {  # a choice: its part, and what turns an answer to the example into one to a value
    "score": ("score", {"score": score}),
    "accept": ("accept", {"accept": accept}),
    "cloud": ("cloud", {"cloud": cloud, "longest_step": cloud_step}),
    "error": ("error", {"error_bars": error}),
    "phases": ("phases", {"log_probability": phases_log_p, "phases": phases}),
    "gain": (
        "denoise",
        {
            "guess": lambda guess, value: lambda *given: guess(*given) / value,
            "doubt": lambda doubt, value: lambda *given: doubt(*given) / value**2,
        },
    ),
    "unmix": ("unmix", {"unmix": unmix}),
}
