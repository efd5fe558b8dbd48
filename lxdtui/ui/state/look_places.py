"""Files of snapshots: they are read and copied from, and never changed."""

from lxdtui.model.place import Place
from lxdtui.services.snapshots.look_mark import LookMark
from lxdtui.store.store import Store
from lxdtui.ui.format.text import safe_text

__all__ = ["why_not_changed"]


def why_not_changed(store: Store, place: Place) -> str:
    """Say why nothing may be changed at a place; empty where it may.

    What is shown of a snapshot is a copy that is deleted afterwards, with all
    that was changed in it, or moved there.

    Args:
        store: What is known of the servers.
        place: A container, or this computer.
    """
    instance = None if place.ref is None else store.state.instances.get(place.ref)
    mark = None if instance is None else LookMark.of(instance.name, instance.config)
    if mark is None:
        return ""
    return f"the files of the snapshot {safe_text(mark.snapshot)} can only be looked at and copied"
