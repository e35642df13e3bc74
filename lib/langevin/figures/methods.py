"""The kernels of the library as a live figure knows them: their numbers and their ranges."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from langevin import _checks

# What each number of a kernel may be.
ALLOWED = {
    "step_size": _checks.positive,
    "temperature": _checks.not_negative,
    "sigma": _checks.not_negative,
    "friction": _checks.not_negative,
    "mass": _checks.positive,
    "epsilon": _checks.positive,
    "momentum": _checks.fraction,
    "decay": _checks.fraction,
    "beta1": _checks.fraction,
    "beta2": _checks.fraction,
    "weight_decay": _checks.not_negative,
}


@dataclass(frozen=True)
class Method:
    """A kernel of the library as the page knows it.

    `kernel` is the page's step; `needs` and `may` are the numbers an author must and can give,
    `fixed` those that make it a special case; `limit` names the longest stable step where one is
    known; `clock` says what passes in a step; `samples` whether it has a Boltzmann distribution.
    """

    kernel: str
    needs: tuple[str, ...]
    may: dict[str, float] = field(default_factory=dict)
    fixed: dict[str, float] = field(default_factory=dict)
    limit: str | None = None
    clock: str = "step"
    samples: bool = False
    word: str | None = None
    scheduled: tuple[str, ...] = ("step_size", "temperature")

    @property
    def names(self) -> list[str]:
        """All numbers that can be given."""
        return [*self.needs, *self.may]


_langevin = Method(
    "langevin", ("step_size", "temperature"), limit="langevin", clock="overdamped", samples=True
)
_quiet = {"sigma": 0.0}
_small = {"epsilon": 1e-8}
_averaged = {"beta1": 0.9, "beta2": 0.999} | _small
_moving = ("step_size", "momentum")
METHODS = {
    "langevin": replace(_langevin, may=_quiet),
    "ula": _langevin,
    "gradient_descent": Method(
        "langevin", ("step_size",), fixed={"temperature": 0.0}, limit="langevin"
    ),
    "sgd": Method(
        "langevin",
        ("step_size", "sigma"),
        fixed={"temperature": 0.0},
        limit="langevin",
        samples=True,
    ),
    "sgld": Method(
        "langevin", ("step_size", "sigma"), {"temperature": 1.0}, limit="langevin", samples=True
    ),
    "leimkuhler_matthews": replace(_langevin, kernel="leimkuhler_matthews"),
    "heavy_ball": Method("heavy_ball", _moving, _quiet, limit="heavy_ball", scheduled=_moving),
    "nesterov": Method("nesterov", _moving, _quiet, limit="nesterov", scheduled=_moving),
    "adagrad": Method("adagrad", ("step_size",), _small | _quiet),
    "rmsprop": Method("rmsprop", ("step_size",), {"decay": 0.9} | _small | _quiet),
    "adam": Method("adam", ("step_size",), _averaged | _quiet, fixed={"weight_decay": 0.0}),
    "adamw": Method("adam", ("step_size",), _averaged | {"weight_decay": 0.01} | _quiet),
}
WORDS = ("baoab", "obabo", "aboba")
# The words that are stable below 2 sqrt(mass / curvature) whatever the friction.
VERLET = ("AB", "BA", "ABA", "BAB", "BAOAB", "ABOBA", "OBABO", "OABAO")


def method(kernel: str) -> Method:
    """Return the method of a name or a word.

    Examples
    --------
    >>> method("baoab").needs
    ('step_size', 'temperature', 'friction')
    """
    if isinstance(kernel, str) and kernel in METHODS:
        return METHODS[kernel]
    word = kernel.upper() if kernel in WORDS else kernel
    if not isinstance(word, str) or not set("AB") <= set(word) <= set("ABO"):
        raise ValueError(
            f"kernel must be one of {', '.join([*METHODS, *WORDS])}, or a word of the letters "
            f"A, B and O with at least one A and one B, got {kernel!r}"
        )
    thermal = ("temperature", "friction")
    needs = ("step_size", *thermal) if "O" in word else ("step_size",)
    fixed = {} if "O" in word else dict.fromkeys(thermal, 0.0)
    limit = "verlet" if word in VERLET else None
    return Method("splitting", needs, {"mass": 1.0}, fixed, limit, "inertial", "O" in word, word)
