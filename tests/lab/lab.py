"""The lab: private daemons under one directory, which goes with it."""

import contextlib
import http.client
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from tests.lab.daemon import Daemon
from tests.lab.errors import LabError, RequestError
from tests.lab.packages import Log
from tests.lab.process import Kind
from tests.lab.process_tree import kill_all_of_lab, start_time

PREFIX = "lxdtui-lab-"
PARENT = Path("/var/tmp")
_OWNER = "owner.json"
# A directory without an owner's file may be one that is being made just now.
_GRACE = 60.0


def _quiet(_: str) -> None:
    pass


class Lab:
    """Owns private daemons; a context manager that leaves nothing behind.

    On the way in it also removes what labs left whose process was killed.
    """

    def __init__(self, log: Log = _quiet) -> None:
        self._log = log
        self._daemons: dict[str, Daemon] = {}
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
            # Made with mode 0700; containers must be able to pass it, other users not to list it.
            self._root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=PARENT))
            owner = {"pid": os.getpid(), "start": start_time(os.getpid())}
            (self._root / _OWNER).write_text(json.dumps(owner), encoding="ascii")
            self._root.chmod(0o711)
        return self._root

    @property
    def daemons(self) -> list[Daemon]:
        """Those that were asked for so far."""
        return list(self._daemons.values())

    def daemon(self, name: str, kind: Kind | None = None) -> Daemon:
        """The daemon called `name`, which is brought up when it is asked for first.

        Args:
            name: ``lxd``, ``lxd2``, ``incus`` or any other.
            kind: Its software; from the beginning of the name when not given.

        Raises:
            LabUnavailableError: It cannot run on this machine.
        """
        if name not in self._daemons:
            daemon = Daemon(
                name=name,
                kind=kind or ("incus" if name.startswith("incus") else "lxd"),
                folder=self.root / name,
                lab_root=self.root,
                log=self._log,
            )
            try:
                daemon.create()
            except BaseException:
                daemon.kill()
                shutil.rmtree(daemon.folder, ignore_errors=True)
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


def clean_up_stale(log: Log = _quiet) -> list[Path]:
    """Removes the labs whose owner is gone; returns their roots."""
    removed: list[Path] = []
    for root in sorted(PARENT.glob(f"{PREFIX}*")):
        if root.is_dir() and root.stat().st_uid == os.geteuid() and not _has_owner(root):
            log(f"removing {root}, left by a run that was killed")
            remove(root)
            removed.append(root)
    return removed


def _has_owner(root: Path) -> bool:
    try:
        owner = json.loads((root / _OWNER).read_text(encoding="ascii"))
        return bool(owner["start"]) and start_time(owner["pid"]) == owner["start"]
    except (OSError, ValueError, LookupError, TypeError):
        with contextlib.suppress(FileNotFoundError):
            return time.time() - root.stat().st_mtime < _GRACE
        return False


def remove(root: Path) -> None:
    """Ends the processes of the lab at `root`, unmounts what is below it and removes it.

    Raises:
        LabError: Something below it is still mounted, so nothing was removed.
    """
    kill_all_of_lab(root)
    for mount in reversed(_mounts_below(root)):
        subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)
    left = _mounts_below(root)
    if left:
        raise LabError(f"cannot unmount {left[0]}")
    shutil.rmtree(root)


def _mounts_below(root: Path) -> list[str]:
    """Mount points below `root` in the order of their mounting, see proc(5), mountinfo."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    points = [line.split()[4].encode().decode("unicode_escape") for line in lines]
    return [point for point in points if point.startswith(f"{root}/")]
