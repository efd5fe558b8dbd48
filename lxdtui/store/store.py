"""The store: one writer entry, read-only mappings, watchers."""

from collections import defaultdict
from collections.abc import Callable, Mapping

from lxdtui.model.operation import Operation
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.store.reduce import reduce
from lxdtui.store.state import StoreState
from lxdtui.store.updates import Change, Update

__all__ = ["Store"]


class Store:
    """What we currently believe the servers hold.

    Not safe for use from several threads: services and the interface share
    one event loop.
    """

    def __init__(self) -> None:
        self._state = StoreState()
        self._watchers: list[Callable[[Change], None]] = []
        self._operations_of: Mapping[InstanceRef, tuple[OperationRef, ...]] = {}

    @property
    def state(self) -> StoreState:
        """Everything that is known now; a value that never changes."""
        return self._state

    def operations_of(self, ref: InstanceRef) -> tuple[Operation, ...]:
        """Return the operations under way or just ended that name an instance."""
        return tuple(
            self._state.operations[operation]
            for operation in self._operations_of.get(ref, ())
            if operation in self._state.operations
        )

    def watch(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call back after every change.

        Args:
            callback: Called with what is different; must return at once.

        Returns:
            A function that ends the watch.
        """
        self._watchers.append(callback)

        def unwatch() -> None:
            if callback in self._watchers:
                self._watchers.remove(callback)

        return unwatch

    def apply(self, update: Update) -> Change:
        """Apply an update and tell the watchers, once, if anything is different.

        Args:
            update: What happened.

        Returns:
            What is different now.
        """
        self._state, change = reduce(self._state, update)
        if change.operations:
            self._index_operations()
        if change:
            for callback in tuple(self._watchers):
                callback(change)
        return change

    def _index_operations(self) -> None:
        by_instance: defaultdict[InstanceRef, list[OperationRef]] = defaultdict(list)
        for operation in self._state.operations.values():
            for instance in operation.instances:
                by_instance[instance].append(operation.ref)
        self._operations_of = {ref: tuple(found) for ref, found in by_instance.items()}
