"""Titles of the browser's dialogs, and failures told in them."""

from collections.abc import Sequence

from lxdtui.errors import LxdTuiError
from lxdtui.ui.dialogs.error import ErrorDialog, Failure, NextStep
from lxdtui.ui.format.files import name_text, path_words
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.widgets.file_pane import FilePane
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["pane_title", "tell_failures"]

_TOLD = 20
"""Failures that are told one by one."""


def pane_title(words: str, pane: FilePane, *, with_path: bool = True) -> list[Piece]:
    """Return the title of a dialog: what is asked, and where.

    Args:
        words: What is asked, up to the place.
        pane: Where.
        with_path: Whether the folder is named.
    """
    pieces = [
        Piece(f"{words} ", "$strong bold"),
        Piece(name_text(pane.place.words), "$accent bold"),
    ]
    if with_path:
        pieces.append(Piece(f" {path_words(pane.path, pane.home)}", "$strong bold"))
    return pieces


async def tell_failures(
    screen: FleetScreen, errors: Sequence[LxdTuiError], *, offers_again: bool = False
) -> bool:
    """Tell what failed, if anything did; return whether it is to be tried again."""
    if not errors:
        return False
    failures = [Failure.of(error) for error in errors[:_TOLD]]
    if len(errors) > _TOLD:
        words = f"{len(errors) - _TOLD} more failed"
        failures.append(Failure(tried="", reason=words, hint=""))
    dialog = ErrorDialog(failures, offers_again=offers_again, glyphs=screen.glyphs)
    return await screen.app.push_screen_wait(dialog) is NextStep.AGAIN
