"""The interface on the fake fleet, to be looked at: ``python -m tests.ui.fake_app [STATE]``."""

import sys
from dataclasses import replace

from lxdtui.errors import ConnectionFailed, ConnectionProblem, OperationFailed, Unauthorized
from lxdtui.services.transfers import TransferState
from lxdtui.store import LinkState
from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.theme import ASCII, DARK, LIGHT, UNICODE
from tests.ui.fake import CLOCK, FakeFleet, FakeRemote, production
from tests.ui.transfers import QUESTION, some

_SOCKET = FakeRemote(name="local", place="unix:/var/lib/incus/unix.socket")

_NOWHERE = FakeRemote(
    name="local",
    place="unix:/var/snap/lxd/common/lxd/unix.socket",
    searched=(
        "/var/snap/lxd/common/lxd/unix.socket",
        "/var/lib/lxd/unix.socket",
        "/var/lib/incus/unix.socket",
    ),
)


def fleet_for(state: str) -> FakeFleet:
    """Return a fleet in a state.

    Args:
        state: ``full``, ``demo``, ``empty``, ``loading``, ``lost``, ``none``,
            ``denied``, ``untrusted``, ``failing``, ``copying``, ``asking``.
    """
    match state:
        case "demo":
            return production(FakeRemote(name="demo", is_demo=True))
        case "empty":
            fleet = FakeFleet()
            fleet.live()
        case "loading":
            fleet = FakeFleet()
            fleet.link(LinkState.CONNECTING)
        case "lost":
            fleet = production()
            fleet.lost()
        case "none":
            fleet = FakeFleet(_NOWHERE)
            fleet.failed(ConnectionFailed("reach local", ConnectionProblem.MISSING, "no such file"))
        case "denied":
            fleet = FakeFleet(_SOCKET)
            fleet.failed(
                ConnectionFailed("reach local", ConnectionProblem.DENIED, "permission denied")
            )
        case "untrusted":
            fleet = FakeFleet()
            fleet.failed(Unauthorized("list instances", "not authorized", status=403))
        case "failing":
            fleet = production()
            fleet.instances.errors["start"] = OperationFailed(
                "start build-old",
                'Failed to mount "/dev/zvol/fast/build-old": [bold]no space left[/bold] on device',
                hint="The pool fast is full; delete snapshots or grow it.",
            )
            fleet.instances.errors["stop"] = OperationFailed(
                "stop api-01", "Failed shutting down: context deadline exceeded"
            )
        case "copying":
            fleet = production()
            fleet.transfers.views = some()
        case "asking":
            fleet = production()
            asking = replace(some()[0], state=TransferState.ASKING, question=QUESTION)
            fleet.transfers.views = (asking, *some()[1:])
        case _:
            fleet = production()
    return fleet


def main() -> None:
    """Run the interface."""
    words = set(sys.argv[1:])
    state = next(iter(words - {"light", "ascii"}), "full")
    app = LxdTuiApp(
        fleet_for(state),
        clock=CLOCK,
        theme=LIGHT.name if "light" in words else DARK.name,
        glyphs=ASCII if "ascii" in words else UNICODE,
    )
    app.run()


if __name__ == "__main__":
    main()
