"""What a live figure runs: a potential and kernels of the library, checked and put into words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np

from langevin import _checks
from langevin._checks import describe
from langevin.figures.methods import ALLOWED, Method, method
from langevin.figures.parameters import Slider, named
from langevin.figures.schedule import Schedule, first_values, values_of
from langevin.potentials import Potential


@dataclass(frozen=True)
class Model:
    """A live figure's systems: `data` for the page, the code of its `forces`, the potential."""

    data: dict[str, Any]
    forces: list[str]
    potential: Potential

    @property
    def latex(self) -> str:
        """The energy in LaTeX."""
        return self.potential.latex


def model(U, kernel, *, particles, start, domain, seed, parameters) -> Model:
    r"""Check what a live figure is to run, and write it down for the page.

    Parameters
    ----------
    U : Potential or str
        The energy, in one or two coordinates; or an expression of x, or of x and y, whose other
        names are among the `parameters`.
    kernel : str or dict
        The library's name of a kernel, or a word such as ``"BAOAB"``; for a race side by side a
        dict from labels to kernels, or to pairs of a kernel and its own parameters.
    particles : int
        How many.
    start : array_like, shape (dim,) or (particles, dim)
        Where they all or each of them start, kept to six digits.
    domain : tuple of float, or one for each coordinate
        The ends of what is shown.
    seed : int
        From 0 to 2**32 - 1.
    parameters : dict
        A number, a `Slider` or a `Schedule` for each parameter of the kernels and of the
        potential.

    Returns
    -------
    Model
        Its `data` can be written as JSON.

    Raises
    ------
    ValueError
        If a name is unknown or missing, or a value is out of range; each message says what is
        allowed.
    TypeError
        If an argument is of the wrong kind.

    Examples
    --------
    >>> from langevin.figures import Slider
    >>> made = model(
    ...     "stiffness*x**2/2",
    ...     "langevin",
    ...     particles=100,
    ...     start=[0.0],
    ...     domain=(-3, 3),
    ...     seed=1,
    ...     parameters={"stiffness": 2.0, "step_size": Slider([0.1, 0.2]), "temperature": 1.0},
    ... )
    >>> made.latex
    '\\frac{stiffness x^{2}}{2}'
    >>> made.data["systems"][0]["values"]
    {'stiffness': 2.0, 'step_size': 0.1, 'temperature': 1.0, 'sigma': 0.0}
    """
    U = _potential(U, parameters)
    racers = _racers(kernel)
    forces = [U.javascript()]
    sliders: dict[str, Slider] = {}
    for name in parameters:
        known = {n for _, _, m, own in racers for n in m.names if n not in own}
        if name not in known | set(U.parameters):
            raise ValueError(
                f"no kernel and no potential here has a parameter {name!r}; "
                f"known are {', '.join(sorted(known | set(U.parameters)))}"
            )
    systems = [_system(racer, U, parameters, forces, sliders) for racer in racers]
    clocks = {m.clock for _, _, m, _ in racers}
    n = _checks.count(particles, "particles")
    seed = count(seed, "seed", 0, 2**32 - 1)
    data = {
        "dim": U.dim,
        "n": n,
        "seed": seed,
        "domain": _domain(domain, U.dim),
        "start": _start(start, n, U.dim),
        "clock": "time" if len(clocks) == 1 and "step" not in clocks else "step",
        "parameters": [
            {
                "name": name,
                "label": slider.label,
                "values": [float(v) for v in slider.values],
                "texts": slider.texts,
                "first": slider.first,
                "fine": slider.fine,
                "unit": slider.unit,
                "form": slider.format if isinstance(slider.format, str) else "",
            }
            for name, slider in sliders.items()
        ],
        "systems": systems,
    }
    return Model(data, forces, U)


def count(value: Any, name: str, least: int, most: int) -> int:
    """Return a whole number between two limits.

    Examples
    --------
    >>> count(3, "steps", 1, 1000)
    3
    """
    number = _checks.count(value, name, least)
    if number > most:
        raise ValueError(f"{name} must be at most {most}, got {number}")
    return number


