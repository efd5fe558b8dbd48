"""The logs of an instance: which there are at the left, one of them at the right."""

import asyncio
import re
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from lxdtui.errors import LxdTuiError
from lxdtui.services.logs import CONSOLE, LogText
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action, Scope
from lxdtui.ui.dialogs.error import Failure
from lxdtui.ui.dialogs.form import FormDialog
from lxdtui.ui.format.amounts import count, plural, size
from lxdtui.ui.format.text import safe_lines, safe_text
from lxdtui.ui.forms.form import Form, Text
from lxdtui.ui.pages.page import Page, PageContext, page_bindings
from lxdtui.ui.widgets.filter_head import FilterInput
from lxdtui.ui.widgets.log_view import LogView
from lxdtui.ui.widgets.marked_table import MarkedTable, TableColumn, TableRow
from lxdtui.ui.widgets.page_head import PageHead
from lxdtui.ui.widgets.pieces import Piece, gap

__all__ = ["LogsPage"]

_FOLLOW_SECONDS = 2.0
_LIST_SECONDS = 10.0
"""Pause between two looks at which logs there are."""
_OUTPUT = re.compile(r"(?:exec-output/)?exec_(\w{1,6})[\w-]*\.std(out|err)")
_COLUMNS = (TableColumn(id="name", title="Log", width=8),)

Line = tuple[Piece, ...]


