"""Builds the images of the lab: a busybox one in a moment, a Debian one once per machine."""

import io
import json
import os
import platform
import shutil
import subprocess
import tarfile
from pathlib import Path

from tests.lab.errors import LabUnavailableError
from tests.lab.packages import DEBOOTSTRAP, Log, codename, find_static_busybox, install
from tests.lab.process_tree import MARK
from tests.lab.roots import make_root, remove
from tests.lab.sources import main_source, read_sources

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_INITTAB = "::respawn:/bin/sleep 3600\n"
_FILES = {
    "etc/inittab": _INITTAB,
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "etc/hostname": "busybox\n",
    "etc/os-release": 'NAME="Busybox"\nID=busybox\nPRETTY_NAME="Busybox of the lab"\n',
}
_FOLDERS = ("bin", "dev", "etc", "proc", "root", "run", "sbin", "sys", "tmp", "usr", "var")
_DEBIAN_PACKAGES = (
    "procps",
    "vim-tiny",
    "less",
    "nano",
    "htop",
    "mc",
    "tmux",
    "screen",
    "iproute2",
)
_DEBIAN_BALLAST = (
    "usr/share/doc",
    "usr/share/locale",
    "usr/share/man",
    "usr/share/zoneinfo",
    "var/cache/apt",
    "var/cache/debconf",
    "var/lib/apt/lists",
)
_PARTS = ("metadata.yaml", "rootfs")
_DEBIAN_RECIPE = 3
"""Part of the cached file's name: to be raised with every change of how it is built."""


def architecture() -> str:
    """Debian's name for the architecture of this machine."""
    machine = platform.machine()
    return _ARCHITECTURES.get(machine, machine)


def _metadata(description: str) -> bytes:
    properties = {"description": description, "os": description, "architecture": architecture()}
    # JSON is YAML.
    return json.dumps(
        {"architecture": platform.machine(), "creation_date": 1700000000, "properties": properties}
    ).encode()


def busybox_image() -> bytes:
    """A unified image (gzipped tar) that holds one static busybox under all its names.

    Raises:
        LabUnavailableError: There is no static busybox on this machine.
    """
    busybox = find_static_busybox()
    if busybox is None:
        raise LabUnavailableError("no static busybox: install the package busybox-static")
    listed = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as tar:
        _add(tar, "metadata.yaml", _metadata("Busybox"))
        for folder in ("", *_FOLDERS):
            mode = 0o1777 if folder == "tmp" else 0o755
            _add_special(tar, f"rootfs/{folder}".rstrip("/"), tarfile.DIRTYPE, mode=mode)
        _add(tar, "rootfs/bin/busybox", busybox.read_bytes(), mode=0o755)
        for name in sorted(set(listed.stdout.split()) - {"busybox"}):
            _add_special(tar, f"rootfs/bin/{name}", tarfile.SYMTYPE, target="busybox")
        _add_special(tar, "rootfs/sbin/init", tarfile.SYMTYPE, target="../bin/busybox")
        for name, text in _FILES.items():
            _add(tar, f"rootfs/{name}", text.encode())
    return buffer.getvalue()


def _add(tar: tarfile.TarFile, name: str, data: bytes, mode: int = 0o644) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    member.mode = mode
    tar.addfile(member, io.BytesIO(data))


def _add_special(
    tar: tarfile.TarFile, name: str, kind: bytes, *, target: str = "", mode: int = 0o777
) -> None:
    member = tarfile.TarInfo(name)
    member.type = kind
    member.linkname = target
    member.mode = mode
    tar.addfile(member)


def debian_image(log: Log = print) -> Path:
    """The path of a unified Debian image, built when the cache does not hold it yet.

    It has bash, vim, less, nano, htop, mc, tmux and screen, and busybox for its init. Building
    takes about 40 s and takes 100 MB in the cache folder.

    Raises:
        LabUnavailableError: It is not cached, and cannot be built here.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lxdtui-lab"
    image = cache / f"debian-{codename()}-{architecture()}-{_DEBIAN_RECIPE}.tar"
    if image.is_file():
        return image
    missing = install((DEBOOTSTRAP,), log)
    source = main_source(read_sources(), codename())
    busybox = find_static_busybox()
    if missing or source is None or busybox is None:
        raise LabUnavailableError(
            "cannot build the Debian image: "
            + (missing[0] if missing else "no package source of this release, or no busybox")
        )
    cache.mkdir(parents=True, exist_ok=True)
    log(f"building the Debian image once, into {image}")
    folder = make_root()
    try:
        _debootstrap(folder, source.uri, busybox)
        packed = folder / "image.tar"
        _run(folder, "tar", "--numeric-owner", "-C", str(folder), "-cf", str(packed), *_PARTS)
        for outdated in cache.glob(f"{image.stem.rpartition('-')[0]}-*.tar"):
            outdated.unlink()
        # Beside its place first, which may be on another disk: nobody sees half an image.
        unfinished = image.with_suffix(f".{os.getpid()}")
        shutil.move(packed, unfinished)
        unfinished.replace(image)
    finally:
        remove(folder)
    return image


def _debootstrap(folder: Path, mirror: str, busybox: Path) -> None:
    root = folder / "rootfs"
    include = f"--include={','.join(_DEBIAN_PACKAGES)}"
    _run(folder, "debootstrap", "--variant=minbase", include, codename(), str(root), mirror)
    for path in _DEBIAN_BALLAST:
        shutil.rmtree(root / path, ignore_errors=True)
        (root / path).mkdir()
    shutil.copy2(busybox, root / "usr/sbin/init")
    (root / "etc/inittab").write_text(_INITTAB, encoding="ascii")
    (root / "etc/hostname").write_text("debian\n", encoding="ascii")
    (folder / "metadata.yaml").write_bytes(_metadata("Debian"))


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(
        command,
        env={**os.environ, MARK: str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        end = "\n".join(done.stdout.splitlines()[-8:])
        raise LabUnavailableError(f"{command[0]} failed:\n{end}")
