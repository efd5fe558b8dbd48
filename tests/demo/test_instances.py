"""Creating, changing, copying, renaming and deleting instances; snapshots; profiles; projects."""

from typing import Any

import pytest

from lxdtui.demo import DemoServer
from tests.demo.plain_client import PlainClient

IMAGE = {"type": "image", "alias": "alpine/3.20"}


async def create(api: PlainClient, name: str, **fields: Any) -> dict[str, Any]:
    return await api.run("POST", "/1.0/instances", {"name": name, "source": IMAGE, **fields})


async def test_create_from_an_image(api: PlainClient) -> None:
    operation = await create(api, "c1", config={"limits.cpu": "2"}, description="new")
    assert operation["status"] == "Success"
    instance = await api.get("/1.0/instances/c1")
    assert instance["status"] == "Stopped"
    assert instance["config"]["image.os"] == "Alpine"
    assert instance["config"]["limits.cpu"] == "2"
    assert instance["description"] == "new"
    assert instance["last_used_at"] == "1970-01-01T00:00:00Z"
    assert instance["expanded_devices"]["root"]["path"] == "/"
    state = await api.get("/1.0/instances/c1/state")
    assert (state["network"], state["pid"], state["cpu"]) == (None, 0, {"usage": 0})


async def test_create_without_a_name_invents_one(api: PlainClient) -> None:
    operation = await api.run("POST", "/1.0/instances", {"source": IMAGE})
    [url] = operation["resources"]["instances"]
    assert (await api.get(url))["status"] == "Stopped"


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"name": "1abc"}, 400, "Invalid instance name: Name must not start with a number"),
        ({"name": "x" * 64}, 400, "Invalid instance name: Name must be 1-63 characters long"),
        (
            {"name": "a_b"},
            400,
            "Invalid instance name: Name can only contain alphanumeric and hyphen characters",
        ),
        ({"source": {}}, 400, "Unknown source type "),
        ({"source": {"type": "image", "alias": "no"}}, 404, "Image alias not found"),
        ({"type": "boat"}, 400, "Invalid instance type"),
        ({"profiles": ["no"]}, 500, 'Requested profile "no" doesn\'t exist'),
        (
            {"config": {"limits.cpu": 2}},
            400,
            (
                "json: cannot unmarshal number into Go struct field InstancesPost.config"
                " of type string"
            ),
        ),
    ],
)
async def test_create_is_refused_at_once(
    api: PlainClient, fields: dict[str, Any], status: int, error: str
) -> None:
    body = await api.body("POST", "/1.0/instances", {"name": "c1", "source": IMAGE} | fields)
    assert (body["error_code"], body["error"]) == (status, error)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"config": {"limits.bogus": "1"}}, "Unknown configuration key: limits.bogus"),
        ({"config": {"limits.memory": "lots"}}, "Invalid value: lots"),
        ({"devices": {"d": {"type": "zzz"}}}, "Invalid device type zzz"),
        (
            {"profiles": []},
            "Failed initialising instance: Failed getting root disk: No root device could be found",
        ),
        (
            {"name": "taken"},
            'Add instance info to the database: This "instances" entry already exists',
        ),
    ],
)
async def test_create_fails_later(
    demo: DemoServer, api: PlainClient, fields: dict[str, Any], error: str
) -> None:
    demo.add_instance("taken", "Stopped")
    operation = await create(api, **{"name": "c1", **fields})
    assert operation["status"] == "Failure"
    assert operation["err"] == f"Failed creating instance record: {error}"
    assert await api.get("/1.0/instances") == ["/1.0/instances/taken"]


async def test_put_needs_the_present_version(demo: DemoServer, api: PlainClient) -> None:
    demo.add_instance("c1", "Stopped")
    answer = await api.http.get("/1.0/instances/c1")
    etag, body = answer.headers["ETag"], answer.json()["metadata"]
    body["config"]["user.note"] = "x"
    refused = await api.body("PUT", "/1.0/instances/c1", body, headers={"If-Match": "bogus"})
    assert refused["error_code"] == 412
    assert refused["error"] == f"ETag doesn't match: {etag.strip(chr(34))} vs bogus"
    accepted = await api.body("PUT", "/1.0/instances/c1", body, headers={"If-Match": etag})
    assert (await api.get(f"{accepted['operation']}/wait"))["status"] == "Success"
    again = await api.http.get("/1.0/instances/c1?recursion=1")
    assert again.json()["metadata"]["config"]["user.note"] == "x"
    assert again.headers["ETag"] != etag
    operation = await api.run("PUT", "/1.0/instances/c1", {"config": {}})
    assert operation["err"] == "Volatile idmap keys can't be deleted by the user"


