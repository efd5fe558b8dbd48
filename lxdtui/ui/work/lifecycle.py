"""Making, renaming, copying, publishing and migrating containers, after asking how.

What is under way goes on when the screen that asked for it is left, and what
failed is asked again with the same answers, wherever the user is then.
"""

from collections.abc import Awaitable, Callable

from textual.app import App

from lxdtui.errors import LxdTuiError
from lxdtui.model.instance import Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.ui.dialogs.error import ErrorDialog, Failure, NextStep
from lxdtui.ui.forms.form import Form, Values, is_set
from lxdtui.ui.forms.lifecycle import (
    copy_form,
    create_form,
    migrate_form,
    publish_form,
    rename_form,
    words_of,
)
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.ports.snapshots import Report
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.work.asking import Asking

__all__ = ["LifecycleWork"]


class LifecycleWork:
    """What can be asked for on whole containers.

    Each method is to be run as a worker of the app.

    Args:
        app: Where the dialogs are shown.
        fleet: All configured servers.
        glyphs: The characters to draw with.
        changed: Told when something began or ended.
        under_way: Where it is put down what is under way with a container.
    """

    def __init__(
        self,
        app: App[None],
        fleet: Fleet,
        *,
        glyphs: Glyphs,
        changed: Callable[[], None] = lambda: None,
        under_way: dict[InstanceRef, str] | None = None,
    ) -> None:
        self._app = app
        self._asking = Asking(app, glyphs=glyphs)
        self._fleet = fleet
        self._glyphs = glyphs
        self._changed = changed
        self._under_way = {} if under_way is None else under_way

    async def create(self, remote: str, project: str) -> None:
        """Make a container."""
        try:
            offer = await self._fleet.lifecycle.offer(remote, project)
        except LxdTuiError as error:
            await self._app.push_screen_wait(
                ErrorDialog((Failure.of(error),), offers_again=False, glyphs=self._glyphs)
            )
            return

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            taken = self._names(remote, project)
            return create_form(remote, project, offer, taken=taken, before=before, failure=failure)

        made: list[InstanceRef] = []

        async def do(values: Values) -> None:
            ref = InstanceRef(remote, project, values["name"].strip())
            await self._fleet.lifecycle.create(
                ref,
                values["image"],
                profiles=words_of(values["profiles"]),
                ephemeral=is_set(values, "ephemeral"),
            )
            self._asking.say(f"{ref.name} is created")
            if is_set(values, "start"):
                made.append(ref)

        await self._asking.ask_until_done(make, do)
        for ref in made:
            await self._start(ref)

    async def _start(self, ref: InstanceRef) -> None:
        """Start what was made, again where it fails and that is wanted."""
        step: NextStep | None = NextStep.AGAIN
        while step is NextStep.AGAIN:
            try:
                await self._working(ref, "starting", self._fleet.instances.start(ref))
                return
            except LxdTuiError as error:
                dialog = ErrorDialog((Failure.of(error),), glyphs=self._glyphs)
            step = await self._app.push_screen_wait(dialog)

    async def rename(self, instance: Instance) -> None:
        """Give a container another name."""
        ref = instance.ref

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            taken = self._names(ref.remote, ref.project)
            return rename_form(ref, taken=taken, before=before, failure=failure)

        async def do(values: Values) -> None:
            name = values["name"].strip()
            await self._working(ref, "renaming", self._fleet.lifecycle.rename(ref, name))
            self._asking.say(f"{ref.name} is {name} now")

        await self._asking.ask_until_done(make, do)

    async def copy(self, instance: Instance) -> None:
        """Copy a container on its server."""
        ref = instance.ref

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            taken = self._names(ref.remote, ref.project)
            return copy_form(ref, taken=taken, before=before, failure=failure)

        async def do(values: Values) -> None:
            name = values["name"].strip()
            copying = self._fleet.lifecycle.copy(
                ref, name, with_snapshots=is_set(values, "snapshots")
            )
            await self._working(ref, "copying", copying)
            self._asking.say(f"{name} is a copy of {ref.name}")

        await self._asking.ask_until_done(make, do)

    async def publish(self, instance: Instance) -> None:
        """Make an image of a container."""
        ref = instance.ref

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            return publish_form(instance, before=before, failure=failure)

        async def do(values: Values) -> None:
            publishing = self._fleet.lifecycle.publish(
                ref,
                aliases=words_of(values["aliases"]),
                description=values["description"].strip(),
                public=is_set(values, "public"),
            )
            await self._working(ref, "publishing", publishing)
            names = values["aliases"].strip()
            self._asking.say(f"{ref.name} is published{f' as {names}' if names else ''}")

        await self._asking.ask_until_done(make, do)

    async def migrate(self, instance: Instance) -> None:
        """Take a container to another server."""
        ref = instance.ref
        targets = await self._fleet.lifecycle.targets(ref)

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            return migrate_form(instance, targets, before=before, failure=failure)

        async def do(values: Values) -> None:
            target, name = values["target"], values["name"].strip()

            async def migrate(_report: Report) -> None:
                migrating = self._fleet.lifecycle.migrate(
                    ref,
                    target,
                    new_name=name,
                    live=is_set(values, "live"),
                    with_snapshots=is_set(values, "snapshots"),
                    allow_running=is_set(values, "running"),
                    keep_addresses=is_set(values, "addresses"),
                )
                await self._working(ref, "migrating", migrating)

            if await self._asking.with_progress(f"Migrate {ref.name} to {target}", migrate):
                self._asking.say(f"{ref.name} is on {target}, too")

        if targets:
            await self._asking.ask_until_done(make, do)
            return
        self._asking.say("No other server is in the configurations of lxc and incus")

    def _names(self, remote: str, project: str) -> set[str]:
        return {
            ref.name
            for ref in self._fleet.store.state.instances
            if (ref.remote, ref.project) == (remote, project)
        }

    async def _working(self, ref: InstanceRef, word: str, work: Awaitable[object]) -> None:
        self._under_way[ref] = word
        self._changed()
        try:
            await work
        finally:
            self._under_way.pop(ref, None)
            self._changed()
