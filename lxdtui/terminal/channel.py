"""What a terminal is attached to, seen from the terminal."""

from typing import Protocol


class Channel(Protocol):
    """A byte pipe to a program on a pty; exec and console sessions are channels."""

    async def receive(self) -> bytes:
        """Return what the program wrote since the last call, `b""` at the end."""
        ...

    async def send(self, data: bytes) -> None:
        """Write to the program's input."""
        ...

    async def resize(self, columns: int, rows: int) -> None:
        """Tell the program the size of its window, in cells."""
        ...

    async def close(self) -> None:
        """End the session; further calls do nothing."""
        ...
