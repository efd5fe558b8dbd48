"""What a screen of shells asks: where to go, what to close, how a shell starts."""

from functools import partial

from textual.geometry import Size

from lxdtui.errors import LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import KeptSession, SessionOrder, ShellOptions
from lxdtui.ui.dialogs.confirm import ConfirmDialog
from lxdtui.ui.dialogs.file_choice import FileChoice, FileOption
from lxdtui.ui.dialogs.form import FormDialog
from lxdtui.ui.dialogs.session_choice import SessionChoice
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.forms.form import Form, Text, is_set
from lxdtui.ui.forms.questions import question_on_close
from lxdtui.ui.forms.shell import form_of_options, options_of_form
from lxdtui.ui.messages import OpenFiles
from lxdtui.ui.state.pane_tree import Axis, split_at
from lxdtui.ui.state.sessions import Session
from lxdtui.ui.work.session_options import group_options, groups_of, options_of, ref_of, session_of
from lxdtui.ui.work.shell_windows import ShellWindows

__all__ = ["ShellAsking"]

USUAL = SessionOrder()


class ShellAsking(ShellWindows):
    """Windows of shells, with the questions about them."""

    # Sessions

    def _open(self, ref: InstanceRef, order: SessionOrder = USUAL) -> Session:
        """Open a session in a window of its own, as large as the room there is."""
        session = self._new(ref, self._area.size, order)
        self._book.add(session)
        self._run(session)
        return session

    def _new(self, ref: InstanceRef, size: Size, order: SessionOrder) -> Session:
        return Session(
            ref,
            columns=size.width,
            rows=size.height,
            order=order,
            parsing=self._book.parsing,
        )

    async def _open_again(self, order: SessionOrder | None = None) -> None:
        """Open a session in the place of the one that is over."""
        old, window = self._session, self._window
        if old is None or window is None or not old.is_over:
            return
        # The bar about the end goes, so the new one has its row as well.
        size = self._area.size_in(window.shown, old, has_titles=self._has_titles(window))
        new = self._new(old.ref, size, order or old.order_again)
        self._book.replace(old, new)
        self._run(new)
        await self._show(new)

    async def _split(self, axis: Axis) -> None:
        """Open a shell beside the active pane, in the same container."""
        window = self._window
        if window is None or not self._has_room(axis):
            return
        await self._put_beside(self._made(self._ref, axis), axis)

    def _made(self, ref: InstanceRef, axis: Axis, order: SessionOrder = USUAL) -> Session:
        """Make a session for a new pane, with the size that the pane will have."""
        window = self._window
        session = self._new(ref, Size(80, 24), order)
        if window is not None:
            tree = split_at(window.tree, window.active, session, axis)
            session.resize(*self._area.size_in(tree, session, has_titles=True))
        return session

    # Questions

    def _ask_where_to(self) -> None:
        options = options_of(self._book, self.fleet.store, self._label)
        dialog = SessionChoice(options, can_split=self._window is not None)
        self.app.push_screen(dialog, self._go_to)

    async def _go_to(self, answer: tuple[str, str] | None) -> None:
        if answer is None:
            return
        verb, chosen = answer
        session, ref = session_of(self._book, chosen), ref_of(chosen)
        if verb == "choose":
            if session is None and ref is not None:
                session = self._open(ref)
            if session is not None:
                await self._show(session)
            return
        axis = Axis.ROW if verb == "beside" else Axis.COLUMN
        if self._has_room(axis):
            if session is None and ref is not None:
                session = self._made(ref, axis)
            if session is not None:
                await self._put_beside(session, axis)

    async def _close(self) -> None:
        session = self._session
        if session is None:
            return
        if session.is_over:
            await self._forget(session)
        else:
            self.run_worker(self._ask_to_close(session), group="ask", exclusive=True)

    async def _ask_to_close(self, session: Session) -> None:
        """Close a live session, at once where nothing would be lost by it."""
        front = await session.foreground()
        is_idle = front is not None and front.is_shell
        if is_idle or session.order.options.is_kept:
            await self._hang_up(session, is_yes=True)
            return
        question = question_on_close(session.ref, self._label(session), session.order.kind)
        dialog = ConfirmDialog(question, glyphs=self.glyphs)
        self.app.push_screen(dialog, partial(self._hang_up, session))

    async def _open_files(self) -> None:
        """Browse the folder that the shell is in, as far as that is known."""
        session = self._session
        if session is None:
            return
        folder = session.emulator.directory
        if not folder:
            front = await session.foreground()
            folder = front.directory if front is not None else ""
        self.post_message(OpenFiles(session.ref, folder))

    async def _hang_up(self, session: Session, is_yes: bool | None) -> None:
        if is_yes:
            await self._forget(session)
            self.app.run_worker(session.aclose(), group="shells", exit_on_error=False)

    def _ask_for_name(self) -> None:
        window = self._window
        if window is None:
            return

        def take(values: dict[str, str] | None) -> None:
            if values is not None:
                window.name = values["name"].strip()
                self._show_tabs()

        field = Text(id="name", label="Name", value=window.name, hint="empty: the program's title")
        form = Form(title="Rename this tab", fields=(field,), do="Rename")
        self.app.push_screen(FormDialog(form, glyphs=self.glyphs), take)

    def _mark(self) -> None:
        session = self._session
        if session is not None:
            self._book.marked ^= {session}
            marked = len(self._book.marked)
            self.say(f"{marked} marked; {self._leader_name} b types into all of them")
            self._refresh_states()

    async def _turn_several(self) -> None:
        """Ask what to type into at once; or end that."""
        window = self._window
        if window is None:
            return
        if self._book.typed_at_once:
            await self._type_into(frozenset())
            return
        groups = groups_of(self._book, window)
        if not groups:
            self.say("There is only one shell to type into", is_warning=True)
            return

        async def take(answer: tuple[str, str] | None) -> None:
            if answer is not None:
                await self._type_into(groups[answer[1]])

        dialog = FileChoice("Type at once into", group_options(groups), nothing="")
        self.app.push_screen(dialog, take)

    async def _type_into(self, sessions: frozenset[Session]) -> None:
        self._book.typed_at_once = sessions
        window = self._window
        if window is not None and sessions and window.active not in sessions:
            here = [one for one in self._book.sessions if one in sessions]
            await self._show(here[0])
        await self._lay_out()

    async def _ask_how(self, ref: InstanceRef) -> None:
        """Let the user choose how a shell starts, and open it."""
        opener = self.fleet.sessions
        options, commands = await opener.recall(ref)
        users = await opener.user_names(ref)
        form = form_of_options(ref, options, users, commands)
        values = await self.app.push_screen_wait(FormDialog(form, glyphs=self.glyphs))
        if values is None:
            if self._session is None:
                self.go_back()
            return
        options = options_of_form(values)
        try:
            await opener.remember(ref, options, with_environment=is_set(values, "secrets"))
        except LxdTuiError as error:
            self.say(error.message, is_warning=True)
        await self._show(self._open(ref, SessionOrder(options=options)))

    async def _offer_kept(self, ref: InstanceRef) -> None:
        """Tell, once for each container, that shells of before go on in it."""
        waiting = [one for one in await self.fleet.sessions.kept(ref) if not one.is_attached]
        if waiting:
            what = plural(len(waiting), "kept shell")
            self.say(f"{what} in {ref.name}: {self._leader_name} k")

    async def _ask_for_kept(self, ref: InstanceRef) -> None:
        """Let the user choose among the shells that are kept in a container."""
        kept = await self.fleet.sessions.kept(ref)
        options = [
            FileOption(id=str(place), words=_kept_words(one), note=_kept_note(one))
            for place, one in enumerate(kept)
        ]
        options.append(
            FileOption(id="", words="a new shell that is kept", note="inside tmux or screen")
        )
        title = f"Shells kept in {safe_text(ref.name)}"
        answer = await self.app.push_screen_wait(FileChoice(title, options, nothing=""))
        if answer is None:
            return
        chosen = ShellOptions(is_kept=True)
        if answer[1]:
            one = kept[int(answer[1])]
            chosen = ShellOptions(
                is_kept=True, kept_name=one.name, keeper=one.keeper, user=one.user
            )
        here = self._book.kept(ref, chosen.kept_name)
        if here is not None:
            # Attached twice, it would get twice what is typed into several at once.
            await self._show(here)
        else:
            await self._show(self._open(ref, SessionOrder(options=chosen)))


def _kept_words(kept: KeptSession) -> str:
    user = f" of {kept.user}" if kept.user else ""
    return safe_text(f"{kept.program or 'a shell'}{user}  {kept.name}")


def _kept_note(kept: KeptSession) -> str:
    return f"{kept.keeper}, {'somebody is attached' if kept.is_attached else 'waits'}"
