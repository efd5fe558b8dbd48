"""Lines: what the screen and the history are made of, and the edits of one line.

A line is a bare `str` of cells in the default style, or a pair of two strings
of equal length: the cells and, a character each, the number of their style.
Lines are immutable and no longer than they were written; what lies beyond is
blank in the default style. A line whose text goes on in the next one carries
`WRAP` in the column after the last.

Strings instead of cells make the frequent things cheap: scrolling moves one
object, the history takes the object itself, writing is one splice however long
the text is, and two lines are compared without looking at cells.
"""

from .cells import WIDE_TAIL

Line = str | tuple[str, str]

DEFAULT = "\0"
"""The style number of `DEFAULT_STYLE`, as it stands in the second string."""

WRAP = "\n"
"""Behind the last column of a line that is continued."""

BLANK: Line = ""


def cells_of(line: Line) -> str:
    """Return the cell string of a line."""
    return line if isinstance(line, str) else line[0]


def is_wrapped(line: Line) -> bool:
    """Return whether the text of the line goes on in the next one."""
    return cells_of(line)[-1:] == WRAP


def splice(line: Line, start: int, cells: str, styles: str) -> Line:
    """Return the line with cells written over it.

    A wide character that is cut in half leaves a blank.

    Args:
        line: The line before.
        start: The column of the first new cell.
        cells: What is written; never cuts a wide character itself.
        styles: A style number for each cell; may be left out when all are the default.
    """
    end = start + len(cells)
    if isinstance(line, str):
        size = len(line)
        if not styles or not styles.strip(DEFAULT):
            if start >= size:
                return line.ljust(start) + cells
            if not line.isascii() and WIDE_TAIL in (line[start], line[end : end + 1]):
                line = _mend(line, start, end)
            return f"{line[:start]}{cells}{line[end:]}"
        text, old = line, DEFAULT * size
    else:
        text, old = line
        size = len(text)
        styles = styles or DEFAULT * len(cells)
    if start >= size:
        if start > size:
            text, old = text.ljust(start), old.ljust(start, DEFAULT)
        return text + cells, old + styles
    # The edges are looked at before the whole is: that is faster than to look for a tail.
    if not text.isascii() and WIDE_TAIL in (text[start], text[end : end + 1]):
        text = _mend(text, start, end)
    return f"{text[:start]}{cells}{text[end:]}", f"{old[:start]}{styles}{old[end:]}"


def part(line: Line, start: int, end: int) -> tuple[str, str]:
    """Return the cells of the columns from `start` up to `end`, and their styles.

    Halves of wide characters that the edges cut are blanks.
    """
    line = mend_edges(line, start, end)
    text = cells_of(line)[start:end]
    if text[-1:] == WRAP:
        text = text[:-1]
    size = end - start
    styles = line[1][start : start + len(text)] if isinstance(line, tuple) else ""
    return text.ljust(size), styles.ljust(size, DEFAULT)


def _mend(text: str, start: int, end: int) -> str:
    """Blank the halves of wide characters that the edges `start` and `end` cut."""
    size = len(text)
    if start < size and text[start] == WIDE_TAIL:
        text = text[: start - 1] + "  " + text[start + 1 :]
    if end < size and text[end] == WIDE_TAIL:
        text = text[: end - 1] + "  " + text[end + 1 :]
    return text


def mend_edges(line: Line, *edges: int) -> Line:
    """Return the line with wide characters blanked that reach over one of the edges."""
    text = cells_of(line)
    if text.isascii():
        return line
    for edge in edges:
        text = _mend(text, edge, edge)
    return text if isinstance(line, str) else (text, line[1])


def cut(line: Line, end: int) -> Line:
    """Return the first `end` columns of the line; the rest is blank, not continued."""
    text = line if isinstance(line, str) else line[0]
    if len(text) <= end:
        return line
    if text[end] == WIDE_TAIL:
        text = text[: end - 1] + " "
    if isinstance(line, str) or not end:
        return text[:end]
    return text[:end], line[1][:end]


def erase(line: Line, start: int, end: int, columns: int, style: str) -> Line:
    """Return the line with the columns from `start` up to `end` blank.

    Args:
        line: The line before.
        start: The first column.
        end: The column after the last; what is beyond the screen does not matter.
        columns: The width of the screen.
        style: The style number of the blanks: they keep the background colour.
    """
    if style == DEFAULT:
        if end >= columns or end >= len(line if isinstance(line, str) else line[0]):
            return cut(line, start)
        return splice(line, start, " " * (end - start), "")
    if end >= columns:
        line, end = cut(line, start), columns
    return splice(line, start, " " * (end - start), style * (end - start))


def insert(line: Line, start: int, count: int, columns: int, style: str) -> Line:
    """Return the line with `count` blanks put in at `start`; what leaves at the right is lost."""
    line = cut(mend_edges(line, start), columns)
    if start >= len(cells_of(line)) and style == DEFAULT:
        return line
    blank, blank_styles = " " * count, style * count
    if isinstance(line, str):
        if style == DEFAULT:
            return cut(line[:start] + blank + line[start:], columns)
        line = (line, DEFAULT * len(line))
    text, styles = line[0].ljust(start), line[1].ljust(start, DEFAULT)
    shifted = (
        text[:start] + blank + text[start:],
        styles[:start] + blank_styles + styles[start:],
    )
    return cut(shifted, columns)


def delete(line: Line, start: int, count: int, columns: int, style: str) -> Line:
    """Return the line with `count` cells taken out at `start`; blanks come in at the right."""
    line = cut(mend_edges(line, start, start + count), columns)
    if isinstance(line, str):
        shorter: Line = line[:start] + line[start + count :]
    else:
        text, styles = line
        shorter = (text[:start] + text[start + count :], styles[:start] + styles[start + count :])
    if style == DEFAULT:
        return shorter
    return splice(shorter, columns - count, " " * count, style * count)


def blank_line(columns: int, style: str) -> Line:
    """Return an empty line with the given background."""
    return BLANK if style == DEFAULT else (" " * columns, style * columns)
