"""Looking into a snapshot: its copy is made before, and removed when nothing needs it."""

import asyncio

from textual.app import App

from lxdtui.errors import LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.looks import Look
from lxdtui.services.transfers import TransferView
from lxdtui.ui.dialogs.error import Failure
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.ports.snapshots import Report
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.work.asking import Asking

__all__ = ["LookWork"]

_LOOKS = "It is stopped, has no network, and is deleted when you come back."


class LookWork(Asking):
    """Makes and removes copies of snapshots.

    Args:
        app: Where the dialogs are shown.
        fleet: All configured servers.
        glyphs: The characters to draw with.
    """

    def __init__(self, app: App[None], fleet: Fleet, *, glyphs: Glyphs) -> None:
        super().__init__(app, glyphs=glyphs)
        self.fleet = fleet

    async def open_look(self, ref: InstanceRef, snapshot: Snapshot) -> Look | None:
        """Make a copy of a snapshot to look into; ``None`` where that failed or was cancelled."""
        looks: list[Look] = []

        async def work(report: Report) -> None:
            looks.append(await self.fleet.snapshots.looks.open(ref, snapshot, report=report))

        title = f"Making a copy of {ref.name}/{snapshot.name} to look into"
        try:
            await self.with_progress(title, work, notes=_LOOKS)
        except LxdTuiError as error:
            await self.tell([snapshot.name], [error], "opened")
        return looks[0] if looks else None

    async def close_look(self, look: Look) -> None:
        """Remove a copy, as soon as nothing is copied from or to it."""
        await self._until_unused(look.ref)
        try:
            await self.fleet.snapshots.looks.close(look)
        except LxdTuiError as error:
            words = f"{look.ref.name} is not removed yet: {Failure.of(error).reason}"
            self.app.notify(safe_text(words), severity="warning", markup=False)

    async def _until_unused(self, ref: InstanceRef) -> None:
        unused = asyncio.Event()

        def look_at(views: tuple[TransferView, ...]) -> None:
            if not any(
                ref in (view.source.ref, view.target.ref) and not view.state.is_over
                for view in views
            ):
                unused.set()

        unwatch = self.fleet.transfers.watch(look_at)
        look_at(self.fleet.transfers.views)
        try:
            await unused.wait()
        finally:
            unwatch()
