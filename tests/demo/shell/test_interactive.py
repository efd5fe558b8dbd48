"""The interactive shell over a real session."""

import pytest

from lxdtui.demo import DemoServer
from tests.demo.plain_client import PlainClient, Session

PROMPT = "\x1b[01;32mroot@c1\x1b[00m:\x1b[01;34m~\x1b[00m# "


@pytest.fixture
async def shell(demo: DemoServer, api: PlainClient) -> Session:
    demo.add_instance("c1")
    session = await api.execute("c1", "bash", interactive=True, width=80, height=24)
    greeting = await session.until(PROMPT)
    assert "nothing runs on your machine" in greeting
    return session


async def test_commands_in_one_piece_run_one_after_the_other(shell: Session) -> None:
    await shell.type("echo one\recho two\rexit 4\r")
    text = await shell.rest()
    assert text.index("\r\none\r\n") < text.index("\r\ntwo\r\n") < text.index("exit\r\n")
    assert await shell.status() == 4


async def test_end_of_input_leaves_with_the_last_status(shell: Session) -> None:
    await shell.type("false\r")
    await shell.until(PROMPT)
    await shell.type("\x04")
    assert (await shell.rest()).endswith("exit\r\n")
    assert await shell.status() == 1


async def test_interrupt_ends_the_command_and_not_the_shell(shell: Session) -> None:
    await shell.type("sleep 600\r\x03echo $?\r")
    await shell.until("\r\n130\r\n")


async def test_interrupt_drops_a_half_typed_line(shell: Session) -> None:
    await shell.type("rm -rf\x03")
    await shell.until("rm -rf^C\r\n")
    await shell.type("echo $?\r")
    await shell.until("\r\n130\r\n")


async def test_command_reads_what_is_typed(shell: Session) -> None:
    await shell.type("echo ready; cat\r")
    await shell.until("\r\nready\r\n")
    await shell.type("größe\r")
    await shell.until("größe\r\ngröße\r\n")
    await shell.type("\x04")
    await shell.until(PROMPT)


async def test_directory_is_in_the_prompt(shell: Session) -> None:
    await shell.type("cd /etc\r")
    await shell.until("\x1b[01;34m/etc\x1b[00m# ")
    await shell.type("cd ~/../home/mara; cd\r")
    await shell.until(PROMPT)


async def test_tab_completes_commands_and_files(shell: Session) -> None:
    await shell.type("who\t")
    await shell.until("whoami ")
    await shell.type("\x15cat /etc/host\t")
    await shell.until("cat /etc/host")
    await shell.type("n\t\r")
    await shell.until("\r\nc1\r\n")
    await shell.type("cd /ho\tma\t\r")
    await shell.until("\x1b[01;34m/home/mara\x1b[00m# ")


async def test_history_comes_back(shell: Session) -> None:
    await shell.type("echo first\r")
    await shell.until("\r\nfirst\r\n")
    await shell.type("\x1b[A\x7f\x7f\x7f\x7f\x7flast\r")
    await shell.until("\r\nlast\r\n")


async def test_top_takes_the_whole_screen_and_gives_it_back(shell: Session) -> None:
    await shell.type("top\r")
    first = await shell.until("COMMAND")
    assert "\x1b[?1049h" in first
    await shell.control(command="window-resize", args={"width": "40", "height": "5"})
    resized = await shell.until("\x1b[J")
    while "COMMAND" in resized:
        # A screen may have been under way before the new size arrived.
        resized = await shell.until("\x1b[J")
    await shell.type("q")
    await shell.until("\x1b[?1049l")
    await shell.until(PROMPT)


async def test_killed_top_gives_the_screen_back_before_the_end(shell: Session) -> None:
    await shell.type("top\r")
    await shell.until("COMMAND")
    await shell.control(command="signal", signal=9)
    assert "\x1b[?1049l" in await shell.rest()
    assert await shell.status() == 137


async def test_colours_and_columns_on_a_terminal(shell: Session) -> None:
    await shell.type("ls /\r")
    assert "\x1b[01;34metc\x1b[0m" in await shell.until(PROMPT)


async def test_another_user_has_another_prompt(demo: DemoServer, api: PlainClient) -> None:
    demo.add_instance("c1")
    session = await api.execute(
        "c1",
        "bash",
        interactive=True,
        user=1000,
        group=1000,
        environment={"HOME": "/home/mara", "TERM": "xterm-256color"},
        cwd="/home/mara",
    )
    text = await session.until("$ ")
    assert "mara@c1\x1b[00m:\x1b[01;34m~\x1b[00m$ " in text
    assert "\x1b]0;mara@c1: ~\x07" in text


async def test_long_paste_is_run_whole(shell: Session) -> None:
    lines = "".join(f"echo line{number} >> /root/out\r" for number in range(200))
    await shell.type(lines + "wc -l /root/out\r")
    await shell.until("\r\n200 /root/out\r\n")
