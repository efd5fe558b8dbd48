"""The event hub: who listens, and bounded queues towards each listener."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from lxdtui.demo.clock import Clock

EVENT_TYPES = ("logging", "operation", "lifecycle")
QUEUE_LIMIT = 4096
"""Undelivered events after which a listener is dropped, as LXD drops a slow one."""

LOCAL_REQUESTOR = {"username": "root", "protocol": "unix", "address": "@"}


class Listener:
    """One event socket.

    Args:
        types: Event types wanted.
        project: Project wanted, or None for all of them.
    """

    def __init__(self, types: frozenset[str], project: str | None) -> None:
        self._types = types
        self._project = project
        self.queue: asyncio.Queue[str | None] = asyncio.Queue(QUEUE_LIMIT)
        """Frames to send; None asks for the end of the socket."""

    def wants(self, event_type: str, project: str | None) -> bool:
        """Tell whether an event is for this listener; logging carries no project."""
        if event_type not in self._types:
            return False
        return project is None or self._project is None or self._project == project


class EventHub:
    """Distributes events to listeners.

    Args:
        clock: Stamps the events.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listeners: set[Listener] = set()

    def add(self, listener: Listener) -> None:
        """Begin to feed a listener."""
        self._listeners.add(listener)

    def discard(self, listener: Listener) -> None:
        """Stop feeding a listener."""
        self._listeners.discard(listener)

    def drop_all(self) -> None:
        """End every event socket abruptly."""
        for listener in tuple(self._listeners):
            self._drop(listener)

    def emit(self, event_type: str, metadata: Mapping[str, Any], project: str | None) -> None:
        """Send one event to everybody who wants it.

        Args:
            event_type: One of ``EVENT_TYPES``.
            metadata: Content by type.
            project: Project of the subject; None for logging.
        """
        event: dict[str, Any] = {
            "type": event_type,
            "timestamp": self._clock.timestamp(),
            "metadata": metadata,
            "location": "none",
        }
        if project is not None:
            event["project"] = project
        frame = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        for listener in tuple(self._listeners):
            if not listener.wants(event_type, project):
                continue
            try:
                listener.queue.put_nowait(frame)
            except asyncio.QueueFull:
                self._drop(listener)

    def lifecycle(
        self,
        action: str,
        source: str,
        *,
        project: str,
        context: Mapping[str, Any] | None = None,
        requestor: bool = False,
    ) -> None:
        """Send a lifecycle event.

        Args:
            action: For example ``instance-started``.
            source: Path of the subject; the project is appended unless it is ``default``.
            project: Project of the subject.
            context: Details of the action.
            requestor: Whether LXD 5.0.2 names the requestor with this action.
        """
        metadata: dict[str, Any] = {"action": action, "source": project_url(source, project)}
        if context is not None:
            metadata["context"] = context
        if requestor:
            metadata["requestor"] = LOCAL_REQUESTOR
        self.emit("lifecycle", metadata, project)

    def _drop(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        while not listener.queue.empty():
            listener.queue.get_nowait()
        listener.queue.put_nowait(None)


def project_url(path: str, project: str) -> str:
    """Append the project to a path unless it is the default one."""
    return path if project == "default" else f"{path}?project={project}"
