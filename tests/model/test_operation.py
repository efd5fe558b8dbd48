import pytest

from lxdtui.errors import UnexpectedResponse
from lxdtui.model.operation import Operation, Progress
from lxdtui.model.refs import InstanceRef, OperationRef
from tests.model.samples import an_operation
from tests.recorded import SERVERS, events, metadata


@pytest.mark.parametrize("server", SERVERS)
def test_recorded_operation_is_read(server: str) -> None:
    operation = Operation.from_api(metadata(server, "exec-interactive"), remote="r")
    assert operation.ref.remote == "r"
    assert len(operation.ref.id) == 36
    assert operation.kind == "websocket"
    assert operation.description == "Executing command"
    assert not operation.is_final
    assert operation.created_at is not None
    assert operation.updated_at is not None
    [instance] = operation.instances
    assert instance.project == "default"


@pytest.mark.parametrize("server", SERVERS)
def test_every_recorded_operation_of_a_listing_is_read(server: str) -> None:
    groups = metadata(server, "operations-list-recursion1")
    found = [Operation.from_api(body, remote="r") for bodies in groups.values() for body in bodies]
    assert {operation.is_final for operation in found} == {True, False}
    assert {operation.kind for operation in found} >= {"token", "task", "websocket"}


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize(
    ("name", "description", "is_final"),
    [
        ("instance-create-async", "Creating instance", False),
        ("operation-get-running", "Executing command", False),
        # So both servers call the making of an image of an instance.
        ("operation-progress-publish", "Downloading image", True),
    ],
)
def test_recorded_operations_by_description(
    server: str, name: str, description: str, is_final: bool
) -> None:
    operation = Operation.from_api(metadata(server, name), remote="r")
    assert operation.description == description
    assert operation.is_final is is_final
    assert operation.progress is None
    assert operation.error == ""


def test_both_collections_of_instances_name_one_instance_once() -> None:
    body = {
        "id": "x",
        "status": "Running",
        "status_code": 103,
        "resources": {
            "containers": ["/1.0/containers/c1?project=p"],
            "instances": ["/1.0/instances/c1?project=p", "/1.0/instances/c2", "//["],
        },
    }
    operation = Operation.from_api(body, remote="r", project="q")
    assert operation.instances == (InstanceRef("r", "p", "c1"), InstanceRef("r", "q", "c2"))


@pytest.mark.parametrize("missing", ["id", "status", "status_code"])
def test_required_fields(missing: str) -> None:
    body = {"id": "x", "status": "Running", "status_code": 103}
    assert Operation.from_api(body, remote="r").ref == OperationRef("r", "x")
    del body[missing]
    with pytest.raises(UnexpectedResponse, match=missing):
        Operation.from_api(body, remote="r")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, None),
        ({"download_progress": "17% (148.92MB/s)"}, ("17% (148.92MB/s)", 17)),
        ({"download_progress": "rootfs: 7% (1.0MB/s)"}, ("rootfs: 7% (1.0MB/s)", 7)),
        ({"create_backup_progress": "3.18MB (3.05MB/s)"}, ("3.18MB (3.05MB/s)", None)),
        ({"container_progress": ""}, None),
        ({"progress": {"percent": "86"}}, None),
        ({"fs_progress": 7}, None),
        (
            {"unpack_progress": "Unpack: 100% (1MB/s)", "fs_progress": "c: 4MB (1MB/s)"},
            ("c: 4MB (1MB/s)", None),
        ),
        ({"x_progress": "999%"}, ("999%", 100)),
        ({"fingerprint": "abc", "size": "12"}, None),
    ],
)
def test_progress_is_found_in_the_metadata(
    values: dict[str, object], expected: tuple[str, int | None] | None
) -> None:
    progress = an_operation(metadata=values).progress
    assert progress == (Progress(text=expected[0], percent=expected[1]) if expected else None)


@pytest.mark.parametrize("server", SERVERS)
def test_recorded_progress_is_found(server: str) -> None:
    shown = [
        progress
        for frame in events(server, "operation")
        if (progress := Operation.from_api(frame["metadata"], remote="r").progress)
    ]
    assert {progress.percent is None for progress in shown} == {True, False}


@pytest.mark.parametrize(
    ("old", "new", "replaces"),
    [
        (an_operation(code=103, seconds=0), an_operation(code=103, seconds=1), True),
        (an_operation(code=103, seconds=1), an_operation(code=103, seconds=0), False),
        (an_operation(code=105, seconds=0), an_operation(code=103, seconds=0), True),
        (an_operation(code=103, seconds=0), an_operation(code=105, seconds=0), False),
        (an_operation(code=103, seconds=0), an_operation(code=103, seconds=0), True),
        (an_operation(code=200, seconds=0), an_operation(code=103, seconds=9), False),
        (an_operation(code=103, seconds=9), an_operation(code=400, seconds=0), True),
        (an_operation(code=103, seconds=None), an_operation(code=103, seconds=None), True),
        (an_operation(code=104, seconds=0), an_operation(code=103, seconds=0), False),
        (an_operation(code=103, seconds=0), an_operation(code=104, seconds=0), True),
    ],
)
def test_later_and_final_descriptions_win(old: Operation, new: Operation, replaces: bool) -> None:
    assert new.supersedes(old) is replaces


@pytest.mark.parametrize("server", SERVERS)
def test_recorded_frames_out_of_order_never_step_back(server: str) -> None:
    frames = [frame["metadata"] for frame in events(server, "operation")][:4]
    assert len({frame["id"] for frame in frames}) == 1
    known = Operation.from_api(frames[0], remote="r")
    seen = [known.status]
    for frame in frames[1:]:
        operation = Operation.from_api(frame, remote="r")
        if operation.supersedes(known):
            known = operation
            seen.append(known.status)
    assert seen == sorted(seen, key=["Pending", "Running", "Success"].index)
    assert seen[-1] == "Success"
