"""Everything that can be done, in one table: key bar, help and palette are made of it."""

from lxdtui.ui.actions.catalog import (
    ACTIONS,
    Action,
    Scope,
    action_by_id,
    actions_in,
    bindings,
    key_label,
    key_labels,
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
