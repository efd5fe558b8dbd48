"""The keys that a shell screen offers, by who gets the next key. Pure."""

from dataclasses import replace

from lxdtui.ui.actions import Action, Scope, action_by_id, actions_in
from lxdtui.ui.sessions import SessionState
from lxdtui.ui.widgets.terminal_view import ViewMode

__all__ = ["hints"]

_LEADER = "Ctrl-] "


def hints(
    state: SessionState, mode: ViewMode, *, has_others: bool
) -> tuple[list[Action], list[Action]]:
    """Return what the key bar offers: for its left part, and for its right end.

    Args:
        state: Where the session is in its life.
        mode: Who gets the next key.
        has_others: Whether there are other sessions to go to.
    """
    back, help_ = action_by_id("frame.back"), action_by_id("frame.help")
    others = [action_by_id("shell.next")] if has_others else []
    match state:
        case SessionState.OPENING:
            return [back], []
        case SessionState.ENDED:
            return [action_by_id("shell.again"), back, *others], [help_]
        case SessionState.FAILED:
            again = replace(action_by_id("shell.again"), keys=("r",), words="try again")
            return [again, back, *others], [help_]
        case SessionState.LIVE:
            return _live_hints(mode, has_others=has_others)


def _live_hints(mode: ViewMode, *, has_others: bool) -> tuple[list[Action], list[Action]]:
    offered = [
        action
        for action in actions_in(Scope.SHELL)
        if action.rank and (has_others or action.id != "shell.next")
    ]
    match mode:
        case ViewMode.PROGRAM:
            return offered, [action_by_id("shell.help")]
        case ViewMode.LEADER:
            after = [*offered, action_by_id("shell.literal")]
            return [_without_leader(action) for action in after], [
                _without_leader(action_by_id("shell.help"))
            ]
        case ViewMode.SCROLLBACK:
            leave = action_by_id("shell.leave")
            return [
                replace(leave, keys=("q",), words="to the shell"),
                replace(leave, id="shell.page", keys=("PgUp PgDn",), words="page"),
                replace(leave, id="shell.row", keys=("Up Down",), words="row"),
                replace(leave, id="shell.ends", keys=("Home End",), words="first, last"),
            ], []


def _without_leader(action: Action) -> Action:
    return replace(action, keys=tuple(key.removeprefix(_LEADER) for key in action.keys))
