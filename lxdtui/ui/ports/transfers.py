"""What screens work with to copy files: the shape of ``lxdtui.services.TransferService``."""

from collections.abc import Callable, Sequence
from typing import Protocol

from lxdtui.model.place import Place
from lxdtui.services.transfers import Answer, CopyOptions, TransferView

__all__ = ["TransferQueue"]


class TransferQueue(Protocol):
    """Copies in the background. Nothing here waits; all that happens is seen in the views."""

    @property
    def views(self) -> tuple[TransferView, ...]:
        """How all transfers stand, in the order in which they were asked for."""

    def watch(self, watcher: Callable[[tuple[TransferView, ...]], None]) -> Callable[[], None]:
        """Be told of changes, at most ten times a second; return what ends it."""

    def copy(
        self,
        source: Place,
        paths: Sequence[str],
        target: Place,
        directory: str,
        *,
        move: bool = False,
        options: CopyOptions | None = None,
    ) -> object:
        """Put a transfer into the queue."""

    def cancel(self, number: int) -> None:
        """End a transfer."""

    def pause(self, number: int) -> None:
        """Let a transfer rest."""

    def resume(self, number: int) -> None:
        """Let a transfer go on."""

    def retry(self, number: int) -> None:
        """Try again what failed."""

    def answer(self, number: int, question: int, answer: Answer) -> None:
        """Answer a question of a transfer."""

    def clear(self) -> None:
        """Forget all transfers that are over."""
