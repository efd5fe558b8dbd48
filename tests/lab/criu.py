"""CRIU for daemons of the lab that are to keep the memory of their containers.

The release may have one that is too old for the kernel, or none. So the one of a newer Debian is
unpacked with its own libraries into the cache folder, and nothing is installed.
"""

import os
import shutil
import subprocess
from pathlib import Path

from tests.lab.errors import LabUnavailableError
from tests.lab.packages import Log, codename
from tests.lab.roots import make_root, remove
from tests.lab.sources import Source, main_source, read_sources, stanza

_SUITE = "trixie"
_RECIPE = 1
"""Part of the cached folder's name: to be raised with every change of how it is made."""
_WRAPPER = """#!/bin/sh
# Runs CRIU with the libraries beside it, as containers without console and firewall need it.
images= is_directory= is_profile=
for argument in "$@"; do
    shift
    if [ -n "$is_profile" ]; then
        is_profile=
        continue
    fi
    if [ -n "$is_directory" ]; then
        images=$argument is_directory=
    fi
    case $argument in
    -D) is_directory=1 ;;
    # Profiles of AppArmor cannot be set where the kernel has none.
    --lsm-profile)
        is_profile=1
        continue
        ;;
    esac
    set -- "$@" "$argument"
done
prefix=@PREFIX@
set -- --library-path "$(echo "$prefix"/usr/lib/*-linux-gnu*)" "$prefix/usr/sbin/criu" "$@"
loader=$(echo "$prefix"/usr/lib/*-linux-gnu*/ld-linux-*.so.*)
case $4 in
dump)
    # What is said in there of the console would be asked for at the restoration.
    rm -f "$images/tty.info"
    set -- "$@" --network-lock skip
    ;;
restore)
    # The restored processes read their images as users of the container.
    chmod -R a+rX "$images"
    ;;
esac
exec "$loader" "$@"
"""


def criu_folder(log: Log = print) -> Path:
    """A folder with a program ``criu``, fetched when the cache does not hold it yet (8 MB).

    Raises:
        LabUnavailableError: It is not cached, and cannot be fetched here.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lxdtui-lab"
    folder = cache / f"criu-{_SUITE}-{_RECIPE}"
    if not folder.is_dir():
        source = main_source(read_sources(), codename())
        if source is None:
            raise LabUnavailableError("cannot fetch CRIU: no package source of this release")
        cache.mkdir(parents=True, exist_ok=True)
        log(f"fetching CRIU once, into {folder}")
        _fetch(source, folder)
    return folder / "bin"


def _fetch(source: Source, folder: Path) -> None:
    work = make_root()
    # Beside its place first: nobody sees half of it.
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}")
    try:
        unfinished.mkdir()
        for package in _download(source, work):
            _run("dpkg-deb", "-x", str(package), str(unfinished / "prefix"))
        wrapper = unfinished / "bin" / "criu"
        wrapper.parent.mkdir(parents=True)
        text = _WRAPPER.replace("@PREFIX@", str(folder / "prefix"))
        wrapper.write_text(text, encoding="ascii")
        wrapper.chmod(0o755)
        for parent in (folder.parent, unfinished):
            parent.chmod(0o755)
        unfinished.rename(folder)
    except OSError as error:
        raise LabUnavailableError(f"cannot fetch CRIU: {error}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        remove(work)


def _download(source: Source, work: Path) -> list[Path]:
    """The packages of CRIU and of all that it needs, as for a system that has nothing."""
    for folder in ("state/lists/partial", "cache/archives/partial", "sources"):
        (work / folder).mkdir(parents=True)
    (work / "state/status").touch()
    (work / "sources/criu.sources").write_text(stanza(source, _SUITE), encoding="utf-8")
    # Its own user could not come into the folder of the lab.
    settings = {
        "APT::Sandbox::User": "root",
        "Dir::State": work / "state",
        "Dir::State::status": work / "state/status",
        "Dir::Cache": work / "cache",
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": work / "sources",
    }
    options = [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]
    _run("apt-get", "-q", *options, "update")
    wanted = ("--no-install-recommends", "--download-only", "install", "criu")
    _run("apt-get", "-qy", *options, *wanted)
    return sorted((work / "cache/archives").glob("*.deb"))


def _run(*command: str) -> None:
    done = subprocess.run(
        command,
        env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        end = "\n".join(done.stdout.splitlines()[-8:])
        raise LabUnavailableError(f"cannot fetch CRIU: {command[0]} failed:\n{end}")
