"""The rule that nothing is skipped in CI, tried on small test runs of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
_SKIPS = "import pytest\ndef test_runs(): pass\ndef test_skips(): pytest.skip('why')\n"
_PASSES = "def test_runs(): pass\n"
_NEEDS = "def test_needs(lxd): pass\n"
_UNAVAILABLE = """
from tests.lab import Lab, LabUnavailableError

def _none(self, name, kind=None, *, programs=None):
    raise LabUnavailableError("not on this machine")

Lab.daemon = _none
"""


def _pytest(
    folder: Path, test: str, *arguments: str, ci: str, conftest: str = ""
) -> tuple[int, str]:
    (folder / "conftest.py").write_text(f"from tests.conftest import *\n{conftest}")
    (folder / "test_it.py").write_text(test)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", *arguments, str(folder)],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(REPOSITORY)},
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("test", "arguments", "ci", "status", "said"),
    [
        (_SKIPS, (), "true", 1, "1 skipped: with CI set this FAILS the run"),
        (_SKIPS, ("-n", "2"), "true", 1, "1 skipped: with CI set this FAILS the run"),
        (_SKIPS, (), "", 0, "1 skipped: this run says nothing about them"),
        (_PASSES, (), "true", 0, "1 passed"),
    ],
)
def test_skipped_tests_fail_the_run_only_in_ci(
    tmp_path: Path, test: str, arguments: tuple[str, ...], ci: str, status: int, said: str
) -> None:
    found, output = _pytest(tmp_path, test, *arguments, ci=ci)
    assert found == status, output
    assert said in output
    assert "passed" in output.splitlines()[-1]


@pytest.mark.parametrize(("ci", "outcome"), [("true", "1 error"), ("", "1 skipped")])
def test_missing_daemon_fails_in_ci_and_is_loud_elsewhere(
    tmp_path: Path, ci: str, outcome: str
) -> None:
    _, output = _pytest(tmp_path, _NEEDS, ci=ci, conftest=_UNAVAILABLE)
    assert outcome in output.splitlines()[-1]
    assert "NO REAL DAEMON 'lxd' TO TEST AGAINST: not on this machine" in output