async def test_patch_merges_and_empties_the_description(demo: DemoServer, api: PlainClient) -> None:
    demo.add_instance("c1", "Stopped", config={"user.a": "1", "user.b": "2"}, description="old")
    answer = await api.http.patch("/1.0/instances/c1", json={"config": {"user.a": ""}})
    assert answer.status_code == 200
    instance = await api.get("/1.0/instances/c1")
    assert "user.a" not in instance["config"]
    assert instance["config"]["user.b"] == "2"
    assert instance["description"] == ""
    refused = await api.body("PATCH", "/1.0/instances/c1", {"config": {"limits.memory": "abc"}})
    assert (refused["error_code"], refused["error"]) == (500, "Invalid config: Invalid value: abc")


async def test_rename_moves_the_snapshots_along(demo: DemoServer, api: PlainClient) -> None:
    demo.add_instance("c1", "Stopped", snapshots=("s0",))
    demo.add_instance("c2", "Running")
    body = await api.body("POST", "/1.0/instances/c1", {"name": "c2"})
    assert (body["error_code"], body["error"]) == (409, 'Name "c2" already in use')
    operation = await api.run("POST", "/1.0/instances/c2", {"name": "c3"})
    assert operation["err"] == "Renaming of running container not allowed"
    events = await api.events("type=lifecycle")
    assert (await api.run("POST", "/1.0/instances/c1", {"name": "c4"}))["status"] == "Success"
    assert await events.next_action() == ("instance-renamed", "/1.0/instances/c4")
    assert await api.get("/1.0/instances/c4/snapshots") == ["/1.0/instances/c4/snapshots/s0"]


async def test_delete_refuses_what_runs_or_is_protected(demo: DemoServer, api: PlainClient) -> None:
    demo.add_instance("c1")
    body = await api.body("DELETE", "/1.0/instances/c1")
    assert (body["error_code"], body["error"]) == (400, "Instance is running")
    demo.set_state("c1", "Stopped")
    demo.configure_instance("c1", config={"security.protection.delete": "true"})
    assert (await api.run("DELETE", "/1.0/instances/c1"))["err"] == "Container is protected"
    demo.configure_instance("c1", config={"security.protection.delete": ""})
    assert (await api.run("DELETE", "/1.0/instances/c1"))["status"] == "Success"
    assert await api.get("/1.0/instances") == []


async def test_ephemeral_instance_is_deleted_before_it_is_stopped(
    demo: DemoServer, api: PlainClient
) -> None:
    demo.add_instance("c1", ephemeral=True)
    events = await api.events("type=lifecycle")
    await api.run("PUT", "/1.0/instances/c1/state", {"action": "stop", "force": True})
    assert (await events.next_action())[0] == "instance-deleted"
    assert (await events.next_action())[0] == "instance-stopped"
    assert (await api.http.get("/1.0/instances/c1")).status_code == 404


async def test_stop_that_is_ignored_times_out_and_force_helps(
    demo: DemoServer, api: PlainClient
) -> None:
    demo.add_instance("c1", ignores_shutdown=True)
    stop = {"action": "stop", "timeout": 1}
    operation = await api.run("PUT", "/1.0/instances/c1/state", stop)
    assert operation["err"] == (
        'Failed shutting down instance, status is "Running": shutting down the container failed'
    )
    clean = await api.body("PUT", "/1.0/instances/c1/state", {"action": "stop", "timeout": 60})
    forced = await api.run("PUT", "/1.0/instances/c1/state", {"action": "stop", "force": True})
    assert forced["status"] == "Success"
    assert (await api.get(f"{clean['operation']}/wait"))["status"] == "Success"


@pytest.mark.parametrize(
    ("status", "action", "error"),
    [
        ("Running", "start", "The instance is already running"),
        ("Frozen", "start", "The instance is already running"),
        ("Stopped", "stop", "The instance is already stopped"),
        ("Stopped", "restart", "The instance is already stopped"),
        ("Stopped", "freeze", "The container isn't running"),
        ("Frozen", "freeze", "The container is already frozen"),
        ("Running", "unfreeze", "The container is already running"),
    ],
)
async def test_refused_changes_of_status(
    demo: DemoServer, api: PlainClient, status: str, action: str, error: str
) -> None:
    demo.add_instance("c1", status)
    operation = await api.run("PUT", "/1.0/instances/c1/state", {"action": action})
    assert (operation["status"], operation["err"]) == ("Failure", error)


