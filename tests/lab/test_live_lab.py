"""A live figure beside a running kernel: Python and the reader move the same parameters."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

CHAPTER = "live.ipynb"
CELL = """\
import numpy as np
from langevin import double_well, figures
figure = figures.live(
    double_well(),
    domain=(-2, 2),
    start=-1,
    step_size=0.01,
    temperature=figures.Slider([0.1, 0.2, 0.4], start=0.2),
    particles=300,
    alt="Wells.",
)
figure"""
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


@pytest.fixture(scope="module")
def lab(lab):
    """The same JupyterLab, with a notebook that holds nothing but a live figure."""
    pytest.importorskip("anywidget")
    notebook = new_notebook(cells=[new_code_cell(CELL)], metadata={"kernelspec": KERNEL})
    nbformat.write(notebook, lab.chapters / CHAPTER)
    return lab


@pytest.fixture(scope="module")
def figure(chapter):
    found = chapter.page.locator(".lv-live.lv-ready")
    found.wait_for()
    return found


def wait_for(figure, script, argument=None):
    figure.page.wait_for_function(
        f"([figure, argument]) => {script}", arg=[figure.element_handle(), argument]
    )


def test_the_reader_moves_and_python_reads(figure, lab):
    slider = figure.get_by_role("slider", name="temperature")
    assert slider.get_attribute("aria-valuetext") == "0.2"
    slider.focus()
    slider.press("ArrowRight")
    moved = float(slider.get_attribute("aria-valuetext"))
    assert 0.2 < moved < 0.4  # it takes values between those that were given
    figure.page.wait_for_timeout(200)
    assert lab.evaluate("figure.temperature") == pytest.approx(moved)


def test_python_sets_and_the_figure_follows(figure, lab):
    lab.evaluate("setattr(figure, 'temperature', 0.1)")
    wait_for(figure, "figure.querySelector('input').ariaValueText === '0.1'")
    lab.evaluate("setattr(figure, 'temperature', 0.3)")  # between the slider's values
    wait_for(figure, "figure.querySelector('input').ariaValueText === '0.3'")


def test_python_reads_the_ensemble_back_and_sets_it(figure, lab):
    figure.get_by_role("button", name="Play").click()
    wait_for(figure, "parseFloat(figure.querySelector('.lv-clock').textContent.slice(4)) > 0.5")
    figure.get_by_role("button", name="Pause").click()
    figure.page.wait_for_timeout(300)
    shape, spread = lab.evaluate("(lambda x: (x.shape, float(x.std())))(figure.positions[''])")
    assert shape == (300, 1) and 0.05 < spread < 1
    assert lab.evaluate("figure.steps_taken") > 50

    still = figure.locator("canvas").last.evaluate("canvas => canvas.toDataURL()")
    lab.evaluate("setattr(figure, 'positions', np.full((300, 1), 1.5))")
    wait_for(
        figure, "figure.querySelectorAll('canvas')[1].toDataURL() !== argument", argument=still
    )
    assert lab.evaluate("figure.positions[''].mean().item()") == 1.5


def test_python_plays_and_pauses(figure, lab):
    lab.evaluate("setattr(figure, 'playing', True)")
    wait_for(figure, "figure.querySelector('.lv-play').textContent === 'Pause'")
    lab.evaluate("setattr(figure, 'playing', False)")
    wait_for(figure, "figure.querySelector('.lv-play').textContent === 'Play'")


def test_the_formula_is_set_and_nothing_complained(figure, chapter):
    assert figure.locator("math msup").count() >= 1
    assert figure.get_by_role("button", name="Link to this state").count() == 0
    assert chapter.complaints == []
