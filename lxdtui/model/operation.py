"""A background task of the server."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lxdtui.model.fields import Fields
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef, OperationRef
from lxdtui.model.status import StatusCode

__all__ = ["Operation", "Progress"]

_PERCENT = re.compile(r"(\d{1,3})%")
_INSTANCE_RESOURCES = ("instances", "containers")
_RANKS: Mapping[int, int] = {
    StatusCode.OPERATION_CREATED: 0,
    StatusCode.PENDING: 0,
    StatusCode.RUNNING: 1,
    StatusCode.CANCELLING: 2,
    StatusCode.SUCCESS: 3,
    StatusCode.FAILURE: 3,
    StatusCode.CANCELLED: 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an operation is."""

    text: str
    """The server's words: ``Unpack: 86% (9.33MB/s)``."""
    percent: int | None
    """Per cent done, or ``None`` where the server does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation as the server describes it (``GET /1.0/operations/ID``)."""

    ref: OperationRef
    """Identity: remote and id."""
    kind: str
    """The API's class: ``task``, ``websocket`` or ``token``."""
    description: str
    """The server's words: ``Starting instance``."""
    status: str
    """The server's word for the status."""
    status_code: int
    """The number of the status; final from 200 up."""
    instances: tuple[InstanceRef, ...] = ()
    """Instances that the operation names; good for display, not for logic."""
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Progress, result or websocket secrets; never to be logged or shown whole."""
    may_cancel: bool = False
    """Whether it can be cancelled now; changes while it runs."""
    error: str = ""
    """The server's words on the failure."""
    created_at: datetime | None = None
    """When it began."""
    updated_at: datetime | None = None
    """When it last changed."""

    @property
    def is_final(self) -> bool:
        """Whether it has ended, one way or the other."""
        return self.status_code >= StatusCode.SUCCESS

    @property
    def progress(self) -> Progress | None:
        """How far it is, or ``None`` where the server does not tell."""
        found: Progress | None = None
        for key, value in self.metadata.items():
            if not key.endswith("_progress") or not isinstance(value, str) or not value:
                continue
            match = _PERCENT.search(value)
            percent = min(int(match[1]), 100) if match else None
            # Finished phases stay in the metadata at 100 per cent.
            if found is None or found.percent == 100:
                found = Progress(text=value, percent=percent)
        return found

    def supersedes(self, other: "Operation") -> bool:
        """Say whether this description replaces another of the same operation.

        Events of one operation can arrive out of order, so a final state is
        never left, and otherwise the later change wins. Where the servers put
        one time on two states, the one further on its way wins.
        """
        if self.is_final != other.is_final:
            return self.is_final
        if self.updated_at and other.updated_at and self.updated_at != other.updated_at:
            return self.updated_at > other.updated_at
        return _rank(self.status_code) >= _rank(other.status_code)

    @classmethod
    def from_api(cls, body: object, *, remote: str, project: str = DEFAULT_PROJECT) -> "Operation":
        """Read an operation from the JSON object of the server.

        Args:
            body: The JSON object.
            remote: The server that sent it.
            project: The project of the instances where their URLs name none.

        Raises:
            UnexpectedResponse: A required field is missing or of the wrong type.
        """
        fields = Fields(body, "an operation")
        resources = Fields(fields.mapping("resources"), "the resources of an operation")
        instances = dict.fromkeys(
            ref
            for collection in _INSTANCE_RESOURCES
            for url in resources.texts(collection)
            if (ref := InstanceRef.from_url(url, remote=remote, project=project))
        )
        return cls(
            ref=OperationRef(remote, fields.text("id")),
            kind=fields.text("class", ""),
            description=fields.text("description", ""),
            status=fields.text("status"),
            status_code=fields.integer("status_code"),
            instances=tuple(instances),
            metadata=fields.mapping("metadata"),
            may_cancel=fields.flag("may_cancel"),
            error=fields.text("err", ""),
            created_at=fields.time("created_at"),
            updated_at=fields.time("updated_at"),
        )


def _rank(code: int) -> int:
    """Say how far an operation with a status code is on its way."""
    return _RANKS.get(code, _RANKS[StatusCode.RUNNING])
