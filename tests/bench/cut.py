"""The link cut at a random moment of an upload, many times: `python -m tests.bench.cut`.

Each round replaces a file of a container while the link is cut after a random number of bytes.
Afterwards the file is read over another link: it must be the old one or the new one, whole. Then
the link is mended and what failed is tried again: the new file must be there, and nothing besides.
"""

import argparse
import asyncio
import hashlib
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from lxdtui.api import Connection
from lxdtui.api.endpoint import Endpoint
from lxdtui.api.instance_files import InstanceFiles
from lxdtui.model.place import LOCAL, Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.transfers import Choice, CopyOptions, TransferService
from tests.cut_link import cut_link
from tests.lab import Daemon, Lab

_BOX = "cut-box"
_REMOTE = "cut"
_LARGEST = 6 << 20


async def cut_rounds(daemon: Daemon, name: str, *, seed: int, rounds: int) -> Counter[str]:
    """Cut and mend; return how often which content was found after the cut.

    Args:
        daemon: The server.
        name: A container of it.
        seed: Decides on sizes and moments.
        rounds: How many uploads.

    Raises:
        AssertionError: The file was neither the old nor the new one, or something was left.
    """
    found: Counter[str] = Counter()
    dice = random.Random(seed)
    directory = f"/root/cut-{seed}"
    ref = InstanceRef(_REMOTE, "default", name)
    straight = Connection(Endpoint(socket=daemon.socket), remote=_REMOTE)
    with tempfile.TemporaryDirectory(prefix="cut-", dir="/var/tmp") as folder:
        async with straight:
            files = straight.files.of(ref)
            await files.make_directory(directory, parents=True)
            for _ in range(rounds):
                found[await _round(daemon, files, Path(folder), directory, dice)] += 1
            await files.remove_tree(directory)
    return found


async def _round(
    daemon: Daemon, files: InstanceFiles, folder: Path, directory: str, dice: random.Random
) -> str:
    size = dice.choice((dice.randrange(300_000), dice.randrange(_LARGEST)))
    new = dice.randbytes(size)
    old = dice.randbytes(dice.randrange(200_000))
    path = f"{directory}/file"
    (folder / "file").write_bytes(new)
    await files.write(path, old)
    async with (
        cut_link(folder / "socket", daemon.socket) as link,
        Connection(Endpoint(socket=link.path), remote=_REMOTE) as connection,
    ):
        service = TransferService({_REMOTE: connection}, pauses=())
        link.cut_after(dice.randrange(1, size + 3000))
        transfer = service.copy(
            LOCAL,
            [str(folder / "file")],
            Place(ref=files.ref),
            directory,
            options=CopyOptions(existing=Choice.ALL),
        )
        view = await transfer.wait()
        content = await files.read_bytes(path)
        assert content in (old, new), (
            f"neither old nor new: {len(content)} bytes where {len(old)} and {len(new)} were, "
            f"{hashlib.sha256(content).hexdigest()}"
        )
        if view.state == "done":
            assert content == new, "it is said to be done, and is not"
        what = "new" if content == new else "old"
        if view.state == "failed":
            link.heal()
            service.retry(transfer.number)
            view = await transfer.wait()
            if any("gone on with" in one.words for one in view.results):
                what += ", gone on with afterwards"
        assert view.state == "done", view
        await service.aclose()
    assert await files.read_bytes(path) == new
    assert [entry.name for entry in await files.list(directory)] == ["file"]
    (folder / "socket").unlink()
    return what


def main(arguments: Sequence[str] | None = None) -> int:
    """Cuts and counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cut")
    parser.add_argument("--daemon", default="lxd", choices=("lxd", "incus"))
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with Lab() as lab:
        daemon = lab.daemon(options.daemon)
        daemon.launch(_BOX)
        found = asyncio.run(cut_rounds(daemon, _BOX, seed=options.seed, rounds=options.rounds))
    print(f"{options.rounds} uploads to {daemon.kind} {daemon.version}, cut at random moments:")
    for what, count in found.most_common():
        print(f"{count:>5}  {what}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
