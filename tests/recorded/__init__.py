"""Answers of real servers, as they came, cut to what the tests need.

Each folder is named by server and version. A file holds the HTTP status, the
body and, where they matter, the headers; ``errors.json`` holds the answers to
requests that went wrong, by name, with the answer to ``/wait`` where there was
an operation; ``events.jsonl`` holds frames of the event stream in the order in
which they came.
"""

import json
from pathlib import Path
from typing import Any

SERVERS = ("lxd-5.0.2", "incus-6.0.4")

_HERE = Path(__file__).parent


def answer(server: str, name: str) -> dict[str, Any]:
    """The recorded answer: ``status``, ``body`` and perhaps ``headers``."""
    found: dict[str, Any] = json.loads((_HERE / server / f"{name}.json").read_text("utf-8"))
    return found


def metadata(server: str, name: str) -> Any:
    """What the recorded answer is about."""
    return answer(server, name)["body"]["metadata"]


def events(server: str, kind: str = "") -> list[dict[str, Any]]:
    """The recorded frames of the event stream, of one kind or of all."""
    text = (_HERE / server / "events.jsonl").read_text("utf-8")
    frames = [json.loads(line) for line in text.splitlines()]
    return [frame for frame in frames if not kind or frame["type"] == kind]
