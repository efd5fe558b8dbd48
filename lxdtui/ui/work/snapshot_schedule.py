"""Changing when the server takes snapshots by itself."""

from textual.app import App

from lxdtui.errors import StaleEtag
from lxdtui.model.refs import InstanceRef
from lxdtui.services.configuration import Conflict
from lxdtui.ui.clock import Clock
from lxdtui.ui.forms.form import Form, Values
from lxdtui.ui.forms.snapshots.scheduling import KEYS, schedule_form, scheduled
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.work.asking import Asking

__all__ = ["ScheduleWork"]


class ScheduleWork(Asking):
    """Asks for the schedule of a container, and saves it.

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

    async def run(self, ref: InstanceRef) -> None:
        """Ask, and save; somebody else's change of the same keys is shown and not overwritten."""
        instance = self.fleet.store.state.instances.get(ref)
        if instance is None:
            return
        base = instance

        def make(before: Values | None, failure: tuple[str, ...]) -> Form:
            known = self.fleet.store.state.snapshots.get(ref, ())
            return schedule_form(
                base,
                taken={one.name for one in known},
                now=self.clock.now(),
                before=before,
                failure=failure,
            )

        async def do(values: Values) -> None:
            nonlocal base
            version = await self.fleet.configuration.read(ref)
            now = version.instance
            changed = [
                f"{key} is {now.expanded_config.get(key) or 'not set'} now"
                for key in KEYS.values()
                if now.expanded_config.get(key, "") != base.expanded_config.get(key, "")
            ]
            if changed:
                base = now
                raise _changed_meanwhile(ref, changed)
            wanted = scheduled(version.configuration, base, values)
            saved = await self.fleet.configuration.save(version, wanted)
            if isinstance(saved, Conflict) and saved.merge.is_clean:
                # Somebody changed something else: both together are sent.
                saved = await self.fleet.configuration.save(saved.version, saved.merge.with_mine)
            if isinstance(saved, Conflict):
                base = saved.version.instance
                raise _changed_meanwhile(ref, [])
            self.say(f"The schedule of {ref.name} is saved")

        await self.ask_until_done(make, do)


def _changed_meanwhile(ref: InstanceRef, changed: list[str]) -> StaleEtag:
    return StaleEtag(
        f"change the schedule of {ref.name}",
        f"somebody else changed it meanwhile: {', '.join(changed) or 'its configuration'}",
        hint="Nothing was saved. Enter saves what stands here; Esc leaves it as it is now.",
    )
