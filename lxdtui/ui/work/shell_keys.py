"""The keys that a shell screen offers, by who gets the next key. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from lxdtui.ui.actions import Action, Scope, action_by_id, actions_in
from lxdtui.ui.actions.leader import spelled
from lxdtui.ui.state.sessions import SessionState
from lxdtui.ui.widgets.terminal_modes import ViewMode

__all__ = ["hints"]

_LEADER = "Ctrl-] "
_SCROLL_KEYS = (
    ("q", "to the shell"),
    ("/ n N", "search"),
    ("v V Ctrl-V", "select"),
    ("y", "copy"),
    ("PgUp PgDn g G", "go"),
    ("s", "save"),
    ("u", "open"),
)
_SEARCH_KEYS = (
    ("Esc", "give up"),
    ("Enter", "found it"),
    ("Up Down", "older, newer"),
    ("Ctrl-R", "regular expression"),
)
_LINK_KEYS = (("Esc", "back"), ("a-z", "choose what to open or copy"))


def hints(
    state: SessionState, mode: ViewMode, *, has_others: bool, leader: str
) -> tuple[list[Action], list[Action]]:
    """Return what the key bar offers: for its left part, and for its right end.

    Args:
        state: Where the session is in its life.
        mode: Who gets the next key.
        has_others: Whether there are other sessions to go to.
        leader: What the key is called that is kept from programs.
    """
    left, right = _hints(state, mode, has_others=has_others)
    return [spelled(one, leader) for one in left], [spelled(one, leader) for one in right]


def _hints(
    state: SessionState, mode: ViewMode, *, has_others: bool
) -> tuple[list[Action], list[Action]]:
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
        case SessionState.LIVE | SessionState.WAITING:
            return _live_hints(mode, has_others=has_others)


def _live_hints(mode: ViewMode, *, has_others: bool) -> tuple[list[Action], list[Action]]:
    offered = [
        action
        for action in actions_in(Scope.SHELL)
        if action.rank and (has_others or action.id != "shell.next")
    ]
    offered.sort(key=lambda action: action.rank)
    match mode:
        case ViewMode.PROGRAM:
            return offered, [action_by_id("shell.help")]
        case ViewMode.LEADER:
            after = [*offered, action_by_id("shell.literal")]
            return [_without_leader(action) for action in after], [
                _without_leader(action_by_id("shell.help"))
            ]
        case ViewMode.SCROLLBACK:
            return list(_named(_SCROLL_KEYS)), []
        case ViewMode.SEARCH:
            return list(_named(_SEARCH_KEYS)), []
        case ViewMode.LINKS:
            return list(_named(_LINK_KEYS)), []


def _named(keys: tuple[tuple[str, str], ...]) -> Iterable[Action]:
    """Make hints of keys that the terminal reads itself."""
    template = action_by_id("shell.leave")
    for key, words in keys:
        yield replace(template, id=f"shell.hint {key}", keys=(key,), words=words)


def _without_leader(action: Action) -> Action:
    return replace(action, keys=tuple(key.removeprefix(_LEADER) for key in action.keys))
