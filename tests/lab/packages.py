"""Installs what the lab needs, where it may: as root on Debian or Ubuntu."""

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.sources import backports_stanza, main_source, read_sources

Log = Callable[[str], None]

# Daemons live outside PATH in some packages.
_DAEMON_FOLDERS = "/usr/libexec/incus:/usr/lib/incus:/usr/sbin:/opt/incus/bin"
_POLICY = Path("/usr/sbin/policy-rc.d")
_INSTALL_TIMEOUT = 900


def find_program(name: str) -> Path | None:
    """Where the program `name` is, also when it is in a place of daemons outside PATH."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{_DAEMON_FOLDERS}")
    return Path(found) if found else None


def find_static_busybox() -> Path | None:
    """A busybox that needs no libraries, so that it can be the whole of a container."""
    busybox = find_program("busybox")
    if busybox is None:
        return None
    # ldd fails for a program without libraries: the case wanted here.
    linked = subprocess.run(["ldd", busybox], capture_output=True, check=False)
    return busybox if linked.returncode != 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something the lab needs, and the Debian packages that bring it."""

    what: str
    packages: tuple[str, ...]
    present: Callable[[], bool]
    backports: bool = False
    debian_only: bool = False
    """Ubuntu's package of that name is only a pointer to a snap."""


def _programs(*names: str) -> Callable[[], bool]:
    return lambda: all(find_program(name) is not None for name in names)


NEEDS = (
    Need(
        what="busybox (the small image)",
        packages=("busybox-static",),
        present=lambda: find_static_busybox() is not None,
    ),
    Need(what="tmux (end-to-end tests)", packages=("tmux",), present=_programs("tmux")),
    Need(
        what="LXD",
        packages=("lxd", "lxd-client"),
        present=_programs("lxd", "lxc"),
        debian_only=True,
    ),
    Need(
        what="Incus",
        packages=("incus-base", "incus-client"),
        present=_programs("incusd", "incus"),
        backports=True,
    ),
)
DEBOOTSTRAP = Need(
    what="debootstrap (the Debian image)",
    packages=("debootstrap",),
    present=_programs("debootstrap"),
)


def install(needs: tuple[Need, ...] = NEEDS, log: Log = print) -> list[str]:
    """Installs those of `needs` that are missing.

    Returns:
        What is still missing afterwards, one line each with the reason; empty when all is there.
    """
    missing = [need for need in needs if not need.present()]
    if not missing:
        return []
    reason = _why_not()
    if reason:
        return [f"{need.what}: not installed here, {reason}" for need in missing]
    return _Installer(log=log).install(missing)


def _why_not() -> str:
    if os.geteuid() != 0:
        return "and only root may install packages"
    if not codename() or not shutil.which("apt-get"):
        return "and this is neither Debian nor Ubuntu"
    return ""


def _release() -> dict[str, str]:
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def codename() -> str:
    """The name of the installed release, as used in package sources; empty when unknown."""
    return _release().get("VERSION_CODENAME", "")


@dataclass(slots=True, kw_only=True)
class _Installer:
    log: Log
    _options: list[str] = field(default_factory=list)

    def install(self, missing: list[Need]) -> list[str]:
        left_out: list[str] = []
        self.log("apt-get update")
        with _no_service_starts():
            error = self._apt("update")
            if error:
                self.log(f"apt-get update failed, going on with what it knows: {error}")
            for need in missing:
                error = self._install(need)
                if not error and not need.present():
                    error = "installed, but still not usable"
                if error:
                    left_out.append(f"{need.what}: {error}")
        return left_out

    def _install(self, need: Need) -> str:
        if need.debian_only and _release().get("ID") != "debian":
            return "this distribution has no package of it"
        candidates = [self._candidate(package) for package in need.packages]
        if all(candidates):
            # A candidate that is itself a backport needs the libraries of its suite as well.
            suite = f"{codename()}-backports" if "~bpo" in "".join(candidates) else ""
            return self._install_packages(need, suite)
        if need.backports:
            return self._install_from_backports(need)
        return f"no package {' or '.join(need.packages)} in the sources of this system"

    def _install_packages(self, need: Need, suite: str = "") -> str:
        self.log(f"apt-get install {' '.join(need.packages)}" + (f" from {suite}" if suite else ""))
        target = ["-t", suite] if suite else []
        return self._apt("install", "-y", "--no-install-recommends", *target, *need.packages)

    def _install_from_backports(self, need: Need) -> str:
        source = main_source(read_sources(), codename())
        if source is None:
            return f"no package source for {codename()} found, so none derived for its backports"
        # A copy of the system's sources with one more beside them: /etc/apt stays as it is.
        with tempfile.TemporaryDirectory(prefix="lxdtui-lab-apt-") as folder:
            parts = Path(folder)
            parts.chmod(0o755)
            for path in Path("/etc/apt/sources.list.d").iterdir():
                if path.suffix in {".list", ".sources"}:
                    shutil.copy(path, parts)
            (parts / "lxdtui-lab.sources").write_text(backports_stanza(source), encoding="utf-8")
            self._options = ["-o", f"Dir::Etc::sourceparts={parts}"]
            try:
                return self._apt("update") or self._install_packages(
                    need, suite=f"{source.suite}-backports"
                )
            finally:
                self._options = []

    @staticmethod
    def _candidate(package: str) -> str:
        """The version that would be installed, empty when there is none."""
        policy = subprocess.run(
            ["apt-cache", "policy", package],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
        for line in policy.stdout.splitlines():
            key, _, value = line.strip().partition(": ")
            if key == "Candidate" and value != "(none)":
                return value
        return ""

    def _apt(self, *arguments: str) -> str:
        """Runs apt-get; the last lines of what it said when it failed, else empty."""
        command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *self._options, *arguments]
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                env=environment,
                check=False,
                timeout=_INSTALL_TIMEOUT,
            )
        except subprocess.TimeoutExpired:
            return f"{' '.join(command)} did not end within {_INSTALL_TIMEOUT} s"
        if done.returncode == 0:
            return ""
        return f"{' '.join(command)} failed:\n" + "\n".join(done.stdout.splitlines()[-8:])


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Keeps packages from starting services: the lab starts its own, private ones."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)
