"""The cursor of the scroll mode: moves through scrollback and screen, and selects. Pure."""

import re
from collections.abc import Callable

from lxdtui.terminal import Emulator
from lxdtui.ui.widgets.terminal_selection import (
    Place,
    Selection,
    SelectionKind,
    line_around,
    numbered_row,
)

__all__ = ["Reader"]

_WORD = re.compile(r"\w+|[^\w\s]+")
_SELECTS = {
    "v": SelectionKind.CHARACTERS,
    "V": SelectionKind.LINES,
    "ctrl+v": SelectionKind.BLOCK,
}


class Reader:
    """Where somebody reads in a terminal, by keys.

    The keys are those of vi and of pagers:

    | Key | Does |
    |---|---|
    | arrows, `h j k l` | one place |
    | page up, page down, `Ctrl-B Ctrl-F`, `Ctrl-U Ctrl-D` | a page, half a page |
    | `g G`, home, end | first and last row |
    | `0 ^ $` | ends of the row |
    | `w b e` | words |
    | `H M L` | top, middle and foot of what is shown |
    | `{ }` | blank rows |
    | `v V Ctrl-V` | selects characters, rows, a block; again ends that |
    | `o` | the other end of what is selected |

    Args:
        emulator: The terminal.
        height: Rows that are shown.
        rows_back: How many rows of the scrollback are shown above the screen.
    """

    def __init__(self, emulator: Emulator, height: int, rows_back: int) -> None:
        self._emulator = emulator
        self.height = height
        self.rows_back = rows_back
        cursor = emulator.cursor
        self.row = emulator.history_total + cursor.y
        self.column = cursor.x
        self._anchor: Place | None = None
        self._kind = SelectionKind.CHARACTERS
        if rows_back > height - 1 - cursor.y:
            self.row = self._top + height - 1
        self._keys: dict[str, Callable[[], None]] = self._key_table()

    @property
    def place(self) -> Place:
        """Row number and column of the cursor."""
        return self.row, self.column

    @property
    def selection(self) -> Selection | None:
        """What is selected by keys."""
        if self._anchor is None:
            return None
        return Selection(
            anchor=self._anchor, head=self.place, kind=self._kind, is_open=False, by_keys=True
        )

    def press(self, key: str) -> bool:
        """Do what a key means; returns whether it means anything.

        Args:
            key: Its name.
        """
        kind = _SELECTS.get(key)
        if kind is not None:
            is_same = self._anchor is not None and kind is self._kind
            self._anchor = None if is_same else self._anchor or self.place
            self._kind = kind
            return True
        act = self._keys.get(key)
        if act is None:
            return False
        act()
        self._settle()
        return True

    def go_to(self, place: Place) -> None:
        """Move to a place, and show it in the middle unless it is shown already."""
        self.row, self.column = place
        if not self._top <= self.row < self._top + self.height:
            self.rows_back = self._emulator.history_total - self.row + self.height // 2
        self._settle()

    def select_nothing(self) -> bool:
        """Give the selection up; returns whether there was one."""
        was = self._anchor is not None
        self._anchor = None
        return was

    def output(self, rows_back: int) -> None:
        """Follow the view after output came in: the cursor stays on its row."""
        self.rows_back = rows_back
        self._settle(follows=False)

    def scrolled(self, rows_back: int, height: int) -> None:
        """Follow the view after it was scrolled or got another size: the cursor stays in it."""
        self.rows_back, self.height = rows_back, height
        self.row = min(max(self.row, self._top), self._top + height - 1)
        self._settle()

    @property
    def _top(self) -> int:
        return self._emulator.history_total - self.rows_back

    @property
    def _first(self) -> int:
        return self._emulator.history_total - len(self._emulator.history)

    @property
    def _last(self) -> int:
        return self._emulator.history_total + self._emulator.rows - 1

    def _settle(self, *, follows: bool = True) -> None:
        """Keep the cursor among the rows there are, and the view where it is seen."""
        self.row = min(max(self.row, self._first), self._last)
        self.column = min(max(self.column, 0), self._emulator.columns - 1)
        if follows:
            if self.row < self._top:
                self.rows_back = self._emulator.history_total - self.row
            elif self.row > self._top + self.height - 1:
                self.rows_back = self._emulator.history_total - self.row + self.height - 1
        self.rows_back = min(max(self.rows_back, 0), len(self._emulator.history))

    def _key_table(self) -> dict[str, Callable[[], None]]:
        def by(rows: int, columns: int) -> Callable[[], None]:
            return lambda: self._move(rows, columns)

        def page(part: float, direction: int) -> Callable[[], None]:
            return lambda: self._page(max(int((self.height - 1) * part), 1) * direction)

        table = {
            ("up", "k"): by(-1, 0),
            ("down", "j", "enter"): by(1, 0),
            ("left", "h", "backspace"): by(0, -1),
            ("right", "l"): by(0, 1),
            ("pageup", "ctrl+b"): page(1, -1),
            ("pagedown", "ctrl+f", "space"): page(1, 1),
            ("ctrl+u",): page(0.5, -1),
            ("ctrl+d",): page(0.5, 1),
            ("ctrl+y", "ctrl+up"): lambda: self._scroll(-1),
            ("ctrl+e", "ctrl+down"): lambda: self._scroll(1),
            ("home", "g"): lambda: self._go(self._first, 0),
            ("end", "G"): lambda: self._go(self._last, 0),
            ("0",): lambda: self._go(self.row, 0),
            ("circumflex_accent",): lambda: self._go(self.row, self._first_text()),
            ("dollar_sign",): lambda: self._go(self.row, self._last_text()),
            ("H",): lambda: self._go(self._top, self.column),
            ("M",): lambda: self._go(self._top + self.height // 2, self.column),
            ("L",): lambda: self._go(self._top + self.height - 1, self.column),
            ("w",): lambda: self._word(lambda start, _: start, 1),
            ("e",): lambda: self._word(lambda _, end: end, 1),
            ("b",): lambda: self._word(lambda start, _: start, -1),
            ("left_curly_bracket",): lambda: self._paragraph(-1),
            ("right_curly_bracket",): lambda: self._paragraph(1),
            ("o",): self._other_end,
        }
        return {key: act for keys, act in table.items() for key in keys}

    def _move(self, rows: int, columns: int) -> None:
        self.row += rows
        self.column += columns

    def _go(self, row: int, column: int) -> None:
        self.row, self.column = row, column

    def _page(self, rows: int) -> None:
        self.rows_back = min(max(self.rows_back - rows, 0), len(self._emulator.history))
        self.row += rows

    def _scroll(self, rows: int) -> None:
        self.rows_back = min(max(self.rows_back - rows, 0), len(self._emulator.history))
        self.row = min(max(self.row, self._top), self._top + self.height - 1)

    def _text(self, row: int) -> str:
        """Return the text of a row, a character a column."""
        found = numbered_row(self._emulator, row)
        if found is None:
            return ""
        return "".join((found.slice(x, x + 1) or " ")[:1] for x in range(found.width))

    def _first_text(self) -> int:
        text = self._text(self.row)
        return len(text) - len(text.lstrip()) if text.strip() else 0

    def _last_text(self) -> int:
        return max(len(self._text(self.row).rstrip()) - 1, 0)

    def _word(self, edge: Callable[[int, int], int], direction: int) -> None:
        row, column = self.row, self.column
        while self._first <= row <= self._last:
            edges = [
                edge(match.start(), match.end() - 1) for match in _WORD.finditer(self._text(row))
            ]
            if direction > 0:
                found = next((x for x in edges if x > column), None)
            else:
                found = next((x for x in reversed(edges) if x < column), None)
            if found is not None:
                self._go(row, found)
                return
            row += direction
            column = -1 if direction > 0 else self._emulator.columns

    def _paragraph(self, direction: int) -> None:
        first, last = line_around(self._emulator, self.row)
        row = first if direction < 0 else last
        has_seen_text = bool(self._text(self.row).strip())
        while self._first <= row + direction <= self._last:
            row += direction
            found = numbered_row(self._emulator, row)
            is_blank = found is None or not found.text
            if is_blank and has_seen_text:
                break
            has_seen_text = has_seen_text or not is_blank
        self._go(row, 0)

    def _other_end(self) -> None:
        if self._anchor is not None:
            anchor, self._anchor = self._anchor, self.place
            self.row, self.column = anchor
