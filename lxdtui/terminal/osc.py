"""Strings that programs send: titles, links, directories, colours, the clipboard.

OSC sequences by number, as in xterm's ctlseqs; 7 is the directory, 8 a link,
52 the clipboard, the others from 4 to 119 are colours. What is kept is plain
text of bounded length without control characters; whoever shows it must still
not take it for markup.
"""

import base64
import binascii
import re
from urllib.parse import unquote, urlsplit

from .palette import BACKGROUND, DYNAMIC, INDEXES, SPECIAL, Palette, parse_color
from .reports import ReportingScreen
from .style import RGB

MAX_TITLE = 256
MAX_LINK = 2048
MAX_PATH = 4096
MAX_CLIPBOARD = 64 * 1024
"""Bytes of text; what is longer is refused."""

_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "file"})
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff\ud800-\udfff]"
)
_PRINTABLE_ASCII = re.compile(r"[!-~]+")
MAX_COLORS = 2 * INDEXES
"""Fields of one sequence that are looked at."""

_DYNAMIC = frozenset(map(str, DYNAMIC))
_DYNAMIC_RESET = frozenset(str(number + 100) for number in DYNAMIC)
_LINK_ID = re.compile(r"[!-9;-~]{1,256}")


def plain(text: str, limit: int) -> str:
    """Return a text without controls and invisible characters, cut at a length."""
    return _UNPRINTABLE.sub("", text[: limit * 4])[:limit]


class StringScreen(ReportingScreen):
    """The part of the screen that receives strings."""

    palette: Palette
    allow_clipboard: bool
    clipboard: str | None

    def is_light(self) -> bool:
        """Whether the background is nearer to white than to black."""
        return sum(self.palette.dynamic(BACKGROUND)) > 3 * 127

    def set_title(self, param: str) -> None:
        """Set the title (OSC 0, OSC 2, `ESC k`)."""
        self.title = plain(param, MAX_TITLE)

    def set_icon_name(self, param: str) -> None:
        """Set the icon name, which nobody shows (OSC 1)."""
        self.icon_name = plain(param, MAX_TITLE)

    def operating_system_command(self, body: str, terminator: str) -> None:
        """Obey an OSC string.

        Args:
            body: What stands between the introducer and the terminator.
            terminator: BEL or ST; an answer ends like its question.
        """
        number, _, text = body.partition(";")
        if number in {"0", "2"}:
            self.set_title(text)
        elif number == "1":
            self.set_icon_name(text)
        elif number in {"4", "5"}:
            self._palette_colors(number, text, terminator)
        elif number == "7":
            self._set_directory(text)
        elif number == "8":
            self._set_link(text)
        elif number == "52":
            self._set_clipboard(text)
        elif number in {"104", "105"}:
            self._reset_palette(0 if number == "104" else SPECIAL, text)
        elif number in _DYNAMIC:
            self._dynamic_colors(int(number), text, terminator)
        elif number in _DYNAMIC_RESET and not text:
            self.palette.set_dynamic.pop(int(number) - 100, None)
            self.palette.changes += 1

    def device_control_string(self, body: str) -> None:
        """Obey a DCS string: DECRQSS and XTGETTCAP are known."""
        if body.startswith("$q"):
            self.report_setting(body[2:])
        elif body.startswith("+q"):
            self.report_capability(body[2:])

    def _set_directory(self, uri: str) -> None:
        if len(uri) <= MAX_PATH and uri.startswith("file://"):
            path = uri[len("file://") :]
            self.directory = plain(unquote(path[path.find("/") :]), MAX_PATH) if "/" in path else ""

    def _set_link(self, text: str) -> None:
        parameters, _, uri = text.partition(";")
        link = uri if _is_link(uri) else ""
        link_id = ""
        for parameter in parameters.split(":") if link else ():
            name, _, value = parameter.partition("=")
            if name == "id" and _LINK_ID.fullmatch(value):
                link_id = value
        if (self.style.link, self.style.link_id) != (link, link_id):
            self.style = self.style._replace(link=link, link_id=link_id)

    def _palette_colors(self, number: str, text: str, terminator: str) -> None:
        """Set palette colours, or say them (OSC 4; OSC 5 counts from the special ones)."""
        fields = text.split(";", MAX_COLORS)
        for field, value in zip(fields[::2], fields[1::2], strict=False):
            index = _index(field, SPECIAL if number == "5" else 0)
            if index is None:
                continue
            if value == "?":
                color = _encoded(self.palette.color(index))
                said = index - SPECIAL if number == "5" else index
                self.write_process_input(f"\x1b]{number};{said};{color}{terminator}")
            elif (parsed := parse_color(value)) is not None:
                self.palette.set_colors[index] = parsed
                self.palette.changes += 1

    def _reset_palette(self, base: int, text: str) -> None:
        """Take palette colours back, all of them without a number (OSC 104, OSC 105)."""
        fields = text.split(";", MAX_COLORS) if text else []
        indexes = {_index(field, base) for field in fields}
        if not fields:
            indexes.update(range(base, INDEXES if base else SPECIAL))
        for index in indexes:
            if index is not None:
                self.palette.set_colors.pop(index, None)
                self.palette.changes += 1

    def _dynamic_colors(self, number: int, text: str, terminator: str) -> None:
        """Set the colour of text, background, cursor and so on, or say them (OSC 10 to 19)."""
        for kind, value in zip(range(number, DYNAMIC.stop), text.split(";", 10), strict=False):
            if value == "?":
                color = _encoded(self.palette.dynamic(kind))
                self.write_process_input(f"\x1b]{kind};{color}{terminator}")
            elif (parsed := parse_color(value)) is not None:
                self.palette.set_dynamic[kind] = parsed
                self.palette.changes += 1

    def _set_clipboard(self, text: str) -> None:
        _, _, encoded = text.partition(";")
        if not self.allow_clipboard or encoded == "?" or len(encoded) > MAX_CLIPBOARD * 4 // 3 + 4:
            return
        try:
            content = base64.b64decode(encoded, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return
        self.clipboard = content


def _index(field: str, base: int) -> int | None:
    """Return a palette index from a sequence, counted from a base, or None."""
    if not (field.isascii() and field.isdigit() and len(field) < 4):
        return None
    index = base + int(field)
    return index if index < INDEXES else None


def _encoded(color: RGB) -> str:
    return "rgb:{0:02x}{0:02x}/{1:02x}{1:02x}/{2:02x}{2:02x}".format(*color)


def _is_link(uri: str) -> bool:
    if len(uri) > MAX_LINK or not _PRINTABLE_ASCII.fullmatch(uri):
        return False
    try:
        return urlsplit(uri).scheme.lower() in _SCHEMES
    except ValueError:
        return False
