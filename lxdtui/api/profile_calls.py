"""Typed calls on profiles."""

from collections.abc import Sequence

from lxdtui.api.envelope import Accepted
from lxdtui.api.transport import Answer, Transport
from lxdtui.errors import UnexpectedResponse
from lxdtui.model.fields import Fields
from lxdtui.model.profile import Profile
from lxdtui.model.refs import quote_segment

__all__ = ["ProfileCalls"]


class ProfileCalls:
    """Calls below ``/1.0/profiles`` of one server.

    Args:
        transport: The server.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(self, *, project: str) -> Sequence[Profile]:
        """List the profiles of a project (``GET /1.0/profiles?recursion=1``)."""
        tried = "list profiles"
        answer = await self._transport.request(
            "GET", "/1.0/profiles", tried=tried, params={"recursion": "1", "project": project}
        )
        listed = Fields({"profiles": _metadata(answer, tried)}, "the profiles")
        return listed.each("profiles", Profile.from_api)

    async def get(self, name: str, *, project: str) -> tuple[Profile, str]:
        """Read one profile (``GET /1.0/profiles/NAME``).

        Returns:
            The profile and its ETag, for a later change.

        Raises:
            NotFound: It does not exist.
        """
        tried = f"read the profile {name}"
        answer = await self._transport.request(
            "GET",
            f"/1.0/profiles/{quote_segment(name)}",
            tried=tried,
            params={"project": project},
        )
        return Profile.from_api(_metadata(answer, tried)), answer.etag


def _metadata(answer: Answer, tried: str) -> object:
    if isinstance(answer.result, Accepted):
        raise UnexpectedResponse(tried, "an operation instead of profiles")
    return answer.result.metadata
