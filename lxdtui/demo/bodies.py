"""JSON objects as LXD 5.0.2 sends them, made from the world."""

import ipaddress
from typing import Any

from lxdtui.demo.clock import UNIX_EPOCH, ZERO_TIME, format_timestamp
from lxdtui.demo.events import project_url
from lxdtui.demo.replies import entity_tag
from lxdtui.demo.world import (
    RUNNING,
    STATUS_WORDS,
    Alias,
    Devices,
    Image,
    Instance,
    Profile,
    Project,
    Snapshot,
    World,
)

_NO_ERRORS = {
    "errors_received": 0,
    "errors_sent": 0,
    "packets_dropped_outbound": 0,
    "packets_dropped_inbound": 0,
}
_BYTES_PER_PACKET = 640


def expanded(
    world: World, project: str, profiles: list[str], config: dict[str, str], devices: Devices
) -> tuple[dict[str, str], Devices]:
    """Configuration and devices with the profiles applied, the later one winning."""
    known = world.profiles_of(project)
    all_config: dict[str, str] = {}
    all_devices: Devices = {}
    for name in profiles:
        if name in known:
            all_config |= known[name].config
            all_devices |= known[name].devices
    return all_config | config, all_devices | devices


def instance_etag(instance: Instance) -> str:
    """The entity tag: neither the description nor the status is part of it."""
    return entity_tag(
        instance.architecture,
        instance.config,
        instance.devices,
        instance.ephemeral,
        instance.profiles,
    )


def instance_body(world: World, instance: Instance) -> dict[str, Any]:
    """The instance object without its state."""
    config, devices = expanded(
        world, instance.project, instance.profiles, instance.config, instance.devices
    )
    last_used = instance.last_used_at
    return {
        "architecture": instance.architecture,
        "config": instance.config,
        "devices": instance.devices,
        "ephemeral": instance.ephemeral,
        "profiles": instance.profiles,
        "stateful": False,
        "description": instance.description,
        "created_at": format_timestamp(instance.created_at),
        "expanded_config": config,
        "expanded_devices": devices,
        "name": instance.name,
        "status": STATUS_WORDS[instance.status_code],
        "status_code": instance.status_code,
        "last_used_at": UNIX_EPOCH if last_used is None else format_timestamp(last_used),
        "location": "none",
        "type": instance.type,
        "project": instance.project,
    }


def full_instance_body(world: World, instance: Instance, now: float) -> dict[str, Any]:
    """The instance object with state, snapshots and backups."""
    snapshots = [snapshot_body(world, instance, item) for item in instance.snapshots.values()]
    return instance_body(world, instance) | {
        "backups": None,
        "state": state_body(instance, now),
        "snapshots": snapshots or None,
    }


def state_body(instance: Instance, now: float) -> dict[str, Any]:
    """Measured run-time data."""
    body: dict[str, Any] = {
        "status": STATUS_WORDS[instance.status_code],
        "status_code": instance.status_code,
        "disk": {"root": {"usage": instance.load.disk}},
        "memory": {"usage": 0, "usage_peak": 0, "swap_usage": 0, "swap_usage_peak": 0},
        "network": None,
        "pid": 0,
        "processes": 0,
        "cpu": {"usage": 0},
    }
    if not instance.is_running:
        return body
    moment = now if instance.status_code == RUNNING else instance.thawed_at
    load, since = instance.load, instance.thawed_at
    memory = load.memory_bytes(moment)
    body["memory"] |= {"usage": memory, "usage_peak": max(memory, int(load.memory * 1.08))}
    body["network"] = _network_body(instance, moment)
    body["pid"] = instance.pid
    body["processes"] = load.processes + len(instance.commands)
    body["cpu"] = {"usage": instance.cpu_before + load.cpu_nanoseconds(since, moment)}
    return body


