"""Reads the package sources of a Debian or Ubuntu system, to derive further ones from them.

Understands both forms that apt reads: the deb822 form (``*.sources``) and the one-line form
(``*.list``), see sources.list(5).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ONE_LINE = re.compile(r"^deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+\S")
_SIGNED_BY = re.compile(r"(?:^|\s)signed-by=(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that binary packages of one suite come from."""

    uri: str
    suite: str
    signed_by: str = ""


def parse_deb822(text: str) -> list[Source]:
    """The enabled binary sources of a ``*.sources`` file."""
    sources: list[Source] = []
    for stanza in re.split(r"\n[ \t]*\n", text):
        fields = _fields(stanza)
        if "deb" not in fields.get("types", "").split():
            continue
        if fields.get("enabled", "yes").strip().lower() in {"no", "false", "0", "off"}:
            continue
        sources += [
            Source(uri=uri, suite=suite, signed_by=fields.get("signed-by", ""))
            for uri in fields.get("uris", "").split()
            for suite in fields.get("suites", "").split()
        ]
    return sources


def _fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    key = ""
    for line in stanza.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace():
            if key:
                fields[key] += "\n" + line
            continue
        key, colon, value = line.partition(":")
        key = key.strip().lower() if colon else ""
        if key:
            fields[key] = value.strip()
    return fields


def parse_one_line(text: str) -> list[Source]:
    """The binary sources of a ``*.list`` file."""
    sources: list[Source] = []
    for line in text.splitlines():
        match = _ONE_LINE.match(line.strip())
        if match is None:
            continue
        signed_by = _SIGNED_BY.search(match["options"] or "")
        sources.append(
            Source(
                uri=match["uri"],
                suite=match["suite"],
                signed_by=signed_by[1] if signed_by else "",
            )
        )
    return sources


def read_sources(etc_apt: Path = Path("/etc/apt")) -> list[Source]:
    """All sources of the system in the order in which apt reads them."""
    return [source for path in _files(etc_apt) for source in _parse(path)]


def _files(etc_apt: Path) -> Iterator[Path]:
    main = etc_apt / "sources.list"
    if main.is_file():
        yield main
    yield from sorted((etc_apt / "sources.list.d").glob("*.list"))
    yield from sorted((etc_apt / "sources.list.d").glob("*.sources"))


def _parse(path: Path) -> list[Source]:
    text = path.read_text(encoding="utf-8", errors="replace")
    return parse_deb822(text) if path.suffix == ".sources" else parse_one_line(text)


def main_source(sources: list[Source], codename: str) -> Source | None:
    """The source that the release itself is installed from, None when there is none."""
    return next((source for source in sources if source.suite == codename), None)


def backports_stanza(source: Source) -> str:
    """A deb822 stanza for the backports suite of the mirror that `source` names."""
    return stanza(source, f"{source.suite}-backports")


def stanza(source: Source, suite: str) -> str:
    """A deb822 stanza for another suite of the mirror that `source` names."""
    lines = [
        "Types: deb",
        f"URIs: {source.uri}",
        f"Suites: {suite}",
        "Components: main",
    ]
    if source.signed_by:
        lines.append(f"Signed-By: {source.signed_by}")
    return "\n".join(lines) + "\n"
