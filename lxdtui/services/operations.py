"""What a user does to the background tasks of a server."""

from collections.abc import Mapping

from lxdtui.api.connection import Connection
from lxdtui.model.refs import OperationRef

__all__ = ["OperationService"]


class OperationService:
    """Actions on operations."""

    def __init__(self, connections: Mapping[str, Connection]) -> None:
        self._connections = connections

    async def cancel(self, ref: OperationRef) -> None:
        """Ask the server to cancel an operation; its end is seen in the store.

        Raises:
            BadRequest: It cannot be cancelled, or has ended.
            NotFound: The server does not remember it.
        """
        await self._connections[ref.remote].operations.cancel(ref)
