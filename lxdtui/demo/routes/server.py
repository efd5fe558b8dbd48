"""The server itself, its resources, storage pools, networks, cluster, warnings and certificates."""

from typing import Any

from aiohttp import web

from lxdtui.demo.daemon import MIB, Daemon
from lxdtui.demo.events import project_url
from lxdtui.demo.extensions import API_EXTENSIONS
from lxdtui.demo.replies import (
    ApiError,
    check_entity_tag,
    entity_tag,
    read_object,
    recursion_depth,
    string_map,
    sync_reply,
)
from lxdtui.demo.routes.common import route

GIB = 1024 * MIB
CPU_THREADS = 16
MEMORY_TOTAL = 64 * GIB
POOL_TOTAL = 900 * GIB
_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nZGVtbw==\n-----END CERTIFICATE-----\n"
_FINGERPRINT = "d3" * 32


class ServerRoutes:
    """Handlers of the server-wide paths.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        return [
            route("GET", "/", self.get_versions),
            route("GET", "/1.0", self.get_server),
            route("PUT", "/1.0", self.put_server),
            route("PATCH", "/1.0", self.patch_server),
            route("GET", "/1.0/resources", self.get_resources),
            route("GET", "/1.0/storage-pools", self.list_pools),
            route("GET", "/1.0/storage-pools/{name}", self.get_pool),
            route("GET", "/1.0/storage-pools/{name}/resources", self.get_pool_resources),
            route("GET", "/1.0/networks", self.list_networks),
            route("GET", "/1.0/networks/{name}", self.get_network),
            route("GET", "/1.0/cluster", self.get_cluster),
            route("GET", "/1.0/cluster/members", self.list_members),
            route("GET", "/1.0/warnings", self.list_nothing),
            route("GET", "/1.0/certificates", self.list_nothing),
        ]

    async def get_versions(self, _request: web.Request) -> web.Response:
        """``GET /``."""
        return sync_reply(["/1.0"])

    async def get_server(self, request: web.Request) -> web.Response:
        """``GET /1.0``."""
        config = self._daemon.world.server_config
        body = {
            "config": config,
            "api_extensions": API_EXTENSIONS,
            "api_status": "stable",
            "api_version": "1.0",
            "auth": "trusted",
            "public": False,
            "auth_methods": ["tls"],
            "environment": _environment(request.query.get("project") or "default"),
        }
        return sync_reply(body, etag=entity_tag(config))

    async def put_server(self, request: web.Request) -> web.Response:
        """``PUT /1.0``: replace the server configuration."""
        return await self._configure(request, replace=True)

    async def patch_server(self, request: web.Request) -> web.Response:
        """``PATCH /1.0``: merge into the server configuration."""
        return await self._configure(request, replace=False)

    async def _configure(self, request: web.Request, *, replace: bool) -> web.Response:
        world = self._daemon.world
        check_entity_tag(request, entity_tag(world.server_config))
        body = await read_object(request)
        changes = string_map(body.get("config"), "ServerPut.config")
        merged = changes if replace else world.server_config | changes
        world.server_config = {key: value for key, value in merged.items() if value}
        self._daemon.events.lifecycle("config-updated", "/1.0", project="default", requestor=True)
        return sync_reply({})

    async def get_resources(self, _request: web.Request) -> web.Response:
        """``GET /1.0/resources``."""
        cores = [
            {
                "core": index,
                "die": 0,
                "threads": [
                    {
                        "id": index * 2 + thread,
                        "numa_node": 0,
                        "thread": thread,
                        "online": True,
                        "isolated": False,
                    }
                    for thread in range(2)
                ],
            }
            for index in range(CPU_THREADS // 2)
        ]
        used = sum(
            instance.load.memory
            for instance in self._daemon.world.all_instances()
            if instance.is_running
        )
        memory = {"used": min(used, MEMORY_TOTAL), "total": MEMORY_TOTAL}
        hugepages = {"hugepages_used": 0, "hugepages_total": 0}
        socket = {"name": "Demo CPU", "vendor": "Demo", "socket": 0, "cache": [], "cores": cores}
        return sync_reply(
            {
                "cpu": {"architecture": "x86_64", "sockets": [socket], "total": CPU_THREADS},
                "memory": {
                    "nodes": [{"numa_node": 0, **hugepages, **memory}],
                    **hugepages,
                    "hugepages_size": 2 * MIB,
                    **memory,
                },
                "gpu": {"cards": [], "total": 0},
                "network": {"cards": [], "total": 0},
                "storage": {"disks": [], "total": 0},
                "usb": {"devices": [], "total": 0},
                "pci": {"devices": [], "total": 0},
                "system": {"uuid": "", "vendor": "Demo", "product": "", "type": "physical"},
            }
        )

    async def list_pools(self, request: web.Request) -> web.Response:
        """``GET /1.0/storage-pools``."""
        if recursion_depth(request):
            return sync_reply([self._pool_body()])
        return sync_reply(["/1.0/storage-pools/default"])

    async def get_pool(self, request: web.Request) -> web.Response:
        """``GET /1.0/storage-pools/NAME``."""
        _require(request, ("default",), "Storage pool not found")
        return sync_reply(self._pool_body())

    async def get_pool_resources(self, request: web.Request) -> web.Response:
        """``GET /1.0/storage-pools/NAME/resources``."""
        _require(request, ("default",), "Storage pool not found")
        used = sum(instance.load.disk for instance in self._daemon.world.all_instances())
        return sync_reply(
            {
                "space": {"used": min(used, POOL_TOTAL), "total": POOL_TOTAL},
                "inodes": {"used": 0, "total": 0},
            }
        )

    def _pool_body(self) -> dict[str, Any]:
        users = [
            project_url(instance.url + path, instance.project)
            for instance in self._daemon.world.all_instances()
            for path in ("", *(f"/snapshots/{name}" for name in instance.snapshots))
        ]
        return {
            "config": {"source": "/dev/nvme0n1p3"},
            "description": "",
            "name": "default",
            "driver": "btrfs",
            "used_by": [*users, "/1.0/profiles/default"],
            "status": "Created",
            "locations": ["none"],
        }

    async def list_networks(self, request: web.Request) -> web.Response:
        """``GET /1.0/networks``."""
        if recursion_depth(request):
            return sync_reply([self._network_body(name) for name in ("lo", "enp3s0", "lxdbr0")])
        return sync_reply([f"/1.0/networks/{name}" for name in ("lo", "enp3s0", "lxdbr0")])

    async def get_network(self, request: web.Request) -> web.Response:
        """``GET /1.0/networks/NAME``."""
        name = _require(request, ("lo", "enp3s0", "lxdbr0"), "Network not found")
        body = self._network_body(name)
        return sync_reply(body, etag=entity_tag(body["config"], body["description"]))

    def _network_body(self, name: str) -> dict[str, Any]:
        managed = name == "lxdbr0"
        users = [
            project_url(instance.url, instance.project)
            for instance in self._daemon.world.all_instances()
        ]
        config = {
            "ipv4.address": "10.20.4.1/24",
            "ipv4.nat": "true",
            "ipv6.address": "fd42:9c1:4::1/64",
            "ipv6.nat": "true",
        }
        kinds = {"lo": "loopback", "enp3s0": "physical", "lxdbr0": "bridge"}
        return {
            "config": config if managed else {},
            "description": "",
            "name": name,
            "type": kinds[name],
            "used_by": [*users, "/1.0/profiles/default"] if managed else [],
            "managed": managed,
            "status": "Created" if managed else "",
            "locations": ["none"] if managed else None,
        }

    async def get_cluster(self, _request: web.Request) -> web.Response:
        """``GET /1.0/cluster``."""
        body = {"server_name": "", "enabled": False, "member_config": []}
        return sync_reply(body, etag=entity_tag(body))

    async def list_members(self, _request: web.Request) -> web.Response:
        """``GET /1.0/cluster/members``: this server stands alone."""
        raise ApiError(500, "Server is not clustered")

    async def list_nothing(self, _request: web.Request) -> web.Response:
        """A collection that is empty here."""
        return sync_reply([])


def _require(request: web.Request, names: tuple[str, ...], error: str) -> str:
    name = request.match_info["name"]
    if name not in names:
        raise ApiError(404, error)
    return name


def _environment(project: str) -> dict[str, Any]:
    return {
        "addresses": ["192.0.2.10:8443"],
        "architectures": ["x86_64", "i686"],
        "certificate": _CERTIFICATE,
        "certificate_fingerprint": _FINGERPRINT,
        "driver": "lxc | qemu",
        "driver_version": "5.0.2 | 7.2.15",
        "firewall": "nftables",
        "kernel": "Linux",
        "kernel_architecture": "x86_64",
        "kernel_features": {"idmapped_mounts": "true", "seccomp_listener": "true"},
        "kernel_version": "6.1.0-28-amd64",
        "lxc_features": {"cgroup2": "true", "pidfd": "true"},
        "os_name": "Debian GNU/Linux",
        "os_version": "12",
        "project": project,
        "server": "lxd",
        "server_clustered": False,
        "server_event_mode": "full-mesh",
        "server_name": "demo",
        "server_pid": 1204,
        "server_version": "5.0.2",
        "storage": "btrfs",
        "storage_version": "6.2",
        "storage_supported_drivers": [
            {"Name": "btrfs", "Version": "6.2", "Remote": False},
            {"Name": "dir", "Version": "1", "Remote": False},
        ],
    }
