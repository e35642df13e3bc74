"""Schedules: numbers that may change from step to step, as plain functions of the step count.

The first step has k = 0.  Any function ``k -> float`` is a schedule; these are the usual ones.
`linear`, `cosine` and `warm_up` have the value that they are given at either end, zero too.  The
others are positive: where such a value becomes too small for floating point, it stays at 2.2e-308.
"""

import sys
from collections.abc import Callable
from math import cos, e, exp, inf, log, pi

from langevin import _checks

Schedule = Callable[[int], float]


def constant(value: float) -> Schedule:
    """Return the schedule that is `value` at every step.

    Parameters
    ----------
    value : float
        Any finite number, in the units of the quantity it stands for.

    Returns
    -------
    callable
        ``schedule(k) -> value``.

    Examples
    --------
    >>> constant(0.1)(7)
    0.1
    """
    value = float(_checks.finite(value, "value"))
    return lambda k: value


def linear(start: float, end: float, steps: int) -> Schedule:
    r"""Return the schedule that goes from one value to another along a line, and stays there.

    .. math:: a_k = a_0 + (a_s - a_0)\,\frac{k}{s}\quad (k < s),\qquad a_k = a_s\quad (k \ge s)

    It is ``optax.linear_schedule``, and torch's ``LinearLR``, which is given both values as
    multiples of the optimizer's step size.

    Parameters
    ----------
    start : float
        a_0, the value at the first step, k = 0; any finite number.
    end : float
        a_s, the value at step s and at all later ones; it may be 0.
    steps : int
        s, at least 1.

    Returns
    -------
    callable
        ``schedule(k) -> float``.

    Raises
    ------
    ValueError
        If a value is not finite, or `steps` is below 1.

    Examples
    --------
    >>> falling = linear(start=1.0, end=0.0, steps=4)
    >>> [falling(k) for k in range(6)]
    [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    """
    return _between(start, end, steps, lambda k, s: 1 - k / s)


