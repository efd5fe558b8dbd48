"""What reads a session in a test."""

import asyncio
import contextlib
from collections.abc import Callable

import pytest

from lxdtui.services import ShellSession
from lxdtui.services.console import ConsoleSession

__all__ = ["Reader"]


class Reader:
    """Reads a session all the time, as a terminal does."""

    def __init__(self, session: ConsoleSession | ShellSession) -> None:
        self.text = b""
        self.has_ended = False
        self._session = session
        self._arrived = asyncio.Event()
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while data := await self._session.receive():
            self.text += data
            self._arrived.set()
            if b"\x1b[6n" in data:
                await self._session.send(b"\x1b[1;1R")
        self.has_ended = True

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not is_so():
                self._arrived.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._arrived.wait(), 0.05)

    async def ends(self) -> None:
        """Wait for the end of the session."""
        await self.until(lambda: self.has_ended)

    async def answers(self, typed: bytes, words: bytes) -> None:
        """Type until there is an answer: a console may lose what comes at once."""
        for _ in range(30):
            await self._session.send(b"\n" + typed + b"\n")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self.until(lambda: words in self.text)
                    return
        pytest.fail(f"no {words!r} in {self.text!r} {self._session.ending}")

    async def sees(self, words: bytes) -> None:
        try:
            await self.until(lambda: words in self.text)
        except TimeoutError:
            pytest.fail(f"no {words!r} in {self.text!r} {self._session.ending}")
