from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.model.instance import Condition
from lxdtui.model.snapshot import Snapshot
from lxdtui.store.select import (
    Activity,
    InstanceRow,
    SortKey,
    activity_of,
    condition_counts,
    matches,
    row_of,
    sort_rows,
)
from lxdtui.store.state import Link, LinkState, Reading, Usage
from lxdtui.store.store import Store
from lxdtui.store.updates import (
    InstanceRead,
    LinkChanged,
    OperationSeen,
    SnapshotsRead,
    UsageRead,
)
from tests.model.samples import a_ref, a_state, an_instance, an_operation


def _row(
    name: str = "web1",
    *,
    project: str = "default",
    remote: str = "local",
    code: int = 103,
    snapshots: int | None = None,
    activity: Activity | None = None,
    cpu: float | None = None,
    usage: Any = None,
    **fields: Any,
) -> InstanceRow:
    state = usage
    measured = None
    if state is not None or cpu is not None:
        reading = Reading(
            at=0.0,
            cpu_percent=cpu,
            memory_bytes=0,
            received_per_second=None,
            sent_per_second=None,
        )
        measured = Usage(state=state or a_state(), at=0.0, readings=(reading,))
    return InstanceRow(
        instance=an_instance(name, project=project, remote=remote, code=code, **fields),
        usage=measured,
        snapshot_count=snapshots,
        activity=activity,
        is_stale=False,
    )


def _names(rows: Any) -> list[str]:
    return [row.instance.name for row in rows]


def test_row_puts_together_what_is_known() -> None:
    store = Store()
    ref = a_ref("web1")
    assert row_of(store, ref) is None
    store.apply(InstanceRead(an_instance("web1")))
    row = row_of(store, ref)
    assert row is not None
    assert (row.usage, row.snapshot_count, row.activity, row.is_stale) == (None, None, None, False)
    store.apply(UsageRead(ref, a_state(memory_usage=9), 1.0))
    store.apply(SnapshotsRead(ref, ()))
    store.apply(OperationSeen(an_operation(instances=(ref,), description="Stopping instance")))
    store.apply(LinkChanged(Link(remote="local", state=LinkState.LIVE)))
    row = row_of(store, ref)
    assert row is not None
    assert row.ref == ref
    assert row.usage
    assert row.usage.state.memory_usage == 9
    assert row.snapshot_count == 0
    assert row.activity == Activity("stopping", None)
    assert not row.is_stale


@pytest.mark.parametrize("state", [LinkState.LOST, LinkState.CONNECTING])
def test_row_without_a_live_link_is_stale(state: LinkState) -> None:
    store = Store()
    store.apply(InstanceRead(an_instance("web1")))
    store.apply(LinkChanged(Link(remote="local", state=state)))
    row = row_of(store, a_ref("web1"))
    assert row is not None
    assert row.is_stale


def test_usage_of_a_stopped_one_is_not_shown() -> None:
    store = Store()
    store.apply(InstanceRead(an_instance("web1")))
    store.apply(UsageRead(a_ref("web1"), a_state(), 1.0))
    store.apply(InstanceRead(an_instance("web1", code=102)))
    row = row_of(store, a_ref("web1"))
    assert row is not None
    assert row.usage is None


def test_snapshots_are_counted() -> None:
    store = Store()
    store.apply(InstanceRead(an_instance("web1")))
    snapshot = Snapshot(name="s", created_at=None, expires_at=None, stateful=False, size=-1)
    store.apply(SnapshotsRead(a_ref("web1"), (snapshot, snapshot)))
    row = row_of(store, a_ref("web1"))
    assert row is not None
    assert row.snapshot_count == 2


@pytest.mark.parametrize(
    ("description", "code", "word"),
    [
        ("Starting instance", 103, "starting"),
        ("Deleting instance", 105, "deleting"),
        ("Creating instance", 103, "creating"),
        ("Starting instance", 200, None),
        ("Starting instance", 400, None),
        ("Executing command", 103, None),
        ("Something new", 103, None),
    ],
)
def test_activity_by_description(description: str, code: int, word: str | None) -> None:
    found = activity_of([an_operation(description=description, code=code)])
    assert (found.word if found else None) == word


def test_activity_is_that_which_began_last() -> None:
    earlier = an_operation(
        "a", description="Stopping instance", created_at=datetime(2026, 1, 1, 3, tzinfo=UTC)
    )
    later = an_operation(
        "b", description="Freezing instance", created_at=datetime(2026, 1, 1, 12, tzinfo=UTC)
    )
    unknown = an_operation("c", description="Deleting instance", created_at=None)
    found = activity_of([later, earlier, unknown])
    assert found
    assert found.word == "freezing"
    assert activity_of([]) is None


def test_activity_shows_its_progress() -> None:
    operation = an_operation(
        description="Creating instance", metadata={"unpack_progress": "Unpack: 86% (9MB/s)"}
    )
    found = activity_of([operation])
    assert found
    assert found.progress
    assert found.progress.percent == 86


def test_counts_by_condition() -> None:
    rows = [
        _row("a"),
        _row("b", code=102),
        _row("c", code=102),
        _row("d", code=110),
        _row("e", code=112),
        _row("f", code=777),
        _row("g", activity=Activity("stopping", None)),
    ]
    assert condition_counts(rows) == {
        Condition.RUNNING: 1,
        Condition.STOPPED: 2,
        Condition.FROZEN: 1,
        Condition.ERROR: 1,
        Condition.UNKNOWN: 1,
        Condition.CHANGING: 1,
    }


