"""Set-id and sticky bits, which the servers leave out: set by chmod in the running instance."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from lxdtui.api.file_trees import SftpTree
from lxdtui.api.files import LINKS_FOLLOWED
from lxdtui.errors import BadRequest, ConnectionFailed, LxdTuiError, SessionClosed
from lxdtui.model.files import FileKind, base_name, join_path, parent_path, short_path
from lxdtui.model.refs import InstanceRef

__all__ = ["Run", "SpecialBits"]

Run: TypeAlias = Callable[[InstanceRef, Sequence[str]], Awaitable[tuple[int, bytes, bytes]]]
"""Runs a command in an instance; gives its status, output and error output."""

_WRITABLE_BY_OTHERS = 0o022
_WORDS_AT_MOST = 200


class SpecialBits:
    """Gives a file its whole mode.

    Args:
        ref: The instance.
        run: Runs a command in it.
    """

    def __init__(self, ref: InstanceRef, run: Run) -> None:
        self._ref = ref
        self._run = run

    async def give(self, tree: SftpTree, path: str, mode: int, *, tried: str) -> None:
        """Change the mode of a file that nobody else can change for another meanwhile.

        Args:
            tree: The files of the instance.
            path: Absolute path of the file, not a link.
            mode: Its permission bits.
            tried: What is tried, in words.

        Raises:
            BadRequest: The instance is not running, has no chmod, or somebody
                other than root may rename in a folder on the way to the file.
        """
        path = join_path(await self._guarded(tree, parent_path(path), tried), base_name(path))
        try:
            status, _, errors = await self._run(self._ref, ("chmod", f"{mode:04o}", path))
        except (ConnectionFailed, SessionClosed):
            raise
        except LxdTuiError as error:
            raise BadRequest(
                tried,
                f"the server does not set the mode {mode:04o}, and chmod does not run there",
                hint="Start the instance, or take the set-id bits away, and save again.",
            ) from error
        if status or (await tree.lstat(path)).mode != mode:
            words = errors[:_WORDS_AT_MOST].decode("utf-8", "replace").strip()
            raise BadRequest(tried, words or f"chmod ended with status {status}")

    async def _guarded(self, tree: SftpTree, folder: str, tried: str) -> str:
        """Return the path of a folder without links, which root alone may change.

        Otherwise its owner could put a link in the place of the file, and have
        another one made set-id.
        """
        here, followed = "/", 0
        pending = folder.split("/")
        while True:
            found = await tree.lstat(here)
            if found.kind is FileKind.SYMLINK:
                followed += 1
                if followed > LINKS_FOLLOWED:
                    raise BadRequest(tried, "too many levels of symbolic links")
                target = await tree.read_link(here)
                pending = target.split("/") + pending
                here = "/" if target.startswith("/") else parent_path(here)
            elif found.uid != 0 or found.mode is None or found.mode & _WRITABLE_BY_OTHERS:
                raise BadRequest(
                    tried,
                    f"it has set-id bits, and others than root may change {short_path(here)}",
                    hint="Edit it by a shell in the instance, or take the bits away first.",
                )
            while pending and pending[0] in ("", "."):
                pending.pop(0)
            if not pending:
                return here
            part = pending.pop(0)
            here = parent_path(here) if part == ".." else join_path(here, part)
