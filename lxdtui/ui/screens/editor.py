"""The editor: one text file, of an instance or of this computer."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from lxdtui.errors import LxdTuiError
from lxdtui.model.files import base_name
from lxdtui.model.place import Place
from lxdtui.services.editing import NotText, TextFile
from lxdtui.services.editing.document import decode, indent_of
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action, Scope, bindings
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.dialogs.error import Failure
from lxdtui.ui.format.stand_ins import TooManyKinds
from lxdtui.ui.host.lending import CannotLend
from lxdtui.ui.host.outside import edit_outside, editor_words, keep_outside
from lxdtui.ui.later import Later, later
from lxdtui.ui.messages import OpenViewer
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import UNICODE, Glyphs
from lxdtui.ui.widgets.editor_area import EditorArea
from lxdtui.ui.widgets.editor_finder import EditorFinder
from lxdtui.ui.widgets.editor_status import EditorStatus, StatusInfo, text_facts
from lxdtui.ui.widgets.find_bar import FindBar, FindMode
from lxdtui.ui.widgets.open_notice import OpenNotice
from lxdtui.ui.work.saving import SavingScreen

__all__ = ["EditorScreen"]

_FOUND_AT_ONCE = 500_000
"""Characters up to which a text is searched at each key."""
_REST_SECONDS = 0.2
_ALWAYS = frozenset(("editor.leave",))
_ON_FAILURE = frozenset(("editor.again",))


class EditorScreen(SavingScreen):
    """Edits one file.

    Args:
        fleet: All configured servers and what is known of them.
        place: Where the file is.
        path: Its path; it need not exist.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.EDITOR, Scope.FRAME)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.EDITOR)]
    DEFAULT_CSS = """
    EditorScreen {
        OpenNotice { display: none; }
        &.-notice OpenNotice { display: block; }
        &.-notice EditorArea { display: none; }
    }
    """
    AUTO_FOCUS = "EditorArea"

    def __init__(
        self,
        fleet: Fleet,
        place: Place,
        path: str,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__(fleet, place, path, clock=clock, glyphs=glyphs)
        self._area = EditorArea()
        self._notice = OpenNotice(glyphs=glyphs)
        self._find_bar = FindBar()
        self._finder = EditorFinder(self._area, self._find_bar)
        self._status = EditorStatus(glyphs=glyphs)
        self._has_failed = False
        self._search: Later | None = None
        self._saving = asyncio.Lock()

    def compose_body(self) -> ComposeResult:
        """Make the text, what asks about it, and the row that tells of it."""
        yield self._area
        yield self._notice
        yield self._find_bar
        yield self._status

    def on_mount(self) -> None:
        """Read the file."""
        super().on_mount()
        self._read()

    def on_unmount(self) -> None:
        """End what searches."""
        self._finder.leave()

    # What the frame asks

    def hints(self) -> tuple[list[Action], tuple[Action, ...]]:
        """Return the keys that work now; letters are text here."""
        left, ends = super().hints()
        keyed = tuple(
            replace(action, keys=("f1",)) if action.id == "frame.help" else action
            for action in ends
        )
        return list(left), keyed

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible now."""
        if action.scope is Scope.EDITOR and action.id not in _ALWAYS:
            if (action.id in _ON_FAILURE) != self._has_failed:
                return "the file is open" if action.id in _ON_FAILURE else "the file is not open"
            if self.opened is None and not self._has_failed:
                return "the file is not read yet"
        if action.id == "editor.save" and not self.is_modified and self.is_in_file:
            return "nothing was changed"
        if action.id in ("editor.next", "editor.before") and not self._finder.has_pattern:
            return "nothing was looked for yet"
        return super().why_not(action)

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action of this screen, which is about the file and not about rows."""
        del rows
        match action.id:
            case "editor.find":
                self._find_bar.open(FindMode.FIND, self._selected_words())
            case "editor.replace":
                self._find_bar.open(FindMode.REPLACE, self._selected_words())
            case "editor.line":
                self._find_bar.open(FindMode.GO_TO, "")
            case "editor.save_as":
                self._find_bar.open(FindMode.SAVE_AS, base_name(self.path))
            case "editor.next":
                self._step(1)
            case "editor.before":
                self._step(-1)
            case "editor.undo":
                self._area.undo()
            case "editor.redo":
                self._area.redo()
            case "editor.wrap":
                self._area.soft_wrap = not self._area.soft_wrap
            case "editor.encoding":
                self.change_encoding()
            case "editor.line_ends":
                self.change_line_ends()
            case "editor.again":
                self._read()
            case "editor.leave":
                self.go_back()
            case _:
                self._work(action.id)

    def go_back(self) -> None:
        """Leave; ask first where something is not saved."""
        self.run_worker(self._leave(), group="editor.leave", exclusive=True)

    async def save(self) -> bool:
        """Write the file; a second time only after the first, so that the later text stays."""
        settled = self.settled
        async with self._saving:
            if settled != self.settled:
                # It was asked for before there was another text to look at.
                return False
            if not self.is_modified and self.is_in_file:
                return True
            return await super().save()

    # What saving asks

    def current_text(self) -> str:
        """Return the text in the editor."""
        return self._area.real_text

    def put_text(self, text: str) -> None:
        """Put another text into the editor; undo brings the one before back."""
        self._area.replace_all(text)

    def go_to_words(self, words: str) -> None:
        """Go to the first line that begins with some words."""
        for number, line in enumerate(self._area.document.lines):
            if line.startswith(words):
                self._area.move_cursor((number, 0), center=True)
                return

    def state_changed(self) -> None:
        """Show how it stands with the file."""
        row, column = self._area.cursor_location
        file = self.opened.file if self.opened is not None else None
        facts = text_facts(
            self.form,
            bytes_kept=file.bytes_kept if isinstance(file, TextFile) else 0,
            written_in=self._area.written_in,
            has_last_end=not self._area.document.lines[-1],
        )
        state = "new file" if self.opened is not None and not self.opened.exists else ""
        self._status.show(
            StatusInfo(
                path=self.path,
                state="modified" if self.is_modified else state,
                is_warning=self.is_modified,
                place=f"{row + 1}:{column + 1}" if self.opened is not None else "",
                facts=facts if self.opened is not None else (),
            )
        )
        self.update_keys()

    # Opening and leaving

    def _read(self) -> None:
        self._has_failed = False
        self._notice.tell_reading(self.path)
        self._hide_text()
        self.run_worker(self._open(), group="editor.open", exclusive=True)

    async def _open(self) -> None:
        try:
            opened = await self.open_file()
        except LxdTuiError as error:
            self._fail(error)
            return
        if isinstance(opened.file, NotText):
            self._view_instead(opened.file.value)
            return
        indent, width = indent_of(opened.file.text)
        try:
            self._area.open(opened.file.text, path=self.path, indent=indent, indent_width=width)
        except TooManyKinds:
            self._view_instead(NotText.BINARY.value)
            return
        self.set_class(False, "-notice")
        self._area.can_focus = True
        self._area.focus()
        self.state_changed()
        await self.offer_unsaved()

    def _view_instead(self, why: str) -> None:
        self.is_modified = False
        words = f"It is viewed, not edited: {why}"
        self.post_message(OpenViewer(self.place, self.path, words))

    def _fail(self, error: LxdTuiError) -> None:
        self._has_failed = True
        failure = Failure.of(error)
        self._notice.tell_failure(f"Cannot open {self.path_words}", failure.reason, failure.hint)
        self._hide_text()
        self.update_keys()

    def _hide_text(self) -> None:
        self.set_class(True, "-notice")
        # It would take the keys, although it is not seen.
        self._area.can_focus = False
        self.set_focus(None)

    async def _leave(self) -> None:
        if self._find_bar.is_open:
            self._find_bar.action_close()
            return
        if await self.may_leave():
            super().go_back()

    def _selected_words(self) -> str | None:
        words = self._area.selected_text
        return words if words and "\n" not in words else None

    def _work(self, action_id: str) -> None:
        match action_id:
            case "editor.save":
                self._area.history.checkpoint()
                self.run_worker(self.save(), group="editor.save", exclusive=False)
            case "editor.versions":
                self.run_worker(self.bring_back(), group="editor.versions", exclusive=True)
            case "editor.difference":
                self.run_worker(self.show_difference(), group="editor.difference", exclusive=True)
            case "editor.external":
                self.run_worker(self._edit_outside(), group="editor.external", exclusive=True)

    # $EDITOR

    async def _edit_outside(self) -> None:
        """Go on in another editor, with a private copy; save what it leaves."""
        if self.opened is None:
            return
        try:
            content = await self.fleet.editing.encode(self.opened, self.current_text(), self.form)
        except LxdTuiError as error:
            self.say(f"{error.message}. {error.hint}", is_warning=True)
            return
        try:
            left, status = await edit_outside(self.app, content, self.path)
        except CannotLend as error:
            self.say(f"Cannot edit it in {editor_words()}: {error}", is_warning=True)
            return
        await self._take_from_outside(content, left, status)

    async def _take_from_outside(self, before: bytes, after: bytes, status: int) -> None:
        if after == before:
            ended = (
                f"{editor_words()} ended with status {status}" if status else "Nothing was changed"
            )
            self.say(ended, is_warning=bool(status))
            return
        file = await asyncio.to_thread(decode, after)
        if isinstance(file, NotText):
            await self._keep_what_is_no_text(after, file)
            return
        self.form = file.form
        self.put_text(file.text)
        self.touched()
        if status:
            self.say(
                f"{editor_words()} ended with status {status}: look at it, and save",
                is_warning=True,
            )
            return
        await self.save()

    async def _keep_what_is_no_text(self, content: bytes, why: NotText) -> None:
        words = f"What {editor_words()} left is not taken: {why.value}"
        try:
            kept = await keep_outside(content, self.path)
        except OSError as error:
            self.say(f"{words}. It is lost: {error.strerror or error}", is_warning=True)
        else:
            self.say(f"{words}. It is kept in {kept}", is_warning=True)

    # Messages of the widgets

    @on(EditorArea.Edited)
    def _edited(self, message: EditorArea.Edited) -> None:
        message.stop()
        if self.opened is not None:
            self.touched()
            if self._find_bar.is_open:
                self._soon(self._finder.refresh, "editor.refresh")

    @on(EditorArea.SelectionChanged)
    def _cursor_moved(self, message: EditorArea.SelectionChanged) -> None:
        message.stop()
        self.state_changed()

    @on(FindBar.Changed)
    def _find_changed(self, message: FindBar.Changed) -> None:
        message.stop()
        self._soon(self._finder.find, "editor.find")

    @on(FindBar.Stepped)
    def _find_stepped(self, message: FindBar.Stepped) -> None:
        message.stop()
        self._step(message.places)

    @on(FindBar.Replaced)
    def _find_replaced(self, message: FindBar.Replaced) -> None:
        message.stop()
        work = self._finder.replace(is_all=message.is_all)
        self.run_worker(work, group="editor.step", exclusive=False)

    def _soon(self, look: Callable[[], Coroutine[Any, Any, None]], group: str) -> None:
        """Look for something now, in a large text when the typing rests."""

        def begin() -> None:
            # What was looked for before is not wanted any more.
            self.run_worker(look(), group=group, exclusive=True)

        if self._search is not None:
            self._search.stop()
        if len(self._area.lines.text) < _FOUND_AT_ONCE:
            begin()
        else:
            self._search = later(self, _REST_SECONDS, begin)

    def _step(self, places: int) -> None:
        self.run_worker(self._finder.step(places), group="editor.step", exclusive=False)

    @on(FindBar.Closed)
    def _find_closed(self, message: FindBar.Closed) -> None:
        message.stop()
        self._finder.close()
        self._area.focus()

    @on(FindBar.Entered)
    def _entered(self, message: FindBar.Entered) -> None:
        message.stop()
        if message.mode is FindMode.SAVE_AS:
            self._find_bar.action_close()
            self.run_worker(self.save_as(message.words), group="editor.save", exclusive=False)
            return
        line, _, column = message.words.partition(":")
        if not line.strip().isdecimal() or (column and not column.strip().isdecimal()):
            self._find_bar.note("a number, or line:column", is_warning=True)
            return
        self._find_bar.action_close()
        target = (max(int(line) - 1, 0), max(int(column or 1) - 1, 0))
        self._area.move_cursor(self._area.clamp_visitable(target), center=True)
