"""What can be done with what was found to be different."""

from lxdtui.ui.actions.action import Action, Scope

__all__ = ["COMPARISON_ACTIONS"]

COMPARISON_ACTIONS: tuple[Action, ...] = (
    Action(
        id="comparison.open",
        words="difference",
        verb="show the difference",
        keys=("enter",),
        scope=Scope.COMPARISON,
        rank=1,
        tells="show the difference of the text of both sides",
    ),
    Action(
        id="comparison.take_back",
        words="take back",
        keys=("t",),
        scope=Scope.COMPARISON,
        rank=2,
        tells="bring it, or what is marked, back as it was",
    ),
    Action(
        id="comparison.mark",
        words="mark",
        keys=("space",),
        scope=Scope.COMPARISON,
        rank=3,
        tells="mark it, to be taken back with others",
    ),
    Action(
        id="comparison.mark_all",
        words="mark all",
        keys=("a",),
        scope=Scope.COMPARISON,
        rank=6,
        tells="mark all that are shown, or none",
    ),
    Action(
        id="comparison.filter",
        words="filter",
        keys=("slash",),
        scope=Scope.COMPARISON,
        rank=4,
        tells="keep those with some words in their paths",
    ),
    Action(
        id="comparison.view",
        words="kind",
        verb="choose a kind",
        keys=("v",),
        scope=Scope.COMPARISON,
        rank=5,
        tells="keep those of one kind, of the next, then all",
    ),
    Action(
        id="comparison.again",
        words="again",
        verb="compare again",
        keys=("ctrl+r",),
        scope=Scope.COMPARISON,
        rank=7,
        tells="compare again",
    ),
)
