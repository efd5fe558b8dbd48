"""Every failure of lxdtui, as one tree.

::

    LxdTuiError
    ├── ConfigError                 settings, remotes or certificates cannot be used
    ├── ApiError                    a request did not give what was asked for
    │   ├── ConnectionFailed        no answer: socket missing, refused, denied, TLS, cut off
    │   ├── BadRequest              400: the server does not accept the request
    │   ├── Unauthorized            401, 403: this client may not do that
    │   ├── NotFound                404
    │   ├── Conflict                409, or a name that is taken
    │   │   └── FileBusy            a file that the system uses, such as a mount point
    │   ├── StaleEtag               412: somebody changed the object in between
    │   ├── ServerError             any other answer of status 4xx or 5xx
    │   ├── UnexpectedResponse      an answer that is not the protocol's
    │   └── ExtensionMissing        the server does not know an optional part of the protocol
    ├── LocalFileError              a file on this machine cannot be read or written
    ├── TextNotUnderstood           a text that somebody wrote cannot be read
    ├── FileChanged                 a file is not what it was when it was opened to be edited
    ├── PreflightFailed             nothing was begun, because it is known to fail
    ├── OperationError              a background operation of the server did not succeed
    │   ├── OperationFailed
    │   ├── OperationCancelled
    │   └── OperationLost           the outcome is unknown: the server forgot or the link broke
    ├── EventStreamLost             the event stream ended; events may have been missed
    └── SessionClosed               an exec or console session ended or could not be opened

Every message says what was tried, on what, and what the server answered. The
parts are kept as attributes, so that the interface need not take words apart.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

__all__ = [
    "ApiError",
    "BadRequest",
    "ConfigError",
    "Conflict",
    "ConnectionFailed",
    "ConnectionProblem",
    "EventStreamLost",
    "ExtensionMissing",
    "FileBusy",
    "FileChanged",
    "LocalFileError",
    "LxdTuiError",
    "NotFound",
    "OperationCancelled",
    "OperationError",
    "OperationFailed",
    "OperationLost",
    "PreflightFailed",
    "ServerError",
    "SessionClosed",
    "StaleEtag",
    "TextNotUnderstood",
    "Unauthorized",
    "UnexpectedResponse",
]


class LxdTuiError(Exception):
    """Base of all failures that lxdtui reports.

    Args:
        message: The whole message for the user, in words.
        hint: What can be done about it, or an empty string.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class ConfigError(LxdTuiError):
    """Settings, remotes or certificates cannot be used."""


class LocalFileError(LxdTuiError):
    """A file on this machine cannot be read or written.

    Args:
        tried: What was tried, on what: ``write /home/me/notes``.
        reason: The operating system's words.
    """

    def __init__(self, tried: str, reason: str) -> None:
        self.tried = tried
        self.reason = reason
        super().__init__(f"Cannot {tried}: {reason}")


class TextNotUnderstood(LxdTuiError):
    """A text that somebody wrote cannot be read.

    Args:
        reason: Why, in words.
        line: The line it is in, from 1; 0 where that is not known.
    """

    def __init__(self, reason: str, *, line: int = 0) -> None:
        self.reason = reason
        self.line = line
        place = f"Line {line}" if line else "The text"
        super().__init__(f"{place} cannot be read: {reason}")


class FileChanged(LxdTuiError):
    """A file is not what it was when it was opened to be edited; nothing was written.

    Args:
        tried: What was tried, on what: ``save /etc/hosts``.
        base: What it held when it was opened.
        mine: What was to be written.
        theirs: What it holds now; ``None`` where it is gone.
    """

    def __init__(self, tried: str, *, base: bytes, mine: bytes, theirs: bytes | None) -> None:
        self.tried = tried
        self.base = base
        self.mine = mine
        self.theirs = theirs
        what = "is gone" if theirs is None else "was changed by somebody else"
        super().__init__(f"Cannot {tried}: the file {what} since it was opened")


class ApiError(LxdTuiError):
    """A request did not give what was asked for.

    Args:
        tried: What was tried, on what: ``start web1``, ``list instances``.
        server_text: The server's own words, or an empty string.
        status: The HTTP status or the error code of the body; 0 where no answer came.
        hint: What can be done about it.
    """

    def __init__(
        self, tried: str, server_text: str = "", *, status: int = 0, hint: str = ""
    ) -> None:
        self.tried = tried
        self.server_text = server_text
        self.status = status
        super().__init__(self._words(), hint=hint)

    def _words(self) -> str:
        answer = self.server_text or "no reason was given"
        return f"Cannot {self.tried}: {answer}"

    def retell(self, tried: str, server_text: str) -> None:
        """Say in other words what was tried, and what the server said about it.

        Args:
            tried: What the user asked for, where something else was tried on the way to it.
            server_text: The server's words.
        """
        self.tried, self.server_text = tried, server_text
        self.message = self._words()


