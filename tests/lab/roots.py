"""The directories of labs: made, owned, and removed with all that hangs on them."""

import contextlib
import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.packages import Log
from tests.lab.process_tree import kill_all_of_lab, start_time

PREFIX = "lxdtui-lab-"
PARENT_VARIABLE = "LXDTUI_LAB_PARENT"
"""The environment variable that names another place than ``/var/tmp`` for labs."""

_OWNER = "owner.json"
# How the kernel writes blanks and backslashes in paths.
_OCTAL = re.compile(r"\\([0-7]{3})")
# A directory without an owner's file may be one that is being made just now.
_GRACE = 60.0


def _parent() -> Path:
    return Path(os.environ.get(PARENT_VARIABLE) or "/var/tmp")


def make_root() -> Path:
    """Makes a directory that belongs to this process."""
    # Made with mode 0700; containers must be able to pass it, other users not to list it.
    root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_parent()))
    owner = {"pid": os.getpid(), "start": start_time(os.getpid())}
    (root / _OWNER).write_text(json.dumps(owner), encoding="ascii")
    root.chmod(0o711)
    return root


def clean_up_stale(log: Log) -> list[Path]:
    """Removes the roots whose owner is gone; returns them."""
    removed: list[Path] = []
    for root in sorted(_parent().glob(f"{PREFIX}*")):
        # Another run may be at it as well: whoever has the lock removes it.
        with contextlib.suppress(
            FileNotFoundError, NotADirectoryError, PermissionError, BlockingIOError
        ):
            folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(folder).st_uid != os.geteuid() or _has_owner(root):
                    continue
                log(f"removing {root}, left by a run that was killed")
                remove(root)
                removed.append(root)
            finally:
                os.close(folder)
    return removed


def _has_owner(root: Path) -> bool:
    try:
        owner = json.loads((root / _OWNER).read_text(encoding="ascii"))
        return bool(owner["start"]) and start_time(owner["pid"]) == owner["start"]
    except (OSError, ValueError, LookupError, TypeError):
        return time.time() - root.stat().st_mtime < _GRACE


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
    points = [_OCTAL.sub(lambda code: chr(int(code[1], 8)), line.split()[4]) for line in lines]
    return [point for point in points if point.startswith(f"{root}/")]
