"""Saving what is edited, without losing anything of anybody: the ground of the editor.

All that can happen between a text under edit, of a
:class:`~lxdtui.ui.frames.text.TextScreen`, and its file is asked and done here.
"""

import asyncio

from lxdtui.errors import FileBusy, FileChanged, LxdTuiError
from lxdtui.model.files import join_path, parent_path
from lxdtui.services.editing import TextFile, TextForm
from lxdtui.services.editing.document import decode
from lxdtui.services.editing.merge import merge_files
from lxdtui.ui.dialogs.edit_choice import Answer, EditChoice
from lxdtui.ui.dialogs.error import ErrorDialog, Failure, NextStep
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.frames.text import BACK, TextScreen

__all__ = ["SavingScreen"]

_IN_PLACE = (
    (
        "Something is mounted on it, as is usual for /etc/resolv.conf and /etc/hosts in some "
        "containers, so no new file can take its place. Nothing is written yet."
    ),
    (
        "Written into as it is, it is not saved in one step: who reads it at that moment may get "
        "half of it, and a link that breaks then leaves it half written. What it holds now is "
        "kept on this computer before (Alt-V)."
    ),
)


class SavingScreen(TextScreen):
    """A screen that saves the text of one file; its arguments are those of the base."""

    # Saving

    async def save(self) -> bool:
        """Write the file; ask where something is in the way.

        Returns:
            Whether what is in the editor is in the file now.
        """
        while self.opened is not None:
            text, form = self.current_text(), self.form
            try:
                content = await self.fleet.editing.encode(self.opened, text, form)
                self.opened = await self.fleet.editing.save(
                    self.opened, content, in_place=self._writes_in_place
                )
            except FileChanged as error:
                if not await self._settle(error):
                    return False
            except FileBusy:
                self._writes_in_place = await self._may_write_in_place()
                if not self._writes_in_place:
                    return False
            except LxdTuiError as error:
                if not await self._is_tried_again(error):
                    return False
            else:
                await self._saved(text, form)
                return True
        return False

    async def save_as(self, name: str) -> None:
        """Write another file, a name or a path, and go on with that one."""
        if self.opened is None or not name.strip():
            return
        path = join_path(parent_path(self.path), name)
        text, form = self.current_text(), self.form
        try:
            content = await self.fleet.editing.encode(self.opened, text, form)
            opened = await self.fleet.editing.save_as(self.opened, path, content)
        except LxdTuiError as error:
            dialog = ErrorDialog((Failure.of(error),), offers_again=False, glyphs=self.glyphs)
            await self.app.push_screen_wait(dialog)
            return
        self._forget_draft()
        self.opened, self.path = opened, path
        self._writes_in_place = False
        self._draft = self.fleet.editing.draft(self.place, path)
        await self._saved(text, form)

    async def _saved(self, text: str, form: TextForm) -> None:
        assert self.opened is not None
        self._saved_text, self._saved_form = text, form
        self._compare()
        if self.opened.warning:
            self.say(f"Saved. {self.opened.warning}", is_warning=True)
        else:
            self.say(f"Saved {self.file_name}")

    async def _is_tried_again(self, error: LxdTuiError) -> bool:
        """Tell a failure; the text stays in the editor, and is written down here."""
        self.run_worker(self._keep_draft(), group="editor.draft", exclusive=True)
        dialog = ErrorDialog((Failure.of(error),), glyphs=self.glyphs)
        return await self.app.push_screen_wait(dialog) is NextStep.AGAIN

    async def _settle(self, error: FileChanged) -> bool:
        """Ask what becomes of two changes of the same file.

        Returns:
            Whether to save now.
        """
        assert self.opened is not None
        if error.theirs is None:
            return await self._settle_gone()
        theirs = await asyncio.to_thread(decode, error.theirs)
        base = await asyncio.to_thread(decode, error.base)
        answers = [BACK]
        view = None
        if isinstance(theirs, TextFile):
            view = await self._compared(
                theirs.text, self.current_text(), old_label="in the file now", new_label="mine"
            )
            answers.append(Answer(key="t", words="Take theirs", id="theirs", is_dangerous=True))
            if isinstance(base, TextFile):
                answers.append(Answer(key="m", words="Merge", id="merge"))
        answers.append(Answer(key="o", words="Write over it", id="over", is_dangerous=True))
        lines = ["Somebody else changed it since it was opened. Nothing is written yet."]
        if view is None:
            lines.append("What is in it now is no text that can be shown here.")
        answer = await self.app.push_screen_wait(
            EditChoice(
                f"{self.file_name} is not what it was. What is to be done?",
                lines,
                answers,
                shows=view,
                is_dangerous=True,
            )
        )
        if answer == "back":
            return False
        self.opened = self.opened.holding(error.theirs)
        if answer == "over":
            return True
        if isinstance(theirs, TextFile) and answer == "theirs":
            self._begin_with(theirs.text, theirs.form)
            self.put_text(theirs.text)
            self._compare()
            self.settled += 1
            self.say("This is what is in the file; undo brings yours back")
        elif isinstance(theirs, TextFile) and isinstance(base, TextFile):
            await self._merge(base, theirs)
        return False

    async def _may_write_in_place(self) -> bool:
        """Ask about a file whose place no other can take; the text stays in the editor."""
        self.run_worker(self._keep_draft(), group="editor.draft", exclusive=True)
        answer = await self.app.push_screen_wait(
            EditChoice(
                f"{self.file_name} cannot be replaced. Write into it?",
                _IN_PLACE,
                (BACK, Answer(key="enter", words="Write into it", id="write")),
            )
        )
        return answer == "write"

    async def _settle_gone(self) -> bool:
        assert self.opened is not None
        answer = await self.app.push_screen_wait(
            EditChoice(
                f"{self.file_name} is gone. Write it anew?",
                ("Somebody removed or renamed it since it was opened.",),
                (BACK, Answer(key="enter", words="Write it", id="write")),
            )
        )
        if answer == "write":
            self.opened = self.opened.holding(None)
        return answer == "write"

    async def _merge(self, base: TextFile, theirs: TextFile) -> None:
        while True:
            mine = TextFile(text=self.current_text(), form=self.form)
            merged, conflicts = await asyncio.to_thread(merge_files, base, mine, theirs)
            # What was typed meanwhile belongs to it.
            if (self.current_text(), self.form) == (mine.text, mine.form):
                break
        self.settled += 1
        self._begin_with(theirs.text, theirs.form)
        self.form = merged.form
        self.put_text(merged.text)
        self.touched()
        if conflicts:
            words = f"Merged with {plural(conflicts, 'contradiction')}, between <<<<<<< and >>>>>>>"
            self.say(words, is_warning=True)
            self.go_to_words("<<<<<<< ")
        else:
            self.say("Merged without contradictions; look at it, and save")

    def go_to_words(self, words: str) -> None:
        """Go to the first line that begins with some words."""

    # Leaving

    async def may_leave(self) -> bool:
        """Ask what becomes of unsaved text, where there is some."""
        if not self.is_modified:
            return True
        answers = (
            Answer(key="escape", words="Stay", id="stay", is_safe=True),
            Answer(key="d", words="Discard", id="discard", is_dangerous=True),
            Answer(key="enter", words="Save", id="save"),
        )
        answer = await self.app.push_screen_wait(
            EditChoice(f"Save the changes to {self.file_name}?", (), answers)
        )
        if answer == "save":
            return await self.save()
        if answer == "discard":
            self.is_modified = False
            self._forget_draft()
        return answer == "discard"
