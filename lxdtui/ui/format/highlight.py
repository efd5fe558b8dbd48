"""Colours for source text: a few roles, and only for the lines that are looked at.

Reading begins some lines above the first line that is wanted, so the cost does
not grow with the file; a string or comment that begins further above is not
known as one there.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_for_filename, get_lexer_by_name
from pygments.token import Token
from pygments.util import ClassNotFound

__all__ = ["Highlighter", "Span"]

Span = tuple[int, int, str]
"""First character of a line, the one after the last, and the role of the colour."""

_CONTEXT = 300
"""Lines above the wanted ones that are read with them."""
_LINE_READ = 2000
"""Characters of a line that are read: what comes from outside must not stop us."""
_WINDOW_READ = 100_000
"""Characters that are read at the most for one piece."""

_ROLES = {
    Token.Comment.Preproc: "violet",
    Token.Comment: "muted",
    Token.Keyword.Constant: "amber",
    Token.Keyword: "violet",
    Token.Literal.String: "green",
    Token.Literal.Number: "amber",
    Token.Literal: "amber",
    Token.Name.Tag: "accent",
    Token.Name.Attribute: "cyan",
    Token.Name.Function: "accent",
    Token.Name.Class: "accent",
    Token.Name.Namespace: "accent",
    Token.Name.Builtin: "cyan",
    Token.Name.Variable: "cyan",
    Token.Name.Decorator: "cyan",
    Token.Name.Label: "cyan",
    Token.Generic.Heading: "strong",
    Token.Generic.Subheading: "strong",
    Token.Generic.Deleted: "red",
    Token.Generic.Inserted: "green",
}
_LANGUAGES = (
    (re.compile(r"(^|/)nginx/|nginx.*\.conf$"), "nginx"),
    (re.compile(r"(^|/)(apache2|httpd)/.*|\.htaccess$"), "apacheconf"),
    (re.compile(r"(^|/)(\.?(bash|sh|zsh)(rc|_profile|_aliases|_logout)|\.?profile)$"), "bash"),
    (re.compile(r"(^|/)etc/(default|sysconfig|init\.d)/|(^|/)(environment|os-release)$"), "bash"),
    (re.compile(r"\.(service|socket|timer|mount|target|path|slice|network|netdev|link)$"), "ini"),
    (re.compile(r"(^|/)sources\.list|\.list$"), "debsources"),
    (re.compile(r"(^|/)Containerfile"), "docker"),
    (re.compile(r"\.(cfg|cnf|conf|ini|toml\.bak|repo)$|(^|/)[^/.]*rc$"), "ini"),
)
_SHEBANGS = (
    (re.compile(r"\b(ba|da|k|z|a)?sh\b"), "bash"),
    (re.compile(r"\bpython[0-9.]*\b"), "python"),
    (re.compile(r"\bperl\b"), "perl"),
    (re.compile(r"\bruby\b"), "ruby"),
    (re.compile(r"\bnode\b"), "javascript"),
)


class Highlighter:
    """Finds the colours of lines.

    Args:
        path: The path of the file: its name tells most.
        first_line: Its first line, which may name a program.
    """

    def __init__(self, path: str, first_line: str = "") -> None:
        self._lexer = _lexer_for(path, first_line)

    @property
    def language(self) -> str:
        """What the text is written in; empty where that is not known."""
        return self._lexer.name if self._lexer is not None else ""

    def spans(self, lines: Sequence[str], first: int, end: int) -> dict[int, tuple[Span, ...]]:
        """Find the colours of some lines.

        Args:
            lines: All lines of the text, without their ends.
            first: The first line that is wanted, from 0.
            end: The line after the last one.

        Returns:
            Spans in ascending order by line; lines in plain colour are there, too.
        """
        found: dict[int, list[Span]] = {line: [] for line in range(first, min(end, len(lines)))}
        if self._lexer is None:
            return {line: _comment_of(lines[line]) for line in found}
        begin = max(first - _CONTEXT, 0)
        line = begin
        column = 0
        text = "\n".join(one[:_LINE_READ] for one in lines[begin:end])[:_WINDOW_READ]
        for _, kind, value in self._lexer.get_tokens_unprocessed(text):
            role = _role_of(kind)
            for number, part in enumerate(value.split("\n")):
                if number:
                    line, column = line + 1, 0
                if part and role and line in found:
                    found[line].append((column, column + len(part), role))
                column += len(part)
        return {line: tuple(spans) for line, spans in found.items()}


@lru_cache(maxsize=256)
def _role_of(kind: object) -> str:
    """Return the role of a kind of token, or of the kind above it that has one."""
    while kind is not None and kind is not Token:
        if kind in _ROLES:
            return _ROLES[kind]
        kind = getattr(kind, "parent", None)
    return ""


def _comment_of(line: str) -> tuple[Span, ...]:
    """Return the colour of a line in a text of an unknown language: most have ``#``."""
    return ((0, len(line), "muted"),) if line.lstrip().startswith("#") else ()


def _lexer_for(path: str, first_line: str) -> Lexer | None:
    name = next((name for pattern, name in _LANGUAGES if pattern.search(path)), "")
    if not name and first_line.startswith("#!"):
        name = next((name for pattern, name in _SHEBANGS if pattern.search(first_line)), "")
    try:
        if name:
            return get_lexer_by_name(name)
        kind = find_lexer_class_for_filename(path.rpartition("/")[2])
    except ClassNotFound:
        return None
    return None if kind is None or kind.name == "Text only" else kind()
