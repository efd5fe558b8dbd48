"""Who may import whom, as the contracts in pyproject.toml say, and what that keeps out."""

import functools
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

_IMPORT = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@functools.cache
def _loaded_by(*modules: str) -> set[str]:
    """The top-level packages that are loaded once these modules are."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, *modules],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(json.loads(done.stdout))


def test_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("modules", "absent"),
    [
        (("lxdtui.model", "lxdtui.store"), {"httpx", "websockets", "textual", "aiohttp", "pyte"}),
        (("lxdtui.store.select",), {"httpx", "websockets", "textual", "aiohttp", "asyncio"}),
        (("lxdtui.terminal",), {"httpx", "websockets", "textual", "aiohttp", "asyncio"}),
        # httpx brings rich along for its own command line, where that is installed.
        (("lxdtui.api",), {"textual", "pyte", "aiohttp"}),
        (("lxdtui.services",), {"textual", "pyte", "aiohttp"}),
        (("lxdtui.demo",), {"httpx", "websockets", "textual", "rich", "pyte"}),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, tuple) else "",
)
def test_layer_runs_without_what_it_may_not_need(
    modules: tuple[str, ...], absent: set[str]
) -> None:
    assert not _loaded_by(*modules) & absent


def test_probe_sees_what_is_loaded() -> None:
    assert {"httpx", "websockets", "asyncio"} <= _loaded_by("lxdtui.api")
