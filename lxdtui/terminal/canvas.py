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

PATIENCE = 60
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

    def paint(self, tokens: Iterator[str], is_ascii: bool) -> str:
        """Obey tokens as long as they only write and move, in lines of narrow characters.

        Returns:
            A sequence that is still to be obeyed.
        """
        screen, cursor, memo = self._screen, self._screen.cursor, self._screen.actions
        seek, write = self._cells.seek, self._cells.write
        seek_style, write_styles = self._styles.seek, self._styles.write
        x, y, drawn, characters, sequence = cursor.x, cursor.y, "", "", ""
        pen = number, transition, colors = screen.pen
        limit, _, foot, is_whole, blanks, by_text = screen.drawing()
        stride, opened = limit + 1, set[int]()
        is_open = self._open(y, x, stride, opened)
        for characters, sequence in zip(tokens, tokens, strict=True) if is_open else ():
            if characters:
                size = len(characters)
                if x + size > limit or not (
                    is_ascii or characters.isascii() or by_text[characters] == characters
                ):
                    break
                write(characters)
                write_styles(number * size)
                x += size
                drawn = characters
                characters = ""
            next_pen = colors.get(sequence)
            if next_pen is not None:
                pen = number, transition, colors = next_pen
                continue
            known = memo.get(sequence)
            if known is None:
                next_pen = transition.get(sequence)
                if next_pen is None:
                    screen.pen = pen
                    known = self._learn(sequence)
                    next_pen = screen.pen
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
                start = x - first if x > first else 0
                end = x + second if x + second < limit else limit
                # Only erasing to the start leaves it as it is whether the line goes on.
                goes_on = first > 0 and number == DEFAULT
                self._erase(
                    y * stride + start, end - start, blanks[number], end == limit and not goes_on
                )
            elif kind == ASIDE:
                call()
            else:
                break
            if y in opened:
                place = y * stride + x
                seek(place)
                seek_style(place)
            elif not self._open(y, x, stride, opened):
                sequence = ""
                break
        self._close(stride, opened)
        cursor.x, cursor.y, screen.pen = x, y, pen
        screen.last_drawn = drawn or screen.last_drawn
        if characters:
            screen.draw(characters)
        return sequence

    def _erase(self, place: int, size: int, blank: str, is_end: bool) -> None:
        """Erase cells from a place on, and what stands behind the last column with the end."""
        self._cells.seek(place)
        self._styles.seek(place)
        self._cells.write((_UNWRITTEN if blank == DEFAULT else " ") * size + _UNWRITTEN * is_end)
        self._styles.write(blank * size + DEFAULT * is_end)

    def _open(self, y: int, x: int, stride: int, opened: set[int]) -> bool:
        """Lay a line out in the buffers and go to a column; return whether that can be."""
        line = self._screen.grid[y]
        cells, styles = (line, "") if isinstance(line, str) else line
        if not cells.isascii() and WIDE_TAIL in cells:
            return False
        place = y * stride
        self._cells.seek(place)
        self._cells.write(cells.ljust(stride, _UNWRITTEN))
        self._cells.seek(place + x)
        self._styles.seek(place)
        self._styles.write(styles.ljust(stride, DEFAULT))
        self._styles.seek(place + x)
        opened.add(y)
        return True

    def _close(self, stride: int, opened: set[int]) -> None:
        """Make lines of the buffers again."""
        grid = self._screen.grid
        for y in opened:
            self._cells.seek(y * stride)
            self._styles.seek(y * stride)
            cells = self._cells.read(stride).rstrip(_UNWRITTEN)
            styles = self._styles.read(len(cells))
            if _UNWRITTEN in cells:
                cells = cells.replace(_UNWRITTEN, " ")
            grid[y] = (cells, styles) if styles.strip(DEFAULT) else cells
