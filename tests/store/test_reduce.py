from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.errors import LxdTuiError
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.model.server import Server, ServerKind
from lxdtui.model.snapshot import Snapshot
from lxdtui.store.reduce import reduce
from lxdtui.store.state import READINGS_KEPT, RENAMES_KEPT, Link, LinkState, Rename, StoreState
from lxdtui.store.updates import (
    NO_CHANGE,
    Change,
    InstanceGone,
    InstanceRead,
    InstanceRenamed,
    InstancesListed,
    LinkChanged,
    OperationForgotten,
    OperationSeen,
    OperationsListed,
    ServerRead,
    SnapshotsRead,
    Update,
    UsageRead,
)
from tests.model.samples import a_ref, a_state, an_instance, an_operation

_SNAPSHOT = Snapshot(name="s0", created_at=None, expires_at=None, stateful=False, size=-1)
_SERVER = Server(kind=ServerKind.LXD, version="5", is_trusted=True, extensions=frozenset())


def _after(*updates: Update, state: StoreState | None = None) -> StoreState:
    state = state or StoreState()
    for update in updates:
        state, _ = reduce(state, update)
    return state


_KNOWN = _after(
    LinkChanged(Link(remote="local", state=LinkState.LIVE)),
    ServerRead("local", _SERVER),
    InstancesListed("local", [an_instance("a"), an_instance("b")]),
    SnapshotsRead(a_ref("a"), (_SNAPSHOT,)),
    OperationSeen(an_operation("op1", instances=(a_ref("a"),))),
)


@pytest.mark.parametrize(
    "update",
    [
        LinkChanged(Link(remote="local", state=LinkState.LIVE)),
        ServerRead("local", replace(_SERVER)),
        InstancesListed("local", [an_instance("b"), an_instance("a")]),
        InstanceRead(an_instance("a")),
        InstanceGone(a_ref("zz")),
        InstanceRenamed(a_ref("zz"), a_ref("yy")),
        SnapshotsRead(a_ref("a"), (replace(_SNAPSHOT),)),
        SnapshotsRead(a_ref("zz"), ()),
        UsageRead(a_ref("zz"), a_state(), 1.0),
        OperationSeen(an_operation("op1", instances=(a_ref("a"),))),
        OperationsListed("local", [an_operation("op1", instances=(a_ref("a"),))]),
        OperationsListed("other", []),
        OperationForgotten(OperationRef("local", "zz")),
    ],
    ids=lambda update: type(update).__name__,
)
def test_what_is_known_already_changes_nothing(update: Update) -> None:
    state, change = reduce(_KNOWN, update)
    assert state is _KNOWN
    assert change == NO_CHANGE
    assert not change


def test_link_and_server_change_only_the_remote() -> None:
    link = Link(remote="local", state=LinkState.LOST, error=LxdTuiError("gone"))
    state, change = reduce(_KNOWN, LinkChanged(link))
    assert state.links["local"] is link
    assert change == Change(remotes=frozenset({"local"}))
    state, change = reduce(_KNOWN, ServerRead("other", _SERVER))
    assert set(state.servers) == {"local", "other"}
    assert change == Change(remotes=frozenset({"other"}))
    assert state.instances is _KNOWN.instances


def test_listing_tells_who_came_went_and_changed() -> None:
    changed = an_instance("b", code=102)
    state, change = reduce(_KNOWN, InstancesListed("local", [changed, an_instance("c")]))
    assert set(state.instances) == {a_ref("b"), a_ref("c")}
    assert state.instances[a_ref("b")] is changed
    assert change == Change(frozenset({a_ref("a"), a_ref("b"), a_ref("c")}), membership=True)
    assert a_ref("a") not in state.snapshots


def test_listing_of_a_change_alone_is_no_change_of_membership() -> None:
    listed = [an_instance("a"), an_instance("b", code=110)]
    _, change = reduce(_KNOWN, InstancesListed("local", listed))
    assert change == Change(frozenset({a_ref("b")}), membership=False)


