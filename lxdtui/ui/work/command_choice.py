"""A command of the server's own client: chosen, and copied."""

from collections.abc import Callable, Sequence

from textual.app import App

from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.ui.actions.equivalents import Equivalent, client_of
from lxdtui.ui.actions.part_equivalents import snapshot_equivalents
from lxdtui.ui.dialogs.file_choice import FileChoice, FileOption
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.ports.fleet import Fleet

__all__ = ["choose_command", "choose_snapshot_command"]


async def choose_command(
    app: App[object],
    fleet: Fleet,
    remote: str,
    equivalents: Sequence[Equivalent],
    *,
    name: str,
    say: Callable[[str], None],
) -> None:
    """Let a command be chosen, and copy it (OSC 52).

    Args:
        app: Shows the dialog.
        fleet: All configured servers.
        remote: The server.
        equivalents: What can be chosen.
        name: What the commands are for; any text.
        say: Tells what was copied.
    """
    if any(one.is_named_by_address and one.name == remote for one in fleet.remotes):
        say("lxc and incus have no name for a server given by its address")
        return
    options = [
        FileOption(id=one.command, words=f"{one.words:<15}{one.command}") for one in equivalents
    ]
    title = f"Commands for {safe_text(name)}: Enter copies one"
    answer = await app.push_screen_wait(
        FileChoice(title, options, nothing="No command has these words.")
    )
    if answer is not None:
        app.copy_to_clipboard(answer[1])
        say(f"Copied: {answer[1]}")


async def choose_snapshot_command(
    screen: FleetScreen, fleet: Fleet, ref: InstanceRef, chosen: Sequence[Snapshot]
) -> None:
    """Let a command for snapshots be chosen, and copy it.

    Args:
        screen: Shows the dialog, and tells what was copied.
        fleet: All configured servers.
        ref: The container.
        chosen: The snapshots.
    """
    client = client_of(fleet.store.state.servers.get(ref.remote))
    equivalents = snapshot_equivalents(client, ref, [one.name for one in chosen])
    await choose_command(screen.app, fleet, ref.remote, equivalents, name=ref.name, say=screen.say)
