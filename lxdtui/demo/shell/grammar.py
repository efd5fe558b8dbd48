"""The grammar of the demo shell: text in, a small tree out, nothing run."""

import re
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_OPERATOR = re.compile(r"&&|\|\||;|\||&|\n")
_REDIRECT = re.compile(r"(\d?)(>>|>&|<|>)|&>")
_WORD_END = " \t\n;|&<>"
_UNSUPPORTED = frozenset(
    ("if", "for", "while", "until", "case", "function", "{", "}", "(", ")", "[[", "select")
)


class GrammarError(Exception):
    """The text is no command of this shell; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a word."""

    text: str
    """The text itself, or the name of a variable."""
    is_variable: bool
    is_quoted: bool


Word = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirection of one stream."""

    stream: int
    operator: str
    """``<``, ``>``, ``>>`` or ``>&``."""
    target: Word


@dataclass(frozen=True, slots=True)
class Command:
    """One command with its assignments and redirections."""

    assignments: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by pipes, and what has to happen before."""

    joiner: str
    """``;``, ``&&`` or ``||``: relation to the pipeline before."""
    commands: tuple[Command, ...]


def parse(text: str) -> list[Pipeline]:
    """Parse a line or a script.

    Args:
        text: What was typed, or the argument of ``sh -c``.

    Returns:
        Pipelines in order; none for an empty text.

    Raises:
        GrammarError: It cannot be understood.
    """
    return _Parser(text).parse()


class _Parser:
    """A recursive descent over one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def parse(self) -> list[Pipeline]:
        pipelines: list[Pipeline] = []
        commands: list[Command] = []
        joiner = ";"
        while True:
            command = self._command()
            operator = self._operator()
            if command is not None:
                commands.append(command)
            elif commands or operator in {"&&", "||", "|"} or joiner in {"&&", "||"}:
                raise GrammarError(f"syntax error near unexpected token `{operator or 'newline'}'")
            if operator == "&":
                raise GrammarError("background jobs are not part of the demo shell")
            if operator == "|":
                continue
            if commands:
                pipelines.append(Pipeline(joiner, tuple(commands)))
                commands = []
            if not operator:
                return pipelines
            joiner = operator if operator in {"&&", "||"} else ";"

    def _operator(self) -> str:
        self._skip_blanks()
        match = _OPERATOR.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match.group()

    def _command(self) -> Command | None:
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            self._skip_blanks()
            if self._is_at_end():
                break
            redirect = _REDIRECT.match(self._text, self._at)
            if redirect is not None:
                self._at = redirect.end()
                redirects += self._redirects(redirect)
                continue
            assignment = None if words else _ASSIGNMENT.match(self._text, self._at)
            if assignment is not None:
                self._at = assignment.end()
                assignments.append((assignment.group(1), self._word()))
                continue
            words.append(self._word())
            if len(words) == 1 and len(words[0]) == 1 and words[0][0].text in _UNSUPPORTED:
                raise GrammarError(f"`{words[0][0].text}' is not part of the demo shell")
        if not words and not assignments and not redirects:
            return None
        return Command(tuple(assignments), tuple(words), tuple(redirects))

    def _is_at_end(self) -> bool:
        if self._text.startswith("&>", self._at):
            return False
        at_operator = _OPERATOR.match(self._text, self._at) is not None
        return at_operator or self._at >= len(self._text)

    def _redirects(self, match: re.Match[str]) -> list[Redirect]:
        self._skip_blanks()
        target = self._word()
        if not target:
            raise GrammarError("syntax error near unexpected token `newline'")
        if match.group() == "&>":
            copy = (Part("1", is_variable=False, is_quoted=False),)
            return [Redirect(1, ">", target), Redirect(2, ">&", copy)]
        operator = match.group(2)
        stream = int(match.group(1) or (0 if operator == "<" else 1))
        return [Redirect(stream, operator, target)]

    def _skip_blanks(self) -> None:
        while self._at < len(self._text):
            if self._text.startswith("\\\n", self._at):
                self._at += 2
            elif self._text[self._at] in " \t\r":
                self._at += 1
            elif self._text[self._at] == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            else:
                return

    def _word(self) -> Word:
        parts: list[Part] = []
        while self._at < len(self._text) and self._text[self._at] not in _WORD_END:
            character = self._text[self._at]
            if character == "'":
                parts.append(Part(self._until_single_quote(), is_variable=False, is_quoted=True))
            elif character == '"':
                parts += self._double_quoted()
            elif character == "\\":
                parts.append(
                    Part(self._text[self._at + 1 : self._at + 2], is_variable=False, is_quoted=True)
                )
                self._at += 2
            elif character == "$":
                parts.append(self._variable(is_quoted=False))
            elif character in "`()":
                raise GrammarError("command substitution is not part of the demo shell")
            else:
                parts.append(Part(character, is_variable=False, is_quoted=False))
                self._at += 1
        return _joined(parts)

    def _until_single_quote(self) -> str:
        end = self._text.find("'", self._at + 1)
        if end < 0:
            raise GrammarError("unexpected end of file while looking for matching `''")
        text = self._text[self._at + 1 : end]
        self._at = end + 1
        return text

    def _double_quoted(self) -> list[Part]:
        parts = [Part("", is_variable=False, is_quoted=True)]
        self._at += 1
        while self._at < len(self._text):
            character = self._text[self._at]
            if character == '"':
                self._at += 1
                return parts
            if character == "$":
                parts.append(self._variable(is_quoted=True))
                continue
            if character == "`":
                raise GrammarError("command substitution is not part of the demo shell")
            if character == "\\" and self._text[self._at + 1 : self._at + 2] in {
                '"',
                "\\",
                "$",
                "`",
            }:
                self._at += 1
                character = self._text[self._at]
            parts.append(Part(character, is_variable=False, is_quoted=True))
            self._at += 1
        raise GrammarError("unexpected end of file while looking for matching `\"'")

    def _variable(self, *, is_quoted: bool) -> Part:
        self._at += 1
        rest = self._text[self._at : self._at + 1]
        if rest == "(":
            raise GrammarError("command substitution is not part of the demo shell")
        if rest and rest in "?$#0123456789":
            self._at += 1
            return Part(rest, is_variable=True, is_quoted=is_quoted)
        braced = rest == "{"
        match = _NAME.match(self._text, self._at + braced)
        if match is None:
            if braced:
                raise GrammarError("bad substitution")
            return Part("$", is_variable=False, is_quoted=True)
        self._at = match.end()
        if braced:
            if self._text[self._at : self._at + 1] != "}":
                raise GrammarError("bad substitution")
            self._at += 1
        return Part(match.group(), is_variable=True, is_quoted=is_quoted)


def _joined(parts: list[Part]) -> Word:
    """Merge neighbouring text of the same kind."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if (
            last is not None
            and not part.is_variable
            and not last.is_variable
            and last.is_quoted == part.is_quoted
        ):
            joined[-1] = Part(last.text + part.text, is_variable=False, is_quoted=part.is_quoted)
        else:
            joined.append(part)
    return tuple(joined)
