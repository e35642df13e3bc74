"""The works in torch, torchsde, OpenMM and sdeint."""

from functools import cache
from math import sqrt

import numpy as np
from tasks import BATCH, EVERY, FRICTION, HEAT, RATE, STEP, W1, W3, W4, force, regression


def torch_w4(share):
    import torch

    n, steps = W4[0], W4[1] // share
    X, y = map(torch.from_numpy, regression())
    w = torch.zeros((n, 10), dtype=X.dtype)
    for _ in range(steps):
        i = torch.randint(len(X), (n, BATCH))
        r = torch.einsum("rbd,rd->rb", X[i], w) - y[i]
        w = w - RATE / BATCH * torch.einsum("rb,rbd->rd", r, X[i])
    return n * steps


def torchsde_run(n, steps, every):
    import torch
    import torchsde

    class Well(torch.nn.Module):
        noise_type, sde_type = "diagonal", "ito"

        def f(self, t, x):
            return force(x)

        def g(self, t, x):
            return torch.full_like(x, sqrt(2 * HEAT))

    times = STEP * torch.arange(0, steps + 1, every, dtype=torch.float64)
    with torch.no_grad():
        x = torch.ones((n, 1), dtype=torch.float64)
        torchsde.sdeint(Well(), x, times, method="euler", dt=STEP)
    return n * steps


def torchsde_w1(share):
    steps = W1[1] // 10 // share
    return torchsde_run(W1[0], steps, steps)


def torchsde_w3(share):
    return torchsde_run(W3[0], W3[1] // 10 // share, EVERY)


# OpenMM, Reference platform: a particle has three coordinates, each in a double well of its own


@cache
def openmm_context(scheme, n_wells):
    import openmm

    n = -(-n_wells // 3)
    system = openmm.System()
    well = openmm.CustomExternalForce("(x*x-1)^2 + (y*y-1)^2 + (z*z-1)^2")
    for i in range(n):
        system.addParticle(1.0)
        well.addParticle(i, [])
    system.addForce(well)
    kelvin = HEAT / 0.00831446  # energies are kJ/mol
    integrator = getattr(openmm, scheme)(kelvin, FRICTION, STEP)
    platform = openmm.Platform.getPlatformByName("Reference")
    context = openmm.Context(system, integrator, platform)
    context.setPositions(np.ones((n, 3)))
    return context


def openmm_w1(share):
    steps = W1[1] // 10 // share
    openmm_context("BrownianIntegrator", W1[0]).getIntegrator().step(steps)
    return W1[0] * steps


def openmm_w2(share):
    steps = W1[1] // 10 // share
    openmm_context("LangevinMiddleIntegrator", W1[0]).getIntegrator().step(steps)
    return W1[0] * steps


# sdeint goes one trajectory at a time


def sdeint_w1(share):
    import sdeint

    n, steps = 20, 1000 // share
    times = np.linspace(0.0, STEP * steps, steps + 1)
    heat = np.array([[sqrt(2 * HEAT)]])
    rng = np.random.default_rng(1)
    for _ in range(n):
        sdeint.itoEuler(lambda x, t: force(x), lambda x, t: heat, np.ones(1), times, generator=rng)
    return n * steps


sdeint_w3 = sdeint_w1
