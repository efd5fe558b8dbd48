"""What is sent for snapshots and images, and actions that nobody waited for."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast

import pytest

from lxdtui.api.earlier import Earlier
from lxdtui.api.envelope import Accepted, Done
from lxdtui.api.image_calls import ImageCalls
from lxdtui.api.operations import OperationCalls
from lxdtui.api.snapshot_calls import SnapshotCalls
from lxdtui.api.transport import Answer, Transport
from lxdtui.errors import (
    Conflict,
    NotFound,
    OperationFailed,
    OperationLost,
    UnexpectedResponse,
)
from tests.model.samples import a_ref

_BEGUN = Answer(
    Accepted({"id": "op1", "status": "Running", "status_code": 103, "class": "task"}), "", ""
)
_REF = a_ref("web1", project="p q")


class _Transport:
    """Gives one answer to everything, or prepared ones, and keeps what was asked."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self._answers = list(answers) or [_BEGUN]
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    async def request(self, method: str, path: str, **options: Any) -> Answer:
        self.asked.append((method, path, options))
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(found, Exception):
            raise found
        return found


def _snapshots(*answers: Answer | Exception) -> tuple[SnapshotCalls, _Transport]:
    transport = _Transport(*answers)
    known = cast("Transport", transport)
    return SnapshotCalls(known, OperationCalls(known, remote="r")), transport


def _images(*answers: Answer | Exception) -> tuple[ImageCalls, _Transport]:
    transport = _Transport(*answers)
    known = cast("Transport", transport)
    return ImageCalls(known, OperationCalls(known, remote="r")), transport


@pytest.mark.parametrize(
    ("call", "method", "path", "body"),
    [
        (
            lambda calls: calls.create(_REF, "s/0"),
            "POST",
            "/1.0/instances/web1/snapshots",
            {"name": "s/0", "stateful": False},
        ),
        (
            lambda calls: calls.create(_REF, stateful=True),
            "POST",
            "/1.0/instances/web1/snapshots",
            {"stateful": True},
        ),
        (
            lambda calls: calls.rename(_REF, "a b/c", "new"),
            "POST",
            "/1.0/instances/web1/snapshots/a%20b%2Fc",
            {"name": "new"},
        ),
        (
            lambda calls: calls.delete(_REF, ".."),
            "DELETE",
            "/1.0/instances/web1/snapshots/%2E%2E",
            None,
        ),
        (
            lambda calls: calls.restore(_REF, "s0", stateful=True),
            "PUT",
            "/1.0/instances/web1",
            {"restore": "s0", "stateful": True},
        ),
        (
            lambda calls: calls.set_expiry(_REF, "s0", None),
            "PUT",
            "/1.0/instances/web1/snapshots/s0",
            {"expires_at": "0001-01-01T00:00:00Z"},
        ),
        (
            lambda calls: calls.set_expiry(
                _REF, "s0", datetime(2030, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
            ),
            "PUT",
            "/1.0/instances/web1/snapshots/s0",
            {"expires_at": "2029-12-31T23:00:00Z"},
        ),
    ],
)
async def test_what_is_sent_for_a_snapshot(
    call: Callable[[SnapshotCalls], Awaitable[object]], method: str, path: str, body: object
) -> None:
    calls, transport = _snapshots()
    await call(calls)
    [(sent_method, sent_path, options)] = transport.asked
    assert (sent_method, sent_path, options["json"] if body else None) == (method, path, body)
    assert options["params"] == {"project": "p q"}
    assert "web1" in options["tried"]


async def test_expiry_names_the_version_it_was_made_on() -> None:
    calls, transport = _snapshots()
    await calls.set_expiry(_REF, "s0", datetime(2030, 1, 1, tzinfo=UTC), etag='"abc"')
    assert transport.asked[0][2]["headers"] == {"If-Match": '"abc"'}


async def test_operation_instead_of_a_snapshot_is_unexpected() -> None:
    calls, _ = _snapshots()
    with pytest.raises(UnexpectedResponse):
        await calls.get(_REF, "s0")


async def test_no_image_is_asked_for_where_one_alias_is_taken() -> None:
    alias = Answer(Done({"name": "b", "target": "f"}), "", "")
    calls, transport = _images(NotFound("x"), alias)
    with pytest.raises(Conflict, match="alias b already exists"):
        await calls.publish(_REF, aliases=["a/x", "b"])
    assert [(method, path) for method, path, _ in transport.asked] == [
        ("GET", "/1.0/images/aliases/a%2Fx"),
        ("GET", "/1.0/images/aliases/b"),
    ]


async def test_what_is_sent_to_publish() -> None:
    calls, transport = _images(NotFound("x"), _BEGUN)
    await calls.publish(_REF, snapshot="s0", public=True, aliases=["a"], properties={"os": "x"})
    assert transport.asked[-1][2]["json"] == {
        "source": {"type": "snapshot", "name": "web1/s0"},
        "public": True,
        "properties": {"os": "x"},
        "aliases": [{"name": "a", "description": ""}],
    }


class _Action:
    def __init__(self, log: list[str], name: str, error: Exception | None = None) -> None:
        self._log, self._name, self._error = log, name, error

    async def wait(self) -> None:
        self._log.append(self._name)
        if self._error:
            raise self._error


async def test_earlier_actions_end_in_their_order_and_once() -> None:
    log: list[str] = []

    async def then() -> None:
        log.append("then")

    earlier = Earlier()
    await earlier.settle()
    earlier.remember(_Action(log, "one"), then=then)
    earlier.remember(_Action(log, "two"))
    await earlier.settle()
    await earlier.settle()
    assert log == ["one", "then", "two"]


async def test_failure_is_told_once_and_the_rest_remains() -> None:
    log: list[str] = []
    earlier = Earlier()
    earlier.remember(_Action(log, "one", OperationFailed("start web1", "no")))
    earlier.remember(_Action(log, "two"))
    with pytest.raises(OperationFailed, match="start web1"):
        await earlier.settle()
    assert log == ["one"]
    await earlier.settle()
    assert log == ["one", "two"]


async def test_forgotten_outcome_is_looked_for() -> None:
    log: list[str] = []

    async def then() -> None:
        log.append("looked")

    earlier = Earlier()
    earlier.remember(_Action(log, "one", OperationLost("start web1")), then=then)
    await earlier.settle()
    assert log == ["one", "looked"]
