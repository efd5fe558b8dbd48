from lxdtui.store.store import Store
from lxdtui.store.updates import (
    Change,
    InstanceGone,
    InstanceRead,
    InstancesListed,
    OperationForgotten,
    OperationSeen,
    OperationsListed,
)
from tests.model.samples import a_ref, an_instance, an_operation


def test_watchers_are_told_once_of_each_change_and_of_nothing_else() -> None:
    store = Store()
    first: list[Change] = []
    second: list[Change] = []
    store.watch(first.append)
    store.watch(second.append)
    listed = InstancesListed("local", [an_instance("a"), an_instance("b")])
    change = store.apply(listed)
    assert first == second == [change]
    assert not store.apply(listed)
    assert len(first) == 1


def test_ended_watch_is_told_nothing_more() -> None:
    store = Store()
    seen: list[Change] = []
    unwatch = store.watch(seen.append)
    unwatch()
    unwatch()
    store.apply(InstanceRead(an_instance("a")))
    assert seen == []


def test_watch_can_end_itself_while_it_is_told() -> None:
    store = Store()
    seen: list[str] = []

    def first(_change: Change) -> None:
        seen.append("first")
        unwatch()

    unwatch = store.watch(first)
    store.watch(lambda _change: seen.append("second"))
    store.apply(InstanceRead(an_instance("a")))
    store.apply(InstanceGone(a_ref("a")))
    assert seen == ["first", "second", "second"]


def test_watchers_see_the_new_state() -> None:
    store = Store()
    before = store.state
    seen: list[int] = []
    store.watch(lambda _change: seen.append(len(store.state.instances)))
    store.apply(InstanceRead(an_instance("a")))
    assert seen == [1]
    assert len(before.instances) == 0


def test_operations_are_found_by_their_instance() -> None:
    store = Store()
    one = an_operation("op1", instances=(a_ref("a"), a_ref("b")))
    two = an_operation("op2", instances=(a_ref("a"),))
    store.apply(OperationsListed("local", [one, two]))
    assert [operation.ref.id for operation in store.operations_of(a_ref("a"))] == ["op1", "op2"]
    assert store.operations_of(a_ref("b")) == (one,)
    assert store.operations_of(a_ref("c")) == ()
    ended = an_operation("op1", code=200, instances=(a_ref("a"), a_ref("b")))
    store.apply(OperationSeen(ended))
    assert store.operations_of(a_ref("b")) == (ended,)
    store.apply(OperationForgotten(one.ref))
    assert store.operations_of(a_ref("b")) == ()
    assert store.operations_of(a_ref("a")) == (two,)
