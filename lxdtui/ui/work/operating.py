"""Acting on instances: asking first where it matters, working, telling what failed.

Screens that show instances share this; it holds what was asked for and is not
known to the servers yet, and why the last action on an instance failed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from lxdtui.errors import LxdTuiError, OperationError
from lxdtui.model.instance import Condition, Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action
from lxdtui.ui.actions.equivalents import Equivalent, client_of, equivalents_of
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.dialogs.confirm import ConfirmDialog
from lxdtui.ui.dialogs.error import ErrorDialog, Failure, NextStep
from lxdtui.ui.forms.questions import question_for
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.messages import OpenSnapshots
from lxdtui.ui.ports.fleet import Fleet, InstanceActions
from lxdtui.ui.theme import UNICODE, Glyphs
from lxdtui.ui.work.command_choice import choose_command
from lxdtui.ui.work.lifecycle import LifecycleWork
from lxdtui.ui.work.snapshots import SnapshotWork

__all__ = ["OperatingScreen"]

_AT_ONCE = 8
"""Actions of one request that are under way at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verb:
    word: str
    """What is under way: ``starting``."""
    call: Callable[[InstanceActions, InstanceRow], Awaitable[None]]
    takes: Callable[[InstanceRow], bool] = lambda _row: True
    """Whether it applies to a row at all."""
    done: str = ""
    """What to say at the end, where the row does not show it."""
    by_force: "_Verb | None" = None
    """What to offer where it failed."""


def _is_up(row: InstanceRow) -> bool:
    return row.instance.condition is not Condition.STOPPED


_KILL = _Verb(
    word="stopping",
    call=lambda instances, row: instances.stop(row.ref, force=True),
    takes=_is_up,
)
_VERBS = {
    "instance.start": _Verb(
        word="starting",
        call=lambda instances, row: instances.start(row.ref),
        takes=lambda row: not row.instance.is_running,
    ),
    "instance.stop": _Verb(
        word="stopping",
        call=lambda instances, row: instances.stop(row.ref),
        takes=_is_up,
        by_force=_KILL,
    ),
    "instance.kill": _KILL,
    "instance.restart": _Verb(
        word="restarting",
        call=lambda instances, row: instances.restart(row.ref),
        takes=lambda row: row.instance.is_running,
        by_force=_Verb(
            word="restarting",
            call=lambda instances, row: instances.restart(row.ref, force=True),
        ),
    ),
    "instance.freeze": _Verb(
        word="freezing",
        call=lambda instances, row: instances.freeze(row.ref),
        takes=lambda row: row.instance.is_running,
    ),
    "instance.unfreeze": _Verb(
        word="resuming",
        call=lambda instances, row: instances.unfreeze(row.ref),
        takes=lambda row: row.instance.condition is Condition.FROZEN,
    ),
    "instance.delete": _Verb(
        word="deleting",
        call=lambda instances, row: instances.delete(row.ref, force=_is_up(row)),
        done="deleted",
    ),
}


_LIFECYCLE = frozenset(("instance.rename", "instance.copy", "instance.publish", "instance.migrate"))


