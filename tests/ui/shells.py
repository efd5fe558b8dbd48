"""Shells without a server: a channel that a test writes on, and what opens it."""

import asyncio
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import cast

from textual.pilot import Pilot

from lxdtui.errors import LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import Foreground, KeptSession, SessionKind, SessionOrder, ShellOptions
from lxdtui.services.editing import EditingService
from lxdtui.store import Store
from lxdtui.ui.ports.fleet import InstanceActions, LifecycleActions
from lxdtui.ui.ports.snapshots import SnapshotActions
from lxdtui.ui.state.sessions import OnWait
from tests.ui.configurations import FakeConfigurations
from tests.ui.fake_detail import FakeLogs, FakeOperations, FakeProcesses
from tests.ui.files import FakeFiles
from tests.ui.transfers import FakeTransfers

DEADLINE = 10.0
USUAL = ShellOptions()


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Let the app work until a condition holds; fail after a deadline."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        await pilot.pause()


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeEnding:
    exit_status: int | None = 0
    words: str = "the shell ended with status 0"
    goes_on: bool = False


class FakeChannel:
    """What the program writes comes from the test; what it is sent is kept."""

    def __init__(self) -> None:
        self.sent = bytearray()
        self.command: tuple[str, ...] = ()
        self.kept_name = ""
        self.note = ""
        self.in_front: Foreground | None = None
        self.sizes: list[tuple[int, int]] = []
        self.is_closed = False
        self.ending: FakeEnding | None = None
        self.received = 0
        self._output: asyncio.Queue[bytes | LxdTuiError] = asyncio.Queue()

    def write(self, data: bytes) -> None:
        self._output.put_nowait(data)

    def end(self, ending: FakeEnding | None = None) -> None:
        self.ending = ending or FakeEnding()
        self._output.put_nowait(b"")

    def break_off(self, error: LxdTuiError) -> None:
        self._output.put_nowait(error)

    async def receive(self) -> bytes:
        data = await self._output.get()
        if isinstance(data, LxdTuiError):
            raise data
        self.received += len(data)
        return data

    async def send(self, data: bytes) -> None:
        self.sent += data

    async def resize(self, columns: int, rows: int) -> None:
        self.sizes.append((columns, rows))

    async def close(self) -> None:
        self.is_closed = True

    async def foreground(self) -> Foreground | None:
        return self.in_front


class FloodChannel(FakeChannel):
    """Writes lines as fast as they are read, without ever waiting itself, until Ctrl+C."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._left = size
        self.line = 0

    async def receive(self) -> bytes:
        if self._left <= 0:
            return await super().receive()
        piece = bytearray()
        while len(piece) < 4000:
            self.line += 1
            piece += b"\x1b[32mline\x1b[0m %d of the flood\r\n" % self.line
        self._left -= len(piece)
        self.received += len(piece)
        if self._left <= 0:
            piece += b"the end"
        return bytes(piece)

    async def send(self, data: bytes) -> None:
        await super().send(data)
        if b"\x03" in data:
            self._left = 0
            self.write(b"^C\r\nstopped")


@dataclass
class FakeOpener:
    """Opens channels that the test has prepared, or fails."""

    channels: list[FakeChannel]
    error: LxdTuiError | None = None

    def __post_init__(self) -> None:
        self.opened: list[tuple[InstanceRef, int, int]] = []
        self.orders: list[SessionOrder] = []
        self.on_wait: OnWait | None = None
        self.kept_sessions: tuple[tuple[InstanceRef, KeptSession], ...] = ()
        self.remembered: dict[InstanceRef, ShellOptions] = {}
        self.gate = asyncio.Event()
        self.gate.set()

    async def open_shell(
        self,
        ref: InstanceRef,
        *,
        columns: int,
        rows: int,
        options: ShellOptions = USUAL,
        on_wait: OnWait | None = None,
    ) -> FakeChannel:
        return await self._open(ref, columns, rows, SessionOrder(options=options), on_wait)

    async def open_console(
        self,
        ref: InstanceRef,
        *,
        columns: int,
        rows: int,
        takes_over: bool = False,
        on_wait: OnWait | None = None,
    ) -> FakeChannel:
        order = SessionOrder(kind=SessionKind.CONSOLE, takes_over=takes_over)
        return await self._open(ref, columns, rows, order, on_wait)

    async def kept(self, ref: InstanceRef) -> tuple[KeptSession, ...]:
        return tuple(one for known, one in self.kept_sessions if known == ref)

    async def user_names(self, ref: InstanceRef) -> tuple[str, ...]:
        return ("root", "www-data", ref.name)

    async def recall(self, ref: InstanceRef) -> tuple[ShellOptions, tuple[str, ...]]:
        return self.remembered.get(ref, USUAL), ("htop",)

    async def remember(
        self, ref: InstanceRef, options: ShellOptions, *, with_environment: bool
    ) -> None:
        self.remembered[ref] = options if with_environment else replace(options, environment=())

    async def _open(
        self,
        ref: InstanceRef,
        columns: int,
        rows: int,
        order: SessionOrder,
        on_wait: OnWait | None,
    ) -> FakeChannel:
        self.opened.append((ref, columns, rows))
        self.orders.append(order)
        self.on_wait = on_wait
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.channels[len(self.opened) - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeRemote:
    name: str = "local"
    place: str = "unix:/var/lib/lxd/unix.socket"
    is_demo: bool = False
    is_verified: bool = True
    is_named_by_address: bool = False
    project: str = ""
    searched: tuple[str, ...] = ()


class FakeFleet:
    """A fleet with nothing but shells."""

    def __init__(self, opener: FakeOpener) -> None:
        self.store = Store()
        self.remotes = (FakeRemote(),)
        # No shell screen may act on instances.
        self.instances = cast("InstanceActions", None)
        self.lifecycle = cast("LifecycleActions", None)
        self.snapshots = cast("SnapshotActions", None)
        # Nor look into them.
        self.logs = FakeLogs()
        self.operations = FakeOperations()
        self.processes = FakeProcesses()
        self.asked: list[object] = []
        self.sessions = opener
        self.files = FakeFiles()
        self.transfers = FakeTransfers()
        # Nor may it edit.
        self.editing = cast("EditingService", None)
        self.configuration = FakeConfigurations(self.store)

    async def run(self) -> None:
        await asyncio.Event().wait()

    def retry(self, remote: str) -> None:
        self.asked.append(remote)

    def refresh(self, remote: str) -> None:
        self.asked.append(remote)

    def look_at(self, refs: Collection[InstanceRef]) -> None:
        self.asked.append(refs)

    async def aclose(self) -> None:
        return