async def test_bulk_change_takes_what_it_applies_to(demo: DemoServer, api: PlainClient) -> None:
    for name, status in (("a", "Running"), ("b", "Stopped"), ("c", "Running")):
        demo.add_instance(name, status)
    operation = await api.run("PUT", "/1.0/instances", {"state": {"action": "freeze"}})
    assert operation["resources"]["instances"] == ["/1.0/instances/a", "/1.0/instances/c"]
    statuses = [item["status"] for item in await api.get("/1.0/instances?recursion=1")]
    assert statuses == ["Frozen", "Stopped", "Frozen"]


async def test_instance_in_error_does_not_start(demo: DemoServer, api: PlainClient) -> None:
    demo.add_instance("c1", "Error")
    assert (await api.get("/1.0/instances/c1"))["status_code"] == 112
    operation = await api.run("PUT", "/1.0/instances/c1/state", {"action": "start"})
    assert "no space left on device" in operation["err"]


async def test_copy_of_an_instance_and_of_a_snapshot(demo: DemoServer, api: PlainClient) -> None:
    demo.add_instance("c1", config={"user.a": "1"}, snapshots=("s0",))
    demo.write_file("c1", "/root/f", b"mine")
    copy = {"type": "copy", "source": "c1"}
    assert "No root device" in (await create(api, "k0", source=copy))["err"]
    operation = await create(api, "k1", source=copy, profiles=["default"])
    assert operation["resources"]["instances"] == ["/1.0/instances/k1", "/1.0/instances/c1"]
    instance = await api.get("/1.0/instances/k1?recursion=1")
    assert (instance["status"], instance["config"]["user.a"]) == ("Stopped", "1")
    assert [item["name"] for item in instance["snapshots"]] == ["s0"]
    assert demo.read_file("k1", "/root/f") == b"mine"
    copy = {"type": "copy", "source": "c1/s0"}
    await create(api, "k2", source=copy, profiles=["default"])
    # The files are those of the original, its host name among them.
    for name in ("k1", "k2"):
        assert demo.read_file(name, "/etc/hostname") == b"c1\n"
    assert (await api.get("/1.0/instances/k2?recursion=1"))["snapshots"] is None


async def test_snapshots(demo: DemoServer, api: PlainClient) -> None:
    demo.add_instance("c1")
    snapshots = "/1.0/instances/c1/snapshots"
    events = await api.events("type=lifecycle")
    expiry = "2030-01-02T03:04:05Z"
    await api.run("POST", snapshots, {"name": "s0", "expires_at": expiry})
    await api.run("POST", snapshots, {})
    assert [item["name"] for item in await api.get(f"{snapshots}?recursion=1")] == ["s0", "snap0"]
    assert (await api.get(f"{snapshots}/s0"))["expires_at"] == expiry
    duplicate = await api.run("POST", snapshots, {"name": "s0"})
    assert duplicate["err"].endswith('This "instances_snapshots" entry already exists')
    assert "CRIU" in (await api.run("POST", snapshots, {"name": "x", "stateful": True}))["err"]
    await api.run("PUT", f"{snapshots}/s0", {"expires_at": "0001-01-01T00:00:00Z"})
    assert (await api.get(f"{snapshots}/s0"))["expires_at"] == "0001-01-01T00:00:00Z"
    clash = await api.body("POST", f"{snapshots}/s0", {"name": "snap0"})
    assert (clash["error_code"], clash["error"]) == (409, "Name 'c1/snap0' already in use")
    await api.run("POST", f"{snapshots}/s0", {"name": "s1"})
    await api.run("PUT", "/1.0/instances/c1", {"restore": "s1"})
    await api.run("DELETE", f"{snapshots}/s1")
    missing = await api.body("GET", f"{snapshots}/s1")
    assert missing["error"] == (
        'Failed to fetch snapshot "s1" of instance "c1" in project "default":'
        " InstanceSnapshot not found"
    )
    seen = [await events.next_action() for _ in range(6)]
    assert seen == [
        ("instance-snapshot-created", f"{snapshots}/s0"),
        ("instance-snapshot-created", f"{snapshots}/snap0"),
        ("instance-snapshot-renamed", f"{snapshots}/s1"),
        ("instance-restored", "/1.0/instances/c1"),
        ("instance-started", "/1.0/instances/c1"),
        ("instance-snapshot-deleted", f"{snapshots}/s1"),
    ]
    assert (await api.get("/1.0/instances/c1"))["status"] == "Running"
    failed = await api.run("PUT", "/1.0/instances/c1", {"restore": "zzz"})
    assert failed["err"] == "Snapshot c1/zzz does not exist"


