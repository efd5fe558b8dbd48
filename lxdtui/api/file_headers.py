"""What the headers of the files API tell of a file. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime

from lxdtui.api.flavor import Flavor
from lxdtui.errors import UnexpectedResponse
from lxdtui.model.files import FileAttributes, FileKind

__all__ = ["attributes_from", "first_byte", "headers_for"]

_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d{1,9})? ([+-]\d{4})(?: .*)?", re.ASCII)
_RANGE = re.compile(r"bytes (?:(?P<first>\d{1,18})-\d+|\*)/(?P<size>\d{1,18})", re.ASCII)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_OCTAL = re.compile(r"[0-7]{1,7}", re.ASCII)
_OCTETS = "application/octet-stream"


def attributes_from(headers: Mapping[str, str], flavor: Flavor, *, tried: str) -> FileAttributes:
    """Read attributes from the headers of an answer.

    Args:
        headers: The headers, whose names are lower-case.
        flavor: The server's dialect.
        tried: What was tried.

    Raises:
        UnexpectedResponse: It is not told what kind of thing it is.
    """

    def told(name: str) -> str:
        return headers.get(flavor.header(name).lower(), "")

    try:
        kind = FileKind(told("type"))
    except ValueError:
        raise UnexpectedResponse(
            tried, f"the server says that it is of the kind {told('type')[:80]!r}"
        ) from None
    mode = told("mode")
    return FileAttributes(
        kind=kind,
        size=_size(headers) if kind is FileKind.FILE else None,
        mode=int(mode, 8) & 0o7777 if _OCTAL.fullmatch(mode) else None,
        uid=_number(told("uid")),
        gid=_number(told("gid")),
        modified=_time(told("modified")),
    )


def first_byte(headers: Mapping[str, str]) -> int | None:
    """Return where the part of a file begins that an answer with status 206 has."""
    matched = _RANGE.fullmatch(headers.get("content-range", ""))
    return int(matched["first"]) if matched is not None and matched["first"] else None


def headers_for(
    flavor: Flavor,
    kind: FileKind,
    *,
    mode: str | None = None,
    uid: int | None = None,
    gid: int | None = None,
) -> dict[str, str]:
    """Write the headers for something to be made.

    Args:
        flavor: The server's dialect.
        kind: File, directory or link.
        mode: Octal digits with a leading zero.
        uid: Owner.
        gid: Group.
    """
    values = {"type": str(kind), "mode": mode, "uid": uid, "gid": gid}
    return {flavor.header(name): str(value) for name, value in values.items() if value is not None}


def _size(headers: Mapping[str, str]) -> int | None:
    matched = _RANGE.fullmatch(headers.get("content-range", ""))
    if matched is not None:
        return int(matched["size"])
    # LXD 5.0 answers HEAD as if it were about JSON of no length.
    if headers.get("content-type") == _OCTETS:
        return _number(headers.get("content-length", ""))
    return None


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _time(text: str) -> datetime | None:
    """Read a time as Go prints it: ``2026-11-23 08:37:53 +0000 UTC``."""
    matched = _TIME.fullmatch(text)
    if matched is None:
        return None
    try:
        return datetime.strptime(f"{matched[1]} {matched[2]}", "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return None
