"""How shells were started before, kept between two runs in a file of the user's own."""

import json
from pathlib import Path
from typing import Any

from lxdtui.api.private_files import write_private
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import ShellOptions

__all__ = ["ShellMemory"]

_MOST_INSTANCES = 200
_MOST_COMMANDS = 10
_MOST_BYTES = 1024 * 1024


class ShellMemory:
    """Remembers options per instance, and the last command lines.

    Variables are remembered only where that is asked for: they may be secrets.

    Args:
        path: The file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self, ref: InstanceRef) -> tuple[ShellOptions, tuple[str, ...]]:
        """Return how the last shell in an instance was started, and the last commands of all."""
        known = self._read()
        fields = known["instances"].get(_key(ref))
        return _options(fields), tuple(known["commands"])

    def remember(
        self, ref: InstanceRef, options: ShellOptions, *, with_environment: bool = False
    ) -> None:
        """Keep how a shell was started.

        Args:
            ref: The instance.
            options: How it was started.
            with_environment: Whether its variables are kept as well.

        Raises:
            ConfigError: The file cannot be written.
        """
        known = self._read()
        instances: dict[str, Any] = known["instances"]
        instances.pop(_key(ref), None)
        instances[_key(ref)] = {
            "user": options.user,
            "group": options.group,
            "directory": options.directory,
            "command": options.command,
            "size": None if options.size is None else list(options.size),
            "is_login": options.is_login,
            "is_kept": options.is_kept,
            "environment": [list(one) for one in options.environment] if with_environment else [],
        }
        while len(instances) > _MOST_INSTANCES:
            del instances[next(iter(instances))]
        if options.command:
            commands = [options.command, *known["commands"]]
            known["commands"] = list(dict.fromkeys(commands))[:_MOST_COMMANDS]
        write_private(self._path, json.dumps(known, indent=1).encode())

    def _read(self) -> dict[str, Any]:
        """Read the file; what is broken in it is forgotten."""
        try:
            with self._path.open("rb") as file:
                known = json.loads(file.read(_MOST_BYTES))
        except (OSError, ValueError):
            known = {}
        instances = known.get("instances") if isinstance(known, dict) else None
        commands = known.get("commands") if isinstance(known, dict) else None
        return {
            "instances": instances if isinstance(instances, dict) else {},
            "commands": [one for one in commands if isinstance(one, str)]
            if isinstance(commands, list)
            else [],
        }


def _key(ref: InstanceRef) -> str:
    return f"{ref.remote}/{ref.project}/{ref.name}"


def _options(fields: Any) -> ShellOptions:
    if not isinstance(fields, dict):
        return ShellOptions()

    def text(name: str) -> str:
        value = fields.get(name)
        return value if isinstance(value, str) else ""

    pairs = fields.get("environment")
    return ShellOptions(
        user=text("user"),
        group=text("group"),
        directory=text("directory"),
        command=text("command"),
        size=_size(fields.get("size")),
        is_login=fields.get("is_login") is not False,
        is_kept=fields.get("is_kept") is True,
        environment=tuple(
            (pair[0], pair[1])
            for pair in (pairs if isinstance(pairs, list) else [])
            if isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair)
        ),
    )


def _size(value: Any) -> tuple[int, int] | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    columns, rows = value
    is_size = all(type(one) is int and 2 <= one <= 1000 for one in value)
    return (columns, rows) if is_size else None
