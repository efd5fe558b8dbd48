"""Which place a pane shows, and the folders that are kept of it."""

from collections.abc import Callable

from lxdtui.errors import LxdTuiError
from lxdtui.model.place import LOCAL, Place
from lxdtui.store.select import row_of
from lxdtui.ui.dialogs.file_choice import FileChoice, FileOption
from lxdtui.ui.format.files import path_words
from lxdtui.ui.format.instances import status_word
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.widgets.file_pane import FilePane
from lxdtui.ui.work.file_asking import tell_failures

__all__ = ["choose_bookmark", "choose_place"]

_KEEP = "keep"


async def choose_place(
    screen: FleetScreen, pane: FilePane, remote_of: Callable[[Place], str]
) -> None:
    """Let the place of a pane be chosen.

    Args:
        screen: Shows the dialog.
        pane: Shows the place afterwards.
        remote_of: The server of a place, where it has to be said.
    """
    store, crumb = screen.fleet.store, screen.glyphs.crumb
    options = [FileOption(id=LOCAL.key, words=LOCAL.words)]
    places = {LOCAL.key: LOCAL}
    for ref in sorted(store.state.instances):
        place = Place(ref=ref)
        places[place.key] = place
        row = row_of(store, ref)
        where = f"{safe_text(ref.remote)} {crumb} {safe_text(ref.project)}"
        status = status_word(row) if row is not None else ""
        note = f"{where}  {status:>8}"
        options.append(FileOption(id=place.key, words=safe_text(ref.name), note=note))
    dialog = FileChoice("Whose files?", options, nothing="There are no containers.")
    answer = await screen.app.push_screen_wait(dialog)
    if answer is not None and places[answer[1]] != pane.place:
        place = places[answer[1]]
        pane.use(screen.fleet.files.at(place), remote=remote_of(place))
        screen.update_frame()


async def choose_bookmark(screen: FleetScreen, pane: FilePane) -> None:
    """Let a kept folder be chosen, or keep the one that is open.

    Args:
        screen: Shows the dialog.
        pane: Goes to the folder.
    """
    bookmarks, place = screen.fleet.files.bookmarks, pane.place
    try:
        while True:
            folders = await bookmarks.of(place)
            answer = await screen.app.push_screen_wait(_bookmarks_of(pane, folders))
            match answer:
                case None:
                    return
                case ("remove", name) if name != _KEEP:
                    await bookmarks.remove(place, folders[int(name)])
                case ("choose", name) if name != _KEEP:
                    pane.go(folders[int(name)])
                    return
                case ("choose", _):
                    await bookmarks.add(place, pane.path)
                    screen.say(f"{path_words(pane.path, pane.home)} is kept; b goes there")
                    return
                case _:
                    continue
    except LxdTuiError as error:
        await tell_failures(screen, [error])


def _bookmarks_of(pane: FilePane, folders: tuple[str, ...]) -> FileChoice:
    options = [
        FileOption(id=str(number), words=path_words(folder, pane.home), note="F8 forgets it")
        for number, folder in reversed(list(enumerate(folders)))
    ]
    if pane.path not in folders:
        words = f"keep {path_words(pane.path, pane.home)}"
        options.append(FileOption(id=_KEEP, words=words, note="this folder"))
    title = f"Kept folders of {safe_text(pane.place.words)}"
    return FileChoice(title, options, nothing="None is kept.", can_remove=True)
