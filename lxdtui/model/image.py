"""Images: those that a server holds, and those that an image server offers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lxdtui.model.fields import Fields

__all__ = ["ARCHITECTURES", "Image", "ImageAlias", "RemoteImage"]

ARCHITECTURES: Mapping[str, str] = {
    "amd64": "x86_64",
    "arm64": "aarch64",
    "armhf": "armv7l",
    "i386": "i686",
    "ppc64el": "ppc64le",
    "riscv64": "riscv64",
    "s390x": "s390x",
}
"""Names of image servers for architectures, and the names of LXD and Incus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageAlias:
    """A name for an image."""

    name: str
    """The name; it may contain slashes."""
    description: str = ""
    """Free text."""
    target: str = ""
    """Fingerprint of the image; empty where it stands at the image itself."""
    type: str = ""
    """``container`` or ``virtual-machine``; empty where it stands at the image itself."""

    @classmethod
    def from_api(cls, body: object) -> "ImageAlias":
        """Read an alias from the JSON object of the server.

        Raises:
            UnexpectedResponse: A required field is missing or of the wrong type.
        """
        fields = Fields(body, "an image alias")
        return cls(
            name=fields.text("name"),
            description=fields.text("description", ""),
            target=fields.text("target", ""),
            type=fields.text("type", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image as the server describes it (``GET /1.0/images/FINGERPRINT``)."""

    fingerprint: str
    """SHA-256 of the image files, lower-case hexadecimal."""
    aliases: tuple[ImageAlias, ...] = ()
    """Its names."""
    architecture: str = ""
    """``x86_64``, ``aarch64``, …"""
    properties: Mapping[str, str] = field(default_factory=dict)
    """``os``, ``release``, ``description``, …"""
    public: bool = False
    """Whether clients that are not trusted may download it."""
    size: int = 0
    """Size in bytes."""
    type: str = "container"
    """``container`` or ``virtual-machine``."""
    cached: bool = False
    """Whether the server fetched it by itself to make an instance."""
    auto_update: bool = False
    """Whether the server looks for newer versions."""
    filename: str = ""
    """Name of the image file."""
    profiles: tuple[str, ...] = ()
    """Profiles for instances made from it."""
    created_at: datetime | None = None
    """When it was built."""
    uploaded_at: datetime | None = None
    """When this server got it."""
    last_used_at: datetime | None = None
    """When an instance was last made from it, or ``None`` for never."""
    expires_at: datetime | None = None
    """When the server deletes it, or ``None`` for never."""

    @property
    def description(self) -> str:
        """Words on the image, or an empty string."""
        words = self.properties.get("description", "")
        if words:
            return words
        parts = (self.properties.get("os", ""), self.properties.get("release", ""))
        return " ".join(part for part in parts if part)

    @classmethod
    def from_api(cls, body: object) -> "Image":
        """Read an image from the JSON object of the server.

        Raises:
            UnexpectedResponse: A required field is missing or of the wrong type.
        """
        fields = Fields(body, "an image")
        return cls(
            fingerprint=fields.text("fingerprint"),
            aliases=fields.each("aliases", ImageAlias.from_api),
            architecture=fields.text("architecture", ""),
            properties=fields.text_map("properties"),
            public=fields.flag("public"),
            size=fields.integer("size", 0),
            type=fields.text("type", "container"),
            cached=fields.flag("cached"),
            auto_update=fields.flag("auto_update"),
            filename=fields.text("filename", ""),
            profiles=fields.texts("profiles"),
            created_at=fields.time("created_at"),
            uploaded_at=fields.time("uploaded_at"),
            last_used_at=fields.time("last_used_at"),
            expires_at=fields.time("expires_at"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteImage:
    """The newest version of an image that an image server offers."""

    fingerprint: str
    """The fingerprint that a server gives it after the download."""
    aliases: tuple[str, ...]
    """Names, the shortest of which is good for the user."""
    architecture: str
    """``x86_64``, ``aarch64``, …; a word that we do not know stays as it is."""
    os: str
    """``Debian``, ``Ubuntu``, …"""
    release: str
    """``bookworm``, ``noble``, …"""
    variant: str
    """``default``, ``cloud``, …"""
    type: str
    """``container`` or ``virtual-machine``."""
    version: str
    """The image server's word for the version: ``20261123_07:42``."""
    size: int
    """Bytes to download."""

    @property
    def name(self) -> str:
        """The shortest alias, or else the beginning of the fingerprint."""
        return (
            min(self.aliases, key=lambda alias: (len(alias), alias), default="")
            or (self.fingerprint[:12])
        )