class ConnectionProblem(StrEnum):
    """Why no answer came from a server."""

    MISSING = "missing"
    """The socket file does not exist."""
    REFUSED = "refused"
    """Nobody listens."""
    DENIED = "denied"
    """The socket may not be opened by this user."""
    UNREACHABLE = "unreachable"
    """The name does not resolve or no route leads there."""
    CERTIFICATE = "certificate"
    """TLS failed: an unknown or changed certificate, or no common version."""
    TIMEOUT = "timeout"
    """No answer in time."""
    LOST = "lost"
    """The connection was cut before the answer was complete."""


class ConnectionFailed(ApiError):
    """No complete answer came from the server.

    Args:
        tried: What was tried.
        problem: The kind of failure.
        server_text: The operating system's or the TLS library's words.
        hint: What can be done about it.
        group: The group whose members may open the socket, where that is the problem.
    """

    def __init__(
        self,
        tried: str,
        problem: ConnectionProblem,
        server_text: str = "",
        *,
        hint: str = "",
        group: str = "",
    ) -> None:
        self.problem = problem
        self.group = group
        super().__init__(tried, server_text, hint=hint)


class BadRequest(ApiError):
    """The server does not accept the request (400)."""


class Unauthorized(ApiError):
    """This client may not do that (401, 403)."""


class NotFound(ApiError):
    """The object does not exist (404)."""


class Conflict(ApiError):
    """The name is taken or the object is in use (409)."""


class FileBusy(Conflict):
    """A file that the system uses: no other can take its place, as where it is a mount point."""


class StaleEtag(ApiError):
    """The object was changed by somebody else since it was read (412).

    Args:
        tried: What was tried, on what.
        server_text: The server's own words.
        status: The HTTP status.
        hint: What can be done about it.
        ours: The version that was to be written, or empty where it is not known.
        theirs: The version that the server holds now, with the same fields.
    """

    def __init__(
        self,
        tried: str,
        server_text: str = "",
        *,
        status: int = 412,
        hint: str = "",
        ours: Mapping[str, Any] | None = None,
        theirs: Mapping[str, Any] | None = None,
    ) -> None:
        self.ours: Mapping[str, Any] = ours or {}
        self.theirs: Mapping[str, Any] = theirs or {}
        super().__init__(tried, server_text, status=status, hint=hint)


class ServerError(ApiError):
    """Any other answer of status 4xx or 5xx."""


class UnexpectedResponse(ApiError):
    """The answer is not what the protocol says."""


class ExtensionMissing(ApiError):
    """The server does not know an optional part of the protocol.

    Args:
        tried: What was tried.
        extension: The name of the API extension that the server lacks.
    """

    def __init__(self, tried: str, extension: str) -> None:
        self.extension = extension
        super().__init__(tried, f"the server lacks the API extension {extension}")


class PreflightFailed(LxdTuiError):
    """Nothing was begun, because it is known beforehand to fail.

    Args:
        tried: What was tried, on what.
        findings: What stands in the way, in words, one sentence each.
        hint: What can be done about it.
    """

    def __init__(self, tried: str, findings: Sequence[str], *, hint: str = "") -> None:
        self.tried = tried
        self.findings = tuple(findings)
        super().__init__(f"Cannot {tried}: {'; '.join(self.findings)}", hint=hint)


class OperationError(LxdTuiError):
    """A background operation of the server did not succeed.

    Args:
        tried: What was tried, on what.
        server_text: The server's own words.
        operation_id: The id of the operation, or an empty string.
        hint: What can be done about it.
    """

    def __init__(
        self, tried: str, server_text: str = "", *, operation_id: str = "", hint: str = ""
    ) -> None:
        self.tried = tried
        self.server_text = server_text
        self.operation_id = operation_id
        super().__init__(f"Cannot {tried}: {server_text or 'no reason was given'}", hint=hint)


class OperationFailed(OperationError):
    """The operation ended in failure."""


class OperationCancelled(OperationError):
    """The operation was cancelled."""


class OperationLost(OperationError):
    """The outcome is unknown: the server forgot the operation, or the link broke."""


class EventStreamLost(LxdTuiError):
    """The event stream ended; events may have been missed."""


class SessionClosed(LxdTuiError):
    """An exec or console session ended or could not be opened."""
