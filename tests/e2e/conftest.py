"""The installed program, in terminals of its own."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.e2e.terminal import Terminal

PROGRAM = Path(sys.executable).with_name("lxdtui")


class OpenTerminal(Protocol):
    def __call__(
        self,
        size: tuple[int, int] = (80, 24),
        variables: Mapping[str, str] | None = None,
    ) -> Terminal: ...


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
