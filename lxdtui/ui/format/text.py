"""Text of servers and containers made harmless, and cells: width, cutting, padding.

Whatever comes from outside passes :func:`safe_text` before it is drawn. After
that a text holds no control, no direction mark and nothing of unknown width,
so that columns stay where they are.
"""

import unicodedata

from wcwidth import wcwidth

__all__ = [
    "cell_width",
    "cut",
    "cut_middle",
    "is_harmless",
    "pad_left",
    "pad_right",
    "safe_lines",
    "safe_text",
    "wrapped",
]

_UNSEEN = "\N{REPLACEMENT CHARACTER}"
_MARKS_KEPT = 2
_REPLACED_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_MARK_CATEGORIES = frozenset(("Mn", "Me"))


def safe_text(text: str) -> str:
    """Make a text from outside harmless for one line of the screen.

    C0 controls show as their control pictures (``ESC`` as ``␛``, a new line as
    ``␊``); C1 controls, direction marks, zero-width characters, surrogates,
    private and unassigned code points as ``\N{REPLACEMENT CHARACTER}``;
    so do halves of flags and skin tones, whose width depends on what stands
    beside them and on the terminal. Variation selectors are left out; of
    combining marks two in a row are kept.

    Args:
        text: Anything.

    Returns:
        Text of one line whose width is known. Doing it twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    marks = 0
    plain = "".join(one for one in text if not _is_variation_selector(one))
    for character in unicodedata.normalize("NFC", plain):
        category = unicodedata.category(character)
        if category in _MARK_CATEGORIES:
            marks += 1
            if marks <= _MARKS_KEPT and kept and wcwidth(character) == 0:
                kept.append(character)
            continue
        marks = 0
        kept.append(_harmless(character, category))
    return "".join(kept)


def is_harmless(text: str) -> bool:
    """Say whether a text of any number of lines can be drawn as it is; tabs can, too."""
    lines = text.replace("\t", " ").split("\n")
    return all(safe_text(line) == line for line in lines)


def safe_lines(text: str) -> tuple[str, ...]:
    """Make a text of several lines harmless, line by line; tabs become blanks.

    Args:
        text: Anything.

    Returns:
        Its lines; one empty line for an empty text.
    """
    lines = text.replace("\r\n", "\n").replace("\t", "    ").strip("\n").split("\n")
    return tuple(safe_text(line) for line in lines)


def cell_width(text: str) -> int:
    """Return the columns that a safe text takes.

    Character by character, as terminals move their cursor; what melts into
    one another where a terminal knows how was replaced before.
    """
    if text.isascii():
        return len(text)
    return sum(max(wcwidth(character), 0) for character in text)


def cut(text: str, width: int, mark: str = "…") -> str:
    """Cut a safe text at the right, so that it takes ``width`` columns at the most.

    Args:
        text: The text.
        width: Columns there are.
        mark: What stands at the cut.
    """
    if cell_width(text) <= width:
        return text
    room = width - cell_width(mark)
    if room < 0:
        return mark[: max(width, 0)]
    return _beginning(text, room) + mark


def cut_middle(text: str, width: int, mark: str = "…") -> str:
    """Cut a safe text in the middle, as paths are cut: both ends tell most.

    Args:
        text: The text.
        width: Columns there are.
        mark: What stands at the cut.
    """
    if cell_width(text) <= width:
        return text
    room = width - cell_width(mark)
    if room < 2:
        return cut(text, width, mark)
    end = _beginning(text[::-1], room // 2)[::-1]
    return _beginning(text, room - cell_width(end)) + mark + end


def wrapped(text: str, width: int) -> list[str]:
    """Break a safe text into pieces of ``width`` columns at the most; nothing is left out.

    Args:
        text: The text.
        width: Columns there are, two at least.

    Returns:
        Its pieces; an empty one for an empty text.
    """
    if text.isascii():
        return [text[start : start + width] for start in range(0, len(text), width)] or [""]
    pieces: list[str] = []
    start = taken = 0
    for index, character in enumerate(text):
        columns = max(wcwidth(character), 0)
        if taken + columns > width:
            pieces.append(text[start:index])
            start, taken = index, 0
        taken += columns
    return [*pieces, text[start:]]


def pad_right(text: str, width: int, mark: str = "…") -> str:
    """Cut or fill up with blanks at the right, to exactly ``width`` columns."""
    text = cut(text, width, mark)
    return text + " " * (width - cell_width(text))


def pad_left(text: str, width: int, mark: str = "…") -> str:
    """Cut or fill up with blanks at the left, to exactly ``width`` columns."""
    text = cut(text, width, mark)
    return " " * (width - cell_width(text)) + text


def _harmless(character: str, category: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    if category in _REPLACED_CATEGORIES:
        return _UNSEEN
    if category == "Zs":
        return " "
    if wcwidth(character) < 1 or _joins(character):
        return _UNSEEN
    return character


def _joins(character: str) -> bool:
    """Say whether a character melts into its neighbour where the terminal knows how."""
    return "\U0001f1e6" <= character <= "\U0001f1ff" or "\U0001f3fb" <= character <= "\U0001f3ff"


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _beginning(text: str, width: int) -> str:
    if text.isascii():
        return text[:width]
    taken = 0
    for index in range(len(text)):
        taken = cell_width(text[: index + 1])
        if taken > width:
            return text[:index]
    return text
