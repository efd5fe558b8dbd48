from collections.abc import Sequence
from typing import Any, cast

import pytest

from lxdtui.api.envelope import Accepted, Done, decode
from lxdtui.api.operations import OperationCalls, OperationHandle
from lxdtui.api.transport import Answer, Transport
from lxdtui.errors import (
    BadRequest,
    ConnectionFailed,
    ConnectionProblem,
    LxdTuiError,
    NotFound,
    OperationCancelled,
    OperationFailed,
    OperationLost,
    ServerError,
    UnexpectedResponse,
)
from lxdtui.model.refs import InstanceRef, OperationRef
from tests.recorded import SERVERS, answer

_REF = OperationRef("r", "op1")


class _Transport:
    """Gives prepared answers, one for each request, and keeps what was asked."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    async def request(self, method: str, path: str, **options: Any) -> Answer:
        self.asked.append((method, path, options))
        found = self._answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    @property
    def paths(self) -> Sequence[str]:
        return [path for _, path, _ in self.asked]


def _calls(*answers: Answer | Exception) -> tuple[OperationCalls, _Transport]:
    transport = _Transport(*answers)
    return OperationCalls(cast("Transport", transport), remote="r"), transport


def _body(code: int, *, error: str = "", **fields: Any) -> dict[str, Any]:
    return {"id": "op1", "status": "x", "status_code": code, "err": error, **fields}


def _sync(code: int, **fields: Any) -> Answer:
    return Answer(Done(_body(code, **fields)), "", "")


def _begun(calls: OperationCalls, *, project: str = "default", **fields: Any) -> OperationHandle:
    answer = Answer(Accepted(_body(103, **fields)), "", "")
    return calls.handle(answer, tried="start web1", project=project)


async def test_wait_until_success() -> None:
    calls, transport = _calls(_sync(103), _sync(103), _sync(200, metadata={"return": 3}))
    handle = _begun(calls)
    operation = await handle.wait()
    assert operation is not None
    assert operation.metadata == {"return": 3}
    assert handle.operation is operation
    assert transport.paths == ["/1.0/operations/op1/wait"] * 3
    for _, _, options in transport.asked:
        # The server gives up first, and the client only when it is silent.
        assert options["answer_timeout"] > int(options["params"]["timeout"])
    assert await handle.wait() is operation
    assert len(transport.asked) == 3


@pytest.mark.parametrize(
    ("code", "kind"), [(400, OperationFailed), (401, OperationCancelled), (499, OperationFailed)]
)
async def test_bad_end_is_raised_each_time(code: int, kind: type[LxdTuiError]) -> None:
    calls, _ = _calls(_sync(code, error="no space left"))
    handle = _begun(calls)
    for _ in range(2):
        with pytest.raises(kind) as caught:
            await handle.wait()
        assert type(caught.value) is kind
        assert str(caught.value) == "Cannot start web1: no space left"
        assert isinstance(caught.value, OperationFailed | OperationCancelled)
        assert caught.value.operation_id == "op1"


async def test_end_without_words_says_so() -> None:
    calls, _ = _calls(_sync(400))
    with pytest.raises(OperationFailed, match="no reason was given"):
        await _begun(calls).wait()


@pytest.mark.parametrize("server", SERVERS)
async def test_recorded_failure_is_told_by_either_server(server: str) -> None:
    """LXD answers with the operation, Incus with an error, after which it is asked for."""
    recorded = answer(server, "operation-failed-wait")
    waited = _judged(recorded)
    words = "Volatile idmap keys can't be deleted by the user"
    calls, transport = _calls(waited, _sync(400, error=words))
    with pytest.raises(OperationFailed, match="Volatile"):
        await _begun(calls).wait()
    assert len(transport.asked) == (1 if server.startswith("lxd") else 2)


@pytest.mark.parametrize("server", SERVERS)
async def test_recorded_end_of_patience_is_no_end(server: str) -> None:
    waited = _judged(answer(server, "operation-wait-timeout"))
    still = [_sync(103)] if server.startswith("incus") else []
    calls, _ = _calls(waited, *still, _sync(200))
    operation = await _begun(calls).wait()
    assert operation is not None
    assert operation.is_final


def _judged(recorded: dict[str, Any]) -> Answer | Exception:
    try:
        return Answer(decode(recorded["status"], recorded["body"], tried="x"), "", "")
    except LxdTuiError as error:
        return error


_LOST = ConnectionFailed("x", ConnectionProblem.LOST, "cut off")


@pytest.mark.parametrize(
    "answers",
    [
        [NotFound("x", "Operation not found", status=404), NotFound("x", "gone")],
        [_LOST],
        [_sync(103), _LOST],
        [ServerError("x", "deadline", status=500), NotFound("x", "gone")],
        [ServerError("x", "deadline", status=500), _LOST],
    ],
)
async def test_forgotten_or_cut_off_is_lost(answers: list[Answer | Exception]) -> None:
    calls, transport = _calls(*answers)
    with pytest.raises(OperationLost, match="unknown") as caught:
        await _begun(calls).wait()
    assert caught.value.operation_id == "op1"
    assert caught.value.tried == "start web1"
    assert len(transport.asked) == len(answers)


async def test_operation_that_failed_for_want_of_something_is_not_lost() -> None:
    """Incus answers /wait with the 404 of what the operation did not find."""
    words = "Image not found"
    calls, _ = _calls(NotFound("x", words, status=404), _sync(400, error=words))
    with pytest.raises(OperationFailed, match=words):
        await _begun(calls).wait()


async def test_answer_that_is_no_operation_is_unexpected() -> None:
    calls, _ = _calls(Answer(Done(["what"]), "", ""))
    with pytest.raises(UnexpectedResponse):
        await _begun(calls).wait()


async def test_request_that_ended_at_once_needs_no_operation() -> None:
    calls, transport = _calls()
    handle = calls.handle(Answer(Done({}), "", ""), tried="x", project="p")
    assert handle.operation is None
    assert await handle.wait() is None
    await handle.cancel()
    assert [step async for step in handle.progress()] == []
    assert transport.asked == []


async def test_cancel_asks_the_server() -> None:
    refusal = BadRequest("x", "This operation can't be cancelled", status=400)
    calls, transport = _calls(Answer(Done(None), "", ""), refusal)
    handle = _begun(calls)
    await handle.cancel()
    with pytest.raises(BadRequest):
        await handle.cancel()
    assert [(method, path) for method, path, _ in transport.asked] == [
        ("DELETE", "/1.0/operations/op1")
    ] * 2


async def test_instances_keep_the_project_that_was_asked_for() -> None:
    named = {"instances": ["/1.0/instances/web1"]}
    calls, _ = _calls(_sync(200, resources=named), _sync(200, resources=named))
    handle = _begun(calls, project="staging", resources=named)
    expected = (InstanceRef("r", "staging", "web1"),)
    assert handle.operation is not None
    assert handle.operation.instances == expected
    operation = await handle.wait()
    assert operation is not None
    assert operation.instances == expected
    assert (await calls.get(_REF, project="staging")).instances == expected


@pytest.mark.parametrize(
    ("project", "params"),
    [
        (None, {"recursion": "1", "all-projects": "true"}),
        ("p", {"recursion": "1", "project": "p"}),
    ],
)
async def test_listing(project: str | None, params: dict[str, str]) -> None:
    groups = {
        "success": [_body(200)],
        "running": [{**_body(103), "id": "op2"}],
        "novelty": [{**_body(900), "id": "op3"}],
    }
    calls, transport = _calls(Answer(Done(groups), "", ""))
    found = {operation.ref.id for operation in await calls.list(project=project)}
    assert {"op1", "op2"} <= found
    assert transport.asked[0][2]["params"] == params


@pytest.mark.parametrize("empty", [None, {}, {"running": None}])
async def test_listing_of_nothing(empty: object) -> None:
    calls, _ = _calls(Answer(Done(empty), "", ""))
    assert await calls.list() == []