def cosine(start: float, end: float, steps: int) -> Schedule:
    r"""Return the schedule that goes along half a cosine, flat at both ends, and stays there.

    .. math:: a_k = a_s + \frac{a_0 - a_s}{2}\left[1 + \cos\left(\pi\,\frac{k}{s}\right)\right]
              \quad (k < s),\qquad a_k = a_s\quad (k \ge s)

    It is ``optax.cosine_decay_schedule``.  Torch's ``CosineAnnealingLR`` is the same up to step s
    and then climbs again; `cyclical` jumps back.

    Parameters
    ----------
    start : float
        a_0, the value at the first step, k = 0; any finite number.
    end : float
        a_s, the value at step s and at all later ones; it may be 0.
    steps : int
        s, at least 1.

    Returns
    -------
    callable
        ``schedule(k) -> float``.

    Raises
    ------
    ValueError
        If a value is not finite, or `steps` is below 1.

    References
    ----------
    I. Loshchilov and F. Hutter, ICLR (2017), arXiv:1608.03983.

    Examples
    --------
    >>> falling = cosine(start=1.0, end=0.0, steps=4)
    >>> [round(falling(k), 3) for k in range(6)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    return _between(start, end, steps, lambda k, s: (1 + cos(pi * k / s)) / 2)


def _between(start, end, steps, left):
    """Return the schedule whose share ``left(k, steps)`` of the way is still to go at step k."""
    start = float(_checks.finite(start, "start"))
    end = float(_checks.finite(end, "end"))
    steps = _checks.count(steps, "steps")
    return lambda k: end if k >= steps else end + (start - end) * left(k, steps)


def warm_up(steps: int, then: float | Schedule, start: float = 0.0) -> Schedule:
    r"""Return the schedule that climbs along a line to where another one begins.

    .. math:: a_k = a_0 + (b_0 - a_0)\,\frac{k}{s}\quad (k < s),\qquad
              a_k = b_{k - s}\quad (k \ge s)

    The other schedule b starts when the climb is over: its own k is 0 at step s.  This is how
    ``optax.join_schedules`` and torch's ``SequentialLR`` put two together.  In
    ``optax.warmup_cosine_decay_schedule`` the number of steps to the end counts the climb, here
    that of `then` does not.

    Started from 0, as optax does, the first step has a step size of 0 and moves nothing.  For a
    first step that moves give ``start=peak / steps``, or a third of the peak, as torch's
    ``LinearLR`` does.

    Parameters
    ----------
    steps : int
        s, at least 1.
    then : float or callable
        b: a number, or a schedule.
    start : float
        a_0, the value at the first step, k = 0.

    Returns
    -------
    callable
        ``schedule(k) -> float``.

    Raises
    ------
    ValueError
        If a value is not finite, or `steps` is below 1.
    TypeError
        If `then` is neither a number nor callable, or `steps` is no whole number.

    References
    ----------
    P. Goyal et al., arXiv:1706.02677 (2017), section 2.2.

    Examples
    --------
    >>> rate = warm_up(2, cosine(start=1.0, end=0.0, steps=4))
    >>> [round(rate(k), 3) for k in range(8)]
    [0.0, 0.5, 1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    steps = _checks.count(steps, "steps")
    if not callable(then):
        then = constant(_checks.finite(then, "then"))
    climb = linear(start, float(_checks.finite(then(0), "then(0)")), steps)
    return lambda k: climb(k) if k < steps else then(k - steps)


def exponential(start: float, time: float) -> Schedule:
    r"""Return the schedule that falls by the same factor at every step: geometric cooling.

    .. math:: a_k = a_0\,e^{-k/s}

    Parameters
    ----------
    start : float
        a_0, positive, in the units of the quantity it stands for.
    time : float
        s: the number of steps in which the value falls by a factor e, positive.

    Returns
    -------
    callable
        ``schedule(k) -> float``.

    Raises
    ------
    ValueError
        If an argument is not positive.

    References
    ----------
    S. Kirkpatrick, C. Gelatt and M. Vecchi, Science 220, 671 (1983).

    Examples
    --------
    >>> from math import log
    >>> halving = exponential(start=8.0, time=1 / log(2))
    >>> [round(halving(k), 9) for k in range(4)]
    [8.0, 4.0, 2.0, 1.0]
    """
    start = float(_checks.positive(start, "start"))
    time = float(_checks.positive(time, "time"))
    return _positive(lambda k: start * exp(-k / time))


def polynomial(scale: float, power: float = 1.0, offset: float = 1.0) -> Schedule:
    r"""Return the schedule that falls as a power of the step count.

    .. math:: a_k = \frac{A}{(k + k_0)^\gamma}

    As a step size it meets the conditions of Robbins and Monro, an infinite sum of a_k and a
    finite one of its squares, for a power above 1/2 and up to 1.

    Parameters
    ----------
    scale : float
        A, positive, in the units of the quantity it stands for.
    power : float
        gamma, positive.
    offset : float
        k_0, positive: about as many steps pass before the fall sets in.

    Returns
    -------
    callable
        ``schedule(k) -> float``.

    Raises
    ------
    ValueError
        If an argument is not positive.

    References
    ----------
    H. Robbins and S. Monro, Ann. Math. Stat. 22, 400 (1951); M. Welling and Y. W. Teh,
    ICML 28, 681 (2011).

    Examples
    --------
    >>> [polynomial(scale=6.0)(k) for k in range(3)]
    [6.0, 3.0, 2.0]
    """
    scale = float(_checks.positive(scale, "scale"))
    power = float(_checks.positive(power, "power"))
    offset = float(_checks.positive(offset, "offset"))
    return _positive(lambda k: scale / (k + offset) ** power)


def logarithmic(scale: float, offset: float = 2.0) -> Schedule:
    r"""Return Hajek's cooling, slow enough to climb out of every well on the way.

    .. math:: T_k = \frac{c}{\ln(k + k_0)}

    With k_0 = 2 the first step, k = 0, is made at c / ln 2.  On a finite graph the chance to be
    in a state of least energy tends to one if and only if c is at least
    `langevin.annealing.depth`.

    Parameters
    ----------
    scale : float
        c, positive, in units of energy.
    offset : float
        k_0, above 1, where the logarithm is positive.

    Returns
    -------
    callable
        ``schedule(k) -> float``.

    Raises
    ------
    ValueError
        If `scale` is not positive or `offset` is not above 1.

    References
    ----------
    B. Hajek, Math. Oper. Res. 13, 311 (1988).

    Examples
    --------
    >>> cooling = logarithmic(scale=1.0)
    >>> [round(cooling(k), 4) for k in (0, 98, 9998)]
    [1.4427, 0.2171, 0.1086]
    """
    scale = float(_checks.positive(scale, "scale"))
    offset = _offset(offset, 1, "ln")
    return _positive(lambda k: scale / log(k + offset))


def cyclical(high: float, period: int, low: float = 0.0) -> Schedule:
    r"""Return the schedule that falls along half a cosine and then starts again, warm.

    .. math:: a_k = a_- + \frac{a_+ - a_-}{2}
              \left[1 + \cos\left(\pi\,\frac{k \bmod M}{M}\right)\right]

    Parameters
    ----------
    high : float
        :math:`a_+`, the value at the start of each cycle, positive.
    period : int
        M: steps in a cycle, at least 1.
    low : float
        :math:`a_-`, zero or positive and below `high`; neared at the end of a cycle, never reached.

    Returns
    -------
    callable
        ``schedule(k) -> float``.

    Raises
    ------
    ValueError
        If `high` is not positive, `low` is negative or not below `high`, or `period` is below 1.

    References
    ----------
    I. Loshchilov and F. Hutter, ICLR (2017), arXiv:1608.03983; R. Zhang et al., ICLR (2020),
    arXiv:1902.03932.

    Examples
    --------
    >>> cycle = cyclical(high=1.0, period=4)
    >>> [round(cycle(k), 3) for k in range(6)]
    [1.0, 0.854, 0.5, 0.146, 1.0, 0.854]
    """
    high = float(_checks.positive(high, "high"))
    low = float(_checks.not_negative(low, "low"))
    period = _checks.count(period, "period")
    if low >= high:
        raise ValueError(f"low must be below high = {high}, got {low}")
    return _positive(lambda k: low + (high - low) / 2 * (1 + cos(pi * (k % period) / period)))


def gelfand_mitter(noise: float, step: float, offset: float = 3.0) -> Schedule:
    r"""Return the temperature at which stochastic descent anneals, after Gelfand and Mitter.

    Their iteration adds noise of its own to a noisy gradient,

    .. math:: x_{k+1} = x_k - a_k\,g_k + b_k\,\varepsilon_k,\qquad a_k = \frac{A}{k'},\quad
              b_k^2 = \frac{Q}{k' \ln \ln k'},\quad k' = k + k_0

    which is `langevin.langevin` with step size ``polynomial(step, offset=offset)`` at

    .. math:: T_k = \frac{b_k^2}{2\,a_k} = \frac{Q}{2 A\,\ln \ln k'}

    Parameters
    ----------
    noise : float
        Q, positive, in length squared.
    step : float
        A, positive, in the units of a step size.
    offset : float
        k_0, above e, where the double logarithm is positive.

    Returns
    -------
    callable
        ``schedule(k) -> float``, a temperature.

    Raises
    ------
    ValueError
        If `noise` or `step` is not positive, or `offset` is not above e.

    References
    ----------
    S. Gelfand and S. Mitter, SIAM J. Control Optim. 29, 999 (1991).

    Examples
    --------
    >>> T = gelfand_mitter(noise=20.0, step=20.0, offset=1000.0)
    >>> [round(T(k), 3) for k in (0, 10**6)]
    [0.259, 0.19]
    """
    noise = float(_checks.positive(noise, "noise"))
    step = float(_checks.positive(step, "step"))
    offset = _offset(offset, e, "ln ln")
    return _positive(lambda k: noise / (2 * step * log(log(k + offset))))


def as_schedule(value: float | Schedule, name: str, *, zero_allowed: bool = False) -> Schedule:
    """Turn a number into a constant schedule; leave a function of the step count as it is.

    Parameters
    ----------
    value : float or callable
        A number, or a function ``k -> float`` of the number of steps taken so far.
    name : str
        What the number is, for error messages.
    zero_allowed : bool
        Whether 0 is a fair value (it is for a temperature); of step sizes, `as_step_size` says.

    Returns
    -------
    callable
        ``schedule(k) -> float``; a function's values are checked each time it is asked.

    Raises
    ------
    ValueError
        If a value is negative, not finite, or zero where zero is not allowed.
    TypeError
        If `value` is neither a number nor callable.

    Examples
    --------
    >>> as_schedule(0.1, "step_size")(0)
    0.1
    >>> as_schedule(lambda k: 1 / (k + 1), "temperature")(4)
    0.2
    """
    check = _checks.not_negative if zero_allowed else _checks.positive
    return _asked(value, name, check, check)


def as_step_size(value: float | Schedule) -> Schedule:
    """Turn a step size into a schedule: a number is positive, a function may reach zero.

    A step size of 0 for good would be a run that stands still, and is refused.  At the end of a
    schedule, or at the start of `warm_up`, it is meant: that step leaves positions where they
    are, or lets them coast if the method has momentum.

    Parameters
    ----------
    value : float or callable
        A number, or a function ``k -> float`` of the number of steps taken so far.

    Returns
    -------
    callable
        ``schedule(k) -> float``; a function's values are checked each time it is asked.

    Raises
    ------
    ValueError
        If a value is negative or not finite, or a number is zero.
    TypeError
        If `value` is neither a number nor callable.

    Examples
    --------
    >>> as_step_size(linear(start=0.1, end=0.0, steps=10))(10)
    0.0
    """
    return _asked(value, "step_size", _checks.positive, _checks.not_negative)


def as_momentum(value: float | Schedule) -> Schedule:
    """Turn a momentum into a schedule: all its values are at least 0 and below 1.

    Parameters
    ----------
    value : float or callable
        A number, or a function ``k -> float`` of the number of steps taken so far.

    Returns
    -------
    callable
        ``schedule(k) -> float``; a function's values are checked each time it is asked.

    Raises
    ------
    ValueError
        If a value is negative, not finite, or 1 or above.
    TypeError
        If `value` is neither a number nor callable.

    Examples
    --------
    >>> as_momentum(lambda k: k / (k + 3))(3)
    0.5
    """
    return _asked(value, "momentum", _checks.fraction, _checks.fraction, limit=1)


def _asked(value, name, check, check_later, limit=inf):
    """Check a number now, the values of a function as they come."""
    if not callable(value):
        return constant(_checks.single(check(value, name), name))

    def schedule(k):
        number = value(k)
        # the full check takes longer than the step of a small ensemble, so most pass by here
        if isinstance(number, float) and 0 < number < limit:
            return float(number)
        return float(check_later(number, f"{name}({k})"))

    return schedule


def _positive(formula):
    """Return a schedule with the smallest normal number in place of a value that underflows."""

    def schedule(k):
        try:
            return max(formula(k), sys.float_info.min)
        except OverflowError:  # of a denominator
            return sys.float_info.min

    return schedule


def _offset(value, limit, logarithm):
    value = float(_checks.finite(value, "offset"))
    if value <= limit:
        why = f"{logarithm}(k + offset) must be positive from k = 0 on"
        raise ValueError(f"offset must be above {limit:.6g}, for {why}, got {value}")
    return value
