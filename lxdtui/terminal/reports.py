"""What the program gets to know about its terminal.

What a program may learn is fixed: canonical answers, numbers that we computed,
and settings encoded anew from our own state. No text of a request is ever sent
back, and titles, the clipboard and screen contents are never reported: an
answer is typed into the program's input, where a shell may read it.

We say that we are a VT220 with colours (DA1, DA2) and give a name of our own
(XTVERSION), although side margins and rectangles are here, too. A terminal
that says VT420 promises the reports of that one as well, checksums among them,
and claiming the name of another makes programs take ways around faults that we
do not have. What we gain by it is nothing: tmux would draw panes beside each
other with side margins, line by line, where it now sends the changed rows.
"""

from importlib.metadata import PackageNotFoundError, version

from .modes import KNOWN, PERMANENTLY_RESET, CursorShape, private
from .style import GUARD_DEC, sgr_parameters
from .style_stack import StyleStackScreen

MAX_REPLY = 4096
"""Bytes that one feed may answer; the rest of the answers is dropped."""

MAX_TITLES = 16
CELL_WIDTH, CELL_HEIGHT = 8, 16
"""Pixels of a cell, for programs that insist on them."""

_FIXED_STATUS = {
    15: "?13n",  # no printer
    25: "?20n",  # keys may be defined
    26: "?27;1n",  # a North American keyboard
    53: "?50n",  # no locator
    55: "?50n",
    56: "?57;0n",
    62: "0*{",  # no room for macros
    75: "?70n",  # no transmission errors
    85: "?83n",  # no sessions
}
_FIXED_SETTINGS = {
    "$}": "0$}",  # DECSASD: output goes to the screen
    "$~": "0$~",  # DECSSDT: no status line
    "+q": "0+q",  # DECELF, DECLFKC, DECSMKR: keys do what they do from the factory
    "*}": "0*}",
    "+r": "0+r",
}

_CAPABILITIES = {
    "436F": "436F=323536",  # Co: 256
    "636F6C6F7273": "636F6C6F7273=323536",  # colors: 256
    "524742": "524742=38",  # RGB: 8 bits of each
}

try:
    VERSION = version("lxdtui")
except PackageNotFoundError:
    VERSION = "0"


