"""The keys of recordings."""

from lxdtui.ui.actions.action import Action, Scope

__all__ = ["REPLAY_ACTIONS"]

REPLAY_ACTIONS: tuple[Action, ...] = (
    Action(
        id="replay.open",
        words="play",
        keys=("enter",),
        scope=Scope.REPLAY,
        rank=1,
        tells="play the recording under the cursor",
    ),
    Action(
        id="replay.delete",
        words="delete",
        keys=("D", "f8", "delete"),
        scope=Scope.REPLAY,
        rank=2,
        is_dangerous=True,
        verb="delete a recording",
        tells="delete the recording under the cursor, after a question",
    ),
    Action(
        id="replay.play",
        words="play, pause",
        keys=("space",),
        scope=Scope.REPLAY,
        rank=2,
        tells="go on, or stand still; at the end, begin anew",
    ),
    Action(
        id="replay.back",
        words="back 5 s",
        keys=("left", "h"),
        scope=Scope.REPLAY,
        rank=3,
        tells="go back by five seconds; with Shift by a minute. A click on the line goes there",
    ),
    Action(
        id="replay.forward",
        words="on 5 s",
        keys=("right", "l"),
        scope=Scope.REPLAY,
        rank=4,
        tells="go on by five seconds; with Shift by a minute",
    ),
    Action(
        id="replay.faster",
        words="faster",
        keys=("plus", "greater_than_sign"),
        scope=Scope.REPLAY,
        rank=5,
        tells="play faster, up to 16 times",
    ),
    Action(
        id="replay.slower",
        words="slower",
        keys=("minus", "less_than_sign"),
        scope=Scope.REPLAY,
        rank=6,
        tells="play slower, down to a quarter",
    ),
    Action(
        id="replay.pauses",
        words="cut pauses",
        keys=("p",),
        scope=Scope.REPLAY,
        rank=7,
        tells="wait for two seconds at the most where nothing happens, or as long as it took",
    ),
    Action(
        id="replay.step",
        words="step",
        keys=("full_stop",),
        scope=Scope.REPLAY,
        rank=8,
        tells="show the next piece of output alone",
    ),
    Action(
        id="replay.step_back",
        words="step back",
        keys=("comma",),
        scope=Scope.REPLAY,
        tells="take the last piece of output back",
    ),
    Action(
        id="replay.start",
        words="beginning",
        keys=("home", "g", "0"),
        scope=Scope.REPLAY,
        tells="go to the beginning",
    ),
    Action(
        id="replay.end",
        words="end",
        keys=("end", "G"),
        scope=Scope.REPLAY,
        tells="go to the end",
    ),
)
