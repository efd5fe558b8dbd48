"""What can be done with instances."""

from lxdtui.ui.action import Action, Scope
from lxdtui.ui.refusals import (
    not_delete,
    not_frozen,
    not_kill,
    not_one,
    not_running,
    not_shell,
    not_start,
    not_stop,
    on_some,
    unless_busy,
)

__all__ = ["INSTANCES_ACTIONS"]

INSTANCES_ACTIONS: tuple[Action, ...] = (
    Action(
        id="instance.open",
        words="open",
        keys=("enter",),
        scope=Scope.INSTANCES,
        rank=1,
        tells="show everything about the container",
        why_not=not_one,
    ),
    Action(
        id="instance.shell",
        words="shell",
        verb="open a shell",
        keys=("s",),
        scope=Scope.INSTANCES,
        rank=2,
        tells="open a shell in the container",
        why_not=on_some(not_shell),
    ),
    Action(
        id="instance.start",
        words="start",
        keys=("S",),
        scope=Scope.INSTANCES,
        rank=3,
        tells="start it",
        why_not=unless_busy(not_start),
    ),
    Action(
        id="instance.stop",
        words="stop",
        keys=("T",),
        scope=Scope.INSTANCES,
        rank=4,
        tells="shut it down; force is offered where that fails",
        why_not=unless_busy(not_stop),
    ),
    Action(
        id="instance.restart",
        words="restart",
        keys=("r",),
        scope=Scope.INSTANCES,
        rank=5,
        tells="shut it down and start it again; asks first",
        why_not=unless_busy(not_running),
    ),
    Action(
        id="instance.freeze",
        words="freeze",
        keys=("F",),
        scope=Scope.INSTANCES,
        rank=8,
        tells="pause all its processes where they are",
        why_not=unless_busy(not_running),
    ),
    Action(
        id="instance.unfreeze",
        words="resume",
        keys=("F",),
        scope=Scope.INSTANCES,
        rank=4,
        tells="let the processes of a frozen container go on",
        why_not=unless_busy(not_frozen),
    ),
    # A key of its own, not only an offer after a failed stop: a container that
    # hangs while it stops is busy, and this is what one wants then.
    Action(
        id="instance.kill",
        words="force stop",
        keys=("K",),
        scope=Scope.INSTANCES,
        rank=9,
        is_dangerous=True,
        tells="stop it at once, as if the power went; asks first",
        why_not=on_some(not_kill),
    ),
    Action(
        id="instance.delete",
        words="delete",
        keys=("D", "delete", "ctrl+d"),
        scope=Scope.INSTANCES,
        rank=6,
        is_dangerous=True,
        tells="delete it, disks and snapshots; asks for the name",
        why_not=unless_busy(not_delete),
    ),
)
