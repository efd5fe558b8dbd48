"""What README and CHANGELOG say is so."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FIRST_COMMAND = (
    "python3 -m venv .venv && .venv/bin/pip install --quiet '.[demo]' && .venv/bin/lxdtui --demo"
)
CHECK_COMMAND = "python3 tests/run.py"
KINDS_OF_CHANGE = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def changelog() -> str:
    return (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def code_blocks(text: str) -> list[str]:
    """The contents of fenced blocks, in order."""
    return re.findall(r"^```\w*\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)


def test_the_first_command_shows_the_program(readme: str) -> None:
    assert code_blocks(readme)[0] == FIRST_COMMAND


def test_the_second_command_checks_everything(readme: str) -> None:
    assert code_blocks(readme)[1] == CHECK_COMMAND


def test_ci_runs_just_that() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert commands[-1] == f'exec {CHECK_COMMAND} "$@"'
    # Nothing else is done but going to the folder where it is called.
    assert [line.split()[0] for line in commands[:-1]] == ["set", "cd"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111 == 0o111


def test_what_the_first_command_installs_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "demo" in project["optional-dependencies"]
    assert project["scripts"]["lxdtui"] == "lxdtui.entry:main"
    assert project["readme"] == "README.md"


def test_its_pictures_and_links_are_there(readme: str) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", readme)
    pictures = [target for target in targets if target.startswith("screenshots/")]
    assert pictures
    for target in targets:
        if "://" not in target:
            assert (ROOT / target).exists(), target


def test_its_options_are_there(readme: str) -> None:
    command = [sys.executable, "-m", "lxdtui", "--help"]
    usage = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    lines = [line for block in code_blocks(readme) for line in block.splitlines()]
    calls = [line.partition("#")[0] for line in lines if line.startswith("lxdtui ")]
    options = {option for call in calls for option in re.findall(r"--[a-z-]+", call)}
    assert options
    for option in options:
        assert re.search(rf"{option}\b", usage), option


def test_the_changelog_has_its_form(changelog: str) -> None:
    headings = re.findall(r"^## (.*)$", changelog, re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    for heading in headings[1:]:
        assert re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", heading), heading
    dates = [heading.rpartition(" ")[2] for heading in headings[1:]]
    assert dates == sorted(dates, reverse=True)
    assert set(re.findall(r"^### (.*)$", changelog, re.MULTILINE)) <= KINDS_OF_CHANGE


def test_the_changelog_knows_the_version(changelog: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)
    # Before the first release there is only what is not released.
    assert released[:1] in ([], [project["version"]])
