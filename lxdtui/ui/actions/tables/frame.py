"""What can be done on every screen but the shell."""

from lxdtui.ui.actions.action import Action, Scope

__all__ = ["FRAME_ACTIONS"]

FRAME_ACTIONS: tuple[Action, ...] = (
    Action(
        id="frame.back",
        words="back",
        keys=("escape",),
        scope=Scope.FRAME,
        tells="clear the filter, else go back; never quits",
    ),
    Action(
        id="frame.palette",
        words="all actions",
        keys=("colon", "ctrl+p"),
        scope=Scope.FRAME,
        tells="find an action by its words",
    ),
    Action(
        id="frame.theme",
        words="dark, light",
        keys=(),
        scope=Scope.FRAME,
        tells="change between the dark and the light colours",
    ),
    Action(
        id="frame.recordings",
        words="recordings",
        keys=(),
        scope=Scope.FRAME,
        tells="list the recordings of shells, and play them",
    ),
    Action(
        id="frame.help",
        words="help",
        keys=("question_mark", "f1"),
        scope=Scope.FRAME,
        tells="show all keys",
    ),
)
