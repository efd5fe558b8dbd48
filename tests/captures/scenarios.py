"""What is recorded: programs, and what is typed into them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PACKAGES = (
    *("dbus", "less", "locales", "man-db", "ncurses-term", "procps", "systemd", "systemd-sysv"),
    *("dialog", "fish", "git", "htop", "mc", "nano", "neovim", "python3", "screen", "tmux"),
    *("vim", "zsh"),
)
TO_INSTALL = ("figlet", "toilet", "bc")
"""Packages that are fetched beforehand and installed in a recording."""

Steps = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A program, what is typed, and what the screen shows before the next keys are typed."""

    name: str
    command: tuple[str, ...]
    steps: Steps
    """Keys, and a text that is waited for after them."""
    columns: int = 80
    rows: int = 24
    variables: Mapping[str, str] = field(default_factory=dict)


FILES = {
    "/root/sample.py": '''"""A sample: tabs, long lines, colours and letters of many scripts."""

import os


def main(argument: int = 3) -> int:
    """Adds numbers up, more or less."""
    total = 0
    for index in range(argument):
        total += index * 2  # a comment that is long enough to reach beyond the eightieth column
    if total > 10 and os.environ.get("HOME") != "/root":
        raise ValueError(f"too much: {total!r}")
    return total


class Thing:
\tname = "thing"
\tletters = "äöü ñ Ω ж 中文 日本語 한국어"
''',
    "/root/wide.txt": """Grüße, Köln, naïve, Ωμέγα, Жизнь
中文字符在终端里占两列，标点也是。
日本語のテキスト、カタカナ、ひらがな。
한국어 텍스트도 두 칸입니다.
e\u0301 a\u0308 n\u0303 o\u0302\u0301 combining marks
│ box ─ drawing ┼ █▓▒░ ▲▼◆ → ∑ ≠ ½ €
mixed: a中b文c, 1日2本3語, x한y국z어
""",
    "/root/emoji.txt": """plain \U0001f600 \U0001f680 ⌚ ✅ end
text ☺ ❤ ✂ ▶ end
chosen ☺\ufe0f ❤\ufe0f ▶\ufe0f end
joined \U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f469\U0001f3fd\u200d\U0001f680 end
flags \U0001f1e9\U0001f1ea \U0001f1ef\U0001f1f5 end
skin \U0001f44d\U0001f3fd end
keycap 1\ufe0f\u20e3 end
hangul \u1112\u1161\u11ab end
devanagari नमस्ते हिन्दी end
thai สวัสดี end
arabic السلام עברית end
""",
    "/root/repository.sh": """cd /root && git init -q -b main work && cd work
git config user.name dev && git config user.email dev@example.org
export GIT_AUTHOR_DATE=2024-01-01T00:00:00Z GIT_COMMITTER_DATE=2024-01-01T00:00:00Z
cp ../sample.py . && git add . && git commit -qm 'Begin' && git tag v1
git switch -qc topic && sed -i s/main/run/ sample.py && git commit -qam 'Rename the main function'
git switch -q main && cp ../wide.txt . && git add . && git commit -qm 'Wide characters: 中文 日本語'
git merge -q topic -m 'Merge the topic' && sed -i 's/total > 10/total > 1000/; 5i# new' sample.py
""",
    "/root/.zshrc": """autoload -Uz compinit && compinit
zstyle ':completion:*' menu select
zstyle ':completion:*' list-colors 'di=1;34:ex=1;32'
PROMPT='%F{green}%n%f@%m %B%~%b %# '
RPROMPT='%F{yellow}%?%f'
""",
}

