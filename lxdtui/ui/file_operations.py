"""What the file browser does to files: asking first, doing it, telling what failed.

Everything here runs in a worker of the screen, and ends in order where that
is cancelled.
"""

import posixpath
from collections.abc import Callable, Sequence
from dataclasses import replace

from lxdtui.errors import LxdTuiError
from lxdtui.model.files import (
    NAME_BYTES,
    FileEntry,
    FileKind,
    base_name,
    is_entry_name,
    join_path,
    parent_path,
    path_bytes,
)
from lxdtui.model.instance import Condition
from lxdtui.services.files import Amount, count_below
from lxdtui.ui.dialogs.confirm import ConfirmDialog
from lxdtui.ui.dialogs.error import ErrorDialog, Failure, NextStep
from lxdtui.ui.dialogs.file_prompt import FilePrompt, Prompt
from lxdtui.ui.format.amounts import count, plural, size
from lxdtui.ui.format.files import editable_name, kind_word, name_text, path_words, typed_name
from lxdtui.ui.format.text import cut_middle
from lxdtui.ui.frame import FleetScreen
from lxdtui.ui.questions import Concerned, Question
from lxdtui.ui.widgets.file_pane import FilePane
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["FileOperations"]

_NAMED = 200
"""Entries that a question names one by one."""
_ESCAPES_HINT = "\\n stands for a new line, \\xe9 for a byte, \\\\ for a backslash."


