"""The mark of a temporary copy of a snapshot: whose it is, and whether its maker lives.

A copy is made to look at the files of a snapshot and removed afterwards, by
whoever comes first after its maker died. So it must be plain who made it, and
nobody may remove what somebody else is looking at.
"""

import hashlib
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["KEY", "PREFIX", "LookMark", "Owner", "look_name"]

KEY = "user.lxdtui.look"
"""The configuration key that marks a copy."""
PREFIX = "lxdtui-look-"
"""What the name of a copy begins with."""
_LONGEST_NAME = 63
_LONGEST_MARK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process, known for sure: also where its number is used again."""

    host: str
    """The computer; many share a name, so that more than that is in it."""
    boot: str
    """Identity of the run of the kernel; empty where it is not known."""
    space: str
    """The process numbers' namespace; empty where it is not known."""
    pid: int
    started: str
    """When the process began, as the kernel counts; empty where it is not known."""

    @classmethod
    def this_process(cls) -> "Owner":
        """Return this process."""
        return cls(
            host=_host(),
            boot=_read("/proc/sys/kernel/random/boot_id"),
            space=_link("/proc/self/ns/pid"),
            pid=os.getpid(),
            started=_started(os.getpid()),
        )

    def is_visible(self, here: "Owner") -> bool:
        """Say whether it would be known that the process is gone.

        Nothing is known of another host, and of another namespace of the same run
        of the kernel.

        Args:
            here: The process that asks.
        """
        if self.host != here.host or not self.boot or not here.boot:
            return False
        return self.boot != here.boot or self.space == here.space

    def is_dead(self, here: "Owner") -> bool:
        """Say whether the process is gone, and that is sure.

        Args:
            here: The process that asks.
        """
        if not self.is_visible(here):
            return False
        if self.boot != here.boot:
            return True
        started = _started(self.pid)
        if started:
            return started != self.started
        # Those of other users may be hidden (proc(5), hidepid), but their numbers are taken.
        return not _exists(self.pid)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookMark:
    """What a mark says."""

    name: str
    """Name of the copy: that of somebody's copy of it is another."""
    source: str
    """Name of the instance."""
    snapshot: str
    owner: Owner
    made_at: str
    """When it was made, ISO 8601."""

    def text(self) -> str:
        """Return the mark as it is stored."""
        owner = self.owner
        return json.dumps(
            {
                "name": self.name,
                "source": self.source,
                "snapshot": self.snapshot,
                "made_at": self.made_at,
                "host": owner.host,
                "boot": owner.boot,
                "space": owner.space,
                "pid": owner.pid,
                "started": owner.started,
            }
        )

    @classmethod
    def of(cls, name: str, config: Mapping[str, str]) -> "LookMark | None":
        """Read the mark of an instance.

        Args:
            name: Its name.
            config: Its configuration.

        Returns:
            The mark, or ``None`` where the instance is no such copy.
        """
        text = config.get(KEY, "")
        if not text or len(text) > _LONGEST_MARK or not name.startswith(PREFIX):
            return None
        try:
            found = json.loads(text)
        except ValueError:
            return None
        if not isinstance(found, dict) or found.get("name") != name:
            return None
        words = ("source", "snapshot", "made_at", "host", "boot", "space", "started")
        pid = found.get("pid")
        if not all(isinstance(found.get(word), str) for word in words):
            return None
        if not isinstance(pid, int) or isinstance(pid, bool) or pid < 1:
            return None
        return cls(
            name=name,
            source=found["source"],
            snapshot=found["snapshot"],
            made_at=found["made_at"],
            owner=Owner(
                host=found["host"],
                boot=found["boot"],
                space=found["space"],
                pid=pid,
                started=found["started"],
            ),
        )


def look_name(source: str, short: str) -> str:
    """Return a name for a copy.

    Args:
        source: Name of the instance.
        short: A few letters that make it unique.
    """
    room = _LONGEST_NAME - len(PREFIX) - len(short) - 1
    return f"{PREFIX}{source[:room].strip('-')}-{short}"


def _host() -> str:
    """Return what tells this computer from others, without giving its identity away.

    See machine-id(5), which asks for a hash where it leaves the computer.
    """
    identity = _read("/etc/machine-id")
    if not identity:
        return socket.gethostname()
    digest = hashlib.sha256(f"lxdtui look {identity}".encode()).hexdigest()
    return f"{socket.gethostname()}/{digest[:16]}"


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return str(Path(path).readlink())
    except OSError:
        return ""


def _started(pid: int) -> str:
    """Return when a process began (field 22 of ``/proc/PID/stat``); empty where there is none."""
    # The name before it may hold blanks and brackets.
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
