"""Text into cells: one character a column, and back.

A cell string holds one character for each column of the screen:

* a character that is one column wide stands for itself;
* the second column of a wide character is `WIDE_TAIL`;
* a character with combining marks, and any character of plane 16, is an entry
  of `Clusters`, represented by a character of plane 16.

Widths are those a character that the C library has, which is how programs
inside a container count, and xterm: `wcwidth`, but for one column for each half
of a flag and for vowel signs that stand beside their letter. Bidirectional
controls and line separators are dropped: they have no width and can only be
used to deceive.
"""

import re
import unicodedata
from codecs import utf_16_le_decode, utf_32_le_encode
from functools import lru_cache

from wcwidth import wcwidth

WIDE_TAIL = "\0"
"""Stands in the second column of a wide character."""

CLUSTER_BASE = 0x10_0000
MAX_CLUSTERS = 0xFFF0
MAX_CLUSTER_LENGTH = 16
"""Code points of one cell; further combining marks are dropped."""

REPLACEMENT = "\ufffd"

# Ranges without wide, zero-width or ambiguous-emoji characters; a test compares
# them with wcwidth. Everything else takes the slower way.
_NARROW = (
    " -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u0384-\u0386\u0388-\u038a\u038e-\u03a1"
    "\u03a3-\u0482\u048a-\u052f\u1e00-\u1f15\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2319"
    "\u2400-\u2426\u2460-\u25fc\ue000-\uf8ff\ufffd"
)
_WIDE_IN_16_BITS = (
    "\u3041-\u3096\u309b-\u30ff\u3105-\u312f\u3250-\ua48c\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60"
)
_WIDE_BEYOND = (
    "\U0001f442-\U0001f4fc\U0001f600-\U0001f64f\U0001f947-\U0001f9ff\U00020000-\U0002fffd"
)
NARROW = re.compile(f"[{_NARROW}]+")
WIDE = re.compile(f"[{_WIDE_IN_16_BITS}{_WIDE_BEYOND}]+")
_MOSTLY_WIDE = re.compile(f"[{_WIDE_IN_16_BITS}]+")
_MARKS = "\u0300-\u036f\u200d\u20d0-\u20f0\ufe00-\ufe0f"
_PIECE = re.compile(f"[{_NARROW}]+(?![{_MARKS}])|[^{_MARKS}][{_MARKS}]*|[{_MARKS}]+", re.DOTALL)
"""Narrow text, a character with its marks, or marks that belong to what was before."""

DROPPED = frozenset(
    "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200e\u200f\u061c"
)
_TONES = frozenset("\u302e\u302f\U00016ff0\U00016ff1")
"""Marks of category Mc that stand above their letter or in its place."""
JOINING = re.compile("[\u200d\ufe00-\ufe0f\U000e0000-\U000e0fff]")
_MAX_PIECES = 4096
_MAX_PIECE_LENGTH = 64
_MAX_WORD_LENGTH = 32


@lru_cache(maxsize=8192)
def character_width(character: str) -> int:
    """Return the columns of one character: 0, 1 or 2."""
    if "\U0001f1e6" <= character <= "\U0001f1ff":
        return 1
    width = max(wcwidth(character), 0)
    if width == 0 and character not in _TONES and unicodedata.category(character) == "Mc":
        return 1
    return width


def cell_width(text: str) -> int:
    """Return the columns that a text takes on the screen."""
    if text.isascii():
        return len(text)
    return sum(map(character_width, text))


