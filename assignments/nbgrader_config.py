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

# The files that `nbgrader zip_collect ps1` takes from downloaded/ps1/archive: those called
# STUDENT_ps1.ipynb, with any words that a learning platform has put between the two.
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\](?P<student_id>[^/\\_]+)_(?:[^/\\]*_)?(?P<file_id>ps\d+)\.ipynb$"
)

# nbgrader starts programs that were installed beside it, by their names alone.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
