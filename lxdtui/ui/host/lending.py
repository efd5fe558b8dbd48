"""Lending the terminal to another program, such as an editor, and taking it back."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator, Sequence
from typing import Any

from textual.app import App, SuspendNotSupported

__all__ = ["CannotLend", "run_in_terminal"]


class CannotLend(Exception):
    """The program did not run; the words say why."""


async def run_in_terminal(app: App[Any], command: Sequence[str]) -> int:
    """Run a program in the terminal of the app, which waits meanwhile.

    Only the drawing waits: links to servers and other work go on.

    Args:
        app: The app.
        command: The program and its arguments.

    Returns:
        Its exit status; negative for the signal that ended it.

    Raises:
        CannotLend: There is no such program, or no terminal.
    """
    try:
        with app.batch_update(), app.suspend():
            process = await asyncio.create_subprocess_exec(*command)
            with _deaf_to_interrupts():
                return await process.wait()
    except SuspendNotSupported as error:
        raise CannotLend("there is no terminal to lend") from error
    except OSError as error:
        raise CannotLend(f"{command[0]}: {error.strerror or error}") from error


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ignore Ctrl-C: it is meant for the program that has the terminal."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
