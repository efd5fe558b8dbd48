"""The installed program, in terminals of its own."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.conftest import bring_up
from tests.e2e.terminal import Terminal
from tests.lab import Daemon, Lab

PROGRAM = Path(sys.executable).with_name("lxdtui")


class OpenTerminal(Protocol):
    def __call__(
        self,
        size: tuple[int, int] = (80, 24),
        variables: Mapping[str, str] | None = None,
    ) -> Terminal: ...


# Daemons of their own: what the screen shows is all that there is on a server, and
# other tests share containers on theirs.


@pytest.fixture(scope="session")
def lxd(lab: Lab) -> Daemon:
    """An LXD that nobody else uses."""
    return bring_up(lab, "lxd-e2e")


@pytest.fixture(scope="session")
def incus(lab: Lab) -> Daemon:
    """An Incus that nobody else uses."""
    return bring_up(lab, "incus-e2e")


@pytest.fixture(scope="session", params=["lxd", "incus"])
def daemon(lab: Lab, request: pytest.FixtureRequest) -> Daemon:
    """LXD, then Incus, that nobody else uses."""
    return bring_up(lab, f"{request.param}-e2e")


@pytest.fixture
def open_terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenTerminal]:
    """Opens terminals, each with a home of its own; closes them after the test."""
    if shutil.which("tmux") is None:
        pytest.skip("NO TERMINAL TO TEST IN: tmux is missing (python -m tests.lab install)")
    with ExitStack() as stack:

        def open_one(
            size: tuple[int, int] = (80, 24), variables: Mapping[str, str] | None = None
        ) -> Terminal:
            # A unix socket's path has room for 107 bytes, so the folder has a short name.
            folder = tmp_path_factory.mktemp("e2e")
            terminal = Terminal(folder, columns=size[0], rows=size[1], variables=variables)
            return stack.enter_context(terminal)

        yield open_one
