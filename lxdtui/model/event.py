"""Messages of the event stream (``GET /1.0/events``)."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import hexdigits
from typing import Any
from urllib.parse import unquote

from lxdtui.model.fields import Fields
from lxdtui.model.operation import Operation
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef

__all__ = ["Event", "LifecycleEvent", "OperationEvent", "OtherEvent", "parse_event"]


_FINGERPRINT = 64
"""Digits of the fingerprint of a certificate."""
_LONGEST_DETAIL = 2000
"""Characters of a command that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleEvent:
    """Something happened to an object of the server."""

    action: str
    """What happened: ``instance-started``; unknown words pass as they are."""
    source: str
    """Path of the object that it happened to."""
    project: str
    """Project of the object."""
    instance: InstanceRef | None
    """The instance at or above the source, if it is one."""
    old_name: str
    """The name before a rename, or an empty string."""
    at: datetime | None
    """When it happened, by the server's clock."""
    requestor: str = ""
    """Who asked for it and by which way, where the server tells: ``root, unix``."""
    detail: str = ""
    """What it was about: a snapshot, the path of a file, a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationEvent:
    """An operation began, changed or ended."""

    operation: Operation
    """The operation as it is now."""
    project: str
    """Project of the operation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherEvent:
    """A kind of message that this program does not know."""

    type: str
    """The server's word for the kind."""


Event = LifecycleEvent | OperationEvent | OtherEvent


def parse_event(body: object, *, remote: str) -> Event:
    """Read a message of the event stream.

    Args:
        body: The decoded JSON of one frame.
        remote: The server that sent it.

    Raises:
        UnexpectedResponse: A required field is missing or of the wrong type.
    """
    fields = Fields(body, "an event")
    kind = fields.text("type")
    project = fields.text("project", "") or DEFAULT_PROJECT
    if kind == "operation":
        operation = Operation.from_api(fields.mapping("metadata"), remote=remote, project=project)
        return OperationEvent(operation=operation, project=project)
    if kind == "lifecycle":
        metadata = Fields(fields.mapping("metadata"), "a lifecycle event")
        source = metadata.text("source", "")
        context = Fields(metadata.mapping("context"), "the context of an event")
        return LifecycleEvent(
            action=metadata.text("action"),
            source=source,
            project=project,
            instance=InstanceRef.from_url(source, remote=remote, project=project),
            old_name=context.text("old_name", ""),
            at=fields.time("timestamp"),
            requestor=_requestor(metadata.mapping("requestor")),
            detail=_detail(source, metadata.mapping("context")),
        )
    return OtherEvent(type=kind)


def _requestor(body: Mapping[str, Any]) -> str:
    """Name who asked: a user of the server, or a certificate by the head of its fingerprint."""
    name = str(body.get("username") or "")
    if len(name) == _FINGERPRINT and set(name) <= set(hexdigits):
        name = name[:12]
    return ", ".join(part for part in (name, str(body.get("protocol") or "")) if part)


def _detail(source: str, context: Mapping[str, Any]) -> str:
    """Say what an event was about, from its context or the end of its path."""
    command = context.get("command")
    if isinstance(command, list):
        return shlex.join(str(part) for part in command)[:_LONGEST_DETAIL]
    for key in ("path", "snapshot", "command"):
        if context.get(key):
            return str(context[key])[:_LONGEST_DETAIL]
    if context.get("old_name"):
        return f"was {context['old_name']}"
    parts = source.partition("?")[0].split("/")
    if len(parts) > 5 and parts[4] in ("snapshots", "backups"):
        return unquote(parts[5])
    return ""
