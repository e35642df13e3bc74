"""Measure what figures take in a page, and write it into appendix/figures.md.

Chromium, without a graphics card, draws each figure for a while; what counts is the time that a
figure's script takes in one frame, the median over all frames.  Two cores at rest are needed: run
nothing else meanwhile.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "tests")]
os.environ["LANGEVIN_FIGURES"] = "static"

from figure_site import CURVE, TIMED, curve, film, write  # noqa: E402

from chromium import FLAGS, NAMES  # noqa: E402
from langevin import double_well, figures, muller_brown  # noqa: E402

MOVED = """input => Array.from({ length: 60 }, () => {
  const begin = performance.now();
  input.value = String((Number(input.value) + 1) % (Number(input.max) + 1));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return performance.now() - begin;
})"""


def ensemble(U, n, steps, domain, **more):
    return figures.live(
        U,
        domain=domain,
        particles=n,
        steps=steps,
        step_size=0.001,
        temperature=0.5,
        alt="Particles.",
        **more,
    )


def works():
    """Name and figure of each row."""
    states = len(CURVE["rate"]) * len(CURVE["time"])
    yield f"`explore`, {states} states, one move", figures.explore(curve, alt="A curve.", **CURVE)
    yield "`movie`, 40 discs", film()
    for n, steps in ((400, 4), (2000, 20), (5000, 20)):
        name = f"`live`, {n:,} particles in two wells, {steps} steps a frame"
        yield name, ensemble(double_well(), n, steps, (-2, 2))
    plane = ((-1.6, 1.2), (-0.4, 2.1))
    name = "`live`, 2,000 particles on the map of Müller and Brown, 5 steps a frame"
    yield name, ensemble(muller_brown(0.05), 2000, 5, plane)


def measured(page, figure):
    """Milliseconds of script: the median over moves or frames."""
    with tempfile.TemporaryDirectory() as folder:
        page.goto(write(Path(folder), [figure]))
        page.wait_for_selector(".lv-ready")
        if page.locator(".lv-explore").count():
            times = page.locator("input[type=range]").first.evaluate(MOVED)
        else:
            page.evaluate(TIMED)
            page.locator(".lv-play").click()
            page.wait_for_timeout(2500)
            times = page.evaluate("window.spent")[10:]
    return statistics.median(times)


def main():
    import shutil

    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        page = browser.new_context(viewport={"width": 1000, "height": 900}).new_page()
        rows = [f"| {name} | {measured(page, figure):.1f} ms |" for name, figure in works()]
        browser.close()
    table = "\n".join(["| figure | script a frame |", "|---|---:|", *rows])
    path = ROOT / "appendix" / "figures.md"
    before, _, rest = path.read_text(encoding="utf-8").partition("<!-- measured -->")
    _, _, after = rest.partition("<!-- end -->")
    path.write_text(f"{before}<!-- measured -->\n{table}\n<!-- end -->{after}", encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
