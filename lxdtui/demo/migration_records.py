"""What goes along with the files of a migrated instance: snapshots, and how busy it is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lxdtui.demo.config_rules import config_error
from lxdtui.demo.device_rules import validation_error
from lxdtui.demo.filesystem import FileSystem
from lxdtui.demo.load import Load
from lxdtui.demo.migration_stream import StreamError, integer, moment, number, text
from lxdtui.demo.replies import ApiError, string_map
from lxdtui.demo.world import Snapshot

FORMAT = "lxdtui-demo-1"
"""Tells that the other side is a demo server, too."""
ARCHITECTURES = ("x86_64", "i686")
_MOST_SNAPSHOTS = 1000
_LONGEST_NAME = 255
_MOST_CORES = 1024.0
_MOST_BYTES = 2**60
_MOST_PROCESSES = 2**22
_MOST_RATE = 1e12


def load_record(load: Load) -> dict[str, Any]:
    """Describe how busy an instance is."""
    return {
        "cores": load.cores,
        "memory": load.memory,
        "disk": load.disk,
        "processes": load.processes,
        "received": load.received,
        "sent": load.sent,
    }


def read_load(record: Mapping[str, Any], base: Load) -> Load:
    """Read how busy an instance is.

    Args:
        record: As :func:`load_record` makes it.
        base: Gives what is not told.

    Raises:
        StreamError: It makes no sense.
    """
    return replace(
        base,
        cores=number(record, "cores", most=_MOST_CORES),
        memory=integer(record, "memory", most=_MOST_BYTES),
        disk=integer(record, "disk", most=_MOST_BYTES),
        processes=integer(record, "processes", most=_MOST_PROCESSES),
        received=number(record, "received", most=_MOST_RATE),
        sent=number(record, "sent", most=_MOST_RATE),
    )


def snapshot_record(snapshot: Snapshot) -> dict[str, Any]:
    """Describe a snapshot without its files."""
    return {
        "name": snapshot.name,
        "created_at": snapshot.created_at,
        "expires_at": snapshot.expires_at,
        "config": snapshot.config,
        "devices": snapshot.devices,
        "profiles": snapshot.profiles,
        "ephemeral": snapshot.ephemeral,
        "architecture": snapshot.architecture,
        "size": snapshot.size,
    }


def read_snapshot(record: Mapping[str, Any], name: str, files: FileSystem | None) -> Snapshot:
    """Read the description of a snapshot.

    Args:
        record: As :func:`snapshot_record` makes it.
        name: The name that was announced.
        files: Its files.

    Raises:
        StreamError: It makes no sense.
    """
    try:
        config = string_map(record.get("config"), "config")
        listed = record.get("devices")
        if not isinstance(listed, dict):
            raise StreamError("Unexpected devices in a migration record")
        devices = {key: string_map(value, "devices") for key, value in listed.items()}
    except ApiError as refusal:
        raise StreamError(refusal.text) from None
    error = config_error(config) or validation_error(devices)
    if error is not None:
        raise StreamError(error)
    profiles = record.get("profiles")
    if not isinstance(profiles, list) or not all(isinstance(item, str) for item in profiles):
        raise StreamError("Unexpected profiles in a migration record")
    architecture = text(record, "architecture", longest=_LONGEST_NAME)
    if record.get("name") != name or architecture not in ARCHITECTURES:
        raise StreamError("Unexpected snapshot in a migration record")
    return Snapshot(
        name=name,
        created_at=moment(record, "created_at"),
        expires_at=None if record.get("expires_at") is None else moment(record, "expires_at"),
        config=config,
        devices=devices,
        profiles=list(profiles),
        ephemeral=record.get("ephemeral") is True,
        architecture=architecture,
        size=integer(record, "size", most=_MOST_BYTES),
        filesystem=files,
    )


def read_snapshot_names(header: Mapping[str, Any]) -> list[str]:
    """Read which snapshots are announced.

    Raises:
        StreamError: These are no names of snapshots.
    """
    names = header.get("snapshots")
    if not isinstance(names, list) or len(names) > _MOST_SNAPSHOTS:
        raise StreamError("Unexpected snapshots in a migration record")
    for name in names:
        if text({"name": name}, "name", longest=_LONGEST_NAME) in {"", ".", ".."}:
            raise StreamError("Unexpected snapshots in a migration record")
        if "/" in name or " " in name or not name.isprintable():
            raise StreamError("Unexpected snapshots in a migration record")
    if len(set(names)) != len(names):
        raise StreamError("Unexpected snapshots in a migration record")
    return names