def test_listing_of_one_server_leaves_the_others() -> None:
    far = an_instance("a", remote="far")
    state = _after(InstancesListed("far", [far]), InstancesListed("local", []), state=_KNOWN)
    assert dict(state.instances) == {far.ref: far}


def test_same_name_in_two_projects_is_two_instances() -> None:
    listed = [an_instance("a"), an_instance("a", project="staging")]
    assert len(_after(InstancesListed("local", listed)).instances) == 2


def test_read_instance_comes_or_changes() -> None:
    state, change = reduce(_KNOWN, InstanceRead(an_instance("a", code=102)))
    assert change == Change(frozenset({a_ref("a")}), membership=False)
    state, change = reduce(state, InstanceRead(an_instance("new")))
    assert change == Change(frozenset({a_ref("new")}), membership=True)
    assert len(state.instances) == 3


def test_gone_instance_takes_everything_along() -> None:
    state = _after(UsageRead(a_ref("a"), a_state(), 1.0), state=_KNOWN)
    state, change = reduce(state, InstanceGone(a_ref("a")))
    assert set(state.instances) == {a_ref("b")}
    assert state.usage == {}
    assert state.snapshots == {}
    assert change == Change(frozenset({a_ref("a")}), membership=True)


def test_known_state_is_never_changed_in_place() -> None:
    before = (dict(_KNOWN.instances), dict(_KNOWN.operations), dict(_KNOWN.snapshots))
    _after(
        InstanceGone(a_ref("a")),
        InstanceRead(an_instance("c")),
        OperationForgotten(OperationRef("local", "op1")),
        state=_KNOWN,
    )
    assert before == (dict(_KNOWN.instances), dict(_KNOWN.operations), dict(_KNOWN.snapshots))


def test_usage_is_counted_between_readings() -> None:
    state = _after(
        UsageRead(a_ref("a"), a_state(cpu_usage=0, received=0, sent=0), 10.0),
        UsageRead(
            a_ref("a"),
            a_state(cpu_usage=1_000_000_000, memory_usage=7, received=3000, sent=100),
            12.0,
        ),
        state=_KNOWN,
    )
    usage = state.usage[a_ref("a")]
    first, second = usage.readings
    assert (first.cpu_percent, first.received_per_second, first.sent_per_second) == (None,) * 3
    assert second.cpu_percent == pytest.approx(50.0)
    assert second.received_per_second == pytest.approx(1500.0)
    assert second.sent_per_second == pytest.approx(50.0)
    assert (second.memory_bytes, second.at, usage.at) == (7, 12.0, 12.0)
    assert usage.cpu_percent == second.cpu_percent


@pytest.mark.parametrize(
    ("later", "at"),
    [
        (a_state(pid=2, cpu_usage=900, received=900, sent=900), 11.0),
        (a_state(cpu_usage=1, received=1, sent=1), 11.0),
        (a_state(cpu_usage=900, received=900, sent=900), 10.0),
    ],
    ids=["restarted", "counters went back", "no time between"],
)
def test_readings_that_cannot_be_compared_are_a_gap(later: object, at: float) -> None:
    first = a_state(cpu_usage=500, received=500, sent=500)
    state = _after(
        UsageRead(a_ref("a"), first, 10.0),
        UsageRead(a_ref("a"), later, at),  # type: ignore[arg-type]  # a table of states
        state=_KNOWN,
    )
    reading = state.usage[a_ref("a")].readings[-1]
    assert reading.cpu_percent is None
    assert reading.received_per_second is None
    assert reading.sent_per_second is None


def test_readings_are_bounded_and_the_newest_are_kept() -> None:
    updates = [UsageRead(a_ref("a"), a_state(), float(at)) for at in range(READINGS_KEPT + 30)]
    readings = _after(*updates, state=_KNOWN).usage[a_ref("a")].readings
    assert len(readings) == READINGS_KEPT
    assert readings[-1].at == READINGS_KEPT + 29
    assert [reading.at for reading in readings] == sorted(reading.at for reading in readings)


