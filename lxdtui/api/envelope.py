"""From an HTTP status and a body to a result or an exception. Pure.

The servers wrap every JSON answer in one envelope, and the kind of answer is
told by its field ``type``, never by the HTTP status alone: ``/wait`` says 200
before it knows the outcome.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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

__all__ = ["Accepted", "Done", "decode", "decode_json", "error_for"]

_TAKEN = re.compile(r"already exists|already in use|UNIQUE constraint failed", re.IGNORECASE)
_NOT_ALLOWED = re.compile(
    r"does not have permissions? for project|Certificate is restricted|not authorized",
    re.IGNORECASE,
)
_LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Done:
    """The request was carried out."""

    metadata: Any
    """The result; of any JSON type."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The request goes on in the background as an operation."""

    operation: Mapping[str, Any]
    """The operation object."""


def decode_json(status: int, content: bytes, *, tried: str) -> object:
    """Decode the bytes of an answer.

    Args:
        status: The HTTP status.
        content: The body.
        tried: What was tried, for the error.

    Raises:
        UnexpectedResponse: A good status with a body that is no JSON.
        ApiError: A bad status with a body that is no JSON, by status.
    """
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        text = content[:_LONGEST_TEXT].decode("utf-8", "replace").strip()
        if status >= 400:
            raise error_for(status, text, tried=tried) from error
        raise UnexpectedResponse(
            tried, f"the answer is no JSON: {text[:200]!r}", status=status
        ) from error


def decode(status: int, body: object, *, tried: str) -> Done | Accepted:
    """Judge an answer.

    Args:
        status: The HTTP status.
        body: The decoded JSON.
        tried: What was tried, for the error.

    Returns:
        What the server answered.

    Raises:
        ApiError: The server refused, as the class of the tree that fits.
        UnexpectedResponse: The body is not the servers' envelope.
    """
    if not isinstance(body, Mapping):
        raise UnexpectedResponse(tried, "the answer is no object", status=status)
    match body.get("type"):
        case "sync":
            return Done(body.get("metadata"))
        case "async":
            operation = body.get("metadata")
            if not isinstance(operation, Mapping):
                raise UnexpectedResponse(tried, "no operation in the answer", status=status)
            return Accepted(operation)
        case "error":
            code = body.get("error_code")
            text = body.get("error")
            raise error_for(
                code if isinstance(code, int) and code else status,
                text if isinstance(text, str) else "",
                tried=tried,
            )
        case other:
            raise UnexpectedResponse(
                tried, f"the answer is of the unknown type {other!r}", status=status
            )


def error_for(code: int, text: str, *, tried: str) -> ApiError:
    """Choose the exception for a refusal: by code first, by the words second.

    The servers answer 500 to many things that have a code of their own
    elsewhere, so their words are looked at there.

    Args:
        code: ``error_code`` of the body, or the HTTP status.
        text: The server's words.
        tried: What was tried.
    """
    text = text[:_LONGEST_TEXT]
    by_code: dict[int, type[ApiError]] = {
        400: BadRequest,
        401: Unauthorized,
        403: Unauthorized,
        404: NotFound,
        409: Conflict,
        412: StaleEtag,
    }
    kind = by_code.get(code)
    if kind is None:
        if _TAKEN.search(text):
            kind = Conflict
        elif _NOT_ALLOWED.search(text):
            kind = Unauthorized
        else:
            kind = ServerError
    return kind(tried, text, status=code)