class FileOperations:
    """Operations within one place.

    Args:
        screen: Shows the dialogs.
    """

    def __init__(self, screen: FleetScreen) -> None:
        self._screen = screen

    async def make_folder(self, pane: FilePane) -> None:
        """Ask for a name and make a folder."""
        name = await self._ask_name(pane, "New folder in", do="Make")
        if name is not None:
            await self._make(pane, name, is_folder=True)

    async def make_file(self, pane: FilePane) -> None:
        """Ask for a name and make an empty file, or a folder where it ends in ``/``."""
        name = await self._ask_name(
            pane, "New file in", do="Make", hint="A name that ends in / makes a folder.", ends="/"
        )
        if name is not None:
            await self._make(pane, name.rstrip("/"), is_folder=name.endswith("/"))

    async def make_link(self, pane: FilePane, target: str) -> None:
        """Ask for a name and what it holds, and make a symbolic link.

        Args:
            pane: Where it is made.
            target: What is proposed for it to hold.
        """
        answer = await self._ask(
            Prompt(
                title=self._title("What does the link hold? It is made in", pane),
                do="On",
                value=editable_name(target),
                chosen=(0, len(editable_name(target))),
                hint="A path, absolute or from the folder of the link.",
                check=_why_no_text,
            )
        )
        if answer is None:
            return
        target = typed_name(answer)
        name = await self._ask_name(pane, "Name of the link in", do="Make", value=base_name(target))
        if name is None:
            return
        path = join_path(pane.path, name)
        await self._do(pane, lambda: pane.files.symlink(target, path), cursor=name)

    async def rename(self, pane: FilePane, entry: FileEntry) -> None:
        """Ask for a new name, or a path to move to."""
        old = editable_name(entry.name)
        stem = posixpath.splitext(old)[0] if entry.kind is FileKind.FILE else old
        answer = await self._ask(
            Prompt(
                title=self._title("Rename in", pane),
                do="Rename",
                value=old,
                chosen=(0, len(stem)),
                hint=_ESCAPES_HINT if "\\" in old else "A path with / moves it there.",
                check=_why_no_path,
            )
        )
        if answer is None or answer == old:
            return
        new = _resolved(pane.path, typed_name(answer))
        here = pane.path_of(entry)
        is_here = parent_path(new) == pane.path
        await self._do(
            pane,
            lambda: pane.files.rename(here, new),
            cursor=base_name(new) if is_here else None,
        )

    async def move_into(self, pane: FilePane, entries: Sequence[FileEntry], folder: str) -> bool:
        """Move entries to another folder of the same place.

        Args:
            pane: Where they are.
            entries: What is moved.
            folder: Where to.

        Returns:
            Whether all were moved.
        """
        failures: list[LxdTuiError] = []
        async with pane.files.hold():
            for number, entry in enumerate(entries):
                pane.set_work(f"moving {number + 1} of {len(entries)}")
                try:
                    await pane.files.rename(pane.path_of(entry), join_path(folder, entry.name))
                except LxdTuiError as error:
                    failures.append(error)
        pane.set_work("")
        pane.rows.marks.clear()
        pane.reload()
        await self._tell(failures)
        return not failures

    async def delete(self, pane: FilePane, entries: Sequence[FileEntry]) -> None:
        """Count, ask, and delete."""
        files, paths = pane.files, [(pane.path_of(entry), entry) for entry in entries]
        try:
            pane.set_work("counting")
            amount = await count_below(
                files,
                paths,
                progress=lambda found: pane.set_work(f"counting: {count(found.entries)}"),
            )
        except LxdTuiError as error:
            await self._tell([error])
            return
        finally:
            pane.set_work("")
        question = _question_on_delete(pane, entries, amount)
        if not await self._screen.app.push_screen_wait(
            ConfirmDialog(question, glyphs=self._screen.glyphs)
        ):
            return
        await self._delete(pane, paths, amount.entries)

    async def _delete(
        self, pane: FilePane, paths: Sequence[tuple[str, FileEntry]], total: int
    ) -> None:
        failures: list[LxdTuiError] = []
        done = 0

        def tell(number: int) -> None:
            pane.set_work(f"deleting {count(done + number)} of {count(total)}")

        near = pane.table.cursor
        try:
            async with pane.files.hold():
                for path, entry in paths:
                    tell(0)
                    try:
                        if entry.kind is FileKind.DIRECTORY:
                            done += await pane.files.remove_tree(path, progress=tell)
                        else:
                            await pane.files.remove(path)
                            done += 1
                    except LxdTuiError as error:
                        failures.append(error)
        except LxdTuiError as error:
            failures.append(error)
        finally:
            pane.set_work("")
            pane.table.move_to(near)
            pane.reload()
        if done:
            self._screen.say(f"{plural(done, 'entry', 'entries')} deleted")
        await self._tell(failures)

    async def go_to(self, pane: FilePane) -> None:
        """Ask for a path and open it; Tab completes it."""

        async def complete(text: str) -> str:
            return await _completed(pane, text)

        answer = await self._ask(
            Prompt(
                title=self._title("Go to a path in", pane, with_path=False),
                do="Go",
                value=editable_name(pane.path.rstrip("/") + "/"),
                hint="Tab completes it. ~ is the home folder.",
                check=_why_no_text,
                complete=complete,
            )
        )
        if answer is None:
            return
        path = _resolved(pane.path, _with_home(typed_name(answer), pane.home))
        try:
            kind = (await pane.files.stat(path)).kind
        except LxdTuiError as error:
            await self._tell([error])
            return
        if kind is FileKind.DIRECTORY:
            pane.go(path)
        else:
            pane.go(parent_path(path), cursor=base_name(path))

    # What they are made of

    async def _make(self, pane: FilePane, name: str, *, is_folder: bool) -> None:
        path = join_path(pane.path, name)
        files = pane.files

        async def make() -> None:
            if is_folder:
                await files.make_directory(path)
            elif not await files.exists(path):
                await files.write(path, b"")

        await self._do(pane, make, cursor=name)

    async def _do(self, pane: FilePane, work: Callable[[], object], *, cursor: str | None) -> None:
        """Do something short, show the folder as it is then, and tell what failed."""
        try:
            made = work()
            if hasattr(made, "__await__"):
                await made
        except LxdTuiError as error:
            if await self._tell([error], offers_again=True):
                await self._do(pane, work, cursor=cursor)
            return
        pane.reload(cursor=cursor)

    async def _ask(self, prompt: Prompt) -> str | None:
        return await self._screen.app.push_screen_wait(FilePrompt(prompt))

    async def _ask_name(
        self,
        pane: FilePane,
        words: str,
        *,
        do: str,
        value: str = "",
        hint: str = "",
        ends: str = "",
    ) -> str | None:
        taken = {entry.name for entry in pane.rows.entries}

        def check(text: str) -> str:
            return _why_no_name(text, taken, ends)

        answer = await self._ask(
            Prompt(
                title=self._title(words, pane),
                do=do,
                value=editable_name(value),
                chosen=(0, len(editable_name(value))),
                hint=hint,
                check=check,
            )
        )
        return None if answer is None else typed_name(answer)

    def _title(self, words: str, pane: FilePane, *, with_path: bool = True) -> list[Piece]:
        place = name_text(pane.place.words)
        pieces = [Piece(f"{words} ", "$strong bold"), Piece(place, "$accent bold")]
        if with_path:
            pieces.append(Piece(f" {path_words(pane.path, pane.home)}", "$strong bold"))
        return pieces

    async def _tell(self, errors: Sequence[LxdTuiError], *, offers_again: bool = False) -> bool:
        """Tell what failed; return whether it is to be tried again."""
        if not errors:
            return False
        dialog = ErrorDialog(
            [Failure.of(error) for error in errors],
            offers_again=offers_again,
            glyphs=self._screen.glyphs,
        )
        return await self._screen.app.push_screen_wait(dialog) is NextStep.AGAIN


