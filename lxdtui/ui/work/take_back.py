"""Bringing single files back from a snapshot: asking, securing, copying, telling."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from textual.app import App

from lxdtui.errors import LxdTuiError
from lxdtui.model.files import FileKind, base_name, parent_path
from lxdtui.model.place import Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.snapshots.differences import Change, Difference
from lxdtui.services.transfers import Choice, CopyOptions, TransferView
from lxdtui.ui.clock import Clock
from lxdtui.ui.dialogs.error import Failure, NextStep
from lxdtui.ui.dialogs.results import Result, ResultsDialog
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.forms.form import Flag, Form, Line, Values, is_set
from lxdtui.ui.forms.snapshots import safety_name
from lxdtui.ui.forms.snapshots.lines import form_on, told, warned
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.ports.snapshots import Report
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece
from lxdtui.ui.work.asking import Asking

__all__ = ["TakeBack", "take_back_form", "why_not_taken_back"]

_LISTED = 40


def why_not_taken_back(difference: Difference) -> str:
    """Say why an entry cannot be brought back; empty where it can."""
    match difference.change:
        case Change.ADDED:
            return "it was not there before; nothing can be brought back"
        case Change.UNREADABLE:
            return "it could not be read"
        case _:
            pass
    kinds = {side.kind for side in (difference.old, difference.new) if side is not None}
    if difference.old is not None and difference.new is not None and len(kinds) > 1:
        return "it is another kind of thing now; remove that first"
    return ""


def take_back_form(ref: InstanceRef, snapshot: str, differences: Sequence[Difference]) -> Form:
    """Ask whether files are brought back into the container.

    Args:
        ref: The container.
        snapshot: Where they come from.
        differences: What is brought back.
    """
    over = [one for one in differences if one.new is not None]
    anew = [one for one in differences if one.new is None]

    def explain(values: Values) -> tuple[Line, ...]:
        lines: list[Line] = []
        if over:
            words = plural(len(over), "entry of now is", "entries of now are")
            lines.append(warned(f"{words} overwritten:"))
            lines += [_path(one, "~ ", "$amber") for one in over[:_LISTED]]
        if anew:
            words = plural(len(anew), "deleted entry comes", "deleted entries come")
            lines.append(told(f"{words} back:"))
            lines += [_path(one, "+ ", "$green") for one in anew[:_LISTED]]
        if len(over) > _LISTED or len(anew) > _LISTED:
            lines.append(told("and more"))
        lines.append(told("Owner, mode and time are those of the snapshot."))
        if any(map(_is_kept_folder, differences)):
            lines.append(told("A folder that is there gets its mode and owner back, no files."))
        if is_set(values, "safety"):
            lines.append(told("A snapshot of now is taken first."))
        return tuple(lines)

    what = (
        base_name(differences[0].path) if len(differences) == 1 else f"{len(differences)} entries"
    )
    return form_on(
        "Take back",
        ref,
        what=f"{what} from {snapshot} into {ref.name}",
        fields=(Flag(id="safety", label="Take a snapshot of now first", value=True),),
        do="Take back",
        keep="Leave it",
        is_dangerous=bool(over),
        explain=explain,
    )


class TakeBack(Asking):
    """Brings files of a look back into its container.

    Args:
        app: Where the dialogs are shown.
        fleet: All configured servers.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    def __init__(self, app: App[None], fleet: Fleet, *, clock: Clock, glyphs: Glyphs) -> None:
        super().__init__(app, glyphs=glyphs)
        self.fleet = fleet
        self.clock = clock

    async def run(
        self, look: InstanceRef, ref: InstanceRef, snapshot: str, differences: Sequence[Difference]
    ) -> bool:
        """Ask, and do it.

        Args:
            look: The copy of the snapshot.
            ref: The container.
            snapshot: Its name.
            differences: What is to be brought back.

        Returns:
            Whether anything was changed.
        """
        values = await self.ask(take_back_form(ref, snapshot, differences))
        if values is None:
            return False
        views: list[TransferView] = []
        changed: list[int] = []

        async def work(report: Report) -> None:
            if is_set(values, "safety"):
                report("taking a snapshot of now", None)
                known = self.fleet.store.state.snapshots.get(ref, ())
                name = safety_name("", {one.name for one in known}, self.clock.now())
                await self.fleet.snapshots.create(ref, name)
            views.extend(await self._copy(look, ref, differences, report))
            changed.append(await self._dress_folders(ref, differences))

        try:
            is_done = await self.with_progress(f"Taking back files from {snapshot}", work)
        except LxdTuiError as error:
            await self.tell([snapshot], [error], "taken back")
            return False
        await self._tell_views(views, sum(changed))
        return is_done or bool(views)

    async def _copy(
        self,
        look: InstanceRef,
        ref: InstanceRef,
        differences: Sequence[Difference],
        report: Report,
    ) -> list[TransferView]:
        """Copy folder by folder through the queue, and wait for the end."""
        folders: defaultdict[str, list[str]] = defaultdict(list)
        for one in differences:
            # A copy of a folder would bring back all that is below it, too.
            if not _is_kept_folder(one):
                folders[parent_path(one.path)].append(one.path)
        if not folders:
            return []
        options = CopyOptions(keep_owner=True, existing=Choice.ALL)
        done = asyncio.Event()
        numbers: set[int] = set()
        queue = self.fleet.transfers

        def look_at(views: tuple[TransferView, ...]) -> None:
            ours = [view for view in views if view.number in numbers]
            over = [view for view in ours if view.state.is_over]
            files = sum(view.files_done for view in ours)
            report(plural(files, "entry", "entries"), 100 * len(over) // max(len(numbers), 1))
            if len(over) == len(numbers):
                done.set()

        unwatch = queue.watch(look_at)
        try:
            known = {view.number for view in queue.views}
            for folder, paths in sorted(folders.items()):
                queue.copy(Place(ref=look), paths, Place(ref=ref), folder, options=options)
            numbers |= {view.number for view in queue.views} - known
            look_at(queue.views)
            await done.wait()
        except asyncio.CancelledError:
            for number in numbers:
                queue.cancel(number)
            raise
        finally:
            unwatch()
        return [view for view in queue.views if view.number in numbers]

    async def _dress_folders(self, ref: InstanceRef, differences: Sequence[Difference]) -> int:
        """Give folders that are there on both sides mode and owner of before."""
        files = self.fleet.files.at(Place(ref=ref))
        number = 0
        for one in differences:
            if _is_kept_folder(one) and one.old is not None:
                # The owner first, because a change of it clears bits of the mode.
                await files.chown(one.path, uid=one.old.uid, gid=one.old.gid)
                if one.old.mode is not None:
                    await files.chmod(one.path, one.old.mode)
                number += 1
        return number

    async def _tell_views(self, views: Sequence[TransferView], folders: int) -> None:
        troubles = [
            Result(
                name=f"{view.directory.rstrip('/')}/{result.path}",
                failure=Failure(tried="", reason=result.words or str(result.outcome), hint=""),
            )
            for view in views
            for result in view.results
            if result.is_trouble
        ]
        troubles += [
            Result(name=view.directory, failure=Failure(tried="", reason=view.words, hint=""))
            for view in views
            if view.words and view.state.is_over and not view.copied
        ]
        copied = sum(view.copied for view in views) + folders
        if not troubles:
            if views or folders:
                self.say(f"{plural(copied, 'entry', 'entries')} taken back")
            return
        done = Result(name=f"{plural(copied, 'entry', 'entries')} taken back", failure=None)
        dialog = ResultsDialog(
            "taken back", [done, *troubles], noun="entry", nouns="entries", glyphs=self.glyphs
        )
        step = await self.app.push_screen_wait(dialog)
        if step is NextStep.AGAIN:
            for view in views:
                self.fleet.transfers.retry(view.number)


def _is_kept_folder(difference: Difference) -> bool:
    """Say whether it is a folder on both sides: then only mode or owner are different."""
    sides = (difference.old, difference.new)
    return all(side is not None and side.kind is FileKind.DIRECTORY for side in sides)


def _path(difference: Difference, sign: str, hue: str) -> Line:
    return (Piece(sign, hue), Piece(safe_text(difference.path), "$fg"))
