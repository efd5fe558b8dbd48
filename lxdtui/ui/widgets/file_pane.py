"""One pane of the file browser: a folder of a place, with lines around it."""

from collections.abc import Iterable
from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from lxdtui.model.files import FileEntry, join_path
from lxdtui.services.files import FileSystem
from lxdtui.ui.clock import Clock
from lxdtui.ui.format.files import path_words
from lxdtui.ui.state.file_rows import FileSort, FileView, is_up
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.file_bars import (
    PaneFoot,
    PaneHead,
    PaneInfo,
    PaneRule,
    PaneTrouble,
)
from lxdtui.ui.widgets.file_folder import FileFolder
from lxdtui.ui.widgets.file_table import FileTable
from lxdtui.ui.widgets.file_words import pane_notes, pane_placeholder, pane_right
from lxdtui.ui.widgets.filter_head import FilterInput

__all__ = ["FilePane"]


class FilePane(FileFolder):
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

    def __init__(
        self, files: FileSystem, path: str = "", *, clock: Clock, glyphs: Glyphs, remote: str = ""
    ) -> None:
        super().__init__(files, path, clock=clock, glyphs=glyphs, remote=remote)
        self._glyphs = glyphs
        self._is_active = False
        self._work = ""
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
        self.go(self.wanted)

    # What it is

    @property
    def is_filtering(self) -> bool:
        """Whether words of the filter are being typed."""
        return self.has_class("-filtering")

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

    def leave(self) -> bool:
        """Leave what is under way or in the way, one thing at a time.

        Returns:
            Whether there was something: reading, a failure, a filter, marks.
        """
        if self.stop_reading():
            if not self.is_known:
                self.failure = ("It was not read", "You left it before it was there.")
        elif self.failure is not None and self.is_known:
            self.failure = None
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
        self.rows.toggle(self.names)
        self.show()

    @property
    def names(self) -> list[str]:
        """The names of the rows that are shown."""
        return [entry.name for entry in self.rows.shown if not is_up(entry)]

    def set_marks(self, names: Iterable[str], *, is_marked: bool) -> None:
        """Mark some names, or not any more."""
        if is_marked:
            self.rows.marks |= set(names)
        else:
            self.rows.marks -= set(names)
        self.show()

    def unmark(self, entries: Iterable[FileEntry]) -> None:
        """Mark some entries no more."""
        self.set_marks([entry.name for entry in entries], is_marked=False)

    def open_filter(self) -> None:
        """Let words be typed."""
        self.set_class(True, "-filtering")
        # At once: what is typed on after the slash belongs into the field.
        self._filter.display = True
        self.screen.set_focus(self._filter)

    def forget_filter(self) -> None:
        """Show all rows again, in another folder."""
        if self.rows.view.words:
            self.rows.look(replace(self.rows.view, words=""))
            with self._filter.prevent(Input.Changed):
                self._filter.value = ""

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
                is_blocked=self.is_reading or self.failure is not None,
                is_old=self.is_slow or self.failure is not None,
                placeholder=pane_placeholder(
                    self.rows,
                    is_known=self.is_known,
                    failure=self.failure,
                    glyphs=self._glyphs,
                ),
                cursor=cursor,
                near=near,
            )
            self._show_bars()
            self.post_message(self.Changed(self))

    def _show_bars(self) -> None:
        reading = path_words(self.wanted or "~", self.home) if self.is_slow else ""
        info = PaneInfo(
            place=self.place,
            remote=self.remote,
            path=self.path,
            home=self.home,
            free=self.free,
            is_active=self._is_active,
            notes=pane_notes(self.rows, work=self._work, reading=reading, glyphs=self._glyphs),
            right=pane_right(self.rows, self.table.cursor),
        )
        for bar in (self._head, self._rule, self._foot):
            bar.show(info)
        tried, reason = self.failure or ("", "")
        self._trouble.show(tried if self.is_known else "", reason)

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
