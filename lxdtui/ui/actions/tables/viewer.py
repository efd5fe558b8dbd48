"""What can be done with a file that is viewed."""

from lxdtui.ui.actions.action import Action, Scope

__all__ = ["VIEWER_ACTIONS"]

VIEWER_ACTIONS: tuple[Action, ...] = (
    Action(
        id="viewer.edit",
        words="edit",
        keys=("e", "f4"),
        scope=Scope.VIEWER,
        rank=1,
        tells="edit the file",
    ),
    Action(
        id="viewer.find",
        words="find",
        keys=("slash", "ctrl+f", "f7"),
        scope=Scope.VIEWER,
        rank=2,
        tells="find words, a regular expression, or bytes where bytes are shown",
    ),
    Action(
        id="viewer.next",
        words="next",
        keys=("n", "f3"),
        scope=Scope.VIEWER,
        rank=3,
        tells="go to the next place of what was found last",
        verb="find the next place",
    ),
    Action(
        id="viewer.before",
        words="before",
        keys=("N", "shift+f3"),
        scope=Scope.VIEWER,
        tells="go to the place before",
        verb="find the place before",
    ),
    Action(
        id="viewer.go_to",
        words="go to",
        keys=("ctrl+g",),
        scope=Scope.VIEWER,
        rank=4,
        tells="go to a line, a per cent such as 50%, or a byte such as 0x1f00",
    ),
    Action(
        id="viewer.bytes",
        words="text, bytes",
        keys=("x", "f5"),
        scope=Scope.VIEWER,
        rank=5,
        tells="show text or bytes",
        verb="change between text and bytes",
    ),
    Action(
        id="viewer.follow",
        words="follow",
        keys=("F", "f"),
        scope=Scope.VIEWER,
        rank=6,
        tells="stay at the end of a file that grows",
    ),
    Action(
        id="viewer.wrap",
        words="wrap",
        keys=("w", "f2"),
        scope=Scope.VIEWER,
        rank=7,
        tells="wrap long lines, or let them go on",
    ),
    Action(
        id="viewer.again",
        words="again",
        keys=("r",),
        scope=Scope.VIEWER,
        rank=8,
        tells="read the file anew",
        verb="read it again",
    ),
    Action(
        id="viewer.leave",
        words="leave",
        keys=("q", "f10", "ctrl+q"),
        scope=Scope.VIEWER,
        tells="leave the viewer, as Esc does",
    ),
)
