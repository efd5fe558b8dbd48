"""One pane of the file browser: a folder of a place, with its history.

Reading never blocks: the rows of before stay, muted and out of reach of the
keys, until those of the next folder are there.
"""

from collections.abc import Iterable
from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input
from textual.worker import Worker

from lxdtui.errors import ApiError, LocalFileError, LxdTuiError
from lxdtui.model.files import FileEntry, base_name, join_path, parent_path
from lxdtui.model.place import Place
from lxdtui.services.files import FileSystem, Owners, read_owners
from lxdtui.ui.clock import Clock
from lxdtui.ui.file_rows import FileRows, FileSort, FileView, is_up
from lxdtui.ui.file_visits import Visits
from lxdtui.ui.format.files import path_words
from lxdtui.ui.later import Later, later
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.file_bars import (
    PaneFoot,
    PaneHead,
    PaneInfo,
    PaneRule,
    PaneTrouble,
)
from lxdtui.ui.widgets.file_table import FileTable
from lxdtui.ui.widgets.file_words import pane_notes, pane_placeholder, pane_right
from lxdtui.ui.widgets.list_head import FilterInput

__all__ = ["FilePane"]

_SLOW_AFTER = 0.15
"""Seconds of reading after which it shows; a fast folder does not flicker."""


class FilePane(Vertical):
    """A folder of a place.

    Args:
        files: The files of the place.
        path: The folder to begin with; the home folder where empty.
        clock: What time it is.
        glyphs: The characters to draw with.
        remote: The server, where it has to be said.
    """

    DEFAULT_CSS = """
    FilePane {
        width: 1fr;
        height: 1fr;
        FilterInput { display: none; }
        &.-filtering FilterInput { display: block; }
    }
    """

    class Changed(Message):
        """Posted when other actions may be possible than before."""

        def __init__(self, pane: "FilePane") -> None:
            super().__init__()
            self.pane = pane

    class Opened(Message):
        """Posted when something that is no folder is opened."""

        def __init__(self, pane: "FilePane", entry: FileEntry) -> None:
            super().__init__()
            self.pane = pane
            self.entry = entry

    class Activated(Message):
        """Posted when the pane gets the focus."""

        def __init__(self, pane: "FilePane") -> None:
            super().__init__()
            self.pane = pane

    class Arrived(Message):
        """Posted when another folder is open."""

        def __init__(self, pane: "FilePane") -> None:
            super().__init__()
            self.pane = pane

    def __init__(
        self, files: FileSystem, path: str = "", *, clock: Clock, glyphs: Glyphs, remote: str = ""
    ) -> None:
        super().__init__()
        self.files = files
        self.path = path or "/"
        self.home = ""
        self.rows = FileRows()
        self.owners = Owners()
        self.remote = remote
        self._wanted = path
        self._glyphs = glyphs
        self._free: int | None = None
        self._is_active = False
        self._is_known = False
        self._going: Worker[None] | None = None
        self._is_slow = False
        self._slow: Later | None = None
        self._work = ""
        self._failure: tuple[str, str] | None = None
        self._cursors: dict[tuple[Place, str], str] = {}
        self._visits = Visits()
        self.table = FileTable(self.rows, clock=clock, glyphs=glyphs)
        self._head = PaneHead(glyphs=glyphs)
        self._rule = PaneRule(glyphs=glyphs)
        self._foot = PaneFoot(glyphs=glyphs)
        self._trouble = PaneTrouble(glyphs=glyphs)
        self._filter = FilterInput(
            placeholder="words of the name", compact=True, select_on_focus=False
        )

    def compose(self) -> ComposeResult:
        """Put the lines below one another."""
        yield self._head
        yield self._rule
        yield self.table
        yield self._trouble
        yield self._filter
        yield self._foot

    def on_mount(self) -> None:
        """Begin to read."""
        self.go(self._wanted)

    # What it is

    @property
    def place(self) -> Place:
        """Whose files are shown."""
        return self.files.place

    @property
    def is_reading(self) -> bool:
        """Whether a folder is being read."""
        return self._going is not None

    @property
    def is_filtering(self) -> bool:
        """Whether words of the filter are being typed."""
        return self.has_class("-filtering")

    @property
    def has_failed(self) -> bool:
        """Whether the last reading failed."""
        return self._failure is not None

    @property
    def entry(self) -> FileEntry | None:
        """The entry under the cursor, unless it is the way up."""
        entry = self.table.cursor_entry
        return None if is_up(entry) else entry

    @property
    def chosen(self) -> tuple[FileEntry, ...]:
        """What actions apply to: the marked entries, else the one under the cursor."""
        if self.is_reading:
            return ()
        marked = self.rows.marked
        if marked:
            return marked
        return () if self.entry is None else (self.entry,)

    def path_of(self, entry: FileEntry) -> str:
        """Return the path of an entry of the folder."""
        return join_path(self.path, entry.name)

    # Going

    def go(self, path: str, *, cursor: str | None = None, remembers: bool = True) -> None:
        """Open a folder; the one that is open stays until it is read.

        Args:
            path: The folder; the home folder where empty.
            cursor: The name that gets the cursor; where it was before by default.
            remembers: Whether it becomes part of the history.
        """
        self._remember_cursor()
        self._failure = None
        self._wanted = path
        self._going = self.run_worker(
            self._read(self.files, path, cursor, remembers=remembers),
            group="files.read",
            exclusive=True,
        )
        if self._slow is None:
            self._slow = later(self, _SLOW_AFTER, self._tell_slow)
        self.show()

    def reload(self, *, cursor: str | None = None) -> None:
        """Read the folder again; the cursor stays on its name where there is one."""
        entry = self.table.cursor_entry
        self.go(
            self.path if self._is_known else self._wanted,
            cursor=cursor or (entry.name if entry else None),
            remembers=False,
        )

    def go_up(self) -> None:
        """Open the folder above, the cursor on the one that is left."""
        if self.path != "/":
            self.go(parent_path(self.path), cursor=base_name(self.path))

    def open_cursor(self) -> None:
        """Open what is under the cursor."""
        entry = self.table.cursor_entry
        if entry is None:
            return
        if is_up(entry):
            self.go_up()
        elif entry.is_directory:
            self.go(self.path_of(entry))
        else:
            self.post_message(self.Opened(self, entry))

    def step(self, visits: int) -> None:
        """Go back or forward in the history; places that were left are not gone to."""
        path = self._visits.step(visits)
        if path is not None:
            self.go(path, remembers=False)

    def use(self, files: FileSystem, path: str = "", *, remote: str = "") -> None:
        """Show files of another place.

        Args:
            files: Its files.
            path: The folder; the home folder where empty.
            remote: The server, where it has to be said.
        """
        self._remember_cursor()
        self.files = files
        self.remote = remote
        self.home = ""
        self.owners = Owners()
        self._free = None
        self._is_known = False
        self._visits.clear()
        self.rows.marks.clear()
        self.rows.take((), is_top=True)
        self.path = path or "/"
        self.go(path)

    def leave(self) -> bool:
        """Leave what is under way or in the way, one thing at a time.

        Returns:
            Whether there was something: reading, a failure, a filter, marks.
        """
        if self._going is not None:
            self._going.cancel()
            self._end_reading()
            if not self._is_known:
                self._failure = ("It was not read", "You left it before it was there.")
        elif self._failure is not None and self._is_known:
            self._failure = None
        elif self.rows.view.words:
            self.close_filter(clear=True)
        elif self.rows.marks:
            self.rows.marks.clear()
        else:
            return False
        self.show()
        return True

    # Rows

    def look(self, view: FileView) -> None:
        """Choose which rows are shown, and in which order."""
        entry = self.table.cursor_entry
        self.rows.look(view)
        self.show(cursor=entry.name if entry else None)

    def mark(self, *, moves: bool = True) -> None:
        """Mark the entry under the cursor, or not any more; go on to the next."""
        if self.entry is not None:
            self.rows.toggle((self.entry.name,))
        if moves:
            self.table.action_move(1)
        self.show()

    def mark_all(self) -> None:
        """Mark what is not marked of the rows that are shown, and the other way round."""
        self.rows.toggle([entry.name for entry in self.rows.shown if not is_up(entry)])
        self.show()

    def unmark(self, entries: Iterable[FileEntry]) -> None:
        """Mark some entries no more."""
        self.rows.marks -= {entry.name for entry in entries}
        self.show()

    def open_filter(self) -> None:
        """Let words be typed."""
        self.set_class(True, "-filtering")
        # At once: what is typed on after the slash belongs into the field.
        self._filter.display = True
        self.screen.set_focus(self._filter)

    def close_filter(self, *, clear: bool) -> None:
        """End typing; without ``clear`` the words stay."""
        self.set_class(False, "-filtering")
        self._filter.display = False
        if clear:
            with self._filter.prevent(Input.Changed):
                self._filter.value = ""
            self.look(replace(self.rows.view, words=""))
        self.screen.set_focus(self.table)

    # Showing

    def set_active(self, is_active: bool) -> None:
        """Say whether keys go to this pane."""
        self._is_active = is_active
        self.show()

    def set_work(self, words: str) -> None:
        """Say what is under way in this pane; empty for nothing."""
        self._work = words
        self._show_bars()

    def show(self, *, cursor: str | None = None, near: int | None = None) -> None:
        """Show rows and lines as they are now."""
        if self.is_attached:
            self.table.show(
                owners=self.owners,
                is_blocked=self.is_reading or self._failure is not None,
                is_old=self._is_slow or self._failure is not None,
                placeholder=pane_placeholder(
                    self.rows,
                    is_known=self._is_known,
                    failure=self._failure,
                    glyphs=self._glyphs,
                ),
                cursor=cursor,
                near=near,
            )
            self._show_bars()
            self.post_message(self.Changed(self))

    def _show_bars(self) -> None:
        reading = path_words(self._wanted or "~", self.home) if self._is_slow else ""
        info = PaneInfo(
            place=self.place,
            remote=self.remote,
            path=self.path,
            home=self.home,
            free=self._free,
            is_active=self._is_active,
            notes=pane_notes(self.rows, work=self._work, reading=reading, glyphs=self._glyphs),
            right=pane_right(self.rows, self.table.cursor),
        )
        for bar in (self._head, self._rule, self._foot):
            bar.show(info)
        tried, reason = self._failure or ("", "")
        self._trouble.show(tried if self._is_known else "", reason)

    # Reading

    async def _read(
        self, files: FileSystem, path: str, cursor: str | None, *, remembers: bool
    ) -> None:
        try:
            path = path or await self._find_home()
            async with files.hold():
                entries = await files.list(path)
        except LxdTuiError as error:
            self._fail(error)
            return
        self._arrive(path, entries, cursor, remembers=remembers)
        await self._read_more(files)

    async def _find_home(self) -> str:
        if not self.home:
            self.home = await self.files.home()
        return self.home

    def _arrive(
        self, path: str, entries: list[FileEntry], cursor: str | None, *, remembers: bool
    ) -> None:
        is_other = path != self.path or not self._is_known
        if is_other:
            self.rows.marks.clear()
            if self.rows.view.words:
                self.rows.look(replace(self.rows.view, words=""))
                with self._filter.prevent(Input.Changed):
                    self._filter.value = ""
        near = 0 if is_other else self.table.cursor
        self._end_reading()
        self._failure = None
        self._is_known = True
        self.path = path
        self.rows.take(entries, is_top=path == "/")
        if remembers:
            self._visits.add(path)
        if cursor is None and is_other:
            cursor = self._cursors.get((self.place, path))
        self.show(cursor=cursor, near=near)
        if is_other:
            self.post_message(self.Arrived(self))

    async def _read_more(self, files: FileSystem) -> None:
        """Read what the rows can be shown without."""
        try:
            self._free = await files.free_space(self.path)
            if not self.home:
                await self._find_home()
        except LxdTuiError:
            self._free = None
        if not self.owners.users:
            self.owners = await read_owners(files)
        entry = self.table.cursor_entry
        self.show(cursor=entry.name if entry is not None else None)

    def _fail(self, error: LxdTuiError) -> None:
        self._end_reading()
        if isinstance(error, ApiError):
            self._failure = (f"Cannot {error.tried}", error.server_text or "no reason was given")
        elif isinstance(error, LocalFileError):
            self._failure = (f"Cannot {error.tried}", error.reason)
        else:
            self._failure = ("Cannot read the folder", error.message)
        self.show()

    def _tell_slow(self) -> None:
        self._slow = None
        if self.is_reading:
            self._is_slow = True
            self.show()

    def _end_reading(self) -> None:
        self._going = None
        self._is_slow = False
        if self._slow is not None:
            self._slow.stop()
            self._slow = None

    def _remember_cursor(self) -> None:
        entry = self.table.cursor_entry
        if entry is not None and self._is_known:
            self._cursors[self.place, self.path] = entry.name

    # Messages of its parts

    @on(FileTable.CursorMoved)
    def _cursor_moved(self, message: FileTable.CursorMoved) -> None:
        message.stop()
        self._show_bars()
        self.post_message(self.Changed(self))

    @on(FileTable.Opened)
    def _row_opened(self, message: FileTable.Opened) -> None:
        message.stop()
        self.open_cursor()

    @on(FileTable.SortAsked)
    def _sort_asked(self, message: FileTable.SortAsked) -> None:
        message.stop()
        view = self.rows.view
        sort = message.sort
        if sort is FileSort.NAME and view.sort is FileSort.EXTENSION:
            sort = FileSort.EXTENSION
        reverse = not view.reverse if sort is view.sort else False
        self.look(replace(view, sort=sort, reverse=reverse))

    @on(Input.Changed)
    def _words_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.look(replace(self.rows.view, words=message.value))

    @on(FilterInput.Left)
    def _filter_left(self, message: FilterInput.Left) -> None:
        message.stop()
        self.close_filter(clear=message.is_cleared)

    @on(FilterInput.Stepped)
    def _stepped(self, message: FilterInput.Stepped) -> None:
        message.stop()
        self.table.move_to(self.table.cursor + message.rows)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.close_filter(clear=False)

    @on(events.DescendantFocus)
    def _focused(self) -> None:
        self.post_message(self.Activated(self))
