"""What is asked before something is done with snapshots. Pure."""

from lxdtui.ui.forms.snapshots.losing import (
    delete_form,
    prune_form,
    prune_plan,
    restore_form,
    safety_name,
)
from lxdtui.ui.forms.snapshots.making import copy_form, properties_of, publish_form
from lxdtui.ui.forms.snapshots.taking import (
    create_form,
    expiry_form,
    expiry_of,
    rename_form,
    why_not_stateful,
)

__all__ = [
    "copy_form",
    "create_form",
    "delete_form",
    "expiry_form",
    "expiry_of",
    "properties_of",
    "prune_form",
    "prune_plan",
    "publish_form",
    "rename_form",
    "restore_form",
    "safety_name",
    "why_not_stateful",
]
