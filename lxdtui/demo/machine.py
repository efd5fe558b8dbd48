"""An instance as the commands inside it see it."""

from lxdtui.demo.bodies import expanded
from lxdtui.demo.daemon import Daemon
from lxdtui.demo.filesystem import FileSystem
from lxdtui.demo.world import Instance

_HOST_CPUS = 16
_HOST_MEMORY = 64 * 1024**3
_UNITS = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "kB": 1000, "MB": 1000**2, "GB": 1000**3}


class InstanceMachine:
    """Facts about one instance for the programs of the demo shell.

    Args:
        daemon: The server's state.
        instance: The instance.
    """

    def __init__(self, daemon: Daemon, instance: Instance) -> None:
        self._daemon = daemon
        self._instance = instance

    @property
    def hostname(self) -> str:
        """Name of the instance."""
        return self._instance.name

    @property
    def files(self) -> FileSystem:
        """Its files."""
        return self._daemon.filesystem(self._instance)

    @property
    def cpus(self) -> int:
        """Processors it sees."""
        text = self._setting("limits.cpu")
        return max(1, int(text)) if text.isdecimal() else _HOST_CPUS

    @property
    def memory_total(self) -> int:
        """Bytes of memory it may use."""
        text = self._setting("limits.memory")
        for unit, factor in _UNITS.items():
            number = text.removesuffix(unit)
            if number != text and number.isdecimal():
                return int(number) * factor
        return int(text) if text.isdecimal() else _HOST_MEMORY

    @property
    def memory_used(self) -> int:
        """Bytes of memory in use."""
        return self._instance.load.memory_bytes(self.now())

    @property
    def disk_used(self) -> int:
        """Bytes on the root disk."""
        return self._instance.load.disk

    @property
    def uptime(self) -> float:
        """Seconds since it was started."""
        return max(0.0, self.now() - self._instance.started_at)

    @property
    def load(self) -> float:
        """Processors in use at the moment."""
        load = self._instance.load
        return load.cores * load.factor(self.now())

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._daemon.clock.now()

    def enter(self, user: str, words: str) -> int:
        """Enter a command into the list of processes."""
        instance = self._instance
        instance.last_command += 1
        instance.commands[instance.last_command] = (user, words)
        return instance.last_command

    def leave(self, pid: int) -> None:
        """Take a command out of the list again."""
        self._instance.commands.pop(pid, None)

    def commands(self) -> dict[int, tuple[str, str]]:
        """User and words of the commands that run, by process id."""
        return dict(self._instance.commands)

    def end(self, pid: int) -> None:
        """Take an invented process away until the next start."""
        self._instance.ended.add(pid)

    def ended(self) -> frozenset[int]:
        """The invented processes that were taken away."""
        return frozenset(self._instance.ended)

    def _setting(self, key: str) -> str:
        instance = self._instance
        config, _ = expanded(
            self._daemon.world,
            instance.project,
            instance.profiles,
            instance.config,
            instance.devices,
        )
        return config.get(key, "")
