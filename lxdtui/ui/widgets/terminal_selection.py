"""Selected text of a terminal, by the numbers of rows ever written."""

from dataclasses import dataclass, replace

from lxdtui.terminal import Emulator, Row

__all__ = ["Selection", "numbered_row"]


def numbered_row(emulator: Emulator, number: int) -> Row | None:
    """Return a row of the scrollback or the screen.

    Args:
        emulator: The terminal.
        number: Counted from the first row ever written; the top row of the
            screen has the number `history_total`.

    Returns:
        The row, or None if it is gone or not there yet.
    """
    distance = number - emulator.history_total
    if distance >= 0:
        return emulator.row(distance) if distance < emulator.rows else None
    history = emulator.history
    return history[distance] if -distance <= len(history) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Text from one place to another, in the order of reading."""

    anchor: tuple[int, int]
    """Row number and column where it began."""
    head: tuple[int, int]
    """Row number and column where it was dragged to; included."""
    is_open: bool
    """Whether the button is still held."""

    @classmethod
    def begin(cls, row: int, column: int) -> "Selection":
        """Return a selection that begins at a place and holds nothing."""
        return cls(anchor=(row, column), head=(row, column), is_open=True)

    def moved(self, row: int, column: int) -> "Selection":
        """Return the selection dragged to another place."""
        return replace(self, head=(row, max(column, 0)))

    def ended(self) -> "Selection":
        """Return the selection after the button was released."""
        return replace(self, is_open=False)

    @property
    def is_empty(self) -> bool:
        """Whether it was not dragged anywhere: a click."""
        return self.anchor == self.head

    def columns(self, number: int, width: int) -> tuple[int, int]:
        """Return the selected columns of a row, first and one after the last; equal for none."""
        if self.is_empty:
            return (0, 0)
        (first, left), (last, right) = sorted((self.anchor, self.head))
        if not first <= number <= last:
            return (0, 0)
        return (left if number == first else 0, right + 1 if number == last else width)

    def text(self, emulator: Emulator) -> str:
        """Return what is selected; wrapped rows are joined, blanks at the end left out."""
        first, last = sorted((self.anchor[0], self.head[0]))
        first = max(first, emulator.history_total - len(emulator.history))
        last = min(last, emulator.history_total + emulator.rows - 1)
        parts = []
        for number in range(first, last + 1):
            row = numbered_row(emulator, number)
            start, end = self.columns(number, emulator.columns)
            if row is None or start >= end:
                continue
            text = row.slice(start, end)
            if row.wrapped and end >= emulator.columns:
                parts.append(text)
            else:
                parts.append(text.rstrip(" "))
                parts.append("\n")
        return "".join(parts).rstrip("\n")
