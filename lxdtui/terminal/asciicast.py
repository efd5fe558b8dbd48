"""Recordings of terminals in the form asciicast v2: lines of JSON into values and back.

The format is that of asciinema: a header object, then one array an event with
the seconds since the beginning, a kind and text. Of version 3, whose events
tell the seconds since the one before, and of version 1, which is one object
with all output, recordings are read as well. What is read may come from
anybody: sizes, times and lengths are bounded, and whatever is wrong ends in a
`ValueError` with words.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

VERSION = 2
MAX_LINE = 8 * 1024 * 1024
"""Characters of one line that are accepted."""
MAX_SECONDS = 366 * 24 * 3600.0
_MAX_TITLE = 256
_ANY_VERSION = re.compile(r'"version"\s*:\s*([0-9]+)')
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
    has_intervals: bool = False
    """Whether the times of events count from the event before (version 3)."""


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
        ValueError: It is not the header of an asciicast of version 2 or 3.
    """
    fields = _json(line)
    if not isinstance(fields, dict) or "version" not in fields:
        raise ValueError("it is not an asciicast")
    version = fields["version"]
    if version == 3 and isinstance(fields.get("term"), dict):
        shown = fields["term"]
        return _header(fields, shown.get("cols"), shown.get("rows"), shown.get("type"))
    if version != VERSION:
        raise ValueError("it is an asciicast, but of no version that is known")
    env = fields.get("env")
    term = env.get("TERM") if isinstance(env, dict) else None
    return _header(fields, fields.get("width"), fields.get("height"), term)


def is_version_1(line: str) -> bool:
    """Say whether the first line may be one of version 1, which needs all lines to be read."""
    found = _ANY_VERSION.search(line)
    return line.lstrip()[:1] == "{" and (found is None or found[1] == "1")


def read_version_1(text: str) -> tuple[CastHeader, Iterator[CastEvent]]:
    """Read a whole recording of version 1.

    Returns:
        The header, and the events, whose iterator raises `ValueError` at a wrong one.

    Raises:
        ValueError: It is not an asciicast of version 1.
    """
    fields = _json(text, most=len(text))
    if not isinstance(fields, dict) or fields.get("version") != 1:
        raise ValueError("it is not an asciicast")
    pieces = fields.get("stdout")
    if not isinstance(pieces, list):
        raise ValueError("it has no output")
    return _header(fields, fields.get("width"), fields.get("height"), None), _pieces(pieces)


def _pieces(pieces: list[object]) -> Iterator[CastEvent]:
    before = 0.0
    for piece in pieces:
        if not isinstance(piece, list) or len(piece) < 2:
            raise ValueError("a piece of output is not an array of two")
        event = _event(piece[0], EventKind.OUTPUT, piece[1], before, has_intervals=True)
        before = event.seconds
        yield event


def _header(fields: dict[str, object], columns: object, rows: object, term: object) -> CastHeader:
    if type(columns) is not int or type(rows) is not int:
        raise ValueError("its header has no size")
    timestamp, title = fields.get("timestamp"), fields.get("title")
    width, height = _size(columns, rows)
    return CastHeader(
        columns=width,
        rows=height,
        timestamp=timestamp if type(timestamp) is int and 0 <= timestamp < 1 << 40 else None,
        title=title[:_MAX_TITLE] if isinstance(title, str) else "",
        term=term[:_MAX_TITLE] if isinstance(term, str) else "",
        has_intervals=fields.get("version") == 3,
    )


def read_event(
    line: str, not_before: float = 0.0, *, has_intervals: bool = False
) -> CastEvent | None:
    """Read another line of a recording.

    Args:
        line: The line.
        not_before: Seconds of the event before it: time never goes back.
        has_intervals: Whether its time counts from that one.

    Returns:
        The event; or None if it is a comment, or of a kind that is not known
        where no time hangs on it.

    Raises:
        ValueError: It is not an event.
    """
    if has_intervals and line.startswith("#"):
        return None
    fields = _json(line)
    if not isinstance(fields, list) or len(fields) < 3:
        raise ValueError("an event is not an array of three")
    seconds, kind, data = fields[:3]
    is_known = kind in tuple(EventKind)
    if not is_known and has_intervals:
        kind, data, is_known = EventKind.MARKER, "", True
    event = _event(
        seconds,
        EventKind(kind) if is_known else EventKind.MARKER,
        data,
        not_before,
        has_intervals=has_intervals,
    )
    return event if is_known else None


def _event(
    seconds: object, kind: EventKind, data: object, before: float, *, has_intervals: bool
) -> CastEvent:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise ValueError("the time of an event is not a number")
    if not isinstance(data, str):
        raise ValueError("the data of an event is not text")
    # So that it is also asked of integers that no float can hold; nothing is true of NaN.
    if not -MAX_SECONDS <= seconds <= MAX_SECONDS:
        raise ValueError("the time of an event is beyond all measure")
    moment = float(seconds) + (before if has_intervals else 0.0)
    if moment > MAX_SECONDS:
        raise ValueError("the time of an event is beyond all measure")
    return CastEvent(max(moment, before), kind, data)


def _json(line: str, *, most: int = MAX_LINE) -> object:
    if len(line) > most:
        raise ValueError("a line is too long")
    try:
        return json.loads(line)
    except RecursionError as error:
        raise ValueError("a line is nested too deeply") from error


def _size(columns: int, rows: int) -> tuple[int, int]:
    return min(max(columns, 2), 1000), min(max(rows, 1), 1000)