class OperatingScreen(FleetScreen):
    """A screen whose actions work on instances.

    Args:
        fleet: All configured servers and what is known of them.
        clock: What time it is.
        glyphs: The characters to draw with.
        problems: Why the last action on an instance failed; screens that are given
            the same tell the same.
    """

    def __init__(
        self,
        fleet: Fleet,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
        problems: dict[InstanceRef, str] | None = None,
    ) -> None:
        super().__init__(fleet, clock=clock, glyphs=glyphs)
        self.under_way: dict[InstanceRef, str] = {}
        """What was asked for and has not ended, in words."""
        self.problems: dict[InstanceRef, str] = {} if problems is None else problems
        """Why the last action on an instance failed, in the server's words."""

    def work_changed(self) -> None:
        """Show what is under way and what failed; called when it is different."""

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action on instances, after asking where it asks first."""
        match action.id:
            case "instance.snapshots":
                self.post_message(OpenSnapshots(rows[0].ref))
                return
            case "instance.snapshot_now":
                work = SnapshotWork(self.app, self.fleet, clock=self.clock, glyphs=self.glyphs)
                instances = [row.instance for row in rows]
                self.app.run_worker(work.create(instances), group=action.id, exit_on_error=True)
                return
            case "instance.command":
                self.run_worker(self._copy_command(rows[0]), group=action.id, exit_on_error=True)
                return
        if action.id in _LIFECYCLE:
            self._live(action, rows[0].instance)
            return
        verb = _VERBS[action.id]
        taken = tuple(row for row in rows if verb.takes(row))
        self.run_worker(
            self._ask_and_work(action, taken), group=action.id, exclusive=False, exit_on_error=True
        )

    def lifecycle_work(self) -> LifecycleWork:
        """Return what asks for containers to be made, renamed, copied, published, migrated."""
        return LifecycleWork(
            self.app,
            self.fleet,
            glyphs=self.glyphs,
            changed=self._work_went_on,
            under_way=self.under_way,
        )

    def _live(self, action: Action, instance: Instance) -> None:
        work = self.lifecycle_work()
        begin = {
            "instance.rename": work.rename,
            "instance.copy": work.copy,
            "instance.publish": work.publish,
            "instance.migrate": work.migrate,
        }[action.id]
        # It goes on, also when this screen is left meanwhile.
        self.app.run_worker(begin(instance), group=action.id, exit_on_error=True)

    def _work_went_on(self) -> None:
        if self.is_attached:
            self.work_changed()

    def own_equivalents(self, client: str) -> tuple[Equivalent, ...]:
        """Return the commands for what only this screen can do now; they are offered first.

        Args:
            client: ``lxc`` or ``incus``.
        """
        del client
        return ()

    async def _copy_command(self, row: InstanceRow) -> None:
        """Let a command of the server's own client be chosen, and copy it (OSC 52)."""
        state = self.fleet.store.state
        snapshots = state.snapshots.get(row.ref, ())
        server = state.servers.get(row.ref.remote)
        equivalents = (
            *self.own_equivalents(client_of(server)),
            *equivalents_of(
                row.ref,
                server,
                condition=row.instance.condition,
                snapshots=[snapshot.name for snapshot in snapshots],
            ),
        )
        await choose_command(
            self.app, self.fleet, row.ref.remote, equivalents, name=row.ref.name, say=self.say
        )

    def forget_problems(self, changed: Iterable[InstanceRef]) -> None:
        """Drop what failed before on instances that are gone or run now.

        Args:
            changed: Instances that are different.
        """
        for ref in changed:
            if ref in self.problems:
                instance = self.fleet.store.state.instances.get(ref)
                if instance is None or instance.is_running:
                    del self.problems[ref]

    async def _ask_and_work(self, action: Action, rows: Sequence[InstanceRow]) -> None:
        servers = self.fleet.store.state.servers
        server = servers.get(rows[0].ref.remote)
        # A server given by its address is not in the configuration of lxc or incus.
        by_address = {one.name for one in self.fleet.remotes if one.is_named_by_address}
        question = question_for(
            action.id,
            rows,
            server=server,
            now=self.clock.now(),
            is_named=not any(row.ref.remote in by_address for row in rows),
        )
        if question is not None:
            dialog = ConfirmDialog(question, glyphs=self.glyphs)
            if not await self.app.push_screen_wait(dialog):
                return
            rows = self._without_replaced(rows)
        await self._work(_VERBS[action.id], rows)

    def _without_replaced(self, rows: Sequence[InstanceRow]) -> Sequence[InstanceRow]:
        """Leave out what was not meant: another of that name, made while the question stood."""
        known = self.fleet.store.state.instances
        replaced = [
            row
            for row in rows
            if row.ref in known and known[row.ref].created_at != row.instance.created_at
        ]
        for row in replaced:
            words = "was made anew meanwhile; nothing was done to it"
            self.say(f"{row.ref.name} {words}", is_warning=True)
        return [row for row in rows if row not in replaced]

    async def _work(self, verb: _Verb, rows: Sequence[InstanceRow]) -> None:
        limit = asyncio.Semaphore(_AT_ONCE)
        for row in rows:
            self.under_way[row.ref] = verb.word
            self.problems.pop(row.ref, None)
        self.work_changed()
        errors = await asyncio.gather(*(self._work_on(verb, row, limit) for row in rows))
        failed = [(row, error) for row, error in zip(rows, errors, strict=True) if error]
        done = [row.ref.name for row, error in zip(rows, errors, strict=True) if not error]
        if verb.done and done:
            self.say(f"{', '.join(done)} {verb.done}")
        if failed:
            await self._tell(verb, failed)

    async def _work_on(
        self, verb: _Verb, row: InstanceRow, limit: asyncio.Semaphore
    ) -> LxdTuiError | None:
        async with limit:
            try:
                await verb.call(self.fleet.instances, row)
            except LxdTuiError as error:
                self.problems[row.ref] = Failure.of(error).reason
                return error
            finally:
                self.under_way.pop(row.ref, None)
                self.work_changed()
        return None

    async def _tell(self, verb: _Verb, failed: list[tuple[InstanceRow, LxdTuiError]]) -> None:
        errors = [error for _, error in failed]
        # A container that does not shut down in time stays as it is.
        may_force = all(isinstance(error, OperationError) for error in errors)
        dialog = ErrorDialog(
            tuple(Failure.of(error) for error in errors),
            offers_force=verb.by_force is not None and may_force,
            glyphs=self.glyphs,
        )
        step = await self.app.push_screen_wait(dialog)
        rows = self._without_replaced([row for row, _ in failed])
        if step is NextStep.AGAIN and rows:
            await self._work(verb, rows)
        elif step is NextStep.FORCE and verb.by_force is not None and rows:
            await self._work(verb.by_force, rows)
