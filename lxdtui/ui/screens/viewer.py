"""The viewer: a file of any size, as text or as bytes, that may grow meanwhile."""

import asyncio
from collections.abc import Coroutine
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.worker import Worker

from lxdtui.errors import ConnectionFailed, LxdTuiError, SessionClosed
from lxdtui.model.place import Place
from lxdtui.services.editing.document import looks_binary, view_codec
from lxdtui.services.viewing import (
    BYTES_A_ROW,
    FileNews,
    PagedFile,
    ViewWindow,
    one_row,
    target_of,
)
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action, Scope, bindings
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.dialogs.error import Failure
from lxdtui.ui.format.amounts import count, percent, size
from lxdtui.ui.format.highlight import Highlighter
from lxdtui.ui.frames.place import PlaceScreen
from lxdtui.ui.messages import OpenEditor
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.state.look_places import why_not_changed
from lxdtui.ui.theme import UNICODE, Glyphs
from lxdtui.ui.widgets.editor_status import EditorStatus, StatusInfo
from lxdtui.ui.widgets.find_bar import FindBar, FindMode
from lxdtui.ui.widgets.open_notice import OpenNotice
from lxdtui.ui.widgets.viewer_finder import ViewerFinder
from lxdtui.ui.widgets.viewer_page import ViewerPage

__all__ = ["ViewerScreen"]

_SAMPLE = 64 * 1024
_LOOK_SECONDS = 1.0
_NAMED = {"utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE"}
_COLOURS_ABOVE = 100
"""Lines above the first one that are read for the colours."""
_COUNTED_AT_MOST = 8 * 1024**2
"""Bytes up to which the number of a line is found out by counting."""


