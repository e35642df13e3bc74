"""Closed forms: by quadrature, enumeration, recursion, SciPy, and the numbers of the literature."""

from itertools import product

import numpy as np
import pytest
import sympy
from library_checks import assert_mean
from scipy import integrate, stats

from langevin import exact

inf = np.inf


# A grain in a liquid


def test_constants_are_those_of_the_si():
    assert exact.BOLTZMANN == 1.380649e-23 and exact.AVOGADRO == 6.02214076e23
    assert pytest.approx(8.31446261815324, rel=1e-15) == exact.GAS_CONSTANT


def test_einstein_and_stokes():
    """0.4288 square micrometres a second for R = 0.5 um in water at 20 degrees Celsius."""
    assert exact.diffusion_constant(293.15, 1.0016e-3, 0.5e-6) == pytest.approx(
        0.4288e-12, rel=1e-4
    )
    friction = exact.stokes_friction(1.0016e-3, 0.5e-6)
    assert friction == pytest.approx(6 * np.pi * 1.0016e-3 * 0.5e-6)


def test_einsteins_own_example():
    """17 degrees, 0.00135 Pa s, N = 6e23: 0.8 um in 1 s and 6 um in 1 min if R is 0.5 um."""
    D = exact.diffusion_constant(290.15, 1.35e-3, 0.5e-6) * exact.AVOGADRO / 6e23
    assert 1e6 * np.sqrt(2 * D) == pytest.approx(0.795, abs=1e-3)
    assert 1e6 * np.sqrt(2 * D * 60) == pytest.approx(6.15, abs=0.02)
    assert 1e6 * np.sqrt(2 * D / 2 * 60) == pytest.approx(4.35, abs=0.01)


def test_relaxation_of_a_micrometre_sphere():
    mass = 4 / 3 * np.pi * 0.5e-6**3 * 1000
    tau = exact.relaxation_time(mass, exact.stokes_friction(1e-3, 0.5e-6))
    assert tau == pytest.approx(5.56e-8, rel=1e-3)


def test_free_msd_is_the_integral_of_the_velocity_correlation():
    m, friction, T, t = 0.7, 1.3, 2.0, 1.9
    correlation = lambda s: T / m * np.exp(-friction * s / m)  # noqa: E731
    double, _ = integrate.quad(lambda s: 2 * (t - s) * correlation(s), 0, t, epsabs=1e-13)
    assert exact.free_msd(t, m, friction, T) == pytest.approx(double, rel=1e-11)
    assert exact.free_msd(t, m, friction, T, dim=3) == pytest.approx(3 * double, rel=1e-11)


def test_free_msd_values_and_limits():
    np.testing.assert_allclose(
        exact.free_msd([1.0, 10.0], 1.0, 1.0, 1.0), [0.735759, 18.000091], rtol=1e-6
    )
    assert exact.free_msd(1e-6, 1.0, 1.0, 1.0) == pytest.approx(1e-12, rel=1e-6)
    assert exact.free_msd(1e9, 1.0, 1.0, 1.0) == pytest.approx(2e9, rel=1e-8)
    just_below, series = 9.99e-4, 9.99e-4**2 * (1 - 9.99e-4 / 3 + 9.99e-4**2 / 12)
    assert exact.free_msd(just_below, 1.0, 1.0, 1.0) == pytest.approx(series, rel=1e-10)
    left, right = (exact.free_msd(1e-3 * (1 + e), 1.0, 1.0, 1.0) for e in (-1e-9, 1e-9))
    assert left == pytest.approx(right, rel=1e-8)
    assert exact.free_msd(0.0, 1.0, 1.0, 1.0) == 0.0


def test_the_propagator_solves_the_diffusion_equation():
    x, t, D = sympy.symbols("x t D", positive=True)
    p = sympy.exp(-(x**2) / (4 * D * t)) / sympy.sqrt(4 * sympy.pi * D * t)
    assert sympy.simplify(sympy.diff(p, t) - D * sympy.diff(p, x, 2)) == 0
    ours = exact.gaussian_propagator(0.3, 0.7, 0.9)
    assert ours == pytest.approx(float(p.subs({x: 0.3, t: 0.7, D: 0.9})), rel=1e-14)


