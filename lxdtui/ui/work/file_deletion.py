"""Deleting in the file browser: counted first, asked about, then done."""

from collections.abc import Sequence
from dataclasses import replace

from lxdtui.errors import LxdTuiError
from lxdtui.model.files import FileEntry, FileKind
from lxdtui.model.instance import Condition
from lxdtui.model.place import Place
from lxdtui.services.files import Amount, FileSystem, count_below
from lxdtui.ui.dialogs.confirm import ConfirmDialog
from lxdtui.ui.format.amounts import count, plural, size
from lxdtui.ui.format.files import kind_word, name_text, path_words
from lxdtui.ui.format.text import cut_middle
from lxdtui.ui.forms.questions import Concerned, Question
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.widgets.file_pane import FilePane
from lxdtui.ui.work.file_asking import tell_failures

__all__ = ["delete_entries"]

_NAMED = 200
"""Entries that a question names one by one."""


async def delete_entries(screen: FleetScreen, pane: FilePane, entries: Sequence[FileEntry]) -> None:
    """Count what would go, ask, and delete it.

    Args:
        screen: Shows the question.
        pane: Where the entries are.
        entries: What is deleted, with all that it holds.
    """
    # The pane may show another folder before they are counted.
    files, folder = pane.files, pane.path
    paths = [(pane.path_of(entry), entry) for entry in entries]
    try:
        pane.set_work("counting")
        amount = await count_below(
            files,
            paths,
            progress=lambda found: pane.set_work(f"counting: {count(found.entries)}"),
        )
    except LxdTuiError as error:
        await tell_failures(screen, [error])
        return
    finally:
        pane.set_work("")
    where = (name_text(files.place.words), path_words(folder, pane.home))
    question = _question_on_delete(files.place, where, entries, amount)
    if not await screen.app.push_screen_wait(ConfirmDialog(question, glyphs=screen.glyphs)):
        return
    await _delete(screen, pane, files, paths, amount.entries)


async def _delete(
    screen: FleetScreen,
    pane: FilePane,
    files: FileSystem,
    paths: Sequence[tuple[str, FileEntry]],
    total: int,
) -> None:
    failures: list[LxdTuiError] = []
    done = 0

    def tell(number: int) -> None:
        pane.set_work(f"deleting {count(done + number)} of {count(total)}")

    near = pane.table.cursor
    try:
        async with files.hold():
            for path, entry in paths:
                tell(0)
                try:
                    if entry.kind is FileKind.DIRECTORY:
                        done += await files.remove_tree(path, progress=tell)
                    else:
                        await files.remove(path)
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
        screen.say(f"{plural(done, 'entry', 'entries')} deleted")
    await tell_failures(screen, failures)


def _question_on_delete(
    place: Place, where: tuple[str, str], entries: Sequence[FileEntry], amount: Amount
) -> Question:
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
        place=where,
        is_home=place.is_local,
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
