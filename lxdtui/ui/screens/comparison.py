"""What is different between the files of a snapshot and another one, or now."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from lxdtui.errors import LxdTuiError
from lxdtui.model.files import FileKind
from lxdtui.model.instance import Condition
from lxdtui.model.place import Place
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.differences import Change, Comparison, Difference
from lxdtui.services.snapshots.looks import Look
from lxdtui.store.select import InstanceRow, row_of
from lxdtui.ui.actions import Action, Scope, bindings
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.dialogs.difference import DifferenceDialog
from lxdtui.ui.dialogs.error import Failure
from lxdtui.ui.format.amounts import count, size
from lxdtui.ui.format.text import cut, safe_text
from lxdtui.ui.frames.filtered import FilteredScreen
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import UNICODE, Glyphs
from lxdtui.ui.widgets.comparison_pieces import (
    COLUMNS,
    difference_row,
    matching,
    placeholder,
    summary_pieces,
)
from lxdtui.ui.widgets.pieces import Piece, gap
from lxdtui.ui.work.snapshot_looks import LookWork
from lxdtui.ui.work.take_back import TakeBack, why_not_taken_back

__all__ = ["ComparisonScreen"]

_TEXT_LIMIT = 1 << 20
_NAME = 24
"""Columns for the name of a snapshot in the title."""
"""Bytes of a file whose text is shown."""


class ComparisonScreen(FilteredScreen):
    """Makes looks, compares them, and shows what is different.

    Args:
        fleet: All configured servers and what is known of them.
        ref: The container.
        old: The snapshot that is the side before.
        new: The snapshot that is the side after; ``None`` for the container as it is.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.COMPARISON, Scope.FRAME)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.COMPARISON)]

    def __init__(
        self,
        fleet: Fleet,
        ref: InstanceRef,
        old: Snapshot,
        new: Snapshot | None,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__(fleet, COLUMNS, clock=clock, glyphs=glyphs)
        self.ref = ref
        self._sides = (old, new)
        self._looks: list[Look] = []
        self._comparison: Comparison | None = None
        self._error: LxdTuiError | None = None
        self._step = "making a copy to look into"
        self._change: Change | None = None

    def compose_body(self) -> ComposeResult:
        """Make the head and the table."""
        yield self._head
        yield self._table

    def on_mount(self) -> None:
        """Begin."""
        super().on_mount()
        self.show_list()
        self._begin()

    def on_unmount(self) -> None:
        """Remove the copies; the app outlives this screen."""
        looks, self._looks = self._looks, []
        if looks and self.app.is_running:
            self.app.run_worker(self._close(looks), group="snapshot.close", exit_on_error=True)

    # What the frame asks

    def crumbs(self) -> tuple[str, ...]:
        """Return server, project, name, and what is compared."""
        old, new = (cut(safe_text(one), _NAME, self.glyphs.cut) for one in self._labels())
        return (self.ref.remote, self.ref.project, self.ref.name, f"{old} and {new}")

    def remotes_shown(self) -> tuple[str, ...]:
        """Return the server of the container."""
        return (self.ref.remote,)

    def targets(self) -> tuple[InstanceRow, ...]:
        """Return the container, while it exists."""
        row = row_of(self.fleet.store, self.ref)
        return () if row is None else (row,)

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible now."""
        if not action.id.startswith("comparison."):
            return super().why_not(action)
        if self._comparison is None:
            if action.id == "comparison.again" and self._error is not None:
                return None
            return "the comparison did not succeed" if self._error else "it is being compared"
        if action.id == "comparison.again":
            return None
        if not self._comparison.differences:
            return "there is no difference"
        chosen = self._chosen()
        if action.id == "comparison.open" and not self._may_open():
            return "only the text of files can be shown"
        if action.id == "comparison.take_back":
            row = row_of(self.fleet.store, self.ref)
            if row is None:
                return f"{self.ref.name} does not exist any more"
            reasons = [why_not_taken_back(one) for one in chosen]
            if not chosen or "" not in reasons:
                return reasons[0] if reasons else "nothing is selected"
        return None

    def perform(
        self,
        action: Action,
        rows: tuple[InstanceRow, ...],  # noqa: ARG002  # part of the frame
    ) -> None:
        """Do an action on what is different."""
        match action.id:
            case "comparison.open":
                self.run_worker(self._open(), group="snapshot.open", exclusive=True)
            case "comparison.take_back":
                wanted = [one for one in self._chosen() if not why_not_taken_back(one)]
                self.run_worker(self._take_back(wanted), group="snapshot.take_back")
            case "comparison.again":
                self._begin()
            case "comparison.filter":
                self._head.open_filter()
            case "comparison.view":
                self._next_kind()
            case _:
                self.perform_on_list(action.id, (one.path for one in self._shown()))

    def go_back(self) -> None:
        """Take away marks and filter first; then leave, which ends the comparison."""
        was_narrowed, self._change = self._change is not None, None
        if self.clear():
            return
        if was_narrowed:
            self.show_list()
        else:
            super().go_back()

    def open_row(self) -> None:
        """Show the text of both sides."""
        self.act("comparison.open")

    # Comparing

    def _labels(self) -> tuple[str, str]:
        old, new = self._sides
        return old.name, new.name if new is not None else "now"

    def _begin(self) -> None:
        self._comparison, self._error = None, None
        self.show_list()
        self.run_worker(self._compare(), group="snapshot.compare", exclusive=True)

    async def _compare(self) -> None:
        row = row_of(self.fleet.store, self.ref)
        # A frozen one has everything mounted, too; each look at a snapshot freezes it shortly.
        is_running = row is not None and row.instance.condition is not Condition.STOPPED
        try:
            await self._look()
            sides = [look.ref for look in self._looks]
            old, new = sides[0], sides[1] if len(sides) > 1 else self.ref
            self._comparison = await self.fleet.snapshots.comparisons.compare(
                old, new, is_running=is_running and new == self.ref, report=self._report
            )
        except LxdTuiError as error:
            self._error = error
        self.show_list()

    async def _look(self) -> None:
        """Make the copies that are missing."""
        wanted = [side for side in self._sides if side is not None][len(self._looks) :]

        def tell(words: str, percent: int | None) -> None:
            self._step = words if percent is None else f"{words}, {percent}%"
            self.show_cursor()

        for snapshot in wanted:
            tell(f"making a copy of {snapshot.name} to look into", None)
            self._looks.append(
                await self.fleet.snapshots.looks.open(self.ref, snapshot, report=tell)
            )

    async def _close(self, looks: Sequence[Look]) -> None:
        work = LookWork(self.app, self.fleet, glyphs=self.glyphs)
        for look in looks:
            await work.close_look(look)

    def _report(self, entries: int, differences: int) -> None:
        self._step = f"{count(entries)} entries compared, {count(differences)} differ"
        self.show_cursor()

    # Showing

    def _shown(self) -> list[Difference]:
        if self._comparison is None:
            return []
        return matching(self._comparison.differences, self._words, self._change)

    def _chosen(self) -> list[Difference]:
        shown = self._shown()
        marked = [one for one in shown if one.path in self._marks]
        return marked or [one for one in shown if one.path == self._table.cursor_key]

    def _under_cursor(self) -> Difference | None:
        key = self._table.cursor_key
        return next((one for one in self._shown() if one.path == key), None)

    def _may_open(self) -> bool:
        one = self._under_cursor()
        if one is None:
            return False
        kinds = {side.kind for side in (one.old, one.new) if side is not None}
        return kinds == {FileKind.FILE}

    def show_list(self) -> None:
        """Show the differences, or how far the comparison is."""
        self._table.show(
            [difference_row(one) for one in self._shown()],
            marks=self._marks,
            placeholder=placeholder(
                self._comparison, self._labels(), error=self._error, glyphs=self.glyphs
            ),
        )
        self.show_cursor()
        self.update_frame()

    def show_cursor(self) -> None:
        """Show counts and position."""
        comparison = self._comparison
        shown = self._shown()
        summary: tuple[Piece, ...]
        if comparison is not None:
            summary = summary_pieces(comparison, self._change, glyphs=self.glyphs)
        elif self._error is not None:
            summary = (gap(1), Piece("not compared", "$amber"))
        else:
            glyph = Piece(f" {self.glyphs.working[0]} ", "$accent")
            summary = (glyph, Piece(safe_text(self._step), "$muted"))
        self._head.show(
            summary=summary,
            position=self._table.cursor + 1 if shown else 0,
            shown=len(shown),
            total=len(comparison.differences) if comparison is not None else 0,
            marked=len(self._marks),
            words=self._words,
            notice="",
            is_warning=False,
        )

    # What is asked for

    async def _open(self) -> None:
        one = self._under_cursor()
        if one is None or not self._looks:
            return
        old = self._looks[0].ref
        new = self._looks[1].ref if len(self._looks) > 1 else self.ref
        try:
            before, after = await asyncio.gather(
                self._text(old, one.path, is_there=one.old is not None),
                self._text(new, one.path, is_there=one.new is not None),
            )
        except LxdTuiError as error:
            failure = Failure.of(error)
            self.say(f"Cannot {failure.tried}: {failure.reason}", is_warning=True)
            return
        dialog = DifferenceDialog(
            one.path,
            before,
            after,
            labels=self._labels(),
            may_take_back=not why_not_taken_back(one),
            glyphs=self.glyphs,
        )
        if await self.app.push_screen_wait(dialog):
            await self._take_back([one])

    async def _text(self, ref: InstanceRef, path: str, *, is_there: bool) -> str:
        if not is_there:
            return ""
        content = await self.fleet.files.at(Place(ref=ref)).read_bytes(path, limit=_TEXT_LIMIT)
        if b"\0" in content:
            return f"(not text, {size(len(content))})\n"
        return content.decode("utf-8", "replace")

    async def _take_back(self, differences: Sequence[Difference]) -> None:
        if not self._looks or not differences:
            return
        work = TakeBack(self.app, self.fleet, clock=self.clock, glyphs=self.glyphs)
        old = self._sides[0]
        if await work.run(self._looks[0].ref, self.ref, old.name, differences):
            self._marks = frozenset()
            self._begin()

    def _next_kind(self) -> None:
        """Show another kind of change alone, or all again."""
        there = self._kinds()
        after = there[there.index(self._change) + 1 :] if self._change in there else there
        self._change = after[0] if after else None
        self.show_list()

    def _kinds(self) -> list[Change]:
        found = self._comparison.differences if self._comparison is not None else ()
        kinds = {one.change for one in found}
        return [change for change in Change if change in kinds]