def test_the_propagator_is_a_density_with_the_right_variance():
    p = lambda x: exact.gaussian_propagator(x, 0.7, 0.9)  # noqa: E731
    assert integrate.quad(p, -inf, inf)[0] == pytest.approx(1, rel=1e-10)
    second, _ = integrate.quad(lambda x: x**2 * p(x), -inf, inf)
    assert second == pytest.approx(2 * 0.9 * 0.7, rel=1e-9)


def test_avogadro_undoes_einstein():
    D = exact.diffusion_constant(290.0, 1.1e-3, 0.2e-6)
    assert exact.avogadro(2 * D * 30, 30, 290.0, 1.1e-3, 0.2e-6) == pytest.approx(exact.AVOGADRO)
    assert exact.avogadro(45e-12, 30, 290, 1.2e-3, 0.212e-6) == pytest.approx(6.70e23, rel=1e-3)


def test_perrins_second_series():
    """Three of the four printed numbers follow from their row, the one at 90 s does not."""
    xi2, t = np.array([45, 86.5, 140, 195]) * 1e-12, np.array([30, 60, 90, 120])
    ours = exact.avogadro(xi2, t, 290.15, 1.2e-3, 0.212e-6) / 1e22
    off = ours / [68, 70.5, 71, 62] - 1
    assert list(np.abs(off) < 0.03) == [True, True, False, True]
    assert ours[2] == pytest.approx(64.6, abs=0.1)


def test_barometric_length():
    length = exact.barometric_length(290, 206.7, 0.212e-6, avogadro=70.5e22)
    assert 1e6 * length == pytest.approx(42.3, abs=0.05)
    weight = 4 / 3 * np.pi * 0.212e-6**3 * 206.7 * 9.81
    ours = exact.barometric_length(290, 206.7, 0.212e-6)
    assert ours == pytest.approx(exact.BOLTZMANN * 290 / weight)


def test_velocities_on_the_energy_shell(rng):
    """Uniform states of given energy and zero momentum, drawn directly."""
    masses, energy, n = np.array([5.0, 1.0, 2.0]), 4.0, 40_000
    p = rng.standard_normal((n, 3, 2)) * np.sqrt(masses)[:, None]
    v = p / masses[:, None] - p.sum(axis=1, keepdims=True) / masses.sum()
    kinetic = 0.5 * (masses[:, None] * v**2).sum(axis=(1, 2))
    v *= np.sqrt(energy / kinetic)[:, None, None]
    law = [exact.disc_velocity_variance(energy, m, masses.sum(), 3) for m in masses]
    assert_mean((v**2).mean(axis=2), law)
    assert masses @ law == pytest.approx(energy)


# Chance


@pytest.mark.parametrize("a, b, rms", [(0, 1, 1), (0.3, 2.2, 1.5), (1.0, inf, 0.4)])
def test_half_normal(a, b, rms):
    law = stats.halfnorm(scale=rms)
    assert exact.half_normal_probability(a, b, rms) == pytest.approx(law.cdf(b) - law.cdf(a))


def test_rings_by_quadrature():
    density = lambda r: 2 * r * np.exp(-(r**2))  # noqa: E731
    for a, b in [(0, 0.25), (0.5, 1.75), (1, inf)]:
        ours = exact.rayleigh_ring_probability(a, b)
        assert ours == pytest.approx(integrate.quad(density, a, b)[0], rel=1e-9)
    rings = np.append(np.arange(0, 2.25, 0.25), inf)
    assert exact.rayleigh_ring_probability(rings[:-1], rings[1:]).sum() == pytest.approx(1)
    mean, _ = integrate.quad(lambda r: r * density(r), 0, inf)
    assert mean == pytest.approx(np.sqrt(np.pi) / 2)


def test_chi_square_tail():
    for dof in range(1, 13):
        for chi2 in (0.0, 0.5, 3.05, 10.7, 60.0):
            ours = exact.chi_square_probability(chi2, dof)
            assert ours == pytest.approx(stats.chi2.sf(chi2, dof), rel=1e-11)


def test_random_walk_by_listing_all_paths():
    n = 10
    ends = np.array([sum(steps) for steps in product((-1, 1), repeat=n)])
    for s in range(-n - 1, n + 2):
        assert exact.random_walk_probability(n, s) == np.mean(ends == s)
    for m in range(n + 2):
        assert exact.random_walk_within(n, m) == pytest.approx(np.mean(np.abs(ends) <= m))


