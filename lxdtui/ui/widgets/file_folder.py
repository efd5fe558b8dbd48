"""A folder of a place: gone to, read again, with its history; what shows it comes on top.

Reading never blocks: the rows of before stay, muted and out of reach of the
keys, until those of the next folder are there.
"""

from functools import partial

from textual.containers import Vertical
from textual.worker import Worker

from lxdtui.errors import ApiError, LocalFileError, LxdTuiError
from lxdtui.model.files import FileEntry, base_name, parent_path
from lxdtui.model.place import Place
from lxdtui.services.files import FileSystem, Owners, read_owners
from lxdtui.ui.clock import Clock
from lxdtui.ui.later import Later, later
from lxdtui.ui.state.file_rows import FileRows
from lxdtui.ui.state.file_visits import Visits
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.file_table import FileTable

__all__ = ["FileFolder"]

_SLOW_AFTER = 0.15
"""Seconds of reading after which it shows; a fast folder does not flicker."""


class FileFolder(Vertical):
    """A folder of a place, in a table.

    Args:
        files: The files of the place.
        path: The folder to begin with; the home folder where empty.
        clock: What time it is.
        glyphs: The characters to draw with.
        remote: The server, where it has to be said.
    """

    def __init__(
        self, files: FileSystem, path: str = "", *, clock: Clock, glyphs: Glyphs, remote: str = ""
    ) -> None:
        super().__init__()
        self.files = files
        """The files of the place."""
        self.path = path or "/"
        """The folder that is open."""
        self.wanted = path
        """The folder that is being read, or was read last."""
        self.home = ""
        """The home folder; empty until it is known."""
        self.remote = remote
        """The server, where it has to be said."""
        self.rows = FileRows()
        """What is in the folder."""
        self.owners = Owners()
        """Names of users and groups of the place."""
        self.free: int | None = None
        """Bytes that can still be written, where that is known."""
        self.is_known = False
        """Whether any folder of the place was read yet."""
        self.is_slow = False
        """Whether a folder is being read for so long that it has to be said."""
        self.failure: tuple[str, str] | None = None
        """What was tried and why it failed, where the last reading did."""
        self.table = FileTable(self.rows, clock=clock, glyphs=glyphs)
        """The rows."""
        self._going: Worker[None] | None = None
        self._next: tuple[str | None, bool] = (None, False)
        self._slow: Later | None = None
        self._cursors: dict[tuple[Place, str], str] = {}
        self._visits = Visits()

    def show(self, *, cursor: str | None = None, near: int | None = None) -> None:
        """Show everything as it is now.

        Args:
            cursor: The name that gets the cursor.
            near: Where the cursor goes if that name is not there.
        """
        raise NotImplementedError

    def forget_filter(self) -> None:
        """Show all rows again, in another folder."""

    @property
    def place(self) -> Place:
        """Whose files are shown."""
        return self.files.place

    @property
    def is_reading(self) -> bool:
        """Whether a folder is being read."""
        return self._going is not None

    @property
    def has_failed(self) -> bool:
        """Whether the last reading failed."""
        return self.failure is not None

    def go(self, path: str, *, cursor: str | None = None, remembers: bool = True) -> None:
        """Open a folder; the one that is open stays until it is read.

        Args:
            path: The folder; the home folder where empty.
            cursor: The name that gets the cursor; where it was before by default.
            remembers: Whether it becomes part of the history.
        """
        self._remember_cursor()
        self.failure = None
        self.wanted = path
        self._next = (cursor, remembers)
        self._going = self.run_worker(
            # Not begun yet, because another one may take its place at once.
            partial(self._read, self.files, path, cursor, remembers=remembers),
            group="files.read",
            exclusive=True,
        )
        if self._slow is None:
            self._slow = later(self, _SLOW_AFTER, self._tell_slow)
        self.show()

    def reload(self, *, cursor: str | None = None) -> None:
        """Read the folder again; the cursor stays on its name where there is one.

        A folder that is on its way is read anew instead, as it was asked for.
        """
        if self.is_reading:
            wanted, remembers = self._next
            self.go(self.wanted, cursor=cursor or wanted, remembers=remembers)
            return
        entry = self.table.cursor_entry
        self.go(
            self.path if self.is_known else self.wanted,
            cursor=cursor or (entry.name if entry else None),
            remembers=False,
        )

    def go_up(self) -> None:
        """Open the folder above, the cursor on the one that is left."""
        if self.path != "/":
            self.go(parent_path(self.path), cursor=base_name(self.path))

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
        self.free = None
        self.is_known = False
        self._visits.clear()
        self.rows.marks.clear()
        self.rows.take((), is_top=True)
        self.path = path or "/"
        self.go(path)

    def stop_reading(self) -> bool:
        """Stop reading; return whether anything was being read."""
        if self._going is None:
            return False
        self._going.cancel()
        self._end_reading()
        return True

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
        is_other = path != self.path or not self.is_known
        if is_other:
            self.rows.marks.clear()
            self.forget_filter()
        near = 0 if is_other else self.table.cursor
        self._end_reading()
        self.failure = None
        self.is_known = True
        self.path = path
        self.rows.take(entries, is_top=path == "/")
        if remembers:
            self._visits.add(path)
        if cursor is None and is_other:
            cursor = self._cursors.get((self.place, path))
        self.show(cursor=cursor, near=near)

    async def _read_more(self, files: FileSystem) -> None:
        """Read what the rows can be shown without."""
        try:
            self.free = await files.free_space(self.path)
            if not self.home:
                await self._find_home()
        except LxdTuiError:
            self.free = None
        if not self.owners.users:
            self.owners = await read_owners(files)
        entry = self.table.cursor_entry
        self.show(cursor=entry.name if entry is not None else None)

    def _fail(self, error: LxdTuiError) -> None:
        self._end_reading()
        if isinstance(error, ApiError):
            self.failure = (f"Cannot {error.tried}", error.server_text or "no reason was given")
        elif isinstance(error, LocalFileError):
            self.failure = (f"Cannot {error.tried}", error.reason)
        else:
            self.failure = ("Cannot read the folder", error.message)
        self.show()

    def _tell_slow(self) -> None:
        self._slow = None
        if self.is_reading:
            self.is_slow = True
            self.show()

    def _end_reading(self) -> None:
        self._going = None
        self.is_slow = False
        if self._slow is not None:
            self._slow.stop()
            self._slow = None

    def _remember_cursor(self) -> None:
        entry = self.table.cursor_entry
        if entry is not None and self.is_known:
            self._cursors[self.place, self.path] = entry.name
