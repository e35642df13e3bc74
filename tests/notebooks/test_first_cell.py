"""The first code cell of a chapter acts on Colab and in JupyterLite; elsewhere it only looks."""

import ast
import json
import re
import shutil
import sys
import textwrap
import tomllib
from importlib.metadata import version
from types import ModuleType, SimpleNamespace

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from jupyter_client.manager import run_kernel
from nbformat.v4 import new_markdown_cell, new_notebook

from first_cell import ID, ROOT, cell, fixed
from notebook_rule import canonical

CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
HARMLESS = {"compile", "exec", "object.__getattr__", "code.__new__", "sys._getframe"}


def source(address=None, book="/content/the-elegant-link"):
    """Source of the cell in a book with this address."""
    text = (ROOT / "binder" / "first_cell.ipy").read_text(encoding="utf-8")
    text = text.replace("/content/the-elegant-link", str(book))
    return text.replace("repository = None", f"repository = {address!r}")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_chapter_has_it_right_after_its_title(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown"
    assert cells[1] == cell(), "python tools/first_cell.py --fix"
    assert [one["id"] for one in cells].count(ID) == 1


def test_fix_puts_it_there_once_and_changes_nothing_else():
    cells = [new_markdown_cell("# α\n", id=name) for name in ("a", "b")]
    bare = canonical(new_notebook(cells=cells))
    once = fixed(bare, cell())
    assert [one["id"] for one in json.loads(once)["cells"]] == ["a", ID, "b"]
    assert fixed(once, {**cell(), "source": ["pass"]}) != once
    assert fixed(fixed(once, {**cell(), "source": ["pass"]}), cell()) == once
    assert json.loads(once)["cells"][::2] == json.loads(bare)["cells"]


def test_its_address_is_that_of_the_project(tmp_path):
    shutil.copytree(ROOT / "binder", tmp_path / "binder")
    project = tmp_path / "pyproject.toml"
    project.write_text('[project]\nname = "x"\n', encoding="utf-8")
    assert "repository = None\n" in "".join(cell(tmp_path)["source"])
    project.write_text(
        '[project.urls]\nRepository = "https://example.org/book"\n', encoding="utf-8"
    )
    assert 'repository = "https://example.org/book"\n' in "".join(cell(tmp_path)["source"])


@pytest.fixture(scope="module")
def kernel():
    with run_kernel(kernel_name="python3") as client:

        def evaluate(code):
            """Run code in a kernel as everybody has it; return the value of its last line."""
            *body, last = textwrap.dedent(code).strip().splitlines()
            reply = client.execute_interactive(
                "\n".join(body),
                user_expressions={"value": last},
                timeout=60,
                output_hook=lambda message: None,
            )["content"]
            assert reply["status"] == "ok", reply
            return ast.literal_eval(reply["user_expressions"]["value"]["data"]["text/plain"])

        yield evaluate


def test_at_home_it_starts_nothing_asks_nobody_and_imports_nothing(kernel):
    def seen(code):
        return kernel(f"""
            import sys
            events, watching = [], True
            sys.addaudithook(lambda name, arguments: watching and events.append(name))
            result = get_ipython().run_cell({code!r})
            watching = False
            assert result.success
            sorted(set(events))
        """)

    assert set(seen(source("https://example.org/book"))) <= HARMLESS
    assert "import" in seen("import this")
    assert "subprocess.Popen" in seen("import subprocess; subprocess.run(['true'])")


def test_on_colab_it_fetches_the_book_installs_it_and_stands_beside_its_data(kernel, tmp_path):
    book = tmp_path / "book"
    told = kernel(f"""
        import os, sys, types
        sys.modules["google.colab"] = types.ModuleType("google.colab")
        lines, shell = [], get_ipython()
        shell.register_magic_function(lines.append, "line", "pip")
        home = os.getcwd()
        first = shell.run_cell({source(str(ROOT), book)!r}).success
        again = shell.run_cell({source(str(ROOT), book)!r}).success
        there = os.getcwd(), os.path.isfile("data/perrin_sedimentation.csv")
        os.chdir(home)
        del sys.modules["google.colab"]
        first, again, lines, there
    """)
    install = f"install --quiet {book}"
    assert told == (True, True, [install, install], (str(book / "chapters"), True))


def on(monkeypatch, code, *, platform="linux", colab=False):
    """Run the cell's code with a recorded shell; return what it asks of the shell."""
    asked = []
    shell = SimpleNamespace(
        system=lambda line: asked.append(("!", line)),
        run_line_magic=lambda name, line: asked.append((name, line)),
    )
    monkeypatch.setattr(sys, "platform", platform)
    if colab:
        monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    exec(TransformerManager().transform_cell(code), {"get_ipython": lambda: shell})
    return asked


def test_on_colab_it_clones_once(monkeypatch, tmp_path):
    code = source("https://example.org/book", tmp_path / "book")
    clone, *others = on(monkeypatch, code, colab=True)
    assert clone == ("!", "git clone --quiet --depth 1 {repository} {book}")
    (tmp_path / "book").mkdir()
    assert on(monkeypatch, code, colab=True) == others


@pytest.mark.parametrize("name", ["numpy", "scipy", "matplotlib", "sympy"])
def test_on_colab_it_asks_for_a_restart_where_it_is_needed(monkeypatch, tmp_path, name):
    module = ModuleType(name)
    module.__version__ = "0.1"
    monkeypatch.setitem(sys.modules, name, module)
    wanted = (
        rf"{name} 0\.1 is loaded, but {version(name)} is installed now:\nchoose Restart session"
    )
    with pytest.raises(RuntimeError, match=wanted):
        on(monkeypatch, source("https://example.org/book", tmp_path / "book"), colab=True)
    module.__version__ = version(name)
    on(monkeypatch, source("https://example.org/book", tmp_path / "book"), colab=True)


def test_on_colab_without_an_address_it_says_what_to_do(monkeypatch):
    with pytest.raises(AssertionError, match="write the address of the book's repository above"):
        on(monkeypatch, source(), colab=True)


def test_in_jupyterlite_it_installs_the_library(monkeypatch):
    assert on(monkeypatch, source(), platform="emscripten") == [("pip", "install --quiet langevin")]
    # Pyodide's kernel knows the magic by its text alone.
    assert re.search(r"(?m)^(\s*)%pip install --quiet langevin$", source())


def test_beside_the_data_it_asks_for_nothing_and_says_nothing(monkeypatch, capsys):
    monkeypatch.chdir(ROOT / "chapters")
    assert on(monkeypatch, source("https://example.org/book")) == []
    assert capsys.readouterr().out == ""


def test_in_an_empty_folder_it_says_where_the_data_are(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert on(monkeypatch, source()) == []
    assert "the book's repository has it in chapters/" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["https://example.org/book", None])
def test_without_the_library_it_says_how_to_install_it(monkeypatch, address):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="run in a terminal") as told:
        on(monkeypatch, source(address))
    (command,) = re.findall("pip install '(.*)'", str(told.value))
    assert command == f"langevin[chapters] @ git+{address or 'https://…'}"


def test_what_it_tells_to_install_is_what_the_chapters_import():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["chapters"]
    installed = {re.match(r"[\w-]+", one)[0].replace("scikit-learn", "sklearn") for one in wanted}
    code = "".join(path.read_text(encoding="utf-8") for path in CHAPTERS)
    imported = set(re.findall(r'"(?:from (?=[\w.]+ import)|import )(\w+)', code))
    assert "sklearn" in imported and imported - installed - sys.stdlib_module_names == {"langevin"}
