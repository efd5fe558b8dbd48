"""Messages of the event stream (``GET /1.0/events``)."""

from dataclasses import dataclass
from datetime import datetime

from lxdtui.model.fields import Fields
from lxdtui.model.operation import Operation
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef

__all__ = ["Event", "LifecycleEvent", "OperationEvent", "OtherEvent", "parse_event"]


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
        )
    return OtherEvent(type=kind)
