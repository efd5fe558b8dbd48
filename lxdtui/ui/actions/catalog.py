"""All actions in one table: key bar, help, palette and bindings are made from it.

An action says in words why it is not possible now; that is also what decides
whether the key bar offers it. Actions on instances take any number of rows;
one is the special case.
"""

from collections.abc import Iterable

from textual.binding import Binding

from lxdtui.ui.actions.action import Action, Scope
from lxdtui.ui.actions.tables.comparison import COMPARISON_ACTIONS
from lxdtui.ui.actions.tables.configuration import CONFIGURATION_ACTIONS, DEVICES_ACTIONS
from lxdtui.ui.actions.tables.detail import DETAIL_ACTIONS
from lxdtui.ui.actions.tables.editor import EDITOR_ACTIONS
from lxdtui.ui.actions.tables.events import EVENTS_ACTIONS
from lxdtui.ui.actions.tables.files import FILES_ACTIONS
from lxdtui.ui.actions.tables.frame import FRAME_ACTIONS
from lxdtui.ui.actions.tables.instance_list import LIST_ACTIONS
from lxdtui.ui.actions.tables.instances import INSTANCES_ACTIONS
from lxdtui.ui.actions.tables.logs import LOGS_ACTIONS
from lxdtui.ui.actions.tables.processes import PROCESSES_ACTIONS
from lxdtui.ui.actions.tables.replay import REPLAY_ACTIONS
from lxdtui.ui.actions.tables.shell import SHELL_ACTIONS
from lxdtui.ui.actions.tables.snapshots import SNAPSHOTS_ACTIONS
from lxdtui.ui.actions.tables.transfers import TRANSFER_ACTIONS
from lxdtui.ui.actions.tables.viewer import VIEWER_ACTIONS

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

ACTIONS: tuple[Action, ...] = (
    *INSTANCES_ACTIONS,
    *DETAIL_ACTIONS,
    *PROCESSES_ACTIONS,
    *CONFIGURATION_ACTIONS,
    *DEVICES_ACTIONS,
    *LOGS_ACTIONS,
    *EVENTS_ACTIONS,
    *LIST_ACTIONS,
    *SNAPSHOTS_ACTIONS,
    *COMPARISON_ACTIONS,
    *FILES_ACTIONS,
    *EDITOR_ACTIONS,
    *VIEWER_ACTIONS,
    *SHELL_ACTIONS,
    *REPLAY_ACTIONS,
    *TRANSFER_ACTIONS,
    *FRAME_ACTIONS,
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
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
    **{f"shift+f{number}": f"Shift-F{number}" for number in range(1, 13)},
    "insert": "Ins",
    "backspace": "Bksp",
    "left": "Left",
    "right": "Right",
    "full_stop": ".",
    "asterisk": "*",
    "plus": "+",
    "backslash": "\\",
    "minus": "-",
    "equals_sign": "=",
    "tilde": "~",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "ctrl+backslash": "Ctrl-\\",
    "alt+question_mark": "Alt-?",
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


def bindings(*scopes: Scope, namespace: str = "") -> list[Binding]:
    """Make the key bindings of a screen.

    Each runs the action ``act`` of the screen with the ids that share the key:
    the first possible one is meant.

    Args:
        scopes: What applies on the screen.
        namespace: ``screen.`` where a widget has the bindings.
    """
    by_keys: dict[tuple[str, ...], list[Action]] = {}
    for action in actions_in(*scopes):
        if action.keys and action.scope is not Scope.MOVING:
            by_keys.setdefault(action.keys, []).append(action)
    return [
        Binding(
            ",".join(keys),
            f"{namespace}act('{' '.join(action.id for action in actions)}')",
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
