"""The events of a recording, millions of them, in little more memory than their text takes."""

from array import array
from collections.abc import Iterable, Sequence
from typing import Self, overload

from lxdtui.terminal.asciicast import CastEvent, EventKind

__all__ = ["EventList"]

_KINDS = tuple(EventKind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}


class EventList(Sequence[CastEvent]):
    """Events one after another, which are made when they are asked for.

    Each takes 17 bytes besides its text in UTF-8, where an object takes 200.
    """

    def __init__(self, events: Iterable[CastEvent] = ()) -> None:
        self.times = array("d")
        """Seconds of each since the beginning."""
        self._kinds = bytearray()
        self._ends = array("Q")
        self._text = bytearray()
        for event in events:
            self.append(event)

    def append(self, event: CastEvent) -> None:
        """Put an event at the end."""
        self.times.append(event.seconds)
        self._kinds.append(_NUMBERS[event.kind])
        # A half of a pair is no text of its own, and yet it may stand in a file.
        self._text += event.data.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._text))

    def __len__(self) -> int:
        return len(self.times)

    @overload
    def __getitem__(self, index: int) -> CastEvent: ...

    @overload
    def __getitem__(self, index: slice) -> Self: ...

    def __getitem__(self, index: int | slice) -> "CastEvent | Self":
        if isinstance(index, slice):
            return type(self)(self[one] for one in range(*index.indices(len(self))))
        place = range(len(self))[index]
        start = self._ends[place - 1] if place else 0
        data = bytes(self._text[start : self._ends[place]])
        return CastEvent(
            self.times[place], _KINDS[self._kinds[place]], data.decode("utf-8", "surrogatepass")
        )
