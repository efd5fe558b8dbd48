"""What is kept of what happened: enough, bounded, and without secrets."""

from dataclasses import replace
from datetime import UTC, datetime

from lxdtui.model.event import LifecycleEvent, parse_event
from lxdtui.model.process import OUR_MARK
from lxdtui.model.refs import InstanceRef
from lxdtui.store.history import (
    ENTRIES_KEPT,
    INSTANCES_KEPT,
    History,
    with_event,
    with_operation,
)
from lxdtui.store.reduce import reduce
from lxdtui.store.state import StoreState
from lxdtui.store.updates import (
    InstanceGone,
    InstanceRead,
    InstanceRenamed,
    LifecycleSeen,
    OperationForgotten,
    OperationSeen,
)
from tests.model.samples import a_ref, an_instance, an_operation

_AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def an_event(
    action: str = "instance-started", *, ref: InstanceRef | None = None, detail: str = ""
) -> LifecycleEvent:
    ref = ref or a_ref("a")
    return LifecycleEvent(
        action=action,
        source=ref.path,
        project=ref.project,
        instance=ref,
        old_name="",
        at=_AT,
        requestor="root, unix",
        detail=detail,
    )


def test_an_operation_is_one_entry_from_its_beginning_to_its_end() -> None:
    running = an_operation("op", instances=(a_ref("a"),), metadata={"fds": {"0": "secret"}})
    history = with_operation({}, running)
    ended = replace(running, status="Failure", status_code=400, error="no space left")
    history = with_operation(history, ended)
    (entry,) = history[a_ref("a")]
    assert entry.operation is not None
    assert entry.operation.error == "no space left"
    assert "secret" not in repr(history)
    assert not entry.operation.metadata


def test_events_of_one_kind_in_a_row_are_counted() -> None:
    history: History = {}
    for number in range(5):
        history = with_event(history, an_event("instance-file-pushed", detail=f"/{number}"))
    history = with_event(history, an_event())
    history = with_event(history, an_event())
    entries = history[a_ref("a")]
    assert [(one.what, one.times) for one in entries] == [
        ("instance-file-pushed", 5),
        ("instance-started", 1),
        ("instance-started", 1),
    ]
    assert entries[0].detail == "/4"


def test_what_this_program_reads_by_itself_is_left_out() -> None:
    ours = an_event("instance-exec", detail=f"sh -c x {OUR_MARK}")
    assert with_event({}, ours) == {}
    assert with_event({}, an_event("instance-console-retrieved")) == {}
    exec_operation = an_operation("op", description="Executing command", instances=(a_ref("a"),))
    assert with_operation({}, exec_operation) == {}


def test_the_history_is_bounded() -> None:
    history: History = {}
    for number in range(ENTRIES_KEPT + 20):
        history = with_event(history, an_event(f"instance-{number}"))
    assert len(history[a_ref("a")]) == ENTRIES_KEPT
    assert history[a_ref("a")][-1].what == f"instance-{ENTRIES_KEPT + 19}"
    for number in range(INSTANCES_KEPT + 5):
        history = with_event(history, an_event(ref=a_ref(f"c{number}")))
    assert len(history) == INSTANCES_KEPT
    assert a_ref("a") not in history


def test_the_store_keeps_it_over_a_rename_and_after_the_end() -> None:
    state = StoreState()
    operation = an_operation("op", instances=(a_ref("a"),))
    for update in (
        InstanceRead(an_instance("a")),
        OperationSeen(operation),
        OperationForgotten(operation.ref),
        LifecycleSeen(an_event()),
        InstanceRenamed(a_ref("a"), a_ref("b")),
        InstanceGone(a_ref("b")),
    ):
        state, _ = reduce(state, update)
    assert not state.operations
    assert [one.what for one in state.history[a_ref("b")]] == [
        operation.description,
        "instance-started",
    ]


def test_an_event_tells_who_and_what_it_was_about() -> None:
    def read(source: str, context: object = None, **who: str) -> tuple[str, str]:
        metadata = {"action": "x", "source": source, "context": context, "requestor": who}
        event = parse_event({"type": "lifecycle", "metadata": metadata}, remote="local")
        assert isinstance(event, LifecycleEvent)
        return event.requestor, event.detail

    path = "/1.0/instances/c"
    assert read(path, username="root", protocol="unix") == ("root, unix", "")
    assert read(path, username="ab" * 32, protocol="tls") == ("abababababab, tls", "")
    assert read(f"{path}/snapshots/a%20b") == ("", "a b")
    assert read(path, {"command": ["sh", "-c", "a b"]}) == ("", "sh -c 'a b'")
    assert read(path, {"path": "/etc/x"}) == ("", "/etc/x")
    assert read(path, {"old_name": "d"}) == ("", "was d")
    assert read(path, {"command": [1, None], "path": 7})[1] == "1 None"
