"""The process of one private daemon, and ways to talk to it."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.lab.errors import LabError, LabUnavailableError, RequestError
from tests.lab.packages import Log, find_program
from tests.lab.process_tree import MARK
from tests.lab.rest import Rest

Kind = Literal["lxd", "incus"]

_START_TIMEOUT = 60.0
_STOP_TIMEOUT = 20.0
# The daemon looks for outside hosts when it starts: nothing may leave the machine.
_NO_OUTSIDE = {
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1,localhost",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Software:
    daemon: str
    client: str
    prefix: str
    """Of its environment variables."""


_SOFTWARE: dict[Kind, _Software] = {
    "lxd": _Software(daemon="lxd", client="lxc", prefix="LXD"),
    "incus": _Software(daemon="incusd", client="incus", prefix="INCUS"),
}


class DaemonProcess:
    """A private daemon on its own directory.

    Attributes:
        name: Its name within the lab, such as ``lxd2``.
        kind: ``lxd`` or ``incus``.
        folder: Everything of it; its log is ``daemon.log`` in there.
        socket: Its unix socket.
        server_certificate: The certificate (PEM) that it shows on HTTPS.
        https_url: Where it listens on HTTPS, such as ``https://127.0.0.1:40123``.
        version: What it says its version is.
        programs: A folder with programs for it that it would not find by itself.
    """

    def __init__(
        self,
        *,
        name: str,
        kind: Kind,
        folder: Path,
        lab_root: Path,
        log: Log,
        programs: Path | None = None,
    ) -> None:
        self.name = name
        self.kind = kind
        self.folder = folder
        self.socket = folder / "var" / "unix.socket"
        self.server_certificate = folder / "var" / "server.crt"
        self.https_url = ""
        self.version = ""
        self.programs = programs
        self._lab_root = lab_root
        self._log = log
        self._software = _SOFTWARE[kind]
        self._process: subprocess.Popen[bytes] | None = None
        self._paused = False

    # The process

    def start(self) -> None:
        """Starts it (again, with all that it holds) and waits until it answers.

        Raises:
            LabUnavailableError: It cannot run on this machine.
        """
        if self.is_running:
            return
        program = find_program(self._software.daemon)
        if program is None:
            raise LabUnavailableError(f"{self._software.daemon} is not installed")
        if os.geteuid() != 0:
            raise LabUnavailableError(f"only root can run {self._software.daemon}")
        environment = {**self.environment, **_NO_OUTSIDE, MARK: str(self._lab_root)}
        if self.programs is not None:
            environment["PATH"] = f"{self.programs}:{os.environ.get('PATH', os.defpath)}"
            # CRIU restores files without the mapping that a mount may have.
            environment[f"{self._software.prefix}_IDMAPPED_MOUNTS_DISABLE"] = "1"
        with (self.folder / "daemon.log").open("ab") as output:
            self._process = subprocess.Popen(
                [program, "--group", "root"],
                env=environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._paused = False
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT
        while time.monotonic() < deadline:
            if not self.is_running:
                break
            # Until it is ready it refuses connections, closes them, or says "daemon is starting".
            with contextlib.suppress(OSError, RequestError):
                self.request("GET", "/1.0/instances")
                return
            time.sleep(0.05)
        self.kill()
        log = (self.folder / "daemon.log").read_text(encoding="utf-8", errors="replace")
        end = "\n".join(log.splitlines()[-2:])
        raise LabUnavailableError(f"{self._software.daemon} does not start here:\n{end}")

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id.

        Raises:
            LabError: It does not run.
        """
        if self._process is None or self._process.poll() is not None:
            raise LabError(f"{self.name} does not run")
        return self._process.pid

    def kill(self) -> None:
        """Ends it at once (SIGKILL). Its containers stay up, and so do its socket and pid file."""
        self._end(signal.SIGKILL)

    def terminate(self) -> None:
        """Ends it in order (SIGTERM), containers stay up. Waits for running exec sessions."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        self.resume()
        self._process.send_signal(number)
        try:
            self._process.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_STOP_TIMEOUT)
            raise LabError(f"{self.name} did not end within {_STOP_TIMEOUT:.0f} s") from None
        finally:
            self._process = None

    def pause(self) -> None:
        """Stops it from answering (SIGSTOP), while connections to it still succeed."""
        threads = Path(f"/proc/{self.pid}/task")
        os.kill(self.pid, signal.SIGSTOP)
        self._paused = True
        # A thread that is at work on another core stops a moment later.
        while not all(_is_stopped(thread) for thread in threads.iterdir()):
            time.sleep(0.01)

    def resume(self) -> None:
        """Undoes `pause`."""
        if self._paused and self.is_running:
            os.kill(self.pid, signal.SIGCONT)
        self._paused = False

    # Talking to it

    def _write_client_settings(self) -> None:
        """Writes what the client would write at its first use, with advice on its error output."""
        settings = "default-remote: local\nremotes: {}\naliases: {}\n"
        (self.folder / "client" / "config.yml").write_text(settings, encoding="ascii")

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that make a client use this daemon."""
        prefix = self._software.prefix
        return {
            f"{prefix}_DIR": str(self.folder / "var"),
            f"{prefix}_CONF": str(self.folder / "client"),
        }

    @property
    def environment(self) -> dict[str, str]:
        """A whole environment for a client of this daemon, free of settings for other ones."""
        others = ("LXD_", "INCUS_")
        own = {key: value for key, value in os.environ.items() if not key.startswith(others)}
        return {**own, **self.variables}

    def client(
        self, *arguments: str, text_input: str = "", check: bool = True, timeout: float = 60.0
    ) -> str:
        """Runs ``lxc`` or ``incus`` against this daemon and returns what it prints.

        Raises:
            LabError: It ended with another status than 0, and `check` is set.
            subprocess.TimeoutExpired: It ran longer than `timeout` seconds.
        """
        done = subprocess.run(
            [self._software.client, *arguments],
            input=text_input,
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
            timeout=timeout,
        )
        if check and done.returncode != 0:
            command = " ".join((self._software.client, *arguments))
            raise LabError(f"{command} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: dict[str, str] | None = None,
        timeout: float = 120.0,
    ) -> Any:
        """One request over the unix socket, see `Rest.request`."""
        with Rest(self.socket, timeout) as rest:
            return rest.request(method, path, body, query=query)


def _is_stopped(thread: Path) -> bool:
    """Whether a thread is stopped by a signal, see proc_pid_stat(5)."""
    with contextlib.suppress(OSError):
        return (thread / "stat").read_text().rpartition(")")[2].split()[0] in "Tt"
    return True
