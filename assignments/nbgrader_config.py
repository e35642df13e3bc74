"""How nbgrader grades the problem sets; a course starts as a copy of this folder."""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "the-elegant-link"

# A cell that takes longer than this many seconds is interrupted and fails; the others are run.
c.Execute.timeout = 60
c.Execute.interrupt_on_timeout = True

# For nbgrader a test fails that prints to stderr; but a warning is no wrong answer.
c.Execute.extra_arguments = [
    "--IPKernelApp.exec_lines=import warnings; warnings.simplefilter('ignore')"
]

# A late submission is marked as late and loses nothing; with "zero" it would lose everything.
c.LateSubmissionPlugin.penalty_method = "none"

# Submissions are read in any encoding, mended, and run in the cage (see cage.py for its limits).
sys.path.insert(0, str(Path(__file__).resolve().parent))
import collecting  # noqa: E402
import marking  # noqa: E402

c.Autograde.exporter_class = marking.Submissions
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    marking.MendCells,
    "nbgrader.preprocessors.OverwriteKernelspec",
    marking.OverwriteWithOwn,
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    marking.CagedExecute,
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    marking.SaveGrades,
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# What `nbgrader zip_collect ps1` takes from downloaded/ps1/archive: files STUDENT_ps1.ipynb,
# with any words that a learning platform has put between the two.
c.ZipCollectApp.extractor_plugin = collecting.Archives
c.ZipCollectApp.collector_plugin = collecting.Names
c.FileNameCollectorPlugin.named_regexp = collecting.NAME

# nbgrader starts programs that were installed beside it, by their names alone.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
