"""The pictures of the README can be drawn at any time, and show what they are named for."""

import html
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"
CELL_WIDTH = 12.2

WORDS = {
    "list-80x24": ("Containers", "db-primary", "23 running", "10.20.4.10", "s shell"),
    "list-140x40": ("Containers", "PostgreSQL 16", "Snapshots", "nightly-"),
    "list-light-140x40": ("Containers", "PostgreSQL 16", "Snapshots"),
    "instance-140x40": ("db-primary", "Addresses", "Network in", "Devices"),
    "configuration-140x40": (
        "snapshots.schedule",
        "database",
        "Change db-primary in",
        "lxc config set demo:db-primary limits.memory=12GiB",
    ),
    "files-140x40": ("Files", "/var/log", "/etc", "nginx/"),
    "snapshots-140x40": ("Snapshots", "31 snapshots", "nightly-30", "Expires"),
    "shell-80x24": ("Shell", "root@db-primary:~#", "load average", "Ctrl-] q leave"),
    "confirm-80x24": (
        "Delete gitlab-copy in",
        "Disks and snapshots go too",
        "Type the name",
        "Keep it",
    ),
    "filter-80x24": ("/ runner", "runner-01", "runner-03"),
    "link-lost-140x40": ("link to demo lost · next try in 4 s", "as of 12 s ago", "db-primary"),
    "no-server-80x24": ("No LXD or Incus runs here", "lxdtui --demo"),
    "help-80x24": ("Keys", "open a shell in the container"),
}


def draw(folder: Path, *options: str) -> dict[str, str]:
    """Runs the script; the pictures by their names."""
    command = [sys.executable, "-m", "screenshots.render", *options, str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, timeout=300)
    return {file.stem: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def words_in(picture: str) -> str:
    """The text of a picture, line by line, each word in its column."""
    lines: dict[float, str] = {}
    for element in ET.fromstring(picture).iter(f"{SVG}text"):
        text = html.unescape(element.text or "").replace("\xa0", " ")
        column = round(float(element.get("x", "0")) / CELL_WIDTH)
        y = float(element.get("y", "0"))
        lines[y] = lines.get(y, "").ljust(column) + text
    return "\n".join(line for _, line in sorted(lines.items()))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return draw(tmp_path_factory.mktemp("pictures"))


def test_all_of_them_are_drawn(pictures: dict[str, str]) -> None:
    assert pictures.keys() == WORDS.keys()


@pytest.mark.parametrize("name", WORDS)
def test_what_they_show(pictures: dict[str, str], name: str) -> None:
    shown = words_in(pictures[name])
    for words in WORDS[name]:
        assert words in shown


def test_light_is_not_dark(pictures: dict[str, str]) -> None:
    light, dark = pictures["list-light-140x40"], pictures["list-140x40"]
    assert words_in(light) == words_in(dark)
    assert light != dark


def test_nothing_is_fetched_by_who_looks(pictures: dict[str, str]) -> None:
    for picture in pictures.values():
        assert not re.search(r"url\((?!#)|@font-face|@import|href|<script|<image", picture)


def test_drawn_again_they_are_the_same(pictures: dict[str, str], tmp_path: Path) -> None:
    again = draw(tmp_path, "--only", "list-140x40", "--only", "shell-80x24")
    assert again.keys() == {"list-140x40", "shell-80x24"}
    for name, picture in again.items():
        assert picture == pictures[name]
