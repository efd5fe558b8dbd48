"""What can be done with the configuration, the devices and the profiles of an instance."""

from lxdtui.ui.actions.action import Action, Scope
from lxdtui.ui.actions.refusals import on_some

__all__ = ["CONFIGURATION_ACTIONS", "DEVICES_ACTIONS"]


def _nothing(_rows: object) -> None:
    return None


_why_not = on_some(_nothing)

CONFIGURATION_ACTIONS: tuple[Action, ...] = (
    Action(
        id="config.edit",
        words="change",
        verb="change it",
        keys=("enter",),
        scope=Scope.CONFIGURATION,
        rank=1,
        tells="change the value of the key, or see all of it",
    ),
    Action(
        id="config.add",
        words="add",
        verb="add a key",
        keys=("a",),
        scope=Scope.CONFIGURATION,
        rank=2,
        tells="set a key, found by its name or by what it does",
        why_not=_why_not,
    ),
    Action(
        id="config.unset",
        words="unset",
        keys=("u",),
        scope=Scope.CONFIGURATION,
        rank=3,
        tells="take the value of the key away; that of a profile or the default holds then",
        why_not=_why_not,
    ),
    Action(
        id="config.whole",
        words="as YAML",
        verb="change all of it",
        keys=("E",),
        scope=Scope.CONFIGURATION,
        rank=4,
        tells="change everything as YAML, here or in your own editor",
        why_not=_why_not,
    ),
    Action(
        id="config.profiles",
        words="profiles",
        verb="change the profiles",
        keys=("P",),
        scope=Scope.CONFIGURATION,
        rank=5,
        tells="choose and order the profiles, and see what each sets",
        why_not=_why_not,
    ),
    Action(
        id="config.view",
        words="view",
        keys=("v",),
        scope=Scope.CONFIGURATION,
        rank=6,
        tells="show what is set, what is local, everything that is known, or the server's own keys",
    ),
    Action(
        id="config.filter",
        words="filter",
        keys=("slash",),
        scope=Scope.CONFIGURATION,
        rank=7,
        tells="show only keys and values with some words; Esc shows all again",
    ),
    Action(
        id="config.reveal",
        words="show hidden",
        keys=("x",),
        scope=Scope.CONFIGURATION,
        rank=16,
        tells="show values that look like secrets, or hide them again",
    ),
)

DEVICES_ACTIONS: tuple[Action, ...] = (
    Action(
        id="device.edit",
        words="change",
        verb="change it",
        keys=("enter",),
        scope=Scope.DEVICES,
        rank=1,
        tells="change the device; one of a profile gets a local one in its place",
        why_not=_why_not,
    ),
    Action(
        id="device.add",
        words="add",
        verb="add a device",
        keys=("a",),
        scope=Scope.DEVICES,
        rank=2,
        tells="add a disk, a network card, a proxy or a device of the server",
        why_not=_why_not,
    ),
    Action(
        id="device.remove",
        words="remove",
        verb="remove it",
        keys=("u",),
        scope=Scope.DEVICES,
        rank=3,
        tells="remove the device, or hide the one of a profile",
        why_not=_why_not,
    ),
)
