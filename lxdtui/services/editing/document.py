"""What a text file is made of, kept so that saving changes nothing but what was changed.

A file becomes text with LF between its lines; how to go back to bytes is
kept beside it (:class:`TextForm`). Bytes without a meaning in the encoding
stand as half surrogates (PEP 383) and are written back as they were. A file
whose lines all end in CR LF has that as its form; where ends are mixed, the CR
stays a character of its line, so that each line keeps its own.
"""

import codecs
import re
from dataclasses import dataclass, replace
from enum import StrEnum

__all__ = [
    "EDITED_AT_MOST",
    "Encoding",
    "LineEnds",
    "NotText",
    "TextFile",
    "TextForm",
    "decode",
    "indent_of",
    "looks_binary",
    "view_codec",
]

EDITED_AT_MOST = 16 * 1024**2
"""Bytes of the largest file that is edited; larger ones are only viewed."""
_LONGEST_LINE = 200_000
"""Characters of the longest line that is edited: each key is paid for with them."""
_CONTROLS_AT_MOST = 0.02
"""Share of control characters from which bytes are no text."""
_SAMPLE = 64 * 1024

_CONTROLS = bytes(byte for byte in (*range(0x20), 0x7F) if byte not in b"\t\n\r\f\b\x1b")
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


class NotText(StrEnum):
    """Why a file is viewed and not edited."""

    BINARY = "it is not text"
    TOO_LARGE = "it is too large"
    LONG_LINES = "it has lines that are too long"


class Encoding(StrEnum):
    """How characters stand as bytes. The value is what people call it."""

    UTF_8 = "UTF-8"
    UTF_8_BOM = "UTF-8 with BOM"
    UTF_16_LE = "UTF-16 LE"
    UTF_16_BE = "UTF-16 BE"
    LATIN_1 = "Latin-1"


_CODECS = {
    Encoding.UTF_8: ("utf-8", "surrogateescape", b""),
    Encoding.UTF_8_BOM: ("utf-8", "surrogateescape", codecs.BOM_UTF8),
    Encoding.UTF_16_LE: ("utf-16-le", "surrogatepass", codecs.BOM_UTF16_LE),
    Encoding.UTF_16_BE: ("utf-16-be", "surrogatepass", codecs.BOM_UTF16_BE),
    Encoding.LATIN_1: ("latin-1", "strict", b""),
}


class LineEnds(StrEnum):
    """What stands between lines. The value is what people call it."""

    LF = "LF"
    CRLF = "CRLF"
    MIXED = "mixed"
    """Both; those with a CR keep it as their last character, new ones have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextForm:
    """How a text goes back to bytes."""

    encoding: Encoding = Encoding.UTF_8
    line_ends: LineEnds = LineEnds.LF

    def encode(self, text: str) -> bytes:
        """Return the bytes of a text.

        Args:
            text: Lines with LF between them.

        Raises:
            UnicodeEncodeError: The encoding does not have a character of it.
        """
        if self.line_ends is LineEnds.CRLF:
            text = text.replace("\n", "\r\n")
        codec, errors, mark = _CODECS[self.encoding]
        return mark + text.encode(codec, errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A file that is text."""

    text: str
    """Its lines with LF between them."""
    form: TextForm
    """How it goes back to bytes."""
    bytes_kept: int = 0
    """Bytes without a meaning in its encoding."""

    @property
    def has_last_end(self) -> bool:
        """Whether its last line has an end; an empty text needs none."""
        return not self.text or self.text.endswith("\n")

    @property
    def raw(self) -> str:
        """The text with its line ends as they are in the file."""
        is_crlf = self.form.line_ends is LineEnds.CRLF
        return self.text.replace("\n", "\r\n") if is_crlf else self.text

    @classmethod
    def of_raw(cls, raw: str, encoding: Encoding) -> "TextFile":
        """Make a text of one with line ends as they are in a file."""
        line_ends = _line_ends_of(raw)
        text = raw.replace("\r\n", "\n") if line_ends is LineEnds.CRLF else raw
        return cls(text=text, form=TextForm(encoding=encoding, line_ends=line_ends))

    def as_utf_8(self) -> "TextFile":
        """Return the same text, to be written as UTF-8."""
        return replace(self, form=replace(self.form, encoding=Encoding.UTF_8))