def test_operation_touches_the_instances_that_it_names() -> None:
    begun = an_operation("op2", instances=(a_ref("b"),))
    state, change = reduce(_KNOWN, OperationSeen(begun))
    assert change == Change(frozenset({a_ref("b")}), operations=frozenset({begun.ref}))
    state, change = reduce(state, OperationForgotten(begun.ref))
    assert change == Change(frozenset({a_ref("b")}), operations=frozenset({begun.ref}))
    assert state.operations == _KNOWN.operations


def test_late_news_of_an_operation_are_dropped() -> None:
    ended = an_operation(code=200, seconds=2)
    state = _after(OperationSeen(an_operation(code=103, seconds=1)), OperationSeen(ended))
    for late in (an_operation(code=105, seconds=0), an_operation(code=103, seconds=3)):
        again, change = reduce(state, OperationSeen(late))
        assert again is state
        assert not change
        assert again.operations[ended.ref] is ended


@given(st.permutations([(105, 0), (103, 0), (103, 1), (103, 2), (200, 2)]))
def test_any_order_of_an_operations_news_ends_at_its_end(order: list[tuple[int, int]]) -> None:
    news = [an_operation(code=code, seconds=seconds) for code, seconds in order]
    state = _after(*map(OperationSeen, news))
    assert [operation.status for operation in state.operations.values()] == ["Success"]


def test_listing_of_operations_drops_those_of_this_server_that_are_not_in_it() -> None:
    far = an_operation("op1", remote="far")
    new = an_operation("op9")
    state = _after(OperationSeen(far), state=_KNOWN)
    state, change = reduce(state, OperationsListed("local", [new]))
    assert set(state.operations) == {far.ref, new.ref}
    assert change.operations == {OperationRef("local", "op1"), new.ref}
    assert change.instances == {a_ref("a")}


def test_old_listing_does_not_take_an_operation_back_from_its_end() -> None:
    ended = an_operation("op1", code=200, seconds=2)
    state = _after(OperationSeen(ended))
    again, change = reduce(
        state, OperationsListed("local", [an_operation("op1", code=103, seconds=1)])
    )
    assert again is state
    assert not change


def test_changes_add_up() -> None:
    one = Change(frozenset({a_ref("a")}), membership=True)
    other = Change(
        frozenset({a_ref("b")}),
        remotes=frozenset({"r"}),
        operations=frozenset({OperationRef("r", "o")}),
    )
    both = one | other
    assert both.instances == {a_ref("a"), a_ref("b")}
    assert both.membership
    assert both.remotes == {"r"}
    assert both.operations == {OperationRef("r", "o")}
    assert bool(Change(remotes=frozenset({"r"})))
    assert bool(Change(operations=frozenset({OperationRef("r", "o")})))
    assert not Change()


_NAMES = st.sampled_from("abc")
_UPDATES = st.one_of(
    st.builds(
        lambda names: InstancesListed("local", [an_instance(name) for name in names]),
        st.sets(_NAMES),
    ),
    st.builds(
        lambda name, code: InstanceRead(an_instance(name, code=code)),
        _NAMES,
        st.sampled_from([102, 103]),
    ),
    st.builds(lambda name: InstanceGone(a_ref(name)), _NAMES),
    st.builds(lambda name, at: UsageRead(a_ref(name), a_state(), at), _NAMES, st.floats(0, 9)),
    st.builds(lambda name: SnapshotsRead(a_ref(name), (_SNAPSHOT,)), _NAMES),
)


@given(st.lists(_UPDATES, max_size=12))
def test_changes_tell_exactly_what_is_different(updates: list[Update]) -> None:
    state = StoreState()
    for update in updates:
        before = state
        state, change = reduce(before, update)
        different = {
            ref
            for ref in {*before.instances, *state.instances}
            if (before.instances.get(ref), before.usage.get(ref), before.snapshots.get(ref))
            != (state.instances.get(ref), state.usage.get(ref), state.snapshots.get(ref))
        }
        assert change.instances == different
        assert change.membership == (set(before.instances) != set(state.instances))
        assert set(state.usage) | set(state.snapshots) <= set(state.instances)
        assert bool(change) or state is before


