"""Status codes shared by instances and operations."""

from enum import IntEnum

__all__ = ["StatusCode"]


class StatusCode(IntEnum):
    """Status codes of the REST API (``doc/rest-api.md`` of LXD and Incus)."""

    OPERATION_CREATED = 100
    STARTED = 101
    STOPPED = 102
    RUNNING = 103
    CANCELLING = 104
    PENDING = 105
    STARTING = 106
    STOPPING = 107
    ABORTING = 108
    FREEZING = 109
    FROZEN = 110
    THAWED = 111
    ERROR = 112
    READY = 113
    SUCCESS = 200
    FAILURE = 400
    CANCELLED = 401
