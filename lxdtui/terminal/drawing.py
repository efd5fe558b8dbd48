"""Text onto the screen: wrapped, or pushed aside, or held at the margin."""

import re

from .cells import NARROW, WIDE_TAIL
from .graphemes import grapheme_cell, graphemes_to_cells, joined
from .grid import Grid
from .lines import DEFAULT, WRAP, cells_of, delete, insert, is_wrapped, part, splice

_NARROW_CELL = re.compile(f"[^{WIDE_TAIL}](?!{WIDE_TAIL})")


class DrawingScreen(Grid):
    """Drawing at the cursor."""

    def _edge(self) -> int:
        """Return the column behind the last one that text at the cursor may reach."""
        return self.right + 1 if self.column() <= self.right else self.columns

    def draw(self, data: str) -> None:
        """Draw text at the cursor.

        Args:
            data: Printable characters, no controls.
        """
        if self.limit >= 0:
            self._draw_simply(data)
            return
        if self.once is not None:
            first, data = data[:1].translate(self.once), data[1:]
            self.once = None
            self.follow_drawing()
            self.draw(first)
        if self.translation is not None:
            data = data.translate(self.translation)
        if not data.isascii() and NARROW.fullmatch(data) is None:
            data = self.draw_unusual(data)
        if data:
            self.draw_cells(data)

    def _draw_simply(self, data: str) -> None:
        """Draw text in no character set, where nothing but the width of the screen matters."""
        if not data.isascii() and NARROW.fullmatch(data) is None:
            data = self.draw_unusual(data)
        cursor = self.cursor
        end = cursor.x + len(data)
        if end > self.limit:
            self.draw_cells(data)
        elif data:
            cursor.x = end
            self.write(data, self.pen[0] * len(data))

    def draw_unusual(self, data: str) -> str:
        """Attach marks to what is before; return the cells that are still to be drawn.

        Args:
            data: Printable characters that are not all narrow, in no character set.
        """
        if self.joins_graphemes:
            marks, cells = graphemes_to_cells(self.tables.clusters, self._join(data))
        else:
            marks, cells = self.tables.clusters.to_cells(data)
        if marks:
            self._combine(marks)
        return cells

    def cells_for(self, text: str) -> str:
        """Return the cells that a text would be drawn as now."""
        clusters = self.tables.clusters
        if self.joins_graphemes and text:
            return graphemes_to_cells(clusters, text)[1]
        return clusters.to_cells(text)[1]

    def _join(self, data: str) -> str:
        """Draw what belongs to the grapheme before the cursor; return the rest."""
        x = self._before_cursor()
        cells = cells_of(self.grid[self.cursor.y])
        if x < 0 or x >= len(cells):
            return data
        clusters = self.tables.clusters
        before = clusters.text_of(cells[x])
        more = joined(before, data)
        if not more:
            return data
        width = 2 if cells[x + 1 : x + 2] == WIDE_TAIL else 1
        cell = grapheme_cell(clusters, before + more, width)
        if len(cell) == width:
            self._replace(x, cell[0])
        elif self.autowrap or x + len(cell) <= self._edge():
            self._widen(x, cell)
        return data[len(more) :]

    def _widen(self, x: int, cell: str) -> None:
        """Draw a narrow cell anew that has become a wide one."""
        cursor = self.cursor
        cursor.x = x
        edge = self._edge()
        if self.insert_mode:
            self.delete_cells(cursor.y, x, edge, 1)
        else:
            self.grid[cursor.y] = splice(self.grid[cursor.y], x, " ", self.blank)
        self.draw_cells(cell)

    def draw_cells(self, cells: str) -> None:
        """Draw cells that may wrap, or push others aside."""
        cursor = self.cursor
        if not self.autowrap:
            self._draw_clamped(cells)
            return
        position = 0
        while position < len(cells):
            edge = self._edge()
            room = edge - cursor.x
            if room > 0 and cells[position + room : position + room + 1] == WIDE_TAIL:
                room -= 1
            if room <= 0:
                self.wrap()
                continue
            piece = cells[position : position + room]
            position += len(piece)
            self._put(piece)
            if cursor.x == edge < self.columns:
                cursor.x = self.columns + edge

    def _draw_clamped(self, cells: str) -> None:
        """Draw without wrapping: what does not fit goes into the last column, unless it is wide.

        The cursor is behind the last column then as when a wrap is deferred: marks that follow
        belong to the character there.
        """
        cursor = self.cursor
        edge = self._edge()
        cursor.x = self.column()
        room = edge - cursor.x
        head, rest = cells[:room], cells[room:]
        if rest[:1] == WIDE_TAIL:
            head = head[:-1]
        if head:
            self._put(head)
        narrow = _NARROW_CELL.findall(rest)
        if narrow:
            cursor.x = edge - 1
            self._put(narrow[-1])
        if cursor.x == edge < self.columns:
            cursor.x = self.columns + edge

    def _put(self, cells: str) -> None:
        """Write cells that fit into the line at the cursor."""
        cursor = self.cursor
        if self.insert_mode:
            self.insert_cells(cursor.y, cursor.x, self._edge(), len(cells))
        cursor.x += len(cells)
        self.write(cells, self.pen[0] * len(cells))

    def write(self, cells: str, styles: str) -> None:
        """Write cells over those before the cursor, which has moved on already.

        Args:
            cells: Cells that fit into the line.
            styles: A style number for each.
        """
        cursor = self.cursor
        self.last_drawn = cells
        self.grid[cursor.y] = splice(self.grid[cursor.y], cursor.x - len(cells), cells, styles)

    def wrap(self) -> None:
        """Go on in the next line, which continues this one."""
        line = self.grid[self.cursor.y]
        if not is_wrapped(line) and self.right == self.columns - 1:
            self.grid[self.cursor.y] = splice(line, self.columns, WRAP, DEFAULT)
        self.cursor.x = self.left
        self.index()

    def _combine(self, marks: str) -> None:
        """Add combining marks to the character before the cursor."""
        x = self._before_cursor()
        cells = cells_of(self.grid[self.cursor.y])
        if 0 <= x < len(cells):
            self._replace(x, self.tables.clusters.extend(cells[x], marks))

    def _before_cursor(self) -> int:
        """Return the column of the character before the cursor, -1 where there is none."""
        cursor = self.cursor
        x = cursor.x - 1 if cursor.x <= self.columns else self.column()
        if x > 0 and cells_of(self.grid[cursor.y])[x : x + 1] == WIDE_TAIL:
            x -= 1
        return x

    def _replace(self, x: int, cell: str) -> None:
        """Put another character of the same width into a column."""
        y = self.cursor.y
        line = self.grid[y]
        cells = cells_of(line)
        text = cells[:x] + cell + cells[x + 1 :]
        self.grid[y] = text if isinstance(line, str) else (text, line[1])
        self.last_drawn = text[x : x + 2] if text[x + 1 : x + 2] == WIDE_TAIL else text[x]

    def draw_lines(self, pieces: list[str]) -> None:
        """Draw ASCII lines in the default style, each but the last ended by CR LF.

        The caller has made sure that nothing wraps, scrolls or translates
        otherwise than by default. Lines that only pass through go straight into
        the history.
        """
        cursor, lines, columns = self.cursor, self.lines, self.columns
        index = 0
        last = len(pieces) - 1
        while index < last and cursor.y < lines - 1:
            if pieces[index]:
                self.draw(pieces[index])
            cursor.x = 0
            self.index()
            index += 1
        if pieces[index]:
            self.draw(pieces[index])
        if index == last:
            return
        whole = pieces[index + 1 :]
        if len(max(whole, key=len)) > columns:
            whole = _broken(whole, columns)
        self.last_drawn = whole[-1] or self.last_drawn
        cursor.x = len(whole[-1])
        self.extend(whole)

    # Making room, and closing up

    def insert_cells(self, y: int, x: int, end: int, count: int) -> None:
        """Put blanks in at a column; what leaves at `end` is lost."""
        size = min(count, end - x)
        line = self.grid[y]
        if end == self.columns:
            self.grid[y] = insert(line, x, size, end, self.blank)
            return
        cells, styles = part(line, x, end - size)
        self.grid[y] = splice(line, x, " " * size + cells, self.blank * size + styles)

    def delete_cells(self, y: int, x: int, end: int, count: int) -> None:
        """Take cells out at a column; blanks come in at `end`."""
        size = min(count, end - x)
        line = self.grid[y]
        if end == self.columns:
            self.grid[y] = delete(line, x, size, end, self.blank)
            return
        cells, styles = part(line, x + size, end)
        self.grid[y] = splice(line, x, cells + " " * size, styles + self.blank * size)

    def shift_columns(self, x: int, count: int) -> None:
        """Move what stands right of a column left, or right when `count` is negative."""
        if not self.top <= self.cursor.y <= self.bottom:
            return
        if not self.spend(self.bottom - self.top + 1):
            return
        end = self.right + 1
        for y in range(self.top, self.bottom + 1):
            if count > 0:
                self.delete_cells(y, x, end, count)
            else:
                self.insert_cells(y, x, end, -count)


def _broken(pieces: list[str], columns: int) -> list[str]:
    """Break lines at the width of the screen."""
    broken: list[str] = []
    for piece in pieces:
        if len(piece) <= columns:
            broken.append(piece)
            continue
        starts = range(0, len(piece), columns)
        broken.extend(piece[start : start + columns] + WRAP for start in starts)
        broken[-1] = broken[-1][:-1]
    return broken
