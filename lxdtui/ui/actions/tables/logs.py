"""What can be done with the logs of a container."""

from lxdtui.ui.actions.action import Action, Scope

__all__ = ["LOGS_ACTIONS"]

LOGS_ACTIONS: tuple[Action, ...] = (
    Action(
        id="log.next",
        words="next log",
        keys=("tab",),
        scope=Scope.LOGS,
        rank=1,
        tells="read the next log of the list",
    ),
    Action(
        id="log.search",
        words="search",
        keys=("slash",),
        scope=Scope.LOGS,
        rank=2,
        tells="find words in the log; . and , go from hit to hit",
    ),
    Action(
        id="log.hit",
        words="next hit",
        keys=("full_stop",),
        scope=Scope.LOGS,
        rank=3,
        tells="go to the next line that was found",
    ),
    Action(
        id="log.hit_before",
        words="hit before",
        keys=("comma",),
        scope=Scope.LOGS,
        tells="go to the line before that was found",
    ),
    Action(
        id="log.follow",
        words="follow",
        keys=("t",),
        scope=Scope.LOGS,
        rank=4,
        tells="read on by itself and stay at the end, or stop that",
    ),
    Action(
        id="log.wrap",
        words="wrap",
        keys=("w",),
        scope=Scope.LOGS,
        rank=5,
        tells="let long lines go on in the next row, or not",
    ),
    Action(
        id="log.save",
        words="save",
        keys=("W",),
        scope=Scope.LOGS,
        rank=6,
        tells="save the whole log to a file of this computer",
    ),
)
