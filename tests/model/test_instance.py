import pytest

from lxdtui.errors import UnexpectedResponse
from lxdtui.model.instance import Condition, Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from tests.model.samples import an_instance
from tests.recorded import SERVERS, metadata


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("name", ["instance-get", "instance-get-recursion1-full"])
def test_recorded_instance_is_read(server: str, name: str) -> None:
    instance = Instance.from_api(metadata(server, name), remote="r")
    assert instance.ref == InstanceRef("r", "default", "api-a")
    assert instance.type == "container"
    assert instance.status == "Stopped"
    assert instance.condition is Condition.STOPPED
    assert not instance.is_running
    assert instance.architecture == "x86_64"
    assert instance.config["limits.memory"] == "64MiB"
    assert instance.devices["eth9"]["nictype"] == "p2p"
    assert instance.expanded_devices["root"]["pool"] == "default"
    assert instance.profiles == ("default",)
    assert instance.location == ""
    assert instance.created_at is not None
    assert instance.last_used_at is None
    assert instance.image_description == "busybox test"


@pytest.mark.parametrize("server", SERVERS)
def test_recorded_snapshots_are_read(server: str) -> None:
    found = [Snapshot.from_api(body) for body in metadata(server, "snapshots-list-recursion1")]
    assert [snapshot.name for snapshot in found] == ["s0", "s1", "snap0"]
    assert [snapshot.expires_at is None for snapshot in found] == [True, False, True]
    assert all(snapshot.created_at and snapshot.size == -1 for snapshot in found)


def test_snapshot_name_is_without_that_of_the_instance() -> None:
    assert Snapshot.from_api({"name": "web1/s0"}).name == "s0"


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        (102, Condition.STOPPED),
        (103, Condition.RUNNING),
        (113, Condition.RUNNING),
        (110, Condition.FROZEN),
        (112, Condition.ERROR),
        (106, Condition.CHANGING),
        (107, Condition.CHANGING),
        (109, Condition.CHANGING),
        (0, Condition.UNKNOWN),
        (999, Condition.UNKNOWN),
        (200, Condition.UNKNOWN),
    ],
)
def test_condition_by_status_code(code: int, condition: Condition) -> None:
    assert an_instance(code=code).condition is condition
    assert an_instance(code=code).is_running is (condition is Condition.RUNNING)


@pytest.mark.parametrize("missing", ["name", "status", "status_code"])
def test_required_fields(missing: str) -> None:
    body = {"name": "web1", "status": "Thinking", "status_code": 117, "new_field": {}}
    instance = Instance.from_api(body, remote="r")
    assert (instance.status, instance.condition) == ("Thinking", Condition.UNKNOWN)
    assert instance.ref.project == "default"
    del body[missing]
    with pytest.raises(UnexpectedResponse, match=missing):
        Instance.from_api(body, remote="r")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"image.description": "Debian 12", "image.os": "Debian"}, "Debian 12"),
        ({"image.os": "Debian", "image.release": "bookworm"}, "Debian bookworm"),
        ({"image.os": "Debian"}, "Debian"),
        ({}, ""),
    ],
)
def test_image_description(config: dict[str, str], words: str) -> None:
    assert an_instance(config=config).image_description == words
