"""A text under edit: opened, kept in case that the program ends, compared with others.

A screen with a text under edit opens a file with :meth:`TextScreen.open_file`,
gives its text, and takes another one; how it is saved stands in
:mod:`lxdtui.ui.work.saving`.
"""

import asyncio
from contextlib import suppress

from lxdtui.errors import LxdTuiError
from lxdtui.model.place import Place
from lxdtui.services.editing import (
    Draft,
    Encoding,
    LineEnds,
    OpenedFile,
    TextFile,
    TextForm,
)
from lxdtui.services.editing.difference import difference
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.dialogs.edit_choice import Answer, EditChoice
from lxdtui.ui.dialogs.edit_versions import EarlierText, EditVersions
from lxdtui.ui.format.times import day_and_minute
from lxdtui.ui.frames.place import PlaceScreen
from lxdtui.ui.later import Later, later
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import UNICODE, Glyphs
from lxdtui.ui.widgets.diff_view import DiffView

__all__ = ["BACK", "TextScreen"]

_KEPT_AFTER = 2.0
"""Seconds after a change in which unsaved text is written down."""

BACK = Answer(key="escape", words="Back to the text", id="back", is_safe=True)


class TextScreen(PlaceScreen):
    """A screen that edits the text of one file; its arguments are those of the base."""

    def __init__(
        self,
        fleet: Fleet,
        place: Place,
        path: str,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__(fleet, place, path, clock=clock, glyphs=glyphs)
        self.opened: OpenedFile | None = None
        """The file as it was opened or last saved."""
        self.form = TextForm()
        """How the text goes back to bytes."""
        self.is_modified = False
        """Whether the text is another than that of the file."""
        self.settled = 0
        """How often another text was put in the place of this one because of a conflict."""
        self._draft: Draft = fleet.editing.draft(place, path)
        self._draft_timer: Later | None = None
        self._has_warned = False
        self._writes_in_place = False
        self._saved_text = ""
        self._saved_form = self.form

    # For the screen

    def current_text(self) -> str:
        """Return the text as it is now, with LF between its lines."""
        raise NotImplementedError

    def put_text(self, text: str) -> None:
        """Put another text in the place of the one that is there; it can be undone."""
        raise NotImplementedError

    def state_changed(self) -> None:
        """Show whether the text is saved, and how it is written."""

    @property
    def is_in_file(self) -> bool:
        """Whether there is such a file, as far as is known."""
        return self.opened is not None and self.opened.exists

    # Opening

    async def open_file(self) -> OpenedFile:
        """Read the file.

        Raises:
            LxdTuiError: It cannot be read.
        """
        opened = await self.fleet.editing.open(self.place, self.path)
        self.opened = opened
        if isinstance(opened.file, TextFile):
            self._begin_with(opened.file.text, opened.file.form)
        return opened

    async def offer_unsaved(self) -> None:
        """Ask about text that an editor of this file left behind, where there is some."""
        editing = self.fleet.editing
        try:
            unsaved = await editing.unsaved(self.place, self.path)
        except LxdTuiError as error:
            self.say(error.message, is_warning=True)
            return
        if unsaved is None or self.opened is None:
            return
        if unsaved.text == self.current_text() and unsaved.form == self.form:
            await editing.drop_unsaved(self.place, self.path, unsaved)
            return
        view = await self._compared(
            self.current_text(), unsaved.text, old_label="in the file", new_label="not saved"
        )
        when = day_and_minute(unsaved.written_at)
        answer = await self.app.push_screen_wait(
            EditChoice(
                f"Text of {self.file_name} was not saved. Take it?",
                (f"An editor ended without a word; this was in it at {when}.",),
                (
                    Answer(key="escape", words="Ask again later", id="later", is_safe=True),
                    Answer(key="d", words="Discard it", id="discard", is_dangerous=True),
                    Answer(key="enter", words="Take it", id="take"),
                ),
                shows=view,
            )
        )
        if answer == "later":
            return
        if answer == "take":
            # What it began with, so that a change in between is found when saving.
            if self.opened.exists and unsaved.base != self.opened.content:
                self.opened = self.opened.holding(unsaved.base)
            self.form = unsaved.form
            self.put_text(unsaved.text)
            self.touched()
            if not await self._keep_draft():
                return
        try:
            await editing.drop_unsaved(self.place, self.path, unsaved)
        except LxdTuiError as error:
            self.say(error.message, is_warning=True)

    # While it is edited

    def touched(self) -> None:
        """Find out whether the text is another than that of the file; it is written down soon."""
        self._compare()
        if self.is_modified and self._draft_timer is None:
            self._draft_timer = later(self, _KEPT_AFTER, self._write_draft)

    def _compare(self) -> None:
        is_modified = (self.current_text(), self.form) != (self._saved_text, self._saved_form)
        if self.is_modified and not is_modified:
            self._forget_draft()
        self.is_modified = is_modified
        self.state_changed()

    def _begin_with(self, text: str, form: TextForm) -> None:
        """Take note of what is in the file."""
        self._saved_text, self._saved_form, self.form = text, form, form

    def _write_draft(self) -> None:
        self._draft_timer = None
        if self.is_modified:
            self.run_worker(self._keep_draft(), group="editor.draft", exclusive=True)

    async def _keep_draft(self) -> bool:
        if self.opened is None:
            return False
        try:
            await self.fleet.editing.keep_unsaved(
                self._draft, self.opened, self.current_text(), self.form
            )
        except LxdTuiError as error:
            if not self._has_warned:
                self._has_warned = True
                self.say(f"{error.message}. Save often.", is_warning=True)
            return False
        return True

    def on_unmount(self) -> None:
        """Leave the text behind where nobody decided about it, as at the end of the app."""
        if self._draft_timer is not None:
            self._draft_timer.stop()
        if self.is_modified and self.opened is not None:
            text, base = self.current_text(), self.opened.content
            # There is nobody left to be told.
            with suppress(LxdTuiError):
                self._draft.keep(text, self.form, base, self.clock.now())
        self._draft.leave()

    def _forget_draft(self) -> None:
        # What cannot be removed is offered again at the next opening, which does no harm.
        with suppress(LxdTuiError):
            self._draft.forget()

    # Versions and the like

    async def bring_back(self) -> None:
        """Show the earlier versions of the file, and put one into the editor."""
        try:
            versions = await self.fleet.editing.earlier(self.place, self.path)
        except LxdTuiError as error:
            self.say(error.message, is_warning=True)
            return
        texts = [
            (EarlierText(words=day_and_minute(one.kept_at), text=one.file.text), one.file.form)
            for one in versions
            if one.file is not None
        ]
        problems = [
            f"The one of {day_and_minute(one.kept_at)} cannot be shown: {one.problem}"
            for one in versions
            if one.problem
        ]
        if not texts:
            none = "There is no earlier version: this file was not saved from here yet"
            self.say(". ".join(problems) or none, is_warning=bool(problems))
            return
        place = await self.app.push_screen_wait(
            EditVersions(
                self.file_name,
                [one for one, _ in texts],
                self.current_text(),
                problems=problems,
                glyphs=self.glyphs,
            )
        )
        if place is not None:
            earlier, self.form = texts[place]
            self.put_text(earlier.text)
            self.touched()
            self.say(f"This is the version of {earlier.words}; save to bring it back")

    async def show_difference(self) -> None:
        """Show what is different from the file as it was opened or saved."""
        if self.opened is None or not isinstance(self.opened.file, TextFile):
            return
        view = await self._compared(
            self.opened.file.text,
            self.current_text(),
            old_label="in the file",
            new_label="in the editor",
        )
        title = f"What is different in {self.file_name}"
        await self.app.push_screen_wait(EditChoice(title, (), (BACK,), shows=view))

    async def _compared(self, old: str, new: str, *, old_label: str, new_label: str) -> DiffView:
        view = DiffView(glyphs=self.glyphs, old_label=old_label, new_label=new_label)
        view.show_difference(await asyncio.to_thread(difference, old, new))
        return view

    def change_line_ends(self) -> None:
        """End lines with LF, or with CR LF."""
        if self.form.line_ends is LineEnds.MIXED:
            self.put_text(self.current_text().replace("\r\n", "\n"))
        ends = LineEnds.CRLF if self.form.line_ends is LineEnds.LF else LineEnds.LF
        self._change_form(TextForm(encoding=self.form.encoding, line_ends=ends))

    def change_encoding(self) -> None:
        """Write the file as UTF-8."""
        self._change_form(TextForm(encoding=Encoding.UTF_8, line_ends=self.form.line_ends))

    def _change_form(self, form: TextForm) -> None:
        if form != self.form:
            self.form = form
            self.touched()
