"""Fixtures that give tests real daemons, and the rule that nothing may be skipped in CI."""

import itertools
import os
import signal
from collections.abc import Iterator

import pytest

from tests.lab import Daemon, Lab, LabUnavailableError
from tests.lab.criu import criu_folder

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

_LAB = pytest.StashKey[Lab]()
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def lab(pytestconfig: pytest.Config) -> Iterator[Lab]:
    """The lab of this run, empty at first; whatever is brought up in it ends with the run."""
    # A request to end becomes a Ctrl+C, after which pytest leaves its fixtures as ever.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Lab() as lab:
        pytestconfig.stash[_LAB] = lab
        yield lab
        del pytestconfig.stash[_LAB]
    signal.signal(signal.SIGTERM, before)


def bring_up(lab: Lab, name: str, *, with_criu: bool = False) -> Daemon:
    """A daemon of the lab; without it the test fails in CI and is skipped elsewhere."""
    try:
        return lab.daemon(name, programs=criu_folder() if with_criu else None)
    except LabUnavailableError as error:
        reason = f"NO REAL DAEMON {name!r} TO TEST AGAINST: {error}"
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def lxd(lab: Lab) -> Daemon:
    """A private LXD."""
    return bring_up(lab, "lxd")


@pytest.fixture(scope="session")
def lxd2(lab: Lab) -> Daemon:
    """A second private LXD, for what happens between two servers."""
    return bring_up(lab, "lxd2")


@pytest.fixture(scope="session")
def incus(lab: Lab) -> Daemon:
    """A private Incus."""
    return bring_up(lab, "incus")


@pytest.fixture(scope="session", params=["lxd", "incus"])
def daemon(lab: Lab, request: pytest.FixtureRequest) -> Daemon:
    """LXD, then Incus: for tests that both must pass."""
    return bring_up(lab, str(request.param))


@pytest.fixture
def instance_name(lab: Lab) -> Iterator[str]:
    """A name for an instance that no other test uses.

    Afterwards all instances whose names begin with it are deleted by force, on all daemons and in
    all projects.
    """
    name = f"t{next(_numbers):03d}"
    yield name
    lab.revive()
    for daemon in lab.daemons:
        daemon.delete_all(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Brings daemons back that the test left killed or paused."""
    yield
    running = item.config.stash.get(_LAB, None)
    if running is not None:
        running.revive()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test fails the run in CI, where everything must be there."""
    if IN_CI and _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says in words what skipped tests mean."""
    skipped = _skipped(terminalreporter.config)
    if skipped and IN_CI:
        terminalreporter.section("skipped tests", red=True)
        terminalreporter.line(
            f"{skipped} skipped: with CI set this FAILS the run, because nothing may be left out."
        )
    elif skipped:
        terminalreporter.section("skipped tests", yellow=True)
        terminalreporter.line(f"{skipped} skipped: this run says nothing about them (see above).")


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", [])) if reporter else 0
