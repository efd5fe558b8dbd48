"""Copies and moves from one pane of the file browser into the other, in the background."""

from lxdtui.model.files import join_path
from lxdtui.services.transfers import CopyOptions, TransferView
from lxdtui.ui.dialogs.transfer_options import CopyDialog, default_options
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.widgets.file_pane import FilePane
from lxdtui.ui.work.transfer_asker import TransferAsker

__all__ = ["FileTransfers"]


class FileTransfers:
    """What a screen with panes does with the queue of transfers.

    Args:
        screen: Shows the dialogs.
        panes: Show again what transfers have changed.
    """

    def __init__(self, screen: FleetScreen, panes: tuple[FilePane, ...]) -> None:
        self._screen = screen
        self._panes = panes
        self._queue = screen.fleet.transfers
        self._asker = TransferAsker(
            screen,
            self._queue,
            glyphs=screen.glyphs,
            asked_later=lambda: screen.say("The copy waits for its answer; t shows it"),
        )
        self._going: frozenset[int] = frozenset()
        self._options: dict[tuple[bool, bool], CopyOptions] = {}

    def begin(self) -> None:
        """Follow the queue."""
        self._going = self._numbers(self._queue.views)
        self._unwatch = self._queue.watch(self._take)

    def end(self) -> None:
        """Follow the queue no more."""
        self._unwatch()

    def look(self) -> None:
        """Ask what waits for an answer."""
        self._asker.look()

    async def copy(self, pane: FilePane, other: FilePane, *, is_move: bool) -> None:
        """Ask where to and how, and put it into the queue.

        Args:
            pane: What is chosen in it is copied.
            other: Where it goes.
            is_move: Whether it is removed from its place afterwards.
        """
        paths = [pane.path_of(entry) for entry in pane.chosen]
        kind = (pane.place.is_local, other.place.is_local)
        options = self._options.get(kind) or default_options(pane.place, other.place)
        plan = await self._screen.app.push_screen_wait(
            CopyDialog(
                paths,
                pane.place,
                other.place,
                other.path,
                is_move=is_move,
                options=options,
                glyphs=self._screen.glyphs,
            )
        )
        if plan is None or not paths:
            return
        # What was chosen once is proposed the next time.
        self._options[kind] = plan.options
        self._queue.copy(
            pane.place,
            paths,
            other.place,
            plan.directory,
            move=is_move,
            options=plan.options,
        )

    def _take(self, views: tuple[TransferView, ...]) -> None:
        going = self._numbers(views)
        ended = self._going - going
        self._going = going
        for view in views:
            if view.number in ended:
                self._show_again(view)
        self._asker.look()

    def _show_again(self, view: TransferView) -> None:
        for pane in self._panes:
            is_target = pane.place == view.target and _is_within(pane.path, view.directory)
            is_source = pane.place == view.source and _is_within(pane.path, view.folder)
            if is_target or (is_source and view.is_move):
                pane.reload()

    @staticmethod
    def _numbers(views: tuple[TransferView, ...]) -> frozenset[int]:
        return frozenset(view.number for view in views if not view.state.is_over)


def _is_within(path: str, folder: str) -> bool:
    return join_path(path, "").startswith(join_path(folder, ""))
