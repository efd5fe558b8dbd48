import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.api.envelope import Accepted, Done, decode, decode_json, error_for
from lxdtui.errors import (
    ApiError,
    BadRequest,
    Conflict,
    NotFound,
    ServerError,
    StaleEtag,
    Unauthorized,
    UnexpectedResponse,
)
from tests.recorded import SERVERS, answer

_BY_CODE = {
    400: BadRequest,
    403: Unauthorized,
    404: NotFound,
    409: Conflict,
    412: StaleEtag,
    500: ServerError,
    501: ServerError,
}
_BY_WORDS = {("incus-6.0.4", "permission-restricted-client"): Unauthorized}
_RECORDED: list[tuple[str, str, dict[str, Any]]] = [
    (server, name, recorded)
    for server in SERVERS
    for name, recorded in answer(server, "errors").items()
]


@pytest.mark.parametrize(
    ("server", "name", "recorded"), _RECORDED, ids=[f"{s}-{n}" for s, n, _ in _RECORDED]
)
def test_recorded_answer_is_judged_by_its_type(
    server: str, name: str, recorded: dict[str, Any]
) -> None:
    body = recorded["body"]
    if body["type"] == "sync":
        assert decode(recorded["status"], body, tried="x") == Done(body["metadata"])
    elif body["type"] == "async":
        assert decode(recorded["status"], body, tried="x") == Accepted(body["metadata"])
    else:
        _assert_refused(server, name, recorded["status"], body)
    if "wait" in recorded and recorded["wait"]["type"] == "error":
        # The HTTP status of /wait says 200 before the outcome is known.
        _assert_refused(server, name, 200, recorded["wait"])


def _assert_refused(server: str, name: str, status: int, body: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as caught:
        decode(status, body, tried="do it")
    error = caught.value
    assert type(error) is _BY_WORDS.get((server, name), _BY_CODE[body["error_code"]])
    assert error.status == body["error_code"]
    assert error.server_text == body["error"]
    assert error.message == f"Cannot do it: {body['error']}"


def test_recorded_answers_cover_every_class() -> None:
    kinds = {
        recorded["body"]["error_code"]
        for _, _, recorded in _RECORDED
        if recorded["body"]["type"] == "error"
    }
    assert kinds >= {400, 403, 404, 412, 500, 501}


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        (401, "", Unauthorized),
        (409, 'Name "x" already in use', Conflict),
        (500, 'This "instances" entry already exists', Conflict),
        (500, "UNIQUE constraint failed: instances.project_id", Conflict),
        (400, "already exists", BadRequest),
        (500, "Certificate is restricted", Unauthorized),
        (500, "anything else", ServerError),
        (503, "", ServerError),
        (418, "", ServerError),
    ],
)
def test_code_comes_before_words(code: int, text: str, kind: type[ApiError]) -> None:
    error = error_for(code, text, tried="x")
    assert type(error) is kind
    assert error.status == code


def test_endless_words_are_cut() -> None:
    assert len(error_for(500, "x" * 100_000, tried="x").message) < 3000


def test_error_without_words_says_so() -> None:
    with pytest.raises(ServerError, match="no reason was given"):
        decode(500, {"type": "error"}, tried="x")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"type": "error", "error_code": 404, "error": "gone"}),
        (404, {"type": "error", "error_code": 0, "error": "gone"}),
        (404, {"type": "error", "error_code": "404", "error": "gone"}),
        (404, {"type": "error", "error_code": None, "error": ["gone"]}),
    ],
)
def test_code_of_the_body_or_the_status(status: int, body: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        decode(status, body, tried="x")


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        5,
        {},
        {"type": None},
        {"type": "SYNC"},
        {"type": ["sync"]},
        {"type": "async"},
        {"type": "async", "metadata": None},
        {"type": "async", "metadata": ["x"]},
    ],
)
def test_what_is_no_envelope_is_unexpected(body: object) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        decode(200, body, tried="list things")
    assert caught.value.tried == "list things"


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"{", b'{"type": "sync"', b"\xff\xfe\x00", b"[" * 100_000, b"\x00"]
)
def test_bytes_that_are_no_json(content: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        decode_json(200, content, tried="x")
    with pytest.raises(NotFound):
        decode_json(404, content, tried="x")
    with pytest.raises(ServerError):
        decode_json(502, content, tried="x")


@given(st.integers(100, 599), st.binary(max_size=60))
def test_no_bytes_raise_anything_else(status: int, content: bytes) -> None:
    try:
        decode(status, decode_json(status, content, tried="x"), tried="x")
    except ApiError:
        return


@given(st.integers(100, 599), st.dictionaries(st.text(max_size=3), st.integers()))
def test_metadata_passes_as_it_is(status: int, metadata: dict[str, int]) -> None:
    body = json.loads(json.dumps({"type": "sync", "metadata": metadata}))
    assert decode(status, body, tried="x") == Done(metadata)