def test_refs_sort_by_remote_project_and_name() -> None:
    refs = [InstanceRef("b", "a", "a"), InstanceRef("a", "b", "a"), InstanceRef("a", "a", "b")]
    assert sorted(refs) == refs[::-1]


def test_what_is_known_of_an_instance_outlives_a_new_name() -> None:
    known = _after(UsageRead(a_ref("a"), a_state(), 1.0), state=_KNOWN)
    state, change = reduce(known, InstanceRenamed(a_ref("a"), a_ref("z")))
    assert set(state.instances) == {a_ref("z"), a_ref("b")}
    assert state.instances[a_ref("z")].name == "z"
    assert state.usage[a_ref("z")] == known.usage[a_ref("a")]
    assert state.snapshots == {a_ref("z"): (_SNAPSHOT,)}
    assert state.renames == (Rename(1, a_ref("a"), a_ref("z")),)
    assert change == Change(frozenset((a_ref("a"), a_ref("z"))), membership=True)


def test_a_rename_that_nobody_told_of_is_known_by_the_id_that_stays() -> None:
    config = {"volatile.uuid": "6f1c"}
    before = _after(
        InstancesListed("local", [an_instance("a", config=config), an_instance("b")]),
        SnapshotsRead(a_ref("a"), (_SNAPSHOT,)),
    )
    listing = InstancesListed("local", [an_instance("b"), an_instance("z", config=config)])
    state, change = reduce(before, listing)
    assert state.renames == (Rename(1, a_ref("a"), a_ref("z")),)
    assert state.snapshots == {a_ref("z"): (_SNAPSHOT,)}
    assert change == Change(frozenset((a_ref("a"), a_ref("z"))), membership=True)
    taken = [an_instance("a", config={"volatile.uuid": "77"}), an_instance("z", config=config)]
    state, _ = reduce(before, InstancesListed("local", taken))
    assert state.renames == (Rename(1, a_ref("a"), a_ref("z")),)
    assert state.snapshots == {a_ref("z"): (_SNAPSHOT,)}
    assert set(state.instances) == {a_ref("a"), a_ref("z")}
    copied = [an_instance("a", config=config), an_instance("z", config={"volatile.uuid": "77"})]
    state, _ = reduce(before, InstancesListed("local", copied))
    assert not state.renames


def test_names_of_long_ago_are_forgotten() -> None:
    names = [f"c{number}" for number in range(RENAMES_KEPT + 10)]
    state = _after(InstanceRead(an_instance(names[0])))
    for old, new in pairwise(names):
        state = _after(InstanceRenamed(a_ref(old), a_ref(new)), state=state)
    assert len(state.renames) == RENAMES_KEPT
    assert state.renames[-1] == Rename(len(names) - 1, a_ref(names[-2]), a_ref(names[-1]))


def test_what_passed_unseen_stays_empty_in_the_graphs() -> None:
    state = _after(
        UsageRead(a_ref("a"), a_state(), 0.0),
        UsageRead(a_ref("a"), a_state(), 2.0),
        UsageRead(a_ref("a"), a_state(), 62.0),
        UsageRead(a_ref("a"), a_state(), 64.0),
        state=_KNOWN,
    )
    readings = state.usage[a_ref("a")].readings
    assert [one.at for one in readings if not one.is_gap] == [0.0, 2.0, 62.0, 64.0]
    assert sum(one.is_gap for one in readings) == 29
    assert [one.cpu_percent is None for one in readings[-2:]] == [True, False]
    assert [one.at for one in readings] == sorted(one.at for one in readings)
    state = _after(UsageRead(a_ref("a"), a_state(), 1e6), state=state)
    assert len(state.usage[a_ref("a")].readings) == READINGS_KEPT
