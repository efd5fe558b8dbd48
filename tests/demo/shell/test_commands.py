"""What commands print; on a machine without any server."""

import asyncio
from dataclasses import dataclass, field

import pytest

from lxdtui.demo.filesystem import FileSystem
from lxdtui.demo.rootfs import build_rootfs
from lxdtui.demo.shell.interpreter import run_program
from lxdtui.demo.shell.process import Process
from lxdtui.demo.shell.programs import PROGRAMS
from lxdtui.demo.shell.streams import Collected, Given

NOW = 1_795_000_000.0


@dataclass
class Machine:
    """A container that only exists here."""

    files: FileSystem = field(
        default_factory=lambda: build_rootfs("c1", "Debian", created_at=NOW - 86400, now=NOW)
    )
    hostname: str = "c1"
    cpus: int = 2
    memory_total: int = 1 << 30
    memory_used: int = 1 << 28
    disk_used: int = 1 << 31
    uptime: float = 90061.0
    load: float = 0.5
    running: dict[int, tuple[str, str]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def now(self) -> float:
        return NOW

    def enter(self, user: str, words: str) -> int:
        pid = 1001 + len(self.running)
        self.running[pid] = (user, words)
        return pid

    def leave(self, pid: int) -> None:
        self.running.pop(pid, None)

    def commands(self) -> dict[int, tuple[str, str]]:
        return dict(self.running)

    def end(self, pid: int) -> None:
        self.gone.add(pid)

    def ended(self) -> frozenset[int]:
        return frozenset(self.gone)


async def run(
    script: str, stdin: bytes = b"", machine: Machine | None = None
) -> tuple[int, str, str]:
    output, errors = Collected(1 << 20), Collected(1 << 20)
    process = Process(
        machine=machine or Machine(),
        arguments=["sh", "-c", script],
        environment={"HOME": "/root", "USER": "root"},
        directory="/root",
        uid=0,
        gid=0,
        stdin=Given(stdin),
        stdout=output,
        stderr=errors,
        terminal=None,
    )
    async with asyncio.timeout(10):
        status = await run_program(PROGRAMS["sh"], process)
    return status, output.data.decode(), errors.data.decode()


@pytest.mark.parametrize(
    ("script", "output"),
    [
        ("echo a b; echo -n c", "a b\nc"),
        ("echo 'a  b' \"c  d\" e\\ f", "a  b c  d e f\n"),
        ("x=1; echo $x \"$x y\" ${x}z '$x' $nope.", "1 1 y 1z $x .\n"),
        ('x="a  b"; echo $x; echo "$x"', "a b\na  b\n"),
        ("false; echo $?; true; echo $?", "1\n0\n"),
        ("true && echo yes || echo no; false && echo yes || echo no", "yes\nno\n"),
        ("echo a > f; echo b >> f; cat f; cat < f; wc -l < f", "a\nb\na\nb\n2\n"),
        ("mkdir -p d/e; cd d/e; pwd; cd ..; pwd; cd; pwd", "/root/d/e\n/root/d\n/root\n"),
        ("seq 3; seq 2 4 | tail -n 1; yes | head -n 2", "1\n2\n3\n4\ny\ny\n"),
        ("printf '%s|%d\\n' a 1 b 2", "a|1\nb|2\n"),
        ("printf '\\303\\244\\n'; printf '%5s|%-5s|%05d\\n' a b 7", "ä\n    a|b    |00007\n"),
        ("grep -c root /etc/passwd; grep -F mara /etc/group | head -1", "1\nadm:x:4:mara\n"),
        ("cut -d: -f1 /etc/passwd | head -n 2", "root\ndaemon\n"),
        ("head -c 5 /dev/zero | wc -c; tail -n 1 /etc/hosts", "5\n::1\tlocalhost ip6-localhost\n"),
        (
            "ls /etc/nginx",
            "conf.d\nmime.types\nmodules\nnginx.conf\nsites-available\nsites-enabled\n",
        ),
        ("cd /etc/nginx; echo *.conf; echo '*'; echo *.none", "nginx.conf\n*\n*.none\n"),
        ("touch f; [ -f f ] && echo file; rm f; test -e f; echo $?", "file\n1\n"),
        ("cp /etc/hostname h; mv h g; cat g; ln -s g l; cat l", "c1\nc1\n"),
        ("export A=1; sh -c 'echo $A$0 $1' x y; B=2 env | grep B=", "1x y\nB=2\n"),
        ("whoami; hostname; id -u; uname; nproc", "root\nc1\n0\nLinux\n2\n"),
        ("date +%Y-%m-%d", "2026-11-18\n"),
        ("echo out; echo err >&2", "out\n"),
        ("ls /nope 2>/dev/null; echo $?", "2\n"),
        ("echo both >&2 2>&1 | cat", ""),
        ("tee f < /etc/hostname; cat f", "c1\nc1\n"),
        ("false | true; echo $?; true | false; echo $?", "0\n1\n"),
        ("echo a # b", "a\n"),
        ("echo ~ a~", "/root a~\n"),
        ("uptime", " 11:06:40 up 1 days, 1:01,  1 user,  load average: 0.50, 0.47, 0.45\n"),
    ],
)
async def test_output(script: str, output: str) -> None:
    assert (await run(script))[1] == output


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("true", 0),
        ("false", 1),
        ("exit 3", 3),
        ("exit 300", 44),
        ("nosuch", 127),
        ("/etc/passwd", 126),
        ("/etc/nope", 127),
        ("sh -c 'exit 4'", 4),
        ("cd /nope", 1),
        ("ls /nope", 2),
        ("grep zzz /etc/passwd", 1),
        ("sleep x", 2),
        ("kill -9 $$", 137),
        ("exec sh -c 'exit 6'; echo never", 6),
        ("if true; then true; fi", 2),
        ("stty size", 1),
        ("top", 1),
    ],
)
async def test_exit_status(script: str, status: int) -> None:
    assert (await run(script))[0] == status