def _potential(U, parameters) -> Potential:
    if not isinstance(parameters, Mapping):
        raise TypeError(
            f"parameters must be a dict from names to values, got {describe(parameters)}"
        )
    if isinstance(U, str):
        words = set(re.findall(r"[^\W\d]\w*", U))
        own = {p: v for p, v in parameters.items() if p in words}
        scheduled = [p for p, v in own.items() if isinstance(v, Schedule) or callable(v)]
        if scheduled:
            raise ValueError(f"the potential's {scheduled[0]!r} must be a number or a Slider")
        U = Potential(U, "x y" if "y" in words else "x", **first_values(own))
    if not isinstance(U, Potential):
        raise TypeError(
            f"U must be a Potential or an expression of x, or of x and y, got {describe(U)}; "
            "langevin.potentials has some, such as double_well()"
        )
    if U.dim > 2:
        raise ValueError(f"a live figure shows one or two coordinates, got a potential of {U.dim}")
    both = sorted(set(U.parameters) & set(ALLOWED))
    if both:
        raise ValueError(f"{both[0]!r} is a parameter of kernels; name the potential's otherwise")
    return U


def _racers(kernel) -> list[tuple[str, str, Method, dict[str, Any]]]:
    """Return label, slug, method and own parameters of each system."""
    several = kernel if isinstance(kernel, Mapping) else {"": kernel}
    if not several:
        raise ValueError("a race needs at least one kernel, got none")
    racers = []
    for label, given in several.items():
        name, own = given if isinstance(given, tuple) and len(given) == 2 else (given, {})
        if not isinstance(own, Mapping):
            raise TypeError(f"the own parameters of {label!r} must be a dict, got {describe(own)}")
        slug = re.sub(r"\W+", "_", str(label).lower()).strip("_")
        racers.append((str(label), slug, method(name), dict(own)))
    if len({slug for _, slug, _, _ in racers}) < len(racers):
        raise ValueError(f"the labels of a race must differ, got {describe(list(several))}")
    return racers


def _system(racer, U, parameters, forces, sliders) -> dict[str, Any]:
    """Return one system; add its sliders and the code of its schedules to the figure's."""
    label, slug, method, own = racer
    known = [*method.names, *U.parameters]
    unknown = sorted(set(own) - set(known))
    if unknown:
        raise ValueError(
            f"{label or 'this kernel'} has no parameter {unknown[0]!r}; "
            f"known are {', '.join(known)}"
        )
    given = {name: value for name, value in parameters.items() if name in known} | own
    given = given | {**method.may, **U.parameters} | given
    missing = [name for name in method.needs if name not in given]
    if missing:
        raise ValueError(
            f"{label or 'this kernel'} also needs {', '.join(missing)}: give a number or a Slider"
        )
    values, sets, laws = dict(method.fixed), {}, {}
    for name, value in given.items():
        parts = {name: value}
        if isinstance(value, Schedule):
            if name not in method.scheduled:
                raise ValueError(
                    f"{name} cannot follow a schedule here; {', '.join(method.scheduled)} can"
                )
            code = value.code(name)
            if code not in forces:
                forces.append(code)
            laws[name] = forces.index(code)
            parts = {f"{name}_{part}": number for part, number in value.numbers.items()}
        for part, number in parts.items():
            check = ALLOWED.get(part, _checks.finite)
            checked = [float(check(v, part)) for v in values_of(part, number)]
            if isinstance(number, Real):
                values[part] = checked[0]
                continue
            slider, flat = named(part, number), part
            if name in own and slug:
                flat = f"{slug}_{part}"
                slider = replace(slider, label=f"{label}: {slider.label}")
            sliders[flat], sets[flat] = slider, part
            values[part] = checked[slider.first]
    system = {"label": label, "kernel": method.kernel, "force": 0, "values": values}
    if method.word:
        system["word"] = method.word
    return system | {
        "schedules": laws,
        "sets": sets,
        "limit": method.limit,
        "temperature": method.samples,
    }


def _domain(domain, dim) -> list[list[float]]:
    ends = np.atleast_2d(_checks.finite(domain, "domain"))
    if ends.shape != (dim, 2) or not np.all(ends[:, 0] < ends[:, 1]):
        shape = "(low, high)" if dim == 1 else "((low, high), (low, high))"
        raise ValueError(f"domain must be {shape} with low < high, got {describe(domain)}")
    return ends.tolist()


def _start(start, n, dim) -> list[float]:
    x = np.atleast_1d(_checks.finite(start, "start"))
    if x.shape not in ((dim,), (n, dim)):
        hint = "; write start[:, None]" if x.shape == (n,) else ""
        raise ValueError(
            f"start must be one place of shape ({dim},) or have shape ({n}, {dim}), "
            f"got shape {x.shape}{hint}"
        )
    return [float(f"{value:.6g}") for value in x.ravel()]
