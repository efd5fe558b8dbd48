"""What can be done with what happened to a container."""

from lxdtui.ui.actions.action import Action, Scope

__all__ = ["EVENTS_ACTIONS"]

EVENTS_ACTIONS: tuple[Action, ...] = (
    Action(
        id="event.cancel",
        words="cancel it",
        verb="cancel",
        keys=("X",),
        scope=Scope.EVENTS,
        rank=1,
        is_dangerous=True,
        tells="cancel the operation, where the server can",
    ),
    Action(
        id="event.filter",
        words="filter",
        keys=("slash",),
        scope=Scope.EVENTS,
        rank=2,
        tells="keep what has some words: what, who, error",
    ),
    Action(
        id="event.copy",
        words="copy",
        keys=("c",),
        scope=Scope.EVENTS,
        rank=3,
        tells="copy all that is told of it",
    ),
)
