"""The way of a change: wish, difference, server, and what stands in between.

Nothing that was typed is lost on it. A refusal and a lost link lead back to
where it was typed, with the server's words; a conflict shows both changes.
"""

from collections.abc import Awaitable, Callable, Sequence

from textual.app import App

from lxdtui.errors import LxdTuiError, NotFound
from lxdtui.model.config_keys import KeyBook
from lxdtui.model.configuration import OWN_PREFIXES, Configuration, expand, without_volatile
from lxdtui.model.refs import DEFAULT_PROJECT
from lxdtui.services.configuration import Conflict, Difference, Merge, Version, differences
from lxdtui.ui.dialogs.config_changes import (
    ChangeQuestion,
    ChangesDialog,
    ConflictDialog,
    Decision,
)
from lxdtui.ui.dialogs.error import Failure
from lxdtui.ui.format.configuration import command_for
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import Glyphs

__all__ = ["Again", "ChangeFlow", "key_notes", "words_of"]

_TOLD = 3
"""How many of a kind are named in a note."""

Again = Callable[[Configuration, str, Version], Awaitable[Configuration | None]]
"""Lets a wish be changed again: the wish, why it was not done, and what it is
made on; ``None`` where it is given up."""


def words_of(error: LxdTuiError) -> str:
    """Return why something was not done, with what can be done about it."""
    failure = Failure.of(error)
    hint = failure.hint
    if isinstance(error, NotFound) and not hint:
        hint = "It was deleted or renamed meanwhile."
    return "\n".join(part for part in (failure.reason, hint) if part)


class ChangeFlow:
    """Leads one change from the wish to the server; runs in a worker.

    Args:
        app: Shows the dialogs.
        fleet: All configured servers.
        glyphs: The characters to draw with.
        say: Tells how it ended.
    """

    def __init__(
        self, app: App[object], fleet: Fleet, *, glyphs: Glyphs, say: Callable[[str], None]
    ) -> None:
        self._app = app
        self._fleet = fleet
        self._glyphs = glyphs
        self._say = say

    async def run(
        self, base: Version, again: Again, *, book: KeyBook | None, notes: Sequence[str] = ()
    ) -> Version | None:
        """Ask, show the difference, send, until it is done or given up.

        Args:
            base: The version to change.
            again: Asks for the change.
            book: What is known of keys, for the notes.
            notes: What else is worth knowing before, one sentence each.

        Returns:
            What the server holds now, or ``None`` where nothing was changed.
        """
        wanted = await again(base.configuration, "", base)
        while wanted is not None:
            found = differences(base.configuration, wanted)
            if not found:
                self._say("Nothing was changed")
                return None
            told = (*notes, *_notes(base, wanted, found, book))
            decision = await self._ask(base, wanted, found, told)
            if decision is None:
                return None
            if decision is Decision.BACK:
                wanted = await again(wanted, "", base)
                continue
            try:
                outcome = await self._fleet.configuration.save(base, wanted)
            except LxdTuiError as error:
                wanted = await again(wanted, words_of(error), base)
                continue
            if not isinstance(outcome, Conflict):
                self._say(f"{base.instance.name} changed")
                return outcome.version
            base, (wanted, is_decided) = outcome.version, await self._decide(outcome.merge, base)
            if not is_decided:
                words = "It was changed by somebody else meanwhile; your change is below."
                wanted = await again(wanted, words, base)
        return None

    async def _ask(
        self,
        base: Version,
        wanted: Configuration,
        found: tuple[Difference, ...],
        notes: tuple[str, ...],
    ) -> Decision | None:
        ref = base.instance.ref
        server = self._fleet.store.state.servers.get(ref.remote)
        kind = server.kind if server else None
        by_address = {one.name for one in self._fleet.remotes if one.is_named_by_address}
        question = ChangeQuestion(
            name=ref.name,
            place=(ref.remote, ref.project),
            is_home=ref.remote == "local" and ref.project == DEFAULT_PROJECT,
            found=found,
            notes=notes,
            # A server given by its address is not in the configuration of lxc or incus.
            command="" if ref.remote in by_address else command_for(ref, found, kind),
            effective=effective_differences(base, wanted),
        )
        dialog = ChangesDialog(question, glyphs=self._glyphs)
        return await self._app.push_screen_wait(dialog)

    async def _decide(self, merge: Merge, base: Version) -> tuple[Configuration, bool]:
        """Return what is wanted now, and whether that was decided."""
        dialog = ConflictDialog(base.instance.name, merge, glyphs=self._glyphs)
        decision = await self._app.push_screen_wait(dialog)
        if decision is Decision.THEIRS:
            return merge.with_theirs, True
        return merge.with_mine, decision is not None


def effective_differences(base: Version, wanted: Configuration) -> tuple[Difference, ...]:
    """Return what changes in force by other profiles; empty where profiles stay as they are."""
    if wanted.profiles == base.configuration.profiles or not base.profiles:
        return ()
    before = expand(base.configuration, base.profiles)
    after = expand(wanted, base.profiles)
    return differences(
        Configuration(config=without_volatile(before.config), devices=before.devices),
        Configuration(config=without_volatile(after.config), devices=after.devices),
    )


def _notes(
    base: Version, wanted: Configuration, found: tuple[Difference, ...], book: KeyBook | None
) -> tuple[str, ...]:
    notes = key_notes(found, book, is_running=base.instance.is_running)
    missing = [name for name in wanted.profiles if base.profiles and name not in base.profiles]
    if missing:
        notes = (*notes, f"There is no profile {_some(missing)}; the server will refuse.")
    return notes


def key_notes(
    found: Sequence[Difference], book: KeyBook | None, *, is_running: bool
) -> tuple[str, ...]:
    """Say what is worth knowing of changed keys before they are sent.

    Args:
        found: What changes.
        book: What is known of keys.
        is_running: Whether something runs that takes some of them at its next start.
    """
    unknown: list[str] = []
    problems: list[str] = []
    late: list[str] = []
    for one in found:
        if one.path[0] != "config" or book is None:
            continue
        key = one.path[1]
        known = book.find(key)
        if known is None and one.after is not None and not key.startswith(OWN_PREFIXES):
            unknown.append(key)
        problem = book.problem(key, one.after or "")
        if problem:
            problems.append(f"{key} {problem}")
        if known is not None and known.is_live is False:
            late.append(key)
    notes: list[str] = []
    if unknown:
        verb = "is" if len(unknown) == 1 else "are"
        notes.append(f"{_some(unknown)} {verb} not known to this program; the server decides.")
    notes += [f"{problem}; the server will probably refuse." for problem in problems[:_TOLD]]
    if late and is_running:
        notes.append(f"{_some(late)} will take effect at the next start.")
    return tuple(notes)


def _some(names: Sequence[str]) -> str:
    """Name the first few of many."""
    if len(names) <= _TOLD:
        return ", ".join(names)
    return f"{', '.join(names[:_TOLD])} and {len(names) - _TOLD} others"
