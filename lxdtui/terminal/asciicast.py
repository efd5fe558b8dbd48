"""Recordings of terminals in the form asciicast v2: lines of JSON into values and back.

The format is that of asciinema: a header object, then one array an event with
the seconds since the beginning, a kind and text. What is read may come from
anybody: sizes, times and lengths are bounded, and whatever is wrong ends in a
`ValueError` with words.
"""

import codecs
import json
import re
from dataclasses import dataclass
from enum import StrEnum

VERSION = 2
MAX_LINE = 8 * 1024 * 1024
"""Characters of one line that are accepted."""
MAX_SECONDS = 366 * 24 * 3600.0
_MAX_TITLE = 256
_SIZE = re.compile(r"([0-9]{1,5})x([0-9]{1,5})", re.ASCII)


class EventKind(StrEnum):
    """What happened."""

    OUTPUT = "o"
    INPUT = "i"
    RESIZE = "r"
    MARKER = "m"


@dataclass(frozen=True, slots=True, kw_only=True)
class CastHeader:
    """What a recording says about itself."""

    columns: int
    rows: int
    timestamp: int | None = None
    """When it was begun: seconds since 1970."""
    title: str = ""
    term: str = "xterm-256color"


@dataclass(frozen=True, slots=True)
class CastEvent:
    """One event; `data` of a resize is ``COLUMNSxROWS``."""

    seconds: float
    kind: EventKind
    data: str

    @property
    def size(self) -> tuple[int, int] | None:
        """Columns and rows of a resize, or None."""
        match = _SIZE.fullmatch(self.data) if self.kind is EventKind.RESIZE else None
        return None if match is None else _size(int(match[1]), int(match[2]))


class CastWriter:
    """Events into lines. Characters that are cut are put together, as each line must be text."""

    def __init__(self) -> None:
        self._decoders = {
            kind: codecs.getincrementaldecoder("utf-8")("replace")
            for kind in (EventKind.OUTPUT, EventKind.INPUT)
        }

    @staticmethod
    def header(header: CastHeader) -> str:
        """Return the first line."""
        fields: dict[str, object] = {
            "version": VERSION,
            "width": header.columns,
            "height": header.rows,
        }
        if header.timestamp is not None:
            fields["timestamp"] = header.timestamp
        if header.title:
            fields["title"] = header.title
        fields["env"] = {"TERM": header.term}
        return json.dumps(fields, ensure_ascii=False) + "\n"

    def data(self, seconds: float, kind: EventKind, data: bytes) -> str:
        """Return the line of output or input; nothing while a character is not whole."""
        text = self._decoders[kind].decode(data)
        return _line(seconds, kind, text) if text else ""

    @staticmethod
    def resize(seconds: float, columns: int, rows: int) -> str:
        """Return the line of a new size."""
        return _line(seconds, EventKind.RESIZE, f"{columns}x{rows}")


def _line(seconds: float, kind: EventKind, text: str) -> str:
    return f'[{seconds:.6f}, "{kind.value}", {json.dumps(text, ensure_ascii=False)}]\n'


def read_header(line: str) -> CastHeader:
    """Read the first line of a recording.

    Raises:
        ValueError: It is not the header of an asciicast v2.
    """
    fields = _json(line)
    if not isinstance(fields, dict) or "version" not in fields:
        raise ValueError("it is not an asciicast")
    if fields["version"] != VERSION:
        raise ValueError("it is an asciicast, but not of version 2")
    columns, rows = fields.get("width"), fields.get("height")
    if type(columns) is not int or type(rows) is not int:
        raise ValueError("its header has no size")
    timestamp, title, env = fields.get("timestamp"), fields.get("title"), fields.get("env")
    term = env.get("TERM") if isinstance(env, dict) else None
    width, height = _size(columns, rows)
    return CastHeader(
        columns=width,
        rows=height,
        timestamp=timestamp if type(timestamp) is int and 0 <= timestamp < 1 << 40 else None,
        title=title[:_MAX_TITLE] if isinstance(title, str) else "",
        term=term[:_MAX_TITLE] if isinstance(term, str) else "",
    )


def read_event(line: str, not_before: float = 0.0) -> CastEvent | None:
    """Read another line of a recording.

    Args:
        line: The line.
        not_before: Seconds of the event before it: time never goes back.

    Returns:
        The event, or None if it is of a kind that is not known.

    Raises:
        ValueError: It is not an event.
    """
    fields = _json(line)
    if not isinstance(fields, list) or len(fields) < 3:
        raise ValueError("an event is not an array of three")
    seconds, kind, data = fields[:3]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise ValueError("the time of an event is not a number")
    if not isinstance(data, str):
        raise ValueError("the data of an event is not text")
    # So that it is also asked of integers that no float can hold; nothing is true of NaN.
    if not -MAX_SECONDS <= seconds <= MAX_SECONDS:
        raise ValueError("the time of an event is beyond all measure")
    if kind not in tuple(EventKind):
        return None
    return CastEvent(max(float(seconds), not_before), EventKind(kind), data)


def _json(line: str) -> object:
    if len(line) > MAX_LINE:
        raise ValueError("a line is too long")
    try:
        return json.loads(line)
    except RecursionError as error:
        raise ValueError("a line is nested too deeply") from error


def _size(columns: int, rows: int) -> tuple[int, int]:
    return min(max(columns, 2), 1000), min(max(rows, 1), 1000)