class Clusters:
    """The characters that do not fit into one code point, by their stand-in.

    One table belongs to a screen and its history, and is renewed as a whole
    when it is full: see `Screen.compact`.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.shown_as: list[str | None] = []
        """By entry, what is shown where that is not the text without its joiners."""
        self._stand_ins: dict[tuple[str, str | None], str] = {}
        self._pieces = _Pieces(self)
        self._words = _Words(self)
        self.by_text = _Texts(self)
        """The cells of texts; empty for one that begins with marks."""
        self.display: dict[int, str | None] = {0: None, 0xAD: "-"}
        """Translation from cells to the text shown; see `Row.runs`."""

    @property
    def is_full(self) -> bool:
        """Whether the table takes no more entries."""
        return len(self.texts) >= MAX_CLUSTERS

    def stand_in(self, text: str, shown: str | None = None) -> str:
        """Return the character that represents this text in a cell string.

        Args:
            text: The text.
            shown: What is shown instead, see `graphemes.py`.
        """
        known = self._stand_ins.get((text, shown))
        if known is not None:
            return known
        if self.is_full:
            return text[0] if ord(text[0]) < CLUSTER_BASE else REPLACEMENT
        code = CLUSTER_BASE + len(self.texts)
        self.texts.append(text)
        self.shown_as.append(shown)
        self.display[code] = _shown(text) if shown is None else shown
        character = self._stand_ins[text, shown] = chr(code)
        return character

    def text_of(self, character: str) -> str:
        """Return what a character of a cell string stands for."""
        code = ord(character)
        return character if code < CLUSTER_BASE else self.texts[code - CLUSTER_BASE]

    def shown_for(self, character: str) -> str | None:
        """Return what is shown for a character of a cell string instead of its text, if so."""
        code = ord(character)
        return None if code < CLUSTER_BASE else self.shown_as[code - CLUSTER_BASE]

    def extend(self, character: str, marks: str) -> str:
        """Return the stand-in of a cell's character with more combining marks."""
        text = (self.text_of(character) + marks)[:MAX_CLUSTER_LENGTH]
        return self.stand_in(text, self.shown_for(character))

    def to_text(self, cells: str) -> str:
        """Return the whole text of cells, nothing left out."""
        if cells.isascii() and WIDE_TAIL not in cells:
            return cells
        return "".join(map(self.text_of, cells.replace(WIDE_TAIL, "")))

    def to_text_with_columns(self, cells: str) -> tuple[str, list[int]]:
        """Return the text of cells, and of each character the column that it begins in.

        The list has one entry more than the text, the column after the last.
        """
        texts: list[str] = []
        columns: list[int] = []
        for column, cell in enumerate(cells):
            if cell != WIDE_TAIL:
                text = self.text_of(cell)
                texts.append(text)
                columns += [column] * len(text)
        return "".join(texts), [*columns, len(cells)]

    def to_cells(self, text: str) -> tuple[str, str]:
        """Split a text into marks for the cell before it, and its own cells.

        Args:
            text: Printable text without control characters.
        """
        try:
            return "", " ".join(map(self._words.__getitem__, text.split(" ")))
        except KeyError:
            return self._attach(_PIECE.findall(text))

    def word_to_cells(self, word: str) -> str:
        """Return the cells of a text.

        Raises:
            KeyError: It begins with a mark, or has one that belongs to nothing.
        """
        if _MOSTLY_WIDE.fullmatch(word):
            # The upper half of each character in UTF-32 is the tail in UTF-16:
            # many times as fast as to put the characters together one by one.
            return utf_16_le_decode(utf_32_le_encode(word)[0])[0]
        if WIDE.fullmatch(word):
            return WIDE_TAIL.join(word) + WIDE_TAIL
        if NARROW.fullmatch(word):
            return word
        return "".join(map(self._pieces.__getitem__, _PIECE.findall(word)))

    def _attach(self, pieces: list[str]) -> tuple[str, str]:
        """Return the cells of pieces among which there are marks on their own."""
        leading = ""
        cells: list[str] = []
        for piece in pieces:
            if character_width(piece[0]):
                cells.append(self._pieces[piece])
                continue
            few = piece[:MAX_CLUSTER_LENGTH]
            marks = "".join(mark for mark in few if mark not in DROPPED)
            if not marks:
                continue
            if cells:
                last = cells.pop()
                size = 2 if last[-1] == WIDE_TAIL else 1
                cells += [last[:-size], self.extend(last[-size], marks) + last[-size:][1:]]
            else:
                leading = (leading + marks)[:MAX_CLUSTER_LENGTH]
        return leading, "".join(cells)


class _Texts(dict[str, str]):
    """The cells of texts, by the text; a few come again and again, such as those of frames."""

    def __init__(self, clusters: Clusters) -> None:
        super().__init__()
        self._clusters = clusters

    def __missing__(self, text: str) -> str:
        cells = text
        if NARROW.fullmatch(text) is None:
            marks, cells = self._clusters.to_cells(text)
            if marks:
                return ""
        if len(text) <= _MAX_WORD_LENGTH:
            if len(self) >= _MAX_PIECES:
                self.clear()
            self[text] = cells
        return cells


class _Words(dict[str, str]):
    """The cells of words, by the word; those of a language, or of a screen, come again."""

    def __init__(self, clusters: Clusters) -> None:
        super().__init__({"": ""})
        self._clusters = clusters

    def __missing__(self, word: str) -> str:
        cells = self._clusters.word_to_cells(word)
        if len(word) <= _MAX_WORD_LENGTH:
            if len(self) >= _MAX_PIECES:
                self.clear()
            self[word] = cells
        return cells


class _Pieces(dict[str, str]):
    """The cells of a piece of text that begins with a visible character, by the piece."""

    def __init__(self, clusters: Clusters) -> None:
        super().__init__()
        self._clusters = clusters

    def __missing__(self, piece: str) -> str:
        first = piece[0]
        width = character_width(first)
        if not width:
            if piece in DROPPED:
                return ""
            raise KeyError(piece)
        if NARROW.fullmatch(piece) or (len(piece) == 1 and ord(first) < CLUSTER_BASE):
            cells = piece
        else:
            cells = self._clusters.stand_in(piece[:MAX_CLUSTER_LENGTH])
        if width == 2:
            cells += WIDE_TAIL
        if len(piece) <= _MAX_PIECE_LENGTH:
            if len(self) >= _MAX_PIECES:
                self.clear()
            self[piece] = cells
        return cells


def _shown(text: str) -> str:
    """Return a cluster as the host may see it, without what would change its width."""
    return JOINING.sub("", text) or " "