def _network_body(instance: Instance, moment: float) -> dict[str, Any]:
    since, load = instance.thawed_at, instance.load
    received = instance.received_before + load.bytes_received(since, moment)
    sent = instance.sent_before + load.bytes_sent(since, moment)
    interfaces: dict[str, Any] = {}
    for index, (name, addresses) in enumerate(instance.addresses.items()):
        hwaddr = instance.config.get(f"volatile.{name}.hwaddr", "00:16:3e:00:00:01")
        interfaces[name] = {
            "addresses": [_address_body(item, "global") for item in addresses]
            + [_address_body(_link_local(hwaddr), "link")],
            "counters": _counters(received if index == 0 else 0, sent if index == 0 else 0),
            "hwaddr": hwaddr,
            "host_name": instance.config.get(f"volatile.{name}.host_name", ""),
            "mtu": 1500,
            "state": "up",
            "type": "broadcast",
        }
    interfaces["lo"] = {
        "addresses": [_address_body("127.0.0.1/8", "local"), _address_body("::1/128", "local")],
        "counters": _counters(received // 50, received // 50),
        "hwaddr": "",
        "host_name": "",
        "mtu": 65536,
        "state": "up",
        "type": "loopback",
    }
    return interfaces


def _counters(received: int, sent: int) -> dict[str, int]:
    return {
        "bytes_received": received,
        "bytes_sent": sent,
        "packets_received": received // _BYTES_PER_PACKET,
        "packets_sent": sent // _BYTES_PER_PACKET,
        **_NO_ERRORS,
    }


def _address_body(text: str, scope: str) -> dict[str, str]:
    interface = ipaddress.ip_interface(text)
    return {
        "family": "inet" if interface.version == 4 else "inet6",
        "address": str(interface.ip),
        "netmask": str(interface.network.prefixlen),
        "scope": scope,
    }


def _link_local(hwaddr: str) -> str:
    octets = [int(part, 16) for part in hwaddr.split(":")]
    octets[0] ^= 2
    tail = bytes([*octets[:3], 0xFF, 0xFE, *octets[3:]])
    return f"{ipaddress.IPv6Address(bytes([0xFE, 0x80]) + bytes(6) + tail)}/64"


def snapshot_etag(snapshot: Snapshot) -> str:
    """The entity tag: only the expiry can change."""
    return entity_tag(snapshot.expires_at)


def snapshot_body(world: World, instance: Instance, snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot object."""
    config, devices = expanded(
        world, instance.project, snapshot.profiles, snapshot.config, snapshot.devices
    )
    expires = snapshot.expires_at
    return {
        "expires_at": ZERO_TIME if expires is None else format_timestamp(expires),
        "architecture": snapshot.architecture,
        "config": snapshot.config,
        "created_at": format_timestamp(snapshot.created_at),
        "devices": snapshot.devices,
        "ephemeral": snapshot.ephemeral,
        "expanded_config": config,
        "expanded_devices": devices,
        "last_used_at": ZERO_TIME,
        "name": snapshot.name,
        "profiles": snapshot.profiles,
        "stateful": False,
        "size": snapshot.size,
    }


def profile_etag(profile: Profile) -> str:
    """The entity tag of a profile."""
    return entity_tag(profile.config, profile.description, profile.devices)


def profile_body(world: World, project: str, profile: Profile) -> dict[str, Any]:
    """The profile object."""
    users = [
        project_url(instance.url, instance.project)
        for instance in world.all_instances()
        if profile.name in instance.profiles
        and world.profiles_of(instance.project) is world.profiles_of(project)
    ]
    return {
        "config": profile.config,
        "description": profile.description,
        "devices": profile.devices,
        "name": profile.name,
        "used_by": users,
    }


def project_etag(project: Project) -> str:
    """The entity tag of a project."""
    return entity_tag(project.config, project.description)


def project_body(world: World, project: Project) -> dict[str, Any]:
    """The project object."""
    users = [project_url(item.url, project.name) for item in project.instances.values()]
    users += [project_url(f"/1.0/profiles/{name}", project.name) for name in project.profiles]
    if project.name == "default":
        users += [f"/1.0/images/{fingerprint}" for fingerprint in world.images]
    return {
        "config": project.config,
        "description": project.description,
        "name": project.name,
        "used_by": users,
    }


def image_etag(image: Image) -> str:
    """The entity tag of an image."""
    return entity_tag(image.public, image.auto_update, image.properties)


def image_body(world: World, image: Image) -> dict[str, Any]:
    """The image object."""
    last_used = image.last_used_at
    body: dict[str, Any] = {
        "auto_update": image.auto_update,
        "properties": image.properties,
        "public": image.public,
        "expires_at": UNIX_EPOCH,
        "profiles": ["default"],
        "aliases": [
            {"name": alias.name, "description": alias.description}
            for alias in world.aliases.values()
            if alias.target == image.fingerprint
        ],
        "architecture": image.architecture,
        "cached": image.cached,
        "filename": image.filename,
        "fingerprint": image.fingerprint,
        "size": image.size,
        "type": image.type,
        "created_at": format_timestamp(image.created_at),
        "last_used_at": ZERO_TIME if last_used is None else format_timestamp(last_used),
        "uploaded_at": format_timestamp(image.uploaded_at),
    }
    if image.update_source is not None:
        body["update_source"] = image.update_source
    return body


def alias_body(world: World, alias: Alias) -> dict[str, str]:
    """The alias object."""
    image = world.images.get(alias.target)
    return {
        "description": alias.description,
        "target": alias.target,
        "name": alias.name,
        "type": "container" if image is None else image.type,
    }