async def test_input_is_read() -> None:
    assert await run("cat", "größe".encode()) == (0, "größe", "")
    status, output, _ = await run('read a b; echo "$b-$a"; cat', b"one two three\nrest\n")
    assert (status, output) == (0, "two three-one\nrest\n")


async def test_script_from_the_input() -> None:
    output, machine = Collected(1000), Machine()
    process = Process(
        machine=machine,
        arguments=["sh"],
        environment={},
        directory="/",
        uid=0,
        gid=0,
        stdin=Given(b"echo one\nexit 9\necho two\n"),
        stdout=output,
        stderr=output,
        terminal=None,
    )
    assert await run_program(PROGRAMS["sh"], process) == 9
    assert output.data == b"one\n"


async def test_complaints_name_the_command() -> None:
    assert (await run("cat /nope"))[2] == "cat: /nope: No such file or directory\n"
    assert (await run("nosuch"))[2] == "sh: nosuch: command not found\n"
    assert (await run("mkdir"))[2] == "mkdir: missing operand\n"


async def test_a_signal_ends_invented_processes_and_no_others() -> None:
    machine = Machine()
    lines = (await run("ps", machine=machine))[1].splitlines()
    (nginx,) = (line.split()[0] for line in lines if "nginx" in line)
    for script in (f"kill -s HUP {nginx}", f"kill -STOP {nginx}", "kill -9 1"):
        assert await run(script, machine=machine) == (0, "", "")
    assert "nginx" in (await run("ps", machine=machine))[1]
    assert await run(f"kill {nginx}", machine=machine) == (0, "", "")
    listed = (await run("ps", machine=machine))[1]
    assert "nginx" not in listed
    assert "/sbin/init" in listed
    for script, words in (
        (f"kill -9 {nginx}", "No such process"),
        ("kill -WISH 1", "WISH: invalid signal"),
        ("sh -c 'kill 1001'", "a command of the demo"),
        ("kill", "usage: kill"),
    ):
        status, _, errors = await run(script, machine=machine)
        assert status
        assert words in errors


async def test_running_commands_are_in_the_list() -> None:
    machine = Machine()
    _, output, _ = await run("ps", machine=machine)
    assert "sh -c ps" in output
    assert "/sbin/init" in output
    assert machine.running == {}


async def test_shells_do_not_nest_for_ever() -> None:
    machine = Machine()
    machine.files.write("/root/s", b"sh /root/s\n", now=NOW)
    status, _, errors = await run("sh /root/s", machine=machine)
    assert status == 126
    assert "too many shells" in errors


async def test_file_that_grows_for_ever_is_stopped() -> None:
    machine = Machine()
    machine.files.write("/root/big", b"x" * (200 << 20), now=NOW)
    status, _, errors = await run("yes > /root/f", machine=machine)
    assert status == 1
    assert "No space left on device" in errors


async def test_every_program_survives_odd_arguments() -> None:
    odd = ["--", "-", "-zzz", "''", "/", "/nope", "ä", "-n", "-n x", "-d", "%"]
    for name in sorted(PROGRAMS):
        if name in {"yes", "sleep"}:
            continue
        for words in odd:
            status, _, _ = await run(f"{name} {words} | head -n 3")
            assert status == 0


@pytest.mark.parametrize("name", ["ls", "cat", "help", "top", "ps", "free", "df"])
async def test_help_knows_the_programs(name: str) -> None:
    status, output, _ = await run("help")
    assert status == 0
    assert name in output or name == "help"
