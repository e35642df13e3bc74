"""Build JupyterLite into _build/lite/site: the notebooks beside a kernel in the reader's browser.

`make lite` runs this with the Python of _build/lite-env, which it prepares from requirements.txt.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build" / "lite"
WHEELS = Path(sys.prefix) / "wheels"  # of what Pyodide does not bring and langevin needs
# What the browser's kernel would write into a notebook: one that has it all is not changed by being
# opened, and so no copy of it is kept in the browser until its reader changes something.
KERNEL = {
    "kernelspec": {"display_name": "Python (Pyodide)", "language": "python", "name": "python"},
    "language_info": {
        "codemirror_mode": {"name": "python", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.8",
    },
}
INSTALL = "%pip install --quiet langevin"
FROM_A_FOLDER = """\
<script>
  if (location.protocol === "file:") addEventListener("DOMContentLoaded", () => {
    document.body.style = "margin: 2em; font: 1.1em/1.5 sans-serif";
    document.body.textContent = "This page was opened from a folder, and JupyterLite needs a web \
server. In the folder of the book, run `make serve`; then open http://127.0.0.1:8000 and come here \
again.";
  });
</script>
"""


def main():
    """Build all anew; say what failed, if something did."""
    shutil.rmtree(WORK, ignore_errors=True)
    write_contents(WORK / "contents")
    write_wheels(WORK / "wheels")
    options = ["--apps=lab", "--contents=contents", "--piplite-wheels=wheels", "--output-dir=site"]
    options += ["--no-sourcemaps", "--no-unused-shared-packages"]
    done = run("-m", "jupyterlite_core", "build", *options, cwd=WORK)
    if done.returncode:
        sys.exit(f"JupyterLite was not built:\n{done.stdout}")
    explain(WORK / "site" / "lab" / "index.html")


def write_contents(folder):
    """Write the notebooks that a reader finds, and what they read, in the folders of the book."""
    for name in ("chapters", "assignments"):
        (folder / name).mkdir(parents=True)
    for path in ROOT.glob("chapters/*.ipynb"):
        write_notebook(path, folder / "chapters")
    for path in ROOT.glob("_build/assignments/*.ipynb"):
        write_notebook(path, folder / "assignments")
    shutil.copytree(ROOT / "chapters" / "data", folder / "chapters" / "data")


def write_notebook(path, folder):
    """Write a notebook for the browser's kernel, with a cell that installs the library."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"] |= KERNEL
    if not any(INSTALL in "".join(cell["source"]) for cell in notebook["cells"]):
        cell = dict(cell_type="code", id="install", metadata={}, outputs=[], source=INSTALL)
        notebook["cells"].insert(1, cell | {"execution_count": None})
    (folder / path.name).write_text(json.dumps(notebook, indent=1), encoding="utf-8")


def write_wheels(folder):
    """Build the wheel of langevin, from a copy, and put it beside those that it needs."""
    shutil.copytree(WHEELS, folder)
    source = WORK / "source"
    shutil.copytree(ROOT / "lib", source / "lib", ignore=shutil.ignore_patterns("*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    how = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    done = run("-m", "pip", "wheel", *how, "--wheel-dir", str(folder), str(source), cwd=WORK)
    if done.returncode:
        sys.exit(f"the wheel of langevin was not built:\n{done.stdout}")


def explain(page):
    """Have the page say what to do where it cannot work, instead of turning for ever."""
    html = page.read_text(encoding="utf-8")
    assert html.count("</head>") == 1
    page.write_text(html.replace("</head>", f"{FROM_A_FOLDER}</head>"), encoding="utf-8")


def run(*arguments, cwd):
    """Run a module of this Python and keep what it says."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


if __name__ == "__main__":
    main()