class ViewerScreen(PlaceScreen):
    """Looks at one file.

    Args:
        fleet: All configured servers and what is known of them.
        place: Where the file is.
        path: Its path.
        words: What to say first.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.VIEWER, Scope.FRAME)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.VIEWER)]
    DEFAULT_CSS = """
    ViewerScreen {
        OpenNotice { display: none; }
        &.-notice OpenNotice { display: block; }
        &.-notice ViewerPage { display: none; }
    }
    """
    AUTO_FOCUS = "ViewerPage"

    def __init__(
        self,
        fleet: Fleet,
        place: Place,
        path: str,
        *,
        words: str = "",
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__(fleet, place, path, clock=clock, glyphs=glyphs)
        self._words = words
        self._file = PagedFile(fleet.files.at(place), path)
        self._window = ViewWindow(self._file)
        self._page = ViewerPage()
        self._notice = OpenNotice(glyphs=glyphs)
        self._find_bar = FindBar(enter_closes=True)
        self._status = EditorStatus(glyphs=glyphs)
        self._highlighter = Highlighter(path)
        self._turn = asyncio.Lock()
        self._is_open = False
        self._follows = False
        self._is_wrapped = False
        self._reveals = False
        self._note = ""
        self._finder = ViewerFinder(
            self._file,
            self._find_bar,
            lambda words, is_warning: self.say(words, is_warning=is_warning),
        )
        self._search: Worker[None] | None = None

    def compose_body(self) -> ComposeResult:
        """Make the page, what asks about it, and the row that tells of it."""
        yield self._page
        yield self._notice
        yield self._find_bar
        yield self._status

    def on_mount(self) -> None:
        """Read the file, and look after it from then on."""
        super().on_mount()
        if self._words:
            self.say(self._words)
        self._do(self._open())
        self.set_interval(_LOOK_SECONDS, self._look_again)

    def on_unmount(self) -> None:
        """End what searches."""
        self._finder.close()

    # What the frame asks

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible now."""
        if action.scope is Scope.VIEWER and action.id not in ("viewer.leave", "viewer.again"):
            if not self._is_open:
                return "the file is not open"
            if action.id in ("viewer.next", "viewer.before") and self._finder.wanted is None:
                return "nothing was looked for yet"
            if action.id == "viewer.wrap" and self._window.shows_bytes:
                return "bytes are shown"
            if action.id == "viewer.edit":
                return why_not_changed(self.fleet.store, self.place) or None
        return super().why_not(action)

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action of this screen, which is about the file and not about rows."""
        del rows
        match action.id:
            case "viewer.edit":
                self.post_message(OpenEditor(self.place, self.path))
            case "viewer.find":
                self._find_bar.open(FindMode.BYTES if self._window.shows_bytes else FindMode.FIND)
            case "viewer.next":
                self._find_next(backwards=False)
            case "viewer.before":
                self._find_next(backwards=True)
            case "viewer.go_to":
                self._find_bar.open(FindMode.GO_TO, "")
            case "viewer.bytes":
                self._window.shows_bytes = not self._window.shows_bytes
                self._finder.forget()
                self._do(self._then_show(self._window.go(self._window.top)))
            case "viewer.follow":
                self._follows = not self._follows
                self._do(self._then_show(self._window.go_last()) if self._follows else self._show())
            case "viewer.wrap":
                self._is_wrapped = not self._is_wrapped
                self._window.rows_of = self._page.rows_of if self._is_wrapped else one_row
                self._do(self._then_show(self._window.go(self._window.top)))
            case "viewer.again":
                self._do(self._open())
            case "viewer.leave":
                self.go_back()

    def go_back(self) -> None:
        """Stop a search, close what asks, or leave."""
        if self._search is not None and self._search.is_running:
            self._search.cancel()
            self._finder.tell("stopped")
        elif self._find_bar.is_open:
            self._find_bar.action_close()
        else:
            super().go_back()

    # Reading. One thing after another, so that keys that come at once are all obeyed.

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self.run_worker(self._in_turn(work), group="viewer.read", exclusive=False)

    async def _in_turn(self, work: Coroutine[Any, Any, None]) -> None:
        async with self._turn:
            try:
                await work
            except LxdTuiError as error:
                self._fail(error)

    async def _open(self) -> None:
        await self._file.open()
        sample = await self._file.read(0, _SAMPLE)
        codec = view_codec(sample)
        self._page.encoding = self._window.lines.codec = codec
        if not self._is_open:
            self._window.shows_bytes = looks_binary(sample)
            first_line = sample[:200].decode(codec, "replace").partition("\n")[0]
            self._highlighter = Highlighter(self.path, first_line)
        self._is_open = True
        self._note = ""
        self.set_class(False, "-notice")
        self._page.can_focus = True
        if self.focused is None:
            self._page.focus()
        await self._then_show(self._window.go(self._window.top))

    async def _then_show(self, work: Coroutine[Any, Any, None]) -> None:
        await work
        await self._show()

    async def _show(self) -> None:
        here = self._finder.here.start if self._finder.here is not None else None
        window = self._window
        window.height = max(self._page.size.height, 1)
        end = window.top
        if window.shows_bytes:
            content = await self._file.read(window.top, window.height * BYTES_A_ROW)
            (hits,) = await self._finder.hits([content])
            self._page.show_bytes(window.top, content, hits=hits, here=here)
            end += len(content)
        else:
            lines = await window.lines.at(window.top, window.height)
            above = await window.lines.before(window.top, _COLOURS_ABOVE)
            self._page.show_lines(
                lines,
                above=above,
                highlighter=self._highlighter,
                hits=await self._finder.hits([line.content for line in lines]),
                here=here,
                is_wrapped=self._is_wrapped,
                skipped=window.skipped,
                reveals=self._reveals,
            )
            self._reveals = False
            end = lines[-1].end if lines else end
        await self._show_status(end)

    async def _show_status(self, end: int) -> None:
        known = self._file.size
        facts = [
            size(known),
            "bytes" if self._window.shows_bytes else self._highlighter.language or "text",
        ]
        if self._page.encoding in _NAMED and not self._window.shows_bytes:
            facts.append(_NAMED[self._page.encoding])
        if self._is_wrapped and not self._window.shows_bytes:
            facts.append("wrapped")
        where = percent(100 * end / known) if known else "empty"
        if not self._window.shows_bytes and known <= _COUNTED_AT_MOST:
            number = await self._window.lines.count_before(self._window.top) + 1
            where = f"line {count(number)}  {where}"
        elif self._window.shows_bytes:
            where = f"{self._window.top:#x}  {where}"
        state = self._note or ("following" if self._follows else "")
        self._status.show(
            StatusInfo(
                path=self.path,
                state=state,
                is_warning=bool(self._note),
                place=where,
                facts=tuple(facts),
            )
        )
        self.update_keys()

    def _fail(self, error: LxdTuiError) -> None:
        failure = Failure.of(error)
        if self._is_open and isinstance(error, ConnectionFailed | SessionClosed):
            # What was read stays on the screen.
            self._note = "the link is lost"
            self.say(failure.reason, is_warning=True)
            return
        self._is_open = False
        self._notice.tell_failure(f"Cannot read {self.path_words}", failure.reason, failure.hint)
        self.set_class(True, "-notice")
        self._page.can_focus = False
        self.update_keys()

    # A file that changes

    def _look_again(self) -> None:
        if self._is_open and not self._turn.locked() and self.is_current:
            self._do(self._look())

    async def _look(self) -> None:
        news = await self._file.look()
        match news:
            case FileNews.SAME:
                return
            case FileNews.GONE:
                self._note = "gone"
                await self._show()
                return
            case FileNews.GREW:
                self._note = ""
            case FileNews.BEGAN_ANEW | FileNews.CHANGED:
                self._note = news.value
                self._finder.here = None
        window = self._window
        if self._follows:
            await window.go_last()
        elif news is not FileNews.READ_AGAIN and news is not FileNews.GREW:
            # Lines are elsewhere now.
            await window.go(window.top)
        await self._show()

    # Finding

    def _find_next(self, *, backwards: bool) -> None:
        if self._finder.wanted is not None:
            self._search = self.run_worker(
                self._find(backwards=backwards), group="viewer.search", exclusive=True
            )

    async def _find(self, *, backwards: bool) -> None:
        try:
            await self._finder.find(self._window.top, backwards=backwards)
        except LxdTuiError as error:
            self._fail(error)
            return
        hit = self._finder.here
        self._reveals = True
        self._do(self._show() if hit is None else self._then_show(self._window.go_to_hit(hit)))

    # Messages of the widgets

    @on(ViewerPage.Moved)
    def _moved(self, message: ViewerPage.Moved) -> None:
        if self._is_open:
            self._follows = self._follows and message.rows > 0
            self._do(self._then_show(self._window.move(message.rows)))

    @on(ViewerPage.Jumped)
    def _jumped(self, message: ViewerPage.Jumped) -> None:
        if self._is_open:
            window = self._window
            self._do(self._then_show(window.go_last() if message.is_last else window.go(0)))

    @on(ViewerPage.Resized)
    def _resized(self) -> None:
        if self._is_open:
            self._do(self._show())

    @on(FindBar.Changed)
    def _find_changed(self, message: FindBar.Changed) -> None:
        message.stop()
        if self._finder.ask(self._page.encoding):
            self._find_next(backwards=False)
        else:
            self._do(self._show())

    @on(FindBar.Stepped)
    def _find_stepped(self, message: FindBar.Stepped) -> None:
        self._find_next(backwards=message.places < 0)

    @on(FindBar.Closed)
    def _find_closed(self) -> None:
        self._page.focus()

    @on(FindBar.Entered)
    def _entered(self, message: FindBar.Entered) -> None:
        target = target_of(message.words, shows_bytes=self._window.shows_bytes)
        if target is None:
            self._find_bar.note("a line, 50%, or 0x1f00", is_warning=True)
            return
        self._find_bar.action_close()
        self._do(self._then_show(self._window.go_to(target)))
