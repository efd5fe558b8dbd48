"""The answer envelope of the LXD REST API, and reading requests the way LXD reads them."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

JSON_TYPE = "application/json"


class ApiError(Exception):
    """A request is refused; the middleware turns this into an error envelope.

    Args:
        status: HTTP status and ``error_code``.
        text: The ``error`` field.
    """

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def _json_response(
    body: Mapping[str, Any], status: int, headers: Mapping[str, str] | None = None
) -> web.Response:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return web.Response(body=content, status=status, content_type=JSON_TYPE, headers=headers)


def sync_reply(
    metadata: Any,
    *,
    etag: str | None = None,
    location: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Answer with a result.

    Args:
        metadata: The result; ``{}`` where there is none.
        etag: Bare entity tag; sent quoted.
        location: Path of a thing just created; makes the answer a 201.
        headers: Further headers.
    """
    sent = dict(headers or {})
    if etag is not None:
        sent["ETag"] = f'"{etag}"'
    if location is not None:
        sent["Location"] = location
    body = {
        "type": "sync",
        "status": "Success",
        "status_code": 200,
        "operation": "",
        "error_code": 0,
        "error": "",
        "metadata": metadata,
    }
    return _json_response(body, 200 if location is None else 201, sent)


def async_reply(url: str, operation: Mapping[str, Any]) -> web.Response:
    """Answer 202 with a background operation.

    Args:
        url: Path of the operation.
        operation: The operation object.
    """
    body = {
        "type": "async",
        "status": "Operation created",
        "status_code": 100,
        "operation": url,
        "error_code": 0,
        "error": "",
        "metadata": operation,
    }
    return _json_response(body, 202, {"Location": url})


def error_reply(status: int, text: str) -> web.Response:
    """Answer with an error envelope.

    Args:
        status: HTTP status and ``error_code``.
        text: The ``error`` field.
    """
    body = {
        "type": "error",
        "status": "",
        "status_code": 0,
        "operation": "",
        "error_code": status,
        "error": text,
        "metadata": None,
    }
    return _json_response(body, status, {"X-Content-Type-Options": "nosniff"})


def entity_tag(*parts: Any) -> str:
    """Hash the parts of an object that its ETag covers.

    Args:
        parts: JSON values.

    Returns:
        64 hexadecimal digits, without quotes.
    """
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def check_entity_tag(request: web.Request, current: str) -> None:
    """Compare ``If-Match``, quoted or bare, with the present tag.

    Raises:
        ApiError: 412, the object changed meanwhile.
    """
    sent = request.headers.get("If-Match", "").strip('"')
    if sent and sent != current:
        raise ApiError(412, f"ETag doesn't match: {current} vs {sent}")


async def read_object(request: web.Request) -> dict[str, Any]:
    """Read a JSON object from the request body.

    Raises:
        ApiError: 400, there is no JSON object.
    """
    content = await request.read()
    if not content.strip():
        raise ApiError(400, "EOF")
    try:
        body = json.loads(content)
    except ValueError as error:
        raise ApiError(400, f"invalid character in JSON: {error}") from error
    if not isinstance(body, dict):
        raise ApiError(400, "json: cannot unmarshal value into Go value of type map")
    return body


def string_map(value: Any, field: str) -> dict[str, str]:
    """Check a map of strings the way Go decodes it; null counts as an empty string.

    Args:
        value: JSON value, or None for an absent map.
        field: How Go names the field in its error text.

    Raises:
        ApiError: 400, a value of another type.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ApiError(400, f"json: cannot unmarshal {go_kind(value)} into Go struct field {field}")
    for item in value.values():
        if item is not None and not isinstance(item, str):
            raise ApiError(
                400,
                f"json: cannot unmarshal {go_kind(item)} into Go struct field {field}"
                " of type string",
            )
    return {key: item or "" for key, item in value.items()}


def go_kind(value: Any) -> str:
    """The kind of a JSON value as Go names it in its error texts."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list):
        return "array"
    return "object" if isinstance(value, dict) else "string"


def recursion_depth(request: web.Request) -> int:
    """Read ``recursion``: 0, 1 or 2; larger values act as 2, anything else as 0."""
    try:
        return max(0, min(2, int(request.query.get("recursion", "0"))))
    except ValueError:
        return 0


def is_true(text: str | None) -> bool:
    """Tell whether a configuration value or query parameter means yes."""
    return (text or "").lower() in {"true", "1", "yes", "on"}
