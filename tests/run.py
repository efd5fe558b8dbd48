"""Runs everything that is checked: format, lint, types, import contracts and all tests.

Needs Python with venv, and nothing else; the rest it fetches into ``.venv`` beside the package.
Arguments are passed on to pytest::

    python3 tests/run.py
    python3 tests/run.py -k terminal
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# What was installed, so that nothing is fetched again until it changes.
STAMP = VENV / "lxdtui-installed"
# Each process has daemons of its own, so that a module is whole in one of them.
_PARALLEL = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")
CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
)


def main(arguments: list[str]) -> int:
    """Runs it all; the exit status is 0 only when every part went well."""
    os.chdir(ROOT)
    if not prepare():
        return 1
    failed = [" ".join(check) for check in CHECKS if not run_check(check)]
    if failed:
        say(f"FAILED so far: {', '.join(failed)}")
    heading("pytest")
    # Nothing is printed after it: its closing line is the last one.
    return run_pytest(arguments) or (1 if failed else 0)


def prepare() -> bool:
    """Makes the environment, and installs what the real daemons need."""
    started = heading("environment")
    if not (make_environment() and install_packages()):
        return False
    say(f"{seconds(started)}, {VENV}")
    started = heading("system packages for real LXD and Incus daemons")
    status = subprocess.run([PYTHON, "-m", "tests.lab", "install"], check=False).returncode
    say(f"{'complete' if status == 0 else 'NOT COMPLETE, see above'}, {seconds(started)}")
    return True


def make_environment() -> bool:
    """Makes ``.venv`` with pip in it, unless it is there."""
    if PYTHON.exists() and quietly([PYTHON, "-m", "pip", "--version"], show=False):
        return True
    if shutil.which("apt-get") and os.geteuid() == 0 and not has_ensurepip():
        # Debian and Ubuntu keep what venv needs in a package of its own.
        say("apt-get install python3-venv")
        quietly(["apt-get", "-q", "update"])
        quietly(["apt-get", "-qy", "--no-install-recommends", "install", "python3-venv"])
    if not has_ensurepip():
        say("this Python has no ensurepip: install its venv package (python3-venv) and try again")
        return False
    return quietly([sys.executable, "-m", "venv", "--clear", VENV])


def has_ensurepip() -> bool:
    """Whether the Python in use can put pip into an environment."""
    return quietly([sys.executable, "-c", "import ensurepip"], show=False)


def install_packages() -> bool:
    """Installs the package and the tools for its development, when their list has changed."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted:
        return True
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    # Dependency groups need pip 25.1 or newer.
    if not quietly([*pip, "--upgrade", "pip"]):
        return False
    if not quietly([*pip, "--editable", ".[demo]", "--group", "dev"]):
        return False
    STAMP.write_text(wanted, encoding="ascii")
    return True


def run_check(command: tuple[str, ...]) -> bool:
    """Runs one of the tools of the environment."""
    started = heading(" ".join(command))
    environment = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    program = VENV / "bin" / command[0]
    done = subprocess.run([program, *command[1:]], env=environment, check=False)
    say(f"{'ok' if done.returncode == 0 else 'FAILED'}, {seconds(started)}")
    return done.returncode == 0


def run_pytest(arguments: list[str]) -> int:
    """Runs the tests; waits for them also when interrupted, as they have daemons to end."""
    with subprocess.Popen([PYTHON, "-m", "pytest", *_PARALLEL, *arguments]) as tests:
        # Ctrl+C reaches pytest without our help, a request to end does not.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: tests.terminate())
        return tests.wait()


def quietly(command: list[str | Path], *, show: bool = True) -> bool:
    """Runs `command` and shows what it printed only when it failed."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
        errors="replace",
    )
    if done.returncode != 0 and show:
        print(done.stdout, flush=True)
        say(f"FAILED: {' '.join(map(str, command))}")
    return done.returncode == 0


def heading(text: str) -> float:
    """Prints a heading and returns the time."""
    print(f"\n==> {text}", flush=True)
    return time.monotonic()


def seconds(started: float) -> str:
    return f"{time.monotonic() - started:.1f} s"


def say(text: str) -> None:
    print(f"    {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
