"""What the file browser does to files: asking first, doing it, telling what failed.

Everything here runs in a worker of the screen, and ends in order where that
is cancelled.
"""

import posixpath
from collections.abc import Callable, Sequence

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
from lxdtui.services.files import Find, Query, plan_renames, rename_all, why_not_rename
from lxdtui.ui.dialogs.file_find import FindDialog
from lxdtui.ui.dialogs.file_names import FileNames
from lxdtui.ui.dialogs.file_prompt import FilePrompt, Prompt
from lxdtui.ui.dialogs.form import FormDialog
from lxdtui.ui.format.amounts import count
from lxdtui.ui.format.files import editable_name, name_text, path_words, typed_name
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.forms.form import Form, Text
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.widgets.file_pane import FilePane
from lxdtui.ui.work.file_asking import pane_title, tell_failures

__all__ = ["FileOperations"]

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
                title=pane_title("What does the link hold? It is made in", pane),
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
                title=pane_title("Rename in", pane),
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

    async def move_within(
        self, pane: FilePane, other: FilePane, entries: Sequence[FileEntry]
    ) -> None:
        """Ask for another folder of the same place, and move entries there by renaming.

        Args:
            pane: Where they are.
            other: Its folder is proposed.
            entries: What is moved.
        """
        # The pane may show another folder before it is done.
        files, files_at = pane.files, pane.path
        answer = await self._ask(
            Prompt(
                title=pane_title(f"Move {count(len(entries))} within", pane, with_path=False),
                do="Move",
                value=editable_name(other.path),
                hint="The folder that they go to; they are renamed, not copied.",
                check=_why_no_text,
            )
        )
        if answer is None:
            return
        folder = _resolved(files_at, typed_name(answer))
        failures: list[LxdTuiError] = []
        try:
            async with files.hold():
                for number, entry in enumerate(entries, 1):
                    pane.set_work(f"moving {count(number)} of {count(len(entries))}")
                    try:
                        await files.rename(
                            join_path(files_at, entry.name), join_path(folder, entry.name)
                        )
                    except LxdTuiError as error:
                        failures.append(error)
        except LxdTuiError as error:
            failures.append(error)
        finally:
            pane.set_work("")
            if pane.path == files_at:
                pane.unmark(entries)
            pane.reload()
            other.reload()
        await tell_failures(self._screen, failures)

    async def rename_many(self, pane: FilePane, entries: Sequence[FileEntry]) -> None:
        """Let the names of several entries be edited as lines of a text, and rename them."""
        old = [entry.name for entry in entries]
        taken = [entry.name for entry in pane.rows.entries]

        def check(lines: Sequence[str]) -> str:
            try:
                new = [typed_name(line) for line in lines]
            except ValueError as error:
                return str(error)
            return why_not_rename(old, new, taken)

        lines = await self._screen.app.push_screen_wait(
            FileNames(
                pane_title(f"Rename {count(len(old))} in", pane),
                [editable_name(name) for name in old],
                check=check,
            )
        )
        if lines is None:
            return
        steps = plan_renames(old, [typed_name(line) for line in lines])
        try:
            await rename_all(
                pane.files,
                pane.path,
                steps,
                progress=lambda done: pane.set_work(
                    f"renaming {count(done)} of {count(len(steps))}"
                ),
            )
        except LxdTuiError as error:
            await tell_failures(self._screen, [error])
        finally:
            pane.set_work("")
            pane.reload()

    async def find(self, pane: FilePane) -> None:
        """Ask what to look for below the folder, look for it, and go to what is chosen."""
        form = Form(
            title="Find in",
            place=(pane.place.words, path_words(pane.path, pane.home)),
            is_home=pane.place.is_local,
            fields=(
                Text(id="name", label="Name", hint="part of it, or a pattern: *.conf"),
                Text(id="content", label="Content", hint="text in the file; empty for any"),
            ),
            do="Find",
            problem=lambda values: "" if any(values.values()) else "name or content is needed",
        )
        screen = self._screen
        values = await screen.app.push_screen_wait(FormDialog(form, glyphs=screen.glyphs))
        if values is None:
            return
        query = Query(name=values["name"], content=values["content"])
        words = " with ".join(
            part for part in (query.name, f"`{query.content}`" if query.content else "") if part
        )
        title = f"{safe_text(words)} below {path_words(pane.path, pane.home)}"
        find = Find(pane.files, pane.path, query)
        dialog = FindDialog(find, pane.path, title, glyphs=screen.glyphs)
        found = await screen.app.push_screen_wait(dialog)
        if found is not None:
            pane.go(found.folder, cursor=found.entry.name)

    async def go_to(self, pane: FilePane) -> None:
        """Ask for a path and open it; Tab completes it."""
        here = editable_name(pane.path.rstrip("/") + "/")

        async def complete(text: str) -> str:
            return await _completed(pane, _begun_anew(text, here))

        answer = await self._ask(
            Prompt(
                title=pane_title("Go to a path in", pane, with_path=False),
                do="Go",
                value=here,
                hint="Tab completes it. ~ is the home folder.",
                check=_why_no_text,
                complete=complete,
            )
        )
        if answer is None:
            return
        typed = typed_name(_begun_anew(answer, here))
        path = _resolved(pane.path, _with_home(typed, pane.home))
        try:
            kind = (await pane.files.stat(path)).kind
        except LxdTuiError as error:
            await tell_failures(self._screen, [error])
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
            if await tell_failures(self._screen, [error], offers_again=True):
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
                title=pane_title(words, pane),
                do=do,
                value=editable_name(value),
                chosen=(0, len(editable_name(value))),
                hint=hint,
                check=check,
            )
        )
        return None if answer is None else typed_name(answer)


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


def _begun_anew(text: str, before: str) -> str:
    """Return what was typed, without the folder before it where that is a whole path by itself."""
    typed = text.removeprefix(before)
    return typed if typed.startswith(("/", "~/")) or typed == "~" else text


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
