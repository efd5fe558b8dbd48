"""A gate that everything passes, and that can be closed for a while."""

import asyncio

__all__ = ["Gate"]


class Gate:
    """Open at first."""

    def __init__(self) -> None:
        self._is_open = asyncio.Event()
        self._is_open.set()

    @property
    def is_open(self) -> bool:
        """Whether everything passes."""
        return self._is_open.is_set()

    def close(self) -> None:
        """Let nothing pass."""
        self._is_open.clear()

    def open(self) -> None:
        """Let everything pass."""
        self._is_open.set()

    async def passed(self) -> None:
        """Wait until it is open."""
        if not self._is_open.is_set():
            await self._is_open.wait()
