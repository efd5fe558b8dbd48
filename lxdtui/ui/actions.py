"""All actions in one table: key bar, help, palette and bindings are made from it.

An action says in words why it is not possible now; that is also what decides
whether the key bar offers it. Actions on instances take any number of rows;
one is the special case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding

from lxdtui.ui.refusals import (
    WhyNot,
    never,
    not_delete,
    not_frozen,
    not_kill,
    not_one,
    not_running,
    not_shell,
    not_start,
    not_stop,
    on_some,
    unless_busy,
)

__all__ = [
    "ACTIONS",
    "Action",
    "Scope",
    "action_by_id",
    "actions_in",
    "bindings",
    "key_label",
    "key_labels",
]


class Scope(StrEnum):
    """Where an action applies. The value is its heading in the help."""

    INSTANCES = "Containers"
    """The rows under the cursor, or the instance of the screen."""
    LIST = "The list"
    """The container list itself."""
    FILTER = "While filtering"
    """Keys that the field for words handles itself; so they are never bound."""
    MOVING = "Moving"
    """Keys that the list handles itself; in the table for the help alone."""
    SHELL = "In a shell"
    """Keys of a live shell; the terminal reads them itself, so they are never bound."""
    FRAME = "Everywhere"
    """Every screen but the shell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that can be done."""

    id: str
    """Stable name; user key maps go by it."""
    words: str
    """What the key bar says: one or two words."""
    keys: tuple[str, ...]
    """Keys as Textual names them; the first is the one that is shown."""
    scope: Scope
    """Where it applies."""
    tells: str
    """What the help and the palette say: one sentence without a full stop."""
    verb: str = ""
    """What comes after ``Cannot``, where the words alone do not."""
    rank: int = 0
    """Place in the key bar, 1 first; 0 is never shown there."""
    is_dangerous: bool = False
    """Whether data can be lost."""
    why_not: WhyNot = never
    """Why it is not possible with these rows, in words; ``None`` where it is."""


ACTIONS: tuple[Action, ...] = (
    Action(
        id="instance.open",
        words="open",
        keys=("enter",),
        scope=Scope.INSTANCES,
        rank=1,
        tells="show everything about the container",
        why_not=not_one,
    ),
    Action(
        id="instance.shell",
        words="shell",
        verb="open a shell",
        keys=("s",),
        scope=Scope.INSTANCES,
        rank=2,
        tells="open a shell in the container",
        why_not=on_some(not_shell),
    ),
    Action(
        id="instance.start",
        words="start",
        keys=("S",),
        scope=Scope.INSTANCES,
        rank=3,
        tells="start it",
        why_not=unless_busy(not_start),
    ),
    Action(
        id="instance.stop",
        words="stop",
        keys=("T",),
        scope=Scope.INSTANCES,
        rank=4,
        tells="shut it down; force is offered where that fails",
        why_not=unless_busy(not_stop),
    ),
    Action(
        id="instance.restart",
        words="restart",
        keys=("r",),
        scope=Scope.INSTANCES,
        rank=5,
        tells="shut it down and start it again; asks first",
        why_not=unless_busy(not_running),
    ),
    Action(
        id="instance.freeze",
        words="freeze",
        keys=("F",),
        scope=Scope.INSTANCES,
        rank=8,
        tells="pause all its processes where they are",
        why_not=unless_busy(not_running),
    ),
    Action(
        id="instance.unfreeze",
        words="resume",
        keys=("F",),
        scope=Scope.INSTANCES,
        rank=4,
        tells="let the processes of a frozen container go on",
        why_not=unless_busy(not_frozen),
    ),
    # A key of its own, not only an offer after a failed stop: a container that
    # hangs while it stops is busy, and this is what one wants then.
    Action(
        id="instance.kill",
        words="force stop",
        keys=("K",),
        scope=Scope.INSTANCES,
        rank=9,
        is_dangerous=True,
        tells="stop it at once, as if the power went; asks first",
        why_not=on_some(not_kill),
    ),
    Action(
        id="instance.delete",
        words="delete",
        keys=("D", "delete", "ctrl+d"),
        scope=Scope.INSTANCES,
        rank=6,
        is_dangerous=True,
        tells="delete it, disks and snapshots; asks for the name",
        why_not=unless_busy(not_delete),
    ),
    Action(
        id="list.filter",
        words="filter",
        keys=("slash",),
        scope=Scope.LIST,
        rank=7,
        tells="keep rows with some words: name, address, profile",
    ),
    Action(
        id="list.view",
        words="status",
        verb="choose a status",
        keys=("v",),
        scope=Scope.LIST,
        rank=11,
        tells="keep the rows of one status, of the next, then all",
    ),
    Action(
        id="list.sort",
        words="sort",
        keys=("o",),
        scope=Scope.LIST,
        rank=10,
        tells="sort by the next column",
    ),
    Action(
        id="list.reverse",
        words="reverse",
        keys=("O",),
        scope=Scope.LIST,
        rank=12,
        tells="turn the order round",
    ),
    Action(
        id="list.refresh",
        words="refresh",
        keys=("ctrl+r",),
        scope=Scope.LIST,
        rank=13,
        tells="read everything again; try a lost link now",
    ),
    Action(
        id="list.quit",
        words="quit",
        keys=("q",),
        scope=Scope.LIST,
        rank=14,
        tells="end lxdtui; containers are left as they are",
    ),
    Action(
        id="filter.leave",
        words="to the list",
        keys=("enter", "tab"),
        scope=Scope.FILTER,
        rank=1,
        tells="back to the list; the words stay",
    ),
    Action(
        id="filter.clear",
        words="clear",
        keys=("escape",),
        scope=Scope.FILTER,
        rank=2,
        tells="show all rows again",
    ),
    Action(
        id="filter.move",
        words="row",
        keys=("Up Down",),
        scope=Scope.FILTER,
        rank=3,
        tells="move in the list while words are typed",
    ),
    Action(
        id="move.by_one",
        words="move",
        keys=("j", "k", "down", "up"),
        scope=Scope.MOVING,
        tells="one row down or up",
    ),
    Action(
        id="move.by_page",
        words="page",
        keys=("pagedown", "pageup"),
        scope=Scope.MOVING,
        tells="one page down or up; also Ctrl-F and Ctrl-B",
    ),
    Action(
        id="move.to_end",
        words="first, last",
        keys=("g", "G", "home", "end"),
        scope=Scope.MOVING,
        tells="the first row, the last row",
    ),
    Action(
        id="shell.leave",
        words="leave",
        keys=("Ctrl-] q",),
        scope=Scope.SHELL,
        rank=1,
        tells="back to the list, Esc as well as q; the shell lives on",
    ),
    Action(
        id="shell.scroll",
        words="scroll",
        keys=("Ctrl-] [",),
        scope=Scope.SHELL,
        rank=2,
        tells="go through what has scrolled away; q ends that. The wheel does it too",
    ),
    Action(
        id="shell.next",
        words="next",
        keys=("Ctrl-] n",),
        scope=Scope.SHELL,
        rank=3,
        tells="the next shell; p the one before, 1 to 9 one by its number",
    ),
    Action(
        id="shell.new",
        words="new shell",
        keys=("Ctrl-] c",),
        scope=Scope.SHELL,
        rank=4,
        tells="open another shell in the same container",
    ),
    Action(
        id="shell.literal",
        words="send it",
        keys=("Ctrl-] Ctrl-]",),
        scope=Scope.SHELL,
        tells="send Ctrl-] to the program; every other key goes to it anyway",
    ),
    Action(
        id="shell.again",
        words="new shell",
        keys=("enter", "r"),
        scope=Scope.SHELL,
        tells="after the end: start a shell again in its place",
    ),
    Action(
        id="shell.help",
        words="help",
        keys=("Ctrl-] ?",),
        scope=Scope.SHELL,
        tells="show these keys",
    ),
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
        id="frame.help",
        words="help",
        keys=("question_mark", "f1"),
        scope=Scope.FRAME,
        tells="show all keys",
    ),
)
"""Every action of the interface."""

_BY_ID = {action.id: action for action in ACTIONS}

_KEY_LABELS = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "delete": "Del",
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "f1": "F1",
    "up": "Up",
    "down": "Down",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}


def action_by_id(action_id: str) -> Action:
    """Return an action.

    Raises:
        KeyError: There is none of that id.
    """
    return _BY_ID[action_id]


def actions_in(*scopes: Scope) -> tuple[Action, ...]:
    """Return the actions of some scopes, scope by scope in the order asked for."""
    return tuple(action for scope in scopes for action in ACTIONS if action.scope is scope)


def bindings(*scopes: Scope) -> list[Binding]:
    """Make the key bindings of a screen.

    Each runs the action ``act`` of the screen with the ids that share the key:
    the first possible one is meant.

    Args:
        scopes: What applies on the screen.
    """
    by_keys: dict[tuple[str, ...], list[Action]] = {}
    for action in actions_in(*scopes):
        if action.keys and action.scope is not Scope.MOVING:
            by_keys.setdefault(action.keys, []).append(action)
    return [
        Binding(
            ",".join(keys),
            f"act('{' '.join(action.id for action in actions)}')",
            actions[0].words,
            show=False,
            id=actions[0].id,
        )
        for keys, actions in by_keys.items()
    ]


def key_label(key: str) -> str:
    """Write a key as people know it: ``Ctrl-R``, ``Enter``, ``?``."""
    if key in _KEY_LABELS:
        return _KEY_LABELS[key]
    modifier, plus, rest = key.rpartition("+")
    return f"{modifier.capitalize()}-{rest.upper()}" if plus else key


def key_labels(keys: Iterable[str]) -> str:
    """Write several keys: ``D  Del  Ctrl-D``."""
    return "  ".join(key_label(key) for key in keys)