async def test_projects_keep_instances_apart(api: PlainClient) -> None:
    answer = await api.http.post("/1.0/projects", json={"name": "p", "config": {}})
    assert (answer.status_code, answer.headers["Location"]) == (201, "/1.0/projects/p")
    body = {"name": "c1", "source": IMAGE}
    missing = await api.body("POST", "/1.0/instances?project=nope", body)
    assert (missing["error_code"], missing["error"]) == (
        404,
        "Failed loading project: Project not found",
    )
    await api.run("POST", "/1.0/instances?project=staging", body)
    assert await api.get("/1.0/instances") == []
    assert await api.get("/1.0/instances?project=nope") == []
    assert await api.get("/1.0/instances?all-projects=true") == [
        "/1.0/instances/c1?project=staging"
    ]
    full = await api.body("DELETE", "/1.0/projects/staging")
    assert full["error"] == "Only empty projects can be removed"
    assert (await api.body("DELETE", "/1.0/projects/p"))["type"] == "sync"


async def test_profiles_apply_to_their_instances(demo: DemoServer, api: PlainClient) -> None:
    profile = {"name": "big", "config": {"limits.memory": "1GiB"}, "description": "d"}
    assert (await api.http.post("/1.0/profiles", json=profile)).status_code == 201
    demo.add_instance("c1", profiles=("default", "big"))
    assert (await api.get("/1.0/instances/c1"))["expanded_config"]["limits.memory"] == "1GiB"
    assert (await api.get("/1.0/profiles/big"))["used_by"] == ["/1.0/instances/c1"]
    used = await api.body("DELETE", "/1.0/profiles/big")
    assert (used["error_code"], used["error"]) == (500, "Profile is currently in use")
    await api.http.patch("/1.0/profiles/big", json={"config": {"limits.memory": "2GiB"}})
    assert (await api.get("/1.0/profiles/big"))["description"] == "d"
    assert (await api.get("/1.0/instances/c1"))["expanded_config"]["limits.memory"] == "2GiB"


async def test_images_are_found_by_prefix_and_alias(api: PlainClient) -> None:
    [image, *_] = await api.get("/1.0/images?recursion=1")
    assert (await api.get(f"/1.0/images/{image['fingerprint'][:12]}")) == image
    alias = await api.get("/1.0/images/aliases/debian%2F12")
    assert alias == {
        "name": "debian/12",
        "description": "",
        "target": image["fingerprint"],
        "type": "container",
    }
    await api.run("DELETE", f"/1.0/images/{image['fingerprint']}")
    assert (await api.http.get("/1.0/images/aliases/debian%2F12")).status_code == 404


async def test_published_instance_brings_its_files_along(
    demo: DemoServer, api: PlainClient
) -> None:
    demo.add_instance("c1")
    demo.write_file("c1", "/root/f", b"mine")
    request = {
        "source": {"type": "instance", "name": "c1"},
        "properties": {"os": "Mine"},
        "aliases": [{"name": "mine", "description": "d"}],
    }
    refused = await api.run("POST", "/1.0/images", request)
    assert refused["err"] == "Cannot export a running instance as an image"
    demo.set_state("c1", "Stopped")
    operation = await api.run("POST", "/1.0/images", request)
    assert operation["status"] == "Success"
    image = await api.get(f"/1.0/images/{operation['metadata']['fingerprint']}")
    assert image["properties"] == {"os": "Mine"}
    assert image["aliases"] == [{"name": "mine", "description": "d"}]
    await create(api, "c2", source={"type": "image", "alias": "mine"})
    assert demo.read_file("c2", "/root/f") == b"mine"
    again = await api.run("POST", "/1.0/images", request)
    assert again["err"] == "Alias already exists: mine"
    request["source"] = {"type": "instance", "name": "nope"}
    assert (await api.body("POST", "/1.0/images", request))["error_code"] == 404


async def test_image_properties_are_changed(api: PlainClient) -> None:
    [image, *_] = await api.get("/1.0/images?recursion=1")
    url = f"/1.0/images/{image['fingerprint']}"
    await api.http.patch(url, json={"properties": {"x": "1"}})
    assert (await api.get(url))["properties"] == image["properties"] | {"x": "1"}
    await api.http.put(url, json={"public": True, "properties": {"y": "2"}})
    changed = await api.get(url)
    assert (changed["properties"], changed["public"]) == ({"y": "2"}, True)
    assert (await api.body("PUT", url, {}, headers={"If-Match": "old"}))["error_code"] == 412
