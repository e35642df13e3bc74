"""Variants of the problem sets: as hard as the example, and not to be copied from each other.

The everyday run draws a few names. VARIANTS=50 draws as many, and goes through each part with all
values of its choices: parts do not depend on each other, so that this is every variant there is.
"""

import ast
import itertools
import math
import os

import in_process
import pytest
import variants
from in_process import COURSE, adapters, drawn, lost, made, points
from problem_sets import ROOT, SOURCES, each_set, parts, solved, split, wrong_answers, wrong_module

EVERYTHING = "VARIANTS" in os.environ
NAMES = [f"student {number}" for number in range(int(os.environ.get("VARIANTS", "2")))]
WIDTH = 76

on_demand = pytest.mark.skipif(not EVERYTHING, reason="runs with VARIANTS=50, in make variants")
each_name = pytest.mark.parametrize("who", NAMES)


def choices_of(name):
    return variants.choices_of(COURSE, name)


def part_of(name, choice):
    return wrong_module(name).ADAPTED[choice][0]


def all_points(notebook):
    return {
        test: worth
        for part in parts(notebook)
        if not part.is_written
        for test, worth in part.points.items()
    }


@each_set
def test_the_example_is_the_notebook_as_it_stands(name):
    assert made(name) == variants.read(COURSE, name)


@each_set
def test_at_least_half_of_the_parts_vary(name):
    every = [part.name for part in parts(made(name))]
    varied = {part_of(name, choice) for choice in choices_of(name)}
    assert varied <= set(every)
    assert 2 * len(varied) >= len(every)
    assert set(wrong_module(name).ADAPTED) == set(choices_of(name))


def test_the_instructors_page_says_how_many_variants_there_are():
    tables = {name: choices_of(name).values() for name in SOURCES}
    counts = {name: math.prod(len(t["values"]) for t in tables[name]) for name in SOURCES}
    page = (ROOT / "appendix" / "instructors.md").read_text(encoding="utf-8")
    fewest, most = min(counts.values()), max(counts.values())
    few = [name.removeprefix("ps") for name in SOURCES if counts[name] == fewest]
    (many,) = (name.removeprefix("ps") for name in SOURCES if counts[name] == most)
    stated = f"between {fewest:,} variants (sets {' and '.join(few)}) and {most:,} (set {many})"
    assert stated in page


@each_set
def test_every_value_changes_question_answer_and_tests_of_one_part_alone(name):
    for choice, table in choices_of(name).items():
        (part,) = (p for p in parts(made(name)) if p.name == part_of(name, choice))
        tests = {test["metadata"]["nbgrader"]["grade_id"] for test in part.tests}
        for value in table["values"][1:]:
            cells = {*table.get("every", {}), *table.get(str(value), {})}
            where = f"{choice} = {value}: {sorted(cells)}"
            assert cells & tests, where
            assert part.name in cells, where
            assert cells - tests - {part.name}, f"{where}: no text tells the student"
            others = [p for p in parts(made(name)) if p.name != part.name]
            foreign = {test["metadata"]["nbgrader"]["grade_id"] for p in others for test in p.tests}
            assert not cells & (foreign | {p.name for p in others}), where


@each_set
def test_code_of_every_value_is_whole_and_narrow(name):
    for choice, table in choices_of(name).items():
        for value in table["values"]:
            for cell in made(name, {choice: value})["cells"]:
                if cell["cell_type"] == "code":
                    where = f"{choice} = {value}, {cell['id']}"
                    ast.parse(cell["source"])
                    assert not [line for line in cell["source"].splitlines() if len(line) > WIDTH]
                    for what in ("SOLUTION", "HIDDEN TESTS"):
                        begins = cell["source"].count(f"### BEGIN {what}")
                        assert begins == cell["source"].count(f"### END {what}"), where
                assert "«" not in cell["source"]


@each_set
def test_students_see_no_line_of_a_solution(name):
    for choice, table in choices_of(name).items():
        for value in table["values"]:
            notebook = made(name, {choice: value})
            shown = "\n".join(
                "\n".join(split(split_off(cell["source"]), "HIDDEN TESTS")[1])
                for cell in notebook["cells"]
                if not (cell["cell_type"] == "markdown" and "Rubric" in cell["source"])
            )
            for part in parts(notebook):
                if not part.is_written:
                    inside, _ = split(part.answer["source"], "SOLUTION")
                    told = [line for line in inside if len(line.strip()) > 12 and line in shown]
                    assert not told, f"{choice} = {value}: {told}"


def split_off(source):
    return "\n".join(split(source, "SOLUTION")[1])


@each_set
@each_name
def test_solution_earns_everything_and_a_blank_nothing(name, who):
    notebook = made(name, drawn(name, who))
    assert lost(notebook) == {}
    blank = points(lost(notebook, in_process.blank(notebook)))
    assert blank == all_points(notebook)


@each_set
@each_name
def test_wrong_answers_lose_what_they_lose_in_the_example(name, who):
    values = drawn(name, who)
    notebook, adapted = made(name, values), adapters(name, values)
    for wrong in wrong_answers(name):
        found = lost(notebook, {part: text for part, (_, text, _) in wrong.items()}, adapted)
        stated = {test: worth for *_, less in wrong.values() for test, worth in less.items()}
        assert points(found) == stated, found


@each_set
@each_name
def test_another_students_answers_lose_points_where_the_two_differ(name, who):
    """And nowhere else; the two draw the same in some parts."""
    mine, theirs = drawn(name, who), drawn(name, f"neighbour of {who}")
    notebook = made(name, mine)
    found = lost(notebook, solved(made(name, theirs)))
    differ = {part_of(name, choice) for choice in mine if mine[choice] != theirs[choice]}
    failing = {part.name for part in parts(notebook) if set(part.points) & set(found)}
    assert failing == differ, found


def pairs():
    """Return each choice with each two of its values."""
    for name in SOURCES:
        for choice, table in choices_of(name).items():
            for asked, given in itertools.permutations(table["values"], 2):
                yield name, choice, asked, given


@on_demand
@pytest.mark.parametrize(("name", "choice", "asked", "given"), list(pairs()))
def test_the_answer_to_one_value_is_wrong_for_another(name, choice, asked, given):
    part = part_of(name, choice)
    answer = solved(made(name, {choice: given}))[part]
    assert lost(made(name, {choice: asked}), {part: answer}, only=part)


def tasks():
    """Return each part with each combination of the values of its choices."""
    for name in SOURCES:
        choices = choices_of(name)
        for part in dict.fromkeys(part_of(name, choice) for choice in choices):
            own = [choice for choice in choices if part_of(name, choice) == part]
            for values in itertools.product(*(choices[choice]["values"] for choice in own)):
                yield name, part, dict(zip(own, values, strict=True))


@on_demand
@pytest.mark.parametrize(("name", "part", "values"), list(tasks()))
def test_each_task_of_a_part_is_marked_as_the_example_is(name, part, values):
    notebook, adapted = made(name, values), adapters(name, values)
    (found,) = (each for each in parts(notebook) if each.name == part)
    assert lost(notebook, only=part) == {}
    assert points(lost(notebook, in_process.blank(notebook), only=part)) == found.points
    for wrong in wrong_answers(name):
        _, text, stated = wrong[part]
        why = lost(notebook, {part: text}, adapted, only=part)
        assert points(why) == stated, why
