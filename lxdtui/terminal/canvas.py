"""A screen that is written all over, place by place, as full-screen programs do.

To splice a few cells into a line means to copy the line. Here the lines that are
written to are laid out one behind the other in a buffer for the cells and another
for the styles; to go to a place and write there is one step in it, whatever the size
of the lines. That pays where lines are written to again and again, see `Player`.
"""

from collections.abc import Callable, Iterator
from io import StringIO

from .cells import WIDE_TAIL
from .lines import DEFAULT
from .pens import ASIDE, COLUMN, ERASE, FEED, LINE, MOVE, STEP, Known
from .screen import Screen

_UNWRITTEN = "\x01"
"""Stands where a line was not written yet, or has been erased to the default style."""

PATIENCE = 100
"""Moves after which it is worth while to lay lines out here."""


class Canvas:
    """Obeys tokens that write to a screen all over.

    Args:
        screen: The screen to be drawn on.
        learn: Says what a sequence does, see `Player`.
    """

    def __init__(self, screen: Screen, learn: Callable[[str], Known | None]) -> None:
        self._screen = screen
        self._learn = learn
        self._cells = StringIO()
        self._styles = StringIO()
        self._stride = 0
        """Columns of a line in the buffers: one more than of the screen, for `WRAP`."""
        self._opened: set[int] = set()
        """Lines that stand in the buffers."""

    def paint(self, tokens: Iterator[str], is_ascii: bool) -> str:
        """Obey tokens as long as they only write and move, in lines of narrow characters.

        Returns:
            A sequence that is still to be obeyed.
        """
        screen = self._screen
        self._stride = screen.limit + 1
        characters = sequence = ""
        if self._open(screen.cursor.y, screen.cursor.x):
            characters, sequence = self._write(tokens, is_ascii)
        self._close()
        if characters:
            screen.draw(characters)
        return sequence

    def _write(self, tokens: Iterator[str], is_ascii: bool) -> tuple[str, str]:
        """Obey tokens on the buffers; return the text and the sequence that are not for them."""
        screen, cursor, memo = self._screen, self._screen.cursor, self._screen.actions
        seek, write, opened = self._cells.seek, self._cells.write, self._opened
        seek_style, write_styles, stride = self._styles.seek, self._styles.write, self._stride
        x, y, drawn, characters, sequence = cursor.x, cursor.y, "", "", ""
        pen = number, transition, colors = screen.pen
        limit, _, foot, is_whole, blanks, by_text = screen.drawing()
        for characters, sequence in zip(tokens, tokens, strict=True):
            if characters:
                size = len(characters)
                if x + size > limit or not (
                    is_ascii or characters.isascii() or by_text[characters] == characters
                ):
                    break
                write(characters)
                write_styles(number * size)
                x += size
                drawn, characters = characters, ""
            next_pen = colors.get(sequence)
            if next_pen is not None:
                pen = number, transition, colors = next_pen
                continue
            known = memo.get(sequence)
            if known is None:
                next_pen = transition.get(sequence)
                if next_pen is None:
                    screen.pen = pen
                    known, next_pen = self._learn(sequence), screen.pen
                if known is None:
                    pen = number, transition, colors = next_pen
                    if screen.limit == limit:
                        continue
                    sequence = ""
                    break
            kind, first, second, call = known
            if kind == MOVE:
                y, x = first, second
            elif kind == COLUMN:
                x = second
            elif kind == LINE and x < limit:
                y = first
            elif kind == STEP:
                right, down = x + second, y + first
                if not x < limit > right >= 0 or (first and not (is_whole and 0 <= down <= foot)):
                    break
                x, y = right, down
            elif kind == FEED and y < foot:
                x, y = 0, y + 1
            elif kind == ERASE and x < limit and number in blanks:
                end = x + second if x + second < limit else limit
                self._erase(y, x - first if x > first else 0, end, number, first > 0)
            elif kind == ASIDE:
                call()
            else:
                break
            if y in opened:
                seek(y * stride + x)
                seek_style(y * stride + x)
            elif not self._open(y, x):
                sequence = ""
                break
        cursor.x, cursor.y, screen.pen = x, y, pen
        screen.last_drawn = drawn or screen.last_drawn
        return characters, sequence

    def _erase(self, y: int, start: int, end: int, number: str, is_before: bool) -> None:
        """Erase cells of a line from one column up to another; the buffers stand elsewhere then.

        Args:
            y: The line.
            start: The first column.
            end: The column after the last.
            number: The style of the pen.
            is_before: Whether it is for the sake of what is before the cursor.
        """
        blank, size = self._screen.blanks[number], end - start
        # Only erasing to the start leaves it as it is whether the line goes on in the next.
        beyond = end == self._stride - 1 and not (is_before and number == DEFAULT)
        self._cells.seek(y * self._stride + start)
        self._styles.seek(y * self._stride + start)
        self._cells.write((_UNWRITTEN if blank == DEFAULT else " ") * size + _UNWRITTEN * beyond)
        self._styles.write(blank * size + DEFAULT * beyond)

    def _open(self, y: int, x: int) -> bool:
        """Lay a line out in the buffers and go to a column; return whether that can be."""
        line, stride = self._screen.grid[y], self._stride
        cells, styles = (line, "") if isinstance(line, str) else line
        if not cells.isascii() and WIDE_TAIL in cells:
            return False
        self._cells.seek(y * stride)
        self._cells.write(cells.ljust(stride, _UNWRITTEN))
        self._cells.seek(y * stride + x)
        self._styles.seek(y * stride)
        self._styles.write(styles.ljust(stride, DEFAULT))
        self._styles.seek(y * stride + x)
        self._opened.add(y)
        return True

    def _close(self) -> None:
        """Make lines of the buffers again."""
        grid, stride = self._screen.grid, self._stride
        for y in self._opened:
            self._cells.seek(y * stride)
            self._styles.seek(y * stride)
            cells = self._cells.read(stride).rstrip(_UNWRITTEN)
            styles = self._styles.read(len(cells))
            if _UNWRITTEN in cells:
                cells = cells.replace(_UNWRITTEN, " ")
            grid[y] = (cells, styles) if styles.strip(DEFAULT) else cells
        self._opened.clear()
