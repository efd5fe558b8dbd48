"""The way of a change of a profile: text, difference, server, and what stands in between.

Nothing that was typed is lost on it: a refusal leads back to the text.
"""

from collections.abc import Callable

from textual.app import App

from lxdtui.errors import LxdTuiError, TextNotUnderstood
from lxdtui.model.config_keys import KeyBook
from lxdtui.model.configuration import Configuration
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef
from lxdtui.services.configuration import (
    HiddenValues,
    ProfileConflict,
    ProfileVersion,
    differences,
)
from lxdtui.ui.actions.equivalents import client_of, profile_command
from lxdtui.ui.dialogs.config_changes import (
    ChangeQuestion,
    ChangesDialog,
    ConflictDialog,
    Decision,
)
from lxdtui.ui.dialogs.config_text import TextDialog, TextQuestion
from lxdtui.ui.dialogs.error import ErrorDialog, Failure
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.secrets import is_secret
from lxdtui.ui.pages.config_flow import key_notes, words_of
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import Glyphs

__all__ = ["ProfileFlow"]


class ProfileFlow:
    """Lets one profile be changed; runs in a worker.

    Args:
        app: Shows the dialogs.
        fleet: All configured servers.
        glyphs: The characters to draw with.
        say: Tells how it ended.
    """

    def __init__(
        self,
        app: App[object],
        fleet: Fleet,
        *,
        glyphs: Glyphs,
        say: Callable[[str], None],
    ) -> None:
        self._app = app
        self._fleet = fleet
        self._book: KeyBook | None = None
        self._glyphs = glyphs
        self._say = say
        self._hidden = HiddenValues(is_secret)
        self._typed = ""
        self._meant: Configuration | None = None

    async def run(self, ref: InstanceRef, name: str, *, book: KeyBook | None) -> None:
        """Ask, show the difference, send, until it is done or given up.

        Args:
            ref: An instance of the profile's server and project.
            name: The profile.
            book: What is known of keys, for the notes.
        """
        self._book = book
        service = self._fleet.configuration.profiles
        try:
            base = await service.read(ref, name)
        except LxdTuiError as error:
            await self._app.push_screen_wait(
                ErrorDialog((Failure.of(error),), offers_again=False, glyphs=self._glyphs)
            )
            return
        wanted = await self._type(base, base.configuration, "")
        while wanted is not None:
            found = differences(base.configuration, wanted)
            if not found:
                self._say("Nothing was changed")
                return
            decision = await self._ask(base, wanted)
            if decision is None:
                return
            if decision is Decision.BACK:
                wanted = await self._type(base, wanted, "")
                continue
            try:
                outcome = await service.save(base, wanted)
            except LxdTuiError as error:
                base = await self._again(ref, base)
                wanted = await self._type(base, wanted, words_of(error))
                continue
            if not isinstance(outcome, ProfileConflict):
                self._say(f"The profile {name} was changed")
                return
            base = outcome.version
            wanted = await self._settle(outcome)

    async def _again(self, ref: InstanceRef, base: ProfileVersion) -> ProfileVersion:
        """Read what the server holds: it may have kept a change that it complains of."""
        try:
            return await self._fleet.configuration.profiles.read(ref, base.profile.name)
        except LxdTuiError:
            return base

    async def _type(
        self, base: ProfileVersion, wanted: Configuration, refusal: str
    ) -> Configuration | None:
        service, hidden = self._fleet.configuration.profiles, self._hidden
        # What was typed comes back as it was, with its comments and blanks.
        is_typed = bool(self._typed) and wanted == self._meant
        text = self._typed if is_typed else service.to_text(hidden.cover(wanted))
        line = 0
        while True:
            question = TextQuestion(
                what="Configuration",
                name=f"the profile {base.profile.name}",
                text=text,
                before=service.to_text(hidden.cover(base.configuration)),
                note=f"Everything that the profile gives. {self._users(base)}",
                line=line,
                hidden=hidden,
            )
            dialog = TextDialog(question, glyphs=self._glyphs, refusal=refusal)
            answer = await self._app.push_screen_wait(dialog)
            if answer is None:
                return None
            try:
                self._meant = hidden.uncover(service.from_text(answer, base.configuration))
            except TextNotUnderstood as error:
                text, refusal, line = answer, error.message, error.line
                continue
            self._typed = answer
            return self._meant

    async def _ask(self, base: ProfileVersion, wanted: Configuration) -> Decision | None:
        found = differences(base.configuration, wanted)
        name, remote, project = base.profile.name, base.remote, base.project
        by_address = {one.name for one in self._fleet.remotes if one.is_named_by_address}
        client = client_of(self._fleet.store.state.servers.get(remote))
        notes = key_notes(found, self._book, is_running=base.profile.users > 0)
        question = ChangeQuestion(
            name=f"the profile {name}",
            place=(remote, project),
            is_home=remote == "local" and project == DEFAULT_PROJECT,
            found=found,
            notes=(self._users(base), *notes),
            command="" if remote in by_address else profile_command(client, remote, project, name),
        )
        return await self._app.push_screen_wait(ChangesDialog(question, glyphs=self._glyphs))

    async def _settle(self, conflict: ProfileConflict) -> Configuration | None:
        """Return what is wanted now that somebody else changed it, too."""
        merge, base = conflict.merge, conflict.version
        dialog = ConflictDialog(f"The profile {base.profile.name}", merge, glyphs=self._glyphs)
        decision = await self._app.push_screen_wait(dialog)
        if decision is Decision.THEIRS:
            return merge.with_theirs
        if decision is not None:
            return merge.with_mine
        words = "It was changed by somebody else meanwhile; your change is below."
        return await self._type(base, merge.with_mine, words)

    @staticmethod
    def _users(base: ProfileVersion) -> str:
        users = base.profile.users
        if not users:
            return "Nobody uses it yet."
        verb = "uses it and gets" if users == 1 else "use it and get"
        return f"{plural(users, 'container')} {verb} a change at once."