class LogsPage(Page):
    """Log files and the console log of an instance.

    Args:
        context: The instance and what is needed to show it.
    """

    NAME: ClassVar[str] = "logs"
    TITLE: ClassVar[str] = "Logs"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.LOGS,)
    FOCUS: ClassVar[str] = "LogView"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(Scope.LOGS)]
    DEFAULT_CSS = """
    LogsPage {
        #logs { height: 1fr; }
        MarkedTable { width: 20; margin: 0 1 0 0; }
    }
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._head = PageHead(placeholder="words in the log …")
        self._table = MarkedTable(_COLUMNS, glyphs=context.glyphs)
        self._view = LogView(glyphs=context.glyphs)
        self._row: InstanceRow | None = None
        self._names: tuple[str, ...] = ()
        self._must_list = True
        self._listed_at = 0.0
        self._texts: dict[str, LogText] = {}
        self._failure: LxdTuiError | None = None
        self._follows = True
        self._shown = ""
        self._wake = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Put the list beside the text."""
        yield self._head
        with Horizontal(id="logs"):
            yield self._table
            yield self._view

    @property
    def _is_stale(self) -> bool:
        return self._row is not None and self._row.is_stale

    @property
    def _chosen(self) -> str:
        return self._table.cursor_key or ""

    def show_row(self, row: InstanceRow | None) -> None:
        """Read on at once where the link is there again."""
        was_stale = self._row is None or self._row.is_stale
        self._row = row
        self._show_names()
        if row is not None and was_stale and not row.is_stale:
            self._wake.set()
        self._show()

    def activate(self) -> None:
        """Read until the page is left."""
        self.run_live(self._read_for_ever(), name=f"logs of {self.ref.name}")

    def refresh_now(self) -> None:
        """List and read again now."""
        self._must_list = True
        self._wake.set()

    def renamed(self, ref: object) -> None:
        """List again under the new name."""
        del ref
        self._must_list = True
        self._wake.set()

    def why_not(self, action: Action, rows: tuple[InstanceRow, ...]) -> str | None:
        """Return why an action is not possible now."""
        if action.id in ("log.hit", "log.hit_before") and not self._view.found:
            return "nothing was found"
        if action.id == "log.save" and self._chosen not in self._texts:
            return "no log was read"
        if action.id == "log.next" and len(self._names) < 2:
            return "there is no other log"
        return super().why_not(action, rows)

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Choose, search, follow, wrap or save."""
        del rows
        match action.id:
            case "log.next":
                self._table.move_to((self._table.cursor + 1) % max(len(self._names), 1))
            case "log.search":
                self._head.open_filter()
            case "log.hit":
                self._stop_following()
                self._view.step_found(1)
                self._show()
            case "log.hit_before":
                self._stop_following()
                self._view.step_found(-1)
                self._show()
            case "log.follow":
                self._follows = not (self._follows and self._view.is_at_end)
                if self._follows:
                    self._view.action_ends(True)
                self._wake.set()
                self._show()
            case "log.wrap":
                self._view.wrap(not self._view.wraps)
                self._show()
            case "log.save":
                self.run_worker(self._ask_and_save(self._chosen), group="instance.save_log")

    def go_back(self) -> bool:
        """Forget what was searched for first."""
        if not self._head.words:
            return False
        self._close_field(is_cleared=True)
        return True

    # Reading

    async def _read_for_ever(self) -> None:
        while True:
            self._wake.clear()
            if self._row is not None and not self._row.is_stale:
                await self._read()
            try:
                async with asyncio.timeout(_FOLLOW_SECONDS if self._follows else None):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _read(self) -> None:
        try:
            now = self.clock.monotonic()
            if self._must_list or now - self._listed_at >= _LIST_SECONDS:
                self._listed_at = now
                self._names = await self.fleet.logs.names(self.ref)
                self._must_list = False
                self._show_names()
            name = self._chosen
            if name:
                before = self._texts.get(name)
                self._texts[name] = await self.fleet.logs.read(self.ref, name, before)
            self._failure = None
        except LxdTuiError as error:
            self._failure = error
        self._show()
        self.changed()

    async def _ask_and_save(self, name: str) -> None:
        failure: tuple[str, ...] = ()
        end = "" if name.endswith((".log", ".conf")) else ".log"
        path = f"~/{self.ref.name}-{name.rpartition('/')[2]}{end}"
        while True:
            form = Form(
                title=f"Save {safe_text(name)} of {safe_text(self.ref.name)} on this computer",
                fields=(Text(id="path", label="File", value=path),),
                do="Save",
                failure=failure,
            )
            answers = await self.app.push_screen_wait(FormDialog(form, glyphs=self.glyphs))
            if answers is None:
                return
            path = answers["path"]
            try:
                target = _local_path(path)
                written = await self.fleet.logs.save(
                    self.ref, name, target, read=self._texts.get(name)
                )
            except LxdTuiError as error:
                failure = ("Cannot save the log", Failure.of(error).reason)
            else:
                self.say(f"{size(written)} saved to {target}")
                return

    # Showing

    def _show_names(self) -> None:
        hue = "$muted" if self._is_stale else "$strong"
        rows = [
            TableRow(
                key=name,
                cells={"name": Piece(_title(name), hue)},
            )
            for name in self._names
        ]
        self._table.show(rows)

    def _stop_following(self) -> None:
        self._follows = False

    def _show(self) -> None:
        text = self._texts.get(self._chosen)
        self._view.tell(self._told_lines(text))
        is_old = self._failure is not None or self._is_stale
        if text is not None:
            # Who looks back is not taken to the end by what comes in meanwhile.
            to_end = self._shown != self._chosen or (self._follows and self._view.is_at_end)
            self._shown = self._chosen
            self._view.show(text.lines, to_end=to_end, is_muted=is_old)
        self._show_head(text)

    def _show_head(self, text: LogText | None) -> None:
        left: list[Piece] = []
        right: list[Piece] = []
        if text is not None:
            left.append(Piece(plural(len(text.lines), "line"), "$fg"))
            if text.is_cut:
                left.append(Piece("   the end of it; W saves all", "$muted"))
            if self._head.words:
                hits = f"   {self._view.found_at} of {plural(len(self._view.found), 'hit')}"
                left = [*left[:1], Piece(hits, "$accent")]
            first, total = self._view.place
            is_following = self._follows and self._view.is_at_end and not self._is_stale
            state = "following" if is_following else f"{count(first)}/{count(total)}"
            right = [Piece(state, "$accent" if is_following else "$muted")]
        if self._failure is not None and text is not None:
            right = [Piece(f"{self.glyphs.error} could not be read again", "$amber")]
        self._head.show(left, right)

    def _told_lines(self, text: LogText | None) -> list[Line]:
        """Say why there is no text; empty where there is some."""
        if text is not None and text.lines:
            return []
        if text is None and self._failure is not None:
            failure = Failure.of(self._failure)
            title = f"Cannot {failure.tried}" if failure.tried else "That did not work"
            return [
                (Piece(f"{self.glyphs.error} ", "$red"), Piece(safe_text(title), "$fg")),
                *((gap(2), Piece(line, "$muted")) for line in safe_lines(failure.reason)[:4]),
                (),
                (gap(2), Piece("Ctrl-R", "$accent bold"), Piece(" tries again", "$muted")),
            ]
        if text is not None:
            words = "The console was silent." if self._chosen == CONSOLE else "This log is empty."
            lines: list[Line] = [(Piece(words, "$fg"),)]
            if self._chosen == CONSOLE:
                # So do both servers: whoever reads first gets it.
                hint = "A server hands out what is written to it only once."
                lines.append((Piece(hint, "$muted"),))
            return lines
        if self._is_stale:
            return [(Piece("The logs cannot be read while the link is lost.", "$muted"),)]
        return [
            (
                Piece(f"{self.glyphs.working[0]} ", "$accent"),
                Piece("reading the logs", "$muted"),
            )
        ]

    def _close_field(self, *, is_cleared: bool) -> None:
        self._head.close_filter(clear=is_cleared)
        self._view.look_for(self._head.words)
        self._view.focus()
        self._show()
        self.changed()

    @on(Input.Changed)
    def _words_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._stop_following()
        self._view.look_for(message.value)
        self._show()
        self.changed()

    @on(FilterInput.Left)
    def _field_left(self, message: FilterInput.Left) -> None:
        message.stop()
        self._close_field(is_cleared=message.is_cleared)

    @on(FilterInput.Stepped)
    def _stepped(self, message: FilterInput.Stepped) -> None:
        message.stop()
        self._view.step_found(message.rows)
        self._show()

    @on(MarkedTable.CursorMoved)
    def _other_log(self, message: MarkedTable.CursorMoved) -> None:
        message.stop()
        self._failure = None
        self._wake.set()
        self._show()

    @on(MarkedTable.SortAsked)
    @on(MarkedTable.Opened)
    def _not_sorted(self, message: MarkedTable.SortAsked | MarkedTable.Opened) -> None:
        message.stop()

    @on(LogView.Moved)
    def _moved(self, message: LogView.Moved) -> None:
        """Say which part is shown."""
        message.stop()
        self._show_head(self._texts.get(self._chosen))


def _title(name: str) -> str:
    """Name a log in few columns: ``exec_5cb83b10-….stderr`` is ``exec 5cb83b err``."""
    output = _OUTPUT.fullmatch(name)
    if output is not None:
        return f"exec {output[1]} {output[2]}"
    return "console log" if name == CONSOLE else safe_text(name)


def _local_path(text: str) -> Path:
    """Read a path of this computer; ``~`` is the home folder."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)
