"""What can be done with copies in the background."""

from lxdtui.ui.actions.action import Action, Scope

__all__ = ["TRANSFER_ACTIONS"]

TRANSFER_ACTIONS: tuple[Action, ...] = (
    Action(
        id="files.copy",
        words="copy",
        keys=("f5", "c"),
        scope=Scope.FILES,
        rank=3,
        tells="copy it into the folder of the other pane, in the background",
    ),
    Action(
        id="files.move",
        words="move",
        keys=("f6",),
        scope=Scope.FILES,
        rank=8,
        tells="move it into the folder of the other pane, in the background",
    ),
    Action(
        id="files.transfers",
        words="transfers",
        verb="show transfers",
        keys=("t",),
        scope=Scope.FILES,
        rank=10,
        tells="show the copies in the background, their questions and failures",
    ),
    Action(
        id="transfers.answer",
        words="answer",
        keys=("enter",),
        scope=Scope.TRANSFERS,
        rank=1,
        tells="answer what it asks: replace what is there or not",
    ),
    Action(
        id="transfers.pause",
        words="pause, go on",
        keys=("space",),
        scope=Scope.TRANSFERS,
        rank=2,
        tells="let it rest, or let it go on",
    ),
    Action(
        id="transfers.retry",
        words="again",
        verb="try it again",
        keys=("r",),
        scope=Scope.TRANSFERS,
        rank=3,
        tells="try again what failed; large files are gone on with",
    ),
    Action(
        id="transfers.clear",
        words="clear",
        verb="clear the list",
        keys=("c",),
        scope=Scope.TRANSFERS,
        rank=4,
        tells="forget all that are over",
    ),
    Action(
        id="transfers.copy",
        words="copy words",
        keys=("y",),
        scope=Scope.TRANSFERS,
        rank=6,
        tells="put what failed, and why, on the clipboard",
    ),
    Action(
        id="transfers.cancel",
        words="cancel",
        keys=("X", "delete"),
        scope=Scope.TRANSFERS,
        rank=5,
        is_dangerous=True,
        tells="end it; what was copied stays, what is half done is removed",
    ),
)
