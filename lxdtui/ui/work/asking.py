"""Asking, showing how far something is, and telling what became of it.

What is under way goes on when the screen that asked for it is left, and what
failed is told wherever the user is then.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from textual.app import App

from lxdtui.errors import LxdTuiError, OperationCancelled
from lxdtui.ui.dialogs.error import ErrorDialog, Failure, NextStep
from lxdtui.ui.dialogs.form import FormDialog
from lxdtui.ui.dialogs.progress import ProgressDialog
from lxdtui.ui.dialogs.results import Result, ResultsDialog
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.forms.form import Form, Values
from lxdtui.ui.ports.snapshots import Report
from lxdtui.ui.theme import Glyphs

__all__ = ["Asking", "FormMaker"]

_WORDS_STAY = 4.0

FormMaker = Callable[[Values | None, tuple[str, ...]], Form]
"""Makes a form of the answers before, and of why it failed with them."""


class Asking:
    """Dialogs of an app, to be used in its workers.

    Args:
        app: Where the dialogs are shown.
        glyphs: The characters to draw with.
    """

    def __init__(self, app: App[None], *, glyphs: Glyphs) -> None:
        self.app = app
        self.glyphs = glyphs

    async def ask(self, form: Form) -> dict[str, str] | None:
        """Ask; ``None`` where it is not to be done."""
        return await self.app.push_screen_wait(FormDialog(form, glyphs=self.glyphs))

    def say(self, words: str) -> None:
        """Show a sentence for a few seconds."""
        self.app.notify(safe_text(words), timeout=_WORDS_STAY, markup=False)

    async def ask_until_done(
        self, make: FormMaker, do: Callable[[Values], Awaitable[None]]
    ) -> None:
        """Ask, do it, and ask again with the same answers where it failed.

        Args:
            make: Makes the form of the answers before and the words of the failure.
            do: Does it with the answers.
        """
        before: Values | None = None
        failure: tuple[str, ...] = ()
        while (values := await self.ask(make(before, failure))) is not None:
            try:
                await do(values)
            except OperationCancelled:
                return
            except LxdTuiError as error:
                told = Failure.of(error)
                failure = (f"Cannot {told.tried}", told.reason, told.hint)
                before = values
            else:
                return

    async def with_progress(
        self, title: str, work: Callable[[Report], Awaitable[None]], *, notes: str = ""
    ) -> bool:
        """Show how far something is, and let it be cancelled.

        Returns:
            Whether it was done; otherwise it was cancelled.

        Raises:
            LxdTuiError: It failed.
        """
        dialog = ProgressDialog(title, notes=notes, glyphs=self.glyphs)
        task = asyncio.ensure_future(work(dialog.report))
        task.add_done_callback(lambda _: dialog.finish())
        try:
            is_done = await self.app.push_screen_wait(dialog)
            if not is_done:
                task.cancel()
            await asyncio.wait((task,))
        finally:
            task.cancel()
        if task.cancelled():
            self.say(f"Cancelled: {title[:1].lower()}{title[1:]}")
            return False
        task.result()
        return True

    async def tell(
        self, names: Sequence[str], errors: Sequence[LxdTuiError | None], done: str
    ) -> NextStep | None:
        """Tell what became of each of several things.

        Args:
            names: Their names.
            errors: Why each one failed, or ``None``.
            done: What was to be done: ``deleted``.

        Returns:
            Whether the failed ones are to be tried again.
        """
        failures = [Failure.of(error) if error else None for error in errors]
        failed = [failure for failure in failures if failure is not None]
        if not failed:
            what = names[0] if len(names) == 1 else plural(len(names), "snapshot")
            self.say(f"{what} {done}")
            return None
        if len(names) == 1:
            return await self.app.push_screen_wait(ErrorDialog(failed, glyphs=self.glyphs))
        results = [
            Result(name=name, failure=failure)
            for name, failure in zip(names, failures, strict=True)
        ]
        return await self.app.push_screen_wait(ResultsDialog(done, results, glyphs=self.glyphs))