def decode(content: bytes) -> TextFile | NotText:
    """Read the bytes of a file as text.

    Args:
        content: All of its bytes.

    Returns:
        A text whose form gives back exactly these bytes, or why it is not edited.
    """
    if len(content) > EDITED_AT_MOST:
        return NotText.TOO_LARGE
    if looks_binary(content[:_SAMPLE]):
        return NotText.BINARY
    encoding = _encoding_of(content)
    codec, errors, mark = _CODECS[encoding]
    try:
        raw = content[len(mark) :].decode(codec, errors)
    except UnicodeDecodeError:
        # An odd number of bytes in UTF-16.
        return NotText.BINARY
    line_ends = _line_ends_of(raw)
    text = raw.replace("\r\n", "\n") if line_ends is LineEnds.CRLF else raw
    form = TextForm(encoding=encoding, line_ends=line_ends)
    if "\0" in text or form.encode(text) != content:
        return NotText.BINARY
    if max(map(len, text.split("\n"))) > _LONGEST_LINE:
        return NotText.LONG_LINES
    kept = 0
    if encoding in (Encoding.UTF_8, Encoding.UTF_8_BOM) and not text.isascii():
        kept = len(text) - len(text.encode("utf-8", "ignore").decode())
    return TextFile(text=text, form=form, bytes_kept=kept)


def looks_binary(sample: bytes) -> bool:
    """Say whether bytes, as from the beginning of a file, are no text."""
    if sample.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return True
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\0" in sample or controls > len(sample) * _CONTROLS_AT_MOST


def view_codec(sample: bytes) -> str:
    """Return the codec to show a file with, from its beginning; undecodable bytes may remain."""
    for encoding in (Encoding.UTF_16_LE, Encoding.UTF_16_BE):
        codec, _, mark = _CODECS[encoding]
        if sample.startswith(mark):
            return codec
    # The sample may end within a character.
    return "latin-1" if _encoding_of(sample[:-4]) is Encoding.LATIN_1 else "utf-8"


def indent_of(text: str) -> tuple[str, int]:
    """Find out how a text indents its lines.

    Args:
        text: The text.

    Returns:
        A tab or a blank, and the columns of one step.
    """
    tabs = 0
    steps: dict[int, int] = {}
    before = 0
    for line in text[:200_000].split("\n"):
        if line.startswith("\t"):
            tabs += 1
            continue
        stripped = line.lstrip(" ")
        if not stripped:
            continue
        depth = len(line) - len(stripped)
        step = depth - before
        if 1 < step <= 8:
            steps[step] = steps.get(step, 0) + 1
        before = depth
    if tabs > sum(steps.values()):
        return "\t", 8
    best = max(steps, key=lambda step: (steps[step], -step), default=4)
    return " ", best


def _encoding_of(content: bytes) -> Encoding:
    for encoding, (_, _, mark) in _CODECS.items():
        if mark and content.startswith(mark):
            return encoding
    if content.isascii():
        return Encoding.UTF_8
    try:
        content.decode()
    except UnicodeDecodeError:
        # Some characters in UTF-8 and some bytes that are none: those are kept.
        has_some = _MULTIBYTE.search(content) is not None
        return Encoding.UTF_8 if has_some else Encoding.LATIN_1
    return Encoding.UTF_8


def _line_ends_of(raw: str) -> LineEnds:
    pairs = raw.count("\r\n")
    if not pairs:
        return LineEnds.LF
    return LineEnds.CRLF if pairs == raw.count("\n") else LineEnds.MIXED
