"""What makes, renames, copies, publishes and migrates instances, without any server."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lxdtui.errors import LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.services.lifecycle.service import Offer
from lxdtui.services.lifecycle.sources import ImageChoice

MIB = 1024**2


@dataclass(slots=True)
class FakeLifecycle:
    """Takes orders on whole instances; answers at once or with an error."""

    orders: list[tuple[object, ...]] = field(default_factory=list)
    errors: dict[str, LxdTuiError] = field(default_factory=dict)
    """What the next order of a verb fails with."""
    others: tuple[str, ...] = ("backup", "prod-us")
    images: tuple[ImageChoice, ...] = (
        ImageChoice(
            name="debian/12", description="Debian bookworm", size=96 * MIB, type="container"
        ),
        ImageChoice(name="alpine/3.20", description="Alpine 3.20", size=3 * MIB, type="container"),
    )

    async def offer(self, remote: str, project: str) -> Offer:
        self._obey("offer", remote, project)
        return Offer(
            images=self.images, profiles=("default", "database"), image_servers=("images",)
        )

    async def create(
        self,
        ref: InstanceRef,
        image: str,
        *,
        profiles: Sequence[str],
        ephemeral: bool,
    ) -> None:
        self._obey("create", ref, image, tuple(profiles), ephemeral)

    async def rename(self, ref: InstanceRef, new_name: str) -> InstanceRef:
        self._obey("rename", ref, new_name)
        return replace(ref, name=new_name)

    async def copy(self, ref: InstanceRef, new_name: str, *, with_snapshots: bool) -> None:
        self._obey("copy", ref, new_name, with_snapshots)

    async def publish(
        self, ref: InstanceRef, *, aliases: Sequence[str], description: str, public: bool
    ) -> None:
        self._obey("publish", ref, tuple(aliases), description, public)

    async def targets(self, ref: InstanceRef) -> tuple[str, ...]:
        return tuple(name for name in self.others if name != ref.remote)

    async def migrate(
        self,
        ref: InstanceRef,
        target: str,
        *,
        new_name: str,
        live: bool,
        with_snapshots: bool,
        allow_running: bool,
        keep_addresses: bool,
    ) -> None:
        options = (live, with_snapshots, allow_running, keep_addresses)
        self._obey("migrate", ref, target, new_name, *options)

    def _obey(self, *order: object) -> None:
        self.orders.append(order)
        error = self.errors.pop(str(order[0]), None)
        if error is not None:
            raise error
