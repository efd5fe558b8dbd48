"""Working on snapshots: asking first, doing it, telling what became of each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from textual.app import App

from lxdtui.errors import LxdTuiError
from lxdtui.model.instance import Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.ui.clock import Clock
from lxdtui.ui.dialogs.error import Failure, NextStep
from lxdtui.ui.forms.form import Form, Values, is_set
from lxdtui.ui.forms.snapshots import (
    copy_form,
    create_form,
    delete_form,
    expiry_form,
    expiry_of,
    properties_of,
    prune_form,
    prune_plan,
    publish_form,
    rename_form,
    restore_form,
    safety_name,
)
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.ports.snapshots import Report
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.work.asking import Asking

__all__ = ["SnapshotWork"]

_AT_ONCE = 4
"""Actions of one request that are under way at the same time."""
_STOPS = "The server may work on for a while after Esc; what it makes then is deleted."


class SnapshotWork(Asking):
    """What can be asked for on snapshots.

    Each method is to be run as a worker of the app.

    Args:
        app: Where the dialogs are shown.
        fleet: All configured servers.
        clock: What time it is.
        glyphs: The characters to draw with.
        changed: Told when something began or ended.
    """

    def __init__(
        self,
        app: App[None],
        fleet: Fleet,
        *,
        clock: Clock,
        glyphs: Glyphs,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(app, glyphs=glyphs)
        self.fleet = fleet
        self.clock = clock
        self._changed = changed
        self.under_way: dict[str, str] = {}
        """What is under way with a snapshot, by its name, in words."""
        self.taking: set[str] = set()
        """Names of snapshots that are being taken."""
        self.problems: dict[str, str] = {}
        """Why the last action on a snapshot failed."""

    async def create(self, instances: Sequence[Instance]) -> None:
        """Take a snapshot of one container or of each of several."""
        one = instances[0] if len(instances) == 1 else None
        server = self.fleet.store.state.servers.get(instances[0].ref.remote)

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            return create_form(
                instances,
                taken=self._names(one.ref) if one else (),
                server=server,
                now=self.clock.now(),
                before=before,
                failure=failure,
            )

        async def take(instance: Instance, values: Values) -> None:
            await self.fleet.snapshots.create(
                instance.ref,
                values["name"],
                stateful=is_set(values, "stateful") and instance.is_running,
                expires_at=expiry_of(values, self.clock.now()),
            )

        async def do(values: Values) -> None:
            if one is None:
                await self._create_each(instances, lambda each: take(each, values))
                return
            self.taking.add(values["name"])
            self._changed()
            try:
                await take(one, values)
            finally:
                self.taking.discard(values["name"])
                self._changed()
            self.say(f"{values['name'] or 'The snapshot'} of {one.ref.name} is taken")

        await self.ask_until_done(make, do)

    async def rename(self, ref: InstanceRef, snapshot: Snapshot) -> None:
        """Give a snapshot another name."""

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            taken = self._names(ref)
            return rename_form(ref, snapshot.name, taken=taken, before=before, failure=failure)

        async def do(values: Values) -> None:
            with _Busy(self, snapshot.name, "renaming"):
                await self.fleet.snapshots.rename(ref, snapshot.name, values["name"])

        await self.ask_until_done(make, do)

    async def change_expiry(self, ref: InstanceRef, snapshots: Sequence[Snapshot]) -> None:
        """Choose when snapshots expire."""

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            return expiry_form(ref, snapshots, now=self.clock.now(), before=before, failure=failure)

        async def do(values: Values) -> None:
            ends = expiry_of(values, self.clock.now())

            async def change(snapshot: Snapshot) -> None:
                await self.fleet.snapshots.set_expiry(ref, snapshot, ends)

            if len(snapshots) == 1:
                with _Busy(self, snapshots[0].name, "changing"):
                    await change(snapshots[0])
            else:
                await self._each(ref, snapshots, "changing", "changed", change)

        await self.ask_until_done(make, do)

    async def delete(self, ref: InstanceRef, snapshots: Sequence[Snapshot]) -> None:
        """Delete snapshots, after asking."""
        if await self.ask(delete_form(ref, snapshots, now=self.clock.now())) is not None:
            await self._delete(ref, self._still_there(ref, snapshots))

    async def prune(self, ref: InstanceRef, snapshots: Sequence[Snapshot]) -> None:
        """Delete old snapshots by a rule; exactly those that the dialog showed."""
        now = self.clock.now()
        values = await self.ask(prune_form(ref, snapshots, now=now))
        if values is not None:
            plan = prune_plan(snapshots, values, now)
            await self._delete(ref, self._still_there(ref, plan.go))

    async def restore(self, ref: InstanceRef, snapshot: Snapshot) -> None:
        """Bring the container back to a snapshot, after saying what is lost by it."""
        meant = self.fleet.store.state.instances.get(ref)
        if meant is None:
            return
        try:
            driver = await self.fleet.snapshots.pool_driver(ref)
        except LxdTuiError:
            # The question is asked all the same: it then speaks of what may be.
            driver = ""

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            # It may be gone since: then the question stays, and says why it failed.
            instance = self.fleet.store.state.instances.get(ref, meant)
            newer = self.newer_than(ref, snapshot)
            return restore_form(
                instance,
                snapshot,
                newer,
                driver=driver,
                now=self.clock.now(),
                before=before,
                failure=failure,
            )

        async def do(values: Values) -> None:
            if not self._is_as_meant(meant, snapshot):
                return
            safety = ""
            if is_set(values, "safety"):
                safety = safety_name(snapshot.name, self._names(ref), self.clock.now())
                with _Busy(self, snapshot.name, "securing"):
                    await self.fleet.snapshots.create(ref, safety)
            with _Busy(self, snapshot.name, "restoring"):
                try:
                    await self.fleet.snapshots.restore(
                        ref, snapshot.name, stateful=is_set(values, "stateful")
                    )
                except LxdTuiError as error:
                    error.hint = " ".join(filter(None, (error.hint, self._after(ref, safety))))
                    raise
            back = f"; {safety} holds what was before" if safety else ""
            self.say(f"{ref.name} is back at {snapshot.name}{back}")

        await self.ask_until_done(make, do)

    async def copy(self, ref: InstanceRef, snapshot: Snapshot) -> None:
        """Make a container of a snapshot."""

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            known = self.fleet.store.state.instances
            taken = {
                one.name for one in known if (one.remote, one.project) == (ref.remote, ref.project)
            }
            return copy_form(ref, snapshot, taken=taken, before=before, failure=failure)

        async def do(values: Values) -> None:
            name = values["name"]

            async def work(report: Report) -> None:
                await self.fleet.snapshots.copies.copy(
                    ref,
                    snapshot,
                    name,
                    start=is_set(values, "start"),
                    with_new_addresses=is_set(values, "addresses"),
                    report=report,
                )

            title = f"Making {name} of {ref.name}/{snapshot.name}"
            if await self.with_progress(title, work, notes=_STOPS):
                self.say(f"{name} is made of {ref.name}/{snapshot.name}")

        await self.ask_until_done(make, do)

    async def publish(self, ref: InstanceRef, snapshot: Snapshot) -> None:
        """Make an image of a snapshot."""
        instance = self.fleet.store.state.instances.get(ref)
        if instance is None:
            return

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            return publish_form(ref, snapshot, instance, before=before, failure=failure)

        async def do(values: Values) -> None:
            fingerprints: list[str] = []

            async def work(report: Report) -> None:
                fingerprints.append(
                    await self.fleet.snapshots.copies.publish(
                        ref,
                        snapshot.name,
                        aliases=values["aliases"].split(),
                        public=is_set(values, "public"),
                        properties=properties_of(values),
                        report=report,
                    )
                )

            title = f"Making an image of {ref.name}/{snapshot.name}"
            if await self.with_progress(title, work, notes=_STOPS):
                names = ", ".join(values["aliases"].split()) or fingerprints[0][:12]
                self.say(f"The image {names} is made")

        await self.ask_until_done(make, do)

    # What the above is made of

    def newer_than(self, ref: InstanceRef, snapshot: Snapshot) -> list[Snapshot]:
        """Return the snapshots that are newer than one."""
        return [
            one
            for one in self.fleet.store.state.snapshots.get(ref, ())
            if one.created_at and snapshot.created_at and one.created_at > snapshot.created_at
        ]

    def _names(self, ref: InstanceRef) -> set[str]:
        return {one.name for one in self.fleet.store.state.snapshots.get(ref, ())}

    def _still_there(self, ref: InstanceRef, snapshots: Sequence[Snapshot]) -> list[Snapshot]:
        """Leave out what was not meant: another of that name, taken while the question stood."""
        known = {one.name: one for one in self.fleet.store.state.snapshots.get(ref, ())}
        replaced = {
            one.name
            for one in snapshots
            if one.name in known and known[one.name].created_at != one.created_at
        }
        for name in sorted(replaced):
            self.say(f"{name} was taken anew meanwhile; nothing was done to it")
        return [one for one in snapshots if one.name not in replaced]

    def _is_as_meant(self, meant: Instance, snapshot: Snapshot) -> bool:
        """Say whether container and snapshot are still those that were asked about."""
        now = self.fleet.store.state.instances.get(meant.ref)
        if now is not None and now.created_at != meant.created_at:
            self.say(f"{meant.name} was made anew meanwhile; nothing was done to it")
            return False
        return bool(self._still_there(meant.ref, (snapshot,)))

    def _after(self, ref: InstanceRef, safety: str) -> str:
        """Say how things stand after a restore that failed."""
        instance = self.fleet.store.state.instances.get(ref)
        state = f"The container is {instance.condition} now." if instance is not None else ""
        return f"{state} What was before is kept in {safety}." if safety else state

    async def _delete(self, ref: InstanceRef, snapshots: Sequence[Snapshot]) -> None:
        await self._each(
            ref,
            snapshots,
            "deleting",
            "deleted",
            lambda snapshot: self.fleet.snapshots.delete(ref, snapshot.name),
        )

    async def _each(
        self,
        ref: InstanceRef,
        snapshots: Sequence[Snapshot],
        word: str,
        done: str,
        call: Callable[[Snapshot], Awaitable[None]],
    ) -> None:
        """Do something to each, and tell what became of each; the failed ones may be repeated."""
        limit = asyncio.Semaphore(_AT_ONCE)

        async def one(snapshot: Snapshot) -> LxdTuiError | None:
            async with limit:
                try:
                    await call(snapshot)
                except LxdTuiError as error:
                    self.problems[snapshot.name] = Failure.of(error).reason
                    return error
                finally:
                    self.under_way.pop(snapshot.name, None)
                    self._changed()
            return None

        while snapshots:
            for snapshot in snapshots:
                self.under_way[snapshot.name] = word
                self.problems.pop(snapshot.name, None)
            self._changed()
            errors = await asyncio.gather(*(one(snapshot) for snapshot in snapshots))
            names = [snapshot.name for snapshot in snapshots]
            if await self.tell(names, errors, done) is not NextStep.AGAIN:
                return
            failed = [each for each, error in zip(snapshots, errors, strict=True) if error]
            # While the answer was awaited, another of that name may have been taken.
            snapshots = self._still_there(ref, failed)

    async def _create_each(
        self, instances: Sequence[Instance], call: Callable[[Instance], Awaitable[None]]
    ) -> None:
        limit = asyncio.Semaphore(_AT_ONCE)

        async def one(instance: Instance) -> LxdTuiError | None:
            async with limit:
                try:
                    await call(instance)
                except LxdTuiError as error:
                    return error
            return None

        while instances:
            errors = await asyncio.gather(*(one(instance) for instance in instances))
            names = [instance.name for instance in instances]
            if await self.tell(names, errors, "taken") is not NextStep.AGAIN:
                return
            instances = [each for each, error in zip(instances, errors, strict=True) if error]


class _Busy:
    """While something is under way with a snapshot."""

    def __init__(self, work: SnapshotWork, name: str, word: str) -> None:
        self._work, self._name, self._word = work, name, word

    def __enter__(self) -> None:
        self._work.under_way[self._name] = self._word
        self._work.problems.pop(self._name, None)
        self._work._changed()

    def __exit__(self, *_: object) -> None:
        self._work.under_way.pop(self._name, None)
        self._work._changed()
