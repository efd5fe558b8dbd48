"""The small files of an instance, many at a time."""

from collections.abc import Callable, Sequence

from lxdtui.api.sftp.small import SmallFile, SmallFiles
from lxdtui.model.files import base_name, join_path, parent_path
from lxdtui.model.refs import InstanceRef
from lxdtui.services.transfers.names import random_temporary
from lxdtui.services.transfers.sides import Near, Small, plain

__all__ = ["ContainerMany"]


class ContainerMany:
    """See :class:`~lxdtui.services.transfers.sides.Far`.

    Args:
        calls: The small files of the server.
        ref: The instance.
        left_behind: Takes the names of temporary files that may be left.
    """

    def __init__(self, calls: SmallFiles, ref: InstanceRef, left_behind: set[str]) -> None:
        self._calls = calls
        self._ref = ref
        self._left_behind = left_behind

    async def put_many(
        self,
        files: Sequence[Small],
        near: Near,
        *,
        done: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> None:
        """Write files of this computer there."""
        wanted = [_wanted(file) for file in files]
        temporaries = {file.source: file.temporary for file in wanted}
        begun: set[str] = set()

        def read(path: str, size: int) -> bytes:
            data = near.read_now(path, size)
            begun.add(temporaries[path])
            return data

        def is_there(number: int) -> None:
            begun.discard(wanted[number].temporary)
            done(number)

        try:
            await self._calls.put(self._ref, wanted, read, done=is_there, may_go=may_go)
        finally:
            self._left_behind |= begun

    async def get_many(
        self,
        files: Sequence[Small],
        near: Near,
        *,
        done: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> None:
        """Read files from there."""
        wanted = [_wanted(file) for file in files]
        await self._calls.get(self._ref, wanted, near.put_now, done=done, may_go=may_go)


def _wanted(file: Small) -> SmallFile:
    return SmallFile(
        source=file.source,
        size=file.size,
        temporary=join_path(parent_path(file.path), random_temporary(base_name(file.path))),
        path=file.path,
        dress=plain(file.dress),
    )
