"""Transfers without a server: views that a test sets, and orders that it reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from lxdtui.model.files import FileAttributes, FileKind
from lxdtui.model.place import LOCAL, Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.transfers import (
    Answer,
    CopyOptions,
    ItemResult,
    Outcome,
    Question,
    TransferState,
    TransferView,
)

MIB = 1 << 20
WEB = Place(ref=InstanceRef("prod-eu", "default", "web-01"))


def attributes(size: int, day: int) -> FileAttributes:
    """Attributes of a file that was changed on a day of November."""
    changed = datetime(2026, 11, day, 9, 30, tzinfo=UTC)
    return FileAttributes(kind=FileKind.FILE, size=size, mode=0o644, modified=changed)


QUESTION = Question(
    number=1,
    path="nginx.conf",
    directory="/etc/nginx",
    source=attributes(3277, 24),
    target=attributes(2970, 12),
    proposed="nginx (2).conf",
)


def view(number: int, state: TransferState, *names: str, **fields: object) -> TransferView:
    """A transfer into web-01."""
    made = TransferView(
        number=number,
        source=LOCAL,
        target=WEB,
        names=names,
        folder="/home/me/site",
        directory="/etc/nginx",
        is_move=False,
        state=state,
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # test sugar


def some() -> tuple[TransferView, ...]:
    """One under way, one that waits, one that failed, one that is done."""
    return (
        view(
            1,
            TransferState.RUNNING,
            "backup.tar.zst",
            files_total=1,
            bytes_done=445 * MIB,
            bytes_total=1434 * MIB,
            is_counted=True,
            rate=48e6,
            seconds_left=20.4,
            current="backup.tar.zst",
            current_done=445 * MIB,
            current_size=1434 * MIB,
        ),
        view(2, TransferState.WAITING, "style.css", directory="/var/www/html"),
        view(
            3,
            TransferState.FAILED,
            "nginx",
            source=WEB,
            target=LOCAL,
            folder="/var/log",
            directory="/home/me/site",
            files_done=5,
            files_total=5,
            bytes_done=9 * MIB,
            bytes_total=9 * MIB,
            is_counted=True,
            copied=2,
            skipped=1,
            failed=2,
            results=(
                ItemResult("nginx", Outcome.COPIED),
                ItemResult("nginx/access.log", Outcome.COPIED, "it grew while it was copied"),
                ItemResult("nginx/old.log", Outcome.SKIPPED, "it is there already"),
                ItemResult(
                    "nginx/error.log",
                    Outcome.FAILED,
                    "Cannot read /var/log/nginx/error.log in web-01: permission denied",
                ),
                ItemResult("nginx/\x1b[2Jlog.sock", Outcome.UNSUPPORTED, "a socket is not copied"),
            ),
        ),
        view(
            4,
            TransferState.DONE,
            "a.txt",
            "b.txt",
            files_done=2,
            files_total=2,
            bytes_done=3000,
            bytes_total=3000,
            is_counted=True,
            copied=2,
        ),
    )


@dataclass(slots=True)
class FakeTransfers:
    """Does what the test says."""

    views: tuple[TransferView, ...] = ()
    orders: list[tuple[object, ...]] = field(default_factory=list)
    watchers: list[Callable[[tuple[TransferView, ...]], None]] = field(default_factory=list)

    def watch(self, watcher: Callable[[tuple[TransferView, ...]], None]) -> Callable[[], None]:
        self.watchers.append(watcher)
        return lambda: self.watchers.remove(watcher)

    def set(self, *views: TransferView) -> None:
        self.views = views
        for watcher in tuple(self.watchers):
            watcher(views)

    def copy(
        self,
        source: Place,
        paths: Sequence[str],
        target: Place,
        directory: str,
        *,
        move: bool = False,
        options: CopyOptions | None = None,
    ) -> None:
        self.orders.append(("copy", source, tuple(paths), target, directory, move, options))

    def cancel(self, number: int) -> None:
        self.orders.append(("cancel", number))

    def pause(self, number: int) -> None:
        self.orders.append(("pause", number))

    def resume(self, number: int) -> None:
        self.orders.append(("resume", number))

    def retry(self, number: int) -> None:
        self.orders.append(("retry", number))

    def answer(self, number: int, question: int, answer: Answer) -> None:
        self.orders.append(("answer", number, question, answer))

    def taken(self) -> None:
        """The answer arrives, a moment later."""
        self.set(*(replace(one, question=None, state=TransferState.RUNNING) for one in self.views))

    def clear(self) -> None:
        self.orders.append(("clear",))
