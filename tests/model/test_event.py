from typing import Any

import pytest

from lxdtui.errors import UnexpectedResponse
from lxdtui.model.event import LifecycleEvent, OperationEvent, OtherEvent, parse_event
from lxdtui.model.refs import InstanceRef
from tests.recorded import SERVERS, events


@pytest.mark.parametrize("server", SERVERS)
def test_every_recorded_frame_is_read(server: str) -> None:
    for frame in events(server):
        event = parse_event(frame, remote="r")
        expected = {"lifecycle": LifecycleEvent, "operation": OperationEvent}
        assert type(event) is expected.get(frame["type"], OtherEvent)
        if isinstance(event, LifecycleEvent):
            assert event.at is not None
            assert (event.instance is not None) is event.action.startswith("instance-")


@pytest.mark.parametrize("server", SERVERS)
def test_recorded_rename_tells_both_names(server: str) -> None:
    renamed = [
        event
        for frame in events(server, "lifecycle")
        if isinstance(event := parse_event(frame, remote="r"), LifecycleEvent)
        and event.action == "instance-renamed"
    ]
    assert renamed
    assert all(event.old_name and event.instance for event in renamed)


def test_instance_of_an_event_is_in_the_project_of_the_url() -> None:
    frame: dict[str, Any] = {
        "type": "lifecycle",
        "project": "p",
        "metadata": {"action": "instance-started", "source": "/1.0/instances/c1?project=q"},
    }
    event = parse_event(frame, remote="r")
    assert isinstance(event, LifecycleEvent)
    assert event.instance == InstanceRef("r", "q", "c1")
    frame["metadata"]["source"] = "/1.0/instances/c1"
    event = parse_event(frame, remote="r")
    assert isinstance(event, LifecycleEvent)
    assert event.instance == InstanceRef("r", "p", "c1")


def test_unknown_kinds_pass_as_they_are() -> None:
    assert parse_event({"type": "security", "metadata": 5}, remote="r") == OtherEvent(
        type="security"
    )


@pytest.mark.parametrize(
    "frame",
    [
        None,
        {},
        {"type": 5},
        {"type": "operation", "metadata": None},
        {"type": "lifecycle", "metadata": {"source": "/1.0"}},
        {"type": "lifecycle", "metadata": {"action": "x", "context": []}},
    ],
)
def test_frames_that_are_no_events_are_unexpected(frame: object) -> None:
    with pytest.raises(UnexpectedResponse):
        parse_event(frame, remote="r")
