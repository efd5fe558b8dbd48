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

    async def update(self, profile: Profile, *, project: str, etag: str) -> None:
        """Replace what a profile gives to instances (``PUT /1.0/profiles/NAME``).

        Args:
            profile: All of what it is to hold.
            project: Its project.
            etag: The ETag of the version that the change was made on.

        Raises:
            StaleEtag: Somebody else changed it meanwhile.
            ApiError: The server refuses; it may hold the change all the same where
                only some of the instances could not follow.
        """
        await self._transport.request(
            "PUT",
            f"/1.0/profiles/{quote_segment(profile.name)}",
            tried=f"change the profile {profile.name}",
            params={"project": project},
            json={
                "config": dict(profile.config),
                "description": profile.description,
                "devices": {name: dict(device) for name, device in profile.devices.items()},
            },
            headers={"If-Match": etag} if etag else None,
        )


def _metadata(answer: Answer, tried: str) -> object:
    if isinstance(answer.result, Accepted):
        raise UnexpectedResponse(tried, "an operation instead of profiles")
    return answer.result.metadata
