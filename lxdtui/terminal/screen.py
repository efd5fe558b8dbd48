"""The whole screen: reports to the program, strings it sends, changes of size.

What a program may learn is fixed: canonical answers, numbers that we computed,
and settings encoded anew from our own state. No part of a request is ever
sent back, and titles, the clipboard and screen contents are never reported:
an answer is typed into the program's input, where a shell may read it.
"""

from importlib.metadata import PackageNotFoundError, version

from .modal import ModalScreen
from .modes import IN_BAND_RESIZE, KNOWN, SYNCHRONIZED, CursorShape, private
from .osc import Palette, Strings
from .reflow import crop, reflow
from .style import sgr_parameters

MAX_REPLY = 4096
"""Bytes that one feed may answer; the rest of the answers is dropped."""

MAX_TITLES = 16

try:
    VERSION = version("lxdtui")
except PackageNotFoundError:
    VERSION = "0"


class Screen(Strings, ModalScreen):
    """A `pyte.Screen` with lines of strings, a scrollback and an alternate screen.

    Args:
        columns: The width in cells, at least 2.
        lines: The height, at least 1.
        scrollback: Lines that the history keeps.
        allow_clipboard: Whether programs may set the clipboard with OSC 52.
    """

    def __init__(
        self,
        columns: int,
        lines: int,
        scrollback: int = 0,
        *,
        allow_clipboard: bool = False,
    ) -> None:
        self.allow_clipboard = allow_clipboard
        self.palette = Palette()
        self.replies: list[str] = []
        self._reply_size = 0
        self.bell_rung = False
        self.clipboard: str | None = None
        super().__init__(columns, lines, scrollback)

    def take_replies(self) -> bytes:
        """Return the answers gathered since the last call, and forget them."""
        replies = "".join(self.replies).encode("ascii")
        self.replies.clear()
        self._reply_size = 0
        return replies

    def write_process_input(self, data: str) -> None:
        """Answer the program, within the bounds of one feed.

        Args:
            data: ASCII made here, never text that came in.
        """
        self._reply_size += len(data)
        if self._reply_size <= MAX_REPLY:
            self.replies.append(data)

    def bell(self, *_args: object) -> None:
        """Note the bell (BEL)."""
        self.bell_rung = True

    # Reports

    def report_device_attributes(self, mode: int = 0, **_kwargs: bool) -> None:
        """Say VT220 with colours (DA1). More would promise margins and rectangles."""
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
        """Say name and version (XTVERSION); a name of our own, see `terminal.md`."""
        if mode == 0:
            self.write_process_input(f"\x1bP>|lxdtui({VERSION})\x1b\\")

    def report_device_status(self, mode: int = 0, **_kwargs: bool) -> None:
        """Say that all is well, or where the cursor is (DSR, CPR)."""
        if mode == 5:
            self.write_process_input("\x1b[0n")
        elif mode == 6:
            self.write_process_input("\x1b[{};{}R".format(*self._reported_position()))

    def report_private_status(self, mode: int = 0) -> None:
        """Say where the cursor is, or that there is no printer and no locator (DECDSR)."""
        fixed = {15: "?13n", 25: "?20n", 26: "?27;1;0;0n", 53: "?50n", 55: "?50n", 56: "?57;0n"}
        if mode == 6:
            self.write_process_input("\x1b[?{};{}R".format(*self._reported_position()))
        elif mode in fixed:
            self.write_process_input(f"\x1b[{fixed[mode]}")

    def _reported_position(self) -> tuple[int, int]:
        origin = self.top if private(6) in self.mode else 0
        return self.cursor.y - origin + 1, self._column() + 1

    def report_mode(self, mode: int = 0) -> None:
        """Say whether an ANSI mode is known and set (DECRQM)."""
        self._report_mode("", mode, mode)

    def report_private_mode(self, mode: int = 0) -> None:
        """Say whether a DEC mode is known and set (DECRQM)."""
        self._report_mode("?", mode, private(mode))

    def _report_mode(self, prefix: str, mode: int, number: int) -> None:
        state = 0 if number not in KNOWN else 1 if number in self.mode else 2
        self.write_process_input(f"\x1b[{prefix}{mode};{state}$y")

    def report_setting(self, request: str) -> None:
        """Say the style, the margins or the cursor's form, encoded anew (DECRQSS)."""
        shape = list(CursorShape).index(self.shape) * 2 + (1 if self.blink else 2)
        answers = {
            "m": f"{sgr_parameters(self.style)}m",
            "r": f"{self.top + 1};{self.bottom + 1}r",
            " q": f"{shape} q",
            '"p': '62;1"p',
        }
        answer = answers.get(request)
        self.write_process_input(f"\x1bP1$r{answer}\x1b\\" if answer else "\x1bP0$r\x1b\\")

    def window_operation(self, operation: int = 0, detail: int = 0) -> None:
        """Say the size in cells, keep or restore the title (XTWINOPS).

        Moving, resizing and reporting titles are refused.
        """
        if operation == 11:
            self.write_process_input("\x1b[1t")
        elif operation == 18:
            self.write_process_input(f"\x1b[8;{self.lines};{self.columns}t")
        elif operation == 19:
            self.write_process_input(f"\x1b[9;{self.lines};{self.columns}t")
        elif operation == 22 and detail in (0, 2):
            self.titles = [*self.titles, self.title][-MAX_TITLES:]
        elif operation == 23 and detail in (0, 2) and self.titles:
            self.title = self.titles.pop()

    # Size

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Change the size: the main screen is reflowed, the alternate one cut.

        Args:
            lines: The new height, at least 1.
            columns: The new width, at least 2.
        """
        rows, width = max(lines or self.lines, 1), max(columns or self.columns, 2)
        if (rows, width) == (self.lines, self.columns):
            return
        saved = self.saved[False]
        x, y = (saved.x, saved.y) if self.is_alternate else (self.cursor.x, self.cursor.y)
        main = self.inactive if self.is_alternate else self.grid
        other = self.grid if self.is_alternate else self.inactive
        moved = reflow(self.history, main, columns=width, rows=rows, x=x, y=min(y, len(main) - 1))
        self.history = moved.history[-self.scrollback :] if self.scrollback else []
        self.history_total = len(self.history)
        main[:] = moved.grid
        other[:] = crop(other, width, rows)
        self._place_cursor(moved.x, moved.y, width, rows)
        self.tabstops -= set(range(width, self.columns))
        self.tabstops |= set(range((self.columns + 7) // 8 * 8, width, 8))
        self.lines, self.columns = rows, width
        self.actions.clear()
        self.follow_drawing()
        self.top, self.bottom = 0, rows - 1
        self.mode.discard(SYNCHRONIZED)
        if IN_BAND_RESIZE in self.mode:
            self.write_process_input(f"\x1b[48;{rows};{width};0;0t")

    def _place_cursor(self, x: int, y: int, columns: int, rows: int) -> None:
        if self.is_alternate:
            self.cursor.x = min(self.cursor.x, columns - 1)
            self.cursor.y = min(self.cursor.y, rows - 1)
            self.saved[False] = self.saved[False]._replace(x=x, y=y)
        else:
            self.cursor.x, self.cursor.y = x, y
