"""Strings that programs send: titles, links, directories, colours, the clipboard.

OSC sequences by number, as in xterm's ctlseqs; 7 is the directory, 8 a link,
52 the clipboard. What is kept is plain text of bounded length without control
characters; whoever shows it must still not take it for markup.
"""

import base64
import binascii
import re
from urllib.parse import unquote, urlsplit

from .style import RGB, Style, palette_color

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
_LINK_ID = re.compile(r"[!-9;-~]{1,256}")


def plain(text: str, limit: int) -> str:
    """Return a text without controls and invisible characters, cut at a length."""
    return _UNPRINTABLE.sub("", text[: limit * 4])[:limit]


class Palette:
    """The colours that a program may ask for; set by whoever paints the screen."""

    def __init__(self) -> None:
        self.foreground: RGB = (229, 229, 229)
        self.background: RGB = (0, 0, 0)
        self.colors: dict[int, RGB] = {}

    def color(self, index: int) -> RGB:
        """Return the colour of a palette index."""
        return self.colors.get(index) or palette_color(index)


class Strings:
    """The part of the screen that receives strings."""

    title: str
    icon_name: str
    directory: str
    style: Style
    palette: Palette
    allow_clipboard: bool
    clipboard: str | None

    def write_process_input(self, data: str) -> None:
        """Answer the program; see `Screen`."""
        raise NotImplementedError

    def report_setting(self, request: str) -> None:
        """Answer DECRQSS; see `Screen`."""
        raise NotImplementedError

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
        elif number == "4":
            self._answer_palette(text, terminator)
        elif number == "7":
            self._set_directory(text)
        elif number == "8":
            self._set_link(text)
        elif number in {"10", "11", "12"}:
            self._answer_color(int(number), text, terminator)
        elif number == "52":
            self._set_clipboard(text)

    def device_control_string(self, body: str) -> None:
        """Obey a DCS string: only DECRQSS is known."""
        if body.startswith("$q"):
            self.report_setting(body[2:])

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

    def _answer_palette(self, text: str, terminator: str) -> None:
        fields = text.split(";", 64)
        for index, value in zip(fields[::2], fields[1::2], strict=False):
            if value == "?" and index.isascii() and index.isdigit() and len(index) < 4:
                number = int(index)
                if number <= 255:
                    color = _encoded(self.palette.color(number))
                    self.write_process_input(f"\x1b]4;{number};{color}{terminator}")

    def _answer_color(self, number: int, text: str, terminator: str) -> None:
        for offset, value in enumerate(text.split(";", 3)[:3]):
            kind = number + offset
            if value == "?" and kind <= 12:
                color = self.palette.background if kind == 11 else self.palette.foreground
                self.write_process_input(f"\x1b]{kind};{_encoded(color)}{terminator}")

    def _set_clipboard(self, text: str) -> None:
        _, _, encoded = text.partition(";")
        if not self.allow_clipboard or encoded == "?" or len(encoded) > MAX_CLIPBOARD * 4 // 3 + 4:
            return
        try:
            content = base64.b64decode(encoded, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return
        self.clipboard = content


def _encoded(color: RGB) -> str:
    return "rgb:{0:02x}{0:02x}/{1:02x}{1:02x}/{2:02x}{2:02x}".format(*color)


def _is_link(uri: str) -> bool:
    if len(uri) > MAX_LINK or not _PRINTABLE_ASCII.fullmatch(uri):
        return False
    try:
        return urlsplit(uri).scheme.lower() in _SCHEMES
    except ValueError:
        return False