def _why_no_text(text: str) -> str:
    try:
        name = typed_name(text)
    except ValueError as error:
        return str(error)
    return "a path cannot hold a NUL" if "\0" in name else ""


def _why_no_path(text: str) -> str:
    if why := _why_no_text(text):
        return why
    name = base_name(typed_name(text))
    if not is_entry_name(name):
        return "that is no name"
    return _why_too_long(name)


def _why_no_name(text: str, taken: set[str], ends: str) -> str:
    if why := _why_no_text(text):
        return why
    name = typed_name(text)
    if ends:
        name = name.rstrip(ends)
    if not is_entry_name(name):
        return "a name holds no /, and is not . or .."
    if name in taken:
        return f"{name_text(name)} exists already"
    return _why_too_long(name)


def _why_too_long(name: str) -> str:
    taken = len(path_bytes(name))
    return f"it takes {taken} bytes; {NAME_BYTES} are possible" if taken > NAME_BYTES else ""


def _with_home(text: str, home: str) -> str:
    if text == "~" or text.startswith("~/"):
        return (home or "/") + text[1:]
    return text


def _resolved(folder: str, text: str) -> str:
    """Make a path absolute, and take out its ``.`` and ``..``."""
    return "/" + posixpath.normpath(posixpath.join(folder, text)).lstrip("/")


async def _completed(pane: FilePane, text: str) -> str:
    """Make a path longer as far as there is only one way."""
    try:
        typed = _with_home(typed_name(text), pane.home)
        above, _, begun = typed.rpartition("/")
        folder = _resolved(pane.path, f"{above}/" if "/" in typed else ".")
        entries = await pane.files.list(folder)
    except (LxdTuiError, ValueError):
        return text
    found = [entry for entry in entries if entry.name.startswith(begun)]
    found = [one for one in found if one.is_directory] or found
    if not found:
        return text
    common = posixpath.commonprefix([entry.name for entry in found])
    end = "/" if len(found) == 1 and found[0].is_directory else ""
    head = f"{above}/" if "/" in typed else ""
    return editable_name(f"{head}{common}{end}")


def _question_on_delete(pane: FilePane, entries: Sequence[FileEntry], amount: Amount) -> Question:
    objects = tuple(
        Concerned(
            condition=Condition.UNKNOWN,
            name=name_text(entry.name) + ("/" if entry.kind is FileKind.DIRECTORY else ""),
            state=kind_word(entry.kind),
            note=size(entry.attributes.size or 0) if entry.kind is FileKind.FILE else "",
            is_plain=True,
        )
        for entry in entries[:_NAMED]
    )
    if len(entries) > _NAMED:
        rest = replace(objects[-1], name=f"and {count(len(entries) - _NAMED)} more", state="")
        objects = (*objects, replace(rest, note=""))
    what = count(len(entries)) if len(entries) > 1 else cut_middle(objects[0].name, 24)
    parts = [plural(amount.files, "file")] if amount.files else []
    if amount.folders:
        parts.append(plural(amount.folders, "folder"))
    if amount.others:
        parts.append(plural(amount.others, "link or other", "links and others"))
    least = "at least " if amount.unread else ""
    words = f"{least}{', '.join(parts)}, {size(amount.bytes)}"
    return Question(
        title=f"Delete {what} in",
        place=(name_text(pane.place.words), path_words(pane.path, pane.home)),
        is_home=pane.place.is_local,
        objects=objects,
        consequences=f"That is {words}. Nothing brings it back. Links are deleted, "
        "not what they lead to.",
        command="",
        typed=str(amount.entries),
        ask_for=f"Type {amount.entries} to delete {'it' if amount.entries == 1 else 'them'}:",
        keep="Keep",
        do="Delete",
        is_dangerous=True,
    )
