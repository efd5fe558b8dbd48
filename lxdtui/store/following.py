"""Knowing an instance again after it was renamed, also where its old name is taken anew."""

from lxdtui.model.refs import InstanceRef
from lxdtui.store.store import Store

__all__ = ["FollowedInstance"]


class FollowedInstance:
    """An instance that is looked at, whatever it is called.

    Args:
        store: What is known.
        ref: The instance now.
    """

    def __init__(self, store: Store, ref: InstanceRef) -> None:
        self._store = store
        self.ref = ref
        """Its reference, as of the last :meth:`follow`."""
        state = store.state
        # It may have been renamed between being chosen and being looked at.
        is_known = ref in state.instances
        self._seen = state.renames[-1].number if is_known and state.renames else 0

    def follow(self) -> bool:
        """Go on with the newest name; says whether it is another."""
        before = self.ref
        for rename in self._store.state.renames:
            if rename.number > self._seen:
                self._seen = rename.number
                if rename.old == self.ref:
                    self.ref = rename.new
        return self.ref != before
