"""Marking entries of a folder by a pattern of the shell."""

import fnmatch
import re
from collections.abc import Iterable

from lxdtui.ui.dialogs.file_prompt import FilePrompt, Prompt
from lxdtui.ui.format.files import typed_name
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.widgets.file_pane import FilePane
from lxdtui.ui.work.file_asking import pane_title

__all__ = ["mark_by_pattern", "matching"]

_HINT = "* stands for anything, ? for one character, [ab] for one of these."


async def mark_by_pattern(screen: FleetScreen, pane: FilePane, *, unmarks: bool = False) -> None:
    """Ask for a pattern, and mark the names of the folder that are like it.

    Args:
        screen: Shows the dialog.
        pane: Where the names are; those that are not shown are left alone.
        unmarks: Take marks away instead.
    """
    verb = "Unmark" if unmarks else "Mark"
    answer = await screen.app.push_screen_wait(
        FilePrompt(
            Prompt(
                title=pane_title(f"{verb} by a pattern in", pane),
                do=verb,
                value="*",
                chosen=(0, 1),
                hint=_HINT,
                check=_why_no_pattern,
            )
        )
    )
    if answer is None:
        return
    names = matching(pane.names, typed_name(answer))
    pane.set_marks(names, is_marked=not unmarks)
    if not names:
        screen.say("No name here is like that", is_warning=True)


def matching(names: Iterable[str], pattern: str) -> list[str]:
    """Return the names that a pattern of the shell fits; small letters alone find capitals."""
    flags = re.IGNORECASE if pattern == pattern.lower() else re.NOFLAG
    fits = re.compile(fnmatch.translate(pattern), flags).match
    return [name for name in names if fits(name)]


def _why_no_pattern(text: str) -> str:
    try:
        typed_name(text)
    except ValueError as error:
        return str(error)
    return ""
