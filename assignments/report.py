"""What marking has found: points by part, failed tests, answers that are alike, what waits."""

import ast
import builtins
import json
import re
import warnings
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean, pstdev

import batch
import marking

SHORTEST = 6  # lines of code, as Python writes it; shorter right answers are often alike
FEWEST = 30  # words of a text
LINE = re.compile(r"Cell In\[[^\]]*\], line (\d+)")
NUMBER = re.compile(r"-?\d[\d.,]*(?:e[+-]?\d+)?")  # differs where two students err alike
CHANGED = re.compile(r"(\S+) waits for a human; changed before it: (.*)")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def cells_of(path):
    """Return the cells of a notebook by the names that nbgrader gave them."""
    found = {}
    for cell in json.loads(Path(path).read_text(encoding="utf-8"))["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name:
            found[name] = cell | {"source": "".join(cell["source"])}
    return found


def marked_cells(name):
    """Return the cells of each student whose submission could be marked."""
    paths = sorted(Path("autograded").glob(f"*/{name}/{name}.ipynb"))
    return {path.parts[1]: cells_of(path) for path in paths}


def by_part(book, name, students):
    """Return the lines of a table: points of each graded cell, and which tests failed.

    Parameters
    ----------
    book : nbgrader.api.Gradebook
        That of the course.
    name : str
        The set.
    students : dict
        What `marked_cells` returns.
    """
    scores, waits = defaultdict(list), Counter()
    for submission in book.assignment_submissions(name):
        if submission.student_id in students:
            for grade in submission.notebooks[0].grades:
                waits[grade.name] += grade.needs_manual_grade
                if not grade.needs_manual_grade:
                    scores[grade.name].append(grade.score)
    failed = defaultdict(Counter)
    for cells in students.values():
        for test, cell in cells.items():
            if why := failure(cell):
                failed[test][why] += 1
    lines = [f"{'':32} {'of':>4} {'mean':>6} {'spread':>6} {'failed':>6} {'waits':>6}"]
    for cell in book.find_notebook(name, name).grade_cells:
        points = scores[cell.name]
        mean = f"{fmean(points):6.2f} {pstdev(points):6.2f}" if points else f"{'-':>6} {'-':>6}"
        wrong = sum(failed[cell.name].values())
        lines.append(f"{cell.name:32.32} {cell.max_score:4g} {mean} {wrong:6} {waits[cell.name]:6}")
        for (hidden, why), count in failed[cell.name].most_common():
            lines.append(f"    {count} x {'hidden: ' if hidden else ''}{why}")
    return lines


def failure(cell):
    """Return whether the assertion of a test that failed is hidden, and what it says, or None."""
    told = cell["metadata"].get("nbgrader", {})
    errors = [each for each in cell.get("outputs", []) if each["output_type"] == "error"]
    if not told.get("grade") or told.get("solution") or not errors:
        return None
    error = errors[-1]
    if error["ename"] == marking.CHANGED:  # it waits, and has not failed
        return None
    at = LINE.search(COLOURS.sub("", "\n".join(error["traceback"])))
    before = cell["source"].splitlines()[: int(at[1])] if at else []
    begins = sum("### BEGIN HIDDEN TESTS" in line for line in before)
    ends = sum("### END HIDDEN TESTS" in line for line in before)
    first = NUMBER.sub("#", COLOURS.sub("", error["evalue"]).strip().partition("\n")[0])
    return begins > ends, f"{error['ename']}: {first[:90]}".rstrip(": ")


class Renamed(ast.NodeTransformer):
    """Number the names that a cell binds itself, in the order in which they come."""

    def __init__(self, bound):
        self.numbers = {}
        self.bound = bound

    def new(self, name):
        """Return the new name."""
        if name not in self.bound:
            return name
        return self.numbers.setdefault(name, f"name{len(self.numbers)}")

    def visit_Name(self, node):
        """Rename a variable."""
        return ast.Name(self.new(node.id), node.ctx)

    def visit_arg(self, node):
        """Rename a parameter, and leave its annotation out."""
        return ast.arg(self.new(node.arg))

    def visit_FunctionDef(self, node):
        """Rename a function, and leave its description out."""
        node.name = self.new(node.name)
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        node.returns = None
        return self.generic_visit(node)


def normal(source):
    r"""Return code without its comments and layout, and with other names; None if it is none.

    Examples
    --------
    >>> normal("def f(x):  # twice\n    return 2 * x") == normal("def g(y): return 2*y")
    True
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    nodes = list(ast.walk(tree))
    variables = [node for node in nodes if isinstance(node, ast.Name)]
    bound = {node.id for node in variables if isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    try:
        return ast.unparse(Renamed(bound - vars(builtins).keys()).visit(tree))
    except (RecursionError, ValueError):
        return None


def compared(cell):
    """Return what of an answer is compared with others', or None if it is too short to tell."""
    if cell["cell_type"] == "code":
        text = normal(cell["source"])
        return text if text and len(text.splitlines()) >= SHORTEST else None
    words = cell["source"].casefold().split()
    return " ".join(words) if len(words) >= FEWEST else None


def alike(name, students):
    """Return a line for each answer that several students have given.

    Parameters
    ----------
    name : str
        The set.
    students : dict
        What `marked_cells` returns.
    """
    given = {
        test: compared(cell) for test, cell in cells_of(f"release/{name}/{name}.ipynb").items()
    }
    same = defaultdict(list)
    for student, cells in students.items():
        for part, cell in cells.items():
            if cell["metadata"]["nbgrader"].get("solution"):
                text = compared(cell)
                if text and text != given.get(part):
                    same[part, text].append(student)
    found = [(part, text, who) for (part, text), who in same.items() if len(who) > 1]
    return [
        f"{part}: {', '.join(who)} ({len(text.splitlines())} lines, {len(text.split())} words)"
        for part, text, who in sorted(found, key=lambda each: (each[0], len(each[2])))
    ]


def waiting(book, name):
    """Return a line for everything that waits for a human."""
    lines = []
    written = Counter()
    for submission in sorted(book.assignment_submissions(name), key=lambda each: each.student_id):
        student = submission.student_id
        record = batch.record_of(name, student)
        told = record.get("told", [])
        lines += together(student, told)
        if record.get("ended"):
            lines.append(f"{student}: could not be marked: {record['ended']}")
            continue
        for grade in submission.notebooks[0].grades:
            if not grade.needs_manual_grade:
                continue
            if grade.cell.cell_type == "markdown":
                written[grade.name] += 1
            elif grade.manual_score is not None:
                lines.append(f"{student}: {grade.name} was marked again; your points stand")
            elif not any(f" {grade.name} " in line for line in told):
                lines.append(f"{student}: {grade.name} is missing from the file")
    lines += [f"{part}: {count} written answers wait" for part, count in written.items()]
    return lines


def together(student, told):
    """Return the lines about a student; tests before which the same was changed share one."""
    tests, lines = defaultdict(list), []
    for line in told:
        if found := CHANGED.match(line.removeprefix(f"{student}: ")):
            tests[found[2]].append(found[1])
        else:
            lines.append(line)
    for names, found in tests.items():
        one = len(found) == 1
        wait = f"{'waits' if one else 'wait'} for a human; changed before {'it' if one else 'them'}"
        lines.append(f"{student}: {', '.join(found)} {wait}: {names}")
    return lines


def cost(name):
    """Return a line on what the submissions took."""
    paths = Path("marked", name).glob("*.json")
    records = [batch.record_of(name, path.stem) for path in paths]
    if not records:
        return []
    seconds = [record["seconds"] for record in records]
    most = max(record["megabytes"] for record in records)
    return [
        f"a submission took {fmean(seconds):.1f} s in the mean, {max(seconds):.1f} s and "
        f"{most:.0f} MB at most"
    ]
