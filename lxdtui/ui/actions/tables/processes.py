"""What can be done with the processes of a container."""

from lxdtui.ui.actions.action import Action, Scope

__all__ = ["PROCESSES_ACTIONS"]

PROCESSES_ACTIONS: tuple[Action, ...] = (
    Action(
        id="process.signal",
        words="signal",
        verb="send a signal",
        keys=("X",),
        scope=Scope.PROCESSES,
        rank=1,
        is_dangerous=True,
        tells="send a signal to the process; asks which one",
    ),
    Action(
        id="process.filter",
        words="filter",
        keys=("slash",),
        scope=Scope.PROCESSES,
        rank=2,
        tells="keep processes with some words: command, user, PID",
    ),
    Action(
        id="process.sort",
        words="sort",
        keys=("o",),
        scope=Scope.PROCESSES,
        rank=3,
        tells="sort by the next column",
    ),
    Action(
        id="process.tree",
        words="tree",
        keys=("t",),
        scope=Scope.PROCESSES,
        rank=4,
        tells="put each process below the one that started it, or sort again",
    ),
    Action(
        id="process.reverse",
        words="reverse",
        keys=("O",),
        scope=Scope.PROCESSES,
        rank=12,
        tells="turn the order round",
    ),
)
