"""Commands that are not interactive."""

import asyncio

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.errors import BadRequest, OperationFailed
from tests.contract.backend import EVERYWHERE, Backend, output_of, runs, until

over_https_too = pytest.mark.parametrize("backend_name", EVERYWHERE)


@pytest.mark.parametrize("code", [1, 255])
async def test_exit_code(shared: Container, code: int) -> None:
    assert await shared.execute(["sh", "-c", f"exit {code}"]) == (code, b"", b"")


@over_https_too
async def test_output_and_errors_are_kept_apart(shared: Container) -> None:
    script = "echo one; echo two >&2; echo three; exit 3"
    assert await shared.execute(["sh", "-c", script]) == (3, b"one\nthree\n", b"two\n")


async def test_arguments_are_passed_as_they_are(shared: Container) -> None:
    code, output, _ = await shared.execute(["echo", "a  b", "$HOME", "*", "ä", "'q'"])
    assert (code, output.decode()) == (0, "a  b $HOME * ä 'q'\n")


async def test_input_reaches_the_command_and_ends(shared: Container) -> None:
    content = b"line one\n\x00\xff\xfe" + bytes(range(256)) + "größe".encode()
    assert await shared.execute(["cat"], stdin=content) == (0, content, b"")


@over_https_too
async def test_large_input_comes_back_whole(shared: Container) -> None:
    content = bytes(range(251)) * 4000
    code, output, errors = await shared.execute(["cat"], stdin=content)
    assert (code, errors) == (0, b"")
    assert output == content


async def test_input_that_nobody_reads(shared: Container) -> None:
    code, output, _ = await shared.execute(["echo", "done"], stdin=b"x" * 300_000)
    assert (code, output) == (0, b"done\n")


@over_https_too
async def test_five_megabytes_of_output(shared: Container) -> None:
    code, output, _ = await shared.execute(["head", "-c", "5000000", "/dev/zero"])
    assert code == 0
    assert len(output) == 5_000_000
    assert not any(output)


async def test_handlers_get_the_output_in_pieces(shared: Container) -> None:
    pieces: list[bytes] = []
    errors: list[bytes] = []
    result = await shared.execute(
        ["sh", "-c", "head -c 300000 /dev/zero; echo oops >&2"],
        stdout_handler=pieces.append,
        stderr_handler=errors.append,
    )
    assert result == (0, b"", b"")
    assert len(pieces) > 1
    assert sum(map(len, pieces)) == 300_000
    assert b"".join(errors) == b"oops\n"


@over_https_too
async def test_environment(shared: Container) -> None:
    variables = {"GREETING": "grüß dich", "EMPTY": ""}
    script = 'echo "$GREETING,$EMPTY,$HOME,$USER"'
    code, output, _ = await shared.execute(["sh", "-c", script], environment=variables)
    assert (code, output.decode()) == (0, "grüß dich,,/root,root\n")


async def test_directory(shared: Container) -> None:
    assert await output_of(shared, "pwd") == "/root\n"
    code, output, _ = await shared.execute(["pwd"], cwd="/tmp")
    assert (code, output) == (0, b"/tmp\n")
    code, output, _ = await shared.execute(["pwd"], cwd="/no/such/folder")
    assert (code, output) == (0, b"/\n")


async def test_user_and_group(shared: Container) -> None:
    script = ["sh", "-c", "id -u; id -g"]
    assert await shared.execute(script) == (0, b"0\n0\n", b"")
    assert await shared.execute(script, user=1000, group=1001) == (0, b"1000\n1001\n", b"")
    assert await shared.execute(script, user=1000) == (0, b"1000\n1000\n", b"")


@over_https_too
async def test_command_that_does_not_exist(shared: Container) -> None:
    with pytest.raises(OperationFailed, match="not found") as caught:
        await shared.execute(["no-such-command"])
    assert "no-such-command" in caught.value.message
    assert shared.name in caught.value.message


async def test_command_that_may_not_be_executed(shared: Container) -> None:
    with pytest.raises(OperationFailed, match="not executable"):
        await shared.execute(["/etc/passwd"])


async def test_command_killed_by_a_signal(shared: Container) -> None:
    code, _, _ = await shared.execute(["sh", "-c", "kill -9 $$"])
    assert code == 137


@pytest.mark.parametrize("words", [[], [""]])
async def test_empty_command_is_refused(shared: Container, words: list[str]) -> None:
    with pytest.raises((BadRequest, OperationFailed)):
        await shared.execute(words)


async def test_container_that_does_not_run(backend: Backend, client: Client, name: str) -> None:
    container = await client.containers.create(backend.empty(name), wait=True)
    with pytest.raises(BadRequest, match="not running"):
        await container.execute(["true"])


@over_https_too
async def test_many_at_once(shared: Container) -> None:
    results = await asyncio.gather(
        *(shared.execute(["sh", "-c", f"echo {number}; exit {number}"]) for number in range(12))
    )
    assert results == [(number, f"{number}\n".encode(), b"") for number in range(12)]


@over_https_too
async def test_cancelling_kills_the_command(shared: Container, backend_name: str) -> None:
    seconds = str(4000 + EVERYWHERE.index(backend_name))
    task = asyncio.create_task(shared.execute(["sleep", seconds]))
    await until(lambda: runs(shared, f"sleep {seconds}"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async def is_gone() -> bool:
        return not await runs(shared, f"sleep {seconds}")

    await until(is_gone)


async def test_what_prints_without_end_is_killed(shared: Container, client: Client) -> None:
    run = client.connection.exec.run
    assert await run(shared.ref, ["echo", "one"], limit=4) == (0, b"one\n", b"")
    with pytest.raises(OperationFailed, match="more than 100,000 bytes"):
        await run(shared.ref, ["yes", "no end"], limit=100_000)

    async def is_gone() -> bool:
        return not await runs(shared, "yes no end")

    await until(is_gone)


async def test_timeout_of_the_caller_ends_the_wait(shared: Container) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await shared.execute(["sleep", "4100"])
    assert await output_of(shared, "echo", "well") == "well\n"
