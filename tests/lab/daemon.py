"""One private LXD or Incus daemon, set up and filled."""

import base64
import contextlib
import itertools
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from tests.lab.certificates import make_certificate
from tests.lab.errors import LabError, RequestError
from tests.lab.images import busybox_image, debian_image
from tests.lab.process import DaemonProcess
from tests.lab.rest import Rest, segment

_PORT_ATTEMPTS = 5
_Item = TypeVar("_Item")


class Daemon(DaemonProcess):
    """A private daemon with its own socket, port, storage pool and images."""

    def create(self) -> None:
        """Makes its directory, starts it and sets it up.

        Raises:
            LabUnavailableError: It cannot run on this machine.
        """
        for path in (self.folder, self.folder / "var", self.folder / "client"):
            path.mkdir(mode=0o711)
        self._write_client_settings()
        self.start()
        self.request("POST", "/1.0/storage-pools", {"name": "default", "driver": "dir"})
        root = {"type": "disk", "path": "/", "pool": "default"}
        self.request("PATCH", "/1.0/profiles/default", {"devices": {"root": root}})
        self.version = self.request("GET", "/1.0")["environment"]["server_version"]
        self._listen()
        self.import_image("busybox", busybox_image())

    def _listen(self) -> None:
        """Makes it listen on a free loopback port.

        A port that is taken is an error, but the daemon keeps the setting and then listens on any
        port of all addresses: unset it at once.
        """
        for _ in range(_PORT_ATTEMPTS):
            address = f"127.0.0.1:{_free_port()}"
            try:
                self.request("PATCH", "/1.0", {"config": {"core.https_address": address}})
            except RequestError:
                self.request("PATCH", "/1.0", {"config": {"core.https_address": ""}})
                continue
            self.https_url = f"https://{address}"
            return
        raise LabError(f"no free port for {self.name}")

    def import_image(self, alias: str, image: bytes) -> None:
        """Imports a unified image under `alias`."""
        metadata = self.request("POST", "/1.0/images", image, timeout=300)
        body = {"name": alias, "target": metadata["fingerprint"]}
        self.request("POST", "/1.0/images/aliases", body)

    def has_image(self, alias: str) -> bool:
        return f"/1.0/images/aliases/{alias}" in self.request("GET", "/1.0/images/aliases")

    def import_debian(self) -> None:
        """Imports the image ``debian``, unless it is there; builds it when this machine has none.

        Raises:
            LabUnavailableError: It cannot be built here.
        """
        if not self.has_image("debian"):
            self.import_image("debian", debian_image(self._log).read_bytes())

    def make_certificate(self, folder: Path, name: str = "client") -> tuple[Path, Path]:
        """Makes a client certificate in `folder`; the paths of certificate and key (PEM)."""
        return make_certificate(folder, name)

    def add_client_certificate(
        self, certificate: Path, *, name: str = "", projects: Sequence[str] | None = None
    ) -> None:
        """Lets the owner of `certificate` (PEM) in; only to `projects`, when given."""
        pem = certificate.read_text(encoding="ascii")
        body: dict[str, object] = {
            "type": "client",
            "name": name or certificate.stem,
            "certificate": base64.b64encode(ssl.PEM_cert_to_DER_cert(pem)).decode("ascii"),
        }
        if projects is not None:
            body |= {"restricted": True, "projects": list(projects)}
        self.request("POST", "/1.0/certificates", body)

    # Instances

    def launch(
        self,
        name: str,
        image: str = "busybox",
        *,
        start: bool = True,
        project: str = "default",
        config: Mapping[str, str] | None = None,
        devices: Mapping[str, Mapping[str, str]] | None = None,
        ephemeral: bool = False,
        description: str = "",
    ) -> None:
        """Creates an instance of `image` (a local alias) and starts it.

        The image ``debian`` is fetched first where it is not there yet. Projects other than the
        default one must share its images and profiles, or bring their own.
        """
        if image == "debian":
            self.import_debian()
        body = {
            "name": name,
            "type": "container",
            "source": {"type": "image", "alias": image},
            "config": dict(config or {}),
            "devices": {key: dict(device) for key, device in (devices or {}).items()},
            "ephemeral": ephemeral,
            "description": description,
        }
        self.request("POST", "/1.0/instances", body, query={"project": project})
        if start:
            self.set_state(name, "start", project=project)

    def set_state(
        self, name: str, action: str, *, project: str = "default", force: bool = False
    ) -> None:
        """Does `action` (start, stop, restart, freeze, unfreeze) to an instance and waits."""
        body = {"action": action, "timeout": 30, "force": force}
        path = f"/1.0/instances/{segment(name)}/state"
        self.request("PUT", path, body, query={"project": project})

    def exec(self, name: str, *command: str, text_input: str = "", check: bool = True) -> str:
        """Runs `command` in an instance of the default project and returns what it prints."""
        return self.client("exec", name, "--", *command, text_input=text_input, check=check)

    def status(self, name: str, *, project: str = "default") -> str:
        """What the daemon says the instance's status is, such as ``Running``."""
        path = f"/1.0/instances/{segment(name)}"
        return str(self.request("GET", path, query={"project": project})["status"])

    def instances(self, *, project: str = "default") -> list[str]:
        """The names of all instances of one project."""
        path = "/1.0/instances"
        found = self.request("GET", path, query={"recursion": "1", "project": project})
        return [str(instance["name"]) for instance in found]

    def add_nic(self, name: str, addresses: Sequence[str], *, device: str = "eth0") -> None:
        """Gives a running instance a nic without any network, and it these addresses inside.

        Args:
            name: The instance, in the default project.
            addresses: IPv4 or IPv6 with their prefix lengths; of documentation ranges such as
                ``198.51.100.7/24`` and ``2001:db8::7/64``.
            device: The name of the device and of the interface inside.
        """
        nic = {"type": "nic", "nictype": "p2p", "name": device}
        path = f"/1.0/instances/{segment(name)}"
        current = self.request("GET", path)
        description = current["description"]
        self.request("PATCH", path, {"devices": {device: nic}, "description": description})
        self.exec(name, "ip", "link", "set", device, "up")
        for address in addresses:
            self.exec(name, "ip", "addr", "add", address, "dev", device)

    def create_empty_fleet(
        self, count: int, prefix: str = "fleet-", *, parallel: int = 16
    ) -> list[str]:
        """Creates `count` stopped instances without any files; about 30 a second."""
        width = len(str(count - 1))
        names = [f"{prefix}{number:0{width}d}" for number in range(count)]

        def create(rest: Rest, name: str) -> None:
            body = {"name": name, "type": "container", "source": {"type": "none"}}
            rest.request("POST", "/1.0/instances", body)

        self._in_parallel(names, create, parallel)
        return names

    def delete_instances(self, names: Sequence[str], *, project: str = "default") -> None:
        """Stops by force and deletes those of `names` that exist."""

        def delete(rest: Rest, name: str) -> None:
            path = f"/1.0/instances/{segment(name)}"
            query = {"project": project}
            with contextlib.suppress(RequestError):  # It is stopped already, or gone.
                stop = {"action": "stop", "timeout": -1, "force": True}
                rest.request("PUT", f"{path}/state", stop, query=query)
            try:
                rest.request("DELETE", path, query=query)
            except RequestError as error:
                if error.code != 404:
                    raise

        self._in_parallel(names, delete, 16)

    def delete_all(self, prefix: str = "") -> None:
        """Deletes the instances of all projects whose names begin with `prefix`."""
        query = {"recursion": "1", "all-projects": "true"}
        names: dict[str, list[str]] = {}
        for instance in self.request("GET", "/1.0/instances", query=query):
            if instance["name"].startswith(prefix):
                names.setdefault(instance["project"], []).append(instance["name"])
        for project, found in names.items():
            self.delete_instances(found, project=project)

    def stop_everything(self) -> None:
        """Stops all instances and deletes all managed networks, so that nothing of the host's
        kernel is in use any more. The quick way out for a daemon that is to be thrown away.
        """
        query = {"recursion": "1", "all-projects": "true"}
        running = [
            (str(instance["name"]), str(instance["project"]))
            for instance in self.request("GET", "/1.0/instances", query=query)
            if instance["status"] != "Stopped"
        ]

        def stop(rest: Rest, instance: tuple[str, str]) -> None:
            path = f"/1.0/instances/{segment(instance[0])}/state"
            body = {"action": "stop", "timeout": -1, "force": True}
            with contextlib.suppress(RequestError):  # It has stopped by itself meanwhile.
                rest.request("PUT", path, body, query={"project": instance[1]})

        self._in_parallel(running, stop, 8)
        for network in self.request("GET", "/1.0/networks", query={"recursion": "1"}):
            if network["managed"]:
                with contextlib.suppress(RequestError):
                    self.request("DELETE", f"/1.0/networks/{segment(network['name'])}")

    def _in_parallel(
        self, items: Sequence[_Item], do: Callable[[Rest, _Item], None], parallel: int
    ) -> None:
        workers = max(1, min(parallel, len(items)))

        def work(share: Iterator[_Item]) -> None:
            with Rest(self.socket) as rest:
                for item in share:
                    do(rest, item)

        with ThreadPoolExecutor(workers) as pool:
            shares = [itertools.islice(items, start, None, workers) for start in range(workers)]
            for done in [pool.submit(work, share) for share in shares]:
                done.result()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