def test_random_walk_of_a_hundred_steps():
    assert exact.random_walk_within(100, 10) == pytest.approx(0.7287, abs=5e-5)
    assert exact.random_walk_probability(100, -100) == 2.0**-100
    assert exact.random_walk_within(0, 0) == 1.0
    assert exact.random_walk_within(1500, 1500) == 1.0


# Iterates


def test_harmonic_moments_by_recursion():
    tau, kappa, T, x0 = 0.3, 1.7, 0.6, 2.0
    mean, variance = x0, 0.0
    for n in range(20):
        law = exact.harmonic_ula_moments(n, x0, kappa, tau, T)
        np.testing.assert_allclose(law, [mean, variance], rtol=1e-12, atol=1e-15)
        mean, variance = (1 - kappa * tau) * mean, (1 - kappa * tau) ** 2 * variance + 2 * T * tau
    late = exact.harmonic_ula_moments(10_000, x0, kappa, tau, T).variance
    assert late == pytest.approx(exact.harmonic_ula_variance(kappa, tau, T))


def test_small_steps_lead_to_the_continuum():
    t, kappa, T, x0, n = 1.3, 1.7, 0.6, 2.0, 10**7
    np.testing.assert_allclose(
        exact.harmonic_ula_moments(n, x0, kappa, t / n, T),
        exact.harmonic_moments(t, x0, kappa, T),
        rtol=1e-6,
    )
    mean, variance = exact.harmonic_moments(inf, x0, kappa, T)
    assert mean == 0 and variance == pytest.approx(T / kappa)


def test_a_soft_spring_is_free():
    soft = exact.harmonic_ula_moments(50, 0.0, 1e-9, 0.1, 0.8)
    np.testing.assert_allclose(soft, exact.free_ula_moments(50, 0.1, 0.8), rtol=1e-6)


def test_published_variances():
    """The stationary variance 1.1111, 1.0256 at steps 0.2, 0.05, and 4/3 at half a unit."""
    steps, law = [0.2, 0.05, 0.5], [1.1111, 1.0256, 1.3333]
    np.testing.assert_allclose(
        [exact.harmonic_ula_variance(1, s, 1) for s in steps], law, rtol=1e-4
    )


def test_quadratic_variation_is_a_chi_square():
    mean, variance = exact.quadratic_variation_moments(50, 0.1, 0.8)
    law = stats.chi2(50, scale=2 * 0.1 * 0.8)
    assert (mean, variance) == pytest.approx((law.mean(), law.var()))


# Bad input


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: exact.diffusion_constant(-1, 1e-3, 1e-6), "temperature must be positive, got -1"),
        (lambda: exact.stokes_friction(0, 1e-6), "viscosity must be positive, got 0"),
        (lambda: exact.free_msd(-1, 1, 1, 1), "t must be zero or positive, got -1"),
        (lambda: exact.gaussian_propagator(0, 0, 1), "t must be positive, got 0"),
        (lambda: exact.avogadro(0, 1, 1, 1, 1), "msd must be positive, got 0"),
        (lambda: exact.barometric_length(290, -5, 1e-6), "density_difference must be positive"),
        (lambda: exact.half_normal_probability(2, 1), "0 <= a <= b, got a = 2.0 and b = 1.0"),
        (lambda: exact.rayleigh_ring_probability(-1, 1), "a must be zero or positive, got -1"),
        (lambda: exact.chi_square_probability(1, 0), "dof must be at least 1, got 0"),
        (lambda: exact.random_walk_within(-1, 1), "n must be at least 0, got -1"),
        (lambda: exact.random_walk_within(1, -1), "m must be at least 0, got -1"),
        (lambda: exact.harmonic_ula_variance(1, 2.5, 1), "step_size must be below 2 / stiffness"),
        (lambda: exact.harmonic_moments(-1, 0, 1, 1), "t must be zero or positive, got -1"),
        (lambda: exact.disc_velocity_variance(1, 2, 2, 3), "mass must be below total_mass 2.0"),
        (lambda: exact.disc_velocity_variance(1, 1, 2, 1), "n_discs must be at least 2, got 1"),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
