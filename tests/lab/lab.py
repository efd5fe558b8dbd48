"""The lab: private daemons under one directory, which goes with it."""

import contextlib
import http.client
import shutil
from pathlib import Path
from types import TracebackType

from tests.lab.daemon import Daemon
from tests.lab.errors import LabUnavailableError, RequestError
from tests.lab.packages import Log
from tests.lab.process import Kind
from tests.lab.roots import clean_up_stale, make_root, remove


def _quiet(_: str) -> None:
    pass


class Lab:
    """Owns private daemons; a context manager that leaves nothing behind.

    On the way in it also removes what labs left whose process was killed.
    """

    def __init__(self, log: Log = _quiet) -> None:
        self._log = log
        self._daemons: dict[str, Daemon] = {}
        self._unavailable: dict[str, LabUnavailableError] = {}
        self._root: Path | None = None

    def __enter__(self) -> "Lab":
        clean_up_stale(self._log)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def root(self) -> Path:
        """The directory that everything is in; made when first asked for."""
        if self._root is None:
            self._root = make_root()
        return self._root

    @property
    def daemons(self) -> list[Daemon]:
        """Those that were asked for so far."""
        return list(self._daemons.values())

    def daemon(
        self, name: str, kind: Kind | None = None, *, programs: Path | None = None
    ) -> Daemon:
        """The daemon called `name`, which is brought up when it is asked for first.

        Args:
            name: ``lxd``, ``lxd2``, ``incus`` or any other.
            kind: Its software; from the beginning of the name when not given.
            programs: A folder with programs for it, see `DaemonProcess`.

        Raises:
            LabUnavailableError: It cannot run on this machine.
        """
        if name in self._unavailable:
            raise self._unavailable[name]
        if name not in self._daemons:
            daemon = Daemon(
                name=name,
                kind=kind or ("incus" if name.startswith("incus") else "lxd"),
                folder=self.root / name,
                lab_root=self.root,
                log=self._log,
                programs=programs,
            )
            try:
                daemon.create()
            except BaseException as error:
                daemon.kill()
                shutil.rmtree(daemon.folder, ignore_errors=True)
                if isinstance(error, LabUnavailableError):
                    self._unavailable[name] = error
                raise
            self._daemons[name] = daemon
        return self._daemons[name]

    def revive(self) -> None:
        """Brings those daemons back that a test left killed or paused."""
        for daemon in self.daemons:
            daemon.resume()
            daemon.start()

    def close(self) -> None:
        """Ends everything of the lab and removes it."""
        if self._root is None:
            return
        for daemon in self.daemons:
            daemon.resume()
            if daemon.is_running:
                _stop_everything(daemon)
            daemon.kill()
        self._daemons.clear()
        remove(self._root)
        self._root = None


def _stop_everything(daemon: Daemon) -> None:
    # Whatever this cannot do, the removal of the lab does by force.
    with contextlib.suppress(OSError, http.client.HTTPException, RequestError):
        daemon.stop_everything()