SCENARIOS = (
    Scenario(
        name="apt",
        command=("bash", "--norc"),
        steps=(
            ("", "#"),
            ("apt install bc figlet toilet\r", "[Y/n]"),
            ("y", "[Y/n] y"),
            ("\r", "libc-bin"),
            ("echo done | figlet\r", "|_|"),
        ),
    ),
    Scenario(
        name="systemctl_status",
        command=("systemctl", "status", "dbus", "systemd-journald", "systemd-logind", "cron"),
        steps=(("", "lines 1-"), (" ", "lines"), ("/PID\r", "PID"), ("G", "END"), ("q", "")),
    ),
    Scenario(
        name="systemctl_units",
        command=("systemctl", "list-units", "--all"),
        steps=(
            ("", "lines 1-"),
            (" ", "lines"),
            ("b", "lines 1-"),
            ("\x1b[C", "lines"),
            ("\x1b[D", "lines"),
            ("/dbus\r", "dbus"),
            ("n", "dbus"),
            ("q", ""),
        ),
    ),
    Scenario(
        name="journalctl",
        command=("journalctl", "-b", "--no-hostname", "-o", "cat", "-n", "200"),
        steps=(("", "lines 1-"), ("G", "END"), ("uu", "lines"), ("q", "")),
    ),
    Scenario(
        name="fish",
        command=("fish",),
        steps=(
            ("", "root@c1"),
            ("ls /etc/s\t\t", "/etc/shells"),
            ("\x1b[B\x1b[C\t", "root@c1"),
            ("\x03", "root@c1"),
            ("echo 'open quote\x1b[D\x1b[D'\x05'\r", "root@c1"),
            ("for i in 1 2 3\rset_color -o red; echo $i; set_color normal\rend\r", "3"),
            ("ec", "echo"),
            ("\x1b[C", "echo"),
            ("\x15", "root@c1"),
            ("git --\t", "git --"),
            ("\x1b[Z", "git --"),
            ("\x03exit\r", ""),
        ),
    ),
    Scenario(
        name="zsh",
        command=("zsh", "-i"),
        steps=(
            ("", "#"),
            ("ls /etc/s\t", "shells"),
            ("\t\x1b[B\x1b[C", "shells"),
            ("\r\r", "root@c1"),
            ('\x15echo "two lines\rof text"\r', "of text"),
            ("false\r", "1"),
            ("\x12echo", "bck-i-search"),
            ("\x07print -P '%F{208}%Uorange%u%f %K{blue}%Son blue%s%k'\r", "on blue"),
            ("printf 'no newline'\r", "root@c1"),
            ("exit\r", ""),
        ),
    ),
    Scenario(
        name="bash_readline",
        command=("bash", "--norc"),
        variables={"PS1": "\\[\\e[1;32m\\]\\u@\\h\\[\\e[m\\]:\\w\\$ "},
        steps=(
            ("", "root@c1"),
            ("echo " + "a long line that wraps " * 5, "wraps"),
            ("\x01\x1bd\x1bdprintf '%s\\n'\x05", "wraps"),
            ("\r", "wraps"),
            ("\x12long", "reverse-i-search"),
            ("\x07ls --color=always /\r", "usr"),
            ("cat /et\t\t\x03", "root@c1"),
            ("ls /usr/\t\t", "sbin"),
            ("\x15cat wide.txt\r", "mixed"),
            ("clear\r", "root@c1"),
            ("exit\r", ""),
        ),
    ),
    Scenario(
        name="python_pager",
        command=("python3", "-q"),
        steps=(
            ("", ">>>"),
            ("def f(n):\r    return n * 'ab'\r\r", ">>>"),
            ("print(f(60))\r1 / 0\r", "ZeroDivisionError"),
            ("help(str.split)\r", "END"),
            ("q", ">>>"),
            ("help(int)\r", "Help on class int"),
            (" ", ":"),
            ("/bit_\r", "bit_"),
            ("q", ">>>"),
            ("exit()\r", ""),
        ),
    ),
    Scenario(
        name="tmux_splits-120x40",
        command=("tmux", "-u"),
        columns=120,
        rows=40,
        steps=(
            ("", "bash"),
            ("cat wide.txt\r", "mixed"),
            ('\x02%\x02"', "#"),
            ("ls --color=always /etc\r", "shells"),
            ("\x02ovim -n sample.py\r", "Thing"),
            ("\x02[\x1b[5~\x1b[A", "#"),
            ("q\x02:rename-window two\r", "two"),
            ("\x02z", "Thing"),
            ("\x02z", "│"),
            ("\x02w", "sort"),
            ("q", "│"),
            ("\x02t", ":"),
            ("q\x02d", "detached"),
        ),
    ),
    Scenario(
        name="tmux_shell",
        command=("tmux", "-u", "-L", "b", "new", "bash --norc"),
        steps=(
            ("", "#"),
            ("seq 40\r", "40"),
            ("less -N /etc/bash.bashrc\r", "1"),
            ("  /fi\r", "fi"),
            ("q", "#"),
            ("\x02[\x1b[5~\x1b[5~", "["),
            ("q\x02c", "1:"),
            ("printf '\\e[4:3;58:5:9mcurly\\e[m \\e[38;2;255;100;0mtrue\\e[m\\n'\r", "true"),
            ("\x02&y", "#"),
            ("exit\r", "[exited]"),
        ),
    ),
    Scenario(
        name="screen",
        command=("screen", "-U", "bash", "--norc"),
        steps=(
            ("", "#"),
            ("seq 30\r", "30"),
            ("\x01S\x01\t\x01c", "#"),
            ("cat wide.txt\r", "mixed"),
            ('\x01"', "Num"),
            ("\r\x01[", "#"),
            ("\x1b\x01?", "Screen key bindings"),
            ("\r\x01\\y", "terminating"),
        ),
    ),
    Scenario(
        name="vim_splits-120x40",
        command=("vim", "-n", "-u", "/usr/share/vim/vim90/defaults.vim", "sample.py"),
        columns=120,
        rows=40,
        steps=(
            ("", "Thing"),
            (":set nu hls termguicolors | colorscheme desert\r", "Thing"),
            (":vsplit wide.txt\r", "mixed"),
            (":split | help\r", "help.txt"),
            ("\x17j/total\r", "total"),
            ("\x17lVjj>", "main"),
            ("u\x16jjI# \x1b", "# "),
            (":set spell list cursorline\r", "main"),
            (":term\r", "#"),
            ("ls --color=always /\r", "usr"),
            ("exit\r", "main"),
            (":qa!\r", ""),
        ),
    ),
    Scenario(
        name="vim_wide",
        command=("vim", "-n", "-u", "/usr/share/vim/vim90/defaults.vim", "wide.txt"),
        steps=(
            ("", "mixed"),
            ("jllix\x1bAend\x1b", "end"),
            ("G3wr中x", "mixed"),
            (":%s/中/xx/g\r", "xx"),
            ("gg:set wrap! nu\rVGJ", "mixed"),
            ("u:set wrap\r\x05\x05\x19", "mixed"),
            (":q!\r", ""),
        ),
    ),
    Scenario(
        name="neovim",
        command=("nvim", "-n", "sample.py"),
        steps=(
            ("", "Thing"),
            (":set nu termguicolors | colorscheme slate\r", "Thing"),
            (":split wide.txt\r", "mixed"),
            ("\x17j/total\r", "total"),
            (":set cursorline spell\rG", "한국어"),
            (":help\r", "help.txt"),
            (":qa!\r", ""),
        ),
    ),
    Scenario(
        name="htop_tree-120x40",
        command=("htop", "-d", "100"),
        columns=120,
        rows=40,
        steps=(
            ("", "F10Quit"),
            ("t", "F10Quit"),
            ("\x1b[B\x1b[B\x1b[6~", "F10Quit"),
            ("\x1bOR" + "systemd", "systemd"),
            ("\x1b", "F10Quit"),
            ("\x1bOQ", "Setup"),
            ("\x1b[B\x1b[B\x1b[C\x1b[B", "Setup"),
            ("\x1b[21~", "F10Quit"),
            ("q", ""),
        ),
    ),
    Scenario(
        name="mc_dialogs-120x40",
        command=("mc", "-u", "/etc", "/root"),
        columns=120,
        rows=40,
        steps=(
            ("", "10Quit"),
            ("\x1b[20~", "Left"),
            ("\x1b[C\x1b[C\x1b[B", "Command"),
            ("\x1b\x1b\t", "10Quit"),
            ("\x1b[F\x1bOR", "wide.txt"),
            ("\x1b[6~", "wide.txt"),
            ("\x1b[21~", "10Quit"),
            ("\x1b[15~", "Copy"),
            ("\x1b\x1b", "10Quit"),
            ("\x1b[H\x1b[B\x1b[B\x1b[B\x1bOS", "wide.txt"),
            ("\x1b[21~\x1b[21~", ""),
        ),
    ),
    Scenario(
        name="mc_folders",
        command=("mc", "-u", "/etc", "/usr"),
        steps=(
            ("", "10Quit"),
            ("\x1b[6~\x1b[6~", "10Quit"),
            ("\t\r", "10Quit"),
            ("\x1b[18~new", "Directory"),
            ("\x1b\x1b", "10Quit"),
            ("\x1b?", "Find File"),
            ("\x1b\x1b\x1b[21~", ""),
        ),
    ),
    Scenario(
        name="nano_edit",
        command=("nano", "-l", "-Y", "python", "sample.py"),
        steps=(
            ("", "Thing"),
            ("\x17total\r", "total"),
            ("\x1c" + "total\rsum\ra", "Replaced"),
            ("\x1b[6~\x0b\x0b\x15", "File"),
            ("new 中文 text\r", "new"),
            ("\x07", "Main nano help text"),
            ("\x1b[6~", "help"),
            ("\x18\x18n", ""),
        ),
    ),
    Scenario(
        name="man",
        command=("man", "less"),
        steps=(
            ("", "Manual page less(1)"),
            ("  ", "Manual page"),
            ("/scroll\rnn", "scroll"),
            ("h", "SUMMARY"),
            ("qkkkgg", "NAME"),
            ("q", ""),
        ),
    ),
    Scenario(
        name="less_color",
        command=("bash", "-c", "git -C work log --color -p --graph --stat | less -RS"),
        steps=(
            ("", ":"),
            (" ", ":"),
            ("/total\r", "total"),
            ("nN", "total"),
            ("\x1b[C\x1b[C", ":"),
            ("\x1b[D\x1b[DG", "END"),
            ("-S\r", ":"),
            ("y" * 12, ":"),
            ("q", ""),
        ),
    ),
    Scenario(
        name="git_diff",
        command=("bash", "--norc"),
        steps=(
            ("", "#"),
            ("cd work; git status\r", "modified"),
            ("git diff\r", "new"),
            ("git log --oneline --graph --all\r", "Begin"),
            ("git add -p\r", "Stage this hunk"),
            ("?\r", "print help"),
            ("q\r", "#"),
            ("exit\r", ""),
        ),
    ),
    Scenario(
        name="emoji",
        command=("bash", "--norc"),
        steps=(("", "#"), ("cat emoji.txt\r", "arabic"), ("exit\r", "")),
    ),
    Scenario(
        name="dialog",
        command=(
            *("dialog", "--title", "Colours", "--checklist", "Which ones? 中文", "15", "50", "6"),
            *("red", "of blood", "on", "green", "of grass", "off", "blue", "of the sea", "off"),
        ),
        steps=(
            ("", "Cancel"),
            ("\x1b[B \x1b[B ", "Cancel"),
            ("\t", "Cancel"),
            ("\x1b[Z", "Cancel"),
            ("\r", ""),
        ),
    ),
    Scenario(
        name="top-120x40",
        command=("top", "-d", "2"),
        columns=120,
        rows=40,
        steps=(
            ("", "COMMAND"),
            ("zxcV1t", "COMMAND"),
            ("fA", "COMMAND"),
            ("qA", "COMMAND"),
            ("?", "Help"),
            ("qq", ""),
        ),
    ),
)
