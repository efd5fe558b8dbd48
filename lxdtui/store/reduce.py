"""From what is known and what happened to what is known now. Pure functions.

Equal values make no change, so a listing that repeats what is known costs the
interface nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from lxdtui.model.instance import Instance
from lxdtui.model.operation import Operation
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.model.state import InstanceState, cpu_percent
from lxdtui.store.history import with_event, with_operation
from lxdtui.store.state import READINGS_KEPT, RENAMES_KEPT, Reading, Rename, StoreState, Usage
from lxdtui.store.updates import (
    NO_CHANGE,
    Change,
    InstanceGone,
    InstanceRead,
    InstanceRenamed,
    InstancesListed,
    LifecycleSeen,
    LinkChanged,
    OperationForgotten,
    OperationSeen,
    OperationsListed,
    ServerRead,
    SnapshotsRead,
    Update,
    UsageRead,
)

__all__ = ["reduce"]

K = TypeVar("K")
V = TypeVar("V")

_READING_SECONDS = 2.0
"""Pause between two readings of what is looked at."""
_GAP_SECONDS = 15.0
"""Pause from which readings are missing: nobody looked, the link was lost, it was stopped."""
_UUID = "volatile.uuid"
"""Key of the id that an instance keeps when it is renamed, and a copy does not get."""


def reduce(state: StoreState, update: Update) -> tuple[StoreState, Change]:
    """Apply one update.

    Args:
        state: What is known.
        update: What happened.

    Returns:
        What is known now, and what is different by it. Where nothing is
        different the state is the same object.
    """
    match update:
        case LinkChanged(link):
            if state.links.get(link.remote) == link:
                return state, NO_CHANGE
            state = replace(state, links={**state.links, link.remote: link})
            return state, Change(remotes=frozenset((link.remote,)))
        case ServerRead(remote, server):
            if state.servers.get(remote) == server:
                return state, NO_CHANGE
            state = replace(state, servers={**state.servers, remote: server})
            return state, Change(remotes=frozenset((remote,)))
        case InstancesListed():
            return _list_instances(state, update)
        case InstanceRead(instance):
            ref = instance.ref
            if state.instances.get(ref) == instance:
                return state, NO_CHANGE
            is_new = ref not in state.instances
            state = replace(state, instances={**state.instances, ref: instance})
            return state, Change(frozenset((ref,)), membership=is_new)
        case InstanceGone(ref):
            return _drop_instances(state, frozenset((ref,)))
        case InstanceRenamed(ref, renamed):
            return _rename_instance(state, ref, renamed)
        case UsageRead(ref, reading, at):
            if ref not in state.instances:
                return state, NO_CHANGE
            usage = _next_usage(state.usage.get(ref), reading, at)
            state = replace(state, usage={**state.usage, ref: usage})
            return state, Change(frozenset((ref,)))
        case SnapshotsRead(ref, snapshots):
            if ref not in state.instances or state.snapshots.get(ref) == snapshots:
                return state, NO_CHANGE
            state = replace(state, snapshots={**state.snapshots, ref: snapshots})
            return state, Change(frozenset((ref,)))
        case LifecycleSeen(event):
            history = with_event(state.history, event)
            if history is state.history or event.instance is None:
                return state, NO_CHANGE
            return replace(state, history=history), Change(frozenset((event.instance,)))
        case OperationsListed(remote, operations):
            # Events may have told more than a listing that was under way meanwhile.
            listed = {
                operation.ref: operation if known is None or operation.supersedes(known) else known
                for operation in operations
                for known in (state.operations.get(operation.ref),)
            }
            kept = {
                ref: operation
                for ref, operation in state.operations.items()
                if ref.remote != remote
            }
            return _set_operations(state, {**kept, **listed})
        case OperationSeen(operation):
            known = state.operations.get(operation.ref)
            if known is not None and not operation.supersedes(known):
                return state, NO_CHANGE
            return _set_operations(state, {**state.operations, operation.ref: operation})
        case OperationForgotten(operation_ref):
            return _set_operations(state, _without(state.operations, {operation_ref}))


def _list_instances(state: StoreState, update: InstancesListed) -> tuple[StoreState, Change]:
    listed = {instance.ref: instance for instance in update.instances}
    state, renamed = _find_renamed(state, update.remote, listed)
    gone = frozenset(
        ref for ref in state.instances if ref.remote == update.remote and ref not in listed
    )
    different = frozenset(
        ref for ref, instance in listed.items() if state.instances.get(ref) != instance
    )
    came = any(ref not in state.instances for ref in different)
    state, change = _drop_instances(state, gone)
    if different:
        state = replace(state, instances={**state.instances, **listed})
    return state, renamed | change | Change(different, membership=came)


def _find_renamed(
    state: StoreState, remote: str, listed: Mapping[InstanceRef, Instance]
) -> tuple[StoreState, Change]:
    """Follow what was renamed while nobody listened: the servers keep an id for each."""
    new_refs = {
        (ref.project, instance.config.get(_UUID)): ref
        for ref, instance in listed.items()
        if ref not in state.instances
    }
    change = NO_CHANGE
    if not new_refs:
        return state, change
    for ref, instance in state.instances.items():
        uuid = instance.config.get(_UUID)
        if ref.remote != remote or not uuid:
            continue
        new = new_refs.get((ref.project, uuid))
        # Another one may have got the old name meanwhile.
        is_other = ref not in listed or listed[ref].config.get(_UUID) != uuid
        if new is not None and is_other:
            state, renamed = _rename_instance(state, ref, new)
            change |= renamed
    return state, change


def _rename_instance(
    state: StoreState, old: InstanceRef, new: InstanceRef
) -> tuple[StoreState, Change]:
    instance = state.instances.get(old)
    if instance is None or old == new:
        return state, NO_CHANGE
    number = state.renames[-1].number + 1 if state.renames else 1
    state = replace(
        state,
        instances={new: replace(instance, ref=new), **_without(state.instances, {old})},
        usage=_moved(state.usage, old, new),
        snapshots=_moved(state.snapshots, old, new),
        history=_moved(state.history, old, new),
        renames=(*state.renames[-(RENAMES_KEPT - 1) :], Rename(number, old, new)),
    )
    return state, Change(frozenset((old, new)), membership=True)


def _drop_instances(state: StoreState, refs: frozenset[InstanceRef]) -> tuple[StoreState, Change]:
    known = frozenset(ref for ref in refs if ref in state.instances)
    if not known:
        return state, NO_CHANGE
    state = replace(
        state,
        instances=_without(state.instances, known),
        usage=_without(state.usage, known),
        snapshots=_without(state.snapshots, known),
    )
    return state, Change(known, membership=True)


def _set_operations(
    state: StoreState, operations: Mapping[OperationRef, Operation]
) -> tuple[StoreState, Change]:
    different = frozenset(
        ref
        for ref in state.operations.keys() | operations.keys()
        if state.operations.get(ref) != operations.get(ref)
    )
    if not different:
        return state, NO_CHANGE
    touched = frozenset(
        instance
        for ref in different
        for operation in (state.operations.get(ref), operations.get(ref))
        if operation is not None
        for instance in operation.instances
    )
    history = state.history
    for ref in different:
        if ref in operations:
            history = with_operation(history, operations[ref])
    state = replace(state, operations=operations, history=history)
    return state, Change(touched, operations=different)


def _next_usage(known: Usage | None, state: InstanceState, at: float) -> Usage:
    if known is None:
        reading = Reading(
            at=at,
            cpu_percent=None,
            memory_bytes=state.memory_usage,
            received_per_second=None,
            sent_per_second=None,
        )
        return Usage(state=state, at=at, readings=(reading,))
    seconds = at - known.at
    received, sent = _traffic(state)
    received_before, sent_before = _traffic(known.state)
    comparable = seconds > 0 and state.pid == known.state.pid
    comparable = comparable and received >= received_before and sent >= sent_before
    reading = Reading(
        at=at,
        cpu_percent=cpu_percent(known.state, known.at, state, at),
        memory_bytes=state.memory_usage,
        received_per_second=(received - received_before) / seconds if comparable else None,
        sent_per_second=(sent - sent_before) / seconds if comparable else None,
    )
    if seconds > _GAP_SECONDS:
        # What passed unseen is no use to be told as one reading: it stays empty.
        reading = replace(reading, cpu_percent=None, received_per_second=None, sent_per_second=None)
    readings = (*known.readings, *_gap(known.at, at), reading)
    return Usage(state=state, at=at, readings=readings[-READINGS_KEPT:])


def _gap(before: float, at: float) -> tuple[Reading, ...]:
    """Hold the places of readings that nobody took."""
    if at - before <= _GAP_SECONDS:
        return ()
    number = min(int((at - before) / _READING_SECONDS) - 1, READINGS_KEPT)
    return tuple(
        Reading(
            at=at - step * _READING_SECONDS,
            cpu_percent=None,
            memory_bytes=0,
            received_per_second=None,
            sent_per_second=None,
            is_gap=True,
        )
        for step in range(number, 0, -1)
    )


def _traffic(state: InstanceState) -> tuple[int, int]:
    outside = [interface for interface in state.interfaces if interface.name != "lo"]
    return (
        sum(interface.bytes_received for interface in outside),
        sum(interface.bytes_sent for interface in outside),
    )


def _moved(
    known: Mapping[InstanceRef, V], old: InstanceRef, new: InstanceRef
) -> dict[InstanceRef, V]:
    if old not in known:
        return dict(known)
    return {new: known[old], **_without(known, {old})}


def _without(known: Mapping[K, V], keys: frozenset[K] | set[K]) -> dict[K, V]:
    return {key: value for key, value in known.items() if key not in keys}