_FULL = _row(
    "Web1",
    project="staging",
    remote="berlin",
    description="shop of ÄRGER",
    profiles=("default", "database"),
    usage=a_state(ipv4=("198.51.100.7",)),
)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "  ",
        "web1",
        "WEB",
        "eb",
        "running",
        "staging",
        "berlin",
        "container",
        "ärger",
        "database",
        "198.51",
        "web staging run",
    ],
)
def test_filter_finds(words: str) -> None:
    assert matches(_FULL, words)


@pytest.mark.parametrize("words", ["web2", "stopped", "web1 stopped", "shopof", "x\ny", "*"])
def test_filter_leaves_out(words: str) -> None:
    assert not matches(_FULL, words)


def test_filter_sees_the_activity_in_place_of_the_condition() -> None:
    row = _row(activity=Activity("stopping", None))
    assert matches(row, "stopping")
    assert not matches(row, "running")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["web10", "web2", "web1"], ["web1", "web2", "web10"]),
        (["b", "A", "a", "B"], ["A", "a", "b", "B"]),
        (["a-1", "a", "a1", "1a", "10", "9"], ["1a", "9", "10", "a", "a1", "a-1"]),
        (["x01", "x1", "x001"], ["x01", "x1", "x001"]),
        (["n" + "9" * 5000, "n1"], ["n1", "n" + "9" * 5000]),
        (["n²", "n1"], ["n1", "n²"]),
    ],
)
def test_names_sort_as_people_count(names: list[str], expected: list[str]) -> None:
    found = _names(sort_rows([_row(name) for name in names], SortKey.NAME))
    assert [name.casefold() for name in found] == [name.casefold() for name in expected]


def _sorted(rows: list[InstanceRow], key: SortKey, *, reverse: bool = False) -> str:
    return "".join(_names(sort_rows(rows, key, reverse=reverse)))


_MEASURED = [
    _row(
        "a",
        cpu=5.0,
        usage=a_state(memory_usage=9, processes=3, ipv4=("10.0.0.10",)),
        snapshots=0,
        project="z",
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    ),
    _row(
        "b",
        cpu=250.0,
        usage=a_state(memory_usage=5, processes=10, ipv4=("10.0.0.9",)),
        snapshots=12,
        project="y",
        created_at=datetime(2025, 3, 1, tzinfo=UTC),
    ),
    _row("c", code=102, project="x"),
]


@pytest.mark.parametrize(
    ("key", "upwards", "downwards"),
    [
        (SortKey.NAME, "abc", "cba"),
        (SortKey.STATUS, "abc", "cab"),
        (SortKey.CPU, "abc", "bac"),
        (SortKey.MEMORY, "bac", "abc"),
        (SortKey.IPV4, "bac", "abc"),
        (SortKey.PROCESSES, "abc", "bac"),
        (SortKey.SNAPSHOTS, "abc", "bac"),
        (SortKey.PROJECT, "cba", "abc"),
        (SortKey.CREATED, "bac", "abc"),
    ],
)
def test_sorting_puts_the_unknown_last_in_either_direction(
    key: SortKey, upwards: str, downwards: str
) -> None:
    for rows in (_MEASURED, _MEASURED[::-1]):
        assert _sorted(rows, key) == upwards
        assert _sorted(rows, key, reverse=True) == downwards


def test_equal_values_sort_by_name_in_either_direction() -> None:
    rows = [_row("c", cpu=1.0), _row("a", cpu=1.0), _row("b", cpu=1.0)]
    assert _sorted(rows, SortKey.CPU) == "abc"
    assert _sorted(rows, SortKey.CPU, reverse=True) == "abc"


def test_equal_names_sort_by_project_and_remote() -> None:
    rows = [
        _row("a", project="q", remote="x"),
        _row("a", project="p", remote="y"),
        _row("a", project="p", remote="x"),
    ]
    found = [(row.ref.project, row.ref.remote) for row in sort_rows(rows, SortKey.NAME)]
    assert found == [("p", "x"), ("p", "y"), ("q", "x")]


@pytest.mark.parametrize(
    "address",
    ["10.0.0.²", "", "not an address", "1.2.3.4.5", pytest.param("9" * 5000, id="many nines")],
)
def test_strange_addresses_are_sorted_somewhere(address: str) -> None:
    rows = [_row("a", usage=a_state(ipv4=(address,))), _row("b", usage=a_state(ipv4=("10.0.0.1",)))]
    assert sorted(_names(sort_rows(rows, SortKey.IPV4))) == ["a", "b"]


@given(
    st.lists(
        st.builds(
            _row,
            st.text(max_size=6),
            project=st.sampled_from(["p", "q"]),
            code=st.sampled_from([102, 103, 110, 999]),
            cpu=st.none() | st.floats(0, 800),
            snapshots=st.none() | st.integers(0, 9),
        ),
        max_size=8,
    ),
    st.sampled_from(list(SortKey)),
    st.booleans(),
)
def test_sorting_keeps_every_row_and_does_not_depend_on_their_order(
    rows: list[InstanceRow], key: SortKey, reverse: bool
) -> None:
    found = list(sort_rows(rows, key, reverse=reverse))
    assert sorted(map(id, found)) == sorted(map(id, rows))
    again = list(sort_rows(rows[::-1], key, reverse=reverse))
    assert [row.ref for row in found] == [row.ref for row in again]