class ReportingScreen(StyleStackScreen):
    """Answers to the program."""

    replies: list[str]
    reply_size: int
    bell_rung: bool
    title: str
    icon_name: str
    directory: str

    def take_replies(self) -> bytes:
        """Return the answers gathered since the last call, and forget them."""
        replies = "".join(self.replies).encode("ascii")
        self.replies.clear()
        self.reply_size = 0
        return replies

    def write_process_input(self, data: str) -> None:
        """Answer the program, within the bounds of one feed.

        Args:
            data: ASCII made here, never text that came in.
        """
        self.reply_size += len(data)
        if self.reply_size <= MAX_REPLY:
            self.replies.append(data)

    def bell(self, *_args: object) -> None:
        """Note the bell (BEL)."""
        self.bell_rung = True

    # Reports

    def report_device_attributes(self, mode: int = 0, **_kwargs: bool) -> None:
        """Say VT220 with colours (DA1, DECID)."""
        if mode == 0:
            self.write_process_input("\x1b[?62;22c")

    def report_secondary_attributes(self, mode: int = 0) -> None:
        """Say what firmware this is (DA2)."""
        if mode == 0:
            self.write_process_input("\x1b[>1;100;0c")

    def report_unit_id(self, mode: int = 0) -> None:
        """Say a unit number that means nothing (DA3)."""
        if mode == 0:
            self.write_process_input("\x1bP!|00000000\x1b\\")

    def report_version(self, mode: int = 0) -> None:
        """Say name and version (XTVERSION)."""
        if mode == 0:
            self.write_process_input(f"\x1bP>|lxdtui({VERSION})\x1b\\")

    def report_device_status(self, mode: int = 0, **_kwargs: bool) -> None:
        """Say that all is well, or where the cursor is (DSR, CPR)."""
        if mode == 5:
            self.write_process_input("\x1b[0n")
        elif mode == 6:
            self.write_process_input("\x1b[{};{}R".format(*self._reported_position()))

    def report_private_status(self, mode: int = 0, identifier: int = 0) -> None:
        """Say where the cursor is, that devices are not there, or dark or light (DECDSR, 996).

        Args:
            mode: What is asked for.
            identifier: Comes back with the checksum of the macros, of which there are none.
        """
        if mode == 6:
            self.write_process_input("\x1b[?{};{}R".format(*self._reported_position()))
        elif mode == 996:
            self.write_process_input(f"\x1b[?997;{2 if self.is_light() else 1}n")
        elif mode == 63:
            self.write_process_input(f"\x1bP{identifier}!~0000\x1b\\")
        elif mode in _FIXED_STATUS:
            self.write_process_input(f"\x1b[{_FIXED_STATUS[mode]}")

    def is_light(self) -> bool:
        """Whether the background is nearer to white than to black; see `StringScreen`."""
        return False

    def _reported_position(self) -> tuple[int, int]:
        top, left = (self.top, self.left) if self._origin() else (0, 0)
        return self.cursor.y - top + 1, self.column() - left + 1

    def report_mode(self, mode: int = 0) -> None:
        """Say whether an ANSI mode is known and set (DECRQM)."""
        self._report_mode("", mode, mode)

    def report_private_mode(self, mode: int = 0) -> None:
        """Say whether a DEC mode is known and set (DECRQM)."""
        self._report_mode("?", mode, private(mode))

    def _report_mode(self, prefix: str, mode: int, number: int) -> None:
        if self.level < 3:
            return
        state = 0
        if number in PERMANENTLY_RESET:
            state = 4
        elif number in KNOWN:
            state = 1 if number in self.mode else 2
        self.write_process_input(f"\x1b[{prefix}{mode};{state}$y")

    def report_setting(self, request: str) -> None:
        """Say the style, the margins, the cursor's form or sizes, encoded anew (DECRQSS)."""
        shape = list(CursorShape).index(self.shape) * 2 + (1 if self.blink else 2)
        answers = {
            "m": f"{sgr_parameters(self.style)}m",
            "r": f"{self.top + 1};{self.bottom + 1}r",
            "s": f"{self.left + 1};{self.right + 1}s",
            "t": f"{self.lines}t",
            "$|": f"{self.columns}$|",
            "*|": f"{self.lines}*|",
            " q": f"{shape} q",
            '"q': f'{int(self.style.guard == GUARD_DEC)}"q',
            "*x": f"{2 * self.is_extent_rectangular}*x",
            '"p': f'{60 + self.level};1"p',
            **_FIXED_SETTINGS,
        }
        answer = answers.get(request)
        self.write_process_input(f"\x1bP1$r{answer}\x1b\\" if answer else "\x1bP0$r\x1b\\")

    def report_capability(self, request: str) -> None:
        """Say how many colours there are, the one capability that we tell (XTGETTCAP)."""
        answer = _CAPABILITIES.get(request.upper())
        if answer:
            self.write_process_input(f"\x1bP1+r{answer}\x1b\\")

    def window_operation(self, operation: int = 0, detail: int = 0) -> None:
        """Say the size in cells or pixels, keep or restore the title (XTWINOPS).

        Moving, resizing and reporting titles are refused.
        """
        if operation == 22:
            if detail in (0, 2):
                self.titles = [*self.titles, self.title][-MAX_TITLES:]
        elif operation == 23:
            if detail in (0, 2) and self.titles:
                self.title = self.titles.pop()
        else:
            self._report_size(operation)

    def _report_size(self, operation: int) -> None:
        height, width = self.lines, self.columns
        answers = {
            11: "1t",
            13: "3;0;0t",
            14: f"4;{height * CELL_HEIGHT};{width * CELL_WIDTH}t",
            15: f"5;{height * CELL_HEIGHT};{width * CELL_WIDTH}t",
            16: f"6;{CELL_HEIGHT};{CELL_WIDTH}t",
            18: f"8;{height};{width}t",
            19: f"9;{height};{width}t",
        }
        if operation in answers:
            self.write_process_input(f"\x1b[{answers[operation]}")
